//! What is known of a file's pieces changes how fast they are read, and never what becomes of a line.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails right there")]

mod support;

use domain::{id::ImportId, time::Timestamp};
use service::{
    FIRST_ORG,
    authorise::{Caller, Object, authorise, proof},
    identity::record::Origin,
    ingest::{AllowedSources, ImportInput, ImportOptions, OnProgress, ReceivedAt},
};
use std::sync::{
    Arc,
    atomic::{AtomicU32, Ordering},
};
use store::{batches::Counts, known_pieces};
use support::{Desk, NOW, behind, line};

const BEGUN: i64 = NOW - 900_000;
/// At least two pieces, whatever their content.
const LINES: u32 = 21_000;

fn long_file() -> String {
    let event = |number: u32| {
        let (id, item) = (format!("e{number}"), format!("item-{}", number % 300));
        line(&id, &item, "detected", BEGUN + i64::from(number))
    };
    (0..LINES).map(event).collect()
}

fn options() -> ImportOptions {
    ImportOptions {
        name: "events.ndjson".into(),
        source: "scanner".into(),
        allowed: AllowedSources::Any,
        received_at: ReceivedAt::Stamped,
        encoding: None,
        plan: None,
        said: service::ingest::FileSaid::default(),
        origin: Origin::default(),
    }
}

async fn prints(desk: &Desk) -> usize {
    let mut reader = desk.services.store().reader().await.unwrap();
    known_pieces::of_source(&mut reader.conn(), FIRST_ORG, "scanner").await.unwrap().len()
}

/// Whether the desk may know the pieces of earlier files.
#[derive(Clone, Copy, PartialEq)]
enum Pieces {
    Known,
    Forgotten,
    /// Nor what tells one event from another, as a log that was begun before that was kept.
    Untold,
}

/// Has the desk know no more of earlier files than it may.
async fn forget(desk: &Desk, pieces: Pieces, imports: i64) {
    const UNTELL: &str = "update event_keys set content = null";
    if pieces == Pieces::Untold {
        behind::run(&desk.place.options.database, UNTELL, UNTELL).await;
    }
    if pieces == Pieces::Known {
        return;
    }
    let mut tx = desk.services.store().begin().await.unwrap();
    for id in 1..=imports {
        known_pieces::forget_import(&mut tx.conn(), FIRST_ORG, ImportId::from_row(id)).await.unwrap();
    }
    tx.commit().await.unwrap();
}

/// Everything that can happen to lines that came before; what became of them each time.
async fn story(desk: &Desk, pieces: Pieces) -> Vec<Counts> {
    let file = long_file();
    let grown = line("new", "item-7", "ticketed", BEGUN + 3) + &file + &line("last", "item-8", "ticketed", BEGUN + 3);
    let faulty = file.replacen("{", "oops{", 1);
    let early = format!(",\"received_at\":\"{}\"}}", Timestamp::from_seconds(BEGUN + 100));
    let older_news = line("e2", "item-2", "ticketed", BEGUN + 2).replace('}', &early);
    let mut became = Vec::new();
    for (number, text) in (0_i64..).zip([&file, &file, &grown, &faulty, &faulty, &file]) {
        forget(desk, pieces, number).await;
        became.push(desk.import(text).await.counts);
    }
    // Another event takes the place of one of the file.
    became.push(desk.send_carried(&older_news).await.counts());
    for number in [6, 7] {
        forget(desk, pieces, number).await;
        became.push(desk.import(&file).await.counts);
    }
    let granted = desk.granted::<proof::ImportsWithdraw>();
    desk.services.withdraw_import(&granted, &Origin::default(), ImportId::from_row(1)).await.unwrap();
    for number in [8, 9] {
        forget(desk, pieces, number).await;
        became.push(desk.import(&file).await.counts);
    }
    became
}

on_both_engines! {
    async fn a_known_piece_becomes_what_its_lines_would_become(place) {
        let desk = Desk::open(place).await;
        let other = Desk::open(support::engines::sqlite_place()).await;
        let became = story(&desk, Pieces::Known).await;
        assert_eq!(became, story(&other, Pieces::Forgotten).await);
        let older = Desk::open(support::engines::sqlite_place()).await;
        assert_eq!(became, story(&older, Pieces::Untold).await);
        let all = u64::from(LINES);
        assert_eq!(became.first().copied().unwrap(), Counts { received: all, accepted: all, duplicate: 0, quarantined: 0 });
        assert_eq!(became.get(1).copied().unwrap(), Counts { received: all, accepted: 0, duplicate: all, quarantined: 0 });
        for another in [&other, &older] {
            assert_eq!(desk.state_hash().await, another.state_hash().await);
        }
        assert_eq!(desk.verify().await.differences, Vec::<String>::new());
    }

    async fn pieces_are_known_while_all_of_their_events_count(place) {
        let desk = Desk::open(place).await;
        let file = long_file();
        desk.import(&file).await;
        let known = prints(&desk).await;
        assert!(known >= 2, "{known} pieces");
        desk.import(&file).await;
        assert_eq!(prints(&desk).await, known, "what is known is not kept twice");
        let granted = desk.granted::<proof::ImportsWithdraw>();
        desk.services.withdraw_import(&granted, &Origin::default(), ImportId::from_row(1)).await.unwrap();
        assert_eq!(prints(&desk).await, 0);
    }

    async fn what_stops_to_count_while_a_file_is_read_is_looked_into_again(place) {
        let desk = Desk::open(place).await;
        let file = long_file();
        desk.import(&file).await;
        let (services, calls) = (desk.services.clone(), AtomicU32::new(0));
        let progress: OnProgress = Arc::new(move |_| {
            if calls.fetch_add(1, Ordering::SeqCst) == 0 {
                let caller = Caller::operator(FIRST_ORG, Timestamp::from_seconds(NOW));
                let granted = authorise::<proof::ImportsWithdraw>(&caller, Object::OwnOrg).unwrap();
                let runtime = tokio::runtime::Handle::current();
                let (origin, first) = (Origin::default(), ImportId::from_row(1));
                let withdrawing = services.withdraw_import(&granted, &origin, first);
                tokio::task::block_in_place(|| runtime.block_on(withdrawing)).unwrap();
            }
        });
        let input = ImportInput::Stream(Box::new(std::io::Cursor::new(file.clone().into_bytes())));
        let granted = desk.granted::<proof::ImportsWrite>();
        let second = desk.services.import(&granted, input, options(), progress).await.unwrap().counts;
        assert!(second.duplicate > 0 && second.accepted > 0, "{second:?}");
        let third = desk.import(&file).await.counts;
        assert_eq!((third.accepted, third.duplicate), (second.duplicate, second.accepted));
        assert_eq!(desk.verify().await.differences, Vec::<String>::new());
    }

    async fn a_piece_with_lines_of_another_source_is_not_kept(place) {
        let desk = Desk::open(place).await;
        let few: String = long_file().lines().take(3_000).map(|line| format!("{line}\n")).collect();
        let foreign = line("theirs", "item-1", "seen", BEGUN).replace('}', ",\"source\":\"other\"}");
        desk.import(&(few.clone() + &foreign)).await;
        assert_eq!(prints(&desk).await, 0);
        desk.import(&few).await;
        assert_eq!(prints(&desk).await, 1);
    }
}
