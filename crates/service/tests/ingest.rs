//! What is acknowledged is durable, counted once, and in effect once, on both engines.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that cannot go on fails right there")]

mod support;

use domain::time::Timestamp;
use service::{
    FIRST_ORG, ServiceError,
    authorise::Caller,
    ingest::{Atomicity, LineStatus, SendEvents},
    question::ask::Ask,
};
use store::{batches::Counts, history, idempotency::RequestKey};
use support::{Desk, NOW, line, refusal};

const BEGUN: i64 = NOW - 900_000;

fn counts(received: u64, accepted: u64, duplicate: u64, quarantined: u64) -> Counts {
    Counts { received, accepted, duplicate, quarantined }
}

fn life(item: &str) -> String {
    ["detected", "ticketed", "closed"]
        .iter()
        .zip(0..)
        .map(|(event, step)| line(&format!("{item}-{event}"), item, event, BEGUN + step * 5_000))
        .collect()
}

fn keyed(body: &str, key: &str) -> SendEvents {
    let request = RequestKey { token: 1, route: "/api/v1/events".into(), key: key.into() };
    SendEvents { idempotency: Some(request), ..SendEvents::new("scanner", body.as_bytes().to_vec()) }
}

on_both_engines! {
    async fn the_same_lines_again_are_duplicates_and_change_nothing(place) {
        let desk = Desk::open(place).await;
        let first = desk.send(&life("a")).await;
        assert_eq!(first.counts(), counts(3, 3, 0, 0));
        let before = desk.state_hash().await;
        let again = desk.send(&life("a")).await;
        assert_eq!(again.counts(), counts(3, 0, 3, 0));
        assert_eq!(desk.state_hash().await, before);
        let desk = desk.reopened().await;
        assert_eq!(desk.send(&life("a")).await.counts(), counts(3, 0, 3, 0));
        assert_eq!(desk.state_hash().await, before);
        assert_eq!(desk.verify().await.differences, Vec::<String>::new());
    }

    async fn a_bad_line_is_held_and_the_rest_goes_on(place) {
        let desk = Desk::open(place).await;
        let bad = "{\"item_id\":\"x\",\"event\":\"exploded\",\"at\":\"2026-01-01T00:00:00Z\"}\n{oops\n";
        let ahead = line("", "late", "detected", NOW + 301);
        let receipt = desk.send(&format!("{}{bad}{ahead}", life("a"))).await;
        assert_eq!(receipt.counts(), counts(6, 3, 0, 3));
        let reasons: Vec<_> = receipt.lines.iter().filter_map(|line| line.reason.as_deref()).collect();
        assert_eq!(reasons, ["unknown_event", "unreadable", "future"]);
        assert_eq!(desk.send(bad).await.counts(), counts(2, 0, 2, 0));
        assert_eq!(desk.verify().await.differences, Vec::<String>::new());
    }

    async fn of_two_contents_under_one_id_the_same_one_counts_in_either_order(place) {
        let desk = Desk::open(place).await;
        let one = line("e1", "a", "detected", BEGUN);
        let other = line("e1", "a", "detected", BEGUN + 60);
        for (sent, expected) in [(&other, (1, 0)), (&one, (0, 1)), (&one, (0, 0)), (&other, (0, 0))] {
            let receipt = desk.send(sent).await;
            assert_eq!((receipt.accepted, receipt.quarantined), expected);
        }
        let present = desk.services.present_ledger(FIRST_ORG).await.unwrap();
        assert_eq!(present.ledger.items()[0].facts.origin.seconds(), BEGUN, "the smaller text counts");
        assert_eq!((present.ledger.items().len(), present.events), (1, 1));
        desk.send(&life("b")).await;
        assert_eq!(desk.services.present_ledger(FIRST_ORG).await.unwrap().events, 1 + 3);
        assert_eq!(desk.verify().await.differences, Vec::<String>::new());
    }

    async fn an_answer_follows_what_is_learnt_without_the_list(place) {
        let desk = Desk::open(place).await;
        let caller = Caller::operator(FIRST_ORG, desk.services.now());
        desk.send(&line("", "a", "detected", BEGUN)).await;
        let ask = Ask::default();
        let first = desk.services.gap(&caller, &ask).await.unwrap();
        assert_eq!(first, desk.services.gap(&caller, &ask).await.unwrap());
        desk.send(&format!("{}{}", line("", "a", "ticketed", BEGUN + 60), line("", "b", "detected", BEGUN + 120))).await;
        let later = desk.services.gap(&caller, &ask).await.unwrap();
        assert_eq!((first.basis.of_items, later.basis.of_items), (1, 2));
        assert_eq!((first.flow.open_now, later.flow.open_now), (1, 2));
        let moment = desk.services.present_moment(FIRST_ORG).await.unwrap();
        assert_eq!((moment.items, moment.events), (2, 3));
        let past = Ask { as_of: Some(Timestamp::from_seconds(BEGUN + 61)), ..Ask::default() };
        let past = desk.services.gap(&caller, &past).await.unwrap();
        assert_eq!((past.basis.of_items, past.flow.open_now), (1, 1));
        assert_eq!(desk.services.item(&caller, &ask, "b").await.unwrap().detail.row.id, "b");
        assert!(matches!(desk.services.item(&caller, &ask, "c").await, Err(ServiceError::NotFound)));
    }

    async fn a_retry_under_the_same_key_gets_the_first_receipt(place) {
        let desk = Desk::open(place).await;
        let first = desk.try_send(keyed(&life("a"), "k1")).await.unwrap();
        let again = desk.try_send(keyed(&life("a"), "k1")).await.unwrap();
        assert_eq!(again, first);
        assert_eq!(again.accepted, 3);
        assert_eq!(refusal(desk.try_send(keyed(&life("b"), "k1")).await), "idempotency_mismatch");
        assert_eq!(refusal(desk.try_send(keyed(&life("b"), &"k".repeat(129))).await), "bad_identifier");
    }

    async fn the_same_key_does_not_run_twice_at_once(place) {
        let desk = Desk::open(place).await;
        // Whoever holds the log keeps the writer from committing.
        let mut gate = desk.services.store().begin().await.unwrap();
        store::log_state::lock(&mut gate.conn(), FIRST_ORG).await.unwrap();
        let send = |body: String, key: &'static str| {
            let (services, granted) = (desk.services.clone(), desk.granted());
            tokio::spawn(async move { services.send_events(&granted, keyed(&body, key)).await })
        };
        let (mut one, mut two) = (send(life("a"), "k1"), send(life("b"), "k1"));
        let (refused, waiting) = tokio::select! {
            refused = &mut one => (refused, two),
            refused = &mut two => (refused, one),
        };
        assert_eq!(refusal(refused.unwrap()), "in_flight");
        let other = send(life("c"), "k2");
        gate.rollback().await.unwrap();
        assert_eq!(waiting.await.unwrap().unwrap().accepted, 3);
        assert_eq!(other.await.unwrap().unwrap().accepted, 3);
    }

    async fn a_key_of_control_characters_is_refused_alone(place) {
        let desk = Desk::open(place).await;
        for key in ["", "a\0b", "a\nb"] {
            assert_eq!(refusal(desk.try_send(keyed(&life("a"), key)).await), "bad_identifier");
        }
    }

    async fn an_atomic_request_with_one_fault_stores_nothing(place) {
        let desk = Desk::open(place).await;
        desk.send(&line("e1", "a", "detected", BEGUN)).await;
        let atomic = |body: String| SendEvents { atomicity: Atomicity::AllOrNothing, ..SendEvents::new("scanner", body.into_bytes()) };
        let conflict = life("b") + &line("e1", "a", "detected", BEGUN + 60);
        for body in [life("b") + "{oops\n", conflict] {
            assert_eq!(refusal(desk.try_send(atomic(body)).await), "not_atomic");
        }
        let mut reader = desk.services.store().reader().await.unwrap();
        assert_eq!(history::count(&mut reader.conn(), FIRST_ORG).await.unwrap(), 1);
        drop(reader);
        assert_eq!(desk.verify().await.differences, Vec::<String>::new());
    }

    async fn many_senders_at_once_are_each_told_their_own_lines(place) {
        let desk = Desk::open(place).await;
        let sending: Vec<_> = (0..40)
            .map(|number| {
                let (services, granted) = (desk.services.clone(), desk.granted());
                let body = life(&format!("item-{}", number % 30));
                tokio::spawn(async move { services.send_events(&granted, SendEvents::new("scanner", body.into_bytes())).await })
            })
            .collect();
        let mut total = Counts::default();
        for sent in sending {
            let receipt = sent.await.unwrap().unwrap();
            assert_eq!(receipt.lines.len(), 3);
            total = total.plus(receipt.counts());
        }
        assert_eq!(total, counts(120, 90, 30, 0));
        assert_eq!(desk.verify().await.differences, Vec::<String>::new());
    }

    async fn a_clock_that_jumps_back_does_not_reorder_knowledge(place) {
        let desk = Desk::open(place).await;
        desk.send(&line("", "a", "detected", BEGUN)).await;
        desk.set_clock(NOW - 5_000);
        desk.send(&line("", "a", "ticketed", BEGUN + 10)).await;
        let mut reader = desk.services.store().reader().await.unwrap();
        let item = domain::id::ItemKey::from_row(1);
        let known: Vec<_> = history::of_item(&mut reader.conn(), FIRST_ORG, item, 10, history::PRESENT).await.unwrap();
        assert_eq!(known.iter().map(|event| event.received_at.seconds()).collect::<Vec<_>>(), [NOW, NOW]);
    }

    async fn a_merged_item_counts_with_its_survivor(place) {
        let desk = Desk::open(place).await;
        desk.send(&(life("a") + &life("b"))).await;
        let merge = format!("{{\"item_id\":\"b\",\"event\":\"merged\",\"to\":\"a\",\"at\":\"{}\"}}", domain::time::Timestamp::from_seconds(BEGUN + 99_000));
        desk.send(&merge).await;
        desk.send(&line("late", "b", "seen", BEGUN + 500)).await;
        let present = desk.services.present_ledger(FIRST_ORG).await.unwrap();
        let shown: Vec<_> = present.ledger.items().iter().map(|item| (item.id.as_ref(), item.facts.events)).collect();
        assert_eq!(shown, [("a", 7)]);
        assert_eq!(desk.verify().await.differences, Vec::<String>::new());
    }

    async fn nothing_is_acknowledged_before_the_commit(place) {
        let desk = Desk::open(place).await;
        // Whoever holds the log keeps the writer from committing.
        let mut gate = desk.services.store().begin().await.unwrap();
        store::log_state::lock(&mut gate.conn(), FIRST_ORG).await.unwrap();
        let (services, granted) = (desk.services.clone(), desk.granted());
        let body = life("a").into_bytes();
        let sending = tokio::spawn(async move { services.send_events(&granted, SendEvents::new("scanner", body)).await });
        for _ in 0..200 {
            tokio::task::yield_now().await;
            assert!(!sending.is_finished(), "answered before the commit");
        }
        gate.rollback().await.unwrap();
        assert_eq!(sending.await.unwrap().unwrap().accepted, 3);
    }

    async fn a_source_the_sender_may_not_write_is_held_under_its_own(place) {
        let desk = Desk::open(place).await;
        let body = "{\"source\":\"other\",\"item_id\":\"x\",\"event\":\"detected\",\"at\":\"2026-01-01T00:00:00Z\"}";
        let own = service::ingest::AllowedSources::These(vec!["scanner".into()]);
        let events = SendEvents { allowed: own, ..SendEvents::new("scanner", body.as_bytes().to_vec()) };
        let receipt = desk.try_send(events).await.unwrap();
        assert_eq!((receipt.lines[0].status, receipt.lines[0].reason.as_deref()), (LineStatus::Quarantined, Some("not_permitted")));
        assert_eq!(desk.send(body).await.accepted, 1);
    }
}
