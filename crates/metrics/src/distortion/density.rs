//! Does the density of closures jump at the deadline? Local lines on both sides of it (methods.md 4, D9).

use crate::{
    answer::WhyNot,
    real::{count_of, real},
};

/// Closures this near the target take part.
const NEAR: (f64, f64) = (0.5, 1.5);
/// Fewer closures than this have no density worth the name.
pub const NEAR_MIN: u64 = 1_000;
/// How far each line looks. Ours: fixed, so that one closure more does not move it.
const BANDWIDTH: f64 = 0.25;
/// Width of a bin of the histogram under the lines.
const BIN: f64 = 0.01;

/// The jump of the density at the target.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Jump {
    /// ln f(1+) − ln f(1−): below nought where closures thin out right after the target.
    pub theta: f64,
    /// Its standard error.
    pub error: f64,
    /// Closures near the target.
    pub count: u64,
}

/// The jump in the density of shares of the target used.
///
/// # Errors
/// Too few near the target, or a side on which there is nobody.
pub fn jump_at_deadline(shares: &[f64]) -> Result<Jump, WhyNot> {
    let near: Vec<f64> = shares.iter().copied().filter(|share| NEAR.0 <= *share && *share <= NEAR.1).collect();
    let count = count_of(near.len());
    if count <= NEAR_MIN {
        return Err(WhyNot::TooFew { count, needed: NEAR_MIN + 1 });
    }
    // Met exactly on the target is met: the target itself lies on the lower side.
    let distances = |side: fn(f64) -> Option<f64>| near.iter().copied().filter_map(side).collect::<Vec<f64>>();
    let below = density_at_edge(&distances(|share| (share <= 1.0).then_some(1.0 - share)), count);
    let above = density_at_edge(&distances(|share| (share > 1.0).then_some(share - 1.0)), count);
    let (Some(below), Some(above)) = (below, above) else {
        return Err(WhyNot::NoEvidence);
    };
    let error = (4.8 / (real(count) * BANDWIDTH) * (1.0 / below + 1.0 / above)).sqrt();
    Ok(Jump { theta: libm::log(above) - libm::log(below), error, count })
}

/// The density at distance 0 by a line through the bins, near ones weighing more; `None` where the line is not above
/// nought.
fn density_at_edge(distances: &[f64], count: u64) -> Option<f64> {
    let bins = (0..).map(|bin: u32| f64::from(bin) * BIN).take_while(|from| *from < BANDWIDTH);
    let (mut w, mut wx, mut wxx, mut wy, mut wxy) = (0.0, 0.0, 0.0, 0.0, 0.0);
    for from in bins {
        let inside = distances.iter().filter(|distance| from <= **distance && **distance < from + BIN).count();
        let (x, y) = (from + BIN / 2.0, real(count_of(inside)) / (real(count) * BIN));
        let weight = 1.0 - x / BANDWIDTH;
        w += weight;
        wx += weight * x;
        wxx += weight * x * x;
        wy += weight * y;
        wxy += weight * x * y;
    }
    let intercept = (wxx * wy - wx * wxy) / (w * wxx - wx * wx);
    (intercept > 0.0).then_some(intercept)
}
