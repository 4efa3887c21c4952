//! How far might what is shown be off? Every replicate of the bootstrap, drawn on all cores; the figures are those of
//! the formulas.

use domain::time::DAY_SECONDS;
use metrics::{
    answer::{Answer, SHOWN_MIN},
    bootstrap::{
        chunks,
        curve::{ClusteredRow, ClusteredTable, Read, Reading},
        shown::{CurveReading, ShownCurve, ShownShare, plain_rows},
        sum::{ClusteredSums, Unit},
    },
    real::{count_of, real},
    share::Share,
    survival::{curve::Curve, life_table::LifeTable},
};
use rayon::prelude::*;
use std::ops::Range;

/// A share over some units, each of which says yes or no, with all its replicates.
pub(super) fn share(share: Share, units: &[Unit]) -> ShownShare {
    debug_assert_eq!(share.of(), count_of(units.len()), "a share and its draws speak of the same");
    let sums = ClusteredSums::of(units);
    let ranges: Vec<Range<u64>> = chunks().collect();
    let replicates = ranges.par_iter().flat_map_iter(|range| sums.ratios(range)).collect();
    ShownShare::new(share, sums.clusters(), replicates)
}

/// A share as pages show it, or too few.
pub(super) fn shown(of: &ShownShare) -> Answer<f64> {
    of.answer().from_at_least(SHOWN_MIN)
}

/// A curve with what is read off all its replicates.
pub(super) struct DrawnCurve {
    /// The life table of the data as they are.
    pub(super) table: LifeTable,
    /// Its curve.
    pub(super) curve: Curve,
    clustered: ClusteredTable,
}

impl DrawnCurve {
    pub(super) fn of(rows: &[ClusteredRow]) -> Self {
        let table = LifeTable::of(&plain_rows(rows));
        Self { curve: Curve::of(&table), table, clustered: ClusteredTable::of(rows) }
    }

    /// What is asked of every replicate, read off; ages and horizon in seconds.
    pub(super) fn read(&self, quantiles: &[f64], horizon: i64, ages: &[i64]) -> ShownCurve<'_> {
        let asked = CurveReading::of(&self.curve, quantiles, horizon, ages);
        let read = read(&self.clustered, asked.reading());
        ShownCurve::new(&self.curve, &self.clustered, asked, read)
    }
}

fn read(table: &ClusteredTable, reading: &Reading) -> Read {
    let ranges: Vec<Range<u64>> = chunks().collect();
    let parts: Vec<Read> = ranges.par_iter().map(|range| table.read(reading, range)).collect();
    Read::joined(parts, reading)
}

/// The age by which half of the rows have ended, in days, or too few.
pub(super) fn median_days(rows: &[ClusteredRow]) -> Answer<f64> {
    if count_of(rows.len()) < SHOWN_MIN {
        // Nothing is shown of so few, so nothing is drawn.
        let curve = Curve::of_rows(&plain_rows(rows));
        return super::shown_days(curve.quantile_answer(MEDIAN, metrics::level::Level::Ninety));
    }
    let drawn = DrawnCurve::of(rows);
    in_days(drawn.read(&[MEDIAN], 0, &[]).quantile(MEDIAN))
}

/// The share of the median.
pub(super) const MEDIAN: f64 = 0.5;

/// Seconds of a figure as days, or too few.
pub(super) fn in_days(answer: Answer<f64>) -> Answer<f64> {
    answer.from_at_least(SHOWN_MIN).map(|seconds| seconds / real(DAY_SECONDS.unsigned_abs()))
}
