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
        let (store, org, now) = (self.store().clone(), granted.org(), self.now());
        let (actor, source, origin) = (granted.caller().actor(), source.to_owned(), origin.clone());
        store::run(async move {
            let mut tx = store.begin().await?;
            let state = log_state::lock(&mut tx.conn(), org).await?;
            let at = now.max(state.last_received_at);
            let id = sources::register(&mut tx.conn(), org, &source, at).await?;
            source_plans::save(&mut tx.conn(), org, id, &text, at, &actor.to_string()).await?;
            let act = origin.did(at, actor, "sources.plan", source);
            audit::append(&mut tx.conn(), org, &audit::Act { detail: plan.format, ..act }).await?;
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
        self.stored_plan(granted.org(), source).await?.map(saved).transpose()
    }

    pub(crate) async fn saved_plan(&self, org: OrgId, source: &str) -> Result<Option<SourcePlan>, ServiceError> {
        Ok(self.stored_plan(org, source).await?.map(saved).transpose()?.map(|saved| saved.plan))
    }

    async fn stored_plan(&self, org: OrgId, source: &str) -> Result<Option<StoredPlan>, ServiceError> {
        let mut reader = self.store().reader().await?;
        Ok(source_plans::current(&mut reader.conn(), org, source).await?)
    }
}

fn saved(stored: StoredPlan) -> Result<SavedPlan, ServiceError> {
    let plan = serde_json::from_str(&stored.plan)
        .map_err(|error| StoreError::damaged(format!("the plan of a source: {error}")))?;
    Ok(SavedPlan { version: stored.version, plan, saved_at: stored.saved_at, saved_by: stored.saved_by })
}
