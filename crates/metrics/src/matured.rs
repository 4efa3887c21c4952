//! What was gone by the promised day? Among items whose promised day has come; nobody is censored, so no model is
//! needed (methods.md 4.1).

use crate::{real::real, share::Share};
use domain::{
    fact::{Cause, ItemFacts},
    policy::Policy,
    severity::Severity,
    time::Timestamp,
    view::{Verification, View},
};

/// Whether an item's promised day came inside the view.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Promise {
    /// It has not come yet, the item is older than the watching, or it was never real.
    NotDue,
    /// It came, and the first episode had ended by then.
    Kept,
    /// It came, and the first episode had not ended.
    Broken,
}

/// The promised day of an item: so long after its origin as its severity at detection promises.
#[must_use]
pub fn promised_by(facts: &ItemFacts, policy: &Policy) -> Timestamp {
    facts.origin.plus(policy.targets.get(facts.severity_at_detection()).promised_seconds())
}

/// Whether the promise to one item was kept.
#[must_use]
pub fn promise(facts: &ItemFacts, policy: &Policy, view: &View, mode: Verification) -> Promise {
    let due = promised_by(facts, policy);
    let last_end = facts.last_episode(mode).and_then(|episode| episode.end);
    let never_real = last_end.is_some_and(|end| end.cause == Cause::FalsePositive);
    if never_real || facts.origin < view.observed_from || due >= view.as_of {
        return Promise::NotDue;
    }
    let first_end = facts.episodes(mode).next().and_then(|episode| episode.end);
    if first_end.is_some_and(|end| end.at <= due) { Promise::Kept } else { Promise::Broken }
}

/// Promises kept among promises due.
pub fn on_time<'a>(
    items: impl IntoIterator<Item = &'a ItemFacts>,
    policy: &Policy,
    view: &View,
    mode: Verification,
) -> Share {
    let due = items.into_iter().map(|facts| promise(facts, policy, view, mode)).filter(|one| *one != Promise::NotDue);
    Share::count(due, |one| *one == Promise::Kept)
}

/// Mean of the promised days over the rows of a curve: what people say aloud, weighted as the curve is.
pub fn mean_promised_days<'a>(
    items: impl IntoIterator<Item = &'a ItemFacts>,
    policy: &Policy,
    view: &View,
    mode: Verification,
) -> Option<f64> {
    let mut rows = [0; Severity::ALL.len()];
    for facts in items {
        let own = crate::real::count_of(crate::survival::row::rows_of(facts, view, mode).count());
        if let Some(slot) = rows.get_mut(usize::from(facts.severity_at_detection().code())) {
            *slot += own;
        }
    }
    mean_promised(&rows, policy)
}

/// The same from the rows of the curve by severity at detection, in the order of [`Severity::ALL`]: divided once, so
/// that the order of the items shows in no bit.
#[must_use]
pub fn mean_promised(rows: &[u64; Severity::ALL.len()], policy: &Policy) -> Option<f64> {
    let promised = |severity| policy.targets.get(severity).nominal_days;
    let sum = Severity::ALL.into_iter().zip(rows).map(|(severity, rows)| promised(severity) * real(*rows));
    let count = rows.iter().sum();
    (count > 0).then(|| sum.sum::<f64>() / real(count))
}
