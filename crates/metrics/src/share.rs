//! How many of how many, and how far might that be off?

use crate::{
    answer::{Answer, Interval, WhyNot},
    level::Level,
    real::real,
};

/// `part` of `of`; part never exceeds the whole.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Share {
    part: u64,
    of: u64,
}

impl Share {
    /// `None` when the part exceeds the whole.
    #[must_use]
    pub fn new(part: u64, of: u64) -> Option<Self> {
        (part <= of).then_some(Self { part, of })
    }

    /// Counts those of `all` that answer yes.
    pub fn count<T>(all: impl IntoIterator<Item = T>, yes: impl Fn(&T) -> bool) -> Self {
        let mut share = Self::default();
        for one in all {
            share.of += 1;
            share.part += u64::from(yes(&one));
        }
        share
    }

    /// Both together.
    #[must_use]
    pub const fn joined(self, other: Self) -> Self {
        Self { part: self.part + other.part, of: self.of + other.of }
    }

    /// How many said yes.
    #[must_use]
    pub const fn part(self) -> u64 {
        self.part
    }

    /// How many were asked.
    #[must_use]
    pub const fn of(self) -> u64 {
        self.of
    }

    /// 0 to 1, or nothing where nobody was asked.
    #[must_use]
    pub fn value(self) -> Option<f64> {
        crate::real::ratio(self.part, self.of)
    }

    /// 0 to 100, or nothing where nobody was asked.
    #[must_use]
    pub fn percent(self) -> Option<f64> {
        (self.of > 0).then(|| 100.0 * real(self.part) / real(self.of))
    }

    /// The share with its Wilson interval: it stays inside 0 to 1 and does not shrink to nothing at the ends.
    #[must_use]
    pub fn answer(self, level: Level) -> Answer<f64> {
        let Some(value) = self.value() else {
            return Answer::Unknown(WhyNot::NoEvidence);
        };
        let (n, z) = (real(self.of), level.z());
        let square = z * z;
        let middle = (value + square / (2.0 * n)) / (1.0 + square / n);
        let half = z / (1.0 + square / n) * (value * (1.0 - value) / n + square / (4.0 * n * n)).sqrt();
        let lower = if self.part == 0 { 0.0 } else { (middle - half).max(0.0) };
        let upper = if self.part == self.of { 1.0 } else { (middle + half).min(1.0) };
        let interval = Interval::of_formula(Some(lower), Some(upper), level);
        Answer::Known { value, count: self.of, interval: Some(interval) }
    }
}

/// `paper` less `practice`, with the interval of Newcombe: the two Wilson intervals joined. Where it holds 0 the
/// evidence shows no gap.
#[must_use]
pub fn difference(paper: Share, practice: Share, level: Level) -> Answer<f64> {
    let (
        Answer::Known { value: high, interval: Some(of_high), .. },
        Answer::Known { value: low, interval: Some(of_low), .. },
    ) = (paper.answer(level), practice.answer(level))
    else {
        return Answer::Unknown(WhyNot::NoEvidence);
    };
    let distance = |one: Option<f64>, one_value: f64, other: Option<f64>, other_value: f64| {
        let (one, other) = (one.unwrap_or(one_value) - one_value, other.unwrap_or(other_value) - other_value);
        (one * one + other * other).sqrt()
    };
    let value = high - low;
    let lower = value - distance(of_high.lower, high, of_low.upper, low);
    let upper = value + distance(of_high.upper, high, of_low.lower, low);
    let interval = Interval::of_formula(Some(lower), Some(upper), level);
    Answer::Known { value, count: paper.of().min(practice.of()), interval: Some(interval) }
}
