//! Is what was retired gone? Items retired with their asset, and assets that were seen afterwards (D16).

use super::{
    ground::Ground,
    size::{Size, SizeUnit},
};
use crate::{real::real, share::Share};
use domain::{
    fact::{Cause, ItemFacts},
    time::Timestamp,
};
use std::collections::BTreeMap;

/// When each asset was last seen, by whichever of its items.
#[must_use]
pub fn last_seen<'a>(items: impl IntoIterator<Item = &'a ItemFacts>) -> BTreeMap<&'a str, Timestamp> {
    let mut seen: BTreeMap<&str, Timestamp> = BTreeMap::new();
    for facts in items {
        if let Some((asset, at)) = facts.ties.asset.as_deref().zip(facts.last_sighting) {
            let known = seen.entry(asset).or_insert(at);
            *known = (*known).max(at);
        }
    }
    seen
}

/// Retired items whose asset is named, and those of them whose asset was seen later.
#[must_use]
pub fn seen_after_retirement(items: &[&ItemFacts]) -> Share {
    let seen = last_seen(items.iter().copied());
    let retired = items.iter().filter_map(|facts| {
        let end = facts.episodes.last()?.end.filter(|end| end.cause == Cause::Decommissioned)?;
        Some((facts.ties.asset.as_deref()?, end.at))
    });
    Share::count(retired, |(asset, at)| seen.get(asset).is_some_and(|seen| seen > at))
}

/// D16: retired items whose asset was seen later.
#[must_use]
pub fn paper_retirement(ground: &Ground<'_>) -> Vec<Size> {
    let share = seen_after_retirement(&ground.facts);
    let count = (share.of() > 0).then(|| real(share.part()));
    vec![
        Size::new("d16", "retired_and_seen_later", SizeUnit::Count, count, share.of()),
        Size::new("d16", "share_seen_later", SizeUnit::Share, share.value(), share.of()),
    ]
}
