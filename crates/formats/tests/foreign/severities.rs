//! What does each tool's word or number for severity mean? The table of the design, row by row.

use crate::told::{Told, told};
use formats::foreign::Settings;

/// The severity of the first event that says one; `below` where the record is held as less than low.
fn severity(told: &Told) -> String {
    if told.held.iter().any(|held| held.starts_with("below_scope")) {
        return "below".to_owned();
    }
    let said = told.canonical.iter().find_map(|text| text.split_once(r#""severity":""#));
    said.and_then(|(_, rest)| rest.split('"').next()).unwrap_or("none").to_owned()
}

fn utc() -> Settings {
    Settings { zone: Some("UTC".to_owned()), ..Settings::default() }
}

fn check(format: &str, file: impl Fn(&str) -> String, table: &[(&str, &str)]) {
    for (word, meant) in table {
        let told = told(format, &utc(), &file(word));
        assert_eq!(severity(&told), *meant, "{format} {word}: {told:?}");
    }
}

#[test]
fn numbers_of_tenable() {
    let file = |id: &str| {
        format!(
            r#"{{"asset":{{"uuid":"a"}},"plugin":{{"id":1}},"state":"OPEN","severity_default_id":{id},"first_found":"2026-01-05T10:00:00Z"}}"#
        )
    };
    check("tenable-json", file, &[("4", "critical"), ("3", "high"), ("2", "medium"), ("1", "low"), ("0", "below")]);
}

#[test]
fn numbers_of_qualys() {
    let file = |level: &str| {
        format!(
            "a\nb\nc\nQID,Title,Severity,Last Detected,First Detected,Port,Status,Asset Id,Asset Name\n1,A,{level},,2026-01-05 10:00:00,,Active,7,web-01\n"
        )
    };
    check("qualys-csv", file, &[("5", "critical"), ("4", "high"), ("3", "medium"), ("2", "low"), ("1", "below")]);
}

#[test]
fn scores_of_rapid7() {
    let file = |score: &str| {
        format!(
            "asset_id,host_name,vulnerability_id,severity_score,first_discovered,most_recently_discovered,reintroduced_date\n1,h,v,{score},2026-01-05 10:00:00,,\n"
        )
    };
    let table = [
        ("10", "critical"),
        ("8", "critical"),
        ("7.9", "high"),
        ("7", "high"),
        ("4", "high"),
        ("3.9", "medium"),
        ("3", "medium"),
        ("1", "medium"),
        ("0.9", "below"),
        ("0", "below"),
    ];
    check("rapid7-sql-csv", file, &table);
}

#[test]
fn numbers_of_ocsf() {
    let file = |id: &str| {
        format!(
            r#"{{"class_uid":2002,"metadata":{{"version":"1.4.0"}},"severity_id":{id},"finding_info":{{"uid":"f","created_time":1772359200000}},"time":1772445600000,"resources":[{{"uid":"r"}}]}}"#
        )
    };
    let table = [("6", "critical"), ("5", "critical"), ("4", "high"), ("3", "medium"), ("2", "low"), ("1", "below")];
    check("ocsf", file, &table);
}

#[test]
fn priorities_of_servicenow() {
    let file = |priority: &str| format!("number,opened_at,state,priority\nINC1,2026-01-05 10:00:00,1,{priority}\n");
    let table =
        [("1", "critical"), ("2", "high"), ("3", "medium"), ("4", "low"), ("5", "low"), ("5 - Planning", "low")];
    check("servicenow", file, &table);
}

#[test]
fn priorities_and_urgencies_of_pagerduty() {
    let file = |said: &str| {
        format!(
            r#"{{"type":"incident","incident_key":"k","id":"Q7","first_trigger_log_entry":{{"id":"R1"}},"status":"triggered","created_at":"2026-03-01T10:00:00Z",{said}}}"#
        )
    };
    let priority = |name: &str| file(&format!(r#""urgency":"high","priority":{{"summary":"{name}"}}"#));
    let table = [("P1", "critical"), ("P2", "high"), ("P3", "medium"), ("P4", "low"), ("P5", "low")];
    check("pagerduty", priority, &table);
    let urgency = |word: &str| file(&format!(r#""urgency":"{word}","priority":null"#));
    check("pagerduty", urgency, &[("high", "high"), ("low", "low")]);
}
