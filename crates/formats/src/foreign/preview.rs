//! What would come of a file, before anything of it is taken? Whatever its format: rows, events, what is held and why.

use super::{Adapter, Class, Foreign, Settings, spread::Spread};
use crate::{
    canonical::{Draft, Outcome},
    file_fault::FileFault,
    held::Held,
};
use domain::{event::Certainty, time::Timestamp};
use serde::{Deserialize, Serialize};
use std::{collections::BTreeMap, io::BufRead};

/// So many rows are shown from the beginning, and as many from all over the rest.
pub const SHOWN_ROWS: usize = super::spread::ROWS_MAX;

/// So many examples are kept of a rule.
const EXAMPLES_MAX: usize = 5;

/// What would come of a file.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Preview {
    /// The format it was read as.
    pub format: String,
    /// Records that were read; blank lines are none.
    pub rows: u64,
    /// Whether that was all of the file.
    pub whole: bool,
    /// Events that would be made, by their name.
    pub events: BTreeMap<String, u64>,
    /// How sure their times are, by word.
    pub certainty: BTreeMap<String, u64>,
    /// Lines that would be held, by their reason.
    pub held: BTreeMap<String, u64>,
    /// What is understood and no news, by type.
    pub no_event: BTreeMap<String, u64>,
    /// Rules of data quality that were met.
    pub rules: BTreeMap<String, MetRule>,
    /// Different items.
    pub items: u64,
    /// The earliest time of an event.
    pub first_at: Option<String>,
    /// The latest.
    pub last_at: Option<String>,
    /// When the file says it was taken, as far as it was read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub taken_at: Option<String>,
    /// The first rows, and some from all over the rest, each with what was made of it.
    pub sample: Vec<PreviewRow>,
    /// Why reading ended before the end, as a code and a sentence.
    pub fault: Option<(String, String)>,
}

/// A rule that was met.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct MetRule {
    /// What is done about it: `held`, `repaired` or `flagged`.
    pub class: String,
    /// How often.
    pub count: u64,
    /// By what, a few times.
    pub examples: Vec<String>,
}

/// A row with what was made of it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PreviewRow {
    /// The number of the record, from 1; the header is none.
    pub row: u64,
    /// The line it begins on.
    pub line: u64,
    /// Its events, in order.
    pub events: Vec<PreviewEvent>,
    /// Why parts of it, or all of it, would be held.
    pub held: Vec<PreviewHeld>,
    /// What of it is no news.
    pub no_event: Vec<String>,
}

/// An event of a row.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PreviewEvent {
    /// The item it happened to.
    pub item: String,
    /// What happened.
    pub event: String,
    /// When, or the earliest it can have been.
    pub at: String,
    /// The latest it can have been.
    pub at_latest: Option<String>,
    /// The canonical text.
    pub canonical: String,
}

/// Why something would be held.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PreviewHeld {
    /// The reason, of the closed list.
    pub reason: String,
    /// The column or field it lies in, if it is one.
    pub column: Option<String>,
    /// What is wrong.
    pub detail: String,
    /// What to do.
    pub hint: Option<String>,
}

/// Reads the first rows of a file as a format and says what would come of them. At most `rows_max` rows are read.
///
/// ```
/// use formats::foreign::{Adapter, Settings, preview::preview};
///
/// let settings: Settings = serde_json::from_str(r#"{"mapping": {
///     "item": "{Rule}@{Host}",
///     "events": [{"event": "detected", "at": {"column": "Opened"}}]
/// }}"#)?;
/// let file = "Rule,Host,Opened\n7,web-01,2026-03-01T10:00:00Z\n8,web-01,2026-03-01 10:00\n";
/// let seen = preview(file.as_bytes(), Adapter::named("csv").ok_or("no such format")?, &settings, 1_000)?;
/// assert_eq!((seen.rows, seen.events["detected"], seen.held["naive_time"]), (2, 1, 1));
/// assert_eq!(seen.sample[1].held[0].column.as_deref(), Some("Opened"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// [`FileFault`] when it cannot be opened as that format; a fault further on ends the preview and stands in it.
pub fn preview<R: BufRead>(
    input: R,
    adapter: Adapter,
    settings: &Settings,
    rows_max: u64,
) -> Result<Preview, FileFault> {
    let mut foreign = Foreign::open(input, adapter, settings)?;
    let mut seen = Seen::default();
    seen.preview.format = adapter.name.to_owned();
    while seen.preview.rows < rows_max {
        match foreign.next_record() {
            Ok(Some(record)) => {
                // What only the end of a file can say is no row of it.
                let is_row = !record.raw.is_empty();
                seen.preview.rows = seen.preview.rows.saturating_add(u64::from(is_row));
                seen.record(record.place.line, record.understood);
            }
            Ok(None) => {
                seen.preview.whole = true;
                break;
            }
            Err(fault) => {
                seen.preview.fault = Some((fault.code().to_owned(), fault.to_string()));
                break;
            }
        }
    }
    seen.preview.taken_at = foreign.says_taken_at().map(|at| at.to_string());
    Ok(seen.done())
}

/// What was seen so far.
#[derive(Default)]
struct Seen {
    preview: Preview,
    items: std::collections::BTreeSet<String>,
    first: Option<Timestamp>,
    last: Option<Timestamp>,
    spread: Spread<PreviewRow>,
}

impl Seen {
    fn record(&mut self, line: u64, understood: super::Understood) {
        let mut row = PreviewRow { row: self.preview.rows, line, ..PreviewRow::default() };
        for (rule, what) in understood.met {
            let met = self.preview.rules.entry(rule.as_str().to_owned()).or_default();
            met.class = Class::as_str(rule.class()).to_owned();
            met.count = met.count.saturating_add(1);
            if met.examples.len() < EXAMPLES_MAX && !met.examples.iter().any(|example| **example == *what) {
                met.examples.push(what.into());
            }
        }
        for (what, count) in understood.no_event {
            let sum = self.preview.no_event.entry(what.as_ref().to_owned()).or_default();
            *sum = sum.saturating_add(count);
            row.no_event.push(what.into());
        }
        for outcome in understood.outcomes {
            match outcome {
                Outcome::Event(draft) => row.events.push(self.event(*draft)),
                Outcome::Held(held) => {
                    count(&mut self.preview.held, held.reason.as_str());
                    row.held.push(PreviewHeld::of(held));
                }
            }
        }
        if self.preview.sample.len() < SHOWN_ROWS {
            self.preview.sample.push(row);
        } else {
            self.spread.offer_with(|| row);
        }
    }

    fn event(&mut self, draft: Draft) -> PreviewEvent {
        count(&mut self.preview.events, draft.name.as_str());
        let certainty = match draft.certainty {
            Certainty::Observed => "observed",
            Certainty::Derived => "derived",
            Certainty::Inferred => "inferred",
        };
        count(&mut self.preview.certainty, certainty);
        self.first = Some(self.first.map_or(draft.at, |first| first.min(draft.at)));
        self.last = Some(self.last.map_or(draft.at, |last| last.max(draft.at)));
        self.items.insert(draft.item_id.clone());
        PreviewEvent {
            item: draft.item_id,
            event: draft.name.as_str().to_owned(),
            at: draft.at.to_string(),
            at_latest: draft.at_latest.map(|latest| latest.to_string()),
            canonical: draft.canonical,
        }
    }

    fn done(mut self) -> Preview {
        self.preview.items = self.items.len() as u64;
        self.preview.first_at = self.first.map(|first| first.to_string());
        self.preview.last_at = self.last.map(|last| last.to_string());
        self.preview.sample.extend(self.spread.into_rows());
        self.preview
    }
}

impl PreviewHeld {
    fn of(held: Held) -> Self {
        let reason = held.reason.as_str().to_owned();
        match held.faults.into_iter().next() {
            Some(fault) => {
                Self { reason, column: fault.field.map(String::from), detail: fault.detail, hint: fault.hint }
            }
            None => Self { reason, column: None, detail: String::new(), hint: None },
        }
    }
}

fn count(counts: &mut BTreeMap<String, u64>, what: &str) {
    let count = counts.entry(what.to_owned()).or_default();
    *count = count.saturating_add(1);
}
