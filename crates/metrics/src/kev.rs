//! Were outside deadlines kept? Items known to be exploited, against the due date somebody else set (methods.md 3).

use crate::share::Share;
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
