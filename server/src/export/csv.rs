//! How do the items leave as CSV that no spreadsheet takes for a formula?
//!
//! UTF-8, CRLF, every value quoted; a null has no text, so nothing stands between its commas. A text that a spreadsheet would run
//! gets a leading `'`, and the answer says so in [`ESCAPED_HEADER`].

use crate::odata::{COLUMNS, ItemRow, Value, plain};
use std::borrow::Cow;

/// The header that is sent, with the value `1`, when a text got a leading `'`.
pub const ESCAPED_HEADER: &str = "x-wallclock-escaped";

/// What makes a spreadsheet run a text: signs of formulas with their full-width twins, and what it skips before one.
const STARTS_FORMULA: [char; 12] = ['=', '+', '-', '@', '\t', '\r', '\n', '\0', '＝', '＋', '－', '＠'];

/// A file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Csv {
    pub text: String,
    /// Whether a text got a leading `'`.
    pub escaped: bool,
}

/// The items with all their columns, in the order they come.
pub fn items_csv<'a>(rows: impl IntoIterator<Item = ItemRow<'a>>) -> Csv {
    let mut csv = Csv { text: String::new(), escaped: false };
    let names: Vec<_> = COLUMNS.iter().map(|column| quoted(column.name)).collect();
    csv.line(&names);
    for row in rows {
        let cells: Vec<_> = COLUMNS.iter().map(|column| csv.cell(&column.of(&row))).collect();
        csv.line(&cells);
    }
    csv
}

impl Csv {
    /// A file with the names of its columns.
    #[must_use]
    pub fn of(columns: &[&str]) -> Self {
        let mut csv = Self { text: String::new(), escaped: false };
        let names: Vec<_> = columns.iter().map(|name| quoted(name)).collect();
        csv.line(&names);
        csv
    }

    /// One more line of texts; an empty one has nothing between its commas.
    pub fn texts(&mut self, texts: &[String]) {
        let values: Vec<Value<'_>> = texts.iter().map(|text| text_or_nothing(text)).collect();
        self.values(&values);
    }

    /// One more line of values.
    pub fn values(&mut self, values: &[Value<'_>]) {
        let cells: Vec<String> = values.iter().map(|value| self.cell(value)).collect();
        self.line(&cells);
    }

    fn line(&mut self, cells: &[String]) {
        self.text.push_str(&cells.join(","));
        self.text.push_str("\r\n");
    }

    fn cell(&mut self, value: &Value<'_>) -> String {
        match value {
            Value::Null => String::new(),
            Value::Text(text) => {
                let safe = formula_safe(text);
                self.escaped |= matches!(safe, Cow::Owned(_));
                quoted(&safe)
            }
            Value::Boolean(_) | Value::Integer(_) | Value::Double(_) | Value::Date(_) | Value::Instant(_) => {
                quoted(&plain(value))
            }
        }
    }
}

fn text_or_nothing(text: &str) -> Value<'_> {
    if text.is_empty() { Value::Null } else { Value::Text(Cow::Borrowed(text)) }
}

fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('"', "\"\""))
}

/// The text, with a leading `'` if a spreadsheet would run it. Text that starts with `'` before such a sign gets one too, so that
/// taking one away gives the text back.
#[must_use]
pub fn formula_safe(text: &str) -> Cow<'_, str> {
    let behind = text.trim_start_matches('\'');
    if behind.starts_with(STARTS_FORMULA) { Cow::Owned(format!("'{text}")) } else { Cow::Borrowed(text) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whatever_a_spreadsheet_would_run_gets_a_quote_in_front() {
        for text in ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "\0=1", "＝1", "＋1", "－1", "＠x", "'=1"]
        {
            assert_eq!(formula_safe(text), format!("'{text}"), "{text:?}");
        }
        for text in ["", "a=1", "CVE-2026-1", " x", "'quoted'", "1+1"] {
            assert_eq!(formula_safe(text), text);
        }
    }

    #[test]
    fn quotes_inside_are_doubled() {
        assert_eq!(quoted("a \"b\", c"), "\"a \"\"b\"\", c\"");
    }
}
