//! Does the process live, and can it take work? Two answers for balancers, without detail.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde_json::json;

use crate::middleware::problem_mapper::AlreadyWritten;
use crate::state::ServerState;

/// The process lives. Touches nothing.
pub async fn healthz() -> Json<serde_json::Value> {
    Json(json!({ "status": "ok" }))
}

/// The process can take work; 503 names what cannot.
pub async fn readyz(State(state): State<ServerState>) -> Response {
    let mut failed = Vec::new();
    if state.is_draining() {
        failed.push("draining");
    }
    if state.identity.is_empty().await.is_err() {
        failed.push("database");
    }
    if state.services.writing_has_stopped() {
        failed.push("writer");
    }
    if failed.is_empty() {
        return Json(json!({ "status": "ready" })).into_response();
    }
    let body = Json(json!({ "status": "not ready", "failed": failed }));
    let mut response = (StatusCode::SERVICE_UNAVAILABLE, body).into_response();
    response.extensions_mut().insert(AlreadyWritten);
    response
}
