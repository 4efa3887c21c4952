//! Which files came, and what becomes of them? Sent, followed, stopped and taken back by programs.

use std::sync::Arc;

use axum::Json;
use axum::body::Body;
use axum::extract::{FromRequest, Multipart, Request, State};
use axum::http::StatusCode;
use axum::http::header::{CONTENT_TYPE, LOCATION};
use axum::response::{IntoResponse, Response};
use domain::id::ImportId;
use serde::Serialize;
use service::authorise::{Granted, proof};
use service::identity::record::Origin;
use service::ingest::{AllowedSources, ImportInput, ImportOptions, Judged, Notes, SourcePlan, StoredImport};

use crate::api::error::problem_of;
use crate::extract::allowed::Allowed;
use crate::extract::facts::Facts;
use crate::extract::path::Segment;
use crate::extract::query::Parameters;
use crate::problem::{Code, Problem};
use crate::state::ServerState;
use crate::uploads::dry_run::DryRunDto;
use crate::uploads::imports::number;
use crate::uploads::said::Said;
use crate::uploads::spool;

/// Imports of one answer.
const PER_ANSWER: u32 = 1_000;
/// The source of lines that name none.
const SOURCE: &str = "upload";

/// An import, as every interface writes it.
#[derive(Serialize)]
pub struct ImportDto {
    import_id: i64,
    source: String,
    name: String,
    state: &'static str,
    started_at: String,
    finished_at: Option<String>,
    withdrawn_at: Option<String>,
    received: u64,
    accepted: u64,
    duplicate: u64,
    quarantined: u64,
    items: u64,
    bytes: u64,
    bytes_read: u64,
}

impl From<StoredImport> for ImportDto {
    fn from(import: StoredImport) -> Self {
        Self {
            import_id: import.id.get(),
            state: import.state.as_str(),
            started_at: import.started_at.to_string(),
            finished_at: import.finished_at.map(|at| at.to_string()),
            withdrawn_at: import.withdrawn_at.map(|at| at.to_string()),
            received: import.counts.received,
            accepted: import.counts.accepted,
            duplicate: import.counts.duplicate,
            quarantined: import.counts.quarantined,
            items: import.items,
            bytes: import.bytes,
            bytes_read: import.bytes_read,
            source: import.source,
            name: import.name,
        }
    }
}

/// An import with what was noticed about it.
#[derive(Serialize)]
struct NotedDto {
    #[serde(flatten)]
    import: ImportDto,
    notes: Notes,
}

impl From<StoredImport> for NotedDto {
    fn from(import: StoredImport) -> Self {
        let notes = serde_json::from_str(&import.notes).unwrap_or_default();
        Self { import: ImportDto::from(import), notes }
    }
}

#[derive(Serialize)]
struct ImportsDto {
    imports: Vec<NotedDto>,
}

/// The import as it stands now.
async fn standing(
    state: &ServerState,
    granted: &Granted<proof::ImportsWrite>,
    id: ImportId,
) -> Result<Json<NotedDto>, Problem> {
    let import = state.services.import_of(granted, id).await.map_err(problem_of)?;
    Ok(Json(NotedDto::from(import)))
}

/// `GET /api/v1/imports`: the latest, newest first; of one `source` where it is named.
pub async fn list(
    State(state): State<ServerState>,
    Allowed(granted): Allowed<proof::ImportsWrite>,
    parameters: Parameters,
) -> Result<Response, Problem> {
    parameters.only(&["source", "limit"])?;
    let limit = parameters.number("limit", 1, PER_ANSWER)?.unwrap_or(100);
    let all = state.services.imports_of(&granted, parameters.get("source"), limit).await.map_err(problem_of)?;
    Ok(Json(ImportsDto { imports: all.into_iter().map(NotedDto::from).collect() }).into_response())
}

/// `GET /api/v1/imports/{id}`.
pub async fn one(
    State(state): State<ServerState>,
    Allowed(granted): Allowed<proof::ImportsWrite>,
    Segment(id): Segment,
) -> Result<Response, Problem> {
    Ok(standing(&state, &granted, number(&id)?).await?.into_response())
}

/// `POST /api/v1/imports?source=…&format=…&name=…`: the body is the file, or a form of it and the mapping it is read by. 201
/// with the import once all of it can be seen; 200 with what it would come to where `dry_run=true`.
pub async fn send(
    State(state): State<ServerState>,
    Allowed(granted): Allowed<proof::ImportsWrite>,
    Facts(facts): Facts,
    parameters: Parameters,
    request: Request<Body>,
) -> Result<Response, Problem> {
    let known: Vec<&str> = ["source", "name", "dry_run"].into_iter().chain(Said::NAMES).collect();
    parameters.only(&known)?;
    let said = Said::of_address(&parameters)?;
    let (kept, plan) = file_and_plan(request, &state).await?;
    if plan.is_some() && !said.about.format.is_empty() {
        let problem = Problem::new(Code::BadParameter).detail("a mapping says its format itself");
        return Err(problem.hint("leave `format` out").at("format"));
    }
    let options = ImportOptions {
        name: spool::display_name(parameters.get("name").unwrap_or("")),
        source: parameters.get("source").unwrap_or(SOURCE).to_owned(),
        allowed: AllowedSources::Any,
        received_at: said.received_at,
        encoding: None,
        plan,
        said: said.about,
        origin: facts.origin(),
    };
    if parameters.read::<bool>("dry_run", "`true` or `false`")? == Some(true) {
        let run = state.services.dry_run(&granted, ImportInput::File(kept.open()?), &options).await;
        return Ok(Json(DryRunDto::from(run.map_err(problem_of)?)).into_response());
    }
    let imported = state.services.import(&granted, ImportInput::Path(kept.stays()), options, Arc::new(|_| {})).await;
    let id = imported.map_err(problem_of)?.id;
    let place = [(LOCATION, format!("/api/v1/imports/{}", id.get()))];
    Ok((StatusCode::CREATED, place, standing(&state, &granted, id).await?).into_response())
}

/// The file a request brings, and the mapping that comes with it, if it does.
async fn file_and_plan(
    request: Request<Body>,
    state: &ServerState,
) -> Result<(spool::Kept, Option<SourcePlan>), Problem> {
    let kind = request.headers().get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or("");
    let data_dir = state.services.data_dir();
    if !kind.starts_with("multipart/form-data") {
        return Ok((spool::receive_body(request.into_body(), data_dir).await?, None));
    }
    let form = Multipart::from_request(request, state).await;
    let form = form.map_err(|_| Problem::new(Code::MultipartInvalid).hint("send one `file` and one `mapping`"))?;
    let (kept, mapping) = spool::receive_with_mapping(form, data_dir).await?;
    let plan = SourcePlan::from_json(&mapping).map_err(|refusal| problem_of(refusal.into()))?;
    Ok((kept, Some(plan)))
}

/// `POST /api/v1/imports/{id}/pause`.
pub async fn pause(
    State(state): State<ServerState>,
    Allowed(granted): Allowed<proof::ImportsWrite>,
    Facts(facts): Facts,
    Segment(id): Segment,
) -> Result<Response, Problem> {
    let id = number(&id)?;
    state.services.pause_import(&granted, &facts.origin(), id).await.map_err(problem_of)?;
    Ok((StatusCode::ACCEPTED, standing(&state, &granted, id).await?).into_response())
}

/// `POST /api/v1/imports/{id}/resume`: answers once all of it can be seen.
pub async fn resume(
    State(state): State<ServerState>,
    Allowed(granted): Allowed<proof::ImportsWrite>,
    Facts(facts): Facts,
    Segment(id): Segment,
) -> Result<Response, Problem> {
    let id = number(&id)?;
    let resumed = state.services.resume_import(&granted, facts.origin(), id, None, Arc::new(|_| {})).await;
    resumed.map_err(problem_of)?;
    Ok(standing(&state, &granted, id).await?.into_response())
}

/// `POST /api/v1/imports/{id}/accept`: so much is gone; answers once all of it can be seen.
pub async fn accept(
    State(state): State<ServerState>,
    Allowed(granted): Allowed<proof::ImportsWrite>,
    Facts(facts): Facts,
    Segment(id): Segment,
) -> Result<Response, Problem> {
    judge(&state, &granted, facts.origin(), number(&id)?, Judged::Gone).await
}

/// `POST /api/v1/imports/{id}/partial`: what the file lacks says nothing; answers once all of it can be seen.
pub async fn partial(
    State(state): State<ServerState>,
    Allowed(granted): Allowed<proof::ImportsWrite>,
    Facts(facts): Facts,
    Segment(id): Segment,
) -> Result<Response, Problem> {
    judge(&state, &granted, facts.origin(), number(&id)?, Judged::Part).await
}

async fn judge(
    state: &ServerState,
    granted: &Granted<proof::ImportsWrite>,
    origin: Origin,
    id: ImportId,
    how: Judged,
) -> Result<Response, Problem> {
    state.services.judge_import(granted, origin, id, how, Arc::new(|_| {})).await.map_err(problem_of)?;
    Ok(standing(state, granted, id).await?.into_response())
}

/// `POST /api/v1/imports/{id}/cancel`.
pub async fn cancel(
    State(state): State<ServerState>,
    Allowed(granted): Allowed<proof::ImportsWrite>,
    Facts(facts): Facts,
    Segment(id): Segment,
) -> Result<Response, Problem> {
    let id = number(&id)?;
    state.services.cancel_import(&granted, &facts.origin(), id).await.map_err(problem_of)?;
    Ok((StatusCode::ACCEPTED, standing(&state, &granted, id).await?).into_response())
}
