//! The fold: the events of one item, in any order and however often repeated, become its facts.
//!
//! Pure and total: every sequence has an answer, odd ones are repaired and flagged. It costs the item's own events.

mod actions;
mod described;
mod pieces;
mod records;
mod state;
mod work;

use crate::{
    calendar::Calendar, event::ItemEvent, event_name::EventName, fact::ItemFacts, policy::Policy, time::Timestamp,
};
use described::{Described, describe, first_severity};
pub use pieces::LabelledSpan;
use pieces::Life;
use state::State;

/// Folds the events of one item; `None` when there is no event but merges.
///
/// The events may come in any order; they must be those of one item (after merges), each once.
///
/// ```
/// # use domain::{calendar::Calendar, event::ItemEvent, event_name::EventName, fold::fold, policy::Policy, time::Timestamp};
/// let policy = Policy::built_in().unwrap();
/// let calendar = Calendar::of(&policy).unwrap();
/// let at = Timestamp::from_seconds;
/// let events = vec![
///     ItemEvent::bare(EventName::Verified, at(90)),
///     ItemEvent::bare(EventName::Detected, at(10)),
/// ];
/// let facts = fold(events, &policy, &calendar).unwrap();
/// assert_eq!(facts.episodes[0].end.unwrap().at, at(90));
/// ```
#[must_use]
pub fn fold(events: Vec<ItemEvent>, policy: &Policy, calendar: &Calendar) -> Option<ItemFacts> {
    let (state, described) = run(events, policy, calendar)?;
    Some(state.into_facts(described))
}

/// The facts of one item together with its seconds in order: which stretch of its life had which label.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Timeline {
    /// What [`fold`] gives.
    pub facts: ItemFacts,
    /// Every second of every episode up to the end of the view (strict), oldest first; they add up to
    /// [`ItemFacts::labels`].
    pub spans: Vec<LabelledSpan>,
}

/// Folds the events of one item and lays its labels out in time, up to `as_of`, which must lie after every event.
#[must_use]
pub fn timeline(events: Vec<ItemEvent>, policy: &Policy, calendar: &Calendar, as_of: Timestamp) -> Option<Timeline> {
    let (state, described) = run(events, policy, calendar)?;
    let pieces = state.pieces_until(as_of);
    let facts = state.into_facts(described);
    let life = Life { episodes: &facts.episodes, records: &facts.records, closures: &facts.closures, calendar };
    let spans = life.spans(&pieces);
    Some(Timeline { facts, spans })
}

/// Lets all events pass, in their order.
fn run<'a>(mut events: Vec<ItemEvent>, policy: &'a Policy, calendar: &'a Calendar) -> Option<(State<'a>, Described)> {
    events.retain(|event| event.name != EventName::Merged);
    events.sort_by(ItemEvent::order);
    let origin = events.first()?.at;
    let mut state = State::new(origin, first_severity(&events), policy, calendar);
    for event in &events {
        state.apply(event);
    }
    Some((state, describe(&events, origin)))
}
