//! What does a person say about one file, beside how its source is always read?

use crate::{
    authorise::{Granted, proof},
    error::{Refusal, ServiceError},
    ingest::plan::SourcePlan,
    services::Services,
};
use formats::foreign::snapshot::SnapshotSettings;

/// What is said about one file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FileSaid {
    /// When it was exported, as RFC 3339; empty where nobody says.
    pub taken_at: String,
    /// Whether a person looked at a snapshot in which too much is gone, and takes it.
    pub accept_mass_absence: bool,
}

impl Services {
    /// The plan of one file: the one that is given, else that of its source, with what is said about the file.
    ///
    /// # Errors
    /// A refusal where something is said about a file nobody knows how to read, or what the database said.
    pub async fn plan_of_file(
        &self,
        granted: &Granted<proof::ImportsWrite>,
        source: &str,
        plan: Option<SourcePlan>,
        said: &FileSaid,
    ) -> Result<Option<SourcePlan>, ServiceError> {
        if *said == FileSaid::default() {
            return Ok(plan);
        }
        let plan = match plan {
            Some(plan) => Some(plan),
            None => self.saved_plan(granted.org(), source).await?,
        };
        match plan {
            Some(plan) => Ok(Some(said.on(plan))),
            None => {
                let detail =
                    format!("when the file was exported is said, and the source `{source}` has no mapping yet");
                let hint = "name the tool it was exported from, or save a mapping for the source";
                Err(Refusal::new("mapping_needed", detail).hint(hint).into())
            }
        }
    }
}

impl FileSaid {
    fn on(&self, mut plan: SourcePlan) -> SourcePlan {
        let moment = self.taken_at.trim();
        if !moment.is_empty() {
            plan.settings.exported_at = Some(moment.to_owned());
        }
        // Whoever says when a list of what stands was exported wants it compared.
        if plan.settings.snapshot.is_none() && SnapshotSettings::fits(&plan.format) {
            plan.settings.snapshot = Some(SnapshotSettings::default());
        }
        if let Some(snapshot) = &mut plan.settings.snapshot {
            snapshot.accept_mass_absence |= self.accept_mass_absence;
        }
        plan
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_said_about_a_file_makes_a_list_a_snapshot_and_a_history_none() {
        let said = FileSaid { taken_at: " 2026-03-01T00:00:00Z ".to_owned(), accept_mass_absence: true };
        let list = said.on(SourcePlan::usual("tenable-csv")).settings;
        assert_eq!(list.exported_at.as_deref(), Some("2026-03-01T00:00:00Z"));
        assert!(list.snapshot.is_some_and(|snapshot| snapshot.accept_mass_absence));
        let history = said.on(SourcePlan::usual("jira")).settings;
        assert!(history.exported_at.is_some() && history.snapshot.is_none());
    }
}
