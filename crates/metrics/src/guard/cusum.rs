//! Has a weekly figure dropped for good? A one-sided CUSUM: small shortfalls add up until they are no chance any more
//! (methods.md 4, G1).

use crate::real::{count_of, real};

/// Weeks the figure is compared with.
pub const BASELINE_WEEKS: usize = 26;
/// Shortfalls below this many standard deviations are let pass.
const SLACK: f64 = 0.5;
/// So many standard deviations of summed shortfall raise the alarm.
const ALARM: f64 = 5.0;

/// What the sum of shortfalls says.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Drop {
    /// Mean of the baseline.
    pub mean: f64,
    /// Its standard deviation.
    pub deviation: f64,
    /// Summed shortfall after the last week, in standard deviations.
    pub shortfall: f64,
    /// The first week after the baseline, counted from 0, at which the alarm was raised.
    pub alarm_in_week: Option<u64>,
}

/// Reads a weekly figure, oldest first; `None` before the baseline is full, or where it never varied.
#[must_use]
pub fn drop_in(weeks: &[f64]) -> Option<Drop> {
    let (baseline, later) = weeks.split_at_checked(BASELINE_WEEKS)?;
    let count = real(count_of(baseline.len()));
    let mean = baseline.iter().sum::<f64>() / count;
    let squares: f64 = baseline.iter().map(|week| (week - mean) * (week - mean)).sum();
    let deviation = (squares / (count - 1.0)).sqrt();
    if deviation <= 0.0 {
        return None;
    }
    let (mut shortfall, mut alarm_in_week) = (0.0_f64, None);
    for (week, value) in (0..).zip(later) {
        shortfall = (shortfall + (mean - value) / deviation - SLACK).max(0.0);
        if shortfall > ALARM {
            alarm_in_week = alarm_in_week.or(Some(week));
        }
    }
    Some(Drop { mean, deviation, shortfall, alarm_in_week })
}
