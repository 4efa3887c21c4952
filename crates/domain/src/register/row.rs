//! What does one row of a register say, and how is it kept?

use super::schema::{Need, Register, Type};
use crate::{day::Day, time::Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// What stands in a cell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cell {
    /// Text, a word or a number, to the letter.
    Text(String),
    /// A list of texts.
    Texts(Vec<String>),
    /// Yes or no.
    Truth(bool),
    /// A day.
    Day(Day),
    /// A list of days.
    Days(Vec<Day>),
    /// A moment.
    Moment(Timestamp),
    /// A whole number.
    Count(u64),
    /// What an agent may do.
    Guardrails(Vec<Guardrail>),
}

/// Something an agent may do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Guardrail {
    /// What.
    pub action: String,
    /// Where.
    #[serde(default)]
    pub scope: Option<String>,
    /// Whether a person has to allow it.
    #[serde(default)]
    pub needs_approval: Option<bool>,
}

/// One row, checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RegisterRow {
    /// Of which register.
    pub register: Register,
    /// What it is known by: its key columns, joined by `|`.
    pub key: String,
    /// The first day on which it holds; none: since ever.
    pub valid_from: Option<Day>,
    /// The last day on which it holds; none: until further notice.
    pub valid_to: Option<Day>,
    /// Where it comes from.
    pub source: Option<String>,
    cells: BTreeMap<&'static str, Cell>,
}

/// A row that cannot be one of its register.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}: {detail}", .column.unwrap_or("the row"))]
pub struct BadRow {
    /// The column it is about.
    pub column: Option<&'static str>,
    /// Whether something is not there.
    pub is_missing: bool,
    /// What is wrong.
    pub detail: String,
}

impl RegisterRow {
    /// A row of these cells.
    ///
    /// # Errors
    /// [`BadRow`] when a needed cell is not there, or more than one of those that exclude each other.
    pub fn new(register: Register, mut cells: BTreeMap<&'static str, Cell>) -> Result<Self, BadRow> {
        let mut key = Vec::new();
        let (mut either, mut given) = (Vec::new(), 0_usize);
        for column in register.own_columns() {
            let name = column.name;
            let text = cells.get(name).map(Cell::plain);
            match (column.need, text) {
                (Need::Key, None) => return Err(BadRow::missing(name, format!("no `{name}`"))),
                (Need::Key, Some(text)) => key.push(text),
                (Need::EitherKey, text) => {
                    either.push(name);
                    given = given.saturating_add(usize::from(text.is_some()));
                    key.push(text.unwrap_or_default());
                }
                (Need::Either, text) => {
                    either.push(name);
                    given = given.saturating_add(usize::from(text.is_some()));
                }
                (Need::Optional, _) => {}
            }
        }
        if let (Some(first), false) = (either.first(), given == 1 || either.is_empty()) {
            let detail = format!("expected exactly one of `{}`", either.join("`, `"));
            return Err(BadRow { is_missing: given == 0, ..BadRow::missing(first, detail) });
        }
        let mut day = |name: &str| match cells.remove(name) {
            Some(Cell::Day(day)) => Some(day),
            _ => None,
        };
        let (valid_from, valid_to) = (day("valid_from"), day("valid_to"));
        let source = cells.remove("source").map(|cell| cell.plain());
        let key = key.iter().map(|part| escaped(part)).collect::<Vec<_>>().join("|");
        Ok(Self { register, key, valid_from, valid_to, source, cells })
    }

    /// What stands in a column.
    #[must_use]
    pub fn get(&self, column: &str) -> Option<&Cell> {
        self.cells.get(column)
    }

    /// The text of a column.
    #[must_use]
    pub fn text(&self, column: &str) -> Option<&str> {
        if let Some(Cell::Text(text)) = self.get(column) { Some(text) } else { None }
    }

    /// The texts of a list.
    #[must_use]
    pub fn texts(&self, column: &str) -> &[String] {
        if let Some(Cell::Texts(texts)) = self.get(column) { texts } else { &[] }
    }

    /// Yes or no.
    #[must_use]
    pub fn truth(&self, column: &str) -> Option<bool> {
        if let Some(Cell::Truth(truth)) = self.get(column) { Some(*truth) } else { None }
    }

    /// The day of a column.
    #[must_use]
    pub fn day(&self, column: &str) -> Option<Day> {
        if let Some(Cell::Day(day)) = self.get(column) { Some(*day) } else { None }
    }

    /// The days of a list.
    #[must_use]
    pub fn days(&self, column: &str) -> &[Day] {
        if let Some(Cell::Days(days)) = self.get(column) { days } else { &[] }
    }

    /// The moment of a column.
    #[must_use]
    pub fn moment(&self, column: &str) -> Option<Timestamp> {
        if let Some(Cell::Moment(moment)) = self.get(column) { Some(*moment) } else { None }
    }

    /// The whole number of a column.
    #[must_use]
    pub fn count(&self, column: &str) -> Option<u64> {
        if let Some(Cell::Count(count)) = self.get(column) { Some(*count) } else { None }
    }

    /// The number of a column, as near as a computer holds it.
    #[must_use]
    pub fn number(&self, column: &str) -> Option<f64> {
        self.text(column)?.parse().ok()
    }

    /// What an agent may do.
    #[must_use]
    pub fn guardrails(&self, column: &str) -> &[Guardrail] {
        if let Some(Cell::Guardrails(guardrails)) = self.get(column) { guardrails } else { &[] }
    }

    /// Whether it holds on a day.
    #[must_use]
    pub fn holds_on(&self, day: Day) -> bool {
        self.valid_from.is_none_or(|from| from <= day) && self.valid_to.is_none_or(|to| day <= to)
    }

    /// All its cells as JSON with sorted keys: equal rows are equal text.
    #[must_use]
    pub fn to_json(&self) -> String {
        let mut members = Map::new();
        for (name, cell) in &self.cells {
            members.insert((*name).to_owned(), cell.to_json());
        }
        let days = [("valid_from", self.valid_from), ("valid_to", self.valid_to)];
        for (name, day) in days.into_iter().filter_map(|(name, day)| Some((name, day?))) {
            members.insert(name.to_owned(), Value::String(day.to_string()));
        }
        if let Some(source) = &self.source {
            members.insert("source".to_owned(), Value::String(source.clone()));
        }
        Value::Object(members).to_string()
    }

    /// Reads back what [`Self::to_json`] wrote.
    ///
    /// # Errors
    /// [`BadRow`] for any other text.
    pub fn of_json(register: Register, text: &str) -> Result<Self, BadRow> {
        let members: Map<String, Value> =
            serde_json::from_str(text).map_err(|error| BadRow::whole(error.to_string()))?;
        let mut cells = BTreeMap::new();
        for (name, value) in members {
            let column = register.column(&name).ok_or_else(|| BadRow::whole(format!("unknown column `{name}`")))?;
            let name = column.name;
            let cell = Cell::of_json(column.holds, value);
            let bad = || BadRow { column: Some(name), is_missing: false, detail: "not what it holds".to_owned() };
            cells.insert(name, cell.ok_or_else(bad)?);
        }
        Self::new(register, cells)
    }
}

impl BadRow {
    const fn missing(column: &'static str, detail: String) -> Self {
        Self { column: Some(column), is_missing: true, detail }
    }

    const fn whole(detail: String) -> Self {
        Self { column: None, is_missing: false, detail }
    }
}

/// The sign between parts of a key does not stand inside them.
fn escaped(part: &str) -> String {
    part.replace('\\', "\\\\").replace('|', "\\|")
}

impl Cell {
    /// As one text.
    fn plain(&self) -> String {
        match self {
            Self::Text(text) => text.clone(),
            Self::Texts(texts) => texts.join(";"),
            Self::Truth(truth) => truth.to_string(),
            Self::Day(day) => day.to_string(),
            Self::Days(days) => days.iter().map(Day::to_string).collect::<Vec<_>>().join(";"),
            Self::Moment(moment) => moment.to_string(),
            Self::Count(count) => count.to_string(),
            Self::Guardrails(guardrails) => {
                guardrails.iter().map(|one| one.action.as_str()).collect::<Vec<_>>().join(";")
            }
        }
    }

    fn to_json(&self) -> Value {
        match self {
            Self::Text(_) | Self::Day(_) | Self::Moment(_) => Value::String(self.plain()),
            Self::Texts(texts) => Value::from(texts.as_slice()),
            Self::Truth(truth) => Value::Bool(*truth),
            Self::Days(days) => days.iter().map(Day::to_string).collect(),
            Self::Count(count) => Value::from(*count),
            Self::Guardrails(guardrails) => serde_json::to_value(guardrails).unwrap_or_default(),
        }
    }

    fn of_json(holds: Type, value: Value) -> Option<Self> {
        let text = value.as_str();
        match holds {
            Type::Text | Type::Number | Type::Word(_) => text.map(|text| Self::Text(text.to_owned())),
            Type::Texts => serde_json::from_value(value).ok().map(Self::Texts),
            Type::Truth => value.as_bool().map(Self::Truth),
            Type::Day => text?.parse().ok().map(Self::Day),
            Type::Days => {
                let days = value.as_array()?.iter().map(|day| day.as_str()?.parse().ok());
                days.collect::<Option<Vec<Day>>>().map(Self::Days)
            }
            Type::Moment => Timestamp::parse(text?).ok().map(Self::Moment),
            Type::Count => value.as_u64().map(Self::Count),
            Type::Guardrails => serde_json::from_value(value).ok().map(Self::Guardrails),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(text: &str) -> Cell {
        Cell::Text(text.to_owned())
    }

    fn day(text: &str) -> Day {
        text.parse().unwrap()
    }

    #[test]
    fn a_row_comes_back_as_it_was_written() {
        let guardrail = Guardrail { action: "isolate".into(), scope: Some("shop".into()), needs_approval: Some(true) };
        let cells = BTreeMap::from([
            ("id", text("a|b")),
            ("kind", text("agent")),
            ("deployed_on", Cell::Day(day("2026-01-01"))),
            ("guardrails", Cell::Guardrails(vec![guardrail])),
            ("valid_from", Cell::Day(day("2026-01-02"))),
            ("valid_to", Cell::Day(day("2026-01-31"))),
            ("source", text("cmdb")),
        ]);
        let row = RegisterRow::new(Register::AiRegister, cells).unwrap();
        assert_eq!(RegisterRow::of_json(Register::AiRegister, &row.to_json()).as_ref(), Ok(&row));
        assert_eq!((row.key.as_str(), row.source.as_deref()), ("a\\|b", Some("cmdb")));
        let holds = ["2026-01-01", "2026-01-02", "2026-01-31", "2026-02-01"].map(|text| row.holds_on(day(text)));
        assert_eq!(holds, [false, true, true, false]);
        for broken in ["{", r#"{"id":7}"#, r#"{"id":"a","colour":"red"}"#, r#"{"kind":"agent"}"#] {
            assert!(RegisterRow::of_json(Register::AiRegister, broken).is_err(), "{broken}");
        }
    }

    #[test]
    fn one_of_two_columns_is_one_and_not_both() {
        let row = |names: &[&'static str]| {
            let mut cells: BTreeMap<_, _> = names.iter().map(|name| (*name, text("x"))).collect();
            cells.insert("date", Cell::Day(day("2026-01-01")));
            RegisterRow::new(Register::Pentests, cells)
        };
        assert_eq!(row(&["asset"]).unwrap().key, "x||2026-01-01");
        assert_eq!(row(&["system_group"]).unwrap().key, "|x|2026-01-01");
        assert!(row(&[]).unwrap_err().is_missing);
        assert!(!row(&["asset", "system_group"]).unwrap_err().is_missing);
    }
}
