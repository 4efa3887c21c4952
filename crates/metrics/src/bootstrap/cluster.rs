//! What ends together? The key of a batch and the number its draws start from (methods.md 2.8, steps 1 and 2).

use crate::ledger::LedgerItem;
use domain::time::Timestamp;
use sha2::{Digest, Sha256};

/// The version of the key: another rule gets another word, and with it other draws.
const VERSION: &str = "wallclock-cluster-1";
/// What stands between the parts of a key: a sign no identifier may hold.
pub(super) const SEPARATOR: &str = "\u{1f}";

/// What a row shares with others that may have ended by the same act.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Batch<'a> {
    /// The update the ending event names.
    Patch(&'a str),
    /// The weakness of its item.
    Weakness(&'a str),
    /// Nothing: the item stands for itself.
    Item(&'a str),
}

/// A batch of rows that are drawn together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Cluster(u64);

impl Cluster {
    /// The cluster of a row: what it shares, who should have ended it, and the UTC date on which it ended.
    #[must_use]
    pub fn of(batch: Batch<'_>, team: Option<&str>, ended: Option<Timestamp>) -> Self {
        let (word, id) = match batch {
            Batch::Patch(id) => ("patch", id),
            Batch::Weakness(id) => ("weakness", id),
            Batch::Item(id) => ("item", id),
        };
        let moment = ended.map(|ended| ended.to_string()).unwrap_or_default();
        let date = moment.split_once('T').map_or("", |(date, _)| date);
        Self(first_word(&[VERSION, word, id, team.unwrap_or_default(), date]))
    }

    /// The cluster of what ended at a moment, or has not ended, in the life of an item.
    #[must_use]
    pub fn of_item(item: &LedgerItem, ended: Option<Timestamp>) -> Self {
        let facts = &item.facts;
        let patch = ended.and_then(|at| facts.patch_at(at)).map(Batch::Patch);
        let weakness = || facts.ties.weakness.as_deref().map(Batch::Weakness);
        Self::of(patch.or_else(weakness).unwrap_or(Batch::Item(&item.id)), facts.team.as_deref(), ended)
    }

    /// The number its draws start from.
    #[must_use]
    pub const fn hash(self) -> u64 {
        self.0
    }
}

/// The first eight bytes of the SHA-256 of the joined parts, the most significant first.
pub(super) fn first_word(parts: &[&str]) -> u64 {
    let digest = Sha256::digest(parts.join(SEPARATOR));
    digest.iter().take(8).fold(0, |word, byte| word << 8 | u64::from(*byte))
}
