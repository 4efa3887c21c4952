//! How is a figure written? Its value with what it rests on, or the reason it has none; null is unknown, never zero.

use axum::Json;
use axum::http::header::CACHE_CONTROL;
use axum::response::{IntoResponse, Response};
use domain::view::Verification;
use metrics::answer::{Answer, WhyNot};
use metrics::share::Share;
use serde::Serialize;
use service::question::Basis;

/// A figure.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct AnswerDto {
    metric: &'static str,
    value: Option<f64>,
    n: Option<u64>,
    lower: Option<f64>,
    upper: Option<f64>,
    /// How many batches the interval was drawn from; few of them make it rough.
    clusters: Option<u64>,
    few_clusters: Option<bool>,
    /// How many times the variance of the formula it took.
    design_effect: Option<f64>,
    /// The interval of the formula that takes every row for itself; absent where it would be too narrow.
    formula_lower: Option<f64>,
    formula_upper: Option<f64>,
    state: &'static str,
}

impl AnswerDto {
    /// An answer with its entry in the catalogue.
    #[must_use]
    pub fn of(metric: &'static str, answer: Answer<f64>) -> Self {
        match answer {
            Answer::Known { value, count, interval } => {
                let batches = interval.and_then(|interval| interval.batches);
                let formula = batches.and_then(|batches| batches.formula);
                Self {
                    metric,
                    value: Some(value),
                    n: Some(count),
                    lower: interval.and_then(|interval| interval.lower),
                    upper: interval.and_then(|interval| interval.upper),
                    clusters: batches.map(|batches| batches.clusters),
                    few_clusters: batches.map(|batches| batches.are_few()),
                    design_effect: batches.and_then(|batches| batches.design_effect),
                    formula_lower: formula.and_then(|(lower, _)| lower),
                    formula_upper: formula.and_then(|(_, upper)| upper),
                    state: "known",
                }
            }
            Answer::Unknown(why) => {
                let (state, n) = match why {
                    WhyNot::TooFew { count, .. } => ("too_few", Some(count)),
                    WhyNot::NotReached { .. } => ("not_reached", None),
                    WhyNot::NoEvidence => ("no_evidence", None),
                };
                Self { metric, n, state, ..Self::default() }
            }
        }
    }
}

/// A part of a whole, as counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct ShareDto {
    part: u64,
    of: u64,
}

impl From<Share> for ShareDto {
    fn from(share: Share) -> Self {
        Self { part: share.part(), of: share.of() }
    }
}

/// What every answer rests on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct BasisDto {
    as_of: String,
    known_at: String,
    observed_from: String,
    mode: &'static str,
    items: u64,
    of_items: u64,
    origin_imputed: ShareDto,
}

impl From<&Basis> for BasisDto {
    fn from(basis: &Basis) -> Self {
        Self {
            as_of: basis.as_of.to_string(),
            known_at: basis.known_at.to_string(),
            observed_from: basis.observed_from.to_string(),
            mode: match basis.mode {
                Verification::Strict => "strict",
                Verification::Lenient => "lenient",
            },
            items: basis.items,
            of_items: basis.of_items,
            origin_imputed: basis.origin_imputed.into(),
        }
    }
}

/// An answer that belongs to its asker: caches ask each time.
pub fn private(value: impl Serialize) -> Response {
    ([(CACHE_CONTROL, "private, no-cache")], Json(value)).into_response()
}
