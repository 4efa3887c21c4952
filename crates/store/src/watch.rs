//! Which readers hold SQLite, for how long already, and which of them must let go?
//!
//! A reader keeps the log file from being moved into the database for as long as it reads. SQLite asks a handler every
//! few steps whether to go on; the handler looks here.

use std::{
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

/// Steps of SQLite's machine between two questions: some microseconds.
pub(crate) const STEPS_PER_QUESTION: i32 = 100;

/// All readers that are lent.
#[derive(Debug, Default)]
pub(crate) struct Readers(Mutex<Vec<Arc<Watch>>>);

/// One reader, as its handler sees it.
#[derive(Debug)]
pub(crate) struct Watch {
    lent_at: Instant,
    hold: Hold,
    limit: Option<Duration>,
    /// Milliseconds after `lent_at` at which its present hold began.
    held_since: AtomicU64,
    cut: AtomicBool,
    is_over: AtomicBool,
}

/// What a reader holds on to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Hold {
    /// One statement at a time.
    Statement,
    /// One moment, over all its statements.
    Snapshot,
}

/// A reader's place in the list, given back on drop.
#[derive(Debug)]
pub(crate) struct Lease(Arc<Watch>);

impl Readers {
    pub(crate) fn lend(&self, hold: Hold, limit: Option<Duration>) -> Lease {
        let watch = Arc::new(Watch {
            lent_at: Instant::now(),
            hold,
            limit,
            held_since: AtomicU64::new(0),
            cut: AtomicBool::new(false),
            is_over: AtomicBool::new(false),
        });
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.retain(|one| !one.is_over.load(Ordering::Acquire));
        all.push(watch.clone());
        Lease(watch)
    }

    /// Tells the reader that has held on the longest to let go; how long that was, or `None` when there is nobody.
    pub(crate) fn cut_oldest(&self) -> Option<Duration> {
        let all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let holding = all.iter().filter(|one| !one.is_over.load(Ordering::Acquire) && !one.cut.load(Ordering::Acquire));
        let oldest = holding.max_by_key(|one| one.held_for())?;
        oldest.cut.store(true, Ordering::Release);
        Some(oldest.held_for())
    }
}

impl Watch {
    fn elapsed(&self) -> u64 {
        u64::try_from(self.lent_at.elapsed().as_millis()).unwrap_or(u64::MAX)
    }

    fn held_for(&self) -> Duration {
        let since = match self.hold {
            Hold::Statement => self.held_since.load(Ordering::Acquire),
            Hold::Snapshot => 0,
        };
        Duration::from_millis(self.elapsed().saturating_sub(since))
    }

    /// The answer to SQLite's question.
    pub(crate) fn may_go_on(&self) -> bool {
        let statement = self.elapsed().saturating_sub(self.held_since.load(Ordering::Acquire));
        let in_time = self.limit.is_none_or(|limit| Duration::from_millis(statement) < limit);
        // A connection keeps its handler until it is lent again; what happens in between is nobody's statement.
        self.is_over.load(Ordering::Acquire) || (in_time && !self.cut.load(Ordering::Acquire))
    }
}

impl Lease {
    pub(crate) fn watch(&self) -> Arc<Watch> {
        self.0.clone()
    }

    /// The next statement has the whole time again. Between two statements a plain reader holds nothing, so whoever was
    /// told to let go in between has done so; a snapshot has not.
    pub(crate) fn next_statement(&self) {
        self.0.held_since.store(self.0.elapsed(), Ordering::Release);
        if self.0.hold == Hold::Statement {
            self.0.cut.store(false, Ordering::Release);
        }
    }
}

impl Drop for Lease {
    fn drop(&mut self) {
        self.0.is_over.store(true, Ordering::Release);
    }
}

#[cfg(test)]
mod tests {
    use super::{Duration, Hold, Readers};

    #[test]
    fn the_one_that_holds_on_longest_is_cut_and_the_others_are_not() {
        let readers = Readers::default();
        let gone = readers.lend(Hold::Snapshot, None);
        std::thread::sleep(Duration::from_millis(2));
        let oldest = readers.lend(Hold::Snapshot, None);
        std::thread::sleep(Duration::from_millis(2));
        let younger = readers.lend(Hold::Statement, None);
        drop(gone);
        assert!(readers.cut_oldest().is_some());
        assert!(!oldest.watch().may_go_on() && younger.watch().may_go_on());
        oldest.next_statement();
        assert!(!oldest.watch().may_go_on(), "a snapshot still holds what it held");
        assert!(readers.cut_oldest().is_some() && !younger.watch().may_go_on());
        assert_eq!(readers.cut_oldest(), None);
        younger.next_statement();
        assert!(younger.watch().may_go_on());
    }

    #[test]
    fn each_statement_has_its_time() {
        let readers = Readers::default();
        let reader = readers.lend(Hold::Statement, Some(Duration::from_millis(20)));
        assert!(reader.watch().may_go_on());
        std::thread::sleep(Duration::from_millis(25));
        assert!(!reader.watch().may_go_on());
        reader.next_statement();
        assert!(reader.watch().may_go_on());
    }
}
