//! Does the size of a bar hang on its place in the list? The same rules switched on in every possible order, and each
//! rule's size averaged over all of them (Shapley), exactly (methods.md 4.1).
//!
//! Offered for the bars that change how the time of one and the same item is counted; a bar that changes who is counted
//! has no other place to stand.

use super::population::ToolClosed;
use crate::{
    ledger::Frame,
    real::{count_of, mean_days, real},
    share::Share,
};
use domain::{fact::ItemFacts, time::Timestamp, view::Verification};

/// Rules a value can switch.
const RULES: usize = 4;
/// Pauses count.
const PAUSES: u32 = 1;
/// Days: every hour counts. Points: from the last reset back to the first record.
const SECOND: u32 = 2;
/// Days: from the first record on. Points: against the severity at detection.
const THIRD: u32 = 4;
/// From the start of the episode on; in points in real days, against what is promised.
const FROM_START: u32 = 8;

/// The rules of the bars in days, in the order of the waterfall.
pub const DAYS: [&str; RULES] = ["pauses", "off_calendar_hours", "resets_and_reopens", "detection_to_ticket"];
/// The rules of the bars in points, in the order of the waterfall.
pub const POINTS: [&str; RULES] =
    ["pauses", "resets_and_reopens", "severity_at_detection", "from_detection_in_real_days"];

/// The average size of each of `rules` rules over all orders in which they can be switched on; bit `i` of the argument of
/// `value` says whether rule `i` is on. `None` where some value is missing.
#[must_use]
pub fn shapley(rules: usize, value: impl Fn(u32) -> Option<f64>) -> Option<Vec<f64>> {
    let sets = 1_u32.checked_shl(u32::try_from(rules).ok()?)?;
    let values: Vec<f64> = (0..sets).map(value).collect::<Option<_>>()?;
    let of = |set: u32| values.get(usize::try_from(set).unwrap_or_default()).copied().unwrap_or_default();
    let size = |rule: usize| {
        let bit = 1_u32 << rule;
        let without = (0..sets).filter(|set| set & bit == 0);
        without.map(|set| share_of_orders(set.count_ones(), rules) * (of(set | bit) - of(set))).sum()
    };
    Some((0..rules).map(size).collect())
}

/// The share of all orders in which just these many rules stand before a given one: s! (k − s − 1)! / k!.
fn share_of_orders(before: u32, rules: usize) -> f64 {
    let choices = (1..=before).fold(1.0, |product, step| {
        let left = real(count_of(rules)) - f64::from(step);
        product * left / f64::from(step)
    });
    1.0 / (real(count_of(rules)) * choices)
}

/// The bars in days over the items whose ticket stands closed, each with its average size. They add up from the mean of
/// one record an item to the mean from the start of the episode to the last close.
#[must_use]
pub fn days(items: &[&ItemFacts], frame: &Frame<'_>, mode: Verification) -> Option<Vec<(&'static str, f64)>> {
    let closed = closed(items, frame, mode);
    let mean = |rules: u32| {
        mean_days(closed.iter().map(|item| counted_seconds(item, frame, rules)).sum(), count_of(closed.len()))
    };
    Some(DAYS.into_iter().zip(shapley(RULES, mean)?).collect())
}

/// The bars in points over the same items. They add up from one record an item, met or not, to gone by the promised day.
#[must_use]
pub fn points(items: &[&ItemFacts], frame: &Frame<'_>, mode: Verification) -> Option<Vec<(&'static str, f64)>> {
    let closed = closed(items, frame, mode);
    let percent = |rules: u32| Share::count(&closed, |item| is_in_time(item, frame, rules)).percent();
    Some(POINTS.into_iter().zip(shapley(RULES, percent)?).collect())
}

fn closed<'a>(items: &[&'a ItemFacts], frame: &Frame<'_>, mode: Verification) -> Vec<ToolClosed<'a>> {
    items.iter().filter_map(|facts| ToolClosed::of(facts, frame.policy, mode)).collect()
}

/// Seconds of an item under some rules: its last record, and whatever of the time before it the rules take in, by the
/// calendar or by the wall clock.
fn counted_seconds(item: &ToolClosed<'_>, frame: &Frame<'_>, rules: u32) -> i64 {
    let is_on = |rule: u32| rules & rule != 0;
    let measure = |from: Timestamp, to: Timestamp| {
        if is_on(SECOND) {
            to.since(from)
        } else {
            // A ticket older than the episode takes time away, whichever way it is counted.
            let worked = |from, to| frame.calendar.working_seconds(item.last.severity, from, to);
            worked(from, to) - worked(to, from)
        }
    };
    let whole = measure(item.last.start, item.last_end.at);
    let pauses = item.last.pauses.iter().map(|(from, to)| measure(*from, to.unwrap_or(item.last_end.at)));
    let paused = if is_on(PAUSES) { 0 } else { pauses.sum::<i64>() };
    let before = if is_on(THIRD) { measure(item.first.start, item.last.start) } else { 0 };
    let untracked = if is_on(FROM_START) { measure(item.episode.start, item.first.start) } else { 0 };
    whole - paused + before + untracked
}

fn is_in_time(item: &ToolClosed<'_>, frame: &Frame<'_>, rules: u32) -> bool {
    let is_on = |rule: u32| rules & rule != 0;
    let at_detection = item.facts.severity_at_detection();
    let severity = if is_on(THIRD) { at_detection } else { item.last.severity };
    let target = frame.policy.targets.get(severity);
    if is_on(FROM_START) {
        return item.last_end.at.since(item.episode.start) <= target.promised_seconds();
    }
    let paused = if is_on(PAUSES) { 0 } else { item.last_end.paused_seconds };
    let with_pauses = if is_on(SECOND) {
        frame.calendar.working_seconds(at_detection, item.first.start, item.last_end.at)
    } else {
        item.last_end.elapsed_seconds + item.last_end.paused_seconds
    };
    let limit = if is_on(SECOND) || is_on(THIRD) { target.seconds } else { item.last_end.target_seconds };
    with_pauses - paused <= limit
}
