//! The quality report of an import in words.

use domain::time::Timestamp;
use service::ingest::{AHEAD_SECONDS_MIN, AheadBy, ByCertainty, ClockDecision, ImportState, Measures, ReceivedAt};
use service::question::import_quality::{ImportQuality, MappingUsed};

use super::quality::share_of;
use crate::filter::encode;
use crate::format;
use crate::pages::imports::{ClockView, FigureRow, QualityView};
use crate::words::import_quality as words;

/// The report of one import.
pub(super) fn view(quality: &ImportQuality, planned: &[String]) -> QualityView {
    let import = &quality.import;
    let has_counted = matches!(import.state, ImportState::Published | ImportState::Withdrawn);
    let clocks = quality.measures.iter().flat_map(Measures::clocks);
    let decide = |source: &str| format!("/imports?source={}#clock", encode(source));
    let clocks = clocks.filter_map(|(source, clock)| Some((proposal(source, clock.runs_ahead()?), decide(source))));
    QualityView {
        title: quality.measures.as_ref().map_or_else(
            || "The times of its events were not counted.".to_owned(),
            |measures| if has_counted { added(measures.events) } else { read_so_far(measures.events) },
        ),
        note: if has_counted { words::NOTE } else { words::NOTE_UNCOUNTED }.to_owned(),
        rows: rows(quality),
        clocks: clocks.collect(),
        mapping: mapping(quality),
        // A source that never had a saved mapping has no page of it.
        mapping_href: (quality.mapping != MappingUsed::None && planned.contains(&import.source))
            .then(|| format!("/sources/mapping/{}", encode(&import.source))),
        withdrawn: import.withdrawn_at.map(|at| withdrawn(at, &quality.withdrawn_by)).unwrap_or_default(),
        reasons: quality.reasons.iter().map(|(reason, lines)| reason_words(reason, *lines, quality)).collect(),
        csv_href: format!("/imports/{}/quality.csv", import.id.get()),
        api_href: format!("/api/v1/imports/{}/quality", import.id.get()),
    }
}

fn added(events: u64) -> String {
    match events {
        0 => "No event was added to the log.".to_owned(),
        1 => "1 event was added to the log.".to_owned(),
        many => format!("{} events were added to the log.", format::count(many)),
    }
}

/// Of an import that never counted.
fn read_so_far(events: u64) -> String {
    match events {
        0 => "No event was read so far.".to_owned(),
        1 => "1 event was read so far; it does not count.".to_owned(),
        many => format!("{} events were read so far; none of them counts.", format::count(many)),
    }
}

/// What is proposed about a clock that runs ahead.
fn proposal(source: &str, ahead: AheadBy) -> String {
    let (beyond, events) = (format::count(ahead.beyond), format::count(ahead.events));
    let by = format!("{beyond} of {events} events by more than {AHEAD_SECONDS_MIN} s");
    format!("{}, whose clock seems {} s ahead ({by}): {}", format::visible(source), ahead.more(), ahead.advice())
}

/// What is decided about the clock of a source.
pub(super) fn clock(source: &str, decisions: &[ClockDecision], may_decide: MayDecide) -> ClockView {
    let of = format::visible(source);
    let title = match decisions.first().map_or(0, |decision| decision.seconds) {
        0 => format!("The times of {of} count as they come."),
        seconds if seconds < 0 => {
            format!("{} s are added to the times of {of}.", format::count(seconds.unsigned_abs()))
        }
        seconds => format!("{} s are subtracted from the times of {of}.", format::count(seconds.unsigned_abs())),
    };
    let said = |decision: &ClockDecision| {
        let (since, by) = (format::minute(decision.decided_at), format::visible(&decision.decided_by));
        format!("{} since {since}, by {by}: {}", put_right(decision.seconds), format::visible(&decision.why))
    };
    ClockView {
        title,
        decisions: decisions.iter().map(said).collect(),
        action: (may_decide == MayDecide::Yes).then(|| format!("/sources/clock/{}", encode(source))),
    }
}

fn put_right(seconds: i64) -> String {
    let by = format::count(seconds.unsigned_abs());
    match seconds {
        0 => "As they come".to_owned(),
        ..0 => format!("{by} s added"),
        1.. => format!("{by} s subtracted"),
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
            rows.push(plain("Delay of the fastest hundredth", delay(lag), learnt(quality.received_at)));
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
    use std::collections::BTreeMap;

    use service::ingest::Notes;

    use super::super::imports::tests::stored;
    use super::*;

    #[test]
    fn a_delay_below_zero_is_told_as_one_before() {
        assert_eq!(delay(90), "1 min");
        assert_eq!(delay(-125), "2 min before it happened");
        assert_eq!(learnt(Some(ReceivedAt::Assumed)), words::ASSUMED);
    }

    fn quality(state: ImportState, events: u64) -> ImportQuality {
        let measures = format!(r#"{{"events":{events}}}"#);
        ImportQuality {
            import: stored(state),
            withdrawn_by: String::new(),
            received_at: None,
            mapping: MappingUsed::Own { format: "csv".to_owned() },
            notes: Notes::default(),
            reasons: BTreeMap::new(),
            measures: serde_json::from_str(&measures).unwrap(),
        }
    }

    #[test]
    fn what_never_counted_is_not_said_to_be_added() {
        let told = |state, events| {
            let view = view(&quality(state, events), &[]);
            (view.title, view.note)
        };
        let published = ("3 events were added to the log.".to_owned(), words::NOTE.to_owned());
        assert_eq!(told(ImportState::Published, 3), published);
        assert_eq!(told(ImportState::Withdrawn, 3), published);
        for state in [
            ImportState::Running,
            ImportState::Paused,
            ImportState::Interrupted,
            ImportState::Failed,
            ImportState::Held,
            ImportState::Cancelled,
        ] {
            let title = "3 events were read so far; none of them counts.".to_owned();
            assert_eq!(told(state, 3), (title, words::NOTE_UNCOUNTED.to_owned()));
        }
        assert_eq!(told(ImportState::Held, 1).0, "1 event was read so far; it does not count.");
    }

    #[test]
    fn only_a_source_with_a_saved_mapping_leads_to_it() {
        let report = quality(ImportState::Published, 3);
        assert_eq!(view(&report, &[]).mapping_href, None);
        let planned = view(&report, &["scanner".to_owned()]).mapping_href;
        assert_eq!(planned.as_deref(), Some("/sources/mapping/scanner"));
    }

    #[test]
    fn a_clock_that_runs_behind_has_seconds_added() {
        let decision = |seconds| ClockDecision {
            seconds,
            decided_at: Timestamp::from_seconds(0),
            decided_by: "operator".to_owned(),
            why: "its clock".to_owned(),
        };
        let told = |seconds| clock("scanner", &[decision(seconds)], MayDecide::No);
        assert_eq!(told(-5).title, "5 s are added to the times of scanner.");
        assert_eq!(told(-5).decisions, ["5 s added since 1 Jan 1970, 00:00 UTC, by operator: its clock"]);
        assert_eq!(told(1_200).title, "1\u{202f}200 s are subtracted from the times of scanner.");
        assert_eq!(told(0).decisions, ["As they come since 1 Jan 1970, 00:00 UTC, by operator: its clock"]);
    }

    #[test]
    fn a_proposal_groups_its_numbers_as_the_page_does() {
        let ahead = AheadBy { seconds: 120, subtracted: 0, beyond: 8_000, events: 20_000 };
        let expected = "scanner, whose clock seems 120 s ahead (8\u{202f}000 of 20\u{202f}000 events by more than 60 s): subtract 120 s";
        assert_eq!(proposal("scanner", ahead), expected);
        let more = proposal("scanner", AheadBy { seconds: 190, subtracted: 120, ..ahead });
        assert!(more.contains("seems 70 s ahead") && more.ends_with("subtract 70 s more (190 s in all)"), "{more}");
    }

    #[test]
    fn a_part_says_what_it_is_a_part_of() {
        let row = part("Late", 1, 4, "why");
        assert_eq!((row.value.as_str(), row.share.as_str()), ("1 of 4", "25\u{202f}%"));
        assert_eq!(part("Late", 0, 0, "why").share, "–");
        assert_eq!(withdrawn(Timestamp::from_seconds(0), "person 3"), "Taken back 1 Jan 1970, 00:00 UTC by person 3.");
    }
}
