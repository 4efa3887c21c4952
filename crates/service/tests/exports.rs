//! An export of another tool becomes events by a plan: one that is given, or the one that was saved for its source.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that cannot go on fails right there")]

mod support;

use formats::foreign::Settings;
use service::{
    FIRST_ORG,
    authorise::proof,
    identity::record::Origin,
    ingest::{AllowedSources, ImportInput, ImportOptions, ImportSummary, ReceivedAt, SourcePlan},
};
use std::sync::Arc;
use store::{batches::Counts, imports};
use support::{Desk, refusal as code, refused};

/// Two findings as a scanner exports them: one fixed, one whose end lies before its start.
const FINDINGS: &str = r#"[
 {"asset":{"uuid":"a-1","hostname":"web-01"},"plugin":{"id":1},"finding_id":"f-1","state":"FIXED","severity":"high",
  "first_found":"2026-01-05T10:00:00Z","last_found":"2026-02-01T10:00:00Z","last_fixed":"2026-02-08T10:00:00Z"},
 {"asset":{"uuid":"a-2","hostname":"web-02"},"plugin":{"id":1},"finding_id":"f-2","state":"FIXED","severity":"low",
  "first_found":"2026-01-05T10:00:00Z","last_fixed":"1999-02-08T10:00:00Z"}
]"#;

fn plan() -> SourcePlan {
    SourcePlan { format: "tenable-json".to_owned(), settings: Settings::default() }
}

async fn import(desk: &Desk, plan: SourcePlan) -> Result<ImportSummary, service::ServiceError> {
    let options = ImportOptions {
        name: "findings.json".into(),
        source: "scanner".into(),
        allowed: AllowedSources::Any,
        received_at: ReceivedAt::Stamped,
        encoding: None,
        plan: Some(plan),
        said: service::ingest::FileSaid::default(),
        origin: Origin::default(),
    };
    let input = ImportInput::Stream(Box::new(std::io::Cursor::new(FINDINGS.as_bytes())));
    desk.services.import(&desk.granted::<proof::ImportsWrite>(), input, options, Arc::new(|_| {})).await
}

on_both_engines! {
    async fn nothing_but_canonical_events_runs_without_a_plan(place) {
        let desk = Desk::open(place).await;
        assert_eq!(code(desk.try_import(FINDINGS.as_bytes()).await), "mapping_needed");
        let unknown = SourcePlan { format: "pigeon-post".to_owned(), settings: Settings::default() };
        assert_eq!(code(import(&desk, unknown).await), "format_unknown");
        let nowhere = Settings { zone: Some("Europe/Atlantis".to_owned()), ..Settings::default() };
        assert_eq!(code(import(&desk, SourcePlan { settings: nowhere, ..plan() }).await), "bad_setting");
    }

    async fn a_table_of_two_tools_is_not_guessed_and_one_that_is_nearly_a_tools_says_what_it_lacks(place) {
        let desk = Desk::open(place).await;
        let both = "number,opened_at,state,Issue key,Created\n1,2,3,4,5\n";
        let refusal = refused(desk.try_import(both.as_bytes()).await);
        assert_eq!(refusal.code, "format_ambiguous");
        assert_eq!(refusal.detail, "this may be Jira issues (`jira`) or ServiceNow incidents (`servicenow`)");
        let granted = desk.granted::<proof::SourcesWrite>();
        let wiz = SourcePlan::usual("wiz-issues-csv");
        desk.services.save_plan(&granted, &Origin::default(), "scanner", wiz).await.unwrap();
        let lacks = "Issue ID,Created At,Resolution\n1,2,3\n";
        let refusal = refused(desk.try_import(lacks.as_bytes()).await);
        assert_eq!(refusal.code, "missing_header");
        assert_eq!(refusal.detail, "line 1 has columns of Wiz issues as CSV and lacks `Control ID`");
    }

    async fn a_record_becomes_its_events_and_what_is_wrong_with_it_is_held(place) {
        let desk = Desk::open(place).await;
        let first = import(&desk, plan()).await.unwrap();
        assert_eq!(first.counts, Counts { received: 6, accepted: 5, duplicate: 0, quarantined: 1 });
        assert_eq!((first.items, first.format), (2, Some("tenable-json")));
        assert_eq!(first.reasons.keys().collect::<Vec<_>>(), ["ends_before_start"]);
        assert_eq!(first.notes.met["ends_before_start"].count, 1);
        let report = desk.verify().await;
        assert_eq!((report.differences, report.events), (Vec::new(), 5));
        let again = import(&desk, plan()).await.unwrap();
        assert_eq!(again.counts, Counts { received: 6, accepted: 0, duplicate: 6, quarantined: 0 });
    }

    async fn a_saved_plan_reads_the_next_files_of_its_source(place) {
        let desk = Desk::open(place).await;
        let granted = desk.granted::<proof::SourcesWrite>();
        desk.services.save_plan(&granted, &Origin::default(), "scanner", plan()).await.unwrap();
        let zoned = Settings { zone: Some("Europe/Madrid".to_owned()), ..Settings::default() };
        let second = SourcePlan { settings: zoned, ..plan() };
        desk.services.save_plan(&granted, &Origin::default(), "scanner", second.clone()).await.unwrap();
        let saved = desk.services.plan_of(&desk.granted::<proof::ImportsWrite>(), "scanner").await.unwrap().unwrap();
        assert_eq!((saved.version, &saved.plan), (2, &second));
        let summary = desk.try_import(FINDINGS.as_bytes()).await.unwrap();
        assert_eq!((summary.counts.accepted, summary.format), (5, Some("tenable-json")));
        let mut reader = desk.services.store().reader().await.unwrap();
        let stored = imports::by_id(&mut reader.conn(), FIRST_ORG, summary.id).await.unwrap().unwrap();
        assert_eq!(serde_json::from_str::<SourcePlan>(&stored.plan).unwrap(), second);
        assert!(stored.notes.contains("ends_before_start"), "{}", stored.notes);
        drop(reader);
        // Canonical events are understood from any source.
        let canonical = support::line("x", "item", "detected", support::NOW - 900);
        assert_eq!(desk.import(&canonical).await.counts.accepted, 1);
    }
}
