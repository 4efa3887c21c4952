//! Which build is this, over which database?

use axum::Json;
use axum::extract::State;
use serde::Serialize;

use crate::extract::facts::Asking;
use crate::state::ServerState;

/// What is answered.
#[derive(Serialize)]
pub struct VersionDto {
    version: &'static str,
    database: &'static str,
}

/// `GET /api/v1/version`
pub async fn version(State(state): State<ServerState>, _: Asking) -> Json<VersionDto> {
    Json(VersionDto { version: env!("CARGO_PKG_VERSION"), database: state.services.store().engine_name() })
}
