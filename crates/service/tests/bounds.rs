//! What is more than the log takes is refused or held, named, and counted, on both engines.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails right there")]

mod support;

use domain::{id::QuarantineId, time::Timestamp};
use service::{
    FIRST_ORG,
    authorise::{Caller, proof},
    identity::record::Origin,
    ingest::{LongItem, Receipt, Release, SendEvents},
    limits::IngestLimits,
};
use store::{batches::Counts, log_state};
use support::{Desk, NOW, line, refusal};

const BEGUN: i64 = NOW - 900_000;

fn bad(number: usize) -> String {
    format!("{{\"item_id\":\"item-{number}\",\"event\":\"exploded\"}}\n")
}

fn bad_lines(numbers: std::ops::Range<usize>) -> String {
    numbers.map(bad).collect()
}

fn seen(item: &str, numbers: std::ops::Range<i64>) -> String {
    numbers.map(|number| line(&format!("{item}/{number}"), item, "seen", BEGUN + number)).collect()
}

async fn send_as(desk: &Desk, source: &str, body: &str) -> Receipt {
    desk.try_send(SendEvents::new(source, body.as_bytes().to_vec())).await.unwrap()
}

/// Lines and bytes that wait, as the log remembers them.
async fn waiting(desk: &Desk) -> (i64, i64) {
    let mut reader = desk.services.store().reader().await.unwrap();
    let state = log_state::read(&mut reader.conn(), FIRST_ORG).await.unwrap();
    (state.held_lines, state.held_bytes)
}

on_both_engines! {
    async fn every_line_that_waits_is_counted_for_its_source(place) {
        let desk = Desk::open(place).await;
        send_as(&desk, "alpha", &bad_lines(0..230)).await;
        send_as(&desk, "beta", &(bad_lines(0..75) + &line("", "a", "detected", BEGUN))).await;
        send_as(&desk, "gamma", &line("", "b", "detected", BEGUN)).await;
        let operator = Caller::operator(FIRST_ORG, Timestamp::from_seconds(NOW));
        let answer = desk.services.sources(&operator).await.unwrap();
        let held: Vec<_> = answer.sources.iter().map(|source| (source.name.as_str(), source.held)).collect();
        assert_eq!(held, [("alpha", 230), ("beta", 75), ("gamma", 0)]);
        assert_eq!(answer.held.iter().map(|group| group.count).sum::<u64>(), 305);
    }

    async fn a_full_quarantine_refuses_a_request_with_bad_lines_whole(place) {
        let limits = IngestLimits { held_lines_max: 3, ..IngestLimits::default() };
        let desk = Desk::open_within(place, limits).await;
        assert_eq!(desk.send(&bad_lines(0..3)).await.quarantined, 3);
        let full = line("e1", "a", "detected", BEGUN) + &bad(9);
        let send = |body: &str| desk.try_send(SendEvents::new("scanner", body.as_bytes().to_vec()));
        assert_eq!(refusal(send(&full).await), "quarantine_full");
        assert_eq!(refusal(desk.try_import(full.as_bytes()).await), "quarantine_full");
        // What is held already takes no more room, and good lines take none.
        let known = send(&(bad_lines(0..3) + &line("e2", "a", "detected", BEGUN))).await.unwrap();
        assert_eq!(known.counts(), Counts { received: 4, accepted: 1, duplicate: 3, quarantined: 0 });
        assert_eq!(waiting(&desk).await, (3, i64::try_from(bad_lines(0..3).len()).unwrap() - 3));
        let granted = desk.granted::<proof::QuarantineWork>();
        let [one, two] = [1, 2].map(QuarantineId::from_row);
        desk.services.dismiss_held(&granted, &Origin::default(), one, "not ours").await.unwrap();
        assert_eq!(send(&full).await.unwrap().quarantined, 1);
        assert_eq!(refusal(send(&bad(10)).await), "quarantine_full");
        let mended = Release::Edited(line("e3", "b", "detected", BEGUN).into_bytes());
        desk.services.release_held(&granted, &Origin::default(), two, mended).await.unwrap();
        assert_eq!(send(&bad(10)).await.unwrap().quarantined, 1);
        let desk = desk.reopened().await;
        assert_eq!(waiting(&desk).await.0, 3);
        assert_eq!(desk.verify().await.differences, Vec::<String>::new());
    }

    async fn a_quarantine_is_full_by_bytes_too(place) {
        let limits = IngestLimits { held_bytes_max: 100, ..IngestLimits::default() };
        let desk = Desk::open_within(place, limits).await;
        let send = |body: String| desk.try_send(SendEvents::new("scanner", body.into_bytes()));
        assert_eq!(send(format!("{{{}", "x".repeat(99))).await.unwrap().quarantined, 1);
        assert_eq!(refusal(send("{y".to_owned()).await), "quarantine_full");
        assert_eq!(waiting(&desk).await, (1, 100));
    }

    async fn an_item_with_too_many_events_is_named_and_further_ones_are_held(place) {
        let limits = IngestLimits { item_events_warn: 5, item_events_max: 8, ..IngestLimits::default() };
        let desk = Desk::open_within(place, limits).await;
        let first = desk.send(&(seen("a", 0..5) + &seen("b", 0..2))).await;
        assert_eq!((first.accepted, first.long_items.len()), (7, 0));
        let named = desk.send(&seen("a", 4..7)).await;
        assert_eq!((named.accepted, named.duplicate), (2, 1));
        assert_eq!(named.long_items, [LongItem { item_id: "a".into(), events: 7 }]);
        // One more fits; of the rest, what is known is a duplicate, and what is new is held.
        let over = desk.send(&(seen("b", 2..3) + &seen("a", 5..10))).await;
        assert_eq!(over.counts(), Counts { received: 6, accepted: 2, duplicate: 2, quarantined: 2 });
        let held: Vec<_> = over.lines.iter().filter_map(|line| line.faults.as_ref()).collect();
        assert!(held.iter().all(|faults| faults.pointer("/0/code") == Some(&"too_many_item_events".into())), "{held:?}");
        assert!(over.lines.iter().filter_map(|line| line.reason.as_deref()).all(|reason| reason == "internal_fold"));
        let before = desk.state_hash().await;
        assert_eq!(desk.send(&seen("a", 0..10)).await.counts(), Counts { received: 10, duplicate: 10, ..Counts::default() });
        let summary = desk.import(&(seen("a", 0..12) + &seen("c", 0..11))).await;
        assert_eq!(summary.counts, Counts { received: 23, accepted: 8, duplicate: 10, quarantined: 5 });
        assert_eq!(summary.long_items.into_iter().collect::<Vec<_>>(), [("c".to_owned(), 8)]);
        let (granted, origin) = (desk.granted::<proof::QuarantineWork>(), Origin::default());
        let release = desk.services.release_held(&granted, &origin, QuarantineId::from_row(1), Release::AsIs);
        assert_eq!(refusal(release.await), "internal_fold");
        assert_ne!(desk.state_hash().await, before, "c is new");
        assert_eq!(desk.verify().await.differences, Vec::<String>::new());
    }
}
