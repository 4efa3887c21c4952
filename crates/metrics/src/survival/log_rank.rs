//! Do groups differ in how long they take? The log-rank test with late entry (methods.md 2.4).

use super::life_table::LifeTable;
use crate::{
    real::{count_of, real},
    special::gamma::chi_square_above,
};

/// A pivot below this share of its first value is rounding noise.
const PIVOT_MIN: f64 = 1e-9;

/// The answer of the test.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LogRank {
    /// The test statistic.
    pub chi_square: f64,
    /// Its degrees of freedom; 0 when the groups never meet.
    pub freedom: u64,
    /// How often chance alone would give a statistic as large.
    pub p: f64,
}

/// Compares the groups, in the order given.
#[must_use]
pub fn log_rank(groups: &[LifeTable]) -> LogRank {
    let mut sums = Sums::new(groups.len());
    sums.add_stratum(groups);
    sums.solve()
}

/// Compares the groups inside each stratum and adds up, so that easy and hard work are never compared with each other.
/// Every stratum holds the same groups in the same order; a group absent from a stratum has an empty table there.
#[must_use]
pub fn stratified_log_rank(groups: usize, strata: &[Vec<LifeTable>]) -> LogRank {
    let mut sums = Sums::new(groups);
    for stratum in strata {
        sums.add_stratum(stratum);
    }
    sums.solve()
}

/// The ages at which somebody of any group ended.
fn ages_of(groups: &[LifeTable]) -> Vec<i64> {
    let mut ages: Vec<i64> = groups.iter().flat_map(|group| group.ages().iter().map(|row| row.age)).collect();
    ages.sort_unstable();
    ages.dedup();
    ages
}

/// Observed less expected per group, and the covariance of those differences.
struct Sums {
    differences: Vec<f64>,
    covariance: Vec<Vec<f64>>,
}

impl Sums {
    fn new(groups: usize) -> Self {
        Self { differences: vec![0.0; groups], covariance: vec![vec![0.0; groups]; groups] }
    }

    fn add_stratum(&mut self, groups: &[LifeTable]) {
        for age in ages_of(groups) {
            self.add(groups, age);
        }
    }

    fn add(&mut self, groups: &[LifeTable], age: i64) {
        let at_risk: Vec<u64> = groups.iter().map(|group| group.at_risk(age)).collect();
        let ended: Vec<u64> = groups.iter().map(|group| ended_at(group, age)).collect();
        let total: u64 = at_risk.iter().sum();
        if total <= 1 {
            return;
        }
        let (d, n) = (real(ended.iter().sum()), real(total));
        let factor = d * (n - d) / (n - 1.0);
        let members = self.differences.iter_mut().zip(&mut self.covariance).zip(at_risk.iter().zip(&ended));
        for (group, ((difference, row), (own_at_risk, own_ended))) in members.enumerate() {
            let own = real(*own_at_risk);
            *difference += real(*own_ended) - own * d / n;
            for (other, (cell, others)) in row.iter_mut().zip(&at_risk).enumerate() {
                let same = if group == other { own * n } else { 0.0 };
                *cell += factor * (same - own * real(*others)) / (n * n);
            }
        }
    }

    /// Eliminates group by group; a group whose pivot has become nothing adds nothing.
    fn solve(mut self) -> LogRank {
        let first: Vec<f64> = self.covariance.iter().enumerate().map(|(place, row)| cell(row, place)).collect();
        let (mut chi_square, mut freedom) = (0.0, 0);
        for (group, original) in first.iter().enumerate() {
            let pivot_row = self.covariance.get(group).cloned().unwrap_or_default();
            let pivot = cell(&pivot_row, group);
            if *original <= 0.0 || pivot <= PIVOT_MIN * original {
                continue;
            }
            let difference = cell(&self.differences, group);
            chi_square += difference * difference / pivot;
            freedom += 1;
            let below = self.covariance.iter_mut().zip(&mut self.differences).skip(group + 1);
            for (row, own) in below {
                let factor = cell(row, group) / pivot;
                *own -= factor * difference;
                for (value, above) in row.iter_mut().zip(&pivot_row).skip(group + 1) {
                    *value -= factor * above;
                }
            }
        }
        let p = if freedom == 0 { 1.0 } else { chi_square_above(chi_square, count_of(freedom)) };
        LogRank { chi_square, freedom: count_of(freedom), p }
    }
}

fn cell(row: &[f64], place: usize) -> f64 {
    row.get(place).copied().unwrap_or_default()
}

fn ended_at(group: &LifeTable, age: i64) -> u64 {
    let found = group.ages().binary_search_by_key(&age, |row| row.age);
    found.ok().and_then(|place| group.ages().get(place)).map_or(0, |row| row.ended)
}
