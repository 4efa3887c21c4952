//! Can a mapping be followed? Each problem says in which part it lies, what is wrong, and what was probably meant.

use super::{
    At, Condition, EXTRA_PREFIX, Emit, Mapping, OWN_FIELDS, Origin, STATUS,
    find::{nearest_column, place_of},
    template::Template,
};
use crate::{
    field::{self, Class, Field},
    foreign::Rule,
    held::shown,
    nearest::nearest,
};
use domain::{event_name::EventName, kind::Kind, severity::Severity};
use serde::{Deserialize, Serialize};
use std::fmt;

/// Something in a mapping that cannot be followed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    /// The part of the mapping, as `events[2].at`; events are counted from 0, as in its JSON.
    pub part: String,
    /// What is wrong with it, and what was probably meant.
    pub what: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{} (in `{}` of the mapping)", self.what, self.part)
    }
}

impl Mapping {
    /// What cannot be followed: by itself, and with the columns of a table where they are given. Empty when all of it can.
    #[must_use]
    pub fn problems(&self, columns: Option<&[String]>) -> Vec<Problem> {
        let mut check = Check { lenient: self.lenient, columns, found: Vec::new() };
        check.template("item", &self.item);
        if self.item.trim().is_empty() {
            check.say("item", "nothing names the item, expected a template as `{Plugin ID}@{Host}`".to_owned());
        } else if !self.item.contains('{') {
            check.say("item", format!("`{}` names no column: every row would be the same item", shown(&self.item)));
        }
        check.template("native", &self.native);
        if let Some(status) = &self.status {
            check.column("status", status);
        }
        check.conditions("rows", &self.rows);
        for (name, origin) in &self.fields {
            check.field(&format!("fields.{name}"), name, origin);
        }
        self.check_values(&mut check);
        if self.events.is_empty() {
            check.say("events", "no event is made of any row, expected at least one".to_owned());
        }
        for (place, emit) in self.events.iter().enumerate() {
            check.emit(&format!("events[{place}]"), emit);
        }
        check.found
    }

    fn check_values(&self, check: &mut Check<'_>) {
        for (name, words) in &self.values {
            let part = format!("values.{name}");
            match Field::find(name).map(Field::class) {
                None if name == STATUS => {}
                None => check.unknown_field(&part, name),
                Some(class) => {
                    let wrong = words.values().find(|meant| !may_mean(class, meant));
                    if let Some(meant) = wrong {
                        check.say(&part, format!("`{}` is no word of the field `{name}`", shown(meant)));
                    }
                }
            }
        }
    }
}

/// Whether a word can stand in a field of that class.
pub(super) fn may_mean(class: Class, meant: &str) -> bool {
    match class {
        Class::Severity => meant == "below" || meant.parse::<Severity>().is_ok(),
        Class::Kind => meant.parse::<Kind>().is_ok(),
        Class::Word(known) => known.contains(&meant),
        Class::Identifier
        | Class::Slug
        | Class::Event
        | Class::Time
        | Class::TimeOrDate
        | Class::Text
        | Class::Reason
        | Class::List
        | Class::Bool
        | Class::Share
        | Class::Count
        | Class::Extra => true,
    }
}

struct Check<'a> {
    lenient: bool,
    columns: Option<&'a [String]>,
    found: Vec<Problem>,
}

impl Check<'_> {
    fn say(&mut self, part: &str, what: String) {
        self.found.push(Problem { part: part.to_owned(), what });
    }

    fn column(&mut self, part: &str, name: &str) {
        if name.trim().is_empty() {
            return self.say(part, "a column without a name".to_owned());
        }
        let Some(columns) = self.columns.filter(|_| !self.lenient) else { return };
        if place_of(name, columns).is_none() {
            self.say(part, no_column(name, columns));
        }
    }

    fn template(&mut self, part: &str, text: &str) {
        let mut missing = Vec::new();
        let columns = self.columns;
        let parsed = Template::parse(text, &mut |name| match columns {
            None => Some(0),
            Some(columns) => {
                let place = place_of(name, columns);
                if place.is_none() {
                    missing.push(name.to_owned());
                }
                place
            }
        });
        match parsed {
            Err(fault) => self.say(part, fault),
            Ok(template) => {
                // Without a name there is no item; a field of a lenient mapping may stay empty.
                let needed = template.impossible().filter(|_| !self.lenient || matches!(part, "item" | "native"));
                let needed = needed.map(str::to_owned);
                let told = missing.iter().filter(|name| !self.lenient || needed.as_ref() == Some(*name));
                let told: Vec<String> = told.map(|name| no_column(name, columns.unwrap_or_default())).collect();
                let all =
                    needed.filter(|name| name.contains('|')).map(|name| format!("the table has no column of `{name}`"));
                for what in told.into_iter().chain(all) {
                    self.say(part, what);
                }
            }
        }
    }

    fn conditions(&mut self, part: &str, conditions: &[Condition]) {
        for condition in conditions {
            self.column(part, &condition.column);
            let tests = [&condition.any_of, &condition.not_in, &condition.starts_with];
            if tests.iter().all(|words| words.is_empty()) && condition.filled.is_none() {
                let name = shown(&condition.column);
                let what = format!(
                    "the condition on `{name}` tests nothing, expected `in`, `not_in`, `starts_with` or `filled`"
                );
                self.say(part, what);
            }
        }
    }

    fn emit(&mut self, part: &str, emit: &Emit) {
        if emit.event.parse::<EventName>().is_err() {
            let known: Vec<&'static str> = EventName::ALL.iter().map(|name| name.as_str()).collect();
            let what = format!("`{}` is no event{}", shown(&emit.event), meant(nearest(&emit.event, &known)));
            self.say(&format!("{part}.event"), what);
        }
        self.conditions(&format!("{part}.when"), &emit.when);
        let at = format!("{part}.at");
        match &emit.at {
            At::Column(name) => self.column(&at, name),
            At::FirstOf(names) if names.is_empty() => self.say(&at, "no column says when".to_owned()),
            At::FirstOf(names) => names.iter().for_each(|name| self.column(&at, name)),
            At::Between(window) => {
                window.after.iter().chain(&window.by).for_each(|name| self.column(&at, name));
                if window.by.is_empty() && !window.exported {
                    self.say(
                        &at,
                        "nothing says when it had happened at the latest, expected `by` or `exported`".to_owned(),
                    );
                }
            }
        }
        for (name, origin) in &emit.fields {
            self.field(&format!("{part}.fields.{name}"), name, origin);
        }
        for rule in &emit.rules {
            let known: Vec<&'static str> = Rule::ALL.iter().map(|rule| rule.as_str()).collect();
            if !known.contains(&rule.as_str()) {
                let what = format!("`{}` is no rule of data quality{}", shown(rule), meant(nearest(rule, &known)));
                self.say(&format!("{part}.rules"), what);
            }
        }
    }

    fn field(&mut self, part: &str, name: &str, origin: &Origin) {
        if OWN_FIELDS.contains(&name) {
            self.say(part, format!("`{name}` is not set as a field: the item, the events and their times say it"));
        } else if Field::find(name).is_none_or(|field| field == Field::Extra)
            && name.strip_prefix(EXTRA_PREFIX).is_none_or(str::is_empty)
        {
            self.unknown_field(part, name);
        }
        match origin {
            Origin::Column(column) => self.column(part, column),
            Origin::Template(text) => self.template(part, text),
            Origin::Constant(text) if text.trim().is_empty() => {
                self.say(part, format!("the constant for `{name}` is empty"));
            }
            Origin::Constant(_) => {}
        }
    }

    fn unknown_field(&mut self, part: &str, name: &str) {
        let near = meant(field::nearest_name(name));
        self.say(part, format!("no event has a field `{}`{near}; `extra.<name>` takes what is not ours", shown(name)));
    }
}

fn no_column(name: &str, columns: &[String]) -> String {
    format!("the table has no column `{}`{}", shown(name), meant(nearest_column(name, columns)))
}

fn meant(near: Option<&str>) -> String {
    near.map(|name| format!(", is `{}` meant?", shown(name))).unwrap_or_default()
}
