//! How do integers become numbers one can divide? Here and nowhere else, so that nothing is lost unseen.

use domain::time::DAY_SECONDS;

/// Counts stay far below 2^53, so nothing is lost.
#[expect(clippy::cast_precision_loss, reason = "counts stay below 2^53")]
#[must_use]
pub const fn real(count: u64) -> f64 {
    count as f64
}

/// Seconds, and sums of seconds over all items, stay far below 2^53, so nothing is lost.
#[expect(clippy::cast_precision_loss, reason = "sums of seconds stay below 2^53")]
#[must_use]
pub const fn whole(seconds: i64) -> f64 {
    seconds as f64
}

/// Seconds as days of 24 hours.
#[must_use]
pub fn days(seconds: i64) -> f64 {
    whole(seconds) / whole(DAY_SECONDS)
}

/// How many there are, as the type counts are kept in.
#[must_use]
pub fn count_of(length: usize) -> u64 {
    u64::try_from(length).unwrap_or(u64::MAX)
}

/// `part / of`, or nothing where there is nobody.
#[must_use]
pub fn ratio(part: u64, of: u64) -> Option<f64> {
    (of > 0).then(|| real(part) / real(of))
}

/// The mean of seconds in days, or nothing where there is nobody.
#[must_use]
pub fn mean_days(total_seconds: i64, count: u64) -> Option<f64> {
    (count > 0).then(|| days(total_seconds) / real(count))
}
