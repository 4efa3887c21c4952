//! What stands in a table nobody knows yet? Its columns and some of its rows, for whoever makes a mapping.

use crate::{
    csv::{Rows, cells, is_empty_row, text_of},
    file_fault::FileFault,
    foreign::{DateOrder, Settings, Shape, head::Head, mapping::Mapping, table::Table},
    frame::FrameState,
    lines::LineReader,
    source::begin,
};
use serde::{Deserialize, Serialize};
use std::{
    collections::{BTreeMap, BTreeSet},
    io::{BufRead, Cursor, Read},
};

/// Rows of a sample together: few of them may be very long.
const SAMPLE_BYTES_MAX: usize = 8 << 20;

/// The beginning of a table.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sample {
    /// The names of its columns.
    pub columns: Vec<String>,
    /// Its first rows, each with as many cells as there are columns.
    pub rows: Vec<Vec<String>>,
    /// The byte between cells.
    pub delimiter: u8,
    /// Lines before the header, as they stand.
    pub preamble: Vec<String>,
    /// Rows among the first that could not be cut into as many cells.
    pub broken: u64,
}

impl Sample {
    /// Reads the first rows of a table.
    ///
    /// # Errors
    /// [`FileFault`] when it is empty, is no table, or has a header that cannot be read.
    pub fn read<R: BufRead>(input: R, settings: &Settings, rows_max: usize) -> Result<Self, FileFault> {
        let (head, text, _) = begin(input, settings.text_encoding)?;
        if head.is_empty() {
            return Err(FileFault::Empty);
        }
        let wanted = settings.mapping.as_ref().map(Mapping::columns).unwrap_or_default();
        let shape = Head::of(&head).wanting(wanted).any_table();
        let Some(Shape::Table { delimiter, preamble }) = shape else {
            return Err(FileFault::NotThisFormat("a table of two columns or more"));
        };
        let mut sample = Self { delimiter, ..Self::default() };
        let mut lines = LineReader::new(Cursor::new(head).chain(text));
        for _ in 0..preamble {
            let line = lines.next_line()?.ok_or(FileFault::NoRows)?;
            sample.preamble.push(String::from_utf8_lossy(&line.frame.raw).into_owned());
        }
        let mut rows = Rows::new(lines, delimiter);
        let header = rows.next_row()?.ok_or(FileFault::NoRows)?;
        sample.columns = Table::read(&header, delimiter, settings)?.columns;
        let mut bytes = 0_usize;
        while sample.rows.len() < rows_max && bytes < SAMPLE_BYTES_MAX {
            let Some(row) = rows.next_row()? else { break };
            bytes = bytes.saturating_add(row.raw.len());
            if is_empty_row(&row) {
                continue;
            }
            match cells(&row.raw, delimiter) {
                Ok(cells) if row.state == FrameState::Whole && cells.len() == sample.columns.len() => {
                    sample.rows.push(cells.into_iter().map(|cell| text_of(cell).trim().to_owned()).collect());
                }
                Ok(_) | Err(_) => sample.broken = sample.broken.saturating_add(1),
            }
        }
        Ok(sample)
    }

    /// The distinct words of one of its columns, see [`status_words`].
    #[must_use]
    pub fn words(&self, column: &str) -> Vec<(String, u64)> {
        status_words(&self.columns, &self.rows, column)
    }

    /// Whether days or months come first in dates as `23/04/2026`, where its cells tell: to be proposed, not to be taken.
    /// `None` where they do not, or where they contradict each other.
    #[must_use]
    pub fn date_order(&self) -> Option<DateOrder> {
        let orders: BTreeSet<bool> = self.rows.iter().flatten().filter_map(|cell| days_first(cell)).collect();
        match (orders.contains(&true), orders.contains(&false)) {
            (true, false) => Some(DateOrder::DayFirst),
            (false, true) => Some(DateOrder::MonthFirst),
            _ => None,
        }
    }
}

/// Whether the day stands first in a date of two short numbers and a year, where one of them can be no month.
fn days_first(cell: &str) -> Option<bool> {
    let date = cell.split([' ', 'T', ',']).next()?;
    let mut parts = date.split(['/', '-', '.']);
    let (one, two, year) = (parts.next()?, parts.next()?, parts.next()?);
    if parts.next().is_some() || year.len() != 4 || one.len() > 2 || two.len() > 2 || year.parse::<u16>().is_err() {
        return None;
    }
    match (one.parse::<u8>().ok()?, two.parse::<u8>().ok()?) {
        (13..=31, 1..=12) => Some(true),
        (1..=12, 13..=31) => Some(false),
        _ => None,
    }
}

/// The distinct words of a column with how often each stands there, the most frequent first; an empty cell is a word as
/// well. A column that is not there has none.
///
/// ```
/// use formats::foreign::mapping::status_words;
///
/// let columns = ["Host", "Status"].map(String::from);
/// let rows = [["a", "Open"], ["b", "Closed"], ["c", "Open"]].map(|row| row.map(String::from).to_vec());
/// assert_eq!(status_words(&columns, &rows, "Status"), [("Open".to_owned(), 2), ("Closed".to_owned(), 1)]);
/// ```
#[must_use]
pub fn status_words(columns: &[String], rows: &[Vec<String>], column: &str) -> Vec<(String, u64)> {
    let Some(place) = super::find::place_of(column, columns) else { return Vec::new() };
    let mut counts: BTreeMap<&str, u64> = BTreeMap::new();
    for cell in rows.iter().filter_map(|row| row.get(place)) {
        let count = counts.entry(cell.trim()).or_default();
        *count = count.saturating_add(1);
    }
    let mut words: Vec<(String, u64)> = counts.into_iter().map(|(word, count)| (word.to_owned(), count)).collect();
    words.sort_by(|one, other| other.1.cmp(&one.1).then_with(|| one.0.cmp(&other.0)));
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sample_has_the_columns_the_rows_and_what_stands_before() {
        let file = "Report;of Monday\n\nRule;Host;State\n1;a;Open\n\n2;b\n3;c;Closed\n4;d;Open\n";
        let sample = Sample::read(file.as_bytes(), &Settings::default(), 2).unwrap();
        assert_eq!(sample.columns, ["Rule", "Host", "State"]);
        assert_eq!(sample.rows, [["1", "a", "Open"], ["3", "c", "Closed"]]);
        assert_eq!((sample.preamble.len(), sample.broken, sample.delimiter), (2, 1, b';'));
        assert_eq!(sample.words("state"), [("Closed".to_owned(), 1), ("Open".to_owned(), 1)]);
    }

    #[test]
    fn the_order_of_days_and_months_is_proposed_where_cells_tell() {
        let order = |cells: [&str; 2]| {
            let rows = cells.map(|cell| vec![cell.to_owned()]).to_vec();
            Sample { rows, ..Sample::default() }.date_order()
        };
        assert_eq!(order(["03/04/2026", "23/04/2026 10:00"]), Some(DateOrder::DayFirst));
        assert_eq!(order(["03/04/2026", "04/23/2026"]), Some(DateOrder::MonthFirst));
        assert_eq!(order(["23/04/2026", "04/23/2026"]), None);
        assert_eq!(order(["03/04/2026", "2026-04-23"]), None);
        assert_eq!(order(["10.20.30.4", "1.25.2"]), None);
    }

    #[test]
    fn what_is_no_table_is_told() {
        let fault = |bytes: &[u8]| Sample::read(bytes, &Settings::default(), 9).unwrap_err().code();
        assert_eq!(fault(b""), "empty_file");
        assert_eq!(fault(b"one column\nalone\n"), "format_unknown");
        assert_eq!(fault(b"a,b\xff\n1,2\n"), "encoding_unknown");
    }
}
