//! Is an agent as often right as it says it is? Its stated confidence beside what turned out.

use crate::calibration::Settled;
use domain::agent_action::{AgentAction, Truth};

/// What was said and whether it was right, for every action of which both are known: for `calibration`.
#[must_use]
pub fn settled<'a>(actions: impl IntoIterator<Item = &'a AgentAction>) -> Vec<Settled> {
    let of_action = |action: &AgentAction| {
        let (sure, truth) = action.details.confidence.zip(action.truth())?;
        Some(Settled { said: sure.share(), came: truth == Truth::Right })
    };
    actions.into_iter().filter_map(of_action).collect()
}
