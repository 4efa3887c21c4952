//! At which ages do things end? Ends per person-day in windows of age, with Garwood's limits (methods.md 2.6).

use super::row::Row;
use crate::{
    real::{days, real},
    special::gamma::chi_square_quantile,
};
use domain::time::DAY_SECONDS;

/// Windows of age: from (left out), to, in days.
pub const WINDOWS_DAYS: [(i64, i64); 5] = [(0, 7), (7, 30), (30, 90), (90, 180), (180, 365)];
/// What is left out on each side of the limits.
const TAIL: f64 = 0.025;

/// One window.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Window {
    /// Its ages in days: from (left out), to.
    pub ages_days: (i64, i64),
    /// How many ended in it.
    pub ended: u64,
    /// Days of those under watch in it.
    pub person_days: f64,
}

impl Window {
    /// Ends per person-day.
    #[must_use]
    pub fn a_day(&self) -> Option<f64> {
        (self.person_days > 0.0).then(|| real(self.ended) / self.person_days)
    }

    /// The 95 % limits of that rate.
    #[must_use]
    pub fn limits(&self) -> Option<(f64, f64)> {
        let lower = if self.ended == 0 { 0.0 } else { chi_square_quantile(TAIL, 2 * self.ended) / 2.0 };
        let upper = chi_square_quantile(1.0 - TAIL, 2 * self.ended + 2) / 2.0;
        (self.person_days > 0.0).then(|| (lower / self.person_days, upper / self.person_days))
    }
}

/// The windows over some rows.
#[must_use]
pub fn hazard(rows: &[Row]) -> Vec<Window> {
    WINDOWS_DAYS
        .into_iter()
        .map(|(from, to)| {
            let (since, until) = (from * DAY_SECONDS, to * DAY_SECONDS);
            let inside = |row: &Row| (row.exit.min(until) - row.entry.max(since)).max(0);
            let ended = rows.iter().filter(|row| row.ended && since < row.exit && row.exit <= until).count();
            let watched: i64 = rows.iter().map(inside).sum();
            Window { ages_days: (from, to), ended: crate::real::count_of(ended), person_days: days(watched) }
        })
        .collect()
}
