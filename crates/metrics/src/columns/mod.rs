//! How does a question over a million items take a blink? The facts as plain columns in two maintained orders: ended
//! spells by duration, all spells by start. Under any filter a survival curve is one pass over both, without a sort
//! (methods.md 2.9).
//!
//! *Integers only*: a scan counts, and adds up what its parts counted; no number of threads, no size of a part and no
//! order of arrival can change a bit. What is divided is divided once, over the finished counts.
//!
//! *Nothing ages overnight*: open spells lie by start, and the end of the view enters with the question.

mod blob;
mod codes;
mod compact;
mod drawn;
mod groups;
mod head;
mod items;
mod life;
mod moment;
mod one_item;
mod order;
mod overview;
mod running_clock;
mod selection;
mod settled;
mod span;
mod ties;
mod words;
mod work;

pub use drawn::GroupedRow;
pub use groups::{Dimensions, GroupTable};
pub use head::{CurveHead, SeenAgain};
pub use life::{Spells, Watch};
pub use overview::{Overview, SEEN_AGAIN_DAYS};
pub use selection::Selection;
pub use work::Work;

use crate::ledger::{LedgerItem, actor_of, kind_of};
use codes::{Codes, WordNumbers};
use compact::{Compact, by_duration};
use domain::time::Timestamp;
use items::Items;
use order::Order;
use span::SpanRow;
use std::{borrow::Borrow, collections::BTreeMap};
use ties::Ties;
use words::Words;

/// The facts of one organisation as columns.
#[derive(Clone, Debug, Default)]
pub struct Columns {
    items: Items,
    teams: Words,
    classes: Words,
    sources: Words,
    patches: Words,
    ties: Ties,
    episodes: Orders,
    closures: Orders,
}

/// The same spells in both orders.
#[derive(Clone, Debug, Default)]
struct Orders {
    /// Ended ones, by duration.
    by_duration: Order,
    /// All, by start.
    by_start: Order,
}

/// Why an item cannot be kept as columns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotKept {
    /// A moment before 2000 or after 2136, or a length beyond 136 years.
    OutOfTime,
    /// An id of more than 65,535 bytes.
    LongId,
    /// More items than four bytes can number the words of.
    Full,
}

impl std::fmt::Display for NotKept {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str(match self {
            Self::OutOfTime => "a moment lies before 2000 or after 2136",
            Self::LongId => "its id is longer than 65,535 bytes",
            Self::Full => "the columns are full",
        })
    }
}

impl std::error::Error for NotKept {}

impl Columns {
    /// Columns of many items at once, each with its slot; the orders are sorted once.
    ///
    /// # Errors
    /// [`NotKept`] with the slot of the item that cannot be kept.
    pub fn of<I: Borrow<LedgerItem>>(items: impl IntoIterator<Item = (u32, I)>) -> Result<Self, (u32, NotKept)> {
        let mut loading = Loading::default();
        for (slot, item) in items {
            loading.add(slot, item.borrow()).map_err(|why| (slot, why))?;
        }
        Ok(loading.finish())
    }

    /// Puts an item into a slot, over whatever was there: its old rows leave both orders, its new ones enter.
    ///
    /// # Errors
    /// [`NotKept`]; nothing has changed then.
    pub fn put(&mut self, slot: u32, item: &LedgerItem) -> Result<(), NotKept> {
        let fresh = self.readied(item)?;
        let (words, codes) = self.codes_of(item);
        let before = self.items.get(slot).map(|before| before.ties);
        let ties = self.ties.number(&item.facts.ties, before);
        if !self.items.put_id(slot, &item.id) {
            return Err(NotKept::LongId);
        }
        let (old_episodes, old_closures) = self.rows_in(slot);
        self.episodes.replace(&old_episodes, &fresh.episode_rows(slot, codes));
        self.closures.replace(&old_closures, &fresh.closure_rows(slot, codes));
        self.items.put(slot, codes, words, ties, fresh);
        Ok(())
    }

    /// Empties a slot: the item has merged away.
    pub fn remove(&mut self, slot: u32) {
        let (episodes, closures) = self.rows_in(slot);
        self.episodes.replace(&episodes, &[]);
        self.closures.replace(&closures, &[]);
        self.items.remove(slot);
    }

    /// Folds what has changed since into the sorted columns, and sweeps out what is no longer read: what happens by
    /// itself once enough has changed.
    pub fn settle(&mut self) {
        self.items.sweep();
        for orders in [&mut self.episodes, &mut self.closures] {
            orders.by_duration.fold();
            orders.by_start.fold();
        }
    }

    fn readied(&mut self, item: &LedgerItem) -> Result<Compact, NotKept> {
        if !self.items.has_room() {
            return Err(NotKept::Full);
        }
        Compact::of(&item.facts, &mut |patch| self.patches.number(Some(patch))).ok_or(NotKept::OutOfTime)
    }

    fn codes_of(&mut self, item: &LedgerItem) -> (WordNumbers, Codes) {
        let facts = &item.facts;
        let words = WordNumbers {
            team: self.teams.number(facts.team.as_deref()),
            class: self.classes.number(facts.asset_class.as_deref()),
            source: self.sources.number(item.source.as_deref()),
        };
        (words, Codes::of(words, kind_of(facts), facts.severity_at_detection(), actor_of(facts)))
    }

    fn rows_in(&self, slot: u32) -> (Vec<SpanRow>, Vec<SpanRow>) {
        let Some(item) = self.items.get(slot) else { return Default::default() };
        let known = self.items.compact(&item);
        (known.episode_rows(slot, item.codes), known.closure_rows(slot, item.codes))
    }

    /// How many items there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.items.count()
    }

    /// Whether there is no item.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The latest event of all items: facts say nothing of a view that ends before it.
    #[must_use]
    pub fn latest_event(&self) -> Option<Timestamp> {
        self.items.range(0..self.items.slots()).map(|item| item.since).max().map(moment::unpacked)
    }

    /// Bytes in memory.
    #[must_use]
    pub fn bytes(&self) -> usize {
        let words = [&self.teams, &self.classes, &self.sources, &self.patches].map(Words::bytes);
        let words = words.iter().sum::<usize>() + self.ties.bytes();
        self.items.bytes() + self.episodes.bytes() + self.closures.bytes() + words
    }

    /// The source that first told of the item in a slot.
    #[must_use]
    pub fn source(&self, slot: u32) -> Option<&str> {
        let item = self.items.get(slot)?;
        self.sources.word(self.words_of(&item).source)
    }

    /// The last event of the item in a slot.
    #[must_use]
    pub fn last_event(&self, slot: u32) -> Option<Timestamp> {
        self.items.get(slot).map(|item| moment::unpacked(item.since))
    }

    /// Each source that first told of an item, with how many.
    #[must_use]
    pub fn told_by_source(&self) -> BTreeMap<&str, u64> {
        let mut told: BTreeMap<u32, u64> = BTreeMap::new();
        for item in self.items.range(0..self.items.slots()) {
            *told.entry(self.words_of(&item).source).or_default() += 1;
        }
        let mut by_word: BTreeMap<&str, u64> = BTreeMap::new();
        for (number, items) in told {
            *by_word.entry(self.sources.word(number).unwrap_or_default()).or_default() += items;
        }
        by_word
    }

    /// The slot of the item with an id, as the feed writes it.
    #[must_use]
    pub fn find(&self, id: &str) -> Option<u32> {
        let slots = self.items.range(0..self.items.slots()).map(|item| item.slot);
        slots.into_iter().find(|slot| self.items.id(*slot) == Some(id))
    }

    /// The id of the item in a slot, as the feed writes it.
    #[must_use]
    pub fn id(&self, slot: u32) -> Option<&str> {
        self.items.get(slot).and_then(|_| self.items.id(slot))
    }
}

/// Columns that are being filled: their orders are sorted once, at the end.
#[derive(Debug, Default)]
pub struct Loading {
    columns: Columns,
    episodes: Vec<SpanRow>,
    closures: Vec<SpanRow>,
}

impl Loading {
    /// Adds an item in a slot of its own.
    ///
    /// # Errors
    /// [`NotKept`]
    pub fn add(&mut self, slot: u32, item: &LedgerItem) -> Result<(), NotKept> {
        let columns = &mut self.columns;
        let compact = columns.readied(item)?;
        let (words, codes) = columns.codes_of(item);
        if !columns.items.put_id(slot, &item.id) {
            return Err(NotKept::LongId);
        }
        self.episodes.extend(compact.episode_rows(slot, codes));
        self.closures.extend(compact.closure_rows(slot, codes));
        let ties = columns.ties.number(&item.facts.ties, None);
        columns.items.put(slot, codes, words, ties, compact);
        Ok(())
    }

    /// The columns.
    #[must_use]
    pub fn finish(self) -> Columns {
        let (episodes, closures) = (Orders::of(self.episodes), Orders::of(self.closures));
        Columns { episodes, closures, ..self.columns }
    }
}

impl Orders {
    fn of(rows: Vec<SpanRow>) -> Self {
        let by_duration_rows = rows.iter().copied().filter_map(by_duration).collect();
        Self { by_duration: Order::of(by_duration_rows), by_start: Order::of(rows) }
    }

    /// Takes the old rows out and puts the new ones in; a row that is both stays where it is.
    fn replace(&mut self, old: &[SpanRow], new: &[SpanRow]) {
        if old == new {
            return;
        }
        // Two presses of *close* may be equal in everything: as many rows stay as both have.
        let mut fresh = new.to_vec();
        for row in old {
            if let Some(same) = fresh.iter().position(|new| new == row) {
                fresh.swap_remove(same);
                continue;
            }
            let was_there = self.by_start.remove(row);
            debug_assert!(was_there, "what was put in comes out again");
            if let Some(row) = by_duration(*row) {
                self.by_duration.remove(&row);
            }
        }
        for row in fresh {
            self.by_start.add(row);
            if let Some(row) = by_duration(row) {
                self.by_duration.add(row);
            }
        }
    }

    fn bytes(&self) -> usize {
        self.by_duration.bytes() + self.by_start.bytes()
    }
}
