//! Which statuses and severities do Sentinel and Defender use?

use super::{names::Form, object_of, phase_of, severity_of};
use crate::{
    foreign::{
        Given, Settings,
        vocabulary::{HeardWord, Hearing, Speak, WordList, events, level_of, levels},
    },
    json::Value,
};

const SEVERITY: usize = 1;

/// The words of Microsoft.
pub(in crate::foreign) struct Microsoft;

impl Speak for Microsoft {
    fn lists(&self, _settings: &Settings) -> Vec<WordList> {
        vec![events("status", "the statuses"), levels("the severities")]
    }

    fn hear(&mut self, given: &Given<'_>, _settings: &Settings, hearing: &mut Hearing) {
        match given {
            Given::Json(value) => record(value, hearing),
            Given::Row(row) => record(&object_of(row), hearing),
            Given::Xml(_) => {}
        }
    }

    fn usual(&self, list: usize, word: &HeardWord, _settings: &Settings) -> Option<String> {
        if list == SEVERITY {
            return level_of(severity_of(&Settings::default(), &word.key));
        }
        phase_of(&word.key).map(|phase| phase.as_word().to_owned())
    }
}

fn record(value: &Value<'_>, hearing: &mut Hearing) {
    let (status, severity): (&[&str], &[&str]) = match Form::of(value) {
        Some(Form::Snapshot(names)) => (names.status, names.severity),
        Some(Form::Row) => (&["Status"], &["Severity"]),
        Some(Form::Weakness) | None => return,
    };
    for (list, path) in [(0, status), (SEVERITY, severity)] {
        value.word_at(path).into_iter().for_each(|word| hearing.word(list, &word));
    }
}
