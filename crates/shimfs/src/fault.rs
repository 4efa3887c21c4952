//! Which call fails, and how?

use libsqlite3_sys as sys;
use std::ffi::c_int;

/// What the disk says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FaultKind {
    /// An I/O error, of a write, a flush or a truncation.
    Io,
    /// No room left, of a write. A flush never says that.
    Full,
}

/// How long it goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lasting {
    /// One call fails, and the next ones succeed, as after a flush whose pages the system dropped.
    Once,
    /// Every call fails until it is mended.
    UntilMended,
}

/// The n-th call from now on fails.
#[derive(Clone, Copy, Debug)]
pub struct Fault {
    kind: FaultKind,
    lasting: Lasting,
    /// Calls until it strikes; none left means that it has.
    left: u64,
}

/// A call that changes something on the disk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Call {
    Write,
    Flush,
    Truncate,
}

impl Fault {
    /// Fails the `nth` call that can fail this way, counted from 1.
    #[must_use]
    pub const fn nth(nth: u64, kind: FaultKind, lasting: Lasting) -> Self {
        Self { kind, lasting, left: nth }
    }

    /// Whether a call has failed.
    #[must_use]
    pub const fn has_struck(&self) -> bool {
        self.left == 0
    }

    /// Counts a call; the code it fails with, if it does.
    pub(crate) fn meet(&mut self, call: Call) -> Option<c_int> {
        if self.kind == FaultKind::Full && call != Call::Write {
            return None;
        }
        if self.left == 0 {
            return (self.lasting == Lasting::UntilMended).then(|| self.code(call));
        }
        self.left -= 1;
        (self.left == 0).then(|| self.code(call))
    }

    const fn code(self, call: Call) -> c_int {
        match (self.kind, call) {
            (FaultKind::Full, _) => sys::SQLITE_FULL,
            (FaultKind::Io, Call::Write) => sys::SQLITE_IOERR_WRITE,
            (FaultKind::Io, Call::Flush) => sys::SQLITE_IOERR_FSYNC,
            (FaultKind::Io, Call::Truncate) => sys::SQLITE_IOERR_TRUNCATE,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Call, Fault, FaultKind, Lasting, sys};

    #[test]
    fn the_nth_call_fails_and_the_next_ones_only_if_it_lasts() {
        let mut once = Fault::nth(2, FaultKind::Io, Lasting::Once);
        let answers = [Call::Write, Call::Flush, Call::Write].map(|call| once.meet(call));
        assert_eq!(answers, [None, Some(sys::SQLITE_IOERR_FSYNC), None]);
        let mut full = Fault::nth(1, FaultKind::Full, Lasting::UntilMended);
        assert!(!full.has_struck());
        let answers = [Call::Flush, Call::Write, Call::Write].map(|call| full.meet(call));
        assert_eq!(answers, [None, Some(sys::SQLITE_FULL), Some(sys::SQLITE_FULL)]);
        assert!(full.has_struck());
    }
}
