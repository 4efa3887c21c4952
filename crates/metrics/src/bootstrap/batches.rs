//! Which batch does a row, a record, a promise or a closure belong to? Each to that of its own end (methods.md 2.8).

use super::{cluster::Cluster, curve::ClusteredRow, sum::Unit};
use crate::{
    ledger::LedgerItem,
    matured::{Promise, promise},
    recurrence::closure_rows,
    sla::report_records,
    survival::row::Row,
};
use domain::{
    policy::Policy,
    time::Timestamp,
    view::{Verification, View},
};

/// The rows of an item, as one of the two modes sees it.
pub fn rows<'a>(item: &'a LedgerItem, view: &'a View, mode: Verification) -> impl Iterator<Item = ClusteredRow> + 'a {
    item.facts.episodes(mode).filter_map(move |episode| {
        let row = Row::of_episode(&episode, view)?;
        Some(ClusteredRow { row, cluster: Cluster::of_item(item, episode.end.map(|end| end.at)) })
    })
}

/// The records of an item that enter the SLA report: met or not.
pub fn records<'a>(item: &'a LedgerItem, policy: &Policy) -> impl Iterator<Item = Unit> + use<'a> {
    report_records(&item.facts, policy).map(|record| {
        let cluster = Cluster::of_item(item, record.end.map(|end| end.at));
        Unit::answer(cluster, u64::from(record.met() == Some(true)))
    })
}

/// The promise to an item, if its day came inside the view: kept or not.
#[must_use]
pub fn kept_promise(item: &LedgerItem, policy: &Policy, view: &View, mode: Verification) -> Option<Unit> {
    let kept = match promise(&item.facts, policy, view, mode) {
        Promise::NotDue => return None,
        Promise::Kept => 1,
        Promise::Broken => 0,
    };
    let first_end = item.facts.episodes(mode).next().and_then(|episode| episode.end);
    Some(Unit::answer(Cluster::of_item(item, first_end.map(|end| end.at)), kept))
}

/// The closures of an item until they were seen again.
pub fn closures(item: &LedgerItem, as_of: Timestamp) -> impl Iterator<Item = ClusteredRow> + '_ {
    let seen_again = item.facts.closures.iter().map(|closure| closure.seen_again);
    closure_rows(&item.facts, as_of)
        .zip(seen_again)
        .map(|(row, seen_again)| ClusteredRow { row, cluster: Cluster::of_item(item, seen_again) })
}
