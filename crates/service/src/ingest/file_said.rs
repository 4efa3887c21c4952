//! What does a person say about one file, beside how its source is always read? It lies over the plan the file is read by.

use super::{
    import::ImportOptions,
    plan::{Reading, SourcePlan},
};
use crate::{
    authorise::{Granted, proof},
    error::{Refusal, ServiceError},
    services::Services,
};
use domain::id::OrgId;
use formats::{foreign::snapshot::SnapshotSettings, text_encoding::TextEncoding};
use serde::{Deserialize, Serialize};
use std::fs::File;

/// The format that is read by a mapping: whether its rows state what stands is for a person to say.
const TABLE: &str = "csv";

/// What is said about one file.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct FileSaid {
    /// The tool it was exported from; empty where nobody says.
    pub format: String,
    /// When it was exported, as RFC 3339; empty where nobody says.
    pub taken_at: String,
    /// Whether it states everything within its scope, so that absence says something.
    pub complete: Option<bool>,
    /// The column of the part of the source a row belongs to; empty where nobody says.
    pub scope: String,
    /// Whether a person looked at a snapshot in which too much is gone, and takes it.
    pub accept_mass_absence: bool,
    /// An encoding of its text beside those that show themselves.
    pub text_encoding: Option<TextEncoding>,
}

impl Services {
    /// How a file of a source is read, where that is known before anybody looks at it: by the saved plan, or by the usual
    /// settings of the tool that is named; with what is said about the file.
    ///
    /// # Errors
    /// A refusal where something is said that the format has no use for, or what the database said.
    pub async fn plan_of_file(
        &self,
        granted: &Granted<proof::ImportsWrite>,
        source: &str,
        said: &FileSaid,
    ) -> Result<Option<SourcePlan>, ServiceError> {
        let saved = self.saved_plan(granted.org(), source).await?;
        let plan = if said.format.is_empty() { saved } else { Some(of_tool(&said.format, saved)) };
        Ok(plan.map(|plan| said.on(plan)).transpose()?)
    }
}

/// The saved plan where it is of that tool, else the usual settings of the tool.
fn of_tool(format: &str, saved: Option<SourcePlan>) -> SourcePlan {
    saved.filter(|saved| saved.format == format).unwrap_or_else(|| SourcePlan::usual(format))
}

/// As what the file is read: as it is said, else as its source is always read, else by its content.
pub(crate) async fn reading_of(
    services: &Services,
    org: OrgId,
    file: &File,
    options: &ImportOptions,
) -> Result<Reading, ServiceError> {
    let said = &options.said;
    if let Some(plan) = &options.plan {
        return Ok(foreign(&said.on(plan.clone())?)?);
    }
    let saved = services.saved_plan(org, &options.source).await?;
    if !said.format.is_empty() {
        return Ok(foreign(&said.on(of_tool(&said.format, saved))?)?);
    }
    let reading = match saved.filter(|_| options.encoding.is_none()) {
        Some(plan) => Reading::by_plan(&said.on(plan)?, file, said.text_encoding)?,
        None => Reading::of_file(file, options.encoding, said.text_encoding)?,
    };
    if reading.format().is_none() && said.is_of_an_export() {
        let detail =
            format!("it is said how an export was made, and the source `{}` has no mapping for it", options.source);
        let hint = "name the tool it was exported from, or save a mapping for the source";
        return Err(Refusal::new("mapping_needed", detail).hint(hint).into());
    }
    Ok(reading)
}

fn foreign(plan: &SourcePlan) -> Result<Reading, Refusal> {
    let (adapter, settings) = plan.checked()?;
    Ok(Reading::Foreign(adapter, Box::new(settings)))
}

impl FileSaid {
    /// Whether something is said that makes sense for the export of a tool alone.
    fn is_of_an_export(&self) -> bool {
        !self.taken_at.trim().is_empty() || self.is_of_a_snapshot()
    }

    fn is_of_a_snapshot(&self) -> bool {
        self.says_how_whole() || self.accept_mass_absence
    }

    fn says_how_whole(&self) -> bool {
        self.complete.is_some() || !self.scope.trim().is_empty()
    }

    /// A plan with what is said about this file.
    ///
    /// # Errors
    /// A refusal where it is said how whole a list is, and the format is none.
    pub fn on(&self, mut plan: SourcePlan) -> Result<SourcePlan, Refusal> {
        let settings = &mut plan.settings;
        let (moment, scope) = (self.taken_at.trim(), self.scope.trim());
        if !moment.is_empty() {
            settings.exported_at = Some(moment.to_owned());
        }
        if self.text_encoding.is_some() {
            settings.text_encoding = self.text_encoding;
        }
        // Whoever says when a list of what stands was exported wants it compared.
        let is_list = SnapshotSettings::fits(&plan.format);
        let is_said = is_list && self.is_of_an_export() || plan.format == TABLE && self.is_of_a_snapshot();
        if is_said && settings.snapshot.is_none() {
            settings.snapshot = Some(SnapshotSettings::default());
        }
        match &mut settings.snapshot {
            Some(snapshot) => {
                snapshot.accept_mass_absence |= self.accept_mass_absence;
                if !scope.is_empty() {
                    snapshot.scope = Some(scope.to_owned());
                }
                if let Some(complete) = self.complete {
                    (snapshot.complete, settings.complete) = (complete, complete);
                }
            }
            None if self.says_how_whole() => {
                let detail =
                    format!("`{}` tells what happened: how complete a file is says nothing there", plan.format);
                return Err(Refusal::new("bad_setting", detail).hint("leave out whether it is complete, and its scope"));
            }
            None => {}
        }
        Ok(plan)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_said_about_a_file_makes_a_list_a_snapshot_and_a_history_none() {
        let said = FileSaid {
            taken_at: " 2026-03-01T00:00:00Z ".to_owned(),
            accept_mass_absence: true,
            ..FileSaid::default()
        };
        let list = said.on(SourcePlan::usual("tenable-csv")).unwrap().settings;
        assert_eq!(list.exported_at.as_deref(), Some("2026-03-01T00:00:00Z"));
        assert!(list.snapshot.is_some_and(|snapshot| snapshot.accept_mass_absence));
        let history = said.on(SourcePlan::usual("jira")).unwrap().settings;
        assert!(history.exported_at.is_some() && history.snapshot.is_none());
    }

    #[test]
    fn how_whole_a_file_is_lies_over_the_plan_and_a_history_has_no_use_for_it() {
        let said = FileSaid { complete: Some(true), scope: "Region".to_owned(), ..FileSaid::default() };
        for format in ["tenable-csv", "csv"] {
            let snapshot = said.on(SourcePlan::usual(format)).unwrap().settings.snapshot.unwrap();
            assert_eq!((snapshot.complete, snapshot.scope.as_deref()), (true, Some("Region")), "{format}");
        }
        let whole = said.on(SourcePlan::usual("tenable-csv")).unwrap();
        let part = FileSaid { complete: Some(false), ..FileSaid::default() }.on(whole).unwrap().settings;
        let found = SnapshotSettings::of(&part, "tenable-csv").unwrap().0;
        assert_eq!((found.complete, found.scope.as_deref()), (false, Some("Region")));
        assert_eq!(said.on(SourcePlan::usual("jira")).unwrap_err().code, "bad_setting");
        assert_eq!(FileSaid::default().on(SourcePlan::usual("csv")).unwrap(), SourcePlan::usual("csv"));
    }
}
