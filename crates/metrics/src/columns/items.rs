//! The columns of the items themselves, by slot: what a figure needs of an item besides its spells.

mod pass;

pub(crate) use pass::ItemRow;

use super::{
    blob::{self, Glimpse},
    codes::{Codes, WordNumbers},
    compact::{Compact, More, RecordCounts, Spell, State},
    settled::{Settled, Share},
};
use std::{collections::BTreeMap, ops::Range};

/// No words here: the slot is empty.
const NOWHERE: u32 = u32::MAX;
/// Stands for a pattern of records that is not in the list.
const PATTERN_BEYOND: u16 = u16::MAX;
/// Words that are no longer read are swept out when they are more than this part of all.
const WASTE_SHARE: usize = 8;
/// Columns that must grow do so by this part, so that little lies idle.
const GROWTH_SHARE: usize = 16;

/// What is known of few items, by slot.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Beyond {
    /// The codes of the item and the end of its first episode, so that few must be looked up.
    pub(crate) codes: Codes,
    pub(crate) first: Option<Spell>,
    pub(crate) more: More,
    /// Full numbers, where one of them shares its place in the codes.
    pub(crate) words: Option<WordNumbers>,
    /// Records that fit into no pattern, with their seconds.
    pub(crate) records: Option<(RecordCounts, i64)>,
}

/// The columns.
#[derive(Clone, Debug, Default)]
pub(crate) struct Items {
    codes: Vec<u32>,
    state: Vec<u16>,
    since: Vec<u32>,
    pattern: Vec<u16>,
    elapsed: Vec<u32>,
    place: Vec<u32>,
    ties: Vec<u32>,
    words: Vec<u32>,
    wasted: usize,
    patterns: Vec<RecordCounts>,
    pattern_of: BTreeMap<RecordCounts, u16>,
    beyond: BTreeMap<u32, Beyond>,
    count: usize,
    settled: Settled,
    /// One bit a slot: its item is in no group.
    loose: Vec<u64>,
    id_place: Vec<u32>,
    ids: Vec<u8>,
}

/// One item as it lies in the columns.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ItemView<'a> {
    pub(crate) slot: u32,
    pub(crate) codes: Codes,
    pub(crate) state: State,
    pub(crate) since: u32,
    /// The number of what it is tied to.
    pub(crate) ties: u32,
    pub(crate) glimpse: Glimpse<'a>,
    pattern: u16,
    elapsed: u32,
}

impl Items {
    /// How many items there are.
    pub(crate) const fn count(&self) -> usize {
        self.count
    }

    /// How many slots there are, empty ones too.
    pub(crate) const fn slots(&self) -> usize {
        self.state.len()
    }

    /// The item in a slot.
    pub(crate) fn get(&self, slot: u32) -> Option<ItemView<'_>> {
        let place = usize::try_from(slot).ok()?;
        let state = State(*self.state.get(place)?);
        let words = usize::try_from(*self.place.get(place)?).ok()?;
        state.has(State::PRESENT).then_some(ItemView {
            slot,
            codes: Codes(*self.codes.get(place)?),
            state,
            since: *self.since.get(place)?,
            ties: *self.ties.get(place)?,
            glimpse: Glimpse::of(self.words.get(words..)?),
            pattern: *self.pattern.get(place)?,
            elapsed: *self.elapsed.get(place)?,
        })
    }

    /// The codes and the ties of a slot, whether or not an item is there.
    pub(crate) fn codes_and_ties(&self, slot: u32) -> Option<(Codes, u32)> {
        let place = usize::try_from(slot).ok()?;
        Some((Codes(*self.codes.get(place)?), *self.ties.get(place)?))
    }

    /// The items of some slots, in their order.
    pub(crate) fn range(&self, slots: Range<usize>) -> impl Iterator<Item = ItemView<'_>> {
        slots.filter_map(|slot| self.get(u32::try_from(slot).ok()?))
    }

    /// The patterns of records in use.
    pub(crate) fn patterns(&self) -> &[RecordCounts] {
        &self.patterns
    }

    /// What is known of few items.
    pub(crate) const fn beyond(&self) -> &BTreeMap<u32, Beyond> {
        &self.beyond
    }

    /// The records of an item by severity and outcome, and the seconds the tool counted.
    pub(crate) fn records(&self, item: &ItemView<'_>) -> (RecordCounts, i64) {
        let pattern = self.patterns.get(usize::from(item.pattern)).copied();
        match pattern.filter(|_| item.pattern != PATTERN_BEYOND) {
            Some(pattern) => (pattern, i64::from(item.elapsed)),
            None => self.beyond.get(&item.slot).and_then(|beyond| beyond.records).unwrap_or_default(),
        }
    }

    /// Everything that was put into a slot.
    pub(crate) fn compact(&self, item: &ItemView<'_>) -> Compact {
        let (records, elapsed) = self.records(item);
        let mut labels = [0; domain::label::Label::ALL.len()];
        for (place, seconds) in item.glimpse.settled() {
            if let Some(slot) = labels.get_mut(place) {
                *slot = u32::try_from(seconds).unwrap_or_default();
            }
        }
        Compact {
            state: item.state,
            since: item.since,
            labels,
            episodes: item.glimpse.episodes().collect(),
            closures: item.glimpse.closures().collect(),
            records,
            elapsed,
            ended_records: item.glimpse.records(records.usual_kind()).collect(),
            running: item.glimpse.running(),
            patches: item.glimpse.patches().collect(),
            more: self.beyond.get(&item.slot).map(|beyond| beyond.more.clone()).unwrap_or_default(),
        }
    }

    /// Writes an item into a slot, over whatever was there.
    pub(crate) fn put(&mut self, slot: u32, codes: Codes, words: WordNumbers, ties: u32, item: Compact) {
        let place = usize::try_from(slot).unwrap_or_default();
        self.grow_to(place + 1);
        self.take_out(slot);
        let was_there = self.state.get(place).is_some_and(|state| State(*state).has(State::PRESENT));
        self.count += usize::from(!was_there);
        let at = self.place_words(place, &item);
        let pattern = self.pattern_number(item.records);
        let elapsed = u32::try_from(item.elapsed).ok();
        let fits = elapsed.filter(|_| pattern != PATTERN_BEYOND);
        set(&mut self.codes, place, codes.0);
        set(&mut self.state, place, item.state.0);
        set(&mut self.since, place, item.since);
        set(&mut self.ties, place, ties);
        set(&mut self.pattern, place, if fits.is_some() { pattern } else { PATTERN_BEYOND });
        set(&mut self.elapsed, place, fits.unwrap_or_default());
        set(&mut self.place, place, at);
        let first = item.episodes.first().copied();
        let is_beyond = words.is_beyond() || fits.is_none();
        let is_usual = item.more == More::default() && !is_beyond;
        let beyond = Beyond {
            codes,
            first,
            more: item.more,
            words: words.is_beyond().then_some(words),
            records: fits.is_none().then_some((item.records, item.elapsed)),
        };
        if is_usual {
            self.beyond.remove(&slot);
        } else {
            self.beyond.insert(slot, beyond);
        }
        if is_beyond || !self.sort_in(slot) {
            self.let_loose(slot);
        }
        self.sweep_if_due();
    }

    /// Empties a slot.
    pub(crate) fn remove(&mut self, slot: u32) {
        self.take_out(slot);
        let Some(item) = self.get(slot) else { return };
        let place = usize::try_from(slot).unwrap_or_default();
        self.wasted += item.glimpse.length;
        self.count -= 1;
        self.beyond.remove(&slot);
        set(&mut self.state, place, 0);
        set(&mut self.place, place, NOWHERE);
        self.sweep_if_due();
    }

    /// Counts an item with its group, if there is room for it in one.
    fn sort_in(&mut self, slot: u32) -> bool {
        self.share(slot).is_some_and(|(share, settled)| settled.add(slot, &share))
    }

    /// What fits into no group is looked at one by one.
    fn let_loose(&mut self, slot: u32) {
        let place = usize::try_from(slot).unwrap_or_default();
        if let Some(word) = self.loose.get_mut(place / 64) {
            *word |= 1 << (place % 64);
        }
    }

    /// Undoes that.
    fn take_out(&mut self, slot: u32) {
        let place = usize::try_from(slot).unwrap_or_default();
        let bit = 1_u64 << (place % 64);
        match self.loose.get_mut(place / 64) {
            Some(word) if *word & bit != 0 => *word &= !bit,
            _ => {
                if let Some((share, settled)) = self.share(slot) {
                    settled.take_back(slot, &share);
                }
            }
        }
    }

    /// What an item adds to its group, and the groups.
    fn share(&mut self, slot: u32) -> Option<(Share<'_>, &mut Settled)> {
        let place = usize::try_from(slot).ok()?;
        let state = State(*self.state.get(place)?);
        let words = usize::try_from(*self.place.get(place)?).ok().filter(|_| state.has(State::PRESENT))?;
        let share = Share {
            codes: Codes(*self.codes.get(place)?),
            state,
            since: *self.since.get(place)?,
            words: self.words.get(words..)?,
            elapsed: *self.elapsed.get(place)?,
            pattern: *self.pattern.get(place)?,
        };
        Some((share, &mut self.settled))
    }

    /// What is added up already.
    pub(crate) const fn settled(&self) -> &Settled {
        &self.settled
    }

    /// Over the old words where as many as before, else at the end.
    fn place_words(&mut self, place: usize, item: &Compact) -> u32 {
        let mut fresh = Vec::with_capacity(16);
        blob::write(&mut fresh, item);
        let old = self.place.get(place).copied().filter(|at| *at != NOWHERE);
        if let Some(at) = old {
            let first = usize::try_from(at).unwrap_or_default();
            let length = self.words.get(first..).map_or(0, |words| Glimpse::of(words).length);
            if length == fresh.len()
                && let Some(own) = self.words.get_mut(first..first + length)
            {
                own.copy_from_slice(&fresh);
                return at;
            }
            self.wasted += length;
        }
        let at = self.words.len();
        reserve(&mut self.words, fresh.len());
        self.words.append(&mut fresh);
        u32::try_from(at).unwrap_or(NOWHERE)
    }

    fn pattern_number(&mut self, records: RecordCounts) -> u16 {
        if let Some(known) = self.pattern_of.get(&records) {
            return *known;
        }
        let number = u16::try_from(self.patterns.len()).unwrap_or(PATTERN_BEYOND);
        if number != PATTERN_BEYOND {
            self.patterns.push(records);
            self.pattern_of.insert(records, number);
        }
        number
    }

    fn grow_to(&mut self, slots: usize) {
        let more = slots.saturating_sub(self.state.len());
        if more == 0 {
            return;
        }
        for column in [&mut self.codes, &mut self.since, &mut self.elapsed, &mut self.ties] {
            reserve(column, more);
            column.resize(slots, 0);
        }
        for column in [&mut self.place, &mut self.id_place] {
            reserve(column, more);
            column.resize(slots, NOWHERE);
        }
        self.loose.resize(slots.div_ceil(64), 0);
        for column in [&mut self.state, &mut self.pattern] {
            reserve(column, more);
            column.resize(slots, 0);
        }
    }

    fn sweep_if_due(&mut self) {
        if self.wasted > 1_024.max(self.words.len() / WASTE_SHARE) {
            self.sweep();
        }
    }

    /// Lays the words out again, in the order of the slots.
    pub(crate) fn sweep(&mut self) {
        let mut words = Vec::with_capacity(self.words.len().saturating_sub(self.wasted));
        for at in self.place.iter_mut().filter(|at| **at != NOWHERE) {
            let old = usize::try_from(*at).ok().and_then(|first| self.words.get(first..)).unwrap_or_default();
            let own = old.get(..Glimpse::of(old).length).unwrap_or_default();
            *at = u32::try_from(words.len()).unwrap_or(NOWHERE);
            words.extend_from_slice(own);
        }
        self.words = words;
        self.wasted = 0;
    }

    /// Whether another item of any size still has room.
    pub(crate) fn has_room(&self) -> bool {
        const LONGEST: usize = 1 << 24;
        let most = usize::try_from(NOWHERE).unwrap_or(usize::MAX);
        self.words.len() + LONGEST < most && self.ids.len() + LONGEST < most
    }

    /// The id in a slot, as the feed writes it.
    pub(crate) fn id(&self, slot: u32) -> Option<&str> {
        let at = *self.id_place.get(usize::try_from(slot).ok()?)?;
        let bytes = self.ids.get(usize::try_from(at).ok()?..).filter(|_| at != NOWHERE)?;
        let (length, bytes) = bytes.split_first_chunk::<2>()?;
        std::str::from_utf8(bytes.get(..usize::from(u16::from_le_bytes(*length)))?).ok()
    }

    /// Writes the id of a slot, unless it is there already; whether it is short enough to be kept.
    pub(crate) fn put_id(&mut self, slot: u32, id: &str) -> bool {
        if self.id(slot) == Some(id) {
            return true;
        }
        let Ok(length) = u16::try_from(id.len()) else { return false };
        let place = usize::try_from(slot).unwrap_or_default();
        self.grow_to(place + 1);
        let at = u32::try_from(self.ids.len()).unwrap_or(NOWHERE);
        reserve(&mut self.ids, id.len() + 2);
        self.ids.extend(length.to_le_bytes());
        self.ids.extend(id.bytes());
        set(&mut self.id_place, place, at);
        true
    }

    /// Bytes in memory.
    pub(crate) fn bytes(&self) -> usize {
        4 * (self.codes.capacity() + self.since.capacity() + self.elapsed.capacity() + self.words.capacity())
            + 4 * (self.place.capacity() + self.id_place.capacity() + self.ties.capacity())
            + 2 * (self.state.capacity() + self.pattern.capacity())
            + self.ids.capacity()
            + 8 * self.loose.capacity()
            + self.settled.bytes()
            + self.beyond.len() * 3 / 2 * (size_of::<Beyond>() + 4)
            + self.patterns.len() * 3 * size_of::<RecordCounts>()
    }
}

fn set<T>(column: &mut [T], place: usize, value: T) {
    if let Some(slot) = column.get_mut(place) {
        *slot = value;
    }
}

/// Makes room without doubling: a column this long would else lie half idle.
fn reserve<T>(column: &mut Vec<T>, more: usize) {
    if column.capacity() - column.len() < more {
        column.reserve_exact(more.max(column.len() / GROWTH_SHARE));
    }
}
