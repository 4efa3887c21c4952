//! A decision about the clock of a source: it moves the times of what comes in later, and nothing else.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that cannot go on fails right there")]

mod support;

use domain::{id::QuarantineId, time::Timestamp};
use service::{
    FIRST_ORG, ServiceError,
    authorise::proof,
    identity::record::Origin,
    ingest::{
        AllowedSources, FileSaid, ImportInput, ImportOptions, ImportSummary, OFFSET_SECONDS_MAX, ReceivedAt, Release,
        SourcePlan,
    },
};
use std::sync::Arc;
use store::{
    batches::Counts,
    history::{self, PRESENT, Shown},
    items,
    quarantine::{self, HeldState},
};
use support::{Desk, NOW, line, refusal as code};

async fn decide(desk: &Desk, source: &str, seconds: i64) {
    let granted = desk.granted::<proof::SourcesWrite>();
    desk.services.decide_clock(&granted, &Origin::default(), source, seconds, "two minutes ahead").await.unwrap();
}

async fn shown(desk: &Desk, item: &str) -> Vec<Shown> {
    let mut reader = desk.services.store().reader().await.unwrap();
    let conn = &mut reader.conn();
    let known = items::known(conn, FIRST_ORG, &[item]).await.unwrap();
    history::of_item(conn, FIRST_ORG, known[0].1, 100, PRESENT).await.unwrap()
}

/// The moments of an item as they count, in the order of the log, from the beginning of the test.
async fn moments(desk: &Desk, item: &str) -> Vec<i64> {
    let moment = |shown: Shown| {
        let fields: serde_json::Value = serde_json::from_str(&shown.body).unwrap();
        Timestamp::parse(fields["at"].as_str().unwrap()).unwrap().seconds() - NOW
    };
    shown(desk, item).await.into_iter().map(moment).collect()
}

async fn bring(desk: &Desk, plan: SourcePlan, said: FileSaid, text: &str) -> Result<ImportSummary, ServiceError> {
    let options = ImportOptions {
        name: "export".into(),
        source: "scanner".into(),
        allowed: AllowedSources::Any,
        received_at: ReceivedAt::Stamped,
        encoding: None,
        plan: Some(plan),
        said,
        origin: Origin::default(),
    };
    let input = ImportInput::Stream(Box::new(std::io::Cursor::new(text.as_bytes().to_vec())));
    desk.services.import(&desk.granted::<proof::ImportsWrite>(), input, options, Arc::new(|_| {})).await
}

/// A whole list, of which a person says when it was taken.
async fn snapshot(desk: &Desk, taken_at: &str, text: &str) {
    let said = FileSaid { taken_at: taken_at.to_owned(), complete: Some(true), ..FileSaid::default() };
    bring(desk, SourcePlan::usual("tenable-csv"), said, text).await.unwrap();
}

const NONE: Counts = Counts { received: 0, accepted: 0, duplicate: 0, quarantined: 0 };

on_both_engines! {
    async fn what_comes_in_later_is_put_right_and_what_came_before_stays_a_duplicate(place) {
        let desk = Desk::open(place).await;
        let file = line("a", "x", "detected", NOW - 500) + &line("", "x", "seen", NOW - 400);
        desk.import(&file).await;
        let before = desk.state_hash().await;
        desk.set_clock(NOW + 10);
        decide(&desk, "scanner", 120).await;
        // The same lines again, by the same and by another way, with ids and without: nothing new, nothing in conflict.
        assert_eq!(desk.import(&file).await.counts, Counts { received: 2, duplicate: 2, ..NONE });
        assert_eq!(desk.send(&file).await.counts(), Counts { received: 2, duplicate: 2, ..NONE });
        assert_eq!(desk.state_hash().await, before);
        let later = line("b", "x", "seen", NOW + 100) + &line("", "x", "seen", NOW + 110);
        assert_eq!(desk.send(&later).await.accepted, 2);
        assert_eq!(desk.import(&(later.clone() + &line("c", "x", "seen", NOW + 120))).await.counts,
            Counts { received: 3, accepted: 1, duplicate: 2, ..NONE });
        assert_eq!(moments(&desk, "x").await, [-500, -400, -20, -10, 0]);
        let corrected: Vec<bool> = shown(&desk, "x").await.iter().map(|shown| shown.is_corrected).collect();
        assert_eq!(corrected, [false, false, true, true, true]);
        // It ends, and what came while it held stays a duplicate too. Another source was never concerned.
        decide(&desk, "scanner", 0).await;
        assert_eq!(desk.send(&later).await.counts(), Counts { received: 2, duplicate: 2, ..NONE });
        assert_eq!(desk.send(&line("d", "x", "seen", NOW + 5)).await.accepted, 1);
        assert_eq!(desk.try_import_from("other", line("e", "x", "seen", NOW + 6).as_bytes()).await.unwrap().counts.accepted, 1);
        assert_eq!(moments(&desk, "x").await, [-500, -400, -20, -10, 0, 5, 6]);
        assert_eq!(desk.verify().await.differences, Vec::<String>::new());
        let told = desk.services.clock_decisions(&desk.granted::<proof::ImportsWrite>(), "scanner").await.unwrap();
        let told: Vec<_> = told.iter().map(|one| (one.seconds, one.decided_by.as_str(), one.why.as_str())).collect();
        assert_eq!(told, [(0, "operator", "two minutes ahead"), (120, "operator", "two minutes ahead")]);
    }

    async fn what_was_in_the_future_by_a_clock_that_is_known_is_taken_and_folded_at_its_right_time(place) {
        let desk = Desk::open(place).await;
        let far = line("a", "x", "detected", NOW + 400);
        assert_eq!(desk.send(&far).await.quarantined, 1);
        decide(&desk, "scanner", 400).await;
        let granted = desk.granted::<proof::QuarantineWork>();
        desk.services.release_held(&granted, &Origin::default(), QuarantineId::from_row(1), Release::AsIs).await.unwrap();
        assert_eq!(desk.send(&line("b", "x", "closed", NOW + 390)).await.accepted, 1);
        assert_eq!(moments(&desk, "x").await, [0, -10]);
        let present = desk.services.present_ledger(FIRST_ORG).await.unwrap();
        assert!(present.ledger.items()[0].facts.origin.seconds() <= NOW, "it is folded at its right time");
        assert_eq!(desk.verify().await.differences, Vec::<String>::new());
        let mut reader = desk.services.store().reader().await.unwrap();
        let held = quarantine::page(&mut reader.conn(), FIRST_ORG, HeldState::Held, QuarantineId::from_row(0), 9).await.unwrap();
        assert!(held.is_empty(), "{held:?}");
    }

    async fn a_held_line_is_put_right_by_what_was_in_force_when_it_came(place) {
        let desk = Desk::open(place).await;
        desk.send(&line("a", "x", "detected", NOW - 500)).await;
        decide(&desk, "scanner", 120).await;
        desk.set_clock(NOW + 10);
        // One is pushed, one comes in a file, and both wait for their moment to have come.
        assert_eq!(desk.send(&line("b", "x", "seen", NOW + 600)).await.quarantined, 1);
        assert_eq!(desk.import(&line("c", "x", "seen", NOW + 700)).await.counts.quarantined, 1);
        desk.set_clock(NOW + 1_000);
        decide(&desk, "scanner", 30).await;
        let granted = desk.granted::<proof::QuarantineWork>();
        for id in [1, 2] {
            let id = QuarantineId::from_row(id);
            desk.services.release_held(&granted, &Origin::default(), id, Release::AsIs).await.unwrap();
        }
        assert_eq!(moments(&desk, "x").await, [-500, 480, 580]);
        assert_eq!(desk.verify().await.differences, Vec::<String>::new());
    }

    async fn the_moment_of_a_snapshot_that_a_person_says_is_not_put_right(place) {
        let desk = Desk::open(place).await;
        let table = |hosts: &[&str], day: u32| {
            let row = |host: &&str| format!("7,{host},High,Active,2026-01-05T10:00:00Z,2026-03-{day:02}T10:00:00Z\n");
            let rows: String = hosts.iter().map(row).collect();
            format!("Plugin ID,Host,Severity,Vulnerability State,First Found,Last Found\n{rows}8,c,High,Active,2026-01-05T10:00:00Z,2026-03-{day:02}T10:00:00Z\n")
        };
        let hosts = ["a", "b", "c", "d", "e", "f"];
        snapshot(&desk, "2026-03-02T00:00:00Z", &table(&hosts, 1)).await;
        decide(&desk, "scanner", 120).await;
        // The rule is not met on one host any more, and that host was looked at since.
        snapshot(&desk, "2026-03-09T00:00:00Z", &table(&["a", "b", "d", "e", "f"], 8)).await;
        let told: Vec<(String, bool)> = shown(&desk, "7@c").await.into_iter().map(|shown| (shown.body, shown.is_corrected)).collect();
        let verified = told.iter().find(|(body, _)| body.contains("\"verified\"")).unwrap();
        assert!(verified.0.contains("\"at\":\"2026-03-09T00:00:00Z\"") && !verified.1, "{told:?}");
        let fixed = told.iter().find(|(body, _)| body.contains("\"fix_applied\"")).unwrap();
        assert!(fixed.0.contains("\"at_latest\":\"2026-03-09T00:00:00Z\"") && !fixed.1, "{told:?}");
        // What a row says is of the clock of the source.
        let seen = shown(&desk, "7@a").await;
        let seen = seen.iter().find(|shown| shown.body.contains("2026-03-08T09:58:00Z")).unwrap();
        assert!(seen.is_corrected);
        assert_eq!(desk.verify().await.differences, Vec::<String>::new());
    }

    async fn a_snapshot_of_a_clock_that_is_known_to_be_ahead_is_not_of_tomorrow(place) {
        let desk = Desk::open(place).await;
        desk.send(&line("a", "x", "detected", NOW - 500)).await;
        let taken = Timestamp::from_seconds(NOW + 450);
        let finding = format!(
            r#"[{{"asset":{{"uuid":"a-1","hostname":"web-01"}},"plugin":{{"id":1}},"finding_id":"f-1","state":"OPEN","severity":"high",
              "first_found":"2026-01-05T10:00:00Z","last_found":"2026-02-01T10:00:00Z","indexed":"{taken}"}}]"#
        );
        let plan = SourcePlan::usual("tenable-json");
        assert_eq!(code(bring(&desk, plan.clone(), FileSaid::default(), &finding).await), "snapshot_of_tomorrow");
        decide(&desk, "scanner", 400).await;
        let summary = bring(&desk, plan, FileSaid::default(), &finding).await.unwrap();
        assert_eq!(summary.notes.snapshot.unwrap().taken_at, Some(taken.to_string()));
    }

    async fn a_decision_needs_a_source_a_reason_and_a_clock_that_can_be_meant(place) {
        let desk = Desk::open(place).await;
        desk.send(&line("a", "x", "detected", NOW)).await;
        let granted = desk.granted::<proof::SourcesWrite>();
        let decide = async |source: &'static str, seconds: i64, why: &'static str| {
            desk.services.decide_clock(&granted, &Origin::default(), source, seconds, why).await
        };
        assert_eq!(code(decide("scanner", OFFSET_SECONDS_MAX + 1, "why").await), "bad_parameter");
        assert_eq!(code(decide("scanner", i64::MIN, "why").await), "bad_parameter");
        assert_eq!(code(decide("scanner", 60, " ").await), "bad_parameter");
        assert_eq!(code(decide("No Source", 60, "why").await), "bad_parameter");
        assert!(matches!(decide("nobody", 60, "why").await, Err(service::ServiceError::NotFound)));
        let reader = desk.granted::<proof::ImportsWrite>();
        let unknown = desk.services.clock_decisions(&reader, "nobody").await;
        assert!(matches!(unknown, Err(service::ServiceError::NotFound)), "{unknown:?}");
        assert!(desk.services.clock_decisions(&reader, "scanner").await.unwrap().is_empty());
        assert_eq!(decide("scanner", -OFFSET_SECONDS_MAX, " behind ").await.unwrap().why, "behind");
    }
}
