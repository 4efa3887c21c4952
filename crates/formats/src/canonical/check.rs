//! May this field hold this value? Each check answers with the value as the canonical text holds it.

use super::{
    identifier::{identifier, slug},
    moment,
};
use crate::{
    field::{Class, Field},
    held::{Fault, shown},
    json::Value,
    nearest::nearest,
};
use domain::{event_name::EventName, kind::Kind, quarantine::Reason, severity::Severity, time::Timestamp};
use std::borrow::Cow;

/// A field is at most this long, in bytes.
const FIELD_BYTES_MAX: usize = 64 * 1024;

/// `reason` is at most this long, in characters.
const REASON_CHARACTERS_MAX: usize = 2_000;

/// Counts are at most this large: 2^53, so that every program that reads them reads the same.
const COUNT_MAX: u64 = 1 << 53;

/// Words that mean "less than low".
const BELOW_LOW: [&str; 4] = ["info", "informational", "information", "none"];

/// What a checked field turned out to be.
pub(super) enum Checked<'a> {
    Plain(Value<'a>),
    Time(Value<'a>, Timestamp),
    Event(Value<'a>, EventName),
    /// A severity that no map knows: kept in the source's own words.
    Unmapped(Value<'a>),
}

/// Checks one field.
pub(super) fn check(field: Field, value: Value<'_>) -> Result<Checked<'_>, Box<Fault>> {
    match field.class() {
        Class::Time => moment::time(field, &value).map(|at| Checked::Time(value, at)),
        Class::TimeOrDate => moment::time_or_date(field, &value).map(|at| Checked::Time(value, at)),
        Class::Event => event(field, text(field, value)?),
        Class::Severity => severity(field, text(field, value)?),
        Class::Identifier => {
            let text = text_with_nul(field, value)?;
            identifier(field.as_str(), text).map(|text| Checked::Plain(Value::Text(text)))
        }
        Class::Slug
        | Class::Text
        | Class::Reason
        | Class::List
        | Class::Bool
        | Class::Share
        | Class::Count
        | Class::Kind
        | Class::Word(_)
        | Class::Extra => plain(field, value).map(Checked::Plain),
    }
}

fn plain(field: Field, value: Value<'_>) -> Result<Value<'_>, Box<Fault>> {
    match field.class() {
        Class::Slug => {
            let text = text_with_nul(field, value)?;
            slug(field.as_str(), &text).map(|()| Value::Text(text))
        }
        Class::Reason => reason(field, text(field, value)?),
        Class::Kind => kind(field, &text(field, value)?),
        Class::Word(known) => word(field, text(field, value)?, known),
        Class::List => list(field, value),
        Class::Bool if matches!(value, Value::Bool(_)) => Ok(value),
        Class::Bool => Err(wrong(field, &value, "`true` or `false`").into()),
        Class::Share => share(field, value),
        Class::Count => count(field, value),
        Class::Extra if matches!(value, Value::Map(_)) => Ok(value),
        Class::Extra => Err(wrong(field, &value, "an object").into()),
        Class::Text | Class::Identifier | Class::Event | Class::Time | Class::TimeOrDate | Class::Severity => {
            text(field, value).map(Value::Text)
        }
    }
}

fn wrong(field: Field, value: &Value<'_>, wanted: &str) -> Fault {
    let detail = format!("`{}` holds {}, expected {wanted}", field.as_str(), value.what());
    let fault = Fault::of(field.as_str(), Reason::BadValue, detail);
    if wanted == "text" && value.as_digits().is_some() {
        return fault.hint("write the number in quotes");
    }
    fault
}

/// Text of bounded length. It may hold any character but NUL, which no database keeps.
fn text<'a>(field: Field, value: Value<'a>) -> Result<Cow<'a, str>, Box<Fault>> {
    let text = text_with_nul(field, value)?;
    if text.bytes().any(|byte| byte == 0) {
        let detail = format!("`{}` holds the character U+0000, expected text without it", field.as_str());
        return Err(Fault::of(field.as_str(), Reason::BadValue, detail).into());
    }
    Ok(text)
}

fn text_with_nul<'a>(field: Field, value: Value<'a>) -> Result<Cow<'a, str>, Box<Fault>> {
    let Value::Text(text) = value else {
        return Err(wrong(field, &value, "text").into());
    };
    if text.len() <= FIELD_BYTES_MAX {
        return Ok(text);
    }
    let name = field.as_str();
    let detail = format!("`{name}` has {} bytes, expected at most {FIELD_BYTES_MAX}", text.len());
    Err(Fault::of(name, Reason::BadValue, detail).into())
}

fn event<'a>(field: Field, text: Cow<'a, str>) -> Result<Checked<'a>, Box<Fault>> {
    if let Ok(name) = text.parse::<EventName>() {
        return Ok(Checked::Event(Value::Text(text), name));
    }
    let known: Vec<&'static str> = EventName::ALL.iter().map(|name| name.as_str()).collect();
    let detail = format!("unknown event `{}`", shown(&text));
    let fault = Fault::of(field.as_str(), Reason::UnknownEvent, detail);
    Err(fault.hint(one_of(&text, &known)).into())
}

fn severity<'a>(field: Field, text: Cow<'a, str>) -> Result<Checked<'a>, Box<Fault>> {
    if text.parse::<Severity>().is_ok() {
        return Ok(Checked::Plain(Value::Text(text)));
    }
    if BELOW_LOW.iter().any(|word| text.eq_ignore_ascii_case(word)) {
        let detail = format!("severity `{}` lies below `low`", shown(&text));
        let fault = Fault::of(field.as_str(), Reason::BelowScope, detail);
        return Err(fault.hint("release it as `low`, or leave such findings out").into());
    }
    Ok(Checked::Unmapped(Value::Text(text)))
}

fn kind(field: Field, text: &str) -> Result<Value<'static>, Box<Fault>> {
    if let Ok(kind) = text.parse::<Kind>() {
        return Ok(Value::Text(Cow::Borrowed(kind.as_str())));
    }
    let known = Kind::ALL.map(Kind::as_str);
    Err(unknown_word(field, text, &known).into())
}

fn word<'a>(field: Field, text: Cow<'a, str>, known: &[&'static str]) -> Result<Value<'a>, Box<Fault>> {
    if known.contains(&text.as_ref()) {
        return Ok(Value::Text(text));
    }
    Err(unknown_word(field, &text, known).into())
}

fn unknown_word(field: Field, text: &str, known: &[&'static str]) -> Fault {
    let detail = format!("unknown {} `{}`", field.as_str(), shown(text));
    Fault::of(field.as_str(), Reason::BadValue, detail).hint(one_of(text, known))
}

/// The nearest word, and all allowed ones.
fn one_of(text: &str, known: &[&'static str]) -> String {
    let all = format!("expected one of {}", known.join(", "));
    match nearest(text, known) {
        Some(near) => format!("did you mean `{near}`? {all}"),
        None => all,
    }
}

fn reason<'a>(field: Field, text: Cow<'a, str>) -> Result<Value<'a>, Box<Fault>> {
    let characters = text.chars().count();
    if characters > REASON_CHARACTERS_MAX {
        let detail = format!("`reason` has {characters} characters, expected at most {REASON_CHARACTERS_MAX}");
        return Err(Fault::of(field.as_str(), Reason::BadValue, detail).into());
    }
    Ok(Value::Text(text))
}

/// A list of texts; a single text is a list of one.
fn list<'a>(field: Field, value: Value<'a>) -> Result<Value<'a>, Box<Fault>> {
    let items = match value {
        Value::List(items) => items,
        Value::Text(text) => vec![Value::Text(text)],
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Map(_) => {
            return Err(wrong(field, &value, "a list of texts").into());
        }
    };
    let items = items.into_iter().map(|item| text(field, item).map(Value::Text));
    items.collect::<Result<Vec<_>, _>>().map(Value::List)
}

fn share<'a>(field: Field, value: Value<'a>) -> Result<Value<'a>, Box<Fault>> {
    number(field, value, "a number from 0 to 1", |digits| {
        digits.parse::<f64>().is_ok_and(|share| (0.0..=1.0).contains(&share))
    })
}

fn count<'a>(field: Field, value: Value<'a>) -> Result<Value<'a>, Box<Fault>> {
    number(field, value, "a whole number from 0", |digits| digits.parse::<u64>().is_ok_and(|count| count <= COUNT_MAX))
}

fn number<'a>(field: Field, value: Value<'a>, wanted: &str, fits: fn(&str) -> bool) -> Result<Value<'a>, Box<Fault>> {
    match value.as_digits() {
        None => Err(wrong(field, &value, wanted).into()),
        Some(digits) if fits(digits) => Ok(value),
        Some(digits) => {
            let detail = format!("`{}` holds `{}`, expected {wanted}", field.as_str(), shown(digits));
            Err(Fault::of(field.as_str(), Reason::BadValue, detail).into())
        }
    }
}
