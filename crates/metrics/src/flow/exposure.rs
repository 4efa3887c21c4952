//! For how long was how much exposed? Open time inside the window, plain and by severity.

use crate::real::{days, whole};
use domain::{
    fact::{Cause, Episode, ItemFacts},
    policy::Policy,
    severity::Severity,
    time::{DAY_SECONDS, Timestamp},
    view::{Verification, View},
};

/// Open seconds inside the window by the severity of the time, with the weights of the policy.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Exposure {
    seconds: [i64; 4],
    weights: [f64; 4],
}

impl Exposure {
    /// The exposure of some items; false positives expose nobody.
    #[must_use]
    pub fn of(items: &[&ItemFacts], policy: &Policy, view: &View, mode: Verification) -> Self {
        let weights = Severity::ALL.map(|severity| policy.weights.get(severity));
        let mut exposure = Self { seconds: [0; 4], weights };
        for facts in items {
            for episode in facts.episodes(mode) {
                exposure.add(facts, &episode, view);
            }
        }
        exposure
    }

    /// Open seconds that are added up already, by the code of their severity.
    #[must_use]
    pub fn from_seconds(seconds: [i64; 4], policy: &Policy) -> Self {
        Self { seconds, weights: Severity::ALL.map(|severity| policy.weights.get(severity)) }
    }

    fn add(&mut self, facts: &ItemFacts, episode: &Episode, view: &View) {
        if episode.end.is_some_and(|end| end.cause == Cause::FalsePositive) {
            return;
        }
        let from = episode.start.max(view.observed_from);
        let to = episode.end.map_or(view.as_of, |end| end.at).min(view.as_of);
        for (severity, since, until) in severity_spells(facts) {
            let length = until.map_or(to, |until| until.min(to)).since(from.max(since));
            if let Some(slot) = self.seconds.get_mut(usize::from(severity.code())) {
                *slot += length.max(0);
            }
        }
    }

    /// Item-days.
    #[must_use]
    pub fn days(&self) -> f64 {
        days(self.seconds.iter().sum())
    }

    /// Item-days times the weight of their severity.
    #[must_use]
    pub fn weighted_days(&self) -> f64 {
        let by_severity = self.seconds.iter().zip(self.weights);
        by_severity.map(|(seconds, weight)| whole(*seconds) * weight).sum::<f64>() / whole(DAY_SECONDS)
    }
}

/// Severity as a step function: each step lasts until the next.
fn severity_spells(facts: &ItemFacts) -> impl Iterator<Item = (Severity, Timestamp, Option<Timestamp>)> + '_ {
    let next = facts.severity_steps.iter().skip(1).map(|(at, _)| Some(*at)).chain([None]);
    facts.severity_steps.iter().zip(next).map(|((since, severity), until)| (*severity, *since, until))
}
