//! Which item an event belongs to once items that are the same weakness have been merged.

use std::collections::BTreeMap;

/// Survivors of merges: walked in the order of events, circles ignored.
#[derive(Debug, Default)]
pub struct Survivors<Id: Ord + Clone>(BTreeMap<Id, Id>);

impl<Id: Ord + Clone> Survivors<Id> {
    /// Nothing merged yet.
    #[must_use]
    pub const fn new() -> Self {
        Self(BTreeMap::new())
    }

    /// Merges `item` into `into`; a merge that closes a circle does nothing.
    pub fn merge(&mut self, item: &Id, into: &Id) {
        let (from, to) = (self.of(item), self.of(into));
        if from != to {
            self.0.insert(from, to);
        }
    }

    /// The item that `item` now belongs to: itself if it was never merged.
    #[must_use]
    pub fn of(&self, item: &Id) -> Id {
        let mut current = item;
        while let Some(next) = self.0.get(current) {
            current = next;
        }
        current.clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_chain_ends_at_its_last_survivor_and_a_circle_is_ignored() {
        let mut survivors = Survivors::new();
        survivors.merge(&"a", &"b");
        survivors.merge(&"b", &"c");
        survivors.merge(&"c", &"a");
        assert_eq!(
            [survivors.of(&"a"), survivors.of(&"b"), survivors.of(&"c"), survivors.of(&"d")],
            ["c", "c", "c", "d"]
        );
    }
}
