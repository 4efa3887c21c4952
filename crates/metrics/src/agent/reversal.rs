//! Does what agents do hold? Kaplan–Meier over actions until undone or the weakness is seen again; young actions are
//! censored (methods.md 7, reversal).

use crate::survival::{curve::Curve, life_table::LifeTable, row::Row};
use domain::{
    agent_action::AgentAction,
    time::{DAY_SECONDS, Timestamp},
};

/// The age at which the share is told, in days.
pub const TOLD_AT_DAYS: i64 = 30;

/// How many actions did not hold.
#[derive(Clone, Debug, PartialEq)]
pub struct Reversals(Curve);

impl Reversals {
    /// Over the actions that were done.
    #[must_use]
    pub fn of<'a>(actions: impl IntoIterator<Item = &'a AgentAction>, as_of: Timestamp) -> Self {
        let row = |action: &AgentAction| {
            let (done, undone) = (action.done()?, action.undone());
            Some(Row { entry: 0, exit: undone.unwrap_or(as_of).since(done).max(1), ended: undone.is_some() })
        };
        let rows: Vec<Row> = actions.into_iter().filter_map(row).collect();
        Self(Curve::of(&LifeTable::of(&rows)))
    }

    /// The curve of those that still hold.
    #[must_use]
    pub const fn curve(&self) -> &Curve {
        &self.0
    }

    /// Share that did not hold for so many days; `None` without actions.
    #[must_use]
    pub fn within_days(&self, days: i64) -> Option<f64> {
        (self.0.rows() > 0).then(|| 1.0 - self.0.open_at(days * DAY_SECONDS))
    }
}
