//! What does the first word of an item say? Which labels follow, how many of everything else, and a few marks.

use super::{Compact, LABELS, Marks, NEVER};

/// Where a count lies: its lowest bit, and its largest value, which stands for a word of its own after the header.
#[derive(Clone, Copy)]
struct Count {
    shift: u32,
    most: u32,
}

const LABEL_BITS: u32 = (1 << LABELS) - 1;
const EPISODES: Count = Count { shift: 10, most: 31 };
const CLOSURES: Count = Count { shift: 15, most: 31 };
const RECORDS: Count = Count { shift: 20, most: 15 };
const PATCHES: Count = Count { shift: 24, most: 3 };
/// Why the last episode ended.
const CAUSE_SHIFT: u32 = 26;
/// The last episode ended by a close nobody checked.
const LENIENT: u32 = 1 << 28;
/// Some closure has an end.
const SEEN_AGAIN: u32 = 1 << 29;
/// Ended records differ in kind, so each has its own written.
const MIXED: u32 = 1 << 30;
/// A clock of the ticket tool runs.
const RUNNING: u32 = 1 << 31;

/// The first word.
#[derive(Clone, Copy, Debug)]
pub(super) struct Header(pub(super) u32);

impl Header {
    const fn has(self, mark: u32) -> bool {
        self.0 & mark != 0
    }

    /// Which labels have seconds, one bit each.
    pub(super) const fn labels(self) -> u32 {
        self.0 & LABEL_BITS
    }

    pub(super) fn labels_count(self) -> usize {
        usize::try_from(self.labels().count_ones()).unwrap_or_default()
    }

    pub(super) const fn last_cause(self) -> u32 {
        self.0 >> CAUSE_SHIFT & 3
    }

    pub(super) const fn is_lenient(self) -> bool {
        self.has(LENIENT)
    }

    pub(super) const fn is_seen_again(self) -> bool {
        self.has(SEEN_AGAIN)
    }

    pub(super) const fn is_mixed(self) -> bool {
        self.has(MIXED)
    }

    pub(super) const fn is_running(self) -> bool {
        self.has(RUNNING)
    }

    const fn has_own_word(self, count: Count) -> bool {
        self.0 >> count.shift & count.most == count.most
    }
}

/// How many of everything follow.
pub(super) struct Counts {
    pub(super) episodes: usize,
    pub(super) closures: usize,
    pub(super) records: usize,
    pub(super) patches: usize,
}

impl Counts {
    /// From the header and the words after it.
    pub(super) fn of(header: Header, next: &mut impl FnMut() -> u32) -> Self {
        let mut count = |place: Count| {
            let short = header.0 >> place.shift & place.most;
            usize::try_from(if short == place.most { next() } else { short }).unwrap_or_default()
        };
        Self { episodes: count(EPISODES), closures: count(CLOSURES), records: count(RECORDS), patches: count(PATCHES) }
    }
}

/// Whether some closure was seen again.
pub(super) fn is_seen_again(item: &Compact) -> bool {
    item.closures.iter().any(|spell| spell.end != NEVER)
}

/// Whether the kinds of the ended records cannot be told from how many of each there are.
pub(super) fn is_mixed(item: &Compact) -> bool {
    let usual = item.records.usual_kind();
    item.ended_records.iter().any(|record| record.kind != usual)
}

/// Writes the header, and the counts that do not fit into it.
pub(super) fn write(words: &mut Vec<u32>, item: &Compact) {
    let last = item.episodes.last().map_or(0, |spell| {
        u32::from(Marks::of_cause(spell.cause).0) << CAUSE_SHIFT | if spell.lenient { LENIENT } else { 0 }
    });
    let present = item.labels.iter().zip(0_u32..).filter(|(seconds, _)| **seconds > 0);
    let labels = present.map(|(_, place)| 1 << place).sum::<u32>();
    let lengths = [item.episodes.len(), item.closures.len(), item.ended_records.len(), item.patches.len()];
    let counts = lengths.map(|length| u32::try_from(length).unwrap_or(u32::MAX));
    let places = [EPISODES, CLOSURES, RECORDS, PATCHES];
    let placed = places.iter().zip(counts).map(|(place, count)| count.min(place.most) << place.shift);
    let mark = |holds: bool, mark: u32| if holds { mark } else { 0 };
    let marks = mark(is_seen_again(item), SEEN_AGAIN) | mark(is_mixed(item), MIXED);
    words.push(labels | last | marks | mark(item.running.is_some(), RUNNING) | placed.sum::<u32>());
    words.extend(places.iter().zip(counts).filter(|(place, count)| *count >= place.most).map(|(_, count)| count));
}

/// Which labels have seconds, one bit each in the order of [`domain::label::Label::ALL`], and those seconds.
pub(crate) fn labels(words: &[u32]) -> (u32, &[u32]) {
    let header = Header(words.first().copied().unwrap_or_default());
    let own_words = [EPISODES, CLOSURES, RECORDS, PATCHES].iter().filter(|count| header.has_own_word(**count));
    let first = 1 + own_words.count();
    (header.labels(), words.get(first..first + header.labels_count()).unwrap_or_default())
}

/// Whether a clock of the ticket tool runs.
pub(crate) fn is_running(words: &[u32]) -> bool {
    words.first().is_some_and(|header| Header(*header).is_running())
}
