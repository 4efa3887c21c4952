//! A first mapping for a table nobody knows.

use crate::told::try_told;
use formats::foreign::{
    Settings,
    mapping::{Mapping, Origin, Sample, Scale, propose},
};

fn proposed(file: &str) -> Mapping {
    let sample = Sample::read(file.as_bytes(), &Settings::default(), 200).unwrap();
    let mapping = propose(&sample.columns, &sample.rows);
    assert_eq!(mapping.problems(Some(&sample.columns)), [], "{mapping:?}");
    mapping
}

fn events(mapping: &Mapping) -> Vec<&str> {
    mapping.events.iter().map(|emit| emit.event.as_str()).collect()
}

/// Thirty columns of a scanner nobody has heard of: most are of no use here.
#[test]
fn a_wide_table_is_understood_by_names_and_cells() {
    let header = "Record UUID,Scan Name,Asset Group,Hostname,FQDN,IPv4,OS,Port,Protocol,Check ID,Check Title,Family,CVE IDs,CVSS Base,Risk Level,Exploit Available,Published Date,Patch Released,First Discovered,Last Observed,Remediated On,Due By,Workflow State,Assigned To,Responsible Team,Ticket Ref,Solution,Evidence,Notes,Scanner Version";
    let row = |number: u32, risk: &str, state: &str, end: &str| {
        format!(
            "0000-{number},Weekly,Lab,web-0{number},web-0{number}.prod.example.com,10.0.0.{number},Linux,443,tcp,C-{number},Weak cipher,TLS,CVE-2026-{number},7.5,{risk},No,2025-01-01,2025-02-01,2026-03-0{number} 10:00:00,2026-04-0{number} 10:00:00,{end},2026-05-01,{state},kim,apps,SEC-{number},Patch it,,,1.2.3"
        )
    };
    let rows = [
        row(1, "High", "Open", ""),
        row(2, "Low", "Remediated", "2026-04-05 10:00:00"),
        row(3, "Medium", "Risk accepted", ""),
        row(4, "High", "Open", ""),
        row(5, "High", "False positive", "2026-04-07 10:00:00"),
        row(6, "Low", "Remediated", "2026-04-08 10:00:00"),
    ];
    let file = format!("{header}\n{}\n", rows.join("\n"));
    let mapping = proposed(&file);
    assert_eq!(mapping.item, "{Check ID}@{Hostname}[:{Port}]");
    assert_eq!(mapping.native, "{Record UUID}");
    assert_eq!(mapping.status.as_deref(), Some("Workflow State"));
    assert_eq!(mapping.open, ["Open"]);
    assert_eq!(events(&mapping), ["detected", "seen", "closed", "false_positive", "exception_granted"]);
    let column = |field: &str| match mapping.fields.get(field) {
        Some(Origin::Column(name)) => name.as_str(),
        other => panic!("{field}: {other:?}"),
    };
    let fields = ["severity", "cve", "team", "owner", "ticket", "reported_due", "asset"].map(column);
    assert_eq!(
        fields,
        ["Risk Level", "CVE IDs", "Responsible Team", "Assigned To", "Ticket Ref", "Due By", "Hostname"]
    );
    let settings = Settings {
        zone: Some("UTC".to_owned()),
        exported_at: Some("2026-04-30T00:00:00Z".to_owned()),
        mapping: Some(mapping),
        ..Settings::default()
    };
    let told = try_told("csv", &settings, &file).unwrap();
    assert_eq!((told.events.len(), told.held.len()), (16, 0), "{told:?}");
    assert!(told.events.contains(&"C-2@web-02:443 closed 2026-04-05T10:00:00Z".to_owned()), "{told:?}");
}

#[test]
fn cells_tell_what_names_do_not() {
    let file = "a;b;c;d;e\nCVE-2026-1;db.prod.example.com;critical;01.03.2026;open\nCVE-2026-2;app.prod.example.com;low;02.03.2026;fixed\nCVE-2026-3;web.prod.example.com;low;03.03.2026;open\n";
    let mapping = proposed(file);
    assert_eq!(mapping.item, "{a}@{b}");
    assert_eq!(mapping.fields.get("severity"), Some(&Origin::Column("c".to_owned())));
    assert_eq!((mapping.status.as_deref(), events(&mapping)), (Some("e"), vec!["detected", "closed"]));
}

#[test]
fn a_score_is_told_from_a_level() {
    let file = |scores: [&str; 3]| {
        let row = |(number, score)| format!("R{number},web-0{number},{score},2026-03-01");
        let rows: Vec<String> = scores.into_iter().enumerate().map(row).collect();
        format!("Rule,Host,Score,Opened\n{}\n", rows.join("\n"))
    };
    assert_eq!(proposed(&file(["9.8", "7", "3.1"])).scale, Scale::Score);
    assert_eq!(proposed(&file(["1", "2", "5"])).scale, Scale::Words);
}

#[test]
fn a_severity_in_a_phrase_gets_its_meaning() {
    let mapping = proposed(
        "Number,Vulnerability,Configuration item,State,Risk rating,Risk score,Opened\nV1,CVE-2026-1,srv,Open,1 - Critical,98,2026-03-01\nV2,CVE-2026-2,srv,Open,Moderate,55,2026-03-01\n",
    );
    assert_eq!((mapping.item.as_str(), mapping.native.as_str()), ("{Vulnerability}@{Configuration item}", "{Number}"));
    assert_eq!(mapping.fields.get("severity"), Some(&Origin::Column("Risk rating".to_owned())));
    let meant: Vec<(&str, &str)> =
        mapping.values["severity"].iter().map(|(word, meant)| (word.as_str(), meant.as_str())).collect();
    assert_eq!(meant, [("1 - Critical", "critical"), ("Moderate", "medium")]);
}

#[test]
fn a_list_of_tickets_and_a_list_of_accounts_are_told_apart() {
    let tickets = proposed(
        "Issue key,Summary,Status,Priority,Created,Updated,Resolved\nSEC-1,Old TLS,Done,High,2026-03-01,2026-03-02,2026-03-05\nSEC-2,Old TLS,To Do,Low,2026-03-01,2026-03-02,\n",
    );
    assert_eq!((tickets.item.as_str(), events(&tickets)), ("{Issue key}", vec!["detected", "seen", "closed"]));
    let accounts = proposed("User,Entitlement,Risk,Granted on\nkim,Admin,High,2026-01-01\nlou,Root,High,2026-01-01\n");
    assert_eq!(accounts.item, "{Entitlement}@{User}");
    assert_eq!(accounts.fields.get("kind"), Some(&Origin::Constant("identity".to_owned())));
    assert_eq!(accounts.fields.get("identity"), Some(&Origin::Column("User".to_owned())));
}

/// One column that says the same in several rows would make one item of them all.
#[test]
fn a_column_that_repeats_itself_names_no_item() {
    let sample = "Vulnerability,Opened\nCVE-2026-1,2026-03-01\nCVE-2026-1,2026-03-02\n";
    let sample = Sample::read(sample.as_bytes(), &Settings::default(), 9).unwrap();
    let mapping = propose(&sample.columns, &sample.rows);
    assert_eq!(mapping.item, "");
    assert_eq!(mapping.problems(Some(&sample.columns))[0].part, "item");
}

#[test]
fn an_end_without_a_status_closes_and_an_unknown_table_claims_nothing() {
    let mapping = proposed("Issue ID,Created,Closed\nI-1,2026-03-01,\nI-2,2026-03-02,2026-03-04\n");
    assert_eq!((mapping.item.as_str(), events(&mapping)), ("{Issue ID}", vec!["detected", "closed"]));
    let columns = ["x", "y"].map(String::from);
    let mapping = propose(&columns, &[vec!["lorem".to_owned(), "ipsum".to_owned()]]);
    assert!(mapping.events.is_empty() && !mapping.problems(Some(&columns)).is_empty());
    assert!(propose(&[], &[]).events.is_empty());
}
