//! What did one episode look like on both clocks? Its SLA clock, its wall clock, and the label of each second.

use domain::label::Label;

use super::axis::in_words;
use super::label_look::{label_letter, label_name};
use super::{two_clocks_narrow, two_clocks_wide};
use crate::svg::{Size, Svg, TableTwin};

/// A stretch of days since the first evidence.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Span {
    pub from: f64,
    pub to: f64,
}

/// One cycle of the ticket tool's clock.
#[derive(Clone, Debug, PartialEq)]
pub struct Record {
    pub span: Span,
    /// Inside the record, when its clock stood still.
    pub pauses: Vec<Span>,
    /// `6.7 days, met`
    pub text: String,
    /// `met`, where the page is narrow.
    pub short_text: String,
}

/// Words on the SLA row that belong to no record: `exempt from here: counts as compliant`.
#[derive(Clone, Debug, PartialEq)]
pub struct SlaNote {
    pub days: f64,
    pub text: String,
    pub short_text: String,
}

/// A stretch with one label.
#[derive(Clone, Debug, PartialEq)]
pub struct Band {
    pub label: Label,
    pub span: Span,
    /// `7.0 days`
    pub days_text: String,
}

/// Whether an event is worth words in the drawing; the table beside it always has all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EventWeight {
    Named,
    TickOnly,
}

/// One event of the episode.
#[derive(Clone, Debug, PartialEq)]
pub struct ClockEvent {
    pub days: f64,
    /// Where an inferred time may lie; drawn as a bar.
    pub between: Option<Span>,
    /// `exception granted`
    pub name: String,
    /// `8 Dec, risk-board`
    pub detail: String,
    pub weight: EventWeight,
}

/// One episode on both clocks, all on one scale of days since the first evidence.
#[derive(Clone, Debug, PartialEq)]
pub struct TwoClocks {
    pub title: String,
    pub description: String,
    /// Length of the episode, or its age as-of when it is still open.
    pub end_days: f64,
    /// `day 97.6`
    pub end_text: String,
    /// `verified, day 97.6`, where the page is narrow.
    pub end_long_text: String,
    /// Still open: the wall clock is drawn without an end.
    pub ending: Ending,
    pub promised: Option<(f64, String)>,
    pub records: Vec<Record>,
    pub notes: Vec<SlaNote>,
    pub bands: Vec<Band>,
    pub events: Vec<ClockEvent>,
    /// `6.7 days` and `reported`
    pub sla_total: (String, String),
    /// `97.6 days` and `lived`
    pub wall_total: (String, String),
    /// `exposed without a break from the first evidence until an independent scan found it gone`
    pub wall_text: String,
}

/// Whether the wall clock still runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    Ended,
    StillOpen,
}

/// Draws both clocks to one scale: time to the right, or downwards where the page is narrow.
#[must_use]
pub fn two_clocks(model: &TwoClocks, size: Size) -> Svg {
    if size.is_narrow() { two_clocks_narrow::draw(model, size) } else { two_clocks_wide::draw(model, size) }
}

pub(super) fn table(model: &TwoClocks) -> TableTwin {
    let mut table = TableTwin::new(&["Kind", "From day", "To day", "What"]);
    let day = |days: f64| in_words((days * 10.0).round() / 10.0);
    for record in &model.records {
        table.push(["SLA record", &day(record.span.from), &day(record.span.to), &record.text]);
    }
    for band in &model.bands {
        let what = format!("{} {}, {}", label_letter(band.label), label_name(band.label), band.days_text);
        table.push(["label", &day(band.span.from), &day(band.span.to), &what]);
    }
    for event in &model.events {
        let what = format!("{}, {}", event.name, event.detail);
        let span = event.between.unwrap_or(Span { from: event.days, to: event.days });
        table.push(["event", &day(span.from), &day(span.to), &what]);
    }
    table
}

/// Days between two marks of the scale: weeks for a quarter, then months and years.
pub(super) fn mark_step(end_days: f64, marks_max: f64) -> f64 {
    const STEPS: [f64; 12] = [0.25, 1.0, 2.0, 7.0, 14.0, 28.0, 56.0, 91.0, 182.0, 365.0, 730.0, 1825.0];
    STEPS.into_iter().find(|step| end_days / step <= marks_max).unwrap_or(3650.0)
}
