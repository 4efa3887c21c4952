//! What does the saved mapping say that the page of a draft does not show? It goes along unchanged, and is named.

use super::{Answers, WordMet, Words};
use formats::foreign::mapping::Beyond;
use serde_json::Value;
use std::collections::BTreeSet;

/// Letters of one part that are shown.
const LETTERS_SHOWN: usize = 200;
/// Words that are named.
const WORDS_NAMED: usize = 10;

/// The parts of a mapping, as people call them.
const PARTS: [(&str, &str); 11] = [
    ("events", "events"),
    ("fields", "fields filled otherwise than from a column"),
    ("header", "columns it is known by"),
    ("item", "the name of an item"),
    ("lenient", "columns may be missing"),
    ("native", "the tool's own name of a record"),
    ("open", "words that are no news"),
    ("report_zone", "the report names its zone"),
    ("rows", "the row filter"),
    ("title", "its title"),
    ("values", "what words mean"),
];

/// The parts of the settings, as people call them.
const SETTINGS: [(&str, &str); 9] = [
    ("asff", "accounts"),
    ("complete", "it is complete"),
    ("epss", "scores"),
    ("jira", "fields of issues"),
    ("null_words", "words for nothing"),
    ("servicenow", "ServiceNow"),
    ("severities", "severity words"),
    ("snapshot", "lists of what stands"),
    ("statuses", "status words"),
];

/// What goes along: a sentence each.
pub(super) fn carried(answers: &Answers, words: &[Words]) -> Vec<String> {
    let mut found = Vec::new();
    if let Some(kept) = &answers.kept {
        found.extend(parts(&serde_json::to_value(kept).unwrap_or_default(), &SETTINGS));
    }
    if answers.is_table() && !answers.anew {
        match &answers.beyond {
            Beyond::Nothing => {}
            Beyond::Parts(mapping) => found.extend(parts(&serde_json::to_value(mapping).unwrap_or_default(), &PARTS)),
            Beyond::Whole(_) => found.push("all of its mapping, which says more than these questions ask".to_owned()),
        }
    }
    if answers.version > 0 {
        found.extend(unused_words(answers, words));
    }
    found
}

fn parts(value: &Value, names: &[(&str, &str)]) -> Vec<String> {
    let Value::Object(members) = value else { return Vec::new() };
    let is_said = |value: &Value| match value {
        Value::Array(list) => !list.is_empty(),
        Value::Object(members) => !members.is_empty(),
        Value::String(text) => !text.is_empty(),
        Value::Null | Value::Bool(_) | Value::Number(_) => true,
    };
    let part = |(key, value): (&String, &Value)| {
        let name = names.iter().find(|(known, _)| known == key).map_or(key.as_str(), |(_, name)| name);
        let text = value.to_string();
        let short: String = text.chars().take(LETTERS_SHOWN).collect();
        let rest = if short.len() < text.len() { " …" } else { "" };
        format!("{name}: {short}{rest}")
    };
    members.iter().filter(|(_, value)| is_said(value)).map(part).collect()
}

/// The name of a word, without the id behind it.
fn label(word: &WordMet) -> &str {
    word.words.strip_suffix(&format!(" ({})", word.key)).unwrap_or(&word.words)
}

/// Words with a meaning that this file does not use.
fn unused_words(answers: &Answers, words: &[Words]) -> Option<String> {
    let met: BTreeSet<&str> =
        words.iter().flat_map(|list| &list.words).flat_map(|word| [word.key.as_str(), label(word)]).collect();
    // Where not every word is shown, nobody can say here which are not used.
    if words.iter().any(|list| list.more > 0 || list.too_many) {
        return None;
    }
    let said = [&answers.statuses, &answers.severities, &answers.resolutions];
    let unused: Vec<&str> = said
        .into_iter()
        .flatten()
        .filter(|(word, meant)| !meant.is_empty() && !met.contains(word.as_str()))
        .map(|(word, _)| word.as_str())
        .collect();
    if unused.is_empty() {
        return None;
    }
    let named = unused.iter().take(WORDS_NAMED).copied().collect::<Vec<_>>().join(", ");
    let rest = if unused.len() > WORDS_NAMED { " …" } else { "" };
    Some(format!("what {} words mean that this file does not use: {named}{rest}", unused.len()))
}
