//! Is this request meant for us? Another host's name in the request is refused before anything is read.

use axum::extract::{Request, State};
use axum::http::header::HOST;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use crate::problem::{Code, Problem};
use crate::state::ServerState;

/// Health checks come from balancers that know only an address.
const ANY_HOST: [&str; 2] = ["/healthz", "/readyz"];

/// Refuses requests for other hosts.
pub async fn check(State(state): State<ServerState>, request: Request, next: Next) -> Response {
    if ANY_HOST.contains(&request.uri().path()) {
        return next.run(request).await;
    }
    let mut hosts = request.headers().get_all(HOST).iter();
    let named = match (hosts.next(), hosts.next()) {
        (Some(host), None) => host.to_str().ok(),
        _ => None,
    };
    let absolute = request.uri().authority().is_none_or(|authority| state.settings.answers_for(authority.as_str()));
    if named.is_some_and(|host| state.settings.answers_for(host)) && absolute {
        return next.run(request).await;
    }
    Problem::new(Code::WrongHost).into_response()
}
