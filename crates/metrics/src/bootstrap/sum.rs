//! How far might a share, a mean or a sum be off? The same weights over records, closures and items, each with the
//! cluster of its own end (methods.md 2.8).

use super::{
    cluster::Cluster,
    weight::{Weights, numbered},
};
use crate::real::{count_of, real};
use std::ops::Range;

/// What is added up over one unit: the counted part and what it is taken over.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Unit {
    /// Its cluster.
    pub cluster: Cluster,
    /// What it adds above the line: 1 for a yes, seconds of a duration.
    pub part: f64,
    /// What it adds below the line: 1 for whoever is counted.
    pub of: f64,
}

/// Sums by cluster.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ClusteredSums {
    clusters: Vec<Cluster>,
    /// Above and below the line, one pair a cluster.
    sums: Vec<(f64, f64)>,
}

impl Unit {
    /// One who is counted, and says yes or no.
    #[must_use]
    pub fn answer(cluster: Cluster, part: u64) -> Self {
        Self { cluster, part: real(part), of: 1.0 }
    }
}

impl ClusteredSums {
    /// The sums of some units. Counts and whole seconds add without rounding, so their order is of no matter.
    #[must_use]
    pub fn of(units: &[Unit]) -> Self {
        let (clusters, places) = numbered(&units.iter().map(|unit| unit.cluster).collect::<Vec<_>>());
        let mut sums = vec![(0.0, 0.0); clusters.len()];
        for (unit, place) in units.iter().zip(places) {
            if let Some((part, of)) = sums.get_mut(place) {
                *part += unit.part;
                *of += unit.of;
            }
        }
        Self { clusters, sums }
    }

    /// How many clusters there are.
    #[must_use]
    pub fn clusters(&self) -> u64 {
        count_of(self.clusters.len())
    }

    /// The sums above and below the line in a range of replicates, in their order.
    #[must_use]
    pub fn sums(&self, replicates: &Range<u64>) -> Vec<(f64, f64)> {
        let weights = Weights::of(&self.clusters, replicates);
        let mut all = vec![(0.0, 0.0); weights.width()];
        for (place, (part, of)) in self.sums.iter().enumerate() {
            for ((all_part, all_of), weight) in all.iter_mut().zip(weights.row(place)) {
                *all_part += part * f64::from(*weight);
                *all_of += of * f64::from(*weight);
            }
        }
        all
    }

    /// The share or mean in a range of replicates; not a number where nobody was drawn.
    #[must_use]
    pub fn ratios(&self, replicates: &Range<u64>) -> Vec<f64> {
        // Nought by nought is not a number, which is just what is meant.
        self.sums(replicates).into_iter().map(|(part, of)| part / of).collect()
    }

    /// The share or mean in every replicate.
    #[must_use]
    pub fn all_ratios(&self) -> Vec<f64> {
        super::chunks().flat_map(|chunk| self.ratios(&chunk)).collect()
    }

    /// The sum above the line in every replicate.
    #[must_use]
    pub fn all_sums(&self) -> Vec<f64> {
        super::chunks().flat_map(|chunk| self.sums(&chunk)).map(|(part, _)| part).collect()
    }
}
