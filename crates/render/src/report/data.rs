//! How does the model reach the template? As one JSON document, in which every text is safe to print.

use serde_json::{Value, json};

use super::ReportError;
use super::model::{Figure, Model, Watermark};
use super::world::can_print;
use crate::palette::{DERIVED, TOKENS, printed};
use crate::printable::printable;
use crate::svg::for_print;

/// Stands for a letter that no bundled typeface has.
const UNKNOWN_LETTER: char = '?';
/// Digits of the data hash that stand in the footer.
const HASH_DIGITS: usize = 12;
/// The longest list of each kind: a memo is a page or two, and the typesetter must not be given work without end.
const LENGTHS_MAX: [(&str, usize); 5] =
    [("messages", 3), ("charts", 6), ("tables", 4), ("missing", 20), ("decisions", 3)];
/// Letters of a name on the page; the document's own title keeps all of it.
const NAME_LETTERS_MAX: usize = 80;
/// Rows of a table on the memo; more belongs into an export.
const ROWS_MAX: usize = 60;
/// Bytes of one drawing; the largest of ours has a tenth of it.
const SVG_BYTES_MAX: usize = 1 << 20;

/// The document `board.typ` reads.
pub(super) fn document(model: &Model) -> Result<Vec<u8>, ReportError> {
    let mut value = serde_json::to_value(model).map_err(|_fault| ReportError::Model)?;
    make_printable(&mut value);
    let Value::Object(fields) = &mut value else {
        return Err(ReportError::Model);
    };
    let colours = TOKENS.iter().chain(DERIVED).map(|token| (token.name.to_owned(), json!(printed(token.name))));
    fields.insert("colours".to_owned(), Value::Object(colours.collect()));
    fields.insert("footer".to_owned(), footer(model));
    fields.insert("organisation".to_owned(), json!(without_unknown_letters(&printable(&name_of(model)))));
    fields.insert("watermark".to_owned(), watermark(model.watermark));
    shorten(fields);
    if let Some(Value::Array(charts)) = fields.get_mut("charts") {
        for (chart, given) in charts.iter_mut().filter_map(Value::as_object_mut).zip(&model.charts) {
            if given.svg.len() > SVG_BYTES_MAX {
                return Err(ReportError::DrawingTooLarge(given.svg.len()));
            }
            chart.insert("svg".to_owned(), json!(without_unknown_letters(&for_print(&given.svg))));
        }
    }
    if let (Some(Value::Object(pair)), Some(given)) = (fields.get_mut("pair"), &model.pair) {
        mark_known(pair, "paper", &given.paper);
        mark_known(pair, "practice", &given.practice);
    }
    serde_json::to_vec(&value).map_err(|_fault| ReportError::Model)
}

fn shorten(fields: &mut serde_json::Map<String, Value>) {
    for (name, length) in LENGTHS_MAX {
        if let Some(Value::Array(values)) = fields.get_mut(name) {
            values.truncate(length);
        }
    }
    let tables = fields.get_mut("tables").and_then(Value::as_array_mut);
    for table in tables.into_iter().flatten() {
        let columns = table.get("header").and_then(Value::as_array).map_or(0, Vec::len);
        let Some(rows) = table.get_mut("rows").and_then(Value::as_array_mut) else {
            continue;
        };
        rows.truncate(ROWS_MAX);
        // A row with another number of cells would push all later ones into the wrong column.
        for cells in rows.iter_mut().filter_map(Value::as_array_mut) {
            cells.resize(columns, json!(""));
        }
    }
}

fn mark_known(pair: &mut serde_json::Map<String, Value>, side: &str, figure: &Figure) {
    if let Some(Value::Object(fields)) = pair.get_mut(side) {
        fields.insert("known".to_owned(), json!(figure.share.is_some()));
    }
}

fn watermark(kind: Watermark) -> Value {
    match kind {
        Watermark::None => Value::Null,
        Watermark::Sample => json!("sample"),
        Watermark::Draft => json!("draft"),
    }
}

/// What each page must still say when it lies alone on a table. A draft has no hash: it may still change.
fn footer(model: &Model) -> Value {
    let hash: String = match model.watermark {
        Watermark::Draft => "draft".to_owned(),
        Watermark::None | Watermark::Sample => model.data_hash.chars().take(HASH_DIGITS).collect(),
    };
    let (as_of, known_at) = (to_the_minute(&model.as_of), to_the_minute(&model.known_at));
    let name = name_of(model);
    let items = [
        ("", name.as_str()),
        ("report", &model.report_id),
        ("as-of", &as_of),
        ("known-at", &known_at),
        ("data", &hash),
        ("definitions", &model.definitions),
        ("", &model.classification),
    ];
    let filled = items.into_iter().filter(|(_, value)| !value.is_empty());
    filled.map(|(name, value)| json!({ "name": name, "value": without_unknown_letters(&printable(value)) })).collect()
}

fn name_of(model: &Model) -> String {
    let mut name: String = model.organisation.chars().take(NAME_LETTERS_MAX).collect();
    if name.len() < model.organisation.len() {
        name.push('…');
    }
    name
}

/// `2026-07-01 00:00 UTC` for `2026-07-01T00:00:00Z`; seconds are kept where they are not zero.
fn to_the_minute(moment: &str) -> String {
    let plain = moment.trim_end_matches('Z');
    format!("{} UTC", plain.strip_suffix(":00").unwrap_or(plain).replace('T', " "))
}

/// Cuts every text, drops what cannot be printed and replaces letters that no typeface has.
fn make_printable(value: &mut Value) {
    match value {
        Value::String(text) => *text = without_unknown_letters(&printable(text)),
        Value::Array(values) => values.iter_mut().for_each(make_printable),
        Value::Object(fields) => fields.values_mut().for_each(make_printable),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

fn without_unknown_letters(text: &str) -> String {
    let letter_or_mark = |letter: char| match letter {
        '\n' | ' ' => letter,
        _ if can_print(letter) => letter,
        _ => UNKNOWN_LETTER,
    };
    text.chars().map(letter_or_mark).collect()
}
