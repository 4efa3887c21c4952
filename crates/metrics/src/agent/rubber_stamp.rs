//! Is anybody reading what they approve? Approvals faster than one can read, and how much a reviewer's answers vary.
//! Both are signals and no verdicts (methods.md 7).

use super::of_a_person;
use crate::{real::real, share::Share};
use domain::agent_action::AgentAction;
use std::collections::BTreeMap;

/// Approvals by people that took less than the reading time, of those of which it is known how long they took: the
/// seconds the review is said to have taken, else those since the proposal.
#[must_use]
pub fn too_fast<'a>(actions: impl IntoIterator<Item = &'a AgentAction>, reading_seconds: i64) -> Share {
    let taken = |action: &AgentAction| {
        let verdict = of_a_person(action).filter(|verdict| verdict.accepted)?;
        let since_proposal = action.proposed.map(|at| verdict.at.since(at));
        action.details.review_seconds.or(since_proposal)
    };
    Share::count(actions.into_iter().filter_map(taken), |seconds| *seconds < reading_seconds)
}

/// The answers of one reviewer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Answers {
    /// Accepted of all.
    pub accepted: Share,
}

impl Answers {
    /// How much they vary, in bits: 0 where all answers are the same, 1 where half are either.
    #[must_use]
    pub fn entropy(&self) -> Option<f64> {
        let term = |part: u64| {
            let share = real(part) / real(self.accepted.of());
            if part == 0 { 0.0 } else { -share * libm::log2(share) }
        };
        let (yes, all) = (self.accepted.part(), self.accepted.of());
        (all > 0).then(|| term(yes) + term(all - yes))
    }
}

/// The answers of every person who is named, in the order of their names.
#[must_use]
pub fn by_reviewer<'a>(actions: impl IntoIterator<Item = &'a AgentAction>) -> BTreeMap<&'a str, Answers> {
    let mut found: BTreeMap<&str, Answers> = BTreeMap::new();
    for verdict in actions.into_iter().filter_map(of_a_person) {
        if let Some(name) = verdict.by.as_deref() {
            let answers = found.entry(name).or_default();
            answers.accepted = answers.accepted.joined(Share::count([verdict.accepted], |yes| *yes));
        }
    }
    found
}
