//! What is the cheapest way to read a trace as a run of the playbook? The shortest path over places in the trace and states
//! of the model: a step both take costs nothing, one that was skipped or was too much costs one (methods.md 6).

use super::{
    model::{Model, Taken},
    playbook::Fit,
    trace::Trace,
};
use crate::real::{count_of, ratio, real};
use domain::event_name::EventName;
use std::collections::{BTreeMap, VecDeque};

/// One move of an alignment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Move {
    /// The playbook asks for it, and it was done.
    Both(EventName),
    /// The playbook asks for it, and it was not done there.
    Skipped(Option<EventName>),
    /// It was done where the playbook does not ask for it.
    TooMuch(EventName),
}

/// The cheapest reading of a trace.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Alignment {
    /// Steps skipped and steps too much.
    pub cost: u64,
    /// The moves, in order.
    pub moves: Vec<Move>,
}

/// A place in the trace and a state of the model.
type Node = (usize, usize);

/// The best way found so far to each node: what it costs, where it comes from, and by which move.
struct Paths {
    states: usize,
    cost: Vec<u64>,
    back: Vec<Option<(Node, Option<Move>)>>,
}

impl Paths {
    fn new(places: usize, states: usize) -> Self {
        Self { states, cost: vec![u64::MAX; places * states], back: vec![None; places * states] }
    }

    const fn index(&self, (place, state): Node) -> usize {
        place * self.states + state
    }

    fn cost(&self, node: Node) -> u64 {
        self.cost.get(self.index(node)).copied().unwrap_or(u64::MAX)
    }

    /// Notes a way if it is cheaper than those known.
    fn improve(&mut self, node: Node, cost: u64, back: Option<(Node, Option<Move>)>) -> bool {
        let index = self.index(node);
        let (Some(known), Some(slot)) = (self.cost.get_mut(index), self.back.get_mut(index)) else { return false };
        if cost >= *known {
            return false;
        }
        (*known, *slot) = (cost, back);
        true
    }

    fn alignment(&self, end: Node) -> Alignment {
        let mut moves = Vec::new();
        let mut node = end;
        while let Some((before, step)) = self.back.get(self.index(node)).copied().flatten() {
            moves.extend(step);
            node = before;
        }
        moves.reverse();
        Alignment { cost: self.cost(end), moves }
    }
}

/// Aligns a trace with a model; events foreign to it are not looked at.
#[must_use]
pub fn align(model: &Model, names: &[EventName]) -> Alignment {
    let known: Vec<EventName> = names.iter().copied().filter(|name| model.knows(*name)).collect();
    let mut paths = Paths::new(known.len() + 1, model.states());
    let end = (known.len(), model.end());
    paths.improve((0, 0), 0, None);
    // What costs nothing goes to the front, so that nodes leave the queue in the order of their cost.
    let mut queue = VecDeque::from([((0, 0), 0)]);
    while let Some((node, cost)) = queue.pop_front() {
        if node == end {
            break;
        }
        if cost > paths.cost(node) {
            continue;
        }
        for (to, step) in moves_from(model, &known, node) {
            let price = u64::from(matches!(step, Some(Move::Skipped(_) | Move::TooMuch(_))));
            if paths.improve(to, cost + price, Some((node, step))) {
                if price == 0 { queue.push_front((to, cost)) } else { queue.push_back((to, cost + price)) }
            }
        }
    }
    paths.alignment(end)
}

/// Where one can go from a node, and by which move; a silent way is no move.
fn moves_from(model: &Model, known: &[EventName], (place, state): Node) -> Vec<(Node, Option<Move>)> {
    let here = known.get(place).copied();
    let mut moves = Vec::new();
    for way in model.ways(state) {
        match way.step {
            Taken::Nothing => moves.push(((place, way.to), None)),
            Taken::Step(step) => {
                if let Some(name) = here.filter(|name| step == Some(*name)) {
                    moves.push(((place + 1, way.to), Some(Move::Both(name))));
                }
                moves.push(((place, way.to), Some(Move::Skipped(step))));
            }
        }
    }
    moves.extend(here.map(|name| ((place + 1, state), Some(Move::TooMuch(name)))));
    moves
}

/// How well traces fit a model: 1 − cost / (steps of the trace + steps of the shortest run), as for a straight playbook.
#[must_use]
pub fn fit(model: &Model, traces: &[Trace]) -> Fit {
    let shortest = align(model, &[]).cost;
    let (mut sum, mut perfect, mut all_cost, mut all_steps) = (0.0, 0, 0, 0);
    for (names, times) in variants(traces) {
        let known = count_of(names.iter().filter(|name| model.knows(**name)).count());
        let (cost, steps) = (align(model, names).cost, known + shortest);
        sum += real(times) * ratio(cost, steps).map_or(1.0, |missed| 1.0 - missed);
        perfect += if cost == 0 { times } else { 0 };
        all_cost += times * cost;
        all_steps += times * steps;
    }
    let items = count_of(traces.len());
    Fit {
        mean: (items > 0).then(|| sum / real(items)),
        perfect: ratio(perfect, items),
        of_log: ratio(all_cost, all_steps).map(|cost| 1.0 - cost),
    }
}

/// What was skipped and what was too much, over all traces.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Departures {
    /// Steps that were skipped, with how often.
    pub skipped: BTreeMap<Option<EventName>, u64>,
    /// Steps that were taken where the playbook does not ask for them, with how often.
    pub too_much: BTreeMap<EventName, u64>,
}

/// Names the steps in which traces depart from a model.
#[must_use]
pub fn departures(model: &Model, traces: &[Trace]) -> Departures {
    let mut found = Departures::default();
    for (names, times) in variants(traces) {
        for step in align(model, names).moves {
            match step {
                Move::Both(_) => {}
                Move::Skipped(step) => *found.skipped.entry(step).or_default() += times,
                Move::TooMuch(name) => *found.too_much.entry(name).or_default() += times,
            }
        }
    }
    found
}

/// Each way through once, with how many took it: the same trace aligns the same.
fn variants(traces: &[Trace]) -> BTreeMap<&[EventName], u64> {
    let mut counts: BTreeMap<&[EventName], u64> = BTreeMap::new();
    for trace in traces {
        *counts.entry(&trace.names).or_default() += 1;
    }
    counts
}
