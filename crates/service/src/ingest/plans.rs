//! How is the next file of a source read? By the plan a person saved for it.

use super::{plan::SourcePlan, settings::checked_slug};
use crate::{
    authorise::{Granted, proof},
    error::ServiceError,
    identity::record::Origin,
    services::Services,
};
use domain::{id::OrgId, time::Timestamp};
use store::{StoreError, audit, log_state, source_plans, source_plans::StoredPlan, sources};

/// The plan in force.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SavedPlan {
    /// Counted from 1 for each source.
    pub version: i64,
    /// How its files are read.
    pub plan: SourcePlan,
    /// When it was saved.
    pub saved_at: Timestamp,
    /// By whom, as the audit trail names them.
    pub saved_by: String,
}

/// One version of the plan of a source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlanVersion {
    /// Counted from 1 for each source.
    pub version: i64,
    /// How its files were read from then on; none where the plan was taken out of force.
    pub plan: Option<SourcePlan>,
    /// When it was saved.
    pub saved_at: Timestamp,
    /// By whom, as the audit trail names them.
    pub saved_by: String,
}

/// Whether a person looks at the next file before anything of it is taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LookFirst {
    /// It waits.
    Yes,
    /// It is imported at once.
    No,
}

/// What the next version says, and the act that makes it.
struct Next {
    text: String,
    act: &'static str,
    detail: String,
}

impl Services {
    /// Saves how the files of a source are read from now on.
    ///
    /// # Errors
    /// [`ServiceError::Refused`] for a plan that cannot be used.
    pub async fn save_plan(
        &self,
        granted: &Granted<proof::SourcesWrite>,
        origin: &Origin,
        source: &str,
        plan: SourcePlan,
    ) -> Result<(), ServiceError> {
        checked_slug(source)?;
        plan.checked()?;
        let text = serde_json::to_string(&plan).map_err(|_| StoreError::damaged("a plan cannot be written"))?;
        self.next_version(granted, origin, source, Next { text, act: "sources.plan", detail: plan.format }).await
    }

    /// Takes the plan of a source out of force: its files are asked about again. Versions before stay.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] where none is in force, or what the database said.
    pub async fn forget_plan(
        &self,
        granted: &Granted<proof::SourcesWrite>,
        origin: &Origin,
        source: &str,
    ) -> Result<(), ServiceError> {
        let saved = self.saved_plan(granted.org(), source).await?.ok_or(ServiceError::NotFound)?;
        let next = Next { text: String::new(), act: "sources.plan.forget", detail: saved.format };
        self.next_version(granted, origin, source, next).await
    }

    /// Makes the next file of a source wait for a person, although its plan could read it; or no longer.
    ///
    /// # Errors
    /// As [`Services::forget_plan`].
    pub async fn look_first(
        &self,
        granted: &Granted<proof::SourcesWrite>,
        origin: &Origin,
        source: &str,
        look: LookFirst,
    ) -> Result<(), ServiceError> {
        let mut plan = self.saved_plan(granted.org(), source).await?.ok_or(ServiceError::NotFound)?;
        plan.settings.look_first = look == LookFirst::Yes;
        self.save_plan(granted, origin, source, plan).await
    }

    async fn next_version(
        &self,
        granted: &Granted<proof::SourcesWrite>,
        origin: &Origin,
        source: &str,
        next: Next,
    ) -> Result<(), ServiceError> {
        let (store, org, now) = (self.store().clone(), granted.org(), self.now());
        let (actor, source, origin) = (granted.caller().actor(), source.to_owned(), origin.clone());
        store::run(async move {
            let mut tx = store.begin().await?;
            let state = log_state::lock(&mut tx.conn(), org).await?;
            let at = now.max(state.last_received_at);
            let id = sources::register(&mut tx.conn(), org, &source, at).await?;
            source_plans::save(&mut tx.conn(), org, id, &next.text, at, &actor.to_string()).await?;
            let act = origin.did(at, actor, next.act, source);
            audit::append(&mut tx.conn(), org, &audit::Act { detail: next.detail, ..act }).await?;
            tx.commit().await?;
            Ok(())
        })
        .await
    }

    /// The plan in force for a source.
    ///
    /// # Errors
    /// What the database said.
    pub async fn plan_of(
        &self,
        granted: &Granted<proof::ImportsWrite>,
        source: &str,
    ) -> Result<Option<SavedPlan>, ServiceError> {
        Ok(self.stored_plan(granted.org(), source).await?.map(saved).transpose()?.and_then(in_force))
    }

    /// Every version of the plan of a source, the newest first.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] where none was ever saved, or what the database said.
    pub async fn plan_versions(
        &self,
        granted: &Granted<proof::ImportsWrite>,
        source: &str,
    ) -> Result<Vec<PlanVersion>, ServiceError> {
        let mut reader = self.store().reader().await?;
        let found = source_plans::versions(&mut reader.conn(), granted.org(), source).await?;
        if found.is_empty() {
            return Err(ServiceError::NotFound);
        }
        found.into_iter().map(saved).collect()
    }

    /// The sources for which a plan was ever saved, by name.
    ///
    /// # Errors
    /// What the database said.
    pub async fn planned_sources(&self, granted: &Granted<proof::ImportsWrite>) -> Result<Vec<String>, ServiceError> {
        let mut reader = self.store().reader().await?;
        Ok(source_plans::planned(&mut reader.conn(), granted.org()).await?)
    }

    pub(crate) async fn saved_plan(&self, org: OrgId, source: &str) -> Result<Option<SourcePlan>, ServiceError> {
        Ok(self.stored_plan(org, source).await?.map(saved).transpose()?.and_then(|version| version.plan))
    }

    async fn stored_plan(&self, org: OrgId, source: &str) -> Result<Option<StoredPlan>, ServiceError> {
        let mut reader = self.store().reader().await?;
        Ok(source_plans::current(&mut reader.conn(), org, source).await?)
    }
}

fn saved(stored: StoredPlan) -> Result<PlanVersion, ServiceError> {
    let read = |text: &str| {
        serde_json::from_str(text).map_err(|error| StoreError::damaged(format!("the plan of a source: {error}")))
    };
    let plan = if stored.plan.is_empty() { None } else { Some(read(&stored.plan)?) };
    Ok(PlanVersion { version: stored.version, plan, saved_at: stored.saved_at, saved_by: stored.saved_by })
}

fn in_force(newest: PlanVersion) -> Option<SavedPlan> {
    let PlanVersion { version, plan, saved_at, saved_by } = newest;
    Some(SavedPlan { version, plan: plan?, saved_at, saved_by })
}
