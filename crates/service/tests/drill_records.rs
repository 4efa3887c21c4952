//! A record of a drill is kept as a version and its findings become events, on both engines.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that cannot go on fails right there")]

mod support;

use service::{
    FIRST_ORG, ServiceError,
    authorise::proof,
    drill_records::{DrillUpload, DrillsKept},
    identity::record::Origin,
    ingest::{AllowedSources, ImportInput, ImportOptions, ReceivedAt, SourcePlan},
};
use std::sync::Arc;
use store::drills;
use support::{Desk, NOW};

fn drill(id: &str, title: &str, more: &str) -> String {
    format!(
        r#"{{"id":"{id}","type":"tabletop","title":"{title}","scenario":"ransom","started_at":"2026-03-01T10:00:00Z","ended_at":"2026-03-01T11:00:00Z"{more}}}"#
    )
}

const FINDING: &str = r#","findings":[{"id":"F-1","technique":"T1059","control":"edr","system_group":"shop","severity":"high"}],"retests":[{"finding":"F-1","at":"2026-04-02T09:00:00Z","passed":true,"attempt":1}]"#;

async fn put(desk: &Desk, body: &str) -> Result<DrillsKept, ServiceError> {
    let upload = DrillUpload { body: body.as_bytes().to_vec(), source: "drills".to_owned(), origin: Origin::default() };
    desk.services.keep_drills(&desk.granted::<proof::DrillsWrite>(), upload).await
}

fn versions(kept: &DrillsKept) -> Vec<(&str, u32, bool)> {
    kept.records.iter().map(|one| (one.id.as_str(), one.version, one.unchanged)).collect()
}

fn events(kept: &DrillsKept) -> [u64; 4] {
    let receipt = kept.events.clone().unwrap_or_default();
    [receipt.received, receipt.accepted, receipt.duplicate, receipt.quarantined]
}

async fn stored(desk: &Desk) -> Vec<(String, u32)> {
    let mut reader = desk.services.store().reader().await.unwrap();
    let far = domain::time::Timestamp::from_seconds(i64::MAX);
    let page = drills::page(&mut reader.conn(), FIRST_ORG, far, "", 100).await.unwrap();
    page.into_iter().map(|one| (one.record.id, one.version)).collect()
}

on_both_engines! {
    async fn a_record_sent_twice_is_one_version_and_its_findings_are_events_once(place) {
        let desk = Desk::open(place).await;
        let record = drill("D-1", "one", FINDING);
        let first = put(&desk, &record).await.unwrap();
        assert_eq!((versions(&first), events(&first)), (vec![("D-1", 1, false)], [2, 2, 0, 0]));
        let again = put(&desk, &record).await.unwrap();
        assert_eq!((versions(&again), events(&again)), (vec![("D-1", 1, true)], [2, 0, 2, 0]));
        desk.set_clock(NOW + 10);
        let retitled = put(&desk, &drill("D-1", "two", FINDING)).await.unwrap();
        assert_eq!((versions(&retitled), events(&retitled)), (vec![("D-1", 2, false)], [2, 0, 2, 0]));
        let mut reader = desk.services.store().reader().await.unwrap();
        let acts = store::audit::check(&mut reader.conn(), FIRST_ORG).await.unwrap().records;
        assert_eq!(acts, 3 + 2, "an act for the events of each request, and one for each version");
        let ledger = desk.services.present_ledger(FIRST_ORG).await.unwrap();
        assert_eq!(ledger.ledger.items().iter().map(|item| item.id.to_string()).collect::<Vec<_>>(), ["F-1@D-1"]);
    }

    async fn lines_and_lists_of_records_are_taken_and_what_is_odd_is_told(place) {
        let desk = Desk::open(place).await;
        let (one, two) = (drill("D-1", "one", ""), drill("D-2", "two", r#","objectives":[{"id":"O-1","text":"call"}]"#));
        let lines = put(&desk, &format!("{one}\n{two}\n")).await.unwrap();
        assert_eq!((versions(&lines), events(&lines)), (vec![("D-1", 1, false), ("D-2", 1, false)], [0; 4]));
        assert_eq!(lines.notes.met["objective_without_rating"].count, 1);
        let list = put(&desk, &format!("[{two},\n{one}]")).await.unwrap();
        assert_eq!(versions(&list), [("D-2", 1, true), ("D-1", 1, true)]);
    }

    async fn a_faulty_record_refuses_all_of_them(place) {
        let desk = Desk::open(place).await;
        let faulty = drill("D-2", "two", r#","decisions":[{"id":"X","asked_at":"2026-03-01T10:30:00Z","decided_at":"2026-03-01T10:20:00Z"}]"#);
        let body = format!("{}\n{faulty}\n{{\"id\":3}}\n", drill("D-1", "one", FINDING));
        let refusal = support::refused(put(&desk, &body).await);
        assert_eq!((refusal.code, refusal.detail.as_str()), ("drill_refused", "2 of 3 records of drills cannot be taken; nothing was stored"));
        let told: Vec<_> = refusal.errors.iter().map(|fault| (fault["record"].as_u64().unwrap(), fault["reason"].as_str().unwrap())).collect();
        assert_eq!(told[0], (2, "decided_before_asked"));
        assert_eq!(told[1].0, 3);
        assert!(stored(&desk).await.is_empty());
        assert_eq!(desk.services.present_ledger(FIRST_ORG).await.unwrap().ledger.items().len(), 0);
    }

    async fn what_is_no_record_is_refused(place) {
        let desk = Desk::open(place).await;
        for (body, code) in [("id,type\nD-1,tabletop\n", "format_unknown"), ("[]", "no_rows"), ("[{\"id\":\"a\"", "json_syntax"), ("{\"id\":", "json_syntax"), ("{\"id\":}", "drill_refused")] {
            let refusal = put(&desk, body).await;
            assert_eq!(support::refusal(refusal), code, "{body}");
        }
    }

    async fn a_record_imported_as_a_file_is_the_same_record(place) {
        let desk = Desk::open(place).await;
        let record = drill("D-1", "one", FINDING);
        put(&desk, &record).await.unwrap();
        let options = ImportOptions {
            name: "drill.json".into(),
            source: "drills".into(),
            allowed: AllowedSources::Any,
            received_at: ReceivedAt::Stamped,
            encoding: None,
            plan: Some(SourcePlan::usual("wallclock-drill")),
            said: service::ingest::FileSaid::default(),
            origin: Origin::default(),
        };
        let input = ImportInput::Stream(Box::new(std::io::Cursor::new(record.into_bytes())));
        let granted = desk.granted::<proof::ImportsWrite>();
        let summary = desk.services.import(&granted, input, options, Arc::new(|_| {})).await.unwrap();
        assert_eq!((summary.counts.accepted, summary.counts.duplicate), (0, 2));
        assert_eq!((summary.notes.drills_new, summary.notes.drills_known), (0, 1));
    }
}
