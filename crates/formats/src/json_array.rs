//! How is a JSON body cut into its elements without holding more than one of them?

use crate::{
    file_fault::FileFault,
    frame::{Frame, Place, RECORD_BYTES_MAX},
    json::is_blank,
};
use std::io::BufRead;

/// A key beside the records of a document is at most this long.
const KEY_BYTES_MAX: usize = 4 * 1024;

/// The elements of a JSON array; a single object is an array of one.
pub(crate) struct Elements<R> {
    input: R,
    at: Place,
    /// The byte at which the present line began.
    line_start: u64,
    state: State,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Start,
    /// Inside the array, before an element; the flag says whether `]` may come instead.
    First,
    Next,
    /// Inside an object or a list in it, after a value.
    Between,
    Done,
}

/// Where a scan stands inside one element.
#[derive(Default)]
struct Inside {
    depth: u64,
    text: bool,
    escaped: bool,
}

enum Step {
    /// The byte belongs to the element.
    GoOn,
    /// The byte belongs to the element and ends it.
    Last,
    /// The byte comes after the element.
    After,
}

impl Inside {
    /// How many bytes of the chunk belong to the element, and whether it ends there.
    fn run(&mut self, chunk: &[u8]) -> (usize, bool) {
        for (place, byte) in chunk.iter().enumerate() {
            match self.step(*byte) {
                Step::GoOn => {}
                Step::Last => return (place.saturating_add(1), true),
                Step::After => return (place, true),
            }
        }
        (chunk.len(), false)
    }

    fn step(&mut self, byte: u8) -> Step {
        if self.text {
            match byte {
                _ if self.escaped => self.escaped = false,
                b'\\' => self.escaped = true,
                b'"' => self.text = false,
                _ => {}
            }
            return Step::GoOn;
        }
        match byte {
            b'"' => self.text = true,
            b'{' | b'[' => self.depth = self.depth.saturating_add(1),
            b'}' | b']' | b',' if self.depth == 0 => return Step::After,
            b'}' | b']' => {
                self.depth = self.depth.saturating_sub(1);
                if self.depth == 0 {
                    return Step::Last;
                }
            }
            _ => {}
        }
        Step::GoOn
    }
}

impl<R: BufRead> Elements<R> {
    pub(crate) const fn new(input: R) -> Self {
        Self { input, at: Place { line: 1, byte: 0 }, line_start: 0, state: State::Start }
    }

    /// The next element, or `None` at the end.
    pub(crate) fn next_element(&mut self) -> Result<Option<Frame>, FileFault> {
        while self.state == State::Start {
            match self.peek_filled()? {
                None => return Ok(None),
                Some(b'[') => {
                    self.advance(b'[');
                    self.state = State::First;
                }
                Some(_) => {
                    let element = self.element()?;
                    self.end()?;
                    return Ok(Some(element));
                }
            }
            if self.peek_filled()? == Some(b']') {
                self.advance(b']');
                self.end()?;
            }
        }
        match (self.state, self.peek_filled()?) {
            (State::Done, _) => Ok(None),
            (_, None) => Err(self.fault("the list to go on or end with `]`, but it is cut off")),
            (_, Some(b',' | b']' | b'}')) => Err(self.fault("a value")),
            (_, Some(_)) => self.element_and_comma().map(Some),
        }
    }

    /// Steps into the object that the input is.
    pub(crate) fn open_object(&mut self) -> Result<(), FileFault> {
        match self.peek_filled()? {
            Some(b'{') => self.advance(b'{'),
            _ => return Err(self.fault("an object")),
        }
        self.state = State::First;
        Ok(())
    }

    /// The next key of the object, as it is written; `None` where the object ends.
    pub(crate) fn next_key(&mut self) -> Result<Option<String>, FileFault> {
        match (self.state, self.peek_filled()?) {
            (State::First | State::Between, Some(b'}')) => {
                self.advance(b'}');
                self.end()?;
                return Ok(None);
            }
            (State::First, Some(b'"')) => {}
            (State::Between, Some(b',')) => {
                self.advance(b',');
                if self.peek_filled()? != Some(b'"') {
                    return Err(self.fault("a key"));
                }
            }
            _ => return Err(self.fault("a key, `,` or `}`")),
        }
        let key = self.key()?;
        if self.peek_filled()? != Some(b':') {
            return Err(self.fault("`:` after a key"));
        }
        self.advance(b':');
        Ok(Some(key))
    }

    /// Steps into the list that stands here, if one does.
    pub(crate) fn open_list(&mut self) -> Result<bool, FileFault> {
        let is_list = self.peek_filled()? == Some(b'[');
        if is_list {
            self.advance(b'[');
            self.state = State::First;
        }
        Ok(is_list)
    }

    /// The next element of the list that was stepped into; `None` where it ends.
    pub(crate) fn next_inside(&mut self) -> Result<Option<Frame>, FileFault> {
        match (self.state, self.peek_filled()?) {
            (State::First | State::Between, Some(b']')) => {
                self.advance(b']');
                self.state = State::Between;
                return Ok(None);
            }
            (State::First, Some(byte)) if !matches!(byte, b',' | b'}') => {}
            (State::Between, Some(b',')) => {
                self.advance(b',');
                if matches!(self.peek_filled()?, None | Some(b',' | b']' | b'}')) {
                    return Err(self.fault("a value"));
                }
            }
            _ => return Err(self.fault("the list to go on or end with `]`, but it is cut off")),
        }
        self.state = State::Between;
        self.element().map(Some)
    }

    /// The value that stands after a key.
    pub(crate) fn value(&mut self) -> Result<Frame, FileFault> {
        if matches!(self.peek_filled()?, None | Some(b',' | b']' | b'}')) {
            return Err(self.fault("a value"));
        }
        self.state = State::Between;
        self.element()
    }

    /// A key with its quotes taken off; escapes stay as they are written.
    fn key(&mut self) -> Result<String, FileFault> {
        self.advance(b'"');
        let (mut key, mut escaped) = (Vec::new(), false);
        loop {
            let Some(byte) = self.input.fill_buf()?.first().copied() else {
                return Err(self.fault("the key to go on, but it is cut off"));
            };
            self.advance(byte);
            if byte == b'"' && !escaped {
                return Ok(String::from_utf8_lossy(&key).into_owned());
            }
            escaped = byte == b'\\' && !escaped;
            if key.len() >= KEY_BYTES_MAX {
                return Err(self.fault("a shorter key"));
            }
            key.push(byte);
        }
    }

    fn element_and_comma(&mut self) -> Result<Frame, FileFault> {
        let element = self.element()?;
        match self.peek_filled()? {
            Some(b',') => {
                self.advance(b',');
                self.state = State::Next;
            }
            Some(b']') => {
                self.advance(b']');
                self.end()?;
            }
            _ => return Err(self.fault("`,` or `]` after an element")),
        }
        Ok(element)
    }

    /// Whether the input begins anew.
    pub(crate) fn is_at_start(&self) -> bool {
        self.state == State::Start
    }

    /// Nothing but blanks may follow, or on a line of its own another list or object: the next of several files.
    fn end(&mut self) -> Result<(), FileFault> {
        let line = self.at.line;
        self.state = State::Done;
        match self.peek_filled()? {
            None => Ok(()),
            Some(b'[' | b'{') if self.at.line > line => {
                self.state = State::Start;
                Ok(())
            }
            Some(_) => Err(self.fault("nothing after the end of the JSON")),
        }
    }

    fn element(&mut self) -> Result<Frame, FileFault> {
        let place = self.at;
        let (mut raw, mut inside) = (Vec::new(), Inside::default());
        loop {
            let chunk = self.input.fill_buf()?;
            if chunk.is_empty() {
                if inside.depth > 0 || inside.text {
                    return Err(self.fault("the value to go on, but it is cut off"));
                }
                break;
            }
            let (used, ended) = inside.run(chunk);
            let part = chunk.get(..used).unwrap_or(chunk);
            let newlines = part.iter().filter(|byte| **byte == b'\n').count() as u64;
            self.at = self.at.after(newlines, used as u64);
            if let (1.., Some(last_line)) = (newlines, part.rsplit(|byte| *byte == b'\n').next()) {
                self.line_start = self.at.byte.saturating_sub(last_line.len() as u64);
            }
            let room = (RECORD_BYTES_MAX + 1).saturating_sub(raw.len());
            raw.extend(part.iter().take(room));
            self.input.consume(used);
            if ended {
                break;
            }
        }
        if raw.len() > RECORD_BYTES_MAX {
            return Ok(Frame::too_long(place, raw, self.at.byte.saturating_sub(place.byte)));
        }
        // What is no blank in JSON is part of the value, and held with it.
        let end = raw.iter().rposition(|byte| !is_blank(*byte)).map_or(0, |last| last.saturating_add(1));
        raw.truncate(end);
        Ok(Frame::whole(place, raw))
    }

    /// The next byte that is no blank, which stays.
    fn peek_filled(&mut self) -> Result<Option<u8>, FileFault> {
        loop {
            match self.input.fill_buf()?.first().copied() {
                Some(blank) if is_blank(blank) => self.advance(blank),
                other => return Ok(other),
            }
        }
    }

    /// Steps over one byte that was peeked at.
    fn advance(&mut self, byte: u8) {
        self.input.consume(1);
        self.at = self.at.after(u64::from(byte == b'\n'), 1);
        if byte == b'\n' {
            self.line_start = self.at.byte;
        }
    }

    pub(crate) const fn fault(&self, wanted: &'static str) -> FileFault {
        let column = self.at.byte.saturating_sub(self.line_start).saturating_add(1);
        FileFault::JsonSyntax { line: self.at.line, column, wanted }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn elements(text: &str) -> (Vec<(u64, u64, String)>, Option<String>) {
        let mut reader = Elements::new(std::io::BufReader::with_capacity(3, text.as_bytes()));
        let mut found = Vec::new();
        loop {
            match reader.next_element() {
                Ok(Some(frame)) => {
                    let text = String::from_utf8(frame.raw).unwrap();
                    found.push((frame.place.line, frame.place.byte, text));
                }
                Ok(None) => return (found, None),
                Err(fault) => return (found, Some(fault.to_string())),
            }
        }
    }

    #[test]
    fn an_array_is_cut_at_its_own_commas_only() {
        let (found, fault) = elements("[ {\"a\":[1,{}]} ,\n\"x,]\\\"\", 7\n]\n ");
        let expected = [(1, 2, r#"{"a":[1,{}]}"#), (2, 17, r#""x,]\"""#), (2, 26, "7")];
        assert_eq!(found, expected.map(|(line, byte, text)| (line, byte, text.to_owned())));
        assert_eq!(fault, None);
    }

    #[test]
    fn what_is_no_blank_in_json_stays_in_the_value() {
        let (found, _) = elements("[7 \x0c\n, \x0c, {} ]");
        let expected = [(1, 1, "7 \x0c"), (2, 7, "\x0c"), (2, 10, "{}")];
        assert_eq!(found, expected.map(|(line, byte, text)| (line, byte, text.to_owned())));
    }

    #[test]
    fn a_single_object_is_an_array_of_one_and_an_empty_one_has_none() {
        assert_eq!(elements(" {\"a\":1}\n").0.len(), 1);
        assert_eq!(elements("[]"), (vec![], None));
        assert_eq!(elements(""), (vec![], None));
    }

    #[test]
    fn lists_and_objects_on_lines_of_their_own_follow_each_other() {
        let whole = |text: &str| {
            let (found, fault) = elements(text);
            assert_eq!(fault, None, "{text}");
            found.into_iter().map(|(line, _, text)| format!("{line}{text}")).collect::<Vec<_>>().join(" ")
        };
        assert_eq!(whole("[1,2]\n[]\n[\n3]\n"), "11 12 43");
        assert_eq!(whole("{\n\"a\":1}\n\n{\"b\":2}"), "1{\n\"a\":1} 4{\"b\":2}");
        assert_eq!(whole("[]\n[]"), "");
        assert_eq!(
            elements("[1]\n2").1.as_deref(),
            Some("line 2, column 1: expected nothing after the end of the JSON")
        );
        assert_eq!(elements("[1]\n[").1.map(|fault| fault.starts_with("line 2")), Some(true));
    }

    #[test]
    fn broken_json_names_its_line_and_column_after_what_was_whole() {
        for (text, whole, place) in [
            ("[{},\n {", 1, "line 2, column 3"),
            ("[{} {}]", 0, "line 1, column 5"),
            ("[{},]", 1, "line 1, column 5"),
            ("[,]", 0, "line 1, column 2"),
            ("[", 0, "line 1, column 2"),
            ("[{}", 0, "line 1, column 4"),
            ("[{}] x", 0, "line 1, column 6"),
            ("{}{}", 0, "line 1, column 3"),
        ] {
            let (found, fault) = elements(text);
            assert_eq!(found.len(), whole, "{text}");
            assert!(fault.as_deref().is_some_and(|fault| fault.starts_with(place)), "{text}: {fault:?}");
        }
    }
}
