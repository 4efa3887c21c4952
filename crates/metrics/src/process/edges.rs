//! How long does it take from one event to the next? The edges of the directly-follows graph with their median time.

use super::trace::Trace;
use crate::{flow::median, real::count_of};
use domain::event_name::EventName;
use std::collections::BTreeMap;

/// One event followed by another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Edge {
    /// The first of the two.
    pub from: EventName,
    /// What came next.
    pub to: EventName,
    /// How often.
    pub times: u64,
    /// In how many items.
    pub items: u64,
    /// Half of the times it took no longer than this, in seconds.
    pub median_seconds: i64,
}

/// All edges, in the order of the vocabulary.
#[must_use]
pub fn edges(traces: &[Trace]) -> Vec<Edge> {
    let mut found: BTreeMap<(EventName, EventName), (u64, Vec<i64>)> = BTreeMap::new();
    for trace in traces {
        let mut own: BTreeMap<(EventName, EventName), Vec<i64>> = BTreeMap::new();
        let steps = || trace.names.iter().zip(&trace.moments);
        for ((from, since), (to, until)) in steps().zip(steps().skip(1)) {
            own.entry((*from, *to)).or_default().push(until.since(*since));
        }
        for (pair, mut lengths) in own {
            let (items, all) = found.entry(pair).or_default();
            *items += 1;
            all.append(&mut lengths);
        }
    }
    let edge = |((from, to), (items, mut lengths)): ((EventName, EventName), (u64, Vec<i64>))| {
        let median_seconds = median(&mut lengths)?;
        Some(Edge { from, to, times: count_of(lengths.len()), items, median_seconds })
    };
    found.into_iter().filter_map(edge).collect()
}
