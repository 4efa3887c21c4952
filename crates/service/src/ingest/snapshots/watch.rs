//! Against what is the next file of a source held? Against the newest published snapshot, if its files are snapshots at all.

use super::notes::SnapshotNotes;
use crate::{
    error::ServiceError,
    ingest::{
        absence::MassAbsence,
        notes::Notes,
        plan::Reading,
        send::refusal_of,
        spool::{nameless, spool_folder},
    },
    services::Services,
};
use domain::{id::OrgId, time::Timestamp};
use formats::{
    file_fault::FileFault,
    foreign::{Rule, snapshot::SnapshotSettings},
};
use std::{
    collections::BTreeMap,
    fs::File,
    io::{self, Write},
    path::PathBuf,
    sync::{
        Arc, Mutex, OnceLock, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
};
use store::{
    StoreError,
    snapshots::{self, KeptSnapshot},
};

/// What is needed while a file is read that is a snapshot, and what was concluded when it is read.
#[derive(Debug)]
pub(crate) struct Watch {
    pub(super) source: String,
    pub(super) settings: SnapshotSettings,
    /// Whether a person said that its files are snapshots: then a file without a moment is refused.
    pub(super) is_said: bool,
    pub(super) statuses: BTreeMap<String, String>,
    /// The rule that a return meets, where the tool takes the end out of its own record.
    pub(super) takes_back: Option<Rule>,
    /// Who scans, where the format is that of one scanner.
    pub(super) scanner: Option<&'static str>,
    pub(super) now: Timestamp,
    /// How far the clock of the source is known to be ahead.
    pub(super) ahead: i64,
    /// Whether a person said when the file was taken: by our own clock.
    pub(super) is_moment_said: bool,
    pub(super) folder: PathBuf,
    pub(super) earlier: Option<Earlier>,
    /// Whether a person took it that too much is gone: said with the file, or decided beside the very snapshot before.
    mass_absence_taken: AtomicBool,
    /// How many records of an import that goes on were staged, and beside which snapshot, where that is kept.
    staged: OnceLock<(u64, i64)>,
    concluded: Mutex<Option<Concluded>>,
    asked: Mutex<Option<MassAbsence>>,
}

/// The snapshot before.
#[derive(Debug)]
pub(super) struct Earlier {
    pub(super) kept: KeptSnapshot,
    /// What it left behind, a line an item.
    pub(super) file: File,
}

/// What was concluded from a file.
#[derive(Debug)]
pub(super) struct Concluded {
    pub(super) notes: SnapshotNotes,
    /// What the next one is held against; nothing where nothing was concluded.
    pub(super) left: Option<Left>,
}

/// What a snapshot leaves behind.
#[derive(Debug)]
pub(super) struct Left {
    pub(super) taken_at: Timestamp,
    pub(super) since: Option<Timestamp>,
    pub(super) items: u64,
    pub(super) file: File,
}

impl Watch {
    /// Takes up what was decided about an import that goes on, and beside what it was held before it stopped.
    pub(crate) fn goes_on(&self, notes: &Notes, records: u64) {
        if let Some(absence) = notes.mass_absence.as_deref().filter(|absence| absence.is_taken()) {
            let is_the_same = absence.against.unwrap_or_default() == self.beside();
            self.mass_absence_taken.store(is_the_same, Ordering::Release);
        }
        if let Some(beside) = notes.held_beside {
            // Told once: an import goes on once in a process.
            self.staged.get_or_init(|| (records, beside));
        }
    }

    /// The import of the snapshot before; 0 where there is none.
    pub(crate) fn beside(&self) -> i64 {
        self.earlier.as_ref().map_or(0, |earlier| earlier.kept.import.get())
    }

    /// Whether more than the rows was staged of an import that goes on, and that is held beside another snapshot: a part of one
    /// difference is no part of another.
    pub(super) fn is_staged_beside_another(&self, rows: u64) -> bool {
        self.staged.get().is_some_and(|(records, beside)| *records > rows && *beside != self.beside())
    }

    pub(super) fn is_mass_absence_taken(&self) -> bool {
        self.mass_absence_taken.load(Ordering::Acquire)
    }

    pub(super) fn conclude(&self, concluded: Concluded) {
        *self.concluded.lock().unwrap_or_else(PoisonError::into_inner) = Some(concluded);
    }

    pub(super) fn ask(&self, absence: MassAbsence) {
        *self.asked.lock().unwrap_or_else(PoisonError::into_inner) = Some(absence);
    }

    /// What a person has to decide first, where nothing was concluded for that reason.
    pub(crate) fn asked(&self) -> Option<MassAbsence> {
        self.asked.lock().unwrap_or_else(PoisonError::into_inner).take()
    }

    /// What is to be said about it, where nothing of it is kept.
    pub(crate) fn told(&self) -> Option<SnapshotNotes> {
        self.take().map(|concluded| concluded.notes)
    }

    pub(super) fn take(&self) -> Option<Concluded> {
        self.concluded.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}

/// The same reading, with an eye on what was there before where the files of the source are snapshots. Its import began at
/// `began_at`.
pub(crate) async fn watch(
    services: &Services,
    org: OrgId,
    source: &str,
    reading: Reading,
    began_at: Timestamp,
) -> Result<Reading, ServiceError> {
    let Reading::Foreign(adapter, settings) = reading else { return Ok(reading) };
    let Some((snapshot, is_said)) = SnapshotSettings::of(&settings, adapter.name) else {
        return Ok(Reading::Foreign(adapter, settings));
    };
    let watch = Watch {
        source: source.to_owned(),
        mass_absence_taken: AtomicBool::new(snapshot.accept_mass_absence),
        staged: OnceLock::new(),
        settings: snapshot,
        is_said,
        statuses: settings.statuses.clone(),
        takes_back: SnapshotSettings::takes_back(adapter.name),
        scanner: SnapshotSettings::scanner(adapter.name),
        now: services.now(),
        ahead: services.clock_offsets(org, began_at).await?.of(source),
        is_moment_said: settings.exported_at.is_some(),
        folder: spool_folder(services.data_dir()),
        earlier: earlier(services, org, source).await?,
        concluded: Mutex::new(None),
        asked: Mutex::new(None),
    };
    Ok(Reading::Snapshot(adapter, settings, Arc::new(watch)))
}

/// The newest published snapshot, written down to be read while the file is: the database is not asked then.
async fn earlier(services: &Services, org: OrgId, source: &str) -> Result<Option<Earlier>, ServiceError> {
    let mut reader = services.store().reader().await?;
    let Some(kept) = snapshots::newest(&mut reader.conn(), org, source).await? else { return Ok(None) };
    let folder = spool_folder(services.data_dir());
    let mut file = aside(move || nameless(&folder)).await?;
    for part in 0..kept.parts {
        let plain = snapshots::part(&mut reader.conn(), org, kept.import, part).await?;
        file = aside(move || {
            file.write_all(&plain)?;
            Ok(file)
        })
        .await?;
    }
    Ok(Some(Earlier { kept, file }))
}

/// Work with a file, beside the threads that answer.
pub(super) async fn aside<T: Send + 'static>(
    work: impl FnOnce() -> io::Result<T> + Send + 'static,
) -> Result<T, ServiceError> {
    let done = tokio::task::spawn_blocking(work).await.map_err(|_| ServiceError::Broken(StoreError::Stopped))?;
    done.map_err(|error| {
        if error.kind() == io::ErrorKind::StorageFull {
            return ServiceError::StorageFull;
        }
        refusal_of(&FileFault::Io(error)).into()
    })
}
