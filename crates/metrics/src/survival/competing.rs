//! Of a hundred items, how many were fixed, accepted, retired, not real, still there? Aalen–Johansen over first exits
//! from active work (methods.md 2.5).

use super::{curve::RISK_SET_MIN, life_table::LifeTable, row::Row};
use crate::real::{count_of, real};
use domain::{
    fact::{Cause, ItemFacts},
    view::{Verification, View},
};

/// The causes, in the order of every answer here.
pub const CAUSES: [Cause; 4] = [Cause::Fixed, Cause::Accepted, Cause::Decommissioned, Cause::FalsePositive];
/// A variance at or below this is rounding noise.
const VARIANCE_NOISE: f64 = 1e-12;

/// What happened at one age.
#[derive(Clone, Copy, Debug)]
struct Step {
    age: i64,
    at_risk: u64,
    exits: [u64; 4],
    open_before: f64,
    open: f64,
    /// Share that has left by each cause, up to and with this age.
    left: [f64; 4],
}

/// The shares of first exits by age.
#[derive(Clone, Debug)]
pub struct Exits {
    steps: Vec<Step>,
    rows: u64,
    conditional_from: Option<i64>,
}

impl Exits {
    /// Over some items, each from its origin to its first exit; false positives included.
    pub fn of<'a>(items: impl IntoIterator<Item = &'a ItemFacts>, view: &View, mode: Verification) -> Self {
        let mut rows = Vec::new();
        let mut causes: Vec<(i64, Cause)> = Vec::new();
        for facts in items {
            let exit = facts.first_exit(mode);
            let Some(row) = Row::of(facts.origin, exit.map(|exit| exit.at), view) else {
                continue;
            };
            rows.push(row);
            causes.extend(exit.map(|exit| (row.exit, exit.cause)));
        }
        causes.sort_unstable();
        Self::over(&LifeTable::of(&rows), &causes)
    }

    fn over(table: &LifeTable, causes: &[(i64, Cause)]) -> Self {
        let enough = table.ages().iter().position(|row| row.at_risk >= RISK_SET_MIN).unwrap_or(0);
        let left_out = if table.entered_late() { enough } else { 0 };
        let (mut open, mut left) = (1.0, [0.0; 4]);
        let mut steps = Vec::new();
        for row in table.ages().iter().skip(left_out) {
            let first = causes.partition_point(|(age, _)| *age < row.age);
            let here = causes.iter().skip(first).take_while(|(age, _)| *age == row.age);
            let mut exits = [0_u64; 4];
            for (_, cause) in here {
                for (count, known) in exits.iter_mut().zip(CAUSES) {
                    *count += u64::from(*cause == known);
                }
            }
            let (n, open_before) = (real(row.at_risk), open);
            for (share, count) in left.iter_mut().zip(exits) {
                *share += open_before * real(count) / n;
            }
            open *= 1.0 - real(row.ended) / n;
            steps.push(Step { age: row.age, at_risk: row.at_risk, exits, open_before, open, left });
        }
        let conditional_from = steps.first().filter(|_| left_out > 0).map(|step| step.age);
        Self { steps, rows: table.rows(), conditional_from }
    }

    /// How many items are counted.
    #[must_use]
    pub const fn rows(&self) -> u64 {
        self.rows
    }

    /// Where the shares start because too few were watched before.
    #[must_use]
    pub const fn conditional_from(&self) -> Option<i64> {
        self.conditional_from
    }

    fn until(&self, age: i64) -> &[Step] {
        let after = self.steps.partition_point(|step| step.age <= age);
        self.steps.get(..after).unwrap_or_default()
    }

    /// The share that has left by each cause at an age, in the order of [`CAUSES`].
    #[must_use]
    pub fn left_at(&self, age: i64) -> [f64; 4] {
        self.until(age).last().map_or([0.0; 4], |step| step.left)
    }

    /// The standard errors of those shares.
    #[must_use]
    pub fn errors_at(&self, age: i64) -> [f64; 4] {
        let (steps, at_end) = (self.until(age), self.left_at(age));
        let mut variances = [0.0; 4];
        for step in steps {
            let n = real(step.at_risk);
            let d = real(step.exits.iter().sum());
            let growth = if n > d { d / (n * (n - d)) } else { 0.0 };
            let shares = at_end.iter().zip(step.left).zip(step.exits);
            for (variance, ((end, left), exits)) in variances.iter_mut().zip(shares) {
                let (rest, d_cause, before) = (end - left, real(exits), step.open_before);
                *variance += rest * rest * growth + before * before * d_cause * (n - d_cause) / (n * n * n)
                    - 2.0 * rest * before * d_cause / (n * n);
            }
        }
        variances.map(|variance| if variance <= VARIANCE_NOISE { 0.0 } else { variance.sqrt() })
    }

    /// How far open and left are from adding up to one, at worst: rounding noise.
    #[must_use]
    pub fn largest_misfit(&self) -> f64 {
        let misfit = |step: &Step| (step.open + step.left.iter().sum::<f64>() - 1.0).abs();
        self.steps.iter().map(misfit).fold(0.0, f64::max)
    }

    /// How many ages are used.
    #[must_use]
    pub fn ages(&self) -> u64 {
        count_of(self.steps.len())
    }
}
