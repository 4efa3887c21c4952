//! Work that was begun is finished, whoever goes away: dropping the caller loses nothing that was acknowledged. Without
//! the two guards (work is spawned, and a connection is rolled back when it returns) the same requests lose rows.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on fails right there")]

mod support;

use domain::time::Timestamp;
use sqlx::{Connection, PgConnection, PgPool, postgres::PgPoolOptions};
use std::{
    collections::BTreeSet,
    future::Future,
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};
use store::{Conn, Store, StoreError, log_state, run, sources};
use support::{engines::Fresh, lines::ORG};

const REQUESTS: u64 = 2_000;
/// Senders at once: more than there are connections that write.
const LANES: u64 = 8;
/// Callers go away within this time, most of them in the middle of the work.
const MICROSECONDS_MAX: u64 = 4_000;
/// Rounds without the guards until something is lost; one is nearly always enough.
const ROUNDS_MAX: u64 = 10;

type Acknowledged = Arc<Mutex<BTreeSet<String>>>;

/// Sends all requests; each caller goes away at another moment, one in four stays. Returns how many went away in time.
async fn send_and_go_away<W>(write: impl Fn(u64) -> W + Send + Sync + 'static) -> usize
where
    W: Future<Output = ()> + Send + 'static,
{
    let write = Arc::new(write);
    let lanes: Vec<_> = (0..LANES)
        .map(|lane| {
            let write = write.clone();
            tokio::spawn(async move {
                let mut gone = 0;
                for number in (lane..REQUESTS).step_by(usize::try_from(LANES).unwrap()) {
                    let request = tokio::spawn(write(number));
                    if number % 4 == 0 {
                        request.await.unwrap();
                        continue;
                    }
                    wait(random(number) % MICROSECONDS_MAX).await;
                    request.abort();
                    gone += usize::from(request.await.is_err());
                }
                gone
            })
        })
        .collect();
    let mut gone = 0;
    for lane in lanes {
        gone += lane.await.unwrap();
    }
    gone
}

/// The runtime's own timer counts milliseconds.
async fn wait(microseconds: u64) {
    let end = Instant::now() + Duration::from_micros(microseconds);
    while Instant::now() < end {
        tokio::task::yield_now().await;
    }
}

fn random(number: u64) -> u64 {
    let mixed = (number + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    (mixed ^ (mixed >> 31)).wrapping_mul(0x94d0_49bb_1331_11eb) >> 20
}

async fn write(store: Store, number: u64, acknowledged: Acknowledged) -> Result<(), StoreError> {
    let slug = format!("s{number}");
    let (name, to) = (slug.clone(), store.clone());
    run(async move {
        let mut tx = to.begin().await?;
        log_state::lock(&mut tx.conn(), ORG).await?;
        sources::register(&mut tx.conn(), ORG, &name, Timestamp::from_seconds(0)).await?;
        tx.commit().await
    })
    .await?;
    acknowledged.lock().unwrap().insert(slug);
    Ok(())
}

/// The processes behind the connections that write.
async fn writers(store: &Store) -> Vec<i32> {
    let mut found = Vec::new();
    let mut all = Vec::new();
    for _ in 0..4 {
        let mut tx = store.begin().await.unwrap();
        let Conn::Postgres(connection) = tx.conn() else { panic!("not PostgreSQL") };
        found.push(sqlx::query_scalar("select pg_backend_pid()").fetch_one(&mut *connection).await.unwrap());
        all.push(tx);
    }
    for tx in all {
        tx.rollback().await.unwrap();
    }
    found
}

async fn left_in_a_transaction(fresh: &Fresh, processes: &[i32]) -> i64 {
    const LEFT: &str = "select count(*) from pg_stat_activity where pid = any($1) and xact_start is not null";
    let store::Database::Postgres(url) = &fresh.options.database else { panic!("not PostgreSQL") };
    let mut connection = PgConnection::connect(url).await.unwrap();
    sqlx::query_scalar(LEFT).bind(processes).fetch_one(&mut connection).await.unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_acknowledged_is_lost_when_callers_go_away() {
    let fresh = support::engines::postgres().await;
    let acknowledged = Acknowledged::default();
    let (store, noted) = (fresh.store.clone(), acknowledged.clone());
    let gone = send_and_go_away(move |number| {
        let (store, noted) = (store.clone(), noted.clone());
        async move {
            // Too many at once is an answer too; whoever gets it has no acknowledgement.
            match write(store, number, noted).await {
                Ok(()) | Err(StoreError::Busy) => {}
                Err(error) => panic!("{error}"),
            }
        }
    })
    .await;
    assert!(gone > 200, "only {gone} callers went away");
    // The work of those who went away goes on; it ends before the connections can be had.
    let processes = writers(&fresh.store).await;
    assert_eq!(left_in_a_transaction(&fresh, &processes).await, 0);
    let mut reader = fresh.store.reader().await.unwrap();
    let stored = sources::list(&mut reader.conn(), ORG).await.unwrap();
    let stored: BTreeSet<String> = stored.into_iter().map(|source| source.slug).collect();
    let lost: Vec<_> = acknowledged.lock().unwrap().difference(&stored).cloned().collect();
    assert_eq!(lost, Vec::<String>::new());
}

/// A caller that begins and goes away leaves a transaction nobody knows of; whoever writes on that connection next is
/// acknowledged, and loses it when the connection ends.
async fn write_unguarded(pool: PgPool, number: u64, acknowledged: Acknowledged) -> Result<(), sqlx::Error> {
    const ADD: &str = "insert into unguarded (number) values ($1)";
    let value = i64::try_from(number).unwrap();
    if number.is_multiple_of(2) {
        sqlx::query(ADD).bind(value).execute(&pool).await?;
    } else {
        let mut tx = pool.begin().await?;
        sqlx::query(ADD).bind(value).execute(&mut *tx).await?;
        tx.commit().await?;
    }
    acknowledged.lock().unwrap().insert(number.to_string());
    Ok(())
}

async fn lost_without_guards(url: &str) -> usize {
    let pool = PgPoolOptions::new().max_connections(4).connect(url).await.unwrap();
    sqlx::query("drop table if exists unguarded").execute(&pool).await.unwrap();
    sqlx::query("create table unguarded (number bigint not null)").execute(&pool).await.unwrap();
    let acknowledged = Acknowledged::default();
    let (to, noted) = (pool.clone(), acknowledged.clone());
    send_and_go_away(move |number| {
        let (to, noted) = (to.clone(), noted.clone());
        async move { write_unguarded(to, number, noted).await.unwrap() }
    })
    .await;
    pool.close().await;
    let mut connection = PgConnection::connect(url).await.unwrap();
    let stored: Vec<i64> = sqlx::query_scalar("select number from unguarded").fetch_all(&mut connection).await.unwrap();
    let stored: BTreeSet<String> = stored.into_iter().map(|number| number.to_string()).collect();
    acknowledged.lock().unwrap().difference(&stored).count()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_the_guards_the_same_requests_lose_rows() {
    let url = support::engines::postgres_url();
    for _ in 0..ROUNDS_MAX {
        if lost_without_guards(&url).await > 0 {
            return;
        }
    }
    panic!("{ROUNDS_MAX} rounds lost nothing: either sqlx no longer needs the guards, or this no longer shows why");
}
