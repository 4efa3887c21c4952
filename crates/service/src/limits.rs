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
/// Bytes of an uploaded file or stream.
pub const IMPORT_BYTES_MAX: u64 = 10 << 30;
/// Lines of a file that make one batch.
pub(crate) const IMPORT_PIECE_LINES: usize = 10_000;
/// Bytes after which a batch of a file ends early, so that long lines stay within the memory of an import.
pub(crate) const IMPORT_PIECE_BYTES: usize = 8 << 20;
/// Held lines named in the summary of an import.
pub(crate) const IMPORT_REASONS_SHOWN: usize = 10;
