//! Findings of AWS Security Hub.

use crate::told::{Told, told, try_told};
use formats::foreign::{AsffSettings, Settings};

const BUCKET: &str = "arn:aws:s3:::logs";

fn finding(updated: &str, workflow: &str, record: &str, check: &str) -> String {
    format!(
        r#"{{"SchemaVersion":"2018-10-08","Id":"arn:aws:securityhub:eu-west-1:111122223333:f/1","ProductArn":"arn:p","GeneratorId":"S3.1","AwsAccountId":"111122223333","FirstObservedAt":"2026-03-01T10:00:00.123Z","LastObservedAt":"2026-03-02T10:00:00Z","CreatedAt":"2026-03-01T10:00:00Z","UpdatedAt":"{updated}","Workflow":{{"Status":"{workflow}"}},"RecordState":"{record}","Compliance":{{"Status":"{check}"}},"Severity":{{"Label":"HIGH"}},"Types":["Software and Configuration Checks/AWS"],"Resources":[{{"Id":"{BUCKET}"}}]}}"#
    )
}

fn at(day: u8) -> String {
    format!("2026-03-{day:02}T10:00:00Z")
}

fn read(file: &str) -> Told {
    told("asff", &Settings::default(), file)
}

/// The names of the events, without the item and the times.
fn names(told: &Told) -> Vec<String> {
    told.events.iter().map(|event| event.split(' ').nth(1).unwrap().to_owned()).collect()
}

#[test]
fn an_open_finding_is_found_and_seen() {
    let told = read(&finding(&at(3), "NEW", "ACTIVE", "FAILED"));
    assert_eq!(
        told.events,
        ["S3.1@arn:aws:s3:::logs detected 2026-03-01T10:00:00Z", "S3.1@arn:aws:s3:::logs seen 2026-03-02T10:00:00Z",]
    );
    for part in [r#""severity":"high""#, r#""kind":"misconfiguration""#, r#""asset":"arn:aws:s3:::logs""#] {
        assert!(told.canonical[0].contains(part), "{part}: {told:?}");
    }
    assert!(told.met.is_empty() && told.held.is_empty(), "{told:?}");
}

#[test]
fn each_state_of_the_workflow_becomes_its_event() {
    for (workflow, event) in [("NOTIFIED", "triaged"), ("SUPPRESSED", "exception_granted"), ("RESOLVED", "closed")] {
        let told = read(&finding(&at(3), workflow, "ACTIVE", "FAILED"));
        let wanted = format!("S3.1@{BUCKET} {event} 2026-03-01T10:00:00Z..2026-03-03T10:00:00Z");
        assert_eq!(told.events[2], wanted);
    }
    let told = read(&finding(&at(3), "WAITING", "ACTIVE", "FAILED"));
    assert_eq!(told.no_event.get("status `WAITING`"), Some(&1));
    assert_eq!(told.met.get("status_unknown"), Some(&1));
}

#[test]
fn a_close_while_the_check_fails_is_counted() {
    let told = read(&finding(&at(3), "RESOLVED", "ACTIVE", "FAILED"));
    assert_eq!(told.met.get("resolved_still_failed"), Some(&1));
    let told = read(&finding(&at(3), "RESOLVED", "ACTIVE", "PASSED"));
    assert_eq!(told.met.get("resolved_still_failed"), None);
}

#[test]
fn what_is_suppressed_is_no_longer_looked_at() {
    let told = read(&finding(&at(3), "SUPPRESSED", "ACTIVE", "FAILED"));
    assert_eq!(told.met.get("suppressed_blind"), Some(&1));
    assert_eq!(read(&finding(&at(3), "NEW", "ACTIVE", "FAILED")).met.get("suppressed_blind"), None);
}

#[test]
fn a_check_that_passes_verifies() {
    let told = read(&finding(&at(3), "RESOLVED", "ACTIVE", "PASSED"));
    assert_eq!(names(&told), ["detected", "verified", "closed"]);
    assert_eq!(told.events[1], format!("S3.1@{BUCKET} verified 2026-03-03T10:00:00Z"));
    assert!(told.canonical[1].contains(r#""method":"control_test""#), "{told:?}");
    let told = read(&finding("2026-03-01T10:00:00Z", "RESOLVED", "ACTIVE", "PASSED"));
    assert!(told.events.is_empty(), "it never failed: {told:?}");
    assert_eq!(told.no_event.get("a check that has passed since it exists"), Some(&1));
}

#[test]
fn a_check_that_could_not_tell_is_neither_a_pass_nor_a_return() {
    let file = [
        finding(&at(3), "SUPPRESSED", "ACTIVE", "PASSED"),
        finding(&at(4), "SUPPRESSED", "ACTIVE", "WARNING"),
        finding(&at(5), "SUPPRESSED", "ACTIVE", "FAILED"),
    ];
    let told = read(&file.join("\n"));
    let back: Vec<&String> = told.events.iter().filter(|event| event.contains(" redetected ")).collect();
    assert_eq!(back, [&format!("S3.1@{BUCKET} redetected 2026-03-04T10:00:00Z..2026-03-05T10:00:00Z")]);
    let told = read(&finding(&at(3), "RESOLVED", "ACTIVE", "WARNING"));
    assert_eq!(told.met.get("resolved_still_failed"), None);
}

#[test]
fn archived_is_closed_or_gone_with_its_account() {
    let file = finding(&at(3), "NEW", "ARCHIVED", "FAILED");
    assert_eq!(names(&read(&file)), ["detected", "seen", "closed"]);
    let accounts =
        |account: &str| Settings { asff: AsffSettings { accounts: vec![account.to_owned()] }, ..Settings::default() };
    assert_eq!(names(&told("asff", &accounts("111122223333"), &file)), ["detected", "seen", "closed"]);
    assert_eq!(names(&told("asff", &accounts("999900001111"), &file)), ["detected", "seen", "decommissioned"]);
}

#[test]
fn what_is_said_about_accounts_is_saved_only_where_something_is_said() {
    let text = r#"{"asff":{"accounts":["111122223333"]}}"#;
    let settings: Settings = serde_json::from_str(text).unwrap();
    assert_eq!(serde_json::to_string(&settings).unwrap(), text);
    assert_eq!(serde_json::to_string(&Settings::default()).unwrap(), "{}");
    assert!(serde_json::from_str::<Settings>(r#"{"asff":{"acounts":[]}}"#).is_err());
}

#[test]
fn what_fails_or_is_active_again_was_found_again() {
    let file = [finding(&at(3), "NEW", "ACTIVE", "PASSED"), finding(&at(4), "NEW", "ACTIVE", "FAILED")].join("\n");
    let told = read(&file);
    assert_eq!(names(&told), ["detected", "verified", "seen", "redetected"]);
    assert_eq!(told.events[3], format!("S3.1@{BUCKET} redetected 2026-03-03T10:00:00Z..2026-03-04T10:00:00Z"));
    let file = [finding(&at(3), "NEW", "ARCHIVED", "FAILED"), finding(&at(4), "NEW", "ACTIVE", "FAILED")].join("\n");
    assert_eq!(names(&read(&file)), ["detected", "seen", "closed", "seen", "redetected"]);
}

#[test]
fn a_close_the_service_takes_back_stays_and_is_followed_by_a_finding() {
    let file = [finding(&at(3), "RESOLVED", "ACTIVE", "PASSED"), finding(&at(4), "NEW", "ACTIVE", "FAILED")].join("\n");
    let told = read(&file);
    assert_eq!(names(&told), ["detected", "verified", "closed", "seen", "redetected"], "found again once");
    assert_eq!(told.met.get("workflow_reset"), Some(&1));
    let file = [finding(&at(3), "RESOLVED", "ACTIVE", "FAILED"), finding(&at(4), "NEW", "ACTIVE", "FAILED")].join("\n");
    assert_eq!(names(&read(&file)).last().unwrap(), "redetected");
}

#[test]
fn a_newer_record_before_an_older_one_loses_no_close_and_no_return() {
    let file = [finding(&at(4), "NEW", "ACTIVE", "FAILED"), finding(&at(3), "RESOLVED", "ACTIVE", "PASSED")].join("\n");
    let told = read(&file);
    assert_eq!(names(&told), ["detected", "seen", "verified", "closed", "redetected"]);
    assert_eq!(told.met.get("newest_first"), Some(&1));
}

#[test]
fn several_resources_are_an_item_each_and_none_is_held() {
    let one = finding(&at(3), "NEW", "ACTIVE", "FAILED");
    let told = read(&one.replace(r#"[{"Id":"arn:aws:s3:::logs"}]"#, r#"[{"Id":"a"},{"Id":"b"},{"Id":"a"}]"#));
    assert_eq!(told.events.iter().filter(|event| event.contains(" detected ")).count(), 2);
    assert_eq!(told.met.get("many_resources"), Some(&1));
    let told = read(&one.replace(r#"[{"Id":"arn:aws:s3:::logs"}]"#, "[]"));
    assert!(told.events.is_empty());
    assert!(told.held[0].starts_with("no_resource"), "{told:?}");
}

#[test]
fn it_is_read_bare_in_a_list_under_a_key_and_in_an_event_of_the_bus() {
    let one = finding(&at(3), "NEW", "ACTIVE", "FAILED");
    for file in [
        one.clone(),
        format!("[{one}]"),
        format!("{{\"Findings\":[{one}]}}"),
        format!("{{\n\"findings\": [\n{one}\n]}}"),
        format!(
            r#"{{"detail-type":"Security Hub Findings - Imported","time":"2026-03-03T10:00:00Z","detail":{{"findings":[{one}]}}}}"#
        ),
        format!("{{\"version\":\"0\",\n\"detail\":{{\"findings\":[{one}]}}}}"),
    ] {
        assert_eq!(read(&file).events.len(), 2, "{file}");
    }
}

#[test]
fn an_event_of_the_bus_says_by_when() {
    let one = finding(&at(3), "NOTIFIED", "ACTIVE", "FAILED");
    let file = format!(r#"{{"time":"2026-03-05T10:00:00Z","detail":{{"findings":[{one}]}}}}"#);
    assert_eq!(read(&file).events[2], format!("S3.1@{BUCKET} triaged 2026-03-01T10:00:00Z..2026-03-05T10:00:00Z"));
}

fn change(field: &str, old: &str, new: &str) -> String {
    format!(
        r#"{{"FindingIdentifier":{{"Id":"arn:aws:securityhub:eu-west-1:111122223333:f/1","ProductArn":"arn:p"}},"UpdateTime":"2026-03-05T10:00:00Z","FindingCreated":false,"UpdateSource":{{"Type":"BATCH_UPDATE_FINDINGS","Identity":"arn:kim"}},"Updates":[{{"UpdatedField":"{field}","OldValue":"{old}","NewValue":"{new}"}}]}}"#
    )
}

#[test]
fn a_history_says_when_each_change_was_made() {
    let one = finding(&at(3), "NEW", "ACTIVE", "FAILED");
    for (field, old, new, event) in [
        ("Workflow.Status", "NEW", "NOTIFIED", "triaged"),
        ("Workflow.Status", "NEW", "SUPPRESSED", "exception_granted"),
        ("Workflow", r#"{\"Status\":\"NEW\"}"#, r#"{\"Status\":\"RESOLVED\"}"#, "closed"),
        ("Workflow.Status", "RESOLVED", "NEW", "redetected"),
        ("Compliance.Status", "FAILED", r#"\"PASSED\""#, "verified"),
        ("Compliance.Status", "PASSED", "FAILED", "redetected"),
        ("RecordState", "ACTIVE", "ARCHIVED", "closed"),
        ("RecordState", "ARCHIVED", "ACTIVE", "redetected"),
        ("Severity.Label", "HIGH", "LOW", "severity_changed"),
        ("Severity", "", r#"{\"Label\":\"LOW\"}"#, "severity_changed"),
    ] {
        let told = read(&format!("{one}\n{}", change(field, old, new)));
        assert_eq!(told.events[2..], [format!("S3.1@{BUCKET} {event} 2026-03-05T10:00:00Z")], "{field} {new}");
    }
    let told = read(&format!("{one}\n{}", change("Workflow.Status", "NEW", "RESOLVED")));
    assert!(told.canonical[2].contains(r#""actor":"arn:kim""#), "{told:?}");
    let told = read(&format!("{one}\n{}", change("Confidence", "1", "2")));
    assert_eq!(told.no_event.get("history of `Confidence`"), Some(&1));
}

#[test]
fn a_history_without_its_finding_is_held() {
    let told = read(&format!("{{\"Records\":[{}]}}", change("RecordState", "ACTIVE", "ARCHIVED")));
    assert!(told.events.is_empty());
    assert!(told.held[0].starts_with("missing_field: the history of"), "{told:?}");
}

#[test]
fn an_end_before_the_start_is_held_and_swapped_sightings_are_put_right() {
    let told = read(&finding("2026-02-01T10:00:00Z", "RESOLVED", "ACTIVE", "FAILED"));
    assert_eq!(names(&told), ["detected", "seen"]);
    assert!(told.held[0].starts_with("ends_before_start"), "{told:?}");
    assert_eq!(told.met.get("ends_before_start"), Some(&1));
    let swapped = finding(&at(3), "NEW", "ACTIVE", "FAILED").replace("2026-03-02T10", "2026-02-20T10");
    let told = read(&swapped);
    assert!(told.events[0].ends_with("detected 2026-02-20T10:00:00Z"), "{told:?}");
    assert_eq!(told.met.get("first_after_last"), Some(&1));
}

#[test]
fn a_change_that_nothing_dates_is_held_and_the_opening_stays() {
    let undated = |workflow: &str| {
        finding(&at(3), workflow, "ACTIVE", "FAILED").replace(r#""UpdatedAt":"2026-03-03T10:00:00Z","#, "")
    };
    let told = read(&undated("RESOLVED"));
    assert_eq!(names(&told), ["detected", "seen"]);
    assert_eq!(told.held, ["missing_field: nothing says when `RESOLVED` came about: no `UpdatedAt`"]);
    assert!(read(&undated("NEW")).held.is_empty());
}

#[test]
fn a_time_without_an_offset_is_held_until_a_zone_is_chosen() {
    let file = finding(&at(3), "NEW", "ACTIVE", "FAILED").replace("2026-03-02T10:00:00Z", "2026-03-02T10:00:00");
    let told = read(&file);
    assert_eq!(names(&told), ["detected"]);
    assert!(told.held[0].starts_with("naive_time"), "{told:?}");
    assert_eq!(told.met.get("naive_time"), Some(&1));
    let zoned = Settings { zone: Some("Europe/Madrid".to_owned()), ..Settings::default() };
    assert!(crate::told::told("asff", &zoned, &file).events[1].ends_with("seen 2026-03-02T09:00:00Z"));
}

#[test]
fn severities_of_older_findings_are_numbers_and_informational_ones_are_held_whole() {
    for (number, word) in [("95", "critical"), ("70", "high"), ("40", "medium"), ("1", "low")] {
        let file = finding(&at(3), "NEW", "ACTIVE", "FAILED")
            .replace(r#"{"Label":"HIGH"}"#, &format!(r#"{{"Normalized":{number}}}"#));
        assert!(read(&file).canonical[0].contains(&format!(r#""severity":"{word}""#)), "{number}");
    }
    let told = read(&finding(&at(3), "RESOLVED", "ACTIVE", "FAILED").replace("HIGH", "INFORMATIONAL"));
    assert!(told.events.is_empty() && told.held.len() == 1, "{told:?}");
    assert!(told.held[0].starts_with("below_scope"));
    let file =
        [finding(&at(3), "NEW", "ACTIVE", "FAILED"), finding(&at(4), "NEW", "ACTIVE", "FAILED").replace("HIGH", "LOW")];
    assert_eq!(names(&read(&file.join("\n"))).last().unwrap(), "severity_changed");
}

#[test]
fn names_too_long_for_an_identifier_are_cut_the_same_way_each_time() {
    let long = finding(&at(3), "NEW", "ACTIVE", "FAILED").replace("S3.1", &"rule/".repeat(80));
    let (one, other) = (read(&long), read(&long));
    assert!(one.held.is_empty(), "{one:?}");
    assert_eq!(one.canonical, other.canonical);
}

#[test]
fn broken_files_say_where() {
    let whole = finding(&at(3), "NEW", "ACTIVE", "FAILED");
    let cut = format!("[{whole},\n{}", &whole[..60]);
    assert_eq!(try_told("asff", &Settings::default(), &cut).unwrap_err().code(), "json_syntax");
    let told = read(&format!("{whole}\n{}", whole.replace(r#""GeneratorId":"S3.1","#, "")));
    assert_eq!(
        told.held,
        ["missing_field: no `Id` or no `GeneratorId`; records before it have `GeneratorId`, and it has not"]
    );
}
