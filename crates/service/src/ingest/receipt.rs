//! What is a sender told once its lines are durable?

use formats::field::nearest_name;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use store::batches::Counts;

/// What became of a request. Kept with its effect, so that a retry gets the same one.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Receipt {
    /// Lines that could have become events.
    pub received: u64,
    /// New events.
    pub accepted: u64,
    /// Known before.
    pub duplicate: u64,
    /// Held with a reason.
    pub quarantined: u64,
    /// The batches they were committed in: places in the chain.
    pub batches: Vec<i64>,
    /// The revision of the facts that shows them.
    pub revision: i64,
    /// What became of each line, in their order.
    pub lines: Vec<LineReceipt>,
    /// Items that have become very long by this, at most a hundred.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub long_items: Vec<LongItem>,
}

/// An item with more events than anybody would look through.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LongItem {
    /// Its id.
    pub item_id: String,
    /// How many events the log holds of it.
    pub events: u64,
}

/// What became of one line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LineStatus {
    /// A new event.
    Accepted,
    /// Known before.
    Duplicate,
    /// Held with a reason.
    Quarantined,
}

/// What became of one line, and where it is held if it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LineReceipt {
    /// What became of it.
    pub status: LineStatus,
    /// The number it is held under.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub quarantine_id: Option<i64>,
    /// Why it is held.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub reason: Option<String>,
    /// Everything that is wrong with it.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub faults: Option<serde_json::Value>,
    /// Fields that are not ours and were kept in `extra`.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub unknown_fields: Vec<String>,
    /// For those that look like a slip: the field that may be meant.
    #[serde(skip_serializing_if = "BTreeMap::is_empty", default)]
    pub nearest_fields: BTreeMap<String, String>,
}

impl LineReceipt {
    pub(crate) const fn plain(status: LineStatus) -> Self {
        Self {
            status,
            quarantine_id: None,
            reason: None,
            faults: None,
            unknown_fields: Vec::new(),
            nearest_fields: BTreeMap::new(),
        }
    }

    /// A new event, with what it says in fields that are not ours.
    pub(crate) fn accepted(unknown: &[Box<str>]) -> Self {
        let near = unknown.iter().filter_map(|name| Some((name.to_string(), nearest_name(name)?.to_owned())));
        Self {
            unknown_fields: unknown.iter().map(ToString::to_string).collect(),
            nearest_fields: near.collect(),
            ..Self::plain(LineStatus::Accepted)
        }
    }
}

impl Receipt {
    /// The counts alone.
    #[must_use]
    pub const fn counts(&self) -> Counts {
        Counts {
            received: self.received,
            accepted: self.accepted,
            duplicate: self.duplicate,
            quarantined: self.quarantined,
        }
    }

    pub(crate) fn count(&mut self, counts: Counts) {
        let sum = self.counts().plus(counts);
        self.received = sum.received;
        self.accepted = sum.accepted;
        self.duplicate = sum.duplicate;
        self.quarantined = sum.quarantined;
    }
}
