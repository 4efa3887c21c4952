//! From the share the tool reports as met to the share gone by the promised day, in points.

use super::{
    Step,
    population::{ToolClosed, ended_seconds},
    telescope,
};
use crate::{ledger::Frame, matured::on_time, share::Share, sla::report_records};
use domain::{
    fact::{ItemFacts, Outcome, SlaRecord},
    severity::Severity,
    view::Verification,
};

fn percent<T>(of: impl IntoIterator<Item = T>, yes: impl Fn(&T) -> bool) -> Option<f64> {
    Share::count(of, yes).percent()
}

/// Working seconds from the first record to the last close, by the severity at detection.
fn work(item: &ToolClosed<'_>, frame: &Frame<'_>) -> i64 {
    frame.calendar.working_seconds(item.facts.severity_at_detection(), item.first.start, item.last_end.at)
}

/// The steps over some items.
#[must_use]
pub fn points(items: &[&ItemFacts], frame: &Frame<'_>, mode: Verification) -> Vec<Step> {
    let policy = frame.policy;
    let target = |severity: Severity| policy.targets.get(severity).seconds;
    let promised = |facts: &ItemFacts| policy.targets.get(facts.severity_at_detection()).promised_seconds();
    let records: Vec<&SlaRecord> = items.iter().flat_map(|facts| report_records(facts, policy)).collect();
    let closed: Vec<ToolClosed<'_>> = items.iter().filter_map(|facts| ToolClosed::of(facts, policy, mode)).collect();
    let verified: Vec<ToolClosed<'_>> = closed.iter().copied().filter(ToolClosed::is_verified).collect();
    let is_met = |record: &&SlaRecord| record.met() == Some(true);
    let closed_in_promise = |item: &ToolClosed<'_>| item.last_end.at.since(item.episode.start) <= promised(item.facts);
    let ended_in_promise = |item: &ToolClosed<'_>| {
        item.episode.end.is_some_and(|end| end.at.since(item.episode.start) <= promised(item.facts))
    };
    let ended = items.iter().filter_map(|facts| Some((ended_seconds(facts, mode)?, promised(facts))));
    telescope([
        ("tool_sla_percent", percent(records.iter().copied(), is_met)),
        (
            "exceptions_not_compliant",
            percent(records.iter().copied().filter(|record| record.outcome == Outcome::Closed), is_met),
        ),
        ("one_record_per_item", percent(&closed, |item| item.last.met() == Some(true))),
        (
            "pauses",
            percent(&closed, |item| {
                item.last_end.elapsed_seconds + item.last_end.paused_seconds <= item.last_end.target_seconds
            }),
        ),
        ("resets_and_reopens", percent(&closed, |item| work(item, frame) <= target(item.last.severity))),
        (
            "severity_at_detection",
            percent(&closed, |item| work(item, frame) <= target(item.facts.severity_at_detection())),
        ),
        ("from_detection_in_real_days", percent(&closed, |item| closed_in_promise(item))),
        ("only_verified", percent(&verified, |item| closed_in_promise(item))),
        ("verification_lag", percent(&verified, |item| ended_in_promise(item))),
        ("excluded_and_exempt", percent(ended, |(lived, promised)| lived <= promised)),
        ("open_overdue_counted", on_time(items.iter().copied(), policy, &frame.view, mode).percent()),
    ])
}
