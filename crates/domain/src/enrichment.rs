//! What does the world outside say about a weakness? That it is exploited, and how likely it will be: dated, never events.

use crate::day::Day;
use std::{fmt, str::FromStr};

/// A copy of the catalogue older than so many days is told.
pub const KEV_DAYS_MAX: i64 = 30;

/// A share from 0 to 1 in parts per billion: as exact as it is published.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PartsPerBillion(u32);

const BILLION: u32 = 1_000_000_000;

/// A text that is no share.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a share: expected a number from 0 to 1")]
pub struct NotAShare(pub String);

impl PartsPerBillion {
    /// So many parts.
    ///
    /// # Errors
    /// [`NotAShare`] for more than the whole.
    pub fn new(parts: u32) -> Result<Self, NotAShare> {
        if parts <= BILLION { Ok(Self(parts)) } else { Err(NotAShare(parts.to_string())) }
    }

    /// How many parts.
    #[must_use]
    pub const fn get(self) -> u32 {
        self.0
    }

    /// As a share.
    #[must_use]
    pub fn share(self) -> f64 {
        f64::from(self.0) / f64::from(BILLION)
    }
}

impl FromStr for PartsPerBillion {
    type Err = NotAShare;

    /// Reads a decimal number; digits after the ninth are cut.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let bad = || NotAShare(text.to_owned());
        let (whole, fraction) = text.split_once('.').unwrap_or((text, "0"));
        let is_plain = |digits: &str| !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
        if !is_plain(whole) || !is_plain(fraction) {
            // A very small number may come with a power of ten.
            let number: f64 = text.parse().map_err(|_| bad())?;
            return if (0.0..1e-4).contains(&number) { format!("{number:.9}").parse() } else { Err(bad()) };
        }
        let digits: String = fraction.chars().chain(std::iter::repeat('0')).take(9).collect();
        let parts: u32 = digits.parse().map_err(|_| bad())?;
        let whole: u32 = whole.parse().map_err(|_| bad())?;
        let all = whole.checked_mul(BILLION).and_then(|whole| whole.checked_add(parts)).ok_or_else(bad)?;
        Self::new(all).map_err(|_| bad())
    }
}

impl fmt::Display for PartsPerBillion {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{:.9}", self.share())
    }
}

/// Which feed something comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FeedKind {
    /// The catalogue of weaknesses that are known to be exploited.
    Kev,
    /// The scores of how likely a weakness will be exploited.
    Epss,
}

impl FeedKind {
    /// The word as it is written everywhere.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Kev => "kev",
            Self::Epss => "epss",
        }
    }
}

/// One published state of a feed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Feed {
    /// Which feed.
    pub kind: FeedKind,
    /// What its publisher calls this state.
    pub version: Option<String>,
    /// The day it was published.
    pub published_on: Day,
}

impl Feed {
    /// Whether a copy of the catalogue was too old on a day to say what is exploited now.
    #[must_use]
    pub fn is_old_on(&self, day: Day) -> bool {
        self.kind == FeedKind::Kev && self.published_on.plus(KEV_DAYS_MAX) < day
    }
}

/// A weakness in the catalogue.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KevEntry {
    /// Which weakness.
    pub cve: String,
    /// Since when it stands there.
    pub added_on: Day,
    /// By when it has to be mended.
    pub due_on: Option<Day>,
    /// Whether extortionists are known to use it; none where nobody knows.
    pub ransomware: Option<bool>,
}

/// A score.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EpssScore {
    /// Which weakness.
    pub cve: String,
    /// How likely it is exploited within thirty days.
    pub score: PartsPerBillion,
    /// The share of weaknesses with a score no higher.
    pub percentile: PartsPerBillion,
}

/// One row of a feed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Enriched {
    /// Of the catalogue.
    Kev(KevEntry),
    /// Of the scores.
    Epss(EpssScore),
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_keeps_its_nine_digits() {
        for (text, parts) in [
            ("0", 0),
            ("1", BILLION),
            ("1.0", BILLION),
            ("0.00043", 430_000),
            ("0.975590000", 975_590_000),
            ("0.0000000019", 1),
        ] {
            assert_eq!(text.parse(), PartsPerBillion::new(parts), "{text}");
        }
        assert_eq!("9e-05".parse(), PartsPerBillion::new(90_000));
        for text in ["1.1", "-0.1", "", ".", "x", "1e3", "0,5", "NaN"] {
            assert!(text.parse::<PartsPerBillion>().is_err(), "{text}");
        }
    }

    #[test]
    fn a_copy_of_the_catalogue_is_old_after_thirty_days() {
        let feed = Feed { kind: FeedKind::Kev, version: None, published_on: "2026-03-01".parse().unwrap() };
        assert!(!feed.is_old_on("2026-03-31".parse().unwrap()));
        assert!(feed.is_old_on("2026-04-01".parse().unwrap()));
        let scores = Feed { kind: FeedKind::Epss, ..feed };
        assert!(!scores.is_old_on("2027-04-01".parse().unwrap()));
    }
}
