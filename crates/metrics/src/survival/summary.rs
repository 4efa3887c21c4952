//! What is said of a curve in a few figures? The same block for everyone, and for each group.

use super::{curve::Curve, life_table::LifeTable, row::Row};
use crate::{
    level::Level,
    real::{count_of, mean_days},
};
use domain::time::DAY_SECONDS;

/// Ages at which the share still open is printed, in days.
pub const OPEN_SHARE_DAYS: [i64; 6] = [7, 30, 55, 90, 180, 365];

/// The figures of one curve; ages and times in seconds.
#[derive(Clone, Debug, PartialEq)]
pub struct Summary {
    /// The curve itself.
    pub curve: Curve,
    /// The life table under it.
    pub table: LifeTable,
    /// The age by which half have ended.
    pub median: Option<i64>,
    /// Its interval; a side is `None` where it was not reached.
    pub median_interval: (Option<i64>, Option<i64>),
    /// The age by which three quarters have ended.
    pub p75: Option<i64>,
    /// The age by which nine tenths have ended.
    pub p90: Option<i64>,
    /// Share still open at each of [`OPEN_SHARE_DAYS`].
    pub open_share: [(i64, f64); 6],
    /// Horizon of the restricted mean, in whole days.
    pub horizon_days: i64,
    /// Mean time to an end within the horizon.
    pub restricted_mean: f64,
    /// Its standard error.
    pub restricted_mean_error: f64,
    /// Mean wall clock of the ended ones alone, in days: never shown without the restricted mean.
    pub mean_of_ended_days: Option<f64>,
}

impl Summary {
    /// The figures of some rows, or `None` without rows.
    #[must_use]
    pub fn of(rows: &[Row], horizon_days: i64, level: Level) -> Option<Self> {
        if rows.is_empty() {
            return None;
        }
        let table = LifeTable::of(rows);
        let curve = Curve::of(&table);
        let ended = rows.iter().filter(|row| row.ended);
        let total: i64 = ended.clone().map(|row| row.exit).sum();
        let (restricted_mean, restricted_mean_error) = curve.restricted_mean(horizon_days * DAY_SECONDS);
        Some(Self {
            median: curve.quantile(0.5),
            median_interval: curve.quantile_interval(0.5, level),
            p75: curve.quantile(0.75),
            p90: curve.quantile(0.9),
            open_share: OPEN_SHARE_DAYS.map(|days| (days, curve.open_at(days * DAY_SECONDS))),
            horizon_days,
            restricted_mean,
            restricted_mean_error,
            mean_of_ended_days: mean_days(total, count_of(ended.count())),
            curve,
            table,
        })
    }
}
