//! Where too much is gone at once a person decides: until then the file waits, and nothing of it counts.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that cannot go on fails right there")]

mod support;

use domain::{id::ImportId, time::Timestamp};
use service::{
    FIRST_ORG, ServiceError,
    authorise::{Caller, Object, authorise, proof},
    draft::{Brought, Reception},
    identity::record::Origin,
    ingest::{
        AllowedSources, FileSaid, GivenUp, ImportInput, ImportOptions, ImportState, ImportSummary, Judged, MassAbsence,
        Notes, OnProgress, ReceivedAt, SourcePlan, StoredImport, Verdict,
    },
    limits::HELD_IMPORT_SECONDS,
};
use std::{
    io::{Seek, Write},
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};
use store::{import_steps, imports};
use support::{Desk, NOW, refusal as code};

const HEADER: &str = "Plugin ID,Host,Severity,Vulnerability State,First Found,Last Found";

/// Rules that are open on one host, seen on that day of March.
fn table(rules: std::ops::RangeInclusive<u32>, day: u32) -> String {
    let row = |rule| format!("{rule},web-01,High,Active,2026-01-05T10:00:00Z,2026-03-{day:02}T10:00:00Z\n");
    format!("{HEADER}\n{}", rules.map(row).collect::<String>())
}

/// Exported on that day of March, and said to be the whole list.
fn whole_at(day: u32) -> FileSaid {
    FileSaid {
        format: "tenable-csv".to_owned(),
        taken_at: format!("2026-03-{day:02}T00:00:00Z"),
        complete: Some(true),
        ..FileSaid::default()
    }
}

fn stream(text: &str) -> ImportInput {
    ImportInput::Stream(Box::new(std::io::Cursor::new(text.as_bytes().to_vec())))
}

async fn bring(desk: &Desk, input: ImportInput, said: FileSaid) -> Result<ImportSummary, ServiceError> {
    bring_watched(desk, input, said, Arc::new(|_| {})).await
}

async fn bring_watched(
    desk: &Desk,
    input: ImportInput,
    said: FileSaid,
    progress: OnProgress,
) -> Result<ImportSummary, ServiceError> {
    let options = ImportOptions {
        name: "export.csv".into(),
        source: "scanner".into(),
        allowed: AllowedSources::Any,
        received_at: ReceivedAt::Stamped,
        encoding: None,
        plan: None,
        said,
        origin: Origin::default(),
    };
    desk.services.import(&desk.granted::<proof::ImportsWrite>(), input, options, progress).await
}

async fn import(desk: &Desk, said: FileSaid, text: &str) -> Result<ImportSummary, ServiceError> {
    bring(desk, stream(text), said).await
}

async fn judge(desk: &Desk, id: i64, how: Judged) -> Result<ImportSummary, ServiceError> {
    let granted = desk.granted::<proof::ImportsWrite>();
    let quiet = Arc::new(|_| {});
    desk.services.judge_import(&granted, Origin::default(), ImportId::from_row(id), how, quiet).await
}

async fn resume(desk: &Desk, id: i64) -> Result<ImportSummary, ServiceError> {
    let granted = desk.granted::<proof::ImportsWrite>();
    let quiet = Arc::new(|_| {});
    desk.services.resume_import(&granted, Origin::default(), ImportId::from_row(id), None, quiet).await
}

/// Has something done at the first that is heard of an import, which waits until it is done.
fn once<F: Future<Output = ()>>(act: impl Fn(ImportId) -> F + Send + Sync + 'static) -> OnProgress {
    let (runtime, is_done) = (tokio::runtime::Handle::current(), AtomicBool::new(false));
    Arc::new(move |progress| {
        if !is_done.swap(true, Ordering::SeqCst) {
            tokio::task::block_in_place(|| runtime.block_on(act(progress.import)));
        }
    })
}

async fn stored(desk: &Desk, id: i64) -> StoredImport {
    let mut reader = desk.services.store().reader().await.unwrap();
    imports::by_id(&mut reader.conn(), FIRST_ORG, ImportId::from_row(id)).await.unwrap().unwrap()
}

fn asked(import: &StoredImport) -> MassAbsence {
    *serde_json::from_str::<Notes>(&import.notes).unwrap().mass_absence.unwrap()
}

/// Files that wait in the data directory.
fn files(desk: &Desk) -> usize {
    let spool = desk.services.data_dir().join("spool");
    let entries = std::fs::read_dir(spool).map(|entries| entries.flatten().filter(|it| it.path().is_file()).count());
    entries.unwrap_or_default()
}

/// Ten open items, and a file a week later that lacks eight of them; gives what its sender heard.
async fn held(desk: &Desk) -> String {
    import(desk, whole_at(2), &table(1..=10, 1)).await.unwrap();
    let refused = import(desk, whole_at(9), &table(1..=2, 8)).await.unwrap_err();
    let ServiceError::Refused(refusal) = refused else { return refused.to_string() };
    assert_eq!((refusal.code, refusal.import), ("mass_absence", Some(ImportId::from_row(2))));
    refusal.detail
}

async fn events(desk: &Desk) -> u64 {
    let report = desk.verify().await;
    assert_eq!(report.differences, Vec::<String>::new());
    report.events
}

on_both_engines! {
    async fn a_file_in_which_too_much_is_gone_waits_and_goes_on_as_a_person_says(place) {
        let desk = Desk::open(place).await;
        let heard = held(&desk).await;
        assert!(heard.starts_with("8 of 10 open items are gone at once; import 2 waits for a person"), "{heard}");
        let before = events(&desk).await;
        // It survives a restart, with its file and with what there is to decide.
        let desk = desk.reopened().await;
        let waiting = stored(&desk, 2).await;
        assert_eq!((waiting.state, files(&desk)), (ImportState::Held, 1));
        let absence = asked(&waiting);
        assert_eq!((absence.gone, absence.open, absence.judged), (8, 10, None));
        assert_eq!(absence.examples[..2], ["10@web-01", "3@web-01"]);
        assert_eq!(absence.compared_with.as_deref(), Some("2026-03-02T00:00:00Z"));
        let notes: Notes = serde_json::from_str(&waiting.notes).unwrap();
        assert_eq!(notes.met["mass_absence"].examples, ["8 of 10 open items are gone at once"]);
        let resumed = desk.services.resume_import(
            &desk.granted::<proof::ImportsWrite>(), Origin::default(), waiting.id, None, Arc::new(|_| {}),
        ).await;
        assert_eq!(code(resumed), "mass_absence", "nobody decides by resuming");
        assert_eq!(events(&desk).await, before);
        let acts = desk.verify().await.audit_records;
        let summary = judge(&desk, 2, Judged::Gone).await.unwrap();
        let seen = summary.notes.snapshot.clone().unwrap();
        assert_eq!((seen.gone, seen.open_before, seen.mass_absence_accepted), (8, 10, true));
        let counts = summary.counts;
        assert_eq!(counts.received, counts.accepted + counts.duplicate + counts.quarantined);
        // The decision, the import, and that much being gone was taken.
        assert_eq!(desk.verify().await.audit_records, acts + 3);
        let published = stored(&desk, 2).await;
        assert_eq!((published.state, asked(&published).judged), (ImportState::Published, Some(Judged::Gone)));
        assert_eq!(files(&desk), 0);
        assert_eq!(code(judge(&desk, 2, Judged::Gone).await), "import_state");
    }

    async fn a_file_that_is_not_the_whole_list_counts_by_what_stands_in_it(place) {
        let desk = Desk::open(place).await;
        held(&desk).await;
        let before = events(&desk).await;
        let summary = judge(&desk, 2, Judged::Part).await.unwrap();
        let seen = summary.notes.snapshot.unwrap();
        assert_eq!((seen.verdict, seen.gone, seen.unproven), (Verdict::Compared, 0, 8));
        assert!(!seen.mass_absence_accepted && events(&desk).await > before, "the two that stand in it were seen");
        // The next whole list is held against all ten.
        let next = import(&desk, whole_at(16), &table(1..=10, 15)).await.unwrap().notes.snapshot.unwrap();
        assert_eq!((next.open_before, next.back, next.detected), (10, 0, 0));
    }

    async fn what_is_not_so_leaves_nothing_behind(place) {
        let desk = Desk::open(place).await;
        held(&desk).await;
        let (before, acts) = (events(&desk).await, desk.verify().await.audit_records);
        let granted = desk.granted::<proof::ImportsWrite>();
        desk.services.cancel_import(&granted, &Origin::default(), ImportId::from_row(2)).await.unwrap();
        let given_up = stored(&desk, 2).await;
        assert_eq!((given_up.state, files(&desk)), (ImportState::Cancelled, 0));
        assert_eq!(asked(&given_up).given_up, Some(GivenUp::NotSo));
        assert_eq!((events(&desk).await, desk.verify().await.audit_records), (before, acts + 1));
        assert_eq!(code(judge(&desk, 2, Judged::Part).await), "import_state");
        // The right file is held against the same one.
        let right = import(&desk, whole_at(9), &table(1..=9, 8)).await.unwrap().notes.snapshot.unwrap();
        assert_eq!((right.open_before, right.gone), (10, 1));
    }

    async fn the_same_file_meets_the_one_that_waits(place) {
        let desk = Desk::open(place).await;
        let heard = held(&desk).await;
        let again = import(&desk, whole_at(9), &table(1..=2, 8)).await.unwrap_err();
        assert_eq!(again.to_string(), heard, "it is the same import");
        assert_eq!((files(&desk), stored(&desk, 2).await.state), (1, ImportState::Held));
        // Whoever says at once what was asked has decided.
        let said = FileSaid { accept_mass_absence: true, ..whole_at(9) };
        let taken = import(&desk, said, &table(1..=2, 8)).await.unwrap();
        assert_eq!((taken.id.get(), taken.notes.snapshot.unwrap().gone), (2, 8));
        assert_eq!((files(&desk), stored(&desk, 2).await.state), (0, ImportState::Published));
    }

    async fn another_file_of_the_source_counts_meanwhile_and_the_question_is_asked_anew(place) {
        let desk = Desk::open(place).await;
        held(&desk).await;
        // A second one waits beside it, later than both of the others.
        assert_eq!(code(import(&desk, whole_at(23), &table(1..=1, 22)).await), "mass_absence");
        let between = import(&desk, whole_at(16), &table(1..=12, 15)).await.unwrap().notes.snapshot.unwrap();
        assert_eq!((between.detected, between.gone), (2, 0));
        // What was decided beside ten items is not decided beside twelve.
        let anew = judge(&desk, 3, Judged::Gone).await.unwrap_err().to_string();
        assert!(anew.starts_with("11 of 12 open items are gone at once; import 3 waits"), "{anew}");
        let absence = asked(&stored(&desk, 3).await);
        assert_eq!((absence.gone, absence.judged), (11, None));
        assert_eq!(judge(&desk, 3, Judged::Gone).await.unwrap().notes.snapshot.unwrap().gone, 11);
        // The first is older than what counts now: its rows count, and nothing is concluded.
        let older = judge(&desk, 2, Judged::Gone).await.unwrap().notes.snapshot.unwrap();
        assert_eq!((older.verdict, older.gone), (Verdict::Older, 0));
        events(&desk).await;
    }

    async fn what_was_decided_beside_one_snapshot_is_not_decided_beside_another(place) {
        let desk = Desk::open(place).await;
        held(&desk).await;
        // As a process leaves it that is killed right behind the decision; then another one is published.
        let (two, waiting) = (ImportId::from_row(2), stored(&desk, 2).await);
        let mut notes: serde_json::Value = serde_json::from_str(&waiting.notes).unwrap();
        notes["mass_absence"]["judged"] = "gone".into();
        let mut tx = desk.services.store().begin().await.unwrap();
        assert!(import_steps::judge(&mut tx.conn(), FIRST_ORG, two, &waiting.plan, &notes.to_string()).await.unwrap());
        tx.commit().await.unwrap();
        import(&desk, whole_at(5), &table(1..=12, 4)).await.unwrap();
        let anew = resume(&desk, 2).await.unwrap_err().to_string();
        assert!(anew.starts_with("10 of 12 open items are gone at once; import 2 waits"), "{anew}");
        assert_eq!(asked(&stored(&desk, 2).await).against, Some(3));
        // So it is where the same file comes with the answer to the question before.
        import(&desk, whole_at(6), &table(1..=14, 5)).await.unwrap();
        let said = || FileSaid { accept_mass_absence: true, ..whole_at(9) };
        let again = import(&desk, said(), &table(1..=2, 8)).await.unwrap_err().to_string();
        assert!(again.starts_with("12 of 14 open items are gone at once; import 2 waits"), "{again}");
        let taken = import(&desk, said(), &table(1..=2, 8)).await.unwrap();
        assert_eq!((taken.id, taken.notes.snapshot.unwrap().gone), (two, 12));
        events(&desk).await;
    }

    async fn a_difference_that_was_begun_beside_another_snapshot_is_not_gone_on_with(place) {
        let desk = Desk::open(place).await;
        // Each item that is gone is two events: a piece of the difference is staged before the import rests.
        import(&desk, whole_at(2), &table(1..=9_000, 1)).await.unwrap();
        let (services, caller) = (desk.services.clone(), Caller::operator(FIRST_ORG, Timestamp::from_seconds(NOW)));
        let pausing = once(move |id| {
            let (services, granted) = (services.clone(), authorise::<proof::ImportsWrite>(&caller, Object::OwnOrg).unwrap());
            async move { services.pause_import(&granted, &Origin::default(), id).await.unwrap() }
        });
        let said = FileSaid { accept_mass_absence: true, ..whole_at(9) };
        let paused = bring_watched(&desk, stream(&table(1..=2, 8)), said, pausing).await;
        assert_eq!(code(paused), "import_paused");
        assert!(stored(&desk, 2).await.counts.received >= 16_000);
        // Older than it, and later: the one is another difference, beside the other there is none.
        for day in [5, 16] {
            import(&desk, whole_at(day), &table(1..=8_990, day - 1)).await.unwrap();
            assert_eq!((code(resume(&desk, 2).await), stored(&desk, 2).await.state), ("snapshot_overtaken", ImportState::Failed));
        }
        events(&desk).await;
    }

    async fn what_was_overtaken_while_it_was_read_is_given_up_and_comes_again(place) {
        let desk = Arc::new(Desk::open(place).await);
        held(&desk).await;
        let (meanwhile, granted) = (desk.clone(), desk.granted::<proof::ImportsWrite>());
        let overtaking = once(move |_| {
            let desk = meanwhile.clone();
            async move { drop(import(&desk, whole_at(5), &table(1..=12, 4)).await.unwrap()) }
        });
        let two = ImportId::from_row(2);
        let judged = desk.services.judge_import(&granted, Origin::default(), two, Judged::Gone, overtaking).await;
        assert_eq!((code(judged), stored(&desk, 2).await.state), ("import_running", ImportState::Failed));
        assert_eq!(code(resume(&desk, 2).await), "snapshot_overtaken");
        desk.services.cancel_import(&granted, &Origin::default(), two).await.unwrap();
        assert_eq!(code(import(&desk, whole_at(9), &table(1..=2, 8)).await), "mass_absence");
        assert_eq!(judge(&desk, 4, Judged::Gone).await.unwrap().notes.snapshot.unwrap().gone, 10);
        events(&desk).await;
    }

    async fn an_import_that_was_given_up_a_moment_ago_does_not_wait(place) {
        let desk = Desk::open(place).await;
        // Rows so long that a piece of them is staged before too much turns out to be gone.
        let wide = |text: String| text.replace(HEADER, &format!("{HEADER},Notes")).replace("Z\n", &format!("Z,{}\n", "x".repeat(1_000_000)));
        import(&desk, whole_at(2), &table(1..=10, 1)).await.unwrap();
        let (services, caller) = (desk.services.clone(), Caller::operator(FIRST_ORG, Timestamp::from_seconds(NOW)));
        let cancelling = once(move |id| {
            let (services, granted) = (services.clone(), authorise::<proof::ImportsWrite>(&caller, Object::OwnOrg).unwrap());
            async move { services.cancel_import(&granted, &Origin::default(), id).await.unwrap() }
        });
        let outcome = bring_watched(&desk, stream(&wide(table(1..=7, 8))), whole_at(9), cancelling).await;
        assert_eq!((code(outcome), stored(&desk, 2).await.state, files(&desk)), ("import_cancelled", ImportState::Cancelled, 0));
        assert!(stored(&desk, 2).await.counts.received > 0, "a piece was staged");
        events(&desk).await;
    }

    async fn nothing_is_decided_while_the_file_is_imported_in_another_way(place) {
        let desk = Arc::new(Desk::open(place).await);
        held(&desk).await;
        let meanwhile = desk.clone();
        let judging = once(move |_| {
            let desk = meanwhile.clone();
            async move {
                assert_eq!(code(judge(&desk, 2, Judged::Part).await), "import_running");
                assert_eq!(stored(&desk, 2).await.state, ImportState::Held);
            }
        });
        let part = FileSaid { complete: Some(false), ..whole_at(10) };
        bring_watched(&desk, stream(&table(1..=2, 8)), part, judging).await.unwrap();
        judge(&desk, 2, Judged::Part).await.unwrap();
        // What does not wait any more does not lapse.
        let mut tx = desk.services.store().begin().await.unwrap();
        let now = Timestamp::from_seconds(NOW);
        assert!(!import_steps::lapse(&mut tx.conn(), FIRST_ORG, ImportId::from_row(2), now).await.unwrap());
    }

    async fn nobody_decides_by_waiting(place) {
        let desk = Desk::open(place).await;
        held(&desk).await;
        let before = events(&desk).await;
        desk.set_clock(NOW + HELD_IMPORT_SECONDS - 1);
        let desk = desk.reopened().await;
        assert_eq!((stored(&desk, 2).await.state, files(&desk)), (ImportState::Held, 1));
        desk.set_clock(NOW + HELD_IMPORT_SECONDS);
        let desk = desk.reopened().await;
        let lapsed = stored(&desk, 2).await;
        assert_eq!((lapsed.state, files(&desk)), (ImportState::Cancelled, 0));
        assert_eq!((asked(&lapsed).gone, asked(&lapsed).given_up), (8, Some(GivenUp::Lapsed)));
        assert_eq!(events(&desk).await, before);
    }

    async fn only_so_many_files_wait_at_a_time(place) {
        let desk = Desk::open(place).await;
        held(&desk).await;
        for seconds in 1..20 {
            let said = FileSaid { taken_at: format!("2026-03-09T00:00:{seconds:02}Z"), ..whole_at(9) };
            assert_eq!(code(import(&desk, said, &table(2..=2, seconds)).await), "mass_absence");
        }
        let one_more = import(&desk, whole_at(10), &table(3..=3, 9)).await;
        assert_eq!(code(one_more), "held_imports_full");
        assert_eq!((files(&desk), stored(&desk, 22).await.state), (20, ImportState::Cancelled));
    }

    async fn a_file_read_where_it_lay_is_kept_with_its_import(place) {
        let desk = Desk::open(place).await;
        import(&desk, whole_at(2), &table(1..=10, 1)).await.unwrap();
        let path = desk.services.data_dir().join("brought.csv");
        std::fs::write(&path, table(1..=2, 8)).unwrap();
        assert_eq!(code(bring(&desk, ImportInput::Path(path.clone()), whole_at(9)).await), "mass_absence");
        std::fs::remove_file(&path).unwrap();
        assert!(Path::new(&stored(&desk, 2).await.spool).starts_with(desk.services.data_dir().join("spool")));
        assert_eq!(judge(&desk, 2, Judged::Gone).await.unwrap().notes.snapshot.unwrap().gone, 8);
        assert_eq!(files(&desk), 0);
    }

    async fn a_draft_goes_over_into_the_import_that_waits(place) {
        let desk = Desk::open(place).await;
        import(&desk, whole_at(2), &table(1..=10, 1)).await.unwrap();
        let granted = desk.granted::<proof::ImportsWrite>();
        let path = desk.services.data_dir().join("drafted.csv");
        let mut file = std::fs::File::options().read(true).write(true).create_new(true).open(&path).unwrap();
        file.write_all(table(1..=2, 8).as_bytes()).unwrap();
        file.rewind().unwrap();
        let (name, source) = ("export.csv".to_owned(), "scanner".to_owned());
        let brought = Brought { file, name, source, said: whole_at(9), received_at: ReceivedAt::Stamped };
        let reception = desk.services.receive(&granted, brought).await.unwrap();
        let told = format!("{reception:?}");
        let Reception::Drafted(draft) = reception else { unreachable!("{told}") };
        let imported = desk.services.import_draft(&granted, &draft, Origin::default(), Arc::new(|_| {})).await;
        assert_eq!(code(imported), "mass_absence");
        assert!(desk.services.drafts(&granted).await.unwrap().is_empty(), "its file is kept with the import");
        let plan: SourcePlan = desk.services.plan_of(&granted, "scanner").await.unwrap().unwrap().plan;
        assert!(plan.settings.snapshot.is_some_and(|snapshot| !snapshot.accept_mass_absence));
        assert_eq!(judge(&desk, 2, Judged::Gone).await.unwrap().notes.snapshot.unwrap().gone, 8);
    }
}
