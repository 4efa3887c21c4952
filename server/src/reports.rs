//! How does a reader get the board report? The figures of the page, drawn in a child process.

use axum::extract::State;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use render::report::{Model, Watermark};
use service::authorise::Caller;
use service::question::ask::Ask;
use service::report_model::About;
use service::{ServiceError, Services};

use crate::api::error::problem_of;
use crate::extract::ask::Asked;
use crate::extract::facts::Asking;
use crate::problem::{Code, Problem};
use crate::renderer::RenderFailed;
use crate::state::ServerState;

/// What the footer says of who may read it.
const CLASSIFICATION: &str = "internal";

/// `GET /reports/board.pdf`
pub async fn board_pdf(
    State(state): State<ServerState>,
    Asking(caller): Asking,
    asked: Asked,
) -> Result<Response, Problem> {
    let model = board_model(&state.services, &caller, &asked.ask).await.map_err(problem_of)?;
    let pdf = state.renderer.draw(&model).await.map_err(problem_of_drawing)?;
    let headers = [
        (CONTENT_TYPE, "application/pdf"),
        (CONTENT_DISPOSITION, "attachment; filename=\"wallclock-board-report.pdf\""),
    ];
    Ok((headers, pdf).into_response())
}

/// The report of a view, ready to be drawn.
///
/// # Errors
/// What the service says.
pub async fn board_model(services: &Services, caller: &Caller, ask: &Ask) -> Result<Model, ServiceError> {
    let organisation = services.organisation(caller).await?;
    let about = About {
        organisation: organisation.name,
        watermark: if organisation.is_sample { Watermark::Sample } else { Watermark::None },
        classification: CLASSIFICATION.to_owned(),
        frozen_at: services.now(),
    };
    services.board_report(caller, ask, &about).await
}

fn problem_of_drawing(failed: RenderFailed) -> Problem {
    match failed {
        RenderFailed::TooLong => Problem::new(Code::RenderTimeout).retry_after(10),
        RenderFailed::NoPdf => Problem::new(Code::RenderFailed).retry_after(10),
    }
}
