//! How does a reader get the held lines of the page as a file?

use app::answers::quality::held_filter_of;
use axum::{
    extract::{RawQuery, State},
    response::Response,
};
use service::{authorise::proof, question::quality::HeldLine};

use super::csv::Csv;
use super::mount::sent;
use crate::{
    api::error::problem_of,
    extract::{allowed::Allowed, facts::Asking},
    problem::{Code, Problem},
    state::ServerState,
};

/// The columns, in their order.
const COLUMNS: [&str; 10] =
    ["id", "source", "import", "line", "byte", "received_at", "reason", "faults", "raw_bytes", "raw"];

/// `GET /quality.csv`, with the address of the page behind the question mark: the file holds the lines of the whole list.
///
/// # Errors
/// A parameter that cannot be used, a reader who sees no raw lines, or what the database said.
pub async fn quality_csv(
    State(state): State<ServerState>,
    Allowed(_): Allowed<proof::NamesRead>,
    Asking(caller): Asking,
    RawQuery(query): RawQuery,
) -> Result<Response, Problem> {
    let filter = held_filter_of(query.as_deref().unwrap_or_default())
        .map_err(|error| Problem::new(Code::BadParameter).detail(error.to_string()))?;
    let lines = state.services.held_lines_of(&caller, &filter).await.map_err(problem_of)?;
    let csv = tokio::task::spawn_blocking(move || written(&lines)).await.map_err(|_| Problem::new(Code::Internal))?;
    Ok(sent(csv, "attachment; filename=\"held-lines.csv\""))
}

/// Held lines as a file.
#[must_use]
pub fn written(lines: &[HeldLine]) -> Csv {
    let mut csv = Csv::of(&COLUMNS);
    let number = |value: Option<u64>| value.map_or_else(String::new, |value| value.to_string());
    for line in lines {
        csv.texts(&[
            line.id.get().to_string(),
            line.source.clone(),
            line.import.map_or_else(String::new, |import| import.get().to_string()),
            number(line.line),
            number(line.byte),
            line.received_at.to_string(),
            line.reason.as_str().to_owned(),
            line.faults.clone(),
            line.raw_bytes.to_string(),
            String::from_utf8_lossy(&line.raw).into_owned(),
        ]);
    }
    csv
}
