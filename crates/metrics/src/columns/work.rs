//! How is a scan shared among threads? In parts of equal size, each part to one thread, the answers in the order of the
//! parts; so how many threads there are shows in nothing but the time.

use std::{num::NonZeroUsize, ops::Range};

/// Rows of one part: few enough to stay in the cache of a core, many enough that handing them out costs nothing.
const PART_ROWS: usize = 65_536;

/// How many threads may work, and on how much at a time. The caller decides: a browser has one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Work {
    threads: NonZeroUsize,
    part_rows: NonZeroUsize,
}

impl Default for Work {
    /// One thread.
    fn default() -> Self {
        Self::on(NonZeroUsize::MIN)
    }
}

impl Work {
    /// So many threads.
    #[must_use]
    pub fn on(threads: NonZeroUsize) -> Self {
        Self { threads, part_rows: NonZeroUsize::new(PART_ROWS).unwrap_or(NonZeroUsize::MIN) }
    }

    /// The same in parts of another size.
    #[must_use]
    pub const fn in_parts_of(self, part_rows: NonZeroUsize) -> Self {
        Self { part_rows, ..self }
    }

    /// Rows of one part.
    pub(crate) const fn part_rows(self) -> usize {
        self.part_rows.get()
    }

    /// Does the same to each part; the answers come in the order of the parts.
    pub(crate) fn over<T: Send>(self, parts: &[Range<usize>], each: impl Fn(Range<usize>) -> T + Sync) -> Vec<T> {
        let share = parts.len().div_ceil(self.threads.get()).max(1);
        let on_one = |parts: &[Range<usize>]| parts.iter().cloned().map(&each).collect::<Vec<T>>();
        if parts.len() <= share {
            return on_one(parts);
        }
        std::thread::scope(|scope| {
            let others: Vec<_> = parts.chunks(share).skip(1).map(|own| scope.spawn(|| on_one(own))).collect();
            let mut answers = on_one(parts.get(..share).unwrap_or_default());
            for other in others {
                match other.join() {
                    Ok(more) => answers.extend(more),
                    Err(panic) => std::panic::resume_unwind(panic),
                }
            }
            answers
        })
    }

    /// Two things at the same time where there are two threads.
    pub(crate) fn both<A: Send, B>(self, one: impl FnOnce() -> A + Send, other: impl FnOnce() -> B) -> (A, B) {
        if self.threads.get() == 1 {
            return (one(), other());
        }
        std::thread::scope(|scope| {
            let first = scope.spawn(one);
            let second = other();
            match first.join() {
                Ok(first) => (first, second),
                Err(panic) => std::panic::resume_unwind(panic),
            }
        })
    }
}
