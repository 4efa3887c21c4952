//! How are many ages put in order? Digit by digit where there are many; equal ones lie side by side then and are
//! counted.

use crate::real::count_of;

/// Below so many a comparing sort is no slower.
const RADIX_FROM: usize = 2_048;
/// Bits looked at in one pass: so many counters stay in the nearest cache.
const DIGIT_BITS: u32 = 13;
const DIGITS: usize = 1 << DIGIT_BITS;

/// Ages in any order.
#[derive(Clone, Debug, Default)]
pub(super) struct Ages {
    /// Those of four bytes: all that lasted less than 136 years.
    short: Vec<u32>,
    others: Vec<i64>,
}

impl Ages {
    /// Room for so many.
    pub(super) fn with_capacity(count: usize) -> Self {
        Self { short: Vec::with_capacity(count), others: Vec::new() }
    }

    pub(super) fn push(&mut self, age: i64) {
        match u32::try_from(age) {
            Ok(short) => self.short.push(short),
            Err(_) => self.others.push(age),
        }
    }

    /// Every distinct age with how often it occurs, youngest first.
    pub(super) fn counted(mut self) -> impl Iterator<Item = (i64, u64)> {
        self.others.sort_unstable();
        let longer = self.others.split_off(self.others.partition_point(|age| *age < 0));
        Counted::over(self.others).chain(Counted::over(sorted(self.short))).chain(Counted::over(longer))
    }
}

/// Equal keys as one with a count.
struct Counted<T> {
    keys: Vec<T>,
    passed: usize,
}

impl<T> Counted<T> {
    const fn over(keys: Vec<T>) -> Self {
        Self { keys, passed: 0 }
    }
}

impl<T: Copy + Eq + Into<i64>> Iterator for Counted<T> {
    type Item = (i64, u64);

    fn next(&mut self) -> Option<Self::Item> {
        let rest = self.keys.get(self.passed..)?;
        let first = *rest.first()?;
        let count = rest.iter().take_while(|key| **key == first).count();
        self.passed += count;
        Some((first.into(), count_of(count)))
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        (0, Some(self.keys.len() - self.passed))
    }
}

/// The keys in order.
fn sorted(mut keys: Vec<u32>) -> Vec<u32> {
    if keys.len() < RADIX_FROM {
        keys.sort_unstable();
        return keys;
    }
    let all = keys.iter().fold(0, |all, key| all | *key);
    let mut scratch = vec![0; keys.len()];
    for shift in (0..u32::BITS - all.leading_zeros()).step_by(DIGIT_BITS as usize) {
        pass(&keys, &mut scratch, shift);
        std::mem::swap(&mut keys, &mut scratch);
    }
    keys
}

/// Moves every key to its place by one digit; equal digits keep their order.
fn pass(from: &[u32], into: &mut [u32], shift: u32) {
    let digit = |key: u32| usize::try_from(key >> shift).unwrap_or_default() % DIGITS;
    let mut next = [0_u32; DIGITS];
    for key in from {
        if let Some(count) = next.get_mut(digit(*key)) {
            *count += 1;
        }
    }
    let mut before = 0;
    for place in &mut next {
        before += std::mem::replace(place, before);
    }
    for key in from {
        let Some(place) = next.get_mut(digit(*key)) else { continue };
        if let Some(slot) = usize::try_from(*place).ok().and_then(|place| into.get_mut(place)) {
            *slot = *key;
        }
        *place += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::{Ages, RADIX_FROM, sorted};
    use proptest::{collection::vec, prelude::*};

    proptest! {
        #[test]
        fn digit_by_digit_is_the_order_of_a_comparing_sort(keys in vec(any::<u32>(), 0..3 * RADIX_FROM), most in 1_u32..) {
            let keys: Vec<u32> = keys.into_iter().map(|key| key % most).collect();
            let mut want = keys.clone();
            want.sort_unstable();
            prop_assert_eq!(sorted(keys), want);
        }

        #[test]
        fn every_age_is_counted_once_and_in_order(ages in vec(prop_oneof![-3_i64..40, any::<i64>()], 0..60)) {
            let mut all = Ages::with_capacity(ages.len());
            ages.iter().for_each(|age| all.push(*age));
            let told: Vec<i64> = all.counted().flat_map(|(age, count)| (0..count).map(move |_| age)).collect();
            let mut want = ages;
            want.sort_unstable();
            prop_assert_eq!(told, want);
        }
    }
}
