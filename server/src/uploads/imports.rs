//! What becomes of an import when somebody decides on the page, and how does the page hear how far it is?

use std::convert::Infallible;
use std::time::Duration;

use app::answers::imports::progress_of;
use axum::extract::State;
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Redirect, Response};
use domain::id::ImportId;
use service::ServiceError;
use service::authorise::{Denied, Granted, Object, authorise_freshly, proof};
use service::identity::record::Origin;
use service::ingest::{ImportSummary, Judged, StoredImport};

use crate::api::error::problem_of;
use crate::extract::allowed::Allowed;
use crate::extract::facts::{Asking, Facts};
use crate::extract::form::Fields;
use crate::extract::path::Segment;
use crate::middleware::gate::{CONFIRM, denial};
use crate::problem::{Code, Problem};
use crate::state::ServerState;

const PAGE: &str = "/imports";
const CONFIRM_AND_COME_BACK: &str = "/step-up?next=/imports";
/// Often enough to look alive, seldom enough to cost nothing.
const NEWS_EVERY: Duration = Duration::from_millis(500);
/// A browser asks again by itself; a connection that never ends would hold a stopping server up.
const NEWS_MAX: u32 = 40;
/// An import that fails at once says so on the page that follows.
const PATIENCE: Duration = Duration::from_millis(1_500);

/// `POST /imports/{id}/pause`.
pub async fn pause(
    State(state): State<ServerState>,
    Allowed(granted): Allowed<proof::ImportsWrite>,
    Facts(facts): Facts,
    Segment(id): Segment,
) -> Result<Redirect, Problem> {
    state.services.pause_import(&granted, &facts.origin(), number(&id)?).await.map_err(problem_of)?;
    Ok(Redirect::to(PAGE))
}

/// `POST /imports/{id}/cancel`.
pub async fn cancel(
    State(state): State<ServerState>,
    Allowed(granted): Allowed<proof::ImportsWrite>,
    Facts(facts): Facts,
    Segment(id): Segment,
) -> Result<Redirect, Problem> {
    state.services.cancel_import(&granted, &facts.origin(), number(&id)?).await.map_err(problem_of)?;
    Ok(Redirect::to(PAGE))
}

/// `POST /imports/{id}/resume`: it goes on behind the page.
pub async fn resume(
    State(state): State<ServerState>,
    Allowed(granted): Allowed<proof::ImportsWrite>,
    Facts(facts): Facts,
    Segment(id): Segment,
) -> Result<Redirect, Problem> {
    let (id, origin) = (number(&id)?, facts.origin());
    let quiet = std::sync::Arc::new(|_| {});
    behind(async move { state.services.resume_import(&granted, origin, id, None, quiet).await }).await
}

/// `POST /imports/{id}/accept`: so much is gone; it goes on behind the page.
pub async fn accept(
    State(state): State<ServerState>,
    Allowed(granted): Allowed<proof::ImportsWrite>,
    Facts(facts): Facts,
    Segment(id): Segment,
) -> Result<Redirect, Problem> {
    judge(state, granted, facts.origin(), number(&id)?, Judged::Gone).await
}

/// `POST /imports/{id}/partial`: what the file lacks says nothing; it goes on behind the page.
pub async fn partial(
    State(state): State<ServerState>,
    Allowed(granted): Allowed<proof::ImportsWrite>,
    Facts(facts): Facts,
    Segment(id): Segment,
) -> Result<Redirect, Problem> {
    judge(state, granted, facts.origin(), number(&id)?, Judged::Part).await
}

async fn judge(
    state: ServerState,
    granted: Granted<proof::ImportsWrite>,
    origin: Origin,
    id: ImportId,
    how: Judged,
) -> Result<Redirect, Problem> {
    let quiet = std::sync::Arc::new(|_| {});
    behind(async move { state.services.judge_import(&granted, origin, id, how, quiet).await }).await
}

/// What fails at once is told; else the page shows how far it is.
async fn behind(
    work: impl Future<Output = Result<ImportSummary, ServiceError>> + Send + 'static,
) -> Result<Redirect, Problem> {
    match tokio::time::timeout(PATIENCE, tokio::spawn(work)).await {
        Ok(Ok(Err(error))) => Err(problem_of(error)),
        Ok(Err(_)) => Err(Problem::new(Code::Internal)),
        Ok(Ok(Ok(_))) | Err(_) => Ok(Redirect::to(PAGE)),
    }
}

/// `POST /imports/{id}/withdraw` with the `name` of the file, as its confirmation.
pub async fn withdraw(
    State(state): State<ServerState>,
    Asking(caller): Asking,
    Facts(facts): Facts,
    Segment(id): Segment,
    fields: Fields,
) -> Result<Redirect, Problem> {
    let granted = authorise_freshly::<proof::ImportsWithdraw>(&caller, Object::OwnOrg).map_err(refused)?;
    let reading = service::authorise::authorise::<proof::ImportsWrite>(&caller, Object::OwnOrg).map_err(denial)?;
    let import = state.services.import_of(&reading, number(&id)?).await.map_err(problem_of)?;
    if fields.get("name").trim() != import.name {
        let problem = Problem::new(Code::BadParameter).detail("this is not the name of the file").at("name");
        return Err(problem.hint("type it as the page shows it"));
    }
    state.services.withdraw_import(&granted, &facts.origin(), import.id).await.map_err(problem_of)?;
    Ok(Redirect::to(PAGE))
}

fn refused(denied: Denied) -> Problem {
    if denied == Denied::StepUp {
        return Problem::new(Code::StepUpRequired).member(CONFIRM, CONFIRM_AND_COME_BACK);
    }
    denial(denied)
}

/// `GET /imports/{id}/news`: how far it is, as server-sent events, until it has ended.
pub async fn news(
    State(state): State<ServerState>,
    Allowed(granted): Allowed<proof::ImportsWrite>,
    Segment(id): Segment,
) -> Result<Response, Problem> {
    let import = state.services.import_of(&granted, number(&id)?).await.map_err(problem_of)?;
    let news = News { state, granted, last: import, told: 0, has_ended: false };
    let stream = futures_util::stream::unfold(news, |mut news| async move {
        let event = news.next().await?;
        Some((Ok::<_, Infallible>(event), news))
    });
    Ok(Sse::new(stream).keep_alive(KeepAlive::default()).into_response())
}

struct News {
    state: ServerState,
    granted: Granted<proof::ImportsWrite>,
    last: StoredImport,
    told: u32,
    has_ended: bool,
}

impl News {
    async fn next(&mut self) -> Option<Event> {
        if self.has_ended || self.told == NEWS_MAX {
            return None;
        }
        if self.told > 0 {
            tokio::time::sleep(NEWS_EVERY).await;
        }
        self.told += 1;
        let now = match self.state.services.import_of(&self.granted, self.last.id).await {
            Ok(now) => now,
            Err(error) => {
                // The browser asks again; what is wrong is in its answer and in the log.
                tracing::warn!(%error, "news of an import could not be read");
                return None;
            }
        };
        let lines = now.counts.received.saturating_sub(self.last.counts.received);
        let milliseconds = u64::try_from(NEWS_EVERY.as_millis()).unwrap_or(1).max(1);
        let view = progress_of(&now, Some(lines.saturating_mul(1_000) / milliseconds));
        self.has_ended = !view.is_running;
        self.last = now;
        Event::default().json_data(view).ok()
    }
}

/// An id that is no number belongs to nothing.
pub(crate) fn number(text: &str) -> Result<ImportId, Problem> {
    text.parse().map(ImportId::from_row).map_err(|_| Problem::new(Code::NotFound))
}
