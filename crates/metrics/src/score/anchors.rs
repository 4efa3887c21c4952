//! Which level does a value earn? Six anchors are the values of the levels 0 to 5, linear between, clamped outside
//! (methods.md 5.1).

/// The highest level.
pub const TOP: f64 = 5.0;

/// Values of the levels 0 to 5, all rising or all falling.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Anchors([f64; 6]);

impl Anchors {
    /// A share of which more is better.
    pub const HIGHER: Self = Self([0.0, 0.2, 0.4, 0.6, 0.8, 0.95]);
    /// A share of which less is better.
    pub const LOWER: Self = Self([0.8, 0.6, 0.4, 0.2, 0.1, 0.03]);

    /// `None` where the values neither rise nor fall throughout: such anchors would give one value two levels.
    #[must_use]
    pub fn new(values: [f64; 6]) -> Option<Self> {
        let steps = || values.iter().zip(values.iter().skip(1));
        let is_monotone = steps().all(|(one, next)| one < next) || steps().all(|(one, next)| one > next);
        (is_monotone && values.iter().all(|value| value.is_finite())).then_some(Self(values))
    }

    /// Whether a larger value earns a higher level.
    #[must_use]
    pub fn rise(&self) -> bool {
        self.0.first() < self.0.last()
    }

    /// All values moved away from, or towards, the ones that earn more: `factor` 1.1 makes every level harder where more
    /// is better.
    #[must_use]
    pub fn scaled(&self, factor: f64) -> Self {
        Self(self.0.map(|value| value * factor))
    }

    /// The level of a value; what is not a number earns none.
    #[must_use]
    pub fn level_of(&self, value: f64) -> f64 {
        let sign = if self.rise() { 1.0 } else { -1.0 };
        let value = value * sign;
        let levels = [0.0, 1.0, 2.0, 3.0, 4.0];
        let steps = self.0.iter().zip(self.0.iter().skip(1)).zip(levels);
        for ((from, to), level) in steps {
            let (from, to) = (from * sign, to * sign);
            if value <= from {
                return level;
            }
            if value < to {
                return level + (value - from) / (to - from);
            }
        }
        if value.is_nan() { 0.0 } else { TOP }
    }

    /// The levels of the two ends of an interval, the lower first whichever way the anchors run. An end that was not
    /// reached may be anything.
    #[must_use]
    pub fn levels_of(&self, lower: Option<f64>, upper: Option<f64>) -> (f64, f64) {
        let (low, high) = (lower.map(|end| self.level_of(end)), upper.map(|end| self.level_of(end)));
        // A duration that is never reached is worse than any that is.
        let (worst, best) = if self.rise() { (low, high) } else { (high, low) };
        (worst.unwrap_or(0.0), best.unwrap_or(TOP))
    }
}
