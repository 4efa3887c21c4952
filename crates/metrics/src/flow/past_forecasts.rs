//! How well was lateness foretold? Forecasts that were kept, with the moment they were made, against what came since
//! (methods.md 3, breach forecast).

use super::breach_forecast::{AHEAD_DAYS, Forecast};
use crate::{calibration::Settled, ledger::Ledger, real::count_of};
use domain::{
    fact::{Cause, ItemFacts},
    time::{DAY_SECONDS, Timestamp},
    view::Verification,
};

/// A forecast as it was kept.
#[derive(Clone, Debug, PartialEq)]
pub struct Kept {
    /// The item it speaks of, as the feed writes its id.
    pub item: Box<str>,
    /// What was said.
    pub forecast: Forecast,
}

/// What became of a forecast.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Became {
    /// Its day has come: whether the item was late.
    Settled(Settled),
    /// Its day has not come.
    Pending,
    /// The item turned out never to have been real, or has gone into another: there is nothing to compare with.
    Void,
}

/// Forecasts made at one moment, and how well they did.
#[derive(Clone, Debug, PartialEq)]
pub struct Round {
    /// When they were made.
    pub made: Timestamp,
    /// What was said and what came, for those whose day has come.
    pub settled: Vec<Settled>,
    /// How many wait for their day.
    pub pending: u64,
    /// How many cannot be compared any more.
    pub void: u64,
}

/// What became of a forecast, from the facts of its item as they are known later.
#[must_use]
pub fn became(forecast: &Forecast, later: &ItemFacts, as_of: Timestamp, mode: Verification) -> Became {
    if forecast.due >= as_of {
        return Became::Pending;
    }
    let Some(episode) = later.episodes(mode).filter(|episode| episode.start <= forecast.start).last() else {
        return Became::Void;
    };
    if episode.end.is_some_and(|end| end.cause == Cause::FalsePositive) {
        return Became::Void;
    }
    let came = episode.end.is_none_or(|end| end.at > forecast.due);
    Became::Settled(Settled { said: forecast.chance, came })
}

/// Whether a forecast said anything when it was made: what was overdue already was no forecast, and what lay beyond the
/// days ahead was not shown.
#[must_use]
pub fn is_forecast(forecast: &Forecast, made: Timestamp) -> bool {
    made < forecast.due && forecast.due <= made.plus(AHEAD_DAYS * DAY_SECONDS)
}

impl Round {
    /// Compares the forecasts made at one moment with what a later view knows.
    #[must_use]
    pub fn of(made: Timestamp, kept: &[Kept], later: &Ledger, as_of: Timestamp, mode: Verification) -> Self {
        let mut round = Self { made, settled: Vec::new(), pending: 0, void: 0 };
        for one in kept.iter().filter(|one| is_forecast(&one.forecast, made)) {
            let items = later.items();
            let place = items.partition_point(|item| item.id < one.item);
            let item = items.get(place).filter(|item| item.id == one.item);
            match item.map_or(Became::Void, |item| became(&one.forecast, &item.facts, as_of, mode)) {
                Became::Settled(settled) => round.settled.push(settled),
                Became::Pending => round.pending += 1,
                Became::Void => round.void += 1,
            }
        }
        round
    }

    /// How many were expected to be late, and how many were, among those whose day has come.
    #[must_use]
    pub fn expected_and_late(&self) -> (f64, u64) {
        let expected = self.settled.iter().fold(0.0, |sum, one| sum + one.said);
        (expected, count_of(self.settled.iter().filter(|one| one.came).count()))
    }
}

/// All that was settled, in the order of the rounds: for `calibration`, where each forecast weighs alike.
#[must_use]
pub fn settled(rounds: &[Round]) -> Vec<Settled> {
    rounds.iter().flat_map(|round| round.settled.iter().copied()).collect()
}
