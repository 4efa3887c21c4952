//! What happens to facts that another version of the program wrote? The log is folded again, in one transaction: readers
//! see the old facts until all of the new ones stand.

use super::{
    decode::FoldItem,
    refold::{RefoldError, refold},
    touched::Touched,
};
use domain::id::{ItemKey, OrgId};
use store::{Store, StoreError, facts, log_state};

/// Folds every item again if the facts were written by another version.
pub(crate) async fn refold_when_outdated(store: &Store, org: OrgId, fold_item: &FoldItem) -> Result<(), StoreError> {
    let mut tx = store.begin().await?;
    let conn = &mut tx.conn();
    if !facts::are_of_another_version(conn, org).await? {
        return Ok(());
    }
    let mut state = log_state::lock(conn, org).await?;
    let mut all = Touched::default();
    all.extend((1..state.next_item).map(ItemKey::from_row));
    let merges = state.merges;
    tracing::info!(items = all.len(), "folding again: the facts were written by another version");
    refold(conn, org, &mut state, &all, merges, fold_item, None).await.map_err(|error| match error {
        RefoldError::Store(error) => error,
        RefoldError::Panicked(items) => {
            StoreError::damaged(format!("{} items whose events cannot be folded", items.len()))
        }
    })?;
    log_state::save(conn, org, &state).await?;
    tx.commit().await
}
