//! When is a given amount of working time over? Near enough to the built-in calendar to aim at a deadline.

use domain::{
    severity::Severity,
    time::{DAY_SECONDS, Timestamp},
};

/// The office is open from 08:00 to 18:00 on weekdays.
const OPEN: i64 = 8 * 3_600;
const CLOSE: i64 = 18 * 3_600;

/// Working seconds the tool allows, as the built-in policy has them.
pub(super) const fn target_seconds(severity: Severity) -> i64 {
    match severity {
        Severity::Critical => 604_800,
        Severity::High => 720_000,
        Severity::Medium => 1_440_000,
        Severity::Low => 2_160_000,
    }
}

/// The moment at which the tool's clock of this severity has counted `seconds` since `from`.
pub(super) fn after(severity: Severity, from: Timestamp, seconds: i64) -> Timestamp {
    if severity == Severity::Critical {
        return from.plus(seconds);
    }
    let mut left = seconds;
    let mut day = from.day();
    let mut since = from.since(Timestamp::start_of_day(day));
    loop {
        if is_weekday(day) {
            let begin = since.max(OPEN);
            let open = (CLOSE - begin).max(0);
            if left <= open {
                return Timestamp::start_of_day(day).plus(begin + left);
            }
            left -= open;
        }
        day += 1;
        since = 0;
    }
}

/// What the tool's clock of this severity counts between two moments.
pub(super) fn counted(severity: Severity, from: Timestamp, to: Timestamp) -> i64 {
    if severity == Severity::Critical {
        return to.since(from).max(0);
    }
    let open_on = |day: i64| {
        let midnight = Timestamp::start_of_day(day);
        let (begin, end) = (from.since(midnight).max(OPEN), to.since(midnight).min(CLOSE));
        if is_weekday(day) { (end - begin).max(0) } else { 0 }
    };
    (from.day()..=to.day()).map(open_on).sum()
}

/// The next moment at which somebody is in the office.
pub(super) fn next_open(from: Timestamp) -> Timestamp {
    after(Severity::Low, from, 0)
}

/// 1970-01-01 was a Thursday.
const fn is_weekday(day: i64) -> bool {
    (day + 3).rem_euclid(7) < 5
}

/// The next Saturday evening after a moment: when many things are changed at once.
pub(super) const fn next_window(from: Timestamp) -> Timestamp {
    let to_saturday = (5 - (from.day() + 3).rem_euclid(7)).rem_euclid(7);
    Timestamp::start_of_day(from.day() + to_saturday).plus(22 * 3_600)
}

/// Seconds of whole days.
pub(super) const fn days(days: i64) -> i64 {
    days * DAY_SECONDS
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        Timestamp::parse(text).unwrap()
    }

    #[test]
    fn working_time_skips_nights_and_weekends() {
        let friday = at("2026-01-09T17:00:00Z");
        assert_eq!(after(Severity::Low, friday, 3_600), at("2026-01-09T18:00:00Z"));
        assert_eq!(after(Severity::Low, friday, 7_200), at("2026-01-12T09:00:00Z"));
        assert_eq!(after(Severity::Critical, friday, 7_200), at("2026-01-09T19:00:00Z"));
        assert_eq!(counted(Severity::Low, friday, at("2026-01-12T09:00:00Z")), 7_200);
        assert_eq!(counted(Severity::Low, friday, at("2026-01-10T09:00:00Z")), 3_600);
        assert_eq!(next_open(at("2026-01-10T03:00:00Z")), at("2026-01-12T08:00:00Z"));
    }
}
