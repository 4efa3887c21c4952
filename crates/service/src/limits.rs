//! How much is too much, in one place.

use std::time::Duration;

/// Requests that may wait for the writer.
pub(crate) const QUEUE_REQUESTS_MAX: usize = 1_024;
/// Kibibytes of raw lines that may wait for the writer.
pub(crate) const QUEUE_KIB_MAX: usize = 64 * 1_024;
/// Requests committed with one flush.
pub(crate) const GROUP_REQUESTS_MAX: usize = 256;
/// Lines committed with one flush.
pub(crate) const GROUP_EVENTS_MAX: usize = 10_000;
/// How long a group waits for more.
pub(crate) const GROUP_WAIT: Duration = Duration::from_millis(5);
/// Events in one request.
pub const EVENTS_PER_REQUEST_MAX: usize = 10_000;
/// Characters of an idempotency key.
pub const IDEMPOTENCY_KEY_CHARS_MAX: usize = 128;
/// Lines named in the refusal of a request that is taken whole or not at all.
pub(crate) const REFUSED_LINES_SHOWN: usize = 100;
/// Bytes of an uploaded file or stream.
pub const IMPORT_BYTES_MAX: u64 = 10 << 30;
/// Lines of a file that make one batch.
pub(crate) const IMPORT_PIECE_LINES: usize = 16_000;
/// A batch of a file ends where its content says, once it has so many lines: the same lines then make the same batches.
pub(crate) const IMPORT_PIECE_LINES_MIN: usize = 4_096;
/// Bytes after which a batch of a file ends early, so that long lines stay within the memory of an import.
pub(crate) const IMPORT_PIECE_BYTES: usize = 6 << 20;
/// So long the file of an import waits for a person: a decision may take a weekend and a colleague.
pub const HELD_IMPORT_SECONDS: i64 = 7 * 24 * 3_600;
/// Imports of one organisation that wait for a person at a time, each with its file.
pub(crate) const HELD_IMPORTS_MAX: usize = 20;
/// How much the log takes before it holds back or refuses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct IngestLimits {
    /// Lines of an organisation that may wait in quarantine.
    pub held_lines_max: u64,
    /// The bytes kept of them.
    pub held_bytes_max: u64,
    /// An item with more events is named in the receipt: every one of them is folded again with the next.
    pub item_events_warn: u64,
    /// Further events of an item with so many are held.
    pub item_events_max: u64,
}

impl Default for IngestLimits {
    fn default() -> Self {
        Self { held_lines_max: 1_000_000, held_bytes_max: 1 << 30, item_events_warn: 5_000, item_events_max: 100_000 }
    }
}

/// Held lines named in the summary of an import.
pub(crate) const IMPORT_REASONS_SHOWN: usize = 10;
