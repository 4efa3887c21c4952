//! What can go wrong in the database, told apart by what the caller has to do about it.

use std::path::PathBuf;

/// Why the store could not do it. Texts are for the log, never for a reader of a page.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// Another process holds the data directory.
    #[error("another process uses the data directory `{}`; stop it or talk to it with --server", .0.display())]
    Locked(PathBuf),
    /// The data directory cannot be used.
    #[error("cannot use the data directory `{}`: {source}", path.display())]
    Directory {
        /// The directory.
        path: PathBuf,
        /// What the system said.
        #[source]
        source: std::io::Error,
    },
    /// The database would not keep what it acknowledges, so starting is refused.
    #[error("{0}")]
    Unsafe(String),
    /// The database was written by a newer version of the program.
    #[error("the database has migration {0}, which this version does not know; use a newer version")]
    SchemaNewer(i64),
    /// An applied migration was changed afterwards, or one failed.
    #[error("migrating the database: {0}")]
    Migration(#[source] sqlx::migrate::MigrateError),
    /// No connection, or no lock, in time: try again later.
    #[error("the database is busy")]
    Busy,
    /// The statement took longer than it may, or kept others from their work, and was stopped.
    #[error("the database took too long")]
    TookTooLong,
    /// The database cannot be reached.
    #[error("the database cannot be reached: {0}")]
    Away(#[source] sqlx::Error),
    /// The disk is full: nothing was written, reading goes on.
    #[error("the disk is full")]
    Full,
    /// The disk failed. Never retried: after a failed flush the system may drop the page and report success.
    #[error("the disk failed: {0}")]
    Disk(#[source] sqlx::Error),
    /// A named constraint refused the row.
    #[error("constraint `{0}`")]
    Constraint(String),
    /// A stored row cannot be what this program wrote.
    #[error("a stored row is damaged: {0}")]
    Damaged(String),
    /// Database work ended without an answer (it panicked, or the process stops).
    #[error("database work ended without an answer")]
    Stopped,
    /// Anything else.
    #[error("database: {0}")]
    Broken(#[source] sqlx::Error),
}

impl StoreError {
    /// A damaged row, named by what was read.
    #[must_use]
    pub fn damaged(what: impl Into<String>) -> Self {
        Self::Damaged(what.into())
    }

    /// Whether writing must stop for good (SQLite: I/O error, corruption, not a database).
    #[must_use]
    pub const fn is_fatal(&self) -> bool {
        matches!(self, Self::Disk(_))
    }

    fn of_database(error: sqlx::Error) -> Self {
        let Some(database) = error.as_database_error() else {
            return Self::Broken(error);
        };
        if let Some(name) = constraint_name(database) {
            return Self::Constraint(name);
        }
        let code = database.code().map(|code| code.into_owned()).unwrap_or_default();
        match code.as_str() {
            // PostgreSQL: lock not available, deadlock, too many connections.
            "55P03" | "40P01" | "40001" | "53300" => Self::Busy,
            "57014" => Self::TookTooLong,
            "53100" => Self::Full,
            "58030" | "XX001" | "XX002" => Self::Disk(error),
            "57P01" | "57P02" | "57P03" => Self::Away(error),
            // SQLite, primary code in the low byte.
            number => match number.parse::<u32>().map(|number| number & 0xff) {
                Ok(5 | 6) => Self::Busy,
                Ok(9) => Self::TookTooLong,
                Ok(13) => Self::Full,
                Ok(10 | 11 | 26) => Self::Disk(error),
                _ => Self::Broken(error),
            },
        }
    }
}

/// The constraint's name; SQLite names the columns instead (`UNIQUE constraint failed: people.org_id, people.email`).
fn constraint_name(error: &dyn sqlx::error::DatabaseError) -> Option<String> {
    if let Some(name) = error.constraint() {
        return Some(name.to_owned());
    }
    error.message().split_once("constraint failed: ").map(|(_, what)| what.to_owned())
}

impl From<sqlx::Error> for StoreError {
    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "a foreign list that grows: whatever is not told apart is broken"
    )]
    fn from(error: sqlx::Error) -> Self {
        match error {
            sqlx::Error::Database(_) => Self::of_database(error),
            sqlx::Error::PoolTimedOut => Self::Busy,
            sqlx::Error::Io(_) | sqlx::Error::PoolClosed | sqlx::Error::Tls(_) => Self::Away(error),
            sqlx::Error::Configuration(what) => Self::Unsafe(what.to_string()),
            other => Self::Broken(other),
        }
    }
}

impl From<sqlx::migrate::MigrateError> for StoreError {
    fn from(error: sqlx::migrate::MigrateError) -> Self {
        if let sqlx::migrate::MigrateError::VersionMissing(version) = error {
            return Self::SchemaNewer(version);
        }
        Self::Migration(error)
    }
}
