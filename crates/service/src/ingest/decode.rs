//! How do stored lines become facts, and what happens when a fold fails?

use domain::{calendar::Calendar, event::ItemEvent, fact::ItemFacts, fold::fold, id::ItemKey, policy::Policy};
use formats::canonical::item_event;
use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    sync::Arc,
};
use store::{StoreError, history::Recorded};

/// The fold as the writer calls it. A test puts one that fails in its place.
pub(crate) type FoldItem = Arc<dyn Fn(Vec<ItemEvent>) -> Option<ItemFacts> + Send + Sync>;

/// The product's fold under a policy.
pub(crate) fn fold_with(policy: Arc<Policy>, calendar: Arc<Calendar>) -> FoldItem {
    Arc::new(move |events| fold(events, &policy, &calendar))
}

/// Why an item has no facts.
#[derive(Debug)]
pub(crate) enum Unfolded {
    /// A stored line is not what was written.
    Damaged(StoreError),
    /// The fold panicked over this item.
    Panicked(ItemKey),
}

/// The events of one item, decoded.
pub(crate) fn decode(recorded: &[Recorded]) -> Result<Vec<ItemEvent>, StoreError> {
    recorded
        .iter()
        .map(|line| item_event(&line.body, line.received_at).map_err(|error| StoreError::damaged(error.to_string())))
        .collect()
}

/// Folds one item; a panic of the fold stays with the item.
pub(crate) fn facts_of(
    item: ItemKey,
    recorded: &[Recorded],
    fold_item: &FoldItem,
) -> Result<Option<ItemFacts>, Unfolded> {
    let events = decode(recorded).map_err(Unfolded::Damaged)?;
    catch_unwind(AssertUnwindSafe(|| fold_item(events))).map_err(|_| Unfolded::Panicked(item))
}
