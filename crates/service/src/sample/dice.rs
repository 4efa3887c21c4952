//! Where does chance come from? From a seed alone, so that the same seed tells the same story on every machine.

/// A small generator of even quality (splitmix64): whole numbers only.
#[derive(Clone, Debug)]
pub(super) struct Dice(u64);

const STEP: u64 = 0x9E37_79B9_7F4A_7C15;

impl Dice {
    /// Dice for one subject of one seed: no subject's throws depend on those of another.
    pub(super) fn of(seed: u64, subject: &'static str, number: u64) -> Self {
        let mut dice = Self(seed);
        for byte in subject.bytes() {
            dice.0 = dice.throw() ^ u64::from(byte);
        }
        dice.0 = dice.throw() ^ number;
        dice
    }

    fn throw(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(STEP);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// A number from 0 to `below` − 1; 0 where `below` is 0.
    pub(super) fn below(&mut self, below: u64) -> u64 {
        // The high half of a wide product spreads evenly without division.
        let wide = u128::from(self.throw()) * u128::from(below);
        u64::try_from(wide >> 64).unwrap_or_default()
    }

    /// A number between two bounds, both included.
    pub(super) fn between(&mut self, low: i64, high: i64) -> i64 {
        let width = u64::try_from(high - low + 1).unwrap_or_default();
        low + i64::try_from(self.below(width)).unwrap_or_default()
    }

    /// Happens in `per_mille` of a thousand cases.
    pub(super) fn chance(&mut self, per_mille: u64) -> bool {
        self.below(1_000) < per_mille
    }

    /// One of several, each as likely as its weight.
    pub(super) fn weighted<T: Copy>(&mut self, choices: &[(T, u64)], otherwise: T) -> T {
        let total = choices.iter().map(|(_, weight)| weight).sum();
        let mut left = self.below(total);
        for (choice, weight) in choices {
            match left.checked_sub(*weight) {
                None => return *choice,
                Some(rest) => left = rest,
            }
        }
        otherwise
    }

    /// One of several, each as likely as the next.
    pub(super) fn pick<T: Copy>(&mut self, choices: &[T], otherwise: T) -> T {
        let place = self.below(choices.len() as u64);
        let place = usize::try_from(place).unwrap_or_default();
        choices.get(place).copied().unwrap_or(otherwise)
    }

    /// A duration whose even quantiles are these hours; in between it is spread evenly.
    pub(super) fn hours(&mut self, quantiles: &[i64]) -> i64 {
        let steps = quantiles.len().saturating_sub(1);
        let step = usize::try_from(self.below(steps as u64)).unwrap_or_default();
        let low = quantiles.get(step).copied().unwrap_or_default();
        let high = quantiles.get(step + 1).copied().unwrap_or(low);
        self.between(low * 3_600, high * 3_600)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn throws_are_fixed_by_seed_subject_and_number() {
        let throws = |seed, number| {
            let mut dice = Dice::of(seed, "item", number);
            [dice.below(1_000), dice.below(1_000), dice.below(1_000)]
        };
        assert_eq!(throws(3, 7), throws(3, 7));
        assert_ne!(throws(3, 7), throws(3, 8));
        assert_ne!(throws(3, 7), throws(4, 7));
    }

    #[test]
    fn every_throw_stays_within_its_bounds() {
        let mut dice = Dice::of(1, "bounds", 0);
        for _ in 0..10_000 {
            assert!(dice.below(6) < 6);
            assert!((-3..=3).contains(&dice.between(-3, 3)));
            assert!((3_600..=3 * 3_600).contains(&dice.hours(&[1, 2, 3])));
            assert!(["a", "b"].contains(&dice.weighted(&[("a", 1), ("b", 9)], "c")));
        }
        assert_eq!(dice.below(0), 0);
        assert_eq!(dice.pick(&[], 5), 5);
    }
}
