//! What do the parts of a written time say: its zone, its offset, its hour, its month, its unit?

use jiff::{civil::Time, tz::Offset};

/// What a number of time counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Unit {
    Seconds,
    Milliseconds,
    Microseconds,
    Nanoseconds,
}

impl Unit {
    /// The unit of a number by its size: seconds until the year 5138, and so on.
    pub(super) const fn of(number: i64) -> Self {
        match number.unsigned_abs() {
            0..100_000_000_000 => Self::Seconds,
            100_000_000_000..100_000_000_000_000 => Self::Milliseconds,
            100_000_000_000_000..100_000_000_000_000_000 => Self::Microseconds,
            _ => Self::Nanoseconds,
        }
    }

    pub(super) const fn per_second(self) -> i64 {
        match self {
            Self::Seconds => 1,
            Self::Milliseconds => 1_000,
            Self::Microseconds => 1_000_000,
            Self::Nanoseconds => 1_000_000_000,
        }
    }
}

/// Cuts off the name of a zone, as in `2025-04-03 20:20:00.43042 +0000 CET`.
pub(super) fn without_zone_name(text: &str) -> (&str, Option<&str>) {
    if let Some(rest) = text.strip_suffix(['Z', 'z']).filter(|rest| rest.ends_with(|sign: char| sign.is_ascii_digit()))
    {
        return (rest, Some("Z"));
    }
    match text.rsplit_once(' ') {
        Some((rest, name))
            if name.len() >= 2
                && name.bytes().all(|byte| byte.is_ascii_uppercase())
                && !matches!(name, "AM" | "PM") =>
        {
            (rest.trim_end(), Some(name))
        }
        _ => (text, None),
    }
}

/// Whether a zone of that name can have that offset: only names that are always the same can contradict it.
pub(super) fn fits(name: &str, offset: Offset) -> bool {
    let hours = match name {
        "UTC" | "GMT" | "Z" | "WET" => 0,
        "CET" | "BST" | "WEST" => 1,
        "CEST" | "EET" => 2,
        "EST" | "CDT" => -5,
        "EDT" => -4,
        "CST" | "MDT" => -6,
        "MST" | "PDT" => -7,
        "PST" => -8,
        _ => return true,
    };
    offset == Offset::constant(hours)
}

/// Cuts off `+01:00` or `+0100`; the flag says that the colon is missing.
pub(super) fn cut_offset(clock: &str) -> (&str, Option<Offset>, bool) {
    let Some((time, sign)) = clock.rfind(['+', '-']).and_then(|at| clock.split_at_checked(at)) else {
        return (clock, None, false);
    };
    let digits: String = sign.chars().filter(char::is_ascii_digit).collect();
    let (Some(hours), Some(minutes)) = (digits.get(..2), digits.get(2..4)) else { return (clock, None, false) };
    let (Ok(hours), Ok(minutes)) = (hours.parse::<i32>(), minutes.parse::<i32>()) else { return (clock, None, false) };
    let seconds = hours.saturating_mul(3_600).saturating_add(minutes.saturating_mul(60));
    let seconds = if sign.starts_with('-') { seconds.saturating_neg() } else { seconds };
    match Offset::from_seconds(seconds) {
        Ok(offset) if digits.len() == 4 => (time, Some(offset), !sign.contains(':')),
        _ => (clock, None, false),
    }
}

/// `13:04`, `13:04:05.678`, `1:04 PM`.
pub(super) fn time_of(clock: &str) -> Option<Time> {
    let clock = clock.trim();
    let half = |suffix: &str| {
        let cut = clock.len().checked_sub(suffix.len())?;
        let (time, tail) = clock.split_at_checked(cut)?;
        tail.eq_ignore_ascii_case(suffix).then(|| time.trim_end())
    };
    let (time, after_noon) = match (half("AM"), half("PM")) {
        (Some(time), _) => (time, Some(false)),
        (None, Some(time)) => (time, Some(true)),
        (None, None) => (clock, None),
    };
    let whole = time.split(['.', ',']).next()?;
    let mut parts = whole.split(':').map(|part| part.trim().parse::<i8>().ok());
    let (hour, minute) = (parts.next()??, parts.next()??);
    let second = parts.next().unwrap_or(Some(0))?;
    let hour = match after_noon {
        None => hour,
        Some(_) if !(1..=12).contains(&hour) => return None,
        Some(false) => hour % 12,
        Some(true) => (hour % 12).checked_add(12)?,
    };
    if parts.next().is_some() { None } else { Time::new(hour, minute, second, 0).ok() }
}

/// The number of a month by the first three letters of its English name.
pub(super) fn month_of(word: &str) -> Option<i8> {
    const NAMES: [&str; 12] = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
    let start = word.get(..3)?.to_ascii_lowercase();
    let place = NAMES.iter().position(|name| *name == start)?;
    i8::try_from(place.saturating_add(1)).ok()
}
