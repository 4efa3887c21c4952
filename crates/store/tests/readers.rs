//! A reader that takes too long is stopped, and one that stands in the way of the log file is cut; nobody else notices.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on fails right there")]

mod support;

use domain::{id::BatchId, time::Timestamp};
use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicI64, AtomicU64, Ordering},
    },
    time::Duration,
};
use store::{Conn, Store, StoreError, StoreLimits, log_state, raw_lines, sources};
use support::{
    engines::{Place, sqlite_place},
    lines::ORG,
};

const WRITERS: usize = 64;
const READERS: usize = 16;
const WRITES_EACH: i64 = 6;
const LOG_FILE_BYTES_MAX: u64 = 4 * 1024 * 1024;

fn place(limits: StoreLimits) -> Place {
    let mut place = sqlite_place();
    place.options.limits = limits;
    place
}

/// A question that ends only when somebody ends it.
async fn ask_without_end(conn: &mut Conn<'_>) -> Result<i64, StoreError> {
    const ENDLESS: &str = "with recursive n (i) as (select 1 union all select i + 1 from n)
        select count(*) from n join sources on sources.source_id > -n.i";
    let Conn::Sqlite(connection) = conn else { panic!("not SQLite") };
    Ok(sqlx::query_scalar(ENDLESS).fetch_one(&mut **connection).await?)
}

#[tokio::test]
async fn a_statement_that_takes_too_long_is_stopped_and_the_next_one_has_its_time_again() {
    let limits = StoreLimits { statement: Duration::from_millis(150), ..StoreLimits::default() };
    let fresh = place(limits).open().await;
    let mut reader = fresh.store.reader().await.unwrap();
    let mut snapshot = fresh.store.snapshot().await.unwrap();
    for _ in 0..2 {
        let stopped = ask_without_end(&mut reader.conn()).await;
        assert!(matches!(stopped, Err(StoreError::TookTooLong)), "{stopped:?}");
        let stopped = ask_without_end(&mut snapshot.conn()).await;
        assert!(matches!(stopped, Err(StoreError::TookTooLong)), "{stopped:?}");
        assert_eq!(sources::list(&mut reader.conn(), ORG).await.unwrap(), []);
        assert_eq!(sources::list(&mut snapshot.conn(), ORG).await.unwrap(), []);
    }
}

/// What many writers and readers share.
struct Crowd {
    store: Store,
    log_file: std::path::PathBuf,
    batches: AtomicI64,
    longest_log_file: AtomicU64,
    is_over: AtomicBool,
    /// The product has one writing task: whoever commits looks after the log file before the next one commits.
    writing: tokio::sync::Mutex<()>,
}

impl Crowd {
    /// About 60 kB a commit.
    async fn write(&self) {
        for _ in 0..WRITES_EACH {
            let number = self.batches.fetch_add(1, Ordering::Relaxed) + 1;
            let mut packer = raw_lines::Packer::default();
            let noise = |place: i64| place.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(number).to_be_bytes();
            let bytes: Vec<u8> = (0..8_000).flat_map(|place| noise((number << 20) ^ (place * place))).collect();
            packer.add(&[1; 16], &bytes);
            let _one_at_a_time = self.writing.lock().await;
            let mut tx = self.store.begin().await.unwrap();
            let batch = BatchId::from_row(number);
            raw_lines::write(&mut tx.conn(), ORG, batch, &packer.finish().unwrap()).await.unwrap();
            tx.commit().await.unwrap();
            let length = std::fs::metadata(&self.log_file).unwrap().len();
            self.longest_log_file.fetch_max(length, Ordering::Relaxed);
            self.store.checkpoint_when_due().await.unwrap();
        }
    }

    async fn read(&self) {
        while !self.is_over.load(Ordering::Relaxed) {
            let mut reader = self.store.reader().await.unwrap();
            log_state::read(&mut reader.conn(), ORG).await.unwrap();
            drop(reader);
            tokio::task::yield_now().await;
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_stuck_reader_is_cut_and_nobody_else_is_busy_while_the_log_file_stays_short() {
    let limits = StoreLimits {
        statement: Duration::from_secs(3_600),
        checkpoint_bytes: 256 * 1024,
        truncate_bytes: 1024 * 1024,
        log_file_bytes_max: LOG_FILE_BYTES_MAX,
        ..StoreLimits::default()
    };
    let fresh = place(limits).open().await;
    let mut tx = fresh.store.begin().await.unwrap();
    sources::register(&mut tx.conn(), ORG, "scanner", Timestamp::from_seconds(0)).await.unwrap();
    tx.commit().await.unwrap();
    let crowd = Arc::new(Crowd {
        store: fresh.store.clone(),
        log_file: fresh.folder().join("wallclock.db-wal"),
        batches: AtomicI64::new(0),
        longest_log_file: AtomicU64::new(0),
        is_over: AtomicBool::new(false),
        writing: tokio::sync::Mutex::new(()),
    });
    let mut stuck = fresh.store.snapshot().await.unwrap();
    sources::list(&mut stuck.conn(), ORG).await.unwrap();
    let stuck = tokio::spawn(async move { ask_without_end(&mut stuck.conn()).await });
    let each = |count: usize| (0..count).map(|_| crowd.clone());
    let readers: Vec<_> = each(READERS).map(|crowd| tokio::spawn(async move { crowd.read().await })).collect();
    let writers: Vec<_> = each(WRITERS).map(|crowd| tokio::spawn(async move { crowd.write().await })).collect();
    for writer in writers {
        writer.await.unwrap();
    }
    crowd.is_over.store(true, Ordering::Relaxed);
    for reader in readers {
        reader.await.unwrap();
    }
    let cut = stuck.await.unwrap();
    assert!(matches!(cut, Err(StoreError::TookTooLong)), "{cut:?}");
    let written = crowd.batches.load(Ordering::Relaxed) * 64_000;
    let longest = crowd.longest_log_file.load(Ordering::Relaxed);
    assert!(u64::try_from(written).unwrap() > 4 * LOG_FILE_BYTES_MAX, "only {written} bytes were written");
    assert!(longest <= LOG_FILE_BYTES_MAX, "the log file grew to {longest} bytes");
    assert!(longest > LOG_FILE_BYTES_MAX / 2, "the reader never stood in the way: {longest} bytes");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_log_file_begins_anew_while_one_writes_and_nothing_of_it_is_lost() {
    const LINES: i64 = 200;
    let limits = StoreLimits { checkpoint_bytes: 256 * 1024, truncate_bytes: 1024 * 1024, ..StoreLimits::default() };
    let fresh = place(limits).open().await;
    let log_file = fresh.folder().join("wallclock.db-wal");
    // What made the tables lies in it as well.
    fresh.store.checkpoint_when_due().await.unwrap();
    let mut longest = 0;
    for number in 1..=LINES {
        let mut packer = raw_lines::Packer::default();
        let noise: Vec<u8> = (0..8_000)
            .flat_map(|place: i64| ((place * place) ^ number).wrapping_mul(6_364_136_223).to_be_bytes())
            .collect();
        packer.add(&[1; 16], &noise);
        let mut tx = fresh.store.begin_unflushed().await.unwrap();
        let batch = BatchId::from_row(number);
        raw_lines::write(&mut tx.conn(), ORG, batch, &packer.finish().unwrap()).await.unwrap();
        tx.commit().await.unwrap();
        longest = longest.max(std::fs::metadata(&log_file).unwrap().len());
        fresh.store.checkpoint_when_due().await.unwrap();
    }
    // What is committed beside a pass comes on top of the length at which the writer waits for it.
    assert!(longest < 2 * 1024 * 1024, "the log file grew to {longest} bytes");
    let mut reader = fresh.store.reader().await.unwrap();
    for number in 1..=LINES {
        assert!(raw_lines::one(&mut reader.conn(), ORG, BatchId::from_row(number), 0).await.unwrap().is_some());
    }
    assert_eq!(store::engine::integrity_faults(&mut reader.conn()).await.unwrap(), Vec::<String>::new());
}
