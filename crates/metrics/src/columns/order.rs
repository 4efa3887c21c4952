//! How does a sorted order stay sorted while facts change? A large base in plain columns that is never moved, a small
//! sorted delta beside it, and marks on rows that are gone; folded together when the delta has grown.

use super::{
    codes::Codes,
    span::{Marks, SpanRow},
};
use std::{
    cmp::Ordering,
    collections::BTreeMap,
    ops::{Bound, Range},
};

/// The base is made again when more than this part of it has changed.
const DELTA_SHARE: usize = 24;
/// Below so many changes a fold would cost more than it saves.
const DELTA_MIN: usize = 256;

/// Rows in the order of their key.
#[derive(Clone, Debug, Default)]
pub(crate) struct Order {
    base: Rows,
    /// One bit a row of the base: it has been removed.
    gone: Vec<u64>,
    gone_count: usize,
    /// Rows added since, with how often.
    delta: BTreeMap<SpanRow, u32>,
    delta_count: usize,
}

/// One key in so many stands in an index as well: a search stays in it, and ends in one or two cache lines.
const INDEX_EVERY: usize = 32;

/// The columns of the base.
#[derive(Clone, Debug, Default)]
struct Rows {
    key: Vec<u32>,
    /// The first key of every [`INDEX_EVERY`].
    index: Vec<u32>,
    slot: Vec<u32>,
    other: Vec<u32>,
    codes: Vec<u32>,
    marks: Vec<u8>,
}

impl Rows {
    fn with_capacity(rows: usize) -> Self {
        Self {
            key: Vec::with_capacity(rows),
            index: Vec::with_capacity(rows / INDEX_EVERY + 1),
            slot: Vec::with_capacity(rows),
            other: Vec::with_capacity(rows),
            codes: Vec::with_capacity(rows),
            marks: Vec::with_capacity(rows),
        }
    }

    fn push(&mut self, row: SpanRow) {
        self.key.push(row.key);
        self.slot.push(row.slot);
        self.other.push(row.other);
        self.codes.push(row.codes.0);
        self.marks.push(row.marks.0);
    }

    fn extend_from(&mut self, other: &Self, part: Range<usize>) {
        self.key.extend_from_slice(other.key.get(part.clone()).unwrap_or_default());
        self.slot.extend_from_slice(other.slot.get(part.clone()).unwrap_or_default());
        self.other.extend_from_slice(other.other.get(part.clone()).unwrap_or_default());
        self.codes.extend_from_slice(other.codes.get(part.clone()).unwrap_or_default());
        self.marks.extend_from_slice(other.marks.get(part).unwrap_or_default());
    }

    fn get(&self, place: usize) -> Option<SpanRow> {
        Some(SpanRow {
            key: *self.key.get(place)?,
            slot: *self.slot.get(place)?,
            other: *self.other.get(place)?,
            codes: Codes(*self.codes.get(place)?),
            marks: Marks(*self.marks.get(place)?),
        })
    }

    fn iter(&self, part: Range<usize>) -> impl Iterator<Item = SpanRow> + '_ {
        let keys = self.key.get(part.clone()).unwrap_or_default().iter();
        let slots = self.slot.get(part.clone()).unwrap_or_default();
        let others = self.other.get(part.clone()).unwrap_or_default();
        let codes = self.codes.get(part.clone()).unwrap_or_default();
        let marks = self.marks.get(part).unwrap_or_default();
        keys.zip(slots).zip(others).zip(codes).zip(marks).map(|((((key, slot), other), codes), marks)| SpanRow {
            key: *key,
            slot: *slot,
            other: *other,
            codes: Codes(*codes),
            marks: Marks(*marks),
        })
    }

    /// The same with its index.
    fn indexed(mut self) -> Self {
        self.index.clear();
        self.index.extend(self.key.iter().step_by(INDEX_EVERY));
        self
    }

    /// Between which places the first row that is not before a key lies.
    fn stretch_of(&self, key: u32) -> (usize, usize) {
        let first = self.index.partition_point(|known| *known < key).saturating_sub(1);
        let after = self.index.partition_point(|known| *known <= key);
        (first * INDEX_EVERY, (after * INDEX_EVERY).min(self.key.len()))
    }

    /// Of two rows with the same key: mostly their slots tell, and the other columns are not touched.
    fn is_before(&self, place: usize, row: &SpanRow) -> bool {
        match self.slot.get(place).map(|slot| slot.cmp(&row.slot)) {
            Some(Ordering::Less) => true,
            Some(Ordering::Greater) | None => false,
            Some(Ordering::Equal) => self.get(place).is_some_and(|known| known < *row),
        }
    }

    /// The first place whose row is not before `row`.
    fn place_of(&self, row: &SpanRow) -> usize {
        let (mut from, mut to) = self.stretch_of(row.key);
        while from < to {
            let middle = usize::midpoint(from, to);
            let is_before = match self.key.get(middle).map(|key| key.cmp(&row.key)) {
                Some(Ordering::Less) => true,
                Some(Ordering::Greater) | None => false,
                Some(Ordering::Equal) => self.is_before(middle, row),
            };
            if is_before {
                from = middle + 1;
            } else {
                to = middle;
            }
        }
        from
    }
}

impl Order {
    /// An order of rows in any order.
    pub(crate) fn of(mut rows: Vec<SpanRow>) -> Self {
        rows.sort_unstable();
        let mut base = Rows::with_capacity(rows.len());
        rows.into_iter().for_each(|row| base.push(row));
        Self { gone: vec![0; base.key.len().div_ceil(64)], base: base.indexed(), ..Self::default() }
    }

    /// How many rows there are.
    pub(crate) fn len(&self) -> usize {
        self.base.key.len() - self.gone_count + self.delta_count
    }

    /// Adds a row.
    pub(crate) fn add(&mut self, row: SpanRow) {
        *self.delta.entry(row).or_default() += 1;
        self.delta_count += 1;
        self.fold_if_due();
    }

    /// Removes one row equal to this; whether there was one.
    pub(crate) fn remove(&mut self, row: &SpanRow) -> bool {
        if let Some(count) = self.delta.get_mut(row) {
            *count -= 1;
            if *count == 0 {
                self.delta.remove(row);
            }
            self.delta_count -= 1;
            return true;
        }
        let first = self.base.place_of(row);
        let equal = (first..).take_while(|place| self.base.get(*place).as_ref() == Some(row));
        let Some(place) = equal.into_iter().find(|place| !self.is_gone(*place)) else { return false };
        if let Some(word) = self.gone.get_mut(place / 64) {
            *word |= 1 << (place % 64);
        }
        self.gone_count += 1;
        self.fold_if_due();
        true
    }

    fn is_gone(&self, place: usize) -> bool {
        self.gone.get(place / 64).is_some_and(|word| word >> (place % 64) & 1 == 1)
    }

    fn fold_if_due(&mut self) {
        let changed = self.delta_count + self.gone_count;
        if changed > DELTA_MIN.max(self.base.key.len() / DELTA_SHARE) {
            self.fold();
        }
    }

    /// Makes the base again from what is there: long stretches of it are copied as they are.
    pub(crate) fn fold(&mut self) {
        let mut base = Rows::with_capacity(self.len());
        let mut copied = 0;
        for (row, count) in std::mem::take(&mut self.delta) {
            let until = self.base.place_of(&row).max(copied);
            self.copy(copied..until, &mut base);
            copied = until;
            (0..count).for_each(|_| base.push(row));
        }
        self.copy(copied..self.base.key.len(), &mut base);
        *self = Self { gone: vec![0; base.key.len().div_ceil(64)], base: base.indexed(), ..Self::default() };
    }

    /// Copies what is not gone of a stretch of the base.
    fn copy(&self, stretch: Range<usize>, into: &mut Rows) {
        let mut from = stretch.start;
        while let Some(gone) = self.next_gone(from..stretch.end) {
            into.extend_from(&self.base, from..gone);
            from = gone + 1;
        }
        into.extend_from(&self.base, from..stretch.end);
    }

    fn next_gone(&self, stretch: Range<usize>) -> Option<usize> {
        let mut place = stretch.start;
        while place < stretch.end {
            match self.gone.get(place / 64).map_or(0, |word| word >> (place % 64)) {
                0 => place = (place / 64 + 1) * 64,
                bits => {
                    let found = place + usize::try_from(bits.trailing_zeros()).unwrap_or_default();
                    return (found < stretch.end).then_some(found);
                }
            }
        }
        None
    }

    /// The parts a scan is divided into, so many rows of the base each; at least one, for the delta.
    pub(crate) fn parts(&self, rows: usize) -> Vec<Range<usize>> {
        let (all, rows) = (self.base.key.len(), rows.max(1));
        let mut parts: Vec<Range<usize>> = (0..all).step_by(rows).map(|from| from..(from + rows).min(all)).collect();
        if parts.is_empty() {
            parts.push(0..0);
        }
        parts
    }

    /// The same from the first row on that is not before a key; a few earlier rows may come along.
    pub(crate) fn parts_since(&self, key: u32, rows: usize) -> Vec<Range<usize>> {
        let (first, _) = self.base.stretch_of(key);
        let (all, rows) = (self.base.key.len(), rows.max(1));
        let mut parts: Vec<Range<usize>> =
            (first..all).step_by(rows).map(|from| from..(from + rows).min(all)).collect();
        if parts.is_empty() {
            parts.push(first.min(all)..all);
        }
        parts
    }

    /// Every row of a part, those of the delta that belong between them too, in order.
    pub(crate) fn visit(&self, part: Range<usize>, each: &mut impl FnMut(SpanRow)) {
        let added = self.delta_of(&part);
        let is_whole = !self.has_gone(&part);
        match added {
            None if is_whole => self.base.iter(part).for_each(each),
            None => {
                let places = part.clone();
                let there = self.base.iter(part).zip(places).filter(|(_, place)| !self.is_gone(*place));
                there.for_each(|(row, _)| each(row));
            }
            Some(bounds) => self.visit_both(part, bounds, each),
        }
    }

    fn visit_both(&self, part: Range<usize>, bounds: Bounds, each: &mut impl FnMut(SpanRow)) {
        let added = self.delta.range(bounds).flat_map(|(row, count)| (0..*count).map(|_| *row));
        let mut added = added.peekable();
        let places = part.clone();
        for (row, _) in self.base.iter(part).zip(places).filter(|(_, place)| !self.is_gone(*place)) {
            while let Some(earlier) = added.next_if(|added| *added < row) {
                each(earlier);
            }
            each(row);
        }
        added.for_each(each);
    }

    fn has_gone(&self, part: &Range<usize>) -> bool {
        let words = self.gone.get(part.start / 64..part.end.div_ceil(64)).unwrap_or_default();
        self.gone_count > 0 && words.iter().any(|word| *word != 0)
    }

    /// Where the rows of the delta lie that belong to a part, or `None` if there are none.
    fn delta_of(&self, part: &Range<usize>) -> Option<Bounds> {
        if self.delta.is_empty() {
            return None;
        }
        let from = if part.start == 0 { None } else { self.base.get(part.start) };
        let to = if part.end == self.base.key.len() { None } else { self.base.get(part.end) };
        let bounds = (from.map_or(Bound::Unbounded, Bound::Included), to.map_or(Bound::Unbounded, Bound::Excluded));
        (self.delta.range(bounds).next().is_some()).then_some(bounds)
    }

    /// Bytes in memory: the columns, and the delta at about one and a half times its entries.
    pub(crate) fn bytes(&self) -> usize {
        let base = &self.base;
        4 * (base.key.capacity() + base.slot.capacity() + base.other.capacity() + base.codes.capacity())
            + base.marks.capacity()
            + 4 * base.index.capacity()
            + 8 * self.gone.capacity()
            + self.delta.len() * 3 / 2 * (size_of::<SpanRow>() + 4)
    }
}

type Bounds = (Bound<SpanRow>, Bound<SpanRow>);
