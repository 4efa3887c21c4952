//! How does a file get into the log? Piece by piece, each durable when it is written and none of them seen, so that an import
//! can rest, go on after a crash, and keeps no other writer waiting.

use super::{
    apply::apply,
    bounds::{AtMost, LONG_ITEMS_SHOWN, quarantine_full},
    came_again::{self, CameWhole},
    dictionary::Dictionary,
    import::{OnProgress, Progress},
    import_reader::{Contained, Message, Piece, Start, start},
    known_pieces::KnownPieces,
    measures::Measures,
    notes::Notes,
    plan::Reading,
    prepare::{Prepared, Terms},
    receipt::{LineStatus, Receipt},
    recent_keys::RecentKeys,
    settings::ReceivedAt,
    snapshots::Keeping,
    spool::spool_folder,
    staged_order::{InOrder, StagedOrder},
    touched::Touched,
    work::{Staged, Work},
};
use crate::{
    error::{Refusal, ServiceError},
    identity::record::Origin,
    services::Services,
};
use domain::{
    drill::DrillRecord,
    id::{ImportId, OrgId, QuarantineId},
    time::Timestamp,
};
use std::{
    collections::{BTreeMap, BTreeSet},
    fs::File,
    sync::Arc,
};
use store::{
    Conn, StoreError,
    audit::Actor,
    batches::{self, BatchKind, Counts, NewBatch},
    drills::{self, DrillFrom, Kept},
    held_again,
    held_forms::HeldForm,
    import_parts,
    import_steps::{self, Checkpoint, Wanted},
    known_pieces::{self, Print},
    log_state::{self, LogState},
    sources,
};

/// An import that is being read.
pub(crate) struct Staging<'a> {
    pub(crate) services: &'a Services,
    pub(crate) org: OrgId,
    pub(crate) actor: Actor,
    pub(crate) origin: &'a Origin,
    pub(crate) id: ImportId,
    pub(crate) reading: &'a Reading,
    pub(crate) terms: Terms,
    pub(crate) known: KnownPieces,
    pub(crate) progress: &'a OnProgress,
}

/// How far an import has come.
#[derive(Clone, Debug, Default)]
pub(crate) struct Done {
    pub(crate) records: u64,
    pub(crate) bytes: u64,
    pub(crate) counts: Counts,
    pub(crate) notes: Notes,
    /// What the times of its events say.
    pub(crate) measures: Measures,
    /// Blank lines: they are no records.
    pub(crate) ignored: u64,
    pub(crate) long_items: BTreeMap<String, u64>,
    /// How its records are written, once all of them are read.
    pub(crate) form: Option<Arc<HeldForm>>,
    /// What is known of its events, where this process has staged all of them.
    pub(crate) whole: Option<Whole>,
}

/// What is known of all events of an import without asking the database.
#[derive(Clone, Debug)]
pub(crate) struct Whole {
    /// Their items.
    pub(crate) touched: Touched,
    pub(crate) order: InOrder,
}

/// Why an import stopped before its end.
pub(crate) enum Halt {
    Failed(ServiceError),
    /// Somebody wanted it to rest.
    Paused,
    /// Somebody gave it up.
    Cancelled,
}

impl<E: Into<ServiceError>> From<E> for Halt {
    fn from(error: E) -> Self {
        Self::Failed(error.into())
    }
}

/// What one process remembers of an import while it reads.
#[derive(Default)]
struct Memory {
    /// Nothing where another process has staged a part: the database then sorts.
    order: Option<StagedOrder>,
    dictionary: Dictionary,
    at_most: AtMost,
    recent: RecentKeys,
    touched: Touched,
    /// What came whole for which lines wait.
    arrived: CameWhole,
}

impl Staging<'_> {
    /// Since when the events of this import are known to readers: what is stamped on arrival, since they can see it.
    pub(crate) const fn known_since(&self, now: Timestamp) -> Timestamp {
        match self.terms.received_at {
            ReceivedAt::Stamped => now,
            ReceivedAt::Carried | ReceivedAt::Assumed => Timestamp::from_seconds(0),
        }
    }

    /// Who imports what, for what is kept with a snapshot.
    pub(crate) const fn keeping(&self, now: Timestamp) -> Keeping<'_> {
        Keeping { org: self.org, import: self.id, now, actor: self.actor, origin: self.origin }
    }

    /// Reads the file to its end from where it stands.
    pub(crate) async fn read(&self, file: File, mut done: Done) -> Result<Done, Halt> {
        let (known, clock) = (self.known.clone(), self.services.clock());
        let from = Start { records: done.records, lines: done.counts.received, known, clock };
        let mut pieces = start(file, self.reading.clone(), self.terms.clone(), from)?;
        let is_new = done.records == 0;
        let order = is_new.then(|| StagedOrder::new(spool_folder(self.services.data_dir()))).transpose()?;
        let mut memory = Memory { order, ..Memory::default() };
        loop {
            let (piece, content) = match pieces.recv().await {
                Some(Message::Piece(piece, content)) => (piece, content),
                Some(Message::End(ignored, form)) => {
                    (done.ignored, done.form) = (ignored, form);
                    let touched = memory.touched;
                    done.whole = memory.order.map(|order| Whole { touched, order: order.finish() });
                    return Ok(done);
                }
                Some(Message::Fault(error)) => return Err(Halt::Failed(error)),
                None => return Err(StoreError::Stopped.into()),
            };
            let wanted = self.write(piece, content.read().await?, &mut memory, &mut done).await?;
            (self.progress)(Progress { import: self.id, bytes: done.bytes, counts: done.counts, folding: false });
            if let Err(error) = self.services.store().checkpoint_when_due().await {
                tracing::warn!(%error, "the log file of SQLite could not be moved into the database");
            }
            match wanted {
                Wanted::Go => {}
                Wanted::Pause => return Err(Halt::Paused),
                Wanted::Cancel => return Err(Halt::Cancelled),
            }
        }
    }

    /// Writes one piece in a transaction of its own, with how far the import has come by it.
    async fn write(
        &self,
        piece: Piece,
        contained: Contained,
        memory: &mut Memory,
        done: &mut Done,
    ) -> Result<Wanted, Halt> {
        self.services.store().refuse_without_room()?;
        // Nobody has been told of it: it is flushed when the import is published.
        let mut tx = self.services.store().begin_unflushed().await?;
        let mut state = log_state::lock(&mut tx.conn(), self.org).await?;
        let now = self.services.now().max(state.last_received_at);
        let is_known = matches!(contained, Contained::Known(_)) && self.is_known(&mut tx.conn(), piece.print).await?;
        let receipt = match contained {
            Contained::Known(known) if is_known => self.pass(&mut tx.conn(), &mut state, now, known.lines).await?,
            Contained::Known(known) => {
                let prepared = known.read().await?;
                self.add(&mut tx.conn(), &mut state, now, prepared, memory, &mut done.measures).await?
            }
            Contained::Records(prepared) => {
                let is_own = prepared.parts.iter().all(|part| part.source == self.terms.source);
                let receipt = self.add(&mut tx.conn(), &mut state, now, prepared, memory, &mut done.measures).await?;
                // A known piece is counted for one source, and nobody has to look at its lines again.
                let is_plain = is_own && receipt.lines.iter().all(|line| line.reason.is_none());
                if let Some(print) = piece.print.filter(|_| is_plain) {
                    known_pieces::note(&mut tx.conn(), self.org, self.id, &print).await?;
                }
                receipt
            }
        };
        done.take(&piece, &receipt);
        if let Reading::Snapshot(_, _, watch) = self.reading {
            done.notes.held_beside = Some(watch.beside());
        }
        if let Some(full) = quarantine_full(&state, &receipt, done.counts.quarantined, self.services.ingest_limits()) {
            return Err(Halt::Failed(full.into()));
        }
        self.keep_drills(&mut tx.conn(), now, &piece.drills, &mut done.notes).await?;
        let wanted = import_steps::stage(&mut tx.conn(), self.org, self.id, &done.checkpoint()?).await?;
        state.last_received_at = now;
        log_state::save(&mut tx.conn(), self.org, &state).await?;
        tx.commit().await?;
        memory.dictionary.commit();
        Ok(wanted)
    }

    /// Whether a piece is still known: since the file was opened, some of its events may have come to count no more.
    async fn is_known(&self, conn: &mut Conn<'_>, print: Option<Print>) -> Result<bool, StoreError> {
        match print {
            Some(print) => known_pieces::is_known(conn, self.org, &self.terms.source, &print).await,
            None => Ok(false),
        }
    }

    /// Adds records to the log, where nobody sees them yet.
    async fn add(
        &self,
        conn: &mut Conn<'_>,
        state: &mut LogState,
        now: Timestamp,
        mut prepared: Prepared,
        memory: &mut Memory,
        measures: &mut Measures,
    ) -> Result<Receipt, StoreError> {
        let first_seq = state.next_seq;
        prepared.receive_not_before(state.last_received_at);
        let mut work = Work {
            org: self.org,
            now,
            import: Some(self.id),
            kind: BatchKind::Import,
            dictionary: &mut memory.dictionary,
            touched: &mut memory.touched,
            refused: &BTreeSet::new(),
            at_most: &mut memory.at_most,
            limits: self.services.ingest_limits(),
            measures,
            staging: Some(Staged { recent: &mut memory.recent, order: memory.order.as_mut() }),
        };
        came_again::mark(conn, (self.org, now), &self.terms.source, self.id, &prepared.came_again).await?;
        let receipt = apply(conn, state, &mut work, &prepared).await?;
        // Only now is it known of which records something is held.
        let arrived: Vec<_> = prepared.arrived.iter().filter(|one| !one.is_held(&receipt.lines)).copied().collect();
        memory.arrived.add(&arrived);
        let whole = self.terms.waiting.whole(&arrived, &memory.arrived);
        came_again::mark_lines(conn, self.org, self.id, &whole).await?;
        if !prepared.came_again.is_empty() {
            self.unmark_held(conn, &receipt).await?;
        }
        if state.next_seq > first_seq {
            import_parts::add(conn, self.org, self.id, first_seq, state.next_seq - 1).await?;
        }
        // Thousands of lines: the writer need not wait until the memory of each is given back.
        tokio::task::spawn_blocking(move || drop(prepared));
        Ok(receipt)
    }

    /// A line that is held again, and was held before, did not become events in this file either.
    async fn unmark_held(&self, conn: &mut Conn<'_>, receipt: &Receipt) -> Result<(), StoreError> {
        let known = receipt.lines.iter().filter(|line| line.status == LineStatus::Duplicate);
        for id in known.filter_map(|line| line.quarantine_id) {
            held_again::unmark(conn, self.org, QuarantineId::from_row(id), self.id).await?;
        }
        Ok(())
    }

    /// Counts records of which each is known to be a duplicate.
    async fn pass(
        &self,
        conn: &mut Conn<'_>,
        state: &mut LogState,
        now: Timestamp,
        lines: u64,
    ) -> Result<Receipt, StoreError> {
        let source = sources::register(conn, self.org, &self.terms.source, now).await?;
        let batch = NewBatch {
            counts: Counts { received: lines, duplicate: lines, ..Counts::default() },
            ..NewBatch::without_events(state, source, self.id, BatchKind::Import, now)
        };
        batches::write(conn, self.org, state, &batch).await?;
        let mut receipt = Receipt::default();
        receipt.count(batch.counts);
        Ok(receipt)
    }

    /// Keeps the records of drills that came between the events, each as the next version of its drill.
    async fn keep_drills(
        &self,
        conn: &mut Conn<'_>,
        received_at: Timestamp,
        drills: &[DrillRecord],
        notes: &mut Notes,
    ) -> Result<(), StoreError> {
        if drills.is_empty() {
            return Ok(());
        }
        let source = sources::register(conn, self.org, &self.terms.source, received_at).await?;
        let from = DrillFrom { source: Some(source), import: Some(self.id), received_at };
        for drill in drills {
            match drills::keep(conn, self.org, drill, from).await? {
                Kept::New(_) => notes.drills_new += 1,
                Kept::Same(_) => notes.drills_known += 1,
            }
        }
        Ok(())
    }
}

impl Done {
    /// How far an import had come when it stopped.
    pub(crate) fn of_stored(import: &store::imports::StoredImport, measures: &str) -> Result<Self, StoreError> {
        let notes = Notes::stored(&import.notes)?;
        let measures = Measures::stored(measures)?.unwrap_or_default();
        let counts = import.counts;
        Ok(Self { records: import.records, bytes: import.bytes_read, counts, notes, measures, ..Self::default() })
    }

    fn take(&mut self, piece: &Piece, receipt: &Receipt) {
        (self.records, self.bytes) = (piece.records, piece.bytes);
        self.counts = self.counts.plus(receipt.counts());
        self.notes.add(piece.notes.clone());
        for long in &receipt.long_items {
            if self.long_items.len() < LONG_ITEMS_SHOWN || self.long_items.contains_key(&long.item_id) {
                self.long_items.insert(long.item_id.clone(), long.events);
            }
        }
    }

    pub(crate) fn checkpoint(&self) -> Result<Checkpoint, StoreError> {
        let notes = self.notes.to_stored()?;
        let (records, bytes, counts) = (self.records, self.bytes, self.counts);
        Ok(Checkpoint { records, bytes, counts, notes, measures: self.measures.to_stored()? })
    }
}

/// What somebody hears who waits for an import that stopped.
pub(crate) fn halted(halt: Halt, id: ImportId) -> ServiceError {
    match halt {
        Halt::Failed(error) => error,
        Halt::Paused => {
            let detail = format!("import {} rests", id.get());
            Refusal::new("import_paused", detail).hint("resume it when you like; nothing of it is lost").into()
        }
        Halt::Cancelled => Refusal::new("import_cancelled", format!("import {} was given up", id.get())).into(),
    }
}
