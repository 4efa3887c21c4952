//! Which day is it? A day of the calendar in UTC, as registers and catalogues write it.

use crate::time::{DAY_SECONDS, Timestamp};
use std::{fmt, str::FromStr};

/// A day, counted from 1970-01-01.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Day(i64);

/// A text that is no day.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a day: expected one as in `2026-03-01`")]
pub struct NotADay(pub String);

impl Day {
    /// The day with that number.
    #[must_use]
    pub const fn from_number(number: i64) -> Self {
        Self(number)
    }

    /// Days since 1970-01-01.
    #[must_use]
    pub const fn number(self) -> i64 {
        self.0
    }

    /// The day that holds a moment.
    #[must_use]
    pub const fn of(moment: Timestamp) -> Self {
        Self(moment.day())
    }

    /// Its first second.
    #[must_use]
    pub const fn start(self) -> Timestamp {
        Timestamp::start_of_day(self.0)
    }

    /// Its last second.
    #[must_use]
    pub const fn end(self) -> Timestamp {
        self.start().plus(DAY_SECONDS.saturating_sub(1))
    }

    /// The day so many days later.
    #[must_use]
    pub const fn plus(self, days: i64) -> Self {
        Self(self.0.saturating_add(days))
    }
}

impl FromStr for Day {
    type Err = NotADay;

    /// Reads `YYYY-MM-DD`, and nothing else.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let midnight = (text.len() == 10).then(|| Timestamp::parse(&format!("{text}T00:00:00Z")));
        match midnight {
            Some(Ok(midnight)) => Ok(Self::of(midnight)),
            Some(Err(_)) | None => Err(NotADay(text.to_owned())),
        }
    }
}

impl fmt::Display for Day {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = self.start().to_string();
        out.write_str(text.get(..10).unwrap_or(&text))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_reads_as_it_is_written_and_lasts_until_its_last_second() {
        let day: Day = "2026-02-28".parse().unwrap();
        assert_eq!((day.to_string().as_str(), day.plus(1).to_string().as_str()), ("2026-02-28", "2026-03-01"));
        assert_eq!(day.end().to_string(), "2026-02-28T23:59:59Z");
        assert_eq!((Day::of(day.end()), Day::from_number(day.number())), (day, day));
        for text in ["2026-02-30", "28.02.2026", "2026-02-28T00:00:00Z", "", "2026-2-28"] {
            assert!(text.parse::<Day>().is_err(), "{text}");
        }
    }
}
