//! How often does something happen among so many? Events over a denominator, with Garwood's limits (methods.md 2.6).

use crate::{level::Level, real::real, special::gamma::chi_square_quantile};

/// Events among so many.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Rate {
    /// How often it happened.
    pub events: u64,
    /// Among how many.
    pub of: u64,
}

impl Rate {
    /// Events for each thousand; `None` among nobody.
    #[must_use]
    pub fn per_thousand(self) -> Option<f64> {
        (self.of > 0).then(|| 1_000.0 * real(self.events) / real(self.of))
    }

    /// The limits of that rate; `None` among nobody.
    #[must_use]
    pub fn limits_per_thousand(self, level: Level) -> Option<(f64, f64)> {
        let tail = (1.0 - level.share()) / 2.0;
        let lower = if self.events == 0 { 0.0 } else { chi_square_quantile(tail, 2 * self.events) / 2.0 };
        let upper = chi_square_quantile(1.0 - tail, 2 * self.events + 2) / 2.0;
        (self.of > 0).then(|| (1_000.0 * lower / real(self.of), 1_000.0 * upper / real(self.of)))
    }
}
