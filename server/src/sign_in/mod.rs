//! How does a browser sign in and out? Plain forms: a failed one leads back to its page with a code in the address.

pub mod cookie;
mod setup;
mod step_up;

use axum::extract::State;
use axum::http::HeaderValue;
use axum::http::header::{HeaderName, SET_COOKIE};
use axum::response::{IntoResponse, Redirect, Response};
use service::ServiceError;
use service::identity::next_path::safe_next;
use service::identity::secret::Secret;

use crate::api::error::problem_of;
use crate::extract::facts::{Facts, MaybeSignedIn};
use crate::extract::form::Fields;
use crate::middleware::gate::percent_encoded;
use crate::problem::Problem;
use crate::state::ServerState;

pub use setup::{set_up, setup_page};
pub use step_up::step_up;

const CLEAR_SITE_DATA: HeaderName = HeaderName::from_static("clear-site-data");

/// `POST /sign-in` with `email`, `password`, `next`.
pub async fn sign_in(
    State(state): State<ServerState>,
    Facts(facts): Facts,
    mut fields: Fields,
) -> Result<Response, Problem> {
    let next = safe_next(Some(fields.get("next")));
    let password = Secret::new(fields.take("password"));
    match state.identity.sign_in(fields.get("email"), password, facts.address, facts.origin()).await {
        Ok(key) => Ok(signed_in(&state, &key, &next)),
        Err(ServiceError::Refused(_)) => Ok(back("wrong", &next)),
        Err(ServiceError::Busy { .. }) => Ok(back("throttled", &next)),
        Err(error) => Err(problem_of(error)),
    }
}

fn back(error: &str, next: &str) -> Response {
    let next = if next == "/" { String::new() } else { format!("&next={}", percent_encoded(next)) };
    Redirect::to(&format!("/sign-in?error={error}{next}")).into_response()
}

fn signed_in(state: &ServerState, key: &Secret<String>, next: &str) -> Response {
    let mut response = Redirect::to(next).into_response();
    set_cookie(&mut response, &cookie::session(state, key.expose()));
    response
}

fn set_cookie(response: &mut Response, cookie: &str) {
    if let Ok(mut value) = HeaderValue::from_str(cookie) {
        value.set_sensitive(true);
        response.headers_mut().append(SET_COOKIE, value);
    }
}

/// `POST /sign-out`: the sign-in is over here and on the server; being signed out already is fine.
pub async fn sign_out(
    State(state): State<ServerState>,
    Facts(facts): Facts,
    MaybeSignedIn(signed_in): MaybeSignedIn,
    headers: axum::http::HeaderMap,
) -> Result<Response, Problem> {
    if let (Some(signed_in), Some(key)) = (signed_in, cookie::read(&headers, &state)) {
        state.identity.sign_out(&key, &signed_in.caller, facts.origin()).await.map_err(problem_of)?;
    }
    let mut response = Redirect::to("/sign-in?signed_out=1").into_response();
    set_cookie(&mut response, &cookie::no_session(&state));
    let data = HeaderValue::from_static("\"cache\", \"cookies\", \"storage\"");
    response.headers_mut().insert(CLEAR_SITE_DATA, data);
    Ok(response)
}

/// `POST /theme` with `theme`: light, dark or whatever the system says; back to the page it came from.
pub async fn theme(State(state): State<ServerState>, headers: axum::http::HeaderMap, fields: Fields) -> Response {
    let referrer = headers.get(axum::http::header::REFERER).and_then(|referrer| referrer.to_str().ok());
    let page = referrer.and_then(|referrer| referrer.strip_prefix(&state.settings.public_url.origin()));
    let mut response = Redirect::to(&safe_next(page)).into_response();
    set_cookie(&mut response, &cookie::theme_choice(&state, fields.get("theme")));
    response
}
