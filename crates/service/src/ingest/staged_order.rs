//! In which order do the events of an import come to count? Those who staged all of them know it without asking the database:
//! every page of a long table is then written once, and not once for each part of the file.

use super::sorted::{Sorted, Sorting};
use domain::{
    id::{EventSeq, ItemKey, SourceId},
    time::Timestamp,
};
use std::{
    io,
    path::{Path, PathBuf},
};
use store::{
    StoreError,
    event_keys::{Content, KeyedPlace},
    events::NewEvent,
    item_events::NewItemEvent,
};
use tokio::sync::mpsc;

/// Rows handed over at a time: ten statements of SQLite.
const ROWS_PER_CHUNK: usize = 10_000;
/// Chunks merged before somebody wants them.
const CHUNKS_AHEAD: usize = 2;

const KEYED_BYTES: usize = 8 + 16 + 8 + 8;
const PLACED_BYTES: usize = 8 + 8 + 8;

/// Keys and items of staged events on their way into their order.
#[derive(Debug)]
pub(crate) struct StagedOrder {
    spool: PathBuf,
    keyed: Sorting<KEYED_BYTES>,
    placed: Sorting<PLACED_BYTES>,
}

impl StagedOrder {
    pub(crate) fn new(spool: PathBuf) -> Result<Self, StoreError> {
        let sorting = Sorting::new(&spool).and_then(|keyed| Ok((keyed, Sorting::new(&spool)?)));
        let (keyed, placed) = sorting.map_err(|source| broken(&spool, source))?;
        Ok(Self { spool, keyed, placed })
    }

    /// Takes events of one source that stand one behind the other in the log.
    pub(crate) fn take_all(&mut self, source: SourceId, first_seq: i64, events: &[NewEvent]) -> Result<(), StoreError> {
        (first_seq..)
            .zip(events)
            .try_for_each(|(seq, event)| self.take(source, seq, event))
            .map_err(|source| broken(&self.spool, source))
    }

    fn take(&mut self, source: SourceId, seq: i64, event: &NewEvent) -> io::Result<()> {
        let (seq, received_at) = (seq.to_be_bytes(), event.received_at.seconds().to_be_bytes());
        let content = event.content.get().to_be_bytes();
        self.keyed.push(record([&source.get().to_be_bytes(), &event.key, &seq, &content]))?;
        self.placed.push(record([&event.item.get().to_be_bytes(), &seq, &received_at]))
    }

    pub(crate) fn finish(self) -> InOrder {
        InOrder { spool: self.spool, keyed: self.keyed.finish(), placed: self.placed.finish() }
    }
}

/// The same once all of them are known.
#[derive(Clone, Debug)]
pub(crate) struct InOrder {
    spool: PathBuf,
    keyed: Sorted<KEYED_BYTES>,
    placed: Sorted<PLACED_BYTES>,
}

impl InOrder {
    /// By key; of two under one key the earlier comes first.
    pub(crate) fn keyed(&self) -> Chunks<KeyedPlace> {
        self.chunks(&self.keyed, |record| {
            let (source, rest) = number(record)?;
            let (key, rest) = rest.split_first_chunk()?;
            let (seq, rest) = number(rest)?;
            let (content, _) = number(rest)?;
            Some((SourceId::from_row(source), *key, EventSeq::from_row(seq), Content::from_row(content)))
        })
    }

    /// By item and place, with the moment each was received at.
    pub(crate) fn placed(&self) -> Chunks<NewItemEvent> {
        self.chunks(&self.placed, |record| {
            let (item, rest) = number(record)?;
            let (seq, rest) = number(rest)?;
            let (received_at, _) = number(rest)?;
            Some((ItemKey::from_row(item), EventSeq::from_row(seq), Timestamp::from_seconds(received_at)))
        })
    }

    /// Merges on a thread of its own, while the database writes what came before.
    fn chunks<const N: usize, T: Send + 'static>(&self, sorted: &Sorted<N>, read: fn(&[u8]) -> Option<T>) -> Chunks<T> {
        let (sender, receiver) = mpsc::channel(CHUNKS_AHEAD);
        let spool = self.spool.clone();
        let row = move |record: io::Result<[u8; N]>| {
            let record = record.map_err(|source| broken(&spool, source))?;
            read(&record).ok_or_else(|| StoreError::damaged("a record of the spool"))
        };
        let mut rows = sorted.merged().map(row);
        // Ends by itself when the receiver is gone.
        drop(tokio::task::spawn_blocking(move || {
            loop {
                let chunk: Result<Vec<T>, StoreError> = rows.by_ref().take(ROWS_PER_CHUNK).collect();
                let is_last = !matches!(&chunk, Ok(rows) if rows.len() == ROWS_PER_CHUNK);
                if sender.blocking_send(chunk).is_err() || is_last {
                    return;
                }
            }
        }));
        Chunks { receiver, left: sorted.len() }
    }
}

/// Rows in their order, some at a time.
#[derive(Debug)]
pub(crate) struct Chunks<T> {
    receiver: mpsc::Receiver<Result<Vec<T>, StoreError>>,
    /// Rows that are still to come: where they do not, the thread that merges has ended too early.
    left: usize,
}

impl<T> Chunks<T> {
    /// The next rows; `None` behind the last.
    pub(crate) async fn next(&mut self) -> Result<Option<Vec<T>>, StoreError> {
        match self.receiver.recv().await.transpose()? {
            Some(rows) if !rows.is_empty() => {
                self.left = self.left.saturating_sub(rows.len());
                Ok(Some(rows))
            }
            _ if self.left > 0 => Err(StoreError::Stopped),
            _ => Ok(None),
        }
    }
}

fn broken(spool: &Path, source: io::Error) -> StoreError {
    if source.kind() == io::ErrorKind::StorageFull {
        return StoreError::Full;
    }
    StoreError::Directory { path: spool.to_owned(), source }
}

/// Fields of a fixed length, one behind the other: as bytes they stand in the order of the fields.
fn record<const N: usize, const FIELDS: usize>(fields: [&[u8]; FIELDS]) -> [u8; N] {
    let mut record = [0; N];
    let bytes = fields.into_iter().flatten();
    record.iter_mut().zip(bytes).for_each(|(place, byte)| *place = *byte);
    record
}

/// The number a record begins with, and what is behind it.
fn number(record: &[u8]) -> Option<(i64, &[u8])> {
    let (bytes, rest) = record.split_first_chunk()?;
    Some((i64::from_be_bytes(*bytes), rest))
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::{event::Certainty, event_name::EventName};
    use std::collections::BTreeSet;

    #[tokio::test]
    async fn keys_and_items_come_in_their_orders_and_each_event_once_in_both() {
        const EVENTS: i64 = 250_000;
        let mut number = [0; 8];
        getrandom::fill(&mut number).unwrap();
        let spool = std::env::temp_dir().join(format!("wallclock-order-{:016x}", u64::from_be_bytes(number)));
        let mut order = StagedOrder::new(spool.clone()).unwrap();
        for seq in 1..=EVENTS {
            let event = NewEvent {
                line: 0,
                key: (u128::MAX - u128::from(seq.unsigned_abs())).to_be_bytes(),
                item: ItemKey::from_row(seq * 7 % 1_000),
                name: EventName::Detected,
                at: Timestamp::from_seconds(0),
                at_latest: None,
                received_at: Timestamp::from_seconds(-seq),
                certainty: Certainty::Observed,
                content: Content::from_row(-seq),
                body: "".into(),
                counted: None,
            };
            order.take_all(SourceId::from_row(2 - seq % 2), seq, std::slice::from_ref(&event)).unwrap();
        }
        let in_order = order.finish();
        let (mut keyed, mut chunks) = (Vec::new(), in_order.keyed());
        while let Some(rows) = chunks.next().await.unwrap() {
            keyed.extend(rows);
        }
        let (mut placed, mut chunks) = (Vec::new(), in_order.placed());
        while let Some(rows) = chunks.next().await.unwrap() {
            placed.extend(rows);
        }
        assert!(keyed.is_sorted() && placed.is_sorted());
        let all: BTreeSet<i64> = keyed.iter().map(|(_, _, seq, _)| seq.get()).collect();
        assert!(keyed.iter().all(|(_, _, seq, content)| content.get() == -seq.get()));
        assert!(all.iter().copied().eq(1..=EVENTS) && keyed.len() == all.len());
        let all: BTreeSet<(i64, i64)> = placed.iter().map(|row| (row.1.get(), -row.2.seconds())).collect();
        assert!(all.iter().copied().eq((1..=EVENTS).map(|seq| (seq, seq))) && placed.len() == all.len());
        std::fs::remove_dir(spool).unwrap();
    }
}
