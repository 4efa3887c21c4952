//! How is a number written? One rule for each sort of number, so that two pages never print it differently.
//!
//! Thousands are set apart by a narrow no-break space, a minus is U+2212, ranges use an en dash, and times are
//! absolute with their zone.

use domain::time::{DAY_SECONDS, Timestamp};

/// Between thousands, and between a number and its per cent sign: never breaks a line.
const NARROW_SPACE: char = '\u{202f}';
const MINUS: char = '\u{2212}';

/// A count: `4 203`.
#[must_use]
pub fn count(value: u64) -> String {
    grouped(&value.to_string())
}

/// `1 item`, `2 309 items`.
#[must_use]
pub fn counted(value: u64, one: &str, many: &str) -> String {
    format!("{} {}", count(value), if value == 1 { one } else { many })
}

/// Days as a bare number: one decimal below 100, none above.
#[must_use]
pub fn days(value: f64) -> String {
    if (value.abs() * 10.0).round() < 1000.0 {
        signed_text(value, &format!("{:.1}", value.abs()))
    } else {
        signed_text(value, &grouped(&format!("{:.0}", value.abs())))
    }
}

/// Days as a promise names them: `7`, `47.9`.
#[must_use]
pub fn promised_days(value: f64) -> String {
    let text = days(value);
    text.strip_suffix(".0").map_or_else(|| text.clone(), str::to_owned)
}

/// `97.6 days`.
#[must_use]
pub fn days_in_words(value: f64) -> String {
    format!("{} days", days(value))
}

/// A share of 0 to 1 as per cent with at most one decimal: `14.2 %`, `7 %`.
#[must_use]
pub fn share(value: f64) -> String {
    format!("{}{NARROW_SPACE}%", percent_number(value))
}

/// The interval of a share, without its sign: `12.9–15.7`.
#[must_use]
pub fn share_interval(low: f64, high: f64) -> String {
    format!("{:.1}–{:.1}", low * 100.0, high * 100.0)
}

/// The interval of a number of days: `181–209`.
#[must_use]
pub fn days_interval(low: f64, high: Option<f64>) -> String {
    high.map_or_else(|| format!("{} or more", days(low)), |high| format!("{}–{}", days(low), days(high)))
}

/// A difference with its sign: `+6.3`, `−30.4`.
#[must_use]
pub fn signed(value: f64) -> String {
    let text = format!("{:.1}", value.abs());
    if text == "0.0" {
        return text;
    }
    let sign = if value < 0.0 { MINUS } else { '+' };
    format!("{sign}{}", grouped(&text))
}

/// `5 Nov 2025, 20:45:57 UTC`.
#[must_use]
pub fn time(moment: Timestamp) -> String {
    parts(moment).map_or_else(|| moment.to_string(), |(date, clock)| format!("{date}, {clock} UTC"))
}

/// `5 Nov 2025, 20:45 UTC`, where a second says nothing.
#[must_use]
pub fn minute(moment: Timestamp) -> String {
    parts(moment)
        .map_or_else(|| moment.to_string(), |(date, clock)| format!("{date}, {} UTC", clock.get(..5).unwrap_or(&clock)))
}

/// `5 Nov 2025`, a day in UTC.
#[must_use]
pub fn date(moment: Timestamp) -> String {
    parts(moment).map_or_else(|| moment.to_string(), |(date, _)| date)
}

/// `Nov 2025`, a month in UTC.
#[must_use]
pub fn month(moment: Timestamp) -> String {
    let date = date(moment);
    date.split_once(' ').map_or_else(|| date.clone(), |(_, month)| month.to_owned())
}

/// A span in its two largest units: `9 days 18 h`, `1 h 2 min`, `18 min`.
#[must_use]
pub fn span(seconds: u64) -> String {
    let (minutes, hours, days) = (seconds / 60, seconds / 3_600, seconds / DAY_SECONDS.unsigned_abs());
    let of_day = |days: u64| {
        if days == 1 { "1 day".to_owned() } else { format!("{} days", count(days)) }
    };
    match (days, hours, minutes) {
        (0, 0, 0) => format!("{seconds} s"),
        (0, 0, minutes) => format!("{minutes} min"),
        (0, hours, minutes) => format!("{hours} h {} min", minutes % 60),
        (days, _, _) if days >= 100 => of_day(days),
        (days, hours, _) => format!("{} {} h", of_day(days), hours % 24),
    }
}

/// Bytes in the unit a person would say: `8.3 MB`.
#[must_use]
pub fn bytes(value: u64) -> String {
    let tenths = |unit: u64| format!("{}.{}", value / unit, value % unit * 10 / unit);
    match value {
        0..1_000 => format!("{value} bytes"),
        1_000..1_000_000 => format!("{} kB", tenths(1_000)),
        1_000_000..1_000_000_000 => format!("{} MB", tenths(1_000_000)),
        _ => format!("{} GB", tenths(1_000_000_000)),
    }
}

/// Control and direction characters of a foreign text become visible, so that no name can rearrange the line it stands in.
#[must_use]
pub fn visible(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for letter in text.chars() {
        if letter.is_control() || is_direction(letter) {
            shown.push_str(&format!("\\u{{{:x}}}", u32::from(letter)));
        } else {
            shown.push(letter);
        }
    }
    shown
}

const fn is_direction(letter: char) -> bool {
    matches!(letter, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{061c}' | '\u{feff}')
}

/// A sentence with its first letter raised.
#[must_use]
pub fn capitalised(words: &str) -> String {
    let mut letters = words.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// A heading whose hyphens neither break nor take the width of a digit.
#[must_use]
pub fn heading(words: String) -> String {
    if words.contains('-') { words.replace('-', "\u{2011}") } else { words }
}

fn percent_number(value: f64) -> String {
    let text = format!("{:.1}", (value * 100.0).abs());
    let text = text.strip_suffix(".0").map_or_else(|| text.clone(), str::to_owned);
    signed_text(value, &text)
}

/// A minus only before what is not printed as zero.
fn signed_text(value: f64, positive: &str) -> String {
    let is_zero = positive.chars().all(|letter| letter == '0' || letter == '.');
    if value < 0.0 && !is_zero { format!("{MINUS}{positive}") } else { positive.to_owned() }
}

fn grouped(digits: &str) -> String {
    let (whole, fraction) = digits.split_once('.').map_or((digits, None), |(whole, rest)| (whole, Some(rest)));
    let mut text = String::new();
    for (place, digit) in whole.chars().enumerate() {
        if place > 0 && (whole.len() - place).is_multiple_of(3) {
            text.push(NARROW_SPACE);
        }
        text.push(digit);
    }
    if let Some(fraction) = fraction {
        text.push('.');
        text.push_str(fraction);
    }
    text
}

/// Date and clock of a moment that a calendar can write.
fn parts(moment: Timestamp) -> Option<(String, String)> {
    const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let text = moment.to_string();
    let (date, clock) = text.strip_suffix('Z')?.split_once('T')?;
    let mut fields = date.rsplitn(3, '-');
    let day: u8 = fields.next()?.parse().ok()?;
    let month: usize = fields.next()?.parse().ok()?;
    let year = fields.next()?;
    let name = MONTHS.get(month.checked_sub(1)?)?;
    Some((format!("{day} {name} {year}"), clock.to_owned()))
}

/// The text between the tags of a `textarea`. Leptos takes what stands there for markup of ours and escapes nothing, so a line
/// that holds `</textarea>` would end it and go on as a page.
#[must_use]
pub fn in_textarea(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_set_thousands_apart_and_short_ones_are_left_alone() {
        assert_eq!(count(999), "999");
        assert_eq!(count(4_203), "4\u{202f}203");
        assert_eq!(count(12_345_678), "12\u{202f}345\u{202f}678");
        assert_eq!(counted(1, "item", "items"), "1 item");
    }

    #[test]
    fn days_have_one_decimal_below_a_hundred_and_none_above() {
        assert_eq!(days(6.66), "6.7");
        assert_eq!(days(99.94), "99.9");
        assert_eq!(days(99.95), "100");
        assert_eq!(days(1_234.4), "1\u{202f}234");
        assert_eq!(days(-0.04), "0.0");
        assert_eq!(days(-3.72), "\u{2212}3.7");
        assert_eq!(promised_days(7.0), "7");
        assert_eq!(promised_days(47.9), "47.9");
    }

    #[test]
    fn shares_have_at_most_one_decimal() {
        assert_eq!(share(0.1416), "14.2\u{202f}%");
        assert_eq!(share(0.07), "7\u{202f}%");
        assert_eq!(share(1.0), "100\u{202f}%");
        assert_eq!(share_interval(0.129, 0.157), "12.9–15.7");
    }

    #[test]
    fn a_difference_always_shows_its_sign_unless_it_is_nothing() {
        assert_eq!(signed(6.31), "+6.3");
        assert_eq!(signed(-30.4), "\u{2212}30.4");
        assert_eq!(signed(-0.01), "0.0");
    }

    #[test]
    fn an_interval_without_an_upper_end_says_so() {
        assert_eq!(days_interval(181.0, Some(209.0)), "181–209");
        assert_eq!(days_interval(181.0, None), "181 or more");
    }

    #[test]
    fn times_are_absolute_and_carry_their_zone() {
        let moment = Timestamp::parse("2025-11-05T20:45:57Z").unwrap();
        assert_eq!(time(moment), "5 Nov 2025, 20:45:57 UTC");
        assert_eq!(minute(moment), "5 Nov 2025, 20:45 UTC");
        assert_eq!(date(moment), "5 Nov 2025");
        assert_eq!(month(moment), "Nov 2025");
    }

    #[test]
    fn a_moment_no_calendar_can_write_is_still_shown() {
        assert!(!time(Timestamp::from_seconds(i64::MAX)).is_empty());
    }

    #[test]
    fn spans_name_their_two_largest_units() {
        assert_eq!(span(40), "40 s");
        assert_eq!(span(18 * 60), "18 min");
        assert_eq!(span(3_720), "1 h 2 min");
        assert_eq!(span(9 * 86_400 + 18 * 3_600), "9 days 18 h");
        assert_eq!(span(86_400), "1 day 0 h");
    }

    #[test]
    fn bytes_are_said_in_the_unit_a_person_would_use() {
        assert_eq!(bytes(12), "12 bytes");
        assert_eq!(bytes(8_300_000), "8.3 MB");
        assert_eq!(bytes(2_147_483_648), "2.1 GB");
    }

    #[test]
    fn a_heading_never_breaks_between_a_number_and_its_unit() {
        assert_eq!(heading("inside its 7-day promise".to_owned()), "inside its 7\u{2011}day promise");
        assert_eq!(heading("14.2 (12.9–15.7)".to_owned()), "14.2 (12.9–15.7)");
    }

    #[test]
    fn a_foreign_name_cannot_turn_the_direction_of_its_line() {
        assert_eq!(visible("a\u{202e}b\u{7}"), "a\\u{202e}b\\u{7}");
        assert_eq!(visible("Zoë 監査"), "Zoë 監査");
    }
}
