//! How much of an item's life does anybody work on it? Touch against waiting, and what it waits for (methods.md 6).
//!
//! A feed that never says when work starts has no evidence: its items are left out, and are not "all waiting".

use crate::{ledger::LedgerItem, real::whole};
use domain::{
    fact::ItemFacts,
    reason_code::ReasonCode,
    time::Timestamp,
    view::Verification,
    work::{Spent, Stretch},
};
use std::collections::{BTreeMap, BTreeSet};

/// The sources that say when work starts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Feeds<'a>(BTreeSet<Option<&'a str>>);

impl<'a> Feeds<'a> {
    /// Those of some items: all that are known, not only those a filter keeps.
    #[must_use]
    pub fn of(items: &'a [LedgerItem]) -> Self {
        let has_touch = |item: &&LedgerItem| item.facts.stretches.iter().any(|one| one.spent == Spent::Touch);
        Self(items.iter().filter(has_touch).map(|item| item.source.as_deref()).collect())
    }
}

/// Seconds of existence, of work and of waiting.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Waiting {
    /// Items of feeds that say when work starts.
    pub items: u64,
    /// Seconds of their episodes.
    pub wall: i64,
    /// Seconds somebody worked on them.
    pub touch: i64,
    /// Seconds of waiting for a given reason; what is left over waited for a reason nobody gave.
    pub by_reason: BTreeMap<ReasonCode, i64>,
}

impl Waiting {
    /// Over some items up to the moment of the view.
    #[must_use]
    pub fn of(items: &[&LedgerItem], feeds: &Feeds<'_>, as_of: Timestamp, mode: Verification) -> Self {
        let mut found = Self::default();
        for item in items.iter().filter(|item| feeds.0.contains(&item.source.as_deref())) {
            let facts = &item.facts;
            found.items += 1;
            found.wall += facts.wall_seconds(as_of, mode);
            for stretch in &facts.stretches {
                let inside = seconds_inside(facts, stretch, as_of, mode);
                match stretch.spent {
                    Spent::Touch => found.touch += inside,
                    Spent::Waiting(reason) => *found.by_reason.entry(reason).or_default() += inside,
                }
            }
        }
        found.by_reason.retain(|_, seconds| *seconds > 0);
        found
    }

    /// Seconds nobody worked on them.
    #[must_use]
    pub const fn waiting(&self) -> i64 {
        self.wall - self.touch
    }

    /// Seconds of waiting for a reason nobody gave.
    #[must_use]
    pub fn without_reason(&self) -> i64 {
        self.waiting() - self.by_reason.values().sum::<i64>()
    }

    /// Waiting as a share of all; `None` where no feed says when work starts.
    #[must_use]
    pub fn share(&self) -> Option<f64> {
        (self.wall > 0).then(|| whole(self.waiting()) / whole(self.wall))
    }

    /// Touch as a share of all: flow efficiency.
    #[must_use]
    pub fn flow_efficiency(&self) -> Option<f64> {
        (self.wall > 0).then(|| whole(self.touch) / whole(self.wall))
    }
}

/// Work on what is gone already, or before it is back, counts for nothing.
fn seconds_inside(facts: &ItemFacts, stretch: &Stretch, as_of: Timestamp, mode: Verification) -> i64 {
    let until = stretch.to.unwrap_or(as_of).min(as_of);
    let shared = |start: Timestamp, end: Timestamp| until.min(end).since(stretch.from.max(start)).max(0);
    facts.episodes(mode).map(|episode| shared(episode.start, episode.end.map_or(as_of, |end| end.at))).sum()
}
