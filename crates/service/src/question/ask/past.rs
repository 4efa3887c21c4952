//! What lies in the log of an item, and of all items, for questions that fold again?

use super::{EVENTS_SHOWN_MAX, off_thread};
use crate::{
    error::ServiceError,
    ingest::{MergeScope, decode, survivors_of},
    question::trend::{History, TrendAsked, TrendMonth, month, months},
    services::Services,
};
use domain::{
    event::ItemEvent,
    id::{ItemKey, OrgId},
    view::View,
};
use metrics::ledger::LedgerItem;
use std::collections::BTreeMap;
use store::{
    history::{self, Shown},
    items, log_state,
};

/// Rows read at a time.
const ROWS_PER_READ: u32 = 5_000;

impl Services {
    /// The months of a trend. Merges move events between items as they become known, so with merges in the log every
    /// month is a past view of its own; without, one reading of the log serves them all.
    pub(super) async fn past_months(&self, org: OrgId, asked: &TrendAsked) -> Result<Vec<TrendMonth>, ServiceError> {
        let (services, asked) = (self.clone(), asked.clone());
        if let Some(histories) = self.histories(org).await? {
            let fold_all =
                move || months(&histories, &asked.views, &asked.filter, services.policy(), services.calendar());
            return off_thread(fold_all).await;
        }
        let mut found = Vec::new();
        for view in asked.views {
            let ledger = self.ledger_of(org, view).await?;
            let (services, filter) = (self.clone(), asked.filter.clone());
            found.push(off_thread(move || month(&ledger, &filter, &services.frame(view))).await?);
        }
        Ok(found)
    }

    /// The events of every item, or `None` when items have been merged.
    async fn histories(&self, org: OrgId) -> Result<Option<Vec<History>>, ServiceError> {
        let mut tx = self.store().snapshot().await?;
        let conn = &mut tx.conn();
        if log_state::read(conn, org).await?.merges > 0 {
            return Ok(None);
        }
        let mut histories = Vec::new();
        let mut after = ItemKey::from_row(0);
        loop {
            let page = items::page(conn, org, after, ROWS_PER_READ).await?;
            let Some((last, _, _)) = page.last() else {
                return Ok(Some(histories));
            };
            after = *last;
            let keys: Vec<ItemKey> = page.iter().map(|(key, _, _)| *key).collect();
            let mut recorded: BTreeMap<ItemKey, Vec<ItemEvent>> = BTreeMap::new();
            for (key, lines) in history::of_items(conn, org, &keys).await? {
                recorded.insert(key, decode(&lines)?);
            }
            for (key, id, source) in page {
                let events = recorded.remove(&key).unwrap_or_default();
                histories.push(History { key, id, source, events });
            }
        }
    }

    /// The events of one item in a view, those of items merged into it too: for the fold, and as the log shows them.
    pub(super) async fn events_of(
        &self,
        org: OrgId,
        known: &LedgerItem,
        view: &View,
    ) -> Result<(Vec<ItemEvent>, Vec<Shown>), ServiceError> {
        let Some(key) = known.key else {
            return Ok((Vec::new(), Vec::new()));
        };
        let mut tx = self.store().snapshot().await?;
        let conn = &mut tx.conn();
        let mut keys = vec![key];
        if log_state::read(conn, org).await?.merges > 0 {
            let into = survivors_of(conn, org, MergeScope::Of(*view)).await?;
            keys.extend(into.into_iter().filter(|(_, survivor)| *survivor == key).map(|(merged, _)| merged));
        }
        let mut events = Vec::new();
        for (_, lines) in history::of_items(conn, org, &keys).await? {
            events.extend(decode(&lines)?);
        }
        events.retain(|event| event.at < view.as_of && event.received_at <= view.known_at);
        let mut shown: Vec<Shown> = Vec::new();
        for key in keys {
            shown.extend(history::of_item(conn, org, key, EVENTS_SHOWN_MAX).await?);
        }
        shown.retain(|event| event.received_at <= view.known_at);
        shown.sort_by_key(|event| event.seq);
        Ok((events, shown))
    }
}
