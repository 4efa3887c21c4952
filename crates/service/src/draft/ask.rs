//! What does a person still have to say about a draft? Each with the field in which it is said.

use super::{Answers, Dated, Table, Words, answers::can_compare, more};
use crate::ingest::checked_slug;
use formats::foreign::{
    mapping::{Beyond, Mapping, Needs, Problem, Role},
    preview::Preview,
};

/// Something that was not said, or cannot be followed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ask {
    /// The id of the field on the page.
    pub place: String,
    /// What is asked, as a sentence.
    pub what: String,
    /// Whether the file cannot be imported before; else it says what will follow.
    pub blocks: bool,
}

impl Ask {
    pub(super) fn must(place: impl Into<String>, what: impl Into<String>) -> Self {
        Self { place: place.into(), what: what.into(), blocks: true }
    }

    fn may(place: impl Into<String>, what: impl Into<String>) -> Self {
        Self { blocks: false, ..Self::must(place, what) }
    }
}

/// What is asked of a draft.
pub(super) struct Asking<'a> {
    pub(super) answers: &'a Answers,
    pub(super) words: &'a [Words],
    /// What cannot be followed of the saved mapping in this file.
    pub(super) lacks: &'a [String],
    /// What cannot be followed of what was answered.
    pub(super) problems: &'a [Problem],
    pub(super) table: Option<&'a Table>,
    pub(super) needs: &'a Needs,
    pub(super) mapping: Option<&'a Mapping>,
    pub(super) preview: Option<&'a Preview>,
    /// What is known of the moment of its export.
    pub(super) dated: &'a Dated,
    /// Why it cannot be read as it was said.
    pub(super) fault: Option<&'a (String, String)>,
}

impl Asking<'_> {
    pub(super) fn all(&self) -> Vec<Ask> {
        let mut asks = Vec::new();
        self.format(&mut asks);
        if let Err(refusal) = checked_slug(&self.answers.source) {
            asks.push(Ask::must("source", format!("{}: {}.", refusal.detail, refusal.hint.unwrap_or_default())));
        }
        if self.answers.is_table() && self.table.is_some() {
            self.saved(&mut asks);
            self.columns(&mut asks);
            let columns = self.table.map(|table| table.columns.as_slice()).unwrap_or_default();
            more::asks(self.answers, columns, self.problems, &mut asks);
        }
        self.words(&mut asks);
        self.states(&mut asks);
        self.times(&mut asks);
        self.nothing(&mut asks);
        asks
    }

    fn format(&self, asks: &mut Vec<Ask>) {
        if self.answers.format.is_empty() {
            asks.push(Ask::must("format", "Several formats look like this: say which one it is."));
        } else if let Some((code, what)) = self.fault {
            let place = if code == "encoding_unknown" { "encoding" } else { "format" };
            asks.push(Ask::must(place, format!("It cannot be read as that: {what}.")));
        }
    }

    /// What of the saved mapping this file cannot follow.
    fn saved(&self, asks: &mut Vec<Ask>) {
        if !self.answers.gone.is_empty() {
            let gone = self.answers.gone.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
            asks.push(Ask::may("columns", format!("The saved mapping also reads {gone}, which this file lacks.")));
        }
        // Of answers alone the questions below speak.
        if !matches!(self.answers.beyond, Beyond::Nothing) && !self.answers.anew {
            for lack in self.lacks {
                let what =
                    format!("What was saved beyond these questions does not fit: {lack}. Leave it behind, or mend it.");
                asks.push(Ask::must("anew", what));
            }
        }
    }

    fn columns(&self, asks: &mut Vec<Ask>) {
        let columns = self.table.map(|table| table.columns.as_slice()).unwrap_or_default();
        for (place, column) in columns.iter().enumerate() {
            let Some(role) = Role::named(&column.role).filter(|role| !role.may_repeat()) else { continue };
            let before = columns.iter().take(place).find(|earlier| earlier.role == column.role);
            if let Some(before) = before {
                let what = format!("`{}` and `{}` both mean “{}”: keep one.", before.name, column.name, role.title);
                asks.push(Ask::must(format!("column-{place}"), what));
            }
        }
        let has = |word: &str| columns.iter().any(|column| column.role == word);
        if self.mapping.is_some_and(|mapping| mapping.item.is_empty()) {
            asks.push(Ask::must(
                "columns",
                "Nothing names the item: choose the columns of the weakness and of the asset, or of an id.",
            ));
        }
        if self.mapping.is_some_and(|mapping| mapping.events.is_empty()) {
            asks.push(Ask::must("columns", "No column says when anything happened: choose at least one."));
        } else if !has("detected") && !has("seen") {
            asks.push(Ask::may(
                "columns",
                "No column says when it was first detected: the wall clock will begin later than the weakness did.",
            ));
        }
        if !has("severity") && !self.answers.constants().contains_key("severity") {
            asks.push(Ask::may(
                "columns",
                "No column holds the severity: every item will count as medium, and say so.",
            ));
        }
    }

    /// Words that mean nothing yet, of the whole file.
    fn words(&self, asks: &mut Vec<Ask>) {
        for words in self.words {
            let place = format!("{}-words", words.name);
            if words.too_many {
                let what = format!("“{}” holds too many different words to be explained one by one.", words.title);
                asks.push(Ask::may(place, what));
                continue;
            }
            let (open, times) = words.open;
            if open > 0 {
                let of = if self.answers.is_table() { words.name.as_str() } else { words.title.as_str() };
                let what = if self.answers.is_table() {
                    format!("{open} of {} {of} words, in {times} rows, mean nothing yet: {}.", words.all, words.unsaid)
                } else {
                    format!(
                        "{open} of {} words of {of}, met {times} times, mean nothing yet: {}.",
                        words.all, words.unsaid
                    )
                };
                asks.push(Ask::may(place, what));
            }
        }
    }

    /// What the file is as a list of what stands.
    fn states(&self, asks: &mut Vec<Ask>) {
        let answers = self.answers;
        if !can_compare(&answers.format) || !matches!(answers.states.as_str(), "part" | "complete") {
            return;
        }
        let scope = answers.scope.trim();
        let has = |table: &Table| table.columns.iter().any(|column| column.name.eq_ignore_ascii_case(scope));
        if !scope.is_empty() && self.table.is_some_and(|table| !has(table)) {
            asks.push(Ask::must(
                "scope",
                format!("No column is called `{scope}`: choose one of the file, or leave it empty."),
            ));
        }
    }

    fn times(&self, asks: &mut Vec<Ask>) {
        let answers = self.answers;
        if !answers.zone.is_empty() && !answers.zone_is_known() {
            let what = format!("`{}` is no zone: choose a name as in Europe/Berlin.", answers.zone);
            asks.push(Ask::must("zone", what));
        } else if let Some(example) = self.needs.zone.as_ref().filter(|_| answers.zone.is_empty()) {
            asks.push(Ask::must(
                "zone",
                format!("`{example}` has no zone: say in which one these times were written."),
            ));
        }
        if let Some(example) = self.needs.order.as_ref().filter(|_| answers.order.is_empty()) {
            asks.push(Ask::must("order", format!("`{example}` can be read in two ways: say what comes first.")));
        }
        if let Some(example) = self.needs.excel.as_ref().filter(|_| !answers.excel) {
            asks.push(Ask::may("excel", format!("`{example}` stands where a time should: if Excel wrote it, say so.")));
        }
        if let Some(example) = self.needs.repeated.as_ref().filter(|_| answers.repeated.is_empty()) {
            let what =
                format!("`{example}` came twice when the clock went back: such lines are held until you say which.");
            asks.push(Ask::may("repeated", what));
        }
        let is_needed = *self.dated == Dated::Missing { blocks: true };
        if !answers.export_is_known() && (is_needed || !answers.exported_at.is_empty()) {
            asks.push(Ask::must("exported_at", "Say when the file was exported, as in 2026-03-01T10:00:00Z."));
        }
    }

    /// Settings that fit no row.
    fn nothing(&self, asks: &mut Vec<Ask>) {
        let Some(preview) = self.preview else { return };
        let is_silent = preview.events.is_empty() && self.answers.is_table();
        if is_silent && !asks.iter().any(|ask| ask.blocks) {
            let what =
                format!("Not one event comes of the first {} records: look at what is held below.", preview.rows);
            asks.push(Ask::must("columns", what));
        }
    }
}
