//! Both clocks of one item, ready to be drawn to one scale.

use domain::fact::{Outcome, SlaRecord};
use domain::label::Label;
use domain::time::Timestamp;
use metrics::real::days as in_days;
use render::chart::{Band, ClockEvent, Ending, EventWeight, Record, SlaNote, Span, TwoClocks};
use service::question::item::{ItemDetail, Stretch};

use super::item::is_named;
use super::item_events::Line;
use super::items::outcome;
use crate::format;

/// The part of the drawing in which a note has room beside its place.
const NOTE_UNTIL: f64 = 0.85;

/// The drawing of the whole life of an item, from its first evidence on.
pub(crate) fn model(as_of: Timestamp, detail: &ItemDetail, lines: &[Line]) -> TwoClocks {
    let origin = detail.facts.origin;
    let day = |moment: Timestamp| in_days(moment.since(origin)).max(0.0);
    let last = detail.episodes.last();
    let end = last.and_then(|episode| episode.end).map_or(as_of, |end| end.at);
    let end_days = day(end).max(1.0 / 86_400.0);
    let is_open = last.is_some_and(|episode| episode.end.is_none());
    let wall = format::days_in_words(in_days(detail.wall_seconds));
    let span = |from: Timestamp, to: Timestamp| Span { from: day(from), to: day(to).min(end_days) };
    let records = &detail.facts.records;
    TwoClocks {
        title: "Two clocks of one item, to scale".to_owned(),
        description: format!("{} on the SLA clock; the wall clock shows {wall}.", sla_total(detail).0),
        end_days,
        end_text: format!("day {}", format::days(end_days)),
        end_long_text: if is_open {
            format!("still open, day {}", format::days(end_days))
        } else {
            format!("over, day {}", format::days(end_days))
        },
        ending: if is_open { Ending::StillOpen } else { Ending::Ended },
        promised: promised(detail, &day),
        records: records.iter().map(|record| drawn_record(record, end, &span)).collect(),
        notes: notes(records, end_days, &day),
        bands: detail.stretches.iter().map(|stretch| band(stretch, &span)).collect(),
        events: lines.iter().filter(|line| line.at <= end).map(|line| event(line, origin)).collect(),
        sla_total: sla_total(detail),
        wall_total: (wall, if is_open { "so far".to_owned() } else { "lived".to_owned() }),
        wall_text: if is_open {
            "exposed without a break since the first evidence".to_owned()
        } else {
            "exposed from the first evidence until the end".to_owned()
        },
    }
}

fn promised(detail: &ItemDetail, day: &impl Fn(Timestamp) -> f64) -> Option<(f64, String)> {
    let days = day(detail.promised_by);
    Some((days, format!("promised: gone by day {}", format::promised_days(days))))
}

fn sla_total(detail: &ItemDetail) -> (String, String) {
    detail.row.reported.as_ref().map_or_else(
        || ("–".to_owned(), "no record ended".to_owned()),
        |reported| (format::days_in_words(in_days(reported.elapsed_seconds)), "reported".to_owned()),
    )
}

fn drawn_record(record: &SlaRecord, end: Timestamp, span: &impl Fn(Timestamp, Timestamp) -> Span) -> Record {
    let until = record.end.map_or(end, |end| end.at);
    let short = outcome(record.outcome, record.met());
    let short = short.split(',').next().unwrap_or(short);
    let text = record.end.map_or_else(
        || "still runs".to_owned(),
        |end| format!("{}, {short}", format::days_in_words(in_days(end.elapsed_seconds))),
    );
    Record {
        span: span(record.start, until),
        pauses: record.pauses.iter().map(|(from, to)| span(*from, to.unwrap_or(until))).collect(),
        text,
        short_text: short.to_owned(),
    }
}

/// Where a record became exempt. Close to the end of the drawing there is no room for the words, and the record says it.
fn notes(records: &[SlaRecord], end_days: f64, day: &impl Fn(Timestamp) -> f64) -> Vec<SlaNote> {
    let exempt = records.iter().filter(|record| record.outcome == Outcome::Exempt).filter_map(|record| record.end);
    exempt
        .filter(|end| day(end.at) < end_days * NOTE_UNTIL)
        .map(|end| SlaNote {
            days: day(end.at),
            text: "exempt from here: counts as met".to_owned(),
            short_text: "exempt".to_owned(),
        })
        .collect()
}

/// A stretch of work holds hours off the calendar too; the drawing says how many days the clock really counted.
fn band(stretch: &Stretch, span: &impl Fn(Timestamp, Timestamp) -> Span) -> Band {
    let on = format::days(in_days(stretch.seconds));
    let days_text = if stretch.off_calendar_seconds > 0 && stretch.label != Label::OffCalendar {
        format!("{on} days on, {} off", format::days(in_days(stretch.off_calendar_seconds)))
    } else {
        format!("{} days", format::days(in_days(stretch.to.since(stretch.from))))
    };
    Band { label: stretch.label, span: span(stretch.from, stretch.to), days_text }
}

fn event(line: &Line, origin: Timestamp) -> ClockEvent {
    let day = |moment: Timestamp| in_days(moment.since(origin)).max(0.0);
    let actor = if line.actor.is_empty() { String::new() } else { format!(", {}", format::visible(&line.actor)) };
    ClockEvent {
        days: day(line.at),
        between: line.at_latest.map(|latest| Span { from: day(line.at), to: day(latest) }),
        name: line.event.replace('_', " "),
        detail: format!("{}{actor}", format::date(line.at)),
        weight: if is_named(line) { EventWeight::Named } else { EventWeight::TickOnly },
    }
}
