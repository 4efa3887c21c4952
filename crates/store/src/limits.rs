//! How much may readers, the log file of SQLite and the disk take before somebody is refused?

use std::time::Duration;

const MIB: u64 = 1024 * 1024;

/// Limits of a database. Tests lower them; the product takes the default.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StoreLimits {
    /// How long one statement of a reader of SQLite may take. PostgreSQL has its own `statement_timeout`.
    pub statement: Duration,
    /// How much of SQLite's log file may wait after a commit before it is moved into the database file.
    pub checkpoint_bytes: u64,
    /// The length above which the log file is also cut to nothing, once all of it is moved.
    pub truncate_bytes: u64,
    /// The length the log file stays below: a reader that keeps it from being moved is cut before.
    pub log_file_bytes_max: u64,
    /// Free disk below which nothing more is taken in.
    pub disk_bytes_free_min: u64,
    /// Free disk below which the log says so.
    pub disk_bytes_free_warned: u64,
}

impl Default for StoreLimits {
    fn default() -> Self {
        Self {
            statement: Duration::from_secs(10),
            checkpoint_bytes: 16 * MIB,
            truncate_bytes: 64 * MIB,
            log_file_bytes_max: 256 * MIB,
            disk_bytes_free_min: 512 * MIB,
            disk_bytes_free_warned: 2_048 * MIB,
        }
    }
}

impl StoreLimits {
    /// What the log file may hold before the writer waits until all of it is moved, so that it begins anew and need not be cut.
    pub(crate) const fn restart_bytes(&self) -> u64 {
        self.truncate_bytes - self.truncate_bytes / 4
    }

    /// Readers are cut a quarter early: what is committed meanwhile needs room too.
    pub(crate) const fn cut_bytes(&self) -> u64 {
        self.log_file_bytes_max - self.log_file_bytes_max / 4
    }
}
