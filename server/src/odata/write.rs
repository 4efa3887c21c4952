//! How is a row written as JSON? Text is escaped by serde_json; everything else is digits.

use super::{
    columns::Column,
    item_row::ItemRow,
    negotiate::{Detail, JsonForm},
    resource::SET,
    value::{EdmType, Instant, Value},
};
use domain::time::Timestamp;

/// One row as a JSON object.
pub(super) fn row(row: &ItemRow<'_>, columns: &[&Column], form: JsonForm) -> String {
    object(row, columns, form, Vec::new())
}

/// One row as a whole answer: its context stands first.
pub(super) fn entity(row: &ItemRow<'_>, columns: &[&Column], form: JsonForm, context: &str) -> String {
    let before = match form.detail {
        Detail::None => Vec::new(),
        Detail::Minimal | Detail::Full => vec![member("@odata.context", &text(context))],
    };
    object(row, columns, form, before)
}

/// One cell as a whole answer; `None` for null.
pub(super) fn cell(value: &Value<'_>, form: JsonForm, context: &str) -> Option<String> {
    let mut members = Vec::new();
    if form.detail != Detail::None {
        members.push(member("@odata.context", &text(context)));
    }
    members.push(member("value", &json(value, form)));
    (!value.is_null()).then(|| format!("{{{}}}", members.join(",")))
}

fn object(row: &ItemRow<'_>, columns: &[&Column], form: JsonForm, mut members: Vec<String>) -> String {
    if form.detail == Detail::Full {
        let id = text(&format!("{SET}({})", row.key()));
        members.push(member("@odata.type", "\"#wallclock.Item\""));
        members.push(member("@odata.id", &id));
    }
    for column in columns {
        if form.detail == Detail::Full
            && let Some(annotated) = stated_type(column)
        {
            members.push(annotated);
        }
        members.push(member(column.name, &json(&column.of(row), form)));
    }
    format!("{{{}}}", members.join(","))
}

/// Types that JSON does not show by itself.
fn stated_type(column: &Column) -> Option<String> {
    let stated = matches!(column.edm, EdmType::Int64 | EdmType::Date | EdmType::DateTimeOffset);
    stated.then(|| member(&format!("{}@odata.type", column.name), &format!("\"#{}\"", column.edm.name())))
}

pub(super) fn member(name: &str, json: &str) -> String {
    format!("\"{name}\":{json}")
}

/// Text as a JSON string.
pub(super) fn text(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

/// A cell as JSON.
pub(super) fn json(value: &Value<'_>, form: JsonForm) -> String {
    match value {
        Value::Null => "null".to_owned(),
        Value::Boolean(it) => it.to_string(),
        Value::Integer(it) if form.integers_as_text => format!("\"{it}\""),
        Value::Integer(it) => it.to_string(),
        Value::Double(it) => serde_json::Value::from(*it).to_string(),
        Value::Text(it) => text(it),
        Value::Date(_) | Value::Instant(_) => text(&plain(value)),
    }
}

/// A cell as plain text; null is empty.
pub(crate) fn plain(value: &Value<'_>) -> String {
    match value {
        Value::Null => String::new(),
        Value::Boolean(it) => it.to_string(),
        Value::Integer(it) => it.to_string(),
        Value::Double(it) => serde_json::Value::from(*it).to_string(),
        Value::Text(it) => it.to_string(),
        Value::Date(day) => {
            let midnight = Timestamp::start_of_day(*day).to_string();
            midnight.split('T').next().unwrap_or_default().to_owned()
        }
        Value::Instant(Instant { seconds, .. }) => Timestamp::from_seconds(*seconds).to_string(),
    }
}
