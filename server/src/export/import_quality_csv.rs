//! How does a reader get the quality report of an import as a file? A line for each figure, with what it is a part of.

use std::borrow::Cow;

use axum::{extract::State, response::Response};
use domain::time::Timestamp;
use service::{
    authorise::proof,
    ingest::{LATE_SECONDS, Measures, ReceivedAt},
    question::import_quality::{ImportQuality, MappingUsed},
};

use super::csv::Csv;
use super::mount::sent;
use crate::{
    api::error::problem_of,
    extract::{allowed::Allowed, path::Segment},
    odata::Value,
    problem::Problem,
    state::ServerState,
    uploads::imports,
};

/// The columns, in their order.
const COLUMNS: [&str; 4] = ["figure", "name", "value", "of"];

/// One figure of the report.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// Which.
    pub figure: &'static str,
    /// Of what, where there are several.
    pub name: String,
    /// What it comes to.
    pub value: Cell,
    /// What that is a part of.
    pub of: Option<u64>,
}

/// What a figure comes to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cell {
    /// A count or seconds.
    Number(i64),
    /// A moment or a word.
    Text(String),
}

impl std::fmt::Display for Cell {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Number(number) => write!(out, "{number}"),
            Self::Text(text) => out.write_str(text),
        }
    }
}

fn text(figure: &'static str, value: impl Into<String>) -> Row {
    Row { figure, name: String::new(), value: Cell::Text(value.into()), of: None }
}

fn count(figure: &'static str, name: &str, value: u64, of: Option<u64>) -> Row {
    number(figure, name, i64::try_from(value).unwrap_or(i64::MAX), of)
}

/// A span of time is a part of nothing.
fn seconds(figure: &'static str, name: &str, value: i64) -> Row {
    number(figure, name, value, None)
}

fn number(figure: &'static str, name: &str, value: i64, of: Option<u64>) -> Row {
    Row { figure, name: name.to_owned(), value: Cell::Number(value), of }
}

/// The report, figure by figure; what is not known has no line.
#[must_use]
pub fn rows(quality: &ImportQuality) -> Vec<Row> {
    let import = &quality.import;
    let moment = |figure, at: Option<Timestamp>| at.map(|at| text(figure, at.to_string()));
    let mut rows = vec![
        count("import", "", import.id.get().unsigned_abs(), None),
        text("source", import.source.as_str()),
        text("file", import.name.as_str()),
        text("state", import.state.as_str()),
    ];
    rows.extend(moment("started_at", Some(import.started_at)));
    rows.extend(moment("finished_at", import.finished_at));
    rows.extend(moment("withdrawn_at", import.withdrawn_at));
    rows.extend((!quality.withdrawn_by.is_empty()).then(|| text("withdrawn_by", quality.withdrawn_by.as_str())));
    rows.extend(mapping(&quality.mapping));
    rows.extend(quality.received_at.map(|stamp| {
        let word = match stamp {
            ReceivedAt::Stamped => "stamped",
            ReceivedAt::Carried => "carried",
            ReceivedAt::Assumed => "assumed",
        };
        text("received_at", word)
    }));
    let counts = import.counts;
    let parts = [("accepted", counts.accepted), ("duplicate", counts.duplicate), ("quarantined", counts.quarantined)];
    rows.push(count("lines", "received", counts.received, None));
    rows.extend(parts.map(|(name, value)| count("lines", name, value, Some(counts.received))));
    rows.push(count("items", "touched", import.items, None));
    if let Some(measures) = &quality.measures {
        rows.extend(measures.items_new.map(|new| count("items", "new", new, Some(import.items))));
        times(measures, &mut rows);
    }
    // A rule is met by records, by what is absent and by whole files: no number of lines is what it is a part of.
    rows.extend(quality.notes.met.iter().map(|(rule, met)| count("rule", rule, met.count, None)));
    rows.extend(quality.notes.no_event.iter().map(|(what, times)| count("no_event", what, *times, None)));
    rows.extend(quality.reasons.iter().map(|(reason, lines)| count("reason", reason, *lines, Some(counts.received))));
    rows
}

fn mapping(used: &MappingUsed) -> Vec<Row> {
    match used {
        MappingUsed::None => Vec::new(),
        MappingUsed::Own { format } => vec![text("format", format.as_str())],
        MappingUsed::Saved { format, version } => {
            vec![text("format", format.as_str()), number("mapping_version", "", *version, None)]
        }
    }
}

fn times(measures: &Measures, rows: &mut Vec<Row>) {
    let all = Some(measures.events);
    rows.push(count("events", "measured", measures.events, None));
    if let Some((first, last)) = measures.moments() {
        rows.extend([text("first_at", first.to_string()), text("last_at", last.to_string())]);
    }
    let sure = measures.certainty;
    for (name, value) in [("observed", sure.observed), ("derived", sure.derived), ("inferred", sure.inferred)] {
        rows.push(count("certainty", name, value, all));
    }
    rows.push(count("late", &format!("after {LATE_SECONDS} s"), measures.late, all));
    rows.push(count("out_of_order", "", measures.out_of_order, all));
    rows.extend(measures.spread.hundredth().map(|lag| seconds("skew_seconds", "1 % quantile", lag)));
    for (source, clock) in measures.clocks() {
        if let Some(ahead) = clock.runs_ahead() {
            rows.push(seconds("clock_ahead_seconds", source, ahead.seconds));
            rows.push(count("clock_ahead_events", source, ahead.beyond, Some(ahead.events)));
        }
    }
}

/// The report as a file.
#[must_use]
pub fn written(quality: &ImportQuality) -> Csv {
    let mut csv = Csv::of(&COLUMNS);
    for row in rows(quality) {
        let name = if row.name.is_empty() { Value::Null } else { Value::Text(Cow::Borrowed(&row.name)) };
        let value = match &row.value {
            Cell::Number(number) => Value::Integer(*number),
            Cell::Text(text) => Value::Text(Cow::Borrowed(text)),
        };
        let of = row.of.map_or(Value::Null, |of| Value::Integer(i64::try_from(of).unwrap_or(i64::MAX)));
        csv.values(&[Value::Text(Cow::Borrowed(row.figure)), name, value, of]);
    }
    csv
}

/// The report as an answer.
pub(crate) fn sent_of(quality: &ImportQuality) -> Response {
    sent(written(quality), "attachment; filename=\"import-quality.csv\"")
}

/// `GET /imports/{id}/quality.csv`.
///
/// # Errors
/// An import that is not there, or what the database said.
pub async fn quality_csv(
    State(state): State<ServerState>,
    Allowed(granted): Allowed<proof::ImportsWrite>,
    Segment(id): Segment,
) -> Result<Response, Problem> {
    let told = state.services.import_quality(&granted, imports::number(&id)?).await.map_err(problem_of)?;
    Ok(sent_of(&told))
}
