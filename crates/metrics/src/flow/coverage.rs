//! Is what matters fixed, and is what is fixed what matters? Recall and precision over episodes of high risk (methods.md
//! 3).

use crate::share::Share;
use domain::{
    fact::{Cause, Episode, ItemFacts},
    severity::Severity,
    view::{Verification, View},
};

/// What was fixed of high risk, and how much of what was fixed is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RiskFixed {
    /// Ended in the window among those of high risk that were there in it.
    pub coverage: Share,
    /// Of high risk among those that ended in the window.
    pub efficiency: Share,
}

/// Whether an item is of high risk: listed as exploited, or critical when it was found. What it was called later is of no
/// matter.
#[must_use]
pub fn is_high_risk(facts: &ItemFacts) -> bool {
    facts.kev_due.is_some() || facts.severity_at_detection() == Severity::Critical
}

impl RiskFixed {
    /// Over the episodes that were there at some moment of the window; false positives never were.
    pub fn of<'a>(items: impl IntoIterator<Item = &'a ItemFacts>, view: &View, mode: Verification) -> Self {
        let (mut all, mut high_risk, mut both) = (0, 0, 0);
        for facts in items {
            let is_high = is_high_risk(facts);
            for episode in facts.episodes(mode).filter(|episode| was_there(episode, view)) {
                let ended = u64::from(episode.end.is_some_and(|end| end.at < view.as_of));
                all += ended;
                high_risk += u64::from(is_high);
                both += if is_high { ended } else { 0 };
            }
        }
        Self {
            coverage: Share::new(both, high_risk).unwrap_or_default(),
            efficiency: Share::new(both, all).unwrap_or_default(),
        }
    }
}

fn was_there(episode: &Episode, view: &View) -> bool {
    let was_real = episode.end.is_none_or(|end| end.cause != Cause::FalsePositive);
    was_real && episode.start < view.as_of && episode.end.is_none_or(|end| end.at >= view.observed_from)
}
