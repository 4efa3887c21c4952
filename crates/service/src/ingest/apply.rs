//! What does a part of a request change in the database? New events, held lines, counts and the next link of the
//! chain, inside a transaction that somebody else commits.

use super::{
    bounds::{Arriving, LONG_ITEMS_SHOWN, Sizes, too_many_events},
    known_events::Known,
    measures::Tally,
    prepare::{Part, Prepared, PreparedEvent, faults_json},
    receipt::{LineReceipt, LineStatus, LongItem, Receipt},
    work::{Staged, Work},
};
use domain::{
    event_name::EventName,
    id::{BatchId, EventSeq, ItemKey, QuarantineId, SourceId},
    quarantine::Reason,
    time::Timestamp,
};
use formats::{
    canonical::is_told_again,
    held::{Fault, Held},
};
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet};
use store::{
    Conn, StoreError,
    batch_spans::{self, BatchSpan},
    batches::{self, BatchKind, Counts, NewBatch},
    chain::{self, Hash},
    event_keys::{self, EventKey, Standing},
    events::{self, NewEvent, Place},
    held_forms::{self, HeldForm},
    item_events, items,
    log_state::LogState,
    quarantine::{self, HeldFrom, Holding, NewHeld, RAW_BYTES_MAX},
    raw_lines, sources,
};

/// Applies a whole request.
pub(crate) async fn apply(
    conn: &mut Conn<'_>,
    state: &mut LogState,
    work: &mut Work<'_>,
    prepared: &Prepared,
) -> Result<Receipt, StoreError> {
    let mut receipt = Receipt::default();
    let mut lines: Vec<(u32, LineReceipt)> = Vec::with_capacity(prepared.lines());
    let mut long = BTreeMap::new();
    for part in &prepared.parts {
        let source = sources::register(conn, work.org, &part.source, work.now).await?;
        let (batch, first_seq) = (BatchId::from_row(state.batch.get() + 1), EventSeq::from_row(state.next_seq));
        let tally = Tally::begin(work.measures, &part.source, part.subtracted);
        let mut applying = Applying {
            state,
            work,
            part,
            source,
            batch,
            lines: &mut lines,
            counts: Counts::default(),
            leaves: Vec::new(),
            first_seq,
            moments: None,
            tally,
            sizes: Sizes::default(),
            long: &mut long,
            is_form_kept: false,
        };
        applying.hold_prepared(conn).await?;
        applying.add_events(conn).await?;
        receipt.count(applying.finish(conn).await?);
        receipt.batches.push(batch.get());
    }
    // Parts of several sources lie between each other in the request.
    lines.sort_by_key(|(position, _)| *position);
    receipt.lines = lines.into_iter().map(|(_, line)| line).collect();
    if !long.is_empty() {
        tracing::warn!(items = long.len(), "items with very many events");
    }
    let long = long.into_iter().take(LONG_ITEMS_SHOWN);
    receipt.long_items = long.map(|(item, events)| LongItem::new(item, events)).collect();
    Ok(receipt)
}

struct Applying<'a, 'w, 'p> {
    state: &'a mut LogState,
    work: &'a mut Work<'w>,
    part: &'p Part,
    source: SourceId,
    batch: BatchId,
    lines: &'a mut Vec<(u32, LineReceipt)>,
    counts: Counts,
    leaves: Vec<(EventKey, Hash)>,
    /// The first place in the log that it may take.
    first_seq: EventSeq,
    /// When the first and the last of its events happened.
    moments: Option<(Timestamp, Timestamp)>,
    tally: Tally,
    sizes: Sizes,
    long: &'a mut BTreeMap<&'p str, u64>,
    is_form_kept: bool,
}

impl<'p> Applying<'_, '_, 'p> {
    async fn hold_prepared(&mut self, conn: &mut Conn<'_>) -> Result<(), StoreError> {
        let part = self.part;
        for held in &part.held {
            self.hold(conn, held.position, &held.held, part.form.as_deref()).await?;
        }
        Ok(())
    }

    /// Holds a line, or counts it as a duplicate when the same bytes were held before.
    async fn hold(
        &mut self,
        conn: &mut Conn<'_>,
        position: u32,
        held: &NewHeld,
        form: Option<&HeldForm>,
    ) -> Result<(), StoreError> {
        if let Some(form) = form.filter(|_| !self.is_form_kept) {
            held_forms::keep(conn, self.work.org, form).await?;
            self.is_form_kept = true;
        }
        let is_staged = self.work.staging.is_some();
        let (import, received_at) = (self.work.import, self.work.now);
        let from = HeldFrom {
            source: self.source,
            batch: self.batch,
            import,
            received_at,
            is_staged,
            form: form.map(HeldForm::hash),
        };
        let next = QuarantineId::from_row(self.state.next_quarantine);
        let (status, id) = match quarantine::hold(conn, self.work.org, next, from, held).await? {
            Holding::New(id) => {
                self.state.next_quarantine += 1;
                if !is_staged {
                    self.state.held_lines += 1;
                    self.state.held_bytes += i64::try_from(held.raw.len()).unwrap_or(i64::MAX);
                }
                self.counts.quarantined += 1;
                (LineStatus::Quarantined, id)
            }
            Holding::Known(id) => {
                self.counts.duplicate += 1;
                (LineStatus::Duplicate, id)
            }
        };
        self.counts.received += 1;
        let line = LineReceipt {
            quarantine_id: Some(id.get()),
            reason: Some(held.reason.as_str().to_owned()),
            faults: serde_json::from_str(&held.faults).ok(),
            ..LineReceipt::plain(status)
        };
        self.lines.push((position, line));
        Ok(())
    }

    async fn add_events(&mut self, conn: &mut Conn<'_>) -> Result<(), StoreError> {
        let part = self.part;
        let (refused, wanted): (Vec<_>, Vec<_>) =
            part.events.iter().partition(|event| self.work.refused.contains(&event.item_id));
        for event in refused {
            self.hold_event(conn, event, &unfoldable(&event.item_id)).await?;
        }
        if wanted.is_empty() {
            return Ok(());
        }
        let wanted = self.without_known(conn, wanted).await?;
        let wanted = self.with_items(conn, wanted).await?;
        let wanted = self.fitting(conn, wanted).await?;
        if self.work.staging.is_some() { self.stage(conn, wanted).await } else { self.add_seen(conn, wanted).await }
    }

    const fn place(&self) -> Place {
        Place { org: self.work.org, batch: self.batch, source: self.source }
    }

    /// The events of a file but for those that are in the log already: these are counted, and their items need not even be
    /// looked up.
    async fn without_known(
        &mut self,
        conn: &mut Conn<'_>,
        mut wanted: Vec<&'p PreparedEvent>,
    ) -> Result<Vec<&'p PreparedEvent>, StoreError> {
        let Some(staged) = &mut self.work.staging else { return Ok(wanted) };
        let known = Known::of(conn, (self.work.org, self.source), staged.recent, &wanted).await?;
        for event in wanted.extract_if(.., |event| known.holds(event)) {
            count_known(&mut self.counts, self.lines, event);
        }
        Ok(wanted)
    }

    /// Adds events that nobody can see before their import is published, but for those that it has brought a moment ago.
    async fn stage(&mut self, conn: &mut Conn<'_>, wanted: Arriving<'p>) -> Result<(), StoreError> {
        let mut fresh = Vec::with_capacity(wanted.len());
        for (event, item) in wanted {
            let staged = self.work.staging.as_mut();
            if staged.is_some_and(|staged| staged.recent.is_repeated(self.source, event.key, event.content)) {
                count_known(&mut self.counts, self.lines, event);
            } else {
                fresh.push((event, item));
            }
        }
        let new: Vec<NewEvent> = fresh.iter().map(|(event, item)| new_event(event, *item)).collect();
        events::append(conn, self.place(), self.state.next_seq, &new).await?;
        if let Some(Staged { order: Some(order), .. }) = &mut self.work.staging {
            order.take_all(self.source, self.state.next_seq, &new)?;
        }
        self.state.next_seq += i64::try_from(new.len()).unwrap_or(i64::MAX);
        for (event, item) in fresh {
            self.accept(event, item);
        }
        Ok(())
    }

    /// Adds events that can be seen with this very transaction.
    async fn add_seen(&mut self, conn: &mut Conn<'_>, wanted: Arriving<'p>) -> Result<(), StoreError> {
        let new: Vec<NewEvent> = wanted.iter().map(|(event, item)| new_event(event, *item)).collect();
        let first_seq = self.state.next_seq;
        let added = events::add(conn, self.place(), first_seq, &new).await?;
        self.state.next_seq += i64::try_from(new.len()).unwrap_or(i64::MAX);
        let mut rest = Vec::new();
        for (((event, item), new), added) in wanted.iter().zip(&new).zip(added) {
            if added {
                self.accept(event, *item);
            } else {
                rest.push((*event, new));
            }
        }
        if rest.is_empty() { Ok(()) } else { self.settle_known(conn, &rest).await }
    }

    /// The events but for those that are too many for their item: these are held.
    async fn fitting(&mut self, conn: &mut Conn<'_>, wanted: Arriving<'p>) -> Result<Arriving<'p>, StoreError> {
        let (org, limits) = (self.work.org, self.work.limits);
        self.sizes = Sizes::read(conn, org, &wanted, self.state, self.work.at_most, limits).await?;
        let (fits, over) = self.sizes.part(conn, org, self.source, wanted, limits).await?;
        for event in over {
            self.hold_event(conn, event, &too_many_events(&event.item_id, limits)).await?;
        }
        Ok(fits)
    }

    fn accept(&mut self, event: &'p PreparedEvent, item: ItemKey) {
        self.counts.received += 1;
        self.counts.accepted += 1;
        self.enter(event, item);
        if let Some(size) = self.sizes.grow(item, self.work.limits) {
            self.long.insert(&event.item_id, size);
        }
        self.lines.push((event.position, LineReceipt::accepted(&event.unknown_fields)));
    }

    /// Notes that an event stands in the log from now on.
    fn enter(&mut self, event: &PreparedEvent, item: ItemKey) {
        self.leaves.push((event.key, event.leaf));
        let (first, last) = self.moments.unwrap_or((event.at, event.at));
        self.moments = Some((first.min(event.at), last.max(event.at)));
        self.tally.add(event);
        self.work.touched.insert(item);
        if event.name == EventName::Merged && self.work.staging.is_none() {
            self.state.merges += 1;
        }
    }

    /// The events with the numbers of their items.
    async fn with_items(
        &mut self,
        conn: &mut Conn<'_>,
        events: Vec<&'p PreparedEvent>,
    ) -> Result<Arriving<'p>, StoreError> {
        let mut unknown = BTreeSet::new();
        let mut with_items = Vec::with_capacity(events.len());
        for event in events {
            let item = self.work.dictionary.get(&event.item_id);
            if item.is_none() {
                unknown.insert(event.item_id.as_str());
            }
            let survivor = event.survivor.as_deref();
            unknown.extend(survivor.filter(|id| self.work.dictionary.get(id).is_none()));
            with_items.push((event, item));
        }
        self.number(conn, unknown.into_iter().collect()).await?;
        let known = |(event, item): (&'p PreparedEvent, Option<ItemKey>)| {
            let item = item.or_else(|| self.work.dictionary.get(&event.item_id));
            item.map(|item| (event, item)).ok_or_else(|| StoreError::damaged("an item without a number"))
        };
        with_items.into_iter().map(known).collect()
    }

    /// Gives every item and every survivor of a merge that this process does not know yet its number.
    async fn number(&mut self, conn: &mut Conn<'_>, unknown: Vec<&str>) -> Result<(), StoreError> {
        if unknown.is_empty() {
            return Ok(());
        }
        for (id, key) in items::known(conn, self.work.org, &unknown).await? {
            self.work.dictionary.remember(&id, key);
        }
        let mut fresh = Vec::new();
        for id in unknown {
            if self.work.dictionary.get(id).is_none() {
                let key = ItemKey::from_row(self.state.next_item);
                self.state.next_item += 1;
                self.work.dictionary.add(id, key);
                self.work.at_most.begin(key);
                fresh.push((key, id));
            }
        }
        items::add(conn, self.work.org, self.source, &fresh).await
    }

    /// Events whose key is in the log: the same content is a duplicate, other content is a conflict.
    async fn settle_known(
        &mut self,
        conn: &mut Conn<'_>,
        events: &[(&PreparedEvent, &NewEvent)],
    ) -> Result<(), StoreError> {
        let keys: BTreeSet<EventKey> = events.iter().map(|(event, _)| event.key).collect();
        let keys: Vec<EventKey> = keys.into_iter().collect();
        let found = event_keys::standing(conn, self.work.org, self.source, &keys).await?;
        let mut standing: BTreeMap<EventKey, Standing> = found.into_iter().map(|one| (one.key, one)).collect();
        for (event, new) in events {
            let Some(known) = standing.get_mut(&event.key) else {
                return Err(StoreError::damaged("an event that stands in the way cannot be found"));
            };
            if is_told_again(&known.body, &event.body) {
                count_known(&mut self.counts, self.lines, event);
            } else if (known.received_at, known.body.as_str()) <= (event.received_at, &event.body) {
                let held = conflict(&known.body);
                self.hold_event(conn, event, &held).await?;
            } else {
                self.swap(conn, known, event, new).await?;
            }
        }
        Ok(())
    }

    /// The newcomer counts from now on; the one that stood is held in its place and stays in the log, marked.
    async fn swap(
        &mut self,
        conn: &mut Conn<'_>,
        known: &mut Standing,
        event: &PreparedEvent,
        new: &NewEvent,
    ) -> Result<(), StoreError> {
        let org = self.work.org;
        let seq = EventSeq::from_row(self.state.next_seq);
        self.state.next_seq += 1;
        events::displace(conn, org, self.source, known, (seq, event.content)).await?;
        events::append(conn, self.place(), seq.get(), std::slice::from_ref(new)).await?;
        item_events::show(conn, org, &[(new.item, seq, new.received_at)]).await?;
        let stored = if known.batch == self.batch {
            self.part.raw.line(known.line)
        } else {
            raw_lines::one(conn, org, known.batch, known.line).await?
        };
        let raw = stored.map_or_else(|| known.body.clone().into_bytes(), |(_, raw)| raw);
        self.work.touched.insert(known.item);
        self.enter(event, new.item);
        let winner = Standing {
            key: event.key,
            seq,
            batch: self.batch,
            line: event.line,
            item: new.item,
            received_at: event.received_at,
            body: event.body.to_string(),
        };
        let held = self.held_line(&conflict(&winner.body), event, raw);
        // The line that gives way came in another request: how that was written is not known here.
        *known = winner;
        self.hold(conn, event.position, &held, None).await
    }

    async fn hold_event(&mut self, conn: &mut Conn<'_>, event: &PreparedEvent, held: &Held) -> Result<(), StoreError> {
        let raw = self.part.raw.line(event.line).map_or_else(|| event.body.as_bytes().to_vec(), |(_, raw)| raw);
        let held = self.held_line(held, event, raw);
        self.hold(conn, event.position, &held, self.part.form.as_deref()).await
    }

    fn held_line(&self, held: &Held, event: &PreparedEvent, raw: Vec<u8>) -> NewHeld {
        NewHeld { line: Some(event.place.line), byte: Some(event.place.byte), ..placeless(held, raw) }
    }

    /// Writes what closes the batch: its raw lines, its counts and the next head of the chain.
    async fn finish(mut self, conn: &mut Conn<'_>) -> Result<Counts, StoreError> {
        if !self.leaves.is_empty() {
            raw_lines::write(conn, self.work.org, self.batch, &self.part.raw).await?;
        }
        let leaves = self.leaves.len() as u64;
        if self.work.kind == BatchKind::Release {
            self.counts = one_line(self.counts);
        }
        let batch = NewBatch {
            id: self.batch,
            source: self.source,
            import: self.work.import,
            kind: self.work.kind,
            counts: self.counts,
            leaves,
            committed_at: self.work.now,
            root: chain::root(&mut self.leaves),
        };
        batches::write(conn, self.work.org, self.state, &batch).await?;
        if let Some(moments) = self.moments {
            let places = (self.first_seq, EventSeq::from_row(self.state.next_seq - 1));
            let span = BatchSpan { batch: self.batch, source: self.source, import: self.work.import, places, moments };
            batch_spans::add(conn, self.work.org, &span).await?;
        }
        self.tally.end(self.work.measures, &self.part.source);
        Ok(self.counts)
    }
}

/// An event that is in the log already: its line is a duplicate.
fn count_known(counts: &mut Counts, lines: &mut Vec<(u32, LineReceipt)>, event: &PreparedEvent) {
    counts.received += 1;
    counts.duplicate += 1;
    lines.push((event.position, LineReceipt::plain(LineStatus::Duplicate)));
}

/// A released line was counted once when it was held, and is once more, whatever number of events it becomes.
const fn one_line(counts: Counts) -> Counts {
    let Counts { accepted, duplicate, quarantined, .. } = counts;
    match (accepted, duplicate, quarantined) {
        (0, 0, _) | (_, _, 1..) => counts,
        (0, _, _) => Counts { received: 1, accepted: 0, duplicate: 1, quarantined: 0 },
        (_, _, _) => Counts { received: 1, accepted: 1, duplicate: 0, quarantined: 0 },
    }
}

fn new_event(event: &PreparedEvent, item: ItemKey) -> NewEvent {
    NewEvent {
        line: event.line,
        key: event.key,
        item,
        name: event.name,
        at: event.at,
        at_latest: event.at_latest,
        received_at: event.received_at,
        certainty: event.certainty,
        content: event.content,
        body: event.body.clone(),
        counted: event.counted.clone(),
    }
}

/// Why the lines of an item are held that the fold cannot take.
pub(crate) fn unfoldable(item: &str) -> Held {
    let fault = Fault::whole(Reason::InternalFold, format!("the item `{item}` could not be folded"));
    Held::because(fault.hint("report this with the request id"))
}

/// A held line whose place in its file is not known any more.
pub(crate) fn placeless(held: &Held, mut raw: Vec<u8>) -> NewHeld {
    let raw_hash: Hash = Sha256::digest(&raw).into();
    let raw_bytes = raw.len() as u64;
    raw.truncate(RAW_BYTES_MAX);
    NewHeld { reason: held.reason, faults: faults_json(held), line: None, byte: None, raw, raw_bytes, raw_hash }
}

/// Why an event is held: another one, whose canonical line is given, counts under its id.
pub(crate) fn conflict(counts: &str) -> Held {
    let hash: Hash = Sha256::digest(counts.as_bytes()).into();
    let hex: String = hash.iter().take(8).map(|byte| format!("{byte:02x}")).collect();
    let detail = format!("another event with this id counts (content {hex}…)");
    Held::because(
        Fault::of("id", Reason::EventConflict, detail).hint("a correction is a new event with an id of its own"),
    )
}
