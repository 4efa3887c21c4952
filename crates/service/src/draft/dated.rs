//! When was the file of a draft exported? A person says it, the file says it, or it is known by when it came at the latest:
//! what is held against a snapshot before is never dated by the clock.

use super::shelf::Draft;
use crate::{
    error::Refusal,
    ingest::{FileSaid, SourcePlan},
};
use domain::time::Timestamp;
use formats::foreign::{Settings, mapping::Mapping, preview::Preview, snapshot::SnapshotSettings};

/// What is known of the moment of an export.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Dated {
    /// The file says it; of a file that was not read to its end, as far as that part tells.
    ByItself {
        /// The moment.
        at: String,
        /// Whether the file was read to its end.
        whole: bool,
    },
    /// Nobody says it, and some of its events lie before that moment: it was not later than this.
    ByArrival(Timestamp),
    /// Nobody says it, and without it the file is not held against the one before.
    Missing {
        /// Whether it was said that its files are snapshots: then it cannot be imported.
        blocks: bool,
    },
    /// It decides nothing.
    NeedsNone,
}

impl Dated {
    /// What a plan and the beginning of its file tell.
    pub(super) fn of(plan: &SourcePlan, seen: Option<&Preview>, made_at: Timestamp) -> Self {
        if let Some(seen) = seen
            && let Some(at) = &seen.taken_at
        {
            return Self::ByItself { at: at.clone(), whole: seen.whole };
        }
        match SnapshotSettings::of(&plan.settings, &plan.format) {
            Some((_, blocks)) => Self::Missing { blocks },
            None if plan.settings.mapping.as_ref().is_some_and(Mapping::needs_export) => Self::ByArrival(made_at),
            None if SnapshotSettings::fits(&plan.format) => Self::Missing { blocks: false },
            None => Self::NeedsNone,
        }
    }
}

impl Draft {
    /// Keeps what was said about the file when it came.
    pub(super) fn take(&mut self, said: FileSaid) {
        self.answers.exported_at = said.taken_at.trim().to_owned();
        self.answers.format.clone_from(&said.format);
        self.said = said;
    }

    /// Has what was said when it came lie over the settings of its format: each stands where the page asks for it.
    ///
    /// # Errors
    /// A refusal where something was said that the format has no use for.
    pub(super) fn take_said(&mut self, settings: Settings) -> Result<(), Refusal> {
        let format = self.answers.format.clone();
        if format.is_empty() {
            return Ok(());
        }
        let plan = self.said.on(SourcePlan { format, settings })?;
        self.answers.take_states(&plan.settings);
        self.answers.accept_gone |= self.said.accept_mass_absence;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plan(text: &str) -> SourcePlan {
        SourcePlan::from_json(text).unwrap()
    }

    const WINDOW: &str =
        r#"{"item":"{Rule}","events":[{"event":"closed","at":{"between":{"after":["Found"],"exported":true}}}]}"#;

    #[test]
    fn what_is_known_of_an_export_is_what_somebody_says() {
        let now = Timestamp::from_seconds(1_780_000_000);
        let seen = Preview { taken_at: Some("2026-03-01T00:00:00Z".to_owned()), whole: true, ..Preview::default() };
        let by_itself = Dated::ByItself { at: "2026-03-01T00:00:00Z".to_owned(), whole: true };
        assert_eq!(Dated::of(&plan(r#"{"format":"tenable-json"}"#), Some(&seen), now), by_itself);
        for (text, dated) in [
            (r#"{"format":"tenable-json"}"#.to_owned(), Dated::Missing { blocks: false }),
            (r#"{"format":"tenable-csv"}"#.to_owned(), Dated::Missing { blocks: false }),
            (r#"{"format":"tenable-csv","settings":{"snapshot":{}}}"#.to_owned(), Dated::Missing { blocks: true }),
            (format!(r#"{{"format":"csv","settings":{{"mapping":{WINDOW}}}}}"#), Dated::ByArrival(now)),
            (r#"{"format":"jira"}"#.to_owned(), Dated::NeedsNone),
        ] {
            assert_eq!(Dated::of(&plan(&text), None, now), dated, "{text}");
        }
    }
}
