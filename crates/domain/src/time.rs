//! When things happen: whole seconds since 1970, UTC, and the two kinds of duration that must never meet.

use std::fmt;

/// Seconds in a day of 24 hours.
pub const DAY_SECONDS: i64 = 86_400;

/// A moment in whole seconds since 1970-01-01T00:00:00Z.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(i64);

/// A text that is not a time as [`Timestamp::parse`] reads it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a time: expected RFC 3339 with an offset, as in `2026-03-01T10:00:00Z`")]
pub struct NotATime(pub String);

impl Timestamp {
    /// The moment `seconds` after 1970-01-01T00:00:00Z.
    #[must_use]
    pub const fn from_seconds(seconds: i64) -> Self {
        Self(seconds)
    }

    /// Seconds since 1970-01-01T00:00:00Z.
    #[must_use]
    pub const fn seconds(self) -> i64 {
        self.0
    }

    /// The number of the UTC day that holds this moment, counted from 1970-01-01.
    #[must_use]
    pub const fn day(self) -> i64 {
        self.0.div_euclid(DAY_SECONDS)
    }

    /// Midnight UTC at the start of day `day`, counted from 1970-01-01; stops at the ends of what an integer can hold.
    #[must_use]
    pub const fn start_of_day(day: i64) -> Self {
        Self(day.saturating_mul(DAY_SECONDS))
    }

    /// This moment moved by `seconds`; stops at the ends of what an integer can hold.
    #[must_use]
    pub const fn plus(self, seconds: i64) -> Self {
        Self(self.0.saturating_add(seconds))
    }

    /// Seconds from `earlier` to this moment; negative when it lies after it.
    ///
    /// Exact between all moments a text can say (years 1 to 9999 are 3 · 10¹¹ seconds); stops at the ends of what an
    /// integer can hold.
    #[must_use]
    pub const fn since(self, earlier: Self) -> i64 {
        self.0.saturating_sub(earlier.0)
    }

    /// Reads `YYYY-MM-DDTHH:MM:SS`, an optional fraction (cut off), then `Z` or `±HH:MM`.
    ///
    /// A time without an offset is not a time: two readers would place it differently.
    ///
    /// # Errors
    /// [`NotATime`] for anything else, a date that no calendar has, or a second above 59.
    ///
    /// ```
    /// # use domain::time::Timestamp;
    /// assert_eq!(Timestamp::parse("1970-01-02T01:00:00.9+01:00").unwrap().seconds(), 86_400);
    /// assert!(Timestamp::parse("2026-03-01 10:00").is_err());
    /// ```
    pub fn parse(text: &str) -> Result<Self, NotATime> {
        read(text.as_bytes()).map(Self).ok_or_else(|| NotATime(text.to_owned()))
    }
}

/// Two ASCII digits at `from`.
#[expect(clippy::arithmetic_side_effects, reason = "two digits make at most 99, and places of a time are below 20")]
fn two(bytes: &[u8], from: usize) -> Option<i8> {
    let tens = bytes.get(from)?.checked_sub(b'0').filter(|digit| *digit < 10)?;
    let ones = bytes.get(from + 1)?.checked_sub(b'0').filter(|digit| *digit < 10)?;
    i8::try_from(tens * 10 + ones).ok()
}

#[expect(clippy::arithmetic_side_effects, reason = "four digits of a year and two of all else stay below 10¹² seconds")]
fn read(bytes: &[u8]) -> Option<i64> {
    let separators = [(4, b'-'), (7, b'-'), (10, b'T'), (13, b':'), (16, b':')];
    if separators.iter().any(|(place, sign)| bytes.get(*place) != Some(sign)) {
        return None;
    }
    let year = i16::from(two(bytes, 0)?) * 100 + i16::from(two(bytes, 2)?);
    if year == 0 {
        return None;
    }
    let date = jiff::civil::Date::new(year, two(bytes, 5)?, two(bytes, 8)?).ok()?;
    let (hour, minute, second) = (two(bytes, 11)?, two(bytes, 14)?, two(bytes, 17)?);
    if hour > 23 || minute > 59 || second > 59 {
        return None;
    }
    let offset = offset_seconds(after_fraction(bytes.get(19..)?)?)?;
    let days = date.duration_since(jiff::civil::date(1970, 1, 1)).as_secs();
    Some(days + clock_seconds(hour, minute) + i64::from(second) - offset)
}

/// What follows the optional fraction.
fn after_fraction(rest: &[u8]) -> Option<&[u8]> {
    let Some(digits) = rest.strip_prefix(b".") else {
        return Some(rest);
    };
    let count = digits.iter().take_while(|byte| byte.is_ascii_digit()).count();
    if count == 0 { None } else { digits.get(count..) }
}

fn offset_seconds(rest: &[u8]) -> Option<i64> {
    if rest == b"Z" {
        return Some(0);
    }
    let (hours, minutes) = (two(rest, 1)?, two(rest, 4)?);
    if rest.len() != 6 || rest.get(3) != Some(&b':') || hours > 23 || minutes > 59 {
        return None;
    }
    let ahead = clock_seconds(hours, minutes);
    match rest.first()? {
        b'+' => Some(ahead),
        b'-' => ahead.checked_neg(),
        _ => None,
    }
}

#[expect(clippy::arithmetic_side_effects, reason = "a byte of hours and one of minutes stay below 10⁶ seconds")]
fn clock_seconds(hours: i8, minutes: i8) -> i64 {
    i64::from(hours) * 3_600 + i64::from(minutes) * 60
}

impl fmt::Display for Timestamp {
    /// `YYYY-MM-DDTHH:MM:SSZ`; moments no calendar can write are shown as their seconds.
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match jiff::Timestamp::from_second(self.0) {
            Ok(moment) => write!(out, "{}", moment.strftime("%Y-%m-%dT%H:%M:%SZ")),
            Err(_) => write!(out, "{}s", self.0),
        }
    }
}

/// Seconds in which a weakness was believed to exist. It never pauses, so only two moments can make one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct WallClock(u64);

impl WallClock {
    /// `None` when `end` lies before `start`: a fault of the feed, never a duration of zero.
    #[must_use]
    pub fn between(start: Timestamp, end: Timestamp) -> Option<Self> {
        u64::try_from(end.since(start)).ok().map(Self)
    }

    /// The duration in seconds.
    #[must_use]
    pub const fn seconds(self) -> u64 {
        self.0
    }
}

/// Seconds the ticket tool counted: working time less pauses. It neither adds to nor compares with a [`WallClock`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SlaTime(pub i64);

#[cfg(test)]
mod tests {
    use super::*;

    fn seconds(text: &str) -> Option<i64> {
        Timestamp::parse(text).ok().map(Timestamp::seconds)
    }

    #[test]
    fn offsets_and_fractions_are_read_and_fractions_cut() {
        assert_eq!(seconds("1970-01-01T00:00:00Z"), Some(0));
        assert_eq!(seconds("1970-01-01T00:00:00.999999999Z"), Some(0));
        assert_eq!(seconds("1970-01-01T01:30:00+01:30"), Some(0));
        assert_eq!(seconds("1969-12-31T23:00:00-01:00"), Some(0));
        assert_eq!(seconds("2024-02-29T00:00:00Z"), Some(1_709_164_800));
    }

    #[test]
    fn whatever_two_readers_could_place_differently_is_refused() {
        for text in [
            "",
            "2026-03-01",
            "2026-03-01T10:00:00",
            "2026-03-01 10:00:00Z",
            "2026-03-01t10:00:00Z",
            "2026-03-01T10:00:00z",
            "2026-02-29T00:00:00Z",
            "2026-03-01T24:00:00Z",
            "2026-03-01T10:00:60Z",
            "2026-03-01T10:00:00.Z",
            "2026-03-01T10:00:00+1:00",
            "2026-03-01T10:00:00+24:00",
            "2026-03-01T10:00:00Zx",
            "0000-01-01T00:00:00Z",
            "２026-03-01T10:00:00Z",
        ] {
            assert_eq!(seconds(text), None, "{text}");
        }
    }

    #[test]
    fn the_longest_stretch_a_text_can_say_is_exact_and_beyond_it_nothing_overflows() {
        let (first, last) =
            (seconds("0001-01-01T00:00:00+23:59").unwrap(), seconds("9999-12-31T23:59:59-23:59").unwrap());
        // 3,652,059 days from the first day of year 1 to the last of year 9999, one of them less a second, and the offsets.
        assert_eq!(last - first, 3_652_059 * DAY_SECONDS - 1 + 2 * (24 * 3_600 - 60));
        let (first, last) = (Timestamp::from_seconds(first), Timestamp::from_seconds(last));
        assert_eq!((first.since(last), last.plus(first.since(last))), (-last.since(first), first));
        let (least, most) = (Timestamp::from_seconds(i64::MIN), Timestamp::from_seconds(i64::MAX));
        assert_eq!((most.since(least), least.since(most), most.plus(1)), (i64::MAX, i64::MIN, most));
        assert_eq!((Timestamp::start_of_day(i64::MAX), Timestamp::start_of_day(i64::MIN)), (most, least));
    }

    #[test]
    fn a_moment_prints_as_it_is_read() {
        let text = "2026-07-01T12:34:56Z";
        assert_eq!(Timestamp::parse(text).unwrap().to_string(), text);
    }

    #[test]
    fn a_wall_clock_cannot_run_backwards() {
        let (early, late) = (Timestamp::from_seconds(10), Timestamp::from_seconds(12));
        assert_eq!(WallClock::between(early, late).map(WallClock::seconds), Some(2));
        assert_eq!(WallClock::between(late, early), None);
    }
}
