//! Which database holds the log, and how work reaches it: pools, connections, transactions, and `run`.

use crate::{
    checkpoint::{self, Mover},
    disk, durability,
    error::StoreError,
    lend::{self, Flush, ImportHold, Reader, Tx},
    limits::StoreLimits,
    migrate,
    watch::{Hold, Readers},
};
use sqlx::{PgConnection, PgPool, SqliteConnection, SqlitePool};
use std::{
    future::Future,
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

/// Where the data lives.
#[derive(Clone, Debug)]
pub enum Database {
    /// SQLite in this data directory; nothing to install.
    Sqlite(PathBuf),
    /// PostgreSQL 15 or newer under this address.
    Postgres(String),
}

impl Database {
    /// The database of a `--database-url` (or none: SQLite in the data directory).
    ///
    /// # Errors
    /// [`StoreError::Unsafe`] for an address that is neither.
    pub fn from_url(url: Option<&str>, data_dir: &Path) -> Result<Self, StoreError> {
        match url.filter(|url| !url.is_empty()) {
            None => Ok(Self::Sqlite(data_dir.to_owned())),
            Some(url) if url.starts_with("postgres://") || url.starts_with("postgresql://") => {
                Ok(Self::Postgres(url.to_owned()))
            }
            Some(_) => Err(StoreError::Unsafe(
                "the database url has an unknown scheme, expected `postgres://…`, or none for SQLite".to_owned(),
            )),
        }
    }
}

/// Whether this process may write.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// Takes the lock of the data directory and runs the migrations.
    Write,
    /// Beside a running server: no lock, no migration, every connection refuses to write.
    Read,
    /// Accounts beside a running server: no lock, no migration; short writes that wait for the server's.
    Beside,
}

/// Whether settings that lose acknowledged data are accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Durability {
    /// Refuse to start.
    Required,
    /// For laboratories.
    Waived,
}

/// How to open a store.
#[derive(Clone, Debug)]
pub struct StoreOptions {
    /// Where the data lives.
    pub database: Database,
    /// Whether this process may write.
    pub access: Access,
    /// Whether settings that lose data are accepted.
    pub durability: Durability,
    /// What readers, the log file and the disk may take.
    pub limits: StoreLimits,
    /// The name of the file system SQLite uses; `None` for the system's. Tests name one whose writes fail.
    pub file_system: Option<String>,
}

impl StoreOptions {
    /// For a process that writes and promises durability.
    #[must_use]
    pub fn new(database: Database) -> Self {
        Self {
            database,
            access: Access::Write,
            durability: Durability::Required,
            limits: StoreLimits::default(),
            file_system: None,
        }
    }

    /// For a process that only reads, beside a running one.
    #[must_use]
    pub fn read_only(database: Database) -> Self {
        Self { access: Access::Read, ..Self::new(database) }
    }
}

/// The pools of one database: writing and reading apart, so that neither starves the other.
#[derive(Debug)]
pub(crate) enum Db {
    /// One connection writes, several read.
    Sqlite {
        /// The only connection that writes.
        writer: SqlitePool,
        /// Connections that refuse to write.
        readers: SqlitePool,
        /// What moves the log file into the database while the writer goes on.
        mover: Mover,
    },
    /// Several of each.
    Postgres {
        /// For transactions.
        writers: PgPool,
        /// For questions.
        readers: PgPool,
    },
}

/// A handle to the database; cloning it is cheap.
#[derive(Clone, Debug)]
pub struct Store(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    db: Db,
    access: Access,
    /// Held as long as the store lives; the system lets go of it when the process ends, however it ends.
    lock: Option<durability::DirectoryLock>,
    limits: StoreLimits,
    readers: Readers,
    told: disk::Told,
    /// Whether the disk has failed. After that nothing is written any more: a flush that is tried again may succeed
    /// although the system has dropped what was to be flushed.
    has_failed: AtomicBool,
}

/// A connection that belongs to a reader or to a transaction.
#[derive(Debug)]
pub enum Conn<'c> {
    /// To SQLite.
    Sqlite(&'c mut SqliteConnection),
    /// To PostgreSQL.
    Postgres(&'c mut PgConnection),
}

impl Store {
    /// Opens the database, checks that it keeps what it acknowledges, and migrates it.
    ///
    /// # Errors
    /// [`StoreError::Locked`] when another process holds the data directory, [`StoreError::Unsafe`] when the
    /// database would lose acknowledged data, [`StoreError::SchemaNewer`], or what the database said.
    pub async fn open(options: &StoreOptions) -> Result<Self, StoreError> {
        let (db, lock) = match &options.database {
            Database::Sqlite(directory) => {
                durability::open_sqlite(directory, options.access, options.file_system.as_deref()).await?
            }
            Database::Postgres(url) => (durability::open_postgres(url, options.durability).await?, None),
        };
        let store = Self(Arc::new(Inner {
            db,
            access: options.access,
            lock,
            limits: options.limits,
            readers: Readers::default(),
            told: disk::Told::default(),
            has_failed: AtomicBool::new(false),
        }));
        match options.access {
            Access::Write => migrate::up(store.db()).await?,
            Access::Read | Access::Beside => migrate::check(store.db()).await?,
        }
        Ok(store)
    }

    pub(crate) fn db(&self) -> &Db {
        &self.0.db
    }

    /// Whether this process may write.
    #[must_use]
    pub fn access(&self) -> Access {
        self.0.access
    }

    /// The database's name, for people.
    #[must_use]
    pub fn engine_name(&self) -> &'static str {
        match self.db() {
            Db::Sqlite { .. } => "SQLite",
            Db::Postgres { .. } => "PostgreSQL",
        }
    }

    /// The directory this process has locked, if it has.
    #[must_use]
    pub fn locked_directory(&self) -> Option<&Path> {
        self.0.lock.as_ref().map(durability::DirectoryLock::directory)
    }

    /// A connection for reading, one statement after another; SQLite stops one that takes too long.
    ///
    /// # Errors
    /// [`StoreError::Busy`] when none is free in time.
    pub async fn reader(&self) -> Result<Reader, StoreError> {
        let limit = Some(self.0.limits.statement);
        match self.db() {
            Db::Sqlite { readers, .. } => {
                lend::sqlite_reader(readers, self.0.readers.lend(Hold::Statement, limit)).await
            }
            Db::Postgres { readers, .. } => lend::postgres_reader(readers).await,
        }
    }

    /// A transaction that writes. On SQLite there is one at a time, and this waits for it.
    ///
    /// # Errors
    /// [`StoreError::Busy`] when none is free in time, [`StoreError::Stopped`] once the disk has failed.
    pub async fn begin(&self) -> Result<Tx, StoreError> {
        self.begin_flushing(Flush::AtCommit).await
    }

    /// The same for what nobody has been promised yet: it reaches the disk with the next flushed commit, and what is lost
    /// in a power cut is lost from its end.
    ///
    /// # Errors
    /// As [`Store::begin`].
    pub async fn begin_unflushed(&self) -> Result<Tx, StoreError> {
        self.begin_flushing(Flush::Later).await
    }

    async fn begin_flushing(&self, flush: Flush) -> Result<Tx, StoreError> {
        if self.has_failed() {
            return Err(StoreError::Stopped);
        }
        match self.db() {
            Db::Sqlite { writer, .. } => lend::sqlite_writer(writer, self, flush).await,
            Db::Postgres { writers, .. } => lend::postgres_writer(writers, self, flush).await,
        }
    }

    /// A transaction that reads: everything in it is of one moment, while others go on writing. Each of its statements
    /// has its time, as a reader's has.
    ///
    /// # Errors
    /// [`StoreError::Busy`] when no connection is free in time.
    pub async fn snapshot(&self) -> Result<Tx, StoreError> {
        self.snapshot_within(Some(self.0.limits.statement)).await
    }

    /// A snapshot for a check of everything, whose statements may take as long as they need on SQLite. It too is cut
    /// before the log file grows beyond its limit.
    ///
    /// # Errors
    /// [`StoreError::Busy`] when no connection is free in time.
    pub async fn unhurried_snapshot(&self) -> Result<Tx, StoreError> {
        self.snapshot_within(None).await
    }

    async fn snapshot_within(&self, limit: Option<std::time::Duration>) -> Result<Tx, StoreError> {
        match self.db() {
            Db::Sqlite { readers, .. } => {
                lend::sqlite_snapshot(readers, self.0.readers.lend(Hold::Snapshot, limit), self).await
            }
            Db::Postgres { readers, .. } => lend::postgres_snapshot(readers, self).await,
        }
    }

    /// What can hold an import for as long as it lives, so that other processes can tell that it is under way. On SQLite no
    /// other process writes. Asked for before a transaction begins: whoever holds one connection must not wait for another.
    ///
    /// # Errors
    /// [`StoreError::Busy`] when no connection is free in time.
    pub async fn import_hold(&self) -> Result<ImportHold, StoreError> {
        match self.db() {
            Db::Sqlite { .. } => Ok(ImportHold::default()),
            Db::Postgres { writers, .. } => lend::import_hold(writers).await,
        }
    }

    /// Moves what SQLite's log file holds into the database file, when it has grown; nothing on PostgreSQL. A reader
    /// that keeps the file from being moved is cut before the file grows beyond its limit.
    ///
    /// # Errors
    /// Any [`StoreError`].
    pub async fn checkpoint_when_due(&self) -> Result<(), StoreError> {
        let Db::Sqlite { writer, mover, .. } = self.db() else {
            return Ok(());
        };
        let moved = checkpoint::when_due((writer, mover), &self.0.readers, &self.0.limits).await;
        moved.inspect_err(|error| self.note(error))
    }

    /// Refuses to take more in when the disk of the data directory is nearly full. What is small goes on: people sign
    /// in, and the operator makes room. PostgreSQL's disk is elsewhere.
    ///
    /// # Errors
    /// [`StoreError::Full`].
    pub fn refuse_without_room(&self) -> Result<(), StoreError> {
        match self.locked_directory() {
            Some(directory) => disk::check(directory, &self.0.limits, &self.0.told),
            None => Ok(()),
        }
    }

    /// Notes an error of database work: one of the disk ends all writing.
    pub fn note(&self, error: &StoreError) {
        if error.is_fatal() && !self.0.has_failed.swap(true, Ordering::AcqRel) {
            tracing::error!(event = "disk_failed", %error, "the disk failed; nothing is written any more");
        }
    }

    /// Whether the disk has failed and writing has ended for good.
    #[must_use]
    pub fn has_failed(&self) -> bool {
        self.0.has_failed.load(Ordering::Acquire)
    }

    /// Closes all connections after the work on them has ended.
    pub async fn close(&self) {
        match self.db() {
            Db::Sqlite { writer, readers, mover } => {
                readers.close().await;
                mover.close().await;
                writer.close().await;
            }
            Db::Postgres { writers, readers } => {
                readers.close().await;
                writers.close().await;
            }
        }
    }
}

/// Runs database work to its end even when the caller goes away.
///
/// A future that is dropped while `begin` travels loses acknowledged writes on PostgreSQL (the connection returns
/// to the pool inside a transaction nobody knows of), so the work is spawned: dropping the caller does not abort it.
///
/// # Errors
/// What the work returns, or [`StoreError::Stopped`] when it panicked.
pub async fn run<T, E>(work: impl Future<Output = Result<T, E>> + Send + 'static) -> Result<T, E>
where
    T: Send + 'static,
    E: From<StoreError> + Send + 'static,
{
    tokio::spawn(work).await.unwrap_or_else(|_| Err(E::from(StoreError::Stopped)))
}

/// What the database's own check finds wrong with its files; nothing on PostgreSQL, which checks pages as it reads.
///
/// # Errors
/// Any [`StoreError`].
pub async fn integrity_faults(conn: &mut Conn<'_>) -> Result<Vec<String>, StoreError> {
    let Conn::Sqlite(connection) = conn else {
        return Ok(Vec::new());
    };
    let faults: Vec<String> = sqlx::query_scalar("pragma integrity_check(100)").fetch_all(&mut **connection).await?;
    Ok(faults.into_iter().filter(|fault| fault != "ok").collect())
}
