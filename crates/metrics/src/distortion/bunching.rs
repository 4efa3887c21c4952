//! Are closures consistent with deadline-driven closing? Just below the target against just above it, in integers.

use crate::{real::real, sla::report_records, special::binomial::fair_coin_at_least};
use domain::{
    fact::{ItemFacts, Outcome},
    policy::Policy,
};

/// Closed records around their target.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Bunching {
    /// In the last 5 % before the target.
    pub below: u64,
    /// In the first 5 % after it.
    pub above: u64,
    /// In the 10 % before those last 5.
    pub before: u64,
}

impl Bunching {
    /// Over the closed records of the report.
    pub fn of<'a>(items: impl IntoIterator<Item = &'a ItemFacts>, policy: &Policy) -> Self {
        let mut bunching = Self::default();
        for facts in items {
            for record in report_records(facts, policy).filter(|record| record.outcome == Outcome::Closed) {
                if let Some(end) = record.end {
                    bunching.add(100 * end.elapsed_seconds, end.target_seconds);
                }
            }
        }
        bunching
    }

    fn add(&mut self, elapsed_hundredfold: i64, target: i64) {
        let is_between = |from: i64, to: i64| from * target <= elapsed_hundredfold && elapsed_hundredfold < to * target;
        self.before += u64::from(is_between(85, 95));
        self.below += u64::from(95 * target <= elapsed_hundredfold && elapsed_hundredfold <= 100 * target);
        self.above += u64::from(100 * target < elapsed_hundredfold && elapsed_hundredfold <= 105 * target);
    }

    /// What one would expect just below, from the closures before that.
    #[must_use]
    pub fn expected_below(&self) -> f64 {
        real(self.before) / 2.0
    }

    /// How many more there are.
    #[must_use]
    pub fn excess(&self) -> f64 {
        real(self.below) - self.expected_below()
    }

    /// How often chance alone would put as many on the near side; `None` when both sides are empty.
    #[must_use]
    pub fn p_value(&self) -> Option<f64> {
        let both = self.below + self.above;
        (both > 0).then(|| fair_coin_at_least(self.below, both))
    }
}
