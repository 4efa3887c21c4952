//! How far might a figure be off when what ends together counts as one? The Poisson cluster bootstrap: one patch closes
//! a thousand items, so a formula that takes every row for itself gives an interval far too narrow (methods.md 2.8).
//!
//! Replicates are independent of each other: a caller with threads hands out ranges of them and joins the results in
//! order, which gives the same bits as one thread.

pub mod batches;
pub mod cluster;
pub mod curve;
pub mod draw;
pub mod interval;
pub mod shown;
pub mod sum;
pub mod weight;

use std::ops::Range;

/// How many times the data are drawn again.
pub const REPLICATES: u64 = 400;
/// Fewer clusters than this make an interval that is marked.
pub const CLUSTERS_MIN: u64 = 10;
/// Above this a formula that knows nothing of batches is too narrow to be shown.
pub const DESIGN_EFFECT_MAX: f64 = 3.0;
/// Replicates that are scanned together: their weights of one cluster lie side by side.
const CHUNK: u64 = 40;

/// All replicates in ranges that may be computed in any order and on any thread.
pub fn chunks() -> impl Iterator<Item = Range<u64>> {
    (0..REPLICATES / CHUNK).map(|chunk| chunk * CHUNK..(chunk + 1) * CHUNK)
}
