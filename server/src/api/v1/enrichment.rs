//! How does a feed of what the world knows get in by the interface? As a file: spooled, then read in one pass.

use axum::Json;
use axum::extract::{Request, State};
use axum::response::{IntoResponse, Response};
use domain::day::Day;
use serde::Serialize;
use service::authorise::proof;
use service::enrichment::{FeedOptions, FeedSummary, HeldRow};
use service::ingest::{ImportInput, Notes};

use crate::api::error::problem_of;
use crate::extract::allowed::Allowed;
use crate::extract::facts::Facts;
use crate::extract::query::Parameters;
use crate::problem::Problem;
use crate::state::ServerState;
use crate::uploads::keep_body;

/// What became of a feed, in the words of every interface.
#[derive(Serialize)]
pub struct FeedDto {
    feed: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    version: Option<String>,
    published_on: String,
    received: u64,
    kept: u64,
    held: u64,
    changed: u64,
    unchanged: bool,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    held_rows: Vec<HeldRow>,
    #[serde(flatten)]
    notes: Notes,
}

impl From<FeedSummary> for FeedDto {
    fn from(summary: FeedSummary) -> Self {
        Self {
            feed: summary.feed.kind.as_str(),
            version: summary.feed.version,
            published_on: summary.feed.published_on.to_string(),
            received: summary.received,
            kept: summary.kept,
            held: summary.held,
            changed: summary.changed,
            unchanged: summary.unchanged,
            held_rows: summary.first_held,
            notes: summary.notes,
        }
    }
}

/// `POST /api/v1/enrichment`: the file as it was published, with `date` for scores that do not say their day.
pub async fn send(
    State(state): State<ServerState>,
    Allowed(granted): Allowed<proof::ReferencesWrite>,
    Facts(facts): Facts,
    parameters: Parameters,
    request: Request,
) -> Result<Response, Problem> {
    parameters.only(&["date"])?;
    let score_date = parameters.read::<Day>("date", "a day as in 2026-03-01")?;
    let file = keep_body(request.into_body(), state.services.data_dir()).await?;
    let options = FeedOptions { score_date, origin: facts.origin() };
    let summary = state.services.enrich(&granted, ImportInput::File(file), options).await.map_err(problem_of)?;
    Ok(Json(FeedDto::from(summary)).into_response())
}
