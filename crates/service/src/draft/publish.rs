//! How does a draft become events? As any other file, by what was said about it, which is then saved for its source.

use super::{Table, shelf::Shelf};
use crate::{
    authorise::{Granted, Object, authorise, proof},
    error::{Refusal, ServiceError},
    identity::record::Origin,
    ingest::{AllowedSources, FileSaid, ImportInput, ImportOptions, ImportSummary, OnProgress, SourcePlan},
    services::Services,
};
use formats::foreign::snapshot::SnapshotSettings;

impl Services {
    /// Imports a draft, saves its mapping for the source where the caller may, and forgets the draft. A draft that could
    /// not be imported stays.
    ///
    /// # Errors
    /// [`ServiceError::Refused`] while something must be said first; else as [`Services::import`].
    pub async fn import_draft(
        &self,
        granted: &Granted<proof::ImportsWrite>,
        id: &str,
        origin: Origin,
        progress: OnProgress,
    ) -> Result<ImportSummary, ServiceError> {
        let look = self.draft(granted, id).await?;
        if let Some(ask) = look.asks.iter().find(|ask| ask.blocks) {
            return Err(Refusal::new("mapping_needed", ask.what.clone()).place(ask.place.clone()).into());
        }
        let source = look.draft.answers.source.clone();
        let options = ImportOptions {
            name: look.draft.name,
            source: source.clone(),
            allowed: AllowedSources::Any,
            received_at: look.draft.received_at,
            encoding: None,
            plan: Some(look.of_file.clone()),
            said: FileSaid::default(),
            origin: origin.clone(),
        };
        let file = Shelf::of(self.data_dir()).open(id)?;
        let summary = self.import(granted, ImportInput::File(file), options, progress).await?;
        if let Ok(may_save) = authorise::<proof::SourcesWrite>(granted.caller(), Object::OwnOrg) {
            let unused = unused_columns(look.table.as_ref());
            let plan = for_every_file(look.plan, &look.of_file, unused);
            self.save_plan(&may_save, &origin, &source, plan).await?;
        }
        match self.discard_draft(granted, id).await {
            // Somebody else discarded it meanwhile.
            Ok(()) | Err(ServiceError::NotFound) => Ok(summary),
            Err(error) => Err(error),
        }
    }
}

/// The plan without what belongs to one file, with the columns that were seen and left unused. That its files are lists to be
/// compared belongs to the source: whoever said it of one of them has the others compared.
fn for_every_file(mut plan: SourcePlan, of_file: &SourcePlan, unused: Vec<String>) -> SourcePlan {
    plan.settings.exported_at = None;
    let is_usual = SnapshotSettings::usual(&plan.format).is_some();
    if plan.settings.snapshot.is_none() && of_file.settings.snapshot.is_some() && !is_usual {
        plan.settings.snapshot = Some(SnapshotSettings::default());
    }
    if let Some(snapshot) = &mut plan.settings.snapshot {
        snapshot.accept_mass_absence = false;
    }
    if let Some(mapping) = &mut plan.settings.mapping {
        mapping.unused = unused;
    }
    plan
}

fn unused_columns(table: Option<&Table>) -> Vec<String> {
    let columns = table.map(|table| table.columns.as_slice()).unwrap_or_default();
    let unused = columns.iter().filter(|column| column.role.is_empty() && !column.name.is_empty());
    unused.map(|column| column.name.clone()).collect()
}
