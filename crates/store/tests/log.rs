//! The log takes an event once, keeps every row as it was, and says where it stands, on both engines.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that cannot go on fails right there")]

mod support;

use domain::{
    id::{BatchId, EventSeq, ImportId, ItemKey, SourceId},
    time::Timestamp,
};
use std::collections::BTreeSet;
use store::{
    batches::{self, BatchKind, Counts, NewBatch},
    chain,
    event_keys::{self, Content},
    events::{self, Place},
    history, import_measures,
    import_parts::{self, Claims},
    item_events, items, log_state, places, raw_lines, sources,
};
use support::lines::{ORG, event};

const NOW: Timestamp = Timestamp::from_seconds(1_700_000_000);

/// A source and two items.
async fn begin(store: &store::Store) -> (store::Tx, SourceId) {
    let mut tx = store.begin().await.unwrap();
    let source = sources::register(&mut tx.conn(), ORG, "scanner", NOW).await.unwrap();
    let named = [(ItemKey::from_row(1), "a"), (ItemKey::from_row(2), "b")];
    items::add(&mut tx.conn(), ORG, source, &named).await.unwrap();
    (tx, source)
}

on_both_engines! {
    async fn the_same_key_is_added_once(place) {
        let fresh = place.open().await;
        let (mut tx, source) = begin(&fresh.store).await;
        let to = Place { org: ORG, batch: BatchId::from_row(1), source };
        let first = [event(1, 1, "{\"x\":1}"), event(2, 2, "{\"x\":2}")];
        let added = events::add(&mut tx.conn(), to, 1, &first).await.unwrap();
        assert_eq!(added, [true, true]);
        let again = [event(2, 2, "{\"x\":2}"), event(3, 1, "{\"x\":3}"), event(3, 1, "{\"x\":3}")];
        let added = events::add(&mut tx.conn(), to, 3, &again).await.unwrap();
        assert_eq!(added, [false, true, false]);
        assert_eq!(history::count(&mut tx.conn(), ORG).await.unwrap(), 3);
    }

    async fn many_events_are_added_in_pieces_and_come_back_by_item(place) {
        let fresh = place.open().await;
        let (mut tx, source) = begin(&fresh.store).await;
        let many: Vec<_> = (0..=250_u8).map(|n| event(n, i64::from(n % 2) + 1, &format!("{{\"n\":{n}}}"))).collect();
        let to = Place { org: ORG, batch: BatchId::from_row(1), source };
        let added = events::add(&mut tx.conn(), to, 1, &many).await.unwrap();
        assert_eq!(added.len(), 251);
        assert!(added.into_iter().all(|new| new));
        let wanted = [ItemKey::from_row(1), ItemKey::from_row(2), ItemKey::from_row(3)];
        let found = history::of_items(&mut tx.conn(), ORG, &wanted, history::PRESENT).await.unwrap();
        let lengths: Vec<_> = found.iter().map(|(item, lines)| (item.get(), lines.len())).collect();
        assert_eq!(lengths, [(1, 126), (2, 125)]);
        assert_eq!(&*found[0].1[1].body, "{\"n\":2}");
    }

    async fn a_loser_stays_in_the_log_and_out_of_the_fold(place) {
        let fresh = place.open().await;
        let (mut tx, source) = begin(&fresh.store).await;
        let winner = EventSeq::from_row(2);
        let to = Place { org: ORG, batch: BatchId::from_row(1), source };
        events::add(&mut tx.conn(), to, 1, &[event(1, 1, "{\"b\":1}")]).await.unwrap();
        let standing = event_keys::standing(&mut tx.conn(), ORG, source, &[[1; 16]]).await.unwrap();
        events::displace(&mut tx.conn(), ORG, source, &standing[0], (winner, Content::of("{\"a\":1}"))).await.unwrap();
        let told = event_keys::contents(&mut tx.conn(), ORG, source, &[[9; 16], [1; 16]]).await.unwrap();
        assert_eq!(told, [None, Some(Some(Content::of("{\"a\":1}")))]);
        events::append(&mut tx.conn(), to, 2, &[event(1, 1, "{\"a\":1}")]).await.unwrap();
        item_events::show(&mut tx.conn(), ORG, &[(ItemKey::from_row(1), winner, NOW)]).await.unwrap();
        let standing = event_keys::standing(&mut tx.conn(), ORG, source, &[[1; 16], [9; 16]]).await.unwrap();
        assert_eq!(standing.iter().map(|one| one.seq).collect::<Vec<_>>(), [winner]);
        let all = history::in_order(&mut tx.conn(), ORG, EventSeq::from_row(0), 10).await.unwrap();
        assert_eq!(all.iter().map(|entry| entry.displaced_by).collect::<Vec<_>>(), [Some(winner), None]);
        let seen = history::of_items(&mut tx.conn(), ORG, &[ItemKey::from_row(1)], history::PRESENT).await.unwrap();
        assert_eq!(seen[0].1.iter().map(|one| &*one.body).collect::<Vec<_>>(), ["{\"a\":1}"]);
    }

    async fn staged_events_are_seen_only_once_they_are_shown_and_no_more_once_taken_back(place) {
        let fresh = place.open().await;
        let (mut tx, source) = begin(&fresh.store).await;
        let (import, wanted) = (ImportId::from_row(1), [ItemKey::from_row(1), ItemKey::from_row(2)]);
        let to = Place { org: ORG, batch: BatchId::from_row(1), source };
        events::add(&mut tx.conn(), to, 1, &[event(1, 1, "{\"n\":1}")]).await.unwrap();
        let to = Place { batch: BatchId::from_row(2), ..to };
        let staged = [event(2, 2, "{\"n\":2}"), event(1, 1, "{\"n\":1}"), event(3, 1, "{\"n\":3}")];
        events::append(&mut tx.conn(), to, 2, &staged).await.unwrap();
        import_parts::add(&mut tx.conn(), ORG, import, 2, 4).await.unwrap();
        assert_eq!(history::count(&mut tx.conn(), ORG).await.unwrap(), 1);
        let runs = import_parts::runs(&mut tx.conn(), ORG, import).await.unwrap();
        let mut claims = Claims::new(runs.clone());
        assert!(claims.claim_next(&mut tx.conn()).await.unwrap());
        assert!(!claims.claim_next(&mut tx.conn()).await.unwrap());
        assert_eq!(claims.finish(&mut tx.conn()).await.unwrap(), 2);
        let rest = import_parts::unclaimed(&mut tx.conn(), ORG, (EventSeq::from_row(2), EventSeq::from_row(4)), 10).await.unwrap();
        assert_eq!(rest.iter().map(|one| (one.seq.get(), one.key)).collect::<Vec<_>>(), [(3, [1; 16])]);
        assert_eq!(runs.spans().collect::<Vec<_>>(), [(EventSeq::from_row(2), EventSeq::from_row(4))]);
        let behind = (EventSeq::from_row(4), EventSeq::from_row(4));
        assert_eq!(import_parts::unclaimed(&mut tx.conn(), ORG, behind, 10).await.unwrap(), []);
        let times = import_measures::times(&mut tx.conn(), ORG, (EventSeq::from_row(2), EventSeq::from_row(3)), 10).await.unwrap();
        assert_eq!(times.iter().map(|one| one.seq.get()).collect::<Vec<_>>(), [2, 3], "those of others are not read");
        events::set_aside(&mut tx.conn(), ORG, EventSeq::from_row(3), EventSeq::from_row(1)).await.unwrap();
        import_parts::show(&mut tx.conn(), &runs, NOW.plus(60)).await.unwrap();
        let mut touched = BTreeSet::new();
        import_parts::items(&mut tx.conn(), &runs, |item| touched.extend([item])).await.unwrap();
        assert_eq!(touched.into_iter().collect::<Vec<_>>(), wanted);
        let lengths = |seen: Vec<(ItemKey, Vec<history::Recorded>)>| seen.iter().map(|one| one.1.len()).collect::<Vec<_>>();
        let seen = history::of_items(&mut tx.conn(), ORG, &wanted, history::PRESENT).await.unwrap();
        assert_eq!(seen[1].1[0].received_at, NOW.plus(60));
        let there = places::of_items(&mut tx.conn(), ORG, &wanted).await.unwrap();
        assert_eq!(there[0].1, [(EventSeq::from_row(1), NOW.plus(1)), (EventSeq::from_row(4), NOW.plus(60))]);
        assert_eq!(places::read(&mut tx.conn(), ORG, &there).await.unwrap(), seen);
        let nowhere = [(wanted[0], vec![(EventSeq::from_row(1), NOW), (EventSeq::from_row(9), NOW)])];
        assert!(places::read(&mut tx.conn(), ORG, &nowhere).await.is_err());
        assert_eq!(lengths(seen), [2, 1]);
        import_parts::withdraw(&mut tx.conn(), &runs, NOW.plus(90)).await.unwrap();
        for (at, expected) in [(NOW.plus(89), vec![2, 1]), (NOW.plus(90), vec![1]), (history::PRESENT, vec![1])] {
            let seen = history::of_items(&mut tx.conn(), ORG, &wanted, at).await.unwrap();
            assert_eq!(lengths(seen), expected);
        }
        let known = event_keys::known(&mut tx.conn(), ORG, source, &[[1; 16], [2; 16], [3; 16]]).await.unwrap();
        assert_eq!(known, [([1; 16], EventSeq::from_row(1))]);
    }

    async fn where_the_log_stands_is_written_and_read(place) {
        let fresh = place.open().await;
        let (mut tx, source) = begin(&fresh.store).await;
        let mut state = log_state::lock(&mut tx.conn(), ORG).await.unwrap();
        assert_eq!((state.next_seq, state.batch.get(), state.head.len()), (1, 0, 0));
        let counts = Counts { received: 3, accepted: 1, duplicate: 1, quarantined: 1 };
        let batch = NewBatch {
            id: BatchId::from_row(1),
            source,
            import: None,
            kind: BatchKind::Events,
            counts,
            leaves: 1,
            committed_at: NOW,
            root: chain::root(&mut [([1; 16], [2; 32])]),
        };
        batches::write(&mut tx.conn(), ORG, &mut state, &batch).await.unwrap();
        state.next_seq = 7;
        log_state::save(&mut tx.conn(), ORG, &state).await.unwrap();
        tx.commit().await.unwrap();
        let mut reader = fresh.store.reader().await.unwrap();
        assert_eq!(log_state::read(&mut reader.conn(), ORG).await.unwrap(), state);
        let stored = batches::page(&mut reader.conn(), ORG, BatchId::from_row(0), 10).await.unwrap();
        assert_eq!((stored[0].counts, &stored[0].head), (counts, &state.head));
    }

    async fn raw_lines_come_back_by_batch(place) {
        let fresh = place.open().await;
        let (mut tx, _) = begin(&fresh.store).await;
        let mut packer = raw_lines::Packer::default();
        packer.add(&[1; 16], b"first \xff");
        packer.add(&[2; 16], b"second");
        let (org, batch) = (ORG, BatchId::from_row(4));
        raw_lines::write(&mut tx.conn(), org, batch, &packer.finish().unwrap()).await.unwrap();
        let lines = raw_lines::read(&mut tx.conn(), org, batch).await.unwrap();
        assert_eq!(lines, [([1; 16], b"first \xff".to_vec()), ([2; 16], b"second".to_vec())]);
        assert_eq!(raw_lines::read(&mut tx.conn(), org, BatchId::from_row(5)).await.unwrap(), []);
    }

    async fn what_is_not_committed_is_not_there(place) {
        let fresh = place.open().await;
        let (tx, _) = begin(&fresh.store).await;
        drop(tx);
        let mut reader = fresh.store.reader().await.unwrap();
        assert_eq!(sources::list(&mut reader.conn(), ORG).await.unwrap(), []);
    }
}

#[tokio::test]
#[should_panic(expected = "received = accepted + duplicate + quarantined")]
async fn a_line_that_vanished_is_never_committed() {
    let fresh = support::engines::sqlite().await;
    let (mut tx, source) = begin(&fresh.store).await;
    let mut state = log_state::lock(&mut tx.conn(), ORG).await.unwrap();
    let batch = NewBatch {
        id: BatchId::from_row(1),
        source,
        import: None,
        kind: BatchKind::Events,
        counts: Counts { received: 3, accepted: 1, duplicate: 1, quarantined: 0 },
        leaves: 1,
        committed_at: NOW,
        root: [0; 32],
    };
    batches::write(&mut tx.conn(), ORG, &mut state, &batch).await.unwrap();
}
