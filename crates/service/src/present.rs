//! What is known now, in memory: the facts as columns for figures, and packed for lists. Only what has changed is
//! read and applied; nothing is copied whole.

use crate::view_ledger::{PresentLedger, PresentMoment};
use domain::{
    fact::ItemFacts,
    id::{ItemKey, Revision},
    time::Timestamp,
};
use metrics::{
    columns::{Columns, Loading, NotKept},
    ledger::{Ledger, LedgerItem},
    real::count_of,
};
use std::{collections::BTreeMap, sync::Arc};
use store::{
    StoreError,
    facts::{self, StoredFacts},
};

/// The facts of one organisation at one revision.
#[derive(Debug)]
pub(crate) struct Present {
    /// The revision of the facts.
    pub(crate) revision: Revision,
    /// The facts, merged-away items left out; the slot of an item is its key.
    pub(crate) columns: Columns,
    /// Events of all items.
    pub(crate) events: u64,
    /// The latest event of all items: a view that ends before it must fold again.
    pub(crate) latest_event: Option<Timestamp>,
    /// The latest moment anything was learnt.
    pub(crate) latest_received: Timestamp,
    /// The facts again, packed as they are stored: what a list prints of an item.
    packed: BTreeMap<u32, Box<[u8]>>,
}

impl Default for Present {
    /// Nothing has been read yet.
    fn default() -> Self {
        Self {
            revision: Revision::from_row(-1),
            columns: Columns::default(),
            events: 0,
            latest_event: None,
            latest_received: Timestamp::from_seconds(0),
            packed: BTreeMap::new(),
        }
    }
}

impl Present {
    /// Takes over what has changed. The first time that is everything: then the columns are sorted once.
    fn apply(&mut self, changed: Vec<StoredFacts>) -> Result<(), StoreError> {
        if self.packed.is_empty() {
            return self.load(changed);
        }
        for row in changed {
            let slot = slot_of(row.item)?;
            let was_latest = self.latest_event.is_some() && self.columns.last_event(slot) == self.latest_event;
            if let Some(old) = self.packed.remove(&slot) {
                self.events -= u64::from(facts::unpack(&old)?.events);
            }
            match named(row) {
                None => self.columns.remove(slot),
                Some(item) => {
                    self.columns.put(slot, &item).map_err(|why| not_kept(&item.id, why))?;
                    self.keep(slot, &item.facts)?;
                }
            }
            if was_latest && self.columns.last_event(slot) < self.latest_event {
                self.latest_event = self.columns.latest_event();
            }
        }
        Ok(())
    }

    fn load(&mut self, all: Vec<StoredFacts>) -> Result<(), StoreError> {
        let mut loading = Loading::default();
        for row in all {
            let slot = slot_of(row.item)?;
            if let Some(item) = named(row) {
                loading.add(slot, &item).map_err(|why| not_kept(&item.id, why))?;
                self.keep(slot, &item.facts)?;
            }
        }
        self.columns = loading.finish();
        Ok(())
    }

    fn keep(&mut self, slot: u32, known: &ItemFacts) -> Result<(), StoreError> {
        let (_, body) = facts::pack(ItemKey::from_row(i64::from(slot)), Some(known))?;
        self.packed.insert(slot, body.into());
        self.events += u64::from(known.events);
        self.latest_event = self.latest_event.max(Some(known.tail.since));
        Ok(())
    }

    /// The same after what has changed up to a revision.
    pub(crate) fn after(
        mut self,
        changed: Vec<StoredFacts>,
        revision: Revision,
        latest_received: Timestamp,
    ) -> Result<Self, StoreError> {
        self.apply(changed)?;
        Ok(Self { revision, latest_received, ..self })
    }

    /// What every view needs to know of it.
    pub(crate) fn moment(&self) -> PresentMoment {
        PresentMoment {
            revision: self.revision,
            items: count_of(self.columns.len()),
            events: self.events,
            latest_event: self.latest_event,
            latest_received: self.latest_received,
        }
    }

    /// All items with all their facts, for lists and exports.
    pub(crate) fn listed(&self) -> Result<PresentLedger, StoreError> {
        Ok(PresentLedger {
            revision: self.revision,
            ledger: Arc::new(self.ledger()?),
            latest_event: self.latest_event,
            latest_received: self.latest_received,
        })
    }

    fn ledger(&self) -> Result<Ledger, StoreError> {
        let item = |(slot, body): (u32, &[u8])| {
            let id = self.columns.id(slot).ok_or_else(|| StoreError::damaged("an item without a name"))?;
            Ok(LedgerItem {
                key: Some(ItemKey::from_row(i64::from(slot))),
                id: id.into(),
                source: self.columns.source(slot).map(Into::into),
                facts: facts::unpack(body)?,
            })
        };
        Ok(Ledger::new(self.packed.iter().map(|(slot, body)| item((*slot, body))).collect::<Result<_, StoreError>>()?))
    }
}

fn named(row: StoredFacts) -> Option<LedgerItem> {
    let (id, source) = (row.id.into(), Some(row.source.into()));
    Some(LedgerItem { key: Some(row.item), id, source, facts: row.facts? })
}

fn slot_of(item: ItemKey) -> Result<u32, StoreError> {
    u32::try_from(item.get()).map_err(|_| StoreError::damaged(format!("the number of item {}", item.get())))
}

fn not_kept(id: &str, why: NotKept) -> StoreError {
    StoreError::damaged(format!("the facts of `{id}`: {why}"))
}
