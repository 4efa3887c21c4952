//! A file is published as one, held lines keep their place until somebody decides, and the sums agree throughout.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that cannot go on fails right there")]

mod support;

use domain::id::{ImportId, QuarantineId};
use service::{FIRST_ORG, ServiceError, authorise::proof, identity::record::Origin, ingest::Release};
use store::{
    batches::Counts,
    imports::{self, ImportState},
    quarantine::{self, HeldState},
};
use support::{Desk, NOW, line, refusal as code};

const BEGUN: i64 = NOW - 900_000;

fn file(items: u32) -> String {
    let steps = ["detected", "ticketed", "work_started", "closed", "redetected"];
    let mut text = String::new();
    for (step, event) in (0..).zip(steps) {
        for item in 0..items {
            text.push_str(&line(&format!("{item}/{event}"), &format!("item-{item}"), event, BEGUN + step * 7_000));
        }
    }
    text
}

async fn import_of(desk: &Desk, id: i64) -> imports::StoredImport {
    let mut reader = desk.services.store().reader().await.unwrap();
    imports::by_id(&mut reader.conn(), FIRST_ORG, ImportId::from_row(id)).await.unwrap().unwrap()
}

on_both_engines! {
    async fn a_file_is_imported_whole_and_a_second_time_adds_nothing(place) {
        let desk = Desk::open(place).await;
        let text = file(2_500);
        let first = desk.import(&text).await;
        assert_eq!(first.counts, Counts { received: 12_500, accepted: 12_500, duplicate: 0, quarantined: 0 });
        assert_eq!((first.items, first.bytes), (2_500, text.len() as u64));
        let hash = desk.state_hash().await;
        let again = desk.import(&text).await;
        assert_eq!(again.counts, Counts { received: 12_500, accepted: 0, duplicate: 12_500, quarantined: 0 });
        assert_eq!(again.items, 0);
        assert_eq!((first.same_as, again.same_as), (None, Some(first.id)));
        assert_eq!(desk.state_hash().await, hash);
        assert_eq!(import_of(&desk, 1).await.state, ImportState::Published);
        let report = desk.verify().await;
        assert_eq!(report.differences, Vec::<String>::new());
        assert_eq!((report.events, report.items), (12_500, 2_500));
    }

    async fn a_file_is_known_again_by_its_bytes_and_its_source(place) {
        let desk = Desk::open(place).await;
        let text = file(2);
        let array = format!("[{}]\n \n", text.trim_end().replace('\n', ","));
        assert_eq!(code(desk.try_import(&array.as_bytes()[..array.len() - 6]).await), "json_syntax");
        let first = desk.import(&array).await;
        let elsewhere = desk.try_import_from("other", array.as_bytes()).await.unwrap();
        let again = desk.import(&array).await;
        let more = desk.import(&format!("{text}\n")).await;
        let same = [first.same_as, elsewhere.same_as, again.same_as, more.same_as];
        assert_eq!(same, [None, None, Some(first.id), None]);
        assert_eq!(again.counts, Counts { received: 10, accepted: 0, duplicate: 10, quarantined: 0 });
    }

    async fn the_same_file_is_not_imported_twice_at_once(place) {
        let desk = Desk::open(place).await;
        let text = file(3);
        // Whoever holds the log keeps an import from beginning.
        let mut gate = desk.services.store().begin().await.unwrap();
        store::log_state::lock(&mut gate.conn(), FIRST_ORG).await.unwrap();
        let (one, two) = (desk.try_import(text.as_bytes()), desk.try_import(text.as_bytes()));
        let (mut one, mut two) = (Box::pin(one), Box::pin(two));
        let (refused, waiting) = tokio::select! {
            refused = &mut one => (refused, two),
            refused = &mut two => (refused, one),
        };
        assert_eq!(code(refused), "import_running");
        gate.rollback().await.unwrap();
        assert_eq!(waiting.await.unwrap().counts.accepted, 15);
        assert_eq!(desk.import(&text).await.counts.duplicate, 15);
    }

    async fn a_file_and_single_events_leave_the_same_facts(place) {
        let desk = Desk::open(place).await;
        let text = file(20);
        let mut lines: Vec<&str> = text.lines().collect();
        lines.reverse();
        for half in lines.chunks(37) {
            desk.send(&half.join("\n")).await;
        }
        let sent = desk.state_hash().await;
        let other = Desk::open(support::engines::sqlite_place()).await;
        other.import(&text).await;
        assert_eq!(other.state_hash().await, sent);
    }

    async fn a_file_that_cannot_be_read_leaves_nothing(place) {
        let desk = Desk::open(place).await;
        assert_eq!(code(desk.try_import(b"").await), "empty_file");
        let broken = format!("[{},{{\"item_id\":", file(1).lines().next().unwrap());
        assert_eq!(code(desk.try_import(broken.as_bytes()).await), "json_syntax");
        assert_eq!(import_of(&desk, 2).await.state, ImportState::Failed);
        let report = desk.verify().await;
        assert_eq!((report.events, report.differences), (0, Vec::new()));
    }

    async fn a_release_moves_the_counts_of_its_import(place) {
        let desk = Desk::open(place).await;
        let info = "{\"item_id\":\"i\",\"event\":\"detected\",\"at\":\"2026-01-01T00:00:00Z\",\"severity\":\"info\"}\n";
        let naive = "{\"item_id\":\"n\",\"event\":\"detected\",\"at\":\"2026-01-01T00:00:00\"}\n";
        let ahead = line("", "f", "detected", NOW + 4_000);
        let summary = desk.import(&format!("{}{info}{naive}{ahead}", file(1))).await;
        assert_eq!(summary.counts, Counts { received: 8, accepted: 5, duplicate: 0, quarantined: 3 });
        let granted = desk.granted::<proof::QuarantineWork>();
        let origin = Origin::default();
        let [info_id, naive_id, ahead_id] = [1, 2, 3].map(QuarantineId::from_row);
        let release = |id, how| desk.services.release_held(&granted, &origin, id, how);
        assert_eq!(code(release(naive_id, Release::AsIs).await), "naive_time");
        assert_eq!(code(release(ahead_id, Release::AsIs).await), "future");
        assert_eq!(release(info_id, Release::AsLow).await.unwrap().accepted, 1);
        assert_eq!(code(release(info_id, Release::AsLow).await), "already_settled");
        let mended = naive.replace("00:00:00\"", "00:00:00+01:00\"");
        assert_eq!(release(naive_id, Release::Edited(mended.into_bytes())).await.unwrap().accepted, 1);
        desk.set_clock(NOW + 4_000);
        assert_eq!(release(ahead_id, Release::AsIs).await.unwrap().accepted, 1);
        let counts = import_of(&desk, 1).await.counts;
        assert_eq!(counts, Counts { received: 8, accepted: 8, duplicate: 0, quarantined: 0 });
        let report = desk.verify().await;
        assert_eq!(report.differences, Vec::<String>::new());
        // The import and three releases.
        assert_eq!((report.items, report.audit_records), (4, 4));
    }

    async fn a_dismissed_line_needs_a_reason_and_stays_counted(place) {
        let desk = Desk::open(place).await;
        let summary = desk.import(&format!("{}{{oops\n", file(1))).await;
        let id = QuarantineId::from_row(summary.first_held[0].quarantine_id.unwrap());
        let granted = desk.granted::<proof::QuarantineWork>();
        let origin = Origin::default();
        assert_eq!(code(desk.services.dismiss_held(&granted, &origin, id, "  ").await), "missing_field");
        desk.services.dismiss_held(&granted, &origin, id, "cut by the sender").await.unwrap();
        let mut reader = desk.services.store().reader().await.unwrap();
        let held = quarantine::by_id(&mut reader.conn(), FIRST_ORG, id).await.unwrap().unwrap();
        assert_eq!((held.state, held.line), (HeldState::Dismissed, Some(6)));
        drop(reader);
        assert_eq!(import_of(&desk, 1).await.counts.quarantined, 1);
        let outcome = desk.services.release_held(&granted, &origin, QuarantineId::from_row(99), Release::AsIs).await;
        assert!(matches!(outcome, Err(ServiceError::NotFound)), "{outcome:?}");
        assert_eq!(desk.verify().await.differences, Vec::<String>::new());
    }

    async fn a_past_view_knows_only_what_was_known_and_had_happened(place) {
        let desk = Desk::open(place).await;
        desk.send(&line("", "a", "detected", BEGUN)).await;
        desk.set_clock(NOW + 1_000);
        desk.send(&(line("", "a", "verified", BEGUN + 50) + &line("", "b", "detected", BEGUN + 60))).await;
        let at = domain::time::Timestamp::from_seconds;
        let view = |as_of, known_at| domain::view::View { as_of: at(as_of), known_at: at(known_at), observed_from: at(0) };
        for (as_of, known_at, items, open) in [
            (NOW, NOW, 1, 1),
            (NOW, NOW + 1_000, 2, 1),
            (BEGUN + 55, NOW + 1_000, 1, 0),
            (BEGUN, NOW + 1_000, 0, 0),
        ] {
            let ledger = desk.services.ledger_of(FIRST_ORG, view(as_of, known_at)).await.unwrap();
            let still_open = ledger.facts().filter(|facts| facts.episodes.iter().all(|one| one.end.is_none())).count();
            assert_eq!((ledger.items().len(), still_open), (items, open), "as of {as_of}, known at {known_at}");
        }
    }
}
