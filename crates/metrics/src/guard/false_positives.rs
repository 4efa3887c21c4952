//! Is more called false than before? The monthly rate with the limits of a p-chart (G3).

use crate::{
    real::{count_of, real},
    share::Share,
};
use domain::{
    fact::{Cause, ItemFacts},
    time::{DAY_SECONDS, Timestamp},
    view::View,
};

/// Days of one point of the chart.
const BLOCK_DAYS: i64 = 30;
/// Standard deviations on each side of the mean.
const SIGMAS: f64 = 3.0;

/// One point of the chart.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Point {
    /// Where its days begin.
    pub from: Timestamp,
    /// Called false among ends.
    pub called_false: Share,
    /// What chance allows at most, around the rate of all points.
    pub upper_limit: f64,
    /// Whether it lies above that.
    pub is_above: bool,
}

/// The chart over whole blocks of 30 days of the view; a block in which nothing ended has no point.
#[must_use]
pub fn chart(items: &[&ItemFacts], view: &View) -> Vec<Point> {
    let ends: Vec<(Timestamp, Cause)> = items
        .iter()
        .flat_map(|facts| facts.episodes.iter().filter_map(|episode| episode.end))
        .map(|end| (end.at, end.cause))
        .collect();
    let blocks = view.as_of.since(view.observed_from) / (BLOCK_DAYS * DAY_SECONDS);
    let share_of = |block: i64| {
        let from = view.observed_from.plus(block * BLOCK_DAYS * DAY_SECONDS);
        let to = from.plus(BLOCK_DAYS * DAY_SECONDS);
        let inside = ends.iter().filter(|(at, _)| from <= *at && *at < to);
        (from, Share::count(inside, |(_, cause)| *cause == Cause::FalsePositive))
    };
    let shares: Vec<(Timestamp, Share)> = (0..blocks).map(share_of).filter(|(_, share)| share.of() > 0).collect();
    let all = shares.iter().fold(Share::default(), |all, (_, one)| all.joined(*one));
    let mean = all.value().unwrap_or_default();
    shares
        .into_iter()
        .map(|(from, called_false)| {
            let upper_limit = (mean + SIGMAS * (mean * (1.0 - mean) / real(called_false.of())).sqrt()).min(1.0);
            Point {
                from,
                called_false,
                upper_limit,
                is_above: called_false.value().is_some_and(|rate| rate > upper_limit),
            }
        })
        .collect()
}

/// How many points lie above their limit.
#[must_use]
pub fn above_limit(points: &[Point]) -> u64 {
    count_of(points.iter().filter(|point| point.is_above).count())
}
