//! What becomes of a held line when somebody decides on the page?

use axum::extract::State;
use axum::response::Redirect;
use domain::id::QuarantineId;
use service::authorise::proof;
use service::ingest::Release;

use crate::api::error::problem_of;
use crate::extract::allowed::Allowed;
use crate::extract::facts::Facts;
use crate::extract::form::Fields;
use crate::extract::path::Segment;
use crate::problem::{Code, Problem};
use crate::state::ServerState;

const PAGE: &str = "/sources#quarantine";

/// `POST /sources/quarantine/{id}/release`, optionally with `as=low` or a mended `line`.
pub async fn release(
    State(state): State<ServerState>,
    Allowed(granted): Allowed<proof::QuarantineWork>,
    Facts(facts): Facts,
    Segment(id): Segment,
    mut fields: Fields,
) -> Result<Redirect, Problem> {
    let line = fields.take("line");
    let release = match fields.get("as") {
        "low" => Release::AsLow,
        _ if line.is_empty() => Release::AsIs,
        _ => Release::Edited(line.into_bytes()),
    };
    state.services.release_held(&granted, &facts.origin(), number(&id)?, release).await.map_err(problem_of)?;
    Ok(Redirect::to(&back(&fields)))
}

/// `POST /sources/quarantine/{id}/dismiss` with a `note`.
pub async fn dismiss(
    State(state): State<ServerState>,
    Allowed(granted): Allowed<proof::QuarantineWork>,
    Facts(facts): Facts,
    Segment(id): Segment,
    fields: Fields,
) -> Result<Redirect, Problem> {
    let (origin, note) = (facts.origin(), fields.get("note"));
    state.services.dismiss_held(&granted, &origin, number(&id)?, note).await.map_err(problem_of)?;
    Ok(Redirect::to(&back(&fields)))
}

/// Where the reader was: on one of the two pages that list held lines.
fn back(fields: &Fields) -> String {
    let wanted = fields.get("back");
    let is_quality =
        wanted.strip_prefix("/quality").is_some_and(|rest| rest.is_empty() || rest.starts_with(['?', '#']));
    if is_quality { service::identity::next_path::safe_next(Some(wanted)) } else { PAGE.to_owned() }
}

/// An id that is no number belongs to nothing.
fn number(text: &str) -> Result<QuarantineId, Problem> {
    text.parse().map(QuarantineId::from_row).map_err(|_| Problem::new(Code::NotFound))
}
