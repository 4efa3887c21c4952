//! Does an agent get worse after it is new? Its successes week by week since it was deployed, their slope after day 60,
//! and the week since which they are others (methods.md 7, decay).

use crate::{
    real::whole,
    share::Share,
    trend::{
        change_point::{ChangePoint, change_point},
        mann_kendall::{MannKendall, mann_kendall},
        theil_sen::theil_sen,
    },
};
use domain::{
    agent_action::AgentAction,
    time::{DAY_SECONDS, Timestamp},
};
use std::collections::BTreeMap;

/// From this day on an agent is no longer new.
pub const NEW_DAYS: i64 = 60;
/// An action is a success when it was verified, and neither undone nor seen again, within so many days.
pub const PROVED_DAYS: i64 = 30;
const WEEK_DAYS: i64 = 7;

/// The successes of one week of an agent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Week {
    /// Counted from the deployment, from 0.
    pub number: i64,
    /// Successes among the actions done in it.
    pub succeeded: Share,
}

/// What became of an agent's success.
#[derive(Clone, Debug, PartialEq)]
pub struct Decay {
    /// Weeks in which something was done, oldest first.
    pub weeks: Vec<Week>,
    /// Change of the share of successes a week after day 60; `None` with fewer than two weeks.
    pub slope_a_week: Option<f64>,
    /// Whether that is a trend; `None` with fewer than three weeks.
    pub trend: Option<MannKendall>,
    /// The week since which the share is another one, if there is one.
    pub change: Option<(i64, ChangePoint)>,
}

/// Whether an action was a success; `None` while it is too young to tell, or where it was never done.
#[must_use]
pub fn succeeded(action: &AgentAction, as_of: Timestamp) -> Option<bool> {
    let done = action.done()?;
    let until = done.plus(PROVED_DAYS * DAY_SECONDS);
    let in_time = |at: Option<Timestamp>| at.is_some_and(|at| at <= until);
    (until < as_of).then(|| in_time(action.verified) && !in_time(action.undone()))
}

/// The weeks of an agent since it was deployed; what it did before is left out.
#[must_use]
pub fn weeks<'a>(
    actions: impl IntoIterator<Item = &'a AgentAction>,
    deployed: Timestamp,
    as_of: Timestamp,
) -> Vec<Week> {
    let mut found: BTreeMap<i64, Share> = BTreeMap::new();
    for action in actions {
        let age = action.done().map(|done| done.since(deployed)).filter(|age| *age >= 0);
        if let Some((age, success)) = age.zip(succeeded(action, as_of)) {
            let week = found.entry(age / (WEEK_DAYS * DAY_SECONDS)).or_default();
            *week = week.joined(Share::count([success], |yes| *yes));
        }
    }
    found.into_iter().map(|(number, succeeded)| Week { number, succeeded }).collect()
}

/// What became of the success of an agent; `id` names it, for the drawn orders of the change point.
#[must_use]
pub fn decay(weeks: Vec<Week>, id: &str) -> Decay {
    let is_late = |week: &&Week| week.number * WEEK_DAYS >= NEW_DAYS;
    let point = |week: &Week| week.succeeded.value().map(|share| (whole(week.number), share));
    let late: Vec<(f64, f64)> = weeks.iter().filter(is_late).filter_map(point).collect();
    let shares: Vec<f64> = late.iter().map(|(_, share)| *share).collect();
    let series: Vec<Share> = weeks.iter().map(|week| week.succeeded).collect();
    let change = change_point(&series, id).and_then(|change| Some((weeks.get(change.place)?.number, change)));
    Decay { slope_a_week: theil_sen(&late), trend: mann_kendall(&shares), change, weeks }
}

/// Success after day 60 over success before; `None` where one of the two is nobody's, or nothing ever succeeded before.
#[must_use]
pub fn durability(weeks: &[Week]) -> Option<f64> {
    let sum = |late: bool| {
        let own = weeks.iter().filter(|week| (week.number * WEEK_DAYS >= NEW_DAYS) == late);
        own.fold(Share::default(), |all, week| all.joined(week.succeeded)).value()
    };
    sum(true).zip(sum(false)).filter(|(_, before)| *before > 0.0).map(|(after, before)| after / before)
}
