//! The words of a file on the mapping page: each with what it means, and with what it can mean.

use service::draft::{Look, WordMet, Words};

use super::mapping_form::choice;
use crate::format;
use crate::pages::mapping::{WordView, WordsView};
use crate::words::mapping;

/// Every list of words the file uses.
pub(super) fn words(look: &Look) -> Vec<WordsView> {
    look.words.iter().map(|words| view(words, look)).collect()
}

fn view(words: &Words, look: &Look) -> WordsView {
    WordsView {
        name: words.name.clone(),
        kind: words.kept_in.clone(),
        title: if look.draft.answers.is_table() {
            format!("What do the words of “{}” mean?", format::visible(&words.title))
        } else {
            format!("What do {} mean?", words.title)
        },
        note: note(words),
        choices: words.choices.iter().map(|(value, words)| choice(value, words)).collect(),
        rows: words.words.iter().map(|word| row(word, words)).collect(),
    }
}

fn note(words: &Words) -> String {
    if words.too_many {
        return "There are too many different words to be explained one by one.".to_owned();
    }
    let all = format::counted(words.all, "word", "words");
    if words.more > 0 {
        let more = format::count(words.more);
        return format!("{all} in the whole file; {more} more are shown once these are explained.");
    }
    match words.open {
        (0, _) => format!("{all} in the whole file, each with a meaning."),
        (open, times) => format!(
            "{all} in the whole file; {}, met {}, without a meaning yet: {}.",
            format::count(open),
            format::counted(times, "time", "times"),
            words.unsaid
        ),
    }
}

fn row(word: &WordMet, words: &Words) -> WordView {
    let title = words.choices.iter().find(|(value, _)| *value == word.usual).map(|(_, title)| title.clone());
    let usual = title.unwrap_or_else(|| format::capitalised(&word.usual.replace('_', " ")));
    let unknown = if words.kept_in == "severity" { mapping::NO_LEVEL } else { mapping::NO_STATE };
    WordView {
        key: word.key.clone(),
        words: word.words.clone(),
        count: format::count(word.count),
        said: word.said.clone(),
        none: if word.usual.is_empty() { unknown.to_owned() } else { format!("– as usual: {usual}") },
    }
}
