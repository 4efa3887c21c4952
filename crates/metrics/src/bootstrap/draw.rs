//! What decides where a method needs chance? Numbers that follow from a purpose and an id, the same everywhere and
//! always (methods.md 2.8, last line).

use super::{cluster::first_word, weight::word};
use crate::real::real;

/// The version of the stream.
const VERSION: &str = "wallclock-draw-1";

/// A stream of draws.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Draws(u64);

impl Draws {
    /// The stream of one purpose and one id.
    #[must_use]
    pub fn of(purpose: &str, id: &str) -> Self {
        Self(first_word(&[VERSION, purpose, id]))
    }

    /// The draw with this number, between 0 and 1 and never either.
    #[must_use]
    pub fn uniform(self, number: u64) -> f64 {
        /// 2⁻⁵³
        const UNIT: f64 = 1.0 / 9_007_199_254_740_992.0;
        (real(word(self.0, number) >> 11) + 0.5) * UNIT
    }

    /// The draw with this number, an index below `count`: the high word of the product, 0 where there is nothing to
    /// choose from.
    #[must_use]
    pub fn below(self, number: u64, count: u64) -> u64 {
        let product = u128::from(word(self.0, number)) * u128::from(count);
        u64::try_from(product >> 64).unwrap_or_default()
    }

    /// `0 … count − 1` in a drawn order (Fisher–Yates), from the draws after `number`.
    #[must_use]
    pub fn shuffled(self, number: u64, count: usize) -> Vec<usize> {
        let mut order: Vec<usize> = (0..count).collect();
        for (draw, last) in (number..).zip((1..count).rev()) {
            let below = u64::try_from(last + 1).unwrap_or(u64::MAX);
            let other = usize::try_from(self.below(draw, below)).unwrap_or_default();
            order.swap(last, other);
        }
        order
    }
}
