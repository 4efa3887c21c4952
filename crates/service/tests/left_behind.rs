//! What a killed process left half-way does not say for ever that it runs.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails right there")]

mod support;

use domain::{id::ImportId, time::Timestamp};
use service::{FIRST_ORG, authorise::proof, identity::record::Origin};
use std::time::{Duration, UNIX_EPOCH};
use store::{
    imports::{self, NewImport},
    sources,
};
use support::{Desk, NOW, line};

on_both_engines! {
    async fn a_file_that_no_import_names_is_taken_away_at_the_next_start(place) {
        let desk = Desk::open(place).await;
        let spool = desk.services.data_dir().join("spool");
        std::fs::create_dir_all(&spool).unwrap();
        let long_ago = UNIX_EPOCH + Duration::from_secs(NOW.unsigned_abs() - 2 * 86_400);
        let leave = |name: &str| {
            let path = spool.join(name);
            let file = std::fs::File::create(&path).unwrap();
            // Other processes may share the folder of a server's database: what is new may be theirs.
            file.set_modified(long_ago).unwrap();
            path
        };
        let (named, left, other) = (leave("1.part"), leave("2.part"), leave("notes.txt"));
        let now = Timestamp::from_seconds(NOW);
        let mut tx = desk.services.store().begin().await.unwrap();
        let source = sources::register(&mut tx.conn(), FIRST_ORG, "scanner", now).await.unwrap();
        let id = ImportId::from_row(1);
        let new = NewImport { id, source, name: "b.ndjson", bytes: 90, digest: &[4; 32], at: now, plan: "", spool: named.to_str().unwrap(), terms: "{}" };
        imports::start(&mut tx.conn(), FIRST_ORG, &new).await.unwrap();
        tx.commit().await.unwrap();
        let desk = desk.reopened().await;
        assert_eq!((named.exists(), left.exists(), other.exists()), (true, false, true));
        // It goes with the import.
        let granted = desk.granted::<proof::ImportsWrite>();
        desk.services.cancel_import(&granted, &Origin::default(), id).await.unwrap();
        assert!(!named.exists());
    }

    async fn the_next_process_says_that_an_import_of_a_killed_one_was_interrupted(place) {
        let desk = Desk::open(place).await;
        let published = desk.import(&line("a", "a", "detected", NOW - 900_000)).await.id;
        let left_behind = ImportId::from_row(published.get() + 1);
        let mut tx = desk.services.store().begin().await.unwrap();
        let now = Timestamp::from_seconds(NOW);
        let source = sources::register(&mut tx.conn(), FIRST_ORG, "scanner", now).await.unwrap();
        let new = NewImport {
            id: left_behind,
            source,
            name: "b.ndjson",
            bytes: 90,
            digest: &[4; 32],
            at: now,
            plan: "",
            spool: "",
            terms: "{}",
        };
        imports::start(&mut tx.conn(), FIRST_ORG, &new).await.unwrap();
        tx.commit().await.unwrap();
        let desk = desk.reopened().await;
        let mut reader = desk.services.store().reader().await.unwrap();
        let mut states = Vec::new();
        for id in [published, left_behind] {
            states.push(imports::by_id(&mut reader.conn(), FIRST_ORG, id).await.unwrap().unwrap().state);
        }
        assert_eq!(states, [imports::ImportState::Published, imports::ImportState::Interrupted]);
    }
}
