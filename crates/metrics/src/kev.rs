//! Were outside deadlines kept? Items known to be exploited, against the due date somebody else set (methods.md 3).

use crate::{
    flow::open_episode,
    real::{count_of, days},
    share::Share,
};
use domain::{fact::ItemFacts, time::Timestamp, view::Verification};

/// Items whose first episode ended by the due date, among those whose due date has come.
pub fn on_time<'a>(items: impl IntoIterator<Item = &'a ItemFacts>, as_of: Timestamp, mode: Verification) -> Share {
    let due = items.into_iter().filter(|facts| is_due(facts, as_of));
    Share::count(due, |facts| is_met(facts, mode))
}

/// Whether an item has a due date that has come.
#[must_use]
pub fn is_due(facts: &ItemFacts, as_of: Timestamp) -> bool {
    facts.kev_due.is_some_and(|due| due < as_of)
}

/// Whether its first episode had ended by its due date.
#[must_use]
pub fn is_met(facts: &ItemFacts, mode: Verification) -> bool {
    let first_end = facts.episodes(mode).next().and_then(|episode| episode.end);
    first_end.zip(facts.kev_due).is_some_and(|(end, due)| end.at <= due)
}

/// Seconds from the due date of an item to the end of its first episode, or to the end of the view while it lasts;
/// negative where it ended before its day. `None` where no due date has come.
#[must_use]
pub fn seconds_over(facts: &ItemFacts, as_of: Timestamp, mode: Verification) -> Option<i64> {
    let due = facts.kev_due.filter(|due| *due < as_of)?;
    let end = facts.episodes(mode).next().and_then(|episode| episode.end);
    Some(end.map_or(as_of, |end| end.at).since(due))
}

/// Half of the items whose due date has come but was not met are over it by no more than this, in days, and how many
/// there are. What is still open counts as far as it has come, so this is a lower bound.
pub fn median_days_over<'a>(
    items: impl IntoIterator<Item = &'a ItemFacts>,
    as_of: Timestamp,
    mode: Verification,
) -> Option<(f64, u64)> {
    let over =
        items.into_iter().filter(|facts| !is_met(facts, mode)).filter_map(|facts| seconds_over(facts, as_of, mode));
    let mut over: Vec<i64> = over.collect();
    over.sort_unstable();
    let middle = over.get(over.len().saturating_sub(1) / 2).copied()?;
    Some((days(middle), count_of(over.len())))
}

/// Whether an item is open past its due date.
#[must_use]
pub fn is_open_past_due(facts: &ItemFacts, as_of: Timestamp, mode: Verification) -> bool {
    is_due(facts, as_of) && open_episode(facts, mode).is_some()
}
