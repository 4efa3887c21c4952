//! When is the backlog gone? At the pace of the last half year: what is open over what leaves more than arrives, with the
//! band of a bootstrap, or never at this pace (methods.md 3).

use crate::{
    answer::{Batches, Interval},
    bootstrap::{
        chunks,
        cluster::Cluster,
        interval::ends,
        sum::{ClusteredSums, Unit},
    },
    ledger::LedgerItem,
    level::Level,
    real::real,
};
use domain::{
    fact::Cause,
    time::{DAY_SECONDS, Timestamp},
    view::{Verification, View},
};

/// Blocks of 30 days the pace is taken over.
pub const BLOCKS_MAX: i64 = 6;
/// Days of one block: the month of this figure.
const BLOCK_DAYS: i64 = 30;

/// How long it takes to clear what is open.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Clearing {
    /// At this pace: months, and what is known of their band; an end that was not reached means never.
    InMonths {
        /// Months of 30 days.
        months: f64,
        /// The band of the bootstrap.
        band: Interval<f64>,
    },
    /// At least as much arrives as leaves.
    NeverAtThisPace {
        /// The band of the bootstrap: its lower end says how soon it could be all the same.
        band: Interval<f64>,
    },
}

/// The pace of the last blocks, and what is open.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct BurnDown {
    /// Items open at the end of the last whole day.
    pub open: u64,
    /// Episodes that started in the blocks.
    pub arrived: u64,
    /// Episodes that ended in them.
    pub resolved: u64,
    /// How many whole blocks there are, at most [`BLOCKS_MAX`].
    pub blocks: u64,
    /// How long it takes; `None` without a whole block.
    pub clearing: Option<Clearing>,
}

/// What one episode adds to stock and pace.
#[derive(Clone, Copy, Debug)]
struct Part {
    cluster: Cluster,
    open: u64,
    arrived: u64,
    resolved: u64,
}

impl BurnDown {
    /// Over some items.
    #[must_use]
    pub fn of(items: &[&LedgerItem], view: &View, mode: Verification) -> Self {
        let last_midnight = Timestamp::start_of_day(view.as_of.day());
        let whole_days = view.as_of.day() - view.observed_from.day();
        let blocks = (whole_days / BLOCK_DAYS).clamp(0, BLOCKS_MAX);
        let since = last_midnight.plus(-blocks * BLOCK_DAYS * DAY_SECONDS);
        let is_inside = |moment: Timestamp| since <= moment && moment < last_midnight;
        let mut parts = Vec::new();
        for item in items {
            let facts = &item.facts;
            let last_end = facts.last_episode(mode).and_then(|episode| episode.end);
            if last_end.is_some_and(|end| end.cause == Cause::FalsePositive) {
                continue;
            }
            for episode in facts.episodes(mode).filter(|episode| episode.start < last_midnight) {
                let end = episode.end.map(|end| end.at);
                let part = Part {
                    cluster: Cluster::of_item(item, end),
                    open: u64::from(end.is_none_or(|end| end >= last_midnight)),
                    arrived: u64::from(is_inside(episode.start)),
                    resolved: u64::from(end.is_some_and(is_inside)),
                };
                parts.push(part);
            }
        }
        Self::from_parts(&parts, blocks.unsigned_abs())
    }

    fn from_parts(parts: &[Part], blocks: u64) -> Self {
        let sum = |of: fn(&Part) -> u64| parts.iter().map(of).sum();
        let (open, arrived, resolved) = (sum(|part| part.open), sum(|part| part.arrived), sum(|part| part.resolved));
        let clearing = (blocks > 0).then(|| {
            let months = months(real(open), real(resolved) - real(arrived), blocks);
            let band = band(parts, blocks);
            if months.is_finite() { Clearing::InMonths { months, band } } else { Clearing::NeverAtThisPace { band } }
        });
        Self { open, arrived, resolved, blocks, clearing }
    }
}

/// Months until `open` are gone at a surplus over some blocks; infinite where nothing is gained. Nothing takes no time.
fn months(open: f64, surplus: f64, blocks: u64) -> f64 {
    if open <= 0.0 {
        0.0
    } else if surplus > 0.0 {
        open * real(blocks) / surplus
    } else {
        f64::INFINITY
    }
}

fn band(parts: &[Part], blocks: u64) -> Interval<f64> {
    let of = |part: fn(&Part) -> u64, minus: fn(&Part) -> u64| {
        let units: Vec<Unit> = parts
            .iter()
            .map(|one| Unit { cluster: one.cluster, part: real(part(one)), of: real(minus(one)) })
            .collect();
        ClusteredSums::of(&units)
    };
    let pace = of(|part| part.resolved, |part| part.arrived);
    let stock = of(|part| part.open, |_| 0);
    let mut replicates = Vec::new();
    for chunk in chunks() {
        let pairs = stock.sums(&chunk).into_iter().zip(pace.sums(&chunk));
        replicates.extend(pairs.map(|((open, _), (resolved, arrived))| months(open, resolved - arrived, blocks)));
    }
    let (lower, upper) = ends(&replicates);
    let batches = Some(Batches { clusters: stock.clusters(), design_effect: None, formula: None });
    Interval { lower, upper, level: Level::Ninety.share(), batches }
}
