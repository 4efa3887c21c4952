//! Which events belong to one action of an agent, and what became of it?

use crate::{
    agent_action::{AgentAction, ContextLayers, Verdict},
    event::ItemEvent,
    event_name::EventName,
    time::Timestamp,
};
use std::collections::BTreeSet;

/// The actions of agents on one item, whose events stand in their order.
pub(super) fn actions(events: &[ItemEvent]) -> Vec<AgentAction> {
    let mut story = Story { asked: asked(events), layers: ContextLayers::default(), actions: Vec::new() };
    for event in events {
        story.take(event);
    }
    story.actions
}

/// The references of questions that were put to a role: an answer to one of them is none to an agent.
pub(super) fn asked(events: &[ItemEvent]) -> BTreeSet<&str> {
    let questions = events.iter().filter(|event| event.name == EventName::Escalated);
    questions.map(reference_of).filter(|reference| !reference.is_empty()).collect()
}

/// What ties an event to others; empty where it says nothing.
pub(super) fn reference_of(event: &ItemEvent) -> &str {
    event.ties.reference.as_deref().unwrap_or_default()
}

struct Story<'a> {
    asked: BTreeSet<&'a str>,
    layers: ContextLayers,
    actions: Vec<AgentAction>,
}

impl Story<'_> {
    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "all other events can add a truth to an action, and nothing else"
    )]
    fn take(&mut self, event: &ItemEvent) {
        self.layers = self.layers.joined(event.ties.context);
        let layers = self.layers;
        match event.name {
            EventName::Proposed => self.change(event, |action| {
                action.proposed = action.proposed.or(Some(event.at));
            }),
            EventName::Approved | EventName::Rejected => self.change(event, |action| judge(action, event, layers)),
            EventName::Executed => self.change(event, |action| {
                action.executed = action.executed.or(Some(event.at));
                action.context = action.context.or(Some(layers));
            }),
            EventName::Reverted => self.change(event, |action| {
                action.reverted = action.reverted.or(Some(event.at));
            }),
            EventName::Redetected | EventName::VerificationFailed => {
                self.came(event.at, |action| &mut action.redetected)
            }
            EventName::Verified => self.came(event.at, |action| &mut action.verified),
            _ => {}
        }
        if !is_of_agents(event.name) && !reference_of(event).is_empty() {
            self.add_details(event);
        }
    }

    /// What is seen of the weakness speaks of every action that was done before.
    fn came(&mut self, at: Timestamp, field: impl Fn(&mut AgentAction) -> &mut Option<Timestamp>) {
        for action in self.actions.iter_mut().filter(|action| action.executed.is_some()) {
            let seen = field(action);
            *seen = seen.or(Some(at));
        }
    }

    fn change(&mut self, event: &ItemEvent, change: impl FnOnce(&mut AgentAction)) {
        let Some(action) = self.action_of(event) else { return };
        if let Some(said) = &event.action {
            action.details.absorb(said);
        }
        let is_agents_own = matches!(event.name, EventName::Proposed | EventName::Executed);
        if is_agents_own && action.details.agent.is_none() {
            action.details.agent = event.actor.clone().filter(|actor| !actor.is_empty());
        }
        change(action);
    }

    /// The action an event speaks of, a new one if it is the first to do so.
    fn action_of(&mut self, event: &ItemEvent) -> Option<&mut AgentAction> {
        let reference = reference_of(event);
        let place = if reference.is_empty() {
            self.actions.iter().rposition(|action| action.reference.is_empty() && continues(action, event.name))
        } else {
            self.actions.iter().position(|action| *action.reference == *reference)
        };
        let may_begin = if reference.is_empty() {
            matches!(event.name, EventName::Proposed | EventName::Executed)
        } else {
            !self.asked.contains(reference)
        };
        if place.is_none() && may_begin {
            self.actions.push(AgentAction { reference: reference.into(), ..AgentAction::default() });
            return self.actions.last_mut();
        }
        self.actions.get_mut(place?)
    }

    fn add_details(&mut self, event: &ItemEvent) {
        let Some(said) = &event.action else { return };
        let reference = reference_of(event);
        if let Some(action) = self.actions.iter_mut().find(|action| *action.reference == *reference) {
            action.details.absorb(said);
        }
    }
}

/// Whether an event without a reference goes on with an action without one.
fn continues(action: &AgentAction, name: EventName) -> bool {
    if name == EventName::Executed {
        action.executed.is_none()
    } else if name == EventName::Reverted {
        action.executed.is_some() && action.reverted.is_none()
    } else {
        name != EventName::Proposed && action.verdict.is_none() && action.executed.is_none()
    }
}

/// The last answer before the deed counts; one that comes after it counts only where none came before.
fn judge(action: &mut AgentAction, event: &ItemEvent, layers: ContextLayers) {
    if action.executed.is_some() && action.verdict.is_some() {
        return;
    }
    action.verdict = Some(Verdict {
        at: event.at,
        accepted: event.name == EventName::Approved,
        by: event.actor.clone().filter(|actor| !actor.is_empty()),
        by_type: event.actor_type,
    });
    if action.executed.is_none() {
        action.context = Some(layers);
    }
}

const fn is_of_agents(name: EventName) -> bool {
    matches!(
        name,
        EventName::Proposed | EventName::Approved | EventName::Rejected | EventName::Executed | EventName::Reverted
    )
}
