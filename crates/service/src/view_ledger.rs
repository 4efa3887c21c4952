//! Which items does a view show? The present one is kept in memory and follows the facts; a past one is folded again
//! from the log.

use crate::{error::ServiceError, services::Services, view_histories::History};
use domain::{
    fold::fold,
    id::{ItemKey, OrgId, Revision},
    time::Timestamp,
    view::View,
};
use metrics::ledger::{Ledger, LedgerItem};
use std::{collections::BTreeMap, sync::Arc};
use store::{StoreError, Tx, facts, log_state};
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
    /// How many events its items have, added up once for all who look.
    pub events: u64,
    /// The latest event of all items: a view that ends before it must fold again.
    pub latest_event: Option<Timestamp>,
    /// The latest moment anything was learnt.
    pub latest_received: Timestamp,
}

/// The ledgers in memory, one an organisation.
#[derive(Default)]
pub(crate) struct Ledgers(Mutex<BTreeMap<OrgId, Kept>>);

#[derive(Default)]
struct Kept {
    rows: BTreeMap<ItemKey, LedgerItem>,
    present: Option<PresentLedger>,
}

impl Services {
    /// The facts as they are now. Only what has changed since the last call is read; a process that did not do the
    /// write follows the revision like the one that did.
    ///
    /// # Errors
    /// What the database said.
    pub async fn present_ledger(&self, org: OrgId) -> Result<PresentLedger, ServiceError> {
        let mut all = self.ledgers().0.lock().await;
        let kept = all.entry(org).or_default();
        let mut tx = self.store().snapshot().await?;
        let state = log_state::read(&mut tx.conn(), org).await?;
        if let Some(present) = &kept.present
            && present.revision == state.revision
        {
            return Ok(present.clone());
        }
        let since = kept.present.as_ref().map_or(Revision::from_row(-1), |present| present.revision);
        follow(&mut tx, org, since, &mut kept.rows).await?;
        let present = PresentLedger {
            revision: state.revision,
            events: kept.rows.values().map(|row| u64::from(row.facts.events)).sum(),
            latest_event: kept.rows.values().map(|row| row.facts.tail.since).max(),
            ledger: Arc::new(Ledger::new(kept.rows.values().cloned().collect())),
            latest_received: state.last_received_at,
        };
        kept.present = Some(present.clone());
        Ok(present)
    }

    /// The items of a view: those in memory when it ends after everything that is known, else folded from the log.
    ///
    /// # Errors
    /// What the database said.
    pub async fn ledger_of(&self, org: OrgId, view: View) -> Result<Arc<Ledger>, ServiceError> {
        let present = self.present_ledger(org).await?;
        let ends_after_all = present.latest_event.is_none_or(|latest| latest < view.as_of);
        if ends_after_all && present.latest_received <= view.known_at {
            return Ok(present.ledger);
        }
        self.past_view(org, view).await
    }

    /// The items of a view, folded from the log: events that had happened before `as_of` and were known at `known_at`.
    ///
    /// # Errors
    /// What the database said.
    pub async fn past_view(&self, org: OrgId, view: View) -> Result<Arc<Ledger>, ServiceError> {
        let mut histories = self.histories_of(org, view).await?;
        let mut found = Vec::new();
        while let Some(page) = histories.next().await? {
            found.extend(page.into_iter().filter_map(|History { key, id, source, events, .. }| {
                let facts = fold(events, self.policy(), self.calendar())?;
                Some(LedgerItem { key: Some(key), id, source: Some(source), facts })
            }));
        }
        Ok(Arc::new(Ledger::new(found)))
    }
}

/// Reads what has changed since a revision into the rows.
async fn follow(
    tx: &mut Tx,
    org: OrgId,
    since: Revision,
    rows: &mut BTreeMap<ItemKey, LedgerItem>,
) -> Result<(), StoreError> {
    let mut after = ItemKey::from_row(0);
    loop {
        let changed = facts::changed(&mut tx.conn(), org, since, after, ROWS_PER_READ).await?;
        let Some(last) = changed.last() else { return Ok(()) };
        after = last.item;
        for row in changed {
            match row.facts {
                None => drop(rows.remove(&row.item)),
                Some(facts) => {
                    let (id, source) = (row.id.into(), Some(row.source.into()));
                    drop(rows.insert(row.item, LedgerItem { key: Some(row.item), id, source, facts }));
                }
            }
        }
    }
}
