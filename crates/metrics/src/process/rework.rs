//! What was done again? Repeated steps, reopened tickets, weaknesses seen again, an item (methods.md 6).

use super::trace::{Trace, repeated};
use crate::real::{count_of, ratio};
use domain::event_name::EventName;

/// What was done again, over all items.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Rework {
    /// Events beyond the first of their name in the same item.
    pub repeated: u64,
    /// Tickets opened again.
    pub reopened: u64,
    /// Sightings after an end.
    pub redetected: u64,
    /// How many items there are.
    pub items: u64,
}

impl Rework {
    /// Over some items.
    #[must_use]
    pub fn of(traces: &[Trace]) -> Self {
        let named = |name: EventName| {
            count_of(traces.iter().flat_map(|trace| &trace.names).filter(|other| **other == name).count())
        };
        Self {
            repeated: repeated(traces),
            reopened: named(EventName::Reopened),
            redetected: named(EventName::Redetected),
            items: count_of(traces.len()),
        }
    }

    /// Repeated steps an item.
    #[must_use]
    pub fn repeated_an_item(&self) -> Option<f64> {
        ratio(self.repeated, self.items)
    }
}
