//! A snapshot counts from when its import is published, and a few of each source are kept, on both engines.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails right there")]

mod support;

use domain::{
    id::{ImportId, SourceId},
    time::Timestamp,
};
use store::{
    StoreError, Tx,
    batches::Counts,
    import_steps,
    imports::{self, ImportState},
    snapshots::{self, KeptSnapshot},
    sources,
};
use support::lines::{ORG, new_import};

const NOW: Timestamp = Timestamp::from_seconds(1_772_359_200);

fn import(number: i64) -> ImportId {
    ImportId::from_row(number)
}

fn taken(number: i64, at: i64) -> KeptSnapshot {
    let since = (at > 0).then(|| NOW.plus(at - 1));
    KeptSnapshot { import: import(number), taken_at: NOW.plus(at), since, items: 2, parts: 2 }
}

/// An import with its snapshot of two parts; it is not published yet.
async fn begin(tx: &mut Tx, source: SourceId, number: i64, at: i64) {
    imports::start(&mut tx.conn(), ORG, &new_import(number, source, NOW)).await.unwrap();
    snapshots::add(&mut tx.conn(), ORG, source, &taken(number, at)).await.unwrap();
    for part in 0..2 {
        let text = format!("part {part} of {number}").repeat(100);
        snapshots::add_part(&mut tx.conn(), ORG, import(number), part, text.as_bytes()).await.unwrap();
    }
}

async fn publish(tx: &mut Tx, number: i64) {
    let counts = Counts { received: 0, accepted: 0, duplicate: 0, quarantined: 0 };
    import_steps::publish(&mut tx.conn(), ORG, import(number), NOW, counts, 0).await.unwrap();
}

async fn newest(tx: &mut Tx) -> Option<i64> {
    snapshots::newest(&mut tx.conn(), ORG, "scanner").await.unwrap().map(|kept| kept.import.get())
}

on_both_engines! {
    async fn only_a_published_snapshot_is_the_one_before(place) {
        let fresh = place.open().await;
        let mut tx = fresh.store.begin().await.unwrap();
        let source = sources::register(&mut tx.conn(), ORG, "scanner", NOW).await.unwrap();
        let other = sources::register(&mut tx.conn(), ORG, "other", NOW).await.unwrap();
        begin(&mut tx, source, 1, 0).await;
        assert_eq!(newest(&mut tx).await, None);
        publish(&mut tx, 1).await;
        begin(&mut tx, other, 2, 9).await;
        publish(&mut tx, 2).await;
        begin(&mut tx, source, 3, 5).await;
        import_steps::stop(&mut tx.conn(), ORG, import(3), ImportState::Interrupted, NOW).await.unwrap();
        assert_eq!(snapshots::newest(&mut tx.conn(), ORG, "scanner").await.unwrap(), Some(taken(1, 0)));
        begin(&mut tx, source, 4, 7).await;
        publish(&mut tx, 4).await;
        assert_eq!(snapshots::newest(&mut tx.conn(), ORG, "scanner").await.unwrap(), Some(taken(4, 7)));
        // Of two of one moment the later import is the newer one, and the order of imports is not that of moments.
        begin(&mut tx, source, 5, 7).await;
        publish(&mut tx, 5).await;
        begin(&mut tx, source, 6, 6).await;
        publish(&mut tx, 6).await;
        assert_eq!(newest(&mut tx).await, Some(5));
    }

    async fn the_parts_come_back_and_the_oldest_snapshots_are_forgotten(place) {
        let fresh = place.open().await;
        let mut tx = fresh.store.begin().await.unwrap();
        let source = sources::register(&mut tx.conn(), ORG, "scanner", NOW).await.unwrap();
        let other = sources::register(&mut tx.conn(), ORG, "other", NOW).await.unwrap();
        begin(&mut tx, other, 100, 0).await;
        publish(&mut tx, 100).await;
        for number in 1..=6 {
            begin(&mut tx, source, number, number).await;
            publish(&mut tx, number).await;
        }
        for (number, is_kept) in [(1, false), (2, false), (3, true), (6, true), (100, true)] {
            let part = snapshots::part(&mut tx.conn(), ORG, import(number), 1).await;
            let expected = format!("part 1 of {number}").repeat(100).into_bytes();
            match part {
                Ok(part) => assert!(is_kept && part == expected, "{number}"),
                Err(error) => assert!(!is_kept && matches!(error, StoreError::Damaged(_)), "{number}: {error}"),
            }
        }
    }
}
