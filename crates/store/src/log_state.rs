//! Where an organisation's log stands: the next free places, the head of the chain, the revision of its facts.

use crate::{
    engine::Conn,
    error::StoreError,
    sql::{Sql, on_engine},
};
use domain::{
    id::{BatchId, OrgId, Revision},
    time::Timestamp,
};

pub(crate) const READ: Sql = Sql::same(
    "select next_seq, next_item, next_quarantine, next_import, batch_id, head, revision, last_received_at, merges,
            held_lines, held_bytes
       from log_states
      where org_id = $1",
);

/// Whoever writes holds this row from the first statement on, so that two writers never fold the same item without
/// seeing each other, and revisions follow the order of commits. SQLite has one writer anyway.
pub(crate) const LOCK: Sql = Sql::per_engine(
    READ.sqlite,
    "select next_seq, next_item, next_quarantine, next_import, batch_id, head, revision, last_received_at, merges,
            held_lines, held_bytes
       from log_states
      where org_id = $1
        for update",
);

pub(crate) const SAVE: Sql = Sql::same(
    "update log_states
        set next_seq = $2, next_item = $3, next_quarantine = $4, next_import = $5, batch_id = $6, head = $7,
            revision = $8, last_received_at = $9, merges = $10, held_lines = $11, held_bytes = $12
      where org_id = $1",
);

/// An import may hold the lock for as long as it writes; what waits behind it should wait, not fail.
const WAIT_FOR_LOCK: &str = "set local lock_timeout = '30s'";

/// Whoever wants the log stands in line for it: a row lock alone goes to whoever asks first after it is let go, and an import
/// that asks again at once would keep all others waiting.
const STAND_IN_LINE: &str =
    "select pg_advisory_xact_lock(hashtextextended(current_schema() || ' log ' || $1::bigint, 0))";

/// The statements of this file.
pub(crate) const ALL: &[Sql] = &[READ, LOCK, SAVE];

/// Where the log stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogState {
    /// The next place in the log.
    pub next_seq: i64,
    /// The next number for an item.
    pub next_item: i64,
    /// The next number for a held line.
    pub next_quarantine: i64,
    /// The next number for an import.
    pub next_import: i64,
    /// The last batch, 0 before the first.
    pub batch: BatchId,
    /// The head of the chain after that batch; empty before the first.
    pub head: Vec<u8>,
    /// The revision of the facts.
    pub revision: Revision,
    /// The latest moment anything was received: knowledge never runs backwards.
    pub last_received_at: Timestamp,
    /// How many merges the log holds.
    pub merges: i64,
    /// Lines that wait in quarantine for somebody to decide.
    pub held_lines: i64,
    /// The bytes kept of those lines.
    pub held_bytes: i64,
}

#[derive(sqlx::FromRow)]
struct Row {
    next_seq: i64,
    next_item: i64,
    next_quarantine: i64,
    next_import: i64,
    batch_id: i64,
    head: Vec<u8>,
    revision: i64,
    last_received_at: i64,
    merges: i64,
    held_lines: i64,
    held_bytes: i64,
}

fn of_row(row: Row) -> LogState {
    LogState {
        next_seq: row.next_seq,
        next_item: row.next_item,
        next_quarantine: row.next_quarantine,
        next_import: row.next_import,
        batch: BatchId::from_row(row.batch_id),
        head: row.head,
        revision: Revision::from_row(row.revision),
        last_received_at: Timestamp::from_seconds(row.last_received_at),
        merges: row.merges,
        held_lines: row.held_lines,
        held_bytes: row.held_bytes,
    }
}

/// Reads where the log stands.
///
/// # Errors
/// Any [`StoreError`].
pub async fn read(conn: &mut Conn<'_>, org: OrgId) -> Result<LogState, StoreError> {
    let row: Row = on_engine!(conn, READ, |c, text| sqlx::query_as(text).bind(org.get()).fetch_one(c).await?);
    Ok(of_row(row))
}

/// Takes the log for writing until the transaction ends, and reads where it stands.
///
/// # Errors
/// [`StoreError::Busy`] when another writer holds it too long.
pub async fn lock(conn: &mut Conn<'_>, org: OrgId) -> Result<LogState, StoreError> {
    if let Conn::Postgres(connection) = conn {
        sqlx::query(WAIT_FOR_LOCK).execute(&mut **connection).await?;
        sqlx::query(STAND_IN_LINE).bind(org.get()).execute(&mut **connection).await?;
    }
    let row: Row = on_engine!(conn, LOCK, |c, text| sqlx::query_as(text).bind(org.get()).fetch_one(c).await?);
    Ok(of_row(row))
}

/// Writes where the log stands now.
///
/// # Errors
/// Any [`StoreError`].
pub async fn save(conn: &mut Conn<'_>, org: OrgId, state: &LogState) -> Result<(), StoreError> {
    on_engine!(conn, SAVE, |c, text| {
        sqlx::query(text)
            .bind(org.get())
            .bind(state.next_seq)
            .bind(state.next_item)
            .bind(state.next_quarantine)
            .bind(state.next_import)
            .bind(state.batch.get())
            .bind(&state.head)
            .bind(state.revision.get())
            .bind(state.last_received_at.seconds())
            .bind(state.merges)
            .bind(state.held_lines)
            .bind(state.held_bytes)
            .execute(c)
            .await?;
    });
    Ok(())
}
