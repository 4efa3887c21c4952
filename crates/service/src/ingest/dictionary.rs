//! Which number has an item id? Remembered, so that the common item is not looked up again and again.

use domain::id::ItemKey;
use foldhash::quality::RandomState;
use std::collections::HashMap;

/// Beyond this many ids the memory starts anew, between two transactions; it is only a shortcut.
const REMEMBERED_MAX: usize = 200_000;

/// Item ids and their numbers; what a transaction added is forgotten when it is undone.
#[derive(Debug, Default)]
pub(crate) struct Dictionary {
    known: HashMap<Box<str>, ItemKey, RandomState>,
    fresh: Vec<Box<str>>,
}

impl Dictionary {
    pub(crate) fn get(&self, id: &str) -> Option<ItemKey> {
        self.known.get(id).copied()
    }

    /// Remembers a number that is in the database already.
    pub(crate) fn remember(&mut self, id: &str, key: ItemKey) {
        self.known.insert(id.into(), key);
    }

    /// Remembers a number this transaction gave.
    pub(crate) fn add(&mut self, id: &str, key: ItemKey) {
        self.known.insert(id.into(), key);
        self.fresh.push(id.into());
    }

    /// The place to go back to when a part of the transaction is undone.
    pub(crate) fn mark(&self) -> usize {
        self.fresh.len()
    }

    /// Forgets what was added since the mark.
    pub(crate) fn undo(&mut self, mark: usize) {
        for id in self.fresh.drain(mark.min(self.fresh.len())..) {
            self.known.remove(&id);
        }
    }

    /// What was added is in the database now.
    pub(crate) fn commit(&mut self) {
        self.fresh.clear();
        if self.known.len() > REMEMBERED_MAX {
            self.known.clear();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_forgotten_before_the_transaction_has_ended() {
        let mut dictionary = Dictionary::default();
        for number in 0..=REMEMBERED_MAX {
            dictionary.remember(&number.to_string(), ItemKey::from_row(1));
        }
        dictionary.add("fresh", ItemKey::from_row(2));
        assert_eq!(dictionary.get("0"), Some(ItemKey::from_row(1)));
        dictionary.commit();
        assert_eq!(dictionary.get("fresh"), None);
    }
}
