//! Would another choice of weights, anchors or mean tell another story? (methods.md 5.3)

use super::dimension::{Weighted, mix, score};
use crate::{
    bootstrap::draw::Draws,
    real::{count_of, real},
    special::gamma::chi_square_quantile_real,
};

/// Draws of weights.
pub const WEIGHT_DRAWS: u64 = 1_000;
/// A drawn weight moves by about 12 to 22 %: the concentration for a weight of one.
const CONCENTRATION: f64 = 20.0;
/// The places of the middle 90 % of the draws, counted from 1.
const LOWER_PLACE: usize = 50;
const UPPER_PLACE: usize = 951;

/// How a score moves when what we chose is chosen otherwise.
#[derive(Clone, Debug, PartialEq)]
pub struct Sensitivity {
    /// The score with each indicator left out in turn; `None` where too little is left.
    pub without_one: Vec<Option<f64>>,
    /// The middle 90 % of the scores under drawn weights; `None` where there is no score.
    pub drawn: Option<(f64, f64)>,
    /// The plain mean of the known levels.
    pub arithmetic: Option<f64>,
    /// The weakest known level.
    pub weakest: Option<f64>,
}

/// How far a score moves; `id` names it, so that every score has draws of its own.
#[must_use]
pub fn sensitivity(indicators: &[Weighted], id: &str) -> Sensitivity {
    let known = || indicators.iter().filter_map(|one| Some((one.known?.level, one.weight)));
    let without = |place: usize| {
        let others: Vec<Weighted> =
            indicators.iter().enumerate().filter(|(other, _)| *other != place).map(|(_, one)| *one).collect();
        score(&others).score
    };
    let weights: f64 = known().map(|(_, weight)| weight).sum();
    let has_score = score(indicators).score.is_some();
    Sensitivity {
        without_one: (0..indicators.len()).map(without).collect(),
        drawn: has_score.then(|| middle(drawn_scores(indicators, id))).flatten(),
        arithmetic: (weights > 0.0).then(|| known().map(|(level, weight)| level * weight).sum::<f64>() / weights),
        weakest: known().map(|(level, _)| level).min_by(f64::total_cmp),
    }
}

/// The scores under drawn weights, in the order of the draws: Dirichlet, so gamma variables of shape 20 w by their
/// quantiles.
#[must_use]
pub fn drawn_scores(indicators: &[Weighted], id: &str) -> Vec<f64> {
    let draws = Draws::of("weights", id);
    let width = count_of(indicators.len());
    (0..WEIGHT_DRAWS)
        .map(|draw| {
            let drawn = (0..width).zip(indicators).filter_map(|(place, one)| {
                let level = one.known?.level;
                let uniform = draws.uniform(draw * width + place);
                // A gamma variable of shape k is half a χ² of 2k degrees of freedom; the scale cancels in the mean.
                Some((level, chi_square_quantile_real(uniform, 2.0 * CONCENTRATION * one.weight)))
            });
            mix(drawn)
        })
        .collect()
}

fn middle(mut scores: Vec<f64>) -> Option<(f64, f64)> {
    scores.sort_by(f64::total_cmp);
    scores.get(LOWER_PLACE - 1).copied().zip(scores.get(UPPER_PLACE - 1).copied())
}

/// Share of variants in which a conclusion holds; `None` where there is no variant.
#[must_use]
pub fn unchanged_share(variants: &[bool]) -> Option<f64> {
    let same = variants.iter().filter(|holds| **holds).count();
    (!variants.is_empty()).then(|| real(count_of(same)) / real(count_of(variants.len())))
}
