//! Is the log what was committed? Every leaf, root and head again; entries and batches account for each other.

use super::{Check, Depth, spans::Reach};
use crate::{error::ServiceError, ingest::decode};
use domain::{
    event_name::EventName,
    id::{BatchId, EventSeq},
};
use formats::canonical::{earlier, is_told_again, moment_of};
use std::collections::BTreeMap;
use store::{
    batches::{self, BatchKind, Counts, StoredBatch},
    chain::{self, Hash, Leaf},
    event_keys::{Content, EventKey},
    history::{self, Entry, Recorded},
    raw_lines::{self, RawLine},
};

const BATCHES_PER_READ: u32 = 500;
const ENTRIES_PER_READ: u32 = 5_000;

/// The leaves of the batch that is being read.
#[derive(Default)]
struct OpenBatch {
    id: Option<BatchId>,
    leaves: Vec<(EventKey, Hash)>,
    raw: Vec<RawLine>,
    reach: Reach,
}

impl Check<'_, '_> {
    pub(super) async fn chain(&mut self, depth: Depth) -> Result<(), ServiceError> {
        let batches = self.heads().await?;
        match depth {
            Depth::Quick => Ok(()),
            Depth::Full => self.leaves(batches).await,
        }
    }

    /// Walks the chain; returns root and leaf count of each batch.
    async fn heads(&mut self) -> Result<BTreeMap<BatchId, StoredBatch>, ServiceError> {
        let mut head = chain::genesis(self.org).to_vec();
        let mut last = BatchId::from_row(0);
        let mut found = BTreeMap::new();
        loop {
            let page = batches::page(self.conn, self.org, last, BATCHES_PER_READ).await?;
            if page.is_empty() {
                break;
            }
            for batch in page {
                if batch.id.get() != last.get() + 1 {
                    self.report.differs(format!("batch {} is missing from the chain", last.get() + 1));
                }
                last = batch.id;
                head = self.head_of(&batch, &head);
                self.report.batches += 1;
                found.insert(batch.id, batch);
            }
        }
        if last != self.state.batch {
            self.report.differs(format!("the chain ends at batch {}, expected {}", last.get(), self.state.batch.get()));
        } else if last.get() > 0 && head != self.state.head {
            self.report.differs("the head of the chain is not the one that was written last".to_owned());
        }
        Ok(found)
    }

    fn head_of(&mut self, batch: &StoredBatch, before: &[u8]) -> Vec<u8> {
        let Counts { received, accepted, duplicate, quarantined } = batch.counts;
        if !batch.counts.add_up() {
            self.report.differs(format!("the counts of batch {} do not add up", batch.id.get()));
        }
        let head = chain::Head {
            org: self.org,
            batch: batch.id,
            before,
            root: &batch.root,
            counts: [received, accepted, duplicate, quarantined],
            committed_at: batch.committed_at,
        }
        .hash();
        let takes_back = batch.import.filter(|_| batch.kind == BatchKind::Withdraw);
        if takes_back.is_some_and(|import| chain::withdrawal(import).as_slice() != batch.root) {
            self.report.differs(format!("batch {} takes back another import than it says", batch.id.get()));
        }
        if head.as_slice() != batch.head {
            self.report.differs(format!("batch {} is not what was chained", batch.id.get()));
        }
        // Each link is judged by itself, so that one difference is not repeated to the end.
        batch.head.clone()
    }

    async fn leaves(&mut self, mut batches: BTreeMap<BatchId, StoredBatch>) -> Result<(), ServiceError> {
        let batches_with_events = batches.values().filter(|batch| batch.leaves > 0).count() as u64;
        let mut open = OpenBatch::default();
        let mut after = EventSeq::from_row(0);
        loop {
            let page = history::in_order(self.conn, self.org, after, ENTRIES_PER_READ).await?;
            let Some(last) = page.last() else { break };
            after = last.seq;
            for entry in page {
                if open.id != Some(entry.batch) {
                    self.close(&mut open, &mut batches).await?;
                    open.id = Some(entry.batch);
                    open.raw = match raw_lines::read(self.conn, self.org, entry.batch).await {
                        Ok(raw) => raw,
                        Err(store::StoreError::Damaged(_)) => Vec::new(),
                        Err(error) => return Err(error.into()),
                    };
                }
                self.entry(&mut open, &entry).await?;
            }
        }
        self.close(&mut open, &mut batches).await?;
        for batch in batches.values().filter(|batch| batch.leaves > 0) {
            self.report.differs(format!("the events of batch {} are gone", batch.id.get()));
        }
        self.span_count(batches_with_events).await
    }

    async fn entry(&mut self, open: &mut OpenBatch, entry: &Entry) -> Result<(), ServiceError> {
        self.report.events += 1;
        open.reach.take(entry);
        let seq = entry.seq.get();
        let raw = usize::try_from(entry.line).ok().and_then(|line| open.raw.get(line));
        let Some((salt, raw)) = raw else {
            self.report.differs(format!("the raw line of event {seq} is gone"));
            return Ok(());
        };
        let Ok(key) = EventKey::try_from(entry.key.as_slice()) else {
            self.report.differs(format!("the key of event {seq} is damaged"));
            return Ok(());
        };
        let leaf = Leaf {
            source: &entry.source,
            key: &key,
            at: entry.at,
            received_at: entry.received_at,
            canonical: &entry.body,
            raw_hash: &chain::raw_hash(salt, raw),
        };
        open.leaves.push((key, leaf.hash()));
        self.columns(entry);
        self.stands(entry);
        match entry.displaced_by {
            Some(winner) => self.displaced(entry, key, winner).await,
            None => Ok(()),
        }
    }

    /// The columns beside the canonical line are cut from it, so they must still say the same.
    fn columns(&mut self, entry: &Entry) {
        let counts = entry.counted.as_deref().unwrap_or(&entry.body);
        let recorded = Recorded { received_at: entry.received_at, body: counts.into() };
        let decoded = decode(std::slice::from_ref(&recorded)).ok().and_then(|events| events.into_iter().next());
        let code = u8::try_from(entry.event).ok().and_then(EventName::from_code);
        let agrees = decoded.is_some_and(|event| Some(event.name) == code && entry.at <= event.at);
        // Put right, a line says the same but for its times, by as much as the column beside it, which is chained.
        let ahead = moment_of(&entry.body).map_or(0, |said| said.since(entry.at));
        let is_put_right = match &entry.counted {
            Some(counted) => earlier(&entry.body, ahead).as_deref() == Some(counted),
            None => ahead == 0,
        };
        if !agrees || !is_put_right {
            self.report.differs(format!("the columns of event {} do not say what its line says", entry.seq.get()));
        }
    }

    /// What counts stands under its key, with what tells it from others there, and nothing else does.
    fn stands(&mut self, entry: &Entry) {
        let seq = entry.seq.get();
        match (entry.is_counted, entry.is_keyed) {
            (true, false) => self.report.differs(format!("event {seq} does not stand under its key")),
            (false, true) => self.report.differs(format!("event {seq} stands under its key and does not count")),
            (true, true) | (false, false) => {}
        }
        if entry.content.is_some_and(|content| content != Content::of(&entry.body)) {
            self.report.differs(format!("event {seq} is told by another content than its own"));
        }
    }

    /// An event that does not count needs one under the same key that beats it, or says the same. One that nothing stands
    /// for was held instead: it points at itself.
    async fn displaced(&mut self, entry: &Entry, key: EventKey, winner: EventSeq) -> Result<(), ServiceError> {
        if winner == entry.seq {
            return Ok(());
        }
        let before = EventSeq::from_row(winner.get() - 1);
        let found = history::in_order(self.conn, self.org, before, 1).await?;
        let beaten = found.first().is_some_and(|other| {
            other.seq == winner
                && other.source == entry.source
                && other.key == key
                && (is_told_again(&other.body, &entry.body)
                    || (other.received_at, &other.body) <= (entry.received_at, &entry.body))
        });
        if !beaten {
            self.report.differs(format!("event {} was set aside without one that counts instead", entry.seq.get()));
        }
        Ok(())
    }

    async fn close(
        &mut self,
        open: &mut OpenBatch,
        batches: &mut BTreeMap<BatchId, StoredBatch>,
    ) -> Result<(), ServiceError> {
        let mut done = std::mem::take(open);
        let Some(id) = done.id else { return Ok(()) };
        let Some(batch) = batches.remove(&id) else {
            self.report.differs(format!("events of batch {} stand outside the chain", id.get()));
            return Ok(());
        };
        if done.leaves.len() as u64 != batch.leaves {
            let found = done.leaves.len();
            self.report.differs(format!("batch {} has {found} events, expected {}", id.get(), batch.leaves));
        } else if chain::root(&mut done.leaves).as_slice() != batch.root {
            self.report.differs(format!("the events of batch {} are not those that were committed", id.get()));
        }
        self.span(&batch, &done.reach).await
    }
}
