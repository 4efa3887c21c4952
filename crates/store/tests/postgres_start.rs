//! A PostgreSQL that would lose what is acknowledged is refused by name; one whose connections are all taken says so, and
//! recovers.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on fails right there")]

mod support;

use sqlx::{Connection, PgConnection};
use std::{
    io::{BufRead, BufReader},
    path::Path,
    process::{Child, Command, Stdio},
    time::Duration,
};
use store::{Database, Durability, Store, StoreError, StoreOptions};
use support::engines;

/// Longest wait for a connection, and some time to notice.
const BUSY_WITHIN: Duration = Duration::from_millis(3_500);

/// Looks at a setting that is reloaded; each takes a new connection.
const TRIES_MAX: usize = 1_000;

/// A PostgreSQL of its own: settings of a whole server are changed here. It ends when nobody listens any more.
struct Server {
    process: Child,
    url: String,
}

impl Server {
    fn start() -> Self {
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../scripts/with-postgres.sh");
        let mut process = Command::new(script)
            .args(["sh", "-c", "echo \"$WALLCLOCK_TEST_POSTGRES\"; read -r _"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut url = String::new();
        BufReader::new(process.stdout.take().unwrap()).read_line(&mut url).unwrap();
        Self { process, url: url.trim().to_owned() }
    }

    async fn say(&self, statements: &[&'static str]) {
        let mut connection = PgConnection::connect(&self.url).await.unwrap();
        for statement in statements {
            sqlx::query(*statement).execute(&mut connection).await.unwrap();
        }
    }

    /// Changes a setting of the whole server, and waits until new connections have it.
    async fn set(&self, statement: &'static str, name: &str, wanted: &str) {
        self.say(&[statement, "select pg_reload_conf()"]).await;
        for _ in 0..TRIES_MAX {
            let mut connection = PgConnection::connect(&self.url).await.unwrap();
            let is: String =
                sqlx::query_scalar("select current_setting($1)").bind(name).fetch_one(&mut connection).await.unwrap();
            if is == wanted {
                return;
            }
        }
        panic!("{name} never became {wanted}")
    }

    async fn refused(&self) -> String {
        match Store::open(&options(&self.url)).await {
            Err(StoreError::Unsafe(what)) => what,
            other => panic!("not refused: {other:?}"),
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.process.stdin.take());
        drop(self.process.wait());
    }
}

fn options(url: &str) -> StoreOptions {
    StoreOptions::new(Database::Postgres(url.to_owned()))
}

#[tokio::test]
async fn each_setting_that_loses_what_was_acknowledged_is_refused_by_its_name() {
    let server = Server::start();
    let settings = [
        ("fsync", "alter system set fsync = off", "alter system reset fsync"),
        ("full_page_writes", "alter system set full_page_writes = off", "alter system reset full_page_writes"),
        ("synchronous_commit", "alter system set synchronous_commit = off", "alter system reset synchronous_commit"),
    ];
    for (name, off, back) in settings {
        server.set(off, name, "off").await;
        let what = server.refused().await;
        assert!(what.contains(&format!("{name} = off")), "{name}: {what}");
        let waived = StoreOptions { durability: Durability::Waived, ..options(&server.url) };
        Store::open(&waived).await.unwrap().close().await;
        server.set(back, name, "on").await;
    }
    server.say(&["create database other encoding 'SQL_ASCII' locale 'C' template template0"]).await;
    let other = options(&server.url.replace("/postgres?", "/other?"));
    let opened = Store::open(&other).await;
    assert!(matches!(&opened, Err(StoreError::Unsafe(what)) if what.contains("SQL_ASCII")), "{opened:?}");
}

#[tokio::test]
async fn when_all_connections_are_taken_the_answer_is_busy_and_then_it_recovers() {
    let fresh = engines::postgres().await;
    let (mut writing, mut reading) = (Vec::new(), Vec::new());
    for _ in 0..4 {
        writing.push(fresh.store.begin().await.unwrap());
    }
    for _ in 0..8 {
        reading.push(fresh.store.reader().await.unwrap());
    }
    let (write, read) = tokio::join!(
        tokio::time::timeout(BUSY_WITHIN, fresh.store.begin()),
        tokio::time::timeout(BUSY_WITHIN, fresh.store.reader())
    );
    assert!(matches!(write.unwrap(), Err(StoreError::Busy)));
    assert!(matches!(read.unwrap(), Err(StoreError::Busy)));
    drop((writing, reading));
    fresh.store.begin().await.unwrap().rollback().await.unwrap();
    drop(fresh.store.reader().await.unwrap());
}
