//! What does the ticket tool itself call kept? Its own verdicts, item by item: never computed, never put right.

use crate::share::Share;
use domain::{claim::Verdict, fact::ItemFacts};

/// The tool's own verdicts over some items, as they stood at the end of the view.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Claimed {
    /// Items it calls met.
    pub met: u64,
    /// Items it calls breached, running ones too.
    pub breached: u64,
    /// Items whose promise still stands.
    pub running: u64,
    /// Items it has promised nothing for.
    pub no_promise: u64,
}

impl Claimed {
    /// The verdicts over some items; what the feed says nothing of is left out.
    pub fn of<'a>(items: impl IntoIterator<Item = &'a ItemFacts>) -> Self {
        let mut claimed = Self::default();
        for verdict in items.into_iter().filter_map(ItemFacts::claimed_verdict) {
            claimed.add(verdict, 1);
        }
        claimed
    }

    /// Counts more items of a verdict.
    pub(crate) const fn add(&mut self, verdict: Verdict, items: u64) {
        match verdict {
            Verdict::Met => self.met += items,
            Verdict::Breached => self.breached += items,
            Verdict::Running => self.running += items,
            Verdict::NoPromise => self.no_promise += items,
        }
    }

    /// Adds the verdicts over other items.
    pub(crate) const fn join(&mut self, other: &Self) {
        self.met += other.met;
        self.breached += other.breached;
        self.running += other.running;
        self.no_promise += other.no_promise;
    }

    /// Met among the items it has judged: those it calls met or breached.
    #[must_use]
    pub fn judged(&self) -> Share {
        Share::new(self.met, self.met + self.breached).unwrap_or_default()
    }

    /// Items it says anything of.
    #[must_use]
    pub const fn items(&self) -> u64 {
        self.met + self.breached + self.running + self.no_promise
    }
}
