//! Whatever is acknowledged survives a power cut at any moment; with a setting that flushes less, the same harness loses.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on fails right there")]

mod support;

use shimfs::{Recording, ShimFs, Unflushed};
use std::collections::BTreeSet;
use store::{Database, Store, StoreLimits, StoreOptions};
use support::{
    Desk, NOW,
    disk::{kept_ids, on},
    engines::{Folder, Place},
    line,
};

/// Moments at which the power is cut.
const CUTS: usize = 200;
/// Every so many cuts the chain, the sums and the facts are verified too.
const VERIFIED_EVERY: usize = 25;
const ROUNDS: i64 = 24;

/// What was acknowledged, and how many steps had been recorded by then.
type Acknowledged = Vec<(usize, String)>;

/// Requests, now and then a file, with a log file so small that it is moved into the database again and again.
async fn write_for_a_while(desk: &Desk, shim: &ShimFs) -> Acknowledged {
    let mut acknowledged = Vec::new();
    for round in 0..ROUNDS {
        let lines = if round % 8 == 5 { 60 } else { 1 + round % 4 };
        let ids: Vec<String> = (0..lines).map(|number| format!("r{round}-{number}")).collect();
        let body: String = ids.iter().map(|id| line(id, id, "detected", NOW - 900_000 + round)).collect();
        if round % 8 == 5 {
            desk.import(&body).await;
        } else {
            desk.send(&body).await;
        }
        let steps = shim.steps();
        acknowledged.extend(ids.into_iter().map(|id| (steps, id)));
    }
    acknowledged
}

/// What is missing after a cut at each of the moments: acknowledged before it and not there any more.
async fn lost(recording: &Recording, acknowledged: &Acknowledged, unflushed: impl Fn(usize) -> Unflushed) -> usize {
    let mut lost = 0;
    for cut in 1..=CUTS {
        let steps = recording.len() * cut / CUTS;
        let folder = Folder::new();
        recording.cut_power(steps, unflushed(cut), folder.path()).unwrap();
        let kept = kept_after_the_cut(folder, cut).await;
        lost += acknowledged.iter().filter(|(at, id)| *at <= steps && !kept.contains(id)).count();
    }
    lost
}

async fn kept_after_the_cut(folder: Folder, cut: usize) -> BTreeSet<String> {
    let options = StoreOptions::new(Database::Sqlite(folder.path().to_owned()));
    if cut.is_multiple_of(VERIFIED_EVERY) {
        let desk = Desk::open(Place { options, folder }).await;
        assert_eq!(desk.verify().await.differences, Vec::<String>::new(), "cut {cut}");
        let kept = kept_ids(desk.services.store()).await;
        desk.services.store().close().await;
        return kept;
    }
    let store = Store::open(&options).await.unwrap_or_else(|error| panic!("cut {cut}: {error}"));
    let faults = store::engine::integrity_faults(&mut store.reader().await.unwrap().conn()).await.unwrap();
    assert_eq!(faults, Vec::<String>::new(), "cut {cut}");
    let kept = kept_ids(&store).await;
    store.close().await;
    kept
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_acknowledged_is_lost_when_the_power_is_cut() {
    let (shim, desk) = recorded("power-full").await;
    let acknowledged = write_for_a_while(&desk, &shim).await;
    let recording = shim.recording();
    assert!(recording.flushes_of("wallclock.db") > 1, "the log file was never moved into the database");
    assert_eq!(lost(&recording, &acknowledged, |_| Unflushed::Lost).await, 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_acknowledged_is_lost_when_some_of_the_unflushed_writes_reach_the_disk() {
    let (shim, desk) = recorded("power-scattered").await;
    let acknowledged = write_for_a_while(&desk, &shim).await;
    let seed = |cut: usize| Unflushed::Scattered(u64::try_from(cut).unwrap().wrapping_mul(0x9e37_79b9_7f4a_7c15));
    assert_eq!(lost(&shim.recording(), &acknowledged, seed).await, 0);
}

/// The proof that the harness can see a loss: without a flush at each commit the log is not durable.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_same_cuts_lose_rows_when_commits_are_not_flushed() {
    let (shim, desk) = recorded("power-normal").await;
    let acknowledged = write_for_a_while(&desk, &shim).await;
    let recording = shim.recording().flushing_less("wallclock.db-wal");
    assert!(lost(&recording, &acknowledged, |_| Unflushed::Lost).await > 0);
}

/// A desk over a file system that records from the first step after opening.
async fn recorded(name: &str) -> (ShimFs, Desk) {
    let limits = StoreLimits { checkpoint_bytes: 400_000, truncate_bytes: 800_000, ..StoreLimits::default() };
    on(name, limits).await
}
