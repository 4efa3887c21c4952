//! Is as much looked at as before? Known assets seen of late, weekly detections per known asset, and retired assets that
//! are seen again (G1, G4).

use super::cusum::{Drop, drop_in};
use crate::{distortion::paper_retirement::last_seen, real::real, share::Share};
use domain::{
    fact::{Cause, ItemFacts},
    time::{DAY_SECONDS, Timestamp},
    view::View,
};
use std::collections::{BTreeMap, BTreeSet};

/// An asset seen within these days is being looked at.
const SEEN_WITHIN_DAYS: i64 = 14;
const WEEK_SECONDS: i64 = 7 * DAY_SECONDS;

/// G1: known assets that were seen within 14 days before the view. An asset is known from any item that names it.
#[must_use]
pub fn seen_of_late(items: &[&ItemFacts], as_of: Timestamp) -> Share {
    let known: BTreeSet<&str> = items.iter().filter_map(|facts| facts.ties.asset.as_deref()).collect();
    let seen = last_seen(items.iter().copied());
    let since = as_of.plus(-SEEN_WITHIN_DAYS * DAY_SECONDS);
    Share::count(known, |asset| seen.get(asset).is_some_and(|at| *at >= since))
}

/// Detections in each whole week of the view, per asset known by its end; oldest first. A week before any asset was known
/// is left out.
#[must_use]
pub fn weekly_detections(items: &[&ItemFacts], view: &View) -> Vec<f64> {
    let mut first_known: BTreeMap<&str, Timestamp> = BTreeMap::new();
    for (asset, at) in items.iter().filter_map(|facts| Some((facts.ties.asset.as_deref()?, facts.origin))) {
        let known = first_known.entry(asset).or_insert(at);
        *known = (*known).min(at);
    }
    let weeks = view.as_of.since(view.observed_from) / WEEK_SECONDS;
    let per_asset = |week: i64| {
        let (from, to) =
            (view.observed_from.plus(week * WEEK_SECONDS), view.observed_from.plus((week + 1) * WEEK_SECONDS));
        let found =
            items.iter().filter(|facts| !facts.origin_imputed && from <= facts.origin && facts.origin < to).count();
        let known = first_known.values().filter(|at| **at < to).count();
        (known > 0).then(|| real(crate::real::count_of(found)) / real(crate::real::count_of(known)))
    };
    (0..weeks).filter_map(per_asset).collect()
}

/// G1: whether weekly detections per known asset have dropped.
#[must_use]
pub fn detections_dropped(items: &[&ItemFacts], view: &View) -> Option<Drop> {
    drop_in(&weekly_detections(items, view))
}

/// G4: retired assets that were seen again, among retired assets.
#[must_use]
pub fn retired_seen_again(items: &[&ItemFacts]) -> Share {
    let seen = last_seen(items.iter().copied());
    let mut retired: BTreeMap<&str, Timestamp> = BTreeMap::new();
    for facts in items {
        let end = facts.episodes.last().and_then(|episode| episode.end);
        let end = end.filter(|end| end.cause == Cause::Decommissioned);
        if let Some((asset, end)) = facts.ties.asset.as_deref().zip(end) {
            let first = retired.entry(asset).or_insert(end.at);
            *first = (*first).min(end.at);
        }
    }
    Share::count(retired, |(asset, at)| seen.get(asset).is_some_and(|seen| seen > at))
}
