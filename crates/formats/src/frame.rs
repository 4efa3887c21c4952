//! Where does a record stand in its file, and what are its bytes?

use std::fmt;

/// A record is at most this long.
pub const RECORD_BYTES_MAX: usize = 1 << 20;

/// Of a longer record this much is kept.
pub const KEPT_BYTES_MAX: usize = 64 * 1024;

/// The place of a record in its file or body.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// The line it begins on, counted from 1.
    pub line: u64,
    /// The byte it begins at, counted from 0.
    pub byte: u64,
}

impl Place {
    /// The place this many lines and bytes further on.
    #[expect(clippy::arithmetic_side_effects, reason = "no input has 2^64 bytes")]
    pub(crate) const fn after(self, lines: u64, bytes: u64) -> Self {
        Self { line: self.line + lines, byte: self.byte + bytes }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "line {}", self.line)
    }
}

/// The bytes of one record, not yet understood.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Frame {
    /// Where it stands.
    pub place: Place,
    /// Its bytes, without the line end; of a record that is too long the first [`KEPT_BYTES_MAX`].
    pub raw: Vec<u8>,
    /// Whether these bytes can be a record at all.
    pub state: FrameState,
}

/// Whether the bytes of a frame can be a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FrameState {
    /// All of it is there.
    Whole,
    /// It was longer than [`RECORD_BYTES_MAX`]: this many bytes.
    TooLong(u64),
    /// A quote in it never closes; reading goes on at the next line.
    UnclosedQuote,
}

impl Frame {
    pub(crate) const fn whole(place: Place, raw: Vec<u8>) -> Self {
        Self { place, raw, state: FrameState::Whole }
    }

    /// Keeps the beginning of a record of `length` bytes.
    pub(crate) fn too_long(place: Place, mut raw: Vec<u8>, length: u64) -> Self {
        raw.truncate(KEPT_BYTES_MAX);
        raw.shrink_to_fit();
        Self { place, raw, state: FrameState::TooLong(length) }
    }
}
