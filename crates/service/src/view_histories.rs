//! What had happened to each item, as one view knows it? The log read back in the order of items.

use crate::{
    error::ServiceError,
    ingest::{MergeScope, decode, survivors_of},
    services::Services,
};
use domain::{
    event::ItemEvent,
    id::{ItemKey, OrgId},
    time::Timestamp,
    view::View,
};
use std::collections::BTreeMap;
use store::{Conn, Tx, history, items, log_state};

/// Items read at a time.
const ITEMS_PER_READ: u32 = 5_000;

/// A view of everything that lies in the log.
pub(crate) const EVERYTHING: View = View {
    as_of: Timestamp::from_seconds(i64::MAX),
    known_at: Timestamp::from_seconds(i64::MAX),
    observed_from: Timestamp::from_seconds(0),
};

/// One item with its events of a view, those of items merged into it too.
#[derive(Clone, Debug)]
pub struct History {
    /// Its key.
    pub key: ItemKey,
    /// Its id as the feed writes it.
    pub id: Box<str>,
    /// The source that first told of it.
    pub source: Box<str>,
    /// Merges among them, in no particular order.
    pub events: Vec<ItemEvent>,
    /// Events of the log that lie after the view or were learnt too late for it.
    pub not_yet_known: u64,
}

/// The items of one view, some at a time, all from the same moment of the database.
pub(crate) struct Histories {
    tx: Tx,
    org: OrgId,
    view: View,
    merges: i64,
    into: BTreeMap<ItemKey, ItemKey>,
    after: ItemKey,
}

impl Services {
    /// Begins to read the log for a view.
    pub(crate) async fn histories_of(&self, org: OrgId, view: View) -> Result<Histories, ServiceError> {
        let mut tx = self.store().snapshot().await?;
        let merges = log_state::read(&mut tx.conn(), org).await?.merges;
        let into = match merges {
            0 => BTreeMap::new(),
            _ => survivors_of(&mut tx.conn(), org, MergeScope::Of(view)).await?,
        };
        Ok(Histories { tx, org, view, merges, into, after: ItemKey::from_row(0) })
    }
}

impl Histories {
    /// The next items, or `None` after the last.
    pub(crate) async fn next(&mut self) -> Result<Option<Vec<History>>, ServiceError> {
        if self.into.is_empty() {
            return self.page().await;
        }
        // Merges move events between items that may lie far apart: all are read before the first is handed over.
        let mut all: BTreeMap<ItemKey, History> = BTreeMap::new();
        while let Some(page) = self.page().await? {
            all.extend(page.into_iter().map(|history| (history.key, history)));
        }
        for (merged, survivor) in &self.into {
            if let Some(mut history) = all.remove(merged)
                && let Some(into) = all.get_mut(survivor)
            {
                into.events.append(&mut history.events);
                into.not_yet_known += history.not_yet_known;
            }
        }
        Ok((!all.is_empty()).then(|| all.into_values().collect()))
    }

    /// Whether the log holds merges at all, even such as change nothing in this view.
    pub(crate) const fn have_merges(&self) -> bool {
        self.merges > 0
    }

    /// The database as it was when the reading began.
    pub(crate) fn conn(&mut self) -> Conn<'_> {
        self.tx.conn()
    }

    async fn page(&mut self) -> Result<Option<Vec<History>>, ServiceError> {
        let conn = &mut self.tx.conn();
        let named = items::page(conn, self.org, self.after, ITEMS_PER_READ).await?;
        let Some((last, _, _)) = named.last() else { return Ok(None) };
        self.after = *last;
        let keys: Vec<ItemKey> = named.iter().map(|(key, _, _)| *key).collect();
        let recorded = history::of_items(conn, self.org, &keys, self.view.known_at).await?;
        let mut recorded: BTreeMap<_, _> = recorded.into_iter().collect();
        let mut page = Vec::with_capacity(named.len());
        for (key, id, source) in named {
            let mut events = decode(&recorded.remove(&key).unwrap_or_default())?;
            let in_log = events.len();
            events.retain(|event| event.received_at <= self.view.known_at && event.at < self.view.as_of);
            let not_yet_known = metrics::real::count_of(in_log - events.len());
            page.push(History { key, id: id.into(), source: source.into(), events, not_yet_known });
        }
        Ok(Some(page))
    }
}
