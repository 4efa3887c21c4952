//! Which columns of a register does a table have, and what does a row of it say?

use super::cell;
use crate::{
    csv::{cells, text_of, without_guard},
    file_fault::FileFault,
    frame::{Frame, FrameState},
    held::{Fault, Held, shown},
};
use domain::{
    quarantine::Reason,
    register::{Cell, Column, Need, Register},
};
use std::collections::BTreeMap;

/// The columns of a table.
pub(super) struct Header {
    columns: Vec<Result<&'static Column, String>>,
    delimiter: u8,
}

/// The byte between cells: the one with which most columns are known.
pub(super) fn delimiter(head: &[u8], register: Register) -> u8 {
    let first = head.split(|byte| *byte == b'\n').next().unwrap_or_default().trim_ascii_end();
    let known = |delimiter: &u8| {
        let cells = cells(first, *delimiter).unwrap_or_default();
        let is_known = |cell: &[u8]| str::from_utf8(cell).is_ok_and(|name| register.column(&plain(name)).is_some());
        cells.iter().filter(|cell| is_known(cell)).count()
    };
    [b'\t', b';', b','].into_iter().max_by_key(known).unwrap_or(b',')
}

/// The name of a column, however it is spelled.
fn plain(name: &str) -> String {
    name.trim().to_lowercase().replace([' ', '-'], "_")
}

impl Header {
    pub(super) fn read(row: &Frame, delimiter: u8, register: Register) -> Result<Self, FileFault> {
        if row.state != FrameState::Whole {
            return Err(FileFault::BadHeader("it is no row"));
        }
        let mut columns = Vec::new();
        for cell in cells(&row.raw, delimiter).map_err(FileFault::BadHeader)? {
            let name = str::from_utf8(&cell).map_err(|_| FileFault::EncodingUnknown("its header"))?;
            let column = register.column(&plain(name)).ok_or_else(|| name.trim().to_owned());
            if column.is_ok() && columns.contains(&column) {
                return Err(FileFault::DuplicateHeader(shown(name.trim())));
            }
            columns.push(column);
        }
        let has = |name: &str| columns.iter().flatten().any(|column| column.name == name);
        let missing = register.own_columns().iter().find(|column| column.need == Need::Key && !has(column.name));
        match missing {
            Some(column) => Err(FileFault::MissingHeader { missing: column.name, nearest: None }),
            None => Ok(Self { columns, delimiter }),
        }
    }

    /// The names of columns that are not of the register.
    pub(super) fn unknown(&self) -> impl Iterator<Item = &str> {
        self.columns.iter().filter_map(|column| column.as_ref().err().map(String::as_str))
    }

    /// The cells of one row, or everything that is wrong with it.
    pub(super) fn cells(&self, row: &str) -> Result<BTreeMap<&'static str, Cell>, Held> {
        let unreadable = |what: &str| Held::because(Fault::whole(Reason::Unreadable, format!("not a row: {what}")));
        let texts = cells(row.as_bytes(), self.delimiter).map_err(unreadable)?;
        if texts.len() != self.columns.len() {
            let detail = format!("the row has {} of {} columns", texts.len(), self.columns.len());
            let fault = Fault::whole(Reason::BadValue, detail).hint("put a cell that holds a delimiter in quotes");
            return Err(Held::because(fault));
        }
        let (mut cells, mut faults) = (BTreeMap::new(), Vec::new());
        for (column, text) in self.columns.iter().zip(texts) {
            let Ok(column) = column else { continue };
            let text = without_guard(text_of(text));
            match cell::of_text(column, text.trim()) {
                Ok(Some(cell)) => {
                    cells.insert(column.name, cell);
                }
                Ok(None) => {}
                Err(fault) => faults.push(*fault),
            }
        }
        Held::from_faults(faults).map_or(Ok(cells), Err)
    }
}
