//! How is an XML event log cut into its traces, with one of them in memory and nothing expanded?
//!
//! Only markup is told from text here; whether a trace is well formed is for its reader to say. A document type or an
//! entity of any kind ends the file: no log needs one.

mod lex;

use super::declaration::is_readable;
use crate::{
    file_fault::FileFault,
    frame::{Frame, Place, RECORD_BYTES_MAX},
};
use lex::{Lex, Tag, Token, run_of};
use std::io::BufRead;

/// The root of a log.
const ROOT: &str = "log";

/// Children of the root that describe the log; all others are records, so that what is no trace is told.
const DESCRIBING: &str = "extension global classifier string date int float boolean id list container";

/// Characters that markup needs have names of their own; every other name would be an entity.
const NAMED: [&[u8]; 5] = [b"lt", b"gt", b"amp", b"quot", b"apos"];

/// Names, references and declarations are looked at up to so many bytes.
const LOOKED_AT_MAX: usize = 256;

/// The traces of a log.
pub(crate) struct Traces<R> {
    input: R,
    scan: Scan,
}

/// What is wrong with a log.
#[derive(Clone, Copy)]
enum Wrong {
    Syntax(&'static str),
    Forbidden(&'static str),
    Encoding,
}

/// Between traces there is no text: whatever stands there would be lost.
const NOT_MARKUP: Wrong = Wrong::Syntax("markup, not text");

struct Scan {
    lex: Lex,
    /// The name, reference or declaration that is being looked at.
    word: Vec<u8>,
    depth: u64,
    rooted: bool,
    at: Place,
    /// The child of the root that is being read: where it began, its bytes as far as they are kept, and their number.
    place: Place,
    raw: Vec<u8>,
    length: u64,
    is_record: bool,
}

impl<R: BufRead> Traces<R> {
    pub(crate) const fn new(input: R) -> Self {
        let start = Place { line: 1, byte: 0 };
        let scan = Scan {
            lex: Lex::Text,
            word: Vec::new(),
            depth: 0,
            rooted: false,
            at: start,
            place: start,
            raw: Vec::new(),
            length: 0,
            is_record: false,
        };
        Self { input, scan }
    }

    /// The next trace, or `None` at the end.
    pub(crate) fn next_trace(&mut self) -> Result<Option<Frame>, FileFault> {
        loop {
            let chunk = self.input.fill_buf()?;
            if chunk.is_empty() {
                return self.scan.end().map(|()| None).map_err(|wrong| self.scan.fault(wrong));
            }
            let (mut used, mut found) = (0_usize, Ok(None));
            for byte in chunk {
                used = used.saturating_add(1);
                found = self.scan.take(*byte);
                if !matches!(found, Ok(None)) {
                    break;
                }
            }
            self.input.consume(used);
            if let Some(frame) = found.map_err(|wrong| self.scan.fault(wrong))? {
                return Ok(Some(frame));
            }
        }
    }
}

impl Scan {
    const fn fault(&self, wrong: Wrong) -> FileFault {
        match wrong {
            Wrong::Syntax(wanted) => FileFault::XmlSyntax { line: self.at.line, wanted },
            Wrong::Forbidden(what) => FileFault::XmlForbidden(what),
            Wrong::Encoding => FileFault::EncodingUnknown("its XML declaration names another encoding"),
        }
    }

    const fn end(&self) -> Result<(), Wrong> {
        if self.rooted && self.depth == 0 && matches!(self.lex, Lex::Text) {
            return Ok(());
        }
        Err(Wrong::Syntax("the log to go on or end with `</log>`, but it is cut off"))
    }

    /// Takes one byte; gives the trace that it ends.
    fn take(&mut self, byte: u8) -> Result<Option<Frame>, Wrong> {
        if byte == b'<' && self.lex == Lex::Text && self.depth == 1 {
            self.place = self.at;
            self.raw.clear();
            self.length = 0;
        }
        if self.raw.len() <= RECORD_BYTES_MAX {
            self.raw.push(byte);
        }
        self.length = self.length.saturating_add(1);
        let token = self.step(byte)?;
        self.at = self.at.after(u64::from(byte == b'\n'), 1);
        match token {
            None => Ok(None),
            Some(Token::Start) => {
                self.named()?;
                self.depth = self.depth.saturating_add(1);
                Ok(None)
            }
            Some(Token::Empty) => {
                self.named()?;
                Ok(self.closed())
            }
            Some(Token::End) => {
                self.depth = self.depth.checked_sub(1).ok_or(Wrong::Syntax("nothing after the end of the log"))?;
                Ok(self.closed())
            }
        }
    }

    /// An element begins: the root must be a log, and some of its children are no records.
    fn named(&mut self) -> Result<(), Wrong> {
        let local = self.word.rsplit(|byte| *byte == b':').next().unwrap_or_default();
        match self.depth {
            0 if self.rooted => return Err(Wrong::Syntax("nothing after the end of the log")),
            0 if local != ROOT.as_bytes() => return Err(Wrong::Syntax("the root element `log`")),
            0 => self.rooted = true,
            1 => self.is_record = !DESCRIBING.split(' ').any(|name| name.as_bytes() == local),
            _ => {}
        }
        Ok(())
    }

    /// An element ended; if it was a record, that is it.
    fn closed(&mut self) -> Option<Frame> {
        if self.depth != 1 || !self.is_record {
            return None;
        }
        self.is_record = false;
        let raw = std::mem::take(&mut self.raw);
        if self.length > RECORD_BYTES_MAX as u64 {
            return Some(Frame::too_long(self.place, raw, self.length));
        }
        Some(Frame::whole(self.place, raw))
    }

    fn look(&mut self, byte: u8) {
        if self.word.len() < LOOKED_AT_MAX {
            self.word.push(byte);
        }
    }

    fn step(&mut self, byte: u8) -> Result<Option<Token>, Wrong> {
        match (self.lex, byte) {
            (Lex::Text, b'<') => self.lex = Lex::Open,
            (Lex::Text, byte) if self.depth <= 1 && !byte.is_ascii_whitespace() => return Err(NOT_MARKUP),
            (Lex::Text, b'&') => self.refer(None),
            (Lex::Text, _) => {}
            (Lex::Open, _) => self.open(byte)?,
            (Lex::Bang | Lex::Dash | Lex::Section(_), _) => self.bang(byte)?,
            (Lex::Comment(dashes), _) => self.lex = run_of(byte, b'-', dashes, Lex::Comment),
            (Lex::CData(brackets), _) => self.lex = run_of(byte, b']', brackets, Lex::CData),
            (Lex::Instruction(true), b'>') => {
                if !is_readable(&String::from_utf8_lossy(&self.word)) {
                    return Err(Wrong::Encoding);
                }
                self.lex = Lex::Text;
            }
            (Lex::Instruction(_), _) => {
                self.look(byte);
                self.lex = Lex::Instruction(byte == b'?');
            }
            (Lex::EndTag, b'>') => {
                self.lex = Lex::Text;
                return Ok(Some(Token::End));
            }
            (Lex::EndTag, b'<') => return Err(Wrong::Syntax("`>` before the next `<`")),
            (Lex::EndTag, _) => {}
            (Lex::StartTag(tag), _) => return self.tag(byte, tag),
            (Lex::Reference(quote), _) => self.reference(byte, quote)?,
        }
        Ok(None)
    }

    /// After `<`.
    fn open(&mut self, byte: u8) -> Result<(), Wrong> {
        self.word.clear();
        self.lex = match byte {
            b'!' => Lex::Bang,
            b'?' => Lex::Instruction(false),
            b'/' => Lex::EndTag,
            byte if byte.is_ascii_alphabetic() || byte == b'_' || byte >= 0x80 => {
                self.look(byte);
                Lex::StartTag(Tag { naming: true, ..Tag::default() })
            }
            _ => return Err(Wrong::Syntax("the name of an element after `<`")),
        };
        Ok(())
    }

    /// After `<!`: a comment, a section of characters, or what no log needs.
    fn bang(&mut self, byte: u8) -> Result<(), Wrong> {
        self.lex = match (self.lex, byte) {
            (Lex::Bang, b'-') => Lex::Dash,
            (Lex::Dash, b'-') => Lex::Comment(0),
            (Lex::Bang, b'[') => Lex::Section(0),
            (Lex::Section(5), b'[') if self.depth <= 1 => return Err(NOT_MARKUP),
            (Lex::Section(5), b'[') => Lex::CData(0),
            (Lex::Section(count), letter) if b"CDATA".get(usize::from(count)) == Some(&letter) => {
                Lex::Section(count.saturating_add(1))
            }
            _ => return Err(Wrong::Forbidden("a document type")),
        };
        Ok(())
    }

    fn tag(&mut self, byte: u8, tag: Tag) -> Result<Option<Token>, Wrong> {
        let mut next = Tag { quote: tag.quote, slash: byte == b'/', naming: false };
        match (tag.quote, byte) {
            (Some(end), byte) if byte == end => next = Tag::default(),
            (Some(_), b'&') => {
                self.refer(tag.quote);
                return Ok(None);
            }
            (_, b'<') => return Err(Wrong::Syntax("`>` before the next `<`")),
            (Some(_), _) => {}
            (None, b'"' | b'\'') => next.quote = Some(byte),
            (None, b'>') => {
                self.lex = Lex::Text;
                return Ok(Some(if tag.slash { Token::Empty } else { Token::Start }));
            }
            (None, byte) if tag.naming && byte != b'/' && !byte.is_ascii_whitespace() => {
                self.look(byte);
                next = tag;
            }
            (None, _) => {}
        }
        self.lex = Lex::StartTag(next);
        Ok(None)
    }

    fn refer(&mut self, quote: Option<u8>) {
        // A reference inside quotes comes after the name of its element, which `named` has yet to look at.
        self.word.push(b'&');
        self.lex = Lex::Reference(quote);
    }

    /// After `&`: one of five names, or a number.
    fn reference(&mut self, byte: u8, quote: Option<u8>) -> Result<(), Wrong> {
        let from = self.word.iter().rposition(|byte| *byte == b'&').unwrap_or_default();
        if byte != b';' {
            if self.word.len().saturating_sub(from) > 16 || !(byte.is_ascii_alphanumeric() || byte == b'#') {
                return Err(Wrong::Forbidden("an entity, or `&` that is not written as `&amp;`"));
            }
            self.word.push(byte);
            return Ok(());
        }
        let name = self.word.split_off(from);
        let name = name.get(1..).unwrap_or_default();
        if !name.starts_with(b"#") && !NAMED.contains(&name) {
            return Err(Wrong::Forbidden("an entity"));
        }
        self.lex = match quote {
            None => Lex::Text,
            Some(_) => Lex::StartTag(Tag { quote, ..Tag::default() }),
        };
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::frame::FrameState;
    use std::io::BufReader;

    fn read(text: &str) -> Result<Vec<String>, FileFault> {
        let mut traces = Traces::new(BufReader::with_capacity(5, text.as_bytes()));
        let mut found = Vec::new();
        while let Some(frame) = traces.next_trace()? {
            found.push(String::from_utf8(frame.raw).unwrap());
        }
        Ok(found)
    }

    #[test]
    fn traces_are_cut_and_what_describes_the_log_is_not_one() {
        let text = "<?xml version=\"1.0\" encoding=\"UTF-8\" ?>\n<!-- <trace> -- -->\n<log a='>'>\n<string key=\"k\" value=\"&lt;trace/&gt;\"/>\
            <trace><![CDATA[</trace>]]]><event/><x><trace/></x></trace >\n<trace/>\n</log>\n<!-- end -->";
        let first = "<trace><![CDATA[</trace>]]]><event/><x><trace/></x></trace >";
        assert_eq!(read(text).unwrap(), [first, "<trace/>"]);
        assert_eq!(read("<log><Trace/><list><trace/></list></log>").unwrap(), ["<Trace/>"], "it is told, not lost");
        assert_eq!(read("<log/>").unwrap(), Vec::<String>::new());
    }

    #[test]
    fn a_document_type_or_an_entity_ends_the_file() {
        for text in [
            "<!DOCTYPE log [<!ENTITY a \"aaaa\">]><log><trace/></log>",
            "<log><!ENTITY a \"b\"><trace/></log>",
            "<log><trace>&lol;</trace></log>",
            "<log><trace a=\"&lol;\"/></log>",
            "<log><trace a=\"&no end\"/></log>",
        ] {
            assert_eq!(read(text).unwrap_err().code(), "xml_forbidden", "{text}");
        }
        assert!(read("<log><trace a='&#x41;&amp;'>&apos;&#65;</trace></log>").is_ok());
    }

    #[test]
    fn what_is_cut_off_or_goes_on_is_told_with_its_line() {
        for text in [
            "<log>\n<trace/>x</log>",
            "<log>\n<![CDATA[x]]></log>",
            "<log>\n<trace>",
            "<log>\n",
            "<log\n",
            "<log/>\n<log/>",
            "<log/>\nx",
            "\n<html/>",
            "<log>\n</log></log>",
        ] {
            let fault = read(text).unwrap_err();
            assert_eq!(fault.code(), "xml_syntax", "{text}");
            assert!(fault.to_string().starts_with("line 2:"), "{text}: {fault}");
        }
        assert_eq!(read("<?xml version='1.0' encoding='ISO-8859-1'?><log/>").unwrap_err().code(), "encoding_unknown");
    }

    #[test]
    fn a_trace_that_is_too_long_keeps_its_beginning_and_the_next_one_follows() {
        let text = format!("<log><trace a=\"{}\"/><trace/></log>", "x".repeat(10 << 20));
        let mut traces = Traces::new(text.as_bytes());
        let long = traces.next_trace().unwrap().unwrap();
        assert_eq!(long.state, FrameState::TooLong((10 << 20) + 13));
        assert_eq!(traces.next_trace().unwrap().unwrap().raw, b"<trace/>");
    }
}
