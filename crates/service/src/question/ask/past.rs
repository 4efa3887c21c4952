//! What lies in the log of an item, and of all items, for questions that fold again?

use super::{EVENTS_SHOWN_MAX, off_thread};
use crate::{
    catalogue::Catalogue,
    error::ServiceError,
    ingest::{MergeScope, decode, survivors_of},
    question::trend::{TrendMonth, month, months},
    services::Services,
    view_histories::{EVERYTHING, History},
};
use domain::{event::ItemEvent, id::OrgId, time::Timestamp, view::View};
use metrics::ledger::{Filter, LedgerItem};
use store::{
    history::{self, Shown},
    log_state,
};

impl Services {
    /// The months of a trend. Merges move events between items as they become known, so with merges in the log every
    /// month is a past view of its own; without, one reading of the log serves them all.
    pub(super) async fn past_months(
        &self,
        org: OrgId,
        views: Vec<View>,
        filter: Filter,
    ) -> Result<Vec<TrendMonth>, ServiceError> {
        let services = self.clone();
        // All months are known as of one moment.
        let known_at = views.last().map_or(EVERYTHING.known_at, |view| view.known_at);
        if let Some((histories, catalogue)) = self.unmerged_histories(org, known_at).await? {
            let fold_all =
                move || months(&histories, &views, &filter, services.policy(), services.calendar(), &catalogue);
            return off_thread(fold_all).await;
        }
        let mut found = Vec::new();
        for view in views {
            let ledger = self.ledger_of(org, view).await?;
            let (services, filter) = (self.clone(), filter.clone());
            found.push(off_thread(move || month(&ledger, &filter, &services.frame(view))).await?);
        }
        Ok(found)
    }

    /// The events of every item and the catalogue that a moment knew, or `None` when items have been merged.
    async fn unmerged_histories(
        &self,
        org: OrgId,
        known_at: Timestamp,
    ) -> Result<Option<(Vec<History>, Catalogue)>, ServiceError> {
        let mut all = self.histories_of(org, EVERYTHING).await?;
        if all.have_merges() {
            return Ok(None);
        }
        let mut histories = Vec::new();
        while let Some(page) = all.next().await? {
            histories.extend(page);
        }
        let catalogue = Catalogue::known_at(&mut all.conn(), org, known_at).await?;
        Ok(Some((histories, catalogue)))
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
        for (_, lines) in history::of_items(conn, org, &keys, view.known_at).await? {
            events.extend(decode(&lines)?);
        }
        events.retain(|event| event.at < view.as_of && event.received_at <= view.known_at);
        let mut shown: Vec<Shown> = Vec::new();
        for key in keys {
            shown.extend(history::of_item(conn, org, key, EVENTS_SHOWN_MAX, view.known_at).await?);
        }
        shown.retain(|event| event.received_at <= view.known_at);
        shown.sort_by_key(|event| event.seq);
        Ok((events, shown))
    }
}
