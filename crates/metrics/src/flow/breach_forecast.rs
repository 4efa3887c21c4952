//! What will be late next? For each open item the chance that it lives past its promised day, given that it lived so far
//! (methods.md 3), and how well such forecasts have done.

use crate::{
    answer::{Interval, SHOWN_MIN},
    flow::open_episode,
    ledger::{Frame, kind_of},
    level::Level,
    real::{count_of, real},
    share::Share,
    survival::{
        curve::Curve,
        row::{Row, rows_of},
    },
};
use domain::{
    fact::{Cause, ItemFacts},
    kind::Kind,
    severity::Severity,
    time::{DAY_SECONDS, Timestamp},
    view::Verification,
};
use std::collections::BTreeMap;

/// How far ahead the expected number looks.
pub const AHEAD_DAYS: i64 = 30;
/// Bands in which forecasts are compared with what came.
const BANDS: u32 = 5;

/// Curves by severity and kind, with wider ones where too few lives stand behind a narrow one.
#[derive(Clone, Debug)]
pub struct Curves {
    narrow: BTreeMap<(Severity, Kind), Curve>,
    by_severity: BTreeMap<Severity, Curve>,
    all: Curve,
}

/// The forecast for one open item.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Forecast {
    /// Start of the open episode.
    pub start: Timestamp,
    /// Its promised day.
    pub due: Timestamp,
    /// The chance that it is still there then; 1 once the day has come.
    pub chance: f64,
}

/// The expected number of breaches among some forecasts.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Expected {
    /// Open items whose promised day comes within the days ahead.
    pub due: u64,
    /// How many of them are expected to live past it.
    pub breaches: f64,
    /// The 90 % interval of that number: it follows a Poisson-binomial distribution, taken as normal.
    pub interval: Interval<f64>,
}

impl Curves {
    /// The curves over some items.
    #[must_use]
    pub fn of(items: &[&ItemFacts], frame: &Frame<'_>, mode: Verification) -> Self {
        let mut narrow: BTreeMap<(Severity, Kind), Vec<Row>> = BTreeMap::new();
        let mut by_severity: BTreeMap<Severity, Vec<Row>> = BTreeMap::new();
        let mut all = Vec::new();
        for facts in items {
            let severity = facts.severity_at_detection();
            for row in rows_of(facts, &frame.view, mode) {
                narrow.entry((severity, kind_of(facts))).or_default().push(row);
                by_severity.entry(severity).or_default().push(row);
                all.push(row);
            }
        }
        let curve = |rows: &Vec<Row>| Curve::of_rows(rows);
        let is_enough = |rows: &Vec<Row>| count_of(rows.len()) >= SHOWN_MIN;
        Self {
            narrow: narrow.iter().filter(|(_, rows)| is_enough(rows)).map(|(key, rows)| (*key, curve(rows))).collect(),
            by_severity: by_severity
                .iter()
                .filter(|(_, rows)| is_enough(rows))
                .map(|(key, rows)| (*key, curve(rows)))
                .collect(),
            all: curve(&all),
        }
    }

    fn of_item(&self, facts: &ItemFacts) -> &Curve {
        let severity = facts.severity_at_detection();
        let narrow = self.narrow.get(&(severity, kind_of(facts)));
        narrow.or_else(|| self.by_severity.get(&severity)).unwrap_or(&self.all)
    }

    /// The forecast for an item, if its last episode is open.
    #[must_use]
    pub fn forecast(&self, facts: &ItemFacts, frame: &Frame<'_>, mode: Verification) -> Option<Forecast> {
        let start = open_episode(facts, mode)?.start;
        let promised = frame.policy.targets.get(facts.severity_at_detection()).promised_seconds();
        let age = frame.view.as_of.since(start);
        let curve = self.of_item(facts);
        let (lived, at_promise) = (curve.open_at(age), curve.open_at(promised));
        // A curve that has reached nought before an item that is still there knows nothing of such items.
        let chance = if age >= promised || lived <= 0.0 { 1.0 } else { (at_promise / lived).min(1.0) };
        Some(Forecast { start, due: start.plus(promised), chance })
    }
}

/// How many of those whose promised day comes within the next [`AHEAD_DAYS`] will live past it.
#[must_use]
pub fn expected(forecasts: &[Forecast], as_of: Timestamp) -> Expected {
    let until = as_of.plus(AHEAD_DAYS * DAY_SECONDS);
    let ahead = || forecasts.iter().filter(|one| as_of < one.due && one.due <= until);
    let due = count_of(ahead().count());
    let breaches = ahead().fold(0.0, |sum, one| sum + one.chance);
    let variance: f64 = ahead().map(|one| one.chance * (1.0 - one.chance)).sum();
    let half = Level::Ninety.z() * variance.sqrt();
    let ends = ((breaches - half).max(0.0), (breaches + half).min(real(due)));
    let interval = Interval::of_formula(Some(ends.0), Some(ends.1), Level::Ninety);
    Expected { due, breaches, interval }
}

/// A forecast whose day has come.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Settled {
    /// What was said.
    pub chance: f64,
    /// Whether it lived past its promised day.
    pub was_late: bool,
}

/// What became of a forecast, from the facts of its item as they are known later; `None` while its day has not come, or
/// where the item turned out never to have been real.
#[must_use]
pub fn settle(forecast: &Forecast, later: &ItemFacts, as_of: Timestamp, mode: Verification) -> Option<Settled> {
    if forecast.due >= as_of {
        return None;
    }
    let episode = later.episodes(mode).filter(|episode| episode.start <= forecast.start).last()?;
    if episode.end.is_some_and(|end| end.cause == Cause::FalsePositive) {
        return None;
    }
    let was_late = episode.end.is_none_or(|end| end.at > forecast.due);
    Some(Settled { chance: forecast.chance, was_late })
}

/// The Brier score: mean squared distance between what was said and what came; `None` without any.
#[must_use]
pub fn brier(settled: &[Settled]) -> Option<f64> {
    let miss = |one: &Settled| one.chance - f64::from(u8::from(one.was_late));
    let sum: f64 = settled.iter().map(|one| miss(one) * miss(one)).sum();
    (!settled.is_empty()).then(|| sum / real(count_of(settled.len())))
}

/// Forecasts that said about the same.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Band {
    /// Chances from, to; the last band holds its upper edge.
    pub from: f64,
    /// See `from`.
    pub to: f64,
    /// Mean of what was said; `None` where nothing was.
    pub said: Option<f64>,
    /// How many of them were late.
    pub came: Share,
}

/// What was said against what came, in five bands of chance.
#[must_use]
pub fn calibration(settled: &[Settled]) -> Vec<Band> {
    let edge = |number: u32| f64::from(number) / f64::from(BANDS);
    let band = |number: u32| {
        let (from, to) = (edge(number), edge(number + 1));
        let is_last = number + 1 == BANDS;
        let inside = || settled.iter().filter(|one| one.chance >= from && (one.chance < to || is_last));
        let count = real(count_of(inside().count()));
        let said = (count > 0.0).then(|| inside().map(|one| one.chance).sum::<f64>() / count);
        Band { from, to, said, came: Share::count(inside(), |one| one.was_late) }
    };
    (0..BANDS).map(band).collect()
}
