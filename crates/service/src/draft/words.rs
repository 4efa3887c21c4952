//! Which words does a file use, what do they mean so far, and what can they mean? Those nobody explained come first.

use super::{Answers, Table};
use formats::foreign::{
    mapping::{LEVELS, STATES},
    vocabulary::{Heard, HeardList, HeardWord, KeptIn, WordList, lists, usual},
};

/// Words of one list that are shown at a time: those nobody explained, then the most frequent.
const WORDS_SHOWN: usize = 200;

/// The words of one list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Words {
    /// The stable name of the list, as in `status`.
    pub name: String,
    /// Its name for people: a column, or as in `the statuses`.
    pub title: String,
    /// In which part of the answers it is kept what they mean: `status`, `severity` or `resolution`.
    pub kept_in: String,
    /// What a word can mean: the word of the settings, and its meaning for people.
    pub choices: Vec<(String, String)>,
    /// What follows where nobody says, as the end of a sentence.
    pub unsaid: String,
    /// The words, those without a meaning first.
    pub words: Vec<WordMet>,
    /// Words beyond those.
    pub more: u64,
    /// Words without a meaning, and how often they stand there.
    pub open: (u64, u64),
    /// All words.
    pub all: u64,
    /// Whether there are so many that it is no vocabulary.
    pub too_many: bool,
}

/// One word.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WordMet {
    /// What the settings know it by.
    pub key: String,
    /// What people read.
    pub words: String,
    /// How often it stands there.
    pub count: u64,
    /// What a person said; empty where nobody did.
    pub said: String,
    /// What it means where nobody says; empty where no list knows it.
    pub usual: String,
}

impl WordMet {
    fn is_open(&self) -> bool {
        self.said.is_empty() && self.usual.is_empty()
    }
}

/// The words of the file, by its format or by the columns that hold them.
pub(super) fn words(answers: &Answers, table: Option<&Table>, heard: &Heard) -> Vec<Words> {
    if answers.is_table() {
        return table.map(|table| of_table(answers, table, heard)).unwrap_or_default();
    }
    let settings = answers.settings(None);
    let known = lists(&answers.format, &settings).into_iter().zip(&heard.lists).enumerate();
    let of_list = |(place, (list, found)): (usize, (WordList, &HeardList))| {
        let kept_in = list.kept_in;
        let met = found.words.iter().map(|word| WordMet {
            said: word.said(&settings, kept_in).unwrap_or_default().to_owned(),
            usual: usual(&answers.format, place, word, &settings).unwrap_or_default(),
            ..met(word)
        });
        Words { too_many: found.too_many, ..gathered(list, met.collect()) }
    };
    known.map(of_list).filter(|words| words.all > 0 || words.too_many).collect()
}

fn of_table(answers: &Answers, table: &Table, heard: &Heard) -> Vec<Words> {
    let is_score = !answers.scale.is_empty();
    let is_number = |word: &str| word.replace(',', ".").parse::<f64>().is_ok();
    let sorts = [
        (
            "status",
            KeptIn::Statuses,
            &answers.statuses,
            STATES.as_slice(),
            "rows with them tell no news of their state",
        ),
        (
            "severity",
            KeptIn::Severities,
            &answers.severities,
            LEVELS.as_slice(),
            "such items count as medium, and say so",
        ),
    ];
    let mut found = Vec::new();
    for (role, kept_in, said, choices, unsaid) in sorts {
        let Some(place) = table.columns.iter().position(|column| column.role == role) else { continue };
        let Some((column, list)) = table.columns.get(place).zip(heard.lists.get(place)) else { continue };
        let is_explained = |word: &HeardWord| said.get(&word.key).is_some_and(|meant| !meant.is_empty());
        let says_nothing = |word: &HeardWord| answers.null_words.contains(&word.key) && !is_explained(word);
        let asked = list.words.iter().filter(|word| !(role == "severity" && is_score && is_number(&word.key)));
        let asked = asked.filter(|word| !says_nothing(word));
        let met = asked.map(|word| WordMet { said: said.get(&word.key).cloned().unwrap_or_default(), ..met(word) });
        let choices = choices.iter().map(|(word, title)| ((*word).to_owned(), (*title).to_owned()));
        let list_of = WordList { name: role, title: "", kept_in, choices: choices.collect(), unsaid };
        let (title, too_many) = (column.name.clone(), list.too_many);
        let words = Words { title, too_many, ..gathered(list_of, met.collect()) };
        found.push(words);
    }
    found.retain(|words| words.all > 0 || words.too_many);
    found
}

fn met(word: &HeardWord) -> WordMet {
    WordMet { key: word.key.clone(), words: word.words(), count: word.count, said: String::new(), usual: String::new() }
}

fn gathered(list: WordList, mut met: Vec<WordMet>) -> Words {
    let all = met.len() as u64;
    let open = met.iter().filter(|word| word.is_open());
    let open = open.fold((0_u64, 0_u64), |(words, times), word| (words + 1, times.saturating_add(word.count)));
    // The most frequent first, as they were heard.
    met.sort_by_key(|word| !word.is_open());
    met.truncate(WORDS_SHOWN);
    Words {
        name: list.name.to_owned(),
        title: list.title.to_owned(),
        kept_in: list.kept_in.as_str().to_owned(),
        choices: list.choices,
        unsaid: list.unsaid.to_owned(),
        more: all.saturating_sub(met.len() as u64),
        words: met,
        open,
        all,
        too_many: false,
    }
}
