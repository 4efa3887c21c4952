//! What does a table by whole minutes prove? Where an engine only counts by minute, every figure of a curve comes as two
//! bounds the exact one lies between, whatever happened inside the minutes (methods.md 2.9, engine push-down).

use super::{competing::CAUSES, curve::QUANTILE_TOLERANCE, row::Row};
use crate::real::{real, whole};
use domain::fact::Cause;
use std::collections::BTreeMap;

/// Width of a bin in seconds.
pub const BIN_SECONDS: i64 = 60;

/// What an engine counted of one minute of age.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Bin {
    /// Ends by cause, in the order of [`CAUSES`].
    pub ended: [u64; 4],
    /// Rows that left without an end that counts.
    pub left: u64,
    /// Rows that came under watch after their start.
    pub entered: u64,
}

impl Bin {
    fn ends(&self) -> u64 {
        self.ended.iter().sum()
    }
}

/// A row whose end, if it has one, has a cause.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CausedRow {
    /// The spell under watch.
    pub row: Row,
    /// Why it ended; of no matter where it did not.
    pub cause: Cause,
}

/// Bounds of a figure and what lies between them.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bracket<T> {
    /// No less than this.
    pub lower: T,
    /// No more than this.
    pub upper: T,
}

impl<T: Copy> Bracket<T> {
    /// The text of the figure, if both bounds are written the same way: then it may be printed plainly.
    pub fn written_alike(&self, write: impl Fn(T) -> String) -> Option<String> {
        let (one, other) = (write(self.lower), write(self.upper));
        (one == other).then_some(one)
    }
}

/// Counts by minute of age.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MinuteTable {
    bins: BTreeMap<i64, Bin>,
    /// Rows watched from their very start.
    from_start: u64,
}

/// The curve after one minute of age.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Edge {
    /// The end of the minute, in seconds.
    age: i64,
    open: Bracket<f64>,
    actuarial: f64,
    exits: [Bracket<f64>; 4],
}

impl MinuteTable {
    /// What an engine would count of some rows. Ends before `first_age`, the exact age from which enough were watched,
    /// leave the risk set but are no ends of the curve.
    #[must_use]
    pub fn of(rows: &[CausedRow], first_age: i64) -> Self {
        let mut table = Self::default();
        for CausedRow { row, cause } in rows {
            if row.entry == 0 {
                table.from_start += 1;
            } else {
                table.bins.entry(row.entry / BIN_SECONDS).or_default().entered += 1;
            }
            let bin = table.bins.entry((row.exit - 1) / BIN_SECONDS).or_default();
            let place = CAUSES.iter().position(|known| known == cause);
            match place.and_then(|place| bin.ended.get_mut(place)) {
                Some(count) if row.ended && row.exit >= first_age => *count += 1,
                _ => bin.left += 1,
            }
        }
        table
    }

    /// A table as an engine delivers it: rows watched from their start, and the counts of each minute by its number.
    #[must_use]
    pub const fn from_counts(from_start: u64, bins: BTreeMap<i64, Bin>) -> Self {
        Self { bins, from_start }
    }

    /// The edges at which the curve may have changed.
    fn edges(&self) -> Vec<Edge> {
        let mut at_risk = self.from_start;
        let one = Bracket { lower: 1.0, upper: 1.0 };
        let mut last = Edge { age: 0, open: one, actuarial: 1.0, exits: [Bracket { lower: 0.0, upper: 0.0 }; 4] };
        let mut edges = Vec::new();
        for (number, bin) in &self.bins {
            if bin.ends() > 0 {
                last = after(&last, bin, at_risk, (number + 1) * BIN_SECONDS);
                edges.push(last);
            }
            at_risk = (at_risk + bin.entered).saturating_sub(bin.left + bin.ends());
        }
        edges
    }

    /// Bounds of the share still open at an age that is a whole number of minutes.
    #[must_use]
    pub fn open_at(&self, age: i64) -> Bracket<f64> {
        let edges = self.edges();
        edges.iter().rev().find(|edge| edge.age <= age).map_or(Bracket { lower: 1.0, upper: 1.0 }, |edge| edge.open)
    }

    /// The value between those bounds that takes entries and losses to lie evenly inside a minute.
    #[must_use]
    pub fn actuarial_at(&self, age: i64) -> f64 {
        self.edges().iter().rev().find(|edge| edge.age <= age).map_or(1.0, |edge| edge.actuarial)
    }

    /// Bounds of the share that has left by a cause at an age that is a whole number of minutes, in the order of
    /// [`CAUSES`].
    #[must_use]
    pub fn left_at(&self, age: i64) -> [Bracket<f64>; 4] {
        let none = [Bracket { lower: 0.0, upper: 0.0 }; 4];
        self.edges().iter().rev().find(|edge| edge.age <= age).map_or(none, |edge| edge.exits)
    }

    /// Bounds of a quantile: it lies after the lower and not after the upper one. `None` for a bound that is never
    /// reached; where the lower one is not, neither is the quantile.
    #[must_use]
    pub fn quantile(&self, share: f64) -> Bracket<Option<i64>> {
        let level = 1.0 - share + QUANTILE_TOLERANCE;
        let edges = self.edges();
        let first = |of: fn(&Edge) -> f64| edges.iter().find(|edge| of(edge) <= level).map(|edge| edge.age);
        Bracket {
            lower: first(|edge| edge.open.lower).map(|age| age - BIN_SECONDS),
            upper: first(|edge| edge.open.upper),
        }
    }

    /// Bounds of the mean time to an end within a horizon, in seconds.
    #[must_use]
    pub fn restricted_mean(&self, horizon: i64) -> Bracket<f64> {
        let mut area = Bracket { lower: 0.0, upper: 0.0 };
        let mut open = Bracket { lower: 1.0, upper: 1.0 };
        let mut since = 0;
        for edge in self.edges() {
            // The curve falls somewhere inside the minute: at its start for the lower bound, at its end for the upper.
            let (start, end) = ((edge.age - BIN_SECONDS).min(horizon), edge.age.min(horizon));
            area.lower += open.lower * whole(start - since) + edge.open.lower * whole(end - start);
            area.upper += open.upper * whole(end - since);
            (open, since) = (edge.open, end);
        }
        area.lower += open.lower * whole(horizon - since);
        area.upper += open.upper * whole(horizon - since);
        area
    }
}

/// The curve after a minute in which somebody ended, from the one before it and those at risk when it began.
fn after(before: &Edge, bin: &Bin, at_risk: u64, age: i64) -> Edge {
    let (d, n, c, e) = (real(bin.ends()), real(at_risk), real(bin.left), real(bin.entered));
    // At worst everybody else leaves before the first end and nobody enters; at best it is the other way round.
    let lower = before.open.lower * if n - c <= d { 0.0 } else { 1.0 - d / (n - c) };
    let upper = before.open.upper * (1.0 - d / (n + e));
    let middle = n - c / 2.0 + e / 2.0;
    let mut exits = before.exits;
    for (exit, count) in exits.iter_mut().zip(bin.ended.map(real)) {
        exit.lower += lower * count / (n + e);
        let fewest = n - c - d + 1.0;
        let most =
            if fewest > 0.0 { (before.open.upper * count / fewest).min(before.open.upper) } else { before.open.upper };
        exit.upper = (exit.upper + if count > 0.0 { most } else { 0.0 }).min(1.0);
    }
    Edge { age, open: Bracket { lower, upper }, actuarial: before.actuarial * (1.0 - d / middle).max(0.0), exits }
}
