//! Held lines by filter, decisions about many of them, the pace of sources and the notes of imports, on both engines.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that cannot go on fails right there")]

mod support;

use domain::{
    id::{BatchId, ImportId, QuarantineId, SourceId},
    quarantine::Reason,
    time::{DAY_SECONDS, Timestamp},
};
use store::{
    Tx,
    batches::{self, BatchKind, Counts, NewBatch},
    held_acts::{self, ActCounts, ActState, NewAct},
    held_list::{self, HeldFilter},
    import_notes,
    import_steps::{self, Checkpoint},
    imports::{self, NewImport},
    log_state,
    push_notes::{self, PushDay},
    quarantine::{self, HeldFrom, HeldState, NewHeld, Settlement},
    source_ages, sources,
};
use support::lines::{ORG, new_import};

const NOW: Timestamp = Timestamp::from_seconds(1_700_000_000);

async fn hold(tx: &mut Tx, id: i64, source: SourceId, import: Option<i64>, reason: Reason, raw: &[u8]) {
    let held = NewHeld {
        reason,
        faults: "[]".to_owned(),
        line: Some(1),
        byte: Some(0),
        raw: raw.to_vec(),
        raw_bytes: raw.len() as u64,
        raw_hash: [u8::try_from(id).unwrap(); 32],
    };
    let from = HeldFrom {
        source,
        batch: BatchId::from_row(1),
        import: import.map(ImportId::from_row),
        received_at: NOW.plus(id),
        is_staged: false,
        form: None,
    };
    quarantine::hold(&mut tx.conn(), ORG, QuarantineId::from_row(id), from, &held).await.unwrap();
}

async fn send(tx: &mut Tx, number: i64, source: SourceId, import: Option<i64>, kind: BatchKind, at: Timestamp) {
    let mut state = log_state::lock(&mut tx.conn(), ORG).await.unwrap();
    let batch = NewBatch {
        id: BatchId::from_row(number),
        source,
        import: import.map(ImportId::from_row),
        kind,
        counts: Counts::default(),
        leaves: 0,
        committed_at: at,
        root: [0; 32],
    };
    batches::write(&mut tx.conn(), ORG, &mut state, &batch).await.unwrap();
    log_state::save(&mut tx.conn(), ORG, &state).await.unwrap();
}

on_both_engines! {
    async fn held_lines_are_counted_and_found_by_every_part_of_a_filter(place) {
        let fresh = place.open().await;
        let mut tx = fresh.store.begin().await.unwrap();
        let jira = sources::register(&mut tx.conn(), ORG, "jira", NOW).await.unwrap();
        let scanner = sources::register(&mut tx.conn(), ORG, "scanner", NOW).await.unwrap();
        imports::start(&mut tx.conn(), ORG, &NewImport { name: "a.ndjson", ..new_import(5, jira, NOW) }).await.unwrap();
        hold(&mut tx, 1, jira, Some(5), Reason::NaiveTime, b"{\"team\":\"Cloud\"}").await;
        hold(&mut tx, 2, jira, Some(5), Reason::BadValue, b"\x00\xff not text, Cloud").await;
        hold(&mut tx, 3, scanner, None, Reason::NaiveTime, b"100 %_'").await;
        hold(&mut tx, 4, scanner, None, Reason::NaiveTime, b"settled, Cloud").await;
        let settlement =
            Settlement { state: HeldState::Dismissed, at: NOW, by: "person 1".into(), note: Some("x".into()), batch: None };
        quarantine::settle(&mut tx.conn(), ORG, QuarantineId::from_row(4), &settlement).await.unwrap();
        let all = held_list::sums(&mut tx.conn(), ORG, &HeldFilter::default()).await.unwrap();
        let seen: Vec<_> = all.iter().map(|sum| (sum.reason, sum.source.as_str(), sum.lines)).collect();
        assert_eq!(seen, [(Reason::BadValue, "jira", 1), (Reason::NaiveTime, "jira", 1), (Reason::NaiveTime, "scanner", 1)]);
        assert_eq!((all[2].first, all[2].last), (NOW.plus(3), NOW.plus(3)));
        let text = |text: &str| HeldFilter { text: Some(text.to_owned()), ..HeldFilter::default() };
        let wanted: [(HeldFilter, &[i64]); 7] = [
            (HeldFilter::default(), &[1, 2, 3]),
            (HeldFilter { reason: Some(Reason::NaiveTime), ..HeldFilter::default() }, &[1, 3]),
            (HeldFilter { source: Some("jira".to_owned()), ..HeldFilter::default() }, &[1, 2]),
            (HeldFilter { import: Some(ImportId::from_row(5)), ..HeldFilter::default() }, &[1, 2]),
            (text("Cloud"), &[1, 2]),
            (text("%_'"), &[3]),
            (text("cloud"), &[]),
        ];
        for (filter, ids) in wanted {
            let found = held_list::ids(&mut tx.conn(), ORG, &filter, 0, 10).await.unwrap();
            assert_eq!(found.iter().map(|id| id.get()).collect::<Vec<_>>(), ids, "{filter:?}");
            let sums = held_list::sums(&mut tx.conn(), ORG, &filter).await.unwrap();
            assert_eq!(sums.iter().map(|sum| sum.lines).sum::<u64>(), ids.len() as u64, "{filter:?}");
        }
        let second = held_list::ids(&mut tx.conn(), ORG, &HeldFilter::default(), 1, 1).await.unwrap();
        assert_eq!(second, [QuarantineId::from_row(2)]);
        let imports = held_list::imports(&mut tx.conn(), ORG, 10).await.unwrap();
        assert_eq!(imports, [(ImportId::from_row(5), "a.ndjson".to_owned(), 2)]);
    }

    async fn the_pace_of_a_source_counts_an_import_once_and_no_release(place) {
        let fresh = place.open().await;
        let mut tx = fresh.store.begin().await.unwrap();
        let weekly = sources::register(&mut tx.conn(), ORG, "weekly", NOW).await.unwrap();
        sources::register(&mut tx.conn(), ORG, "silent", NOW).await.unwrap();
        let day = |number: i64| NOW.plus(number * DAY_SECONDS);
        send(&mut tx, 1, weekly, Some(1), BatchKind::Import, day(0)).await;
        send(&mut tx, 2, weekly, Some(1), BatchKind::Import, day(0)).await;
        send(&mut tx, 3, weekly, Some(2), BatchKind::Import, day(7)).await;
        send(&mut tx, 4, weekly, None, BatchKind::Events, day(14)).await;
        send(&mut tx, 5, weekly, Some(2), BatchKind::Release, day(20)).await;
        let ages = source_ages::all(&mut tx.conn(), ORG).await.unwrap();
        assert_eq!(ages.len(), 1, "a source that never sent anything has no pace: {ages:?}");
        assert_eq!((ages[0].source.as_str(), ages[0].deliveries), ("weekly", 3));
        assert_eq!((ages[0].first_at, ages[0].last_at), (day(0), day(14)));
    }

    async fn a_source_that_tells_no_news_is_heard(place) {
        let fresh = place.open().await;
        let mut tx = fresh.store.begin().await.unwrap();
        let jira = sources::register(&mut tx.conn(), ORG, "jira", NOW).await.unwrap();
        let conn = &mut tx.conn();
        assert_eq!(push_notes::of_day(conn, ORG, jira, NOW).await.unwrap(), PushDay::default());
        for (day, pushes) in [(0, 1), (0, 2), (1, 7)] {
            let day_at = NOW.plus(day * DAY_SECONDS);
            let noted = PushDay { pushes, received: 3, notes: "{}".to_owned() };
            push_notes::keep(conn, ORG, jira, (day_at, day_at.plus(60)), &noted).await.unwrap();
            assert_eq!(push_notes::of_day(conn, ORG, jira, day_at).await.unwrap(), noted);
        }
        let all = push_notes::of_period(conn, ORG, NOW, NOW.plus(2 * DAY_SECONDS)).await.unwrap();
        assert_eq!(all.iter().map(|(source, day)| (source.as_str(), day.pushes)).collect::<Vec<_>>(), [("jira", 7), ("jira", 2)]);
        assert_eq!(push_notes::of_period(conn, ORG, NOW, NOW.plus(DAY_SECONDS)).await.unwrap().len(), 1);
        let ages = source_ages::all(conn, ORG).await.unwrap();
        assert_eq!((ages[0].heard_at, ages[0].deliveries), (NOW.plus(DAY_SECONDS + 60), 0));
    }

    async fn the_notes_of_a_period_are_those_of_its_published_imports(place) {
        let fresh = place.open().await;
        let mut tx = fresh.store.begin().await.unwrap();
        let jira = sources::register(&mut tx.conn(), ORG, "jira", NOW).await.unwrap();
        for number in 1..=3 {
            let at = NOW.plus(number * 100);
            imports::start(&mut tx.conn(), ORG, &new_import(number, jira, at)).await.unwrap();
            let counts = Counts { received: 5, accepted: 5, ..Counts::default() };
            let notes = format!("{{\"drills_new\":{number}}}");
            let id = ImportId::from_row(number);
            let checkpoint = Checkpoint { records: 5, bytes: 9, counts, notes, measures: String::new() };
            import_steps::stage(&mut tx.conn(), ORG, id, &checkpoint).await.unwrap();
            if number != 3 {
                import_steps::publish(&mut tx.conn(), ORG, id, at, counts, 1).await.unwrap();
            }
        }
        let found = import_notes::of_period(&mut tx.conn(), ORG, NOW, NOW.plus(1_000), 10).await.unwrap();
        let seen: Vec<_> = found.iter().map(|one| (one.import.get(), one.received, one.notes.as_str())).collect();
        assert_eq!(seen, [(2, 5, "{\"drills_new\":2}"), (1, 5, "{\"drills_new\":1}")]);
        let first = import_notes::of_period(&mut tx.conn(), ORG, NOW, NOW.plus(200), 10).await.unwrap();
        assert_eq!(first.iter().map(|one| one.import.get()).collect::<Vec<_>>(), [1], "the end is not part of it");
    }

    async fn a_decision_begins_once_moves_on_and_ends_once(place) {
        let fresh = place.open().await;
        let mut tx = fresh.store.begin().await.unwrap();
        let new = NewAct { idempotency: "k1", actor: "person 1", asked: "dismiss", at: NOW, chosen: 12 };
        let (act, is_new) = held_acts::begin(&mut tx.conn(), ORG, new).await.unwrap();
        assert_eq!((act.id, is_new, act.state, act.chosen), (1, true, ActState::Running, 12));
        let (again, is_new) = held_acts::begin(&mut tx.conn(), ORG, NewAct { chosen: 99, ..new }).await.unwrap();
        assert_eq!((again.id, is_new, again.chosen), (1, false, 12));
        let (other, _) = held_acts::begin(&mut tx.conn(), ORG, NewAct { idempotency: "k2", ..new }).await.unwrap();
        assert_eq!(other.id, 2);
        let counts = ActCounts { accepted: 3, duplicate: 1, dismissed: 2, kept: 4, why_kept: "[1]".to_owned() };
        for (state, changes) in [(ActState::Running, true), (ActState::Done, true), (ActState::Stopped, false)] {
            let moved = held_acts::advance(&mut tx.conn(), ORG, 1, state, NOW.plus(9), &counts).await.unwrap();
            assert_eq!(moved, changes, "{state:?}");
        }
        let act = held_acts::by_id(&mut tx.conn(), ORG, 1).await.unwrap().unwrap();
        assert_eq!((act.state, act.moved_at, act.counts), (ActState::Done, NOW.plus(9), counts));
        assert_eq!(held_acts::by_id(&mut tx.conn(), ORG, 7).await.unwrap(), None);
    }
}
