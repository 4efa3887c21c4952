//! Which items are these, and what happened to one of them?

use axum::extract::State;
use axum::response::Response;
use domain::claim::Verdict;
use serde::Serialize;
use service::question::item::Stretch;
use service::question::items::{Column, Direction, ITEMS_PER_PAGE_MAX, ItemRow, Slice};
use service::question::weaknesses::{WeaknessKnown, Weaknesses};

use super::answer::{BasisDto, private};
use crate::api::error::problem_of;
use crate::extract::ask::{Asked, VIEW_NAMES, state_word};
use crate::extract::facts::Asking;
use crate::extract::path::Segment;
use crate::problem::Problem;
use crate::state::ServerState;

/// Rows of a page unless asked otherwise.
const PER_PAGE: u32 = 100;
/// Deeper in lies an export.
const PAGE_MAX: u32 = 1_000_000;

#[derive(Serialize)]
struct ItemsDto {
    basis: BasisDto,
    page: u32,
    pages: u64,
    items: Vec<ItemDto>,
}

/// One item, as every interface writes it.
#[derive(Clone, Debug, Serialize)]
pub struct ItemDto {
    pub item_id: String,
    pub source: Option<String>,
    pub kind: &'static str,
    pub severity: &'static str,
    pub severity_now: &'static str,
    pub team: Option<String>,
    pub asset_class: Option<String>,
    pub state: &'static str,
    pub origin: String,
    pub origin_imputed: bool,
    pub wall_seconds: i64,
    pub episodes: u64,
    pub promised_seconds: i64,
    pub past_promised: bool,
    pub sla_seconds_last: Option<i64>,
    pub sla_target_seconds_last: Option<i64>,
    pub sla_met_last: Option<bool>,
    pub sla_seconds_running: Option<i64>,
    pub sla_target_seconds_running: Option<i64>,
    pub sla_shown_in_time: Option<bool>,
    pub reported_sla: Option<&'static str>,
    pub reported_due: Option<String>,
    pub reported_seconds: Option<i64>,
    pub last_event_at: String,
}

impl From<ItemRow> for ItemDto {
    fn from(row: ItemRow) -> Self {
        Self {
            item_id: row.id,
            source: row.source,
            kind: row.kind.as_str(),
            severity: row.severity.as_str(),
            severity_now: row.severity_now.as_str(),
            team: row.team,
            asset_class: row.asset_class,
            state: state_word(row.state),
            origin: row.origin.to_string(),
            origin_imputed: row.origin_imputed,
            wall_seconds: row.lived_seconds,
            episodes: row.episodes,
            promised_seconds: row.promised_seconds,
            past_promised: row.is_overdue,
            sla_seconds_last: row.reported.map(|reported| reported.elapsed_seconds),
            sla_target_seconds_last: row.reported.map(|reported| reported.target_seconds),
            sla_met_last: row.reported.and_then(|reported| reported.met),
            sla_seconds_running: row.shown.map(|shown| shown.elapsed_seconds),
            sla_target_seconds_running: row.shown.map(|shown| shown.target_seconds),
            sla_shown_in_time: row.shown.map(|shown| shown.is_in_time()),
            reported_sla: row.claim.and_then(|claim| claim.verdict).map(Verdict::as_str),
            reported_due: row.claim.and_then(|claim| claim.due).map(|due| due.to_string()),
            reported_seconds: row.claim.and_then(|claim| claim.seconds),
            last_event_at: row.last_event.to_string(),
        }
    }
}

#[derive(Serialize)]
struct ItemDetailDto {
    #[serde(flatten)]
    item: ItemDto,
    promised_by: String,
    kev_due: Option<String>,
    weaknesses: Vec<WeaknessDto>,
    wall_seconds_of_all_episodes: i64,
    stretches: Vec<StretchDto>,
    events: Vec<serde_json::Value>,
}

/// What the world says of one weakness of the item.
#[derive(Serialize)]
struct WeaknessDto {
    cve: String,
    kev_added: Option<String>,
    kev_due: Option<String>,
    epss: Option<f64>,
    epss_date: Option<String>,
}

#[derive(Serialize)]
struct StretchDto {
    from: String,
    to: String,
    label: &'static str,
    seconds: i64,
    off_calendar_seconds: i64,
}

/// `GET /api/v1/items` with `limit`, `page` and the names of a view.
pub async fn list(State(state): State<ServerState>, Asking(caller): Asking, asked: Asked) -> Result<Response, Problem> {
    asked.parameters.only(&[&VIEW_NAMES[..], &["limit", "page"]].concat())?;
    let slice = Slice {
        column: Column::Id,
        direction: Direction::SmallestFirst,
        page: asked.parameters.number("page", 1, PAGE_MAX)?.unwrap_or(1),
        per_page: asked.parameters.number("limit", 1, ITEMS_PER_PAGE_MAX)?.unwrap_or(PER_PAGE),
    };
    let page = state.services.items(&caller, &asked.ask, slice).await.map_err(problem_of)?;
    Ok(private(ItemsDto {
        basis: (&page.basis).into(),
        page: page.page,
        pages: page.pages,
        items: page.rows.into_iter().map(ItemDto::from).collect(),
    }))
}

/// `GET /api/v1/items/{id}`
pub async fn one(
    State(state): State<ServerState>,
    Asking(caller): Asking,
    Segment(id): Segment,
    asked: Asked,
) -> Result<Response, Problem> {
    asked.parameters.only(&VIEW_NAMES)?;
    let found = state.services.item(&caller, &asked.ask, &id).await.map_err(problem_of)?;
    let events = found.events.iter().map(|event| serde_json::from_str(&event.body).unwrap_or_default());
    Ok(private(ItemDetailDto {
        promised_by: found.detail.promised_by.to_string(),
        kev_due: found.detail.facts.kev_due.map(|due| due.to_string()),
        weaknesses: weaknesses(&found.detail.weaknesses),
        wall_seconds_of_all_episodes: found.detail.wall_seconds,
        stretches: found.detail.stretches.iter().map(stretch).collect(),
        events: events.collect(),
        item: found.detail.row.into(),
    }))
}

fn weaknesses(known: &Weaknesses) -> Vec<WeaknessDto> {
    let row = |row: &WeaknessKnown| WeaknessDto {
        cve: row.cve.clone(),
        kev_added: row.kev.as_ref().map(|entry| entry.added_on.to_string()),
        kev_due: row.kev.as_ref().and_then(|entry| entry.due_on).map(|day| day.to_string()),
        epss: row.epss.as_ref().map(|score| score.score.share()),
        epss_date: row.epss.as_ref().and(known.scores_of).map(|day| day.to_string()),
    };
    known.rows.iter().map(row).collect()
}

fn stretch(stretch: &Stretch) -> StretchDto {
    StretchDto {
        from: stretch.from.to_string(),
        to: stretch.to.to_string(),
        label: stretch.label.as_str(),
        seconds: stretch.seconds,
        off_calendar_seconds: stretch.off_calendar_seconds,
    }
}
