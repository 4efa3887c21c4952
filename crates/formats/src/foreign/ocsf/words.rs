//! Which statuses and severities do OCSF findings use? What a number means depends on the class.

use super::{
    SCALE,
    class::{Class, Status},
    record::is_back,
};
use crate::foreign::{
    Given, Settings,
    severity::Meant,
    vocabulary::{HeardWord, Hearing, Speak, WordList, events, level_of, levels},
};

const SEVERITY: usize = 1;

/// The words of OCSF.
pub(in crate::foreign) struct Ocsf;

impl Speak for Ocsf {
    fn lists(&self, _settings: &Settings) -> Vec<WordList> {
        vec![events("status", "the statuses"), levels("the severities")]
    }

    fn hear(&mut self, given: &Given<'_>, _settings: &Settings, hearing: &mut Hearing) {
        let Given::Json(value) = given else { return };
        let number = value.word_at(&["state_id"]).or_else(|| value.word_at(&["status_id"]));
        let named = if value.at(&["state_id"]).is_some() { "state" } else { "status" };
        let class = Class::of(value);
        let meant = class.map(|class| class.status(number.as_deref().unwrap_or_default()));
        if let Some(word) = value.word_at(&[named]).or(number) {
            let hint = match meant.map(as_word).unwrap_or_default() {
                "" if is_back(&word) => class.map_or("", |class| class.back().as_str()),
                hint => hint,
            };
            hearing.named(0, &word, "", hint);
        }
        let number = value.word_at(&["severity_id"]).filter(|number| !matches!(number.as_str(), "0" | "99"));
        if let Some(word) = number.or_else(|| value.word_at(&["severity"])) {
            hearing.named(SEVERITY, &word, &value.word_at(&["severity"]).unwrap_or_default(), "");
        }
    }

    fn usual(&self, list: usize, word: &HeardWord, _settings: &Settings) -> Option<String> {
        if list == SEVERITY {
            return level_of(Meant::on(SCALE, &Settings::default(), &word.key));
        }
        Some(word.hint.clone()).filter(|hint| !hint.is_empty())
    }
}

const fn as_word(status: Status) -> &'static str {
    match status {
        Status::In(phase) => phase.as_word(),
        Status::Fixed => "fix_applied",
        Status::PutAway | Status::Deleted => "closed",
        Status::Unknown => "",
    }
}
