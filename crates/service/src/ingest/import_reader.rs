//! How is a file cut and read while the database writes? One thread cuts records, all cores read them, and pieces
//! arrive in the order of the file.

use super::{
    notes::Notes,
    plan::Reading,
    prepare::{Prepared, Taken, Terms, prepare},
    send::refusal_of,
    snapshots::{Watch, Watched},
};
use crate::{
    error::{Refusal, ServiceError},
    limits::{IMPORT_PIECE_BYTES, IMPORT_PIECE_LINES},
};
use domain::drill::DrillRecord;
use formats::{
    encoding::Encoding,
    foreign::{Adapter, ForeignRecord, Settings},
    frame::Frame,
    source::{Decoder, Record, Source},
};
use std::{fs::File, io::BufReader};
use store::StoreError;
use tokio::sync::{mpsc, oneshot};

/// Pieces read ahead of the database.
const PIECES_AHEAD: usize = 2;
const READ_BYTES: usize = 256 * 1024;

/// What comes out of a file, in its order.
pub(crate) enum Message {
    /// Records; they are still being read when this arrives.
    Piece(Piece),
    /// The end, with the number of blank lines: they are no records.
    End(u64),
    /// The file as a whole cannot be read.
    Fault(ServiceError),
}

/// Some records of a file.
pub(crate) struct Piece {
    prepared: oneshot::Receiver<Result<Prepared, ServiceError>>,
    /// Records of the file up to its end.
    pub(crate) records: u64,
    /// Bytes of the file up to its end.
    pub(crate) bytes: u64,
    /// What was noticed about them.
    pub(crate) notes: Notes,
    /// Records of drills among them.
    pub(crate) drills: Vec<DrillRecord>,
}

impl Piece {
    /// Waits until it is read.
    pub(crate) async fn prepared(&mut self) -> Result<Prepared, ServiceError> {
        (&mut self.prepared).await.unwrap_or(Err(ServiceError::Broken(StoreError::Stopped)))
    }
}

/// Starts reading behind the first `skipped` records, whose `lines` have been taken; the receiver may simply be dropped to
/// stop it. What was skipped is read all the same: what a record means may depend on those before it.
pub(crate) fn start(file: File, reading: Reading, terms: Terms, skipped: u64, lines: u64) -> mpsc::Receiver<Message> {
    let (sender, receiver) = mpsc::channel(PIECES_AHEAD);
    let position = u32::try_from(lines).unwrap_or(u32::MAX);
    let mut out = Out { sender, terms, position, records: 0, skipped };
    // Ends by itself when the receiver is gone.
    drop(tokio::task::spawn_blocking(move || {
        let input = BufReader::with_capacity(READ_BYTES, file);
        let cut = match reading {
            Reading::Canonical(encoding) => cut_canonical(input, encoding, &mut out),
            Reading::Foreign(adapter, settings) => cut_foreign(input, adapter, &settings, None, &mut out),
            Reading::Snapshot(adapter, settings, watch) => {
                cut_foreign(input, adapter, &settings, Some(&watch), &mut out)
            }
        };
        let last = match cut {
            Ok(ignored) => Message::End(ignored),
            Err(Stopped::Unheard) => return,
            Err(Stopped::Fault(error)) => Message::Fault(error),
        };
        drop(out.sender.blocking_send(last));
    }));
    receiver
}

/// Why a file was not read to its end.
enum Stopped {
    /// Nobody listens any more.
    Unheard,
    Fault(ServiceError),
}

impl From<formats::file_fault::FileFault> for Stopped {
    fn from(fault: formats::file_fault::FileFault) -> Self {
        Self::Fault(refusal_of(&fault).into())
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
}

impl Out {
    /// Counts a record; says whether it was taken before.
    const fn skips_next(&mut self) -> bool {
        self.records += 1;
        self.records <= self.skipped
    }

    /// Has a piece prepared on another core; `count` events and held lines are in it.
    fn send<T: Into<Taken> + 'static>(
        &mut self,
        count: usize,
        bytes: u64,
        (notes, drills): (Notes, Vec<DrillRecord>),
        read: impl FnOnce() -> Vec<T> + Send + 'static,
    ) -> Result<(), Stopped> {
        let (reply, prepared) = oneshot::channel();
        let (terms, position) = (self.terms.clone(), self.position);
        rayon::spawn(move || {
            let taken = read().into_iter().map(Into::into).collect();
            drop(reply.send(prepare(taken, &terms, position)));
        });
        self.position = self.position.wrapping_add(u32::try_from(count).unwrap_or(u32::MAX));
        let piece = Piece { prepared, records: self.records, bytes, notes, drills };
        self.sender.blocking_send(Message::Piece(piece)).map_err(|_| Stopped::Unheard)
    }
}

/// Cuts a file of canonical events into pieces, each read on another core; gives its blank lines.
fn cut_canonical(input: BufReader<File>, encoding: Option<Encoding>, out: &mut Out) -> Result<u64, Stopped> {
    let mut source = Source::open(input, encoding)?;
    loop {
        let (frames, end) = next_piece(&mut source, out)?;
        if frames.is_empty() {
            return Ok(source.ignored());
        }
        let decoder = source.decoder();
        out.send(frames.len(), end, (Notes::default(), Vec::new()), move || {
            frames.into_iter().map(|frame| read(frame, &decoder)).collect::<Vec<Record>>()
        })?;
    }
}

fn next_piece(source: &mut Source<BufReader<File>>, out: &mut Out) -> Result<(Vec<Frame>, u64), Stopped> {
    let mut frames = Vec::with_capacity(IMPORT_PIECE_LINES);
    let mut bytes = 0;
    let mut end = 0;
    while frames.len() < IMPORT_PIECE_LINES && bytes < IMPORT_PIECE_BYTES {
        let Some(frame) = source.next_frame()? else {
            break;
        };
        if out.skips_next() {
            continue;
        }
        bytes += frame.raw.len();
        end = frame.place.byte + frame.raw.len() as u64;
        frames.push(frame);
    }
    Ok((frames, end))
}

fn read(frame: Frame, decoder: &Decoder) -> Record {
    let outcome = decoder.read(&frame);
    Record { place: frame.place, raw: frame.raw, outcome }
}

/// A feed of what the world knows of weaknesses is no export of a source.
fn no_events(adapter: Adapter) -> Refusal {
    Refusal::new("no_events", format!("{} holds no events", adapter.title)).hint("keep it by `wallclock enrich FILE`")
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
            out.send(count, end, (std::mem::take(&mut notes), std::mem::take(&mut drills)), move || piece)?;
            (count, bytes) = (0, 0);
        }
    }
    if !records.is_empty() {
        out.send(count, end, (notes, drills), move || records)?;
    }
    Ok(foreign.ignored())
}
