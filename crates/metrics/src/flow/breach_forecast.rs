//! What will be late next? For each open item the chance that it lives past its promised day, given that it lived so far
//! (methods.md 3). How well such forecasts have done stands in `past_forecasts`.

use crate::{
    answer::{Interval, SHOWN_MIN},
    flow::open_episode,
    ledger::{Frame, kind_of},
    level::Level,
    real::{count_of, real},
    survival::{
        curve::Curve,
        row::{Row, rows_of},
    },
};
use domain::{
    fact::ItemFacts,
    kind::Kind,
    severity::Severity,
    time::{DAY_SECONDS, Timestamp},
    view::Verification,
};
use std::collections::BTreeMap;

/// How far ahead the expected number looks.
pub const AHEAD_DAYS: i64 = 30;

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
