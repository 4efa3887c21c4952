//! How are the records cut out of a document that holds them under a key, with other things beside them? Documents of
//! several files follow each other.

use crate::{file_fault::FileFault, frame::Frame, json_array::Elements};
use std::io::BufRead;

/// What stands beside the records is kept up to so many bytes a member: counts, dates and addresses of the next page.
const BESIDE_BYTES_MAX: usize = 4 * 1024;

/// The elements of the array under one key of an object.
pub(crate) struct Document<R> {
    elements: Elements<R>,
    key: &'static str,
    state: State,
    beside: Vec<(String, String)>,
    /// Whether the document has the key.
    has_key: bool,
    /// Whether another document came before it.
    is_later: bool,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Start,
    Members,
    Inside,
    Done,
}

impl<R: BufRead> Document<R> {
    pub(crate) const fn new(input: R, key: &'static str) -> Self {
        Self {
            elements: Elements::new(input),
            key,
            state: State::Start,
            beside: Vec::new(),
            has_key: false,
            is_later: false,
        }
    }

    /// What stood beside the records since this was last asked.
    pub(crate) fn take_beside(&mut self) -> Vec<(String, String)> {
        std::mem::take(&mut self.beside)
    }

    /// The next record, or `None` at the end.
    pub(crate) fn next_element(&mut self) -> Result<Option<Frame>, FileFault> {
        loop {
            match self.state {
                State::Start => {
                    self.elements.open_object()?;
                    self.state = State::Members;
                }
                State::Inside => match self.elements.next_inside()? {
                    Some(frame) => return Ok(Some(frame)),
                    None => self.state = State::Members,
                },
                State::Members => self.member()?,
                State::Done => return Ok(None),
            }
        }
    }

    /// The end of a document. One that follows another has to hold records too, or they would be lost.
    fn end(&mut self) -> Result<(), FileFault> {
        if self.is_later && !self.has_key {
            return Err(self.elements.fault("records under the key of the document before"));
        }
        self.state = if self.elements.is_at_start() { State::Start } else { State::Done };
        (self.is_later, self.has_key) = (true, false);
        Ok(())
    }

    fn member(&mut self) -> Result<(), FileFault> {
        let Some(name) = self.elements.next_key()? else {
            return self.end();
        };
        self.has_key |= name == self.key;
        if name == self.key && self.elements.open_list()? {
            self.state = State::Inside;
            return Ok(());
        }
        let value = self.elements.value()?;
        if value.raw.len() <= BESIDE_BYTES_MAX {
            self.beside.push((name, String::from_utf8_lossy(&value.raw).into_owned()));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Records, and what stood beside them by name.
    type Found = (Vec<String>, Vec<(String, String)>);

    fn read(text: &str) -> Result<Found, FileFault> {
        let mut document = Document::new(text.as_bytes(), "issues");
        let mut found = Vec::new();
        while let Some(frame) = document.next_element()? {
            found.push(String::from_utf8(frame.raw).unwrap());
        }
        Ok((found, document.take_beside()))
    }

    #[test]
    fn records_come_from_under_the_key_and_the_rest_stands_beside() {
        let text = "{\"total\": 2, \"a\\\"b\":[1], \"issues\" : [ {\"k\":1},\n {\"k\":[2]} ], \"next\":null}";
        let (found, beside) = read(text).unwrap();
        assert_eq!(found, [r#"{"k":1}"#, r#"{"k":[2]}"#]);
        let names: Vec<&str> = beside.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(names, ["total", "a\\\"b", "next"]);
        assert_eq!(read(r#"{"issues":[]}"#).unwrap().0, Vec::<String>::new());
        assert_eq!(read(r#"{"issues":null}"#).unwrap().0, Vec::<String>::new());
    }

    #[test]
    fn documents_follow_each_other_on_lines_of_their_own() {
        let (found, beside) =
            read("{\"issues\":[1,2],\"at\":1}\n{\"at\":2,\n\"issues\":[3]}\n{\"issues\":null}").unwrap();
        assert_eq!((found.join(" ").as_str(), beside.len()), ("1 2 3", 3));
        assert!(read("{\"issues\":[1]}\n{\"other\":[2]}").is_err(), "a document without records");
        assert!(read("{\"issues\":[1]}{\"issues\":[2]}").is_err());
    }

    #[test]
    fn a_document_that_is_cut_off_or_goes_on_is_told() {
        for text in [
            "{",
            r#"{"issues":[{"k":1}"#,
            r#"{"issues":[1]"#,
            r#"{"issues":[1]} x"#,
            r#"{"issues"}"#,
            r"{issues:1}",
            "{,}",
        ] {
            assert!(read(text).is_err(), "{text}");
        }
    }
}
