//! What would the same rows cost without a product around them? One table, no index, a prepared statement a row: the
//! yardstick that stands beside the measured import.

use crate::{
    checkpoint, durability, engine::Access, engine::Db, error::StoreError, limits::StoreLimits, watch::Readers,
};
use std::path::Path;

const TABLE: &str =
    "create table bare (org_id integer not null, seq integer not null, at integer not null, body text not null) strict";
const ROW: &str = "insert into bare (org_id, seq, at, body) values (1, $1, $2, $3)";
const ROWS_PER_COMMIT: usize = 10_000;

/// Writes `rows` into an empty SQLite database in `directory`, flushed like the log; returns how many it wrote.
///
/// # Errors
/// Any [`StoreError`].
pub async fn write(directory: &Path, rows: impl Iterator<Item = (i64, String)> + Send) -> Result<u64, StoreError> {
    let (Db::Sqlite { writer, .. }, _lock) = durability::open_sqlite(directory, Access::Write, None).await? else {
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
        checkpoint::when_due(&writer, &Readers::default(), &StoreLimits::default()).await?;
    }
    writer.close().await;
    Ok(written)
}
