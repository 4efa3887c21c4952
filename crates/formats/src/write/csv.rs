//! How is a table written that no spreadsheet runs as a formula?

use std::{
    borrow::Cow,
    io::{self, Write},
};

/// Writes a table: UTF-8, CRLF, every cell in quotes, no cell a formula.
pub struct CsvWriter<W> {
    out: W,
    row: String,
}

impl<W: Write> CsvWriter<W> {
    /// Writes the header.
    ///
    /// # Errors
    /// As the output beneath.
    pub fn new(out: W, header: &[&str]) -> io::Result<Self> {
        let mut writer = Self { out, row: String::new() };
        writer.write(header.iter().copied())?;
        Ok(writer)
    }

    /// Writes one row.
    ///
    /// # Errors
    /// As the output beneath.
    pub fn write<'a>(&mut self, cells: impl IntoIterator<Item = &'a str>) -> io::Result<()> {
        self.row.clear();
        for (place, cell) in cells.into_iter().enumerate() {
            if place > 0 {
                self.row.push(',');
            }
            self.row.push('"');
            self.row.push_str(&escape_cell(cell).replace('"', "\"\""));
            self.row.push('"');
        }
        self.row.push_str("\r\n");
        self.out.write_all(self.row.as_bytes())
    }

    /// Hands the output back, flushed.
    ///
    /// # Errors
    /// As the output beneath.
    pub fn finish(mut self) -> io::Result<W> {
        self.out.flush()?;
        Ok(self.out)
    }
}

/// The text of a cell with an apostrophe before what a spreadsheet would run. Reading it back takes one off again, so
/// text that already begins like that gets one more.
///
/// ```
/// assert_eq!(formats::write::escape_cell("=1+1"), "'=1+1");
/// assert_eq!(formats::write::escape_cell("a=1"), "a=1");
/// ```
#[must_use]
pub fn escape_cell(text: &str) -> Cow<'_, str> {
    if could_be_formula(text.trim_start_matches('\'')) { Cow::Owned(format!("'{text}")) } else { Cow::Borrowed(text) }
}

/// Whether a spreadsheet may take a text for a formula: by its first character, or that character's full-width twin.
pub(crate) fn could_be_formula(text: &str) -> bool {
    text.starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '\0', '＝', '＋', '－', '＠'])
}
