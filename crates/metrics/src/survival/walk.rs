//! Kaplan–Meier age by age: for those who want the whole curve, and for those who stop at its median.

use super::{
    curve::{QUANTILE_TOLERANCE, RISK_SET_MIN, Step},
    life_table::{AgeRow, Watched},
};
use crate::{level::Level, real::real};

/// A band no wider than this, as most are, is decided by multiplications alone.
const NARROW: f64 = 1.0 / 64.0;
/// What is decided without logarithms is decided by more than any rounding.
const CLEARLY: f64 = 1e-9;

/// The curve up to the last age given.
#[derive(Clone, Debug)]
pub(crate) struct Walk {
    open: f64,
    greenwood: f64,
    /// Ages that rest on too few so far; `None` once enough are watched, or where nobody entered late.
    too_few: Option<Vec<AgeRow>>,
    conditional_from: Option<i64>,
}

impl Walk {
    /// A curve at its beginning.
    pub(crate) fn new(watched: &Watched) -> Self {
        let too_few = watched.entered_late().then(Vec::new);
        Self { open: 1.0, greenwood: 0.0, too_few, conditional_from: None }
    }

    /// Goes on over the next age; hands over the step there, unless too few were watched (methods.md 2.1).
    pub(crate) fn over(&mut self, row: AgeRow, each: &mut impl FnMut(Step)) {
        if let Some(too_few) = &mut self.too_few {
            if row.at_risk < RISK_SET_MIN {
                too_few.push(row);
                return;
            }
            self.conditional_from = (!too_few.is_empty()).then_some(row.age);
            self.too_few = None;
        }
        each(self.step(row));
    }

    /// Nothing follows: where there were never enough, all ages count after all.
    pub(crate) fn end(&mut self, each: &mut impl FnMut(Step)) {
        for row in self.too_few.take().into_iter().flatten() {
            each(self.step(row));
        }
    }

    fn step(&mut self, row: AgeRow) -> Step {
        let (d, n) = (real(row.ended), real(row.at_risk));
        self.open *= 1.0 - d / n;
        if row.at_risk > row.ended {
            self.greenwood += d / (n * (n - d));
        }
        Step { age: row.age, ended: row.ended, at_risk: row.at_risk, open: self.open, greenwood: self.greenwood }
    }

    /// Where the curve starts because too few were watched before.
    pub(crate) const fn conditional_from(&self) -> Option<i64> {
        self.conditional_from
    }
}

/// The level at which a quantile is read off.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Reach(f64);

impl Reach {
    /// The level by which `share` have ended.
    pub(crate) fn of(share: f64) -> Self {
        Self(1.0 - share + QUANTILE_TOLERANCE)
    }

    /// Whether a share still open is down there.
    pub(crate) fn is_reached(self, open: f64) -> bool {
        open <= self.0
    }

    /// Whether the lower edge of the band, and with it everything above, is clearly not: without a root or a division,
    /// which is how most steps are decided.
    pub(crate) fn is_far(self, step: &Step, level: Level) -> bool {
        let (closed, square) = (1.0 - step.open, level.z() * level.z() * step.greenwood);
        // c and c²/a both below `NARROW`.
        let is_narrow = square < NARROW * NARROW && square < NARROW * closed;
        is_narrow && step.open * (1.0 - 2.0 * NARROW) > self.0 + CLEARLY
    }

    /// Whether the lower edge of the band is. With a = −ln S and c = z√g the edge is e^(−a·e^(c/a)); where c ≤ a it lies
    /// above S (1 − c − c²/a), and a above 1 − S: most steps are decided without a logarithm.
    pub(crate) fn is_reached_below(self, step: &Step, level: Level) -> bool {
        if self.is_far(step, level) {
            return false;
        }
        let (closed, c) = (1.0 - step.open, level.z() * step.greenwood.sqrt());
        let is_clearly_above = c <= closed && step.open * (1.0 - c - c * c / closed) > self.0 + CLEARLY;
        !is_clearly_above && self.is_reached(step.band(level).0)
    }

    /// Whether the upper edge is: e^(−a·e^(−c/a)) lies above S (1 + c − c²/2a).
    pub(crate) fn is_reached_above(self, step: &Step, level: Level) -> bool {
        if step.open > self.0 + CLEARLY {
            return false;
        }
        let (closed, c) = (1.0 - step.open, level.z() * step.greenwood.sqrt());
        let is_clearly_above = step.open * (1.0 + c - c * c / (2.0 * closed)) > self.0 + CLEARLY;
        !is_clearly_above && self.is_reached(step.band(level).1)
    }
}
