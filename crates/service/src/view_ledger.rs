//! Which items does a view show? The present one is kept in memory and follows the facts; a past one is folded again
//! from the log.

use crate::{
    error::ServiceError,
    ingest::{MergeScope, decode, survivors_of},
    present::Present,
    question::ask::off_thread,
    services::Services,
};
use domain::{
    event::ItemEvent,
    fold::fold,
    id::{ItemKey, OrgId, Revision},
    time::Timestamp,
    view::View,
};
use metrics::ledger::{Ledger, LedgerItem};
use std::{
    collections::BTreeMap,
    sync::{Arc, PoisonError, RwLock, RwLockReadGuard},
};
use store::{
    Conn, StoreError,
    facts::{self, StoredFacts},
    history, items, log_state,
};
use tokio::sync::Mutex;

/// Rows read at a time.
const ROWS_PER_READ: u32 = 5_000;

/// The facts of one organisation as they are now.
#[derive(Clone, Debug)]
pub struct PresentLedger {
    /// The revision of the facts.
    pub revision: Revision,
    /// All items, merged-away ones left out.
    pub ledger: Arc<Ledger>,
    /// The latest event of all items: a view that ends before it must fold again.
    pub latest_event: Option<Timestamp>,
    /// The latest moment anything was learnt.
    pub latest_received: Timestamp,
}

/// What is in memory, one an organisation.
#[derive(Default)]
pub(crate) struct Ledgers(Mutex<BTreeMap<OrgId, Kept>>);

#[derive(Default)]
struct Kept {
    present: Arc<RwLock<Present>>,
    /// The items of lists, made when somebody first asks for them at a revision.
    listed: Option<PresentLedger>,
}

/// What every view needs to know of the present, and no more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PresentMoment {
    /// The revision of the facts.
    pub revision: Revision,
    /// Items, merged-away ones left out.
    pub items: u64,
    /// Their events.
    pub events: u64,
    /// The latest event of all items: a view that ends before it must fold again.
    pub latest_event: Option<Timestamp>,
    /// The latest moment anything was learnt.
    pub latest_received: Timestamp,
}

impl PresentMoment {
    /// Whether a view ends after everything that is known.
    #[must_use]
    pub fn is_all_in(&self, view: &View) -> bool {
        self.latest_event.is_none_or(|latest| latest < view.as_of) && self.latest_received <= view.known_at
    }
}

impl Services {
    /// What is known now, brought up to date. Only what has changed since the last call is read; a process that did
    /// not do the write follows the revision like the one that did.
    pub(crate) async fn present(&self, org: OrgId) -> Result<Arc<RwLock<Present>>, ServiceError> {
        let mut all = self.ledgers().0.lock().await;
        let present = all.entry(org).or_default().present.clone();
        self.follow(org, &present).await?;
        Ok(present)
    }

    async fn follow(&self, org: OrgId, present: &Arc<RwLock<Present>>) -> Result<(), ServiceError> {
        let mut tx = self.store().snapshot().await?;
        let state = log_state::read(&mut tx.conn(), org).await?;
        let since = read(present).revision;
        if since == state.revision {
            return Ok(());
        }
        let changed = changed_since(&mut tx.conn(), org, since).await?;
        let present = present.clone();
        // Whoever reads figures holds the lock for a moment: waiting for it must not hold up other requests.
        let apply = move || {
            let mut present = present.write().unwrap_or_else(PoisonError::into_inner);
            // Were this to fail half way, the next call would read everything again.
            let half_way = std::mem::take(&mut *present);
            *present = half_way.after(changed, state.revision, state.last_received_at)?;
            Ok::<(), StoreError>(())
        };
        off_thread(apply).await??;
        Ok(())
    }

    /// The moment of what is known now.
    ///
    /// # Errors
    /// What the database said.
    pub async fn present_moment(&self, org: OrgId) -> Result<PresentMoment, ServiceError> {
        let present = self.present(org).await?;
        Ok(read(&present).moment())
    }

    /// All items as they are now, for lists and exports: made anew from what is packed when something has changed.
    ///
    /// # Errors
    /// What the database said.
    pub async fn present_ledger(&self, org: OrgId) -> Result<PresentLedger, ServiceError> {
        let mut all = self.ledgers().0.lock().await;
        let kept = all.entry(org).or_default();
        let present = kept.present.clone();
        self.follow(org, &present).await?;
        let revision = read(&present).revision;
        if let Some(listed) = kept.listed.as_ref().filter(|listed| listed.revision == revision) {
            return Ok(listed.clone());
        }
        kept.listed = None;
        let list = move || read(&present).listed();
        let listed = off_thread(list).await??;
        kept.listed = Some(listed.clone());
        Ok(listed)
    }

    /// The items of a view: those in memory when it ends after everything that is known, else folded from the log.
    ///
    /// # Errors
    /// What the database said.
    pub async fn ledger_of(&self, org: OrgId, view: View) -> Result<Arc<Ledger>, ServiceError> {
        if self.present_moment(org).await?.is_all_in(&view) {
            return Ok(self.present_ledger(org).await?.ledger);
        }
        self.past_view(org, view).await
    }

    /// The items of a view, folded from the log: events that had happened before `as_of` and were known at `known_at`.
    ///
    /// # Errors
    /// What the database said.
    pub async fn past_view(&self, org: OrgId, view: View) -> Result<Arc<Ledger>, ServiceError> {
        let mut tx = self.store().snapshot().await?;
        let conn = &mut tx.conn();
        let state = log_state::read(conn, org).await?;
        let into = match state.merges {
            0 => BTreeMap::new(),
            _ => survivors_of(conn, org, MergeScope::Of(view)).await?,
        };
        let mut histories: BTreeMap<ItemKey, Vec<ItemEvent>> = BTreeMap::new();
        let mut found = Vec::new();
        for first in (1..state.next_item).step_by(ROWS_PER_READ as usize) {
            let last = (first + i64::from(ROWS_PER_READ)).min(state.next_item);
            let wanted: Vec<ItemKey> = (first..last).map(ItemKey::from_row).collect();
            for (item, recorded) in history::of_items(conn, org, &wanted).await? {
                let mut events = decode(&recorded)?;
                events.retain(|event| event.received_at <= view.known_at && event.at < view.as_of);
                histories.entry(*into.get(&item).unwrap_or(&item)).or_default().append(&mut events);
            }
            if into.is_empty() {
                self.fold_into(&mut found, std::mem::take(&mut histories));
            }
        }
        self.fold_into(&mut found, histories);
        Ok(Arc::new(Ledger::new(named(conn, org, found).await?)))
    }

    fn fold_into(
        &self,
        found: &mut Vec<(ItemKey, domain::fact::ItemFacts)>,
        histories: BTreeMap<ItemKey, Vec<ItemEvent>>,
    ) {
        let folded = histories
            .into_iter()
            .filter_map(|(item, events)| Some((item, fold(events, self.policy(), self.calendar())?)));
        found.extend(folded);
    }
}

/// Whoever panicked while reading has changed nothing.
pub(crate) fn read(present: &RwLock<Present>) -> RwLockReadGuard<'_, Present> {
    present.read().unwrap_or_else(PoisonError::into_inner)
}

/// Reads what has changed since a revision.
async fn changed_since(conn: &mut Conn<'_>, org: OrgId, since: Revision) -> Result<Vec<StoredFacts>, StoreError> {
    let (mut all, mut after) = (Vec::new(), ItemKey::from_row(0));
    loop {
        let page = facts::changed(conn, org, since, after, ROWS_PER_READ).await?;
        let Some(last) = page.last() else { return Ok(all) };
        after = last.item;
        all.extend(page);
    }
}

async fn named(
    conn: &mut Conn<'_>,
    org: OrgId,
    found: Vec<(ItemKey, domain::fact::ItemFacts)>,
) -> Result<Vec<LedgerItem>, StoreError> {
    let mut named = Vec::with_capacity(found.len());
    let mut names = BTreeMap::new();
    let mut after = ItemKey::from_row(0);
    loop {
        let page = items::page(conn, org, after, ROWS_PER_READ).await?;
        let Some((last, _, _)) = page.last() else { break };
        after = *last;
        names.extend(page.into_iter().map(|(item, id, source)| (item, (id, source))));
    }
    for (item, facts) in found {
        let (id, source) = names.remove(&item).ok_or_else(|| StoreError::damaged("an item without a name"))?;
        named.push(LedgerItem { key: Some(item), id: id.into(), source: Some(source.into()), facts });
    }
    Ok(named)
}
