//! What do four hundred replicates say? The places 20 and 381 of their order, and how much wider than a formula they
//! lie (methods.md 2.8, steps 5 to 7).

use super::REPLICATES;
use crate::real::{count_of, real};

/// The places of a 90 % interval, counted from 1.
const LOWER_PLACE: usize = 20;
const UPPER_PLACE: usize = 381;

/// The ends of the 90 % interval of some replicates; `None` where an end was not reached.
///
/// A replicate is infinite where its figure was not reached, and not a number where it drew nobody: such a replicate
/// vouches for neither end, so it lies beyond both.
#[must_use]
pub fn ends(replicates: &[f64]) -> (Option<f64>, Option<f64>) {
    debug_assert_eq!(count_of(replicates.len()), REPLICATES, "an interval takes all replicates");
    (place(replicates, f64::NEG_INFINITY, LOWER_PLACE), place(replicates, f64::INFINITY, UPPER_PLACE))
}

fn place(replicates: &[f64], nobody: f64, place: usize) -> Option<f64> {
    let mut sorted: Vec<f64> = replicates.iter().map(|value| if value.is_nan() { nobody } else { *value }).collect();
    sorted.sort_by(f64::total_cmp);
    sorted.get(place - 1).copied().filter(|value| value.is_finite())
}

/// One side less the other, replicate by replicate: both were drawn with the same weights, so what they share cancels.
#[must_use]
pub fn difference(one: &[f64], other: &[f64]) -> Vec<f64> {
    one.iter().zip(other).map(|(one, other)| one - other).collect()
}

/// How many times the variance of the replicates is that of a formula; `None` where the formula has none.
#[must_use]
pub fn design_effect(replicates: &[f64], formula_variance: f64) -> Option<f64> {
    let known: Vec<f64> = replicates.iter().copied().filter(|value| value.is_finite()).collect();
    if known.len() < 2 || formula_variance <= 0.0 {
        return None;
    }
    let count = real(count_of(known.len()));
    let mean = known.iter().sum::<f64>() / count;
    let squares: f64 = known.iter().map(|value| (value - mean) * (value - mean)).sum();
    Some(squares / (count - 1.0) / formula_variance)
}
