//! How does a file or body become records, each with its place, its bytes and what became of it?

use crate::{
    canonical::{self, Fields, Outcome, not_utf8},
    cloud_event,
    csv::{Header, Rows, is_empty_row},
    encoding::Encoding,
    file_fault::FileFault,
    frame::{Frame, FrameState, Place, RECORD_BYTES_MAX},
    held::{Fault, Held},
    json_array::Elements,
    lines::{LineReader, is_blank},
    sniff::{HEAD_BYTES, sniff},
    text_encoding::TextEncoding,
    unpack::ArchiveFault,
    utf16::{Order, Text},
    written::Written,
};
use domain::quarantine::Reason;
use std::io::{self, BufRead, Chain, Cursor, Read};

/// The input with the bytes that were looked at put back in front.
pub(crate) type Whole<R> = Chain<Cursor<Vec<u8>>, Text<R>>;

/// Cuts a file or body into frames, in one pass and with one record in memory.
///
/// Frames are cheap to cut and dear to read: a caller with several cores reads them elsewhere, with the
/// [`Decoder`]; one with a single core uses [`records`].
pub struct Source<R> {
    frames: Frames<R>,
    decoder: Decoder,
    written: Written,
    encoding: Encoding,
    yielded: u64,
    ignored: u64,
    skipped_bytes: u64,
}

enum Frames<R> {
    Lines(LineReader<Whole<R>>),
    Elements(Elements<Whole<R>>),
    Rows(Rows<Whole<R>>),
}

/// Turns the frames of one source into outcomes; it holds no state, so copies of it may work side by side.
#[derive(Clone, Debug)]
pub struct Decoder(Form);

#[derive(Clone, Debug)]
enum Form {
    Canonical,
    CloudEvents,
    Table(Header),
}

const MARK: &[u8] = b"\xef\xbb\xbf";

impl<R: BufRead> Source<R> {
    /// Opens an input. Without an encoding it is recognised by its content.
    ///
    /// # Errors
    /// [`FileFault`] when it is empty, is no text we read, or has a header that cannot be one.
    pub fn open(input: R, encoding: Option<Encoding>) -> Result<Self, FileFault> {
        Self::open_in(input, encoding, None)
    }

    /// Opens an input whose text is in an encoding that a person chose; a byte order mark counts before that.
    ///
    /// # Errors
    /// As [`Source::open`].
    pub fn open_in(
        input: R,
        encoding: Option<Encoding>,
        text_encoding: Option<TextEncoding>,
    ) -> Result<Self, FileFault> {
        let (head, text, skipped_bytes) = begin(input, text_encoding)?;
        if head.is_empty() {
            return Err(FileFault::Empty);
        }
        let encoding = match encoding {
            Some(encoding) => encoding,
            // Its encoding is known: what is no character there is a matter of its line.
            None if text.is_decoded() => sniff(String::from_utf8_lossy(&head).as_bytes())?,
            None => sniff(&head)?,
        };
        let whole = Cursor::new(head).chain(text);
        let mut written = Written::Line;
        let (frames, decoder) = match encoding {
            Encoding::Ndjson => (Frames::Lines(LineReader::new(whole)), Form::Canonical),
            Encoding::CloudEventLines => (Frames::Lines(LineReader::new(whole)), Form::CloudEvents),
            Encoding::Json => (Frames::Elements(Elements::new(whole)), Form::Canonical),
            Encoding::CloudEvents => (Frames::Elements(Elements::new(whole)), Form::CloudEvents),
            Encoding::Csv { delimiter } => {
                let mut rows = Rows::new(LineReader::new(whole), delimiter);
                let row = header_row(&mut rows)?;
                let header = Header::read(&row, delimiter)?;
                written = Written::Row { header: String::from_utf8_lossy(&row.raw).into_owned(), delimiter };
                (Frames::Rows(rows), Form::Table(header))
            }
        };
        if matches!(decoder, Form::CloudEvents) {
            written = Written::Envelope;
        }
        Ok(Self { frames, decoder: Decoder(decoder), written, encoding, yielded: 0, ignored: 0, skipped_bytes })
    }

    /// How the records are written.
    #[must_use]
    pub const fn encoding(&self) -> Encoding {
        self.encoding
    }

    /// What reads the frames of this source.
    #[must_use]
    pub fn decoder(&self) -> Decoder {
        self.decoder.clone()
    }

    /// How each record is written, so that it can be read again by itself.
    #[must_use]
    pub fn written(&self) -> Written {
        self.written.clone()
    }

    /// Blank lines so far: they are no records.
    #[must_use]
    pub const fn ignored(&self) -> u64 {
        self.ignored
    }

    /// The next record's bytes, or `None` at the end.
    ///
    /// # Errors
    /// [`FileFault`] when the input cannot be cut any further; what came before stands.
    pub fn next_frame(&mut self) -> Result<Option<Frame>, FileFault> {
        // A line may be blank; what a list holds between its commas is a value or none.
        let has_blanks = !matches!(self.frames, Frames::Elements(_));
        loop {
            let frame = match &mut self.frames {
                Frames::Lines(lines) => lines.next_line()?.map(|line| line.frame),
                Frames::Elements(elements) => elements.next_element()?,
                Frames::Rows(rows) => rows.next_row()?,
            };
            match frame {
                None if self.yielded == 0 => return Err(FileFault::NoRows),
                None => return Ok(None),
                Some(frame) if has_blanks && frame.state == FrameState::Whole && is_blank(&frame.raw) => {
                    self.ignored = self.ignored.saturating_add(1);
                }
                Some(mut frame) => {
                    self.yielded = self.yielded.saturating_add(1);
                    frame.place = frame.place.after(0, self.skipped_bytes);
                    return Ok(Some(frame));
                }
            }
        }
    }
}

/// The beginning of the text, byte order mark taken off and decoded to UTF-8; the rest; and the bytes left out.
pub(crate) fn begin<R: BufRead>(
    mut input: R,
    encoding: Option<TextEncoding>,
) -> Result<(Vec<u8>, Text<R>, u64), FileFault> {
    let mut head = head_of(&mut input)?;
    if head.starts_with(MARK) {
        let rest = head.split_off(MARK.len());
        return Ok((rest, Text::Plain(input), MARK.len() as u64));
    }
    let mut text = match (Order::of_mark(&head), encoding) {
        (Some(order), _) => Text::wide(head.split_off(2), input, order),
        (None, Some(encoding)) => Text::narrow(head, input, encoding),
        (None, None) => return Ok((head, Text::Plain(input), 0)),
    };
    Ok((head_of(&mut text)?, text, 0))
}

/// The first bytes. Those before a fault of an archive stand: it comes again when they are read.
fn head_of(input: &mut impl Read) -> io::Result<Vec<u8>> {
    let mut head = Vec::new();
    match input.take(HEAD_BYTES as u64).read_to_end(&mut head) {
        Err(error) if head.is_empty() || !error.get_ref().is_some_and(|fault| fault.is::<ArchiveFault>()) => Err(error),
        _ => Ok(head),
    }
}

fn header_row<R: BufRead>(rows: &mut Rows<R>) -> Result<Frame, FileFault> {
    loop {
        match rows.next_row()? {
            None => return Err(FileFault::NoRows),
            Some(row) if is_empty_row(&row) => {}
            Some(row) => return Ok(row),
        }
    }
}

impl Decoder {
    /// Reads one frame: an event, or a held line.
    #[must_use]
    pub fn read(&self, frame: &Frame) -> Outcome {
        match frame.state {
            FrameState::Whole => {}
            FrameState::TooLong(bytes) => return Outcome::Held(too_long(bytes)),
            FrameState::UnclosedQuote => return Outcome::Held(unclosed_quote()),
        }
        let text = match str::from_utf8(&frame.raw) {
            Ok(text) => text,
            Err(error) => return Outcome::Held(not_utf8(&error)),
        };
        match &self.0 {
            Form::Canonical => canonical::read_text(text),
            Form::CloudEvents => opened(cloud_event::open(text)),
            Form::Table(header) => opened(header.fields(text).map_err(Held::because)),
        }
    }
}

fn opened(fields: Result<Fields<'_>, Held>) -> Outcome {
    match fields {
        Ok(fields) => canonical::outcome_of(fields),
        Err(held) => Outcome::Held(held),
    }
}

pub(crate) fn too_long(bytes: u64) -> Held {
    let detail = format!("the record has {bytes} bytes, expected at most {RECORD_BYTES_MAX}; its beginning is kept");
    Held::because(Fault::whole(Reason::RecordTooLong, detail).hint("split it, or leave long texts out"))
}

pub(crate) fn unclosed_quote() -> Held {
    let detail = "a quote in this row never closes".to_owned();
    Held::because(
        Fault::whole(Reason::Unreadable, detail).hint("close the quote; a quote inside a cell is written twice"),
    )
}

/// One record of a source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    /// Where it stands.
    pub place: Place,
    /// Its bytes.
    pub raw: Vec<u8>,
    /// What became of it.
    pub outcome: Outcome,
}

/// All records of an input, one after the other; a fault of the whole input ends them.
///
/// # Errors
/// [`FileFault`] as [`Source::open`].
///
/// ```
/// let input = br#"{"item_id":"a","event":"detected","at":"2026-03-01T10:00:00Z"}"#;
/// let records = formats::source::records(&input[..], None).unwrap();
/// assert_eq!(records.count(), 1);
/// ```
pub fn records<R: BufRead>(input: R, encoding: Option<Encoding>) -> Result<Records<R>, FileFault> {
    Ok(Records { source: Source::open(input, encoding)?, broken: false })
}

/// The records of an input.
pub struct Records<R> {
    source: Source<R>,
    broken: bool,
}

impl<R> Records<R> {
    /// Blank lines so far: they are no records.
    #[must_use]
    pub const fn ignored(&self) -> u64 {
        self.source.ignored
    }

    /// How each of them is written.
    #[must_use]
    pub fn written(&self) -> Written {
        self.source.written.clone()
    }
}

impl<R: BufRead> Iterator for Records<R> {
    type Item = Result<Record, FileFault>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.broken {
            return None;
        }
        match self.source.next_frame() {
            Ok(None) => None,
            Ok(Some(frame)) => {
                let outcome = self.source.decoder.read(&frame);
                let Frame { place, raw, .. } = frame;
                Some(Ok(Record { place, raw, outcome }))
            }
            Err(fault) => {
                self.broken = true;
                Some(Err(fault))
            }
        }
    }
}
