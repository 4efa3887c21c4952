//! What does the beginning of a file show? Enough to tell one tool's export from another's.

use super::{Shape, document::Document};
use crate::{
    csv::cells,
    json::{self, Rules, Value},
    json_array::Elements,
};
use std::{borrow::Cow, collections::BTreeSet};

/// Lines of a table that may stand before its header.
const PREAMBLE_MAX: usize = 12;

/// Signs between the cells of a table.
const DELIMITERS: [u8; 3] = [b',', b';', b'\t'];

/// The beginning of a file, as far as it was looked at; a byte order mark says nothing of its format.
pub(crate) struct Head<'a> {
    text: Cow<'a, str>,
    wanted: Vec<&'a str>,
}

/// A row that could be the header of a table.
#[derive(Clone)]
pub(crate) struct HeaderRow {
    /// The byte between cells.
    pub(crate) delimiter: u8,
    /// Lines before it.
    pub(crate) preamble: usize,
    /// Its cells.
    pub(crate) names: Vec<String>,
}

/// Whether it could be a header: no text of two bytes a character, without the mark that says so.
fn is_text(line: &str) -> bool {
    !line.contains('\0')
}

fn header_row(line: &str, delimiter: u8, preamble: usize) -> Option<HeaderRow> {
    let cells = cells(line.as_bytes(), delimiter).ok()?;
    let names = cells.iter().map(|cell| String::from_utf8_lossy(cell).trim().to_owned()).collect();
    Some(HeaderRow { delimiter, preamble, names })
}

impl HeaderRow {
    /// Whether these could be names: several, most of them with letters, none twice and no number among them.
    fn could_be(&self) -> bool {
        let given: Vec<&str> = self.names.iter().map(String::as_str).filter(|name| !name.is_empty()).collect();
        let named = given.iter().filter(|name| name.chars().any(char::is_alphabetic)).count();
        let distinct: BTreeSet<&&str> = given.iter().collect();
        named > 1
            && named.saturating_mul(2) > self.names.len()
            && distinct.len() == given.len()
            && !given.iter().any(|name| name.replace(',', ".").parse::<f64>().is_ok())
    }

    /// Whether all of these are columns.
    pub(crate) fn has(&self, wanted: &[&str]) -> bool {
        wanted.iter().all(|name| self.names.iter().any(|column| column == name))
    }
}

impl<'a> Head<'a> {
    pub(crate) fn of(bytes: &'a [u8]) -> Self {
        let text = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
        Self { text: String::from_utf8_lossy(text), wanted: Vec::new() }
    }

    /// The same, where it is known which columns a table should have.
    pub(crate) fn wanting(self, wanted: Vec<&'a str>) -> Self {
        Self { wanted, ..self }
    }

    /// The columns a table should have, where that is known.
    pub(crate) fn wanted(&self) -> &[&'a str] {
        &self.wanted
    }

    /// The lines that could be the header of a table.
    pub(crate) fn header_lines(&self) -> impl Iterator<Item = &str> {
        self.text.lines().take(PREAMBLE_MAX).filter(|line| is_text(line))
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
            if !is_text(line) {
                return None;
            }
            let rows = DELIMITERS.into_iter().filter_map(|delimiter| header_row(line, delimiter, preamble));
            rows.max_by_key(|row| row.names.len()).filter(|row| row.names.len() > 1)
        })
    }

    /// How any table is cut: at the header that has the columns that are wanted, else at the row that looks most like one.
    pub(crate) fn any_table(&self) -> Option<Shape> {
        let known = |row: &HeaderRow| self.wanted.iter().filter(|name| row.has(&[name])).count();
        let rows = || self.header_rows().filter(|row| known(row) > 0);
        // Of several as good the first: `max_by_key` takes the last.
        let best = rows().map(|row| known(&row)).max();
        let wanted = best.and_then(|best| rows().find(|row| known(row) == best));
        let row = wanted.or_else(|| self.likely_header())?;
        Some(Shape::Table { delimiter: row.delimiter, preamble: row.preamble })
    }

    /// The first row of most cells that could be names of columns and are followed by as many cells.
    fn likely_header(&self) -> Option<HeaderRow> {
        let lines: Vec<&str> = self.text.lines().take(PREAMBLE_MAX.saturating_add(1)).collect();
        let mut best: Option<HeaderRow> = None;
        for (preamble, line) in lines.iter().enumerate().take(PREAMBLE_MAX).filter(|(_, line)| is_text(line)) {
            for delimiter in DELIMITERS {
                let Some(row) = header_row(line, delimiter, preamble).filter(HeaderRow::could_be) else { continue };
                let next = lines.iter().skip(preamble.saturating_add(1)).find(|line| !line.trim().is_empty());
                let fits = next.is_none_or(|next| {
                    // A quoted cell may hold the end of a line: then the next line says nothing.
                    cells(next.as_bytes(), delimiter).map_or(true, |cells| cells.len() == row.names.len())
                });
                if fits && best.as_ref().is_none_or(|best| best.names.len() < row.names.len()) {
                    best = Some(row);
                }
            }
        }
        best
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
    fn the_header_of_any_table_is_the_widest_row_of_names() {
        let shape = |text: &str| match Head::of(text.as_bytes()).any_table() {
            Some(Shape::Table { delimiter, preamble }) => Some((char::from(delimiter), preamble)),
            _ => None,
        };
        assert_eq!(shape("a;b;c\n1,5;2,3;4,1\n1,5;2,3;4,1\n"), Some((';', 0)));
        assert_eq!(shape("Report,of Monday\nACME,Madrid\nRule,Host,Seen\n1,2,3\n"), Some((',', 2)));
        assert_eq!(shape("a\tb\n\"x\ny\"\t1\n"), Some(('\t', 0)));
        assert_eq!(shape(",Rule,Host\n0,1,2\n"), Some((',', 0)));
        assert_eq!(shape("nothing here\nof a table\n"), None);
        assert_eq!(shape("{\"a\": 1}\n"), None);
    }

    #[test]
    fn a_header_that_is_wanted_is_taken_whatever_stands_before() {
        let head = Head::of(b"x,y,z\np,q,r\nRule,Host,2026\n1,2,3\n").wanting(vec!["Rule", "Host"]);
        assert_eq!(head.any_table(), Some(Shape::Table { delimiter: b',', preamble: 2 }));
    }

    #[test]
    fn an_element_that_does_not_end_here_is_no_element() {
        assert!(Head::of(br#"[{"a":1},{"b""#).first_element().is_some());
        assert!(Head::of(br#"[{"a":"#).first_element().is_none());
    }
}
