//! Which words does one ServiceNow use? States by number or label, priorities. Vulnerable items have no state of the tool.

use super::{
    cells::Cells,
    state::{self, State},
    update,
};
use crate::foreign::{
    Given, Settings,
    vocabulary::{HeardWord, Hearing, KeptIn, Speak, WordList, level_of, levels, list},
};

/// What a state can mean.
const STATES: [(&str, &str); 6] = [
    ("new", "New"),
    ("in_progress", "In progress"),
    ("on_hold", "On hold"),
    ("resolved", "Resolved"),
    ("closed", "Closed"),
    ("canceled", "Canceled"),
];

const STATE: usize = 0;
const PRIORITY: usize = 1;

/// The hint of states that the tool itself does not know.
const OWN_TABLE: &str = "vulnerable item";

/// The words of ServiceNow.
pub(in crate::foreign) struct ServiceNow;

impl Speak for ServiceNow {
    fn lists(&self, _settings: &Settings) -> Vec<WordList> {
        let unsaid = "records in them tell no news of their state, and are counted";
        vec![list(("status", "the states"), KeptIn::Statuses, &STATES, unsaid), levels("the priorities")]
    }

    fn hear(&mut self, given: &Given<'_>, _settings: &Settings, hearing: &mut Hearing) {
        let cells = match given {
            Given::Row(row) => Cells::Row(row),
            Given::Json(value) => Cells::Object(value),
            Given::Xml(_) => return,
        };
        if cells.has(&["documentkey"]) && cells.has(&["fieldname"]) {
            let place = match cells.get(&["fieldname"]).as_deref() {
                Some("state" | "incident_state") => STATE,
                Some("priority") => PRIORITY,
                _ => return,
            };
            for field in ["oldvalue", "newvalue"] {
                cells.get(&[field]).into_iter().for_each(|word| hearing.word(place, &word));
            }
            return;
        }
        let number = cells.get(&["number"]).unwrap_or_default();
        let hint = if state::is_vulnerable_item(&number) { OWN_TABLE } else { "" };
        if let Some(word) = cells.get(&["incident_state", "state"]) {
            let label = cells.label(&["incident_state", "state"]).unwrap_or_default();
            hearing.named(STATE, &word, &label, hint);
        }
        cells.label(&["priority"]).into_iter().for_each(|word| hearing.word(PRIORITY, &word));
    }

    fn usual(&self, list: usize, word: &HeardWord, _settings: &Settings) -> Option<String> {
        if list == PRIORITY {
            return level_of(update::usual_severity(&word.key));
        }
        let number = if word.hint == OWN_TABLE { "VIT" } else { "INC" };
        State::of(&word.key, &Settings::default(), number).map(|state| state.as_word().to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::foreign::{Adapter, vocabulary::heard};

    #[test]
    fn every_choice_is_a_word_the_settings_know() {
        for (word, _) in STATES {
            let settings = Settings { statuses: [("9".to_owned(), word.to_owned())].into(), ..Settings::default() };
            assert_eq!(State::of("9", &settings, "VIT1").map(State::as_word), Some(word));
        }
    }

    #[test]
    fn states_of_vulnerable_items_are_asked_for() {
        let file = "number,opened_at,state,priority\nVIT1,2026-03-01 10:00:00,7,1\nVIT2,2026-03-01 10:00:00,11,1\n";
        let heard = heard(file.as_bytes(), Adapter::named("servicenow").unwrap(), &Settings::default()).unwrap();
        let meant = |word: &HeardWord| ServiceNow.usual(STATE, word, &Settings::default());
        assert_eq!(heard.lists[STATE].words.iter().map(meant).collect::<Vec<_>>(), [None, None]);
        assert_eq!(
            ServiceNow.usual(PRIORITY, &heard.lists[PRIORITY].words[0], &Settings::default()).unwrap(),
            "critical"
        );
    }
}
