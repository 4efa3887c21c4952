//! Does the automation hold? What agents propose and do, who lets it pass, and what becomes of it (methods.md 7).

pub mod approval;
pub mod confidence;
pub mod context;
pub mod decay;
pub mod guardrail;
pub mod override_rate;
pub mod reversal;
pub mod rubber_stamp;
pub mod shadow;
pub mod time_saved;
pub mod unapproved;
pub mod value;

use domain::{
    actor::ActorType,
    agent_action::{AgentAction, Verdict},
    fact::ItemFacts,
};

/// All actions on some items.
pub fn actions_of<'a>(items: impl IntoIterator<Item = &'a ItemFacts>) -> impl Iterator<Item = &'a AgentAction> {
    items.into_iter().flat_map(|facts| &facts.actions)
}

/// The answer of a person; what a machine lets lapse is none, and a name without a type is a person's.
fn of_a_person(action: &AgentAction) -> Option<&Verdict> {
    action.verdict.as_ref().filter(|verdict| matches!(verdict.by_type, None | Some(ActorType::Human)))
}
