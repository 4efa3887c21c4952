//! Which states, reasons and severities do alerts use?

use super::ends::end_of;
use crate::foreign::{
    Given, Settings,
    severity::{Meant, WORDS},
    vocabulary::{HeardWord, Hearing, Speak, WordList, events, level_of, levels},
};

const STATE: usize = 0;
const REASON: usize = 1;
const SEVERITY: usize = 2;

/// Where an alert, alone or in a webhook, says how bad it is.
const SEVERITIES: [&[&str]; 4] = [
    &["security_vulnerability", "severity"],
    &["security_advisory", "severity"],
    &["rule", "security_severity_level"],
    &["rule", "severity"],
];

/// The words of alerts.
pub(in crate::foreign) struct GitHub;

impl Speak for GitHub {
    fn lists(&self, _settings: &Settings) -> Vec<WordList> {
        vec![
            events("status", "the states"),
            events("reason", "the reasons to put an alert away"),
            levels("the severities"),
        ]
    }

    fn hear(&mut self, given: &Given<'_>, _settings: &Settings, hearing: &mut Hearing) {
        let Given::Json(value) = given else { return };
        let alert = value.at(&["alert"]).unwrap_or(value);
        let mut hear = |list: usize, word: Option<String>| word.into_iter().for_each(|word| hearing.word(list, &word));
        hear(STATE, alert.word_at(&["state"]));
        hear(REASON, alert.word_at(&["dismissed_reason"]).or_else(|| alert.word_at(&["resolution"])));
        hear(SEVERITY, SEVERITIES.iter().find_map(|path| alert.word_at(path)));
    }

    fn usual(&self, list: usize, word: &HeardWord, _settings: &Settings) -> Option<String> {
        match list {
            STATE => match word.key.as_str() {
                "open" => Some("open".to_owned()),
                "fixed" => Some("verified".to_owned()),
                "auto_dismissed" => Some("exception_granted".to_owned()),
                "dismissed" | "resolved" => Some("as the reason says".to_owned()),
                _ => None,
            },
            REASON => end_of(Some(&word.key)).and_then(|ends| ends.last()).map(|end| end.name.as_str().to_owned()),
            _ => level_of(Meant::on(WORDS, &Settings::default(), &word.key)),
        }
    }
}
