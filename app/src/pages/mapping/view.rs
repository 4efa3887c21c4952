//! What the page shows, in words and numbers already written.

use serde::{Deserialize, Serialize};

use crate::components::{ChartView, ChoiceView};

/// A draft, or that there is none.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum DraftView {
    Here(Box<MappingView>),
    /// Imported, discarded, forgotten, or never there.
    Gone,
}

/// A file that waits, what was said about it, and what would come of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MappingView {
    pub answer: Vec<String>,
    /// `scan.csv`
    pub file: String,
    /// The way from file to figures: a name each, and whether that part is done.
    pub steps: Vec<(String, bool)>,
    /// What is known of the file itself: name and value.
    pub facts: Vec<(String, String)>,
    /// The address of the form.
    pub action: String,
    /// Makes a form that was sent twice act once.
    pub idempotency: String,
    pub asks: Vec<AskView>,
    pub settings: SettingsView,
    /// The saved mapping it began with, if it did.
    pub kept: Option<KeptView>,
    pub columns: Option<ColumnsView>,
    /// What few tables need said.
    pub more: Option<MoreView>,
    /// Words a person may have to explain.
    pub words: Vec<WordsView>,
    pub rows: Option<RowsView>,
    pub preview: Option<PreviewView>,
    pub clocks: Vec<ClockView>,
    /// Whether the mapping will be saved for the source.
    pub may_save: bool,
}

/// Something that has to be said, or that follows if it is not.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AskView {
    /// The id of its field.
    pub place: String,
    pub sentence: String,
    pub blocks: bool,
}

/// A closed list with what is wrong with the choice.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PickView {
    pub name: String,
    pub label: String,
    /// What stands for no choice; no such choice where it is empty.
    pub none: String,
    pub choices: Vec<ChoiceView>,
    pub chosen: String,
    pub help: String,
    pub error: String,
}

/// A text with what is wrong with it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TypedView {
    pub name: String,
    pub label: String,
    pub value: String,
    pub help: String,
    pub error: String,
    /// Values that are offered while typing.
    pub offered: Vec<String>,
}

/// How the file is read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SettingsView {
    pub format: PickView,
    pub source: TypedView,
    pub zone: TypedView,
    pub exported_at: TypedView,
    /// Order of dates and kind.
    pub picks: Vec<PickView>,
    /// What few files leave open: decimal sign, repeated hour, encoding, scale.
    pub more: Vec<PickView>,
    /// Whether numbers are days as Excel counts them, and what asks for it.
    pub excel: (bool, String),
    /// What its files are as lists of what stands, where they can be.
    pub states: Option<StatesView>,
}

/// What the files of a source are as lists of what stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StatesView {
    pub states: PickView,
    pub scope: TypedView,
    /// Whether a file in which too much is gone is taken.
    pub accept_gone: bool,
}

/// The saved mapping a draft began with.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeptView {
    /// `It begins with version 3 of the mapping of scanner.`
    pub title: String,
    pub href: String,
    /// What goes along without being asked for.
    pub lines: Vec<String>,
    /// Whether that is left behind, and what is wrong with it; none where it cannot be.
    pub anew: Option<(bool, String)>,
}

/// What each column means.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ColumnsView {
    pub title: String,
    pub note: String,
    /// What is wrong with all of them together.
    pub errors: Vec<String>,
    /// Meanings by group: word and title.
    pub groups: Vec<(String, Vec<ChoiceView>)>,
    pub rows: Vec<ColumnView>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ColumnView {
    /// Its place in the file, from 0.
    pub place: String,
    pub name: String,
    /// Some of its cells.
    pub cells: Vec<String>,
    /// `198 of 200 filled`
    pub filled: String,
    pub role: String,
    pub error: String,
}

/// What few tables need said.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MoreView {
    /// What was said is not folded away.
    pub is_open: bool,
    pub item_id: TypedView,
    pub fixed: Vec<FixedView>,
    /// What can be the same in every row.
    pub roles: Vec<ChoiceView>,
    pub filters: Vec<FilterView>,
    /// The columns that have a name.
    pub columns: Vec<ChoiceView>,
    pub null_words: LinesView,
}

/// A value that is the same in every row.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FixedView {
    pub role: String,
    pub value: String,
    pub error: String,
}

/// A test that rows must pass to count.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FilterView {
    pub column: String,
    /// `in` or `not_in`
    pub test: String,
    /// One a line.
    pub words: String,
    pub error: String,
}

/// A text of several lines.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LinesView {
    pub label: String,
    pub value: String,
    pub help: String,
}

/// What each word of a column or list means.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WordsView {
    /// The name of the list: `status`
    pub name: String,
    /// Where it is kept what they mean: `status`, `severity` or `resolution`
    pub kind: String,
    pub title: String,
    pub note: String,
    pub choices: Vec<ChoiceView>,
    pub rows: Vec<WordView>,
}

/// One word.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WordView {
    /// What the answers know it by.
    pub key: String,
    /// What people read.
    pub words: String,
    pub count: String,
    /// What it means; empty where nobody said.
    pub said: String,
    /// What stands for no answer: `as usual: Being worked on`, or that it means nothing yet.
    pub none: String,
}

/// Rows as they stand in the file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RowsView {
    pub caption: String,
    pub header: Vec<String>,
    pub rows: Vec<Vec<String>>,
}

/// What would come of the first records.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PreviewView {
    pub title: String,
    pub note: String,
    /// Received, accepted, held, no event.
    pub counts: [String; 4],
    /// Events by name.
    pub events: Vec<(String, String)>,
    /// The first of them as sentences.
    pub sentences: Vec<String>,
    /// Reason, its meaning, lines.
    pub held: Vec<(String, String, String)>,
    /// The first held lines as sentences.
    pub held_lines: Vec<String>,
    /// What is no news, and how often.
    pub quiet: Vec<(String, String)>,
    /// Rule, what is done, how often, by what.
    pub rules: Vec<[String; 4]>,
}

/// The two clocks of one item.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClockView {
    pub item: String,
    pub sentences: Vec<String>,
    pub chart: ChartView,
    pub caption: String,
}
