//! How does an import go on that stopped half-way? From where it stands, by what was decided when it began.

use super::{
    absence::{MassAbsence, waits},
    file_said::reading_of,
    import::{ImportInput, ImportSummary, Job, OnProgress, enter, opened, stored_import},
    kept_terms::options_of,
    running::Entered,
    snapshots,
    spool::Fingerprint,
    waiting::Waiting,
};
use crate::{
    authorise::{Granted, proof},
    error::{Refusal, ServiceError},
    identity::record::Origin,
    services::Services,
};
use domain::id::{ImportId, OrgId};
use std::fs::File;
use store::{
    audit::Actor,
    chain::Hash,
    imports::{ImportState, StoredImport},
};

impl Services {
    /// Has an import that rests go on from where it stands; its file is the one that waits, or the same bytes again.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`], or [`ServiceError::Refused`] when it does not rest, or its file is gone or another one.
    pub async fn resume_import(
        &self,
        granted: &Granted<proof::ImportsWrite>,
        origin: Origin,
        id: ImportId,
        again: Option<ImportInput>,
        progress: OnProgress,
    ) -> Result<ImportSummary, ServiceError> {
        let (services, org, actor) = (self.clone(), granted.org(), granted.caller().actor());
        store::run(async move {
            services.store().refuse_without_room()?;
            let stored = stored_import(&services, org, id).await?;
            if stored.state == ImportState::Held {
                return Err(waits(id, &MassAbsence::of(&stored)?).into());
            }
            if !stored.state.can_go_on() && stored.state != ImportState::Running {
                let detail = format!("import {} is {}", id.get(), stored.state.as_str());
                return Err(Refusal::new("import_ended", detail).into());
            }
            let waiting = match again {
                Some(input) => Waiting::of(input, services.data_dir()).await?,
                None => Waiting::again(&stored.spool, &stored.name)?,
            };
            let (file, print) = opened(&services, &waiting).await?;
            let _entered = entered(&services, org, &stored, &print)?;
            go_on_with(&services, (org, actor), &stored, (waiting, file, print), origin, &progress).await
        })
        .await
    }
}

/// Notes that the file of an import is being imported, until this is dropped; another file is refused.
pub(super) fn entered(
    services: &Services,
    org: OrgId,
    stored: &StoredImport,
    print: &Fingerprint,
) -> Result<Entered<(OrgId, String, Hash)>, Refusal> {
    if stored.digest != print.digest {
        let detail = format!("this is not the file of import {}", stored.id.get());
        return Err(Refusal::new("another_file", detail).hint("give the very same bytes"));
    }
    enter(services, org, &stored.source, print)
}

/// Goes on with an import whose file is open, and was entered.
pub(super) async fn go_on_with(
    services: &Services,
    (org, actor): (OrgId, Actor),
    stored: &StoredImport,
    (waiting, file, print): (Waiting, File, Fingerprint),
    origin: Origin,
    progress: &OnProgress,
) -> Result<ImportSummary, ServiceError> {
    let options = options_of(stored, origin)?;
    let reading = reading_of(services, org, &file, &options).await?;
    let reading = snapshots::watch(services, org, &options.source, reading, stored.started_at).await?;
    let job = Job { services, org, actor, options: &options, reading, waiting, print };
    let begun = job.go_on(stored).await?;
    job.run(begun, file, progress).await
}
