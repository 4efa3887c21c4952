//! How does what varies in length lie in one array of words? A header that says what follows, then labels, episodes,
//! closures, the clock that runs, ended records and patches; only what there is takes room.

mod header;

use super::{
    compact::{Compact, Running, Spell},
    moment::NEVER,
    span::Marks,
};
use crate::real::count_of;
use domain::{
    fact::Cause,
    label::{Label, LabelSeconds},
    severity::Severity,
};
use header::{Counts, Header};
pub(crate) use header::{is_running, labels};

const LABELS: usize = Label::ALL.len();

/// Writes the words of an item.
pub(crate) fn write(words: &mut Vec<u32>, item: &Compact) {
    header::write(words, item);
    words.extend(item.labels.iter().filter(|seconds| **seconds > 0));
    for spell in item.episodes.iter().rev().skip(1).rev() {
        words.extend([spell.start, spell.end, u32::from(Marks::of_cause(spell.cause).0)]);
    }
    words.extend(item.episodes.last().into_iter().flat_map(|spell| [spell.start, spell.end]));
    words.extend(item.closures.iter().map(|spell| spell.start));
    // Most items were never seen again after a *close*: then all ends are left out, and a bit of the header says so.
    if header::is_seen_again(item) {
        words.extend(item.closures.iter().map(|spell| spell.end));
    }
    if let Some(running) = &item.running {
        let pauses = u32::try_from(running.pauses.len()).unwrap_or(u32::MAX);
        words.extend([running.start, pauses << 2 | u32::from(running.severity.code())]);
        words.extend(running.pauses.iter().flat_map(|(from, to)| [*from, *to]));
    }
    words.extend(item.ended_records.iter().map(|record| record.end));
    if header::is_mixed(item) {
        words.extend(item.ended_records.iter().map(|record| u32::from(record.kind.0)));
    }
    words.extend(item.patches.iter().flat_map(|(at, number)| [*at, *number]));
}

/// How a record of the report ended: whether it counts as met, and whether it stood under an exception.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct RecordKind(pub(crate) u8);

impl RecordKind {
    pub(crate) const LATE: u8 = 0;
    pub(crate) const MET: u8 = 1;
    pub(crate) const EXEMPT: u8 = 1 << 1;

    pub(crate) const fn has(self, mark: u8) -> bool {
        self.0 & mark != 0
    }
}

/// A record of the report that has ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct EndedRecord {
    /// [`NEVER`] where nobody knows.
    pub(crate) end: u32,
    pub(crate) kind: RecordKind,
}

impl EndedRecord {
    pub(crate) const fn is_met(self) -> bool {
        self.kind.has(RecordKind::MET)
    }

    pub(crate) const fn is_exempt(self) -> bool {
        self.kind.has(RecordKind::EXEMPT)
    }
}

/// The words of one item, read where they lie.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Glimpse<'a> {
    header: Header,
    labels: &'a [u32],
    earlier: &'a [u32],
    last: &'a [u32],
    closed: &'a [u32],
    seen_again: &'a [u32],
    clock: &'a [u32],
    pauses: &'a [u32],
    records: &'a [u32],
    kinds: &'a [u32],
    patches: &'a [u32],
    /// How many words there are.
    pub(crate) length: usize,
}

impl<'a> Glimpse<'a> {
    /// Reads the words that begin here.
    pub(crate) fn of(words: &'a [u32]) -> Self {
        let mut rest = Rest(words);
        let header = Header(rest.one());
        let counts = Counts::of(header, &mut || rest.one());
        let labels = rest.many(header.labels_count());
        let earlier = rest.many(3 * counts.episodes.saturating_sub(1));
        let last = rest.many(if counts.episodes > 0 { 2 } else { 0 });
        let closed = rest.many(counts.closures);
        let seen_again = rest.many(if header.is_seen_again() { counts.closures } else { 0 });
        let clock = rest.many(if header.is_running() { 2 } else { 0 });
        let pauses = rest.many(clock.get(1).map_or(0, |word| 2 * usize::try_from(word >> 2).unwrap_or_default()));
        let records = rest.many(counts.records);
        let kinds = rest.many(if header.is_mixed() { counts.records } else { 0 });
        let patches = rest.many(2 * counts.patches);
        let length = words.len() - rest.0.len();
        Self { header, labels, earlier, last, closed, seen_again, clock, pauses, records, kinds, patches, length }
    }

    /// The place of each label that has seconds, in the order of [`Label::ALL`], with them.
    pub(crate) fn settled(&self) -> impl Iterator<Item = (usize, i64)> + 'a {
        let bits = self.header.labels();
        let places = (0..LABELS).filter(move |place| bits >> place & 1 == 1);
        places.zip(self.labels.iter().map(|seconds| i64::from(*seconds)))
    }

    /// Seconds per label up to the last event.
    pub(crate) fn labels(&self) -> LabelSeconds {
        let mut all = [0; LABELS];
        for (place, seconds) in self.settled() {
            if let Some(slot) = all.get_mut(place) {
                *slot = seconds;
            }
        }
        LabelSeconds::from_array(all)
    }

    /// The first episode; every item has one.
    pub(crate) fn first(&self) -> Option<Spell> {
        self.episodes().next()
    }

    /// The last episode.
    pub(crate) fn last(&self) -> Option<Spell> {
        let [start, end] = self.last else { return None };
        let cause = cause(self.header.last_cause());
        Some(Spell { start: *start, end: *end, cause, lenient: self.header.is_lenient() })
    }

    /// All episodes, oldest first.
    pub(crate) fn episodes(&self) -> impl Iterator<Item = Spell> + 'a {
        let earlier = self.earlier.chunks_exact(3).filter_map(|spell| {
            let [start, end, marks] = spell else { return None };
            Some(Spell { start: *start, end: *end, cause: cause(*marks), lenient: false })
        });
        earlier.chain(self.last())
    }

    /// All closures, oldest first.
    pub(crate) fn closures(&self) -> impl Iterator<Item = Spell> + 'a {
        let ends = self.seen_again.iter().copied().chain(std::iter::repeat(NEVER));
        let spells = self.closed.iter().zip(ends);
        spells.map(|(start, end)| Spell { start: *start, end, cause: Cause::Fixed, lenient: false })
    }

    /// How many closures there are, and how many of them were seen again.
    pub(crate) fn count_closures(&self) -> [u64; 2] {
        let seen_again = self.seen_again.iter().filter(|end| **end != NEVER).count();
        [count_of(self.closed.len()), count_of(seen_again)]
    }

    /// When its last episode ended by a close nobody checked, if it did.
    pub(crate) fn standing_close(&self) -> Option<u32> {
        self.last().filter(|spell| spell.lenient && spell.end != NEVER).map(|spell| spell.end)
    }

    /// The clock of the ticket tool that runs, if one does, without its pauses.
    pub(crate) fn clock(&self) -> Option<(u32, Severity, bool)> {
        let [start, severity] = self.clock else { return None };
        let code = u8::try_from(severity & 3).unwrap_or_default();
        Some((*start, Severity::from_code(code)?, !self.pauses.is_empty()))
    }

    /// The same with its pauses.
    pub(crate) fn running(&self) -> Option<Running> {
        let (start, severity, _) = self.clock()?;
        let pause = |pause: &[u32]| <[u32; 2]>::try_from(pause).ok().map(|[from, to]| (from, to));
        Some(Running { start, severity, pauses: self.pauses.chunks_exact(2).filter_map(pause).collect() })
    }

    /// The records of the report that have ended, oldest first; `usual` is the kind of all where none is written.
    pub(crate) fn records(&self, usual: RecordKind) -> impl Iterator<Item = EndedRecord> + use<'a> {
        let written = self.kinds.iter().map(|kind| RecordKind(u8::try_from(*kind).unwrap_or_default()));
        let kinds = written.chain(std::iter::repeat(usual));
        self.records.iter().zip(kinds).map(|(end, kind)| EndedRecord { end: *end, kind })
    }

    /// Fixing updates by the moment of the event that named them, oldest first.
    pub(crate) fn patches(&self) -> impl DoubleEndedIterator<Item = (u32, u32)> + use<'a> {
        self.patches
            .chunks_exact(2)
            .filter_map(|patch| <[u32; 2]>::try_from(patch).ok())
            .map(|[at, number]| (at, number))
    }
}

fn cause(marks: u32) -> Cause {
    Marks(u8::try_from(marks & 3).unwrap_or_default()).cause()
}

/// What has not been read yet.
struct Rest<'a>(&'a [u32]);

impl<'a> Rest<'a> {
    fn one(&mut self) -> u32 {
        let (first, rest) = self.0.split_first().unwrap_or((&0, &[]));
        self.0 = rest;
        *first
    }

    fn many(&mut self, count: usize) -> &'a [u32] {
        let (some, rest) = self.0.split_at_checked(count).unwrap_or_default();
        self.0 = rest;
        some
    }
}
