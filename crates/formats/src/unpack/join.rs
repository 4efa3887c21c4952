//! How do the files of an archive become one? One after the other, as long as all are of one format: lists and lines go on
//! where the file before ended, a table keeps its first header.

use super::Files;
use crate::{
    encoding::Encoding,
    file_fault::FileFault,
    foreign::{ALL, Head, Shape},
    frame::RECORD_BYTES_MAX,
    held::shown,
    sniff::{HEAD_BYTES, sniff},
    source::begin,
};
use std::io::{self, BufRead, Cursor, Read, Seek, Write};

/// So much is copied at once.
const CHUNK_BYTES: usize = 64 * 1024;

/// Writes all files of an upload as one, and tells how many they were. A single file is written byte for byte; several are
/// written as UTF-8 where a mark says that they are UTF-16.
///
/// # Errors
/// [`FileFault`] of the file it stands in: what cannot be unpacked, is of another format than the first file, or is cut off.
///
/// ```
/// use formats::unpack::{Files, Limits, join};
/// use std::io::Cursor;
///
/// let mut one = Vec::new();
/// let mut files = Files::open(Cursor::new(b"item_id,event,at\n"), Limits::default()).unwrap();
/// assert_eq!(join(&mut files, &mut one).unwrap(), 1);
/// assert_eq!(one, b"item_id,event,at\n");
/// ```
pub fn join<R: BufRead + Seek>(files: &mut Files<R>, out: &mut impl Write) -> Result<u64, FileFault> {
    if !files.may_be_several() {
        let Some(mut only) = files.next_file()? else { return Ok(0) };
        io::copy(&mut only, out)?;
        return Ok(1);
    }
    let (mut first, mut number) = (None, 1_u64);
    loop {
        let appended = match files.next_file() {
            Ok(None) => return Ok(number.saturating_sub(1)),
            Ok(Some(file)) => append(file, &mut first, out),
            Err(fault) => Err(fault),
        };
        appended.map_err(|fault| inside(number, shown(&files.name()), fault))?;
        number = number.saturating_add(1);
    }
}

fn inside(number: u64, name: String, fault: FileFault) -> FileFault {
    // A disk that is full is no fault of the file.
    if matches!(fault, FileFault::Io(_)) { fault } else { FileFault::Inside { number, name, fault: Box::new(fault) } }
}

/// How a file is written, as far as files that are read as one must agree.
struct Form {
    shapes: Vec<(&'static str, Shape)>,
    canonical: Option<Encoding>,
    preamble: usize,
    is_json: bool,
    header: Vec<u8>,
}

impl Form {
    fn of(head: &[u8]) -> Result<Self, FileFault> {
        let seen = Head::of(head);
        if seen.text().trim_start().starts_with('<') {
            return Err(FileFault::NotJoined("it is XML, of which only one file is read at a time"));
        }
        let mut shapes: Vec<_> =
            ALL.iter().filter_map(|adapter| Some((adapter.name, (adapter.recognise)(&seen)?))).collect();
        let canonical = if shapes.is_empty() { sniff(head).ok() } else { None };
        if shapes.is_empty() && canonical.is_none() {
            shapes.extend(seen.any_table().map(|shape| ("", shape)));
        }
        let mut before = 0;
        for (_, shape) in &mut shapes {
            if let Shape::Table { preamble, .. } = shape {
                before = before.max(std::mem::take(preamble));
            }
        }
        let is_json = seen.is_object() || seen.is_array();
        Ok(Self { shapes, canonical, preamble: before, is_json, header: Vec::new() })
    }

    fn is_like(&self, other: &Self) -> bool {
        self.is_json == other.is_json && self.shapes == other.shapes && self.canonical == other.canonical
    }

    /// Whether each line stands for itself: one that is broken is held, and is no fault of its file.
    fn is_lines(&self) -> bool {
        self.shapes.iter().any(|(_, shape)| *shape == Shape::Lines)
            || matches!(self.canonical, Some(Encoding::Ndjson | Encoding::CloudEventLines))
    }
}

fn append(file: impl BufRead, first: &mut Option<Form>, out: &mut impl Write) -> Result<(), FileFault> {
    let (head, text, _) = begin(file, None)?;
    if head.trim_ascii().is_empty() && head.len() < HEAD_BYTES {
        return Ok(());
    }
    let mut mine = Form::of(&head)?;
    let mut whole = Cursor::new(head).chain(text);
    if !mine.is_json {
        let before = header(&mut whole, mine.preamble)?;
        if first.is_none() {
            before.iter().try_for_each(|line| out.write_all(line))?;
        }
        mine.header = before.last().map(|row| row.trim_ascii_end().to_vec()).unwrap_or_default();
    }
    match &*first {
        Some(first) if !first.is_like(&mine) => {
            return Err(FileFault::NotJoined("it is of another format than the first file"));
        }
        Some(first) if first.header != mine.header => {
            return Err(FileFault::NotJoined("its header is not the one of the first file"));
        }
        Some(_) | None => {}
    }
    copy(&mut whole, out, (mine.is_json && !mine.is_lines()).then(Balance::default))?;
    first.get_or_insert(mine);
    Ok(())
}

/// The lines before the header of a table, and the header, which ends where no quote is open any more.
fn header(file: &mut impl BufRead, preamble: usize) -> Result<Vec<Vec<u8>>, FileFault> {
    let mut lines = Vec::new();
    for _ in 0..preamble {
        let mut line = Vec::new();
        file.take(RECORD_BYTES_MAX as u64).read_until(b'\n', &mut line)?;
        lines.push(line);
    }
    let mut row = Vec::new();
    loop {
        let room = RECORD_BYTES_MAX.saturating_sub(row.len());
        let read = file.take(room as u64).read_until(b'\n', &mut row)?;
        if read == 0 || row.iter().filter(|byte| **byte == b'"').count().is_multiple_of(2) {
            break;
        }
    }
    if row.last() != Some(&b'\n') {
        row.push(b'\n');
    }
    lines.push(row);
    Ok(lines)
}

/// Copies the rest of a file and ends its last line. A document has to be whole, or the next file would go on inside it.
fn copy(file: &mut impl BufRead, out: &mut impl Write, mut balance: Option<Balance>) -> Result<(), FileFault> {
    let mut last = None;
    let mut chunk = vec![0; CHUNK_BYTES];
    loop {
        let count = file.read(&mut chunk)?;
        let part = chunk.get(..count).unwrap_or_default();
        let Some(end) = part.last() else { break };
        if let Some(balance) = &mut balance {
            part.iter().for_each(|byte| balance.step(*byte));
        }
        last = Some(*end);
        out.write_all(part)?;
    }
    if balance.is_some_and(|balance| !balance.is_even()) {
        return Err(FileFault::NotJoined("it is cut off, or its brackets do not match"));
    }
    if last.is_some_and(|end| end != b'\n') {
        out.write_all(b"\n")?;
    }
    Ok(())
}

/// Brackets that are open at a place of a JSON document.
#[derive(Default)]
struct Balance {
    depth: i64,
    text: bool,
    escaped: bool,
}

impl Balance {
    const fn step(&mut self, byte: u8) {
        if self.text {
            let escapes = byte == b'\\' && !self.escaped;
            self.text = self.escaped || byte != b'"';
            self.escaped = escapes;
            return;
        }
        match byte {
            b'"' => self.text = true,
            b'{' | b'[' => self.depth = self.depth.saturating_add(1),
            b'}' | b']' => self.depth = self.depth.saturating_sub(1),
            _ => {}
        }
    }

    const fn is_even(&self) -> bool {
        self.depth == 0 && !self.text
    }
}
