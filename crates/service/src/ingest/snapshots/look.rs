//! What would a snapshot show beside the one before? Read as an import reads it, and nothing is stored.

use super::{
    notes::SnapshotNotes,
    watch::{Watch, watch},
    watched::Watched,
};
use crate::{
    authorise::{Granted, proof},
    error::ServiceError,
    ingest::{
        ImportInput,
        plan::{Reading, SourcePlan},
        send::refusal_of,
        settings::checked_slug,
        waiting::Waiting,
    },
    services::Services,
};
use formats::{
    file_fault::FileFault,
    foreign::{Adapter, Settings},
    unpack::{Limits, Unpacked},
};
use std::{fs::File, io::BufReader};
use store::StoreError;

impl Services {
    /// Holds a file against the last snapshot of its source; nothing where the files of that source are no snapshots.
    ///
    /// # Errors
    /// [`ServiceError::Refused`] where the import of the file would be refused as well.
    pub async fn look_at_snapshot(
        &self,
        granted: &Granted<proof::ImportsWrite>,
        input: ImportInput,
        source: &str,
        plan: &SourcePlan,
    ) -> Result<Option<SnapshotNotes>, ServiceError> {
        checked_slug(source)?;
        let (adapter, settings) = plan.checked()?;
        let waiting = Waiting::of(input, self.data_dir()).await?;
        let file = waiting.file()?;
        // It is open: nothing of a look stays behind.
        waiting.forget(self.data_dir());
        let reading = Reading::Foreign(adapter, Box::new(settings));
        let reading = watch(self, granted.org(), source, reading, self.now()).await?;
        let Reading::Snapshot(adapter, settings, watch) = reading else { return Ok(None) };
        let looked = tokio::task::spawn_blocking(move || look(file, adapter, &settings, &watch)).await;
        let looked = looked.map_err(|_| ServiceError::Broken(StoreError::Stopped))?;
        Ok(looked.map_err(|fault| refusal_of(&fault))?)
    }
}

fn look(file: File, adapter: Adapter, settings: &Settings, watch: &Watch) -> Result<Option<SnapshotNotes>, FileFault> {
    let input = Unpacked::recognised(BufReader::new(file), Limits::default())?;
    let mut watched = Watched::open(input, adapter, settings, Some(watch))?;
    while watched.next_record()?.is_some() {}
    Ok(watch.take().map(|concluded| concluded.notes))
}
