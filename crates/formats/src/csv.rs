//! How is a table cut into rows, and a row into the fields of an event?

use crate::{
    canonical::Fields,
    field::{Class, Field},
    file_fault::FileFault,
    frame::{Frame, FrameState, RECORD_BYTES_MAX},
    held::Fault,
    json::{self, Members, Rules, Value},
    lines::{Ending, Line, LineReader, is_blank},
    nearest::nearest,
};
use domain::quarantine::Reason;
use std::{
    borrow::Cow,
    collections::{BTreeSet, VecDeque},
    io::{self, BufRead},
};

/// A table has at most this many columns.
pub(crate) const COLUMNS_MAX: usize = 512;

/// What happened to a cell that no source wrote that way.
pub(crate) const REFORMATTED: &str = "a spreadsheet reformatted this column: export it again as text";

/// Columns under this prefix are members of `extra`.
const EXTRA_PREFIX: &str = "extra.";

/// Rows of a table; a row whose quote never closes is one line, and reading goes on at the next.
pub(crate) struct Rows<R> {
    lines: LineReader<R>,
    delimiter: u8,
    /// Lines that were read in search of a closing quote.
    pending: VecDeque<Line>,
}

impl<R: BufRead> Rows<R> {
    pub(crate) const fn new(lines: LineReader<R>, delimiter: u8) -> Self {
        Self { lines, delimiter, pending: VecDeque::new() }
    }

    fn next_line(&mut self) -> io::Result<Option<Line>> {
        match self.pending.pop_front() {
            Some(line) => Ok(Some(line)),
            None => self.lines.next_line(),
        }
    }

    /// The next row, or `None` at the end.
    pub(crate) fn next_row(&mut self) -> io::Result<Option<Frame>> {
        let Some(mut first) = self.next_line()? else {
            return Ok(None);
        };
        if first.frame.state != FrameState::Whole || closes(&first.frame.raw, self.delimiter) {
            return Ok(Some(first.frame));
        }
        let mut raw = first.frame.raw.clone();
        let (mut ending, mut more) = (first.ending, Vec::new());
        while let Some(line) = self.next_line()? {
            raw.extend(if ending == Ending::CrLf { "\r\n" } else { "\n" }.bytes());
            raw.extend(&line.frame.raw);
            ending = line.ending;
            let fits = line.frame.state == FrameState::Whole && raw.len() <= RECORD_BYTES_MAX;
            let closed = fits && line.frame.raw.contains(&b'"') && closes(&raw, self.delimiter);
            more.push(line);
            if closed {
                first.frame.raw = raw;
                return Ok(Some(first.frame));
            }
            if !fits {
                break;
            }
        }
        more.extend(self.pending.drain(..));
        self.pending = more.into();
        first.frame.state = FrameState::UnclosedQuote;
        Ok(Some(first.frame))
    }
}

/// Whether every quote of a row is closed; a row that breaks the rules is as closed as it will ever be.
fn closes(row: &[u8], delimiter: u8) -> bool {
    cells(row, delimiter) != Err(UNCLOSED)
}

const UNCLOSED: &str = "a quote that never closes";

/// Cuts a row into cells, quotes taken off.
pub(crate) fn cells(row: &[u8], delimiter: u8) -> Result<Vec<Cow<'_, [u8]>>, &'static str> {
    let (mut found, mut rest) = (Vec::new(), row);
    loop {
        let (cell, after) = match rest.strip_prefix(b"\"") {
            Some(quoted) => quoted_cell(quoted)?,
            None => {
                let end = rest.iter().position(|byte| *byte == delimiter).unwrap_or(rest.len());
                let (cell, after) = rest.split_at(end);
                (Cow::Borrowed(cell), after)
            }
        };
        found.push(cell);
        if found.len() > COLUMNS_MAX {
            return Err("more cells than a table may have columns");
        }
        match after.split_first() {
            None => return Ok(found),
            Some((byte, next)) if *byte == delimiter => rest = next,
            Some(_) => return Err("text after a closing quote"),
        }
    }
}

/// What stands before the closing quote, and what follows it.
fn quoted_cell(quoted: &[u8]) -> Result<(Cow<'_, [u8]>, &[u8]), &'static str> {
    let (mut text, mut rest) = (Cow::Borrowed(&[][..]), quoted);
    loop {
        let end = rest.iter().position(|byte| *byte == b'"').ok_or(UNCLOSED)?;
        let (part, after) = rest.split_at(end);
        if text.is_empty() {
            text = Cow::Borrowed(part);
        } else {
            text.to_mut().extend(part);
        }
        match after.get(1..) {
            Some([b'"', next @ ..]) => {
                text.to_mut().push(b'"');
                rest = next;
            }
            Some(next) => return Ok((text, next)),
            None => return Err(UNCLOSED),
        }
    }
}

/// The columns of a table of canonical events.
#[derive(Clone, Debug)]
pub(crate) struct Header {
    columns: Vec<Column>,
    delimiter: u8,
}

#[derive(Clone, Debug)]
enum Column {
    Known(Field),
    Extra(String),
    Unknown(String),
}

impl Header {
    /// Reads the first row.
    pub(crate) fn read(row: &Frame, delimiter: u8) -> Result<Self, FileFault> {
        let count = row.raw.iter().filter(|byte| **byte == delimiter).count().saturating_add(1);
        match row.state {
            FrameState::Whole => {}
            FrameState::TooLong(_) if count > COLUMNS_MAX => return Err(FileFault::TooManyColumns(count)),
            FrameState::TooLong(_) => return Err(FileFault::BadHeader("it is longer than a record may be")),
            FrameState::UnclosedQuote => return Err(FileFault::BadHeader(UNCLOSED)),
        }
        let cells = match cells(&row.raw, delimiter) {
            Err(_) if count > COLUMNS_MAX => return Err(FileFault::TooManyColumns(count)),
            Err(fault) => return Err(FileFault::BadHeader(fault)),
            Ok(cells) => cells,
        };
        let mut names = Vec::with_capacity(cells.len());
        for cell in &cells {
            let name = str::from_utf8(cell).map_err(|_| FileFault::EncodingUnknown("its header"))?;
            names.push(name.trim());
        }
        Self::of_names(&names, delimiter)
    }

    fn of_names(names: &[&str], delimiter: u8) -> Result<Self, FileFault> {
        let mut seen = BTreeSet::new();
        if let Some(twice) = names.iter().find(|name| !seen.insert(**name)) {
            return Err(FileFault::DuplicateHeader(crate::held::shown(twice)));
        }
        if seen.contains("") {
            return Err(FileFault::BadHeader("a column without a name"));
        }
        for missing in ["item_id", "event", "at"] {
            if !seen.contains(missing) {
                let near = names.iter().find(|name| nearest(name, &[missing]).is_some());
                let nearest = near.map(|name| (*name).to_owned());
                return Err(FileFault::MissingHeader { missing, nearest });
            }
        }
        let column = |name: &&str| match (Field::find(name), name.strip_prefix(EXTRA_PREFIX)) {
            (Some(field), _) => Column::Known(field),
            (None, Some(member)) => Column::Extra(member.to_owned()),
            (None, None) => Column::Unknown((*name).to_owned()),
        };
        let columns = names.iter().map(column).collect();
        Ok(Self { columns, delimiter })
    }

    /// How many of the columns of a first row are fields of an event.
    pub(crate) fn known_columns(row: &[u8], delimiter: u8) -> usize {
        // A row that is no header is told so when it is read as one; here it is enough to see what it means to be.
        let plain = || row.split(|byte| *byte == delimiter).take(COLUMNS_MAX).map(Cow::Borrowed).collect();
        let cells: Vec<Cow<'_, [u8]>> = cells(row, delimiter).unwrap_or_else(|_| plain());
        let known = |cell: &&Cow<'_, [u8]>| str::from_utf8(cell).is_ok_and(|name| Field::find(name.trim()).is_some());
        cells.iter().filter(known).count()
    }

    /// The fields of one row.
    pub(crate) fn fields<'a>(&'a self, row: &'a str) -> Result<Fields<'a>, Fault> {
        let unreadable = |detail: String| Fault::whole(Reason::Unreadable, detail);
        let cells = cells(row.as_bytes(), self.delimiter).map_err(|fault| unreadable(format!("not a row: {fault}")))?;
        if cells.len() != self.columns.len() {
            let detail = format!("the row has {} of {} columns", cells.len(), self.columns.len());
            return Err(Fault::whole(Reason::BadValue, detail).hint("put a cell that holds a delimiter in quotes"));
        }
        let mut fields = Fields::default();
        let mut extra = Members::new();
        for (column, cell) in self.columns.iter().zip(cells) {
            let cell = without_guard(text_of(cell));
            match column {
                _ if cell.is_empty() => {}
                Column::Known(Field::Extra) => match members_of(&cell) {
                    Ok(members) => extra.extend(members),
                    Err(fault) => fields.refuse(Field::Extra, fault),
                },
                Column::Known(field) => put(&mut fields, *field, cell),
                Column::Extra(name) => extra.push((Cow::Borrowed(name), Value::Text(cell))),
                Column::Unknown(name) => fields.unknown.push((Cow::Borrowed(name), Value::Text(cell))),
            }
        }
        fields.unknown.sort_by(|one, other| one.0.cmp(&other.0));
        extra.sort_by(|one, other| one.0.cmp(&other.0));
        if let Some(((name, _), _)) = extra.iter().zip(extra.iter().skip(1)).find(|(one, next)| one.0 == next.0) {
            let detail = format!("`{name}` stands twice in `extra`");
            fields.refuse(Field::Extra, Fault::of("extra", Reason::BadValue, detail));
        }
        fields.set_missing(Field::Extra, Value::Map(extra));
        Ok(fields)
    }
}

fn members_of(cell: &str) -> Result<Members<'static>, Fault> {
    let fault = |detail: String| Fault::of("extra", Reason::BadValue, detail);
    match json::value(cell, Rules::OUTSIDE).map(Value::into_owned) {
        Ok(Value::Map(members)) => Ok(members),
        Ok(other) => Err(fault(format!("`extra` holds {}, expected an object", other.what()))),
        Err(broken) => Err(fault(broken.detail())),
    }
}

/// Cells are cut at ASCII bytes from a row that is UTF-8, so each is UTF-8 itself.
pub(crate) fn text_of(cell: Cow<'_, [u8]>) -> Cow<'_, str> {
    match cell {
        Cow::Borrowed(bytes) => String::from_utf8_lossy(bytes),
        Cow::Owned(bytes) => Cow::Owned(String::from_utf8_lossy(&bytes).into_owned()),
    }
}

/// Takes off the apostrophe that an export puts before text a spreadsheet would run as a formula.
pub(crate) fn without_guard(cell: Cow<'_, str>) -> Cow<'_, str> {
    if !cell.starts_with('\'') || !crate::write::could_be_formula(cell.trim_start_matches('\'')) {
        return cell;
    }
    match cell {
        Cow::Borrowed(text) => Cow::Borrowed(text.strip_prefix('\'').unwrap_or(text)),
        Cow::Owned(mut text) => {
            text.remove(0);
            Cow::Owned(text)
        }
    }
}

/// A cell as the value its field asks for; what does not fit stays text, and its check says so.
fn put<'a>(fields: &mut Fields<'a>, field: Field, cell: Cow<'a, str>) {
    let value = match field.class() {
        Class::Identifier if is_reformatted(&cell) => {
            let detail = format!("`{}` in `{}`", crate::held::shown(&cell), field.as_str());
            let fault = Fault::of(field.as_str(), Reason::BadValue, detail);
            return fields.refuse(field, fault.hint(REFORMATTED));
        }
        Class::List => list_of(&cell),
        Class::Bool if cell == "true" => Value::Bool(true),
        Class::Bool if cell == "false" => Value::Bool(false),
        Class::Share | Class::Count => match json::value(&cell, Rules::OUTSIDE).map(Value::into_owned) {
            Ok(number @ Value::Number(_)) => number,
            Ok(_) | Err(_) => Value::Text(cell),
        },
        Class::Identifier
        | Class::Slug
        | Class::Event
        | Class::Time
        | Class::TimeOrDate
        | Class::Text
        | Class::Reason
        | Class::Bool
        | Class::Severity
        | Class::Kind
        | Class::Word(_)
        | Class::Extra => Value::Text(cell),
    };
    fields.set_missing(field, value);
}

fn list_of(cell: &str) -> Value<'static> {
    let items = cell.split(';').map(str::trim).filter(|item| !item.is_empty());
    Value::List(items.map(|item| Value::Text(Cow::Owned(item.to_owned()))).collect())
}

/// `########` where a column was too narrow, `1.23E+5` where a name was taken for a number.
pub(crate) fn is_reformatted(cell: &str) -> bool {
    let is_hashes = cell.len() > 2 && cell.bytes().all(|byte| byte == b'#');
    let is_power = cell.split_once("E+").is_some_and(|(mantissa, power)| {
        mantissa.parse::<f64>().is_ok() && !power.is_empty() && power.bytes().all(|byte| byte.is_ascii_digit())
    });
    is_hashes || is_power
}

/// Skips rows that hold nothing.
pub(crate) fn is_empty_row(frame: &Frame) -> bool {
    frame.state == FrameState::Whole && is_blank(&frame.raw)
}
