//! Which day does a number mean that Excel wrote for a date? It counts from 1900, and counts a day that never was.

use jiff::civil::{Date, Time, date};

/// What Excel takes for 29 February 1900.
const DAY_THAT_NEVER_WAS: i32 = 60;

/// The day before the first one, were it not for the one that never was.
const BEFORE_FIRST: Date = date(1899, 12, 30);

/// 31 December 9999.
const LAST_DAY: i32 = 2_958_465;

/// So many digits of a fraction tell the second; Excel writes fewer than twenty.
const FRACTION_DIGITS_MAX: usize = 18;

/// A number of days and the part of one, as in `46082.41667`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Serial<'a> {
    days: &'a str,
    fraction: &'a str,
}

impl<'a> Serial<'a> {
    /// The number a text is, if it is one that could count days: digits with a point or a comma among them.
    pub(super) fn of(text: &'a str) -> Option<Self> {
        let (days, fraction) = text.split_once(['.', ',']).unwrap_or((text, ""));
        let digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
        ((1..=7).contains(&days.len()) && digits(days) && digits(fraction)).then_some(Self { days, fraction })
    }

    /// The day it means, and the time; a whole number is a day of which no time is known.
    pub(super) fn day_and_time(self) -> Option<(Date, Option<Time>)> {
        let days: i32 = self.days.parse().ok()?;
        let seconds = self.seconds()?;
        // A fraction so close to a day that the next midnight is meant.
        let (days, seconds) = if seconds == 86_400 { (days.checked_add(1)?, 0) } else { (days, seconds) };
        let since = match days {
            1..DAY_THAT_NEVER_WAS => days.checked_add(1)?,
            _ if (1..=LAST_DAY).contains(&days) && days != DAY_THAT_NEVER_WAS => days,
            _ => return None,
        };
        let day = BEFORE_FIRST.checked_add(jiff::Span::new().try_days(since).ok()?).ok()?;
        let is_whole = self.fraction.bytes().all(|byte| byte == b'0');
        let time = Time::midnight().checked_add(jiff::Span::new().try_seconds(seconds).ok()?).ok()?;
        Some((day, (!is_whole).then_some(time)))
    }

    /// The seconds of its fraction, rounded as Excel shows them.
    fn seconds(self) -> Option<i64> {
        let digits = self.fraction.get(..self.fraction.len().min(FRACTION_DIGITS_MAX))?;
        let part: i128 = if digits.is_empty() { 0 } else { digits.parse().ok()? };
        let whole = 10_i128.checked_pow(u32::try_from(digits.len()).ok()?)?;
        let doubled = part.checked_mul(2 * 86_400)?.checked_add(whole)?;
        i64::try_from(doubled.checked_div(whole.checked_mul(2)?)?).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::foreign::{Settings, clock::Clock};

    /// The middle ones can be seen in any spreadsheet: 61 is 1900-03-01, 43831 is 2020-01-01.
    #[test]
    fn days_are_counted_from_1900_with_one_that_never_was() {
        for (text, day) in [
            ("0", None),
            ("1", Some(date(1900, 1, 1))),
            ("59", Some(date(1900, 2, 28))),
            ("60", None),
            ("61", Some(date(1900, 3, 1))),
            ("43831", Some(date(2020, 1, 1))),
            ("46082", Some(date(2026, 3, 1))),
            ("2958465", Some(date(9999, 12, 31))),
            ("2958466", None),
        ] {
            assert_eq!(Serial::of(text).unwrap().day_and_time(), day.map(|day| (day, None)), "{text}");
        }
    }

    #[test]
    fn a_fraction_is_a_time_to_the_second() {
        for (text, day, hour, minute, second) in [
            ("46082.5", 1, 12, 0, 0),
            ("46082,75", 1, 18, 0, 0),
            ("46082.41667", 1, 10, 0, 0),
            ("46082.416666666664", 1, 10, 0, 0),
            ("46082.00001157407", 1, 0, 0, 1),
            ("46082.999999", 2, 0, 0, 0),
        ] {
            let time = jiff::civil::time(hour, minute, second, 0);
            assert_eq!(Serial::of(text).unwrap().day_and_time(), Some((date(2026, 3, day), Some(time))), "{text}");
        }
        assert_eq!(Serial::of("46082.0").unwrap().day_and_time(), Some((date(2026, 3, 1), None)));
    }

    #[test]
    fn what_is_no_number_of_days_is_none() {
        for text in ["", ".5", "-1", "1e5", "46082.5 ", "20260301", "46082:5", "46,082.5", "4608２"] {
            assert_eq!(Serial::of(text), None, "{text}");
        }
    }

    #[test]
    fn a_column_of_days_is_read_only_where_a_person_said_so() {
        let zoned = Settings { zone: Some("Europe/Madrid".to_owned()), ..Settings::default() };
        let fault = Clock::of(&zoned).read("at", "46082.5").unwrap_err();
        assert!(fault.hint.as_deref().is_some_and(|hint| hint.contains("Excel")), "{fault:?}");
        let clock = Clock::of(&Settings { excel_dates: true, ..zoned });
        assert_eq!(clock.read("at", "46082.5").unwrap().at.to_string(), "2026-03-01T11:00:00Z");
        let day = clock.read("at", "46082").unwrap();
        assert_eq!(
            (day.at.to_string(), day.end().to_string()),
            ("2026-02-28T23:00:00Z".into(), "2026-03-01T22:59:59Z".into())
        );
        assert_eq!(clock.read("at", "2026-03-01 12:00").unwrap().at.to_string(), "2026-03-01T11:00:00Z");
        let unzoned = Clock::of(&Settings { excel_dates: true, ..Settings::default() });
        assert_eq!(unzoned.read("at", "46082.5").unwrap_err().reason, domain::quarantine::Reason::NaiveTime);
    }
}
