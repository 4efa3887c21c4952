//! Which activities does an event log hold, each with its transition?

use super::{meaning::Does, value};
use crate::foreign::{
    Given, Settings,
    vocabulary::{END_EVENTS, HeardWord, Hearing, KeptIn, Speak, WordList, list},
};

/// What an entry can do, beside the events.
const DOES: [(&str, &str); 9] = [
    ("working", "Somebody works on it: started, or taken up again"),
    ("waiting", "It waits"),
    ("queued", "It lies with another team or person"),
    ("taken", "It lies with a person for the first time"),
    ("done", "Done: fixed and closed"),
    ("cancelled", "Closed: nobody wants it done"),
    ("none", "No news"),
    ("detected", "Detected"),
    ("ticketed", "Ticket opened"),
];

/// The words of an event log.
pub(in crate::foreign) struct Xes;

impl Speak for Xes {
    fn lists(&self, _settings: &Settings) -> Vec<WordList> {
        let choices: Vec<(&str, &str)> = DOES.into_iter().chain(END_EVENTS).collect();
        vec![list(("activity", "the activities"), KeptIn::Statuses, &choices, "such entries are held")]
    }

    fn hear(&mut self, given: &Given<'_>, _settings: &Settings, hearing: &mut Hearing) {
        let Given::Xml(trace) = given else { return };
        for event in trace.children.iter().filter(|child| child.name.as_ref() == "event") {
            let activity = value(event, "concept:name").unwrap_or_default();
            match value(event, "lifecycle:transition") {
                Some(transition) => hearing.word(0, &format!("{activity}/{transition}")),
                None => hearing.word(0, activity),
            }
        }
    }

    fn usual(&self, _list: usize, word: &HeardWord, settings: &Settings) -> Option<String> {
        // Patterns that were said for many words at once count as usual for each of them.
        let mut settings = settings.clone();
        settings.statuses.retain(|known, _| !known.eq_ignore_ascii_case(&word.key));
        let (activity, transition) = match word.key.rsplit_once('/') {
            Some((activity, transition)) => (activity, Some(transition)),
            None => (word.key.as_str(), None),
        };
        Does::of(&settings, activity, transition).map(|does| does.as_word().to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::foreign::{Adapter, vocabulary::heard};

    #[test]
    fn every_choice_is_a_word_the_settings_know_and_stays_itself() {
        for (word, _) in DOES.into_iter().chain(END_EVENTS) {
            assert_eq!(Does::named(word).map(Does::as_word), Some(word));
        }
    }

    #[test]
    fn activities_are_heard_with_their_transition() {
        let entry = |name: &str, transition: &str| {
            format!(
                r#"<event><string key="concept:name" value="{name}"/><string key="lifecycle:transition" value="{transition}"/></event>"#
            )
        };
        let file = format!(
            r#"<log><trace><string key="concept:name" value="1"/>{}{}{}</trace></log>"#,
            entry("Mend", "start"),
            entry("Prüfen", "complete"),
            entry("Prüfen", "complete")
        );
        let heard = heard(file.as_bytes(), Adapter::named("xes").unwrap(), &Settings::default()).unwrap();
        let words: Vec<(&str, u64)> = heard.lists[0].words.iter().map(|word| (word.key.as_str(), word.count)).collect();
        assert_eq!(words, [("Prüfen/complete", 2), ("Mend/start", 1)]);
        let usual = |place: usize| Xes.usual(0, &heard.lists[0].words[place], &Settings::default());
        assert_eq!((usual(0), usual(1).as_deref()), (None, Some("work_started")));
    }
}
