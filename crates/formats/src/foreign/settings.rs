//! What does a person say about a source that its files do not?

use super::{
    AsffSettings, EpssSettings, JiraSettings, ServiceNowSettings, XesSettings, mapping::Mapping,
    snapshot::SnapshotSettings,
};
use crate::{held::shown, text_encoding::TextEncoding};
use domain::{event_name::EventName, kind::Kind, severity::Severity, time::Timestamp};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What is decided about the files of one source; saved with it, and every import keeps the version it ran with.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// The encoding of its text, where that is neither UTF-8 nor UTF-16 with a byte order mark.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text_encoding: Option<TextEncoding>,
    /// The zone of times that carry none, as in `Europe/Madrid`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub zone: Option<String>,
    /// Which of two moments is meant when a clock went back.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub repeated: Option<Repeated>,
    /// Whether days or months come first in `03/04/2026`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dates: Option<DateOrder>,
    /// What stands between whole numbers and fractions.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub decimal: Option<Decimal>,
    /// Whether a bare number in a column of times is a day as Excel counts them, from 1900.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub excel_dates: bool,
    /// Words that mean "nothing", beside the usual ones.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub null_words: Vec<String>,
    /// What the source's own status words mean: an event, or a word the format defines.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub statuses: BTreeMap<String, String>,
    /// What its severity words mean: `critical`, `high`, `medium`, `low`, or `below` for less than low.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub severities: BTreeMap<String, String>,
    /// Whether a severity below low counts as low: decided of single held lines, never of a source.
    #[serde(skip)]
    pub below_as_low: bool,
    /// The kind of weakness it tells of, where the format leaves that open.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
    /// Whether a file states everything within its scope, so that absence says something.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub complete: bool,
    /// What is decided about its files as snapshots; where nothing is, what is usual for the format.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub snapshot: Option<SnapshotSettings>,
    /// What is decided about issues of Jira alone.
    #[serde(skip_serializing_if = "JiraSettings::is_default")]
    pub jira: JiraSettings,
    /// What ServiceNow needs beside it.
    #[serde(skip_serializing_if = "ServiceNowSettings::is_unset")]
    pub servicenow: ServiceNowSettings,
    /// What event logs need beside it.
    #[serde(skip_serializing_if = "XesSettings::is_unset")]
    pub xes: XesSettings,
    /// What is said about AWS accounts.
    #[serde(skip_serializing_if = "AsffSettings::is_default")]
    pub asff: AsffSettings,
    /// What is said of EPSS scores.
    #[serde(skip_serializing_if = "EpssSettings::is_default")]
    pub epss: EpssSettings,
    /// When a file was exported, as RFC 3339: by then whatever it says had happened. It belongs to one file.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub exported_at: Option<String>,
    /// When it came, as RFC 3339: by then it had happened as well, where nobody says when it was exported. It belongs to one file.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub came_at: Option<String>,
    /// Whether a person looks at the next file before anything of it is taken, although it could be read.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub look_first: bool,
    /// What is made of the rows of a table that no format knows.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mapping: Option<Mapping>,
}

impl Settings {
    /// The event a person said a status of the source means.
    pub(crate) fn event_of(&self, status: &str) -> Option<EventName> {
        let said = self.statuses.iter().find(|(known, _)| known.eq_ignore_ascii_case(status));
        said.and_then(|(_, meant)| meant.parse().ok())
    }

    /// Whether all of it can be followed; what is wrong with it, if not.
    ///
    /// # Errors
    /// A sentence for whoever wrote it.
    pub fn check(&self) -> Result<(), String> {
        if let Some(zone) = self.zone.as_deref()
            && jiff::tz::TimeZone::get(zone).is_err()
        {
            return Err(format!("`{}` is no zone, expected a name as in `Europe/Madrid`", shown(zone)));
        }
        let known = |meant: &str| meant == "below" || meant.parse::<Severity>().is_ok();
        if let Some((word, meant)) = self.severities.iter().find(|(_, meant)| !known(meant)) {
            let (word, meant) = (shown(word), shown(meant));
            return Err(format!(
                "`{word}` cannot mean the severity `{meant}`, expected critical, high, medium, low or below"
            ));
        }
        if let Some(kind) = self.kind.as_deref().filter(|kind| kind.parse::<Kind>().is_err()) {
            return Err(format!("`{}` is no kind of weakness", shown(kind)));
        }
        self.epss.check()?;
        self.snapshot.as_ref().map_or(Ok(()), SnapshotSettings::check)?;
        if let Some(text) = self.exported_at.as_deref().filter(|text| Timestamp::parse(text).is_err()) {
            return Err(format!(
                "`{}` is no time of an export, expected one as in `2026-03-01T10:00:00Z`",
                shown(text)
            ));
        }
        match self.mapping.as_ref().and_then(|mapping| mapping.problems(None).into_iter().next()) {
            Some(problem) => Err(problem.to_string()),
            None => Ok(()),
        }
    }
}

/// Which of two equal local times is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Repeated {
    /// The one before the clock went back.
    First,
    /// The one after.
    Last,
}

/// What comes first in a date of two short numbers and a year.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DateOrder {
    /// 31/12/2026.
    DayFirst,
    /// 12/31/2026.
    MonthFirst,
}

/// What stands between whole numbers and fractions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Decimal {
    /// 1,234.5
    Point,
    /// 1.234,5
    Comma,
}
