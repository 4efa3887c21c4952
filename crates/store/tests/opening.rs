//! A store opens only where it will keep what it acknowledges.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on fails right there")]

mod support;

use sqlx::{Connection, SqliteConnection};
use store::{Access, Database, Durability, Store, StoreError, StoreOptions};
use support::engines::{self, Folder, postgres_url};

async fn raw(folder: &std::path::Path) -> SqliteConnection {
    SqliteConnection::connect(&format!("sqlite://{}/wallclock.db", folder.display())).await.unwrap()
}

#[tokio::test]
async fn every_connection_reads_its_settings_back() {
    let fresh = engines::sqlite().await;
    let mut readers = Vec::new();
    for _ in 0..8 {
        readers.push(fresh.store.reader().await.unwrap());
    }
    let mut writer = fresh.store.begin().await.unwrap();
    for reader in &mut readers {
        assert_eq!(settings(&mut reader.conn()).await, [2, 1, 5_000, 0, 0, 1, 2, 0, 67_108_864, 1]);
    }
    assert_eq!(settings(&mut writer.conn()).await, [2, 1, 5_000, 0, 0, 1, 2, 0, 67_108_864, 0]);
}

async fn settings(conn: &mut store::Conn<'_>) -> Vec<i64> {
    let store::Conn::Sqlite(connection) = conn else { panic!("not SQLite") };
    let mut found = Vec::new();
    for question in [
        "pragma synchronous",
        "pragma foreign_keys",
        "pragma busy_timeout",
        "pragma mmap_size",
        "pragma trusted_schema",
        "pragma cell_size_check",
        "pragma temp_store",
        "pragma wal_autocheckpoint",
        "pragma journal_size_limit",
        "pragma query_only",
    ] {
        found.push(sqlx::query_scalar(question).fetch_one(&mut **connection).await.unwrap());
    }
    found
}

#[tokio::test]
async fn a_second_process_on_the_data_directory_is_refused_and_a_reader_is_not() {
    let fresh = engines::sqlite().await;
    let again = Store::open(&fresh.options).await;
    assert!(matches!(again, Err(StoreError::Locked(_))), "{again:?}");
    let reader = fresh.read_only().await;
    let mut tx = reader.begin().await;
    let refused = match &mut tx {
        Ok(tx) => {
            store::sources::register(&mut tx.conn(), support::lines::ORG, "x", domain::time::Timestamp::from_seconds(0))
                .await
                .is_err()
        }
        Err(_) => true,
    };
    assert!(refused, "a reader wrote");
}

#[tokio::test]
async fn the_lock_ends_with_the_store() {
    let folder = Folder::new();
    let options = StoreOptions::new(Database::Sqlite(folder.path().to_owned()));
    let first = Store::open(&options).await.unwrap();
    first.close().await;
    drop(first);
    assert!(Store::open(&options).await.is_ok());
}

#[tokio::test]
async fn a_schema_from_a_newer_version_is_refused() {
    let fresh = engines::sqlite().await;
    fresh.store.close().await;
    let mut connection = raw(fresh.folder()).await;
    let newer = "insert into _sqlx_migrations (version, description, success, checksum, execution_time)
        values (99991231000000, 'newer', true, x'00', 0)";
    sqlx::query(newer).execute(&mut connection).await.unwrap();
    connection.close().await.unwrap();
    let options = StoreOptions { access: Access::Read, ..fresh.options.clone() };
    let opened = Store::open(&options).await;
    assert!(matches!(opened, Err(StoreError::SchemaNewer(99_991_231_000_000))), "{opened:?}");
}

#[tokio::test]
async fn a_postgres_that_forgets_commits_is_refused_unless_that_is_waived() {
    let url = postgres_url();
    let forgetful = url.replace("options=", "options=-c%20synchronous_commit%3Doff%20");
    let options = StoreOptions::new(Database::Postgres(forgetful));
    let opened = Store::open(&options).await;
    assert!(matches!(&opened, Err(StoreError::Unsafe(what)) if what.contains("synchronous_commit")), "{opened:?}");
    let waived = StoreOptions { durability: Durability::Waived, ..options };
    assert!(Store::open(&waived).await.is_ok());
}

#[tokio::test]
async fn an_address_of_another_kind_is_refused() {
    let database = Database::from_url(Some("mysql://host/name"), std::path::Path::new("/nowhere"));
    assert!(matches!(database, Err(StoreError::Unsafe(_))));
}
