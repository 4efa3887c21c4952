//! Whoever changes the database behind the back of the log is found, on both engines.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that cannot go on fails right there")]

mod support;

use store::Database;
use support::{Desk, NOW, behind, line};

/// Statements that both engines understand, with what `verify` says of each.
const TAMPERING: [(&str, &[&str], &str); 20] = [
    ("a moment was flipped", &["update events set at = at - 86400 where seq = 2"], "are not those that were committed"),
    ("a line was changed", &["update events set body = replace(body, 'closed', 'paused') where seq = 3"], "are not those that were committed"),
    ("a time was put right that nobody decided about", &["update events set counted = replace(body, '2026-0', '2025-0') where seq = 3"], "do not say what its line says"),
    ("an event was renamed", &["update events set event = 2 where seq = 3"], "do not say what its line says"),
    ("knowledge was moved back", &["update events set received_at = received_at - 5 where seq = 1"], "are not those that were committed"),
    ("what stands under a key was said to be another", &["update event_keys set content = content + 1 where seq = 3"], "is told by another content"),
    ("a key was given up", &["delete from event_keys where seq = 3"], "event 3 does not stand under its key"),
    ("an event was deleted", &["delete from events where seq = 2"], "has 2 events, expected 3"),
    (
        "an event was inserted",
        &["insert into events (org_id, seq, batch_id, line, source_id, key, item_key, event, at, received_at, certainty, body,
             displaced_by)
           select org_id, 900, batch_id, line, source_id, key, item_key, event, at, received_at, certainty, body, 2
             from events where seq = 2"],
        "stand outside the chain",
    ),
    ("two events were swapped", &["update events set line = 1 - line where seq in (1, 2)"], "are not those that were committed"),
    ("an event was set aside", &["update events set displaced_by = 1 where seq = 3"], "set aside without one that counts"),
    ("a count was changed", &["update batches set received = received + 1, accepted = accepted + 1 where batch_id = 1"], "is not what was chained"),
    ("the last batch was cut off", &["delete from batches where batch_id = 2"], "the chain ends at batch 1"),
    ("a batch was given another last moment", &["update batch_spans set last_at = last_at + 60 where batch_id = 2"], "span of batch 2 is not that of its events"),
    (
        "a batch without events was given a span",
        &["insert into batch_spans (org_id, batch_id, source_id, import_id, first_seq, last_seq, first_at, last_at)
           select org_id, 9, source_id, import_id, first_seq, last_seq, first_at, last_at from batch_spans where batch_id = 2"],
        "3 batches have a span, 2 have events",
    ),
    ("raw lines were removed", &["delete from raw_chunks where batch_id = 1"], "raw line of event 1 is gone"),
    ("facts were taken from another item", &["update facts set body = (select body from facts where item_key = 2) where item_key = 1"], "the facts of item 1 are not the fold"),
    ("facts were removed", &["delete from facts where item_key = 2"], "the facts of item 2 are not the fold"),
    ("a held line was removed", &["delete from quarantine"], "0 lines lie in quarantine, expected 1"),
    ("a held line was settled by nobody", &["update quarantine set state = 'dismissed'"], "0 lines wait in quarantine, the log remembers 1"),
];

async fn tamper(database: &Database, statements: &[&'static str]) {
    for statement in statements {
        let changed = behind::run(database, statement, statement).await;
        assert!(changed > 0, "nothing was changed by {statement}");
    }
}

/// Two items, two batches and a held line.
async fn filled(place: support::engines::Place) -> Desk {
    let desk = Desk::open(place).await;
    let life = ["detected", "ticketed", "closed"];
    for (item, begun) in [("a", NOW - 90_000), ("b", NOW - 80_000)] {
        let body: String =
            life.iter().zip(0..).map(|(event, step)| line("", item, event, begun + step * 500)).collect();
        desk.send(&body).await;
    }
    desk
}

async fn found(place: support::engines::Place, number: usize) {
    let (what, statements, expected) = TAMPERING[number];
    let mut desk = filled(place).await;
    // The held line comes in the second batch of its own, but where the test counts batches there is none.
    if statements.iter().any(|statement| statement.contains("quarantine")) {
        desk.send("{oops\n").await;
    }
    assert_eq!(desk.verify().await.differences, Vec::<String>::new(), "before {what}");
    desk = desk.reopened().await;
    tamper(&desk.place.options.database, statements).await;
    let report = desk.verify().await;
    assert!(report.differences.iter().any(|found| found.contains(expected)), "{what}: {:?}", report.differences);
}

on_both_engines! {
    async fn every_kind_of_tampering_is_found(place) {
        let is_sqlite = matches!(place.options.database, Database::Sqlite(_));
        drop(place);
        for number in 0..TAMPERING.len() {
            let place = if is_sqlite { support::engines::sqlite_place() } else { support::engines::postgres_place() };
            found(place, number).await;
        }
    }

    async fn a_conflict_and_a_release_leave_nothing_to_find(place) {
        let desk = filled(place).await;
        desk.send(&line("e", "c", "detected", NOW - 500)).await;
        desk.send(&line("e", "c", "detected", NOW - 600)).await;
        let report = desk.verify().await;
        assert_eq!(report.differences, Vec::<String>::new());
        assert_eq!((report.events, report.items), (8, 3));
    }
}
