//! What does each figure mean? The catalogue, whole or one entry at a time.

use axum::extract::State;
use axum::response::Response;
use metrics::catalogue::{EXAMPLE, Entry, entries, entry};
use serde::Serialize;
use service::authorise::{Object, authorise, proof};

use super::answer::private;
use crate::extract::facts::Asking;
use crate::extract::path::Segment;
use crate::extract::query::Parameters;
use crate::middleware::gate::denial;
use crate::problem::{Code, Problem};
use crate::state::ServerState;

#[derive(Serialize)]
struct CatalogueDto {
    example: &'static str,
    metrics: Vec<EntryDto>,
}

#[derive(Serialize)]
struct EntryDto {
    id: &'static str,
    name: &'static str,
    definition: &'static str,
    denominator: &'static str,
    unit: &'static str,
    direction: &'static str,
    shown: &'static str,
    version: u32,
    example: ExampleDto,
}

#[derive(Serialize)]
struct ExampleDto {
    words: &'static str,
    value: Option<f64>,
}

/// `GET /api/v1/metrics`
pub async fn list(
    State(_): State<ServerState>,
    Asking(caller): Asking,
    parameters: Parameters,
) -> Result<Response, Problem> {
    parameters.only(&[])?;
    authorise::<proof::FiguresRead>(&caller, Object::OwnOrg).map_err(denial)?;
    Ok(private(CatalogueDto { example: EXAMPLE, metrics: entries().map(dto).collect() }))
}

/// `GET /api/v1/metrics/{id}`
pub async fn one(
    State(_): State<ServerState>,
    Asking(caller): Asking,
    Segment(id): Segment,
    parameters: Parameters,
) -> Result<Response, Problem> {
    parameters.only(&[])?;
    authorise::<proof::FiguresRead>(&caller, Object::OwnOrg).map_err(denial)?;
    let found = entry(&id).ok_or_else(|| Problem::new(Code::NotFound))?;
    Ok(private(dto(found)))
}

const fn dto(entry: &Entry) -> EntryDto {
    EntryDto {
        id: entry.id,
        name: entry.name,
        definition: entry.definition,
        denominator: entry.denominator,
        unit: entry.unit.words(),
        direction: entry.better.words(),
        shown: entry.shown,
        version: entry.version,
        example: ExampleDto { words: entry.example, value: entry.example_value },
    }
}
