//! Which items does a figure speak of? The items of one view with their facts, and the filter that narrows them.

mod filter;
mod item_set;

pub use filter::{Actor, Filter, ItemState, actor_of, kind_of, state_of};
pub(crate) use filter::{has_technique, is_or_unasked};
pub use item_set::ItemSet;

use domain::{calendar::Calendar, fact::ItemFacts, id::ItemKey, policy::Policy, view::View};

/// One item of a view.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LedgerItem {
    /// Its key in the database; a file that was never stored has none.
    pub key: Option<ItemKey>,
    /// Its id as the feed writes it.
    pub id: Box<str>,
    /// The source that first told of it.
    pub source: Option<Box<str>>,
    /// What the fold knows of it.
    pub facts: ItemFacts,
}

/// All items of one view, in the order of their ids.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ledger {
    items: Vec<LedgerItem>,
}

/// What a figure is read with: the moment of the view and the policy in force.
#[derive(Clone, Copy, Debug)]
pub struct Frame<'a> {
    /// The view.
    pub view: View,
    /// Targets, promised days, weights.
    pub policy: &'a Policy,
    /// The calendar of that policy.
    pub calendar: &'a Calendar,
}

impl Ledger {
    /// A ledger of items in any order.
    #[must_use]
    pub fn new(mut items: Vec<LedgerItem>) -> Self {
        items.sort_by(|one, other| one.id.cmp(&other.id).then(one.key.cmp(&other.key)));
        Self { items }
    }

    /// All items, in the order of their ids.
    #[must_use]
    pub fn items(&self) -> &[LedgerItem] {
        &self.items
    }

    /// The facts of all items.
    pub fn facts(&self) -> impl Iterator<Item = &ItemFacts> + Clone {
        self.items.iter().map(|item| &item.facts)
    }

    /// The items that pass a filter, in the order of their ids.
    #[must_use]
    pub fn select<'a>(&'a self, filter: &Filter, frame: &Frame<'_>) -> Vec<&'a LedgerItem> {
        self.items.iter().filter(|item| filter.keeps(item, frame)).collect()
    }
}
