//! The events of one item as the log holds them, read for the page.

use domain::time::Timestamp;
use metrics::real::days as in_days;
use serde_json::{Map, Value};
use service::question::ask::Shown;
use service::question::item::ItemDetail;

use crate::format;
use crate::pages::item::{EventRow, EventTable};
use crate::words::source_clock as words;

/// One event, read from its canonical line.
pub(crate) struct Line {
    pub(crate) at: Timestamp,
    pub(crate) at_latest: Option<Timestamp>,
    pub(crate) event: String,
    pub(crate) actor: String,
    actor_type: String,
    certainty: String,
    note: String,
    source: String,
    raw: String,
}

/// The events in the order in which they happened.
pub(crate) fn lines(shown: &[Shown]) -> Vec<Line> {
    let mut lines: Vec<Line> = shown.iter().filter_map(line).collect();
    lines.sort_by_key(|line| line.at);
    lines
}

fn line(shown: &Shown) -> Option<Line> {
    let fields: Map<String, Value> = serde_json::from_str(&shown.body).ok()?;
    let text = |name: &str| fields.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
    let moment = |name: &str| Timestamp::parse(&text(name)).ok();
    let to = text("to");
    let put_right = if shown.is_corrected { words::CORRECTED } else { "" };
    let note = [text("reason"), if to.is_empty() { String::new() } else { format!("to {to}") }, put_right.to_owned()];
    Some(Line {
        at: moment("at")?,
        at_latest: moment("at_latest"),
        event: text("event"),
        actor: text("actor"),
        actor_type: text("actor_type"),
        certainty: text("certainty"),
        note: note.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(", "),
        source: shown.source.clone(),
        raw: shown.body.clone(),
    })
}

/// The table of all events.
pub(crate) fn events(detail: &ItemDetail, lines: Vec<Line>) -> EventTable {
    let uncertain = lines.iter().filter(|line| !line.certainty.is_empty() && line.certainty != "observed").count();
    let count = lines.len() as u64;
    let caption = if uncertain == 0 {
        "All times UTC, recorded to the second; none inferred".to_owned()
    } else {
        format!("All times UTC; {uncertain} of {} are derived or inferred", format::count(count))
    };
    EventTable {
        title: format!("{}, each with its source.", format::counted(count, "event", "events")),
        caption,
        rows: lines.into_iter().map(|line| row(detail.facts.origin, line)).collect(),
    }
}

fn row(origin: Timestamp, line: Line) -> EventRow {
    let actor_type = match line.actor_type.as_str() {
        "" if line.actor.is_empty() => "",
        "agent" => "agent",
        "system" => "system",
        _ => "person",
    };
    let at = line.at_latest.map_or_else(
        || format::time(line.at),
        |latest| format!("{} to {}", format::time(line.at), format::time(latest)),
    );
    EventRow {
        day: format::days(in_days(line.at.since(origin))),
        at,
        name: line.event.replace('_', " "),
        effect: format::visible(&line.note),
        actor: format::visible(&line.actor),
        actor_type: actor_type.to_owned(),
        source: line.source,
        certainty: if line.certainty.is_empty() { "observed".to_owned() } else { line.certainty },
        raw: Some(format::visible(&line.raw)),
    }
}
