//! How does a table of a tool nobody foresaw become events? By a mapping that a person chose, saw at work, and saved.
//!
//! A [`Mapping`] is data: which columns name an item, which fill the fields of an event, and which event a row tells of
//! under which condition and when. It serialises to JSON and back. [`Sample`] reads the beginning of a table,
//! [`propose`] makes a first mapping of it, [`Mapping::problems`] says what cannot be followed and in which part, and
//! [`super::preview`] shows what would come of it. The known exports of tools are mappings as well, see [`preset`].
//!
//! ```
//! use formats::foreign::{Settings, mapping::{Mapping, Sample, propose}};
//!
//! let file = "Finding;Server;Opened;Closed\nR-1;web-01;2026-03-01T10:00:00Z;\nR-2;web-02;2026-03-02T10:00:00Z;\n";
//! let sample = Sample::read(file.as_bytes(), &Settings::default(), 200)?;
//! let mapping: Mapping = propose(&sample.columns, &sample.rows);
//! assert_eq!(mapping.item, "{Finding}@{Server}");
//! assert!(mapping.problems(Some(&sample.columns)).is_empty());
//! # Ok::<(), formats::file_fault::FileFault>(())
//! ```

mod check;
mod choices;
pub(super) mod find;
mod need;
mod plan;
pub(super) mod presets;
mod propose;
mod reading;
mod role;
mod sample;
mod saved;
mod shape;
mod template;
mod translate;
mod value;
mod wishes;
pub(super) mod words;

pub use check::Problem;
pub use choices::Choices;
pub use need::{Needs, zones};
pub use presets::{preset, presets};
pub use propose::propose;
pub use role::{LEVELS, ROLES, Role, STATES};
pub use sample::{Sample, status_words};
pub use saved::{Beyond, Taken};
pub(super) use translate::ADAPTER as CSV;

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What is made of the rows of a table.
///
/// Names of columns are compared as they stand, and where none is equal, without regard to case, blanks and signs.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Mapping {
    /// Its name for people.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub title: String,
    /// Columns by which such a table is told from others; only presets need them.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub header: Vec<String>,
    /// Whether a table may lack columns that are named here: they then say nothing. Else it is refused.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub lenient: bool,
    /// Whether a report names its zone in the lines before the header: the zone is offered, never taken.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub report_zone: bool,
    /// Rows that count: those for which all of this holds. The others are counted as no news.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub rows: Vec<Condition>,
    /// What names the item, as a template: `{Plugin ID}@{Host}[:{Port}]`. A part in brackets is left out where one of its
    /// columns says nothing; `{Host|IP Address}` takes the first of them that says something; `\` before a sign takes it
    /// as it stands.
    pub item: String,
    /// What the tool calls the record, as a template; the item where there is none. It must not change from one export
    /// to the next.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub native: String,
    /// The column that holds the status.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<String>,
    /// Status words that are no news of their own, as *open*.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub open: Vec<String>,
    /// What numbers in the field `severity` mean.
    #[serde(skip_serializing_if = "Scale::is_words")]
    pub scale: Scale,
    /// Fields of the events. What describes the item goes with its first event, what describes an act with every one.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub fields: BTreeMap<String, Origin>,
    /// What the table's words mean, by field: for `severity`, `kind` and other fields the word of the event, for `status`
    /// the word that the conditions are written in.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub values: BTreeMap<String, BTreeMap<String, String>>,
    /// Which events a row tells of, in this order.
    pub events: Vec<Emit>,
    /// Columns that a person saw and left unused: what is not here and not used is new.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub unused: Vec<String>,
}

impl Mapping {
    /// The columns it names outside of templates, each once, to find the header of a table by.
    pub(super) fn columns(&self) -> Vec<&str> {
        let conditions = self.rows.iter().chain(self.events.iter().flat_map(|emit| &emit.when));
        let origins = self.fields.values().chain(self.events.iter().flat_map(|emit| emit.fields.values()));
        let mut columns: Vec<&str> = conditions.map(|condition| condition.column.as_str()).collect();
        columns.extend(self.header.iter().chain(&self.status).map(String::as_str));
        columns.extend(origins.filter_map(|origin| match origin {
            Origin::Column(column) => Some(column.as_str()),
            Origin::Template(_) | Origin::Constant(_) => None,
        }));
        for emit in &self.events {
            match &emit.at {
                At::Column(column) => columns.push(column),
                At::FirstOf(names) => columns.extend(names.iter().map(String::as_str)),
                At::Between(window) => columns.extend(window.after.iter().chain(&window.by).map(String::as_str)),
            }
        }
        columns.sort_unstable();
        columns.dedup();
        columns
    }
}

/// Where the value of a field comes from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Origin {
    /// A column.
    Column(String),
    /// Columns and text, as in [`Mapping::item`]; it says nothing where a column that it needs says nothing.
    Template(String),
    /// The same in every row.
    Constant(String),
}

/// What a cell must be; of several tests each must hold. Words are compared without regard to case.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Condition {
    /// The column.
    pub column: String,
    /// It says one of these words.
    #[serde(rename = "in", skip_serializing_if = "Vec::is_empty")]
    pub any_of: Vec<String>,
    /// It says something, and none of these words.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub not_in: Vec<String>,
    /// It begins with one of these.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub starts_with: Vec<String>,
    /// It says something at all, or nothing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub filled: Option<bool>,
}

/// An event that a row tells of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Emit {
    /// The event, in the word of the vocabulary.
    pub event: String,
    /// When it is told: where all of this holds; always, where nothing stands here.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub when: Vec<Condition>,
    /// At which moment it happened.
    pub at: At,
    /// Fields of this event alone.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub fields: BTreeMap<String, Origin>,
    /// Rules of data quality that are met by it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub rules: Vec<String>,
}

/// When an event happened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum At {
    /// At the time in this column.
    Column(String),
    /// At the time in the first of these columns that says something.
    FirstOf(Vec<String>),
    /// Nobody recorded it; it lies between two times.
    Between(Window),
}

/// The bounds of a moment that nobody recorded: each the first of its columns that says something.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Window {
    /// It was not before; without any, not before the first sighting.
    pub after: Vec<String>,
    /// It was not later.
    pub by: Vec<String>,
    /// Where no column says when it was not later: whether the moment of the export does, see
    /// [`super::Settings::exported_at`].
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub exported: bool,
}

/// What numbers mean where a severity is expected.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Scale {
    /// Nothing that is not said in the values.
    #[default]
    Words,
    /// A score from 0 to 10 as CVSS counts: critical from 9, high from 7, medium from 4.
    Score,
    /// Rapid7's: critical from 8, high from 4, medium from 1.
    Rapid7,
}

impl Scale {
    #[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands out references")]
    fn is_words(&self) -> bool {
        *self == Self::Words
    }
}

/// The field of [`Mapping::values`] that stands for the status.
const STATUS: &str = "status";

/// Fields that the mapping has its own places for.
const OWN_FIELDS: [&str; 6] = ["at", "at_latest", "certainty", "event", "id", "item_id"];

/// Fields of `extra`.
const EXTRA_PREFIX: &str = "extra.";
