//! Working seconds in a zone: days have 23, 24, 24.5 or 25 hours when they must.

use crate::{
    policy::{BadPolicy, Clock, Hours, PerSeverity, Policy, Target},
    severity::Severity,
    time::Timestamp,
};
use jiff::{
    civil::{Date, DateTime, date},
    tz::{AmbiguousOffset, TimeZone},
};

/// Opening intervals are laid out between these years; outside them no second is a working second.
const FIRST_YEAR: i16 = 2000;
const LAST_YEAR: i16 = 2037;

/// Opening intervals with running sums, so that any stretch costs two binary searches.
#[derive(Clone, Debug)]
pub struct Calendar {
    targets: PerSeverity<Target>,
    intervals: Vec<Interval>,
}

#[derive(Clone, Copy, Debug)]
struct Interval {
    open: i64,
    close: i64,
    /// Working seconds before this interval.
    before: i64,
}

/// A clock change can make a local time happen twice; an opening takes the first, a closing the last.
#[derive(Clone, Copy)]
enum Which {
    First,
    Last,
}

impl Calendar {
    /// Lays out the opening hours of a policy.
    ///
    /// # Errors
    /// [`BadPolicy`] when the zone is unknown or a time, weekday or date cannot be read.
    pub fn of(policy: &Policy) -> Result<Self, BadPolicy> {
        Ok(Self { targets: policy.targets, intervals: lay_out(&policy.hours)? })
    }

    /// Seconds of `[from, to)` that the clock of this severity counts; 0 when `to` is not after `from`.
    #[must_use]
    pub fn working_seconds(&self, severity: Severity, from: Timestamp, to: Timestamp) -> i64 {
        if to <= from {
            return 0;
        }
        match self.targets.get(severity).clock {
            Clock::Always => to.since(from),
            Clock::Business => self.up_to(to).saturating_sub(self.up_to(from)),
        }
    }

    /// The stretches of `[from, to)` that the clock of this severity counts, in order.
    #[must_use]
    pub fn working_spans(&self, severity: Severity, from: Timestamp, to: Timestamp) -> Vec<(Timestamp, Timestamp)> {
        if to <= from {
            return Vec::new();
        }
        if self.targets.get(severity).clock == Clock::Always {
            return vec![(from, to)];
        }
        let first = self.intervals.partition_point(|interval| interval.close <= from.seconds());
        let inside = self.intervals.iter().skip(first).take_while(|interval| interval.open < to.seconds());
        inside
            .map(|interval| {
                let open = Timestamp::from_seconds(interval.open).max(from);
                (open, Timestamp::from_seconds(interval.close).min(to))
            })
            .collect()
    }

    fn up_to(&self, moment: Timestamp) -> i64 {
        let moment = moment.seconds();
        let count = self.intervals.partition_point(|interval| interval.open < moment);
        match count.checked_sub(1).and_then(|last| self.intervals.get(last)) {
            Some(interval) => interval.before.saturating_add(moment.min(interval.close).saturating_sub(interval.open)),
            None => 0,
        }
    }
}

fn lay_out(hours: &Hours) -> Result<Vec<Interval>, BadPolicy> {
    let zone =
        TimeZone::get(&hours.zone).map_err(|_| BadPolicy(format!("calendar.zone `{}` is unknown", hours.zone)))?;
    let (open, close) = (time_of_day(&hours.open)?, time_of_day(&hours.close)?);
    if hours.weekdays.iter().any(|weekday| *weekday > 6) {
        return Err(BadPolicy("calendar.weekdays: expected 0 (Monday) to 6".to_owned()));
    }
    let holidays = hours.holidays.iter().map(|text| read_date(text)).collect::<Result<Vec<_>, _>>()?;
    let mut intervals: Vec<Interval> = Vec::new();
    let mut total = 0;
    for day in date(FIRST_YEAR, 1, 1).series(jiff::Span::new().days(1)).take_while(|day| day.year() <= LAST_YEAR) {
        let weekday = u8::try_from(day.weekday().to_monday_zero_offset()).unwrap_or(u8::MAX);
        if !hours.weekdays.contains(&weekday) || holidays.contains(&day) {
            continue;
        }
        let previous_close = intervals.last().map_or(i64::MIN, |interval| interval.close);
        let opening = instant(&zone, day, open, Which::First)?.max(previous_close);
        let closing = instant(&zone, day, close, Which::Last)?;
        if closing > opening {
            intervals.push(Interval { open: opening, close: closing, before: total });
            total = closing.saturating_sub(opening).saturating_add(total);
        }
    }
    Ok(intervals)
}

/// Minutes after midnight; 1440 is the next midnight.
fn time_of_day(text: &str) -> Result<i16, BadPolicy> {
    let bad = || BadPolicy(format!("calendar: `{text}` is not a time of day, expected HH:MM up to 24:00"));
    let (hours, minutes) = text.split_once(':').ok_or_else(bad)?;
    if hours.len() != 2 || minutes.len() != 2 || !text.bytes().all(|byte| byte.is_ascii_digit() || byte == b':') {
        return Err(bad());
    }
    let (hours, minutes): (i16, i16) = (hours.parse().map_err(|_| bad())?, minutes.parse().map_err(|_| bad())?);
    let after_midnight = hours.checked_mul(60).and_then(|whole| whole.checked_add(minutes)).ok_or_else(bad)?;
    if minutes > 59 || after_midnight > 24 * 60 { Err(bad()) } else { Ok(after_midnight) }
}

fn read_date(text: &str) -> Result<Date, BadPolicy> {
    text.parse().map_err(|_| BadPolicy(format!("calendar.holidays: `{text}` is not a date, expected YYYY-MM-DD")))
}

fn instant(zone: &TimeZone, day: Date, minutes: i16, which: Which) -> Result<i64, BadPolicy> {
    let outside = |_| BadPolicy("calendar: a local time lies outside what can be computed".to_owned());
    let day = if minutes == 24 * 60 { day.tomorrow().map_err(outside)? } else { day };
    let minutes = minutes % (24 * 60);
    let (hour, minute) = (i8::try_from(minutes / 60).unwrap_or(0), i8::try_from(minutes % 60).unwrap_or(0));
    let local: DateTime = day.at(hour, minute, 0, 0);
    let offset = match (zone.to_ambiguous_timestamp(local).offset(), which) {
        (AmbiguousOffset::Unambiguous { offset }, _) => offset,
        (AmbiguousOffset::Fold { before, .. }, Which::First) => before,
        (AmbiguousOffset::Fold { after, .. }, Which::Last) => after,
        (AmbiguousOffset::Gap { before, .. }, _) => {
            // A skipped local time stands for the instant of the change, the last one not after its old-offset reading.
            let reading = before.to_timestamp(local).map_err(outside)?;
            let just_after = reading.checked_add(jiff::Span::new().seconds(1)).map_err(outside)?;
            return Ok(zone.preceding(just_after).next().map_or(reading, |change| change.timestamp()).as_second());
        }
    };
    Ok(offset.to_timestamp(local).map_err(outside)?.as_second())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Working seconds of one severity-high day under the given hours.
    fn seconds(zone: &str, open: &str, close: &str, from: &str, to: &str) -> i64 {
        let json = format!(
            r#"{{"calendar":{{"zone":"{zone}","open":"{open}","close":"{close}","weekdays":[0,1,2,3,4,5,6],"holidays":[]}}}}"#
        );
        let policy = Policy::with_overrides(&json).unwrap();
        let moment = |text: &str| Timestamp::parse(text).unwrap();
        Calendar::of(&policy).unwrap().working_seconds(Severity::High, moment(from), moment(to))
    }

    #[test]
    fn days_have_as_many_hours_as_the_local_clock_gives_them() {
        let day = |zone, from, to| seconds(zone, "00:00", "24:00", from, to) / 1_800;
        assert_eq!(day("Europe/London", "2025-03-30T00:00:00Z", "2025-03-30T23:00:00Z"), 46, "23 hours");
        assert_eq!(day("Europe/London", "2025-10-25T23:00:00Z", "2025-10-27T00:00:00Z"), 50, "25 hours");
        assert_eq!(day("Australia/Lord_Howe", "2025-10-04T13:30:00Z", "2025-10-05T13:00:00Z"), 47, "23.5 hours");
    }

    #[test]
    fn an_opening_that_the_clock_skips_is_the_instant_of_the_change() {
        // 01:30 does not exist on 30 March 2025 in London: the clock goes from 01:00 to 02:00 at 01:00 UTC.
        assert_eq!(seconds("Europe/London", "01:30", "03:00", "2025-03-30T00:00:00Z", "2025-03-30T12:00:00Z"), 3_600);
    }

    #[test]
    fn an_opening_takes_the_first_and_a_closing_the_last_of_a_doubled_time() {
        // 01:30 happens twice on 26 October 2025 in London, at 00:30 and at 01:30 UTC.
        assert_eq!(seconds("Europe/London", "01:30", "03:00", "2025-10-25T23:00:00Z", "2025-10-26T23:00:00Z"), 9_000);
        assert_eq!(seconds("Europe/London", "00:00", "01:30", "2025-10-25T23:00:00Z", "2025-10-26T23:00:00Z"), 9_000);
    }

    #[test]
    fn nothing_is_worked_backwards_or_outside_the_laid_out_years() {
        assert_eq!(seconds("UTC", "00:00", "24:00", "2025-01-02T00:00:00Z", "2025-01-01T00:00:00Z"), 0);
        assert_eq!(seconds("UTC", "00:00", "24:00", "1990-01-01T00:00:00Z", "1999-12-31T00:00:00Z"), 0);
    }

    #[test]
    fn what_cannot_be_read_is_named() {
        for (zone, open) in [("Europe/Nowhere", "08:00"), ("UTC", "8:00"), ("UTC", "24:01"), ("UTC", "08:60")] {
            let json = format!(
                r#"{{"calendar":{{"zone":"{zone}","open":"{open}","close":"18:00","weekdays":[0],"holidays":[]}}}}"#
            );
            assert!(Calendar::of(&Policy::with_overrides(&json).unwrap()).is_err(), "{zone} {open}");
        }
    }
}
