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

/// The cells of a line as they stand, with their quotes.
pub(crate) fn pieces(line: &str, sign: char) -> Vec<String> {
    let (mut pieces, mut is_quoted) = (vec![String::new()], false);
    for character in line.chars() {
        is_quoted ^= character == '"';
        if character == sign && !is_quoted {
            pieces.push(String::new());
        } else {
            pieces.last_mut().unwrap().push(character);
        }
    }
    pieces
}

/// The record without each of its fields in turn, in JSON and in XML.
pub(crate) fn lacking(bytes: &[u8], record: &[u8]) -> Vec<(String, Vec<u8>)> {
    if Form::of(bytes) == Form::Markup {
        let text = str::from_utf8(record).unwrap();
        let ends = |start: usize| start + text[start..].find("/>").unwrap() + 2;
        let fields = text.match_indices(" key=\"").map(|(key, _)| text[..key].rfind('<').unwrap());
        return fields
            .map(|start| {
                (text[start..ends(start)].to_owned(), [&text[..start], &text[ends(start)..]].concat().into_bytes())
            })
            .collect();
    }
    let whole: Value = serde_json::from_slice(record).unwrap();
    let mut places = Vec::new();
    fields(&whole, "", &mut places);
    let without = |place: String| {
        let mut value = whole.clone();
        let (parent, field) = place.rsplit_once('/').unwrap();
        value.pointer_mut(parent).unwrap().as_object_mut().unwrap().remove(&field.replace("~1", "/"));
        (place, value.to_string().into_bytes())
    };
    places.into_iter().map(without).collect()
}

fn fields(value: &Value, here: &str, found: &mut Vec<String>) {
    match value {
        Value::Object(members) => {
            for (key, value) in members {
                let place = format!("{here}/{}", key.replace('/', "~1"));
                fields(value, &place, found);
                found.push(place);
            }
        }
        Value::Array(items) => {
            items.iter().enumerate().for_each(|(place, item)| fields(item, &format!("{here}/{place}"), found));
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

/// The record with a text in one of its fields, the last of that name; `line` is that of the first record.
pub(crate) fn put(bytes: &[u8], line: u64, record: &[u8], field: &str, text: &str) -> Vec<u8> {
    let record = str::from_utf8(record).unwrap();
    match Form::of(bytes) {
        Form::Table => {
            let header = str::from_utf8(bytes).unwrap().lines().nth(usize::try_from(line).unwrap() - 2).unwrap();
            let mut cells = pieces(record, ',');
            let place = pieces(header, ',').iter().position(|name| name == field).unwrap();
            text.clone_into(&mut cells[place]);
            cells.join(",").into_bytes()
        }
        Form::Markup => {
            let start = record.rfind(&format!("\"{field}\" value=\"")).unwrap() + field.len() + "\"\" value=\"".len();
            let end = start + record[start..].find('"').unwrap();
            [&record[..start], text, &record[end..]].concat().into_bytes()
        }
        Form::Lines | Form::Array | Form::Document => {
            let mut value: Value = serde_json::from_str(record).unwrap();
            let path: Vec<&str> = field.split('.').collect();
            set(&mut value, &path, text);
            value.to_string().into_bytes()
        }
    }
}

/// Sets a field wherever it stands; its path begins at any depth.
fn set(value: &mut Value, path: &[&str], text: &str) {
    match value {
        Value::Object(members) => {
            if let Some(found) = members.get_mut(path[0]) {
                match path {
                    [_] => *found = Value::String(text.to_owned()),
                    [_, rest @ ..] => return set(found, rest, text),
                    [] => {}
                }
            }
            members.values_mut().for_each(|member| set(member, path, text));
        }
        Value::Array(items) => items.iter_mut().for_each(|item| set(item, path, text)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

/// The text with every time in UTC, as far as it has no offset of its own.
pub(crate) fn with_offsets(bytes: &[u8]) -> Vec<u8> {
    each_time(
        bytes,
        |time, offset| {
            if offset.is_empty() { format!("{}Z", time.replace(' ', "T")) } else { format!("{time}{offset}") }
        },
    )
}

/// The text with every time as a clock on a wall shows it.
pub(crate) fn without_offsets(bytes: &[u8]) -> Vec<u8> {
    each_time(bytes, |time, _| time.to_owned())
}

/// The text with each of its times, as `2026-03-01T10:00:00`, written anew with its offset.
fn each_time(bytes: &[u8], write: impl Fn(&str, &str) -> String) -> Vec<u8> {
    const SHAPE: &[u8] = b"0000-00-00 00:00:00";
    let is_time = |found: &[u8]| {
        found.iter().zip(SHAPE).all(|(byte, shape)| match shape {
            b'0' => byte.is_ascii_digit(),
            b' ' => matches!(byte, b' ' | b'T'),
            sign => byte == sign,
        })
    };
    let (text, mut written, mut place) = (str::from_utf8(bytes).unwrap(), String::new(), 0);
    while place < text.len() {
        if text.len() < place + SHAPE.len() || !is_time(&bytes[place..place + SHAPE.len()]) {
            let next = text[place..].chars().next().unwrap();
            written.push(next);
            place += next.len_utf8();
            continue;
        }
        let end = text[place..].find(['"', ',', '\n', '\r']).map_or(text.len(), |length| place + length);
        let offset =
            text[place + SHAPE.len()..end].find(['Z', '+', '-']).map_or(end, |start| place + SHAPE.len() + start);
        written.push_str(&write(&text[place..offset], &text[offset..end]));
        place = end;
    }
    written.into_bytes()
}
