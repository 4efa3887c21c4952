//! Records of which one value is something else: is each counted somewhere, and does each id stand for one event?

use crate::told::{Told, try_told};
use formats::foreign::Settings;
use proptest::prelude::*;
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// A whole record of each format, with as many fields as are read.
const RECORDS: [(&str, &str); 8] = [
    (
        "ocsf",
        r#"{"class_uid":2003,"metadata":{"version":"1.4.0"},"activity_id":2,"status_id":4,"severity_id":4,"verdict_id":2,"finding_info":{"uid":"f","first_seen_time":1772359200000,"last_seen_time":1772445600000,"modified_time":1772532000000},"resources":[{"uid":"r"}],"assignee":{"name":"kim"},"compliance":{"status_id":3,"control":"c"},"vulnerabilities":[{"cve":{"uid":"CVE-2026-1"}}],"time":1772532000000}"#,
    ),
    (
        "asff",
        r#"{"SchemaVersion":"2018-10-08","Id":"f","ProductArn":"p","GeneratorId":"g","FirstObservedAt":"2026-03-01T10:00:00Z","LastObservedAt":"2026-03-02T10:00:00Z","UpdatedAt":"2026-03-03T10:00:00Z","Workflow":{"Status":"RESOLVED"},"RecordState":"ARCHIVED","Compliance":{"Status":"PASSED"},"Severity":{"Label":"HIGH"},"Resources":[{"Id":"r"}]}"#,
    ),
    (
        "microsoft",
        r#"{"name":"i","properties":{"incidentNumber":7,"severity":"High","status":"Closed","classification":"FalsePositive","owner":{"email":"k"},"firstActivityTimeUtc":"2026-03-01T08:00:00Z","lastActivityTimeUtc":"2026-03-01T09:00:00Z","createdTimeUtc":"2026-03-01T10:00:00Z","lastModifiedTimeUtc":"2026-03-04T10:00:00Z"}}"#,
    ),
    (
        "microsoft",
        r#"{"IncidentName":"i","IncidentNumber":7,"Severity":"High","Status":"Closed","Owner":{"email":"k"},"CreatedTime":"2026-03-01T10:00:00Z","LastModifiedTime":"2026-03-02T12:00:00Z","ClosedTime":"2026-03-02T12:00:00Z","ModifiedBy":"k"}"#,
    ),
    (
        "defectdojo",
        r#"{"id":17,"severity":"High","date":"2026-03-01","created":"2026-03-02T10:00:00Z","last_status_update":"2026-03-05T10:00:00Z","sla_expiration_date":"2026-03-31","sla_start_date":"2026-03-04","verified":true,"risk_accepted":true,"accepted_risks":[{"created":"2026-03-04T10:00:00Z"}],"is_mitigated":true,"mitigated":"2026-03-05T10:00:00Z","mitigated_by":3,"duplicate":true,"duplicate_finding":9,"active":false}"#,
    ),
    (
        "github",
        r#"{"number":4,"state":"fixed","dependency":{"package":{"name":"l"},"manifest_path":"m"},"security_advisory":{"ghsa_id":"G","cve_id":"C","severity":"high"},"fixed_at":"2026-03-03T10:00:00Z","html_url":"https://github.com/a/b/security/dependabot/4","created_at":"2026-03-01T10:00:00Z"}"#,
    ),
    (
        "github",
        r#"{"number":5,"state":"dismissed","rule":{"id":"x","security_severity_level":"low"},"tool":{"name":"t"},"dismissed_at":"2026-03-03T10:00:00Z","dismissed_reason":"won't fix","dismissed_by":{"login":"k"},"html_url":"https://github.com/a/b/x/5","created_at":"2026-03-01T10:00:00Z"}"#,
    ),
    (
        "asff",
        r#"{"FindingIdentifier":{"Id":"f"},"UpdateTime":"2026-03-03T10:00:00Z","Updates":[{"UpdatedField":"RecordState","OldValue":"ACTIVE","NewValue":"ARCHIVED"}]}"#,
    ),
];

/// The places inside a value, from the outside in.
fn places(value: &Value, here: &str, found: &mut Vec<String>) {
    let inner: Vec<(String, &Value)> = match value {
        Value::Object(members) => members.iter().map(|(key, value)| (key.clone(), value)).collect(),
        Value::Array(items) => items.iter().enumerate().map(|(place, value)| (place.to_string(), value)).collect(),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => Vec::new(),
    };
    for (key, value) in inner {
        let place = format!("{here}/{key}");
        places(value, &place, found);
        found.push(place);
    }
}

fn instead(choice: usize) -> Value {
    let others = [
        json!(null),
        json!(true),
        json!(-1),
        json!(0),
        json!(1.5),
        json!(""),
        json!("None"),
        json!("0001-01-01T00:00:00Z"),
        json!("2026-03-01 10:00"),
        json!("2026-03-02T10:00:00+0800"),
        json!("=1+1"),
        json!("\u{202e}x\u{0}"),
        json!("é".repeat(400)),
        json!([]),
        json!([[]]),
        json!({}),
    ];
    others.into_iter().cycle().nth(choice).unwrap()
}

fn said(told: &Told) -> u64 {
    told.events.len() as u64 + told.held.len() as u64 + told.no_event.values().sum::<u64>()
}

proptest! {
    #[test]
    fn nothing_is_lost_and_no_id_stands_for_two_events(
        record in 0..RECORDS.len(), place in 0_usize..1_000, choice in 0_usize..16,
    ) {
        let (name, whole) = RECORDS[record];
        let mut spoiled: Value = serde_json::from_str(whole).unwrap();
        let mut found = Vec::new();
        places(&spoiled, "", &mut found);
        *spoiled.pointer_mut(&found[place % found.len()]).unwrap() = instead(choice);
        // The whole one stands first, so that the file is recognised.
        let told = try_told(name, &Settings::default(), &format!("{whole}\n{spoiled}\n")).unwrap();
        prop_assert!(said(&told) >= 2, "{told:?}");
        let alone = try_told(name, &Settings::default(), whole).unwrap();
        let again = try_told(name, &Settings::default(), whole).unwrap();
        prop_assert_eq!(&alone.canonical, &again.canonical);
        let mut ids: BTreeMap<String, &str> = BTreeMap::new();
        for text in &alone.canonical {
            let event: Value = serde_json::from_str(text).unwrap();
            let before = ids.insert(event["id"].as_str().unwrap().to_owned(), text);
            prop_assert_eq!(before, None);
        }
    }
}
