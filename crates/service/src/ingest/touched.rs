//! Which items does a transaction touch? Their numbers are given one after another, so that millions of them fit into a few
//! hundred kilobytes.

use domain::id::ItemKey;
use roaring::RoaringTreemap;

/// Items, each once, in the order of their numbers.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Touched(RoaringTreemap);

impl Touched {
    pub(crate) fn insert(&mut self, item: ItemKey) {
        self.0.insert(item.get().cast_unsigned());
    }

    pub(crate) fn extend(&mut self, items: impl IntoIterator<Item = ItemKey>) {
        self.0.extend(items.into_iter().map(|item| item.get().cast_unsigned()));
    }

    /// Adds all of the others.
    pub(crate) fn join(&mut self, others: &Self) {
        self.0 |= &others.0;
    }

    pub(crate) fn contains(&self, item: ItemKey) -> bool {
        self.0.contains(item.get().cast_unsigned())
    }

    pub(crate) fn len(&self) -> u64 {
        self.0.len()
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = ItemKey> + '_ {
        self.0.iter().map(|item| ItemKey::from_row(item.cast_signed()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_item_is_touched_once_and_all_come_in_order() {
        let item = ItemKey::from_row;
        let mut touched = Touched::default();
        touched.extend([item(70_000), item(3), item(3)]);
        touched.insert(item(5_000_000_000));
        let mut others = Touched::default();
        assert!(others.is_empty());
        others.extend([item(4), item(3)]);
        touched.join(&others);
        assert_eq!(touched.len(), 4);
        assert!(touched.contains(item(4)) && !touched.contains(item(5)));
        assert_eq!(touched.iter().collect::<Vec<_>>(), [3, 4, 70_000, 5_000_000_000].map(item));
    }
}
