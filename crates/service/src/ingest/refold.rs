//! What do the facts of touched items become? Folded from the log as it stands inside the transaction, and written
//! under the next revision.

use super::{
    counting::{Claiming, Showing},
    decode::FoldItem,
    folding::{Events, Folding, parted},
    remeasure::NewItems,
    survivors::{MergeScope, survivors_of},
    touched::Touched,
};
use domain::id::{ItemKey, OrgId, Revision};
use std::collections::{BTreeMap, BTreeSet};
use store::{
    Conn, Store, StoreError,
    facts::{self, NewFacts},
    history,
    log_state::LogState,
    merges, places,
};

/// Items read and folded together: enough to keep all cores busy, few enough to stay small.
const ITEMS_PER_FOLD: usize = 2_000;
/// Parts folded while one is written.
const PARTS_AHEAD: usize = 1;
/// Parts folded while keys are claimed: about as long as that takes for one run of them.
const PARTS_AHEAD_OF_CLAIMS: usize = 24;

/// Why the facts could not be written.
#[derive(Debug)]
pub(crate) enum RefoldError {
    Store(StoreError),
    /// The fold panicked over these items: their lines must be held instead.
    Panicked(Vec<ItemKey>),
}

impl From<StoreError> for RefoldError {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

/// An item and those that merged into it.
type Group = (ItemKey, Vec<ItemKey>);

/// What goes on while an import is folded, all of whose events are committed, though nobody sees them yet.
pub(crate) struct Beside<'b, 'r> {
    /// Where events are read beside the transaction.
    pub(crate) store: &'b Store,
    /// Events that are to be seen before their items are folded.
    pub(crate) showing: &'b mut Showing,
    /// Keys that the transaction claims while others fold.
    pub(crate) claims: &'b mut Claiming,
    /// Who is told of the items on their way.
    pub(crate) new_items: &'b mut NewItems<'r>,
}

impl Beside<'_, '_> {
    /// Claims a run of keys; says how many parts may stay on their way then: what was folded meanwhile is written together.
    async fn claim(&mut self, conn: &mut Conn<'_>) -> Result<usize, StoreError> {
        Ok(if self.claims.claim_next(conn).await? { 0 } else { PARTS_AHEAD_OF_CLAIMS / 2 })
    }
}

/// Folds the touched items again and writes their facts under the next revision.
pub(crate) async fn refold(
    conn: &mut Conn<'_>,
    org: OrgId,
    state: &mut LogState,
    touched: &Touched,
    merges_before: i64,
    fold_item: &FoldItem,
    beside: Option<Beside<'_, '_>>,
) -> Result<(), RefoldError> {
    if touched.is_empty() {
        return Ok(());
    }
    state.revision = Revision::from_row(state.revision.get() + 1);
    let mut moved = Touched::default();
    let into = if state.merges == 0 && merges_before == 0 {
        BTreeMap::new()
    } else if state.merges == merges_before {
        merges::list(conn, org).await?.into_iter().collect()
    } else {
        move_merged(conn, org, &mut moved).await?
    };
    moved.join(touched);
    let gone: Vec<NewFacts> =
        into.keys().filter(|item| moved.contains(**item)).map(|item| (*item, Vec::new())).collect();
    facts::write(conn, org, state.revision, &gone).await?;
    fold_groups(conn, Folding::new(org, state.revision, fold_item), groups_of(&moved, &into), beside).await
}

async fn fold_groups(
    conn: &mut Conn<'_>,
    mut folding: Folding<'_>,
    mut groups: impl Iterator<Item = Group>,
    mut beside: Option<Beside<'_, '_>>,
) -> Result<(), RefoldError> {
    loop {
        let chunk: Vec<Group> = groups.by_ref().take(ITEMS_PER_FOLD).collect();
        if chunk.is_empty() {
            break;
        }
        for events in gathered(conn, &folding, &chunk, beside.as_mut()).await? {
            folding.begin(events);
            let left = match &mut beside {
                None => PARTS_AHEAD,
                Some(_) if folding.len() < PARTS_AHEAD_OF_CLAIMS => continue,
                Some(beside) => beside.claim(conn).await?,
            };
            folding.end(conn, left).await?;
        }
    }
    while let Some(beside) = &mut beside
        && beside.claims.claim_next(conn).await?
    {}
    folding.end(conn, 0).await
}

/// Merges arrived: works out who stands for whom, and touches all whose survivor changed.
async fn move_merged(
    conn: &mut Conn<'_>,
    org: OrgId,
    touched: &mut Touched,
) -> Result<BTreeMap<ItemKey, ItemKey>, StoreError> {
    let before: BTreeMap<ItemKey, ItemKey> = merges::list(conn, org).await?.into_iter().collect();
    let now = survivors_of(conn, org, MergeScope::All).await?;
    for (item, into) in &now {
        if before.get(item) != Some(into) {
            merges::set(conn, org, *item, *into).await?;
            touched.extend([*item, *into]);
            touched.extend(before.get(item).copied());
        }
    }
    for (item, into) in before.iter().filter(|(item, _)| !now.contains_key(item)) {
        merges::remove(conn, org, *item).await?;
        touched.extend([*item, *into]);
    }
    Ok(now)
}

/// The touched items with those that merged into them, in their order.
fn groups_of<'g>(
    touched: &'g Touched,
    into: &'g BTreeMap<ItemKey, ItemKey>,
) -> Box<dyn Iterator<Item = Group> + Send + 'g> {
    if into.is_empty() {
        return Box::new(touched.iter().map(|item| (item, vec![item])));
    }
    let mut members: BTreeMap<ItemKey, Vec<ItemKey>> = BTreeMap::new();
    for (item, survivor) in into {
        members.entry(*survivor).or_default().push(*item);
    }
    let mut survivors = Touched::default();
    survivors.extend(touched.iter().map(|item| *into.get(&item).unwrap_or(&item)));
    let survivors: Vec<ItemKey> = survivors.iter().collect();
    let group = move |survivor: ItemKey| {
        let mut all = members.remove(&survivor).unwrap_or_default();
        all.push(survivor);
        (survivor, all)
    };
    Box::new(survivors.into_iter().map(group))
}

/// Finds the events of some items; gives the empty facts of those without any at once.
async fn gathered(
    conn: &mut Conn<'_>,
    folding: &Folding<'_>,
    groups: &[Group],
    beside: Option<&mut Beside<'_, '_>>,
) -> Result<Vec<Events>, StoreError> {
    let org = folding.org();
    let mut wanted: Vec<ItemKey> = groups.iter().flat_map(|(_, members)| members.iter().copied()).collect();
    wanted.sort_unstable();
    let (gone, events) = match beside {
        None => {
            let histories = united(groups, history::of_items(conn, org, &wanted, history::PRESENT).await?);
            (without_events(groups, &histories), vec![Events::Read(histories)])
        }
        // Only the transaction knows which events are seen; what they say, everybody can read.
        Some(Beside { store, showing, new_items, .. }) => {
            if let Some(last) = wanted.last() {
                showing.up_to(conn, *last).await?;
            }
            let read = places::of_items(conn, org, &wanted).await?;
            new_items.look(&read);
            let places = united(groups, read);
            let gone = without_events(groups, &places);
            (gone, parted(places).into_iter().map(|part| Events::At(part, Store::clone(store))).collect())
        }
    };
    folding.write(conn, &gone).await?;
    Ok(events)
}

/// What was read of items, by the item that stands for them.
fn united<T>(groups: &[Group], read: Vec<(ItemKey, Vec<T>)>) -> Vec<(ItemKey, Vec<T>)> {
    if groups.iter().all(|(_, members)| members.len() == 1) {
        return read;
    }
    let mut read: BTreeMap<ItemKey, Vec<T>> = read.into_iter().collect();
    let union = |(survivor, members): &Group| {
        (*survivor, members.iter().flat_map(|member| read.remove(member).unwrap_or_default()).collect())
    };
    groups.iter().map(union).collect()
}

/// Items whose every event was taken back: nothing is left of them.
fn without_events<T>(groups: &[Group], histories: &[(ItemKey, Vec<T>)]) -> Vec<NewFacts> {
    let known: BTreeSet<ItemKey> =
        histories.iter().filter(|(_, recorded)| !recorded.is_empty()).map(|(item, _)| *item).collect();
    if known.len() == groups.len() {
        return Vec::new();
    }
    groups.iter().filter(|(item, _)| !known.contains(item)).map(|(item, _)| (*item, Vec::new())).collect()
}
