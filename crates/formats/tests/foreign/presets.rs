//! Known tables: mappings shipped as data. The fixtures are written by hand from the columns the tools document.

use crate::told::{Told, told, try_told};
use formats::foreign::{ALL, Settings, mapping};

fn table(header: &str, rows: &[&str]) -> String {
    format!("{header}\n{}\n", rows.join("\n"))
}

fn exported() -> Settings {
    Settings { exported_at: Some("2026-04-01T00:00:00Z".to_owned()), ..Settings::default() }
}

fn met(told: &Told, rule: &str) -> u64 {
    told.met.get(rule).copied().unwrap_or_default()
}

const TENABLE: &str = "Severity,Original Severity,Modification,Plugin ID,Plugin Name,Host,Port,CVE,Vulnerability State,First Found,Last Found,Last Fixed,Resurfaced Date";

fn tenable(rows: &[&str]) -> Told {
    told("tenable-csv", &Settings::default(), &table(TENABLE, rows))
}

#[test]
fn tenable_sees_finds_fixes_and_verifies() {
    let told = tenable(&[
        "High,,,19506,Scan,web-01,443,\"CVE-2026-1,CVE-2026-2\",Fixed,2026-01-05T10:00:00Z,2026-02-01T10:00:00Z,2026-02-08T10:00:00Z,",
    ]);
    assert_eq!(
        told.events,
        [
            "19506@web-01:443 detected 2026-01-05T10:00:00Z",
            "19506@web-01:443 seen 2026-02-01T10:00:00Z",
            "19506@web-01:443 fix_applied 2026-02-01T10:00:00Z..2026-02-08T10:00:00Z",
            "19506@web-01:443 verified 2026-02-08T10:00:00Z",
        ]
    );
    let [detected, seen, fix, verified] = told.canonical.as_slice() else { panic!("{told:?}") };
    assert!(detected.contains(r#""cve":["CVE-2026-1","CVE-2026-2"]"#) && seen.contains(r#""severity":"high""#));
    // Whoever fixed it is not known, and was not the scanner.
    assert!(!fix.contains("actor") && fix.contains(r#""certainty":"inferred""#), "{fix}");
    assert!(verified.contains(r#""actor":"tenable""#) && verified.contains(r#""method":"rescan""#), "{verified}");
    assert!(told.held.is_empty() && told.met.is_empty() && told.no_event.is_empty(), "{told:?}");
}

#[test]
fn tenable_detects_again_accepts_and_recasts() {
    let told = tenable(&[
        "Low,,,1,A,web-01,,,Resurfaced,2026-01-05T10:00:00Z,2026-02-01T10:00:00Z,,2026-01-20T10:00:00Z",
        "Low,,Accepted,2,B,web-01,,,Active,2026-01-05T10:00:00Z,2026-02-01T10:00:00Z,,",
        "Low,Critical,Recasted,3,C,web-01,,,Active,2026-01-05T10:00:00Z,2026-02-01T10:00:00Z,,",
    ]);
    assert_eq!(told.events[2], "1@web-01 redetected 2026-01-20T10:00:00Z");
    assert_eq!(told.events[5], "2@web-01 exception_granted 2026-01-05T10:00:00Z..2026-02-01T10:00:00Z");
    assert_eq!(told.events[8], "3@web-01 severity_changed 2026-01-05T10:00:00Z..2026-02-01T10:00:00Z");
    assert!(told.canonical[7].contains(r#""severity":"critical""#), "{told:?}");
    assert!(told.canonical[8].contains(r#""to":"low""#), "{told:?}");
    assert_eq!((met(&told, "accepted_without_end"), met(&told, "recast_hides_severity")), (1, 1));
}

#[test]
fn tenable_holds_what_cannot_be() {
    let told = tenable(&[
        "High,,,1,A,web-01,,,Fixed,2026-01-05T10:00:00Z,2026-02-01T10:00:00Z,1999-02-08T10:00:00Z,",
        "High,,,2,B,web-01,,,Fixed,2026-01-05T10:00:00Z,2026-02-01T10:00:00Z,,",
        "None,,,3,C,web-01,,,Active,2026-01-05T10:00:00Z,2026-02-01T10:00:00Z,,",
        "High,,,4,D,,,,Active,2026-01-05T10:00:00Z,2026-02-01T10:00:00Z,,",
        "High,,,5,E,web-01,,,Active,2026-02-05T10:00:00Z,2026-01-01T10:00:00Z,,",
    ]);
    assert_eq!(met(&told, "ends_before_start"), 2);
    assert_eq!((met(&told, "no_closing_date"), told.no_event.get("closed without a date")), (1, Some(&1)));
    let reasons: Vec<&str> = told.held.iter().filter_map(|held| held.split(':').next()).collect();
    assert_eq!(reasons, ["ends_before_start", "ends_before_start", "below_scope", "below_scope", "missing_field"]);
    assert_eq!(told.events[4..], ["5@web-01 detected 2026-01-01T10:00:00Z", "5@web-01 seen 2026-02-05T10:00:00Z"]);
    assert_eq!(met(&told, "first_after_last"), 1);
}

const QUALYS: &str = "QID,Title,Severity,Type Detected,Last Detected,First Detected,Port,Status,Asset Id,Asset Name,CVE,Disabled,Ignored,Last Fixed,Last Reopened";
const QUALYS_BEFORE: &str =
    "\"Vulnerabilities\",\"05/14/2026 at 03:00:00 PM (GMT+0200)\"\n\"ACME\",\"Madrid\"\n\"Assets: all\",\"\"\n";

fn qualys(settings: &Settings, rows: &[&str]) -> Told {
    told("qualys-csv", settings, &format!("{QUALYS_BEFORE}{}", table(QUALYS, rows)))
}

/// 10:00 in Madrid is 09:00 UTC in January.
fn madrid() -> Settings {
    Settings { zone: Some("Europe/Madrid".to_owned()), ..exported() }
}

#[test]
fn a_qualys_report_needs_the_zone_of_a_person() {
    let row = "38170,Weak,4,Confirmed,2026-02-01 10:00:00,2026-01-05 10:00:00,443,Active,77,web-01,,No,No,,";
    let held = qualys(&Settings::default(), &[row]);
    assert!(held.events.is_empty(), "{held:?}");
    assert_eq!(
        held.held,
        [
            "report_zone: time without offset `2026-01-05 10:00:00`",
            "report_zone: time without offset `2026-02-01 10:00:00`",
        ]
    );
    assert_eq!(met(&held, "report_zone"), 2);
    let told = qualys(&madrid(), &[row]);
    assert_eq!(told.events, ["38170@77:443 detected 2026-01-05T09:00:00Z", "38170@77:443 seen 2026-02-01T09:00:00Z"]);
    assert!(told.canonical[1].contains(r#""severity":"high""#) && told.met.is_empty(), "{told:?}");
}

#[test]
fn the_zone_a_qualys_report_names_is_offered_and_never_taken() {
    let row = "38170,Weak,4,Confirmed,,2026-01-05 10:00:00,443,Active,77,web-01,,No,No,,";
    let file = format!("{QUALYS_BEFORE}{}", table(QUALYS, &[row]));
    let adapter = formats::foreign::Adapter::named("qualys-csv").unwrap();
    let seen = formats::foreign::preview::preview(file.as_bytes(), adapter, &Settings::default(), 9).unwrap();
    let held = &seen.sample[0].held[0];
    assert_eq!(held.column.as_deref(), Some("First Detected"));
    assert_eq!(held.hint.as_deref(), Some("choose the zone of this source; the report itself names `GMT+0200`"));
}

#[test]
fn qualys_fixes_reopens_ignores_and_disables() {
    let told = qualys(
        &madrid(),
        &[
            "1,A,5,Confirmed,2026-02-01 10:00:00,2026-01-05 10:00:00,,Fixed,7,web-01,,No,No,2026-02-08 10:00:00,",
            "2,B,3,Confirmed,2026-02-01 10:00:00,2026-01-05 10:00:00,,Reopened,7,web-01,,No,No,,2026-01-20 10:00:00",
            "3,C,2,Confirmed,2026-02-01 10:00:00,2026-01-05 10:00:00,,Active,7,web-01,,No,Yes,,",
            "4,D,2,Confirmed,2026-02-01 10:00:00,2026-01-05 10:00:00,,Active,7,web-01,,Yes,No,,",
            "5,E,1,Confirmed,2026-02-01 10:00:00,2026-01-05 10:00:00,,Active,7,web-01,,No,No,,",
        ],
    );
    assert_eq!(told.events[2], "1@7 fix_applied 2026-02-01T09:00:00Z..2026-02-08T09:00:00Z");
    assert_eq!(told.events[3], "1@7 verified 2026-02-08T09:00:00Z");
    assert_eq!(told.events[6], "2@7 redetected 2026-01-20T09:00:00Z");
    assert_eq!(told.events[9], "3@7 exception_granted 2026-01-05T09:00:00Z..2026-02-01T09:00:00Z");
    assert_eq!(told.events[12], "4@7 closed 2026-02-01T09:00:00Z..2026-04-01T00:00:00Z");
    assert!(told.canonical[12].contains(r#""reason_code":"check_disabled""#), "{told:?}");
    assert_eq!(met(&told, "closed_check_disabled"), 1);
    assert_eq!(told.held.len(), 2, "severity 1 is below the scope: {told:?}");
}

const WIZ_ISSUES: &str = "Created At,Title,Severity,Status,Resource Type,Resource external ID,Resolved Time,Resolution,Control ID,Issue ID,Ticket URLs,Due At";

fn wiz_issues(settings: &Settings, rows: &[&str]) -> Told {
    told("wiz-issues-csv", settings, &table(WIZ_ISSUES, rows))
}

#[test]
fn wiz_verifies_what_it_saw_fixed_and_nothing_else() {
    let told = wiz_issues(
        &exported(),
        &[
            "2026-01-05T10:00:00Z,Open bucket,CRITICAL,RESOLVED,BUCKET,arn:b1,2026-01-09T10:00:00Z,ISSUE_FIXED,c-1,i-1,https://jira.example/browse/SEC-3,2026-01-12T00:00:00Z",
            "2026-01-05T10:00:00Z,Open bucket,HIGH,RESOLVED,BUCKET,arn:b2,2026-01-09T10:00:00Z,OBJECT_DELETED,c-1,i-2,,",
            "2026-01-05T10:00:00Z,Open bucket,HIGH,RESOLVED,BUCKET,arn:b3,2026-01-09T10:00:00Z,CONTROL_DISABLED,c-1,i-3,,",
            "2026-01-05T10:00:00Z,Open bucket,HIGH,RESOLVED,BUCKET,arn:b4,2026-01-09T10:00:00Z,,c-1,i-4,,",
            "2026-01-05T10:00:00Z,Open bucket,MEDIUM,REJECTED,BUCKET,arn:b5,,WONT_FIX,c-1,i-5,,",
            "2026-01-05T10:00:00Z,Open bucket,LOW,IN_PROGRESS,BUCKET,arn:b6,,,c-1,i-6,,",
        ],
    );
    let ends: Vec<&str> = told.events.iter().map(String::as_str).filter(|event| !event.contains("detected")).collect();
    assert_eq!(
        ends,
        [
            "c-1@arn:b1 fix_applied 2026-01-09T10:00:00Z",
            "c-1@arn:b1 verified 2026-01-09T10:00:00Z",
            "c-1@arn:b2 closed 2026-01-09T10:00:00Z",
            "c-1@arn:b3 closed 2026-01-09T10:00:00Z",
            "c-1@arn:b4 closed 2026-01-09T10:00:00Z",
            "c-1@arn:b5 exception_granted 2026-01-05T10:00:00Z..2026-04-01T00:00:00Z",
        ]
    );
    assert_eq!(told.events.len(), 12);
    assert_eq!((met(&told, "closed_check_disabled"), met(&told, "ticket_urls")), (1, 1));
    assert!(told.canonical[0].contains(r#""ticket":"SEC-3""#), "{told:?}");
    assert!(told.canonical[0].contains(r#""id":"wiz-issues-csv:i-1:detected:1767607200-"#), "{told:?}");
    assert!(told.held.is_empty() && told.no_event.is_empty(), "{told:?}");
}

#[test]
fn wiz_issues_that_end_before_they_start_or_without_a_date_keep_their_opening() {
    let told = wiz_issues(
        &Settings::default(),
        &[
            "2023-01-05T10:00:00Z,T,HIGH,RESOLVED,VM,v1,1999-01-09T10:00:00Z,ISSUE_FIXED,c-1,i-1,,",
            "2023-01-05T10:00:00Z,T,HIGH,RESOLVED,VM,v2,,ISSUE_FIXED,c-1,i-2,,",
            "2023-01-05T10:00:00Z,T,HIGH,REJECTED,VM,v3,,,c-1,i-3,,",
            "2023-01-05T10:00:00Z,T,HIGH,ARCHIVED,VM,v4,,,c-1,i-4,,",
        ],
    );
    assert_eq!(told.events.len(), 4, "{told:?}");
    assert_eq!((met(&told, "ends_before_start"), met(&told, "no_closing_date")), (2, 1));
    assert_eq!(told.held[2], "missing_field: nothing says when `exception_granted` happened");
    assert_eq!((met(&told, "status_unknown"), told.no_event.get("status `ARCHIVED`")), (1, Some(&1)));
}

const WIZ_FINDINGS: &str = "ID,Name,CVSSSeverity,VendorSeverity,FindingStatus,FirstDetected,LastDetected,ResolvedAt,ResolutionReason,LocationPath,AssetID,AssetName";

#[test]
fn wiz_findings_come_in_two_shapes_and_swapped() {
    let told = told(
        "wiz-findings-csv",
        &Settings::default(),
        &table(
            WIZ_FINDINGS,
            &[
                "f-1,CVE-2026-1,HIGH,CRITICAL,RESOLVED,2026-01-05T10:00:00Z,2026-02-01T10:00:00Z,2026-02-03T10:00:00Z,VULNERABILITY_FIXED,/usr/lib/a,as-1,web-01",
                "f-2,CVE-2026-2,HIGH,,OPEN,2025-04-03 20:20:00.43042 +0000 CET,2025-04-01 20:20:00.1 +0000 UTC,,,,as-1,web-01",
                "f-3,CVE-2026-3,HIGH,,RESOLVED,2026-01-05T10:00:00Z,,2026-02-03T10:00:00Z,OBJECT_DELETED,,as-1,web-01",
                "f-4,CVE-2026-4,HIGH,,RESOLVED,2026-01-05T10:00:00Z,,1999-02-03T10:00:00Z,OBJECT_DELETED,,as-1,web-01",
            ],
        ),
    );
    assert_eq!(
        told.events,
        [
            "CVE-2026-1@as-1:/usr/lib/a detected 2026-01-05T10:00:00Z",
            "CVE-2026-1@as-1:/usr/lib/a seen 2026-02-01T10:00:00Z",
            "CVE-2026-1@as-1:/usr/lib/a fix_applied 2026-02-01T10:00:00Z..2026-02-03T10:00:00Z",
            "CVE-2026-1@as-1:/usr/lib/a verified 2026-02-03T10:00:00Z",
            "CVE-2026-2@as-1 detected 2025-04-01T20:20:00Z",
            "CVE-2026-2@as-1 seen 2025-04-03T20:20:00Z",
            "CVE-2026-3@as-1 detected 2026-01-05T10:00:00Z",
            "CVE-2026-3@as-1 closed 2026-02-03T10:00:00Z",
            "CVE-2026-4@as-1 detected 2026-01-05T10:00:00Z",
        ]
    );
    assert!(told.canonical[1].contains(r#""severity":"critical""#), "{told:?}");
    for (rule, count) in
        [("mixed_date_shapes", 2), ("zone_disagrees", 1), ("first_after_last", 1), ("ends_before_start", 1)]
    {
        assert_eq!(met(&told, rule), count, "{rule}: {told:?}");
    }
}

const ORCA: &str = "OrcaScore,Title,Category,CloudAccount,Inventory,CreatedAt,LastSeen,Status";

#[test]
fn orca_closes_between_the_last_sighting_and_the_export() {
    let file = table(
        ORCA,
        &[
            "9.5,Public bucket,Data,acc-1,bucket-1,2026-01-05T10:00:00+00:00,2026-02-01T10:00:00+00:00,closed",
            "5.1,Old image,Images,acc-1,,2026-01-05T10:00:00+00:00,2026-02-01T10:00:00+00:00,snoozed",
            "\"7,2\",Weak key,Keys,acc-1,key-1,2026-01-05T10:00:00+00:00,,open",
        ],
    );
    let told = told("orca-csv", &exported(), &file);
    assert_eq!(
        told.events,
        [
            "Public bucket@acc-1:bucket-1 detected 2026-01-05T10:00:00Z",
            "Public bucket@acc-1:bucket-1 seen 2026-02-01T10:00:00Z",
            "Public bucket@acc-1:bucket-1 closed 2026-02-01T10:00:00Z..2026-04-01T00:00:00Z",
            "Old image@acc-1 detected 2026-01-05T10:00:00Z",
            "Old image@acc-1 seen 2026-02-01T10:00:00Z",
            "Old image@acc-1 exception_granted 2026-01-05T10:00:00Z..2026-02-01T10:00:00Z",
            "Weak key@acc-1:key-1 detected 2026-01-05T10:00:00Z",
        ]
    );
    for (place, severity) in [(1, "critical"), (4, "medium"), (6, "high")] {
        assert!(told.canonical[place].contains(&format!(r#""severity":"{severity}""#)), "{told:?}");
    }
    let asked = try_told("orca-csv", &Settings::default(), &file).unwrap();
    assert_eq!(asked.held, ["missing_field: nothing says when `closed` happened"]);
}

#[test]
fn rapid7_sees_again_and_proves_no_end() {
    let header = "asset_id,host_name,vulnerability_id,severity,severity_score,first_discovered,most_recently_discovered,reintroduced_date";
    let told = told(
        "rapid7-sql-csv",
        &madrid(),
        &table(
            header,
            &[
                "11,web-01,ssl-weak,Severe,,2026-01-05 10:00:00.123,2026-02-01 10:00:00,2026-01-20 10:00:00",
                "11,web-01,ssh-old,,9,2026-01-05 10:00:00,2026-01-05 10:00:00,",
            ],
        ),
    );
    assert_eq!(
        told.events,
        [
            "ssl-weak@11 detected 2026-01-05T09:00:00Z",
            "ssl-weak@11 seen 2026-02-01T09:00:00Z",
            "ssl-weak@11 redetected 2026-01-20T09:00:00Z",
            "ssh-old@11 detected 2026-01-05T09:00:00Z",
        ]
    );
    assert!(
        told.canonical[1].contains(r#""severity":"high""#) && told.canonical[3].contains(r#""severity":"critical""#)
    );
    let naive = try_told("rapid7-sql-csv", &Settings::default(), &table(header, &["1,a,b,,,2026-01-05 10:00:00,,"]));
    assert_eq!(naive.unwrap().held, ["naive_time: time without offset `2026-01-05 10:00:00`"]);
}

#[test]
fn rapid7_result_codes_that_find_nothing_are_shown_for_mapping() {
    let header = "Asset IP Address,Service Port,Vulnerability Test Result Code,Vulnerability ID,Vulnerability CVE IDs,Vulnerability Severity Level,Vulnerability Test Date,Vulnerable Since";
    let told = told(
        "rapid7-csv",
        &madrid(),
        &table(
            header,
            &[
                "10.0.0.1,443,ve,ssl-weak,CVE-2026-1,8,2026-02-01 10:00:00,2026-01-05 10:00:00",
                "10.0.0.1,,VP,ssh-old,,4,2026-02-01 10:00:00,",
                "10.0.0.1,,nv,ftp-open,,4,2026-02-01 10:00:00,",
            ],
        ),
    );
    assert_eq!(
        told.events,
        [
            "ssl-weak@10.0.0.1:443 detected 2026-01-05T09:00:00Z",
            "ssl-weak@10.0.0.1:443 seen 2026-02-01T09:00:00Z",
            "ssh-old@10.0.0.1 detected 2026-02-01T09:00:00Z",
        ]
    );
    assert_eq!((met(&told, "status_unknown"), told.no_event.get("status `nv`")), (1, Some(&1)));
}

#[test]
fn headers_in_another_order_and_case_are_recognised_and_a_table_without_one_column_is_not() {
    for (name, preset) in mapping::presets() {
        let mut names: Vec<String> = preset.header.iter().map(|name| name.to_uppercase()).collect();
        names.reverse();
        let recognised = |names: &[String]| {
            let file = format!("{}\n", names.join(";"));
            formats::foreign::candidates(file.as_bytes()).iter().map(|adapter| adapter.name).collect::<Vec<_>>()
        };
        assert_eq!(recognised(&names), [name]);
        assert!(recognised(&names[1..]).is_empty(), "{name}");
        assert!(ALL.iter().any(|adapter| adapter.name == name), "{name}");
        assert_eq!(mapping::preset(name), Some(preset));
    }
}

#[test]
fn a_preset_can_be_changed_and_read_as_any_table() {
    let mut changed = mapping::preset("orca-csv").unwrap().clone();
    changed.open.push("waiting".to_owned());
    let settings = Settings { mapping: Some(changed), ..Settings::default() };
    let file = table(ORCA, &["9.5,Public bucket,Data,acc-1,b,2026-01-05T10:00:00Z,,waiting"]);
    let told = try_told("csv", &settings, &file).unwrap();
    assert_eq!((told.events.len(), told.met.len()), (1, 0));
}

#[test]
fn what_a_person_put_aside_is_an_exception_in_every_table() {
    let ends = |told: &Told| {
        let ends = told.events.iter().filter(|event| !event.contains("detected") && !event.contains(" seen "));
        ends.map(|event| event.split(' ').nth(1).unwrap().to_owned()).collect::<Vec<_>>()
    };
    let issue = "2026-01-05T10:00:00Z,T,HIGH,IGNORED,VM,v1,,,c-1,i-1,,";
    assert_eq!(ends(&wiz_issues(&exported(), &[issue])), ["exception_granted"]);
    for status in ["Rejected", "Ignored", "Muted", "Accepted", "IGNORED"] {
        let row =
            format!("1,CVE-2026-1,High,High,{status},2026-01-05T10:00:00Z,2026-02-01T10:00:00Z,,,/usr/lib,a-1,web");
        let told = told("wiz-findings-csv", &exported(), &table(WIZ_FINDINGS, &[&row]));
        assert_eq!(ends(&told), ["exception_granted"], "{status}: {told:?}");
        assert_eq!(met(&told, "accepted_without_end"), 1, "{status}");
    }
    let row = "5.1,Old,Images,acc-1,i-1,2026-01-05T10:00:00+00:00,2026-02-01T10:00:00+00:00,Dismissed";
    assert_eq!(ends(&told("orca-csv", &exported(), &table(ORCA, &[row]))), ["exception_granted"]);
}
