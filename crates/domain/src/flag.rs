//! What the fold noticed and repaired: odd events are kept, counted and named, never dropped.

use crate::closed_list::closed_list;
use std::collections::BTreeMap;

closed_list! {
    /// Something odd about a feed or an item.
    Flag {
        /// No detection carries the origin: the wall clock is a lower bound.
        OriginImputed = "origin_imputed",
        /// A pause without a running record, or twice.
        IgnoredPause = "ignored_pause",
        /// A resume without a pause.
        IgnoredResume = "ignored_resume",
        /// A severity nobody knows, or the present one again.
        IgnoredSeverity = "ignored_severity",
        /// An exception on a closed item.
        IgnoredException = "ignored_exception",
        /// An expiry without a grant.
        IgnoredExpiry = "ignored_expiry",
        /// Closed twice.
        IgnoredClose = "ignored_close",
        /// A due date that is no time.
        IgnoredKevDue = "ignored_kev_due",
        /// The ticket came after the end.
        TicketAfterEnd = "ticket_after_end",
        /// Closed without ever having been ticketed.
        ClosedWithoutTicket = "closed_without_ticket",
        /// Closed while paused: the pause ends there.
        ImplicitResume = "implicit_resume",
        /// Verified while the ticket was open: a rebuild fixed it, common and honest.
        VerifiedWhileOpen = "verified_while_open",
        /// Seen again while it had never been closed.
        SightingWhileOpen = "sighting_while_open",
        /// Undone while the item still stands closed or verified.
        RevertedWithoutReopen = "reverted_without_reopen",
    }
}

/// How often each flag was raised; only flags that were.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Flags(BTreeMap<Flag, u32>);

impl Flags {
    /// Raises a flag once.
    pub fn raise(&mut self, flag: Flag) {
        self.raise_by(flag, 1);
    }

    /// Raises a flag `count` times.
    pub fn raise_by(&mut self, flag: Flag, count: u32) {
        if count > 0 {
            let raised = self.0.entry(flag).or_default();
            *raised = raised.saturating_add(count);
        }
    }

    /// How often a flag was raised.
    #[must_use]
    pub fn count(&self, flag: Flag) -> u32 {
        self.0.get(&flag).copied().unwrap_or_default()
    }

    /// The raised flags in a fixed order.
    pub fn iter(&self) -> impl Iterator<Item = (Flag, u32)> + '_ {
        self.0.iter().map(|(flag, count)| (*flag, *count))
    }
}
