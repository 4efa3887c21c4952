//! As what is a file read? As canonical events, or as the export of a tool with what a person said about its source.

use super::{send::refusal_of, snapshots::Watch};
use crate::error::{Refusal, ServiceError};
use domain::time::Timestamp;
use formats::{
    encoding::Encoding,
    file_fault::FileFault,
    foreign::{Adapter, Settings, candidates, snapshot::SnapshotSettings},
    text_encoding::TextEncoding,
};
use serde::{Deserialize, Serialize};
use std::{
    fs::File,
    io::{Read, Seek},
    sync::Arc,
};

/// Formats are told apart by this much of a file.
const HEAD_BYTES: u64 = 64 * 1024;

/// How the files of a source are read: the format and what a person said about it. Saved with the source.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SourcePlan {
    /// The name of the format.
    pub format: String,
    /// What was said about the source.
    #[serde(default)]
    pub settings: Settings,
}

impl SourcePlan {
    /// The usual settings of a format.
    #[must_use]
    pub fn usual(format: impl Into<String>) -> Self {
        Self { format: format.into(), settings: Settings::default() }
    }

    /// The format and settings, if they can be used.
    ///
    /// # Errors
    /// A refusal that says what is wrong.
    pub fn checked(&self) -> Result<(Adapter, Settings), Refusal> {
        let Some(adapter) = Adapter::named(&self.format) else {
            let known: Vec<&str> = formats::foreign::ALL.iter().map(|adapter| adapter.name).collect();
            let detail = format!("no format is called `{}`", self.format.escape_debug());
            let hint = format!("known are {}", known.join(", "));
            return Err(Refusal::new("format_unknown", detail).hint(hint));
        };
        self.settings.check().map_err(|wrong| refusal_of(&FileFault::BadSetting(wrong)))?;
        Ok((adapter, self.settings.clone()))
    }

    /// Reads a plan from JSON.
    ///
    /// # Errors
    /// A refusal that says where it is wrong.
    pub fn from_json(text: &str) -> Result<Self, Refusal> {
        serde_json::from_str(text).map_err(|error| {
            Refusal::new("bad_setting", format!("the mapping cannot be read: {error}"))
                .hint("an object with `format` and `settings`")
        })
    }
}

/// The tools whose exports are read: the name of the format, and its title for people.
pub fn tools() -> impl Iterator<Item = (&'static str, &'static str)> {
    formats::foreign::ALL.iter().map(|adapter| (adapter.name, adapter.title))
}

/// As what one file is read.
#[derive(Clone, Debug)]
pub(crate) enum Reading {
    /// Canonical events; the encoding is recognised where it is not said, that of their text only as far as it shows itself.
    Canonical(Option<Encoding>, Option<TextEncoding>),
    /// The export of a tool.
    Foreign(Adapter, Box<Settings>),
    /// The same where it is a snapshot, held against the one before.
    Snapshot(Adapter, Box<Settings>, Arc<Watch>),
}

impl Reading {
    /// The name of the tool's format, if it is one.
    pub(crate) const fn format(&self) -> Option<&'static str> {
        match self {
            Self::Canonical(..) => None,
            Self::Foreign(adapter, _) | Self::Snapshot(adapter, ..) => Some(adapter.name),
        }
    }

    /// The plan as an import keeps it; nothing for canonical events.
    pub(crate) fn plan_json(&self) -> serde_json::Result<String> {
        match self {
            Self::Canonical(..) => Ok(String::new()),
            Self::Foreign(adapter, settings) | Self::Snapshot(adapter, settings, _) => {
                serde_json::to_string(&SourcePlan {
                    format: adapter.name.to_owned(),
                    settings: settings.as_ref().clone(),
                })
            }
        }
    }

    /// The same of a file that came then.
    pub(crate) fn known_by(&self, came_at: Timestamp) -> Self {
        let mut reading = self.clone();
        if let Self::Foreign(adapter, settings) = &mut reading {
            known_by(settings, adapter.name, came_at);
        }
        reading
    }

    /// As what to read a file whose source has a plan: canonical events are understood from any source.
    pub(crate) fn by_plan(
        plan: &SourcePlan,
        file: &File,
        text_encoding: Option<TextEncoding>,
    ) -> Result<Self, ServiceError> {
        let (adapter, settings) = plan.checked()?;
        let head = head_of(file).map_err(|error| refusal_of(&FileFault::Io(error)))?;
        if adapter.recognises(&head) {
            return Ok(Self::Foreign(adapter, Box::new(settings)));
        }
        // Read as canonical events it would be said to lack their columns, which nobody looks for in it.
        let nearly = if candidates(&head).is_empty() { adapter.nearly(&head) } else { None };
        match nearly {
            Some(fault) => Err(refusal_of(&fault).into()),
            None => Self::of_file(file, None, text_encoding),
        }
    }

    /// As what to read a file without a plan. Nothing but canonical events runs without one: what a tool means by its words
    /// is for a person to say.
    pub(crate) fn of_file(
        file: &File,
        encoding: Option<Encoding>,
        text_encoding: Option<TextEncoding>,
    ) -> Result<Self, ServiceError> {
        if encoding.is_some() {
            return Ok(Self::Canonical(encoding, text_encoding));
        }
        let head = head_of(file).map_err(|error| refusal_of(&FileFault::Io(error)))?;
        match candidates(&head).as_slice() {
            [] => Ok(Self::Canonical(None, text_encoding)),
            [only] => Err(mapping_needed(*only).into()),
            several => {
                // Each with the word by which it is said.
                let titles: Vec<String> =
                    several.iter().map(|adapter| format!("{} (`{}`)", adapter.title, adapter.name)).collect();
                let detail = format!("this may be {}", titles.join(" or "));
                Err(Refusal::new("format_ambiguous", detail).hint("say which format it is").into())
            }
        }
    }
}

/// Whatever a file says had happened when it came: where nobody says when it was exported, it was not later. A snapshot says
/// itself when it was taken, or a person does: never the clock.
pub fn known_by(settings: &mut Settings, format: &str, came_at: Timestamp) {
    if settings.exported_at.is_none() && SnapshotSettings::of(settings, format).is_none() {
        settings.came_at.get_or_insert_with(|| came_at.to_string());
    }
}

fn mapping_needed(adapter: Adapter) -> Refusal {
    let detail = format!("this looks like {} (`{}`), and its source has no mapping yet", adapter.title, adapter.name);
    Refusal::new("mapping_needed", detail).hint("name the tool it was exported from, or save a mapping for the source")
}

/// The beginning of a file; the file is read from its beginning again afterwards.
fn head_of(mut file: &File) -> std::io::Result<Vec<u8>> {
    let mut head = Vec::new();
    file.rewind()?;
    file.take(HEAD_BYTES).read_to_end(&mut head)?;
    file.rewind()?;
    Ok(head)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_clock_dates_what_is_not_compared_and_nothing_else() {
        let now = Timestamp::from_seconds(1_780_000_000);
        let dated = |text: &str| {
            let mut plan = SourcePlan::from_json(text).unwrap();
            known_by(&mut plan.settings, &plan.format, now);
            plan.settings.came_at
        };
        assert_eq!(dated(r#"{"format":"csv"}"#), Some(now.to_string()));
        assert_eq!(dated(r#"{"format":"tenable-json"}"#), None);
        assert_eq!(dated(r#"{"format":"csv","settings":{"snapshot":{}}}"#), None);
        let said = r#"{"format":"csv","settings":{"exported_at":"2026-03-01T00:00:00Z"}}"#;
        assert_eq!(dated(said), None);
    }
}
