//! What do the facts of touched items become? Folded from the log as it stands inside the transaction, and written
//! under the next revision.

use super::{
    decode::{FoldItem, Unfolded, facts_of},
    survivors::{MergeScope, survivors_of},
};
use domain::id::{ItemKey, OrgId, Revision};
use rayon::iter::{IntoParallelRefIterator, ParallelIterator};
use std::collections::{BTreeMap, BTreeSet};
use store::{
    Conn, Store, StoreError,
    facts::{self, NewFacts},
    history::{self, Recorded},
    log_state::LogState,
    merges, places,
};
use tokio::task::JoinHandle;

/// Items read and folded together: enough to keep all cores busy, few enough to stay small.
const ITEMS_PER_FOLD: usize = 2_000;

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

/// Folds the touched items again and writes their facts under the next revision. Where all their events are committed,
/// though nobody sees them yet, they are read `beside` the transaction, which writes meanwhile.
pub(crate) async fn refold(
    conn: &mut Conn<'_>,
    org: OrgId,
    state: &mut LogState,
    touched: &BTreeSet<ItemKey>,
    merges_before: i64,
    fold_item: &FoldItem,
    beside: Option<&Store>,
) -> Result<(), RefoldError> {
    if touched.is_empty() {
        return Ok(());
    }
    state.revision = Revision::from_row(state.revision.get() + 1);
    let mut touched = touched.clone();
    let into = if state.merges == 0 && merges_before == 0 {
        BTreeMap::new()
    } else if state.merges == merges_before {
        merges::list(conn, org).await?.into_iter().collect()
    } else {
        move_merged(conn, org, &mut touched).await?
    };
    let gone: Vec<NewFacts> =
        touched.iter().filter(|item| into.contains_key(item)).map(|item| (*item, Vec::new())).collect();
    facts::write(conn, org, state.revision, &gone).await?;
    let groups = groups_of(&touched, &into);
    let mut folding = None;
    for chunk in groups.chunks(ITEMS_PER_FOLD) {
        // These are folded on the other cores while the facts of those before are written.
        let (gone, next) = begin_fold(conn, org, chunk, fold_item.clone(), beside).await?;
        facts::write(conn, org, state.revision, &gone).await?;
        if let Some(before) = folding.replace(next) {
            write(conn, org, state.revision, before).await?;
        }
    }
    match folding {
        Some(last) => write(conn, org, state.revision, last).await,
        None => Ok(()),
    }
}

/// Merges arrived: works out who stands for whom, and touches all whose survivor changed.
async fn move_merged(
    conn: &mut Conn<'_>,
    org: OrgId,
    touched: &mut BTreeSet<ItemKey>,
) -> Result<BTreeMap<ItemKey, ItemKey>, StoreError> {
    let before: BTreeMap<ItemKey, ItemKey> = merges::list(conn, org).await?.into_iter().collect();
    let now = survivors_of(conn, org, MergeScope::All).await?;
    for (item, into) in &now {
        if before.get(item) != Some(into) {
            merges::set(conn, org, *item, *into).await?;
            touched.extend([*item, *into]);
            touched.extend(before.get(item));
        }
    }
    for (item, into) in before.iter().filter(|(item, _)| !now.contains_key(item)) {
        merges::remove(conn, org, *item).await?;
        touched.extend([*item, *into]);
    }
    Ok(now)
}

fn groups_of(touched: &BTreeSet<ItemKey>, into: &BTreeMap<ItemKey, ItemKey>) -> Vec<Group> {
    if into.is_empty() {
        return touched.iter().map(|item| (*item, vec![*item])).collect();
    }
    let mut members: BTreeMap<ItemKey, Vec<ItemKey>> = BTreeMap::new();
    for (item, survivor) in into {
        members.entry(*survivor).or_default().push(*item);
    }
    let survivors: BTreeSet<ItemKey> = touched.iter().map(|item| *into.get(item).unwrap_or(item)).collect();
    let group = |survivor: ItemKey| {
        let mut all = members.get(&survivor).cloned().unwrap_or_default();
        all.push(survivor);
        (survivor, all)
    };
    survivors.into_iter().map(group).collect()
}

/// Facts on their way.
type Folding = JoinHandle<Result<Vec<NewFacts>, RefoldError>>;

/// Has some items folded; gives at once the empty facts of those without events.
async fn begin_fold(
    conn: &mut Conn<'_>,
    org: OrgId,
    groups: &[Group],
    fold_item: FoldItem,
    beside: Option<&Store>,
) -> Result<(Vec<NewFacts>, Folding), StoreError> {
    let mut wanted: Vec<ItemKey> = groups.iter().flat_map(|(_, members)| members.iter().copied()).collect();
    wanted.sort_unstable();
    let Some(store) = beside else {
        let histories = united(groups, history::of_items(conn, org, &wanted, history::PRESENT).await?);
        let gone = without_events(groups, &histories);
        return Ok((gone, tokio::task::spawn_blocking(move || fold_all(&histories, &fold_item))));
    };
    // Only the transaction knows which events are seen; what they say, everybody can read.
    let places = united(groups, places::of_items(conn, org, &wanted).await?);
    let gone = without_events(groups, &places);
    let store = store.clone();
    let folding = tokio::spawn(async move {
        let histories = places::read(&mut store.reader().await?.conn(), org, &places).await?;
        let folding = tokio::task::spawn_blocking(move || fold_all(&histories, &fold_item));
        folding.await.map_err(|_| StoreError::Stopped)?
    });
    Ok((gone, folding))
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

fn fold_all(histories: &[(ItemKey, Vec<Recorded>)], fold_item: &FoldItem) -> Result<Vec<NewFacts>, RefoldError> {
    let folded: Vec<Result<NewFacts, Unfolded>> = histories
        .par_iter()
        .map(|(item, recorded)| {
            let facts = facts_of(*item, recorded, fold_item)?;
            facts::pack(*item, facts.as_ref()).map_err(Unfolded::Damaged)
        })
        .collect();
    let mut panicked = Vec::new();
    let mut packed = Vec::with_capacity(folded.len());
    for one in folded {
        match one {
            Ok(facts) => packed.push(facts),
            Err(Unfolded::Panicked(item)) => panicked.push(item),
            Err(Unfolded::Damaged(error)) => return Err(RefoldError::Store(error)),
        }
    }
    if panicked.is_empty() { Ok(packed) } else { Err(RefoldError::Panicked(panicked)) }
}

async fn write(conn: &mut Conn<'_>, org: OrgId, revision: Revision, folding: Folding) -> Result<(), RefoldError> {
    let packed = folding.await.map_err(|_| StoreError::Stopped)??;
    facts::write(conn, org, revision, &packed).await?;
    Ok(())
}
