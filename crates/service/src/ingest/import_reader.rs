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
use std::{fs::File, io::BufReader};
use store::StoreError;
use tokio::sync::{mpsc, oneshot};

/// Pieces read ahead of the database.
const PIECES_AHEAD: usize = 2;
const READ_BYTES: usize = 256 * 1024;

/// What comes out of a file, in its order.
pub(crate) enum Message {
    /// Records; they are still being read when this arrives.
    Piece(oneshot::Receiver<Result<Prepared, ServiceError>>, u64),
    /// The end, with the number of blank lines: they are no records.
    End(u64),
    /// The file as a whole cannot be read.
    Fault(ServiceError),
}

/// Starts reading; the receiver may simply be dropped to stop it.
pub(crate) fn start(file: File, encoding: Option<Encoding>, terms: Terms) -> mpsc::Receiver<Message> {
    let (sender, receiver) = mpsc::channel(PIECES_AHEAD);
    // Ends by itself when the receiver is gone.
    drop(tokio::task::spawn_blocking(move || {
        let last = match cut(file, encoding, &terms, &sender) {
            Ok(Some(ignored)) => Message::End(ignored),
            Ok(None) => return,
            Err(error) => Message::Fault(error),
        };
        drop(sender.blocking_send(last));
    }));
    receiver
}

/// Cuts the file into pieces, and counts its blank lines; `None` when nobody listens any more.
fn cut(
    file: File,
    encoding: Option<Encoding>,
    terms: &Terms,
    sender: &mpsc::Sender<Message>,
) -> Result<Option<u64>, ServiceError> {
    let input = BufReader::with_capacity(READ_BYTES, file);
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
    Ok(Some(source.ignored()))
}

fn next_piece(source: &mut Source<BufReader<File>>) -> Result<(Vec<Frame>, u64), ServiceError> {
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
