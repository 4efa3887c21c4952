//! How old is what is still open?

use super::in_seconds;
use crate::real::count_of;

/// A band of ages.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum AgeBand {
    /// Up to a week.
    Week,
    /// A week to a month.
    Month,
    /// One to three months.
    Quarter,
    /// Three to six months.
    HalfYear,
    /// Six months to a year.
    Year,
    /// Longer than a year.
    Longer,
}

impl AgeBand {
    /// All bands, youngest first.
    pub const ALL: [Self; 6] = [Self::Week, Self::Month, Self::Quarter, Self::HalfYear, Self::Year, Self::Longer];

    /// From, to (left out), in days; the last one takes whatever is older than any organisation.
    #[must_use]
    pub const fn edges_days(self) -> (i64, i64) {
        match self {
            Self::Week => (0, 7),
            Self::Month => (7, 30),
            Self::Quarter => (30, 90),
            Self::HalfYear => (90, 180),
            Self::Year => (180, 365),
            Self::Longer => (365, 1_000_000),
        }
    }

    /// The name in the analysis: its edges in days.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Week => "0-7",
            Self::Month => "7-30",
            Self::Quarter => "30-90",
            Self::HalfYear => "90-180",
            Self::Year => "180-365",
            Self::Longer => "365-1000000",
        }
    }

    /// Whether an age in seconds lies in the band.
    #[must_use]
    pub const fn holds(self, age: i64) -> bool {
        let (from, to) = self.edges_days();
        in_seconds(from) <= age && age < in_seconds(to)
    }

    /// The band of an age in seconds; `None` below zero.
    #[must_use]
    pub fn of(age: i64) -> Option<Self> {
        Self::ALL.into_iter().find(|band| band.holds(age))
    }
}

/// How many are in each band, in the order of [`AgeBand::ALL`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct AgeBands([u64; 6]);

impl AgeBands {
    /// Counts ages in seconds.
    #[must_use]
    pub fn of(ages: &[i64]) -> Self {
        Self(AgeBand::ALL.map(|band| count_of(ages.iter().filter(|age| band.holds(**age)).count())))
    }

    /// Counts that are known already, in the order of [`AgeBand::ALL`].
    #[must_use]
    pub const fn from_array(counts: [u64; 6]) -> Self {
        Self(counts)
    }

    /// Each band with its count, youngest first.
    pub fn iter(&self) -> impl Iterator<Item = (AgeBand, u64)> + '_ {
        AgeBand::ALL.into_iter().zip(self.0)
    }
}
