//! From the mean the tool reports to the median of all lives, in days.

use super::{
    Step,
    population::{ToolClosed, ended_seconds},
    telescope,
};
use crate::{
    ledger::Frame,
    real::{count_of, days as in_days, mean_days, whole},
    sla::SlaReport,
    survival::{curve::Curve, row::rows_of},
};
use domain::{fact::ItemFacts, time::DAY_SECONDS, view::Verification};

fn mean(seconds: &[i64]) -> Option<f64> {
    mean_days(seconds.iter().sum(), count_of(seconds.len()))
}

/// The steps over some items; `horizon_days` bounds the mean that counts the open ones.
#[must_use]
pub fn days(items: &[&ItemFacts], frame: &Frame<'_>, mode: Verification, horizon_days: i64) -> Vec<Step> {
    let closed: Vec<ToolClosed<'_>> =
        items.iter().filter_map(|facts| ToolClosed::of(facts, frame.policy, mode)).collect();
    let verified: Vec<ToolClosed<'_>> = closed.iter().copied().filter(ToolClosed::is_verified).collect();
    let over = |of: &[ToolClosed<'_>], seconds: &dyn Fn(&ToolClosed<'_>) -> i64| {
        mean(&of.iter().map(seconds).collect::<Vec<i64>>())
    };
    let from_start = |item: &ToolClosed<'_>| item.last_end.at.since(item.episode.start);
    let to_end = |item: &ToolClosed<'_>| item.episode.end.map_or(0, |end| end.at.since(item.episode.start));
    let ended: Vec<i64> = items.iter().filter_map(|facts| ended_seconds(facts, mode)).collect();
    let rows: Vec<_> = items.iter().flat_map(|facts| rows_of(facts, &frame.view, mode)).collect();
    let curve = Curve::of_rows(&rows);
    let restricted = || curve.restricted_mean(horizon_days * DAY_SECONDS).0 / whole(DAY_SECONDS);
    let mut values = vec![
        ("tool_mean", SlaReport::of(items.iter().copied(), frame.policy).tool_mean_days()),
        ("one_record_per_item", over(&closed, &|item| item.last_end.elapsed_seconds)),
        ("pauses", over(&closed, &|item| item.last_end.elapsed_seconds + item.last_end.paused_seconds)),
        ("off_calendar_hours", over(&closed, &|item| item.last_end.at.since(item.last.start))),
        ("resets_and_reopens", over(&closed, &|item| item.last_end.at.since(item.first.start))),
        ("detection_to_ticket", over(&closed, &from_start)),
        ("only_verified", over(&verified, &from_start)),
        ("verification_lag", over(&verified, &to_end)),
        ("excluded_and_exempt", mean(&ended)),
        ("still_open_items", (!rows.is_empty()).then(restricted)),
    ];
    if let Some(median) = curve.quantile(0.5) {
        values.push(("mean_to_median", Some(in_days(median))));
    }
    telescope(values)
}
