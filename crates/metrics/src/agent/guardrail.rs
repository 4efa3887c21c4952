//! How often does an agent reach beyond what it may do, and does anything stop it (methods.md 7, guardrail violations)?

use crate::rate::Rate;
use domain::agent_action::AgentAction;

/// Actions outside the allowed scope, what was stopped and what was done apart.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct OutOfScope {
    /// A guardrail stopped them.
    pub blocked: Rate,
    /// They were done.
    pub executed: Rate,
    /// Actions of which it is not known whether they lay inside.
    pub unknown: u64,
}

impl OutOfScope {
    /// Over some actions; what was only proposed is none.
    #[must_use]
    pub fn of<'a>(actions: impl IntoIterator<Item = &'a AgentAction>) -> Self {
        let mut found = Self::default();
        for action in actions {
            let (is_blocked, is_done) = (action.details.blocked, action.done().is_some());
            if !is_blocked && !is_done {
                continue;
            }
            let Some(in_scope) = action.details.in_scope else {
                found.unknown += 1;
                continue;
            };
            found.blocked.of += 1;
            found.executed.of += 1;
            found.blocked.events += u64::from(!in_scope && is_blocked);
            found.executed.events += u64::from(!in_scope && is_done);
        }
        found
    }
}
