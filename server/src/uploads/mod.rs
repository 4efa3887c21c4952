//! How does a file get in from a page, and how far is it? The upload is spooled, the import runs behind it.

pub mod drafts;
pub mod dry_run;
mod feed;
pub mod imports;
pub mod jobs;
pub mod many;
pub mod quarantine;
pub(crate) mod said;
pub(crate) mod spool;

use std::time::Duration;

use app::islands::JobView;
use axum::Json;
use axum::extract::{FromRequest, Multipart, Request, State};
use axum::response::{IntoResponse, Redirect, Response};
use service::ServiceError;
use service::authorise::proof;
use service::draft::{Brought, Reception};
use service::identity::record::Origin;
use service::ingest::{AllowedSources, ImportInput, ImportOptions, ImportSummary, SourcePlan};

use self::jobs::{JobKey, Uploads};
use self::said::Said;
use self::spool::Kept;
pub use self::spool::keep_body;
use crate::api::error::{problem_of, waiting_import};
use crate::extract::allowed::Allowed;
use crate::extract::facts::Facts;
use crate::extract::path::Segment;
use crate::problem::{Code, Problem};
use crate::state::ServerState;

/// The source of uploaded lines that name none.
const SOURCE: &str = "upload";
/// A small file is done within this, and a reader without script sees the counts at once.
const PATIENCE: Duration = Duration::from_millis(1_500);

/// `POST /sources/import`: a form with one file.
pub async fn upload(
    State(state): State<ServerState>,
    Allowed(granted): Allowed<proof::ImportsWrite>,
    Facts(facts): Facts,
    request: Request,
) -> Result<Response, Problem> {
    let form = Multipart::from_request(request, &state).await;
    let form =
        form.map_err(|_| Problem::new(Code::MultipartInvalid).hint("send `multipart/form-data` with one `file`"))?;
    let received = spool::receive(form, state.services.data_dir()).await?;
    let source = if received.source.is_empty() { SOURCE.to_owned() } else { received.source };
    let (file, name, said) = (received.file.open()?, received.name.clone(), received.said);
    let brought =
        Brought { file, name, source: source.clone(), said: said.about.clone(), received_at: said.received_at };
    let plan = match state.services.receive(&granted, brought).await.map_err(problem_of)? {
        Reception::Feed(file) => {
            let key = JobKey { org: granted.org(), actor: granted.caller().actor(), idempotency: received.idempotency };
            let (name, bytes) = (received.name, received.bytes);
            return feed::keep(&state, &granted, feed::Sent { key, name, bytes, file, origin: facts.origin() }).await;
        }
        Reception::Drafted(id) => return Ok(Redirect::to(&format!("/sources/map/{id}")).into_response()),
        Reception::AtOnce { plan, .. } => plan.map(|plan| *plan),
    };
    let key = JobKey { org: granted.org(), actor: granted.caller().actor(), idempotency: received.idempotency.clone() };
    let (id, is_new) = state.uploads.open(&key, &received.name, received.bytes)?;
    if is_new {
        let ready = Ready { name: received.name, source, file: received.file, plan, said };
        let import = run(state.clone(), granted, facts.origin(), ready, id.clone());
        // Spawned: it goes on when the reader leaves.
        if let Ok(Ok(Err(problem))) = tokio::time::timeout(PATIENCE, tokio::spawn(import)).await
            && waiting_import(&problem).is_none()
        {
            return Err(problem);
        }
    }
    // What waits for a person is kept: its form leads to the page that asks.
    Ok(Redirect::to(&state.uploads.page(&id)).into_response())
}

/// A file that can be imported at once.
struct Ready {
    name: String,
    source: String,
    file: Kept,
    plan: Option<SourcePlan>,
    said: Said,
}

async fn run(
    state: ServerState,
    granted: service::authorise::Granted<proof::ImportsWrite>,
    origin: Origin,
    ready: Ready,
    id: String,
) -> Result<(), Problem> {
    let options = ImportOptions {
        name: ready.name,
        source: ready.source,
        allowed: AllowedSources::Any,
        received_at: ready.said.received_at,
        encoding: None,
        plan: ready.plan,
        said: ready.said.about,
        origin,
    };
    let (uploads, job) = (state.uploads.clone(), id.clone());
    let progress = std::sync::Arc::new(move |progress| uploads.follow(&job, progress));
    let imported = state.services.import(&granted, ImportInput::Path(ready.file.stays()), options, progress).await;
    end(&state.uploads, &id, imported)
}

fn end(uploads: &Uploads, id: &str, imported: Result<ImportSummary, ServiceError>) -> Result<(), Problem> {
    match imported {
        Ok(summary) => {
            uploads.finish(id, summary.counts, noticed(&summary));
            Ok(())
        }
        Err(error) => {
            let problem = problem_of(error);
            let words = problem.detail.clone().unwrap_or_else(|| problem.code.title().to_owned());
            match waiting_import(&problem) {
                Some(import) => uploads.hold(id, import, words),
                None => uploads.fail(id, words),
            }
            Err(problem)
        }
    }
}

/// What there is to say about an import beside its counts.
fn noticed(summary: &ImportSummary) -> String {
    let before = summary.same_as.map(|first| format!("The same file came before, as import {}.", first.get()));
    let snapshot = summary.notes.snapshot.as_ref().map(|snapshot| format!("This is a {}.", snapshot.words()));
    let quiet: u64 = summary.notes.no_event.values().sum();
    let quiet = match quiet {
        0 => None,
        1 => Some("One record, or a part of one, is no news of a lifecycle.".to_owned()),
        _ => Some(format!("{quiet} records, or parts of them, are no news of a lifecycle.")),
    };
    let rules = summary.notes.met.iter().map(|(rule, met)| format!("{rule} {}", met.count));
    let rules = rules.collect::<Vec<_>>().join(", ");
    let rules = (!rules.is_empty()).then(|| format!("Rules that were met: {rules}."));
    [before, snapshot, quiet, rules].into_iter().flatten().collect::<Vec<_>>().join(" ")
}

/// `GET /sources/import/{id}/status`
pub async fn status(
    State(state): State<ServerState>,
    Allowed(granted): Allowed<proof::ImportsWrite>,
    Segment(id): Segment,
) -> Result<Json<JobView>, Problem> {
    state.uploads.view(granted.org(), &id).map(Json).ok_or_else(|| Problem::new(Code::NotFound))
}
