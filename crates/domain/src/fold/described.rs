//! What do the events say of an item beside its clocks?

use super::{
    actions::actions,
    work::{deeds, detections, stretches},
};
use crate::{
    actor::ActorType,
    agent_action::AgentAction,
    claim::{Claim, claims},
    event::{EventTies, GivenSeverity, ItemEvent},
    event_name::EventName,
    fact::{Check, Ties},
    flag::{Flag, Flags},
    severity::Severity,
    time::Timestamp,
    work::{FirstDetections, PersonDeed, Stretch},
};

/// What the events say of the item beside its clocks.
pub(super) struct Described {
    pub(super) origin_imputed: bool,
    pub(super) kind: Option<Box<str>>,
    pub(super) team: Option<Box<str>>,
    pub(super) asset_class: Option<Box<str>>,
    pub(super) kev_due: Option<Timestamp>,
    pub(super) ties: Ties,
    pub(super) checks: Vec<Check>,
    pub(super) patches: Vec<(Timestamp, Box<str>)>,
    pub(super) last_sighting: Option<Timestamp>,
    pub(super) detections: FirstDetections,
    pub(super) deeds: Vec<PersonDeed>,
    pub(super) stretches: Vec<Stretch>,
    pub(super) actions: Vec<AgentAction>,
    pub(super) claims: Vec<(Timestamp, Claim)>,
    pub(super) touched: bool,
    pub(super) agent: bool,
    pub(super) events: u32,
    pub(super) flags: Flags,
}

/// Reads the events of one item, which stand in their order.
pub(super) fn describe(events: &[ItemEvent], origin: Timestamp) -> Described {
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
        ties: ties(events),
        checks: checks(events),
        patches: patches(events),
        last_sighting: events.iter().rev().find(|event| event.name.is_sighting()).map(|event| event.at),
        detections: detections(events),
        deeds: deeds(events),
        stretches: stretches(events),
        actions: actions(events),
        claims: claims(events),
        touched: events.iter().any(|event| !event.name.is_passive()),
        agent: events.iter().any(by_agent),
        events: u32::try_from(events.len()).unwrap_or(u32::MAX),
        flags,
    }
}

/// Severity at detection: the first known one on whichever event, medium if there is none.
pub(super) fn first_severity(events: &[ItemEvent]) -> Severity {
    events.iter().find_map(|event| event.severity.and_then(GivenSeverity::known)).unwrap_or(Severity::Medium)
}

/// The first non-empty text in the order of events.
fn first_text<'a>(events: &'a [ItemEvent], field: impl Fn(&'a ItemEvent) -> Option<&'a str>) -> Option<Box<str>> {
    events.iter().filter_map(field).find(|text| !text.is_empty()).map(Box::from)
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

fn ties(events: &[ItemEvent]) -> Ties {
    let first = |field: fn(&EventTies) -> &Option<Box<str>>| first_text(events, |event| field(&event.ties).as_deref());
    let every = |list: fn(&EventTies) -> &Vec<Box<str>>| {
        let mut all: Vec<Box<str>> = events.iter().flat_map(|event| list(&event.ties).iter().cloned()).collect();
        all.sort_unstable();
        all.dedup();
        all
    };
    Ties {
        asset: first(|ties| &ties.asset),
        weakness: first(|ties| &ties.weakness),
        ticket: first(|ties| &ties.ticket),
        playbook: first(|ties| &ties.playbook),
        techniques: every(|ties| &ties.techniques),
        cves: every(|ties| &ties.cves),
    }
}

/// Verifications, each compared with the latest fix before it, or with the latest close where no fix is recorded.
fn checks(events: &[ItemEvent]) -> Vec<Check> {
    let mut checks = Vec::new();
    let (mut fixer, mut closer) = (None, None);
    for event in events {
        let actor = event.actor.as_deref().filter(|actor| !actor.is_empty());
        if event.name == EventName::FixApplied {
            fixer = actor;
        } else if event.name == EventName::Closed {
            closer = actor;
        } else if event.name == EventName::Verified {
            let own_work = actor.zip(fixer.or(closer)).map(|(checker, worker)| checker == worker);
            checks.push(Check { at: event.at, own_work, attested: event.ties.attested });
        }
    }
    checks
}

fn patches(events: &[ItemEvent]) -> Vec<(Timestamp, Box<str>)> {
    let named = events.iter().filter(|event| event.name.may_end_an_item());
    named.filter_map(|event| Some((event.at, event.ties.patch.clone()?))).collect()
}
