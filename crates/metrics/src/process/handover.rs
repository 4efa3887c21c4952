//! Who hands to whom?

use super::trace::Trace;
use crate::real::count_of;
use std::{cmp::Reverse, collections::BTreeMap};

/// Hand-offs and how often work came straight back.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Handoffs {
    /// Changes of who acts.
    pub changes: u64,
    /// Places where work came back to whom it had just left.
    pub came_back: u64,
}

/// Counts over all items; the same actor twice in a row is no hand-off.
#[must_use]
pub fn handoffs(traces: &[Trace]) -> Handoffs {
    let mut found = Handoffs::default();
    for trace in traces {
        let mut actors: Vec<&str> = trace.actors.iter().map(|actor| &**actor).collect();
        actors.dedup();
        found.changes += count_of(actors.len().saturating_sub(1));
        let back = actors.iter().zip(actors.iter().skip(2)).filter(|(one, later)| one == later);
        found.came_back += count_of(back.count());
    }
    found
}

/// The most frequent neighbours of all items, the same actor twice included: from, to, how often.
#[must_use]
pub fn most_frequent(traces: &[Trace], how_many: usize) -> Vec<(&str, &str, u64)> {
    let mut pairs: BTreeMap<(&str, &str), u64> = BTreeMap::new();
    for trace in traces {
        for (one, next) in trace.actors.iter().zip(trace.actors.iter().skip(1)) {
            *pairs.entry((one, next)).or_default() += 1;
        }
    }
    let mut sorted: Vec<(&str, &str, u64)> = pairs.into_iter().map(|((from, to), count)| (from, to, count)).collect();
    sorted.sort_by_key(|(from, to, count)| (Reverse(*count), *from, *to));
    sorted.truncate(how_many);
    sorted
}
