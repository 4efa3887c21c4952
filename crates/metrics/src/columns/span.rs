//! One spell in one of the two orders: what it is sorted by, what it is otherwise, and whose it is.

use super::codes::Codes;
use domain::{fact::Cause, view::Verification};

/// What is known of a spell besides its two moments.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Marks(pub(crate) u8);

impl Marks {
    /// The first spell of its item.
    pub(crate) const FIRST: u8 = 1 << 2;
    /// The last spell of its item.
    pub(crate) const LAST: u8 = 1 << 3;
    /// It ended only where every close is believed.
    pub(crate) const LENIENT: u8 = 1 << 4;
    /// The last spell of its item turned out never to have been real.
    pub(crate) const NEVER_REAL: u8 = 1 << 5;
    /// Somebody acted on the item.
    pub(crate) const TOUCHED: u8 = 1 << 6;
    /// The severity of the item has changed.
    pub(crate) const STEPS: u8 = 1 << 7;

    /// The cause of an end alone.
    pub(crate) const fn of_cause(cause: Cause) -> Self {
        Self(match cause {
            Cause::Fixed => 0,
            Cause::Accepted => 1,
            Cause::Decommissioned => 2,
            Cause::FalsePositive => 3,
        })
    }

    /// The same with one more mark, if there is one.
    pub(crate) fn with(self, mark: Option<u8>) -> Self {
        Self(self.0 | mark.unwrap_or_default())
    }

    /// Whether a mark is set.
    pub(crate) const fn has(self, mark: u8) -> bool {
        self.0 & mark != 0
    }

    /// Why it ended; without meaning while it lasts.
    pub(crate) const fn cause(self) -> Cause {
        match self.0 & 3 {
            0 => Cause::Fixed,
            1 => Cause::Accepted,
            2 => Cause::Decommissioned,
            _ => Cause::FalsePositive,
        }
    }

    /// Whether it ended as a false positive: those leave all survival figures.
    pub(crate) const fn is_false_positive(self) -> bool {
        self.0 & 3 == 3
    }

    /// Whether its end does not count in a mode.
    pub(crate) fn is_unbelieved(self, mode: Verification) -> bool {
        self.has(Self::LENIENT) && mode == Verification::Strict
    }
}

/// A row of an order. In the order of durations `key` is the duration and `other` the start; in the order of starts
/// `key` is the start and `other` the end, or never.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct SpanRow {
    pub(crate) key: u32,
    pub(crate) slot: u32,
    pub(crate) other: u32,
    pub(crate) codes: Codes,
    pub(crate) marks: Marks,
}
