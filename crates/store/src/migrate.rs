//! How the schema comes to be what this version expects: append-only files, the same names for both engines.

use crate::{engine::Db, error::StoreError};
use sqlx::migrate::Migrator;

static SQLITE: Migrator = sqlx::migrate!("../../migrations/sqlite");
static POSTGRES: Migrator = sqlx::migrate!("../../migrations/postgres");

/// Applies what is missing; each file is one transaction.
pub(crate) async fn up(db: &Db) -> Result<(), StoreError> {
    match db {
        Db::Sqlite { writer, .. } => SQLITE.run(writer).await?,
        Db::Postgres { writers, .. } => POSTGRES.run(writers).await?,
    }
    Ok(())
}

/// Refuses a schema this version does not know: a reader may not migrate.
pub(crate) async fn check(db: &Db) -> Result<(), StoreError> {
    const APPLIED: &str = "select max(version) from _sqlx_migrations";
    let (applied, known): (Option<i64>, &Migrator) = match db {
        Db::Sqlite { readers, .. } => (sqlx::query_scalar(APPLIED).fetch_one(readers).await?, &SQLITE),
        Db::Postgres { readers, .. } => (sqlx::query_scalar(APPLIED).fetch_one(readers).await?, &POSTGRES),
    };
    let newest = known.iter().map(|migration| migration.version).max();
    match (applied, newest) {
        (Some(applied), Some(newest)) if applied > newest => Err(StoreError::SchemaNewer(applied)),
        (Some(applied), Some(newest)) if applied < newest => Err(StoreError::Unsafe(
            "the database needs a migration; run a command that writes, such as `wallclock serve`, first".to_owned(),
        )),
        _ => Ok(()),
    }
}
