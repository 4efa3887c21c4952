//! How good was one file? Asked by programs, as JSON or as a file for a spreadsheet.

use std::collections::BTreeMap;

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use service::authorise::proof;
use service::ingest::{LATE_SECONDS, Measures, Met, ReceivedAt};
use service::question::import_quality::{ImportQuality, MappingUsed};

use super::imports::ImportDto;
use crate::api::error::problem_of;
use crate::export::import_quality_csv::sent_of;
use crate::extract::allowed::Allowed;
use crate::extract::path::Segment;
use crate::extract::query::Parameters;
use crate::problem::{Code, Problem};
use crate::state::ServerState;
use crate::uploads::imports::number;

/// The quality report of an import, as every interface writes it.
#[derive(Serialize)]
pub struct ImportQualityDto {
    #[serde(flatten)]
    import: ImportDto,
    withdrawn_by: Option<String>,
    received_at: Option<ReceivedAt>,
    mapping: MappingDto,
    events: Option<EventsDto>,
    items_new: PartDto,
    rules: BTreeMap<String, Met>,
    no_event: BTreeMap<String, u64>,
    reasons: BTreeMap<String, u64>,
}

/// How the file was read.
#[derive(Serialize)]
struct MappingDto {
    /// None for canonical events.
    format: Option<String>,
    /// The saved version; none where it was said with the file.
    version: Option<i64>,
}

/// Some of many.
#[derive(Serialize)]
struct PartDto {
    /// Unknown before the import is published, or where it was read before this was counted.
    count: Option<u64>,
    of: u64,
    share: Option<f64>,
}

#[derive(Serialize)]
struct CertaintyDto {
    observed: PartDto,
    derived: PartDto,
    inferred: PartDto,
}

/// What the times of the accepted events say.
#[derive(Serialize)]
struct EventsDto {
    measured: u64,
    first_at: Option<String>,
    last_at: Option<String>,
    certainty: CertaintyDto,
    late_after_seconds: i64,
    late: PartDto,
    out_of_order: PartDto,
    skew_seconds: Option<i64>,
    clocks_ahead: Vec<ClockDto>,
}

/// A source whose clock runs ahead.
#[derive(Serialize)]
struct ClockDto {
    source: String,
    seconds: i64,
    events_ahead: PartDto,
    proposal: String,
}

#[expect(clippy::cast_precision_loss, reason = "a share of events needs no 53 bits")]
fn part(count: Option<u64>, of: u64) -> PartDto {
    let share = count.filter(|_| of > 0).map(|count| count as f64 / of as f64);
    PartDto { count, of, share }
}

fn events_of(measures: &Measures) -> EventsDto {
    let some = |count| part(Some(count), measures.events);
    let clocks = measures.clocks().filter_map(|(source, clock)| Some((source, clock.runs_ahead()?)));
    EventsDto {
        measured: measures.events,
        first_at: measures.moments().map(|(first, _)| first.to_string()),
        last_at: measures.moments().map(|(_, last)| last.to_string()),
        certainty: CertaintyDto {
            observed: some(measures.certainty.observed),
            derived: some(measures.certainty.derived),
            inferred: some(measures.certainty.inferred),
        },
        late_after_seconds: LATE_SECONDS,
        late: some(measures.late),
        out_of_order: some(measures.out_of_order),
        skew_seconds: measures.spread.hundredth(),
        clocks_ahead: clocks
            .map(|(source, ahead)| ClockDto {
                source: source.to_owned(),
                seconds: ahead.seconds,
                events_ahead: part(Some(ahead.beyond), ahead.events),
                proposal: ahead.proposal(source),
            })
            .collect(),
    }
}

impl From<ImportQuality> for ImportQualityDto {
    fn from(quality: ImportQuality) -> Self {
        let (format, version) = match quality.mapping {
            MappingUsed::None => (None, None),
            MappingUsed::Saved { format, version } => (Some(format), Some(version)),
            MappingUsed::Own { format } => (Some(format), None),
        };
        let items_new = quality.measures.as_ref().and_then(|measures| measures.items_new);
        Self {
            withdrawn_by: Some(quality.withdrawn_by).filter(|by| !by.is_empty()),
            received_at: quality.received_at,
            mapping: MappingDto { format, version },
            events: quality.measures.as_ref().map(events_of),
            items_new: part(items_new, quality.import.items),
            rules: quality.notes.met,
            no_event: quality.notes.no_event,
            reasons: quality.reasons,
            import: ImportDto::from(quality.import),
        }
    }
}

/// `GET /api/v1/imports/{id}/quality`: as JSON, or as CSV where `format=csv`.
pub async fn quality(
    State(state): State<ServerState>,
    Allowed(granted): Allowed<proof::ImportsWrite>,
    Segment(id): Segment,
    parameters: Parameters,
) -> Result<Response, Problem> {
    parameters.only(&["format"])?;
    let is_csv = match parameters.get("format") {
        None | Some("json") => false,
        Some("csv") => true,
        Some(_) => return Err(Problem::new(Code::BadParameter).detail("expected `json` or `csv`").at("format")),
    };
    let told = state.services.import_quality(&granted, number(&id)?).await.map_err(problem_of)?;
    Ok(if is_csv { sent_of(&told) } else { Json(ImportQualityDto::from(told)).into_response() })
}
