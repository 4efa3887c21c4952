//! Held lines, imports, receipts, merges and facts come back as they were written, on both engines.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that cannot go on fails right there")]

mod support;

use domain::{
    actor::ActorType,
    agent_action::{ActionDetails, Confidence, Impact, Truth},
    calendar::Calendar,
    event::ItemEvent,
    event_name::EventName,
    fold::fold,
    id::{BatchId, ImportId, ItemKey, QuarantineId, Revision},
    policy::Policy,
    quarantine::Reason,
    reason_code::ReasonCode,
    time::Timestamp,
};
use store::{
    batches::Counts,
    facts,
    held_of_import::{self, Size},
    idempotency::{self, RequestKey},
    import_steps::{self, Checkpoint, Wanted},
    imports::{self, ImportState},
    items, merges,
    quarantine::{self, HeldFrom, HeldState, Holding, NewHeld, Settlement},
    savepoint, sources,
};
use support::lines::{ORG, new_import};

const NOW: Timestamp = Timestamp::from_seconds(1_700_000_000);

/// A proposal that is allowed, done and undone, with a name and a number in every place a row has for them.
fn an_agents_action() -> Vec<ItemEvent> {
    let names =
        [EventName::Proposed, EventName::Approved, EventName::Executed, EventName::FixApplied, EventName::Reverted];
    let mut events: Vec<_> =
        names.iter().zip(1..).map(|(name, hour)| ItemEvent::bare(*name, NOW.plus(500_000 + hour * 3_600))).collect();
    for event in &mut events {
        event.ties.reference = Some("act-1".into());
        event.ties.context.timing = true;
        event.actor = Some("ann".into());
        event.actor_type = Some(ActorType::Human);
    }
    events[0].action = Some(Box::new(ActionDetails {
        agent: Some("patch-agent".into()),
        impact: Some(Impact::High),
        confidence: Confidence::of_millionths(900_000),
        truth: Some(Truth::Wrong),
        in_scope: Some(false),
        saved_seconds_claimed: Some(600),
        ..ActionDetails::default()
    }));
    let mut waits = ItemEvent::bare(EventName::Paused, NOW.plus(600_000));
    waits.ties.reason = Some(ReasonCode::Other);
    events.extend([ItemEvent::bare(EventName::WorkStarted, NOW.plus(590_000)), waits]);
    events
}

fn held(raw: &[u8], hash: u8) -> NewHeld {
    NewHeld {
        reason: Reason::BadValue,
        faults: "[]".to_owned(),
        line: Some(7),
        byte: Some(900),
        raw: raw.to_vec(),
        raw_bytes: raw.len() as u64,
        raw_hash: [hash; 32],
    }
}

on_both_engines! {
    async fn the_same_bytes_are_held_once_and_settled_once(place) {
        let fresh = place.open().await;
        let mut tx = fresh.store.begin().await.unwrap();
        let source = sources::register(&mut tx.conn(), ORG, "scanner", NOW).await.unwrap();
        let from = HeldFrom { source, batch: BatchId::from_row(1), import: None, received_at: NOW, is_staged: false, form: None };
        let id = QuarantineId::from_row(1);
        let line = held(b"\x00 not text", 3);
        assert_eq!(quarantine::hold(&mut tx.conn(), ORG, id, from, &line).await.unwrap(), Holding::New(id));
        let other = QuarantineId::from_row(2);
        assert_eq!(quarantine::hold(&mut tx.conn(), ORG, other, from, &line).await.unwrap(), Holding::Known(id));
        let page = quarantine::page(&mut tx.conn(), ORG, HeldState::Held, QuarantineId::from_row(0), 10).await.unwrap();
        assert_eq!(page.len(), 1);
        assert_eq!((page[0].raw.as_slice(), page[0].line, page[0].reason), (&b"\x00 not text"[..], Some(7), Reason::BadValue));
        let settlement =
            Settlement { state: HeldState::Dismissed, at: NOW, by: "person 1".into(), note: Some("test".into()), batch: None };
        assert!(quarantine::settle(&mut tx.conn(), ORG, id, &settlement).await.unwrap());
        assert!(!quarantine::settle(&mut tx.conn(), ORG, id, &settlement).await.unwrap());
        let line = quarantine::by_id(&mut tx.conn(), ORG, id).await.unwrap().unwrap();
        assert_eq!((line.state, line.settled_note.as_deref()), (HeldState::Dismissed, Some("test")));
        let sums = quarantine::by_reason(&mut tx.conn(), ORG).await.unwrap();
        assert_eq!(sums, [(Reason::BadValue, HeldState::Dismissed, 1)]);
    }

    async fn an_import_runs_and_is_published_and_its_counts_follow_a_release(place) {
        let fresh = place.open().await;
        let mut tx = fresh.store.begin().await.unwrap();
        let source = sources::register(&mut tx.conn(), ORG, "scanner", NOW).await.unwrap();
        for number in 1..=2 {
            imports::start(&mut tx.conn(), ORG, &new_import(number, source, NOW)).await.unwrap();
        }
        let counts = Counts { received: 5, accepted: 2, duplicate: 1, quarantined: 2 };
        let id = ImportId::from_row(1);
        import_steps::publish(&mut tx.conn(), ORG, id, NOW, counts, 2).await.unwrap();
        imports::release(&mut tx.conn(), ORG, id, 1, 1).await.unwrap();
        imports::interrupt_abandoned(&mut tx.conn(), ORG, NOW).await.unwrap();
        import_steps::stop(&mut tx.conn(), ORG, id, ImportState::Failed, NOW).await.unwrap();
        let import = imports::by_id(&mut tx.conn(), ORG, id).await.unwrap().unwrap();
        assert_eq!(import.counts, Counts { received: 5, accepted: 3, duplicate: 2, quarantined: 0 });
        let states: Vec<_> = imports::recent(&mut tx.conn(), ORG, None, 9).await.unwrap().iter().map(|one| one.state).collect();
        assert_eq!(states, [ImportState::Interrupted, ImportState::Published]);
    }

    async fn an_import_that_somebody_still_runs_is_not_taken_for_abandoned(place) {
        let fresh = place.open().await;
        let mut tx = fresh.store.begin().await.unwrap();
        let source = sources::register(&mut tx.conn(), ORG, "scanner", NOW).await.unwrap();
        for number in 1..=2 {
            imports::start(&mut tx.conn(), ORG, &new_import(number, source, NOW)).await.unwrap();
        }
        tx.commit().await.unwrap();
        let running = ImportId::from_row(1);
        let mut held = fresh.store.import_hold().await.unwrap();
        assert!(held.take(ORG, running).await.unwrap());
        if fresh.store.engine_name() == "SQLite" {
            // Nobody else can write here; the row of an import is looked at before the first one begins.
            return;
        }
        assert!(!fresh.store.import_hold().await.unwrap().take(ORG, running).await.unwrap());
        let mut tx = fresh.store.begin().await.unwrap();
        imports::interrupt_abandoned(&mut tx.conn(), ORG, NOW).await.unwrap();
        tx.commit().await.unwrap();
        let mut reader = fresh.store.reader().await.unwrap();
        let states: Vec<_> =
            imports::recent(&mut reader.conn(), ORG, None, 9).await.unwrap().iter().map(|one| one.state).collect();
        assert_eq!(states, [ImportState::Interrupted, ImportState::Running]);
        // Its process is killed: the connection ends, and with it the lock.
        drop(held);
        let abandoned = async || {
            let mut tx = fresh.store.begin().await.unwrap();
            imports::interrupt_abandoned(&mut tx.conn(), ORG, NOW).await.unwrap();
            let import = imports::by_id(&mut tx.conn(), ORG, running).await.unwrap().unwrap();
            tx.commit().await.unwrap();
            import.state
        };
        while abandoned().await == ImportState::Running {
            tokio::task::yield_now().await;
        }
        assert_eq!(abandoned().await, ImportState::Interrupted);
    }

    async fn an_import_rests_goes_on_and_ends_once(place) {
        let fresh = place.open().await;
        let mut tx = fresh.store.begin().await.unwrap();
        let conn = &mut tx.conn();
        let source = sources::register(conn, ORG, "scanner", NOW).await.unwrap();
        let id = ImportId::from_row(1);
        imports::start(conn, ORG, &new_import(1, source, NOW)).await.unwrap();
        let counts = Counts { received: 3, accepted: 2, duplicate: 1, quarantined: 0 };
        let checkpoint = Checkpoint { records: 4, bytes: 90, counts, notes: "{}".to_owned(), measures: String::new() };
        assert_eq!(import_steps::stage(conn, ORG, id, &checkpoint).await.unwrap(), Wanted::Go);
        assert!(import_steps::want(conn, ORG, id, Wanted::Pause).await.unwrap());
        assert_eq!(import_steps::stage(conn, ORG, id, &checkpoint).await.unwrap(), Wanted::Pause);
        import_steps::stop(conn, ORG, id, ImportState::Paused, NOW).await.unwrap();
        assert!(!import_steps::want(conn, ORG, id, Wanted::Pause).await.unwrap());
        let rests = imports::resting_of_file(conn, ORG, source, &[4; 32]).await.unwrap().unwrap();
        assert_eq!((rests.id, rests.records, rests.bytes_read, rests.counts), (id, 4, 90, counts));
        assert!(import_steps::go_on(conn, ORG, id, "/elsewhere").await.unwrap());
        assert!(!import_steps::go_on(conn, ORG, id, "/elsewhere").await.unwrap());
        assert_eq!(import_steps::wanted(conn, ORG, id).await.unwrap(), Wanted::Go);
        assert!(!import_steps::withdraw(conn, ORG, id, NOW, "operator").await.unwrap());
        import_steps::publish(conn, ORG, id, NOW, counts, 2).await.unwrap();
        assert!(!import_steps::cancel(conn, ORG, id, NOW).await.unwrap());
        assert!(import_steps::withdraw(conn, ORG, id, NOW.plus(5), "person 3").await.unwrap());
        assert!(!import_steps::withdraw(conn, ORG, id, NOW, "operator").await.unwrap());
        let import = imports::by_id(conn, ORG, id).await.unwrap().unwrap();
        assert_eq!((import.state, import.withdrawn_at, import.spool.as_str()), (ImportState::Withdrawn, Some(NOW.plus(5)), "/elsewhere"));
    }

    async fn held_lines_of_a_file_are_seen_with_it_and_give_way_once_it_is_taken_back(place) {
        let fresh = place.open().await;
        let mut tx = fresh.store.begin().await.unwrap();
        let conn = &mut tx.conn();
        let source = sources::register(conn, ORG, "scanner", NOW).await.unwrap();
        let import = ImportId::from_row(1);
        let staged = HeldFrom { source, batch: BatchId::from_row(1), import: Some(import), received_at: NOW, is_staged: true, form: None };
        let live = HeldFrom { import: None, is_staged: false, ..staged };
        let ids: Vec<_> = (1..=6).map(QuarantineId::from_row).collect();
        assert_eq!(quarantine::hold(conn, ORG, ids[0], staged, &held(b"a", 1)).await.unwrap(), Holding::New(ids[0]));
        assert_eq!(quarantine::hold(conn, ORG, ids[1], staged, &held(b"a", 1)).await.unwrap(), Holding::Known(ids[0]));
        assert_eq!(quarantine::hold(conn, ORG, ids[1], staged, &held(b"b", 2)).await.unwrap(), Holding::New(ids[1]));
        // What nobody can see keeps no other line out.
        assert_eq!(quarantine::hold(conn, ORG, ids[2], live, &held(b"b", 2)).await.unwrap(), Holding::New(ids[2]));
        assert_eq!(quarantine::page(conn, ORG, HeldState::Held, QuarantineId::from_row(0), 9).await.unwrap().len(), 1);
        assert_eq!(held_of_import::publish(conn, ORG, import, NOW).await.unwrap(), Size { lines: 1, bytes: 1 });
        assert_eq!(quarantine::by_id(conn, ORG, ids[1]).await.unwrap().unwrap().state, HeldState::Withdrawn);
        assert_eq!(quarantine::hold(conn, ORG, ids[3], live, &held(b"a", 1)).await.unwrap(), Holding::Known(ids[0]));
        let back = held_of_import::withdraw(conn, ORG, import, HeldState::Held, NOW).await.unwrap();
        assert_eq!(back, Size { lines: 1, bytes: 1 });
        assert_eq!(quarantine::hold(conn, ORG, ids[3], live, &held(b"a", 1)).await.unwrap(), Holding::New(ids[3]));
        let reasons = held_of_import::reasons_of_import(conn, ORG, import).await.unwrap();
        assert_eq!(reasons, [("bad_value".to_owned(), 2)]);
        assert_eq!(quarantine::first_of_import(conn, ORG, import, 1).await.unwrap()[0].id, ids[0]);
    }

    async fn a_receipt_is_kept_for_a_day(place) {
        let fresh = place.open().await;
        let mut tx = fresh.store.begin().await.unwrap();
        let request = RequestKey { token: 3, route: "/api/v1/events".into(), key: "k".into() };
        assert_eq!(idempotency::find(&mut tx.conn(), ORG, &request, NOW).await.unwrap(), None);
        idempotency::keep(&mut tx.conn(), ORG, &request, &[1; 32], "{}", NOW).await.unwrap();
        let found = idempotency::find(&mut tx.conn(), ORG, &request, NOW).await.unwrap().unwrap();
        assert_eq!((found.request_hash.as_slice(), found.receipt.as_str()), (&[1_u8; 32][..], "{}"));
        let tomorrow = NOW.plus(idempotency::KEPT_SECONDS);
        assert_eq!(idempotency::find(&mut tx.conn(), ORG, &request, tomorrow).await.unwrap(), None);
        idempotency::forget_old(&mut tx.conn(), ORG, tomorrow).await.unwrap();
        assert_eq!(idempotency::find(&mut tx.conn(), ORG, &request, NOW).await.unwrap(), None);
    }

    async fn facts_follow_their_revision(place) {
        let fresh = place.open().await;
        let policy = Policy::built_in().unwrap();
        let calendar = Calendar::of(&policy).unwrap();
        let lives = [EventName::Detected, EventName::Ticketed, EventName::Paused, EventName::Closed, EventName::Redetected];
        let mut history: Vec<_> = lives.iter().zip(1..).map(|(name, day)| ItemEvent::bare(*name, NOW.plus(day * 90_000))).collect();
        history.extend(an_agents_action());
        let folded = fold(history, &policy, &calendar).unwrap();
        assert_eq!((folded.actions.len(), folded.deeds.len(), folded.stretches.len()), (1, 2, 2));
        let mut tx = fresh.store.begin().await.unwrap();
        let source = sources::register(&mut tx.conn(), ORG, "scanner", NOW).await.unwrap();
        let many: Vec<String> = (1..=130).map(|number| format!("item {number}")).collect();
        let named: Vec<_> = (1..).map(ItemKey::from_row).zip(many.iter().map(String::as_str)).collect();
        items::add(&mut tx.conn(), ORG, source, &named).await.unwrap();
        let all: Vec<_> = named.iter().map(|(key, _)| facts::pack(*key, Some(&folded)).unwrap()).collect();
        facts::write(&mut tx.conn(), ORG, Revision::from_row(1), &all).await.unwrap();
        let gone = facts::pack(ItemKey::from_row(2), None).unwrap();
        facts::write(&mut tx.conn(), ORG, Revision::from_row(2), &[gone]).await.unwrap();
        let page = facts::page(&mut tx.conn(), ORG, ItemKey::from_row(1), 500).await.unwrap();
        assert_eq!(page.len(), 129);
        assert_eq!((page[0].facts.as_ref(), page[1].facts.as_ref()), (None, Some(&folded)));
        let changed = facts::changed(&mut tx.conn(), ORG, Revision::from_row(1), ItemKey::from_row(0), 9).await.unwrap();
        assert_eq!(changed.iter().map(|row| row.id.as_str()).collect::<Vec<_>>(), ["item 2"]);
        let keys: Vec<_> = items::known(&mut tx.conn(), ORG, &["item 3", "nothing"]).await.unwrap();
        assert_eq!(keys, [("item 3".to_owned(), ItemKey::from_row(3))]);
        assert_eq!(items::by_id(&mut tx.conn(), ORG, "item 4").await.unwrap(), Some(ItemKey::from_row(4)));
        let found = items::by_key(&mut tx.conn(), ORG, ItemKey::from_row(5)).await.unwrap();
        assert_eq!(found, Some(("item 5".to_owned(), "scanner".to_owned())));
        let pages = items::page(&mut tx.conn(), ORG, ItemKey::from_row(128), 9).await.unwrap();
        assert_eq!(pages.len(), 2);
    }

    async fn who_stands_for_whom_can_be_set_and_taken_back(place) {
        let fresh = place.open().await;
        let [one, two, three] = [1, 2, 3].map(ItemKey::from_row);
        let mut tx = fresh.store.begin().await.unwrap();
        merges::set(&mut tx.conn(), ORG, one, two).await.unwrap();
        merges::set(&mut tx.conn(), ORG, one, three).await.unwrap();
        merges::set(&mut tx.conn(), ORG, two, three).await.unwrap();
        merges::remove(&mut tx.conn(), ORG, two).await.unwrap();
        assert_eq!(merges::list(&mut tx.conn(), ORG).await.unwrap(), [(one, three)]);
    }

    async fn what_was_done_since_a_savepoint_can_be_undone_alone(place) {
        let fresh = place.open().await;
        let mut tx = fresh.store.begin().await.unwrap();
        sources::register(&mut tx.conn(), ORG, "kept", NOW).await.unwrap();
        savepoint::set(&mut tx.conn()).await.unwrap();
        sources::register(&mut tx.conn(), ORG, "undone", NOW).await.unwrap();
        savepoint::undo(&mut tx.conn()).await.unwrap();
        savepoint::set(&mut tx.conn()).await.unwrap();
        savepoint::release(&mut tx.conn()).await.unwrap();
        tx.commit().await.unwrap();
        let mut reader = fresh.store.reader().await.unwrap();
        let slugs: Vec<_> = sources::list(&mut reader.conn(), ORG).await.unwrap().into_iter().map(|one| one.slug).collect();
        assert_eq!(slugs, ["kept"]);
    }
}
