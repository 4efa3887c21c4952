//! How does the log leave for process mining tools? As an XES event log: a trace an item, in the order in which items were
//! first named, of the events that count.

use crate::{
    authorise::{Granted, GrantedScope, proof},
    error::{Refusal, ServiceError},
    services::Services,
};
use domain::id::ItemKey;
use formats::write::{XesFault, XesWriter};
use std::{collections::BTreeMap, io::Write};
use store::{
    StoreError,
    history::{self, PRESENT, Recorded},
    items,
};

/// Items read together.
const ITEMS_PER_READ: u32 = 1_000;

impl Services {
    /// Writes the events that count, item by item; says how many items were written. What is sent meanwhile may be in it or
    /// not, and an item is never cut.
    ///
    /// # Errors
    /// A refusal for whoever may not see everything or where nothing can be written on, or what the database said.
    pub async fn write_event_log<W: Write>(
        &self,
        granted: &Granted<proof::ItemsRead>,
        out: W,
    ) -> Result<u64, ServiceError> {
        if granted.scope() != &GrantedScope::All {
            let detail = "the event log holds the items and the names of everybody";
            return Err(Refusal::new("not_permitted", detail).into());
        }
        let (org, mut after, mut written) = (granted.org(), ItemKey::from_row(0), 0);
        let mut log = XesWriter::new(out).map_err(|error| unwritten(XesFault::Io(error)))?;
        loop {
            let mut reader = self.store().reader().await?;
            let page = items::page(&mut reader.conn(), org, after, ITEMS_PER_READ).await?;
            let Some((last, ..)) = page.last() else { break };
            after = *last;
            let keys: Vec<ItemKey> = page.iter().map(|(key, ..)| *key).collect();
            let histories = history::of_items(&mut reader.conn(), org, &keys, PRESENT).await?;
            drop(reader);
            let histories: BTreeMap<ItemKey, Vec<Recorded>> = histories.into_iter().collect();
            for (key, id, _) in &page {
                let events = histories.get(key).map(Vec::as_slice).unwrap_or_default();
                if !events.is_empty() {
                    log.trace(id, events.iter().map(|event| &*event.body)).map_err(unwritten)?;
                    written += 1;
                }
            }
        }
        log.finish().map_err(|error| unwritten(XesFault::Io(error)))?;
        Ok(written)
    }
}

fn unwritten(fault: XesFault) -> ServiceError {
    match fault {
        XesFault::Io(error) => Refusal::new("cannot_write", error.to_string()).into(),
        XesFault::NotCanonical(what) => StoreError::damaged(what).into(),
    }
}
