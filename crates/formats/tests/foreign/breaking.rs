//! How is a good file broken, whatever its format?

use serde_json::Value;

/// What a spreadsheet would run.
const FORMULAS: [&str; 4] = ["=cmd|' /C calc'!A0", "@SUM(1+1)", "+1+1", "-2+3"];

/// How a file is written, as far as breaking it goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    /// One JSON object a line.
    Lines,
    /// One JSON array.
    Array,
    /// One JSON object, with the records in a list inside it or as one record.
    Document,
    /// XML.
    Markup,
    /// Cells.
    Table,
}

impl Form {
    pub(crate) fn of(bytes: &[u8]) -> Self {
        let text = bytes.trim_ascii_start();
        let first_line = text.split(|byte| *byte == b'\n').next().unwrap_or_default();
        match text.first() {
            Some(b'[') => Self::Array,
            Some(b'<') => Self::Markup,
            Some(b'{') if first_line.len() == text.trim_ascii_end().len() => Self::Document,
            Some(b'{') if serde_json::from_slice::<Value>(first_line).is_ok() => Self::Lines,
            Some(b'{') => Self::Document,
            _ => Self::Table,
        }
    }
}

/// The file with one record more, behind all others.
pub(crate) fn with_record(bytes: &[u8], record: &[u8]) -> Vec<u8> {
    let behind = |place: usize, before: &[u8]| [&bytes[..place], before, record, &bytes[place..]].concat();
    match Form::of(bytes) {
        Form::Lines | Form::Table if bytes.ends_with(b"\n") => [bytes, record, b"\n"].concat(),
        Form::Lines | Form::Table => [bytes, b"\n", record, b"\n"].concat(),
        Form::Array => behind(bytes.iter().rposition(|byte| *byte == b']').unwrap(), b","),
        Form::Markup => behind(bytes.windows(2).rposition(|two| two == b"</").unwrap(), b""),
        Form::Document => match longest_list(bytes) {
            Some(end) => behind(end, b","),
            None => [bytes, b"\n", record].concat(),
        },
    }
}

/// Where the longest list directly under the object ends, if it has a list of something.
fn longest_list(bytes: &[u8]) -> Option<usize> {
    let (mut depth, mut is_text, mut is_escaped, mut start) = (0, false, false, 0);
    let mut longest = None;
    for (place, byte) in bytes.iter().enumerate() {
        match byte {
            _ if is_escaped => is_escaped = false,
            b'\\' if is_text => is_escaped = true,
            b'"' => is_text = !is_text,
            _ if is_text => {}
            b'{' | b'[' => {
                depth += 1;
                if depth == 2 && *byte == b'[' {
                    start = place;
                }
            }
            b']' if depth == 2 && !bytes[start + 1..place].trim_ascii().is_empty() => {
                depth -= 1;
                longest = longest.max(Some((place - start, place)));
            }
            b'}' | b']' => depth -= 1,
            _ => {}
        }
    }
    longest.map(|(_, end)| end)
}

/// The sign between the cells of a header.
pub(crate) fn delimiter(header: &str) -> char {
    [',', ';', '\t'].into_iter().max_by_key(|sign| header.matches(*sign).count()).unwrap()
}

/// Records whose texts are formulas; `line` is that of the first record, `record` one of them.
pub(crate) fn formulas(bytes: &[u8], line: u64, record: &[u8]) -> Vec<Vec<u8>> {
    let of = |formula: &str| match Form::of(bytes) {
        Form::Table => {
            let text = str::from_utf8(bytes).unwrap();
            let header = text.lines().nth(usize::try_from(line).unwrap() - 2).unwrap();
            let sign = delimiter(header);
            let cells = header.matches(sign).count() + 1;
            vec![format!("\"{formula}\""); cells].join(&sign.to_string()).into_bytes()
        }
        Form::Markup => format!("<trace><string key=\"concept:name\" value=\"{formula}\"/></trace>").into_bytes(),
        Form::Lines | Form::Array | Form::Document => {
            let mut value: Value = serde_json::from_slice(record).unwrap();
            replace(&mut value, formula);
            value.to_string().into_bytes()
        }
    };
    FORMULAS.into_iter().map(of).collect()
}

/// The record with half a character as every text.
pub(crate) fn lone_surrogates(record: &[u8]) -> Vec<u8> {
    let mut value: Value = serde_json::from_slice(record).unwrap();
    replace(&mut value, "HALF");
    value.to_string().replace("HALF", "\\ud800").into_bytes()
}

fn replace(value: &mut Value, text: &str) {
    match value {
        Value::String(old) => *old = text.to_owned(),
        Value::Array(items) => items.iter_mut().for_each(|item| replace(item, text)),
        Value::Object(members) => members.values_mut().for_each(|member| replace(member, text)),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}
