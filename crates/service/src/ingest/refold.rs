//! What do the facts of touched items become? Folded from the log as it stands inside the transaction, and written
//! under the next revision.

use super::{
    decode::{FoldItem, Unfolded, facts_of},
    survivors::{MergeScope, survivors_of},
};
use domain::id::{ItemKey, OrgId, Revision};
use rayon::iter::{IntoParallelRefIterator, ParallelIterator};
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};
use store::{
    Conn, Store, StoreError,
    facts::{self, NewFacts},
    history::{self, Recorded},
    log_state::LogState,
    merges,
    places::{self, EventPlace},
};
use tokio::task::JoinHandle;

/// Items read and folded together: enough to keep all cores busy, few enough to stay small.
const ITEMS_PER_FOLD: usize = 2_000;
/// Events read by one reader before it folds them.
const EVENTS_PER_READ: usize = 20_000;

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
    let mut folding: Option<Folding> = None;
    for chunk in groups.chunks(ITEMS_PER_FOLD) {
        let (gone, found) = gather(conn, org, chunk, beside).await?;
        facts::write(conn, org, state.revision, &gone).await?;
        for events in found {
            // These are folded on the other cores while the facts of those before are written.
            let next = begin(org, events, fold_item);
            if let Some(before) = folding.replace(next) {
                end(conn, org, state.revision, before, fold_item).await?;
            }
        }
    }
    match folding {
        Some(last) => end(conn, org, state.revision, last, fold_item).await,
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

/// The places of the events of some items.
type Places = Vec<(ItemKey, Vec<EventPlace>)>;

/// The events of some items.
enum Events {
    Read(Vec<(ItemKey, Vec<Recorded>)>),
    /// To be read on a connection of their own by whoever folds them.
    At(Places, Store),
}

/// Facts that another thread works out.
type Facts = JoinHandle<Result<Vec<NewFacts>, RefoldError>>;

/// Facts on their way, and where their events are if these are read beside.
struct Folding {
    places: Option<Arc<Places>>,
    facts: Facts,
}

/// Finds the events of some items; gives the empty facts of those without any at once.
async fn gather(
    conn: &mut Conn<'_>,
    org: OrgId,
    groups: &[Group],
    beside: Option<&Store>,
) -> Result<(Vec<NewFacts>, Vec<Events>), StoreError> {
    let mut wanted: Vec<ItemKey> = groups.iter().flat_map(|(_, members)| members.iter().copied()).collect();
    wanted.sort_unstable();
    let Some(store) = beside else {
        let histories = united(groups, history::of_items(conn, org, &wanted, history::PRESENT).await?);
        return Ok((without_events(groups, &histories), vec![Events::Read(histories)]));
    };
    // Only the transaction knows which events are seen; what they say, everybody can read.
    let places = united(groups, places::of_items(conn, org, &wanted).await?);
    let gone = without_events(groups, &places);
    Ok((gone, parted(places).into_iter().map(|part| Events::At(part, store.clone())).collect()))
}

/// Parts that one reader reads in a moment; an item is never parted.
fn parted(places: Places) -> Vec<Places> {
    let mut parts = Vec::new();
    let (mut part, mut events) = (Places::new(), 0);
    for item in places {
        events += item.1.len();
        part.push(item);
        if events >= EVENTS_PER_READ {
            parts.push(std::mem::take(&mut part));
            events = 0;
        }
    }
    parts.extend((!part.is_empty()).then_some(part));
    parts
}

/// Has events folded, and read before where they are not.
fn begin(org: OrgId, events: Events, fold_item: &FoldItem) -> Folding {
    let fold_item = fold_item.clone();
    match events {
        Events::Read(histories) => Folding { places: None, facts: folded(histories, fold_item) },
        Events::At(places, store) => {
            let places = Arc::new(places);
            let wanted = places.clone();
            let facts = tokio::spawn(async move {
                let histories = places::read(&mut store.reader().await?.conn(), org, &wanted).await?;
                folded(histories, fold_item).await.map_err(|_| StoreError::Stopped)?
            });
            Folding { places: Some(places), facts }
        }
    }
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

fn folded(histories: Vec<(ItemKey, Vec<Recorded>)>, fold_item: FoldItem) -> Facts {
    tokio::task::spawn_blocking(move || fold_all(&histories, &fold_item))
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

/// Waits for facts and writes them. Where the readers are all taken or too slow, the transaction reads by itself: the log
/// waits for nobody.
async fn end(
    conn: &mut Conn<'_>,
    org: OrgId,
    revision: Revision,
    folding: Folding,
    fold_item: &FoldItem,
) -> Result<(), RefoldError> {
    let mut packed = folding.facts.await.map_err(|_| StoreError::Stopped)?;
    let is_crowded = matches!(packed, Err(RefoldError::Store(StoreError::Busy | StoreError::TookTooLong)));
    if let Some(places) = folding.places.filter(|_| is_crowded) {
        tracing::warn!("the readers are busy: an import reads its events by itself");
        let histories = places::read(conn, org, &places).await?;
        packed = folded(histories, fold_item.clone()).await.map_err(|_| StoreError::Stopped)?;
    }
    Ok(facts::write(conn, org, revision, &packed?).await?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::{id::EventSeq, time::Timestamp};

    #[test]
    fn items_are_parted_by_their_events_and_none_is_lost() {
        let place = (EventSeq::from_row(1), Timestamp::from_seconds(0));
        let item = |number: i64, events: usize| (ItemKey::from_row(number), vec![place; events]);
        let all = vec![item(1, 3), item(2, EVENTS_PER_READ), item(3, 2 * EVENTS_PER_READ), item(4, 1)];
        let parts = parted(all.clone());
        assert_eq!(parts.iter().map(Vec::len).collect::<Vec<_>>(), [2, 1, 1]);
        assert_eq!(parts.concat(), all);
        assert_eq!(parted(Places::new()), Vec::<Places>::new());
    }
}
