//! How many were open at the end of each day? An identity: yesterday's, plus arrived, less resolved.

use crate::real::{count_of, ratio, real};
use domain::{
    fact::{Cause, ItemFacts},
    time::Timestamp,
    view::{Verification, View},
};

/// Days of one block of the capacity figure.
const BLOCK_DAYS: usize = 30;

/// The daily series of a window of whole UTC days; the day that holds the end of the view is left out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Backlog {
    /// Number of the first day, counted from 1970-01-01.
    pub first_day: i64,
    /// Open at the first day's midnight.
    pub open_before: u64,
    /// Episode starts per day.
    pub arrived: Vec<u64>,
    /// Episode ends per day.
    pub resolved: Vec<u64>,
}

impl Backlog {
    /// The series of some items; items whose last episode is a false positive are left out.
    #[must_use]
    pub fn of(items: &[&ItemFacts], view: &View, mode: Verification) -> Self {
        let first_day = view.observed_from.day();
        let days = usize::try_from(view.as_of.day() - first_day).unwrap_or_default();
        let mut series = Self { first_day, open_before: 0, arrived: vec![0; days], resolved: vec![0; days] };
        for facts in items {
            let last_end = facts.last_episode(mode).and_then(|episode| episode.end);
            if last_end.is_some_and(|end| end.cause == Cause::FalsePositive) {
                continue;
            }
            for episode in facts.episodes(mode) {
                series.add(episode.start, episode.end.map(|end| end.at));
            }
        }
        series
    }

    /// An end counts only where its start did, else the series would not add up.
    fn add(&mut self, start: Timestamp, end: Option<Timestamp>) {
        let midnight = Timestamp::start_of_day(self.first_day);
        if start >= midnight {
            let Some(slot) = slot(&mut self.arrived, start, self.first_day) else {
                return;
            };
            *slot += 1;
        } else if end.is_none_or(|end| end >= midnight) {
            self.open_before += 1;
        } else {
            return;
        }
        if let Some(slot) = end.and_then(|end| slot(&mut self.resolved, end, self.first_day)) {
            *slot += 1;
        }
    }

    /// Open at the end of each day.
    #[must_use]
    pub fn open_at_end_of_day(&self) -> Vec<u64> {
        let mut open = self.open_before;
        let step = |(arrived, resolved): (&u64, &u64)| {
            open = (open + arrived).saturating_sub(*resolved);
            open
        };
        self.arrived.iter().zip(&self.resolved).map(step).collect()
    }

    /// Mean over whole blocks of 30 days of resolved / (open at start + arrived).
    #[must_use]
    pub fn monthly_capacity(&self) -> Option<f64> {
        let mut stock = self.open_before;
        let mut shares = Vec::new();
        for (arrived, resolved) in self.arrived.chunks_exact(BLOCK_DAYS).zip(self.resolved.chunks_exact(BLOCK_DAYS)) {
            let (arrived, resolved): (u64, u64) = (arrived.iter().sum(), resolved.iter().sum());
            shares.extend(ratio(resolved, stock + arrived));
            stock = (stock + arrived).saturating_sub(resolved);
        }
        (!shares.is_empty()).then(|| shares.iter().sum::<f64>() / real(count_of(shares.len())))
    }
}

fn slot(days: &mut [u64], moment: Timestamp, first_day: i64) -> Option<&mut u64> {
    usize::try_from(moment.day() - first_day).ok().and_then(|place| days.get_mut(place))
}
