//! How long does a proposal wait for an answer, and how many lapse without one (methods.md 7, approvals)?

use super::of_a_person;
use crate::{
    share::Share,
    survival::{curve::Curve, life_table::LifeTable, row::Row},
};
use domain::{agent_action::AgentAction, time::Timestamp};

/// How the wait for an answer ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wait {
    /// A person answered.
    Answered(Timestamp),
    /// Nobody did before it lapsed, or a machine put an end to it.
    Lapsed(Timestamp),
    /// The agent acted without waiting any longer.
    Overtaken(Timestamp),
    /// It still waits.
    StillWaiting,
}

/// How the wait of a proposal ended, as known at a moment; `None` for an action nobody was asked about.
#[must_use]
pub fn wait_of(action: &AgentAction, as_of: Timestamp) -> Option<(Timestamp, Wait)> {
    let since = action.proposed?;
    let by_machine = action.verdict.as_ref().filter(|_| of_a_person(action).is_none()).map(|verdict| verdict.at);
    let lapse = action.details.expires_at.filter(|at| *at < as_of);
    // In one moment an answer comes first, and a lapse before a deed.
    let ends = [
        of_a_person(action).map(|verdict| (verdict.at, Wait::Answered(verdict.at))),
        by_machine.into_iter().chain(lapse).min().map(|at| (at, Wait::Lapsed(at))),
        action.executed.map(|at| (at, Wait::Overtaken(at))),
    ];
    let first = ends.into_iter().flatten().min_by_key(|(at, _)| *at);
    Some((since, first.map_or(Wait::StillWaiting, |(_, wait)| wait)))
}

/// The curve of those still waiting: an answer ends a wait, and all else only ends the watching.
#[must_use]
pub fn latency<'a>(actions: impl IntoIterator<Item = &'a AgentAction>, as_of: Timestamp) -> Curve {
    let row = |action: &AgentAction| {
        let (since, wait) = wait_of(action, as_of)?;
        let (until, ended) = match wait {
            Wait::Answered(at) => (at, true),
            Wait::Lapsed(at) | Wait::Overtaken(at) => (at, false),
            Wait::StillWaiting => (as_of, false),
        };
        Some(Row { entry: 0, exit: until.since(since).max(1), ended })
    };
    let rows: Vec<Row> = actions.into_iter().filter_map(row).collect();
    Curve::of(&LifeTable::of(&rows))
}

/// Proposals that lapsed, of all.
#[must_use]
pub fn lapsed<'a>(actions: impl IntoIterator<Item = &'a AgentAction>, as_of: Timestamp) -> Share {
    let waits = actions.into_iter().filter_map(|action| wait_of(action, as_of));
    Share::count(waits, |(_, wait)| matches!(wait, Wait::Lapsed(_)))
}
