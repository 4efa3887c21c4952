//! What stands in which column of a foreign table?

use super::Settings;
use crate::{
    csv::{cells, text_of},
    file_fault::FileFault,
    frame::{Frame, FrameState},
    held::Fault,
};
use domain::quarantine::Reason;
use std::{borrow::Cow, cell::Cell};

/// Words by which tools write "nothing".
const NULL_WORDS: [&str; 8] = ["None", "null", "NULL", "?", "UNKNOWN", "N/A", "-", "'-"];

/// Whether a text is one of the words by which tools write "nothing".
pub(crate) fn is_null_word(text: &str) -> bool {
    NULL_WORDS.contains(&text)
}

/// The columns of a foreign table.
#[derive(Clone, Debug)]
pub(crate) struct Table {
    pub(crate) columns: Vec<String>,
    delimiter: u8,
    null_words: Vec<String>,
}

/// One row of it.
pub(crate) struct Row<'a> {
    columns: &'a [String],
    cells: Vec<Cow<'a, str>>,
    null_words: &'a [String],
    /// The first cell that was read as nothing and holds a word.
    nothing: Cell<Option<usize>>,
}

impl Table {
    pub(crate) fn read(header: &Frame, delimiter: u8, settings: &Settings) -> Result<Self, FileFault> {
        let table = Self::read_repeated(header, delimiter, settings)?;
        let twice = |(place, name): (usize, &String)| {
            !name.is_empty() && table.columns.iter().take(place).any(|earlier| earlier == name)
        };
        match table.columns.iter().enumerate().find(|column| twice(*column)) {
            Some((_, name)) => Err(FileFault::DuplicateHeader(crate::held::shown(name))),
            None => Ok(table),
        }
    }

    /// The same where a format writes a column once for each of several values.
    pub(crate) fn read_repeated(header: &Frame, delimiter: u8, settings: &Settings) -> Result<Self, FileFault> {
        if header.state != FrameState::Whole {
            return Err(FileFault::BadHeader("it is no row"));
        }
        let mut columns = Vec::new();
        for cell in cells(&header.raw, delimiter).map_err(FileFault::BadHeader)? {
            let name = str::from_utf8(&cell).map_err(|_| FileFault::EncodingUnknown("its header"))?.trim().to_owned();
            columns.push(name);
        }
        Ok(Self { columns, delimiter, null_words: settings.null_words.clone() })
    }

    pub(crate) fn row<'a>(&'a self, text: &'a str) -> Result<Row<'a>, Fault> {
        let unreadable = |detail: String| Fault::whole(Reason::Unreadable, detail);
        let cells =
            cells(text.as_bytes(), self.delimiter).map_err(|fault| unreadable(format!("not a row: {fault}")))?;
        if cells.len() != self.columns.len() {
            let detail = format!("the row has {} of {} columns", cells.len(), self.columns.len());
            return Err(Fault::whole(Reason::BadValue, detail).hint("put a cell that holds a delimiter in quotes"));
        }
        let cells = cells.into_iter().map(text_of).collect();
        Ok(Row { columns: &self.columns, cells, null_words: &self.null_words, nothing: Cell::new(None) })
    }
}

impl<'a> Row<'a> {
    /// What a column says, if it says anything: blanks and words for "nothing" do not.
    pub(crate) fn get(&self, column: &str) -> Option<&str> {
        self.cell(self.columns.iter().position(|name| name == column)?)
    }

    /// The text of a column, trimmed, whatever it means.
    pub(crate) fn raw(&self, column: &str) -> Option<&str> {
        let place = self.columns.iter().position(|name| name == column)?;
        self.cells.get(place).map(|cell| cell.trim())
    }

    /// What all columns of that name say.
    pub(crate) fn all(&self, column: &str) -> Vec<&str> {
        let places = self.columns.iter().enumerate().filter(|(_, name)| *name == column);
        places.filter_map(|(place, _)| self.cell(place)).collect()
    }

    /// What the cell at a place says, if it says anything.
    pub(crate) fn cell(&self, place: usize) -> Option<&str> {
        let text = self.raw_cell(place)?;
        if self.is_null(text) {
            let known = self.nothing.get().or_else(|| (!text.is_empty()).then_some(place));
            self.nothing.set(known);
            return None;
        }
        Some(text)
    }

    /// The column of the first cell that was read so far, holds a word, and says nothing.
    pub(crate) fn nothing_in(&self) -> Option<&'a str> {
        self.nothing.get().and_then(|place| self.columns.get(place)).map(String::as_str)
    }

    /// The text of the cell at a place, trimmed, whatever it means.
    pub(crate) fn raw_cell(&self, place: usize) -> Option<&str> {
        self.cells.get(place).map(|cell| cell.trim())
    }

    /// Whether the cell at a place holds a word that means "nothing".
    pub(crate) fn is_null_word(&self, place: usize) -> bool {
        self.raw_cell(place).is_some_and(|text| !text.is_empty() && self.is_null(text))
    }

    /// The names of the columns.
    pub(crate) const fn columns(&self) -> &'a [String] {
        self.columns
    }

    fn is_null(&self, text: &str) -> bool {
        text.is_empty() || is_null_word(text) || self.null_words.iter().any(|word| word == text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::frame::Place;

    fn header(text: &str) -> Frame {
        Frame::whole(Place { line: 1, byte: 0 }, text.as_bytes().to_vec())
    }

    #[test]
    fn words_for_nothing_say_nothing() {
        let table = Table::read(&header("a;b;c"), b';', &Settings::default()).unwrap();
        let row = table.row("N/A; x ;\"1;2\"").unwrap();
        assert_eq!((row.get("a"), row.get("b"), row.get("c"), row.get("d")), (None, Some("x"), Some("1;2"), None));
        assert_eq!(row.raw("a"), Some("N/A"));
    }

    #[test]
    fn a_row_of_another_length_and_a_column_twice_are_told() {
        let table = Table::read(&header("a,b"), b',', &Settings::default()).unwrap();
        assert!(table.row("1,2,3").is_err());
        let twice = Table::read(&header("a,b,a"), b',', &Settings::default()).unwrap_err();
        assert_eq!(twice.code(), "duplicate_header");
    }
}
