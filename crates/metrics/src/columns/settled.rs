//! What can no clock change? What items count up to their last event: it is added up once, by their codes, and kept
//! current, so that a question adds groups instead of items. What goes on since is known of the few that are not over,
//! or whose clock runs on.
//! Sums of integers can be taken back to the last bit.

use super::{
    blob::{self, Glimpse},
    codes::Codes,
    compact::State,
    moment::NEVER,
};
use domain::{claim::Verdict, fact::Situation, label::Label, severity::Severity};
use std::{collections::BTreeMap, ops::Range};

const LABELS: usize = Label::ALL.len();
const VERDICTS: usize = Verdict::ALL.len();
/// More combinations of codes than this are not worth a group each: further items are looked at one by one.
const GROUPS_MOST: usize = 16_384;

/// The items of one combination of codes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Group {
    pub(crate) items: u64,
    pub(crate) imputed: u64,
    pub(crate) seen_again: u64,
    pub(crate) labels: [i64; LABELS],
    /// Items with at least one second under each label.
    pub(crate) with_label: [u64; LABELS],
    pub(crate) elapsed: i64,
    /// Presses of *close*, and those of them that were seen again.
    pub(crate) closures: [u64; 2],
    /// Items by the ticket tool's own verdict, in the order of [`Verdict::ALL`].
    pub(crate) verdicts: [u64; VERDICTS],
    /// Items by the number of their pattern of records, in the order of the numbers.
    pub(crate) patterns: Vec<(u16, u64)>,
}

impl Group {
    /// The items of the same verdict as one of a state, where the tool says any.
    fn verdict(&mut self, state: State) -> Option<&mut u64> {
        self.verdicts.get_mut(usize::from(state.verdict()?.code()))
    }
}

/// What one item adds to its group.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Share<'a> {
    pub(crate) codes: Codes,
    pub(crate) state: State,
    pub(crate) since: u32,
    pub(crate) words: &'a [u32],
    pub(crate) elapsed: u32,
    pub(crate) pattern: u16,
}

impl Share<'_> {
    fn live(&self) -> Live {
        let glimpse = Glimpse::of(self.words);
        let close = glimpse.standing_close();
        let unverified = glimpse.labels().get(Label::ClosedUnverified);
        let since_close = close.map_or(0, |close| i64::from(self.since) - i64::from(close));
        Live {
            codes: self.codes,
            state: self.state,
            bits: u16::try_from(blob::labels(self.words).0).unwrap_or_default(),
            since: self.since,
            close: close.unwrap_or(NEVER),
            clock: glimpse.clock(),
            unverified_before: unverified > since_close,
        }
    }
}

/// What goes on with an item that is not over.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Live {
    pub(crate) codes: Codes,
    pub(crate) state: State,
    /// Which labels it had at its last event, one bit each.
    pub(crate) bits: u16,
    pub(crate) since: u32,
    /// The standing close, or never.
    pub(crate) close: u32,
    /// Whether it was closed and unverified before that close too.
    pub(crate) unverified_before: bool,
    /// Start and severity of the ticket tool's clock if one runs, and whether that has paused.
    pub(crate) clock: Option<(u32, Severity, bool)>,
}

/// All groups, and all items that are not over.
#[derive(Clone, Debug, Default)]
pub(crate) struct Settled {
    groups: BTreeMap<Codes, Group>,
    live: BTreeMap<u32, Live>,
}

impl Settled {
    /// Adds an item to its group; whether there is room for one.
    pub(crate) fn add(&mut self, slot: u32, share: &Share<'_>) -> bool {
        if self.groups.len() >= GROUPS_MOST && !self.groups.contains_key(&share.codes) {
            return false;
        }
        if share.state.situation() != Situation::Over || blob::is_running(share.words) {
            self.live.insert(slot, share.live());
        }
        let group = self.groups.entry(share.codes).or_default();
        group.items += 1;
        group.imputed += u64::from(share.state.has(State::IMPUTED));
        group.seen_again += u64::from(share.state.has(State::SEEN_AGAIN));
        group.elapsed += i64::from(share.elapsed);
        group.verdict(share.state).into_iter().for_each(|items| *items += 1);
        let closures = Glimpse::of(share.words).count_closures();
        group.closures.iter_mut().zip(closures).for_each(|(all, own)| *all += own);
        for (place, seconds) in labels(share.words) {
            if let (Some(sum), Some(count)) = (group.labels.get_mut(place), group.with_label.get_mut(place)) {
                *sum += i64::from(seconds);
                *count += 1;
            }
        }
        match group.patterns.binary_search_by_key(&share.pattern, |known| known.0) {
            Ok(place) => group.patterns.get_mut(place).into_iter().for_each(|known| known.1 += 1),
            Err(place) => group.patterns.insert(place, (share.pattern, 1)),
        }
        true
    }

    /// Takes an item out of its group.
    pub(crate) fn take_back(&mut self, slot: u32, share: &Share<'_>) {
        self.live.remove(&slot);
        let Some(group) = self.groups.get_mut(&share.codes) else { return };
        group.items -= 1;
        group.imputed -= u64::from(share.state.has(State::IMPUTED));
        group.seen_again -= u64::from(share.state.has(State::SEEN_AGAIN));
        group.elapsed -= i64::from(share.elapsed);
        group.verdict(share.state).into_iter().for_each(|items| *items -= 1);
        let closures = Glimpse::of(share.words).count_closures();
        group.closures.iter_mut().zip(closures).for_each(|(all, own)| *all -= own);
        for (place, seconds) in labels(share.words) {
            if let (Some(sum), Some(count)) = (group.labels.get_mut(place), group.with_label.get_mut(place)) {
                *sum -= i64::from(seconds);
                *count -= 1;
            }
        }
        if let Ok(place) = group.patterns.binary_search_by_key(&share.pattern, |known| known.0)
            && let Some(known) = group.patterns.get_mut(place)
        {
            known.1 -= 1;
        }
        if group.items == 0 {
            self.groups.remove(&share.codes);
        }
    }

    /// The items of some slots that are not over.
    pub(crate) fn live(&self, slots: Range<u32>) -> impl Iterator<Item = (u32, &Live)> {
        self.live.range(slots).map(|(slot, live)| (*slot, live))
    }

    /// Every group with its codes.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (Codes, &Group)> {
        self.groups.iter().map(|(codes, group)| (*codes, group))
    }

    /// Bytes in memory, roughly.
    pub(crate) fn bytes(&self) -> usize {
        let patterns: usize = self.groups.values().map(|group| 16 * group.patterns.capacity()).sum();
        let live = self.live.len() * 3 / 2 * (size_of::<Live>() + 4);
        patterns + live + self.groups.len() * 3 / 2 * (size_of::<Group>() + 4)
    }
}

/// The place of each label that has seconds, with them.
fn labels(words: &[u32]) -> impl Iterator<Item = (usize, u32)> {
    let (bits, seconds) = blob::labels(words);
    (0..LABELS).filter(move |place| bits >> place & 1 == 1).zip(seconds.iter().copied())
}
