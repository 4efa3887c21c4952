//! May this cell of a register hold this? Tables and JSON are read by the same rules.

use crate::{
    csv::{REFORMATTED, is_reformatted},
    held::{Fault, shown},
    json::Value,
};
use domain::{
    day::Day,
    quarantine::Reason,
    register::{Cell, Column, Guardrail, Type},
    time::Timestamp,
};

/// A text is at most this long, in bytes.
const TEXT_BYTES_MAX: usize = 8 * 1024;

/// A key is at most this long, in bytes: an index holds it.
const KEY_BYTES_MAX: usize = 256;

/// Counts are at most this large: 2^53, so that every program that reads them reads the same.
const COUNT_MAX: u64 = 1 << 53;

type Read = Result<Option<Cell>, Box<Fault>>;

fn wrong(column: &Column, text: &str, wanted: &str) -> Box<Fault> {
    let detail = format!("`{}` in `{}`, expected {wanted}", shown(text), column.name);
    let fault = Fault::of(column.name, Reason::BadValue, detail);
    let is_spreadsheet = is_reformatted(text) || (text.len() == 5 && text.bytes().all(|byte| byte.is_ascii_digit()));
    Box::new(if is_spreadsheet { fault.hint(REFORMATTED) } else { fault })
}

/// Reads the cell of a table; an empty one says nothing.
pub(super) fn of_text(column: &Column, text: &str) -> Read {
    if text.is_empty() {
        return Ok(None);
    }
    let parts = || text.split(';').map(str::trim).filter(|part| !part.is_empty());
    let cell = match column.holds {
        Type::Text => Cell::Text(plain(column, text)?),
        Type::Texts => Cell::Texts(parts().map(|part| plain(column, part)).collect::<Result<_, _>>()?),
        Type::Truth => Cell::Truth(truth(column, text)?),
        Type::Day => Cell::Day(day(column, text)?),
        Type::Days => Cell::Days(parts().map(|part| day(column, part)).collect::<Result<_, _>>()?),
        Type::Moment => Cell::Moment(moment(column, text)?),
        Type::Count => Cell::Count(count(column, text)?),
        Type::Number => Cell::Text(number(column, text)?),
        Type::Word(words) => Cell::Text(word(column, text, words)?),
        Type::Guardrails => Cell::Guardrails(parts().map(|part| guardrail(column, part)).collect::<Result<_, _>>()?),
    };
    Ok(Some(cell))
}

/// Reads a member of an object; null says nothing.
pub(super) fn of_value(column: &Column, value: &Value<'_>) -> Read {
    match (column.holds, value) {
        (_, Value::Null) => Ok(None),
        (_, Value::Text(text)) => of_text(column, text.trim()),
        (Type::Truth, Value::Bool(truth)) => Ok(Some(Cell::Truth(*truth))),
        (Type::Count | Type::Number, Value::Number(digits)) => of_text(column, digits),
        (Type::Texts | Type::Days, Value::List(items)) => {
            let texts: Option<Vec<&str>> = items.iter().map(Value::as_text).collect();
            let Some(texts) = texts else { return Err(wrong(column, "a list", "a list of texts")) };
            if let Some(part) = texts.iter().find(|text| text.contains(';')) {
                return Err(wrong(column, part, "texts without `;`"));
            }
            of_text(column, &texts.join(";"))
        }
        (Type::Guardrails, Value::List(items)) => {
            let read = |item: &Value<'_>| {
                let missing = || Box::new(Fault::of(column.name, Reason::MissingField, "no `action`".to_owned()));
                let action = item.text_at(&["action"]).map(str::to_owned).ok_or_else(missing)?;
                let scope = item.text_at(&["scope"]).map(str::to_owned);
                Ok(Guardrail { action, scope, needs_approval: item.truth_at(&["needs_approval"]) })
            };
            Ok(Some(Cell::Guardrails(items.iter().map(read).collect::<Result<_, Box<Fault>>>()?)))
        }
        (_, other) => {
            let detail = format!("`{}` holds {}, expected {}", column.name, other.what(), wanted(column.holds));
            Err(Box::new(Fault::of(column.name, Reason::BadValue, detail)))
        }
    }
}

const fn wanted(holds: Type) -> &'static str {
    match holds {
        Type::Text | Type::Word(_) => "text",
        Type::Texts => "a list of texts",
        Type::Truth => "`true` or `false`",
        Type::Day => "a day as text",
        Type::Days => "a list of days",
        Type::Moment => "a time as text",
        Type::Count => "a whole number from 0",
        Type::Number => "a number",
        Type::Guardrails => "a list of objects",
    }
}

fn plain(column: &Column, text: &str) -> Result<String, Box<Fault>> {
    let most = if column.is_key() { KEY_BYTES_MAX } else { TEXT_BYTES_MAX };
    let fault = |reason, detail| Box::new(Fault::of(column.name, reason, detail));
    if text.len() > most {
        let detail = format!("`{}` has {} bytes, expected at most {most}", column.name, text.len());
        return Err(fault(Reason::BadValue, detail));
    }
    let hidden = |sign: char| sign.is_control() || crate::canonical::is_invisible(sign);
    if text.contains('\0') || (column.is_key() && text.chars().any(hidden)) {
        let detail = format!("`{}` in `{}` holds characters nobody sees", shown(text), column.name);
        return Err(fault(Reason::BadIdentifier, detail));
    }
    if column.is_key() && is_reformatted(text) {
        return Err(wrong(column, text, "a name"));
    }
    Ok(text.to_owned())
}

fn truth(column: &Column, text: &str) -> Result<bool, Box<Fault>> {
    match text.to_ascii_lowercase().as_str() {
        "true" | "yes" | "1" => Ok(true),
        "false" | "no" | "0" => Ok(false),
        _ => Err(wrong(column, text, "`true` or `false`")),
    }
}

fn day(column: &Column, text: &str) -> Result<Day, Box<Fault>> {
    let in_range = |day: Day| (day.start().seconds() >= 0).then_some(day);
    let day = text.parse().ok().and_then(in_range);
    day.ok_or_else(|| wrong(column, text, "a day since 1970 as in `2026-03-01`"))
}

fn moment(column: &Column, text: &str) -> Result<Timestamp, Box<Fault>> {
    Timestamp::parse(text).map_err(|_| {
        let shape = text.get(..10).is_some_and(|day| day.parse::<Day>().is_ok());
        let reason = if shape { Reason::NaiveTime } else { Reason::BadValue };
        let detail = format!("`{}` in `{}`, expected a time as in `2026-03-01T10:00:00Z`", shown(text), column.name);
        Box::new(Fault::of(column.name, reason, detail))
    })
}

fn count(column: &Column, text: &str) -> Result<u64, Box<Fault>> {
    let count = text.parse().ok().filter(|count| *count <= COUNT_MAX);
    count.ok_or_else(|| wrong(column, text, "a whole number from 0"))
}

/// A number is kept as it is written: money has no rounding of ours in it.
fn number(column: &Column, text: &str) -> Result<String, Box<Fault>> {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, "0"));
    let is_plain = |part: &str| !part.is_empty() && part.len() <= 18 && part.bytes().all(|byte| byte.is_ascii_digit());
    if is_plain(whole) && is_plain(fraction) {
        Ok(text.to_owned())
    } else {
        Err(wrong(column, text, "a number with a decimal point and no signs between thousands"))
    }
}

fn word(column: &Column, text: &str, words: &[&str]) -> Result<String, Box<Fault>> {
    let small = text.to_lowercase();
    if words.contains(&small.as_str()) {
        return Ok(small);
    }
    Err(wrong(column, text, &format!("one of {}", words.join(", "))))
}

/// `action`, `action|scope` or `action|scope|yes`.
fn guardrail(column: &Column, text: &str) -> Result<Guardrail, Box<Fault>> {
    let mut parts = text.split('|').map(str::trim);
    let action = parts.next().filter(|part| !part.is_empty()).map(str::to_owned);
    let action = action.ok_or_else(|| wrong(column, text, "`action|scope|needs_approval`"))?;
    let scope = parts.next().filter(|part| !part.is_empty()).map(str::to_owned);
    let needs_approval = parts.next().filter(|part| !part.is_empty()).map(|part| truth(column, part)).transpose()?;
    if parts.next().is_some() {
        return Err(wrong(column, text, "`action|scope|needs_approval`"));
    }
    Ok(Guardrail { action, scope, needs_approval })
}
