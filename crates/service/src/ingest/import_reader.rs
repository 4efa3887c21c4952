//! How is a file cut and read while the database writes? One thread cuts records, all cores but one read them, and pieces
//! arrive in the order of the file.

use super::{
    known_pieces::{KnownPieces, Piecing},
    notes::Notes,
    plan::{Reading, SourcePlan},
    prepare::{Prepared, Taken, Terms, prepare},
    reread::Form,
    send::refusal_of,
    snapshots::{Watch, Watched},
};
use crate::{
    error::{Refusal, ServiceError},
    limits::{IMPORT_PIECE_BYTES, IMPORT_PIECE_LINES, IMPORT_PIECE_LINES_MIN},
    services::Clock,
};
use domain::drill::DrillRecord;
use formats::{
    encoding::Encoding,
    file_fault::FileFault,
    foreign::{Adapter, ForeignRecord, Settings},
    frame::Frame,
    source::{Decoder, Record, Source},
    text_encoding::TextEncoding,
};
use rayon::{ThreadPool, ThreadPoolBuilder};
use std::{fs::File, io::BufReader, sync::Arc, thread::available_parallelism};
use store::{StoreError, held_forms::HeldForm, known_pieces::Print};
use tokio::sync::{mpsc, oneshot};

/// Pieces read ahead of the database.
const PIECES_AHEAD: usize = 1;
const READ_BYTES: usize = 256 * 1024;

/// What comes out of a file, in its order.
pub(crate) enum Message {
    /// Records; they may still be read when this arrives.
    Piece(Piece, Content),
    /// The end, with the number of blank lines, which are no records, and how the records are written.
    End(u64, Option<Arc<HeldForm>>),
    /// The file as a whole cannot be read.
    Fault(ServiceError),
}

/// Some records of a file.
pub(crate) struct Piece {
    /// What tells its records from any others, where that is kept.
    pub(crate) print: Option<Print>,
    /// Records of the file up to its end.
    pub(crate) records: u64,
    /// Bytes of the file up to its end.
    pub(crate) bytes: u64,
    /// What was noticed about them.
    pub(crate) notes: Notes,
    /// Records of drills among them.
    pub(crate) drills: Vec<DrillRecord>,
}

/// What is in a piece.
pub(crate) enum Content {
    /// Records that are being read on another core.
    Unread(oneshot::Receiver<Result<Prepared, ServiceError>>),
    /// Records of a known piece, in case it is known no more when its turn comes.
    Known(KnownRecords),
}

/// The same once all of it is read.
pub(crate) enum Contained {
    Records(Prepared),
    Known(KnownRecords),
}

/// So many records, each of which is a duplicate while their piece is known.
pub(crate) struct KnownRecords {
    pub(crate) lines: u64,
    prepare: Box<dyn FnOnce() -> Result<Prepared, ServiceError> + Send>,
}

impl KnownRecords {
    /// Reads them after all.
    pub(crate) async fn read(self) -> Result<Prepared, ServiceError> {
        tokio::task::spawn_blocking(self.prepare).await.unwrap_or(Err(ServiceError::Broken(StoreError::Stopped)))
    }
}

impl Content {
    /// Waits until it is read.
    pub(crate) async fn read(self) -> Result<Contained, ServiceError> {
        match self {
            Self::Known(known) => Ok(Contained::Known(known)),
            Self::Unread(prepared) => {
                let prepared = prepared.await.unwrap_or(Err(ServiceError::Broken(StoreError::Stopped)));
                prepared.map(Contained::Records)
            }
        }
    }
}

/// From where a file is read, and what is known of it.
pub(crate) struct Start {
    /// Records that were taken before.
    pub(crate) records: u64,
    /// Events and held lines of these.
    pub(crate) lines: u64,
    pub(crate) known: KnownPieces,
    pub(crate) clock: Clock,
}

/// Starts reading behind the records that were taken before; the receiver may simply be dropped to stop it. What was skipped
/// is read all the same: what a record means may depend on those before it.
pub(crate) fn start(
    file: File,
    reading: Reading,
    terms: Terms,
    from: Start,
) -> Result<mpsc::Receiver<Message>, StoreError> {
    let (sender, receiver) = mpsc::channel(PIECES_AHEAD);
    let (readers, position) = (readers()?, u32::try_from(from.lines).unwrap_or(u32::MAX));
    let Start { records: skipped, known, clock, .. } = from;
    let mut out = Out { sender, terms, position, records: 0, skipped, known, clock, readers };
    // Ends by itself when the receiver is gone.
    drop(tokio::task::spawn_blocking(move || {
        let input = BufReader::with_capacity(READ_BYTES, file);
        let cut = match reading {
            Reading::Canonical(encoding, text) => cut_canonical(input, encoding, text, &mut out),
            Reading::Foreign(adapter, settings) => cut_foreign(input, adapter, &settings, None, &mut out),
            Reading::Snapshot(adapter, settings, watch) => {
                cut_foreign(input, adapter, &settings, Some(&watch), &mut out)
            }
        };
        let last = match cut {
            Ok(ignored) => Message::End(ignored, out.terms.form.take()),
            Err(Stopped::Unheard) => return,
            Err(Stopped::Fault(error)) => Message::Fault(error),
        };
        drop(out.sender.blocking_send(last));
    }));
    Ok(receiver)
}

/// Threads that read records. One core is left to what writes them: it goes to and fro between two threads, and would wait for
/// its turn each time.
fn readers() -> Result<ThreadPool, StoreError> {
    let cores = available_parallelism().map_or(1, usize::from);
    // Whoever waits for records that panicked hears that nobody answers.
    let pool = ThreadPoolBuilder::new().num_threads(cores.saturating_sub(1).max(1)).panic_handler(|_| {});
    pool.build().map_err(|_| StoreError::Stopped)
}

/// Why a file was not read to its end.
enum Stopped {
    /// Nobody listens any more.
    Unheard,
    Fault(ServiceError),
}

/// What can be said of a text that does not show how it is encoded.
const ENCODINGS: &str = "save it as UTF-8, or say that its text is `windows-1252` or `latin-1`";

impl From<FileFault> for Stopped {
    fn from(fault: FileFault) -> Self {
        let refusal = refusal_of(&fault);
        let is_open = matches!(fault, FileFault::EncodingUnknown(_));
        Self::Fault(if is_open { refusal.hint(ENCODINGS) } else { refusal }.into())
    }
}

/// Where pieces go.
struct Out {
    sender: mpsc::Sender<Message>,
    terms: Terms,
    /// Events and held lines before the next piece.
    position: u32,
    /// Records read so far.
    records: u64,
    /// Records that were taken before.
    skipped: u64,
    known: KnownPieces,
    clock: Clock,
    readers: ThreadPool,
}

impl Out {
    /// Counts a record; says whether it was taken before.
    const fn skips_next(&mut self) -> bool {
        self.records += 1;
        self.records <= self.skipped
    }

    /// Has `count` events and held lines read and prepared on another core.
    fn unread<T: Into<Taken> + 'static>(
        &mut self,
        count: usize,
        read: impl FnOnce() -> Vec<T> + Send + 'static,
    ) -> Content {
        let (reply, prepared) = oneshot::channel();
        let prepare = self.preparing(count, read);
        self.readers.spawn(move || drop(reply.send(prepare())));
        Content::Unread(prepared)
    }

    /// Has them read only if it must be.
    fn known<T: Into<Taken> + 'static>(
        &mut self,
        count: usize,
        read: impl FnOnce() -> Vec<T> + Send + 'static,
    ) -> Content {
        let prepare = Box::new(self.preparing(count, read));
        Content::Known(KnownRecords { lines: count as u64, prepare })
    }

    fn preparing<T: Into<Taken> + 'static>(
        &mut self,
        count: usize,
        read: impl FnOnce() -> Vec<T> + Send + 'static,
    ) -> impl FnOnce() -> Result<Prepared, ServiceError> + Send + 'static {
        // Stamped a moment before it is written: what the log has seen a later moment than is stamped again.
        let terms = Terms { now: (self.clock)(), ..self.terms.clone() };
        let position = self.position;
        self.count(count);
        move || prepare(read().into_iter().map(Into::into).collect(), &terms, position)
    }

    /// What is held is kept with how it was written.
    fn written_as(&mut self, form: &Form) -> Result<(), Stopped> {
        self.terms.form = Some(form.kept().map_err(|error| Stopped::Fault(error.into()))?);
        Ok(())
    }

    fn count(&mut self, lines: usize) {
        self.position = self.position.wrapping_add(u32::try_from(lines).unwrap_or(u32::MAX));
    }

    fn give(&self, piece: Piece, content: Content) -> Result<(), Stopped> {
        self.sender.blocking_send(Message::Piece(piece, content)).map_err(|_| Stopped::Unheard)
    }
}

/// Cuts a file of canonical events into pieces, each read on another core; gives its blank lines.
fn cut_canonical(
    input: BufReader<File>,
    encoding: Option<Encoding>,
    text: Option<TextEncoding>,
    out: &mut Out,
) -> Result<u64, Stopped> {
    let mut source = Source::open_in(input, encoding, text)?;
    out.written_as(&Form::Own(source.written()))?;
    loop {
        let Cut { frames, print, end } = next_piece(&mut source, out)?;
        if frames.is_empty() {
            return Ok(source.ignored());
        }
        let is_known = print.is_some_and(|print| out.known.has(&print));
        let (lines, decoder) = (frames.len(), source.decoder());
        let read = move || frames.into_iter().map(|frame| read(frame, &decoder)).collect::<Vec<Record>>();
        let content = if is_known { out.known(lines, read) } else { out.unread(lines, read) };
        let (notes, drills) = (Notes::default(), Vec::new());
        out.give(Piece { print, records: out.records, bytes: end, notes, drills }, content)?;
    }
}

/// The next records of a file, not yet read.
struct Cut {
    frames: Vec<Frame>,
    print: Option<Print>,
    /// The byte of the file they end at.
    end: u64,
}

fn next_piece(source: &mut Source<BufReader<File>>, out: &mut Out) -> Result<Cut, Stopped> {
    let mut frames = Vec::with_capacity(2 * IMPORT_PIECE_LINES_MIN);
    let mut piecing = out.known.begin(source.encoding());
    let (mut bytes, mut end, mut is_over) = (0, 0, false);
    while !is_over && frames.len() < IMPORT_PIECE_LINES && bytes < IMPORT_PIECE_BYTES {
        let Some(frame) = source.next_frame()? else {
            break;
        };
        if out.skips_next() {
            continue;
        }
        is_over = piecing.as_mut().is_some_and(|piecing| piecing.ends_with(&frame));
        bytes += frame.raw.len();
        end = frame.place.byte + frame.raw.len() as u64;
        frames.push(frame);
    }
    Ok(Cut { frames, print: piecing.and_then(Piecing::print), end })
}

fn read(frame: Frame, decoder: &Decoder) -> Record {
    let outcome = decoder.read(&frame);
    Record { place: frame.place, raw: frame.raw, outcome }
}

/// A feed of what the world knows of weaknesses is no export of a source.
fn no_events(adapter: Adapter) -> Refusal {
    Refusal::new("no_events", format!("{} holds no events", adapter.title))
        .hint("keep it on the page of sources, or by `wallclock enrich FILE`")
}

/// Translates an export of another tool record by record: what a record means may depend on those before it.
fn cut_foreign(
    input: BufReader<File>,
    adapter: Adapter,
    settings: &Settings,
    watch: Option<&Watch>,
    out: &mut Out,
) -> Result<u64, Stopped> {
    let mut foreign = Watched::open(input, adapter, settings, watch)?;
    let plan = SourcePlan { format: adapter.name.to_owned(), settings: settings.clone() };
    let around = foreign.around();
    out.written_as(&if watch.is_some() { Form::Snapshot { plan, around } } else { Form::Tool { plan, around } })?;
    let (mut records, mut notes, mut drills) = (Vec::new(), Notes::default(), Vec::new());
    let (mut count, mut bytes, mut end) = (0, 0, 0);
    while let Some(mut record) = foreign.next_record()? {
        if out.skips_next() {
            continue;
        }
        count += record.understood.outcomes.len();
        bytes += record.raw.len();
        end = record.place.byte + record.raw.len() as u64;
        if !record.understood.enriched.is_empty() || record.understood.feed.is_some() {
            return Err(Stopped::Fault(no_events(adapter).into()));
        }
        notes.take(&mut record.understood);
        drills.append(&mut record.understood.drills);
        records.push(record);
        if count >= IMPORT_PIECE_LINES || records.len() >= IMPORT_PIECE_LINES || bytes >= IMPORT_PIECE_BYTES {
            let piece: Vec<ForeignRecord> = std::mem::take(&mut records);
            let content = out.unread(count, move || piece);
            let (notes, drills) = (std::mem::take(&mut notes), std::mem::take(&mut drills));
            out.give(Piece { print: None, records: out.records, bytes: end, notes, drills }, content)?;
            (count, bytes) = (0, 0);
        }
    }
    if !records.is_empty() {
        let content = out.unread(count, move || records);
        out.give(Piece { print: None, records: out.records, bytes: end, notes, drills }, content)?;
    }
    Ok(foreign.ignored())
}
