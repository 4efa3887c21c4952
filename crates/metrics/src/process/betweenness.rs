//! Through whom does all work pass? Betweenness in the handover network: of the shortest ways between any two others, the
//! part that leads through somebody (Brandes).

use super::trace::Trace;
use crate::real::{count_of, real};
use std::collections::{BTreeMap, BTreeSet, VecDeque};

/// Betweenness of everybody who hands over or is handed to, by name: 0 to 1, the ordered pairs of others being the whole.
/// Work handed to oneself is no handover.
#[must_use]
pub fn betweenness(traces: &[Trace]) -> BTreeMap<&str, f64> {
    let mut pairs: BTreeSet<(&str, &str)> = BTreeSet::new();
    for trace in traces {
        pairs.extend(trace.actors.iter().zip(trace.actors.iter().skip(1)).map(|(from, to)| (&**from, &**to)));
    }
    pairs.retain(|(from, to)| from != to);
    let names: Vec<&str> =
        pairs.iter().flat_map(|(from, to)| [*from, *to]).collect::<BTreeSet<_>>().into_iter().collect();
    let place = |name: &str| names.binary_search(&name).unwrap_or_default();
    let mut next = vec![Vec::new(); names.len()];
    for (from, to) in &pairs {
        if let Some(list) = next.get_mut(place(from)) {
            list.push(place(to));
        }
    }
    let mut through = vec![0.0; names.len()];
    for source in 0..names.len() {
        for (sum, part) in through.iter_mut().zip(dependencies(&next, source)) {
            *sum += part;
        }
    }
    let others = real(count_of(names.len().saturating_sub(1)));
    let whole = (others * (others - 1.0)).max(1.0);
    names.into_iter().zip(through).map(|(name, sum)| (name, sum / whole)).collect()
}

/// What one has found of another on the way from the source.
#[derive(Clone, Default)]
struct Found {
    distance: Option<u64>,
    ways: f64,
    before: Vec<usize>,
    depends: f64,
}

/// How much the ways from one source to all others depend on each.
fn dependencies(next: &[Vec<usize>], source: usize) -> Vec<f64> {
    let mut found = vec![Found::default(); next.len()];
    if let Some(start) = found.get_mut(source) {
        (start.distance, start.ways) = (Some(0), 1.0);
    }
    let (mut order, mut queue) = (Vec::new(), VecDeque::from([source]));
    while let Some(here) = queue.pop_front() {
        order.push(here);
        let Some((Some(distance), ways)) = found.get(here).map(|one| (one.distance, one.ways)) else { continue };
        for there in next.get(here).into_iter().flatten() {
            let Some(seen) = found.get_mut(*there) else { continue };
            if seen.distance.is_none() {
                seen.distance = Some(distance + 1);
                queue.push_back(*there);
            }
            if seen.distance == Some(distance + 1) {
                seen.ways += ways;
                seen.before.push(here);
            }
        }
    }
    add_up(&mut found, &order);
    found.iter().enumerate().map(|(place, one)| if place == source { 0.0 } else { one.depends }).collect()
}

/// From the farthest back: each passes on what depends on it, by the share of ways that came from whom.
fn add_up(found: &mut [Found], order: &[usize]) {
    for here in order.iter().rev() {
        let Some(one) = found.get(*here).cloned() else { continue };
        for before in one.before {
            if let Some(earlier) = found.get_mut(before) {
                earlier.depends += earlier.ways / one.ways * (1.0 + one.depends);
            }
        }
    }
}
