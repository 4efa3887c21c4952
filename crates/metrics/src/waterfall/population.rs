//! Whom do the steps speak of? Items whose ticket was closed, those of them that were verified, and all that ended.

use crate::sla::is_excluded;
use domain::{
    fact::{Cause, Episode, Evidence, ItemFacts, Outcome, RecordEnd, SlaRecord},
    policy::Policy,
    view::Verification,
};

/// An item whose ticket stands closed, with what the steps need of it.
#[derive(Clone, Copy)]
pub(super) struct ToolClosed<'a> {
    pub(super) facts: &'a ItemFacts,
    /// Its last closed record.
    pub(super) last: &'a SlaRecord,
    pub(super) last_end: RecordEnd,
    /// Its first record, however that ended.
    pub(super) first: &'a SlaRecord,
    pub(super) episode: Episode,
}

impl<'a> ToolClosed<'a> {
    /// Class not excluded, at least one closed record, shut now, last episode open or fixed.
    pub(super) fn of(facts: &'a ItemFacts, policy: &Policy, mode: Verification) -> Option<Self> {
        let closed = facts.records.iter().rev().find(|record| record.outcome == Outcome::Closed)?;
        let episode = facts.last_episode(mode)?;
        let is_fixed_or_open = episode.end.is_none_or(|end| end.cause == Cause::Fixed);
        if is_excluded(facts, policy) || facts.tool_open || !is_fixed_or_open {
            return None;
        }
        Some(Self { facts, last: closed, last_end: closed.end?, first: facts.records.first()?, episode })
    }

    pub(super) fn is_verified(&self) -> bool {
        self.episode.end.is_some_and(|end| end.evidence == Evidence::Verified)
    }
}

/// Seconds of the last episode, if it has ended and was real.
pub(super) fn ended_seconds(facts: &ItemFacts, mode: Verification) -> Option<i64> {
    let episode = facts.last_episode(mode)?;
    let end = episode.end.filter(|end| end.cause != Cause::FalsePositive)?;
    Some(end.at.since(episode.start))
}
