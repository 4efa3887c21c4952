//! Which words does one Jira use? Statuses by their id, for names are changed and translated; resolutions; priorities.

use super::{
    history::Word,
    meaning::{usual_stage, usual_verdict},
    severity,
};
use crate::{
    foreign::{
        Given, Settings,
        vocabulary::{HeardWord, Hearing, KeptIn, Speak, WordList, level_of, levels, list},
    },
    json::Value,
};

/// What a status can mean.
const STAGES: [(&str, &str); 19] = [
    ("new", "Not looked at"),
    ("progress", "On its way, nobody has hands on"),
    ("working", "Being worked on"),
    ("waiting", "Waiting"),
    ("waiting:vendor", "Waiting for a vendor"),
    ("waiting:change_window", "Waiting for a change window"),
    ("waiting:dependency", "Waiting for something else"),
    ("waiting:caller", "Waiting for whoever asked"),
    ("waiting:capacity", "Waiting for hands"),
    ("waiting:approval", "Waiting for an approval nobody decides here"),
    ("approval", "A decision is asked for"),
    ("refused", "The decision was no"),
    ("check", "Checked that it is gone"),
    ("done", "Done, as its resolution says"),
    ("fixed", "Done: fixed"),
    ("accepted", "Done: risk accepted"),
    ("not-an-issue", "Done: never was a weakness"),
    ("duplicate", "Done: a duplicate"),
    ("closed", "Done: closed, and none of these"),
];

/// What a resolution can mean.
const VERDICTS: [(&str, &str); 5] = [
    ("fixed", "Fixed"),
    ("accepted", "Risk accepted"),
    ("not-an-issue", "Never was a weakness"),
    ("duplicate", "A duplicate"),
    ("closed", "Closed, and none of these"),
];

/// The lists, in their order.
const STATUS: usize = 0;
const RESOLUTION: usize = 1;
const PRIORITY: usize = 2;

/// The words of Jira.
pub(in crate::foreign) struct Jira;

impl Speak for Jira {
    fn lists(&self, _settings: &Settings) -> Vec<WordList> {
        let unsaid = "changes to them make no event, and are counted";
        let closed = "such issues count as closed, and as neither fixed nor accepted";
        vec![
            list(("status", "the statuses"), KeptIn::Statuses, &STAGES, unsaid),
            list(("resolution", "the resolutions"), KeptIn::Resolutions, &VERDICTS, closed),
            levels("the priorities"),
        ]
    }

    fn hear(&mut self, given: &Given<'_>, _settings: &Settings, hearing: &mut Hearing) {
        match given {
            Given::Row(row) => {
                let cell = |ours: &str| {
                    let column = row.columns().iter().find(|column| column.eq_ignore_ascii_case(ours))?;
                    row.get(column)
                };
                if let Some(status) = cell("Status") {
                    hearing.named(STATUS, status, "", cell("Status Category").unwrap_or_default());
                }
                for (place, ours) in [(RESOLUTION, "Resolution"), (PRIORITY, "Priority")] {
                    cell(ours).into_iter().for_each(|word| hearing.word(place, word));
                }
            }
            Given::Json(value) => record(value, hearing),
            Given::Xml(_) => {}
        }
    }

    fn usual(&self, list: usize, word: &HeardWord, _settings: &Settings) -> Option<String> {
        let text = if word.label.is_empty() { &word.key } else { &word.label };
        let status = Word { id: Some(word.key.clone()), text: Some(text.clone()) };
        match list {
            STATUS => usual_stage(&status, &word.hint).map(|stage| stage.as_word()),
            RESOLUTION => usual_verdict(&status).map(|verdict| verdict.as_word().to_owned()),
            _ => level_of(severity::meant(&status, &Settings::default())),
        }
    }
}

/// An issue, a page of issues or of changes, or one change.
fn record(value: &Value<'_>, hearing: &mut Hearing) {
    for issue in value.list_at(&["issues"]) {
        record(issue, hearing);
    }
    let fields = value.at(&["fields"]).or_else(|| value.at(&["issue", "fields"]));
    if let Some(fields) = fields {
        let category = fields.text_at(&["status", "statusCategory", "key"]).unwrap_or_default();
        hear(hearing, STATUS, (fields.word_at(&["status", "id"]), fields.word_at(&["status", "name"])), category);
        for (place, name) in [(RESOLUTION, "resolution"), (PRIORITY, "priority")] {
            hear(hearing, place, (fields.word_at(&[name, "id"]), fields.word_at(&[name, "name"])), "");
        }
    }
    let histories = [value.list_at(&["changelog", "histories"]), value.list_at(&["values"])];
    let items = histories.into_iter().flatten().flat_map(|history| history.list_at(&["items"]));
    for item in items.chain(value.list_at(&["changelog", "items"])) {
        change(item, hearing);
    }
}

/// What one change was from and to.
fn change(item: &Value<'_>, hearing: &mut Hearing) {
    let field = item.text_at(&["fieldId"]).or_else(|| item.text_at(&["field"])).unwrap_or_default();
    let lists = [("status", STATUS), ("resolution", RESOLUTION), ("priority", PRIORITY)];
    let Some((_, place)) = lists.into_iter().find(|(name, _)| field.eq_ignore_ascii_case(name)) else { return };
    for (id, text) in [("from", "fromString"), ("to", "toString")] {
        hear(hearing, place, (item.word_at(&[id]), item.word_at(&[text])), "");
    }
}

/// A word by its id, else by its name.
fn hear(hearing: &mut Hearing, place: usize, (id, name): (Option<String>, Option<String>), hint: &str) {
    if let Some(key) = id.as_deref().or(name.as_deref()).filter(|key| !key.is_empty()) {
        hearing.named(place, key, name.as_deref().unwrap_or_default(), hint);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::foreign::{Adapter, jira::meaning::Meanings, vocabulary::heard};

    #[test]
    fn every_choice_is_a_word_the_settings_know() {
        let statuses = STAGES.map(|(word, _)| (word.to_owned(), word.to_owned())).into();
        assert!(Meanings::of(&Settings { statuses, ..Settings::default() }).check().is_ok());
    }

    #[test]
    fn statuses_are_heard_by_id_wherever_a_history_names_them() {
        let file = r#"{"key":"A-1","fields":{"created":"2026-03-01T10:00:00Z","issuetype":{},"priority":{"id":"77","name":"Sev 1"},
            "status":{"id":"10003","name":"Geparkt","statusCategory":{"key":"indeterminate"}}},
            "changelog":{"histories":[{"items":[{"field":"status","fieldId":"status","from":"1","fromString":"Offen","to":"10009","toString":"Wartet"}]}]}}"#
            .replace('\n', "");
        let jira = Adapter::named("jira").unwrap();
        let heard = heard(file.as_bytes(), jira, &Settings::default()).unwrap();
        let usual = |list: usize| {
            let meant =
                |word: &HeardWord| (word.words(), Jira.usual(list, word, &Settings::default()).unwrap_or_default());
            heard.lists[list].words.iter().map(meant).collect::<Vec<_>>()
        };
        let word = |word: &str, meant: &str| (word.to_owned(), meant.to_owned());
        assert_eq!(
            usual(STATUS),
            [word("Offen (1)", "new"), word("Geparkt (10003)", "progress"), word("Wartet (10009)", "")]
        );
        assert_eq!(usual(PRIORITY), [word("Sev 1 (77)", "")]);
    }
}
