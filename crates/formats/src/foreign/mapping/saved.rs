//! What did a person say, by the mapping that came of it? The way back from a saved mapping to answers in plain words, and
//! what the mapping says beyond them.

use super::{
    At, Choices, Condition, EXTRA_PREFIX, Emit, Mapping, Origin, STATUS,
    find::place_of,
    role::{Part, ROLES, Role},
    template::{Template, of_column},
};
use serde::{Deserialize, Serialize};

/// A saved mapping on the columns of a new table.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Taken {
    /// Its answers, on the columns of the table.
    pub choices: Choices,
    /// What it says beyond such answers.
    pub beyond: Beyond,
    /// Columns it names that the table lacks.
    pub gone: Vec<String>,
    /// The places of columns nobody spoke of so far.
    pub fresh: Vec<usize>,
}

/// What a mapping says that no answer about a column or a word says.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Beyond {
    /// Nothing.
    #[default]
    Nothing,
    /// These parts, which go along with the answers.
    Parts(Box<Mapping>),
    /// So much that it is used as it stands, and no answer changes it.
    Whole(Box<Mapping>),
}

impl Beyond {
    /// The mapping that answers make together with it.
    #[must_use]
    pub fn with(&self, answered: Mapping) -> Mapping {
        match self {
            Self::Nothing => answered,
            Self::Whole(mapping) => mapping.as_ref().clone(),
            Self::Parts(parts) => joined(answered, parts),
        }
    }
}

fn joined(mut mapping: Mapping, parts: &Mapping) -> Mapping {
    mapping.title.clone_from(&parts.title);
    mapping.header.clone_from(&parts.header);
    mapping.rows.extend(parts.rows.iter().cloned());
    (mapping.lenient, mapping.report_zone) = (parts.lenient, parts.report_zone);
    if !parts.item.is_empty() {
        mapping.item.clone_from(&parts.item);
    }
    if !parts.native.is_empty() {
        mapping.native.clone_from(&parts.native);
    }
    mapping.open.extend(parts.open.iter().cloned());
    mapping.fields.extend(parts.fields.clone());
    for (field, words) in &parts.values {
        mapping.values.entry(field.clone()).or_default().extend(words.clone());
    }
    mapping.events.extend(parts.events.iter().cloned());
    mapping
}

impl Mapping {
    /// Every column it names anywhere, each once.
    #[must_use]
    pub fn named_columns(&self) -> Vec<String> {
        let mut columns: Vec<String> = self.columns().into_iter().map(str::to_owned).collect();
        let mut name = |column: &str| {
            columns.push(column.to_owned());
            Some(0)
        };
        let origins = self.fields.values().chain(self.events.iter().flat_map(|emit| emit.fields.values()));
        let templates = origins.filter_map(|origin| match origin {
            Origin::Template(text) => Some(text),
            Origin::Column(_) | Origin::Constant(_) => None,
        });
        for text in templates.chain([&self.item, &self.native]) {
            // What is no template names no column; saving it was refused.
            if Template::parse(text, &mut name).is_err() {
                continue;
            }
        }
        columns.sort_unstable();
        columns.dedup();
        columns
    }

    /// What it says in answers about columns and words, on the columns of a table.
    #[must_use]
    pub fn taken(&self, columns: &[String]) -> Taken {
        let own = self.named_columns();
        let mut choices = Choices { scale: self.scale, ..Choices::default() };
        Back { mapping: self, own: &own, choices: &mut choices }.all();
        // What its columns would name the item by needs no template.
        if choices.mapping(&own).item != self.item {
            choices.item_id.clone_from(&self.item);
        }
        let beyond = beyond(self, &choices.mapping(&own));
        let spoken = own.iter().chain(&self.unused);
        let places: Vec<usize> = spoken.filter_map(|name| place_of(name, columns)).collect();
        let gone = own.iter().filter(|name| place_of(name, columns).is_none()).cloned().collect();
        let roles = std::mem::take(&mut choices.roles).into_iter();
        let moved = roles.filter_map(|(place, role)| Some((place_of(own.get(place)?, columns)?, role)));
        choices.roles = moved.collect();
        Taken { choices, beyond, gone, fresh: (0..columns.len()).filter(|place| !places.contains(place)).collect() }
    }
}

/// What the mapping says that the answers do not; all of it, where they would say something else.
fn beyond(mapping: &Mapping, answered: &Mapping) -> Beyond {
    let says_more = answered.events.iter().any(|emit| !mapping.events.contains(emit))
        || answered.fields.iter().any(|(field, origin)| mapping.fields.get(field) != Some(origin))
        || answered.status != mapping.status;
    if says_more {
        return Beyond::Whole(Box::new(mapping.clone()));
    }
    let differs = |one: &str, other: &str| if one == other { String::new() } else { one.to_owned() };
    let mut values = mapping.values.clone();
    for (field, words) in &answered.values {
        if let Some(known) = values.get_mut(field) {
            known.retain(|word, meant| words.get(word) != Some(meant));
        }
    }
    values.retain(|_, words| !words.is_empty());
    let fields = mapping.fields.iter().filter(|(field, _)| !answered.fields.contains_key(*field));
    let parts = Mapping {
        title: mapping.title.clone(),
        header: mapping.header.clone(),
        lenient: mapping.lenient,
        report_zone: mapping.report_zone,
        rows: mapping.rows.iter().filter(|condition| !answered.rows.contains(condition)).cloned().collect(),
        item: differs(&mapping.item, &answered.item),
        native: differs(&mapping.native, &answered.native),
        open: mapping.open.iter().filter(|word| !answered.open.contains(word)).cloned().collect(),
        fields: fields.map(|(field, origin)| (field.clone(), origin.clone())).collect(),
        values,
        events: mapping.events.iter().filter(|emit| !answered.events.contains(emit)).cloned().collect(),
        ..Mapping::default()
    };
    if parts == Mapping::default() { Beyond::Nothing } else { Beyond::Parts(Box::new(parts)) }
}

/// The way back from a mapping to answers, on the columns it names itself.
struct Back<'a> {
    mapping: &'a Mapping,
    own: &'a [String],
    choices: &'a mut Choices,
}

impl Back<'_> {
    fn all(&mut self) {
        for (field, origin) in &self.mapping.fields {
            let role = ROLES.iter().find(|role| matches!(role.part, Part::Field(known) if known == field));
            match (origin, role) {
                (Origin::Column(column), Some(role)) => self.say(column, role.word),
                (Origin::Column(column), None) if field.strip_prefix(EXTRA_PREFIX) == Some(column.as_str()) => {
                    self.say(column, "kept");
                }
                (Origin::Constant(text), Some(role)) if role.may_be_fixed() => {
                    self.choices.constants.insert(role.word.to_owned(), text.clone());
                }
                (Origin::Column(_) | Origin::Constant(_) | Origin::Template(_), _) => {}
            }
        }
        let plain = self.mapping.rows.iter().filter(|condition| condition.is_plain());
        self.choices.rows = plain.cloned().collect();
        if let Some(status) = &self.mapping.status {
            self.say(status, STATUS);
        }
        self.names();
        self.times();
        self.words();
    }

    /// A meaning for a column that has none so far.
    fn say(&mut self, column: &str, role: &str) {
        let is_taken = self.choices.roles.values().any(|known| known == role)
            && Role::named(role).is_some_and(|role| !role.may_repeat());
        let place = self.own.iter().position(|name| name == column);
        if let Some(place) = place.filter(|place| !is_taken && !self.choices.roles.contains_key(place)) {
            self.choices.roles.insert(place, role.to_owned());
        }
    }

    /// What names the item and the record.
    fn names(&mut self) {
        let (item, native) = (&self.mapping.item, &self.mapping.native);
        for column in self.own {
            let template = of_column(column);
            if *native == template {
                self.say(column, "record");
            } else if *item == template {
                self.say(column, "item");
            } else if item.contains(&format!("[:{template}]")) {
                self.say(column, "part");
            }
        }
    }

    fn times(&mut self) {
        for emit in &self.mapping.events {
            let column = match &emit.at {
                At::Column(column) => Some(column),
                At::FirstOf(columns) => columns.first(),
                At::Between(_) => None,
            };
            if let Some(column) = column.filter(|_| Role::named(&emit.event).is_some_and(Role::is_time)) {
                self.say(column, &emit.event);
            }
        }
    }

    fn words(&mut self) {
        for word in &self.mapping.open {
            self.choices.statuses.insert(word.clone(), "open".to_owned());
        }
        let mapping = self.mapping;
        for emit in mapping.events.iter().filter(|emit| says(mapping, emit)) {
            for word in emit.when.iter().flat_map(|condition| &condition.any_of) {
                self.choices.statuses.entry(word.clone()).or_insert_with(|| emit.event.clone());
            }
        }
        if let Some(words) = self.mapping.values.get("severity") {
            self.choices.severities = words.clone();
        }
    }
}

impl Condition {
    /// Whether it tests a column by words alone, each of which fits in a line.
    fn is_plain(&self) -> bool {
        let words = if self.any_of.is_empty() { &self.not_in } else { &self.any_of };
        let fits = |word: &String| !word.is_empty() && word.trim() == word && !word.contains(['\n', '\r']);
        let is_one_test = self.any_of.is_empty() != self.not_in.is_empty();
        is_one_test && self.starts_with.is_empty() && self.filled.is_none() && words.iter().all(fits)
    }
}

/// Whether an event is told because of the status, and not of a date beside it.
fn says(mapping: &Mapping, emit: &Emit) -> bool {
    let is_status = |condition: &Condition| Some(&condition.column) == mapping.status.as_ref();
    let is_dated = |condition: &Condition| !is_status(condition) && condition.filled == Some(true);
    emit.when.iter().any(is_status) && !emit.when.iter().any(is_dated)
}
