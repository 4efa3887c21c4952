//! What does the beginning of a file show? Enough to tell one tool's export from another's.

use super::{Shape, document::Document};
use crate::{
    csv::cells,
    json::{self, Rules, Value},
    json_array::Elements,
};
use std::borrow::Cow;

/// Lines of a table that may stand before its header.
const PREAMBLE_MAX: usize = 12;

/// The beginning of a file, as far as it was looked at; a byte order mark says nothing of its format.
pub(crate) struct Head<'a> {
    text: Cow<'a, str>,
}

/// A row that could be the header of a table.
pub(crate) struct HeaderRow {
    /// The byte between cells.
    pub(crate) delimiter: u8,
    /// Lines before it.
    pub(crate) preamble: usize,
    /// Its cells.
    pub(crate) names: Vec<String>,
}

impl HeaderRow {
    /// Whether all of these are columns.
    pub(crate) fn has(&self, wanted: &[&str]) -> bool {
        wanted.iter().all(|name| self.names.iter().any(|column| column == name))
    }
}

impl<'a> Head<'a> {
    pub(crate) fn of(bytes: &'a [u8]) -> Self {
        let text = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
        Self { text: String::from_utf8_lossy(text) }
    }

    /// The text itself.
    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    /// Whether it begins as a JSON array.
    pub(crate) fn is_array(&self) -> bool {
        self.text.trim_start().starts_with('[')
    }

    /// Whether it begins as a JSON object.
    pub(crate) fn is_object(&self) -> bool {
        self.text.trim_start().starts_with('{')
    }

    /// Whether every one of these keys stands somewhere in it.
    pub(crate) fn mentions(&self, keys: &[&str]) -> bool {
        keys.iter().all(|key| self.text.contains(&format!("\"{key}\"")))
    }

    /// The first line, where it is a JSON object of its own: such a file has one on each line.
    pub(crate) fn first_line(&self) -> Option<Value<'_>> {
        let line = self.text.lines().map(str::trim).find(|line| !line.is_empty())?;
        json::value(line, Rules::ANALYSIS).ok().filter(|value| matches!(value, Value::Map(_)))
    }

    /// The first element of the array the file is, or the object it is; `None` where it does not end in the head.
    pub(crate) fn first_element(&self) -> Option<Value<'static>> {
        let mut elements = Elements::new(self.text.as_bytes());
        let first = elements.next_element().ok().flatten()?;
        let text = str::from_utf8(&first.raw).ok()?;
        json::value(text, Rules::ANALYSIS).ok().map(Value::into_owned)
    }

    /// The first element of the list under a key of the object the file is.
    pub(crate) fn first_under(&self, key: &'static str) -> Option<Value<'static>> {
        let first = Document::new(self.text.as_bytes(), key).next_element().ok().flatten()?;
        let text = str::from_utf8(&first.raw).ok()?;
        json::value(text, Rules::ANALYSIS).ok().map(Value::into_owned)
    }

    /// How the records are cut, if the first of them is one: each on its line, under one of these keys, or in a list.
    pub(crate) fn shape_of(&self, keys: &[&'static str], is_it: impl Fn(&Value<'_>) -> bool) -> Option<Shape> {
        if self.first_line().as_ref().is_some_and(&is_it) {
            return Some(Shape::Lines);
        }
        let found = keys.iter().copied().find(|key| self.first_under(key).as_ref().is_some_and(&is_it));
        match found {
            Some(key) => Some(Shape::Under(key)),
            None => self.first_element().as_ref().is_some_and(&is_it).then_some(Shape::Elements),
        }
    }

    /// The rows that could be the header of a table, each cut at the delimiter that gives it most cells.
    pub(crate) fn header_rows(&self) -> impl Iterator<Item = HeaderRow> + '_ {
        self.text.lines().take(PREAMBLE_MAX).enumerate().filter_map(|(preamble, line)| {
            let row = |delimiter: u8| {
                let cells = cells(line.as_bytes(), delimiter).ok()?;
                let names = cells.iter().map(|cell| String::from_utf8_lossy(cell).trim().to_owned()).collect();
                Some(HeaderRow { delimiter, preamble, names })
            };
            let rows = [b',', b';', b'\t'].into_iter().filter_map(row);
            rows.max_by_key(|row| row.names.len()).filter(|row| row.names.len() > 1)
        })
    }

    /// The first row that has all of these columns.
    pub(crate) fn header_with(&self, wanted: &[&str]) -> Option<HeaderRow> {
        self.header_rows().find(|row| row.has(wanted))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_header_is_found_behind_a_preamble_whatever_its_delimiter() {
        let head = Head::of(b"Report of Monday\n\nQID;Asset Id;Status\n1;2;3\n");
        let row = head.header_with(&["QID", "Status"]).unwrap();
        assert_eq!((row.delimiter, row.preamble), (b';', 2));
        assert!(head.header_with(&["Plugin ID"]).is_none());
    }

    #[test]
    fn records_are_found_on_lines_under_a_key_and_in_a_list() {
        let shape = |text: &str| Head::of(text.as_bytes()).shape_of(&["rows"], |value| value.at(&["a"]).is_some());
        assert_eq!(shape("{\"a\":1}\n{\"a\""), Some(Shape::Lines));
        assert_eq!(shape("{\"count\":2,\n\"rows\":[{\"a\":1},{"), Some(Shape::Under("rows")));
        assert_eq!(shape("[{\"a\":1},{"), Some(Shape::Elements));
        assert_eq!(shape("{\n\"a\":1}"), Some(Shape::Elements));
        assert_eq!(shape("{\"other\":[{\"a\":1}]}"), None);
    }

    #[test]
    fn an_element_that_does_not_end_here_is_no_element() {
        assert!(Head::of(br#"[{"a":1},{"b""#).first_element().is_some());
        assert!(Head::of(br#"[{"a":"#).first_element().is_none());
    }
}
