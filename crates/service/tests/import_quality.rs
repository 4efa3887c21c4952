//! What the quality report of an import says, whatever became of the import on its way; and clocks that run ahead.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that cannot go on fails right there")]

mod support;

use domain::{
    id::ImportId,
    time::{DAY_SECONDS, Timestamp},
};
use formats::foreign::Settings;
use service::{
    FIRST_ORG,
    authorise::{Caller, Object, authorise, proof},
    identity::record::Origin,
    ingest::{
        AllowedSources, ByCertainty, FileSaid, ImportInput, ImportOptions, OnProgress, ReceivedAt, SendEvents,
        SourcePlan,
    },
    question::{
        import_quality::{ImportQuality, MappingUsed},
        quality::QualityAsk,
    },
};
use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};
use store::{
    batches::Counts,
    import_steps::{self, Checkpoint},
    imports::ImportState,
};
use support::{Desk, NOW, line, refusal as code};

/// A finding as a scanner exports it.
const FINDING: &str = r#"[{"asset":{"uuid":"a-1","hostname":"web-01"},"plugin":{"id":1},"finding_id":"f-1","state":"FIXED",
  "severity":"high","first_found":"2026-01-05T10:00:00Z","last_found":"2026-02-01T10:00:00Z","last_fixed":"2026-02-08T10:00:00Z"}]"#;
/// Enough lines for three pieces.
const LINES: i64 = 41_000;
const BEGUN: i64 = NOW - 10 * DAY_SECONDS;

async fn quality(desk: &Desk, id: i64) -> ImportQuality {
    let granted = desk.granted::<proof::ImportsWrite>();
    desk.services.import_quality(&granted, ImportId::from_row(id)).await.unwrap()
}

/// Each seventh line happened before the one in front of it; items come again.
fn long_file() -> String {
    (0..LINES)
        .map(|number| {
            let back = if number % 7 == 6 { 3 } else { 0 };
            line(&format!("e{number}"), &format!("item-{}", number % 500), "detected", BEGUN + 20 * number - 20 * back)
        })
        .collect()
}

fn options(source: &str, received_at: ReceivedAt) -> ImportOptions {
    ImportOptions {
        name: "events.ndjson".into(),
        source: source.into(),
        allowed: AllowedSources::Any,
        received_at,
        encoding: None,
        plan: None,
        said: FileSaid::default(),
        origin: Origin::default(),
    }
}

fn stream(text: &str) -> ImportInput {
    ImportInput::Stream(Box::new(std::io::Cursor::new(text.as_bytes().to_vec())))
}

/// Imports a file whose import is paused at its first piece.
async fn paused(desk: &Desk, text: &str) {
    let (services, runtime) = (desk.services.clone(), tokio::runtime::Handle::current());
    let caller = Caller::operator(FIRST_ORG, Timestamp::from_seconds(NOW));
    let is_paused = AtomicBool::new(false);
    let progress: OnProgress = Arc::new(move |progress| {
        if !is_paused.swap(true, Ordering::SeqCst) {
            let granted = authorise::<proof::ImportsWrite>(&caller, Object::OwnOrg).unwrap();
            let origin = Origin::default();
            let pausing = services.pause_import(&granted, &origin, progress.import);
            // The importing task waits for it, so that the next piece finds it done.
            tokio::task::block_in_place(|| runtime.block_on(pausing)).unwrap();
        }
    });
    let granted = desk.granted::<proof::ImportsWrite>();
    let halted = desk.services.import(&granted, stream(text), options("scanner", ReceivedAt::Stamped), progress).await;
    assert_eq!(code(halted), "import_paused");
}

async fn go_on(desk: &Desk) -> Counts {
    let granted = desk.granted::<proof::ImportsWrite>();
    let quiet: OnProgress = Arc::new(|_| {});
    desk.services.resume_import(&granted, Origin::default(), ImportId::from_row(1), None, quiet).await.unwrap().counts
}

on_both_engines! {
    async fn each_figure_is_counted_over_the_events_that_were_accepted(place) {
        let desk = Desk::open(place).await;
        desk.send(&line("before", "known", "detected", BEGUN)).await;
        let sure = |id: &str, certainty: &str, at: i64| {
            let at = Timestamp::from_seconds(at);
            format!("{{\"id\":\"{id}\",\"item_id\":\"new\",\"event\":\"seen\",\"at\":\"{at}\",\"certainty\":\"{certainty}\"}}\n")
        };
        let file = line("a", "known", "ticketed", NOW - 3 * DAY_SECONDS)
            + &line("b", "new", "detected", NOW - DAY_SECONDS)
            + &sure("c", "derived", NOW - DAY_SECONDS - 1)
            + &sure("d", "inferred", NOW - 50)
            + &sure("d", "inferred", NOW - 50)
            + "{oops\n";
        desk.import(&file).await;
        let told = quality(&desk, 1).await;
        assert_eq!(told.import.counts, Counts { received: 6, accepted: 4, duplicate: 1, quarantined: 1 });
        let measures = told.measures.unwrap();
        assert_eq!((measures.events, measures.late, measures.out_of_order), (4, 2, 1));
        assert_eq!(measures.certainty, ByCertainty { observed: 2, derived: 1, inferred: 1 });
        let moments = [NOW - 3 * DAY_SECONDS, NOW - 50].map(Timestamp::from_seconds);
        assert_eq!(measures.moments(), Some((moments[0], moments[1])));
        assert_eq!((measures.spread.hundredth(), told.import.items, measures.items_new), (Some(50), 2, Some(1)));
        assert_eq!((told.reasons["unreadable"], told.mapping, told.received_at), (1, MappingUsed::None, Some(ReceivedAt::Stamped)));
        // The same file again: nothing was accepted, so there is nothing to measure.
        desk.import(&file).await;
        let again = quality(&desk, 2).await;
        assert_eq!((again.import.counts.duplicate, again.import.items), (6, 0));
        let measures = again.measures.unwrap();
        assert_eq!((measures.events, measures.moments(), measures.spread.hundredth()), (0, None, None));
        assert_eq!(measures.items_new, Some(0));
    }

    async fn an_import_that_rested_and_went_on_after_a_restart_reports_what_one_in_one_go_does(place) {
        let text = long_file();
        let whole = Desk::open(support::engines::sqlite_place()).await;
        whole.import(&text).await;
        let expected = quality(&whole, 1).await;
        let measures = expected.measures.clone().unwrap();
        assert_eq!((measures.events, measures.items_new), (LINES.unsigned_abs(), Some(500)));
        assert_eq!(measures.out_of_order, LINES.unsigned_abs() / 7);
        let desk = Desk::open(place).await;
        paused(&desk, &text).await;
        let half = quality(&desk, 1).await.measures.unwrap();
        assert!(half.events > 0 && half.events < measures.events && half.items_new.is_none(), "{half:?}");
        let desk = desk.reopened().await;
        go_on(&desk).await;
        let told = quality(&desk, 1).await;
        assert_eq!(told.measures, expected.measures);
        assert_eq!((told.notes, told.import.items), (expected.notes, 500));
    }

    async fn an_import_that_was_begun_without_measures_is_measured_as_a_whole(place) {
        let text = long_file();
        let desk = Desk::open(place).await;
        paused(&desk, &text).await;
        // As a build left it that did not measure.
        let before = quality(&desk, 1).await.import;
        let mut tx = desk.services.store().begin().await.unwrap();
        let conn = &mut tx.conn();
        assert!(import_steps::go_on(conn, FIRST_ORG, before.id, &before.spool).await.unwrap());
        let (records, bytes, counts, notes) = (before.records, before.bytes_read, before.counts, before.notes);
        let checkpoint = Checkpoint { records, bytes, counts, notes, measures: String::new() };
        import_steps::stage(conn, FIRST_ORG, before.id, &checkpoint).await.unwrap();
        import_steps::stop(conn, FIRST_ORG, before.id, ImportState::Interrupted, Timestamp::from_seconds(NOW)).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(go_on(&desk).await.accepted, LINES.unsigned_abs());
        let measures = quality(&desk, 1).await.measures.unwrap();
        assert_eq!((measures.events, measures.out_of_order), (LINES.unsigned_abs(), LINES.unsigned_abs() / 7));
        assert_eq!(measures.items_new, Some(500));
    }

    async fn what_is_proposed_counts_what_is_subtracted_already(place) {
        let desk = Desk::open(place).await;
        desk.send(&line("first", "x", "detected", NOW - 9)).await;
        let granted = desk.granted::<proof::SourcesWrite>();
        desk.services.decide_clock(&granted, &Origin::default(), "scanner", 120, "two minutes").await.unwrap();
        let ahead: String = (0..200).map(|number| line(&format!("e{number}"), "x", "seen", NOW + 220)).collect();
        desk.import(&ahead).await;
        let told = quality(&desk, 1).await;
        let says = "`scanner`, whose clock seems 100 s ahead (200 of 200 events by more than 60 s): subtract 100 s more (220 s in all)";
        assert_eq!(told.notes.met["clock_skew"].examples, [says]);
        let measures = told.measures.unwrap();
        let seconds: Vec<_> = measures.clocks().filter_map(|(_, clock)| Some(clock.runs_ahead()?.seconds)).collect();
        assert_eq!(seconds, [220], "a decision replaces the one before");
        // Pushed, the day of the source says the same.
        let push: String = (0..3).map(|number| line(&format!("p{number}"), "x", "seen", NOW + 220)).collect();
        desk.send(&push).await;
        let caller = Caller::operator(FIRST_ORG, Timestamp::from_seconds(NOW));
        let rules = desk.services.quality(&caller, &QualityAsk::default()).await.unwrap().rules;
        let examples = &rules.rules["clock_skew"].examples;
        assert!(examples.iter().any(|example| example.ends_with("more than 60 s): subtract 100 s more (220 s in all)")), "{examples:?}");
    }

    async fn what_turns_out_to_be_known_when_it_is_published_is_measured_no_more(place) {
        let text = long_file();
        let desk = Desk::open(place).await;
        paused(&desk, &text).await;
        // Somebody else tells two of its events first: the oldest of all, and another one of an item that is new no more.
        let first: String = text.lines().take(1).map(|line| format!("{line}\n")).collect();
        let tenth: String = text.lines().skip(9).take(1).map(|line| format!("{line}\n")).collect();
        desk.send(&(first + &tenth)).await;
        let counts = go_on(&desk).await;
        assert_eq!((counts.accepted, counts.duplicate), (LINES.unsigned_abs() - 2, 2));
        let measures = quality(&desk, 1).await.measures.unwrap();
        assert_eq!((measures.events, measures.items_new), (counts.accepted, Some(498)));
        let from = Timestamp::from_seconds(BEGUN + 20);
        assert_eq!(measures.moments().unwrap().0, from);
        assert_eq!(measures.out_of_order, LINES.unsigned_abs() / 7);
        let certain = measures.certainty;
        assert_eq!((certain.observed, certain.derived, certain.inferred), (counts.accepted, 0, 0));
    }

    async fn who_took_an_import_back_and_how_it_was_read_stay_with_it(place) {
        let desk = Desk::open(place).await;
        let plan = |settings| SourcePlan { format: "tenable-json".to_owned(), settings };
        let granted = desk.granted::<proof::ImportsWrite>();
        let saving = desk.granted::<proof::SourcesWrite>();
        let by = |plan| ImportOptions { plan, ..options("scanner", ReceivedAt::Stamped) };
        let zoned = Settings { zone: Some("Europe/Berlin".to_owned()), ..Settings::default() };
        for settings in [zoned.clone(), Settings::default()] {
            desk.services.save_plan(&saving, &Origin::default(), "scanner", plan(settings)).await.unwrap();
        }
        // By the saved one, by what is said with the file, and by what was saved before.
        let other = Settings { zone: Some("Asia/Tokyo".to_owned()), ..Settings::default() };
        for (id, said) in [(1, None), (2, Some(plan(other))), (3, Some(plan(zoned)))] {
            let finding = FINDING.replace("f-1", &format!("f-{id}"));
            desk.services.import(&granted, stream(&finding), by(said), Arc::new(|_| {})).await.unwrap();
        }
        let format = || "tenable-json".to_owned();
        assert_eq!(quality(&desk, 1).await.mapping, MappingUsed::Saved { format: format(), version: 2 });
        assert_eq!(quality(&desk, 2).await.mapping, MappingUsed::Own { format: format() });
        assert_eq!(quality(&desk, 3).await.mapping, MappingUsed::Saved { format: format(), version: 1 });
        let before = quality(&desk, 1).await;
        assert_eq!((before.withdrawn_by.as_str(), before.import.withdrawn_at), ("", None));
        desk.set_clock(NOW + 60);
        let withdrawing = desk.granted::<proof::ImportsWithdraw>();
        desk.services.withdraw_import(&withdrawing, &Origin::default(), ImportId::from_row(1)).await.unwrap();
        let after = quality(&desk, 1).await;
        assert_eq!(after.withdrawn_by, "operator");
        assert_eq!(after.import.withdrawn_at, Some(Timestamp::from_seconds(NOW + 60)));
        assert_eq!(after.measures, before.measures);
    }

    async fn a_clock_that_runs_ahead_is_a_rule_of_the_import_and_of_the_pushes_of_its_source(place) {
        let desk = Desk::open(place).await;
        let ahead: String = (0..200).map(|number| line(&format!("e{number}"), "x", "seen", NOW + 100 + number % 3)).collect();
        desk.import(&ahead).await;
        let told = quality(&desk, 1).await;
        let met = &told.notes.met["clock_skew"];
        assert_eq!(met.count, 200);
        assert_eq!(met.examples, ["`scanner`, whose clock seems 102 s ahead (200 of 200 events by more than 60 s): subtract 102 s"]);
        assert_eq!(told.measures.unwrap().spread.hundredth(), Some(-102));
        let caller = Caller::operator(FIRST_ORG, Timestamp::from_seconds(NOW));
        let rules = async || desk.services.quality(&caller, &QualityAsk::default()).await.unwrap().rules;
        assert_eq!(rules().await.rules["clock_skew"].count, 200);
        // Pushed one by one: none of them says much, the day does. Sent twice, an event counts once.
        let push = async |number: i64, lag: i64| {
            let body = line(&format!("p{number}"), "x", "seen", NOW - lag).into_bytes();
            desk.try_send(SendEvents::new("gateway", body)).await.unwrap()
        };
        for number in 0..150 {
            push(number, 1).await;
        }
        push(150, -90).await;
        push(150, -90).await;
        assert_eq!(rules().await.rules["clock_skew"].by_source.get("gateway"), None, "one of 151 is less than a hundredth");
        push(151, -80).await;
        let rules = rules().await;
        assert_eq!((rules.pushed_events, rules.rules["clock_skew"].by_source["gateway"]), (152, 2));
        let says = "`gateway`, whose clock seems 80 s ahead (2 of 152 events by more than 60 s): subtract 80 s";
        assert!(rules.rules["clock_skew"].examples.iter().any(|example| example == says), "{rules:?}");
    }
}
