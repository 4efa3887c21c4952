//! Incidents and alerts of Microsoft Sentinel and Defender: what stands now, or a table with a row for each change.

mod names;
mod record;
mod rows;
mod weakness;
pub(super) mod words;

use super::{
    Adapter, Given, Settings, Shape, Translate, Understood, clock::Clock, head::Head, severity::Meant, story::Phase,
    table::Row,
};
use crate::json::{self, Rules, Value};
use domain::event_name::EventName;
use names::Form;
use rows::Log;
use std::{borrow::Cow, collections::BTreeMap};

pub(super) const ADAPTER: Adapter = Adapter {
    name: "microsoft",
    title: "Microsoft Sentinel or Defender incidents and alerts",
    recognise,
    begin: |settings| Box::new(Microsoft::of(settings)),
};

/// How the portal marks a column of times: behind this stands `UTC]`, or what it calls the zone of whoever looks.
const ZONE_MARK: &str = " [";

const ROW_COLUMNS: [&str; 3] = ["IncidentNumber", "ModifiedBy", "CreatedTime"];

fn recognise(head: &Head<'_>) -> Option<Shape> {
    if let Some(shape) = head.shape_of(&["value"], |value| Form::of(value).is_some()) {
        return Some(shape);
    }
    let has_all =
        |names: &[String]| ROW_COLUMNS.iter().all(|wanted| names.iter().any(|name| unmarked(name).0 == *wanted));
    let row = head.header_rows().find(|row| has_all(&row.names))?;
    Some(Shape::Table { delimiter: row.delimiter, preamble: row.preamble })
}

struct Microsoft {
    settings: Settings,
    clock: Clock,
    /// The changes of each incident, where the file is a table of them.
    logs: BTreeMap<String, Log>,
}

impl Microsoft {
    fn of(settings: &Settings) -> Self {
        Self { settings: settings.clone(), clock: Clock::of(settings), logs: BTreeMap::new() }
    }

    fn value(&mut self, value: &Value<'_>, understood: &mut Understood) {
        match Form::of(value) {
            Some(Form::Row) => rows::translate(self, value, understood),
            Some(Form::Weakness) => weakness::translate(self, value, understood),
            Some(Form::Snapshot(names)) => record::translate(self, value, names, understood),
            None => {}
        }
    }
}

impl Translate for Microsoft {
    fn stands_alone(&self, record: &Given<'_>) -> bool {
        matches!(record, Given::Json(value) if !matches!(Form::of(value), Some(Form::Row)))
    }

    fn record(&mut self, record: &Given<'_>, understood: &mut Understood) {
        if let Given::Json(value) = record {
            self.value(value, understood);
        } else if let Given::Row(row) = record {
            self.value(&object_of(row), understood);
        }
    }

    fn finish(&mut self, understood: &mut Understood) {
        rows::finish(self, understood);
    }
}

/// The name of a column without the mark of its zone, and whether its times are shown in UTC.
fn unmarked(column: &str) -> (&str, bool) {
    column.split_once(ZONE_MARK).map_or((column, false), |(name, mark)| (name, mark == "UTC]"))
}

/// A row as the object it would be in JSON: objects in cells are taken apart, and what is shown in UTC says so.
fn object_of<'a>(row: &'a Row<'_>) -> Value<'a> {
    let cell = |column: &'a String| {
        let (name, in_utc) = unmarked(column);
        let value = match row.get(column) {
            None => Value::Null,
            Some(text) if text.starts_with('{') || text.starts_with('[') => {
                json::value(text, Rules::ANALYSIS).unwrap_or(Value::Text(Cow::Borrowed(text)))
            }
            Some(text) if in_utc && !text.ends_with('Z') => Value::Text(Cow::Owned(format!("{text} UTC"))),
            Some(text) => Value::Text(Cow::Borrowed(text)),
        };
        (Cow::Borrowed(name), value)
    };
    let mut members: Vec<_> = row.columns().iter().map(cell).collect();
    members.sort_by(|one, other| one.0.cmp(&other.0));
    Value::Map(members)
}

/// The state a status stands for.
fn phase_of(word: &str) -> Option<Phase> {
    match word.to_ascii_lowercase().as_str() {
        "new" => Some(Phase::New),
        "active" | "inprogress" | "in progress" => Some(Phase::Working),
        "closed" | "resolved" => Some(Phase::Closed),
        _ => None,
    }
}

/// How something was closed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Ending {
    Closed,
    /// It was real, and no weakness: expected or harmless.
    Harmless,
    False,
}

impl Ending {
    fn of(classification: Option<&str>) -> Self {
        match classification.unwrap_or_default().to_ascii_lowercase().as_str() {
            "falsepositive" => Self::False,
            "benignpositive" | "informationalexpectedactivity" => Self::Harmless,
            _ => Self::Closed,
        }
    }

    const fn event(self) -> EventName {
        match self {
            Self::False => EventName::FalsePositive,
            Self::Closed | Self::Harmless => EventName::Closed,
        }
    }

    const fn reason_code(self) -> Option<&'static str> {
        match self {
            Self::Harmless => Some("other"),
            Self::Closed | Self::False => None,
        }
    }
}

/// Their severity; there is no critical one.
fn severity_of(settings: &Settings, word: &str) -> Meant {
    Meant::on(super::severity::WORDS, settings, word)
}
