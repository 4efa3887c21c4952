//! The fold: the events of one item, in any order and however often repeated, become its facts.
//!
//! Pure and total: every sequence has an answer, odd ones are repaired and flagged. It costs the item's own events.

mod pieces;
mod records;
mod state;

use crate::{
    actor::ActorType,
    calendar::Calendar,
    event::{GivenSeverity, ItemEvent},
    event_name::EventName,
    fact::ItemFacts,
    flag::{Flag, Flags},
    policy::Policy,
    severity::Severity,
    time::Timestamp,
};
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

fn describe(events: &[ItemEvent], origin: Timestamp) -> Described {
    let mut flags = flags_of_fields(events, origin);
    let kev_due = first_text(events, |event| event.kev_due.as_deref());
    let due = kev_due.as_deref().map(Timestamp::parse);
    flags.raise_by(Flag::IgnoredKevDue, u32::from(matches!(due, Some(Err(_)))));
    let by_agent = |event: &ItemEvent| {
        matches!(event.name, EventName::FixApplied | EventName::Closed) && event.actor_type == Some(ActorType::Agent)
    };
    Described {
        origin_imputed: flags.count(Flag::OriginImputed) > 0,
        kind: first_text(events, |event| event.kind.as_deref()),
        team: first_text(events, |event| event.team.as_deref()),
        asset_class: first_text(events, |event| event.asset_class.as_deref()),
        kev_due: due.and_then(Result::ok),
        touched: events.iter().any(|event| !event.name.is_passive()),
        agent: events.iter().any(by_agent),
        events: u32::try_from(events.len()).unwrap_or(u32::MAX),
        flags,
    }
}

/// What the events say of the item beside its clocks.
struct Described {
    origin_imputed: bool,
    kind: Option<Box<str>>,
    team: Option<Box<str>>,
    asset_class: Option<Box<str>>,
    kev_due: Option<Timestamp>,
    touched: bool,
    agent: bool,
    events: u32,
    flags: Flags,
}

/// The first non-empty text in the order of events.
fn first_text<'a>(events: &'a [ItemEvent], field: impl Fn(&'a ItemEvent) -> Option<&'a str>) -> Option<Box<str>> {
    events.iter().filter_map(field).find(|text| !text.is_empty()).map(Box::from)
}

/// Severity at detection: the first known one on whichever event, medium if there is none.
fn first_severity(events: &[ItemEvent]) -> Severity {
    events.iter().find_map(|event| event.severity.and_then(GivenSeverity::known)).unwrap_or(Severity::Medium)
}

fn flags_of_fields(events: &[ItemEvent], origin: Timestamp) -> Flags {
    let mut flags = Flags::default();
    if !events.iter().any(|event| event.name == EventName::Detected && event.at == origin) {
        flags.raise(Flag::OriginImputed);
    }
    let unknown = events.iter().filter(|event| event.severity == Some(GivenSeverity::Unknown)).count();
    flags.raise_by(Flag::IgnoredSeverity, u32::try_from(unknown).unwrap_or(u32::MAX));
    flags
}
