//! What is this file, judged by its beginning? Names and extensions say nothing.

use crate::{
    cloud_event,
    csv::Header,
    encoding::Encoding,
    file_fault::FileFault,
    frame::{Frame, Place},
    json,
};
use domain::event_name::EventName;

/// Judged by at most this many bytes.
pub(crate) const HEAD_BYTES: usize = 64 * 1024;

/// Beginnings of what people send by mistake.
const MAGIC: &[(&[u8], &str)] = &[
    (b"\x1f\x8b", "a gzip archive"),
    (b"\x28\xb5\x2f\xfd", "a zstd archive"),
    (b"PK\x03\x04", "a zip archive or an office document"),
    (b"PK\x05\x06", "an empty zip archive"),
    (b"BZh", "a bzip2 archive"),
    (b"\xfd7zXZ", "an xz archive"),
    (b"%PDF", "a PDF"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"GIF8", "a picture"),
    (b"\x7fELF", "a program"),
    (b"MZ\x90", "a program"),
    (b"\xcf\xfa\xed\xfe", "a program"),
    (b"SQLite format 3\0", "a database"),
    (b"\xd0\xcf\x11\xe0", "an office document"),
    (b"PAR1", "a Parquet file"),
];

/// Judges the beginning of a file; byte order marks are off already.
pub(crate) fn sniff(head: &[u8]) -> Result<Encoding, FileFault> {
    if let Some((_, what)) = MAGIC.iter().find(|(magic, _)| head.starts_with(magic)) {
        return Err(FileFault::FormatUnknown(what));
    }
    if matches!(head, [0, second, ..] if *second != 0) || matches!(head, [first, 0, ..] if *first != 0) {
        return Err(FileFault::EncodingUnknown("it looks like UTF-16 without a byte order mark"));
    }
    let text = head.trim_ascii_start();
    match text.first() {
        None => Err(FileFault::NoRows),
        Some(b'[') => Ok(array(text)),
        Some(b'{') => Ok(object(text)),
        Some(b'<') => Err(FileFault::FormatUnknown("XML or a web page")),
        Some(_) => lines(text),
    }
}

/// An array whose first element is an envelope is a batch of them.
fn array(text: &[u8]) -> Encoding {
    let mut elements = crate::json_array::Elements::new(text);
    match elements.next_element() {
        Ok(Some(first)) if str::from_utf8(&first.raw).is_ok_and(cloud_event::is_envelope) => Encoding::CloudEvents,
        _ => Encoding::Json,
    }
}

/// One object on many lines, or one on each line? A line that is whole, or a second one that begins an object, tells.
fn object(text: &[u8]) -> Encoding {
    let mut lines = text.split(|byte| *byte == b'\n').map(<[u8]>::trim_ascii);
    let first = str::from_utf8(lines.next().unwrap_or_default()).unwrap_or_default();
    if is_whole(first) {
        return if cloud_event::is_envelope(first) { Encoding::CloudEventLines } else { Encoding::Ndjson };
    }
    let second = lines.find(|line| !line.is_empty());
    if second.is_none_or(|line| line.starts_with(b"{")) {
        return Encoding::Ndjson;
    }
    let mut elements = crate::json_array::Elements::new(text);
    match elements.next_element() {
        Ok(Some(only)) if str::from_utf8(&only.raw).is_ok_and(cloud_event::is_envelope) => Encoding::CloudEvents,
        _ => Encoding::Json,
    }
}

fn is_whole(line: &str) -> bool {
    json::value(line, json::Rules::ANALYSIS).is_ok()
}

/// A table by its header; or lines of JSON whose first is broken.
fn lines(text: &[u8]) -> Result<Encoding, FileFault> {
    let first = text.split(|byte| *byte == b'\n').next().unwrap_or_default().trim_ascii_end();
    let by_known = |delimiter: &u8| Header::known_columns(first, *delimiter);
    if let Some(delimiter) = [b'\t', b';', b','].into_iter().max_by_key(by_known)
        && by_known(&delimiter) >= 2
    {
        // An accented letter in the beginning that is no UTF-8 comes from an older encoding: nobody may guess which.
        return match str::from_utf8(text) {
            Err(error) if error.error_len().is_some() => Err(FileFault::EncodingUnknown("it may be Windows-1252")),
            _ => Ok(Encoding::Csv { delimiter }),
        };
    }
    let is_object = |line: &[u8]| line.starts_with(b"{") && str::from_utf8(line).is_ok_and(is_whole);
    if text.split(|byte| *byte == b'\n').map(<[u8]>::trim_ascii).any(is_object) {
        return Ok(Encoding::Ndjson);
    }
    Err(FileFault::FormatUnknown("neither JSON nor a table with the columns `item_id`, `event` and `at`"))
}

/// Whether the beginning of a file is canonical events: what says so itself is no tool's export, whatever else it carries.
pub(crate) fn is_canonical(head: &[u8]) -> bool {
    let Ok(encoding) = sniff(head) else { return false };
    let text = head.trim_ascii_start();
    let first = match encoding {
        Encoding::Csv { delimiter } => {
            let header = text.split(|byte| *byte == b'\n').next().unwrap_or_default().trim_ascii_end();
            return Header::read(&Frame::whole(Place { line: 1, byte: 0 }, header.to_vec()), delimiter).is_ok();
        }
        Encoding::Ndjson => text.split(|byte| *byte == b'\n').next().map(<[u8]>::to_vec),
        Encoding::Json => crate::json_array::Elements::new(text).next_element().ok().flatten().map(|first| first.raw),
        Encoding::CloudEvents | Encoding::CloudEventLines => None,
    };
    let first = first.unwrap_or_default();
    let Ok(Ok(value)) = str::from_utf8(&first).map(|text| json::value(text, json::Rules::ANALYSIS)) else {
        return false;
    };
    let has = |field: &str| value.at(&[field]).is_some();
    let is_event = |name: &str| name.parse::<EventName>().is_ok();
    has("item_id") && has("at") && value.text_at(&["event"]).is_some_and(is_event)
}
