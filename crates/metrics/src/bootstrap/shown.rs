//! What does a screen print? The answer with the interval of the bootstrap, and beside it the one of the formula as long
//! as that is not far too narrow (methods.md 2.8).

use super::{
    DESIGN_EFFECT_MAX,
    curve::{ClusteredTable, Read, Reading},
    interval::{design_effect, difference, ends},
};
use crate::{
    answer::{Answer, Batches, Interval},
    level::Level,
    real::real,
    share::Share,
    survival::{curve::Curve, row::Row},
};

/// An answer with the interval of its replicates; what it had from a formula stands beside it.
#[must_use]
pub fn answer(formula: Answer<f64>, replicates: &[f64], clusters: u64, design_effect: Option<f64>) -> Answer<f64> {
    let (lower, upper) = ends(replicates);
    let is_far_too_narrow = design_effect.is_some_and(|effect| effect > DESIGN_EFFECT_MAX);
    let own = formula.interval().filter(|_| !is_far_too_narrow).map(|own| (own.lower, own.upper));
    let batches = Some(Batches { clusters, design_effect, formula: own });
    formula.within(Interval { lower, upper, level: Level::Ninety.share(), batches })
}

/// A share with its replicates.
#[derive(Clone, Debug, PartialEq)]
pub struct ShownShare {
    share: Share,
    clusters: u64,
    replicates: Vec<f64>,
}

impl ShownShare {
    /// A share with what was drawn of it.
    #[must_use]
    pub const fn new(share: Share, clusters: u64, replicates: Vec<f64>) -> Self {
        Self { share, clusters, replicates }
    }

    /// How many of how many.
    #[must_use]
    pub const fn share(&self) -> Share {
        self.share
    }

    /// The variance of a share whose answers are independent.
    fn variance(&self) -> f64 {
        self.share.value().map_or(0.0, |value| value * (1.0 - value) / real(self.share.of()))
    }

    /// The share with the interval of its replicates, the one of Wilson beside it.
    #[must_use]
    pub fn answer(&self) -> Answer<f64> {
        let effect = design_effect(&self.replicates, self.variance());
        answer(self.share.answer(Level::Ninety), &self.replicates, self.clusters, effect)
    }

    /// This share less another that was drawn with the same weights, the interval of Newcombe beside it. Where the
    /// interval holds 0 the evidence shows no difference.
    #[must_use]
    pub fn less(&self, other: &Self) -> Answer<f64> {
        let replicates = difference(&self.replicates, &other.replicates);
        let effect = design_effect(&replicates, self.variance() + other.variance());
        let formula = crate::share::difference(self.share, other.share, Level::Ninety);
        answer(formula, &replicates, self.clusters.min(other.clusters), effect)
    }
}

/// What is asked of the replicates of a curve, with where its design effect is measured.
#[derive(Clone, Debug, PartialEq)]
pub struct CurveReading {
    reading: Reading,
    /// The age asked for on behalf of the design effect.
    measured_at: i64,
    /// Its place among the ages.
    place: usize,
}

impl CurveReading {
    /// Quantiles, restricted mean and shares still open at some ages, and the design effect at the median, or at the last
    /// age somebody ended where there is no median.
    #[must_use]
    pub fn of(curve: &Curve, quantiles: &[f64], horizon: i64, ages: &[i64]) -> Self {
        let last = curve.steps().last().map_or(0, |step| step.age);
        let measured_at = curve.quantile(0.5).unwrap_or(last);
        let mut ages: Vec<i64> = ages.iter().copied().chain([measured_at]).collect();
        ages.sort_unstable();
        ages.dedup();
        let place = ages.partition_point(|age| *age < measured_at);
        Self { reading: Reading { quantiles: quantiles.into(), horizon, ages }, measured_at, place }
    }

    /// What to read from a clustered table.
    #[must_use]
    pub const fn reading(&self) -> &Reading {
        &self.reading
    }
}

/// A curve with its replicates.
#[derive(Clone, Debug)]
pub struct ShownCurve<'a> {
    curve: &'a Curve,
    asked: CurveReading,
    read: Read,
    clusters: u64,
    design_effect: Option<f64>,
}

impl<'a> ShownCurve<'a> {
    /// A curve with what was read off its replicates.
    #[must_use]
    pub fn new(curve: &'a Curve, table: &ClusteredTable, asked: CurveReading, read: Read) -> Self {
        let at = asked.measured_at;
        let formula_variance = curve.step_at(at).map_or(0.0, |step| step.open * step.open * step.greenwood);
        let open = read.open.get(asked.place).map_or(&[][..], Vec::as_slice);
        let design_effect = design_effect(open, formula_variance);
        Self { curve, asked, read, clusters: table.clusters(), design_effect }
    }

    /// The band of the replicates at an age in seconds, which must be one that was asked for.
    #[must_use]
    pub fn band(&self, age: i64) -> Option<(f64, f64)> {
        let place = self.asked.reading.ages.binary_search(&age).ok()?;
        let (lower, upper) = ends(self.read.open.get(place)?);
        lower.zip(upper)
    }

    /// How many times the variance of Greenwood's formula it took.
    #[must_use]
    pub const fn design_effect(&self) -> Option<f64> {
        self.design_effect
    }

    fn answer(&self, formula: Answer<f64>, replicates: Option<&Vec<f64>>) -> Answer<f64> {
        replicates.map_or(formula, |all| answer(formula, all, self.clusters, self.design_effect))
    }

    /// The age by which a share have ended, in seconds. The share must be one that was asked for.
    #[must_use]
    pub fn quantile(&self, share: f64) -> Answer<f64> {
        let asked = &self.asked.reading.quantiles;
        let place = asked.iter().position(|known| known.total_cmp(&share).is_eq());
        let formula = self.curve.quantile_answer(share, Level::Ninety).map(crate::real::whole);
        self.answer(formula, place.and_then(|place| self.read.quantiles.get(place)))
    }

    /// Mean time to an end within the horizon, in seconds.
    #[must_use]
    pub fn restricted_mean(&self) -> Answer<f64> {
        let (value, error) = self.curve.restricted_mean(self.asked.reading.horizon);
        let half = Level::Ninety.z() * error;
        let interval = Interval::of_formula(Some(value - half), Some(value + half), Level::Ninety);
        let formula = Answer::plain((self.curve.rows() > 0).then_some(value), self.curve.rows()).within(interval);
        self.answer(formula, Some(&self.read.restricted_mean))
    }

    /// Share still open at an age in seconds, which must be one that was asked for.
    #[must_use]
    pub fn open_share(&self, age: i64) -> Answer<f64> {
        let place = self.asked.reading.ages.binary_search(&age).ok();
        let formula = self.curve.open_share(age, Level::Ninety);
        self.answer(formula, place.and_then(|place| self.read.open.get(place)))
    }
}

/// The rows of some clustered ones.
#[must_use]
pub fn plain_rows(rows: &[super::curve::ClusteredRow]) -> Vec<Row> {
    rows.iter().map(|one| one.row).collect()
}
