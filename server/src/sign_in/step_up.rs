//! Is it still the same person? The password again, a new cookie, and back to where the reader was.

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Redirect, Response};
use service::ServiceError;
use service::identity::next_path::safe_next;
use service::identity::secret::Secret;

use super::{cookie, signed_in};
use crate::api::error::problem_of;
use crate::extract::facts::{Facts, MaybeSignedIn};
use crate::extract::form::Fields;
use crate::middleware::gate::percent_encoded;
use crate::problem::{Code, Problem};
use crate::state::ServerState;

/// `POST /step-up` with `password` and `next`.
pub async fn step_up(
    State(state): State<ServerState>,
    Facts(facts): Facts,
    MaybeSignedIn(known): MaybeSignedIn,
    headers: HeaderMap,
    mut fields: Fields,
) -> Result<Response, Problem> {
    let next = safe_next(Some(fields.get("next")));
    let (Some(known), Some(key)) = (known, cookie::read(&headers, &state)) else {
        return Err(Problem::new(Code::AuthRequired));
    };
    let password = Secret::new(fields.take("password"));
    match state.identity.step_up(&key, &known, password, facts.address, facts.origin()).await {
        Ok(key) => Ok(signed_in(&state, &key, &next)),
        Err(ServiceError::Refused(_)) => Ok(back("wrong", &next)),
        Err(ServiceError::Busy { .. }) => Ok(back("throttled", &next)),
        // The sign-in ended while the password was on its way.
        Err(ServiceError::NotFound) => Ok(Redirect::to("/sign-in?error=expired").into_response()),
        Err(error) => Err(problem_of(error)),
    }
}

fn back(error: &str, next: &str) -> Response {
    Redirect::to(&format!("/step-up?error={error}&next={}", percent_encoded(next))).into_response()
}
