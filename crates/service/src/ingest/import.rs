//! How does a file become events? Read on all cores, staged piece by piece, and published in one transaction: readers see
//! nothing of it, then all, and what a killed process left half-way goes on from where it stands.

use super::{
    absence::lapse,
    came_again::WaitingLines,
    clock_offsets::ClockOffsets,
    file_said::{FileSaid, reading_of},
    give_up::give_up,
    hold::is_read_so,
    kept_terms::in_words,
    known_pieces::KnownPieces,
    notes::Notes,
    plan::{Reading, SourcePlan},
    prepare::Terms,
    publish::publish,
    running::Entered,
    settings::{AllowedSources, ReceivedAt, checked_slug},
    snapshots,
    staging::{Done, Halt, Staging, halted},
    waiting::{Waiting, forget},
};
use crate::{
    authorise::{Granted, proof},
    error::{Refusal, ServiceError},
    identity::record::Origin,
    limits::IMPORT_REASONS_SHOWN,
    services::Services,
};
use domain::{
    id::{ImportId, OrgId},
    quarantine::Reason,
    time::Timestamp,
};
use formats::encoding::Encoding;
use std::{collections::BTreeMap, fs::File, io::Seek, sync::Arc};
use store::{
    ImportHold, StoreError,
    audit::Actor,
    batches::Counts,
    chain::Hash,
    held_of_import, import_measures,
    import_steps::{self, Wanted},
    imports::{self, ImportState, NewImport},
    log_state, quarantine, sources,
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
    /// What is said about this very file; it lies over the plan.
    pub said: FileSaid,
    /// Where the request came from, for the audit trail.
    pub origin: Origin,
}

/// How far an import has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// Its number.
    pub import: ImportId,
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
    /// Its line in the file, counted from 1.
    pub line: Option<u64>,
    /// Why it is held.
    pub reason: String,
    /// What is wrong with it.
    pub detail: String,
    /// The number it is held under.
    pub quarantine_id: Option<i64>,
}

impl Services {
    /// Imports a file; returns once all of it can be seen and survives a power cut. The same file whose import stopped
    /// half-way goes on from where that stands.
    ///
    /// # Errors
    /// [`ServiceError::Refused`] when the file cannot be read as a whole, or when somebody had it rest or gave it up;
    /// nothing of it can be seen then, as after any other error. [`ServiceError::NotAllowed`] for carried times from
    /// somebody who may not write sources.
    pub async fn import(
        &self,
        granted: &Granted<proof::ImportsWrite>,
        input: ImportInput,
        options: ImportOptions,
        progress: OnProgress,
    ) -> Result<ImportSummary, ServiceError> {
        checked_slug(&options.source)?;
        options.received_at.checked(granted)?;
        let (services, org, actor) = (self.clone(), granted.org(), granted.caller().actor());
        // Spawned: an upload whose client goes away is published all the same.
        store::run(async move {
            services.store().refuse_without_room()?;
            lapse(services.store(), org, services.now(), services.data_dir()).await?;
            let waiting = Waiting::of(input, services.data_dir()).await?;
            let place = waiting.place().to_owned();
            let begun = async {
                let (file, print) = opened(&services, &waiting).await?;
                let entered = enter(&services, org, &options.source, &print)?;
                let reading = reading_of(&services, org, &file, &options).await?;
                let reading = snapshots::watch(&services, org, &options.source, reading, services.now()).await?;
                let job = Job { services: &services, org, actor, options: &options, reading, waiting, print };
                let begun = job.begin().await?;
                Ok((job, begun, file, entered))
            };
            // What never began goes on nowhere, so its file is not kept.
            let begun: Result<_, ServiceError> = begun.await;
            let (job, begun, file, _entered) = begun.inspect_err(|_| forget(&place, services.data_dir()))?;
            job.run(begun, file, &progress).await
        })
        .await
    }
}

/// One import as it lies in the database.
pub(crate) async fn stored_import(
    services: &Services,
    org: OrgId,
    id: ImportId,
) -> Result<imports::StoredImport, ServiceError> {
    let mut reader = services.store().reader().await?;
    imports::by_id(&mut reader.conn(), org, id).await?.ok_or(ServiceError::NotFound)
}

/// The bytes of a file that waits, as they were before somebody packed it, and what tells them from any other.
pub(super) async fn opened(services: &Services, waiting: &Waiting) -> Result<(File, Fingerprint), ServiceError> {
    fingerprint(unpacked(waiting.file()?, services.data_dir()).await?).await
}

/// Notes that this very file is being imported, until this is dropped.
pub(super) fn enter(
    services: &Services,
    org: OrgId,
    source: &str,
    print: &Fingerprint,
) -> Result<Entered<(OrgId, String, Hash)>, Refusal> {
    services.imports().enter((org, source.to_owned(), print.digest)).ok_or_else(|| {
        let detail = format!("this file is being imported already, for the source `{source}`");
        Refusal::new("import_running", detail).hint("wait until that import has ended")
    })
}

/// What decides about its lines.
pub(super) fn terms_of(services: &Services, options: &ImportOptions) -> Terms {
    Terms {
        allowed: options.allowed.clone(),
        received_at: options.received_at,
        ..Terms::stamped(options.source.clone(), services.now())
    }
}

/// An import that has a number and a row, and is under way.
pub(super) struct Begun {
    id: ImportId,
    same_as: Option<ImportId>,
    began_at: Timestamp,
    done: Done,
    /// Other processes can tell by it that this one is at work.
    _hold: ImportHold,
}

/// A file on its way into the log.
pub(super) struct Job<'a> {
    pub(super) services: &'a Services,
    pub(super) org: OrgId,
    pub(super) actor: Actor,
    pub(super) options: &'a ImportOptions,
    pub(super) reading: Reading,
    pub(super) waiting: Waiting,
    pub(super) print: Fingerprint,
}

impl Job<'_> {
    /// Begins, or goes on with an import of the very same file that stopped half-way.
    async fn begin(&self) -> Result<Begun, ServiceError> {
        let (services, org) = (self.services, self.org);
        let (plan, terms) = self.in_words()?;
        let mut hold = services.store().import_hold().await?;
        let mut tx = services.store().begin().await?;
        let mut state = log_state::lock(&mut tx.conn(), org).await?;
        if services.store().locked_directory().is_none() {
            // Other processes share the database, and one that was killed may have left its import behind.
            imports::interrupt_abandoned(&mut tx.conn(), org, services.now()).await?;
        }
        let source = sources::register(&mut tx.conn(), org, &self.options.source, services.now()).await?;
        let same_as = imports::first_of_file(&mut tx.conn(), org, source, &self.print.digest).await?;
        let resting = imports::resting_of_file(&mut tx.conn(), org, source, &self.print.digest).await?;
        let before = match resting {
            Some(before) if is_read_so(&before, &plan, &terms)? => Some(before),
            Some(_) | None => self.meets_held(&mut tx.conn(), source, (&plan, &terms)).await?,
        };
        if let Some(before) = before {
            tx.commit().await?;
            drop(hold);
            return self.go_on(&before).await;
        }
        let began_at = services.now();
        let id = ImportId::from_row(state.next_import);
        state.next_import += 1;
        let new = NewImport {
            id,
            source,
            name: &self.options.name,
            bytes: self.print.bytes,
            digest: &self.print.digest,
            at: began_at,
            plan: &plan,
            spool: self.waiting.place(),
            terms: &terms,
        };
        imports::start(&mut tx.conn(), org, &new).await?;
        log_state::save(&mut tx.conn(), org, &state).await?;
        if !hold.take(org, id).await? {
            return Err(running(id).into());
        }
        tx.commit().await?;
        Ok(Begun { id, same_as, began_at, done: Done::default(), _hold: hold })
    }

    /// Goes on with an import that stopped half-way.
    pub(super) async fn go_on(&self, stored: &imports::StoredImport) -> Result<Begun, ServiceError> {
        let (services, org, id) = (self.services, self.org, stored.id);
        let mut hold = services.store().import_hold().await?;
        if !hold.take(org, id).await? {
            return Err(running(id).into());
        }
        let mut tx = services.store().begin().await?;
        if stored.state == ImportState::Running {
            // Nobody holds it: its process was killed a moment ago.
            import_steps::stop(&mut tx.conn(), org, id, ImportState::Interrupted, services.now()).await?;
        }
        if !import_steps::go_on(&mut tx.conn(), org, id, self.waiting.place()).await? {
            return Err(running(id).into());
        }
        let kept = import_measures::of_import(&mut tx.conn(), org, id).await?;
        tx.commit().await?;
        if stored.spool != self.waiting.place() {
            forget(&stored.spool, services.data_dir());
        }
        let done = Done::of_stored(stored, &kept.measures)?;
        if let Reading::Snapshot(_, _, watch) = &self.reading {
            watch.goes_on(&done.notes, done.records);
        }
        Ok(Begun { id, same_as: None, began_at: stored.started_at, done, _hold: hold })
    }

    fn in_words(&self) -> Result<(String, String), StoreError> {
        in_words(&self.reading, self.options)
    }

    /// Reads and publishes it; where that fails, it rests.
    pub(super) async fn run(
        &self,
        begun: Begun,
        mut file: File,
        progress: &OnProgress,
    ) -> Result<ImportSummary, ServiceError> {
        if file.rewind().is_err() {
            let refusal = Refusal::new("file_gone", "the file cannot be read from its beginning");
            return Err(self.rest(begun.id, Halt::Failed(refusal.into())).await);
        }
        let (known, waiting, clocks) = match self.known(begun.began_at).await {
            Ok(known) => known,
            Err(error) => return Err(self.rest(begun.id, Halt::Failed(error)).await),
        };
        let reading = self.reading.known_by(begun.began_at);
        let staging = Staging {
            services: self.services,
            org: self.org,
            actor: self.actor,
            origin: &self.options.origin,
            id: begun.id,
            reading: &reading,
            terms: Terms { waiting: Arc::new(waiting), clocks, ..terms_of(self.services, self.options) },
            known,
            progress,
        };
        let done = match staging.read(file, begun.done).await {
            Ok(done) => done,
            Err(halt) => return Err(self.rest(begun.id, halt).await),
        };
        progress(Progress { import: begun.id, bytes: self.print.bytes, counts: done.counts, folding: true });
        let published = match publish(&staging, &done).await {
            Ok(published) => published,
            Err(error) => return Err(self.rest(begun.id, Halt::Failed(error)).await),
        };
        if let Err(error) = self.services.store().checkpoint_when_due().await {
            tracing::warn!(%error, "the log file of SQLite could not be moved into the database");
        }
        self.waiting.forget(self.services.data_dir());
        let (reasons, first_held) = self.held(begun.id).await?;
        Ok(ImportSummary {
            id: begun.id,
            counts: published.counts,
            ignored: done.ignored,
            items: published.items,
            bytes: self.print.bytes,
            reasons,
            first_held,
            revision: published.revision,
            same_as: begun.same_as,
            long_items: done.long_items,
            format: self.reading.format(),
            notes: published.notes,
        })
    }

    /// What earlier files of the source make known of this one, which of their lines wait, and what is subtracted from times: a
    /// file that goes on is read as it was begun.
    async fn known(&self, began_at: Timestamp) -> Result<(KnownPieces, WaitingLines, Arc<ClockOffsets>), ServiceError> {
        let (plan, terms) = self.in_words()?;
        let known = KnownPieces::of_source(self.services, self.org, &self.options.source, &[&plan, &terms]).await?;
        let mut reader = self.services.store().reader().await?;
        let waiting = WaitingLines::of_source(&mut reader.conn(), self.org, &self.options.source).await?;
        let clocks = ClockOffsets::at(&mut reader.conn(), self.org, began_at).await?;
        Ok((known, waiting, clocks))
    }

    /// Says in the database why the import stopped; gives what its sender hears.
    async fn rest(&self, id: ImportId, halt: Halt) -> ServiceError {
        if let Some(asked) = self.asked(&halt) {
            return self.hold(id, asked).await;
        }
        self.stop(id, halt).await
    }

    /// The same where there is nothing to decide, or cannot be.
    pub(super) async fn stop(&self, id: ImportId, halt: Halt) -> ServiceError {
        let state = match &halt {
            Halt::Failed(_) => ImportState::Failed,
            Halt::Paused => ImportState::Paused,
            Halt::Cancelled => ImportState::Cancelled,
        };
        if let Halt::Failed(ServiceError::StorageUnavailable(fault)) = &halt {
            self.services.store().note(fault);
        }
        let state = self.write_rest(id, state).await.unwrap_or_else(|error| {
            tracing::warn!(%error, import = id.get(), "that an import stopped could not be written; it is found as interrupted");
            state
        });
        if state != ImportState::Cancelled {
            return halted(halt, id);
        }
        self.waiting.forget(self.services.data_dir());
        match halt {
            Halt::Paused | Halt::Cancelled => halted(Halt::Cancelled, id),
            Halt::Failed(_) => halted(halt, id),
        }
    }

    /// Says in which state it rests: whoever gave it up in the same moment is heard.
    async fn write_rest(&self, id: ImportId, state: ImportState) -> Result<ImportState, StoreError> {
        let (org, now) = (self.org, self.services.now());
        let mut tx = self.services.store().begin().await?;
        let is_given_up = import_steps::wanted(&mut tx.conn(), org, id).await? == Wanted::Cancel;
        let state = if is_given_up { ImportState::Cancelled } else { state };
        if state == ImportState::Cancelled {
            give_up(&mut tx.conn(), org, id, now).await?;
        } else {
            import_steps::stop(&mut tx.conn(), org, id, state, now).await?;
        }
        tx.commit().await?;
        Ok(state)
    }

    /// What each reason held, and the first held lines.
    async fn held(&self, id: ImportId) -> Result<(BTreeMap<String, u64>, Vec<HeldShown>), ServiceError> {
        let mut reader = self.services.store().reader().await?;
        let reasons = held_of_import::reasons_of_import(&mut reader.conn(), self.org, id).await?;
        let shown = u32::try_from(IMPORT_REASONS_SHOWN).unwrap_or(u32::MAX);
        let first = quarantine::first_of_import(&mut reader.conn(), self.org, id, shown).await?;
        Ok((reasons.into_iter().collect(), first.iter().map(HeldShown::of).collect()))
    }
}

fn running(id: ImportId) -> Refusal {
    Refusal::new("import_running", format!("import {} is under way", id.get())).hint("wait until it has ended")
}

impl HeldShown {
    fn of(held: &quarantine::HeldLine) -> Self {
        Self::because(held.reason, &held.faults, held.line, Some(held.id.get()))
    }

    /// A line that would be held.
    pub(super) fn of_new(held: &quarantine::NewHeld) -> Self {
        Self::because(held.reason, &held.faults, held.line, None)
    }

    fn because(reason: Reason, faults: &str, line: Option<u64>, quarantine_id: Option<i64>) -> Self {
        let faults: serde_json::Value = serde_json::from_str(faults).unwrap_or_default();
        let detail = faults.get(0).and_then(|first| first.get("detail")).and_then(serde_json::Value::as_str);
        let detail = detail.unwrap_or_default().to_owned();
        Self { line, reason: reason.as_str().to_owned(), detail, quarantine_id }
    }
}
