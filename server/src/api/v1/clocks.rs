//! How long does it really take? The curves of the page of clocks.

use axum::extract::State;
use axum::response::Response;
use serde::Serialize;
use service::question::clocks::CurveAnswer;

use super::answer::{AnswerDto, BasisDto, private};
use crate::api::error::problem_of;
use crate::extract::ask::{Asked, VIEW_NAMES};
use crate::extract::facts::Asking;
use crate::problem::Problem;
use crate::state::ServerState;

#[derive(Serialize)]
struct ClocksDto {
    basis: BasisDto,
    strict: CurveDto,
    lenient: CurveDto,
    promised_mean_days: Option<f64>,
    open_at_promise: AnswerDto,
    reported_open_at_promise: Option<f64>,
    tool_mean_days: AnswerDto,
}

#[derive(Serialize)]
struct CurveDto {
    episodes: u64,
    ended: u64,
    median_days: AnswerDto,
    p75_days: AnswerDto,
    p90_days: AnswerDto,
    open_share: Vec<OpenDto>,
    mean_within_horizon_days: AnswerDto,
    mean_of_ended_days: AnswerDto,
    points: Vec<PointDto>,
}

#[derive(Serialize)]
struct OpenDto {
    days: i64,
    open: AnswerDto,
}

#[derive(Serialize)]
struct PointDto {
    days: f64,
    open: f64,
    lower: f64,
    upper: f64,
}

/// `GET /api/v1/clocks`
pub async fn clocks(
    State(state): State<ServerState>,
    Asking(caller): Asking,
    asked: Asked,
) -> Result<Response, Problem> {
    asked.parameters.only(&VIEW_NAMES)?;
    let clocks = state.services.clocks(&caller, &asked.ask).await.map_err(problem_of)?;
    Ok(private(ClocksDto {
        basis: (&clocks.basis).into(),
        strict: curve("wall_median_strict", &clocks.strict),
        lenient: curve("wall_median_lenient", &clocks.lenient),
        promised_mean_days: clocks.promised_mean,
        open_at_promise: AnswerDto::of("wall_open_share", clocks.open_at_promise),
        reported_open_at_promise: clocks.reported_open_at_promise,
        tool_mean_days: AnswerDto::of("sla_tool_mean", clocks.tool_mean),
    }))
}

fn curve(median: &'static str, curve: &CurveAnswer) -> CurveDto {
    let open = |(days, open): &(i64, metrics::answer::Answer<f64>)| OpenDto {
        days: *days,
        open: AnswerDto::of("wall_open_share", *open),
    };
    CurveDto {
        episodes: curve.rows,
        ended: curve.ended,
        median_days: AnswerDto::of(median, curve.median),
        p75_days: AnswerDto::of("wall_p75", curve.p75),
        p90_days: AnswerDto::of("wall_p90", curve.p90),
        open_share: curve.open_share.iter().map(open).collect(),
        mean_within_horizon_days: AnswerDto::of("wall_rmst", curve.mean_within_horizon),
        mean_of_ended_days: AnswerDto::of("mttr_closed", curve.mean_of_ended),
        points: curve
            .points
            .iter()
            .map(|point| PointDto { days: point.days, open: point.open, lower: point.lower, upper: point.upper })
            .collect(),
    }
}
