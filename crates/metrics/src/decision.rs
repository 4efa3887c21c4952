//! How long does a decision take? Waits from a question asked to the answer given, the open ones counted.

use crate::survival::{curve::Curve, row::Row};
use domain::{event_name::EventName, time::Timestamp};

/// Waits for decisions.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Waits(Vec<Row>);

impl Waits {
    /// Adds the waits of one item: a question opens one if none is open, the next answer closes it; what is open at the
    /// end of the view is still waited for.
    pub fn add(&mut self, events: impl IntoIterator<Item = (EventName, Timestamp)>, as_of: Timestamp) {
        let mut asked: Option<Timestamp> = None;
        let row = |since: Timestamp, until: Timestamp, ended| Row { entry: 0, exit: until.since(since).max(1), ended };
        for (name, at) in events {
            if name == EventName::Escalated {
                asked = asked.or(Some(at));
            } else if name == EventName::Authorised
                && let Some(since) = asked.take()
            {
                self.0.push(row(since, at, true));
            }
        }
        self.0.extend(asked.map(|since| row(since, as_of, false)));
    }

    /// The curve of those still waiting.
    #[must_use]
    pub fn curve(&self) -> Curve {
        Curve::of_rows(&self.0)
    }
}
