//! Which items does a view show? The present one is kept in memory and follows the facts; a past one is folded again
//! from the log.

use crate::{
    catalogue::Catalogue,
    error::ServiceError,
    present::Present,
    question::{ask::off_thread, items::code_of},
    services::Services,
    view_histories::History,
};
use domain::{
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
    StoreError, Tx,
    facts::{self, StoredFacts},
    log_state,
};
use tokio::sync::Mutex;

/// Rows read at a time.
const ROWS_PER_READ: u32 = 5_000;

/// The items of one organisation as they are now, with all their facts.
#[derive(Clone, Debug)]
pub struct PresentLedger {
    /// The revision of the facts.
    pub revision: Revision,
    /// All items, merged-away ones left out.
    pub ledger: Arc<Ledger>,
    /// How many events its items have, added up once for all who look.
    pub events: u64,
    /// The latest event of all items: a view that ends before it must fold again.
    pub latest_event: Option<Timestamp>,
    /// The latest moment anything was learnt.
    pub latest_received: Timestamp,
}

/// How one item is asked for.
#[derive(Clone, Debug)]
pub(crate) enum Wanted {
    /// By its id, as the feed writes it.
    Named(String),
    /// By the code that stands for it where names are not shown.
    Coded(String),
}

impl Wanted {
    pub(crate) fn is(&self, item: &LedgerItem) -> bool {
        match self {
            Self::Named(id) => &*item.id == id,
            Self::Coded(code) => code_of(item.key) == *code,
        }
    }
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
    /// Since when the newest catalogue of exploited weaknesses is out, if there is one.
    pub catalogue_out_at: Option<Timestamp>,
}

impl PresentMoment {
    /// Whether a view ends after everything that is known.
    #[must_use]
    pub fn is_all_in(&self, view: &View) -> bool {
        self.latest_event.is_none_or(|latest| latest < view.as_of)
            && self.catalogue_out_at.is_none_or(|out| out < view.as_of)
            && self.is_all_known_at(view.known_at)
    }

    /// Whether all that is known was known at a moment.
    #[must_use]
    pub fn is_all_known_at(&self, moment: Timestamp) -> bool {
        self.latest_received <= moment && self.catalogue_out_at.is_none_or(|out| out <= moment)
    }
}

/// What is in memory, one an organisation.
#[derive(Default)]
pub(crate) struct Ledgers(Mutex<BTreeMap<OrgId, Kept>>);

#[derive(Default)]
struct Kept {
    present: Arc<RwLock<Present>>,
    /// The items of lists, made when somebody first asks for them at a revision.
    listed: Arc<Mutex<Option<PresentLedger>>>,
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
        let (since, catalogue) = {
            let known = read(present);
            (known.revision(), known.catalogue())
        };
        if since == state.revision {
            return Ok(());
        }
        let newer = catalogue.newer(&mut tx.conn(), org).await?;
        let changed = changed_since(&mut tx, org, since).await?;
        let present = present.clone();
        // Whoever reads figures holds the lock for a moment: waiting for it must not hold up other requests.
        let apply = move || {
            let mut present = present.write().unwrap_or_else(PoisonError::into_inner);
            // Were this to fail half way, the next call would read everything again.
            let half_way = std::mem::take(&mut *present);
            *present = half_way.after(changed, newer, state.revision, state.last_received_at)?;
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
        let present = self.present(org).await?;
        let kept = self.ledgers().0.lock().await.entry(org).or_default().listed.clone();
        // Whoever asks for the list meanwhile waits for this one; figures do not.
        let mut kept = kept.lock().await;
        let revision = read(&present).revision();
        if let Some(listed) = kept.as_ref().filter(|listed| listed.revision == revision) {
            return Ok(listed.clone());
        }
        *kept = None;
        let listed = off_thread(move || read(&present).listed()).await??;
        *kept = Some(listed.clone());
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

    /// One item of a view.
    pub(crate) async fn item_of(
        &self,
        org: OrgId,
        view: View,
        wanted: Wanted,
    ) -> Result<Option<LedgerItem>, ServiceError> {
        let present = self.present(org).await?;
        let looked = off_thread(move || {
            let present = read(&present);
            let known = present.moment().is_all_in(&view).then(|| present.wanted(&wanted));
            (known, wanted)
        });
        match looked.await? {
            (Some(known), _) => Ok(known?),
            (None, wanted) => {
                let ledger = self.past_view(org, view).await?;
                Ok(ledger.items().iter().find(|item| wanted.is(item)).cloned())
            }
        }
    }

    /// The items of a view, folded from the log: events that had happened before `as_of` and were known at `known_at`.
    ///
    /// # Errors
    /// What the database said.
    pub async fn past_view(&self, org: OrgId, view: View) -> Result<Arc<Ledger>, ServiceError> {
        let mut histories = self.histories_of(org, view).await?;
        let catalogue = Catalogue::known_at(&mut histories.conn(), org, view.known_at).await?;
        let mut found = Vec::new();
        while let Some(page) = histories.next().await? {
            found.extend(page.into_iter().filter_map(|History { key, id, source, events, .. }| {
                let mut facts = fold(events, self.policy(), self.calendar())?;
                catalogue.join(&mut facts, view.as_of);
                Some(LedgerItem { key: Some(key), id, source: Some(source), facts })
            }));
        }
        Ok(Arc::new(Ledger::new(found)))
    }
}

/// Whoever panicked while reading has changed nothing.
pub(crate) fn read(present: &RwLock<Present>) -> RwLockReadGuard<'_, Present> {
    present.read().unwrap_or_else(PoisonError::into_inner)
}

/// Reads what has changed since a revision.
async fn changed_since(tx: &mut Tx, org: OrgId, since: Revision) -> Result<Vec<StoredFacts>, StoreError> {
    let (mut all, mut after) = (Vec::new(), ItemKey::from_row(0));
    loop {
        let page = facts::changed(&mut tx.conn(), org, since, after, ROWS_PER_READ).await?;
        let Some(last) = page.last() else { return Ok(all) };
        after = last.item;
        all.extend(page);
    }
}
