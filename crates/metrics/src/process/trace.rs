//! What follows what? Pairs of neighbouring events, and how many ways through there are.

use crate::real::{count_of, ratio};
use domain::event_name::EventName;
use std::collections::{BTreeMap, BTreeSet};

/// The events of one item in order, merges left out, and who did them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Trace {
    /// What happened, repeats kept.
    pub names: Vec<EventName>,
    /// Who did it, where the event says so.
    pub actors: Vec<Box<str>>,
}

/// How often one event followed another.
#[must_use]
pub fn followed_by(traces: &[Trace]) -> BTreeMap<(EventName, EventName), u64> {
    let mut pairs = BTreeMap::new();
    for trace in traces {
        for (one, next) in trace.names.iter().zip(trace.names.iter().skip(1)) {
            *pairs.entry((*one, *next)).or_default() += 1;
        }
    }
    pairs
}

/// The distinct ways through, and how common the most common one is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Variants {
    /// How many there are.
    pub distinct: u64,
    /// Items that took the most common one, as a share of all.
    pub top_share: Option<f64>,
}

/// Counts the ways through.
#[must_use]
pub fn variants(traces: &[Trace]) -> Variants {
    let mut counts: BTreeMap<&[EventName], u64> = BTreeMap::new();
    for trace in traces {
        *counts.entry(&trace.names).or_default() += 1;
    }
    let top = counts.values().copied().max().unwrap_or_default();
    Variants { distinct: count_of(counts.len()), top_share: ratio(top, count_of(traces.len())) }
}

/// Events beyond the first of their name in the same item.
#[must_use]
pub fn repeated(traces: &[Trace]) -> u64 {
    traces.iter().map(|trace| trace.names.len() - trace.names.iter().collect::<BTreeSet<_>>().len()).map(count_of).sum()
}
