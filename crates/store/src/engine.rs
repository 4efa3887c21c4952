//! Which database holds the log, and how work reaches it: pools, connections, transactions, and `run`.

use crate::{durability, error::StoreError, migrate};
use sqlx::{PgConnection, PgPool, Postgres, Sqlite, SqliteConnection, SqlitePool, Transaction, pool::PoolConnection};
use std::{
    future::Future,
    path::{Path, PathBuf},
    sync::Arc,
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
}

impl StoreOptions {
    /// For a process that writes and promises durability.
    #[must_use]
    pub const fn new(database: Database) -> Self {
        Self { database, access: Access::Write, durability: Durability::Required }
    }

    /// For a process that only reads, beside a running one.
    #[must_use]
    pub const fn read_only(database: Database) -> Self {
        Self { database, access: Access::Read, durability: Durability::Required }
    }
}

/// The pools of one database: writing and reading apart, so that neither starves the other.
#[derive(Debug)]
pub enum Db {
    /// One connection writes, several read.
    Sqlite {
        /// The only connection that writes.
        writer: SqlitePool,
        /// Connections that refuse to write.
        readers: SqlitePool,
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
}

/// A connection that belongs to a reader or to a transaction.
#[derive(Debug)]
pub enum Conn<'c> {
    /// To SQLite.
    Sqlite(&'c mut SqliteConnection),
    /// To PostgreSQL.
    Postgres(&'c mut PgConnection),
}

/// A connection lent for reading.
#[derive(Debug)]
pub enum Reader {
    /// From SQLite's readers.
    Sqlite(PoolConnection<Sqlite>),
    /// From PostgreSQL's readers.
    Postgres(PoolConnection<Postgres>),
}

impl Reader {
    /// The connection, for one statement after another.
    pub fn conn(&mut self) -> Conn<'_> {
        match self {
            Self::Sqlite(connection) => Conn::Sqlite(connection),
            Self::Postgres(connection) => Conn::Postgres(connection),
        }
    }
}

/// A transaction that writes. Dropped without [`Tx::commit`], it is rolled back.
#[derive(Debug)]
pub enum Tx {
    /// `begin immediate` on the only writing connection.
    Sqlite(Transaction<'static, Sqlite>),
    /// A read-committed transaction.
    Postgres(Transaction<'static, Postgres>),
}

impl Tx {
    /// The connection inside the transaction.
    pub fn conn(&mut self) -> Conn<'_> {
        match self {
            Self::Sqlite(transaction) => Conn::Sqlite(&mut *transaction),
            Self::Postgres(transaction) => Conn::Postgres(&mut *transaction),
        }
    }

    /// Makes it durable; once this returns `Ok`, the writes survive a power cut.
    ///
    /// # Errors
    /// Any [`StoreError`]; nothing was written then, or nobody can tell (the connection broke).
    pub async fn commit(self) -> Result<(), StoreError> {
        match self {
            Self::Sqlite(transaction) => transaction.commit().await?,
            Self::Postgres(transaction) => transaction.commit().await?,
        }
        Ok(())
    }

    /// Undoes everything since it began.
    ///
    /// # Errors
    /// Any [`StoreError`].
    pub async fn rollback(self) -> Result<(), StoreError> {
        match self {
            Self::Sqlite(transaction) => transaction.rollback().await?,
            Self::Postgres(transaction) => transaction.rollback().await?,
        }
        Ok(())
    }
}

impl Store {
    /// Opens the database, checks that it keeps what it acknowledges, and migrates it.
    ///
    /// # Errors
    /// [`StoreError::Locked`] when another process holds the data directory, [`StoreError::Unsafe`] when the
    /// database would lose acknowledged data, [`StoreError::SchemaNewer`], or what the database said.
    pub async fn open(options: &StoreOptions) -> Result<Self, StoreError> {
        let (db, lock) = match &options.database {
            Database::Sqlite(directory) => durability::open_sqlite(directory, options.access).await?,
            Database::Postgres(url) => (durability::open_postgres(url, options.durability).await?, None),
        };
        let store = Self(Arc::new(Inner { db, access: options.access, lock }));
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

    /// A connection for reading.
    ///
    /// # Errors
    /// [`StoreError::Busy`] when none is free in time.
    pub async fn reader(&self) -> Result<Reader, StoreError> {
        Ok(match self.db() {
            Db::Sqlite { readers, .. } => Reader::Sqlite(readers.acquire().await?),
            Db::Postgres { readers, .. } => Reader::Postgres(readers.acquire().await?),
        })
    }

    /// A transaction that writes. On SQLite there is one at a time, and this waits for it.
    ///
    /// # Errors
    /// [`StoreError::Busy`] when none is free in time.
    pub async fn begin(&self) -> Result<Tx, StoreError> {
        Ok(match self.db() {
            Db::Sqlite { writer, .. } => Tx::Sqlite(writer.begin_with("begin immediate").await?),
            Db::Postgres { writers, .. } => Tx::Postgres(writers.begin().await?),
        })
    }

    /// A transaction that reads: everything in it is of one moment, while others go on writing.
    ///
    /// # Errors
    /// [`StoreError::Busy`] when no connection is free in time.
    pub async fn snapshot(&self) -> Result<Tx, StoreError> {
        const ONE_MOMENT: &str = "begin isolation level repeatable read read only";
        Ok(match self.db() {
            Db::Sqlite { readers, .. } => Tx::Sqlite(readers.begin().await?),
            Db::Postgres { readers, .. } => Tx::Postgres(readers.begin_with(ONE_MOMENT).await?),
        })
    }

    /// Moves what SQLite's log file holds into the database file, when it has grown; nothing on PostgreSQL.
    /// Only the writer calls this: two checkpoints at once have corrupted databases before.
    ///
    /// # Errors
    /// Any [`StoreError`].
    pub async fn checkpoint_when_due(&self) -> Result<(), StoreError> {
        match self.db() {
            Db::Sqlite { writer, .. } => durability::checkpoint_when_due(writer).await,
            Db::Postgres { .. } => Ok(()),
        }
    }

    /// Closes all connections after the work on them has ended.
    pub async fn close(&self) {
        match self.db() {
            Db::Sqlite { writer, readers } => {
                readers.close().await;
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
