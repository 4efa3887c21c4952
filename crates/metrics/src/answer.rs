//! What does a metric answer? Its value with what it rests on, or the reason it has none.

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

    /// The same answer in another unit.
    #[must_use]
    pub fn map<U>(self, unit: impl Fn(T) -> U) -> Answer<U> {
        match self {
            Self::Unknown(why) => Answer::Unknown(why),
            Self::Known { value, count, interval } => Answer::Known {
                value: unit(value),
                count,
                interval: interval.map(|range| Interval {
                    lower: range.lower.map(&unit),
                    upper: range.upper.map(&unit),
                    level: range.level,
                }),
            },
        }
    }
}
