//! Which outcomes and ratings do records of drills use?

use super::{HeardWord, Hearing, KeptIn, Speak, WordList, list};
use crate::foreign::{Given, Settings};

/// What an outcome can be.
const OUTCOMES: [(&str, &str); 5] = [
    ("blocked", "Blocked"),
    ("detected", "Detected"),
    ("logged", "Logged, and nobody told"),
    ("notdetected", "Not detected"),
    ("tbd", "Not executed: outside every denominator"),
];

/// What a rating can be.
const RATINGS: [(&str, &str); 4] = [
    ("P", "P: performed without challenges"),
    ("S", "S: with some challenges"),
    ("M", "M: with major challenges"),
    ("U", "U: unable to be performed"),
];

/// What an exercise can be.
const TYPES: [(&str, &str); 5] = [
    ("tabletop", "Tabletop"),
    ("walk_through", "Walk-through"),
    ("purple", "Purple team"),
    ("range", "Range"),
    ("live_fire", "Live fire"),
];

/// The words of test cases.
pub(super) struct Outcomes;

/// The words of exercises.
pub(super) struct Ratings;

fn without_blanks(word: &str) -> String {
    word.chars().filter(|sign| !sign.is_whitespace()).collect::<String>().to_ascii_lowercase()
}

impl Speak for Outcomes {
    fn lists(&self, _settings: &Settings) -> Vec<WordList> {
        vec![list(("outcome", "the outcomes"), KeptIn::Statuses, &OUTCOMES, "such test cases are held")]
    }

    fn hear(&mut self, given: &Given<'_>, _settings: &Settings, hearing: &mut Hearing) {
        if let Given::Row(row) = given
            && let Some(word) = row.raw("Outcome").filter(|word| !word.is_empty())
        {
            hearing.word(0, word);
        }
    }

    fn usual(&self, _list: usize, word: &HeardWord, _settings: &Settings) -> Option<String> {
        let usual = match without_blanks(&word.key).as_str() {
            "blocked" => "blocked",
            "detected" | "alerted" => "detected",
            "logged" => "logged",
            "notdetected" | "none" => "notdetected",
            "tbd" | "n/a" | "na" => "tbd",
            _ => return None,
        };
        Some(usual.to_owned())
    }
}

impl Speak for Ratings {
    fn lists(&self, _settings: &Settings) -> Vec<WordList> {
        vec![
            list(("rating", "the ratings"), KeptIn::Statuses, &RATINGS, "such objectives are held"),
            list(("type", "the types of exercise"), KeptIn::Statuses, &TYPES, "such exercises count under no type"),
        ]
    }

    fn hear(&mut self, given: &Given<'_>, _settings: &Settings, hearing: &mut Hearing) {
        let word = |name: &str| match given {
            Given::Row(row) => {
                let column = row.columns().iter().find(|column| column.trim().eq_ignore_ascii_case(name))?;
                row.get(column).map(str::to_owned)
            }
            Given::Json(value) => value.word_at(&[name]),
            Given::Xml(_) => None,
        };
        for (place, name) in [(0, "rating"), (1, "type")] {
            word(name).into_iter().for_each(|word| hearing.word(place, &word));
        }
    }

    fn usual(&self, list: usize, word: &HeardWord, _settings: &Settings) -> Option<String> {
        if list == 0 {
            return crate::foreign::hseep::rating_of(&word.key).map(str::to_owned);
        }
        crate::foreign::hseep::type_of(&word.key).map(|kind| kind.as_str().to_owned())
    }
}
