//! Tenable's export of vulnerabilities.

use crate::told::{told, try_told};
use formats::foreign::{Settings, candidates};

fn finding(rest: &str) -> String {
    format!(
        r#"{{"asset":{{"uuid":"a-1","hostname":"web-01"}},"plugin":{{"id":19506,"cve":["CVE-2026-1"]}},"port":{{"port":443}},"finding_id":"f-1",{rest}}}"#
    )
}

#[test]
fn a_fixed_finding_is_seen_fixed_and_verified_by_the_scanner() {
    let file = finding(
        r#""state":"FIXED","severity":"high","first_found":"2026-01-05T10:00:00Z","last_found":"2026-02-01T10:00:00Z","last_fixed":"2026-02-08T10:00:00Z""#,
    );
    let told = told("tenable-json", &Settings::default(), &format!("[{file}]"));
    assert_eq!(
        told.events,
        [
            "19506@a-1:443 detected 2026-01-05T10:00:00Z",
            "19506@a-1:443 seen 2026-02-01T10:00:00Z",
            "19506@a-1:443 fix_applied 2026-02-01T10:00:00Z..2026-02-08T10:00:00Z",
            "19506@a-1:443 verified 2026-02-08T10:00:00Z",
        ]
    );
    assert!(told.held.is_empty() && told.met.is_empty(), "{told:?}");
    assert!(told.canonical.iter().any(|text| text.contains(r#""severity":"high""#)), "{told:?}");
}

#[test]
fn an_end_before_the_start_is_held_and_the_opening_stays() {
    let file = finding(
        r#""state":"FIXED","severity":"low","first_found":"2026-01-05T10:00:00Z","last_fixed":"1999-02-08T10:00:00Z""#,
    );
    let told = told("tenable-json", &Settings::default(), &file);
    assert_eq!(told.events, ["19506@a-1:443 detected 2026-01-05T10:00:00Z"]);
    assert_eq!(told.held, ["ends_before_start: fixed at 1999-02-08T10:00:00Z and first found at 2026-01-05T10:00:00Z"]);
    assert_eq!(told.met.get("ends_before_start"), Some(&1));
}

#[test]
fn what_hides_in_the_export_is_counted() {
    let open = finding(
        r#""state":"REOPENED","severity":"low","severity_default_id":4,"severity_modification_type":"RECASTED","first_found":"2026-01-05T10:00:00Z","last_found":"2026-01-02T10:00:00Z","resurfaced_date":"2026-01-04T10:00:00Z","indexed":"2026-02-04T10:00:00Z""#,
    );
    let told = told("tenable-json", &Settings::default(), &open);
    for rule in ["fixed_omitted", "recast_hides_severity", "first_after_last", "cycles_lost", "stale_scan"] {
        assert_eq!(told.met.get(rule), Some(&1), "{rule}: {told:?}");
    }
    assert!(told.canonical.iter().any(|text| text.contains(r#""severity":"critical""#)), "{told:?}");
    assert!(told.canonical.iter().any(|text| text.contains(r#""to":"low""#)), "{told:?}");
}

#[test]
fn a_file_cut_short_gives_what_came_before_and_says_where() {
    let whole = finding(r#""state":"OPEN","severity":"low","first_found":"2026-01-05T10:00:00Z""#);
    let cut = format!("[{whole},\n{}", &whole[..60]);
    let fault = try_told("tenable-json", &Settings::default(), &cut).unwrap_err();
    assert_eq!(fault.code(), "json_syntax");
    assert!(fault.to_string().starts_with("line 2"), "{fault}");
}

#[test]
fn a_finding_below_the_scope_is_held_once_and_nothing_else_of_it_is_told() {
    let file = finding(
        r#""state":"FIXED","severity":"info","first_found":"2026-01-05T10:00:00Z","last_found":"2026-02-01T10:00:00Z","last_fixed":"2026-02-08T10:00:00Z""#,
    );
    let told = told("tenable-json", &Settings::default(), &file);
    assert!(told.events.is_empty() && told.held.len() == 1, "{told:?}");
    assert!(told.held[0].starts_with("below_scope"), "{told:?}");
}

#[test]
fn a_recast_severity_means_what_a_person_said_it_means() {
    let mut settings = Settings::default();
    settings.severities.insert("high".to_owned(), "medium".to_owned());
    let file = finding(
        r#""state":"OPEN","severity":"high","severity_default_id":4,"severity_modification_type":"RECASTED","first_found":"2026-01-05T10:00:00Z","last_found":"2026-02-01T10:00:00Z""#,
    );
    let told = told("tenable-json", &settings, &file);
    assert!(told.canonical.iter().any(|text| text.contains(r#""to":"medium""#)), "{told:?}");
}

#[test]
fn a_state_that_no_list_knows_is_counted_and_concludes_nothing() {
    let first = finding(r#""state":"OPEN","severity":"low","first_found":"2026-01-05T10:00:00Z""#);
    let other = finding(
        r#""state":"PARKED","severity":"low","first_found":"2026-01-05T10:00:00Z","last_found":"2026-01-06T10:00:00Z","last_fixed":"2026-02-05T10:00:00Z","indexed":"2026-03-05T10:00:00Z""#,
    )
    .replace("a-1", "a-2");
    let file = format!("{first}\n{other}\n");
    let told = told("tenable-json", &Settings::default(), &file);
    assert_eq!(
        told.events[1..],
        ["19506@a-2:443 detected 2026-01-05T10:00:00Z", "19506@a-2:443 seen 2026-01-06T10:00:00Z"]
    );
    assert_eq!(
        (told.met.get("status_unknown"), told.no_event.get("status `PARKED`")),
        (Some(&1), Some(&1)),
        "{told:?}"
    );
    assert_eq!(told.met.get("stale_scan"), None, "that it is open is not claimed");
    let mut settings = Settings::default();
    settings.statuses.insert("parked".to_owned(), "fixed".to_owned());
    let told = try_told("tenable-json", &settings, &file).unwrap();
    assert_eq!(told.events[4..], ["19506@a-2:443 verified 2026-02-05T10:00:00Z"]);
    // A file is known by the states of the tool.
    assert!(candidates(other.as_bytes()).is_empty());
}

#[test]
fn a_scan_that_is_two_weeks_old_leaves_what_is_open_unproven() {
    let told_of = |scanned: &str| {
        let rest = format!(
            r#""state":"OPEN","severity":"low","first_found":"2026-01-05T10:00:00Z","last_found":"2026-01-06T10:00:00Z","indexed":"2026-03-15T10:00:00Z","scan":{{"completed_at":"{scanned}"}}"#
        );
        told("tenable-json", &Settings::default(), &finding(&rest)).met.contains_key("stale_scan")
    };
    // Fourteen days are not more than fourteen days, though it was last seen long before.
    assert!(!told_of("2026-03-01T10:00:00Z") && told_of("2026-03-01T09:59:59Z"));
}
