//! What happened to this one? Its facts, and every second of its life with its label, ready to be drawn to scale.

use super::{
    items::{ItemRow, row},
    weaknesses::Weaknesses,
};
use domain::{
    event::ItemEvent,
    fact::{Episode, ItemFacts},
    fold::{LabelledSpan, timeline},
    label::{Label, LabelSeconds},
    time::Timestamp,
    view::Verification,
};
use metrics::{
    ledger::{Frame, LedgerItem},
    matured::promised_by,
};

/// The answer of the page of one item; its events come from the log.
#[derive(Clone, Debug, PartialEq)]
pub struct ItemDetail {
    /// What a list says of it.
    pub row: ItemRow,
    /// All facts.
    pub facts: ItemFacts,
    /// Its episodes in the mode of the view.
    pub episodes: Vec<Episode>,
    /// Every second of its episodes by label, in the mode of the view.
    pub labels: LabelSeconds,
    /// Their sum.
    pub wall_seconds: i64,
    /// The same seconds laid out in time, oldest first.
    pub spans: Vec<LabelledSpan>,
    /// The same again with working hours and the hours between them taken together: few enough to be drawn.
    pub stretches: Vec<Stretch>,
    /// The promised day.
    pub promised_by: Timestamp,
    /// What the world says of its weaknesses; nothing for readers who may not see names.
    pub weaknesses: Weaknesses,
}

/// A stretch between two events.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stretch {
    /// Its first second.
    pub from: Timestamp,
    /// Its end, left out.
    pub to: Timestamp,
    /// What it was; a stretch of work carries the label of its hours on the clock.
    pub label: Label,
    /// Seconds under that label.
    pub seconds: i64,
    /// Seconds off the calendar inside a stretch of work.
    pub off_calendar_seconds: i64,
}

/// The answer for one item: its events of the view, after merges, in any order. `None` without any.
#[must_use]
pub fn item(known: &LedgerItem, events: Vec<ItemEvent>, frame: &Frame<'_>, mode: Verification) -> Option<ItemDetail> {
    let as_of = frame.view.as_of;
    let laid_out = timeline(events, frame.policy, frame.calendar, as_of)?;
    let facts = laid_out.facts;
    let spans = in_mode(laid_out.spans, &facts, mode);
    let item = LedgerItem { key: known.key, id: known.id.clone(), source: known.source.clone(), facts };
    let facts = &item.facts;
    Some(ItemDetail {
        row: row(&item, frame, mode),
        episodes: facts.episodes(mode).collect(),
        labels: facts.labels(as_of, mode, frame.calendar),
        wall_seconds: facts.wall_seconds(as_of, mode),
        stretches: stretches(&spans),
        spans,
        promised_by: promised_by(facts, frame.policy),
        weaknesses: Weaknesses::default(),
        facts: item.facts,
    })
}

/// Where every close is believed, an item that stands closed ended at that close.
fn in_mode(spans: Vec<LabelledSpan>, facts: &ItemFacts, mode: Verification) -> Vec<LabelledSpan> {
    let (Verification::Lenient, Some(close)) = (mode, facts.standing_close) else {
        return spans;
    };
    spans
        .into_iter()
        .filter(|span| span.from < close)
        .map(|span| LabelledSpan { to: span.to.min(close), ..span })
        .collect()
}

const fn is_work(label: Label) -> bool {
    matches!(label, Label::OnClockFinal | Label::OnClockReset | Label::OffCalendar)
}

/// Joins the working hours of one record with the hours between them.
fn stretches(spans: &[LabelledSpan]) -> Vec<Stretch> {
    let mut stretches: Vec<Stretch> = Vec::new();
    for span in spans {
        match stretches.last_mut().filter(|last| last.to == span.from && joins(last.label, span.label)) {
            Some(last) => grow(last, span),
            None => {
                let mut fresh =
                    Stretch { from: span.from, to: span.from, label: span.label, seconds: 0, off_calendar_seconds: 0 };
                grow(&mut fresh, span);
                stretches.push(fresh);
            }
        }
    }
    stretches
}

/// Work joins work, but the last record never joins one that was wiped.
fn joins(one: Label, other: Label) -> bool {
    let is_off = |label| label == Label::OffCalendar;
    is_work(one) && is_work(other) && (one == other || is_off(one) || is_off(other))
}

fn grow(stretch: &mut Stretch, span: &LabelledSpan) {
    let seconds = span.to.since(span.from);
    stretch.to = span.to;
    if span.label == Label::OffCalendar {
        stretch.off_calendar_seconds += seconds;
    } else {
        stretch.label = span.label;
        stretch.seconds += seconds;
    }
}
