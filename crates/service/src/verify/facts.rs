//! Are the facts the fold of everything? Each item is folded again and compared, in both directions, and the ledger in
//! memory is compared with the facts.

use super::Check;
use crate::{
    catalogue::Catalogue,
    error::ServiceError,
    ingest::{MergeScope, decode, survivors_of},
    view_ledger::PresentLedger,
};
use domain::{event::ItemEvent, fact::ItemFacts, fold::fold, id::ItemKey, time::Timestamp};
use metrics::ledger::LedgerItem;
use std::collections::BTreeMap;
use store::{facts, history, items, merges};

const ITEMS_PER_READ: u32 = 2_000;

impl Check<'_, '_> {
    pub(super) async fn facts(&mut self, present: &PresentLedger) -> Result<(), ServiceError> {
        let into = match self.state.merges {
            0 => BTreeMap::new(),
            _ => survivors_of(self.conn, self.org, MergeScope::All).await?,
        };
        let written: BTreeMap<ItemKey, ItemKey> = merges::list(self.conn, self.org).await?.into_iter().collect();
        if written != into {
            self.report.differs("who stands for merged items is not what the merges say".to_owned());
        }
        // The ledger in memory has the deadlines of the newest catalogue.
        let catalogue = Catalogue::default().newer(self.conn, self.org).await?.unwrap_or_default();
        let same_revision = present.revision == self.state.revision;
        let mut in_memory: BTreeMap<ItemKey, &LedgerItem> =
            present.ledger.items().iter().filter_map(|item| Some((item.key?, item))).collect();
        let merged = self.merged_histories(&into).await?;
        for first in (1..self.state.next_item).step_by(ITEMS_PER_READ as usize) {
            let last = (first + i64::from(ITEMS_PER_READ)).min(self.state.next_item) - 1;
            for (item, written, folded) in self.page(first, last, &into, &merged).await? {
                self.report.items += 1;
                if written != folded {
                    self.report.differs(format!("the facts of item {} are not the fold of its events", item.get()));
                }
                let known = in_memory.remove(&item).map(|row| &row.facts);
                let mut shown = written;
                shown.iter_mut().for_each(|facts| catalogue.join(facts, Timestamp::from_seconds(i64::MAX)));
                if same_revision && known != shown.as_ref() {
                    self.report.differs(format!("the ledger holds other facts of item {}", item.get()));
                }
            }
        }
        if same_revision {
            for item in in_memory.keys() {
                self.report.differs(format!("the ledger holds item {}, which is not in the log", item.get()));
            }
        }
        Ok(())
    }

    /// The events of items that merged away, by the item that stands for them.
    async fn merged_histories(
        &mut self,
        into: &BTreeMap<ItemKey, ItemKey>,
    ) -> Result<BTreeMap<ItemKey, Vec<ItemEvent>>, ServiceError> {
        let gone: Vec<ItemKey> = into.keys().copied().collect();
        let mut merged: BTreeMap<ItemKey, Vec<ItemEvent>> = BTreeMap::new();
        for chunk in gone.chunks(ITEMS_PER_READ as usize) {
            for (item, recorded) in history::of_items(self.conn, self.org, chunk, history::PRESENT).await? {
                let survivor = *into.get(&item).unwrap_or(&item);
                merged.entry(survivor).or_default().append(&mut decode(&recorded)?);
            }
        }
        Ok(merged)
    }

    /// What is written of each item of a page, and what its events fold to.
    async fn page(
        &mut self,
        first: i64,
        last: i64,
        into: &BTreeMap<ItemKey, ItemKey>,
        merged: &BTreeMap<ItemKey, Vec<ItemEvent>>,
    ) -> Result<Vec<(ItemKey, Option<ItemFacts>, Option<ItemFacts>)>, ServiceError> {
        let before = ItemKey::from_row(first - 1);
        let named = items::page(self.conn, self.org, before, ITEMS_PER_READ).await?;
        let keys: Vec<ItemKey> = named.iter().map(|(key, _, _)| *key).filter(|key| key.get() <= last).collect();
        let mut written: BTreeMap<ItemKey, Option<ItemFacts>> = BTreeMap::new();
        match facts::page(self.conn, self.org, before, ITEMS_PER_READ).await {
            Ok(page) => written.extend(page.into_iter().map(|row| (row.item, row.facts))),
            Err(store::StoreError::Damaged(what)) => self.report.differs(format!("damaged: {what}")),
            Err(error) => return Err(error.into()),
        }
        let recorded = history::of_items(self.conn, self.org, &keys, history::PRESENT).await?;
        let mut recorded: BTreeMap<_, _> = recorded.into_iter().collect();
        let mut compared = Vec::with_capacity(keys.len());
        for item in keys {
            let mut events = match recorded.remove(&item).map(|lines| decode(&lines)) {
                Some(Ok(events)) => events,
                None => Vec::new(),
                Some(Err(error)) => {
                    self.report.differs(format!("item {}: {error}", item.get()));
                    continue;
                }
            };
            events.extend(merged.get(&item).into_iter().flatten().cloned());
            let folded = match into.get(&item) {
                Some(_) => None,
                None => fold(events, self.services.policy(), self.services.calendar()),
            };
            compared.push((item, written.remove(&item).flatten(), folded));
        }
        for item in written.keys().filter(|item| item.get() <= last) {
            self.report.differs(format!("facts of item {} without the item", item.get()));
        }
        Ok(compared)
    }
}
