//! What is left of the time an agent says it saves? Less the reviews, less the clean-up of what was undone (methods.md 7,
//! value).

use crate::real::{count_of, whole};
use domain::agent_action::AgentAction;

/// Seconds on each side.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Value {
    /// Claimed by actions that were done and hold: what was undone has saved nothing.
    pub saved_seconds: i64,
    /// How many actions claim something, whether or not they hold.
    pub claims: u64,
    /// Spent on reviews of all that was proposed.
    pub review_seconds: i64,
    /// Actions somebody had to undo.
    pub undone: u64,
}

impl Value {
    /// Over some actions.
    #[must_use]
    pub fn of<'a>(actions: impl IntoIterator<Item = &'a AgentAction>) -> Self {
        let mut found = Self::default();
        for action in actions {
            let claimed = action.details.saved_seconds_claimed.filter(|_| action.done().is_some());
            found.claims += count_of(claimed.into_iter().count());
            if action.undone().is_none() {
                found.saved_seconds += claimed.unwrap_or_default();
            }
            found.review_seconds += action.details.review_seconds.unwrap_or_default();
            found.undone += count_of(action.done().and(action.reverted).into_iter().count());
        }
        found
    }

    /// Saved less review less clean-up, in minutes, where undoing one action costs so many seconds. `None` where no action
    /// claims anything, or something was undone and nobody has said what that costs: missing is not zero.
    #[must_use]
    pub fn net_minutes(&self, clean_up_seconds_each: Option<i64>) -> Option<f64> {
        let undone = i64::try_from(self.undone).unwrap_or(i64::MAX);
        let clean_up = if undone == 0 { 0 } else { clean_up_seconds_each?.saturating_mul(undone) };
        let net = self.saved_seconds.saturating_sub(self.review_seconds).saturating_sub(clean_up);
        (self.claims > 0).then(|| whole(net) / 60.0)
    }
}
