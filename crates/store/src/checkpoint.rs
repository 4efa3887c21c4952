//! When does SQLite's log file move into the database file, and what if a reader stands in the way?
//!
//! One connection moves it while the writer goes on; the writer itself moves what is left before the file grows long, so
//! that the file begins anew. Never both at once: two checkpoints at once have corrupted databases before.

use crate::{error::StoreError, limits::StoreLimits, watch::Readers};
use sqlx::{Executor, SqliteConnection, SqlitePool};
use tokio::{sync::Mutex, task::JoinHandle};

/// Waits for readers of a moment, not for one that is stuck: the writer has others to serve.
const PATIENCE: &str = "pragma busy_timeout = 200";
const USUAL_PATIENCE: &str = "pragma busy_timeout = 5000";

/// Moves what can be moved while the writer goes on.
#[derive(Debug)]
pub(crate) struct Mover {
    /// One connection of its own.
    connection: SqlitePool,
    /// What it is at, or has ended since somebody looked.
    pass: Mutex<Option<Pass>>,
}

type Pass = JoinHandle<Result<(), StoreError>>;

impl Mover {
    /// `connection` is one connection of its own.
    pub(crate) fn new(connection: SqlitePool) -> Self {
        Self { connection, pass: Mutex::default() }
    }

    fn begin(&self) -> Pass {
        let pool = self.connection.clone();
        tokio::spawn(async move {
            let mut connection = pool.acquire().await?;
            move_what_can_be(&mut connection).await.map(|_| ())
        })
    }

    /// Closes the connection once it has ended its work.
    pub(crate) async fn close(&self) {
        self.connection.close().await;
    }
}

/// Waits for the end of a pass, if there is one.
async fn end(pass: &mut Option<Pass>) -> Result<(), StoreError> {
    match pass.take() {
        Some(pass) => pass.await.unwrap_or(Err(StoreError::Stopped)),
        None => Ok(()),
    }
}

pub(crate) async fn when_due(
    (writer, mover): (&SqlitePool, &Mover),
    readers: &Readers,
    limits: &StoreLimits,
) -> Result<(), StoreError> {
    let mut pass = mover.pass.lock().await;
    if pass.as_ref().is_some_and(Pass::is_finished) {
        end(&mut pass).await?;
    }
    let mut connection = writer.acquire().await?;
    let log_file = log_file(&mut connection).await?;
    let length = length_of(&log_file);
    if length < limits.checkpoint_bytes {
        return Ok(());
    }
    // The file stays as long as it once was: how much of it is in use, SQLite alone knows.
    if length <= limits.truncate_bytes {
        let log = contents(&mut connection).await?;
        if log.bytes < limits.restart_bytes() {
            if log.waiting_bytes >= limits.checkpoint_bytes && pass.is_none() {
                *pass = Some(mover.begin());
            }
            return Ok(());
        }
    }
    end(&mut pass).await?;
    let all_moved = move_what_can_be(&mut connection).await?;
    if length_of(&log_file) > limits.truncate_bytes && all_moved {
        truncate(&mut connection).await?;
    }
    while length_of(&log_file) > limits.cut_bytes() && !truncate(&mut connection).await? {
        let Some(held) = readers.cut_oldest() else {
            tracing::error!(bytes = length_of(&log_file), "the log file of SQLite cannot be moved and nobody reads it");
            break;
        };
        let held_ms = u64::try_from(held.as_millis()).unwrap_or(u64::MAX);
        tracing::warn!(
            held_ms,
            bytes = length_of(&log_file),
            "a reader was cut: it kept the log file from being moved"
        );
    }
    Ok(())
}

/// What the log file holds since it last began anew.
struct Contents {
    bytes: u64,
    /// What of it has not been moved yet.
    waiting_bytes: u64,
}

async fn contents(connection: &mut SqliteConnection) -> Result<Contents, StoreError> {
    let (_, pages, moved): (i64, i64, i64) =
        sqlx::query_as("pragma wal_checkpoint(noop)").fetch_one(&mut *connection).await?;
    let page_bytes: i64 = sqlx::query_scalar("pragma page_size").fetch_one(connection).await?;
    let bytes = |pages: i64| u64::try_from(pages * page_bytes).unwrap_or_default();
    Ok(Contents { bytes: bytes(pages), waiting_bytes: bytes(pages - moved) })
}

/// Moves what no reader needs any more, and waits for nobody; says whether that was everything.
async fn move_what_can_be(connection: &mut SqliteConnection) -> Result<bool, StoreError> {
    let (busy, pages, moved): (i64, i64, i64) =
        sqlx::query_as("pragma wal_checkpoint(passive)").fetch_one(connection).await?;
    Ok(busy == 0 && pages == moved)
}

/// Moves everything and cuts the file to nothing; says whether no reader stood in the way.
async fn truncate(connection: &mut SqliteConnection) -> Result<bool, StoreError> {
    connection.execute(PATIENCE).await?;
    let answer = sqlx::query_as("pragma wal_checkpoint(truncate)").fetch_one(&mut *connection).await;
    connection.execute(USUAL_PATIENCE).await?;
    let (busy, _, _): (i64, i64, i64) = answer?;
    Ok(busy == 0)
}

/// Where the log file lies. Its length is asked of the file: SQLite has no question for it.
async fn log_file(connection: &mut SqliteConnection) -> Result<String, StoreError> {
    const FILE: &str = "select file from pragma_database_list where name = 'main'";
    let file: String = sqlx::query_scalar(FILE).fetch_one(connection).await?;
    Ok(format!("{file}-wal"))
}

fn length_of(file: &str) -> u64 {
    std::fs::metadata(file).map_or(0, |metadata| metadata.len())
}
