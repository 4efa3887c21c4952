//! How does what varies in length lie in one array of words? A header that says what follows, then labels, episodes
//! and closures; only what there is takes room.

use super::{
    compact::{Compact, Spell},
    moment::NEVER,
    span::Marks,
};
use domain::{
    fact::Cause,
    label::{Label, LabelSeconds},
};

const LABELS: usize = Label::ALL.len();
/// Bits of the header: which labels follow, how many episodes, how many closures, the marks of the last episode.
const EPISODES_SHIFT: u32 = 10;
const CLOSURES_SHIFT: u32 = 18;
const MARKS_SHIFT: u32 = 26;
const LENIENT_SHIFT: u32 = 28;
/// Some closure has an end.
const SEEN_AGAIN_SHIFT: u32 = 29;
const LABEL_BITS: u32 = (1 << LABELS) - 1;
/// A count that does not fit stands in a word of its own after the header.
const COUNT_MOST: u32 = 255;

/// Writes the words of an item.
pub(crate) fn write(words: &mut Vec<u32>, item: &Compact) {
    let last = item.episodes.last().map_or(0, |spell| {
        u32::from(Marks::of_cause(spell.cause).0) << MARKS_SHIFT | u32::from(spell.lenient) << LENIENT_SHIFT
    });
    let seen_again = item.closures.iter().any(|spell| spell.end != NEVER);
    let count = |length: usize| u32::try_from(length).unwrap_or(u32::MAX);
    let (episodes, closures) = (count(item.episodes.len()), count(item.closures.len()));
    let present = item.labels.iter().zip(0_u32..).filter(|(seconds, _)| **seconds > 0);
    let labels = present.map(|(_, place)| 1 << place).sum::<u32>();
    let counts = episodes.min(COUNT_MOST) << EPISODES_SHIFT | closures.min(COUNT_MOST) << CLOSURES_SHIFT;
    words.push(labels | counts | last | u32::from(seen_again) << SEEN_AGAIN_SHIFT);
    words.extend((episodes >= COUNT_MOST).then_some(episodes));
    words.extend((closures >= COUNT_MOST).then_some(closures));
    words.extend(item.labels.iter().filter(|seconds| **seconds > 0));
    for spell in item.episodes.iter().rev().skip(1).rev() {
        words.extend([spell.start, spell.end, u32::from(Marks::of_cause(spell.cause).0)]);
    }
    words.extend(item.episodes.last().into_iter().flat_map(|spell| [spell.start, spell.end]));
    words.extend(item.closures.iter().map(|spell| spell.start));
    // Most items were never seen again after a *close*: then all ends are left out, and a bit of the header says so.
    if seen_again {
        words.extend(item.closures.iter().map(|spell| spell.end));
    }
}

/// Which labels have seconds, one bit each in the order of [`Label::ALL`], and those seconds.
pub(crate) fn labels(words: &[u32]) -> (u32, &[u32]) {
    let header = words.first().copied().unwrap_or_default();
    let has_own_word = |shift: u32| usize::from(header >> shift & COUNT_MOST == COUNT_MOST);
    let first = 1 + has_own_word(EPISODES_SHIFT) + has_own_word(CLOSURES_SHIFT);
    let bits = header & LABEL_BITS;
    let count = usize::try_from(bits.count_ones()).unwrap_or_default();
    (bits, words.get(first..first + count).unwrap_or_default())
}

/// The words of one item, read where they lie.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Glimpse<'a> {
    header: u32,
    labels: &'a [u32],
    earlier: &'a [u32],
    last: &'a [u32],
    closed: &'a [u32],
    seen_again: &'a [u32],
    /// How many words there are.
    pub(crate) length: usize,
}

impl<'a> Glimpse<'a> {
    /// Reads the words that begin here.
    pub(crate) fn of(words: &'a [u32]) -> Self {
        let mut rest = Rest(words);
        let header = rest.one();
        let mut count = |shift: u32| match header >> shift & COUNT_MOST {
            COUNT_MOST => rest.one(),
            count => count,
        };
        let (episodes, closures) = (count(EPISODES_SHIFT), count(CLOSURES_SHIFT));
        let number = |count: u32| usize::try_from(count).unwrap_or_default();
        let labels = rest.many(number((header & LABEL_BITS).count_ones()));
        let earlier = rest.many(3 * number(episodes.saturating_sub(1)));
        let last = rest.many(if episodes > 0 { 2 } else { 0 });
        let closed = rest.many(number(closures));
        let seen_again = rest.many(if header >> SEEN_AGAIN_SHIFT & 1 == 1 { closed.len() } else { 0 });
        Self { header, labels, earlier, last, closed, seen_again, length: words.len() - rest.0.len() }
    }

    /// The place of each label that has seconds, in the order of [`Label::ALL`], with them.
    pub(crate) fn settled(&self) -> impl Iterator<Item = (usize, i64)> + 'a {
        let bits = self.header & LABEL_BITS;
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
        let lenient = self.header >> LENIENT_SHIFT & 1 == 1;
        Some(Spell { start: *start, end: *end, cause: cause(self.header >> MARKS_SHIFT), lenient })
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

    /// When its last episode ended by a close nobody checked, if it did.
    pub(crate) fn standing_close(&self) -> Option<u32> {
        self.last().filter(|spell| spell.lenient && spell.end != NEVER).map(|spell| spell.end)
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
