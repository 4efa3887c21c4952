//! What the page shows, in words and numbers already written.

use serde::{Deserialize, Serialize};

use crate::components::EquationView;

/// Every file, newest first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportsView {
    pub answer: Vec<String>,
    pub imports: Vec<ImportView>,
    /// Of one source, where the address says so.
    pub source: Option<String>,
    /// `The latest 200 of them.`; empty when all are shown.
    pub more: String,
    /// What is decided about the clock of the source, where the address names one.
    pub clock: Option<ClockView>,
    /// Its quality report, where the address names one import.
    pub quality: Option<QualityView>,
}

/// The quality report of an import.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct QualityView {
    pub title: String,
    /// Over what it is counted.
    pub note: String,
    pub rows: Vec<FigureRow>,
    /// Proposals for clocks that run ahead, and where somebody decides about each.
    pub clocks: Vec<(String, String)>,
    /// How it was read.
    pub mapping: String,
    pub mapping_href: Option<String>,
    /// When it was taken back and by whom; empty where it was not.
    pub withdrawn: String,
    /// Held lines by reason.
    pub reasons: Vec<String>,
    pub csv_href: String,
    pub api_href: String,
}

/// What is subtracted from the times of a source.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClockView {
    pub title: String,
    /// Every decision, the newest first.
    pub decisions: Vec<String>,
    /// Where a decision goes; none for readers who may not decide.
    pub action: Option<String>,
}

/// One figure of a report.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FigureRow {
    pub name: String,
    pub value: String,
    /// What share that is; empty where it is none.
    pub share: String,
    pub means: String,
}

/// One file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportView {
    pub id: String,
    pub file: String,
    pub source: String,
    /// Where it stands, in words.
    pub state: String,
    /// When it began and ended.
    pub times: String,
    /// How far it is, while there is something to wait for.
    pub progress: Option<ProgressView>,
    pub equation: EquationView,
    pub items: String,
    /// Where its quality report stands; none where it is shown already.
    pub report: Option<String>,
    /// What was noticed about it.
    pub notes: Vec<String>,
    /// Where a person says what words mean that no list knows; none where all were known.
    pub mend: Option<String>,
    pub may_pause: bool,
    pub may_resume: bool,
    pub may_cancel: bool,
    /// What a person has to decide first; none where nobody has to.
    pub decision: Option<DecisionView>,
    pub may_withdraw: bool,
}

/// What a person decides about a file in which too much is gone at once.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DecisionView {
    /// `9 of 10 items that were open are gone from this file.`
    pub words: String,
    /// Some that are gone.
    pub examples: Vec<String>,
    /// `and 1 898 more`; empty where all are named.
    pub more: String,
    /// How long the file is kept.
    pub until: String,
}

/// How far an import is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProgressView {
    pub id: String,
    pub bytes: u64,
    pub total_bytes: u64,
    /// `43 210 lines, 5.9 MB of 8.3 MB, 61 000 lines a second, about 4 s left.`
    pub words: String,
    /// Whether it goes on by itself.
    pub is_running: bool,
}
