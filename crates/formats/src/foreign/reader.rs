//! How does a foreign file become records with what was understood of them? In one pass, with one record in memory.

use super::{
    ALL, Adapter, Around, Given, Settings, Shape, Translate, Understood, document::Document, element::Element,
    general_rules, head::Head, known_by::not_this, lacks::Shapes, mapping::Mapping, snapshot::Glance, table::Table,
    traces::Traces,
};
use crate::{
    canonical::{Outcome, not_json, not_utf8},
    csv::{Rows, is_empty_row},
    file_fault::FileFault,
    frame::{Frame, FrameState, Place},
    held::{Fault, Held},
    json::{self, Rules},
    json_array::Elements,
    lines::{LineReader, is_blank},
    sniff::is_canonical,
    source::{Whole, begin, too_long, unclosed_quote},
};
use domain::{quarantine::Reason, time::Timestamp};
use std::io::{BufRead, Cursor, Read};

/// One record of a foreign file with what was understood of it.
#[derive(Debug, PartialEq)]
pub struct ForeignRecord {
    /// Where it stands.
    pub place: Place,
    /// Its bytes; none at the end of the file.
    pub raw: Vec<u8>,
    /// What was understood.
    pub understood: Understood,
}

/// The records of a foreign file.
pub struct Foreign<R> {
    adapter: Adapter,
    translator: Box<dyn Translate + Send>,
    cut: Cut<R>,
    table: Option<Table>,
    around: Around,
    glance: Glance,
    shapes: Shapes,
    skipped_bytes: u64,
    ignored: u64,
    yielded: u64,
    last: Place,
    ended: bool,
}

enum Cut<R> {
    Lines(LineReader<Whole<R>>),
    Elements(Elements<Whole<R>>),
    Document(Document<Whole<R>>),
    Rows(Rows<Whole<R>>),
    Traces(Traces<Whole<R>>),
}

/// The formats that the beginning of a file looks like, in the order in which they are compared. Canonical events come
/// first: a file of them is no tool's, whatever columns it has beside theirs.
#[must_use]
pub fn candidates(beginning: &[u8]) -> Vec<Adapter> {
    let looked_at = |head: &[u8]| {
        if is_canonical(head) {
            return Vec::new();
        }
        let head = Head::of(head);
        ALL.iter().copied().filter(|adapter| (adapter.recognise)(&head).is_some()).collect()
    };
    begin(beginning, None).map_or_else(|_| Vec::new(), |(head, _, _)| looked_at(&head))
}

impl Adapter {
    /// Whether the beginning of a file looks like this format; bytes that are no text look like none.
    #[must_use]
    pub fn recognises(&self, beginning: &[u8]) -> bool {
        begin(beginning, None).is_ok_and(|(head, _, _)| (self.recognise)(&Head::of(&head)).is_some())
    }
}

impl<R: BufRead> Foreign<R> {
    /// Opens an input as a format that is known.
    ///
    /// # Errors
    /// [`FileFault`] when it is empty, does not look like the format, or its header cannot be read.
    pub fn open(input: R, adapter: Adapter, settings: &Settings) -> Result<Self, FileFault> {
        settings.check().map_err(FileFault::BadSetting)?;
        let (head, text, skipped_bytes) = begin(input, settings.text_encoding)?;
        if head.is_empty() {
            return Err(FileFault::Empty);
        }
        let wanted = settings.mapping.as_ref().map(Mapping::columns).unwrap_or_default();
        let beginning = Head::of(&head).wanting(wanted);
        let shape = (adapter.recognise)(&beginning).ok_or_else(|| not_this(&adapter, &beginning))?;
        // As for tables of our own: an older encoding is never guessed.
        let is_foreign = str::from_utf8(&head).is_err_and(|error| error.error_len().is_some());
        if is_foreign && !text.is_decoded() && matches!(shape, Shape::Table { .. }) {
            return Err(FileFault::EncodingUnknown("it may be Windows-1252"));
        }
        let whole = Cursor::new(head).chain(text);
        let mut translator = (adapter.begin)(settings);
        translator.ready().map_err(FileFault::BadSetting)?;
        let mut glance = Glance::of(settings, adapter.name);
        let (mut table, mut around) = (None, Around::Value);
        let cut = match shape {
            Shape::Lines => Cut::Lines(LineReader::new(whole)),
            Shape::Elements => Cut::Elements(Elements::new(whole)),
            Shape::Traces => {
                around = Around::Trace;
                Cut::Traces(Traces::new(whole))
            }
            Shape::Under(key) => Cut::Document(Document::new(whole, key)),
            Shape::Table { delimiter, preamble } => {
                let (mut lines, mut before) = (LineReader::new(whole), Vec::new());
                for _ in 0..preamble {
                    let line = lines.next_line()?.ok_or(FileFault::NoRows)?;
                    let text = String::from_utf8_lossy(&line.frame.raw);
                    glance.line(&text);
                    translator.beside("", &text);
                    before.push(text.into_owned());
                }
                let mut rows = Rows::new(lines, delimiter);
                let header = rows.next_row()?.ok_or(FileFault::NoRows)?;
                let read = if translator.repeats_columns() {
                    Table::read_repeated(&header, delimiter, settings)?
                } else {
                    Table::read(&header, delimiter, settings)?
                };
                translator.columns(&read.columns)?;
                let header = String::from_utf8_lossy(&header.raw).into_owned();
                around = Around::Row { header, delimiter, preamble: before };
                table = Some(read);
                Cut::Rows(rows)
            }
        };
        let last = Place { line: 1, byte: 0 };
        let shapes = Shapes::default();
        let (ignored, yielded, ended) = (0, 0, false);
        Ok(Self {
            adapter,
            translator,
            cut,
            table,
            around,
            glance,
            shapes,
            skipped_bytes,
            ignored,
            yielded,
            last,
            ended,
        })
    }

    /// The format.
    #[must_use]
    pub const fn adapter(&self) -> Adapter {
        self.adapter
    }

    /// What its records need of it to be read again without it.
    #[must_use]
    pub fn around(&self) -> Around {
        self.around.clone()
    }

    /// Blank lines so far: they are no records.
    #[must_use]
    pub const fn ignored(&self) -> u64 {
        self.ignored
    }

    /// When the file was taken, as far as it was read: as a person says, else as it says itself.
    #[must_use]
    pub fn taken_at(&self) -> Option<Timestamp> {
        self.glance.taken_at()
    }

    /// When the file says itself that it was taken, as far as it was read.
    #[must_use]
    pub const fn says_taken_at(&self) -> Option<Timestamp> {
        self.glance.says_taken_at()
    }

    /// To which part of its source the last record belongs, where a file covers some parts only.
    #[must_use]
    pub fn part(&self) -> Option<&str> {
        self.glance.part()
    }

    /// The next record, or `None` at the end. What only the whole file could say comes last, as a record without bytes.
    ///
    /// # Errors
    /// [`FileFault`] when the input cannot be cut any further; what came before stands.
    pub fn next_record(&mut self) -> Result<Option<ForeignRecord>, FileFault> {
        if self.ended {
            return Ok(None);
        }
        while let Some(mut frame) = self.next_frame()? {
            if self.is_nothing(&frame) {
                self.ignored = self.ignored.saturating_add(1);
                continue;
            }
            self.yielded = self.yielded.saturating_add(1);
            frame.place = frame.place.after(0, self.skipped_bytes);
            self.last = frame.place;
            let understood = self.understand(&frame);
            return Ok(Some(ForeignRecord { place: frame.place, raw: frame.raw, understood }));
        }
        self.ended = true;
        if self.yielded == 0 {
            return Err(FileFault::NoRows);
        }
        let mut understood = Understood::default();
        self.translator.finish(&mut understood);
        general_rules::meet(None, &mut understood);
        Ok((understood != Understood::default()).then(|| ForeignRecord {
            place: self.last,
            raw: Vec::new(),
            understood,
        }))
    }

    /// Whether a line or a row says nothing; what a list holds between its commas is a value or none.
    fn is_nothing(&self, frame: &Frame) -> bool {
        let is_line = matches!(self.cut, Cut::Lines(_) | Cut::Rows(_));
        frame.state == FrameState::Whole && ((is_line && is_blank(&frame.raw)) || is_empty_row(frame))
    }

    /// Shows every record that is left as its translator would get it, and translates none. What cannot be read is passed
    /// over: whoever translates it says why.
    ///
    /// # Errors
    /// As [`Foreign::next_record`].
    pub(super) fn each_given(&mut self, mut see: impl FnMut(&Given<'_>)) -> Result<(), FileFault> {
        while let Some(frame) = self.next_frame()? {
            if frame.state != FrameState::Whole || self.is_nothing(&frame) {
                continue;
            }
            let Ok(text) = str::from_utf8(&frame.raw) else { continue };
            if let Ok(given) = given(&self.cut, self.table.as_ref(), text) {
                see(&given);
            }
        }
        Ok(())
    }

    fn next_frame(&mut self) -> Result<Option<Frame>, FileFault> {
        match &mut self.cut {
            Cut::Lines(lines) => Ok(lines.next_line()?.map(|line| line.frame)),
            Cut::Elements(elements) => elements.next_element(),
            Cut::Rows(rows) => Ok(rows.next_row()?),
            Cut::Traces(traces) => traces.next_trace(),
            Cut::Document(document) => {
                let frame = document.next_element();
                for (name, text) in document.take_beside() {
                    self.translator.beside(&name, &text);
                }
                frame
            }
        }
    }

    fn understand(&mut self, frame: &Frame) -> Understood {
        let mut understood = Understood::default();
        let held = match frame.state {
            FrameState::Whole => match str::from_utf8(&frame.raw) {
                Ok(text) => self.translate(text, &mut understood).err(),
                Err(error) => Some(not_utf8(&error)),
            },
            FrameState::TooLong(bytes) => Some(too_long(bytes)),
            FrameState::UnclosedQuote => Some(unclosed_quote()),
        };
        if let Some(held) = held {
            understood.outcomes.push(Outcome::Held(held));
        }
        understood
    }

    fn translate(&mut self, text: &str, understood: &mut Understood) -> Result<(), Held> {
        let given = given(&self.cut, self.table.as_ref(), text)?;
        self.glance.record(&given);
        self.translator.record(&given, understood);
        general_rules::meet(Some(&given), understood);
        if is_silent(understood) {
            understood.outcomes.push(Outcome::Held(nothing_understood(self.adapter.title)));
        }
        self.shapes.compare(&given, understood);
        Ok(())
    }
}

/// A record as its translator gets it.
fn given<'a, R>(cut: &Cut<R>, table: Option<&'a Table>, text: &'a str) -> Result<Given<'a>, Held> {
    Ok(match table {
        Some(table) => Given::Row(table.row(text).map_err(Held::because)?),
        None if matches!(cut, Cut::Traces(_)) => Given::Xml(Element::read(text).map_err(Held::because)?),
        // Tools write more keys than ours, and some of them twice.
        None => Given::Json(json::value(text, Rules::ANALYSIS).map_err(|fault| not_json(&fault))?),
    })
}

/// Whether nothing counts a record; that it met a rule does not.
pub(super) fn is_silent(understood: &mut Understood) -> bool {
    let met = std::mem::take(&mut understood.met);
    let is_silent = *understood == Understood::default();
    understood.met = met;
    is_silent
}

/// Every record counts somewhere: one of which a translator says nothing at all is held.
pub(super) fn nothing_understood(title: &str) -> Held {
    Held::because(Fault::whole(Reason::Unreadable, format!("nothing in this record is known of {title}")))
}
