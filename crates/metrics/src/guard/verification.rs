//! Was the check a check? Who verified what they had fixed themselves, and how soon after the close (G2, G5).

use crate::share::Share;
use domain::{
    fact::{Check, ItemFacts},
    flag::Flag,
};

/// Verified sooner than this after the close nobody has looked.
pub const TOO_FAST_SECONDS: i64 = 60;

/// Verifications of which it is known who fixed and who verified.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct OwnWork {
    /// Checked by whoever had fixed or closed it, among those where both are named.
    pub own: Share,
    /// Of those, mere statements.
    pub own_statements: u64,
    /// Verifications where one of the two is not named.
    pub unknown: u64,
}

/// G2: verifications of one's own work.
#[must_use]
pub fn own_work<'a>(items: impl IntoIterator<Item = &'a ItemFacts>) -> OwnWork {
    let mut found = OwnWork::default();
    for check in items.into_iter().flat_map(|facts| &facts.checks) {
        match check.own_work {
            None => found.unknown += 1,
            Some(own) => {
                found.own = found.own.joined(Share::count([own], |own| *own));
                found.own_statements += u64::from(own && check.attested);
            }
        }
    }
    found
}

/// G5: verifications less than a minute after the close they checked. One that found the ticket open closed it itself,
/// which is common and honest: it checked no close.
#[must_use]
pub fn too_fast<'a>(items: impl IntoIterator<Item = &'a ItemFacts>) -> Share {
    let mut found = Share::default();
    for facts in items {
        let lags: Vec<i64> = facts.checks.iter().filter_map(|check| seconds_since_close(facts, check)).collect();
        // Such a verification leaves a closure of its own second, which no real close can be told from.
        let closed_by_check = usize::try_from(facts.flags.count(Flag::VerifiedWhileOpen)).unwrap_or(usize::MAX);
        let at_once = lags.iter().filter(|lag| **lag == 0).count().min(closed_by_check);
        let checked = lags.len() - at_once;
        let fast = lags.iter().filter(|lag| **lag < TOO_FAST_SECONDS).count() - at_once;
        let (fast, checked) = (crate::real::count_of(fast), crate::real::count_of(checked));
        found = found.joined(Share::new(fast, checked).unwrap_or_default());
    }
    found
}

/// Seconds from the last close before a check to the check.
fn seconds_since_close(facts: &ItemFacts, check: &Check) -> Option<i64> {
    let before = facts.closures.iter().rev().find(|closure| closure.at <= check.at);
    before.map(|closure| check.at.since(closure.at))
}
