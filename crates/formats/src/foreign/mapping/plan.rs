//! How does a mapping look once the places of its columns are known? As what is done with each row, without a name to look up.

use super::{At, Condition, EXTRA_PREFIX, Emit, Mapping, Origin, STATUS, Scale, find::place_of, template::Template};
use crate::{
    field::Field,
    foreign::{Rule, table::Row},
};
use domain::event_name::EventName;
use std::collections::BTreeMap;

/// A mapping on the columns of one table.
pub(super) struct Plan {
    pub(super) item: Template,
    pub(super) native: Option<Template>,
    pub(super) rows: Vec<Test>,
    pub(super) status: Option<usize>,
    /// Status words that are understood, in lower case.
    known_statuses: Vec<String>,
    pub(super) fields: Vec<Fill>,
    pub(super) values: BTreeMap<Field, BTreeMap<String, String>>,
    pub(super) scale: Scale,
    pub(super) events: Vec<Step>,
    /// Whether an event of these opens an item: what describes the item then goes with that one alone.
    pub(super) opens: bool,
    statuses: BTreeMap<String, String>,
}

/// A condition.
pub(super) struct Test {
    place: Option<usize>,
    is_status: bool,
    condition: Condition,
}

/// A field that is filled.
pub(super) struct Fill {
    pub(super) into: Target,
    pub(super) from: Supply,
    /// The column it comes from, where it is one column.
    pub(super) column: Option<String>,
}

/// Where a value goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Target {
    Field(Field),
    Extra(String),
}

/// Where a value comes from.
pub(super) enum Supply {
    Cell(Option<usize>),
    Template(Template),
    Constant(String),
}

/// An event that a row may tell of.
pub(super) struct Step {
    pub(super) name: EventName,
    pub(super) when: Vec<Test>,
    pub(super) at: Time,
    pub(super) fields: Vec<Fill>,
    pub(super) rules: Vec<Rule>,
    /// Whether it is told because of the status.
    pub(super) by_status: bool,
}

/// When it happened: the places of columns.
pub(super) enum Time {
    Exact(Vec<usize>),
    Between { after: Vec<usize>, by: Vec<usize>, exported: bool },
}

impl Plan {
    /// The plan for a table; what the mapping says wrongly was told before, and says nothing here.
    pub(super) fn of(mapping: &Mapping, columns: &[String], statuses: &BTreeMap<String, String>) -> Self {
        let planner = Planner { columns, status: mapping.status.as_deref().and_then(|name| place_of(name, columns)) };
        let events: Vec<Step> = mapping.events.iter().filter_map(|emit| planner.step(emit)).collect();
        let opens = events.iter().any(|step| is_opening(step.name));
        let lower = |words: &BTreeMap<String, String>| {
            words.iter().map(|(word, meant)| (word.to_lowercase(), meant.clone())).collect::<BTreeMap<_, _>>()
        };
        let mut known_statuses: Vec<String> = mapping.open.iter().map(|word| word.to_lowercase()).collect();
        let tests = || events.iter().flat_map(|step| &step.when).filter(|test| test.is_status);
        known_statuses.extend(tests().flat_map(|test| test.condition.any_of.iter().map(|word| word.to_lowercase())));
        let mut said = mapping.values.get(STATUS).map(lower).unwrap_or_default();
        said.extend(lower(statuses));
        let values = mapping.values.iter().filter_map(|(name, words)| Some((Field::find(name)?, lower(words))));
        Self {
            item: planner.template(&mapping.item),
            native: (!mapping.native.is_empty()).then(|| planner.template(&mapping.native)),
            rows: planner.tests(&mapping.rows),
            status: planner.status,
            known_statuses,
            fields: planner.fills(&mapping.fields),
            values: values.collect(),
            scale: mapping.scale,
            opens,
            statuses: said,
            events,
        }
    }

    /// The status of a row, in the words of the conditions.
    pub(super) fn status_of<'a>(&'a self, row: &'a Row<'_>) -> Option<&'a str> {
        let word = row.cell(self.status?)?;
        Some(self.statuses.get(&word.to_lowercase()).map_or(word, String::as_str))
    }

    /// The word of the conditions for a status, where the mapping says one.
    pub(super) fn meaning_of(&self, lower: &str) -> Option<&str> {
        self.statuses.get(lower).map(String::as_str)
    }

    /// Whether a status is one that the mapping speaks of.
    pub(super) fn knows(&self, status: &str) -> bool {
        let lower = status.to_lowercase();
        let begins =
            |test: &Test| test.condition.starts_with.iter().any(|start| lower.starts_with(&start.to_lowercase()));
        let tests = self.events.iter().flat_map(|step| &step.when).filter(|test| test.is_status);
        self.known_statuses.contains(&lower) || tests.into_iter().any(begins)
    }

    /// Whether all of this holds for a row.
    pub(super) fn holds(&self, tests: &[Test], row: &Row<'_>) -> bool {
        tests.iter().all(|test| {
            let raw = test.place.and_then(|place| row.cell(place));
            let meant = if test.is_status { self.status_of(row) } else { None };
            test.condition.holds(raw, meant)
        })
    }
}

/// Whether an event is the first news of an item.
pub(super) const fn is_opening(name: EventName) -> bool {
    matches!(name, EventName::Detected | EventName::Ticketed)
}

impl Condition {
    /// Whether it holds for a cell, which may have a meaning beside its word.
    fn holds(&self, raw: Option<&str>, meant: Option<&str>) -> bool {
        let says = |word: &String| [raw, meant].into_iter().flatten().any(|said| same(said, word));
        let begins = |start: &String| {
            let begins = |said: &str| said.to_lowercase().starts_with(&start.to_lowercase());
            [raw, meant].into_iter().flatten().any(begins)
        };
        self.filled.is_none_or(|filled| filled == raw.is_some())
            && (self.any_of.is_empty() || self.any_of.iter().any(says))
            && (self.not_in.is_empty() || (raw.is_some() && !self.not_in.iter().any(says)))
            && (self.starts_with.is_empty() || self.starts_with.iter().any(begins))
    }
}

fn same(one: &str, other: &str) -> bool {
    one.eq_ignore_ascii_case(other) || (!one.is_ascii() && one.to_lowercase() == other.to_lowercase())
}

struct Planner<'a> {
    columns: &'a [String],
    status: Option<usize>,
}

impl Planner<'_> {
    fn place(&self, name: &str) -> Option<usize> {
        place_of(name, self.columns)
    }

    fn places(&self, names: &[String]) -> Vec<usize> {
        names.iter().filter_map(|name| self.place(name)).collect()
    }

    fn template(&self, text: &str) -> Template {
        Template::parse(text, &mut |name| self.place(name)).unwrap_or_default()
    }

    fn tests(&self, conditions: &[Condition]) -> Vec<Test> {
        let test = |condition: &Condition| {
            let place = self.place(&condition.column);
            Test { place, is_status: place.is_some() && place == self.status, condition: condition.clone() }
        };
        conditions.iter().map(test).collect()
    }

    fn fills(&self, fields: &BTreeMap<String, Origin>) -> Vec<Fill> {
        let fill = |(name, origin): (&String, &Origin)| {
            let extra = || name.strip_prefix(EXTRA_PREFIX).map(|member| Target::Extra(member.to_owned()));
            let into = Field::find(name).map(Target::Field).or_else(extra)?;
            let (from, column) = match origin {
                Origin::Column(column) => (Supply::Cell(self.place(column)), Some(column.clone())),
                Origin::Template(text) => (Supply::Template(self.template(text)), None),
                Origin::Constant(text) => (Supply::Constant(text.clone()), None),
            };
            Some(Fill { into, from, column })
        };
        fields.iter().filter_map(fill).collect()
    }

    fn step(&self, emit: &Emit) -> Option<Step> {
        let when = self.tests(&emit.when);
        let at = match &emit.at {
            At::Column(name) => Time::Exact(self.place(name).into_iter().collect()),
            At::FirstOf(names) => Time::Exact(self.places(names)),
            At::Between(window) => Time::Between {
                after: self.places(&window.after),
                by: self.places(&window.by),
                exported: window.exported,
            },
        };
        let rule = |word: &String| Rule::ALL.iter().copied().find(|rule| rule.as_str() == word);
        Some(Step {
            name: emit.event.parse().ok()?,
            by_status: when.iter().any(|test| test.is_status),
            when,
            at,
            fields: self.fills(&emit.fields),
            rules: emit.rules.iter().filter_map(rule).collect(),
        })
    }
}
