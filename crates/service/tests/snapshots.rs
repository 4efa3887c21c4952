//! What two files of one source show that neither says alone, through an import on both engines.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that cannot go on fails right there")]

mod support;

use domain::id::EventSeq;
use service::{
    FIRST_ORG, ServiceError,
    authorise::proof,
    identity::record::Origin,
    ingest::{
        AllowedSources, FileSaid, ImportInput, ImportOptions, ImportSummary, ReceivedAt, SnapshotNotes, SourcePlan,
        Verdict,
    },
};
use std::sync::Arc;
use store::{history, imports};
use support::{Desk, refusal as code};

fn plan(format: &str, settings: &str) -> SourcePlan {
    SourcePlan { format: format.to_owned(), settings: serde_json::from_str(settings).unwrap() }
}

fn options(plan: SourcePlan) -> ImportOptions {
    ImportOptions {
        name: "export".into(),
        source: "scanner".into(),
        allowed: AllowedSources::Any,
        received_at: ReceivedAt::Stamped,
        encoding: None,
        plan: Some(plan),
        said: FileSaid::default(),
        origin: Origin::default(),
    }
}

fn stream(text: &str) -> ImportInput {
    ImportInput::Stream(Box::new(std::io::Cursor::new(text.as_bytes().to_vec())))
}

async fn import(desk: &Desk, plan: &SourcePlan, text: &str) -> Result<ImportSummary, ServiceError> {
    let granted = desk.granted::<proof::ImportsWrite>();
    desk.services.import(&granted, stream(text), options(plan.clone()), Arc::new(|_| {})).await
}

async fn notes(desk: &Desk, plan: &SourcePlan, text: &str) -> SnapshotNotes {
    import(desk, plan, text).await.unwrap().notes.snapshot.unwrap()
}

/// The same file with what a person says about it.
async fn import_said(
    desk: &Desk,
    plan: &SourcePlan,
    said: &FileSaid,
    text: &str,
) -> Result<ImportSummary, ServiceError> {
    let options = ImportOptions { said: said.clone(), ..options(plan.clone()) };
    desk.services.import(&desk.granted::<proof::ImportsWrite>(), stream(text), options, Arc::new(|_| {})).await
}

/// The events of the differences so far, in the order of the log.
async fn differences(desk: &Desk) -> Vec<serde_json::Value> {
    let mut reader = desk.services.store().reader().await.unwrap();
    let log = history::in_order(&mut reader.conn(), FIRST_ORG, EventSeq::from_row(0), 10_000).await.unwrap();
    let bodies = log.iter().map(|entry| serde_json::from_str::<serde_json::Value>(&entry.body).unwrap());
    let of_difference = |body: &serde_json::Value| body["id"].as_str().is_some_and(|id| id.starts_with("snapshot:"));
    bodies.filter(of_difference).collect()
}

/// The same in words: item, event, day or days, and what it changed to.
async fn told(desk: &Desk) -> Vec<String> {
    let text = |body: serde_json::Value| {
        let day = |field: &str| body[field].as_str().map(|at| at[8..10].to_owned());
        let latest = day("at_latest").map(|latest| format!("..{latest}")).unwrap_or_default();
        let to = body["to"].as_str().map(|to| format!(" {to}")).unwrap_or_default();
        format!(
            "{} {} {}{latest}{to}",
            body["item_id"].as_str().unwrap(),
            body["event"].as_str().unwrap(),
            day("at").unwrap()
        )
    };
    differences(desk).await.into_iter().map(text).collect()
}

async fn events(desk: &Desk) -> u64 {
    let report = desk.verify().await;
    assert_eq!(report.differences, Vec::<String>::new());
    report.events
}

/// A finding of Tenable: rule, host, state, severity, last sighting and last change in March.
fn finding(rule: u32, host: &str, state: &str, severity: &str, last: u32, indexed: u32) -> String {
    let fixed =
        if state == "FIXED" { format!(r#","last_fixed":"2026-03-{last:02}T12:00:00Z""#) } else { String::new() };
    format!(
        r#"{{"asset":{{"uuid":"{host}"}},"plugin":{{"id":{rule}}},"state":"{state}","severity":"{severity}",
            "first_found":"2026-01-05T10:00:00Z","last_found":"2026-03-{last:02}T10:00:00Z"{fixed},"indexed":"2026-03-{indexed:02}T00:00:00Z"}}"#
    )
}

fn array(findings: &[String]) -> String {
    format!("[{}]", findings.join(",\n"))
}

/// Ten open findings on `a`, one on `b`, and one that was fixed long ago, as they stood on the second of March.
fn tenable_first() -> String {
    let mut findings: Vec<String> = (1..=10).map(|rule| finding(rule, "a", "OPEN", "high", 1, 2)).collect();
    findings.push(finding(11, "b", "OPEN", "high", 1, 2));
    findings.push(finding(90, "a", "FIXED", "low", 1, 2));
    array(&findings)
}

/// A week later: the first is critical, the second and the one on `b` are not there, the third is fixed, one is new.
fn tenable_second() -> String {
    let mut findings = vec![finding(1, "a", "OPEN", "critical", 8, 9), finding(3, "a", "FIXED", "high", 5, 9)];
    findings.extend((4..=10).map(|rule| finding(rule, "a", "OPEN", "high", 8, 9)));
    findings.push(finding(12, "a", "OPEN", "low", 8, 9));
    findings.push(finding(90, "a", "FIXED", "low", 1, 9));
    array(&findings)
}

/// Another week later: the second is there again.
fn tenable_third() -> String {
    let mut findings = vec![finding(1, "a", "OPEN", "critical", 15, 16), finding(2, "a", "OPEN", "high", 15, 16)];
    findings.extend((4..=10).map(|rule| finding(rule, "a", "OPEN", "high", 15, 16)));
    findings.push(finding(12, "a", "OPEN", "low", 15, 16));
    findings.push(finding(90, "a", "FIXED", "low", 1, 16));
    array(&findings)
}

fn tenable() -> SourcePlan {
    plan("tenable-json", r#"{"snapshot": {"complete": true}}"#)
}

const TENABLE_TOLD: [&str; 4] =
    ["1@a severity_changed 02..09 critical", "2@a fix_applied 02..09", "2@a verified 09", "2@a redetected 15"];

const QUALYS: &str = "QID,Title,Severity,Last Detected,First Detected,Port,Status,Asset Id,Asset Name,CVE,Disabled,Ignored,Last Fixed,Last Reopened";

/// A report of Qualys of that day in March, with the rows of these checks: last sighting and status.
fn qualys(day: u32, rows: &[(u32, u32, &str)]) -> String {
    let before =
        format!("\"Vulnerabilities\",\"03/{day}/2026 at 10:00:00 AM (GMT+0100)\"\n\"ACME\",\"\"\n\"All\",\"\"\n");
    let row = |(check, last, status): &(u32, u32, &str)| {
        format!("{check},T,4,2026-03-{last:02} 08:00:00,2026-01-05 08:00:00,,{status},77,web-01,,No,No,,\n")
    };
    format!("{before}{QUALYS}\n{}", rows.iter().map(row).collect::<String>())
}

const MAPPED: &str = r#"{
    "mapping": {
        "item": "{Rule}@{Host}",
        "fields": {"asset": {"column": "Host"}, "weakness": {"column": "Rule"}, "owner": {"column": "Owner"}, "severity": {"column": "Severity"}},
        "events": [{"event": "seen", "at": {"column": "Seen"}}]
    },
    "snapshot": {"complete": true, "scope": "Region", "taken": {"column": "Exported"}}
}"#;

/// A table nobody knows: rule, host, region, owner; all seen and exported on one day.
fn table(day: u32, rows: &[(&str, &str, &str, &str)]) -> String {
    let row = |(rule, host, region, owner): &(&str, &str, &str, &str)| {
        format!("{rule},{host},{region},{owner},high,2026-03-{day:02}T06:00:00Z,2026-03-{day:02}T12:00:00Z\n")
    };
    format!("Rule,Host,Region,Owner,Severity,Seen,Exported\n{}", rows.iter().map(row).collect::<String>())
}

const EU: [(&str, &str, &str, &str); 6] = [
    ("r1", "a", "eu", "kim"),
    ("r2", "a", "eu", "kim"),
    ("r3", "a", "eu", "kim"),
    ("r4", "a", "eu", "kim"),
    ("r5", "a", "eu", "kim"),
    ("r6", "a", "eu", "kim"),
];

on_both_engines! {
    async fn three_exports_of_tenable_tell_one_story(place) {
        let desk = Desk::open(place).await;
        let first = notes(&desk, &tenable(), &tenable_first()).await;
        assert_eq!((first.verdict, first.items), (Verdict::First, 12));
        assert!(told(&desk).await.is_empty(), "the rows said it all");
        let second = import(&desk, &tenable(), &tenable_second()).await.unwrap();
        let seen = second.notes.snapshot.clone().unwrap();
        assert_eq!((seen.verdict, seen.open_before), (Verdict::Compared, 11));
        assert_eq!((seen.detected, seen.changed, seen.over, seen.gone, seen.unproven), (1, 1, 1, 1, 1));
        assert_eq!(second.notes.met["absence_unproven"].examples, ["11@b"]);
        let counts = second.counts;
        assert_eq!(counts.received, counts.accepted + counts.duplicate + counts.quarantined);
        let third = notes(&desk, &tenable(), &tenable_third()).await;
        assert_eq!((third.detected, third.back, third.gone, third.unproven), (0, 1, 0, 1));
        assert_eq!(told(&desk).await, TENABLE_TOLD);
        // The same file again, and an older one, tell nothing that was not told.
        let before = events(&desk).await;
        let again = import(&desk, &tenable(), &tenable_third()).await.unwrap();
        assert_eq!((again.counts.accepted, again.counts.quarantined), (0, 0));
        let older = import(&desk, &tenable(), &tenable_second()).await.unwrap();
        assert_eq!((older.notes.snapshot.unwrap().verdict, older.counts.accepted), (Verdict::Older, 0));
        assert_eq!((events(&desk).await, told(&desk).await.len()), (before, 4));
        // And the next one is still held against the newest.
        let words = notes(&desk, &tenable(), &tenable_third()).await.words();
        assert!(words.starts_with("snapshot of 2026-03-16T00:00:00Z: another file of that moment"), "{words}");
    }

    // Who applied a fix is not known; that it is gone the scanner saw, and no person.
    async fn what_a_difference_verifies_the_scanner_verified(place) {
        let desk = Desk::open(place).await;
        for text in [tenable_first(), tenable_second(), tenable_third()] {
            import(&desk, &tenable(), &text).await.unwrap();
        }
        let mut actors = Vec::new();
        for body in differences(&desk).await {
            let of = |field: &str| body[field].as_str().unwrap_or("-").to_owned();
            actors.push([of("event"), of("actor"), of("actor_type")].join(" "));
        }
        assert_eq!(
            actors,
            ["severity_changed - -", "fix_applied - -", "verified tenable system", "redetected tenable system"]
        );
    }

    // The report says in its first line when it was made; its own dates carry no zone.
    async fn three_reports_of_qualys_tell_one_story(place) {
        let desk = Desk::open(place).await;
        let plan = plan("qualys-csv", r#"{"zone": "Europe/Madrid", "snapshot": {"complete": true}}"#);
        let active = |last| (1..=6).map(move |check| (check, last, "Active"));
        let first = notes(&desk, &plan, &qualys(13, &active(12).collect::<Vec<_>>())).await;
        assert_eq!((first.verdict, first.taken_at.as_deref()), (Verdict::First, Some("2026-03-13T09:00:00Z")));
        let second: Vec<_> = active(19).filter(|(check, ..)| *check != 4).collect();
        let second = notes(&desk, &plan, &qualys(20, &second)).await;
        assert_eq!((second.gone, second.unproven, second.open_before), (1, 0, 6));
        let third = notes(&desk, &plan, &qualys(27, &active(26).collect::<Vec<_>>())).await;
        assert_eq!((third.back, third.detected), (1, 0));
        assert_eq!(told(&desk).await, ["4@77 fix_applied 13..20", "4@77 verified 20", "4@77 redetected 26"]);
        // Without the zone of a person nobody knows when the report was made.
        let naive = self::plan("qualys-csv", r#"{"snapshot": {"complete": true}}"#);
        assert_eq!(code(import(&desk, &naive, &qualys(28, &[(1, 27, "Active")])).await), "snapshot_without_date");
    }

    async fn three_tables_tell_one_story_and_each_region_its_own(place) {
        let desk = Desk::open(place).await;
        let plan = plan("csv", MAPPED);
        notes(&desk, &plan, &table(2, &EU)).await;
        // Another region says nothing of the first, however much of it is missing.
        let us = notes(&desk, &plan, &table(4, &[("r1", "z", "us", "lou")])).await;
        assert_eq!((us.detected, us.gone, us.unproven, us.open_before), (1, 0, 0, 0));
        let mut later = EU.to_vec();
        later[0].3 = "lou";
        later.remove(5);
        let third = notes(&desk, &plan, &table(9, &later)).await;
        assert_eq!((third.changed, third.gone, third.open_before), (1, 1, 6));
        assert_eq!(
            told(&desk).await,
            [
                "r1@a detected 02",
                "r2@a detected 02",
                "r3@a detected 02",
                "r4@a detected 02",
                "r5@a detected 02",
                "r6@a detected 02",
                "r1@z detected 02..04",
                "r1@a reassigned 04..09 lou",
                "r6@a fix_applied 04..09",
                "r6@a verified 09",
            ]
        );
    }

    async fn where_too_much_is_gone_nothing_is_stored_until_a_person_takes_it(place) {
        let desk = Desk::open(place).await;
        notes(&desk, &tenable(), &tenable_first()).await;
        let before = events(&desk).await;
        let few = array(&[finding(1, "a", "OPEN", "high", 8, 9), finding(90, "a", "FIXED", "low", 1, 9)]);
        assert_eq!(code(import(&desk, &tenable(), &few).await), "mass_absence");
        assert_eq!(events(&desk).await, before);
        // What was refused is no snapshot: the next one is held against the first.
        let second = notes(&desk, &tenable(), &tenable_second()).await;
        assert_eq!(second.compared_with.as_deref(), Some("2026-03-02T00:00:00Z"));
        let said = FileSaid { accept_mass_absence: true, ..FileSaid::default() };
        let few = array(&[finding(1, "a", "OPEN", "high", 15, 16), finding(90, "a", "FIXED", "low", 1, 16)]);
        let acts = desk.verify().await.audit_records;
        let taken = import_said(&desk, &tenable(), &said, &few).await.unwrap();
        assert_eq!(desk.verify().await.audit_records, acts + 2, "what a person took stands beside the import");
        let seen = taken.notes.snapshot.unwrap();
        // Seven of the first file and the one that was new on the ninth; the one on `b` was never looked for.
        assert_eq!((seen.gone, seen.unproven, seen.open_before), (8, 1, 10));
        assert!(seen.mass_absence_accepted);
        let mut reader = desk.services.store().reader().await.unwrap();
        let stored = imports::by_id(&mut reader.conn(), FIRST_ORG, taken.id).await.unwrap().unwrap();
        assert!(stored.plan.contains("accept_mass_absence") && stored.notes.contains("mass_absence_accepted"));
    }

    // A file of a scanner that leaves out what is fixed says nothing by what it leaves out.
    async fn an_export_that_leaves_out_fixes_proves_nothing(place) {
        let desk = Desk::open(place).await;
        notes(&desk, &tenable(), &tenable_first()).await;
        let open: Vec<String> = (1..=2).map(|rule| finding(rule, "a", "OPEN", "high", 8, 9)).collect();
        let seen = notes(&desk, &tenable(), &array(&open)).await;
        assert_eq!((seen.gone, seen.unproven), (0, 9));
        assert!(told(&desk).await.is_empty());
    }

    async fn when_a_snapshot_was_taken_is_asked_and_never_guessed(place) {
        let desk = Desk::open(place).await;
        let undated = r#"[{"asset":{"uuid":"a"},"plugin":{"id":1},"state":"OPEN","severity":"high","first_found":"2026-01-05T10:00:00Z"}]"#;
        let said = plan("tenable-json", r#"{"snapshot": {}}"#);
        assert_eq!(code(import(&desk, &said, undated).await), "snapshot_without_date");
        assert_eq!(events(&desk).await, 0);
        // Where nobody said that it is one, its rows count and it is not compared.
        let usual = notes(&desk, &SourcePlan::usual("tenable-json"), undated).await;
        assert_eq!((usual.verdict, usual.taken_at), (Verdict::Undated, None));
        let table = "Plugin ID,Host,Severity,Vulnerability State,First Found,Last Found\n7,a,Low,Active,2026-03-01T10:00:00Z,\n";
        let csv = SourcePlan::usual("tenable-csv");
        assert!(import(&desk, &csv, table).await.unwrap().notes.snapshot.is_none());
        let march = FileSaid { taken_at: "2026-03-02T00:00:00Z".to_owned(), ..FileSaid::default() };
        let first = import_said(&desk, &csv, &march, table).await.unwrap().notes.snapshot.unwrap();
        assert_eq!((first.verdict, first.taken_at.as_deref()), (Verdict::First, Some("2026-03-02T00:00:00Z")));
        let tomorrow = FileSaid { taken_at: "2030-01-01T00:00:00Z".to_owned(), ..FileSaid::default() };
        assert_eq!(code(import_said(&desk, &csv, &tomorrow, table).await), "snapshot_of_tomorrow");
        let never = FileSaid { taken_at: "last week".to_owned(), ..FileSaid::default() };
        assert_eq!(code(import_said(&desk, &csv, &never, table).await), "bad_setting");
    }

    // Two files of one moment are parts of one snapshot: their changes lie after the one before both.
    async fn two_files_of_one_moment_are_one_snapshot(place) {
        let desk = Desk::open(place).await;
        notes(&desk, &tenable(), &tenable_first()).await;
        notes(&desk, &tenable(), &tenable_second()).await;
        let other = [finding(11, "b", "OPEN", "critical", 8, 9), finding(13, "b", "OPEN", "low", 8, 9)];
        let seen = notes(&desk, &tenable(), &array(&other)).await;
        assert_eq!((seen.verdict, seen.gone, seen.unproven), (Verdict::SameMoment, 0, 0));
        assert_eq!((seen.detected, seen.changed), (1, 1));
        assert_eq!(told(&desk).await[3..], ["11@b severity_changed 02..09 critical"]);
        // Both are there for the next one.
        let third = notes(&desk, &tenable(), &tenable_third()).await;
        assert_eq!((third.open_before, third.unproven), (11, 2));
    }

    // The scanner calls a finding otherwise: that is no fix, and nothing starts again by it.
    async fn an_item_that_changes_its_id_is_neither_fixed_nor_gone(place) {
        let desk = Desk::open(place).await;
        notes(&desk, &tenable(), &tenable_first()).await;
        let renamed = |findings: String| findings.replace(r#""plugin":{"id":10}"#, r#""plugin":{"id":10},"port":443"#);
        let mut findings: Vec<String> = (1..=10).map(|rule| finding(rule, "a", "OPEN", "high", 8, 9)).collect();
        findings.push(finding(11, "b", "OPEN", "high", 8, 9));
        findings.push(finding(90, "a", "FIXED", "low", 1, 9));
        let second = import(&desk, &tenable(), &renamed(array(&findings))).await.unwrap();
        let seen = second.notes.snapshot.unwrap();
        assert_eq!((seen.renamed, seen.gone, seen.unproven, seen.detected), (1, 0, 0, 1));
        assert_eq!(second.notes.met["item_renamed"].examples, ["10@a"]);
        assert!(told(&desk).await.is_empty());
    }

    async fn absence_proves_nothing_where_a_row_says_that_the_check_was_switched_off(place) {
        let desk = Desk::open(place).await;
        let header = "Created At,Title,Severity,Status,Resource Type,Resource external ID,Resolved Time,Resolution,Control ID,Issue ID";
        let open = |control: u32| format!("2026-01-{control:02}T10:00:00Z,T,HIGH,OPEN,VM,a,,,c-{control},i-{control}");
        let off = "2026-01-01T10:00:00Z,T,HIGH,RESOLVED,VM,b,2026-02-01T10:00:00Z,CONTROL_DISABLED,c-1,i-90";
        let file = |rows: &[String]| format!("{header}\n{off}\n{}\n", rows.join("\n"));
        let wiz = |day: u32| {
            plan("wiz-issues-csv", &format!(r#"{{"exported_at":"2026-03-{day:02}T00:00:00Z","snapshot":{{"complete":true}}}}"#))
        };
        let first: Vec<String> = (1..=12).map(open).collect();
        notes(&desk, &wiz(2), &file(&first)).await;
        // The first and the second are gone, and only the second is still looked for.
        let second = notes(&desk, &wiz(9), &file(&first[2..])).await;
        assert_eq!((second.gone, second.unproven), (1, 1));
        assert_eq!(told(&desk).await, ["c-2@a fix_applied 02..09", "c-2@a verified 09"]);
    }

    async fn a_file_is_looked_at_and_nothing_is_stored(place) {
        let desk = Desk::open(place).await;
        notes(&desk, &tenable(), &tenable_first()).await;
        let before = events(&desk).await;
        let granted = desk.granted::<proof::ImportsWrite>();
        let looked = desk.services.look_at_snapshot(&granted, stream(&tenable_second()), "scanner", &tenable()).await;
        let words = looked.unwrap().unwrap().words();
        assert_eq!(
            words,
            "snapshot of 2026-03-09T00:00:00Z: compared with the one of 2026-03-02T00:00:00Z: +1 detected, 1 changed, \
             1 over, 1 gone (looked for), 1 gone (unproven); 11 were open before"
        );
        assert_eq!(events(&desk).await, before);
        let jira = desk.services.look_at_snapshot(&granted, stream("{}"), "scanner", &SourcePlan::usual("jira")).await;
        assert_eq!(jira.unwrap(), None);
        assert_eq!(notes(&desk, &tenable(), &tenable_second()).await.words(), words);
    }
}
