//! Which days does the ticket clock leave out? Pauses, resets, the time before the ticket and the hours off the calendar
//! (D2, D3, D7, D11).

use super::{
    ground::Ground,
    size::{Size, SizeUnit},
};
use crate::{
    real::{count_of, days, real},
    share::Share,
    survival::{curve::Curve, row::Row},
};
use domain::{
    fact::{ItemFacts, Outcome},
    label::Label,
};

/// D2: time under *waiting*, and the records that are met only because it does not count.
#[must_use]
pub fn pauses(ground: &Ground<'_>) -> Vec<Size> {
    let closed = || ground.records().filter(|record| record.outcome == Outcome::Closed);
    let flips = Share::count(closed(), |record| {
        record.met() == Some(true)
            && record.end.is_some_and(|end| end.elapsed_seconds + end.paused_seconds > end.target_seconds)
    });
    vec![
        Size::new("d2", "paused", SizeUnit::Days, ground.label_days(Label::Paused), ground.count()),
        Size::new("d2", "met_by_pausing", SizeUnit::Points, flips.percent(), flips.of()),
    ]
}

/// D3: time that a reset wiped or a false close hid, and how many records stand for one item.
#[must_use]
pub fn resets(ground: &Ground<'_>) -> Vec<Size> {
    let hidden = ground.labels.get(Label::OnClockReset) + ground.labels.get(Label::FalselyClosed);
    let records = ground.report.met.of();
    let items = items_with_records(ground);
    let more = (records > 0).then(|| real(records) - real(items));
    vec![
        Size::new(
            "d3",
            "reset_or_falsely_closed",
            SizeUnit::Days,
            (ground.count() > 0).then(|| days(hidden)),
            ground.count(),
        ),
        Size::new("d3", "records_beyond_items", SizeUnit::Count, more, records),
    ]
}

/// Items with at least one record in the report.
pub(super) fn items_with_records(ground: &Ground<'_>) -> u64 {
    let has_one = |facts: &&&ItemFacts| crate::sla::report_records(facts, ground.frame.policy).next().is_some();
    count_of(ground.facts.iter().filter(has_one).count())
}

/// D7: time before the ticket, and the age at which half of the items have one.
#[must_use]
pub fn ticket_lag(ground: &Ground<'_>) -> Vec<Size> {
    let rows: Vec<Row> = ground.facts.iter().map(|facts| until_first_record(facts, ground)).collect();
    let median = Curve::of_rows(&rows).quantile(0.5).map(days);
    vec![
        Size::new("d7", "untracked", SizeUnit::Days, ground.label_days(Label::Untracked), ground.count()),
        Size::new("d7", "median_to_ticket", SizeUnit::Days, median, ground.count()),
    ]
}

/// From the origin of an item to the start of its first record; an item that has none is watched as long as it was there.
fn until_first_record(facts: &ItemFacts, ground: &Ground<'_>) -> Row {
    let first = facts.records.first().map(|record| record.start);
    let last_end = facts.last_episode(ground.mode).and_then(|episode| episode.end).map(|end| end.at);
    let until = first.or(last_end).unwrap_or(ground.frame.view.as_of);
    Row { entry: 0, exit: until.since(facts.origin).max(1), ended: first.is_some() }
}

/// D11: time outside office hours, which attackers do not keep.
#[must_use]
pub fn off_calendar(ground: &Ground<'_>) -> Vec<Size> {
    vec![Size::new("d11", "off_calendar", SizeUnit::Days, ground.label_days(Label::OffCalendar), ground.count())]
}
