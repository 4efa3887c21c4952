//! Which words does the table of a known tool use? Those of its status, in the words of the conditions, and severities.

use super::{
    Mapping, Scale,
    plan::{Fill, Plan, Supply, Target},
};
use crate::{
    field::Field,
    foreign::{
        Given, Settings,
        severity::{Meant, WORDS},
        table::Row,
        vocabulary::{HeardWord, Hearing, KeptIn, Speak, WordList, level_of, levels},
    },
};
use std::collections::BTreeMap;

const SEVERITY: usize = 1;

/// The words of a table by its mapping.
pub(in crate::foreign) struct Table {
    mapping: &'static Mapping,
    /// The places of its columns, once a row was seen.
    plan: Option<Plan>,
}

impl Table {
    pub(in crate::foreign) const fn of(mapping: &'static Mapping) -> Self {
        Self { mapping, plan: None }
    }

    /// The words the conditions are written in, with what follows from them.
    fn choices(&self) -> Vec<(String, String)> {
        let mut events: BTreeMap<&str, Vec<String>> = BTreeMap::new();
        for word in &self.mapping.open {
            events.entry(word).or_default();
        }
        let is_status = |column: &str| self.mapping.status.as_deref() == Some(column);
        for emit in &self.mapping.events {
            for condition in emit.when.iter().filter(|condition| is_status(&condition.column)) {
                for word in &condition.any_of {
                    events.entry(word).or_default().push(emit.event.replace('_', " "));
                }
            }
        }
        let title = |word: &str, events: &[String]| match events {
            [] => format!("as “{word}”: open, no news of its own"),
            events => format!("as “{word}”: {}", events.join(", ")),
        };
        events.into_iter().map(|(word, events)| (word.to_owned(), title(word, &events))).collect()
    }
}

impl Speak for Table {
    fn lists(&self, _settings: &Settings) -> Vec<WordList> {
        let unsaid = "rows with them tell no news of their state";
        let status = WordList {
            name: "status",
            title: "the statuses",
            kept_in: KeptIn::Statuses,
            choices: self.choices(),
            unsaid,
        };
        vec![status, levels("the severities")]
    }

    fn hear(&mut self, given: &Given<'_>, _settings: &Settings, hearing: &mut Hearing) {
        let Given::Row(row) = given else { return };
        let plan = self.plan.get_or_insert_with(|| Plan::of(self.mapping, row.columns(), &BTreeMap::new()));
        if let Some(word) = plan.status.and_then(|place| row.cell(place)) {
            hearing.word(0, word);
        }
        let is_severity = |fill: &&Fill| fill.into == Target::Field(Field::Severity);
        let word = plan.fields.iter().find(is_severity).and_then(|fill| text_of(fill, row));
        let is_number = |word: &str| word.replace(',', ".").parse::<f64>().is_ok();
        // What the mapping itself knows is settled there; numbers are read by its scale.
        let known = plan.values.get(&Field::Severity);
        let asks = |word: &String| {
            known.is_none_or(|known| !known.contains_key(&word.to_lowercase()))
                && !(plan.scale != Scale::Words && is_number(word))
        };
        if let Some(word) = word.filter(asks) {
            hearing.word(SEVERITY, &word);
        }
    }

    fn usual(&self, list: usize, word: &HeardWord, _settings: &Settings) -> Option<String> {
        if list == SEVERITY {
            return level_of(Meant::on(WORDS, &Settings::default(), &word.key));
        }
        let plan = Plan::of(self.mapping, &[], &BTreeMap::new());
        let lower = word.key.to_lowercase();
        let choices = self.choices();
        let meant = plan.meaning_of(&lower).unwrap_or(&lower).to_lowercase();
        choices.into_iter().map(|(known, _)| known).find(|known| known.to_lowercase() == meant)
    }
}

fn text_of(fill: &Fill, row: &Row<'_>) -> Option<String> {
    match &fill.from {
        Supply::Cell(place) => row.cell((*place)?).map(str::to_owned),
        Supply::Template(template) => template.render(row).ok().filter(|text| !text.is_empty()),
        Supply::Constant(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use crate::foreign::{
        Adapter, Settings,
        vocabulary::{heard, lists, usual},
    };

    #[test]
    fn words_of_a_known_table_are_heard_and_those_it_does_not_know_are_told() {
        let file = "Plugin ID,Vulnerability State,First Found,Last Found,Host,Severity\n\
                    7,Active,2026-03-01T10:00:00Z,2026-03-02T10:00:00Z,a,Urgent\n\
                    8,Mitigated,2026-03-01T10:00:00Z,2026-03-02T10:00:00Z,a,High\n";
        let adapter = Adapter::named("tenable-csv").unwrap();
        let settings = Settings::default();
        let heard = heard(file.as_bytes(), adapter, &settings).unwrap();
        let meant = |list: usize| {
            let words = heard.lists[list].words.iter();
            words.map(|word| (word.key.as_str(), usual("tenable-csv", list, word, &settings))).collect::<Vec<_>>()
        };
        assert_eq!(meant(0), [("Active", Some("Active".to_owned())), ("Mitigated", None)]);
        assert_eq!(meant(1), [("High", Some("high".to_owned())), ("Urgent", None)]);
        let choices = &lists("tenable-csv", &settings)[0].choices;
        assert!(choices.contains(&("Fixed".to_owned(), "as “Fixed”: fix applied, verified".to_owned())), "{choices:?}");
    }
}
