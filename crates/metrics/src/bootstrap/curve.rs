//! How far might a survival curve be off? Its run-length life table read with a weight for every cluster, all
//! replicates of a chunk in one pass (methods.md 2.8, step 4).

use super::{
    REPLICATES,
    cluster::Cluster,
    weight::{Weights, numbered},
};
use crate::{
    real::{count_of, whole},
    survival::{
        curve::{QUANTILE_TOLERANCE, ages_left_out},
        life_table::LifeTable,
        row::Row,
    },
};
use std::ops::Range;

/// A row with what it ended together with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ClusteredRow {
    /// The spell under watch.
    pub row: Row,
    /// Its cluster.
    pub cluster: Cluster,
}

/// What is read off every replicate.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Reading {
    /// Shares that have ended, each asking for the age by which they have.
    pub quantiles: Vec<f64>,
    /// The horizon of the restricted mean, in seconds.
    pub horizon: i64,
    /// Ages at which the share still open is asked, ascending.
    pub ages: Vec<i64>,
}

/// One figure over a range of replicates, in their order.
pub type Column = Vec<f64>;

/// What was read off a range of replicates, in their order; seconds, infinite where not reached.
#[derive(Clone, Debug, PartialEq)]
pub struct Read {
    /// One column a quantile asked for.
    pub quantiles: Vec<Column>,
    /// Mean time to an end within the horizon.
    pub restricted_mean: Column,
    /// One column an age asked for.
    pub open: Vec<Column>,
}

/// Rows of one cluster that come under watch, or leave it, at one age.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Run {
    age: i64,
    place: usize,
    ended: bool,
    rows: u32,
}

/// Who comes and who leaves at each age, by cluster.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ClusteredTable {
    clusters: Vec<Cluster>,
    entries: Vec<Run>,
    exits: Vec<Run>,
    /// Ends before this age are left out: too few were watched (the rule of the data as they are).
    first_age: i64,
}

impl ClusteredTable {
    /// The table of some rows, in any order.
    #[must_use]
    pub fn of(rows: &[ClusteredRow]) -> Self {
        let plain: Vec<Row> = rows.iter().map(|one| one.row).collect();
        let table = LifeTable::of(&plain);
        let first_age = table.ages().get(ages_left_out(&table)).map_or(0, |row| row.age);
        let (clusters, places) = numbered(&rows.iter().map(|one| one.cluster).collect::<Vec<_>>());
        let run = |age, place, ended| Run { age, place, ended, rows: 1 };
        let placed = || rows.iter().zip(&places);
        let entries = placed().map(|(one, place)| run(one.row.entry, *place, false)).collect();
        let exits = placed().map(|(one, place)| run(one.row.exit, *place, one.row.ended)).collect();
        Self { clusters, entries: run_lengths(entries), exits: run_lengths(exits), first_age }
    }

    /// How many clusters there are.
    #[must_use]
    pub fn clusters(&self) -> u64 {
        count_of(self.clusters.len())
    }

    /// Reads a range of replicates.
    #[must_use]
    pub fn read(&self, reading: &Reading, replicates: &Range<u64>) -> Read {
        let weights = Weights::of(&self.clusters, replicates);
        let mut scan = Scan::new(reading, &weights);
        let mut entries = self.entries.iter().peekable();
        for left in self.exits.chunk_by(|one, other| one.age == other.age) {
            let Some(age) = left.first().map(|run| run.age) else { continue };
            while let Some(run) = entries.next_if(|run| run.age < age) {
                scan.enter(run);
            }
            // Ends come before the others of their age, so all of them are still at risk.
            if age >= self.first_age && left.iter().any(|run| run.ended) {
                scan.end(age, left);
            }
            scan.leave(left);
        }
        scan.finish()
    }

    /// Reads all replicates, one chunk after the other.
    #[must_use]
    pub fn read_all(&self, reading: &Reading) -> Read {
        Read::joined(super::chunks().map(|chunk| self.read(reading, &chunk)), reading)
    }
}

impl Read {
    /// Ranges of replicates joined in their order.
    #[must_use]
    pub fn joined(parts: impl IntoIterator<Item = Self>, reading: &Reading) -> Self {
        let mut all = Self {
            quantiles: vec![Vec::new(); reading.quantiles.len()],
            restricted_mean: Vec::with_capacity(usize::try_from(REPLICATES).unwrap_or_default()),
            open: vec![Vec::new(); reading.ages.len()],
        };
        for part in parts {
            all.quantiles.iter_mut().zip(part.quantiles).for_each(|(all, part)| all.extend(part));
            all.restricted_mean.extend(part.restricted_mean);
            all.open.iter_mut().zip(part.open).for_each(|(all, part)| all.extend(part));
        }
        all
    }
}

/// Equal runs become one with a count; sorted by age.
fn run_lengths(mut runs: Vec<Run>) -> Vec<Run> {
    runs.sort_unstable();
    runs.dedup_by(|later, kept| {
        let same = (later.age, later.place, later.ended) == (kept.age, kept.place, kept.ended);
        kept.rows += if same { later.rows } else { 0 };
        same
    });
    runs
}

/// The state of a chunk of replicates while ages pass, one lane a replicate. Sums of weights stay far below 2³², so they
/// are added without a check, which would keep the lanes from moving together.
struct Scan<'a> {
    reading: &'a Reading,
    weights: &'a Weights,
    at_risk: Vec<u32>,
    ended: Vec<u32>,
    open: Vec<f64>,
    area: Vec<f64>,
    /// The age up to which the areas are known.
    since: i64,
    quantiles: Vec<Quantile>,
    open_at: Vec<Column>,
}

/// A quantile asked for, with the lanes that have reached it.
struct Quantile {
    level: f64,
    ages: Column,
    missing: usize,
}

impl<'a> Scan<'a> {
    fn new(reading: &'a Reading, weights: &'a Weights) -> Self {
        let width = weights.width();
        let quantile = |share: &f64| Quantile {
            level: 1.0 - share + QUANTILE_TOLERANCE,
            ages: vec![f64::INFINITY; width],
            missing: width,
        };
        Self {
            reading,
            weights,
            at_risk: vec![0; width],
            ended: vec![0; width],
            open: vec![1.0; width],
            area: vec![0.0; width],
            since: 0,
            quantiles: reading.quantiles.iter().map(quantile).collect(),
            open_at: Vec::with_capacity(reading.ages.len()),
        }
    }

    fn enter(&mut self, run: &Run) {
        for (sum, weight) in self.at_risk.iter_mut().zip(self.weights.row(run.place)) {
            *sum = sum.wrapping_add(u32::from(*weight).wrapping_mul(run.rows));
        }
    }

    /// Those who end at one age.
    fn end(&mut self, age: i64, left: &[Run]) {
        self.note_ages_before(age);
        self.ended.fill(0);
        for run in left.iter().filter(|run| run.ended) {
            for (sum, weight) in self.ended.iter_mut().zip(self.weights.row(run.place)) {
                *sum = sum.wrapping_add(u32::from(*weight).wrapping_mul(run.rows));
            }
        }
        self.step(age);
    }

    /// Everybody who leaves at one age, ended or not.
    fn leave(&mut self, left: &[Run]) {
        for run in left {
            for (sum, weight) in self.at_risk.iter_mut().zip(self.weights.row(run.place)) {
                *sum = sum.wrapping_sub(u32::from(*weight).wrapping_mul(run.rows));
            }
        }
    }

    /// Ages asked for that lie before this one: the curve no longer changes there.
    fn note_ages_before(&mut self, age: i64) {
        while self.reading.ages.get(self.open_at.len()).is_some_and(|asked| *asked < age) {
            self.open_at.push(self.open.clone());
        }
    }

    /// No lane branches, so that all of them move at once; where nobody was drawn the factor is one.
    fn step(&mut self, age: i64) {
        let horizon = self.reading.horizon;
        let passed = whole(age.min(horizon) - self.since.min(horizon));
        self.since = age;
        let mut lowest = f64::INFINITY;
        let counts = self.ended.iter().zip(&self.at_risk);
        for ((open, area), (ended, at_risk)) in self.open.iter_mut().zip(&mut self.area).zip(counts) {
            *area += *open * passed;
            *open *= 1.0 - f64::from(*ended) / f64::from((*at_risk).max(1));
            lowest = lowest.min(*open);
        }
        for quantile in self.quantiles.iter_mut().filter(|one| one.missing > 0 && lowest <= one.level) {
            let lanes = quantile.ages.iter_mut().zip(&self.open);
            for (cell, _) in lanes.filter(|(cell, open)| cell.is_infinite() && **open <= quantile.level) {
                *cell = whole(age);
                quantile.missing -= 1;
            }
        }
    }

    fn finish(mut self) -> Read {
        self.note_ages_before(i64::MAX);
        let rest = whole((self.reading.horizon - self.since).max(0));
        for (area, open) in self.area.iter_mut().zip(&self.open) {
            *area += *open * rest;
        }
        let quantiles = self.quantiles.into_iter().map(|one| one.ages).collect();
        Read { quantiles, restricted_mean: self.area, open: self.open_at }
    }
}
