//! What is known now, in memory: the facts as columns for figures, and packed for lists. Only what has changed is
//! read and applied; nothing is copied whole.

use crate::{
    catalogue::Catalogue,
    question::items::code_of,
    view_ledger::{PresentLedger, PresentMoment, Wanted},
};
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
    revision: Revision,
    /// The facts, merged-away items left out; the slot of an item is its key.
    columns: Columns,
    /// Events of all items.
    events: u64,
    /// The latest event of all items: a view that ends before it must fold again.
    latest_event: Option<Timestamp>,
    /// The latest moment anything was learnt.
    latest_received: Timestamp,
    /// The newest catalogue: its deadlines stand in the columns, and in what a list prints.
    catalogue: Arc<Catalogue>,
    /// The facts again, without those deadlines, packed as they are stored: what a list prints of an item.
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
            catalogue: Arc::default(),
            packed: BTreeMap::new(),
        }
    }
}

impl Present {
    /// The revision of the facts.
    pub(crate) const fn revision(&self) -> Revision {
        self.revision
    }

    /// The facts as columns.
    pub(crate) const fn columns(&self) -> &Columns {
        &self.columns
    }

    /// The newest catalogue that it knows.
    pub(crate) fn catalogue(&self) -> Arc<Catalogue> {
        self.catalogue.clone()
    }

    /// The same after what has changed up to a revision, and with a newer catalogue where there is one.
    pub(crate) fn after(
        mut self,
        changed: Vec<StoredFacts>,
        newer: Option<Catalogue>,
        revision: Revision,
        latest_received: Timestamp,
    ) -> Result<Self, StoreError> {
        if let Some(newer) = newer {
            self.take_catalogue(newer)?;
        }
        self.apply(changed)?;
        Ok(Self { revision, latest_received, ..self })
    }

    /// Puts the items again whose deadline a newer catalogue moves.
    fn take_catalogue(&mut self, newer: Catalogue) -> Result<(), StoreError> {
        let before = std::mem::replace(&mut self.catalogue, Arc::new(newer));
        let mut moved = Vec::new();
        for (slot, body) in &self.packed {
            let known = facts::unpack(body)?;
            let (was, is) = (before.due(&known.ties.cves, END), self.catalogue.due(&known.ties.cves, END));
            if known.kev_due.is_none() && was != is {
                moved.push((*slot, self.item(*slot, body)?));
            }
        }
        for (slot, item) in moved {
            self.columns.put(slot, &item).map_err(|why| not_kept(&item.id, why))?;
        }
        Ok(())
    }

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
                Some(mut item) => {
                    self.keep(slot, &item.facts)?;
                    self.catalogue.join(&mut item.facts, END);
                    self.columns.put(slot, &item).map_err(|why| not_kept(&item.id, why))?;
                }
            }
            // A retraction may take the latest event away.
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
            if let Some(mut item) = named(row) {
                self.keep(slot, &item.facts)?;
                self.catalogue.join(&mut item.facts, END);
                loading.add(slot, &item).map_err(|why| not_kept(&item.id, why))?;
            }
        }
        self.columns = loading.finish();
        Ok(())
    }

    fn keep(&mut self, slot: u32, known: &ItemFacts) -> Result<(), StoreError> {
        let (_, body) = facts::pack(key_of(slot), Some(known))?;
        self.packed.insert(slot, body.into());
        self.events += u64::from(known.events);
        self.latest_event = self.latest_event.max(Some(known.tail.since));
        Ok(())
    }

    /// What every view needs to know of it.
    pub(crate) fn moment(&self) -> PresentMoment {
        PresentMoment {
            revision: self.revision,
            items: count_of(self.columns.len()),
            events: self.events,
            latest_event: self.latest_event,
            latest_received: self.latest_received,
            catalogue_out_at: self.catalogue.out_at(),
        }
    }

    /// All items with all their facts, for lists and exports.
    pub(crate) fn listed(&self) -> Result<PresentLedger, StoreError> {
        let items = self.packed.iter().map(|(slot, body)| self.item(*slot, body)).collect::<Result<_, _>>()?;
        Ok(PresentLedger {
            revision: self.revision,
            ledger: Arc::new(Ledger::new(items)),
            events: self.events,
            latest_event: self.latest_event,
            latest_received: self.latest_received,
        })
    }

    fn item(&self, slot: u32, body: &[u8]) -> Result<LedgerItem, StoreError> {
        let id = self.columns.id(slot).ok_or_else(|| StoreError::damaged("an item without a name"))?;
        let source = self.columns.source(slot).map(Into::into);
        let mut facts = facts::unpack(body)?;
        self.catalogue.join(&mut facts, END);
        Ok(LedgerItem { key: Some(key_of(slot)), id: id.into(), source, facts })
    }

    /// One item, if it is there.
    pub(crate) fn wanted(&self, wanted: &Wanted) -> Result<Option<LedgerItem>, StoreError> {
        let slot = match wanted {
            Wanted::Named(id) => self.columns.find(id),
            Wanted::Coded(code) => self.packed.keys().copied().find(|slot| code_of(Some(key_of(*slot))) == *code),
        };
        let known = slot.and_then(|slot| Some((slot, self.packed.get(&slot)?)));
        known.map(|(slot, body)| self.item(slot, body)).transpose()
    }
}

/// The present holds all of its catalogue: what ends before that is another view.
const END: Timestamp = Timestamp::from_seconds(i64::MAX);

fn named(row: StoredFacts) -> Option<LedgerItem> {
    let (id, source) = (row.id.into(), Some(row.source.into()));
    Some(LedgerItem { key: Some(row.item), id, source, facts: row.facts? })
}

fn key_of(slot: u32) -> ItemKey {
    ItemKey::from_row(i64::from(slot))
}

fn slot_of(item: ItemKey) -> Result<u32, StoreError> {
    u32::try_from(item.get()).map_err(|_| StoreError::damaged(format!("the number of item {}", item.get())))
}

fn not_kept(id: &str, why: NotKept) -> StoreError {
    StoreError::damaged(format!("the facts of `{id}`: {why}"))
}
