//! What share is still open at each age? Kaplan–Meier with late entry, its band, and what is read off it.

use super::{
    band::band,
    life_table::{AgeRow, LifeTable, in_order},
    row::Row,
    walk::{Reach, Walk},
};
use crate::{
    answer::{Answer, Interval, WhyNot},
    level::Level,
    real::{real, whole},
};

/// A running product may land 1e-16 above one half where it should hit it (methods.md 2.2).
pub(crate) const QUANTILE_TOLERANCE: f64 = 1e-12;

/// Fewer at risk than this at the start make one early end decide the whole curve.
pub const RISK_SET_MIN: u64 = 10;

/// The curve right after one age.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Step {
    /// The age in seconds.
    pub age: i64,
    /// How many ended at it.
    pub ended: u64,
    /// How many were at risk just before it.
    pub at_risk: u64,
    /// Share still open.
    pub open: f64,
    /// Greenwood's sum up to here.
    pub greenwood: f64,
}

impl Step {
    /// The log-log band around the share still open (methods.md 2.1).
    #[must_use]
    pub fn band(&self, level: Level) -> (f64, f64) {
        band(self.open, level.z() * self.greenwood.sqrt())
    }
}

/// The share still open by age.
#[derive(Clone, Debug, PartialEq)]
pub struct Curve {
    steps: Vec<Step>,
    conditional_from: Option<i64>,
    rows: u64,
    ended: u64,
    last_age: i64,
}

impl Curve {
    /// The curve of a life table (methods.md 2.1).
    #[must_use]
    pub fn of(table: &LifeTable) -> Self {
        let mut walk = Walk::new(table.watched());
        let mut steps = Vec::with_capacity(table.ages().len());
        for row in table.ages() {
            walk.over(*row, &mut |step| steps.push(step));
        }
        walk.end(&mut |step| steps.push(step));
        let conditional_from = walk.conditional_from();
        Self { steps, conditional_from, rows: table.rows(), ended: table.ended(), last_age: table.last_age() }
    }

    /// The same of some rows, in any order, where nobody asks for their table.
    #[must_use]
    pub fn of_rows(rows: &[Row]) -> Self {
        let (watched, ended_at) = in_order(rows);
        let (mut going, mut walk) = (watched.going(), Walk::new(&watched));
        let mut steps = Vec::with_capacity(ended_at.size_hint().1.unwrap_or_default());
        let (mut ended, mut last_age) = (0, watched.last_censored());
        for (age, count) in ended_at {
            let at_risk = going.at_risk(age, ended);
            ended += count;
            last_age = last_age.max(age);
            walk.over(AgeRow { age, ended: count, at_risk }, &mut |step| steps.push(step));
        }
        walk.end(&mut |step| steps.push(step));
        Self { steps, conditional_from: walk.conditional_from(), rows: watched.rows(), ended, last_age }
    }

    /// The steps, youngest age first.
    #[must_use]
    pub fn steps(&self) -> &[Step] {
        &self.steps
    }

    /// Where the curve starts because too few were watched before; it then speaks of those open just before that age.
    #[must_use]
    pub const fn conditional_from(&self) -> Option<i64> {
        self.conditional_from
    }

    /// How many rows it rests on.
    #[must_use]
    pub const fn rows(&self) -> u64 {
        self.rows
    }

    /// How many of them ended.
    #[must_use]
    pub const fn ended(&self) -> u64 {
        self.ended
    }

    /// The oldest age at which anybody was watched.
    #[must_use]
    pub const fn last_age(&self) -> i64 {
        self.last_age
    }

    /// The step in force at an age, or `None` before the first.
    #[must_use]
    pub fn step_at(&self, age: i64) -> Option<&Step> {
        let after = self.steps.partition_point(|step| step.age <= age);
        after.checked_sub(1).and_then(|place| self.steps.get(place))
    }

    /// Share still open at an age.
    #[must_use]
    pub fn open_at(&self, age: i64) -> f64 {
        self.step_at(age).map_or(1.0, |step| step.open)
    }

    /// Share still open at an age with its band, or why there is none.
    #[must_use]
    pub fn open_share(&self, age: i64, level: Level) -> Answer<f64> {
        if self.rows == 0 {
            return Answer::Unknown(WhyNot::NoEvidence);
        }
        if age > self.last_age {
            return Answer::Unknown(WhyNot::NotReached { observed_seconds: self.last_age });
        }
        let (lower, upper) = self.step_at(age).map_or((1.0, 1.0), |step| step.band(level));
        let interval = Interval::of_formula(Some(lower), Some(upper), level);
        Answer::Known { value: self.open_at(age), count: self.rows, interval: Some(interval) }
    }

    /// The first age by which `share` have ended (methods.md 2.2), or `None` if that never happens.
    #[must_use]
    pub fn quantile(&self, share: f64) -> Option<i64> {
        let reach = Reach::of(share);
        self.steps.iter().find(|step| reach.is_reached(step.open)).map(|step| step.age)
    }

    /// The interval of a quantile: the same rule on the lower and on the upper band.
    #[must_use]
    pub fn quantile_interval(&self, share: f64, level: Level) -> (Option<i64>, Option<i64>) {
        let reach = Reach::of(share);
        let first =
            |is_reached: &dyn Fn(&Step) -> bool| self.steps.iter().find(|step| is_reached(step)).map(|step| step.age);
        (first(&|step| reach.is_reached_below(step, level)), first(&|step| reach.is_reached_above(step, level)))
    }

    /// A quantile in seconds with its interval, or why there is none.
    #[must_use]
    pub fn quantile_answer(&self, share: f64, level: Level) -> Answer<i64> {
        if self.rows == 0 {
            return Answer::Unknown(WhyNot::NoEvidence);
        }
        let Some(value) = self.quantile(share) else {
            return Answer::Unknown(WhyNot::NotReached { observed_seconds: self.last_age });
        };
        let (lower, upper) = self.quantile_interval(share, level);
        let interval = Interval::of_formula(lower, upper, level);
        Answer::Known { value, count: self.rows, interval: Some(interval) }
    }

    /// Area under the curve up to `horizon` seconds: the mean time to an end within it, in seconds, and its standard
    /// error (methods.md 2.3).
    #[must_use]
    pub fn restricted_mean(&self, horizon: i64) -> (f64, f64) {
        let within = self.steps.partition_point(|step| step.age <= horizon);
        let steps = self.steps.get(..within).unwrap_or_default();
        // From the oldest step to the youngest, so that the area to the right of each is at hand.
        let (mut right, mut area_after, mut variance) = (horizon, 0.0, 0.0);
        for step in steps.iter().rev() {
            area_after += step.open * whole(right - step.age);
            right = step.age;
            if step.at_risk > step.ended {
                let (d, n) = (real(step.ended), real(step.at_risk));
                variance += area_after * area_after * d / (n * (n - d));
            }
        }
        (area_after + whole(right), variance.sqrt())
    }
}

/// How many ages at the start rest on too few (methods.md 2.1, minimum risk set).
pub(crate) fn ages_left_out(table: &LifeTable) -> usize {
    if !table.entered_late() {
        return 0;
    }
    table.ages().iter().position(|row| row.at_risk >= RISK_SET_MIN).unwrap_or(0)
}
