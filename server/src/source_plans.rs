//! How does a person see, change and end what was saved for a source? Plain forms, and each version as a file.

use axum::extract::{Path, State};
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Redirect, Response};
use service::authorise::proof;
use service::ingest::{LookFirst, SourcePlan};

use crate::api::error::problem_of;
use crate::extract::allowed::Allowed;
use crate::extract::facts::Facts;
use crate::extract::form::Fields;
use crate::extract::path::Segment;
use crate::problem::{Code, Problem};
use crate::state::ServerState;

/// `POST /sources/mapping/{id}` with `act`: `save` with the JSON in `plan`, `look`, `at_once` or `forget`.
pub async fn act(
    State(state): State<ServerState>,
    Allowed(granted): Allowed<proof::SourcesWrite>,
    Facts(facts): Facts,
    Segment(source): Segment,
    fields: Fields,
) -> Result<Redirect, Problem> {
    let (services, origin) = (&state.services, facts.origin());
    let done = match fields.get("act") {
        "save" => {
            let plan = SourcePlan::from_json(fields.get("plan")).map_err(|refusal| problem_of(refusal.into()))?;
            services.save_plan(&granted, &origin, &source, plan).await
        }
        "look" => services.look_first(&granted, &origin, &source, LookFirst::Yes).await,
        "at_once" => services.look_first(&granted, &origin, &source, LookFirst::No).await,
        "forget" => services.forget_plan(&granted, &origin, &source).await,
        _ => return Err(Problem::new(Code::BadParameter).hint("`act` is save, look, at_once or forget")),
    };
    done.map_err(problem_of)?;
    Ok(Redirect::to(&format!("/sources/mapping/{source}")))
}

/// `GET /sources/mapping/{id}/{version}`: one version as JSON.
pub async fn file(
    State(state): State<ServerState>,
    Allowed(granted): Allowed<proof::ImportsWrite>,
    Path((source, version)): Path<(String, String)>,
) -> Result<Response, Problem> {
    let versions = state.services.plan_versions(&granted, &source).await.map_err(problem_of)?;
    let wanted = version.parse::<i64>().map_err(|_| Problem::new(Code::NotFound))?;
    let found = versions.into_iter().find(|one| one.version == wanted).and_then(|one| one.plan);
    let plan = found.ok_or_else(|| Problem::new(Code::NotFound))?;
    let text = serde_json::to_string_pretty(&plan).map_err(|_| Problem::new(Code::Internal))?;
    let headers = [(CONTENT_TYPE, "application/json"), (CONTENT_DISPOSITION, "attachment; filename=\"mapping.json\"")];
    Ok((headers, text).into_response())
}
