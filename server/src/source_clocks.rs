//! How does a person decide about the clock of a source? A plain form.

use axum::extract::State;
use axum::response::Redirect;
use service::authorise::proof;

use crate::api::error::problem_of;
use crate::extract::allowed::Allowed;
use crate::extract::facts::Facts;
use crate::extract::form::Fields;
use crate::extract::path::Segment;
use crate::problem::{Code, Problem};
use crate::state::ServerState;

/// `POST /sources/clock/{id}` with `seconds` and `why`.
pub async fn decide(
    State(state): State<ServerState>,
    Allowed(granted): Allowed<proof::SourcesWrite>,
    Facts(facts): Facts,
    Segment(source): Segment,
    fields: Fields,
) -> Result<Redirect, Problem> {
    let expected = || Problem::new(Code::BadParameter).detail("expected a whole number of seconds").at("seconds");
    let seconds: i64 = fields.get("seconds").trim().parse().map_err(|_| expected())?;
    let decided = state.services.decide_clock(&granted, &facts.origin(), &source, seconds, fields.get("why")).await;
    decided.map_err(problem_of)?;
    Ok(Redirect::to(&format!("/imports?source={source}#clock")))
}
