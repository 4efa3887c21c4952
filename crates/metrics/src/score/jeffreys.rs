//! How far might a share be off that rests on independent answers? The Jeffreys interval, closed at 0 and n (methods.md
//! 5.1).

use crate::{answer::Interval, level::Level, real::real, share::Share, special::beta::quantile};

/// The ends of the interval of `share` at a confidence between 0 and 1: 0 to 1 where nobody was asked.
#[must_use]
pub fn ends(share: Share, confidence: f64) -> (f64, f64) {
    let (a, b) = (real(share.part()) + 0.5, real(share.of() - share.part()) + 0.5);
    let tail = (1.0 - confidence) / 2.0;
    let lower = if share.part() == 0 { 0.0 } else { quantile(tail, a, b) };
    let upper = if share.part() == share.of() { 1.0 } else { quantile(1.0 - tail, a, b) };
    (lower, upper)
}

/// The interval of a share of independent answers.
#[must_use]
pub fn interval(share: Share, level: Level) -> Interval<f64> {
    let (lower, upper) = ends(share, level.share());
    Interval::of_formula(Some(lower), Some(upper), level)
}

/// The wider of two intervals, end by end: shares of episodes, records and closures take Jeffreys and bootstrap. An end
/// the bootstrap could not reach is as far out as can be.
#[must_use]
pub fn wider(one: &Interval<f64>, bootstrap: &Interval<f64>) -> Interval<f64> {
    let further = |pick: fn(f64, f64) -> f64, own: Option<f64>, other: Option<f64>| Some(pick(own?, other?));
    Interval {
        lower: further(f64::min, one.lower, bootstrap.lower),
        upper: further(f64::max, one.upper, bootstrap.upper),
        level: bootstrap.level,
        batches: bootstrap.batches,
    }
}
