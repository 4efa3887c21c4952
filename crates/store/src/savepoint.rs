//! A part of a transaction that can fail alone.

use crate::{
    engine::Conn,
    error::StoreError,
    sql::{Sql, on_engine},
};

pub(crate) const SET: Sql = Sql::same("savepoint request");
pub(crate) const RELEASE: Sql = Sql::same("release savepoint request");
pub(crate) const RETURN: Sql = Sql::same("rollback to savepoint request");

/// Marks the place to come back to.
///
/// # Errors
/// Any [`StoreError`].
pub async fn set(conn: &mut Conn<'_>) -> Result<(), StoreError> {
    run(conn, SET).await
}

/// Keeps what was done since the mark.
///
/// # Errors
/// Any [`StoreError`].
pub async fn release(conn: &mut Conn<'_>) -> Result<(), StoreError> {
    run(conn, RELEASE).await
}

/// Undoes what was done since the mark, and nothing before it.
///
/// # Errors
/// Any [`StoreError`].
pub async fn undo(conn: &mut Conn<'_>) -> Result<(), StoreError> {
    run(conn, RETURN).await?;
    run(conn, RELEASE).await
}

async fn run(conn: &mut Conn<'_>, statement: Sql) -> Result<(), StoreError> {
    on_engine!(conn, statement, |c, text| {
        sqlx::query(text).execute(c).await?;
    });
    Ok(())
}
