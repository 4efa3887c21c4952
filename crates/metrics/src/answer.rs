//! What does a metric answer? Its value with what it rests on, or the reason it has none.

use crate::level::Level;

/// Fewer than this say nothing about a group on a page.
pub const SHOWN_MIN: u64 = 10;

/// The lower and the upper end of a range.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Interval<T> {
    /// Lower end; `None` where it was not reached.
    pub lower: Option<T>,
    /// Upper end; `None` where it was not reached.
    pub upper: Option<T>,
    /// How sure: 0.9 on screens, 0.95 in the analysis.
    pub level: f64,
    /// What a bootstrap over batches knows besides; `None` where a formula made the interval.
    pub batches: Option<Batches<T>>,
}

/// What stands beside an interval from a bootstrap over batches.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Batches<T> {
    /// How many batches were drawn.
    pub clusters: u64,
    /// How many times the variance of the formula it took; `None` where the formula has none.
    pub design_effect: Option<f64>,
    /// The interval of the formula that takes every row for itself; withheld where it would be far too narrow.
    pub formula: Option<(Option<T>, Option<T>)>,
}

impl<T> Batches<T> {
    /// Whether the interval rests on so few batches that it says so.
    #[must_use]
    pub const fn are_few(&self) -> bool {
        self.clusters < crate::bootstrap::CLUSTERS_MIN
    }
}

impl<T> Interval<T> {
    /// An interval from a formula.
    #[must_use]
    pub const fn of_formula(lower: Option<T>, upper: Option<T>, level: Level) -> Self {
        Self { lower, upper, level: level.share(), batches: None }
    }

    /// The same interval in another unit; one that turns larger into smaller has to be followed by `turned`.
    #[must_use]
    pub fn map<U>(self, unit: impl Fn(T) -> U) -> Interval<U> {
        let both = |(lower, upper): (Option<T>, Option<T>)| (lower.map(&unit), upper.map(&unit));
        let (lower, upper) = both((self.lower, self.upper));
        let batches = self.batches.map(|batches| Batches {
            clusters: batches.clusters,
            design_effect: batches.design_effect,
            formula: batches.formula.map(both),
        });
        Interval { lower, upper, level: self.level, batches }
    }

    /// Its ends changed over: what was the lower is the upper one.
    #[must_use]
    pub fn turned(self) -> Self {
        let batches = self
            .batches
            .map(|batches| Batches { formula: batches.formula.map(|(lower, upper)| (upper, lower)), ..batches });
        Self { lower: self.upper, upper: self.lower, level: self.level, batches }
    }
}

/// Why there is no value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WhyNot {
    /// Too few to say anything.
    TooFew {
        /// How many there are.
        count: u64,
        /// How many it takes.
        needed: u64,
    },
    /// More than the asked share is still open after this age.
    NotReached {
        /// The last age at which anybody was watched.
        observed_seconds: i64,
    },
    /// Nothing that could answer it has arrived.
    NoEvidence,
}

/// A value with its denominator, or why there is none. Missing is never zero.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Answer<T> {
    /// There is a value.
    Known {
        /// The value.
        value: T,
        /// What it rests on: the denominator.
        count: u64,
        /// How far it might be off, where that is known.
        interval: Option<Interval<T>>,
    },
    /// There is none.
    Unknown(WhyNot),
}

impl<T: Copy> Answer<T> {
    /// A value over `count` without an interval; no evidence when there is no value.
    #[must_use]
    pub fn plain(value: Option<T>, count: u64) -> Self {
        value.map_or(Self::Unknown(WhyNot::NoEvidence), |value| Self::Known { value, count, interval: None })
    }

    /// The value, if there is one.
    #[must_use]
    pub const fn value(&self) -> Option<T> {
        match self {
            Self::Known { value, .. } => Some(*value),
            Self::Unknown(_) => None,
        }
    }

    /// The denominator, if there is a value.
    #[must_use]
    pub const fn count(&self) -> Option<u64> {
        match self {
            Self::Known { count, .. } => Some(*count),
            Self::Unknown(_) => None,
        }
    }

    /// The interval, if there is one.
    #[must_use]
    pub const fn interval(&self) -> Option<Interval<T>> {
        match self {
            Self::Known { interval, .. } => *interval,
            Self::Unknown(_) => None,
        }
    }

    /// Why there is no value.
    #[must_use]
    pub const fn why_not(&self) -> Option<WhyNot> {
        match self {
            Self::Known { .. } => None,
            Self::Unknown(why) => Some(*why),
        }
    }

    /// The same answer, or too few when it rests on fewer than `needed`.
    #[must_use]
    pub fn from_at_least(self, needed: u64) -> Self {
        match self {
            Self::Known { count, .. } if count < needed => Self::Unknown(WhyNot::TooFew { count, needed }),
            Self::Known { .. } | Self::Unknown(_) => self,
        }
    }

    /// The same answer with another interval.
    #[must_use]
    pub fn within(self, interval: Interval<T>) -> Self {
        match self {
            Self::Known { value, count, .. } => Self::Known { value, count, interval: Some(interval) },
            Self::Unknown(_) => self,
        }
    }

    /// The same answer in another unit.
    #[must_use]
    pub fn map<U>(self, unit: impl Fn(T) -> U) -> Answer<U> {
        match self {
            Self::Unknown(why) => Answer::Unknown(why),
            Self::Known { value, count, interval } => {
                Answer::Known { value: unit(value), count, interval: interval.map(|range| range.map(&unit)) }
            }
        }
    }
}
