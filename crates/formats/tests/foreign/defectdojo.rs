//! Findings of DefectDojo.

use crate::told::{Told, told, try_told};
use formats::foreign::Settings;

fn finding(rest: &str) -> String {
    format!(
        r#"{{"id":17,"title":"Old library","severity":"High","date":"2026-03-01","created":"2026-03-02T10:00:00Z","last_status_update":"2026-03-05T10:00:00Z","sla_expiration_date":"2026-03-31","sla_start_date":null,"sla_days_remaining":12,"vulnerability_ids":[{{"vulnerability_id":"CVE-2026-1"}}],"component_name":"lib","service":"shop",{rest}"risk_accepted":ACCEPTED,"is_mitigated":MITIGATED,"active":ACTIVE}}"#
    )
    .replace("ACCEPTED", if rest.contains("accepted_risks") { "true" } else { "false" })
    .replace("MITIGATED", if rest.contains("\"mitigated\":") { "true" } else { "false" })
    .replace("ACTIVE", if rest.contains("\"mitigated\":") { "false" } else { "true" })
}

fn utc() -> Settings {
    Settings { zone: Some("UTC".to_owned()), ..Settings::default() }
}

fn read(file: &str) -> Told {
    told("defectdojo", &utc(), file)
}

const SINCE: &str = "2026-03-02T10:00:00Z..2026-03-05T10:00:00Z";

#[test]
fn a_finding_is_found_on_a_day_and_written_down_at_a_moment() {
    let told = read(&finding(""));
    assert_eq!(
        told.events,
        [
            "defectdojo-17 detected 2026-03-01T00:00:00Z..2026-03-01T23:59:59Z",
            "defectdojo-17 ticketed 2026-03-02T10:00:00Z",
        ]
    );
    assert_eq!(told.met.get("day_precision"), Some(&1));
    assert_eq!(told.met.len(), 1, "{told:?}");
    for part in [r#""cve":["CVE-2026-1"]"#, r#""severity":"high""#, r#""service":"shop""#, r#""certainty":"derived""#] {
        assert!(told.canonical[0].contains(part), "{part}: {told:?}");
    }
    for part in [r#""reported_due":"2026-03-31""#, r#""reported_sla":"running""#] {
        assert!(told.canonical[1].contains(part), "{part}: {told:?}");
    }
}

#[test]
fn a_day_needs_a_zone_and_the_rest_stays() {
    let told = told("defectdojo", &Settings::default(), &finding(""));
    assert_eq!(told.events, ["defectdojo-17 ticketed 2026-03-02T10:00:00Z"]);
    assert!(told.held[0].starts_with("naive_time"), "{told:?}");
}

#[test]
fn verified_means_triaged() {
    let told = read(&finding(r#""verified":true,"#));
    assert_eq!(told.events[2..], [format!("defectdojo-17 triaged {SINCE}")]);
    assert_eq!(told.met.get("verified_means_triaged"), Some(&1));
    assert!(told.events.iter().all(|event| !event.contains(" verified ")));
    let told = read(&finding(r#""verified":false,"under_review":true,"#));
    assert_eq!(told.events[2..], [format!("defectdojo-17 triaged {SINCE}")]);
    assert_eq!(told.met.get("verified_means_triaged"), None);
}

#[test]
fn an_accepted_risk_has_the_end_it_was_promised() {
    let told = read(&finding(
        r#""accepted_risks":[{"id":1,"accepted_by":"kim","created":"2026-03-04T10:00:00Z","expiration_date":"2026-06-01T00:00:00Z","decision_details":"until the move"}],"#,
    ));
    assert_eq!(told.events[2..], ["defectdojo-17 exception_granted 2026-03-04T10:00:00Z"]);
    assert!(told.canonical[2].contains(r#""expires_at":"2026-06-01T00:00:00Z""#), "{told:?}");
    assert!(told.canonical[2].contains(r#""actor":"kim""#), "{told:?}");
    assert_eq!(told.met.get("accepted_without_end"), None);
    let told = read(&finding(r#""accepted_risks":[],"#));
    assert_eq!(told.events[2..], [format!("defectdojo-17 exception_granted {SINCE}")]);
    assert_eq!(told.met.get("accepted_without_end"), Some(&1));
    let told = read(&finding(
        r#""accepted_risks":[{"created":"2026-03-04T10:00:00Z","expiration_date":"2026-04-01T00:00:00Z","expiration_date_handled":"2026-04-01T01:00:00Z"}],"#,
    ));
    assert_eq!(told.events[3..], ["defectdojo-17 exception_expired 2026-04-01T01:00:00Z"]);
}

#[test]
fn a_mitigated_finding_is_closed_and_not_verified() {
    let told = read(&finding(r#""mitigated":"2026-03-05T10:00:00Z","mitigated_by":{"id":3,"username":"lee"},"#));
    assert_eq!(told.events[2..], ["defectdojo-17 closed 2026-03-05T10:00:00Z"]);
    assert!(told.canonical[2].contains(r#""actor":"lee""#), "{told:?}");
    assert!(told.canonical[1].contains(r#""reported_sla":"met""#), "{told:?}");
    let told = read(&finding(r#""mitigated":"2026-03-05T10:00:00Z","mitigated_by":3,"#).replace(":12,", ":-2,"));
    assert!(told.canonical[2].contains(r#""actor":"3""#), "{told:?}");
    assert!(told.canonical[1].contains(r#""reported_sla":"breached""#), "{told:?}");
    let told = read(&finding(r#""mitigated":null,"#));
    assert_eq!(told.events[2..], [format!("defectdojo-17 closed {SINCE}")]);
    assert_eq!(told.met.get("no_closing_date"), Some(&1));
}

#[test]
fn a_close_because_an_upload_lacked_it_proves_nothing() {
    let file = finding(r#""mitigated":"2026-03-05T10:00:00Z","notes":[{"entry":"Mitigated by ZAP Scan re-upload."}],"#);
    let told = read(&file);
    assert_eq!((told.met.get("mitigated_by_reimport"), told.met.get("absence_unproven")), (Some(&1), Some(&1)));
    let complete = crate::told::told("defectdojo", &Settings { complete: true, ..utc() }, &file);
    assert_eq!((complete.met.get("mitigated_by_reimport"), complete.met.get("absence_unproven")), (Some(&1), None));
    let plain = read(&finding(r#""mitigated":"2026-03-05T10:00:00Z","notes":[{"entry":"Patched."}],"#));
    assert_eq!(plain.met.get("mitigated_by_reimport"), None);
}

#[test]
fn a_history_that_was_rewritten_keeps_its_close() {
    let closed = finding(r#""mitigated":"2026-03-05T10:00:00Z","#);
    let again = finding("").replace("2026-03-05T10:00:00Z", "2026-03-09T10:00:00Z");
    let told = read(&format!("[{closed},{again}]"));
    assert_eq!(told.events[2], "defectdojo-17 closed 2026-03-05T10:00:00Z");
    assert_eq!(told.events.last().unwrap(), "defectdojo-17 redetected 2026-03-05T10:00:00Z..2026-03-09T10:00:00Z");
    assert_eq!(told.met.get("history_rewritten"), Some(&1));
}

#[test]
fn a_promise_that_began_again_is_counted() {
    let moved = finding("").replace(r#""sla_start_date":null"#, r#""sla_start_date":"2026-03-04""#);
    assert_eq!(read(&moved).met.get("sla_restarted"), Some(&1));
    assert_eq!(read(&format!("[{},{moved}]", finding(""))).met.get("sla_restarted"), Some(&1));
    let same = finding("").replace(r#""sla_start_date":null"#, r#""sla_start_date":"2026-03-01""#);
    assert_eq!(read(&same).met.get("sla_restarted"), None);
}

#[test]
fn what_was_no_weakness_or_another_one_says_so() {
    let told = read(&finding(r#""false_p":true,"#));
    assert_eq!(told.events[2..], [format!("defectdojo-17 false_positive {SINCE}")]);
    let told = read(&finding(r#""out_of_scope":true,"#));
    assert_eq!(told.events[2..], [format!("defectdojo-17 exception_granted {SINCE}")]);
    assert!(told.canonical[2].contains(r#""reason_code":"out_of_scope""#), "{told:?}");
    let told = read(&finding(r#""duplicate":true,"duplicate_finding":9,"#));
    assert_eq!(told.events[2..], [format!("defectdojo-17 merged {SINCE}")]);
    assert!(told.canonical[2].contains(r#""to":"defectdojo-9""#), "{told:?}");
    let told = read(&finding(r#""duplicate":true,"duplicate_finding":null,"#));
    assert_eq!(told.no_event.get("a duplicate of something that is not named"), Some(&1));
    let told = read(&finding("").replace(r#""active":true"#, r#""active":false"#));
    assert_eq!(told.no_event.get("inactive, and nothing says why"), Some(&1));
}

#[test]
fn a_flag_that_nothing_dates_is_held_and_the_opening_stays() {
    for flag in ["verified", "under_review", "out_of_scope", "false_p", "duplicate"] {
        let undated = finding(&format!(r#""{flag}":true,"#)).replace(r#""2026-03-05T10:00:00Z""#, "null");
        let told = read(&undated);
        assert_eq!(told.events.len(), 2, "{flag}: {told:?}");
        let wanted = format!("missing_field: nothing says when `{flag}` came about: no `last_status_update`");
        assert_eq!(told.held, [wanted]);
    }
}

#[test]
fn an_end_before_the_start_is_held_and_the_opening_stays() {
    let told = read(&finding(r#""mitigated":"2026-02-05T10:00:00Z","#));
    assert_eq!(told.events.len(), 2);
    assert!(told.held[0].starts_with("ends_before_start"), "{told:?}");
}

#[test]
fn pages_lists_and_broken_files() {
    let whole = finding("");
    assert_eq!(read(&format!("{{\"count\":1,\"next\":null,\"results\":[{whole}]}}")).events.len(), 2);
    assert_eq!(read(&format!("[{whole}]")).events.len(), 2);
    let told = read(&format!("[{whole},{}]", whole.replace(r#""id":17,"#, "")));
    assert_eq!(told.held, ["missing_field: no `id` of the finding"]);
    let cut = format!("{{\"results\":[{whole},");
    assert_eq!(try_told("defectdojo", &utc(), &cut).unwrap_err().code(), "json_syntax");
    let below = read(&whole.replace("High", "Info"));
    assert!(below.events.is_empty() && below.held.len() == 1, "{below:?}");
}

#[test]
fn a_word_for_nothing_says_nothing() {
    let told = read(&finding(r#""mitigated":"None","#));
    assert_eq!(told.met.get("null_word"), Some(&1));
    assert_eq!(told.met.get("no_closing_date"), Some(&1));
}
