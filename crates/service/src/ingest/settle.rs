//! What becomes of events of an import that cannot count after all? Others stand under their keys, or the fold cannot take
//! them: found out when the import is published, and an entry of its own in the chain.

use super::{
    apply::{conflict, placeless, unfoldable},
    touched::Touched,
};
use domain::{
    id::{BatchId, EventSeq, ImportId, OrgId, QuarantineId, SourceId},
    time::Timestamp,
};
use formats::{canonical::is_told_again, held::Held};
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};
use store::{
    Conn, StoreError,
    batches::{self, BatchKind, Counts, NewBatch},
    event_keys::{self, Content, EventKey, Standing},
    events, held_again,
    held_forms::{self, HeldForm},
    import_parts::{self, Runs, Staged},
    item_events, items,
    log_state::LogState,
    quarantine::{self, HeldFrom, Holding},
    raw_lines::{self, RawLine},
};

/// Events looked at together.
const EVENTS_PER_READ: u32 = 5_000;

/// Settles the events of one import inside the transaction that publishes it, once they are shown.
pub(crate) struct Settling<'s> {
    pub(crate) org: OrgId,
    pub(crate) import: ImportId,
    pub(crate) now: Timestamp,
    pub(crate) state: &'s mut LogState,
    /// Items of standing events that count no more.
    pub(crate) displaced: Touched,
    /// Items of events of the import that were shown and do not count after all.
    pub(crate) hidden: Touched,
    /// Whether any line is held, now or since before.
    pub(crate) holds: bool,
    /// What moved from accepted, by source.
    pub(crate) moved: BTreeMap<SourceId, Counts>,
    /// How the lines of the import are written.
    pub(crate) form: Option<Arc<HeldForm>>,
    /// The lines of the batch that was looked at last.
    pub(crate) unpacked: Option<(BatchId, Vec<RawLine>)>,
}

impl Settling<'_> {
    /// Holds the events of items that the fold cannot take.
    pub(crate) async fn refuse(&mut self, conn: &mut Conn<'_>, names: &BTreeSet<String>) -> Result<(), StoreError> {
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        for (name, item) in items::known(conn, self.org, &names).await? {
            loop {
                let page = import_parts::of_item(conn, self.org, self.import, item, EVENTS_PER_READ).await?;
                if page.is_empty() {
                    break;
                }
                for event in page {
                    events::set_aside(conn, self.org, event.seq, event.seq).await?;
                    event_keys::give_up(conn, self.org, event.source, &event.key, event.seq).await?;
                    self.hold(conn, &event, &unfoldable(&name), None).await?;
                }
            }
        }
        Ok(())
    }

    /// Settles every event under whose key another one stands.
    pub(crate) async fn collisions(&mut self, conn: &mut Conn<'_>, runs: &Runs) -> Result<(), StoreError> {
        for (mut from, to) in runs.spans() {
            loop {
                let page = import_parts::unclaimed(conn, self.org, (from, to), EVENTS_PER_READ).await?;
                let Some(last) = page.last() else { break };
                from = EventSeq::from_row(last.seq.get() + 1);
                let mut by_source: BTreeMap<SourceId, Vec<Staged>> = BTreeMap::new();
                for event in page {
                    by_source.entry(event.source).or_default().push(event);
                }
                for (source, events) in by_source {
                    self.against_standing(conn, source, events).await?;
                }
            }
        }
        Ok(())
    }

    async fn against_standing(
        &mut self,
        conn: &mut Conn<'_>,
        source: SourceId,
        events: Vec<Staged>,
    ) -> Result<(), StoreError> {
        let keys: BTreeSet<EventKey> = events.iter().map(|event| event.key).collect();
        let keys: Vec<EventKey> = keys.into_iter().collect();
        let found = event_keys::standing(conn, self.org, source, &keys).await?;
        let mut standing: BTreeMap<EventKey, Standing> = found.into_iter().map(|one| (one.key, one)).collect();
        for event in events {
            let Some(known) = standing.get_mut(&event.key) else {
                return Err(StoreError::damaged("an event that stands in the way cannot be found"));
            };
            if is_told_again(&known.body, &event.body) {
                self.set_aside(conn, &event, known.seq).await?;
                self.count(source, Counts { received: 1, duplicate: 1, ..Counts::default() });
            } else if (known.received_at, &known.body) <= (event.received_at, &event.body) {
                self.set_aside(conn, &event, known.seq).await?;
                let held = conflict(&known.body);
                self.hold(conn, &event, &held, None).await?;
            } else {
                self.swap(conn, known, &event).await?;
            }
        }
        Ok(())
    }

    /// The event of the import was shown, and does not count after all.
    async fn set_aside(&mut self, conn: &mut Conn<'_>, event: &Staged, instead: EventSeq) -> Result<(), StoreError> {
        events::set_aside(conn, self.org, event.seq, instead).await?;
        item_events::hide(conn, self.org, event.item, event.seq).await?;
        self.hidden.insert(event.item);
        Ok(())
    }

    /// The event of the import counts; the one that stood is held in its place.
    async fn swap(&mut self, conn: &mut Conn<'_>, known: &mut Standing, event: &Staged) -> Result<(), StoreError> {
        let winner = (event.seq, Content::of(&event.body));
        events::displace(conn, self.org, event.source, known, winner).await?;
        self.displaced.insert(known.item);
        let raw = self.raw_of(conn, (known.batch, known.line), &known.body).await?;
        let held = conflict(&event.body);
        *known = Standing {
            key: event.key,
            seq: event.seq,
            batch: event.batch,
            line: event.line,
            item: event.item,
            received_at: event.received_at,
            body: event.body.clone(),
        };
        self.hold(conn, event, &held, Some(raw)).await
    }

    /// Holds the line of an event, or `instead` of it the line that had to give way.
    async fn hold(
        &mut self,
        conn: &mut Conn<'_>,
        event: &Staged,
        held: &Held,
        instead: Option<Vec<u8>>,
    ) -> Result<(), StoreError> {
        // The line that gives way came in another request: how that was written is not known here.
        let form = self.form.clone().filter(|_| instead.is_none());
        let raw = match instead {
            Some(raw) => raw,
            None => self.raw_of(conn, (event.batch, event.line), &event.body).await?,
        };
        if let Some(form) = &form {
            held_forms::keep(conn, self.org, form).await?;
        }
        let held = placeless(held, raw);
        let id = QuarantineId::from_row(self.state.next_quarantine);
        let from = HeldFrom {
            source: event.source,
            batch: self.next_batch(),
            import: Some(self.import),
            received_at: self.now,
            is_staged: false,
            form: form.as_deref().map(HeldForm::hash),
        };
        self.holds = true;
        match quarantine::hold(conn, self.org, id, from, &held).await? {
            Holding::New(_) => {
                self.state.next_quarantine += 1;
                self.state.held_lines += 1;
                self.state.held_bytes += i64::try_from(held.raw.len()).unwrap_or(i64::MAX);
                self.count(event.source, Counts { received: 1, quarantined: 1, ..Counts::default() });
            }
            Holding::Known(id) => {
                held_again::unmark(conn, self.org, id, self.import).await?;
                self.count(event.source, Counts { received: 1, duplicate: 1, ..Counts::default() });
            }
        }
        Ok(())
    }

    /// A line as it came; its canonical form where that was not kept. Events come in the order of batches, so the lines of
    /// one are seldom unpacked twice.
    async fn raw_of(
        &mut self,
        conn: &mut Conn<'_>,
        (batch, line): (BatchId, u32),
        body: &str,
    ) -> Result<Vec<u8>, StoreError> {
        if self.unpacked.as_ref().is_none_or(|(known, _)| *known != batch) {
            self.unpacked = Some((batch, raw_lines::read(conn, self.org, batch).await?));
        }
        let lines = self.unpacked.as_ref().map(|(_, lines)| lines.as_slice()).unwrap_or_default();
        let stored = usize::try_from(line).ok().and_then(|line| lines.get(line));
        Ok(stored.map_or_else(|| body.as_bytes().to_vec(), |(_, raw)| raw.clone()))
    }

    /// Lines are held under the first of the batches that will say what was settled.
    fn next_batch(&self) -> BatchId {
        BatchId::from_row(self.state.batch.get() + 1)
    }

    fn count(&mut self, source: SourceId, more: Counts) {
        let sum = self.moved.entry(source).or_default();
        *sum = sum.plus(more);
    }

    /// Writes what was settled into the chain; says what moved in all.
    pub(crate) async fn chain(&mut self, conn: &mut Conn<'_>) -> Result<Counts, StoreError> {
        let mut all = Counts::default();
        for (source, counts) in std::mem::take(&mut self.moved) {
            let batch = NewBatch::without_events(self.state, source, self.import, BatchKind::Settle, self.now);
            let batch = NewBatch { counts, ..batch };
            batches::write(conn, self.org, self.state, &batch).await?;
            all = all.plus(counts);
        }
        Ok(all)
    }
}
