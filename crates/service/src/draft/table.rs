//! What stands in the table of a draft? Its columns with some of their cells, and its first rows.

use super::Answers;
use formats::foreign::mapping::Sample;
use std::collections::BTreeSet;

/// Different cells of a column that are shown.
const CELLS_SHOWN: usize = 3;
/// Rows that are shown as they stand.
const ROWS_SHOWN: usize = 10;
/// Letters of a cell that are shown.
const CELL_LETTERS: usize = 60;

/// A table with what its columns mean.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Table {
    /// Its columns.
    pub columns: Vec<Column>,
    /// Its first rows, cell by cell.
    pub rows: Vec<Vec<String>>,
    /// The sign between cells, in words.
    pub delimiter: &'static str,
    /// Lines before the header.
    pub preamble: usize,
    /// Rows whose cells were counted.
    pub sampled: u64,
    /// Those of them that come from all over the rest of the file.
    pub spread: u64,
    /// Rows among them that could not be cut into as many cells.
    pub broken: u64,
}

/// A column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    /// Its name.
    pub name: String,
    /// Some of its cells, each once.
    pub cells: Vec<String>,
    /// Cells that say something.
    pub filled: u64,
    /// What it means; empty where it is not used.
    pub role: String,
}

pub(super) fn table_of(sample: &Sample, answers: &Answers, spread: u64) -> Table {
    let column = |(place, name): (usize, &String)| column_of(sample, place, name, answers);
    let cut = |cell: &String| cell.chars().take(CELL_LETTERS).collect::<String>();
    Table {
        columns: sample.columns.iter().enumerate().map(column).collect(),
        rows: sample.rows.iter().take(ROWS_SHOWN).map(|row| row.iter().map(cut).collect()).collect(),
        delimiter: match sample.delimiter {
            b';' => "semicolons",
            b'\t' => "tabs",
            _ => "commas",
        },
        preamble: sample.preamble.len(),
        sampled: sample.rows.len() as u64,
        spread,
        broken: sample.broken,
    }
}

fn column_of(sample: &Sample, place: usize, name: &str, answers: &Answers) -> Column {
    let (mut seen, mut cells, mut filled) = (BTreeSet::new(), Vec::new(), 0_u64);
    for cell in sample.rows.iter().filter_map(|row| row.get(place)).filter(|cell| !cell.is_empty()) {
        filled += 1;
        if cells.len() < CELLS_SHOWN && seen.insert(cell) {
            cells.push(cell.chars().take(CELL_LETTERS).collect());
        }
    }
    Column { name: name.to_owned(), cells, filled, role: answers.roles.get(&place).cloned().unwrap_or_default() }
}
