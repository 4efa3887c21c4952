//! How does a person make and end tokens on a page? Plain forms; the answer to the first shows the token, once.

use app::answers::tokens::{FormOutcome, MadeToken, TypedToken};
use axum::extract::{FromRequest, Request, State};
use axum::http::header::ACCEPT;
use axum::http::request::Parts;
use axum::http::{HeaderMap, Method, StatusCode, Uri};
use axum::response::{Redirect, Response};
use service::ServiceError;
use service::authorise::{Caller, Denied, Names};
use service::identity::scope::Scope;
use service::identity::tokens::TokenToMake;

use crate::api::error::problem_of;
use crate::extract::facts::{Asking, Facts};
use crate::extract::form::Fields;
use crate::extract::path::Segment;
use crate::middleware::gate::CONFIRM;
use crate::middleware::request_facts::RequestFacts;
use crate::pages::Renderer;
use crate::problem::{Code, Problem};
use crate::state::ServerState;

const PAGE: &str = "/settings/tokens";
const CONFIRM_AND_COME_BACK: &str = "/step-up?next=/settings/tokens";

/// `POST /settings/tokens`: the page again, with the token or with what has to change.
pub async fn make(State(state): State<ServerState>, request: Request, page: Renderer) -> Result<Response, Problem> {
    let (mut parts, body) = request.into_parts();
    let mut fields = Fields::from_request(Request::from_parts(parts.clone(), body), &state).await?;
    let (Some(caller), Some(facts)) =
        (parts.extensions.get::<Caller>().cloned(), parts.extensions.get::<RequestFacts>().cloned())
    else {
        return Err(Problem::new(Code::Internal));
    };
    let typed = typed(&mut fields);
    let (outcome, status) = match state.identity.add_token(&caller, wanted(&typed), facts.origin()).await {
        Ok(text) => (FormOutcome::Made(MadeToken { name: typed.name, text }), StatusCode::OK),
        Err(ServiceError::Refused(refusal)) if is_read_by_a_person(&parts.headers) => {
            let problem = problem_of(ServiceError::Refused(refusal.clone()));
            (FormOutcome::Refused { typed, refusal }, problem.code.status())
        }
        Err(error) => return Err(refused(error, CONFIRM_AND_COME_BACK)),
    };
    parts.extensions.insert(outcome);
    Ok(shown(PAGE, parts, status, page).await)
}

/// The page as if it had been opened, with the outcome of the form on it.
pub(crate) async fn shown(path: &'static str, mut parts: Parts, status: StatusCode, page: Renderer) -> Response {
    parts.method = Method::GET;
    parts.uri = Uri::from_static(path);
    let mut response = page(Request::from_parts(parts, axum::body::Body::empty())).await;
    if response.status() == StatusCode::OK {
        *response.status_mut() = status;
    }
    response
}

/// `POST /settings/tokens/{id}/revoke`.
pub async fn revoke(
    State(state): State<ServerState>,
    Asking(caller): Asking,
    Facts(facts): Facts,
    Segment(id): Segment,
) -> Result<Redirect, Problem> {
    state
        .identity
        .revoke_own_token(&caller, &id, facts.origin())
        .await
        .map_err(|error| refused(error, CONFIRM_AND_COME_BACK))?;
    Ok(Redirect::to(PAGE))
}

fn typed(fields: &mut Fields) -> TypedToken {
    let is_on = |scope: &Scope| !fields.get(&format!("scope:{}", scope.as_str())).is_empty();
    TypedToken {
        scopes: Scope::ALL.iter().copied().filter(is_on).collect(),
        names: if fields.get("names").is_empty() { Names::Masked } else { Names::Shown },
        days: fields.take("days"),
        id: fields.take("id"),
        name: fields.take("name"),
    }
}

fn wanted(typed: &TypedToken) -> TokenToMake {
    TokenToMake {
        name: typed.name.clone(),
        scopes: typed.scopes.clone(),
        sources: Vec::new(),
        names: typed.names,
        // What is no number of days is none: the rules say what would be one.
        days: typed.days.parse().unwrap_or(0),
        public_id: Some(typed.id.clone()),
    }
}

/// Whether a page answers, and not a problem for programs.
pub(crate) fn is_read_by_a_person(headers: &HeaderMap) -> bool {
    headers.get(ACCEPT).is_some_and(|accept| accept.to_str().is_ok_and(|accept| accept.contains("text/html")))
}

/// A refusal; where the password is missing it names the place to give it.
pub(crate) fn refused(error: ServiceError, confirm: &'static str) -> Problem {
    if matches!(error, ServiceError::NotAllowed(Denied::StepUp)) {
        return Problem::new(Code::StepUpRequired).member(CONFIRM, confirm);
    }
    problem_of(error)
}
