//! A row repeats an exception or an owner for as long as they hold, with a last change that moves: each happened once.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that cannot go on fails right there")]

mod support;

use domain::{id::EventSeq, time::Timestamp};
use formats::foreign::Settings;
use service::{
    FIRST_ORG,
    authorise::proof,
    identity::record::Origin,
    ingest::{AllowedSources, ImportInput, ImportOptions, ImportSummary, ReceivedAt, SourcePlan},
};
use std::sync::Arc;
use store::history;
use support::Desk;

/// Imports a file as it was exported on that day of March.
async fn import(desk: &Desk, format: &str, settings: &str, day: u32, text: &str) -> ImportSummary {
    let mut settings: Settings = serde_json::from_str(settings).unwrap();
    settings.exported_at = Some(format!("2026-03-{day:02}T20:00:00Z"));
    bring(desk, format, settings, text).await
}

/// Imports a file of which nobody says when it was exported.
async fn bring(desk: &Desk, format: &str, settings: Settings, text: &str) -> ImportSummary {
    let (granted, options) = (desk.granted::<proof::ImportsWrite>(), options(format, settings));
    let looked = desk.services.dry_run(&granted, stream(text), &options).await.unwrap();
    let summary = desk.services.import(&granted, stream(text), options, Arc::new(|_| {})).await.unwrap();
    assert_eq!(summary.counts.quarantined, 0, "{:?}", summary.first_held);
    assert_eq!(looked.counts, summary.counts);
    summary
}

fn stream(text: &str) -> ImportInput {
    ImportInput::Stream(Box::new(std::io::Cursor::new(text.as_bytes().to_vec())))
}

fn options(format: &str, settings: Settings) -> ImportOptions {
    ImportOptions {
        name: "export".into(),
        source: "scanner".into(),
        allowed: AllowedSources::Any,
        received_at: ReceivedAt::Stamped,
        encoding: None,
        plan: Some(SourcePlan { format: format.to_owned(), settings }),
        said: service::ingest::FileSaid::default(),
        origin: Origin::default(),
    }
}

/// The events of that name that count, each with what it says.
async fn told(desk: &Desk, name: &str) -> Vec<String> {
    let mut reader = desk.services.store().reader().await.unwrap();
    let log = history::in_order(&mut reader.conn(), FIRST_ORG, EventSeq::from_row(0), 1_000).await.unwrap();
    let bodies = log
        .iter()
        .filter(|entry| entry.is_counted)
        .map(|entry| serde_json::from_str::<serde_json::Value>(&entry.body).unwrap());
    let text = |body: serde_json::Value| {
        let what = ["to", "reason_code"].iter().find_map(|field| body[*field].as_str());
        format!("{} {}", body["at_latest"].as_str().map_or("", |at| &at[8..10]), what.unwrap_or_default())
    };
    bodies.filter(|body| body["event"] == name).map(text).collect()
}

fn tenable(day: u32, modified: &str, severity: &str) -> String {
    format!(
        r#"[{{"asset":{{"uuid":"a"}},"plugin":{{"id":7}},"state":"OPEN","severity":"{severity}","severity_default_id":3,
            "severity_modification_type":"{modified}","first_found":"2026-01-05T10:00:00Z","last_found":"2026-03-{day:02}T10:00:00Z"}}]"#
    )
}

fn qualys(day: u32, ignored: &str) -> String {
    format!(
        "\"Vulnerabilities\",\"\"\n\"ACME\",\"\"\n\"All\",\"\"\n\
         QID,Severity,Last Detected,First Detected,Port,Status,Asset Id,Asset Name,CVE,Disabled,Ignored,Last Fixed,Last Reopened\n\
         7,4,2026-03-{day:02} 08:00:00,2026-01-05 08:00:00,,Active,77,web-01,,{ignored},{ignored},,\n"
    )
}

fn defect_dojo(day: u32, accepted: &str) -> String {
    format!(
        r#"[{{"id":17,"title":"Old","severity":"High","date":"2026-03-01","created":"2026-03-01T10:00:00Z","sla_expiration_date":"2026-03-31",
            "last_status_update":"2026-03-{day:02}T10:00:00Z","risk_accepted":{accepted},"is_mitigated":false,"active":true}}]"#
    )
}

const MAPPED: &str = r#"{"mapping": {
    "item": "{Rule}",
    "events": [
        {"event": "seen", "at": {"column": "Changed"}},
        {"event": "assigned", "when": [{"column": "Owner", "filled": true}],
         "at": {"between": {"after": ["Opened"], "by": ["Changed"]}}, "fields": {"to": {"column": "Owner"}}}
    ]}, "snapshot": {}}"#;

/// A table whose rows say where each weakness stands, and not since when.
const STANDING: &str = r#"{"mapping": {
    "item": "{Rule}", "native": "{Rule}", "status": "State", "open": ["open"],
    "events": [
        {"event": "detected", "at": {"column": "Opened"}},
        {"event": "work_started", "when": [{"column": "State", "in": ["in work"]}],
         "at": {"between": {"after": ["Opened"], "exported": true}}},
        {"event": "exception_granted", "when": [{"column": "State", "in": ["waived"]}],
         "at": {"between": {"after": ["Opened"], "exported": true}}}
    ]}}"#;

fn standing(states: &[&str]) -> String {
    let row = |(number, state): (usize, &&str)| format!("r{number},2026-01-05T10:00:00Z,{state}\n");
    let rows: String = states.iter().enumerate().map(row).collect();
    format!("Rule,Opened,State\n{rows}")
}

fn table(day: u32, owner: &str) -> String {
    format!("Rule,Opened,Changed,Owner\nr1,2026-01-05T10:00:00Z,2026-03-{day:02}T10:00:00Z,{owner}\n")
}

on_both_engines! {
    async fn an_exception_of_tenable_is_granted_once_and_a_severity_recast_once(place) {
        let desk = Desk::open(place).await;
        for day in [2, 9, 16] {
            import(&desk, "tenable-json", "{}", day, &tenable(day, "ACCEPTED", "high")).await;
        }
        assert_eq!(told(&desk, "exception_granted").await, ["02 "]);
        for (day, severity) in [(17, "low"), (18, "low"), (19, "medium"), (20, "medium")] {
            import(&desk, "tenable-json", "{}", day, &tenable(day, "RECASTED", severity)).await;
        }
        assert_eq!(told(&desk, "severity_changed").await, ["17 low", "19 medium"]);
        // Accepted once more after it was not: that is another exception.
        let last = import(&desk, "tenable-json", "{}", 23, &tenable(23, "ACCEPTED", "high")).await;
        assert_eq!(told(&desk, "exception_granted").await, ["02 ", "23 "]);
        let again = import(&desk, "tenable-json", "{}", 23, &tenable(23, "ACCEPTED", "high")).await;
        assert_eq!((again.counts.accepted, again.notes.no_event["said by the snapshot before"]), (0, 1));
        assert!(last.notes.no_event.is_empty(), "{:?}", last.notes);
    }

    async fn what_qualys_ignores_and_disables_is_told_once(place) {
        let desk = Desk::open(place).await;
        for (day, ignored) in [(2, "Yes"), (9, "Yes"), (16, "No"), (20, "Yes"), (23, "Yes")] {
            import(&desk, "qualys-csv", r#"{"zone": "UTC"}"#, day, &qualys(day, ignored)).await;
        }
        assert_eq!(told(&desk, "exception_granted").await, ["02 ", "20 "]);
        assert_eq!(told(&desk, "closed").await, ["02 check_disabled", "20 check_disabled"]);
    }

    async fn a_risk_defect_dojo_accepts_is_accepted_once(place) {
        let desk = Desk::open(place).await;
        for (day, accepted) in [(2, "true"), (9, "true"), (16, "true")] {
            import(&desk, "defectdojo", r#"{"zone": "UTC", "snapshot": {}}"#, day, &defect_dojo(day, accepted)).await;
        }
        assert_eq!(told(&desk, "exception_granted").await, ["02 "]);
    }

    async fn an_owner_in_a_table_is_assigned_once(place) {
        let desk = Desk::open(place).await;
        for (day, owner) in [(2, "kim"), (9, "kim"), (16, "lou"), (23, "lou")] {
            import(&desk, "csv", MAPPED, day, &table(day, owner)).await;
        }
        assert_eq!(told(&desk, "assigned").await, ["02 kim", "16 lou"]);
    }

    async fn a_state_nobody_dated_is_told_once_whenever_its_file_comes(place) {
        let desk = Desk::open(place).await;
        let settings: Settings = serde_json::from_str(STANDING).unwrap();
        let mut taken = Vec::new();
        for (day, states) in [
            (2, ["open", "in work", "waived"].as_slice()),
            (9, &["open", "in work", "waived"]),
            // Known rows among new ones, one of which stands elsewhere now.
            (16, &["waived", "in work", "waived", "in work"]),
            (23, &["waived", "in work", "waived"]),
        ] {
            desk.set_clock(Timestamp::parse(&format!("2026-03-{day:02}T20:00:00Z")).unwrap().seconds());
            let summary = bring(&desk, "csv", settings.clone(), &standing(states)).await;
            taken.push((summary.counts.accepted, summary.counts.duplicate));
        }
        assert_eq!(taken, [(5, 0), (0, 5), (3, 5), (0, 6)]);
        // By when it had come about at the latest is said by the first file that shows it.
        assert_eq!(told(&desk, "exception_granted").await, ["02 ", "16 "]);
        assert_eq!(told(&desk, "work_started").await, ["02 ", "16 "]);
        assert_eq!(desk.verify().await.differences, Vec::<String>::new());
    }
}
