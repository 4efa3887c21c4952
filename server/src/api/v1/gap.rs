//! Are we as safe as the report says? The figures of the first page.

use axum::extract::State;
use axum::response::Response;
use metrics::claimed::Claimed;
use serde::Serialize;
use service::question::gap::{Gap, TimePart};

use super::answer::{AnswerDto, BasisDto, ShareDto, private};
use crate::api::error::problem_of;
use crate::extract::ask::{Asked, VIEW_NAMES};
use crate::extract::facts::Asking;
use crate::problem::Problem;
use crate::state::ServerState;

#[derive(Serialize)]
struct GapDto {
    basis: BasisDto,
    reported: AnswerDto,
    records: ShareDto,
    exempt_records: u64,
    shown_open: AnswerDto,
    running_records: ShareDto,
    claimed: AnswerDto,
    claims: ClaimsDto,
    on_time: AnswerDto,
    promises: ShareDto,
    on_time_lenient: AnswerDto,
    apart: AnswerDto,
    time: TimeDto,
    days: DaysDto,
    exploited_on_time: ShareDto,
    kev_catalogue: Option<String>,
    flow: FlowDto,
}

/// Items by the ticket tool's own verdict.
#[derive(Serialize)]
struct ClaimsDto {
    met: u64,
    breached: u64,
    running: u64,
    none: u64,
}

#[derive(Serialize)]
struct TimeDto {
    total_seconds: i64,
    board_share: Option<f64>,
    labels: Vec<LabelDto>,
}

#[derive(Serialize)]
struct LabelDto {
    label: &'static str,
    seconds: i64,
    share: Option<f64>,
    items: u64,
}

#[derive(Serialize)]
struct DaysDto {
    tool_mean: AnswerDto,
    promised_mean: Option<f64>,
    median_strict: AnswerDto,
    median_lenient: AnswerDto,
    over_promise: Option<f64>,
}

#[derive(Serialize)]
struct FlowDto {
    arrivals: u64,
    resolved: u64,
    window_days: f64,
    open_now: u64,
    mean_open_age_days: Option<f64>,
    never_touched: u64,
}

/// `GET /api/v1/gap`
pub async fn gap(State(state): State<ServerState>, Asking(caller): Asking, asked: Asked) -> Result<Response, Problem> {
    asked.parameters.only(&VIEW_NAMES)?;
    let gap = state.services.gap(&caller, &asked.ask).await.map_err(problem_of)?;
    Ok(private(dto(&gap)))
}

fn dto(gap: &Gap) -> GapDto {
    GapDto {
        basis: (&gap.basis).into(),
        reported: AnswerDto::of("sla_percent", gap.reported),
        records: gap.records.into(),
        exempt_records: gap.exempt_records,
        shown_open: AnswerDto::of("sla_shown_open", gap.shown_open),
        running_records: gap.running_records.into(),
        claimed: AnswerDto::of("sla_reported_percent", gap.claimed),
        claims: claims(gap.verdicts),
        on_time: AnswerDto::of("on_time_matured", gap.on_time),
        promises: gap.promises.into(),
        on_time_lenient: AnswerDto::of("on_time_matured", gap.on_time_lenient),
        apart: AnswerDto::of("gap_points", gap.apart),
        time: TimeDto {
            total_seconds: gap.time.total_seconds,
            board_share: gap.time.board_share,
            labels: gap.time.parts.iter().map(label).collect(),
        },
        days: DaysDto {
            tool_mean: AnswerDto::of("sla_tool_mean", gap.days.tool_mean),
            promised_mean: gap.days.promised_mean,
            median_strict: AnswerDto::of("wall_median_strict", gap.days.median_strict),
            median_lenient: AnswerDto::of("wall_median_lenient", gap.days.median_lenient),
            over_promise: gap.days.over_promise,
        },
        exploited_on_time: gap.left_out.exploited_on_time.into(),
        kev_catalogue: gap.catalogue.as_ref().map(|feed| feed.published_on.to_string()),
        flow: FlowDto {
            arrivals: gap.flow.arrivals,
            resolved: gap.flow.resolved,
            window_days: gap.flow.window_days,
            open_now: gap.flow.open_now,
            mean_open_age_days: gap.flow.mean_open_age_days,
            never_touched: gap.flow.never_touched,
        },
    }
}

const fn claims(claimed: Claimed) -> ClaimsDto {
    ClaimsDto { met: claimed.met, breached: claimed.breached, running: claimed.running, none: claimed.no_promise }
}

fn label(part: &TimePart) -> LabelDto {
    LabelDto { label: part.label.as_str(), seconds: part.seconds, share: part.share, items: part.items }
}
