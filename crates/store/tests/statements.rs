//! Every statement is prepared on both engines, and both schemas say the same.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails right there")]

mod support;

use sqlx::{Connection, Executor, PgConnection, SqlStr, SqliteConnection};
use std::collections::BTreeSet;
use support::engines::{self, postgres_url};

async fn sqlite() -> (engines::Fresh, SqliteConnection) {
    let fresh = engines::sqlite().await;
    let url = format!("sqlite://{}/wallclock.db", fresh.folder().display());
    (fresh, SqliteConnection::connect(&url).await.unwrap())
}

async fn postgres() -> PgConnection {
    let url = postgres_url();
    let options = store::StoreOptions::new(store::Database::Postgres(url.clone()));
    store::Store::open(&options).await.unwrap().close().await;
    PgConnection::connect(&url).await.unwrap()
}

#[tokio::test]
async fn sqlite_understands_every_statement() {
    let (_fresh, mut connection) = sqlite().await;
    for texts in store::statements::all() {
        let prepared = connection.prepare(SqlStr::from_static(texts.sqlite)).await;
        assert!(prepared.is_ok(), "{}: {}\n{prepared:?}", texts.file, texts.sqlite);
    }
}

#[tokio::test]
async fn postgres_understands_every_statement() {
    let mut connection = postgres().await;
    for texts in store::statements::all() {
        let prepared = connection.prepare(SqlStr::from_static(texts.postgres)).await;
        assert!(prepared.is_ok(), "{}: {}\n{prepared:?}", texts.file, texts.postgres);
    }
}

#[tokio::test]
async fn both_schemas_have_the_same_columns_and_indexes() {
    const SQLITE_COLUMNS: &str = "select t.name, c.name, c.\"notnull\" <> 0 or c.pk <> 0 from sqlite_schema t
        join pragma_table_info(t.name) c where t.type = 'table' and t.name not like '\\_sqlx%' escape '\\'";
    const POSTGRES_COLUMNS: &str = "select table_name::text, column_name::text, is_nullable = 'NO'
        from information_schema.columns where table_schema = current_schema() and table_name not like '\\_sqlx%'";
    const SQLITE_INDEXES: &str = "select name from sqlite_schema where type = 'index' and sql is not null";
    const POSTGRES_INDEXES: &str = "select i.indexname::text from pg_indexes i
        where i.schemaname = current_schema() and i.tablename not like '\\_sqlx%'
          and not exists (select 1 from pg_constraint c where c.conname = i.indexname
              and c.connamespace = current_schema()::regnamespace)";
    let (_fresh, mut lite) = sqlite().await;
    let mut server = postgres().await;
    let columns: Vec<(String, String, bool)> = sqlx::query_as(SQLITE_COLUMNS).fetch_all(&mut lite).await.unwrap();
    let others: Vec<(String, String, bool)> = sqlx::query_as(POSTGRES_COLUMNS).fetch_all(&mut server).await.unwrap();
    let (columns, others): (BTreeSet<_>, BTreeSet<_>) = (columns.into_iter().collect(), others.into_iter().collect());
    assert_eq!(columns.symmetric_difference(&others).collect::<Vec<_>>(), Vec::<&(String, String, bool)>::new());
    let indexes: Vec<String> = sqlx::query_scalar(SQLITE_INDEXES).fetch_all(&mut lite).await.unwrap();
    let others: Vec<String> = sqlx::query_scalar(POSTGRES_INDEXES).fetch_all(&mut server).await.unwrap();
    let (indexes, others): (BTreeSet<_>, BTreeSet<_>) = (indexes.into_iter().collect(), others.into_iter().collect());
    assert_eq!(indexes.symmetric_difference(&others).collect::<Vec<_>>(), Vec::<&String>::new());
}
