//! What would come of a draft, in words: counts, first events, held lines, rules, and the clocks of a few items.

use domain::quarantine::Reason;
use domain::time::Timestamp;
use render::chart::two_clocks;
use service::draft::{Look, Seen};

use super::chart::{Widths, drawn};
use super::item::{answer, caption};
use super::item_clocks::model;
use super::item_events::lines;
use super::reason_words::meaning;
use crate::format;
use crate::pages::mapping::{ClockView, PreviewView};

/// Events and held lines that are written out.
const LINES_SHOWN: usize = 10;
/// Letters of an example that are shown.
const EXAMPLE_LETTERS: usize = 120;

/// The counts of the first records and what they are made of.
pub(super) fn preview(seen: &Seen) -> PreviewView {
    let (events, held) = (seen.events.values().sum::<u64>(), seen.held.values().sum::<u64>());
    let quiet: u64 = seen.no_event.values().sum();
    let counted = |(name, count): (&String, &u64)| (name.replace('_', " "), format::count(*count));
    let records = format::counted(seen.rows, "record", "records");
    let title = if seen.whole {
        format!("What would come of all {records}.")
    } else {
        format!("What would come of the first {records}.")
    };
    PreviewView {
        title,
        note: note(seen),
        counts: [events + held, events, held, quiet].map(format::count),
        events: seen.events.iter().map(counted).collect(),
        sentences: sentences(seen),
        held: seen.held.iter().map(held_reason).collect(),
        held_lines: held_lines(seen),
        quiet: seen.no_event.iter().map(|(what, count)| (what.clone(), format::count(*count))).collect(),
        rules: seen
            .rules
            .iter()
            .map(|(rule, met)| {
                let by: String = met.examples.join(", ").chars().take(EXAMPLE_LETTERS).collect();
                let by = if by.is_empty() { by } else { format!("By {by}") };
                [rule.clone(), format::capitalised(&met.class), format::count(met.count), by]
            })
            .collect(),
    }
}

fn note(seen: &Seen) -> String {
    let moment = |text: &Option<String>| text.as_deref().and_then(|text| Timestamp::parse(text).ok()).map(format::date);
    let span = match (moment(&seen.first_at), moment(&seen.last_at)) {
        (Some(first), Some(last)) => format!("From {first} to {last}. "),
        _ => String::new(),
    };
    let fault = seen.fault.as_ref().map(|(_, what)| format!(" Reading ended there: {what}.")).unwrap_or_default();
    format!("{span}Nothing of it is stored yet; what came before will count as duplicate.{fault}")
}

fn sentences(seen: &Seen) -> Vec<String> {
    let events = seen.sample.iter().flat_map(|row| &row.events).take(LINES_SHOWN);
    let sentence = events.map(|event| {
        let at = moment(&event.at);
        let when = match &event.at_latest {
            Some(latest) => format!("between {at} and {}", moment(latest)),
            None => at,
        };
        format!("{}: {}, {when}", event.item, event.event.replace('_', " "))
    });
    sentence.collect()
}

fn moment(text: &str) -> String {
    Timestamp::parse(text).map_or_else(|_| text.to_owned(), format::time)
}

fn held_reason((reason, count): (&String, &u64)) -> (String, String, String) {
    let words = reason.parse::<Reason>().map(|reason| meaning(reason).0).unwrap_or_default();
    (reason.clone(), words.to_owned(), format::count(*count))
}

fn held_lines(seen: &Seen) -> Vec<String> {
    let held = seen.sample.iter().flat_map(|row| row.held.iter().map(move |held| (row.line, held)));
    let line = held.take(LINES_SHOWN).map(|(line, held)| {
        let column = held.column.as_ref().map(|column| format!(", {column}")).unwrap_or_default();
        let hint = held.hint.as_ref().map(|hint| format!("; {hint}")).unwrap_or_default();
        format!("Line {}{column}: {}{hint}.", format::count(line), held.detail)
    });
    line.collect()
}

/// The items with most events, as their own pages would draw them.
pub(super) fn clocks(look: &Look) -> Vec<ClockView> {
    let clock = |found: &service::question::ask::ItemWithEvents| {
        let (detail, lines) = (&found.detail, lines(&found.events));
        let count = format::counted(lines.len() as u64, "event", "events");
        ClockView {
            item: detail.row.id.clone(),
            sentences: answer(detail),
            chart: drawn(&model(look.as_of, detail, &lines), two_clocks, Widths::FULL),
            caption: format!("{count}. {}", caption(detail)),
        }
    };
    look.clocks.iter().map(clock).collect()
}
