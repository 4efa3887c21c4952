//! How do programs record drills? A record, an array or lines of them: each becomes a version, its findings events.

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use service::authorise::{Object, authorise, proof};
use service::drill_records::{DRILL_SOURCE, DrillUpload, DrillsKept};
use service::ingest::{LineReceipt, Notes, Receipt};

use super::events::Arrived;
use crate::api::error::problem_of;
use crate::middleware::gate::denial;
use crate::problem::Problem;
use crate::state::ServerState;

/// What became of the records, in the words of every interface.
#[derive(Serialize)]
pub struct KeptDto {
    drills: Vec<DrillDto>,
    events: EventsDto,
    #[serde(flatten)]
    notes: Notes,
}

#[derive(Serialize)]
struct DrillDto {
    id: String,
    version: u32,
    unchanged: bool,
}

/// What became of the events of findings and retests.
#[derive(Default, Serialize)]
struct EventsDto {
    received: u64,
    accepted: u64,
    duplicate: u64,
    quarantined: u64,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    held: Vec<LineReceipt>,
}

impl From<Receipt> for EventsDto {
    fn from(receipt: Receipt) -> Self {
        let Receipt { received, accepted, duplicate, quarantined, lines, .. } = receipt;
        let held = lines.into_iter().filter(|line| line.reason.is_some()).collect();
        Self { received, accepted, duplicate, quarantined, held }
    }
}

impl From<DrillsKept> for KeptDto {
    fn from(kept: DrillsKept) -> Self {
        let drills = kept.records.into_iter();
        let drills = drills.map(|one| DrillDto { id: one.id, version: one.version, unchanged: one.unchanged });
        Self {
            drills: drills.collect(),
            events: kept.events.map(EventsDto::from).unwrap_or_default(),
            notes: kept.notes,
        }
    }
}

/// `POST /api/v1/drills` with `source`.
pub async fn send(State(state): State<ServerState>, arrived: Arrived) -> Result<Response, Problem> {
    arrived.parameters().only(&["source"])?;
    arrived.encoding()?;
    let source = arrived.own_source().unwrap_or(DRILL_SOURCE).to_owned();
    let granted = authorise::<proof::DrillsWrite>(arrived.caller(), Object::Source(&source)).map_err(denial)?;
    let origin = arrived.origin();
    let upload = DrillUpload { body: arrived.filled_body()?, source, origin };
    let kept = state.services.keep_drills(&granted, upload).await.map_err(problem_of)?;
    Ok(Json(KeptDto::from(kept)).into_response())
}
