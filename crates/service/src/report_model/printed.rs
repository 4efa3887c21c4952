//! How is a number printed in a report? By the rules of the pages, so that page and PDF show the same text.

use domain::time::Timestamp;
use metrics::answer::{Answer, WhyNot};

/// Between thousands and before a per cent sign: never breaks a line.
const NARROW_SPACE: char = '\u{202f}';
const MINUS: char = '\u{2212}';
const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/// `4 203`
pub(super) fn count(value: u64) -> String {
    let digits = value.to_string();
    let mut text = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(NARROW_SPACE);
        }
        text.push(digit);
    }
    text
}

/// Days with one decimal below 100, none above: `97.6`, `1 204`.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "rounded days of an organisation are small and their sign is taken off before"
)]
pub(super) fn days(value: f64) -> String {
    let size = value.abs();
    let text = if (size * 10.0).round() < 1000.0 { format!("{size:.1}") } else { count(size.round() as u64) };
    let is_zero = text.chars().all(|letter| letter == '0' || letter == '.');
    if value < 0.0 && !is_zero { format!("{MINUS}{text}") } else { text }
}

/// A share with at most one decimal: `14.2 %`, `7 %`.
pub(super) fn share(value: f64) -> String {
    let text = format!("{:.1}", value * 100.0);
    format!("{}{NARROW_SPACE}%", text.strip_suffix(".0").unwrap_or(&text))
}

/// ` (12.9–15.7)`, or nothing without an interval.
pub(super) fn share_range(answer: &Answer<f64>) -> String {
    let ends = answer.interval().and_then(|range| range.lower.zip(range.upper));
    ends.map_or_else(String::new, |(lower, upper)| format!(" ({:.1}–{:.1})", lower * 100.0, upper * 100.0))
}

/// ` (181–209)`, ` (181 or more)`, or nothing without an interval.
pub(super) fn days_range(answer: &Answer<f64>) -> String {
    let Some(range) = answer.interval() else {
        return String::new();
    };
    match (range.lower, range.upper) {
        (Some(lower), Some(upper)) => format!(" ({}–{})", days(lower), days(upper)),
        (Some(lower), None) => format!(" ({} or more)", days(lower)),
        (None, _) => String::new(),
    }
}

/// Why there is no number, in the words that stand in its place.
pub(super) fn why_not(why: WhyNot) -> String {
    match why {
        WhyNot::TooFew { count: few, needed } => format!("too few ({} of {needed} needed)", count(few)),
        WhyNot::NotReached { observed_seconds } => {
            format!("not reached in {} days", days(metrics::real::days(observed_seconds)))
        }
        WhyNot::NoEvidence => "no evidence".to_owned(),
    }
}

/// A share with its interval, or why there is none.
pub(super) fn share_answer(answer: &Answer<f64>) -> String {
    match answer {
        Answer::Known { value, .. } => format!("{}{}", share(*value), share_range(answer)),
        Answer::Unknown(why) => why_not(*why),
    }
}

/// Days with their interval, or why there are none.
pub(super) fn days_answer(answer: &Answer<f64>) -> String {
    match answer {
        Answer::Known { value, .. } => format!("{}{}", days(*value), days_range(answer)),
        Answer::Unknown(why) => why_not(*why),
    }
}

/// `5 Nov 2025`, a day in UTC.
pub(super) fn date(moment: Timestamp) -> String {
    let text = moment.to_string();
    let field = |from, to| text.get(from..to).and_then(|digits| digits.parse::<usize>().ok());
    let name = field(5, 7).and_then(|month| MONTHS.get(month.checked_sub(1)?));
    match (field(0, 4), name, field(8, 10)) {
        (Some(year), Some(month), Some(day)) => format!("{day} {month} {year}"),
        (_, _, _) => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_printed_as_on_the_pages() {
        assert_eq!(count(4_203), "4\u{202f}203");
        assert_eq!(days(97.64), "97.6");
        assert_eq!(days(1_204.4), "1\u{202f}204");
        assert_eq!(days(-0.04), "0.0");
        assert_eq!(share(0.142), "14.2\u{202f}%");
        assert_eq!(share(0.07), "7\u{202f}%");
        assert_eq!(date(Timestamp::from_seconds(1_762_375_557)), "5 Nov 2025");
    }

    #[test]
    fn what_is_missing_says_why_and_is_never_zero() {
        assert_eq!(share_answer(&Answer::Unknown(WhyNot::NoEvidence)), "no evidence");
        assert_eq!(share_answer(&Answer::Unknown(WhyNot::TooFew { count: 4, needed: 10 })), "too few (4 of 10 needed)");
        assert_eq!(
            days_answer(&Answer::Unknown(WhyNot::NotReached { observed_seconds: 31_536_000 })),
            "not reached in 365 days"
        );
    }
}
