//! Does a series rise or fall at all? The test of Mann and Kendall, which asks of each pair which came out larger.

use crate::real::{count_of, real, whole};
use std::cmp::Ordering;

/// What the test says.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct MannKendall {
    /// Pairs that rise less pairs that fall.
    pub score: i64,
    /// The score over its deviation, one step nearer to nought; 0 where nothing ever changed.
    pub z: f64,
    /// How often chance alone would move as far either way.
    pub p: f64,
}

/// Reads a series, oldest first; `None` below three values.
#[must_use]
pub fn mann_kendall(series: &[f64]) -> Option<MannKendall> {
    if series.len() < 3 {
        return None;
    }
    let mut score = 0_i64;
    for (place, early) in series.iter().enumerate() {
        for late in series.iter().skip(place + 1) {
            score += match late.total_cmp(early) {
                Ordering::Greater => 1,
                Ordering::Less => -1,
                Ordering::Equal => 0,
            };
        }
    }
    let variance = variance(series);
    if variance <= 0.0 {
        return Some(MannKendall { score, z: 0.0, p: 1.0 });
    }
    let z = whole(score - score.signum()) / variance.sqrt();
    Some(MannKendall { score, z, p: libm::erfc(z.abs() / core::f64::consts::SQRT_2) })
}

/// The variance of the score where there is no trend; equal values take their part from it.
fn variance(series: &[f64]) -> f64 {
    let part = |count: usize| {
        let n = real(count_of(count));
        n * (n - 1.0) * (2.0 * n + 5.0)
    };
    let mut sorted = series.to_vec();
    sorted.sort_by(f64::total_cmp);
    let ties: f64 =
        sorted.chunk_by(|one, next| one.total_cmp(next) == Ordering::Equal).map(|tie| part(tie.len())).sum();
    (part(series.len()) - ties) / 18.0
}
