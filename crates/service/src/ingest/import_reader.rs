//! How is a file cut and read while the database writes? One thread cuts records, all cores read them, and pieces
//! arrive in the order of the file.

use super::{
    prepare::{Prepared, Terms, prepare},
    send::refusal_of,
};
use crate::{
    error::ServiceError,
    limits::{IMPORT_PIECE_BYTES, IMPORT_PIECE_LINES},
};
use formats::{
    encoding::Encoding,
    frame::Frame,
    source::{Decoder, Record, Source},
};
use sha2::{Digest, Sha256};
use std::{
    fs::File,
    io::{BufReader, Read},
    sync::{Arc, Mutex, PoisonError},
};
use store::{StoreError, chain::Hash};
use tokio::sync::{mpsc, oneshot};

/// Pieces read ahead of the database.
const PIECES_AHEAD: usize = 2;
const READ_BYTES: usize = 256 * 1024;

/// What comes out of a file, in its order.
pub(crate) enum Message {
    /// Records; they are still being read when this arrives.
    Piece(oneshot::Receiver<Result<Prepared, ServiceError>>, u64),
    /// The end.
    End(Ending),
    /// The file as a whole cannot be read.
    Fault(ServiceError),
}

/// What is known of a file at its end.
pub(crate) struct Ending {
    pub(crate) bytes: u64,
    pub(crate) digest: Hash,
    pub(crate) ignored: u64,
}

/// Hashes what passes through.
struct Hashing {
    file: File,
    seen: Arc<Mutex<(Sha256, u64)>>,
}

impl Read for Hashing {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let count = self.file.read(buffer)?;
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        seen.0.update(buffer.get(..count).unwrap_or_default());
        seen.1 += count as u64;
        Ok(count)
    }
}

/// Starts reading; the receiver may simply be dropped to stop it.
pub(crate) fn start(file: File, encoding: Option<Encoding>, terms: Terms) -> mpsc::Receiver<Message> {
    let (sender, receiver) = mpsc::channel(PIECES_AHEAD);
    // Ends by itself when the receiver is gone.
    drop(tokio::task::spawn_blocking(move || {
        let last = match cut(file, encoding, &terms, &sender) {
            Ok(Some(ending)) => Message::End(ending),
            Ok(None) => return,
            Err(error) => Message::Fault(error),
        };
        drop(sender.blocking_send(last));
    }));
    receiver
}

/// Cuts the file into pieces; `None` when nobody listens any more.
fn cut(
    file: File,
    encoding: Option<Encoding>,
    terms: &Terms,
    sender: &mpsc::Sender<Message>,
) -> Result<Option<Ending>, ServiceError> {
    let seen = Arc::new(Mutex::new((Sha256::new(), 0)));
    let input = BufReader::with_capacity(READ_BYTES, Hashing { file, seen: seen.clone() });
    let mut source = Source::open(input, encoding).map_err(|fault| refusal_of(&fault))?;
    let mut position = 0_u32;
    loop {
        let (frames, bytes) = next_piece(&mut source)?;
        let Ok(count @ 1..) = u32::try_from(frames.len()) else {
            break;
        };
        let (reply, answer) = oneshot::channel();
        let (decoder, terms) = (source.decoder(), terms.clone());
        rayon::spawn(move || drop(reply.send(read(frames, &decoder, &terms, position))));
        position = position.wrapping_add(count);
        if sender.blocking_send(Message::Piece(answer, bytes)).is_err() {
            return Ok(None);
        }
    }
    let ignored = source.ignored();
    let (hash, bytes) = seen.lock().unwrap_or_else(PoisonError::into_inner).clone();
    Ok(Some(Ending { bytes, digest: hash.finalize().into(), ignored }))
}

fn next_piece(source: &mut Source<BufReader<Hashing>>) -> Result<(Vec<Frame>, u64), ServiceError> {
    let mut frames = Vec::with_capacity(IMPORT_PIECE_LINES);
    let mut bytes = 0;
    let mut end = 0;
    while frames.len() < IMPORT_PIECE_LINES && bytes < IMPORT_PIECE_BYTES {
        let Some(frame) = source.next_frame().map_err(|fault| refusal_of(&fault))? else {
            break;
        };
        bytes += frame.raw.len();
        end = frame.place.byte + frame.raw.len() as u64;
        frames.push(frame);
    }
    Ok((frames, end))
}

fn read(frames: Vec<Frame>, decoder: &Decoder, terms: &Terms, position: u32) -> Result<Prepared, ServiceError> {
    let record = |frame: Frame| {
        let outcome = decoder.read(&frame);
        Record { place: frame.place, raw: frame.raw, outcome }
    };
    prepare(frames.into_iter().map(record).collect(), terms, position)
}

/// Waits for a piece that is being read.
pub(crate) async fn piece(answer: oneshot::Receiver<Result<Prepared, ServiceError>>) -> Result<Prepared, ServiceError> {
    answer.await.unwrap_or(Err(ServiceError::Broken(StoreError::Stopped)))
}
