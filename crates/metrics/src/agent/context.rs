//! What was known of the business when an agent acted: owner, dependency, change window (methods.md 7, context)?

use crate::{
    real::{ratio, real},
    share::Share,
};
use domain::agent_action::AgentAction;

/// Layers of context, all of them.
const LAYERS: u8 = 3;

/// Context at the moment of decision.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Context {
    /// Actions done with all three layers known, of all that were done.
    pub complete: Share,
    /// Layers known, added up over them.
    pub layers: u64,
}

impl Context {
    /// Over the actions that were done.
    #[must_use]
    pub fn of<'a>(actions: impl IntoIterator<Item = &'a AgentAction>) -> Self {
        let done = actions.into_iter().filter(|action| action.done().is_some());
        let mut found = Self::default();
        for layers in done.filter_map(|action| action.context).map(|context| context.count()) {
            found.complete = found.complete.joined(Share::count([layers], |layers| *layers == LAYERS));
            found.layers += u64::from(layers);
        }
        found
    }

    /// Layers known on average, 0 to 3.
    #[must_use]
    pub fn mean_score(&self) -> Option<f64> {
        ratio(self.layers, self.complete.of())
    }

    /// The same as a share of all three layers.
    #[must_use]
    pub fn share(&self) -> Option<f64> {
        self.mean_score().map(|score| score / real(u64::from(LAYERS)))
    }
}
