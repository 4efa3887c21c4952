//! What comes in, what goes out, and what is sitting there? (methods.md 3)

pub mod age_bands;
pub mod backlog;
pub mod breach_forecast;
pub mod burn_down;
pub mod coverage;
pub mod exposure;
pub mod past_forecasts;

use crate::real::{count_of, days, mean_days, ratio, real};
use age_bands::AgeBands;
use backlog::Backlog;
use domain::{
    fact::{Episode, ItemFacts},
    policy::Policy,
    time::{DAY_SECONDS, Timestamp},
    view::{Verification, View},
};
use exposure::Exposure;

/// The flow of a window.
#[derive(Clone, Debug, PartialEq)]
pub struct Flow {
    /// Episodes that started in the window.
    pub arrivals: u64,
    /// Episodes that ended in it.
    pub resolved: u64,
    /// Length of the window in days.
    pub window_days: f64,
    /// Items whose last episode is open.
    pub open_now: u64,
    /// Mean age of those, in days.
    pub mean_open_age_days: Option<f64>,
    /// Half of those are no older, in days.
    pub median_open_age_days: Option<f64>,
    /// How old they are.
    pub age_bands: AgeBands,
    /// Open items nobody acted on.
    pub never_touched: u64,
    /// Open time inside the window.
    pub exposure: Exposure,
    /// Share of the stock that leaves in 30 days; `None` without a whole block of days.
    pub monthly_capacity: Option<f64>,
}

impl Flow {
    /// The flow of some items in the window of the view.
    #[must_use]
    pub fn of(items: &[&ItemFacts], policy: &Policy, view: &View, mode: Verification) -> Self {
        let mut ages = Vec::new();
        let (mut arrivals, mut resolved, mut never_touched) = (0, 0, 0);
        for facts in items {
            for episode in facts.episodes(mode) {
                arrivals += u64::from(is_inside(episode.start, view));
                resolved += u64::from(episode.end.is_some_and(|end| is_inside(end.at, view)));
            }
            if let Some(age) = open_age(facts, view, mode) {
                ages.push(age);
                never_touched += u64::from(!facts.touched);
            }
        }
        Self {
            arrivals,
            resolved,
            window_days: days(view.as_of.since(view.observed_from)),
            open_now: count_of(ages.len()),
            mean_open_age_days: mean_days(ages.iter().sum(), count_of(ages.len())),
            median_open_age_days: median(&mut ages).map(days),
            age_bands: AgeBands::of(&ages),
            never_touched,
            exposure: Exposure::of(items, policy, view, mode),
            monthly_capacity: Backlog::of(items, view, mode).monthly_capacity(),
        }
    }

    /// Arrivals less resolutions: how much the backlog grew. The reference vectors fix the sign (`flow.net`, analysis 7);
    /// the text of the methods (3 and 10) has it the other way round.
    #[must_use]
    pub fn net(&self) -> i64 {
        let signed = |count: u64| i64::try_from(count).unwrap_or(i64::MAX);
        signed(self.arrivals) - signed(self.resolved)
    }

    /// Ended for each that arrived; `None` where nobody did.
    #[must_use]
    pub fn clearance(&self) -> Option<f64> {
        (self.arrivals > 0).then(|| real(self.resolved) / real(self.arrivals))
    }

    /// Open items nobody acted on, as a share of the open ones.
    #[must_use]
    pub fn never_touched_share(&self) -> Option<f64> {
        ratio(self.never_touched, self.open_now)
    }

    /// What each arrival costs in days, from counts nobody edits (Little's law).
    #[must_use]
    pub fn implied_days(&self) -> Option<f64> {
        let arrivals_a_day = real(self.arrivals) / self.window_days;
        (self.arrivals > 0).then(|| self.exposure.days() / self.window_days / arrivals_a_day)
    }
}

fn is_inside(moment: Timestamp, view: &View) -> bool {
    view.observed_from <= moment && moment < view.as_of
}

/// The last episode of an item, if it is open.
#[must_use]
pub fn open_episode(facts: &ItemFacts, mode: Verification) -> Option<Episode> {
    facts.last_episode(mode).filter(|episode| episode.end.is_none())
}

/// How long the open episode of an item has lasted, in seconds.
#[must_use]
pub fn open_age(facts: &ItemFacts, view: &View, mode: Verification) -> Option<i64> {
    open_episode(facts, mode).map(|episode| view.as_of.since(episode.start))
}

/// Whether an item has been open for longer than promised.
#[must_use]
pub fn is_past_promised(facts: &ItemFacts, policy: &Policy, view: &View, mode: Verification) -> bool {
    let promised = policy.targets.get(facts.severity_at_detection()).promised_seconds();
    open_age(facts, view, mode).is_some_and(|age| age > promised)
}

/// The first of the ages that half of them do not exceed; `None` for nobody.
pub(crate) fn median(ages: &mut [i64]) -> Option<i64> {
    ages.sort_unstable();
    ages.get(ages.len().saturating_sub(1) / 2).copied()
}

/// Days as whole seconds.
const fn in_seconds(days: i64) -> i64 {
    days * DAY_SECONDS
}
