//! Which words does a whole file use, and how often? In one pass, and never more of them than a person could explain.

use super::{KeptIn, speaker};
use crate::{
    file_fault::FileFault,
    foreign::{Adapter, Foreign, Given, Settings, Translate, Understood, spread::Spread},
};
use serde::{Deserialize, Serialize};
use std::{collections::BTreeMap, io::BufRead};

/// Different words of a list; what has more of them is no vocabulary.
const WORDS_MAX: usize = 1_000;
/// Bytes of a word; what is longer is no word.
const WORD_BYTES_MAX: usize = 300;
/// Bytes of all words together; beyond them the list with most words is given up.
const BYTES_MAX: usize = 4 << 20;
/// Rows of a table from its beginning that others look at themselves; those from all over the rest come after them.
pub const ROWS_FIRST: u64 = 2_000;
/// Bytes of a row that is kept; a longer one is passed over.
const ROW_BYTES_MAX: usize = 16 << 10;

/// The words of a file.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Heard {
    /// The words of each list, in the order of the lists; of a table without a format those of each column.
    pub lists: Vec<HeardList>,
    /// Records that were read.
    pub records: u64,
    /// Rows from all over a table, beyond the first [`ROWS_FIRST`].
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub rows: Vec<Vec<String>>,
    /// Why reading ended before the end of the file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fault: Option<String>,
}

/// The words of one list.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HeardList {
    /// Each word, the most frequent first.
    pub words: Vec<HeardWord>,
    /// Whether there were so many of them that it is no vocabulary; then none are kept.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub too_many: bool,
}

/// A word as a file uses it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HeardWord {
    /// What the settings know it by: an id where the tool has one, for a name may be translated.
    pub key: String,
    /// What people read, where that is something else.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub label: String,
    /// What else the file says of it, by which its format may know it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub hint: String,
    /// How often it stands there.
    pub count: u64,
}

/// The words so far.
#[derive(Default)]
pub(crate) struct Hearing {
    lists: Vec<(BTreeMap<String, HeardWord>, bool)>,
    bytes: usize,
}

impl Hearing {
    /// Counts a word of a list.
    pub(crate) fn word(&mut self, list: usize, key: &str) {
        self.named(list, key, "", "");
    }

    /// Counts a word that people read otherwise than the settings, or of which the file says more.
    pub(crate) fn named(&mut self, list: usize, key: &str, label: &str, hint: &str) {
        while self.lists.len() <= list {
            self.lists.push((BTreeMap::new(), false));
        }
        let Some((words, too_many)) = self.lists.get_mut(list).filter(|(_, too_many)| !too_many) else { return };
        if let Some(known) = words.get_mut(key) {
            known.count = known.count.saturating_add(1);
            if known.hint.is_empty() && !hint.is_empty() {
                hint.clone_into(&mut known.hint);
            }
            return;
        }
        if key.len() > WORD_BYTES_MAX || words.len() >= WORDS_MAX {
            *too_many = true;
            let freed: usize = std::mem::take(words).into_keys().map(|word| word.len()).sum();
            self.bytes = self.bytes.saturating_sub(freed);
            return;
        }
        let label = if label == key { "" } else { label };
        let short = |text: &str| text.chars().take(WORD_BYTES_MAX).collect::<String>();
        let word = HeardWord { key: key.to_owned(), label: short(label), hint: short(hint), count: 1 };
        words.insert(key.to_owned(), word);
        self.bytes = self.bytes.saturating_add(key.len());
        if self.bytes > BYTES_MAX {
            self.give_up();
        }
    }

    /// Gives up the list with most words.
    fn give_up(&mut self) {
        if let Some((words, too_many)) = self.lists.iter_mut().max_by_key(|(words, _)| words.len()) {
            *too_many = true;
            let freed: usize = std::mem::take(words).into_keys().map(|word| word.len()).sum();
            self.bytes = self.bytes.saturating_sub(freed);
        }
    }

    fn done(self, lists: usize) -> Vec<HeardList> {
        let mut found: Vec<HeardList> = self
            .lists
            .into_iter()
            .map(|(words, too_many)| {
                let mut words: Vec<HeardWord> = words.into_values().collect();
                words.sort_by(|one, other| other.count.cmp(&one.count).then_with(|| one.key.cmp(&other.key)));
                HeardList { words, too_many }
            })
            .collect();
        found.resize_with(found.len().max(lists), HeardList::default);
        found
    }
}

/// Understands nothing: the words of a table are heard before anybody says what its columns mean.
struct Silent;

impl Translate for Silent {
    fn record(&mut self, _record: &Given<'_>, _understood: &mut Understood) {}
}

/// Gathers the words of a whole file; of a table without a format those of every column, and rows from all over it. A fault
/// further on ends the reading and stands in the answer.
///
/// # Errors
/// [`FileFault`] when it cannot be opened as that format.
pub fn heard<R: BufRead>(input: R, adapter: Adapter, settings: &Settings) -> Result<Heard, FileFault> {
    // What was said about words is no reason not to hear them.
    let plain = Settings {
        text_encoding: settings.text_encoding,
        null_words: settings.null_words.clone(),
        ..Settings::default()
    };
    let is_table = adapter.name == mapping_name();
    let adapter = if is_table { Adapter { begin: |_| Box::new(Silent), ..adapter } } else { adapter };
    let Some(mut said) = speaker(adapter.name).map(Some).or(is_table.then_some(None)) else {
        return Ok(Heard::default());
    };
    let lists = said.as_ref().map_or(0, |speaker| speaker.lists(settings).len());
    let (mut hearing, mut spread, mut records) = (Hearing::default(), Spread::default(), 0_u64);
    let mut foreign = Foreign::open(input, adapter, &plain)?;
    let read = foreign.each_given(|given| {
        records = records.saturating_add(1);
        match (&mut said, given) {
            (Some(speaker), given) => speaker.hear(given, settings, &mut hearing),
            (None, Given::Row(row)) => {
                for place in 0..row.columns().len() {
                    if let Some(cell) = row.raw_cell(place).filter(|cell| !cell.is_empty()) {
                        hearing.word(place, cell);
                    }
                }
                if records > ROWS_FIRST {
                    spread.offer_with(|| cells(row));
                }
            }
            (None, Given::Json(_) | Given::Xml(_)) => {}
        }
    });
    let fault = read.err().map(|fault| fault.to_string());
    let rows = spread.into_rows().into_iter().filter(|row| !row.is_empty()).collect();
    Ok(Heard { lists: hearing.done(lists), records, rows, fault })
}

const fn mapping_name() -> &'static str {
    crate::foreign::mapping::CSV.name
}

/// The cells of a row; none of one that is too long to be kept.
fn cells(row: &crate::foreign::table::Row<'_>) -> Vec<String> {
    let cells = || (0..row.columns().len()).map(|place| row.raw_cell(place).unwrap_or_default());
    if cells().map(str::len).sum::<usize>() > ROW_BYTES_MAX { Vec::new() } else { cells().map(str::to_owned).collect() }
}

impl HeardWord {
    /// What a person said it means, by its key or by its name, whatever their case.
    #[must_use]
    pub fn said<'a>(&self, settings: &'a Settings, kept_in: KeptIn) -> Option<&'a str> {
        let said = match kept_in {
            KeptIn::Statuses => &settings.statuses,
            KeptIn::Severities => &settings.severities,
            KeptIn::Resolutions => &settings.jira.resolutions,
        };
        let under = |name: &str| {
            let lower = name.to_lowercase();
            said.get(name)
                .or_else(|| said.iter().find(|(known, _)| known.to_lowercase() == lower).map(|(_, meant)| meant))
        };
        let found = under(&self.key).or_else(|| under(&self.label).filter(|_| !self.label.is_empty()));
        found.map(String::as_str).filter(|meant| !meant.is_empty())
    }

    /// What people read.
    #[must_use]
    pub fn words(&self) -> String {
        if self.label.is_empty() { self.key.clone() } else { format!("{} ({})", self.label, self.key) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_words_of_every_column_are_counted_and_what_has_too_many_is_no_vocabulary() {
        let mut file = "Nr;Stand\n".to_owned();
        for number in 0..3_000 {
            let state = if number == 2_999 { "wartet" } else { "offen" };
            file.push_str(&format!("{number};{state}\n"));
        }
        let heard = heard(file.as_bytes(), crate::foreign::mapping::CSV, &Settings::default()).unwrap();
        assert_eq!((heard.records, heard.lists.len()), (3_000, 2));
        assert!(heard.lists[0].too_many && heard.lists[0].words.is_empty());
        let words: Vec<(&str, u64)> = heard.lists[1].words.iter().map(|word| (word.key.as_str(), word.count)).collect();
        assert_eq!(words, [("offen", 2_999), ("wartet", 1)], "the last row counts as the first");
        assert!(heard.rows.len() > 100 && heard.rows.len() <= 200, "{}", heard.rows.len());
        assert!(heard.rows.iter().all(|row| row[0].parse::<u64>().unwrap() >= ROWS_FIRST));
    }

    #[test]
    fn words_together_stay_within_their_bytes() {
        let mut hearing = Hearing::default();
        for list in 0..40 {
            for number in 0..WORDS_MAX {
                hearing.word(list, &format!("{number:0>250}"));
            }
        }
        let kept: usize = hearing.lists.iter().flat_map(|(words, _)| words.keys()).map(String::len).sum();
        assert!(kept <= BYTES_MAX && kept == hearing.bytes, "{kept} {}", hearing.bytes);
        assert!(hearing.lists.iter().any(|(_, too_many)| *too_many));
    }

    #[test]
    fn what_was_said_is_found_by_id_before_name_and_whatever_its_case() {
        let word = HeardWord { key: "10003".to_owned(), label: "Parked".to_owned(), ..HeardWord::default() };
        let mut settings = Settings::default();
        assert_eq!(word.said(&settings, KeptIn::Statuses), None);
        settings.statuses.insert("PARKED".to_owned(), "waiting".to_owned());
        assert_eq!(word.said(&settings, KeptIn::Statuses), Some("waiting"));
        settings.statuses.insert("10003".to_owned(), "approval".to_owned());
        assert_eq!(word.said(&settings, KeptIn::Statuses), Some("approval"));
        assert_eq!(word.words(), "Parked (10003)");
    }
}
