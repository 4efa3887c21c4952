//! What most formats share: levels of severity, events a status can stand for, and formats whose only words are severities.

use super::{HeardWord, Hearing, KeptIn, Speak, WordList};
use crate::foreign::{
    Given, Settings,
    mapping::LEVELS,
    severity::{Meant, Scale, WORDS},
};

/// Events a status can stand for.
pub(crate) const END_EVENTS: [(&str, &str); 14] = [
    ("triaged", "Triaged: judged and ranked"),
    ("assigned", "Assigned"),
    ("work_started", "Being worked on"),
    ("escalated", "A decision is asked for"),
    ("paused", "Waiting"),
    ("resumed", "Taken up again"),
    ("exception_granted", "Risk accepted"),
    ("fix_applied", "Fixed, not closed yet"),
    ("closed", "Closed"),
    ("verified", "Verified gone"),
    ("decommissioned", "Asset retired"),
    ("false_positive", "Never was a weakness"),
    ("redetected", "Detected again"),
    ("reopened", "Opened again"),
];

/// A list of statuses whose words stand for events.
pub(crate) fn events(name: &'static str, title: &'static str) -> WordList {
    list((name, title), KeptIn::Statuses, &END_EVENTS, "such changes are no news, and counted")
}

/// The list of severities.
pub(crate) fn levels(title: &'static str) -> WordList {
    list(("severity", title), KeptIn::Severities, &LEVELS, "such items count as medium, and say so")
}

/// A list of words.
pub(crate) fn list(
    (name, title): (&'static str, &'static str),
    kept_in: KeptIn,
    choices: &[(&str, &str)],
    unsaid: &'static str,
) -> WordList {
    let choices = choices.iter().map(|(word, title)| ((*word).to_owned(), (*title).to_owned()));
    WordList { name, title, kept_in, choices: choices.collect(), unsaid }
}

/// A severity in the word of the settings.
pub(crate) fn level_of(meant: Meant) -> Option<String> {
    match meant {
        Meant::Of(severity) => Some(severity.as_str().to_owned()),
        Meant::Below => Some("below".to_owned()),
        Meant::Unknown => None,
    }
}

/// A format whose words are severities alone.
pub(super) struct Severity {
    paths: &'static [&'static [&'static str]],
    scale: Scale,
}

/// The severities of formats that have no other words.
pub(super) fn severity_of(format: &str) -> Option<Severity> {
    let (paths, scale): (&[&[&str]], Scale) = match format {
        "tenable-json" => (&[&["severity_default_id"], &["severity"]], crate::foreign::tenable::SCALE),
        "defectdojo" => (&[&["severity"]], WORDS),
        "pagerduty" => (
            &[
                &["incident", "priority", "summary"],
                &["incident", "priority", "name"],
                &["priority", "summary"],
                &["priority", "name"],
                &["urgency"],
            ],
            crate::foreign::pagerduty::SCALE,
        ),
        _ => return None,
    };
    Some(Severity { paths, scale })
}

impl Speak for Severity {
    fn lists(&self, _settings: &Settings) -> Vec<WordList> {
        vec![levels("the severities")]
    }

    fn hear(&mut self, given: &Given<'_>, _settings: &Settings, hearing: &mut Hearing) {
        let Given::Json(value) = given else { return };
        if let Some(word) = self.paths.iter().find_map(|path| value.word_at(path)) {
            hearing.word(0, &word);
        }
    }

    fn usual(&self, _list: usize, word: &HeardWord, _settings: &Settings) -> Option<String> {
        level_of(Meant::on(self.scale, &Settings::default(), &word.key))
    }
}
