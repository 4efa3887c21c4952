//! How are seconds between happening and being received spread? Counted in steps, so that millions of them fit into a few
//! kilobytes, and the order they come in does not matter.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The least there is: what lies further ahead of its receipt is held as `future`.
const LEAST_SECONDS: i64 = -300;
/// So many steps of one second each, from the least on.
const EXACT_STEPS: u64 = 1_024;
/// Beyond them each doubling is cut into so many steps.
const STEPS_PER_DOUBLING: u64 = 32;

/// Counts by step.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Spread(BTreeMap<u16, u64>);

impl Spread {
    /// The step that a number of seconds falls into.
    #[expect(clippy::cast_possible_truncation, reason = "64 doublings of 32 steps fit")]
    pub(crate) const fn step_of(seconds: i64) -> u16 {
        let above = seconds.saturating_sub(LEAST_SECONDS);
        let above = if above < 0 { 0 } else { above.unsigned_abs() };
        if above < EXACT_STEPS {
            return above as u16;
        }
        let doubling = above.ilog2();
        let within = (above >> (doubling - STEPS_PER_DOUBLING.ilog2())) - STEPS_PER_DOUBLING;
        let doublings = (doubling - EXACT_STEPS.ilog2()) as u64;
        (EXACT_STEPS + doublings * STEPS_PER_DOUBLING + within) as u16
    }

    /// The least number of seconds that falls into a step.
    fn seconds_of(step: u16) -> i64 {
        let step = u64::from(step);
        let above = match step.checked_sub(EXACT_STEPS) {
            None => step,
            Some(beyond) => {
                let (doublings, within) = (beyond / STEPS_PER_DOUBLING, beyond % STEPS_PER_DOUBLING);
                let shift = doublings + u64::from(EXACT_STEPS.ilog2() - STEPS_PER_DOUBLING.ilog2());
                (STEPS_PER_DOUBLING + within).checked_shl(u32::try_from(shift).unwrap_or(u32::MAX)).unwrap_or(u64::MAX)
            }
        };
        i64::try_from(above).unwrap_or(i64::MAX).saturating_add(LEAST_SECONDS)
    }

    pub(crate) fn add(&mut self, step: u16, count: u64) {
        if count > 0 {
            *self.0.entry(step).or_default() += count;
        }
    }

    /// How many there are.
    fn len(&self) -> u64 {
        self.0.values().sum()
    }

    /// The 1 % quantile: the least number of seconds that at least a hundredth of them do not exceed. It is exact to the second
    /// up to 723 s, and beyond at most 3.2 % too small.
    #[must_use]
    pub fn hundredth(&self) -> Option<i64> {
        let mut left = self.len().div_ceil(100);
        self.0.iter().find_map(|(step, count)| {
            let is_it = left <= *count;
            left = left.saturating_sub(*count);
            is_it.then(|| Self::seconds_of(*step))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn steps_are_seconds_up_to_723_and_none_overlaps_another() {
        for seconds in LEAST_SECONDS..=723 {
            assert_eq!(Spread::seconds_of(Spread::step_of(seconds)), seconds);
        }
        assert_eq!(Spread::step_of(i64::MIN), 0);
        let mut last = Spread::step_of(723);
        for seconds in 724..200_000 {
            let step = Spread::step_of(seconds);
            assert!(step == last || step == last + 1, "{seconds}");
            last = step;
        }
        assert!(Spread::seconds_of(Spread::step_of(i64::MAX)) > i64::MAX / 2);
    }

    proptest! {
        #[test]
        fn the_quantile_is_that_of_the_sorted_seconds_within_its_step(
            mut seconds in proptest::collection::vec(-300_i64..4_000_000, 1..400),
        ) {
            let mut spread = Spread::default();
            seconds.iter().for_each(|seconds| spread.add(Spread::step_of(*seconds), 1));
            seconds.sort_unstable();
            let rank = seconds.len().div_ceil(100);
            let exact = seconds[rank - 1];
            let told = spread.hundredth().unwrap();
            prop_assert!(told <= exact && exact - told <= (exact + 300).max(0) / 32, "{told} for {exact}");
        }
    }
}
