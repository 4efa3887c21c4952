//! Who moved an item on, who found it first, and what was its time spent on?

use super::actions::{asked, reference_of};
use crate::{
    actor::ActorType,
    event::ItemEvent,
    event_name::EventName,
    reason_code::ReasonCode,
    work::{Deed, FirstDetections, PersonDeed, Spent, Stretch},
};

/// The first detection by a machine, and the first by anybody else.
pub(super) fn detections(events: &[ItemEvent]) -> FirstDetections {
    let first = |by_machine: bool| {
        let mut detected = events.iter().filter(|event| event.name == EventName::Detected);
        detected.find(|event| (event.actor_type == Some(ActorType::System)) == by_machine).map(|event| event.at)
    };
    FirstDetections { by_machine: first(true), by_others: first(false) }
}

/// Fixes and decisions of people; a name without a type is a person's.
pub(super) fn deeds(events: &[ItemEvent]) -> Vec<PersonDeed> {
    let asked = asked(events);
    let is_person = |event: &&ItemEvent| matches!(event.actor_type, None | Some(ActorType::Human));
    let deed_of = |event: &ItemEvent| {
        let by = event.actor.clone().filter(|actor| !actor.is_empty())?;
        let is_answer = event.name == EventName::Rejected && asked.contains(reference_of(event));
        let deed = match event.name {
            EventName::FixApplied => Deed::Fix,
            EventName::Authorised => Deed::Answer,
            EventName::Rejected if is_answer => Deed::Answer,
            EventName::Approved | EventName::Rejected => Deed::Approval,
            EventName::Detected
            | EventName::Ticketed
            | EventName::Seen
            | EventName::Triaged
            | EventName::SeverityChanged
            | EventName::Assigned
            | EventName::Reassigned
            | EventName::WorkStarted
            | EventName::Escalated
            | EventName::Proposed
            | EventName::Executed
            | EventName::Resumed
            | EventName::Paused
            | EventName::ExceptionExpired
            | EventName::ExceptionGranted
            | EventName::Closed
            | EventName::VerificationFailed
            | EventName::Verified
            | EventName::Decommissioned
            | EventName::FalsePositive
            | EventName::Reverted
            | EventName::Redetected
            | EventName::Reopened
            | EventName::Merged => return None,
        };
        Some(PersonDeed { at: event.at, by, deed })
    };
    events.iter().filter(is_person).filter_map(deed_of).collect()
}

/// What is going on between two events.
#[derive(Clone, Copy, Default)]
struct Now {
    touching: bool,
    excepted: Option<ReasonCode>,
    paused: Option<ReasonCode>,
}

impl Now {
    /// Hands on come before any reason to wait, as an exception comes before a pause.
    fn spent(self) -> Option<Spent> {
        let waiting = self.excepted.or(self.paused).map(Spent::Waiting);
        if self.touching { Some(Spent::Touch) } else { waiting }
    }

    #[expect(clippy::wildcard_enum_match_arm, reason = "no other event starts or ends work or waiting")]
    fn after(mut self, event: &ItemEvent) -> Self {
        match event.name {
            EventName::WorkStarted => self.touching = true,
            EventName::Paused => (self.touching, self.paused) = (false, event.ties.reason),
            EventName::Resumed => self.paused = None,
            EventName::Reassigned | EventName::FixApplied => self.touching = false,
            EventName::ExceptionGranted => self.excepted = event.ties.reason,
            EventName::ExceptionExpired => self.excepted = None,
            name if name.may_end_an_item() => self = Self::default(),
            _ => {}
        }
        self
    }
}

/// Stretches of work and of waiting for a given reason; they do not overlap and none is empty.
pub(super) fn stretches(events: &[ItemEvent]) -> Vec<Stretch> {
    let mut all: Vec<Stretch> = Vec::new();
    let mut now = Now::default();
    for event in events {
        let (before, next) = (now.spent(), now.after(event));
        now = next;
        if before == now.spent() {
            continue;
        }
        if let Some(open) = all.last_mut().filter(|stretch| stretch.to.is_none()) {
            open.to = Some(event.at);
        }
        all.extend(now.spent().map(|spent| Stretch { from: event.at, to: None, spent }));
    }
    all.retain(|stretch| stretch.to != Some(stretch.from));
    all
}
