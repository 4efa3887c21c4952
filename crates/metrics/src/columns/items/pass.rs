//! How does a pass over all items read them? Column beside column, and no more than it needs.

use super::{Codes, Items, PATTERN_BEYOND, State};
use std::ops::Range;

/// One item as a pass over all of them reads it.
pub(crate) struct ItemRow<'a> {
    pub(crate) slot: u32,
    pub(crate) codes: Codes,
    pub(crate) state: State,
    pub(crate) since: u32,
    /// What varies in length begins here.
    pub(crate) words: &'a [u32],
    /// The number of the pattern of its records, if they are in one.
    pub(crate) pattern: Option<usize>,
    /// Seconds the tool counted over its closed records, where those are in a pattern.
    pub(crate) elapsed: i64,
}

impl Items {
    /// The items of some slots as a pass over all of them reads them: column beside column, of the words the labels.
    pub(crate) fn visit(&self, slots: Range<usize>, each: &mut impl FnMut(&ItemRow<'_>)) {
        let first = u32::try_from(slots.start).unwrap_or(u32::MAX);
        let states = self.state.get(slots.clone()).unwrap_or_default().iter().zip(first..);
        let codes = self.codes.get(slots.clone()).unwrap_or_default();
        let since = self.since.get(slots.clone()).unwrap_or_default();
        let places = self.place.get(slots.clone()).unwrap_or_default();
        let records = self.pattern.get(slots.clone()).unwrap_or_default().iter();
        let records = records.zip(self.elapsed.get(slots).unwrap_or_default());
        let rows = states.zip(codes).zip(since).zip(places).zip(records);
        for (((((state, slot), codes), since), place), (pattern, elapsed)) in rows {
            if !State(*state).has(State::PRESENT) {
                continue;
            }
            let words = usize::try_from(*place).ok().and_then(|place| self.words.get(place..)).unwrap_or_default();
            each(&ItemRow {
                slot,
                codes: Codes(*codes),
                state: State(*state),
                since: *since,
                words,
                pattern: (*pattern != PATTERN_BEYOND).then(|| usize::from(*pattern)),
                elapsed: i64::from(*elapsed),
            });
        }
    }

    /// The items of some slots that are in no group; the slots begin at a multiple of 64.
    pub(crate) fn visit_loose(&self, slots: Range<usize>, each: &mut impl FnMut(&ItemRow<'_>)) {
        let words = self.loose.get(slots.start / 64..slots.end.div_ceil(64)).unwrap_or_default();
        for (word, first) in words.iter().zip((slots.start / 64 * 64..).step_by(64)) {
            let mut bits = *word;
            while bits != 0 {
                let slot = first + usize::try_from(bits.trailing_zeros()).unwrap_or_default();
                self.visit(slot..slot + 1, each);
                bits &= bits - 1;
            }
        }
    }
}
