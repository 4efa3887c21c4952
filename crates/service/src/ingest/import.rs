//! How does a file become events? Read on all cores, written in one transaction: readers see nothing of it, then all,
//! and a process that is killed half-way leaves nothing behind.

use super::{
    apply::{Work, apply},
    dictionary::Dictionary,
    group::{Failure, finish},
    import_reader::{Ending, Message, piece, start},
    prepare::Terms,
    receipt::LineStatus,
    refold::refold,
    settings::{AllowedSources, ReceivedAt, checked_slug},
};
use crate::{
    authorise::{Granted, proof},
    error::{Refusal, ServiceError},
    limits::IMPORT_REASONS_SHOWN,
    services::Services,
};
use domain::{
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
    StoreError,
    batches::{BatchKind, Counts},
    imports::{self, Published},
    log_state, sources,
};

pub use super::spool::ImportInput;

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
        let (services, org) = (self.clone(), granted.org());
        // Spawned: an upload whose client goes away is published all the same.
        store::run(async move {
            services.store().refuse_without_room()?;
            let file = input.into_file(services.data_dir()).await?;
            let id = begin(&services, org, &options).await?;
            let imported = attempts(&services, org, id, file, &options, &progress).await;
            if imported.is_err() {
                abandon(&services, org, id).await?;
            }
            imported
        })
        .await
    }
}

async fn begin(services: &Services, org: OrgId, options: &ImportOptions) -> Result<ImportId, StoreError> {
    let mut tx = services.store().begin().await?;
    let mut state = log_state::lock(&mut tx.conn(), org).await?;
    if services.store().locked_directory().is_none() {
        // Other processes share the database, and one that was killed may have left its import behind.
        imports::interrupt_abandoned(&mut tx.conn(), org, services.now()).await?;
    }
    let source = sources::register(&mut tx.conn(), org, &options.source, services.now()).await?;
    let id = ImportId::from_row(state.next_import);
    state.next_import += 1;
    imports::start(&mut tx.conn(), org, id, source, &options.name, services.now()).await?;
    log_state::save(&mut tx.conn(), org, &state).await?;
    tx.commit().await?;
    Ok(id)
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
    id: ImportId,
    mut file: File,
    options: &ImportOptions,
    progress: &OnProgress,
) -> Result<ImportSummary, ServiceError> {
    let mut refused = BTreeSet::new();
    loop {
        let unreadable = |_| Refusal::new("unreadable_file", "the file cannot be read from its beginning");
        file.rewind().map_err(unreadable)?;
        let again = file.try_clone().map_err(unreadable)?;
        let run = Run { services, org, id, options, progress, refused: &refused };
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
    id: ImportId,
    options: &'a ImportOptions,
    progress: &'a OnProgress,
    refused: &'a BTreeSet<String>,
}

impl Run<'_> {
    async fn import(&self, file: File) -> Result<ImportSummary, Stop> {
        let mut tx = self.services.store().begin().await?;
        imports::hold(&mut tx.conn(), self.org, self.id).await?;
        let mut state = log_state::lock(&mut tx.conn(), self.org).await?;
        let now = self.services.now().max(state.last_received_at);
        let merges_before = state.merges;
        let mut pieces = start(file, self.options.encoding, self.terms(now));
        let (mut dictionary, mut touched) = (Dictionary::default(), BTreeSet::new());
        let mut summary = self.empty_summary();
        let ending = loop {
            let (prepared, bytes) = match pieces.recv().await {
                Some(Message::Piece(answer, bytes)) => (piece(answer).await?, bytes),
                Some(Message::End(ending)) => break ending,
                Some(Message::Fault(error)) => return Err(Stop::Failed(error)),
                None => return Err(Stop::Failed(StoreError::Stopped.into())),
            };
            let mut work = Work {
                org: self.org,
                now,
                import: Some(self.id),
                kind: BatchKind::Import,
                dictionary: &mut dictionary,
                touched: &mut touched,
                refused: self.refused,
            };
            self.services.store().refuse_without_room()?;
            let receipt = apply(&mut tx.conn(), &mut state, &mut work, &prepared).await?;
            summary.add(&receipt);
            (self.progress)(Progress { bytes, counts: summary.counts, folding: false });
        };
        (self.progress)(Progress { bytes: ending.bytes, counts: summary.counts, folding: true });
        state.last_received_at = now;
        let folded =
            refold(&mut tx.conn(), self.org, &mut state, &touched, merges_before, self.services.fold_item()).await;
        summary.end(&ending, touched.len(), state.revision.get());
        imports::publish(&mut tx.conn(), self.org, self.id, &published(&summary, &ending, now)).await?;
        finish(tx, self.org, &state, folded).await?;
        Ok(summary)
    }

    fn terms(&self, now: Timestamp) -> Terms {
        Terms {
            source: self.options.source.clone(),
            allowed: self.options.allowed.clone(),
            received_at: self.options.received_at,
            now,
        }
    }

    const fn empty_summary(&self) -> ImportSummary {
        ImportSummary {
            id: self.id,
            counts: Counts { received: 0, accepted: 0, duplicate: 0, quarantined: 0 },
            ignored: 0,
            items: 0,
            bytes: 0,
            reasons: BTreeMap::new(),
            first_held: Vec::new(),
            revision: 0,
        }
    }
}

const fn published(summary: &ImportSummary, ending: &Ending, now: Timestamp) -> Published {
    Published { at: now, counts: summary.counts, items: summary.items, bytes: ending.bytes, digest: ending.digest }
}

impl ImportSummary {
    fn add(&mut self, receipt: &super::receipt::Receipt) {
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

    fn end(&mut self, ending: &Ending, items: usize, revision: i64) {
        self.ignored = ending.ignored;
        self.bytes = ending.bytes;
        self.items = items as u64;
        self.revision = revision;
    }
}
