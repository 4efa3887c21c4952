//! How would the clocks of a few items run? The events of a draft, folded as the log would fold them, and kept nowhere.

use crate::question::{
    ask::{ItemWithEvents, Shown},
    item::item,
};
use domain::{event::ItemEvent, fold::fold, id::EventSeq, time::Timestamp, view::Verification};
use formats::{canonical::item_event, foreign::histories::Histories};
use metrics::ledger::{Frame, LedgerItem};

/// So many items are shown.
const ITEMS_SHOWN: usize = 3;

/// The items with most events, each with its two clocks.
pub(super) fn clocks(histories: Histories, source: &str, frame: &Frame<'_>) -> Vec<ItemWithEvents> {
    let mut items: Vec<(String, Vec<String>)> = histories.items.into_iter().collect();
    for (_, lines) in &mut items {
        lines.sort();
        lines.dedup();
    }
    items.sort_by(|(one, lines), (other, others)| others.len().cmp(&lines.len()).then_with(|| one.cmp(other)));
    items.into_iter().filter_map(|(id, lines)| clock(&id, lines, source, frame)).take(ITEMS_SHOWN).collect()
}

fn clock(id: &str, lines: Vec<String>, source: &str, frame: &Frame<'_>) -> Option<ItemWithEvents> {
    let now = frame.view.as_of;
    let events = events(&lines, now);
    let facts = fold(events.clone(), frame.policy, frame.calendar)?;
    let known = LedgerItem { key: None, id: id.into(), source: Some(source.into()), facts };
    let detail = item(&known, events, frame, Verification::Strict)?;
    let shown = |(place, body): (i64, String)| Shown {
        seq: EventSeq::from_row(place),
        received_at: now,
        body,
        source: source.to_owned(),
        is_corrected: false,
    };
    Some(ItemWithEvents { detail, events: (0..).zip(lines).map(shown).collect() })
}

/// What happened before now; what would be held as lying in the future runs no clock.
fn events(lines: &[String], now: Timestamp) -> Vec<ItemEvent> {
    lines.iter().filter_map(|line| item_event(line, now).ok()).filter(|event| event.at < now).collect()
}
