//! Which item stands for which once all merges that count are taken in the order of events?

use super::decode::decode;
use domain::{
    event::ItemEvent,
    id::{ItemKey, OrgId},
    merge::Survivors,
    view::View,
};
use std::collections::{BTreeMap, BTreeSet};
use store::{Conn, StoreError, history, items};

/// Which merges count.
#[derive(Clone, Copy, Debug)]
pub(crate) enum MergeScope {
    /// All in the log.
    All,
    /// Those a view knows of.
    Of(View),
}

/// Each merged item with the item that stands for it.
pub(crate) async fn survivors_of(
    conn: &mut Conn<'_>,
    org: OrgId,
    scope: MergeScope,
) -> Result<BTreeMap<ItemKey, ItemKey>, StoreError> {
    let mut merges: Vec<(ItemEvent, ItemKey)> = Vec::new();
    let at = match scope {
        MergeScope::All => history::PRESENT,
        MergeScope::Of(view) => view.known_at,
    };
    for (item, recorded) in history::merges(conn, org, at).await? {
        merges.extend(decode(std::slice::from_ref(&recorded))?.into_iter().map(|event| (event, item)));
    }
    if let MergeScope::Of(view) = scope {
        merges.retain(|(event, _)| event.received_at <= view.known_at && event.at < view.as_of);
    }
    merges.sort_by(|(one, _), (other, _)| one.order(other));
    let names: BTreeSet<&str> = merges.iter().filter_map(|(event, _)| event.to.as_deref()).collect();
    let names: Vec<&str> = names.into_iter().collect();
    let keys: BTreeMap<String, ItemKey> = items::known(conn, org, &names).await?.into_iter().collect();
    let mut survivors = Survivors::new();
    let mut merged = BTreeSet::new();
    for (event, item) in &merges {
        if let Some(into) = event.to.as_deref().and_then(|name| keys.get(name)) {
            survivors.merge(item, into);
            merged.extend([*item, *into]);
        }
    }
    let pairs = merged.into_iter().map(|item| (item, survivors.of(&item)));
    Ok(pairs.filter(|(item, into)| item != into).collect())
}
