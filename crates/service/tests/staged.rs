//! An import rests, goes on, is given up and taken back, and at no moment does anybody see a part of it.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that cannot go on fails right there")]

mod support;

use domain::{
    id::{ImportId, ItemKey, QuarantineId},
    time::Timestamp,
    view::View,
};
use service::{
    FIRST_ORG, ServiceError,
    authorise::proof,
    identity::record::Origin,
    ingest::{AllowedSources, ImportInput, ImportOptions, ImportSummary, OnProgress, ReceivedAt, SendEvents},
};
use std::{
    io::Cursor,
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
};
use store::{
    batches::Counts,
    history, import_steps,
    imports::{self, ImportState},
    quarantine::{self, HeldState},
};
use support::{Desk, NOW, line, refusal as code};

const BEGUN: i64 = NOW - 900_000;
/// Three pieces of a file: what is wanted at the first is seen at the second.
const LINES: u32 = 41_000;

/// Items with an event each, and a faulty line at the end.
fn long_file() -> String {
    let mut text = String::new();
    for number in 0..LINES {
        text.push_str(&line(
            &format!("e{number}"),
            &format!("item-{}", number % 500),
            "detected",
            BEGUN + i64::from(number),
        ));
    }
    text + "{oops\n"
}

fn options(source: &str) -> ImportOptions {
    ImportOptions {
        name: "events.ndjson".into(),
        source: source.into(),
        allowed: AllowedSources::Any,
        received_at: ReceivedAt::Stamped,
        encoding: None,
        plan: None,
        said: service::ingest::FileSaid::default(),
        origin: Origin::default(),
    }
}

fn stream(text: &str) -> ImportInput {
    ImportInput::Stream(Box::new(Cursor::new(text.as_bytes().to_vec())))
}

async fn state_of(desk: &Desk, id: i64) -> imports::StoredImport {
    desk.services.import_of(&desk.granted::<proof::ImportsWrite>(), ImportId::from_row(id)).await.unwrap()
}

/// Calls back on the first piece of an import, from a thread of its own.
fn at_first_piece(act: impl Fn(ImportId) + Send + Sync + 'static) -> OnProgress {
    let calls = AtomicI64::new(0);
    Arc::new(move |progress| {
        if calls.fetch_add(1, Ordering::SeqCst) == 0 {
            act(progress.import);
        }
    })
}

/// Imports a file whose import is paused at its first piece.
async fn paused(desk: &Desk, text: &str) -> Result<ImportSummary, ServiceError> {
    interrupted_by(desk, text, |services, granted, id| {
        Box::pin(async move { services.pause_import(&granted, &Origin::default(), id).await.unwrap() })
    })
    .await
}

type Act = fn(
    service::Services,
    service::authorise::Granted<proof::ImportsWrite>,
    ImportId,
) -> std::pin::Pin<Box<dyn Future<Output = ()> + Send>>;

async fn interrupted_by(desk: &Desk, text: &str, act: Act) -> Result<ImportSummary, ServiceError> {
    let services = desk.services.clone();
    let caller = service::authorise::Caller::operator(FIRST_ORG, Timestamp::from_seconds(NOW));
    let progress = at_first_piece(move |id| {
        let granted = service::authorise::authorise(&caller, service::authorise::Object::OwnOrg).unwrap();
        let (services, runtime) = (services.clone(), tokio::runtime::Handle::current());
        // The importing task waits for it, so that the next piece finds it done.
        tokio::task::block_in_place(|| runtime.block_on(act(services, granted, id)));
    });
    let granted = desk.granted::<proof::ImportsWrite>();
    desk.services.import(&granted, stream(text), options("scanner"), progress).await
}

async fn seen(desk: &Desk) -> u64 {
    let mut reader = desk.services.store().reader().await.unwrap();
    history::count(&mut reader.conn(), FIRST_ORG).await.unwrap()
}

async fn held(desk: &Desk) -> usize {
    let mut reader = desk.services.store().reader().await.unwrap();
    quarantine::page(&mut reader.conn(), FIRST_ORG, HeldState::Held, QuarantineId::from_row(0), 100)
        .await
        .unwrap()
        .len()
}

fn spooled(folder: &Path) -> usize {
    std::fs::read_dir(folder.join("spool")).map_or(0, Iterator::count)
}

on_both_engines! {
    async fn an_import_rests_and_goes_on_and_nobody_sees_a_part_of_it(place) {
        let desk = Desk::open(place).await;
        let text = long_file();
        assert_eq!(code(paused(&desk, &text).await), "import_paused");
        let rests = state_of(&desk, 1).await;
        assert_eq!(rests.state, ImportState::Paused);
        assert!(rests.records > 0 && rests.records < u64::from(LINES), "{rests:?}");
        assert_eq!((seen(&desk).await, held(&desk).await, spooled(desk.place.folder.path())), (0, 0, 1));
        assert_eq!(desk.verify().await.differences, Vec::<String>::new());
        // Others write meanwhile, and a restart changes nothing.
        desk.send(&line("live", "item-7", "ticketed", BEGUN + 9)).await;
        let desk = desk.reopened().await;
        let granted = desk.granted::<proof::ImportsWrite>();
        let resumed = desk.services.resume_import(&granted, Origin::default(), ImportId::from_row(1), None, Arc::new(|_| {}));
        let summary = resumed.await.unwrap();
        let all = u64::from(LINES);
        assert_eq!(summary.counts, Counts { received: all + 1, accepted: all, duplicate: 0, quarantined: 1 });
        assert_eq!((summary.items, summary.reasons["unreadable"], summary.first_held[0].line), (500, 1, Some(all + 1)));
        assert_eq!((seen(&desk).await, held(&desk).await, spooled(desk.place.folder.path())), (all + 1, 1, 0));
        assert_eq!(desk.verify().await.differences, Vec::<String>::new());
        let again = desk.services.resume_import(&granted, Origin::default(), ImportId::from_row(1), None, Arc::new(|_| {}));
        assert_eq!(code(again.await), "import_ended");
        let other = Desk::open(support::engines::sqlite_place()).await;
        other.send(&line("live", "item-7", "ticketed", BEGUN + 9)).await;
        other.import(&text).await;
        assert_eq!(other.state_hash().await, desk.state_hash().await);
    }

    async fn a_killed_import_goes_on_when_the_file_is_given_again(place) {
        let desk = Desk::open(place).await;
        let text = long_file();
        assert_eq!(code(paused(&desk, &text).await), "import_paused");
        // As a killed process leaves it.
        let mut tx = desk.services.store().begin().await.unwrap();
        assert!(import_steps::go_on(&mut tx.conn(), FIRST_ORG, ImportId::from_row(1), "").await.unwrap());
        tx.commit().await.unwrap();
        let desk = desk.reopened().await;
        assert_eq!(state_of(&desk, 1).await.state, ImportState::Interrupted);
        let granted = desk.granted::<proof::ImportsWrite>();
        let resume = |input| desk.services.resume_import(&granted, Origin::default(), ImportId::from_row(1), input, Arc::new(|_| {}));
        assert_eq!(code(resume(None).await), "file_gone");
        assert_eq!(code(resume(Some(stream("{}\n"))).await), "another_file");
        let summary = desk.import(&text).await;
        assert_eq!((summary.id, summary.counts.accepted), (ImportId::from_row(1), u64::from(LINES)));
        assert_eq!(desk.verify().await.differences, Vec::<String>::new());
    }

    async fn what_was_given_up_never_counts_and_its_file_can_come_again(place) {
        let desk = Desk::open(place).await;
        let text = long_file();
        let outcome = interrupted_by(&desk, &text, |services, granted, id| {
            Box::pin(async move { services.cancel_import(&granted, &Origin::default(), id).await.unwrap() })
        });
        assert_eq!(code(outcome.await), "import_cancelled");
        assert_eq!(state_of(&desk, 1).await.state, ImportState::Cancelled);
        assert_eq!((seen(&desk).await, spooled(desk.place.folder.path())), (0, 0));
        assert_eq!(code(paused(&desk, &text).await), "import_paused");
        let granted = desk.granted::<proof::ImportsWrite>();
        desk.services.cancel_import(&granted, &Origin::default(), ImportId::from_row(2)).await.unwrap();
        let twice = desk.services.cancel_import(&granted, &Origin::default(), ImportId::from_row(2)).await;
        assert_eq!(code(twice), "import_state");
        assert_eq!(desk.verify().await.differences, Vec::<String>::new());
        let summary = desk.import(&text).await;
        let all = u64::from(LINES);
        assert_eq!(summary.counts, Counts { received: all + 1, accepted: all, duplicate: 0, quarantined: 1 });
        assert_eq!((summary.id.get(), seen(&desk).await, held(&desk).await), (3, all, 1));
        assert_eq!(desk.verify().await.differences, Vec::<String>::new());
    }

    async fn whoever_gives_an_import_up_is_heard_whatever_else_happens_in_that_moment(place) {
        let desk = Desk::open(place).await;
        // What is said at the first and at the second piece; where nothing is, it is given up when all is read.
        for (number, moments) in (1_i64..).zip([["cancel", "pause"], ["pause", "cancel"], ["", ""]]) {
            let (services, granted) = (desk.services.clone(), desk.granted::<proof::ImportsWrite>());
            let (calls, runtime) = (AtomicI64::new(0), tokio::runtime::Handle::current());
            let progress: OnProgress = Arc::new(move |progress| {
                let call = usize::try_from(calls.fetch_add(1, Ordering::SeqCst)).unwrap();
                let word = if progress.folding { "cancel" } else { moments.get(call).copied().unwrap_or_default() };
                let origin = Origin::default();
                tokio::task::block_in_place(|| match word {
                    "cancel" => runtime.block_on(services.cancel_import(&granted, &origin, progress.import)).unwrap(),
                    "pause" => runtime.block_on(services.pause_import(&granted, &origin, progress.import)).unwrap(),
                    _ => {}
                });
            });
            let granted = desk.granted::<proof::ImportsWrite>();
            let outcome = desk.services.import(&granted, stream(&long_file()), options("scanner"), progress).await;
            assert_eq!(code(outcome), "import_cancelled", "{number}");
            assert_eq!(state_of(&desk, number).await.state, ImportState::Cancelled, "{number}");
            assert_eq!((seen(&desk).await, spooled(desk.place.folder.path())), (0, 0), "{number}");
            assert_eq!(desk.verify().await.differences, Vec::<String>::new(), "{number}");
        }
    }

    async fn what_was_taken_back_counts_no_more_and_did_before(place) {
        let desk = Desk::open(place).await;
        desk.send(&line("a", "kept", "detected", BEGUN)).await;
        let before = desk.state_hash().await;
        let file = line("b", "kept", "ticketed", BEGUN + 5) + &line("c", "new", "detected", BEGUN) + "{oops\n";
        desk.set_clock(NOW + 100);
        assert_eq!(desk.import(&file).await.counts.accepted, 2);
        desk.set_clock(NOW + 200);
        let again = SendEvents::new("scanner", line("b", "kept", "ticketed", BEGUN + 5).into_bytes());
        assert_eq!(desk.try_send(again).await.unwrap().duplicate, 1);
        let origin = Origin::default();
        let granted = desk.granted::<proof::ImportsWithdraw>();
        let back = desk.services.withdraw_import(&granted, &origin, ImportId::from_row(1)).await.unwrap();
        assert_eq!((back.items, back.later_duplicates), (2, 1));
        assert_eq!(desk.state_hash().await, before);
        assert_eq!((seen(&desk).await, held(&desk).await), (1, 0));
        assert_eq!(desk.verify().await.differences, Vec::<String>::new());
        let at = Timestamp::from_seconds;
        for (known_at, items) in [(NOW, 1), (NOW + 99, 1), (NOW + 100, 2), (NOW + 199, 2), (NOW + 200, 1)] {
            let view = View { as_of: at(NOW + 300), known_at: at(known_at), observed_from: at(0) };
            let ledger = desk.services.ledger_of(FIRST_ORG, view).await.unwrap();
            assert_eq!(ledger.items().len(), items, "known at {known_at}");
        }
        let twice = desk.services.withdraw_import(&granted, &origin, ImportId::from_row(1)).await;
        assert_eq!(code(twice), "import_state");
        // Its lines are new again.
        let repeated = desk.import(&file).await;
        assert_eq!(repeated.counts, Counts { received: 3, accepted: 2, duplicate: 0, quarantined: 1 });
        assert_eq!(desk.verify().await.differences, Vec::<String>::new());
    }

    async fn what_others_sent_meanwhile_is_settled_when_the_file_is_published(place) {
        let desk = Desk::open(place).await;
        let text = long_file();
        assert_eq!(code(paused(&desk, &text).await), "import_paused");
        // The same event, another one under its id that is older news, and one that is newer.
        let same = line("e1", "item-1", "detected", BEGUN + 1);
        desk.send(&same).await;
        let early = format!(",\"received_at\":\"{}\"}}", Timestamp::from_seconds(BEGUN + 100));
        desk.send_carried(&line("e2", "item-2", "ticketed", BEGUN + 2).replace('}', &early)).await;
        desk.set_clock(NOW + 500);
        desk.send(&line("e3", "item-3", "ticketed", BEGUN + 3)).await;
        let granted = desk.granted::<proof::ImportsWrite>();
        let resumed = desk.services.resume_import(&granted, Origin::default(), ImportId::from_row(1), None, Arc::new(|_| {}));
        let summary = resumed.await.unwrap();
        let all = u64::from(LINES);
        assert_eq!(summary.counts, Counts { received: all + 1, accepted: all - 3, duplicate: 1, quarantined: 3 });
        assert_eq!(summary.reasons["event_conflict"], 2);
        assert_eq!(desk.verify().await.differences, Vec::<String>::new());
        let mut reader = desk.services.store().reader().await.unwrap();
        let mut names = Vec::new();
        for item in ["item-2", "item-3"] {
            let key: ItemKey = store::items::known(&mut reader.conn(), FIRST_ORG, &[item]).await.unwrap()[0].1;
            let all = history::of_item(&mut reader.conn(), FIRST_ORG, key, 1_000, history::PRESENT).await.unwrap();
            names.push(all.iter().filter(|one| one.body.contains("ticketed")).count());
        }
        // What was known first counts: the old news of others, and the file where the others came later.
        assert_eq!(names, [1, 0]);
    }

    async fn a_merge_that_does_not_count_after_all_moves_nothing(place) {
        let desk = Desk::open(place).await;
        let merge = |id: &str, item: &str, to: &str, at| {
            line(id, item, "merged", at).replace('}', &format!(",\"to\":\"{to}\"}}"))
        };
        // Two merges: one finds another event under its id, the other one counts.
        let merges = [merge("m1", "item-5", "item-6", BEGUN + 90_000), merge("m2", "item-7", "item-8", BEGUN + 90_001)];
        let text = long_file() + &merges.join("\n") + "\n";
        assert_eq!(code(paused(&desk, &text).await), "import_paused");
        desk.send(&line("m1", "item-5", "seen", BEGUN + 90_000)).await;
        desk.set_clock(NOW + 500);
        let granted = desk.granted::<proof::ImportsWrite>();
        let resumed = desk.services.resume_import(&granted, Origin::default(), ImportId::from_row(1), None, Arc::new(|_| {}));
        let summary = resumed.await.unwrap();
        assert_eq!((summary.counts.accepted, summary.reasons["event_conflict"]), (u64::from(LINES) + 1, 1));
        assert_eq!(desk.verify().await.differences, Vec::<String>::new());
        let mut reader = desk.services.store().reader().await.unwrap();
        let merged = store::merges::list(&mut reader.conn(), FIRST_ORG).await.unwrap();
        let named = store::items::known(&mut reader.conn(), FIRST_ORG, &["item-7", "item-8"]).await.unwrap();
        let key = |name: &str| named.iter().find(|(known, _)| known == name).unwrap().1;
        assert_eq!(merged, [(key("item-7"), key("item-8"))]);
    }

    async fn two_files_at_once_and_single_events_between_them_all_count(place) {
        let desk = Desk::open(place).await;
        let text = long_file();
        let granted = desk.granted::<proof::ImportsWrite>();
        let quiet: OnProgress = Arc::new(|_| {});
        let one = desk.services.import(&granted, stream(&text), options("one"), quiet.clone());
        let other = desk.services.import(&granted, stream(&text), options("two"), quiet);
        let singles = async {
            for number in 0..50 {
                desk.send(&line(&format!("s{number}"), "single", "seen", BEGUN + number)).await;
            }
        };
        let (one, other, ()) = tokio::join!(one, other, singles);
        let all = u64::from(LINES);
        assert_eq!([one.unwrap().counts.accepted, other.unwrap().counts.accepted], [all, all]);
        assert_eq!(seen(&desk).await, 2 * all + 50);
        assert_eq!(desk.verify().await.differences, Vec::<String>::new());
    }
}
