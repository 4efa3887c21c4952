//! Which rows does the file of a register hold? CSV, NDJSON or JSON; each row is checked, or held with its column.

mod cell;
mod header;

use crate::{
    canonical::{not_json, not_utf8},
    csv::{Rows, is_empty_row},
    file_fault::FileFault,
    frame::{Frame, FrameState, Place},
    held::{Fault, Held, shown},
    json::{self, Members, Rules, Value},
    json_array::Elements,
    lines::LineReader,
    source::{Whole, begin, too_long, unclosed_quote},
};
use domain::{
    quarantine::Reason,
    register::{BadRow, Cell, Register, RegisterRow},
};
use header::Header;
use std::{
    collections::{BTreeMap, BTreeSet},
    io::{BufRead, Cursor, Read},
};

/// A register has at most so many rows: an upload is one version of it, and is kept whole.
pub const ROWS_MAX: u64 = 200_000;

/// The type under which a row travels.
const REGISTER_TYPE: &str = "wallclock.register.v1";

/// One row of a file.
#[derive(Debug, PartialEq)]
pub struct RegisterRecord {
    /// Where it stands.
    pub place: Place,
    /// Its bytes.
    pub raw: Vec<u8>,
    /// The row, or why it is none.
    pub row: Result<RegisterRow, Held>,
}

/// The rows of a register's file.
pub struct RegisterFile<R> {
    register: Register,
    cut: Cut<R>,
    skipped_bytes: u64,
    rows: u64,
    ignored: u64,
    seen: BTreeSet<(String, Option<domain::day::Day>)>,
    unknown: BTreeSet<String>,
}

enum Cut<R> {
    Lines(LineReader<Whole<R>>),
    Elements(Elements<Whole<R>>),
    Rows(Rows<Whole<R>>, Header),
}

/// Names of columns nobody knows are kept up to so many.
const UNKNOWN_MAX: usize = 100;

impl<R: BufRead> RegisterFile<R> {
    /// Opens a file as that register; how it is written shows in its first byte.
    ///
    /// # Errors
    /// [`FileFault`] when it is empty, or its header lacks a column that rows are known by.
    pub fn open(input: R, register: Register) -> Result<Self, FileFault> {
        let (head, text, skipped_bytes) = begin(input, None)?;
        if head.is_empty() {
            return Err(FileFault::Empty);
        }
        let first = head.trim_ascii_start().first().copied();
        let is_line = |head: &[u8]| {
            let line = head.trim_ascii_start().split(|byte| *byte == b'\n').next().unwrap_or_default();
            str::from_utf8(line).is_ok_and(|line| json::value(line.trim(), Rules::ANALYSIS).is_ok())
        };
        let lines = is_line(&head);
        let delimiter = header::delimiter(&head, register);
        let whole = Cursor::new(head).chain(text);
        let mut unknown = BTreeSet::new();
        let cut = match first {
            None => return Err(FileFault::NoRows),
            Some(b'[') => Cut::Elements(Elements::new(whole)),
            Some(b'{') if lines => Cut::Lines(LineReader::new(whole)),
            Some(b'{') => Cut::Elements(Elements::new(whole)),
            Some(_) => {
                let mut rows = Rows::new(LineReader::new(whole), delimiter);
                let first = rows.next_row()?.ok_or(FileFault::NoRows)?;
                let header = Header::read(&first, delimiter, register)?;
                unknown.extend(header.unknown().take(UNKNOWN_MAX).map(str::to_owned));
                Cut::Rows(rows, header)
            }
        };
        Ok(Self { register, cut, skipped_bytes, rows: 0, ignored: 0, seen: BTreeSet::new(), unknown })
    }

    /// Blank lines so far: they are no rows.
    #[must_use]
    pub const fn ignored(&self) -> u64 {
        self.ignored
    }

    /// Names of columns that are not of this register, and so are lost.
    pub fn unknown_columns(&self) -> impl Iterator<Item = &str> {
        self.unknown.iter().map(String::as_str)
    }

    /// The next row, or `None` at the end.
    ///
    /// # Errors
    /// [`FileFault`] when the input cannot be cut any further; what came before stands.
    pub fn next_record(&mut self) -> Result<Option<RegisterRecord>, FileFault> {
        loop {
            let frame = match &mut self.cut {
                Cut::Lines(lines) => lines.next_line()?.map(|line| line.frame),
                Cut::Elements(elements) => elements.next_element()?,
                Cut::Rows(rows, _) => rows.next_row()?,
            };
            let Some(frame) = frame else {
                return if self.rows == 0 { Err(FileFault::NoRows) } else { Ok(None) };
            };
            if is_empty_row(&frame) {
                self.ignored = self.ignored.saturating_add(1);
                continue;
            }
            self.rows = self.rows.saturating_add(1);
            let row = self.read(&frame).and_then(|row| self.once(row));
            let place = frame.place.after(0, self.skipped_bytes);
            return Ok(Some(RegisterRecord { place, raw: frame.raw, row }));
        }
    }

    fn read(&mut self, frame: &Frame) -> Result<RegisterRow, Held> {
        match frame.state {
            FrameState::Whole => {}
            FrameState::TooLong(bytes) => return Err(too_long(bytes)),
            FrameState::UnclosedQuote => return Err(unclosed_quote()),
        }
        if self.rows > ROWS_MAX {
            let detail = format!("the register has more than {ROWS_MAX} rows");
            return Err(Held::because(Fault::whole(Reason::RecordTooLong, detail)));
        }
        let text = str::from_utf8(&frame.raw).map_err(|error| not_utf8(&error))?;
        let cells = match &self.cut {
            Cut::Rows(_, header) => header.cells(text)?,
            Cut::Lines(_) | Cut::Elements(_) => {
                let value = json::value(text, Rules::OUTSIDE).map_err(|fault| not_json(&fault))?;
                let members = members(self.register, &value).map_err(Held::because)?;
                for (name, _) in members.iter().filter(|(name, _)| self.register.column(name).is_none()) {
                    if self.unknown.len() < UNKNOWN_MAX {
                        self.unknown.insert(shown(name));
                    }
                }
                cells_of(self.register, members)?
            }
        };
        RegisterRow::new(self.register, cells).map_err(|bad| Held::because(fault_of(bad)))
    }

    /// Two rows of one key and one beginning contradict each other.
    fn once(&mut self, row: RegisterRow) -> Result<RegisterRow, Held> {
        if let (Some(from), Some(to)) = (row.valid_from, row.valid_to)
            && to < from
        {
            let detail = format!("valid to {to} and from {from}");
            return Err(Held::because(Fault::of("valid_to", Reason::EndsBeforeStart, detail)));
        }
        if self.seen.insert((row.key.clone(), row.valid_from)) {
            return Ok(row);
        }
        let detail = format!("`{}` stands twice", shown(&row.key));
        let column = self.register.own_columns().iter().find(|column| column.is_key());
        let fault = Fault::of(column.map_or("id", |column| column.name), Reason::BadValue, detail);
        Err(Held::because(fault.hint("give the later row another `valid_from`")))
    }
}

fn fault_of(bad: BadRow) -> Fault {
    let reason = if bad.is_missing { Reason::MissingField } else { Reason::BadValue };
    match bad.column {
        Some(column) => Fault::of(column, reason, bad.detail),
        None => Fault::whole(reason, bad.detail),
    }
}

/// The members of a row: those of the object, or of the data it carries for this register.
fn members<'v>(register: Register, value: &'v Value<'v>) -> Result<&'v Members<'v>, Fault> {
    let Value::Map(members) = value else {
        return Err(Fault::whole(Reason::Unreadable, format!("the row is {}, expected an object", value.what())));
    };
    if value.at(&["specversion"]).is_none() {
        return Ok(members);
    }
    let (kind, subject) = (value.text_at(&["type"]).unwrap_or_default(), value.text_at(&["subject"]));
    if kind != REGISTER_TYPE {
        let detail = format!("unknown type `{}`, expected `{REGISTER_TYPE}`", shown(kind));
        return Err(Fault::of("type", Reason::UnknownType, detail));
    }
    if subject.is_some_and(|subject| subject != register.as_str()) {
        let detail = format!("a row of `{}`, expected one of `{register}`", shown(subject.unwrap_or_default()));
        return Err(Fault::of("subject", Reason::BadValue, detail));
    }
    match value.at(&["data"]) {
        Some(Value::Map(data)) => Ok(data),
        _ => Err(Fault::of("data", Reason::MissingField, "no `data`, which is the row".to_owned())),
    }
}

fn cells_of(register: Register, members: &Members<'_>) -> Result<BTreeMap<&'static str, Cell>, Held> {
    let (mut cells, mut faults) = (BTreeMap::new(), Vec::new());
    for column in register.columns() {
        let Some((_, value)) = members.iter().find(|(name, _)| name == column.name) else { continue };
        match cell::of_value(column, value) {
            Ok(Some(cell)) => {
                cells.insert(column.name, cell);
            }
            Ok(None) => {}
            Err(fault) => faults.push(*fault),
        }
    }
    Held::from_faults(faults).map_or(Ok(cells), Err)
}
