//! Who moved an item on, and what was its time spent on?

use crate::{reason_code::ReasonCode, time::Timestamp};

/// What a stretch of an item's life was spent on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Spent {
    /// Hands on: from the start of work to the next pause, hand-over, fix or end.
    Touch,
    /// Waiting, for a reason that was given.
    Waiting(ReasonCode),
}

/// A stretch of which it is known what it was spent on. Stretches of one item do not overlap.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stretch {
    /// Its start.
    pub from: Timestamp,
    /// Its end; `None` while it lasts.
    pub to: Option<Timestamp>,
    /// What it was spent on.
    pub spent: Spent,
}

/// What a person did that moved an item on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Deed {
    /// Applied a fix.
    Fix,
    /// Allowed or refused what an agent proposed.
    Approval,
    /// Answered a question that was put to a role.
    Answer,
}

/// A deed and whose it was.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PersonDeed {
    /// When.
    pub at: Timestamp,
    /// The person.
    pub by: Box<str>,
    /// What they did.
    pub deed: Deed,
}

/// When an item was first detected, told by who detected it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct FirstDetections {
    /// By a scanner or another machine of that sort.
    pub by_machine: Option<Timestamp>,
    /// By anybody else, or by somebody the feed does not name.
    pub by_others: Option<Timestamp>,
}
