//! What would the same rows cost without a product around them? One table, and the statements anybody would write first: the
//! yardsticks that stand beside the measured import.

use crate::{
    checkpoint,
    durability::{self, open_postgres},
    engine::{Access, Db, Durability},
    error::StoreError,
    limits::StoreLimits,
    watch::Readers,
};
use std::path::Path;

const TABLE: &str =
    "create table bare (org_id integer not null, seq integer not null, at integer not null, body text not null) strict";
const ROW: &str = "insert into bare (org_id, seq, at, body) values (1, $1, $2, $3)";
const KEYED_TABLE: &str = "create table bare_insert (org_id bigint not null, key text not null, at bigint not null,
    body text not null, primary key (org_id, key))";
const KEYED_ROWS: &str = "insert into bare_insert (org_id, key, at, body)
    select 1, key, at, body from unnest($1::text[], $2::bigint[], $3::text[]) as new (key, at, body)
    on conflict (org_id, key) do nothing";
const ROWS_PER_COMMIT: usize = 10_000;

/// Writes `rows` with their keys into a table of PostgreSQL that is gone afterwards, each batch with one statement that passes
/// over known keys; returns how many it wrote.
///
/// # Errors
/// Any [`StoreError`].
pub async fn write_keyed(url: &str, rows: impl Iterator<Item = (String, i64, String)>) -> Result<u64, StoreError> {
    let Db::Postgres { writers, .. } = open_postgres(url, Durability::Required).await? else {
        return Err(StoreError::Stopped);
    };
    let mut connection = writers.acquire().await?;
    // A run that failed may have left its table.
    sqlx::query("drop table if exists bare_insert").execute(&mut *connection).await?;
    sqlx::query(KEYED_TABLE).execute(&mut *connection).await?;
    let mut written = 0;
    let mut rows = rows.peekable();
    while rows.peek().is_some() {
        let (mut keys, mut moments, mut bodies) = (Vec::new(), Vec::new(), Vec::new());
        for (key, at, body) in rows.by_ref().take(ROWS_PER_COMMIT) {
            keys.push(key);
            moments.push(at);
            bodies.push(body);
        }
        let query = sqlx::query(KEYED_ROWS).bind(keys).bind(moments).bind(bodies);
        written += query.execute(&mut *connection).await?.rows_affected();
    }
    sqlx::query("drop table bare_insert").execute(&mut *connection).await?;
    drop(connection);
    writers.close().await;
    Ok(written)
}

/// Writes `rows` into an empty SQLite database in `directory`, flushed like the log; returns how many it wrote.
///
/// # Errors
/// Any [`StoreError`].
pub async fn write(directory: &Path, rows: impl Iterator<Item = (i64, String)> + Send) -> Result<u64, StoreError> {
    let (Db::Sqlite { writer, mover, .. }, _lock) = durability::open_sqlite(directory, Access::Write, None).await?
    else {
        return Err(StoreError::Stopped);
    };
    sqlx::query(TABLE).execute(&writer).await?;
    let mut written = 0_u64;
    let mut rows = rows.peekable();
    while rows.peek().is_some() {
        let mut transaction = writer.begin_with("begin immediate").await?;
        for (at, body) in rows.by_ref().take(ROWS_PER_COMMIT) {
            let seq = i64::try_from(written).unwrap_or(i64::MAX);
            sqlx::query(ROW).bind(seq).bind(at).bind(body).execute(&mut *transaction).await?;
            written += 1;
        }
        transaction.commit().await?;
        checkpoint::when_due((&writer, &mover), &Readers::default(), &StoreLimits::default()).await?;
    }
    mover.close().await;
    writer.close().await;
    Ok(written)
}
