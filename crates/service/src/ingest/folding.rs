//! How are items folded while the transaction writes what came before them? Each part on its way is read and folded on the
//! other cores, and its facts wait in their order until they are written.

use super::{
    decode::{FoldItem, Unfolded, facts_of},
    refold::RefoldError,
};
use domain::id::{ItemKey, OrgId, Revision};
use rayon::iter::{IntoParallelRefIterator, ParallelIterator};
use std::{collections::VecDeque, sync::Arc};
use store::{
    Conn, Store, StoreError,
    facts::{self, NewFacts},
    history::Recorded,
    places::{self, EventPlace},
};
use tokio::{sync::Semaphore, task::JoinHandle};

/// Events read by one reader before it folds them.
const EVENTS_PER_READ: usize = 20_000;
/// Parts whose events are in memory at a time; the facts of the others are small.
const PARTS_IN_MEMORY: usize = 2;

/// The places of the events of some items.
pub(crate) type Places = Vec<(ItemKey, Vec<EventPlace>)>;

/// The events of some items.
pub(crate) enum Events {
    Read(Vec<(ItemKey, Vec<Recorded>)>),
    /// To be read on a connection of their own by whoever folds them.
    At(Places, Store),
}

/// Facts that another thread works out.
type Facts = JoinHandle<Result<Vec<NewFacts>, RefoldError>>;

/// Facts on their way, and where their events are if these are read beside.
struct OnItsWay {
    places: Option<Arc<Places>>,
    facts: Facts,
}

/// Parts being folded for one revision, in their order.
pub(crate) struct Folding<'f> {
    org: OrgId,
    revision: Revision,
    fold_item: &'f FoldItem,
    parts: VecDeque<OnItsWay>,
    memory: Arc<Semaphore>,
}

impl<'f> Folding<'f> {
    pub(crate) fn new(org: OrgId, revision: Revision, fold_item: &'f FoldItem) -> Self {
        let memory = Arc::new(Semaphore::new(PARTS_IN_MEMORY));
        Self { org, revision, fold_item, parts: VecDeque::new(), memory }
    }

    pub(crate) const fn org(&self) -> OrgId {
        self.org
    }

    pub(crate) fn len(&self) -> usize {
        self.parts.len()
    }

    /// Has events folded, and read before where they are not.
    pub(crate) fn begin(&mut self, events: Events) {
        let fold_item = self.fold_item.clone();
        let part = match events {
            Events::Read(histories) => OnItsWay { places: None, facts: folded(histories, fold_item) },
            Events::At(places, store) => {
                let places = Arc::new(places);
                let (org, wanted, memory) = (self.org, places.clone(), self.memory.clone());
                let facts = tokio::spawn(async move {
                    let _room = memory.acquire().await.map_err(|_| StoreError::Stopped)?;
                    let histories = places::read(&mut store.reader().await?.conn(), org, &wanted).await?;
                    folded(histories, fold_item).await.map_err(|_| StoreError::Stopped)?
                });
                OnItsWay { places: Some(places), facts }
            }
        };
        self.parts.push_back(part);
    }

    /// Writes the facts of the oldest parts until only `left` are on their way. Where the readers are all taken or too slow,
    /// the transaction reads by itself: the log waits for nobody.
    pub(crate) async fn end(&mut self, conn: &mut Conn<'_>, left: usize) -> Result<(), RefoldError> {
        while self.parts.len() > left
            && let Some(part) = self.parts.pop_front()
        {
            let mut packed = part.facts.await.map_err(|_| StoreError::Stopped)?;
            let is_crowded = matches!(packed, Err(RefoldError::Store(StoreError::Busy | StoreError::TookTooLong)));
            if let Some(places) = part.places.filter(|_| is_crowded) {
                tracing::warn!("the readers are busy: an import reads its events by itself");
                let histories = places::read(conn, self.org, &places).await?;
                packed = folded(histories, self.fold_item.clone()).await.map_err(|_| StoreError::Stopped)?;
            }
            self.write(conn, &packed?).await?;
        }
        Ok(())
    }

    /// Writes facts that need no fold.
    pub(crate) async fn write(&self, conn: &mut Conn<'_>, facts: &[NewFacts]) -> Result<(), StoreError> {
        facts::write(conn, self.org, self.revision, facts).await
    }
}

/// Parts that one reader reads in a moment; an item is never parted.
pub(crate) fn parted(places: Places) -> Vec<Places> {
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
