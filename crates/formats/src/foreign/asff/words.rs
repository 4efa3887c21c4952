//! Which workflow statuses and severities do the findings of Security Hub use?

use super::{enveloped, history, phase_of};
use crate::{
    foreign::{
        Given, Settings,
        severity::{Meant, WORDS},
        vocabulary::{HeardWord, Hearing, Speak, WordList, events, level_of, levels},
    },
    json::Value,
};

const SEVERITY: usize = 1;

/// The words of Security Hub.
pub(in crate::foreign) struct Asff;

impl Speak for Asff {
    fn lists(&self, _settings: &Settings) -> Vec<WordList> {
        vec![events("status", "the statuses of the workflow"), levels("the severities")]
    }

    fn hear(&mut self, given: &Given<'_>, _settings: &Settings, hearing: &mut Hearing) {
        let Given::Json(value) = given else { return };
        // Histories write what changed as text; the findings beside them use the same words.
        if history::is_it(value) {
            return;
        }
        if value.at(&["detail"]).is_some() {
            enveloped(value).iter().for_each(|finding| record(finding, hearing));
        } else {
            record(value, hearing);
        }
    }

    fn usual(&self, list: usize, word: &HeardWord, _settings: &Settings) -> Option<String> {
        if list == SEVERITY {
            return level_of(Meant::on(WORDS, &Settings::default(), &word.key));
        }
        phase_of(&word.key).map(|phase| phase.as_word().to_owned())
    }
}

fn record(value: &Value<'_>, hearing: &mut Hearing) {
    let status = value.word_at(&["Workflow", "Status"]).or_else(|| value.word_at(&["WorkflowState"]));
    status.into_iter().for_each(|word| hearing.word(0, &word));
    value.word_at(&["Severity", "Label"]).into_iter().for_each(|word| hearing.word(SEVERITY, &word));
}
