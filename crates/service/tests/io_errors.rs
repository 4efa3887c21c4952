//! When the disk fails or is full: what was acknowledged is kept, the sender gets a clear answer, and a failed flush is
//! never tried again.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on fails right there")]

mod support;

use service::ServiceError;
use shimfs::{Fault, FaultKind, Lasting, ShimFs, Unflushed};
use store::{Database, Store, StoreLimits, StoreOptions};
use support::{
    Desk, NOW,
    disk::{kept_ids, migrated_into, on_migrated},
    engines::Folder,
    line,
};

/// Calls that fail, one in each run.
const CALLS: u64 = 200;
/// More requests than any of those calls is away.
const REQUESTS_MAX: u32 = 60;

/// Sends until a request is refused; what was acknowledged before, and why.
async fn send_until_refused(desk: &Desk, first: u32) -> (Vec<String>, ServiceError) {
    let mut acknowledged = Vec::new();
    for request in first..first + REQUESTS_MAX {
        let ids: Vec<String> = (0..=request % 3).map(|number| format!("r{request}-{number}")).collect();
        let body: String = ids.iter().map(|id| line(id, id, "detected", NOW - 900_000)).collect();
        let outcome = match request % 5 {
            3 => desk.try_import(body.as_bytes()).await.map(|_| ()),
            _ => desk.try_send(service::ingest::SendEvents::new("scanner", body.into_bytes())).await.map(|_| ()),
        };
        match outcome {
            Ok(()) => acknowledged.extend(ids),
            Err(error) => return (acknowledged, error),
        }
    }
    panic!("{REQUESTS_MAX} requests and none was refused");
}

fn limits() -> StoreLimits {
    // So small that a few requests fill it: the flushes of moving it fail too.
    StoreLimits { checkpoint_bytes: 150_000, truncate_bytes: 300_000, ..StoreLimits::default() }
}

/// What is missing after the power is cut behind everything that was recorded, and the database is opened again, by a
/// file system that never flushes: real flushes would be most of the time of these tests.
async fn lost(shim: &ShimFs, after: &ShimFs, acknowledged: &[String]) -> Vec<String> {
    let (folder, recording) = (Folder::new(), shim.recording());
    recording.cut_power(recording.len(), Unflushed::Lost, folder.path()).unwrap();
    after.begin_with(folder.path()).unwrap();
    let mut options = StoreOptions::new(Database::Sqlite(folder.path().to_owned()));
    options.file_system = Some(after.name().to_owned());
    let store = Store::open(&options).await.unwrap();
    let faults = store::engine::integrity_faults(&mut store.reader().await.unwrap().conn()).await.unwrap();
    assert_eq!(faults, Vec::<String>::new());
    let kept = kept_ids(&store).await;
    store.close().await;
    acknowledged.iter().filter(|id| !kept.contains(*id)).cloned().collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn after_an_io_error_writing_ends_and_nothing_acknowledged_is_lost() {
    let (shim, template) = (ShimFs::register("io-errors"), Folder::new());
    let after = ShimFs::register("after-errors");
    migrated_into(&template).await;
    for nth in 1..=CALLS {
        let desk = on_migrated(&shim, &template, limits()).await;
        shim.fail(Fault::nth(nth, FaultKind::Io, Lasting::Once));
        let (acknowledged, error) = send_until_refused(&desk, 0).await;
        assert!(shim.mend(), "call {nth} was never made");
        assert!(matches!(error, ServiceError::StorageUnavailable(_)), "call {nth}: {error}");
        // The disk works again, and still nothing is tried a second time.
        assert!(desk.services.writing_has_stopped(), "call {nth}: {error}");
        let (more, error) = send_until_refused(&desk, 1_000).await;
        assert!(more.is_empty() && matches!(error, ServiceError::StorageUnavailable(_)), "call {nth}: {error}");
        assert_eq!(lost(&shim, &after, &acknowledged).await, Vec::<String>::new(), "call {nth}");
        desk.services.store().close().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn on_a_full_disk_writes_are_refused_until_there_is_room_and_reading_goes_on() {
    let (shim, template) = (ShimFs::register("full-disk"), Folder::new());
    let after = ShimFs::register("after-full");
    migrated_into(&template).await;
    for nth in 1..=CALLS {
        let desk = on_migrated(&shim, &template, limits()).await;
        shim.fail(Fault::nth(nth, FaultKind::Full, Lasting::UntilMended));
        let (mut acknowledged, error) = send_until_refused(&desk, 0).await;
        assert!(shim.has_failed(), "call {nth} was never made");
        assert!(matches!(error, ServiceError::StorageFull), "call {nth}: {error}");
        let readable = kept_ids(desk.services.store()).await;
        assert!(acknowledged.iter().all(|id| readable.contains(id)), "call {nth}");
        assert!(shim.mend() && !desk.services.writing_has_stopped(), "call {nth}");
        desk.send(&line("after", "after", "detected", NOW - 900_000)).await;
        acknowledged.push("after".to_owned());
        assert_eq!(lost(&shim, &after, &acknowledged).await, Vec::<String>::new(), "call {nth}");
        desk.services.store().close().await;
    }
}

#[tokio::test]
async fn below_the_limit_of_free_disk_events_are_refused_and_reading_goes_on() {
    let (shim, template) = (ShimFs::register("little-room"), Folder::new());
    migrated_into(&template).await;
    let full = StoreLimits { disk_bytes_free_min: u64::MAX, ..limits() };
    let desk = on_migrated(&shim, &template, full).await;
    let (acknowledged, error) = send_until_refused(&desk, 0).await;
    assert!(acknowledged.is_empty() && matches!(error, ServiceError::StorageFull), "{error}");
    let imported = desk.try_import(line("a", "a", "detected", NOW).as_bytes()).await;
    assert!(matches!(imported, Err(ServiceError::StorageFull)), "{imported:?}");
    assert_eq!(kept_ids(desk.services.store()).await.len(), 0);
    assert_eq!(desk.verify().await.differences, Vec::<String>::new());
}
