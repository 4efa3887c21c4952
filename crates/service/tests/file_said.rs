//! What a person says about one file counts, and lies over what is saved of its source, on both engines.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails right there")]

mod support;

use formats::text_encoding::TextEncoding;
use service::{
    FIRST_ORG, ServiceError,
    authorise::proof,
    draft::{Brought, Dated, Reception},
    identity::record::Origin,
    ingest::{
        AllowedSources, DryRun, FileSaid, ImportInput, ImportOptions, ImportSummary, ReceivedAt, SnapshotNotes,
        SourcePlan, Verdict,
    },
};
use std::{
    io::{Seek, Write},
    sync::Arc,
};
use store::imports::{self, StoredImport};
use support::{Desk, refused};

fn plan(format: &str, settings: &str) -> SourcePlan {
    SourcePlan { format: format.to_owned(), settings: serde_json::from_str(settings).unwrap() }
}

async fn save(desk: &Desk, plan: SourcePlan) {
    let granted = desk.granted::<proof::SourcesWrite>();
    desk.services.save_plan(&granted, &Origin::default(), "scanner", plan).await.unwrap();
}

fn options(said: FileSaid) -> ImportOptions {
    ImportOptions {
        name: "export".into(),
        source: "scanner".into(),
        allowed: AllowedSources::Any,
        received_at: ReceivedAt::Stamped,
        encoding: None,
        plan: None,
        said,
        origin: Origin::default(),
    }
}

async fn import(desk: &Desk, said: FileSaid, bytes: &[u8]) -> Result<ImportSummary, ServiceError> {
    let options = options(said);
    let input = ImportInput::Stream(Box::new(std::io::Cursor::new(bytes.to_vec())));
    desk.services.import(&desk.granted::<proof::ImportsWrite>(), input, options, Arc::new(|_| {})).await
}

async fn dry(desk: &Desk, said: FileSaid, text: &str) -> Result<DryRun, ServiceError> {
    let input = ImportInput::Stream(Box::new(std::io::Cursor::new(text.as_bytes().to_vec())));
    desk.services.dry_run(&desk.granted::<proof::ImportsWrite>(), input, &options(said)).await
}

async fn stored(desk: &Desk, summary: &ImportSummary) -> StoredImport {
    let mut reader = desk.services.store().reader().await.unwrap();
    imports::by_id(&mut reader.conn(), FIRST_ORG, summary.id).await.unwrap().unwrap()
}

const HEADER: &str = "Plugin ID,Host,Severity,Vulnerability State,First Found,Last Found";

/// Rules that are open on one host, seen on that day of March, in times without a zone.
fn table(rules: std::ops::RangeInclusive<u32>, day: u32) -> String {
    let row = |rule| format!("{rule},web-01,High,Active,2026-01-05 10:00:00,2026-03-{day:02} 10:00:00\n");
    format!("{HEADER}\n{}", rules.map(row).collect::<String>())
}

fn said_at(day: u32) -> FileSaid {
    FileSaid {
        format: "tenable-csv".to_owned(),
        taken_at: format!("2026-03-{day:02}T00:00:00Z"),
        ..FileSaid::default()
    }
}

/// A finding of Tenable that says itself when it was exported.
fn findings(rules: std::ops::RangeInclusive<u32>, day: u32) -> String {
    let one = |rule| {
        format!(
            r#"{{"asset":{{"uuid":"a"}},"plugin":{{"id":{rule}}},"state":"OPEN","severity":"high","first_found":"2026-01-05T10:00:00Z","last_found":"2026-03-{day:02}T10:00:00Z","indexed":"2026-03-{:02}T00:00:00Z"}}"#,
            day + 1
        )
    };
    format!("[{}]", rules.map(one).collect::<Vec<_>>().join(",\n"))
}

async fn brought(desk: &Desk, said: FileSaid, text: &str) -> Reception {
    let mut file = tempfile();
    file.write_all(text.as_bytes()).unwrap();
    file.rewind().unwrap();
    let (name, source) = ("export".to_owned(), "scanner".to_owned());
    let brought = Brought { file, name, source, said, received_at: ReceivedAt::Stamped };
    desk.services.receive(&desk.granted::<proof::ImportsWrite>(), brought).await.unwrap()
}

fn tempfile() -> std::fs::File {
    let mut number = [0_u8; 8];
    getrandom::fill(&mut number).unwrap();
    let path = std::env::temp_dir().join(format!("wallclock-said-{:016x}", u64::from_le_bytes(number)));
    let file = std::fs::File::options().read(true).write(true).create_new(true).open(&path).unwrap();
    std::fs::remove_file(path).unwrap();
    file
}

async fn drafted(desk: &Desk, said: FileSaid, text: &str) -> String {
    let reception = brought(desk, said, text).await;
    let told = format!("{reception:?}");
    let Reception::Drafted(id) = reception else { return told };
    id
}

async fn import_draft(desk: &Desk, id: &str) -> ImportSummary {
    let granted = desk.granted::<proof::ImportsWrite>();
    desk.services.import_draft(&granted, id, Origin::default(), Arc::new(|_| {})).await.unwrap()
}

/// What the next file of the source comes to, brought on the page.
async fn next(desk: &Desk, said: FileSaid, text: &str) -> SnapshotNotes {
    let reception = brought(desk, said.clone(), text).await;
    let told = format!("{reception:?}");
    assert!(matches!(reception, Reception::AtOnce { .. }), "{told}");
    import(desk, said, text.as_bytes()).await.unwrap().notes.snapshot.unwrap()
}

on_both_engines! {
    async fn what_is_saved_of_a_source_stays_where_more_is_said_of_a_file(place) {
        let desk = Desk::open(place).await;
        save(&desk, plan("tenable-csv", r#"{"zone": "Europe/Madrid", "snapshot": {"complete": true}}"#)).await;
        let first = import(&desk, said_at(2), table(1..=10, 1).as_bytes()).await.unwrap();
        assert_eq!(first.counts.quarantined, 0, "the zone that was saved counts: {:?}", first.first_held);
        assert!(stored(&desk, &first).await.plan.contains("Europe/Madrid"));
        let few = refused(import(&desk, said_at(9), table(1..=2, 8).as_bytes()).await);
        assert_eq!(few.code, "mass_absence", "that its files are complete counts as well");
        let taken = FileSaid { accept_mass_absence: true, ..said_at(9) };
        let taken = import(&desk, taken, table(1..=2, 8).as_bytes()).await.unwrap().notes.snapshot.unwrap();
        assert_eq!((taken.gone, taken.mass_absence_accepted), (8, true));
        let part = FileSaid { complete: Some(false), ..said_at(16) };
        let part = import(&desk, part, table(11..=11, 15).as_bytes()).await.unwrap().notes.snapshot.unwrap();
        assert_eq!((part.gone, part.detected), (0, 1), "it is said that this file is not complete");
        let other = FileSaid { format: "jira".to_owned(), ..FileSaid::default() };
        let other = import(&desk, other, b"{\"issues\":[]}").await.map(|summary| summary.format);
        assert!(!matches!(other, Ok(Some("tenable-csv"))), "another tool was named: {other:?}");
    }

    async fn what_is_said_of_an_export_is_not_said_of_events(place) {
        let desk = Desk::open(place).await;
        let event = br#"{"item_id":"a","event":"detected","at":"2026-03-01T10:00:00Z"}"#;
        let dated = FileSaid { taken_at: "2026-03-02T00:00:00Z".to_owned(), ..FileSaid::default() };
        assert_eq!(refused(import(&desk, dated, event).await).code, "mapping_needed");
        assert_eq!(import(&desk, FileSaid::default(), event).await.unwrap().counts.accepted, 1);
        let known = table(1..=1, 1);
        assert_eq!(refused(import(&desk, FileSaid::default(), known.as_bytes()).await).code, "mapping_needed");
        let whole = FileSaid { format: "jira".to_owned(), complete: Some(true), ..FileSaid::default() };
        assert_eq!(refused(import(&desk, whole, b"{}").await).code, "bad_setting");
    }

    async fn events_in_an_older_encoding_are_read_where_somebody_says_so(place) {
        let desk = Desk::open(place).await;
        let bytes = b"item_id,event,at,team\n1,detected,2026-03-01T10:00:00Z,M\xfcller \x80\n";
        let unknown = refused(import(&desk, FileSaid::default(), bytes).await);
        assert!(unknown.hint.is_some_and(|hint| hint.contains("`windows-1252`")), "{}", unknown.detail);
        assert_eq!(unknown.code, "encoding_unknown");
        let said = |encoding| FileSaid { text_encoding: Some(encoding), ..FileSaid::default() };
        let summary = import(&desk, said(TextEncoding::Windows1252), bytes).await.unwrap();
        assert_eq!((summary.counts.accepted, summary.counts.quarantined), (1, 0));
        let present = desk.services.present_ledger(FIRST_ORG).await.unwrap();
        let teams = format!("{:?}", present.ledger.items());
        assert!(teams.contains("Müller €"), "{teams}");
        assert!(stored(&desk, &summary).await.terms.contains("windows-1252"), "an import that goes on reads it so");
        // The same bytes mean something else in another encoding: nothing of them is known.
        let other = import(&desk, said(TextEncoding::Latin1), bytes).await.unwrap();
        assert_eq!(other.counts.duplicate, 0);
    }

    async fn what_was_said_goes_along_with_a_file_that_waits(place) {
        let desk = Desk::open(place).await;
        let said = FileSaid { complete: Some(true), text_encoding: Some(TextEncoding::Latin1), ..said_at(2) };
        let id = drafted(&desk, said, &table(1..=10, 1)).await;
        let granted = desk.granted::<proof::ImportsWrite>();
        let mut answers = desk.services.draft_answers(&granted, &id).await.unwrap();
        assert_eq!((answers.exported_at.as_str(), answers.encoding.as_str()), ("2026-03-02T00:00:00Z", "latin-1"));
        assert_eq!((answers.states.as_str(), answers.accept_gone), ("complete", false));
        "Europe/Madrid".clone_into(&mut answers.zone);
        desk.services.answer_draft(&granted, &id, answers).await.unwrap();
        desk.services.draft_received_at(&granted, &id, ReceivedAt::Assumed).await.unwrap();
        let summary = import_draft(&desk, &id).await;
        let seen = summary.notes.snapshot.clone().unwrap();
        assert_eq!((seen.verdict, seen.taken_at.as_deref()), (Verdict::First, Some("2026-03-02T00:00:00Z")));
        let kept = stored(&desk, &summary).await;
        assert!(kept.plan.contains(r#""complete":true"#) && kept.terms.contains("assumed"), "{kept:?}");
        let saved = desk.services.plan_of(&granted, "scanner").await.unwrap().unwrap().plan.settings;
        let snapshot = saved.snapshot.unwrap();
        assert_eq!((saved.exported_at, snapshot.complete), (None, true), "the moment belongs to the one file");
        assert_eq!((saved.zone.as_deref(), saved.text_encoding), (Some("Europe/Madrid"), Some(TextEncoding::Latin1)));
        let second = next(&desk, said_at(9), &table(1..=11, 8)).await;
        assert_eq!((second.verdict, second.detected), (Verdict::Compared, 1));
    }

    async fn a_file_that_dates_itself_is_never_dated_by_the_clock(place) {
        let desk = Desk::open(place).await;
        let id = drafted(&desk, FileSaid::default(), &findings(1..=3, 1)).await;
        let look = desk.services.draft(&desk.granted::<proof::ImportsWrite>(), &id).await.unwrap();
        assert_eq!(look.dated, Dated::ByItself { at: "2026-03-02T00:00:00Z".to_owned(), whole: true });
        assert_eq!(look.draft.answers.exported_at, "");
        let first = import_draft(&desk, &id).await.notes.snapshot.unwrap();
        assert_eq!((first.verdict, first.taken_at.as_deref()), (Verdict::First, Some("2026-03-02T00:00:00Z")));
        let second = next(&desk, FileSaid::default(), &findings(1..=4, 8)).await;
        assert_eq!((second.verdict, second.detected), (Verdict::Compared, 1), "the next one is not older");
    }

    async fn a_dry_run_says_what_the_import_then_does_and_writes_nothing(place) {
        let desk = Desk::open(place).await;
        let line = |id: &str, at: &str| format!(r#"{{"id":"{id}","item_id":"i-{id}","event":"detected","at":"{at}"}}"#);
        let day = "2026-03-01T10:00:00Z";
        let before = [line("1", day), line("2", day), "no json".to_owned()].join("\n");
        import(&desk, FileSaid::default(), before.as_bytes()).await.unwrap();
        let again = "2026-03-02T10:00:00Z";
        let file = [
            line("1", day), line("2", again), line("3", day), line("3", day), line("3", again), "no json".to_owned(),
            "{}".to_owned(), "{}".to_owned(), String::new(), line("4", "2099-01-01T00:00:00Z"),
        ];
        let file = file.join("\n");
        let held = desk.verify().await;
        let foreseen = dry(&desk, FileSaid::default(), &file).await.unwrap();
        let verified = desk.verify().await;
        assert_eq!((verified.events, verified.audit_records), (held.events, held.audit_records), "nothing is written");
        let counts = foreseen.counts;
        assert_eq!([counts.received, counts.accepted, counts.duplicate, counts.quarantined], [9, 1, 4, 4]);
        let done = import(&desk, FileSaid::default(), file.as_bytes()).await.unwrap();
        assert_eq!((done.counts, done.ignored, done.reasons), (counts, foreseen.ignored, foreseen.reasons));
        assert!(foreseen.sees_all_repeats);
        let second = dry(&desk, FileSaid::default(), &file).await.unwrap();
        assert_eq!((second.same_as, second.counts.duplicate), (Some(done.id), 9), "all of it is known then");
        // A list is held against the one before, and refused as its import would be.
        save(&desk, plan("tenable-csv", r#"{"zone": "Europe/Madrid", "snapshot": {"complete": true}}"#)).await;
        import(&desk, said_at(2), table(1..=10, 1).as_bytes()).await.unwrap();
        assert_eq!(refused(dry(&desk, said_at(9), &table(1..=2, 8)).await).code, "mass_absence");
        let looked = dry(&desk, said_at(9), &table(1..=11, 8)).await.unwrap();
        let imported = import(&desk, said_at(9), table(1..=11, 8).as_bytes()).await.unwrap();
        assert_eq!((looked.counts, looked.notes.snapshot), (imported.counts, imported.notes.snapshot));
    }
}
