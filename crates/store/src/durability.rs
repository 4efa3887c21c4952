//! What the databases must be set to before anything is acknowledged, and the lock that keeps a second writer out.

use crate::{
    checkpoint::Mover,
    engine::{Access, Db, Durability},
    error::StoreError,
};
use sqlx::{
    ConnectOptions, Connection, Executor, PgPool, SqliteConnection, SqlitePool,
    postgres::{PgConnectOptions, PgPoolOptions},
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous},
};
use std::{
    fs::{File, TryLockError},
    path::{Path, PathBuf},
    time::Duration,
};

/// Older versions can corrupt a database in WAL mode when two connections write and checkpoint at once.
const SQLITE_OLDEST: [u32; 3] = [3, 51, 3];
const POSTGRES_OLDEST: i32 = 150_000;
const DATABASE_FILE: &str = "wallclock.db";
const LOCK_FILE: &str = "wallclock.lock";
const SQLITE_READERS_MAX: u32 = 8;
const POSTGRES_WRITERS_MAX: u32 = 4;
const POSTGRES_READERS_MAX: u32 = 8;
const ACQUIRE_READER: Duration = Duration::from_secs(2);
/// Longer than any import holds the only writing connection of SQLite.
const ACQUIRE_WRITER: Duration = Duration::from_secs(30);
const BUSY: Duration = Duration::from_secs(5);
/// What is left of the log file once all of it is moved.
const LOG_FILE_KEPT_BYTES: i64 = 64 * 1024 * 1024;
const NETWORK_FILE_SYSTEMS: [&str; 10] =
    ["nfs", "nfs4", "cifs", "smb3", "smbfs", "9p", "afs", "ceph", "glusterfs", "fuse.sshfs"];

/// Every setting of a SQLite connection, and what reading it back must say.
const SQLITE_SETTINGS: [(&str, &str, i64); 9] = [
    ("synchronous", "pragma synchronous", 2),
    ("foreign_keys", "pragma foreign_keys", 1),
    ("busy_timeout", "pragma busy_timeout", 5_000),
    ("mmap_size", "pragma mmap_size", 0),
    ("trusted_schema", "pragma trusted_schema", 0),
    ("cell_size_check", "pragma cell_size_check", 1),
    ("temp_store", "pragma temp_store", 2),
    ("wal_autocheckpoint", "pragma wal_autocheckpoint", 0),
    ("journal_size_limit", "pragma journal_size_limit", LOG_FILE_KEPT_BYTES),
];

/// Keeps other processes out of a data directory for as long as it lives.
#[derive(Debug)]
pub(crate) struct DirectoryLock {
    directory: PathBuf,
    /// The lock ends when the file is closed, which the system does however the process ends.
    _file: File,
}

impl DirectoryLock {
    fn take(directory: &Path) -> Result<Self, StoreError> {
        let broken = |source| StoreError::Directory { path: directory.to_owned(), source };
        let file =
            File::options().create(true).truncate(false).write(true).open(directory.join(LOCK_FILE)).map_err(broken)?;
        match file.try_lock() {
            Ok(()) => Ok(Self { directory: directory.to_owned(), _file: file }),
            Err(TryLockError::WouldBlock) => Err(StoreError::Locked(directory.to_owned())),
            Err(TryLockError::Error(source)) => Err(broken(source)),
        }
    }

    pub(crate) fn directory(&self) -> &Path {
        &self.directory
    }
}

pub(crate) async fn open_sqlite(
    directory: &Path,
    access: Access,
    file_system: Option<&str>,
) -> Result<(Db, Option<DirectoryLock>), StoreError> {
    let lock = match access {
        Access::Write => {
            std::fs::create_dir_all(directory)
                .map_err(|source| StoreError::Directory { path: directory.to_owned(), source })?;
            refuse_network_file_system(directory)?;
            Some(DirectoryLock::take(directory)?)
        }
        Access::Read | Access::Beside => None,
    };
    let mut base = sqlite_options(&directory.join(DATABASE_FILE)).create_if_missing(access == Access::Write);
    if let Some(name) = file_system {
        base = base.vfs(name.to_owned());
    }
    let refusing = base.clone().pragma("query_only", "ON");
    let writing = match access {
        Access::Write => base.pragma("cache_size", "-40960"),
        Access::Beside => base,
        Access::Read => refusing.clone(),
    };
    // The writer first: it makes the file and puts it into WAL mode before any reader looks.
    let writer = sqlite_pool(1, ACQUIRE_WRITER).connect_with(writing).await?;
    refuse_old_sqlite(&writer).await?;
    // It writes nothing of its own, and connects when there is something to move.
    let mover = Mover::new(sqlite_pool(1, ACQUIRE_WRITER).connect_lazy_with(refusing.clone()));
    let readers = sqlite_pool(SQLITE_READERS_MAX, ACQUIRE_READER).connect_with(refusing).await?;
    Ok((Db::Sqlite { writer, readers, mover }, lock))
}

fn sqlite_options(file: &Path) -> SqliteConnectOptions {
    SqliteConnectOptions::new()
        .filename(file)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        // Wide rows and narrow indexes: with pages of 4 KiB an import costs a tenth more. Files that exist keep theirs.
        .page_size(8192)
        .foreign_keys(true)
        .busy_timeout(BUSY)
        .pragma("mmap_size", "0")
        .pragma("trusted_schema", "OFF")
        .pragma("cell_size_check", "ON")
        .pragma("temp_store", "MEMORY")
        .pragma("wal_autocheckpoint", "0")
        .pragma("journal_size_limit", "67108864")
        .statement_cache_capacity(256)
        .disable_statement_logging()
}

fn sqlite_pool(connections_max: u32, acquire: Duration) -> SqlitePoolOptions {
    SqlitePoolOptions::new()
        .max_connections(connections_max)
        .acquire_timeout(acquire)
        .idle_timeout(None)
        .max_lifetime(None)
        .test_before_acquire(false)
        .after_connect(|connection, _| Box::pin(async move { read_back(connection).await }))
        .after_release(|connection, _| Box::pin(async move { is_out_of_transactions(connection).await }))
}

/// When the disk fails or is full, SQLite itself rolls back, and the rollback that follows finds nothing to roll back:
/// the connection would count itself inside a transaction for ever. Such a one is closed, and another is opened.
async fn is_out_of_transactions(connection: &mut SqliteConnection) -> Result<bool, sqlx::Error> {
    // The rollback of a dropped transaction is on its way; an answer to what was sent after it means that it is done.
    connection.ping().await?;
    Ok(!connection.is_in_transaction())
}

/// A setting that did not take is a promise broken in silence, so each is read back on every connection.
async fn read_back(connection: &mut SqliteConnection) -> Result<(), sqlx::Error> {
    let mode: String = sqlx::query_scalar("pragma journal_mode").fetch_one(&mut *connection).await?;
    if mode != "wal" {
        return Err(refusal(format!("SQLite runs in journal mode `{mode}`, expected `wal`")));
    }
    for (name, question, wanted) in SQLITE_SETTINGS {
        let is: i64 = sqlx::query_scalar(question).fetch_one(&mut *connection).await?;
        if is != wanted {
            return Err(refusal(format!("SQLite runs with {name} = {is}, expected {wanted}")));
        }
    }
    Ok(())
}

fn refusal(text: String) -> sqlx::Error {
    sqlx::Error::Configuration(text.into())
}

async fn refuse_old_sqlite(pool: &SqlitePool) -> Result<(), StoreError> {
    let version: String = sqlx::query_scalar("select sqlite_version()").fetch_one(pool).await?;
    let parts: Vec<u32> = version.split('.').filter_map(|part| part.parse().ok()).collect();
    if parts.as_slice() < SQLITE_OLDEST.as_slice() {
        return Err(StoreError::Unsafe(format!("SQLite {version} can corrupt its log, at least 3.51.3 is needed")));
    }
    Ok(())
}

/// Locks and flushes of network file systems cannot be trusted with a database.
fn refuse_network_file_system(directory: &Path) -> Result<(), StoreError> {
    let Ok(directory) = directory.canonicalize() else {
        return Ok(());
    };
    // Only Linux has this table; elsewhere there is nothing to ask.
    let Ok(table) = std::fs::read_to_string("/proc/self/mounts") else {
        return Ok(());
    };
    let mounts = table.lines().filter_map(|line| {
        let mut words = line.split(' ').skip(1);
        Some((Path::new(words.next()?), words.next()?))
    });
    let deepest =
        mounts.filter(|(place, _)| directory.starts_with(place)).max_by_key(|(place, _)| place.as_os_str().len());
    match deepest {
        Some((_, kind)) if NETWORK_FILE_SYSTEMS.contains(&kind) => Err(StoreError::Unsafe(format!(
            "the data directory `{}` lies on a network file system ({kind}); use a local disk or PostgreSQL",
            directory.display()
        ))),
        Some(_) | None => Ok(()),
    }
}

pub(crate) async fn open_postgres(url: &str, durability: Durability) -> Result<Db, StoreError> {
    let options: PgConnectOptions = url.parse().map_err(|_: sqlx::Error| {
        StoreError::Unsafe("the database url cannot be read, expected `postgres://user@host/name`".to_owned())
    })?;
    let options = options.disable_statement_logging().application_name("wallclock").options([
        ("timezone", "UTC"),
        // The rollback after each use warns when there is nothing to roll back, which is the usual case.
        ("client_min_messages", "error"),
        ("lock_timeout", "5s"),
        ("idle_in_transaction_session_timeout", "10s"),
    ]);
    let writers = postgres_pool(POSTGRES_WRITERS_MAX)
        .connect_with(options.clone().options([("statement_timeout", "30s")]))
        .await?;
    check_postgres(&writers, durability).await?;
    let readers = postgres_pool(POSTGRES_READERS_MAX)
        .connect_with(options.options([("statement_timeout", "10s"), ("default_transaction_read_only", "on")]))
        .await?;
    Ok(Db::Postgres { writers, readers })
}

fn postgres_pool(connections_max: u32) -> PgPoolOptions {
    PgPoolOptions::new()
        .max_connections(connections_max)
        .acquire_timeout(ACQUIRE_READER)
        .max_lifetime(Duration::from_secs(30 * 60))
        // A `begin` that was cancelled on its way leaves a transaction nobody knows of; what is written in it is lost.
        .after_release(|connection, _| Box::pin(async move { connection.execute("rollback").await.map(|_| true) }))
}

async fn check_postgres(pool: &PgPool, durability: Durability) -> Result<(), StoreError> {
    const SETTINGS: &str = "select current_setting('server_version_num')::int, current_setting('server_encoding'),
        current_setting('fsync'), current_setting('full_page_writes'), current_setting('synchronous_commit')";
    let (version, encoding, fsync, pages, commit): (i32, String, String, String, String) =
        sqlx::query_as(SETTINGS).fetch_one(pool).await?;
    if version < POSTGRES_OLDEST {
        return Err(StoreError::Unsafe(format!("PostgreSQL {} is too old, at least 15 is needed", version / 10_000)));
    }
    if encoding != "UTF8" {
        return Err(StoreError::Unsafe(format!("the database is encoded in `{encoding}`, expected `UTF8`")));
    }
    let losing =
        [("fsync", fsync == "off"), ("full_page_writes", pages == "off"), ("synchronous_commit", commit == "off")];
    match (durability, losing.iter().find(|(_, off)| *off)) {
        (Durability::Required, Some((name, _))) => Err(StoreError::Unsafe(format!(
            "PostgreSQL runs with {name} = off and would lose what was acknowledged; switch it on, or start with --i-accept-data-loss"
        ))),
        (Durability::Required | Durability::Waived, _) => Ok(()),
    }
}
