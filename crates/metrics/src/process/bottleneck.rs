//! Where does the time go between two steps? Each edge weighs its items times its median days; three edges mostly explain
//! most of it (methods.md 6).

use super::edges::Edge;
use crate::real::{days, real};
use std::cmp::Reverse;

/// Edges that are told.
pub const WORST: usize = 3;

/// The edges that cost most.
#[derive(Clone, Debug, PartialEq)]
pub struct Bottleneck {
    /// The worst edges, the worst first, with their items times median days.
    pub worst: Vec<(Edge, f64)>,
    /// What those explain of the exposure; `None` without exposure. It is an estimate from medians and may pass 1.
    pub explained: Option<f64>,
}

/// The worst edges against the exposure of the same items, in item-days.
#[must_use]
pub fn bottleneck(edges: &[Edge], exposure_days: f64) -> Bottleneck {
    let mut sorted: Vec<&Edge> = edges.iter().filter(|edge| edge.median_seconds > 0).collect();
    let weight = |edge: &Edge| i128::from(edge.items) * i128::from(edge.median_seconds);
    sorted.sort_by_key(|edge| (Reverse(weight(edge)), edge.from, edge.to));
    let item_days = |edge: &Edge| real(edge.items) * days(edge.median_seconds);
    let worst: Vec<(Edge, f64)> = sorted.into_iter().take(WORST).map(|edge| (*edge, item_days(edge))).collect();
    let sum: f64 = worst.iter().map(|(_, days)| days).sum();
    Bottleneck { worst, explained: (exposure_days > 0.0).then(|| sum / exposure_days) }
}
