//! Do people let pass what is right and refuse what is wrong? Both sides at once: who waves everything through never
//! refuses a right proposal (methods.md 7, acceptance and override).

use super::of_a_person;
use crate::{answer::SHOWN_MIN, real::real, share::Share, special::normal::quantile};
use domain::agent_action::{AgentAction, Truth};

/// How proposals were answered.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Overrides {
    /// Accepted, of all that was proposed.
    pub accepted: Share,
    /// Wrong ones a person accepted, of the wrong ones a person answered: automation bias.
    pub bias: Share,
    /// Right ones a person refused, of the right ones a person answered: under-trust.
    pub under_trust: Share,
}

impl Overrides {
    /// Over some actions. What is wrong is known from a drill that planted it, from somebody who said so, or because it
    /// was undone; what is right only because somebody said so.
    #[must_use]
    pub fn of<'a>(actions: impl IntoIterator<Item = &'a AgentAction>) -> Self {
        let mut found = Self::default();
        for action in actions.into_iter().filter(|action| action.proposed.is_some()) {
            let is_accepted = action.verdict.as_ref().is_some_and(|verdict| verdict.accepted);
            found.accepted = found.accepted.joined(Share::count([is_accepted], |yes| *yes));
            let Some((verdict, truth)) = of_a_person(action).zip(action.truth()) else { continue };
            let side = match truth {
                Truth::Wrong => &mut found.bias,
                Truth::Right => &mut found.under_trust,
            };
            let counts = verdict.accepted == (truth == Truth::Wrong);
            *side = side.joined(Share::count([counts], |yes| *yes));
        }
        found
    }

    /// How well right and wrong are told apart (d′): 0 is guessing. `None` where either is too few. Half an answer is
    /// added on each side, so that a share of 0 or 1 has a value.
    #[must_use]
    pub fn told_apart(&self) -> Option<f64> {
        if self.bias.of().min(self.under_trust.of()) < SHOWN_MIN {
            return None;
        }
        let share = |part: u64, of: u64| (real(part) + 0.5) / (real(of) + 1.0);
        let right_accepted = share(self.under_trust.of() - self.under_trust.part(), self.under_trust.of());
        let wrong_accepted = share(self.bias.part(), self.bias.of());
        Some(quantile(right_accepted) - quantile(wrong_accepted))
    }
}
