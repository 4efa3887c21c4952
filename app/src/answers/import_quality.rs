//! The quality report of an import in words.

use domain::time::Timestamp;
use service::ingest::{ByCertainty, ClockDecision, Measures, ReceivedAt};
use service::question::import_quality::{ImportQuality, MappingUsed};

use super::quality::share_of;
use crate::filter::encode;
use crate::format;
use crate::pages::imports::{ClockView, FigureRow, QualityView};
use crate::words::import_quality as words;

/// The report of one import.
pub(super) fn view(quality: &ImportQuality) -> QualityView {
    let import = &quality.import;
    let title = match &quality.measures {
        Some(measures) if measures.events > 0 => {
            let were = if measures.events == 1 { "was" } else { "were" };
            format!("{} {were} added to the log.", format::counted(measures.events, "event", "events"))
        }
        Some(_) => "No event was added to the log.".to_owned(),
        None => "The times of its events were not counted.".to_owned(),
    };
    let clocks = quality.measures.iter().flat_map(Measures::clocks);
    let decide = |source: &str| format!("/imports?source={}#clock", encode(source));
    let clocks = clocks
        .filter_map(|(source, clock)| Some((format::visible(&clock.runs_ahead()?.proposal(source)), decide(source))));
    QualityView {
        title,
        rows: rows(quality),
        clocks: clocks.collect(),
        mapping: mapping(quality),
        mapping_href: (quality.mapping != MappingUsed::None)
            .then(|| format!("/sources/mapping/{}", encode(&import.source))),
        withdrawn: import.withdrawn_at.map(|at| withdrawn(at, &quality.withdrawn_by)).unwrap_or_default(),
        reasons: quality.reasons.iter().map(|(reason, lines)| reason_words(reason, *lines, quality)).collect(),
        csv_href: format!("/imports/{}/quality.csv", import.id.get()),
        api_href: format!("/api/v1/imports/{}/quality", import.id.get()),
    }
}

/// What is decided about the clock of a source.
pub(super) fn clock(source: &str, decisions: &[ClockDecision], may_decide: MayDecide) -> ClockView {
    let title = match decisions.first().map_or(0, |decision| decision.seconds) {
        0 => format!("The times of {} count as they come.", format::visible(source)),
        seconds => format!("{seconds} s are subtracted from the times of {}.", format::visible(source)),
    };
    let said = |decision: &ClockDecision| {
        let (since, by) = (format::minute(decision.decided_at), format::visible(&decision.decided_by));
        format!("{} s since {since}, by {by}: {}", decision.seconds, format::visible(&decision.why))
    };
    ClockView {
        title,
        decisions: decisions.iter().map(said).collect(),
        action: (may_decide == MayDecide::Yes).then(|| format!("/sources/clock/{}", encode(source))),
    }
}

/// Whether the reader may decide about sources.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum MayDecide {
    Yes,
    No,
}

fn rows(quality: &ImportQuality) -> Vec<FigureRow> {
    let items = quality.import.items;
    let mut rows = Vec::new();
    if let Some(measures) = &quality.measures {
        if let Some((first, last)) = measures.moments() {
            rows.push(plain("First and last event", between(first, last), words::MOMENTS));
        }
        rows.extend(certainty(measures.certainty, measures.events));
        rows.push(part("Late", measures.late, measures.events, words::LATE));
        rows.push(part("Out of order", measures.out_of_order, measures.events, words::OUT_OF_ORDER));
        if let Some(lag) = measures.spread.hundredth() {
            rows.push(plain("Least delay", delay(lag), learnt(quality.received_at)));
        }
        if let Some(new) = measures.items_new {
            rows.push(part("New items", new, items, words::NEW));
        }
    }
    rows
}

fn plain(name: &str, value: String, means: &str) -> FigureRow {
    FigureRow { name: name.to_owned(), value, share: String::new(), means: means.to_owned() }
}

fn part(name: &str, count: u64, of: u64, means: &str) -> FigureRow {
    let value = format!("{} of {}", format::count(count), format::count(of));
    FigureRow { share: share_of(count, of), ..plain(name, value, means) }
}

fn certainty(by: ByCertainty, of: u64) -> [FigureRow; 3] {
    [
        part("Observed", by.observed, of, words::OBSERVED),
        part("Derived", by.derived, of, words::DERIVED),
        part("Inferred", by.inferred, of, words::INFERRED),
    ]
}

fn between(first: Timestamp, last: Timestamp) -> String {
    format!("{} to {}", format::minute(first), format::minute(last))
}

/// A delay is a span after, or where a clock runs ahead, before.
fn delay(lag: i64) -> String {
    let span = format::span(lag.unsigned_abs());
    if lag < 0 { format!("{span} before it happened") } else { span }
}

const fn learnt(received_at: Option<ReceivedAt>) -> &'static str {
    match received_at {
        Some(ReceivedAt::Carried) => words::CARRIED,
        Some(ReceivedAt::Assumed) => words::ASSUMED,
        Some(ReceivedAt::Stamped) | None => words::STAMPED,
    }
}

fn mapping(quality: &ImportQuality) -> String {
    match &quality.mapping {
        MappingUsed::None => "Canonical events; no mapping was needed.".to_owned(),
        MappingUsed::Saved { format, version } => format!("Read as {format} by version {version} of its mapping."),
        MappingUsed::Own { format } => format!("Read as {format} by what was said with the file."),
    }
}

fn withdrawn(at: Timestamp, by: &str) -> String {
    let by = if by.is_empty() { String::new() } else { format!(" by {}", format::visible(by)) };
    format!("Taken back {}{by}.", format::minute(at))
}

fn reason_words(reason: &str, lines: u64, quality: &ImportQuality) -> String {
    let received = format::count(quality.import.counts.received);
    format!("{} of {received} lines held: {reason}", format::count(lines))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_delay_below_zero_is_told_as_one_before() {
        assert_eq!(delay(90), "1 min");
        assert_eq!(delay(-125), "2 min before it happened");
        assert_eq!(learnt(Some(ReceivedAt::Assumed)), words::ASSUMED);
    }

    #[test]
    fn a_part_says_what_it_is_a_part_of() {
        let row = part("Late", 1, 4, "why");
        assert_eq!((row.value.as_str(), row.share.as_str()), ("1 of 4", "25\u{202f}%"));
        assert_eq!(part("Late", 0, 0, "why").share, "–");
        assert_eq!(withdrawn(Timestamp::from_seconds(0), "person 3"), "Taken back 1 Jan 1970, 00:00 UTC by person 3.");
    }
}
