//! A file system for SQLite that remembers what was written and what was flushed, and that fails when it is told to.
//! Tests alone use it: they cut the power at any step, rebuild the files as they would be then, and count what is lost.
//!
//! All calls go through to the real file system, so that locks and the shared index of the write-ahead log work as ever.
#![deny(missing_docs)]

mod fault;
mod recording;
mod vfs;

pub use fault::{Fault, FaultKind, Lasting};
pub use recording::{Recording, Unflushed};

use std::{
    path::Path,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

/// A file system that SQLite knows by a name of its own. It stays registered until the process ends.
#[derive(Clone, Debug)]
pub struct ShimFs {
    name: String,
    state: Arc<Mutex<State>>,
}

/// What the C functions see.
#[derive(Debug, Default)]
pub(crate) struct State {
    pub(crate) recording: Recording,
    pub(crate) fault: Option<Fault>,
}

impl ShimFs {
    /// Registers a file system under a name that no other has.
    ///
    /// # Panics
    /// When SQLite refuses: a test cannot go on then.
    #[must_use]
    pub fn register(name: &str) -> Self {
        let state = Arc::new(Mutex::new(State::default()));
        vfs::register(name, state.clone());
        Self { name: name.to_owned(), state }
    }

    /// The name to open a database with.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// How many steps have been recorded; a power cut happens after one of them.
    #[must_use]
    pub fn steps(&self) -> usize {
        self.lock().recording.len()
    }

    /// Everything that was recorded so far.
    #[must_use]
    pub fn recording(&self) -> Recording {
        self.lock().recording.clone()
    }

    /// From now on calls are counted, and the one that the fault names fails.
    pub fn fail(&self, fault: Fault) {
        self.lock().fault = Some(fault);
    }

    /// Nothing fails any more; says whether something had.
    pub fn mend(&self) -> bool {
        self.lock().fault.take().is_some_and(|fault| fault.has_struck())
    }

    /// Whether the fault has struck.
    #[must_use]
    pub fn has_failed(&self) -> bool {
        self.lock().fault.is_some_and(|fault| fault.has_struck())
    }

    /// Takes the files of a folder as they are now for flushed: what stood there before anything was recorded.
    ///
    /// # Errors
    /// What the system says of the folder.
    pub fn begin_with(&self, folder: &Path) -> std::io::Result<()> {
        let recording = Recording::of_folder(folder)?;
        self.lock().recording = recording;
        Ok(())
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        lock(&self.state)
    }
}

/// A test that failed while it held the lock should not hide behind a poisoned one.
pub(crate) fn lock(state: &Mutex<State>) -> MutexGuard<'_, State> {
    state.lock().unwrap_or_else(PoisonError::into_inner)
}
