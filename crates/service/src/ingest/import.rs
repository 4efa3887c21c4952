//! How does a file become events? Read on all cores, written in one transaction: readers see nothing of it, then all,
//! and a process that is killed half-way leaves nothing behind.

use super::{
    apply::{Work, apply},
    bounds::{AtMost, LONG_ITEMS_SHOWN, quarantine_full},
    dictionary::Dictionary,
    group::{Failure, finish},
    import_reader::{Message, start},
    notes::Notes,
    plan::{Reading, SourcePlan},
    prepare::Terms,
    receipt::LineStatus,
    refold::refold,
    running::Entered,
    settings::{AllowedSources, ReceivedAt, checked_slug},
    snapshots::{self, Keeping},
};
use crate::{
    authorise::{Granted, proof},
    error::{Refusal, ServiceError},
    identity::record::Origin,
    limits::IMPORT_REASONS_SHOWN,
    services::Services,
};
use domain::{
    drill::DrillRecord,
    id::{ImportId, OrgId},
    time::Timestamp,
};
use formats::encoding::Encoding;
use std::{
    collections::{BTreeMap, BTreeSet},
    fs::File,
    io::Seek,
    sync::Arc,
};
use store::{
    Conn, StoreError,
    audit::{self, Act, Actor},
    batches::{BatchKind, Counts},
    chain::Hash,
    drills::{self, DrillFrom, Kept},
    imports::{self, Published},
    log_state, sources,
};

pub use super::spool::ImportInput;
use super::spool::{Fingerprint, fingerprint, unpacked};

/// What is decided about a file.
#[derive(Clone, Debug)]
pub struct ImportOptions {
    /// Its name, for people.
    pub name: String,
    /// The source of lines that name none.
    pub source: String,
    /// Sources a line may name.
    pub allowed: AllowedSources,
    /// Which moment counts as the one at which it was learnt.
    pub received_at: ReceivedAt,
    /// How it is written; recognised by its content where it is not said.
    pub encoding: Option<Encoding>,
    /// As which tool's export it is read; as that of its source where it is not said.
    pub plan: Option<SourcePlan>,
    /// Where the request came from, for the audit trail.
    pub origin: Origin,
}

/// How far an import has come.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Progress {
    /// Bytes of the file that are done.
    pub bytes: u64,
    /// What became of the lines so far.
    pub counts: Counts,
    /// Whether all lines are read and the facts are being folded.
    pub folding: bool,
}

/// Who wants to know how far it has come.
pub type OnProgress = Arc<dyn Fn(Progress) + Send + Sync>;

/// How an import ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImportSummary {
    /// Its number.
    pub id: ImportId,
    /// What became of its lines.
    pub counts: Counts,
    /// Blank lines: they are no records.
    pub ignored: u64,
    /// Items with new events.
    pub items: u64,
    /// The length of the file.
    pub bytes: u64,
    /// How many lines each reason held.
    pub reasons: BTreeMap<String, u64>,
    /// The first held lines.
    pub first_held: Vec<HeldShown>,
    /// The revision of the facts that shows it.
    pub revision: i64,
    /// The first import of the very same file, if it came before.
    pub same_as: Option<ImportId>,
    /// Items that have become very long by it, with their events: at most a hundred.
    pub long_items: BTreeMap<String, u64>,
    /// As what it was read, where it was the export of a tool.
    pub format: Option<&'static str>,
    /// What was noticed about it.
    pub notes: Notes,
}

/// A held line as a summary shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HeldShown {
    /// Its place in the file, counted from 1.
    pub record: u64,
    /// Why it is held.
    pub reason: String,
    /// What is wrong with it.
    pub detail: String,
    /// The number it is held under.
    pub quarantine_id: Option<i64>,
}

impl Services {
    /// Imports a file; returns once all of it can be seen and survives a power cut.
    ///
    /// # Errors
    /// [`ServiceError::Refused`] when the file cannot be read as a whole; nothing of it is stored then, as after any
    /// other error.
    pub async fn import(
        &self,
        granted: &Granted<proof::ImportsWrite>,
        input: ImportInput,
        options: ImportOptions,
        progress: OnProgress,
    ) -> Result<ImportSummary, ServiceError> {
        checked_slug(&options.source)?;
        let (services, org, actor) = (self.clone(), granted.org(), granted.caller().actor());
        // Spawned: an upload whose client goes away is published all the same.
        store::run(async move {
            services.store().refuse_without_room()?;
            let file = unpacked(input.into_file(services.data_dir()).await?, services.data_dir()).await?;
            let (file, print) = fingerprint(file).await?;
            let _entered = enter(&services, org, &options, &print)?;
            let reading = reading_of(&services, org, &file, &options).await?;
            let reading = snapshots::watch(&services, org, &options.source, reading).await?;
            let begun = begin(&services, org, actor, &options, print).await?;
            let imported = attempts(&services, org, begun, file, &options, &reading, &progress).await;
            if imported.is_err() {
                abandon(&services, org, begun.id).await?;
            }
            imported
        })
        .await
    }
}

/// Notes that this very file is being imported, until this is dropped.
fn enter(
    services: &Services,
    org: OrgId,
    options: &ImportOptions,
    print: &Fingerprint,
) -> Result<Entered<(OrgId, String, Hash)>, Refusal> {
    services.imports().enter((org, options.source.clone(), print.digest)).ok_or_else(|| {
        let detail = format!("this file is being imported already, for the source `{}`", options.source);
        Refusal::new("import_running", detail).hint("wait until that import has ended")
    })
}

/// As what the file is read: as it is said, else as its source is always read, else by its content.
async fn reading_of(
    services: &Services,
    org: OrgId,
    file: &File,
    options: &ImportOptions,
) -> Result<Reading, ServiceError> {
    if let Some(plan) = &options.plan {
        let (adapter, settings) = plan.checked()?;
        return Ok(Reading::Foreign(adapter, Box::new(settings)));
    }
    match services.saved_plan(org, &options.source).await?.filter(|_| options.encoding.is_none()) {
        Some(plan) => Reading::by_plan(&plan, file),
        None => Reading::of_file(file, options.encoding),
    }
}

/// An import that has a number and a row.
#[derive(Clone, Copy)]
struct Begun {
    actor: Actor,
    id: ImportId,
    print: Fingerprint,
    same_as: Option<ImportId>,
}

async fn begin(
    services: &Services,
    org: OrgId,
    actor: Actor,
    options: &ImportOptions,
    print: Fingerprint,
) -> Result<Begun, StoreError> {
    let mut tx = services.store().begin().await?;
    let mut state = log_state::lock(&mut tx.conn(), org).await?;
    if services.store().locked_directory().is_none() {
        // Other processes share the database, and one that was killed may have left its import behind.
        imports::interrupt_abandoned(&mut tx.conn(), org, services.now()).await?;
    }
    let source = sources::register(&mut tx.conn(), org, &options.source, services.now()).await?;
    let same_as = imports::first_of_file(&mut tx.conn(), org, source, &print.digest).await?;
    let id = ImportId::from_row(state.next_import);
    state.next_import += 1;
    imports::start(&mut tx.conn(), org, id, source, &options.name, services.now()).await?;
    log_state::save(&mut tx.conn(), org, &state).await?;
    tx.commit().await?;
    Ok(Begun { actor, id, print, same_as })
}

async fn abandon(services: &Services, org: OrgId, id: ImportId) -> Result<(), StoreError> {
    let mut tx = services.store().begin().await?;
    imports::interrupt(&mut tx.conn(), org, id, services.now()).await?;
    tx.commit().await
}

/// Where the fold panics over an item, the file is read once more with the lines of that item held.
async fn attempts(
    services: &Services,
    org: OrgId,
    begun: Begun,
    mut file: File,
    options: &ImportOptions,
    reading: &Reading,
    progress: &OnProgress,
) -> Result<ImportSummary, ServiceError> {
    let mut refused = BTreeSet::new();
    loop {
        let unreadable = |_| Refusal::new("unreadable_file", "the file cannot be read from its beginning");
        file.rewind().map_err(unreadable)?;
        let again = file.try_clone().map_err(unreadable)?;
        let run = Run { services, org, begun, options, reading, progress, refused: &refused };
        match run.import(again).await {
            Ok(summary) => {
                if let Err(error) = services.store().checkpoint_when_due().await {
                    tracing::warn!(%error, "the log file of SQLite could not be moved into the database");
                }
                return Ok(summary);
            }
            Err(Stop::Failed(error)) => {
                if let ServiceError::StorageUnavailable(fault) = &error {
                    services.store().note(fault);
                }
                return Err(error);
            }
            Err(Stop::Panicked(names)) => {
                let before = refused.len();
                refused.extend(names);
                if refused.len() == before {
                    return Err(ServiceError::Broken(StoreError::damaged("an item of the log cannot be folded")));
                }
            }
        }
    }
}

/// Why an attempt ended without an import.
enum Stop {
    Failed(ServiceError),
    Panicked(Vec<String>),
}

impl<E: Into<ServiceError>> From<E> for Stop {
    fn from(error: E) -> Self {
        Self::Failed(error.into())
    }
}

impl From<Failure> for Stop {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::Store(error) => Self::Failed(error.into()),
            Failure::Panicked(names) => Self::Panicked(names),
        }
    }
}

struct Run<'a> {
    services: &'a Services,
    org: OrgId,
    begun: Begun,
    options: &'a ImportOptions,
    reading: &'a Reading,
    progress: &'a OnProgress,
    refused: &'a BTreeSet<String>,
}

impl Run<'_> {
    async fn import(&self, file: File) -> Result<ImportSummary, Stop> {
        let mut tx = self.services.store().begin().await?;
        imports::hold(&mut tx.conn(), self.org, self.begun.id).await?;
        let mut state = log_state::lock(&mut tx.conn(), self.org).await?;
        let now = self.services.now().max(state.last_received_at);
        let merges_before = state.merges;
        let mut pieces = start(file, self.reading.clone(), self.terms(now));
        let (mut dictionary, mut touched, mut at_most) = (Dictionary::default(), BTreeSet::new(), AtMost::default());
        let mut summary = self.empty_summary();
        let ignored = loop {
            let mut piece = match pieces.recv().await {
                Some(Message::Piece(piece)) => piece,
                Some(Message::End(ignored)) => break ignored,
                Some(Message::Fault(error)) => return Err(Stop::Failed(error)),
                None => return Err(Stop::Failed(StoreError::Stopped.into())),
            };
            let prepared = piece.prepared().await?;
            let mut work = Work {
                org: self.org,
                now,
                import: Some(self.begun.id),
                kind: BatchKind::Import,
                dictionary: &mut dictionary,
                touched: &mut touched,
                refused: self.refused,
                at_most: &mut at_most,
                limits: self.services.ingest_limits(),
            };
            self.services.store().refuse_without_room()?;
            let receipt = apply(&mut tx.conn(), &mut state, &mut work, &prepared).await?;
            summary.add(&receipt);
            summary.notes.add(piece.notes);
            self.keep_drills(&mut tx.conn(), now, &piece.drills, &mut summary.notes).await?;
            if let Some(full) = quarantine_full(&state, &receipt, self.services.ingest_limits()) {
                return Err(Stop::Failed(full.into()));
            }
            (self.progress)(Progress { bytes: piece.bytes, counts: summary.counts, folding: false });
        };
        let print = self.begun.print;
        (self.progress)(Progress { bytes: print.bytes, counts: summary.counts, folding: true });
        state.last_received_at = now;
        let folded =
            refold(&mut tx.conn(), self.org, &mut state, &touched, merges_before, self.services.fold_item()).await;
        summary.ignored = ignored;
        summary.items = touched.len() as u64;
        summary.revision = state.revision.get();
        summary.notes.snapshot = snapshots::keep(&mut tx.conn(), self.reading, &self.keeping(now)).await?;
        imports::publish(&mut tx.conn(), self.org, self.begun.id, &self.published(&summary, now)?).await?;
        audit::append(&mut tx.conn(), self.org, &self.act(now, &summary)).await?;
        finish(tx, self.org, &state, folded).await?;
        Ok(summary)
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
        let source = sources::register(conn, self.org, &self.options.source, received_at).await?;
        let from = DrillFrom { source: Some(source), import: Some(self.begun.id), received_at };
        for drill in drills {
            match drills::keep(conn, self.org, drill, from).await? {
                Kept::New(_) => notes.drills_new += 1,
                Kept::Same(_) => notes.drills_known += 1,
            }
        }
        Ok(())
    }

    fn published(&self, summary: &ImportSummary, at: Timestamp) -> Result<Published, StoreError> {
        let broken = |_| StoreError::damaged("what was noticed about a file cannot be written");
        let Fingerprint { bytes, digest } = self.begun.print;
        Ok(Published {
            at,
            counts: summary.counts,
            items: summary.items,
            bytes,
            digest,
            plan: self.reading.plan_json().map_err(broken)?,
            notes: serde_json::to_string(&summary.notes).map_err(broken)?,
        })
    }

    fn keeping(&self, now: Timestamp) -> Keeping<'_> {
        let (import, actor) = (self.begun.id, self.begun.actor);
        Keeping { org: self.org, import, now, actor, origin: &self.options.origin }
    }

    fn act(&self, at: Timestamp, summary: &ImportSummary) -> Act {
        let (actor, id) = (self.begun.actor, self.begun.id.get().to_string());
        let act = self.options.origin.did(at, actor, "imports.publish", id);
        Act { detail: summary.counts.in_words(), ..act }
    }

    fn terms(&self, now: Timestamp) -> Terms {
        Terms {
            source: self.options.source.clone(),
            allowed: self.options.allowed.clone(),
            received_at: self.options.received_at,
            now,
        }
    }

    fn empty_summary(&self) -> ImportSummary {
        ImportSummary {
            id: self.begun.id,
            counts: Counts { received: 0, accepted: 0, duplicate: 0, quarantined: 0 },
            ignored: 0,
            items: 0,
            bytes: self.begun.print.bytes,
            reasons: BTreeMap::new(),
            first_held: Vec::new(),
            revision: 0,
            same_as: self.begun.same_as,
            long_items: BTreeMap::new(),
            format: self.reading.format(),
            notes: Notes::default(),
        }
    }
}

impl ImportSummary {
    fn add(&mut self, receipt: &super::receipt::Receipt) {
        for long in &receipt.long_items {
            if self.long_items.len() < LONG_ITEMS_SHOWN || self.long_items.contains_key(&long.item_id) {
                self.long_items.insert(long.item_id.clone(), long.events);
            }
        }
        let before = self.counts.received;
        self.counts = self.counts.plus(receipt.counts());
        for (record, line) in (before + 1..).zip(&receipt.lines) {
            if line.status != LineStatus::Quarantined {
                continue;
            }
            let reason = line.reason.clone().unwrap_or_default();
            if self.first_held.len() < IMPORT_REASONS_SHOWN {
                let first = line.faults.as_ref().and_then(|faults| faults.get(0)?.get("detail")?.as_str());
                let detail = first.unwrap_or_default().to_owned();
                self.first_held.push(HeldShown {
                    record,
                    reason: reason.clone(),
                    detail,
                    quarantine_id: line.quarantine_id,
                });
            }
            *self.reasons.entry(reason).or_default() += 1;
        }
    }
}
