//! How does a draft become events? As any other file, by what was said about it, which is then saved for its source.

use super::{Table, shelf::Shelf};
use crate::{
    authorise::{Granted, Object, authorise, proof},
    error::{Refusal, ServiceError},
    identity::record::Origin,
    ingest::{
        AllowedSources, FileSaid, ImportInput, ImportOptions, ImportSummary, MASS_ABSENCE, OnProgress, SourcePlan,
    },
    services::Services,
};

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
            plan: Some(look.plan.clone()),
            said: FileSaid::default(),
            origin: origin.clone(),
        };
        let file = Shelf::of(self.data_dir()).open(id)?;
        let imported = self.import(granted, ImportInput::File(file), options, progress).await;
        // Where it waits for a person, its file is kept with the import and nothing more is said here.
        let is_held = matches!(&imported, Err(ServiceError::Refused(refusal)) if refusal.code == MASS_ABSENCE);
        if imported.is_err() && !is_held {
            return imported;
        }
        if let Ok(may_save) = authorise::<proof::SourcesWrite>(granted.caller(), Object::OwnOrg) {
            let unused = unused_columns(look.table.as_ref());
            self.save_plan(&may_save, &origin, &source, for_every_file(look.plan, unused)).await?;
        }
        match self.discard_draft(granted, id).await {
            // Somebody else discarded it meanwhile.
            Ok(()) | Err(ServiceError::NotFound) => imported,
            Err(error) => Err(error),
        }
    }
}

/// The plan without what belongs to one file, with the columns that were seen and left unused.
fn for_every_file(mut plan: SourcePlan, unused: Vec<String>) -> SourcePlan {
    (plan.settings.exported_at, plan.settings.came_at) = (None, None);
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
