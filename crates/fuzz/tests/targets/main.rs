//! Does any reader of outside bytes panic, lose something or grow without end?
#![expect(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test may fail loudly")]

mod feed;
mod foreign;
mod packed;
mod readers;
mod register;
mod sign_in;
mod stored;
mod words;

/// Whatever comes in, no more than this goes out.
const OUTPUT_BYTES_MAX: usize = 64 << 20;

/// Text as a handler gets it: what is no text never reaches one.
fn text(input: &[u8]) -> Option<&str> {
    str::from_utf8(input).ok()
}
