//! What does the board report say? Every number, sentence, table and chart of it, ready to be printed.

use serde::{Deserialize, Serialize};

use crate::svg::{Svg, TableTwin};

/// The layout of this document; a reader refuses another one.
pub const SCHEMA_VERSION: u32 = 1;

/// Charts drawn at this width come out with readable letters: the page is 170 mm wide inside its margins.
pub const CHART_WIDTH: u32 = 760;

/// One board report. Texts are printed as they are: nothing in them is markup.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Model {
    pub schema: u32,
    /// Title of the document.
    pub title: String,
    pub organisation: String,
    /// The period in words.
    pub subject: String,
    /// `en`
    pub language: String,
    /// Identifies the document for good; goes into its metadata and its footer.
    pub report_id: String,
    /// RFC 3339 in UTC, as `2026-07-01T00:00:00Z`.
    pub as_of: String,
    pub known_at: String,
    /// Moment of freezing, RFC 3339 in UTC: the date in the metadata.
    pub frozen_at: String,
    /// Hex digits of the hash over the model; the footer prints the first twelve.
    pub data_hash: String,
    /// `v1`
    pub definitions: String,
    /// `internal`; left out of the footer when empty.
    pub classification: String,
    pub watermark: Watermark,
    /// `Are we as safe as the report says?`
    pub question: String,
    /// The answer in one sentence or two.
    pub verdict: String,
    pub pair: Option<Pair>,
    pub messages_title: String,
    /// Three at most stand side by side.
    pub messages: Vec<Message>,
    pub charts: Vec<Chart>,
    pub tables_title: String,
    pub tables_note: Option<String>,
    pub tables: Vec<Table>,
    pub missing_title: String,
    /// What cannot be said yet, and what would make it sayable.
    pub missing: Vec<String>,
    pub decisions_title: String,
    pub decisions: Vec<String>,
}

/// A word across the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Watermark {
    None,
    Sample,
    Draft,
}

/// What the report shows and what happened.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Pair {
    pub paper: Figure,
    pub practice: Figure,
    /// `82.5 points apart`, or that the evidence shows no gap.
    pub gap: String,
}

/// A figure with what it rests on.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Figure {
    /// `On paper`
    pub name: String,
    /// 0 to 1; missing is not zero.
    pub share: Option<f64>,
    /// `96.7 %`, `no evidence`, `too few`
    pub value: String,
    /// Denominator and interval: `of 2 309 weaknesses were gone by the promised day (12.9–15.7)`
    pub note: String,
}

/// One thing to remember.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Message {
    pub head: String,
    pub text: String,
}

/// A drawing with the sentence that states its finding.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Chart {
    pub title: String,
    /// n, window, what is counted.
    pub note: String,
    /// What the drawing says, in words, with its values.
    pub alt: String,
    /// Markup with classes; the light palette is bound when it is printed.
    pub svg: String,
}

impl Chart {
    /// A drawn chart for print. Its own title and description become the spoken text.
    #[must_use]
    pub fn of(svg: &Svg, title: &str, note: &str) -> Self {
        let alt = format!("{}. {}", svg.title.trim_end_matches('.'), svg.description);
        Self { title: title.to_owned(), note: note.to_owned(), alt, svg: svg.markup.clone() }
    }
}

/// Rows of words; the first cell of a row names it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Table {
    pub caption: String,
    /// How much of the page's width it takes, compared with its neighbours.
    pub weight: u32,
    pub header: Vec<String>,
    pub rows: Vec<Vec<String>>,
}

impl Table {
    /// The twin of a chart.
    #[must_use]
    pub fn of(twin: &TableTwin, caption: &str, weight: u32) -> Self {
        Self { caption: caption.to_owned(), weight, header: twin.header.clone(), rows: twin.rows.clone() }
    }
}
