//! What does one record of the tool say in which field, be it a row or an object?

use super::{amount::Amount, report::Report};
use crate::{
    foreign::{
        Decimal, Rule, Settings,
        clock::{Clock, Moment},
        table::Row,
    },
    held::{Fault, shown},
    json::Value,
};
use domain::quarantine::Reason;
use std::borrow::Cow;

/// The fields of a record.
pub(super) enum Cells<'a> {
    Row(&'a Row<'a>),
    Object(&'a Value<'a>),
}

/// How the times and numbers of a source are read.
pub(super) struct Ways {
    local: Clock,
    utc: Clock,
    has_order: bool,
    decimal: Option<Decimal>,
}

impl Ways {
    pub(super) fn of(settings: &Settings) -> Self {
        let utc = Settings { zone: Some("UTC".to_owned()), ..settings.clone() };
        Self {
            local: Clock::of(settings),
            utc: Clock::of(&utc),
            has_order: settings.dates.is_some(),
            decimal: settings.decimal,
        }
    }
}

impl<'a> Cells<'a> {
    /// The raw value of the first of these fields that says anything.
    pub(super) fn get(&self, fields: &[&str]) -> Option<Cow<'_, str>> {
        fields.iter().find_map(|field| self.one(field, "value"))
    }

    /// The same as people read it, where the tool writes both.
    pub(super) fn label(&self, fields: &[&str]) -> Option<String> {
        let label = |field: &&str| self.one(field, "display_value").or_else(|| self.one(field, "value"));
        fields.iter().find_map(label).map(Cow::into_owned)
    }

    fn one(&self, field: &str, part: &str) -> Option<Cow<'_, str>> {
        match self {
            Self::Row(row) => row.get(field).map(Cow::Borrowed),
            Self::Object(object) => {
                let value = object.at(&[field])?;
                let value = if let Value::Map(_) = value { value.at(&[part])? } else { value };
                match value {
                    Value::Text(text) => Some(Cow::Borrowed(text.trim())).filter(|text| !text.is_empty()),
                    Value::Number(digits) => Some(Cow::Borrowed(digits.as_ref())),
                    Value::Bool(truth) => Some(Cow::Borrowed(if *truth { "true" } else { "false" })),
                    Value::Null | Value::List(_) | Value::Map(_) => None,
                }
            }
        }
    }

    /// Whether one of these fields is there, whatever it says.
    pub(super) fn has(&self, fields: &[&str]) -> bool {
        fields.iter().any(|field| match self {
            Self::Row(row) => row.raw(field).is_some(),
            Self::Object(object) => object.at(&[field]).is_some(),
        })
    }

    /// A field in which a word stands for nothing.
    pub(super) fn null_word(&self, fields: &[&'static str]) -> Option<&'static str> {
        let Self::Row(row) = self else { return None };
        let is_word =
            |field: &&&'static str| row.get(field).is_none() && row.raw(field).is_some_and(|text| !text.is_empty());
        fields.iter().find(is_word).copied()
    }

    /// A time; one that cannot be read is reported. What stands beside a label is UTC, as the tool says.
    pub(super) fn time(&self, fields: &[&str], ways: &Ways, report: &mut Report<'_>) -> Option<Moment> {
        let field = fields.iter().find(|field| self.one(field, "value").is_some())?;
        let text = self.one(field, "value")?;
        let is_pair = matches!(self, Self::Object(object) if matches!(object.at(&[field]), Some(Value::Map(_))));
        let read = if is_pair {
            ways.utc.read(field, &text)
        } else if is_in_some_order(&text) && !ways.has_order {
            Err(display_values(field, &text))
        } else {
            let is_local = |fault: &Fault| fault.reason == Reason::NaiveTime && !begins_with_a_year(&text);
            let read = ways.local.read(field, &text);
            read.map_err(|fault| if is_local(&fault) { display_values(field, &text) } else { fault })
        };
        match read {
            Ok(moment) => {
                report.understood.meet_all(moment.met, &report.native);
                Some(moment)
            }
            Err(fault) => {
                report.fault(fault);
                None
            }
        }
    }

    /// A whole number.
    pub(super) fn whole(&self, fields: &[&str], ways: &Ways, report: &mut Report<'_>) -> Option<u64> {
        self.amount(fields, report, |text| Amount::whole(text, ways.decimal))
    }

    /// A duration in seconds.
    pub(super) fn seconds(&self, fields: &[&str], ways: &Ways, report: &mut Report<'_>) -> Option<u64> {
        self.amount(fields, report, |text| Amount::seconds(text, ways.decimal))
    }

    fn amount(&self, fields: &[&str], report: &mut Report<'_>, read: impl Fn(&str) -> Option<Amount>) -> Option<u64> {
        let text = self.get(fields)?;
        let Some(amount) = read(&text) else {
            let field = fields.first().copied().unwrap_or_default();
            let detail = format!("`{}` in `{field}` is no number", shown(&text));
            report
                .fault(Fault::of(field, Reason::BadValue, detail).hint("say what stands before fractions: `decimal`"));
            return None;
        };
        if amount.had_signs {
            report.understood.meet(Rule::ThousandsInNumber, text.as_ref());
        }
        Some(amount.value)
    }

    /// Yes or no.
    pub(super) fn truth(&self, fields: &[&str]) -> Option<bool> {
        truth_of(&self.get(fields)?)
    }
}

/// Yes or no, in the ways the tool writes it.
pub(super) fn truth_of(text: &str) -> Option<bool> {
    match text.to_ascii_lowercase().as_str() {
        "true" | "1" | "yes" => Some(true),
        "false" | "0" | "no" => Some(false),
        _ => None,
    }
}

fn begins_with_a_year(text: &str) -> bool {
    text.bytes().take_while(u8::is_ascii_digit).count() == 4
}

/// Whether a date is three short numbers: which of them is the day is a habit of whoever exported it.
fn is_in_some_order(text: &str) -> bool {
    let date = text.split([' ', 'T']).next().unwrap_or_default();
    let mut parts = date.split(['/', '-']);
    let short = |part: Option<&str>| {
        part.is_some_and(|part| matches!(part.len(), 1 | 2) && part.bytes().all(|byte| byte.is_ascii_digit()))
    };
    short(parts.next()) && short(parts.next()) && parts.next().is_some()
}

fn display_values(field: &str, text: &str) -> Fault {
    let detail = format!("`{}` in `{field}` is a date as somebody's settings show it", shown(text));
    Fault::of(field, Reason::DisplayValues, detail)
        .hint("export raw values, which are UTC, or choose the zone and the order of dates of this source once")
}
