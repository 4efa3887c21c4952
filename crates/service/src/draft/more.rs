//! What was said about a table beyond its columns and words: the id of an item, values that no column has, rows that do not
//! count, and words for nothing. Few tables need it.

use super::{Answers, Ask, Column};
use formats::foreign::mapping::{Choices, Condition, Problem, Role};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A value that is the same in every row.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fixed {
    /// What it is, by the word of its role; empty where nobody chose.
    pub role: String,
    /// The value, as it was typed.
    pub value: String,
}

/// A test that rows must pass to count.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RowFilter {
    /// The column that is looked at; empty where nobody chose.
    pub column: String,
    /// Whether its cell must say one of the words, or something else.
    pub test: RowTest,
    /// The words.
    pub words: Vec<String>,
}

/// What a cell must be for its row to count.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RowTest {
    /// One of the words.
    #[default]
    In,
    /// Anything but the words; an empty cell is nothing.
    NotIn,
}

impl RowTest {
    /// Its stable word.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::In => "in",
            Self::NotIn => "not_in",
        }
    }

    /// The test of that word; what is no other is the first.
    #[must_use]
    pub fn named(word: &str) -> Self {
        if word == Self::NotIn.as_str() { Self::NotIn } else { Self::In }
    }
}

impl RowFilter {
    fn of(condition: &Condition) -> Self {
        let (test, words) = if condition.any_of.is_empty() {
            (RowTest::NotIn, &condition.not_in)
        } else {
            (RowTest::In, &condition.any_of)
        };
        Self { column: condition.column.clone(), test, words: words.clone() }
    }

    /// The condition, once both parts were said.
    fn condition(&self) -> Option<Condition> {
        if self.column.is_empty() || self.words.is_empty() {
            return None;
        }
        let plain = Condition { column: self.column.clone(), ..Condition::default() };
        Some(match self.test {
            RowTest::In => Condition { any_of: self.words.clone(), ..plain },
            RowTest::NotIn => Condition { not_in: self.words.clone(), ..plain },
        })
    }

    /// What it says, as a sentence says it.
    pub(super) fn in_words(&self) -> String {
        let says = match self.test {
            RowTest::In => "says one of",
            RowTest::NotIn => "says something other than",
        };
        format!("{} {says}: {}", self.column, self.words.join(", "))
    }
}

impl Answers {
    /// The values that can be followed, by role.
    pub(super) fn constants(&self) -> BTreeMap<String, String> {
        let mut constants = BTreeMap::new();
        for fixed in &self.fixed {
            let takes = Role::named(&fixed.role).is_some_and(|role| role.may_be_fixed() && role.takes(&fixed.value));
            if takes && !fixed.value.is_empty() {
                constants.entry(fixed.role.clone()).or_insert_with(|| fixed.value.clone());
            }
        }
        constants
    }

    /// The tests that can be followed.
    pub(super) fn conditions(&self) -> Vec<Condition> {
        self.filters.iter().filter_map(RowFilter::condition).collect()
    }

    /// Takes over what a saved mapping says of this.
    pub(super) fn take_more(&mut self, choices: &Choices) {
        self.item_id.clone_from(&choices.item_id);
        let fixed = |(role, value): (&String, &String)| Fixed { role: role.clone(), value: value.clone() };
        self.fixed = choices.constants.iter().map(fixed).collect();
        self.filters = choices.rows.iter().map(RowFilter::of).collect();
    }
}

/// What cannot be followed of it, each at its field.
pub(super) fn asks(answers: &Answers, columns: &[Column], problems: &[Problem], asks: &mut Vec<Ask>) {
    let wrong = problems.iter().filter(|problem| problem.part == "item" && !answers.item_id.is_empty());
    asks.extend(wrong.map(|problem| Ask::must("item_id", sentence(&problem.what))));
    for (place, fixed) in answers.fixed.iter().enumerate() {
        let before = answers.fixed.get(..place).unwrap_or_default();
        asks.extend(wrong_with(fixed, before, columns).map(|what| Ask::must(format!("fixed-{place}"), what)));
    }
    for (place, filter) in answers.filters.iter().enumerate() {
        let told = problems.iter().find(|problem| problem.part == "rows" && names(&problem.what, &filter.column));
        let what = match told {
            _ if filter.column.is_empty() => Some("Say which column these words stand in.".to_owned()),
            _ if filter.words.is_empty() => Some(format!("Say which words of `{}` decide.", filter.column)),
            told => told.map(|problem| sentence(&problem.what)),
        };
        asks.extend(what.map(|what| Ask::must(format!("filter-{place}"), what)));
    }
}

/// What is wrong with one of the fixed values.
fn wrong_with(fixed: &Fixed, before: &[Fixed], columns: &[Column]) -> Option<String> {
    let role = Role::named(&fixed.role).filter(|role| role.may_be_fixed());
    let Some(role) = role else { return Some(format!("Say what `{}` is.", fixed.value)) };
    let title = role.title;
    let column = columns.iter().find(|column| column.role == role.word);
    if let Some(column) = column {
        return Some(format!("“{title}” stands in `{}` already: keep one.", column.name));
    }
    if before.iter().any(|other| other.role == fixed.role) {
        return Some(format!("“{title}” is said twice: keep one."));
    }
    if fixed.value.is_empty() {
        return Some(format!("Say the value of “{title}” in every row."));
    }
    let levels = "choose critical, high, medium or low";
    (!role.takes(&fixed.value)).then(|| format!("`{}` cannot be “{title}”: {levels}.", fixed.value))
}

/// Whether a sentence speaks of a column.
fn names(what: &str, column: &str) -> bool {
    what.contains(&format!("`{column}`"))
}

fn sentence(what: &str) -> String {
    let end = if what.ends_with('?') { "" } else { "." };
    let mut letters = what.chars();
    let first = letters.next().map(|letter| letter.to_uppercase().to_string()).unwrap_or_default();
    format!("{first}{}{end}", letters.as_str())
}
