//! What is more than the log takes? An item with too many events, a quarantine nobody empties.

use super::{
    prepare::PreparedEvent,
    receipt::{LongItem, Receipt},
};
use crate::{error::Refusal, limits::IngestLimits};
use domain::{
    id::{ItemKey, OrgId, SourceId},
    quarantine::Reason,
};
use foldhash::quality::RandomState;
use formats::held::{Fault, Held};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use store::{
    Conn, StoreError,
    event_keys::{self, EventKey},
    history,
    log_state::LogState,
};

/// Long items named in one receipt.
pub(crate) const LONG_ITEMS_SHOWN: usize = 100;

/// Events on their way into the log, with the items they belong to.
pub(crate) type Arriving<'a> = Vec<(&'a PreparedEvent, ItemKey)>;

/// At most how many events the log holds of an item, as far as one transaction knows; nobody else writes meanwhile, so
/// that no item is counted twice. What is undone leaves it too high, which costs a count and nothing else.
///
/// Items are numbered one after another, so that the counts of neighbours stand together: two bytes an item.
#[derive(Debug, Default)]
pub(crate) struct AtMost(HashMap<u64, Box<[u16; ITEMS_PER_BLOCK]>, RandomState>);

/// Items whose counts stand together.
const ITEMS_PER_BLOCK: usize = 256;
/// Of this item nothing is known.
const UNKNOWN: u16 = u16::MAX;

impl AtMost {
    /// A new item: the log holds nothing of it.
    pub(crate) fn begin(&mut self, item: ItemKey) {
        self.set(item, 0);
    }

    fn set(&mut self, item: ItemKey, events: u64) {
        let (block, place) = place_of(item);
        let block = self.0.entry(block).or_insert_with(|| Box::new([UNKNOWN; ITEMS_PER_BLOCK]));
        if let Some(known) = block.get_mut(place) {
            // A count that does not fit is asked for again.
            *known = u16::try_from(events).unwrap_or(UNKNOWN);
        }
    }

    /// One event more of an item; at most so many there are now, where of an unknown item there were `in_log`.
    fn grow(&mut self, item: ItemKey, in_log: u64) -> u64 {
        let (block, place) = place_of(item);
        let known = self.0.get(&block).and_then(|block| block.get(place)).filter(|known| **known != UNKNOWN);
        let most = known.map_or(in_log, |known| u64::from(*known)) + 1;
        self.set(item, most);
        most
    }
}

/// In which block an item is counted, and where in it.
fn place_of(item: ItemKey) -> (u64, usize) {
    let (item, length) = (item.get().cast_unsigned(), ITEMS_PER_BLOCK as u64);
    (item / length, usize::try_from(item % length).unwrap_or_default())
}

/// The events of items that are long already, or that may become so with what arrives.
#[derive(Debug, Default)]
pub(crate) struct Sizes(BTreeMap<ItemKey, u64>);

impl Sizes {
    /// Counts the events of the items that `arriving` could make long. An item of which nothing is known has at most the
    /// whole log.
    pub(crate) async fn read(
        conn: &mut Conn<'_>,
        org: OrgId,
        arriving: &Arriving<'_>,
        state: &LogState,
        at_most: &mut AtMost,
        limits: &IngestLimits,
    ) -> Result<Self, StoreError> {
        let in_log = u64::try_from(state.next_seq - 1).unwrap_or_default();
        let mut unsure = BTreeSet::new();
        for (_, item) in arriving {
            if at_most.grow(*item, in_log) > limits.item_events_warn {
                unsure.insert(*item);
            }
        }
        if unsure.is_empty() {
            return Ok(Self::default());
        }
        let more = count_by_item(arriving);
        let unsure = unsure.into_iter().map(|item| (item, more.get(&item).copied().unwrap_or_default()));
        let unsure: Vec<(ItemKey, u64)> = unsure.collect();
        let items: Vec<ItemKey> = unsure.iter().map(|(item, _)| *item).collect();
        let stored: BTreeMap<ItemKey, u64> = history::sizes(conn, org, &items).await?.into_iter().collect();
        let mut long = BTreeMap::new();
        for (item, more) in unsure {
            let size = stored.get(&item).copied().unwrap_or_default();
            at_most.set(item, size + more);
            if size + more > limits.item_events_warn {
                long.insert(item, size);
            }
        }
        Ok(Self(long))
    }

    /// Notes a new event; the size of its item, if it is long now.
    pub(crate) fn grow(&mut self, item: ItemKey, limits: &IngestLimits) -> Option<u64> {
        let size = self.0.get_mut(&item)?;
        *size += 1;
        (*size > limits.item_events_warn).then_some(*size)
    }

    /// Parts what fits from what is too much for its item. An event that is in the log already fits: it changes nothing.
    pub(crate) async fn part<'a>(
        &self,
        conn: &mut Conn<'_>,
        org: OrgId,
        source: SourceId,
        arriving: Arriving<'a>,
        limits: &IngestLimits,
    ) -> Result<(Arriving<'a>, Vec<&'a PreparedEvent>), StoreError> {
        if self.0.is_empty() {
            return Ok((arriving, Vec::new()));
        }
        let more = count_by_item(&arriving);
        let too_many = |item: &ItemKey, size: u64| size + more.get(item).copied().unwrap_or_default();
        let mut room: BTreeMap<ItemKey, u64> = (self.0.iter())
            .filter(|(item, size)| too_many(item, **size) > limits.item_events_max)
            .map(|(item, size)| (*item, limits.item_events_max.saturating_sub(*size)))
            .collect();
        if room.is_empty() {
            return Ok((arriving, Vec::new()));
        }
        let narrow = arriving.iter().filter(|(_, item)| room.contains_key(item)).map(|(event, _)| event.key);
        let narrow: Vec<EventKey> = narrow.collect::<BTreeSet<_>>().into_iter().collect();
        let known = event_keys::known(conn, org, source, &narrow).await?;
        let mut known: BTreeSet<EventKey> = known.into_iter().map(|(key, _)| key).collect();
        let (mut fits, mut over) = (Arriving::new(), Vec::new());
        for (event, item) in arriving {
            match room.get_mut(&item) {
                Some(_) if known.contains(&event.key) => fits.push((event, item)),
                Some(0) => over.push(event),
                Some(left) => {
                    *left -= 1;
                    known.insert(event.key);
                    fits.push((event, item));
                }
                None => fits.push((event, item)),
            }
        }
        Ok((fits, over))
    }
}

fn count_by_item(arriving: &Arriving<'_>) -> BTreeMap<ItemKey, u64> {
    let mut counts = BTreeMap::new();
    for (_, item) in arriving {
        *counts.entry(*item).or_default() += 1;
    }
    counts
}

/// Why an event of an item that has too many is held.
pub(crate) fn too_many_events(item: &str, limits: &IngestLimits) -> Held {
    let detail = format!("the item `{item}` has {} events, as many as one item may have", limits.item_events_max);
    let fault = Fault::of("item_id", Reason::InternalFold, detail).code("too_many_item_events");
    Held::because(fault.hint("check whether the source gives each weakness an `item_id` of its own"))
}

/// Why a request that holds lines is refused whole: the quarantine took as much as it may. `staged` lines of an import wait
/// to be seen.
pub(crate) fn quarantine_full(
    state: &LogState,
    receipt: &Receipt,
    staged: u64,
    limits: &IngestLimits,
) -> Option<Refusal> {
    let [lines, bytes] = [state.held_lines, state.held_bytes].map(|sum| u64::try_from(sum).unwrap_or_default());
    let is_over = lines + staged > limits.held_lines_max || bytes > limits.held_bytes_max;
    (is_over && receipt.quarantined > 0).then(|| {
        let detail = format!(
            "{} of {} lines cannot be accepted, and the quarantine takes at most {} lines and {} bytes; nothing was stored",
            receipt.quarantined, receipt.received, limits.held_lines_max, limits.held_bytes_max
        );
        Refusal::new("quarantine_full", detail).hint("release or dismiss what is held, or send good lines alone")
    })
}

impl LongItem {
    pub(crate) fn new(item_id: &str, events: u64) -> Self {
        Self { item_id: item_id.to_owned(), events }
    }
}
