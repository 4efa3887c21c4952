//! What does a person say about a source whose files are snapshots? And when was a file taken?

use crate::{
    foreign::{Clock, Given, Rule, Settings},
    held::shown,
};
use domain::time::Timestamp;
use serde::{Deserialize, Serialize};

/// What is decided about the snapshots of one source.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct SnapshotSettings {
    /// Whether its files are compared at all; some formats are, unless this says that they are not.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub off: bool,
    /// Whether a file states everything within its scope, so that absence says something.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub complete: bool,
    /// The column that says to which part of the source a row belongs, where a file covers some parts only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub scope: Option<String>,
    /// Where a file says when it was taken.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub taken: Option<Taken>,
    /// Whether a person looked at a file in which too much is gone, and takes it. It belongs to one file.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub accept_mass_absence: bool,
}

/// Where a file says when it was taken.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Taken {
    /// The latest time in this column, or under this path of a JSON record, as in `scan.completed_at`.
    Column(String),
    /// The time in this line before the header, counted from 1.
    Line(u32),
}

/// Formats of one row for each thing that stands. A table by a mapping may be one; that is for a person to say.
const STATES: [&str; 11] = [
    "tenable-json",
    "tenable-csv",
    "qualys-csv",
    "wiz-issues-csv",
    "wiz-findings-csv",
    "orca-csv",
    "rapid7-sql-csv",
    "rapid7-csv",
    "defectdojo",
    "asff",
    "ocsf",
];

impl SnapshotSettings {
    /// What is usual for a format whose files say themselves when they were taken.
    #[must_use]
    pub fn usual(format: &str) -> Option<Self> {
        let taken = match format {
            "tenable-json" => Taken::Column("indexed".to_owned()),
            "qualys-csv" => Taken::Line(1),
            _ => return None,
        };
        Some(Self { taken: Some(taken), ..Self::default() })
    }

    /// Whether the files of a format state what stands, rather than what happened: these can be compared.
    #[must_use]
    pub fn fits(format: &str) -> bool {
        STATES.contains(&format)
    }

    /// The rule that is met where something that was over is open again: tools that take the end out of their own record.
    #[must_use]
    pub fn takes_back(format: &str) -> Option<Rule> {
        match format {
            "asff" => Some(Rule::WorkflowReset),
            "defectdojo" => Some(Rule::HistoryRewritten),
            _ => None,
        }
    }

    /// Who looks, where the files of a format are those of one scanner: what a difference shows to be gone, it verified. It is
    /// called what the rows of its files call it. Formats of many tools, and tools that are told by others, name nobody.
    #[must_use]
    pub fn scanner(format: &str) -> Option<&'static str> {
        match format {
            "tenable-json" | "tenable-csv" => Some("tenable"),
            "qualys-csv" => Some("qualys"),
            "wiz-issues-csv" | "wiz-findings-csv" => Some("wiz"),
            "orca-csv" => Some("orca"),
            "rapid7-sql-csv" | "rapid7-csv" => Some("rapid7"),
            "asff" => Some("security hub"),
            _ => None,
        }
    }

    /// How the files of a source are compared, if they are; and whether a person said so.
    #[must_use]
    pub fn of(settings: &Settings, format: &str) -> Option<(Self, bool)> {
        let usual = Self::usual(format);
        let (mut found, is_said) = match settings.snapshot.clone() {
            Some(said) => (said, true),
            None => (usual.clone()?, false),
        };
        found.taken = found.taken.or_else(|| usual?.taken);
        found.complete |= settings.complete;
        (!found.off).then_some((found, is_said))
    }

    /// Whether it can be followed; what is wrong with it, if not.
    pub(crate) fn check(&self) -> Result<(), String> {
        let columns = [self.scope.as_deref(), self.taken_column()];
        if columns.into_iter().flatten().any(|column| column.trim().is_empty()) {
            return Err("a column of `snapshot` needs a name".to_owned());
        }
        match self.taken {
            Some(Taken::Line(0)) => Err(format!("`{}` is no line before a header, they count from 1", shown("0"))),
            _ => Ok(()),
        }
    }

    fn taken_column(&self) -> Option<&str> {
        match &self.taken {
            Some(Taken::Column(column)) => Some(column),
            Some(Taken::Line(_)) | None => None,
        }
    }
}

/// What is read beside the events of a file: when it was taken, and to which part a record belongs.
pub(crate) struct Glance {
    settings: SnapshotSettings,
    clock: Clock,
    lines: u32,
    said: Option<Timestamp>,
    taken_at: Option<Timestamp>,
    part: Option<String>,
}

impl Glance {
    /// For one file of a source; nothing is looked for where its files are not compared.
    pub(crate) fn of(settings: &Settings, format: &str) -> Self {
        let snapshot = SnapshotSettings::of(settings, format).map(|(snapshot, _)| snapshot).unwrap_or_default();
        let said = settings.exported_at.as_deref().and_then(|text| Timestamp::parse(text).ok());
        Self { settings: snapshot, clock: Clock::of(settings), lines: 0, said, taken_at: None, part: None }
    }

    /// A line before the header.
    pub(crate) fn line(&mut self, line: &str) {
        self.lines = self.lines.saturating_add(1);
        if self.settings.taken != Some(Taken::Line(self.lines)) {
            return;
        }
        for cell in line.split(['"', ',', ';', '\t']) {
            // As in `05/14/2026 at 03:00:00 PM (GMT+0200)`: the zone a file names is never taken.
            let time = cell.split('(').next().unwrap_or_default().replace(" at ", " ");
            if let Ok(moment) = self.clock.read("", time.trim()) {
                self.taken_at = self.taken_at.max(Some(moment.end()));
            }
        }
    }

    /// A record.
    pub(crate) fn record(&mut self, given: &Given<'_>) {
        if let Some(Taken::Column(column)) = &self.settings.taken
            && let Some(text) = text_under(given, column)
            && let Ok(moment) = self.clock.read(column, &text)
        {
            self.taken_at = self.taken_at.max(Some(moment.end()));
        }
        self.part = self.settings.scope.as_deref().and_then(|column| text_under(given, column));
    }

    /// When the file was taken, as far as it was read: as a person says, else as it says itself.
    pub(crate) fn taken_at(&self) -> Option<Timestamp> {
        self.said.or(self.taken_at)
    }

    /// When the file says itself that it was taken, as far as it was read.
    pub(crate) const fn says_taken_at(&self) -> Option<Timestamp> {
        self.taken_at
    }

    /// To which part the last record belongs.
    pub(crate) fn part(&self) -> Option<&str> {
        self.part.as_deref()
    }
}

/// What a record says in a column, or under a path.
fn text_under(given: &Given<'_>, column: &str) -> Option<String> {
    match given {
        Given::Row(row) => {
            let place = row.columns().iter().position(|name| name.eq_ignore_ascii_case(column))?;
            row.cell(place).map(str::to_owned)
        }
        Given::Json(value) => value.word_at(&column.split('.').collect::<Vec<_>>()),
        Given::Xml(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings(json: &str) -> Settings {
        serde_json::from_str(json).unwrap()
    }

    #[test]
    fn a_file_says_when_it_was_taken_in_a_line_before_its_header() {
        let read = |settings: &Settings, line: &str| {
            let mut glance = Glance::of(settings, "qualys-csv");
            glance.line(line);
            glance.taken_at().map(|at| at.to_string())
        };
        let line = "\"Vulnerabilities\",\"05/14/2026 at 03:00:00 PM (GMT+0200)\"";
        let madrid = settings(r#"{"zone": "Europe/Madrid"}"#);
        assert_eq!(read(&madrid, line).as_deref(), Some("2026-05-14T13:00:00Z"));
        assert_eq!(read(&settings("{}"), line), None, "the zone it names is not taken");
        assert_eq!(read(&madrid, "\"Vulnerabilities\",\"03/04/2026 at 03:00:00 PM\""), None, "March or April?");
        let said = settings(r#"{"exported_at": "2026-05-15T00:00:00Z"}"#);
        assert_eq!(read(&said, line).as_deref(), Some("2026-05-15T00:00:00Z"), "whoever exported it knows better");
    }

    #[test]
    fn every_format_of_the_list_is_one() {
        for format in STATES {
            assert!(crate::foreign::Adapter::named(format).is_some(), "{format}");
        }
        assert!(SnapshotSettings::fits("asff") && SnapshotSettings::fits("ocsf") && !SnapshotSettings::fits("jira"));
    }

    #[test]
    fn the_scanner_of_a_difference_is_called_what_its_rows_call_it() {
        for format in STATES {
            let expected = !matches!(format, "defectdojo" | "ocsf");
            assert_eq!(SnapshotSettings::scanner(format).is_some(), expected, "{format}");
        }
        for (format, rows) in [
            ("tenable-csv", include_str!("../../../presets/tenable_csv.json")),
            ("qualys-csv", include_str!("../../../presets/qualys_vmdr.json")),
            ("wiz-issues-csv", include_str!("../../../presets/wiz_issues.json")),
            ("wiz-findings-csv", include_str!("../../../presets/wiz_findings.json")),
        ] {
            let named = format!(r#"{{"constant": "{}"}}"#, SnapshotSettings::scanner(format).unwrap());
            assert!(rows.contains(&format!(r#""actor": {named}"#)), "{format}");
        }
        assert_eq!(SnapshotSettings::scanner("csv"), None, "nobody knows whose table it is");
    }

    #[test]
    fn what_a_person_says_counts_and_the_rest_is_usual() {
        assert_eq!(SnapshotSettings::of(&settings("{}"), "csv"), None);
        assert!(!SnapshotSettings::of(&settings("{}"), "tenable-json").unwrap().1);
        let (found, is_said) =
            SnapshotSettings::of(&settings(r#"{"snapshot": {"complete": true}}"#), "tenable-json").unwrap();
        assert_eq!((found.complete, found.taken, is_said), (true, Some(Taken::Column("indexed".to_owned())), true));
        assert_eq!(SnapshotSettings::of(&settings(r#"{"snapshot": {"off": true}}"#), "tenable-json"), None);
        assert!(settings(r#"{"snapshot": {"taken": {"line": 0}}}"#).check().is_err());
        assert!(settings(r#"{"snapshot": {"scope": " "}}"#).check().is_err());
        assert!(settings(r#"{"snapshot": {"scope": "Region"}}"#).check().is_ok());
    }
}
