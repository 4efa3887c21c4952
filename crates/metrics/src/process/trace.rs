//! What follows what? Pairs of neighbouring events, and how many ways through there are.

use crate::real::{count_of, ratio};
use domain::{event_name::EventName, time::Timestamp};
use std::{
    cmp::Reverse,
    collections::{BTreeMap, BTreeSet},
};

/// The events of one item in order, merges left out, and who did them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Trace {
    /// What happened, repeats kept.
    pub names: Vec<EventName>,
    /// When each of them did.
    pub moments: Vec<Timestamp>,
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

/// How often each event was the first of an item, and how often the last.
#[must_use]
pub fn starts_and_ends(traces: &[Trace]) -> (BTreeMap<EventName, u64>, BTreeMap<EventName, u64>) {
    let (mut starts, mut ends) = (BTreeMap::new(), BTreeMap::new());
    for (first, last) in traces.iter().filter_map(|trace| trace.names.first().zip(trace.names.last())) {
        *starts.entry(*first).or_default() += 1;
        *ends.entry(*last).or_default() += 1;
    }
    (starts, ends)
}

/// A way is common while the ways before it do not yet cover this many per cent of the items.
const COMMON_PERCENT: u64 = 80;

/// The distinct ways through, and how common the most common ones are.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Variants {
    /// How many there are.
    pub distinct: u64,
    /// Items that took the most common one, as a share of all.
    pub top_share: Option<f64>,
    /// How many ways, the most common first, cover four fifths of the items.
    pub covering_most: u64,
}

/// Counts the ways through.
#[must_use]
pub fn variants(traces: &[Trace]) -> Variants {
    let mut counts: BTreeMap<&[EventName], u64> = BTreeMap::new();
    for trace in traces {
        *counts.entry(&trace.names).or_default() += 1;
    }
    let items = count_of(traces.len());
    let mut sizes: Vec<u64> = counts.into_values().collect();
    sizes.sort_unstable_by_key(|size| Reverse(*size));
    let mut covered = 0;
    let common = sizes.iter().take_while(|size| {
        let is_needed = 100 * covered < COMMON_PERCENT * items;
        covered += **size;
        is_needed
    });
    let covering_most = count_of(common.count());
    let top = sizes.first().copied().unwrap_or_default();
    Variants { distinct: count_of(sizes.len()), top_share: ratio(top, items), covering_most }
}

/// Events beyond the first of their name in the same item.
#[must_use]
pub fn repeated(traces: &[Trace]) -> u64 {
    traces.iter().map(|trace| trace.names.len() - trace.names.iter().collect::<BTreeSet<_>>().len()).map(count_of).sum()
}
