//! What is the score of a dimension? The shifted geometric mean of its levels, with bounds in which what is unknown may
//! be anything (methods.md 5.3).

use super::anchors::TOP;
use crate::real::count_of;

/// Known weight a score takes, as a share of all.
pub const COVER_MIN: f64 = 0.6;
/// Known indicators a score takes.
pub const KNOWN_MIN: u64 = 3;
/// A cover that is a sum of thirds may miss 60 % by a rounding.
const COVER_TOLERANCE: f64 = 1e-12;

/// A level with the ends of its interval.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct KnownLevel {
    /// The level.
    pub level: f64,
    /// The lower end.
    pub lower: f64,
    /// The upper end.
    pub upper: f64,
}

/// An indicator as it enters a score.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Weighted {
    /// Its weight, above zero.
    pub weight: f64,
    /// Its level; `None` where there is no evidence.
    pub known: Option<KnownLevel>,
}

/// The score of one side of a dimension.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Score {
    /// The mean of what is known; `None` where too little is.
    pub score: Option<f64>,
    /// The least it can be: unknown levels at 0, known ones at their lower end.
    pub lower: f64,
    /// The most it can be: unknown levels at 5, known ones at their upper end.
    pub upper: f64,
    /// Weight of what is known as a share of all.
    pub cover: f64,
    /// How many indicators are known.
    pub known: u64,
}

/// The shifted geometric mean of levels: exp(Σ w ln(1 + level)) − 1 with weights that add up to one; 0 for nobody.
///
/// A mean would let a tool count buy off a failed drill, a plain geometric mean would drop to 0 for one 0.
#[must_use]
pub fn mix(levels: impl IntoIterator<Item = (f64, f64)>) -> f64 {
    let (mut sum, mut weights) = (0.0, 0.0);
    for (level, weight) in levels {
        sum += weight * libm::log1p(level);
        weights += weight;
    }
    if weights > 0.0 { libm::expm1(sum / weights) } else { 0.0 }
}

/// The score over some indicators.
#[must_use]
pub fn score(indicators: &[Weighted]) -> Score {
    score_from(indicators, COVER_MIN, KNOWN_MIN)
}

/// The score with other demands on the evidence than the usual ones.
#[must_use]
pub fn score_from(indicators: &[Weighted], cover_min: f64, known_min: u64) -> Score {
    let known = || indicators.iter().filter_map(|one| Some((one.known?, one.weight)));
    let all: f64 = indicators.iter().map(|one| one.weight).sum();
    let cover = if all > 0.0 { known().map(|(_, weight)| weight).sum::<f64>() / all } else { 0.0 };
    let count = count_of(known().count());
    let has_enough = cover >= cover_min - COVER_TOLERANCE && count >= known_min && count > 0;
    let bound = |of: fn(KnownLevel) -> f64, unknown: f64| {
        mix(indicators.iter().map(|one| (one.known.map_or(unknown, of), one.weight)))
    };
    Score {
        score: has_enough.then(|| mix(known().map(|(known, weight)| (known.level, weight)))),
        lower: bound(|known| known.lower, 0.0),
        upper: bound(|known| known.upper, TOP),
        cover,
        known: count,
    }
}
