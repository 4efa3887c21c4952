//! What did a person say about the columns and words of a table? Answers in plain words, from which a mapping is made.

use super::{
    At, Condition, EXTRA_PREFIX, Emit, Mapping, Origin, STATUS, Sample, Scale, Window, propose,
    role::{Part, Role},
    shape::{Status, severity_in, status as status_in},
    template::{of_column, of_text},
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The answers: what each column means, and what its words mean.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Choices {
    /// What columns mean, by their place from 0; a column that is not here is not used.
    pub roles: BTreeMap<usize, String>,
    /// What status words mean.
    pub statuses: BTreeMap<String, String>,
    /// What severity words mean.
    pub severities: BTreeMap<String, String>,
    /// What numbers mean as a severity.
    pub scale: Scale,
    /// What names the item, as a template; empty where the columns say it by their roles.
    pub item_id: String,
    /// What is the same in every row, by the role that no column has.
    pub constants: BTreeMap<String, String>,
    /// Rows that count: those for which all of this holds.
    pub rows: Vec<Condition>,
}

impl Choices {
    /// What a table probably means, by its names and cells: to be looked through by a person.
    #[must_use]
    pub fn proposed(sample: &Sample) -> Self {
        let mapping = propose(&sample.columns, &sample.rows);
        let mut choices = Self { scale: mapping.scale, ..Self::default() };
        choices.take_fields(&mapping, &sample.columns);
        choices.take_times(&mapping, &sample.columns);
        choices.propose_words(sample);
        choices
    }

    /// Says of the words of the status and of the severity what they usually mean, where nobody said anything of them.
    pub fn propose_words(&mut self, sample: &Sample) {
        let words = |role: &str| {
            let found = self.column(role, &sample.columns).map(|column| sample.words(column)).unwrap_or_default();
            found.into_iter().map(|(word, _)| word).collect::<Vec<String>>()
        };
        let (statuses, severities) = (words(STATUS), words("severity"));
        self.propose_meanings(&statuses, &severities);
    }

    /// Says of these words what they usually mean, where nobody said anything of them.
    pub fn propose_meanings(&mut self, statuses: &[String], severities: &[String]) {
        for word in statuses {
            if let Some(state) = status_in(word).filter(|_| !self.statuses.contains_key(word)) {
                self.statuses.insert(word.clone(), usual_state(state).to_owned());
            }
        }
        for word in severities {
            if let Some(level) = severity_in(word).filter(|_| !self.severities.contains_key(word)) {
                self.severities.insert(word.clone(), level.to_owned());
            }
        }
    }

    fn take_fields(&mut self, mapping: &Mapping, columns: &[String]) {
        let mut say = |column: &str, word: &str| {
            let place = columns.iter().position(|name| name == column);
            self.roles.extend(place.map(|place| (place, word.to_owned())));
        };
        for name in columns {
            let template = of_column(name);
            if mapping.item.contains(&format!("[:{template}]")) {
                say(name, "part");
            } else if mapping.native == template {
                say(name, "record");
            } else if mapping.item == template {
                say(name, "item");
            }
        }
        for (field, origin) in &mapping.fields {
            let role = super::role::ROLES.iter().find(|role| matches!(role.part, Part::Field(known) if known == field));
            if let (Origin::Column(column), Some(role)) = (origin, role) {
                say(column, role.word);
            }
        }
        if let Some(status) = &mapping.status {
            say(status, "status");
        }
    }

    fn take_times(&mut self, mapping: &Mapping, columns: &[String]) {
        for emit in &mapping.events {
            let At::Column(column) = &emit.at else { continue };
            let place = columns.iter().position(|name| name == column);
            let is_time = Role::named(&emit.event).is_some_and(Role::is_time);
            if let Some(place) = place.filter(|place| is_time && !self.roles.contains_key(place)) {
                self.roles.insert(place, emit.event.clone());
            }
        }
    }

    /// The column that was given a meaning, the first where several were.
    #[must_use]
    pub fn column<'a>(&self, word: &str, columns: &'a [String]) -> Option<&'a str> {
        let place = self.roles.iter().find(|(_, role)| *role == word).map(|(place, _)| *place);
        place.and_then(|place| columns.get(place)).map(String::as_str).filter(|name| !name.is_empty())
    }

    /// The columns that hold times.
    #[must_use]
    pub fn time_columns<'a>(&self, columns: &'a [String]) -> Vec<&'a str> {
        let timed = self.roles.iter().filter(|(_, word)| Role::named(word).is_some_and(Role::is_time));
        timed.filter_map(|(place, _)| columns.get(*place)).map(String::as_str).collect()
    }

    /// The mapping these answers make for a table with these columns.
    #[must_use]
    pub fn mapping(&self, columns: &[String]) -> Mapping {
        let severities = self.severities.iter().filter(|(_, meant)| !meant.is_empty());
        let severities: BTreeMap<String, String> =
            severities.map(|(word, meant)| (word.clone(), meant.clone())).collect();
        let mut values = BTreeMap::new();
        if !severities.is_empty() {
            values.insert("severity".to_owned(), severities);
        }
        Mapping {
            rows: self.rows.clone(),
            item: self.item(columns),
            native: self.column("record", columns).map(of_column).unwrap_or_default(),
            status: self.column(STATUS, columns).map(str::to_owned),
            open: self.words("open"),
            scale: self.scale,
            fields: self.fields(columns),
            values,
            events: Events { choices: self, columns }.all(),
            ..Mapping::default()
        }
    }

    /// What names the item: a template, else its id, else the weakness and where it is, else the tool's own number.
    fn item(&self, columns: &[String]) -> String {
        if !self.item_id.is_empty() {
            return self.item_id.clone();
        }
        let fixed = |word: &str| self.constants.get(word).map(|text| of_text(text));
        let template = |word: &str| self.column(word, columns).map(of_column).or_else(|| fixed(word));
        if let Some(item) = template("item") {
            return item;
        }
        let place = template("asset").or_else(|| template("identity")).or_else(|| template("service"));
        match (template("weakness"), place) {
            (Some(weakness), Some(place)) => {
                let part = template("part").map(|part| format!("[:{part}]")).unwrap_or_default();
                format!("{weakness}@{place}{part}")
            }
            _ => template("record").unwrap_or_default(),
        }
    }

    fn fields(&self, columns: &[String]) -> BTreeMap<String, Origin> {
        let field = |(place, word): (&usize, &String)| {
            let name = columns.get(*place).filter(|name| !name.is_empty())?;
            let field = match Role::named(word)?.part {
                Part::Field(field) => field.to_owned(),
                Part::Kept => format!("{EXTRA_PREFIX}{name}"),
                Part::Name | Part::Status | Part::Time => return None,
            };
            Some((field, Origin::Column(name.clone())))
        };
        let constant = |(word, text): (&String, &String)| match Role::named(word)?.part {
            // What a column says is not said twice.
            Part::Field(field) if self.column(word, columns).is_none() => {
                Some((field.to_owned(), Origin::Constant(text.clone())))
            }
            Part::Field(_) | Part::Kept | Part::Name | Part::Status | Part::Time => None,
        };
        self.roles.iter().filter_map(field).chain(self.constants.iter().filter_map(constant)).collect()
    }

    /// The status words with that meaning.
    fn words(&self, state: &str) -> Vec<String> {
        self.statuses.iter().filter(|(_, meant)| *meant == state).map(|(word, _)| word.clone()).collect()
    }
}

const fn usual_state(status: Status) -> &'static str {
    match status {
        Status::Open => "open",
        Status::Over => "closed",
        Status::FalsePositive => "false_positive",
        Status::Accepted => "exception_granted",
    }
}

/// Which events do the answers make of a row?
struct Events<'a> {
    choices: &'a Choices,
    columns: &'a [String],
}

impl Events<'_> {
    fn all(&self) -> Vec<Emit> {
        let mut events = Vec::new();
        let opening = self.column("detected").or_else(|| self.column("seen"));
        events.extend(opening.map(|column| always("detected", column)));
        let plain = ["ticketed", "triaged", "assigned", "resumed", "exception_expired", "redetected", "reopened"];
        events.extend(plain.iter().filter_map(|event| Some(always(event, self.column(event)?))));
        if self.column("detected").is_some() {
            events.extend(self.column("seen").map(|column| always("seen", column)));
        }
        for event in ["work_started", "paused", "exception_granted", "fix_applied"] {
            self.standing(event, &mut events);
        }
        self.ends(&mut events);
        events
    }

    fn column(&self, word: &str) -> Option<String> {
        self.choices.column(word, self.columns).map(str::to_owned)
    }

    /// Where the status is one of these words.
    fn says(&self, words: Vec<String>) -> Option<Condition> {
        let column = self.column(STATUS).filter(|_| !words.is_empty())?;
        Some(Condition { column, any_of: words, ..Condition::default() })
    }

    /// A state with a time of its own where a column has it; where the status alone tells, it lies before the export.
    fn standing(&self, event: &str, events: &mut Vec<Emit>) {
        let column = self.column(event);
        events.extend(column.clone().map(|column| always(event, column)));
        if let Some(says) = self.says(self.choices.words(event)) {
            let empty = column.map(undated);
            events.push(emit(event, std::iter::once(says).chain(empty).collect(), self.window()));
        }
    }

    fn ends(&self, events: &mut Vec<Emit>) {
        let (closed, verified) = (self.column("closed"), self.column("verified"));
        let over = self.says(self.choices.words("closed"));
        let gone = self.says(self.choices.words("verified"));
        if over.is_none() && gone.is_none() {
            events.extend(closed.clone().map(|column| always("closed", column)));
            events.extend(verified.clone().map(|column| always("verified", column)));
        }
        if let Some(says) = over {
            let at = closed.clone().map_or_else(|| self.window(), At::Column);
            events.push(emit("closed", vec![says.clone()], at));
            // A verification with its own date counts also where the status says no more than *closed*.
            events.extend(
                verified.clone().map(|column| emit("verified", vec![says, dated(column.clone())], At::Column(column))),
            );
        }
        if let Some(says) = gone {
            let told = closed
                .clone()
                .map(|column| emit("closed", vec![says.clone(), dated(column.clone())], At::Column(column)));
            events.extend(told);
            let known: Vec<String> = verified.into_iter().chain(closed.clone()).collect();
            let at = if known.is_empty() { self.window() } else { At::FirstOf(known) };
            events.push(emit("verified", vec![says], at));
        }
        if let Some(says) = self.says(self.choices.words("false_positive")) {
            let told = closed
                .clone()
                .map(|column| emit("false_positive", vec![says.clone(), dated(column.clone())], At::Column(column)));
            events.extend(told);
            let empty = closed.map(undated);
            events.push(emit("false_positive", std::iter::once(says).chain(empty).collect(), self.window()));
        }
    }

    /// Between the last sighting and the export.
    fn window(&self) -> At {
        let after = ["seen", "detected", "ticketed"].iter().filter_map(|word| self.column(word)).collect();
        At::Between(Window { after, by: Vec::new(), exported: true })
    }
}

fn always(event: &str, column: String) -> Emit {
    emit(event, Vec::new(), At::Column(column))
}

fn emit(event: &str, when: Vec<Condition>, at: At) -> Emit {
    Emit { event: event.to_owned(), when, at, fields: BTreeMap::new(), rules: Vec::new() }
}

/// Where a column says something.
fn dated(column: String) -> Condition {
    Condition { column, filled: Some(true), ..Condition::default() }
}

/// Where it says nothing.
fn undated(column: String) -> Condition {
    Condition { column, filled: Some(false), ..Condition::default() }
}

impl Mapping {
    /// Whether some of its events lie before the moment of the export, which then has to be known for each file.
    #[must_use]
    pub fn needs_export(&self) -> bool {
        self.events.iter().any(|emit| matches!(&emit.at, At::Between(window) if window.exported))
    }
}
