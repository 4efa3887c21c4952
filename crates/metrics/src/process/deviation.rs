//! Where do items leave the playbook? For each step how many skipped it and how many did it out of order, and what was
//! done that no step asks for (methods.md 6).

use super::{playbook::Playbook, trace::Trace};
use domain::event_name::EventName;
use std::collections::{BTreeMap, BTreeSet};

/// What became of one step of the playbook, in items.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StepTaken {
    /// The step; `None` for one outside the vocabulary, which nobody can take.
    pub step: Option<EventName>,
    /// Items that took it where the playbook has it.
    pub followed: u64,
    /// Items that took it elsewhere.
    pub out_of_order: u64,
    /// Items that never took it.
    pub skipped: u64,
}

/// What became of every step, and what was done besides.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Deviations {
    /// Each step, in the order of the playbook.
    pub steps: Vec<StepTaken>,
    /// Events outside the playbook, with the items in which they happened; in the order of the vocabulary.
    pub foreign: Vec<(EventName, u64)>,
}

/// Reads the deviations of some traces.
#[must_use]
pub fn deviations(playbook: &Playbook, traces: &[Trace]) -> Deviations {
    let empty = |step: &Option<EventName>| StepTaken { step: *step, followed: 0, out_of_order: 0, skipped: 0 };
    let mut steps: Vec<StepTaken> = playbook.steps().iter().map(empty).collect();
    let mut foreign: BTreeMap<EventName, u64> = BTreeMap::new();
    for trace in traces {
        let followed = followed(playbook.steps(), &trace.names);
        for (place, taken) in steps.iter_mut().enumerate() {
            if followed.contains(&place) {
                taken.followed += 1;
            } else if taken.step.is_some_and(|step| trace.names.contains(&step)) {
                taken.out_of_order += 1;
            } else {
                taken.skipped += 1;
            }
        }
        let names: BTreeSet<EventName> = trace.names.iter().copied().collect();
        for name in names.into_iter().filter(|name| !playbook.steps().contains(&Some(*name))) {
            *foreign.entry(name).or_default() += 1;
        }
    }
    Deviations { steps, foreign: foreign.into_iter().collect() }
}

/// The places of the steps on the longest common order of playbook and trace; of several the one that keeps the earliest
/// steps.
pub(super) fn followed(steps: &[Option<EventName>], names: &[EventName]) -> BTreeSet<usize> {
    // Row by row from the end: how many steps can still be followed from each pair of places on.
    let mut rows = vec![vec![0_usize; names.len() + 1]];
    for step in steps.iter().rev() {
        let below = rows.last().cloned().unwrap_or_default();
        let mut row = vec![0; names.len() + 1];
        let mut right = 0;
        for (place, name) in names.iter().enumerate().rev() {
            let cell = |row: &[usize], place: usize| row.get(place).copied().unwrap_or_default();
            let best = if *step == Some(*name) { 1 + cell(&below, place + 1) } else { right.max(cell(&below, place)) };
            if let Some(slot) = row.get_mut(place) {
                *slot = best;
            }
            right = best;
        }
        rows.push(row);
    }
    rows.reverse();
    walk(&rows, steps, names)
}

fn walk(rows: &[Vec<usize>], steps: &[Option<EventName>], names: &[EventName]) -> BTreeSet<usize> {
    let cell = |step: usize, name: usize| rows.get(step).and_then(|row| row.get(name)).copied().unwrap_or_default();
    let (mut step, mut name) = (0, 0);
    let mut found = BTreeSet::new();
    while let (Some(wanted), Some(here)) = (steps.get(step), names.get(name)) {
        if *wanted == Some(*here) {
            found.insert(step);
            (step, name) = (step + 1, name + 1);
        } else if cell(step, name + 1) >= cell(step + 1, name) {
            name += 1;
        } else {
            step += 1;
        }
    }
    found
}
