//! Is an item gone sooner where an agent works on it? Restricted means inside each severity and kind, because agents get
//! the easy ones; and how that compares with what people believe (methods.md 7, time saved against believed).
//!
//! Who was given to an agent was not drawn by lot: an item has to live until an agent comes by, and what is fixed at once
//! counts for people. The figure says how it went, not what the agent did.

use crate::{
    answer::{Answer, Interval},
    bootstrap::{
        cluster::Cluster,
        curve::{ClusteredRow, ClusteredTable, Reading},
        interval::design_effect,
        shown::answer,
    },
    ledger::{LedgerItem, kind_of},
    level::Level,
    real::{count_of, days, real, whole},
    survival::{curve::Curve, life_table::LifeTable, row::Row},
};
use domain::{
    fact::ItemFacts,
    kind::Kind,
    severity::Severity,
    time::DAY_SECONDS,
    view::{Verification, View},
};
use std::collections::{BTreeMap, BTreeSet};

/// Rows of people and of agents inside one stratum.
#[derive(Clone, Debug, Default)]
struct Arms {
    people: Vec<ClusteredRow>,
    agents: Vec<ClusteredRow>,
}

/// How much sooner items are gone with an agent.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct TimeSaved {
    /// Restricted mean of people less that of agents, in days: above 0 where agents are quicker. Its interval is that of
    /// the bootstrap over batches, Greenwood's beside it.
    pub days: Answer<f64>,
    /// The same as a share of the restricted mean of people.
    pub share: f64,
    /// Logarithm of the mean of people over that of agents.
    pub log_ratio: f64,
    /// Strata in which both have worked.
    pub strata: u64,
    /// Episodes in those strata with people, with agents.
    pub episodes: (u64, u64),
}

/// Whether an agent had a hand in an item: proposed, acted, fixed or closed.
#[must_use]
pub fn has_agent(facts: &ItemFacts) -> bool {
    facts.agent || !facts.actions.is_empty()
}

/// Over some items, up to so many days; `None` where agents and people never worked on the like.
///
/// Strata weigh as much as both sides together can tell there (Mantel and Haenszel): `n m / (n + m)`.
#[must_use]
pub fn time_saved<'a>(
    items: impl IntoIterator<Item = &'a LedgerItem>,
    view: &View,
    mode: Verification,
    horizon_days: i64,
) -> Option<TimeSaved> {
    let mut strata: BTreeMap<(Severity, Kind), Arms> = BTreeMap::new();
    for item in items {
        let facts = &item.facts;
        let arms = strata.entry((facts.severity_at_detection(), kind_of(facts))).or_default();
        let own = if has_agent(facts) { &mut arms.agents } else { &mut arms.people };
        own.extend(facts.episodes(mode).filter_map(|episode| {
            let row = Row::of_episode(&episode, view)?;
            Some(ClusteredRow { row, cluster: Cluster::of_item(item, episode.end.map(|end| end.at)) })
        }));
    }
    strata.retain(|_, arms| !arms.people.is_empty() && !arms.agents.is_empty());
    let mut sums = Sums::default();
    for arms in strata.values() {
        sums.add(arms, horizon_days * DAY_SECONDS);
    }
    sums.answer(count_of(strata.len()))
}

#[derive(Default)]
struct Sums {
    weight: f64,
    people: f64,
    agents: f64,
    variance: f64,
    /// Weighted differences, replicate by replicate: both sides are drawn with the same weights.
    replicates: Vec<f64>,
    clusters: BTreeSet<Cluster>,
    episodes: (u64, u64),
}

impl Sums {
    fn add(&mut self, arms: &Arms, horizon: i64) {
        let (n, m) = (count_of(arms.people.len()), count_of(arms.agents.len()));
        let weight = real(n) * real(m) / real(n + m);
        let (people, agents) = (Side::of(&arms.people, horizon), Side::of(&arms.agents, horizon));
        self.weight += weight;
        self.people += weight * people.mean;
        self.agents += weight * agents.mean;
        self.variance += weight * weight * (people.error * people.error + agents.error * agents.error);
        self.replicates.resize(people.replicates.len(), 0.0);
        let drawn = people.replicates.iter().zip(&agents.replicates);
        for (sum, (people, agents)) in self.replicates.iter_mut().zip(drawn) {
            *sum += weight * (people - agents);
        }
        self.clusters.extend(arms.people.iter().chain(&arms.agents).map(|one| one.cluster));
        self.episodes = (self.episodes.0 + n, self.episodes.1 + m);
    }

    fn answer(&self, strata: u64) -> Option<TimeSaved> {
        if strata == 0 || self.people <= 0.0 || self.agents <= 0.0 {
            return None;
        }
        let in_days = |seconds: f64| seconds / self.weight / whole(DAY_SECONDS);
        let (value, error) = (in_days(self.people - self.agents), in_days(self.variance.sqrt()));
        let half = Level::Ninety.z() * error;
        let formula = Answer::Known {
            value,
            count: self.episodes.0 + self.episodes.1,
            interval: Some(Interval::of_formula(Some(value - half), Some(value + half), Level::Ninety)),
        };
        let replicates: Vec<f64> = self.replicates.iter().map(|sum| in_days(*sum)).collect();
        let effect = design_effect(&replicates, error * error);
        Some(TimeSaved {
            days: answer(formula, &replicates, count_of(self.clusters.len()), effect),
            share: (self.people - self.agents) / self.people,
            log_ratio: libm::log(self.people / self.agents),
            strata,
            episodes: self.episodes,
        })
    }
}

/// The restricted mean of one side of a stratum, its error by Greenwood, and what was drawn of it, in seconds.
struct Side {
    mean: f64,
    error: f64,
    replicates: Vec<f64>,
}

impl Side {
    fn of(rows: &[ClusteredRow], horizon: i64) -> Self {
        let plain: Vec<Row> = rows.iter().map(|one| one.row).collect();
        let (mean, error) = Curve::of(&LifeTable::of(&plain)).restricted_mean(horizon);
        let reading = Reading { horizon, ..Reading::default() };
        Self { mean, error, replicates: ClusteredTable::of(rows).read_all(&reading).restricted_mean }
    }
}

/// What people believe beside what was measured.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Perception {
    /// Mean share of time people believe to be saved.
    pub believed: f64,
    /// How many were asked.
    pub answers: u64,
    /// Share of time measured.
    pub measured: f64,
    /// Believed less measured, in points: above 0 where people believe too much.
    pub gap_points: f64,
}

/// The perception gap; `believed` holds each answer as a share of time saved. `None` where nobody was asked or nothing
/// was measured.
#[must_use]
pub fn perception(believed: &[f64], measured: Option<&TimeSaved>) -> Option<Perception> {
    let answers = count_of(believed.len());
    let measured = measured.filter(|_| answers > 0)?.share;
    let mean = believed.iter().sum::<f64>() / real(answers);
    Some(Perception { believed: mean, answers, measured, gap_points: 100.0 * (mean - measured) })
}

/// What agents claim for each action that holds, in days; `None` where none claims anything.
#[must_use]
pub fn claimed_days<'a>(items: impl IntoIterator<Item = &'a ItemFacts>) -> Option<f64> {
    let held = super::actions_of(items).filter(|action| action.done().is_some() && action.undone().is_none());
    let claims: Vec<i64> = held.filter_map(|action| action.details.saved_seconds_claimed).collect();
    (!claims.is_empty()).then(|| days(claims.iter().sum()) / real(count_of(claims.len())))
}
