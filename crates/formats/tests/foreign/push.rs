//! What is understood of what tools send by themselves?

use crate::told::told;
use domain::quarantine::Reason;
use formats::{
    canonical::Outcome,
    foreign::{Adapter, ForeignRecord, Settings, pushed},
};

const JIRA: &str = include_str!("pushes/jira_updated.json");
const SERVICENOW: &str = include_str!("pushes/servicenow_update.json");
const AUDIT: &str = include_str!("pushes/servicenow_audit.json");
const PAGERDUTY: &str = include_str!("pushes/pagerduty_triggered.json");
const GITHUB: &str = include_str!("pushes/github_dependabot.json");
const ASFF: &str = include_str!("pushes/securityhub_imported.json");

fn in_utc() -> Settings {
    Settings { zone: Some("UTC".to_owned()), ..Settings::default() }
}

fn sent(adapter: &str, body: &str) -> ForeignRecord {
    pushed(Adapter::named(adapter).unwrap(), &in_utc(), body.as_bytes().to_vec()).unwrap()
}

/// `item event at` of each event, and `held: reason` of each held line.
fn said(record: &ForeignRecord) -> Vec<String> {
    let one = |outcome: &Outcome| match outcome {
        Outcome::Event(draft) => format!("{} {} {}", draft.item_id, draft.name.as_str(), draft.at),
        Outcome::Held(held) => format!("held: {}", held.reason),
    };
    record.understood.outcomes.iter().map(one).collect()
}

fn canonical(record: &ForeignRecord) -> String {
    let one =
        |outcome: &Outcome| if let Outcome::Event(draft) = outcome { draft.canonical.clone() } else { String::new() };
    record.understood.outcomes.iter().map(one).collect()
}

fn quiet(record: &ForeignRecord) -> Vec<(&str, u64)> {
    record.understood.no_event.iter().map(|(what, count)| (what.as_ref(), *count)).collect()
}

#[test]
fn a_change_of_an_issue_is_what_it_changed() {
    let record = sent("jira", JIRA);
    let at = "2026-03-02T10:00:00Z";
    assert_eq!(said(&record), [format!("VUL-7 triaged {at}"), format!("VUL-7 work_started {at}")]);
    assert!(canonical(&record).contains(r#""actor":"5b10a2844c20165700ede21g""#));
    let comment = sent("jira", &JIRA.replace("jira:issue_updated", "comment_created"));
    assert_eq!((said(&comment), quiet(&comment)), (vec![], vec![("comment_created", 1)]));
}

#[test]
fn a_row_of_an_incident_is_told_in_its_wrapper_or_without() {
    let record = sent("servicenow", SERVICENOW);
    let bare = SERVICENOW.trim().strip_prefix("{\"result\":").unwrap().strip_suffix('}').unwrap();
    let events = said(&record);
    assert_eq!(events.first().map(String::as_str), Some("INC0010007 ticketed 2026-03-01T10:00:00Z"), "{events:?}");
    assert_eq!(said(&sent("servicenow", bare)), events);
    assert_eq!(said(&sent("servicenow", &format!("{{\"result\":[{bare}]}}"))), events);
}

#[test]
fn a_row_of_the_audit_table_is_its_change() {
    let events = said(&sent("servicenow", AUDIT));
    assert_eq!(events, ["9d385017c611228701d22104cc95c371 triaged 2026-03-02T10:00:00Z"]);
}

#[test]
fn an_incident_that_is_triggered_opens_and_is_given_to_somebody() {
    let record = sent("pagerduty", PAGERDUTY);
    let at = "2026-03-01T10:00:00Z";
    assert_eq!(
        said(&record),
        [format!("PGR0VU2 detected {at}"), format!("PGR0VU2 ticketed {at}"), format!("PGR0VU2 assigned {at}")]
    );
    let text = canonical(&record);
    for part in [
        r#""severity":"critical""#,
        r#""team":"Apps""#,
        r#""service":"Payments""#,
        r#""to":"Ann""#,
        r#""kind":"incident""#,
    ] {
        assert!(text.contains(part), "{part} in {text}");
    }
}

#[test]
fn each_event_of_an_incident_is_told_as_its_log_entry_would_be() {
    let of = |what: &str| PAGERDUTY.replace("incident.triggered", what);
    for (what, events) in [
        ("incident.acknowledged", &["triaged"][..]),
        ("incident.unacknowledged", &["resumed"]),
        ("incident.reassigned", &["reassigned"]),
        ("incident.delegated", &["reassigned"]),
        ("incident.escalated", &["escalated"]),
        ("incident.priority_updated", &["severity_changed"]),
        ("incident.reopened", &["reopened"]),
        ("incident.resolved", &["fix_applied", "closed"]),
    ] {
        let told: Vec<String> = events.iter().map(|name| format!("PGR0VU2 {name} 2026-03-01T10:00:00Z")).collect();
        assert_eq!(said(&sent("pagerduty", &of(what))), told, "{what}");
    }
    for what in ["incident.annotated", "incident.responder.added", "service.updated"] {
        let record = sent("pagerduty", &of(what));
        assert_eq!((said(&record), quiet(&record)), (vec![], vec![(what, 1)]));
    }
    let ping = r#"{"event":{"id":"1","event_type":"pagey.ping","resource_type":"pagey","occurred_at":"2026-03-01T10:00:00Z","agent":null,"client":null,"data":{"message":"Hello","type":"ping"}}}"#;
    assert_eq!(quiet(&sent("pagerduty", ping)), [("pagey.ping", 1)]);
}

#[test]
fn an_incident_that_was_merged_is_not_called_fixed() {
    let merged = PAGERDUTY.replace("incident.triggered", "incident.resolved").replace(
        r#""resolve_reason":null"#,
        r#""resolve_reason":{"type":"merge_resolve_reason","incident":{"id":"PNEXT01","type":"incident_reference"}}"#,
    );
    let record = sent("pagerduty", &merged);
    assert_eq!(said(&record), ["PGR0VU2 merged 2026-03-01T10:00:00Z"]);
    assert!(canonical(&record).contains(r#""to":"PNEXT01""#));
}

#[test]
fn an_alert_is_told_as_its_export_would_be() {
    let record = sent("github", GITHUB);
    assert_eq!(said(&record), ["GHSA-1:lodash@acme/shop:web/package-lock.json detected 2026-03-01T10:00:00Z"]);
    let alert = GITHUB.split("\"alert\":").nth(1).unwrap().split(",\"repository\"").next().unwrap();
    assert_eq!(canonical(&record), canonical(&sent("github", alert)), "the same event, by either way");
}

#[test]
fn an_alert_that_came_back_is_told_by_who_brought_it_back() {
    let later = GITHUB.replace(r#""updated_at":"2026-03-01T"#, r#""updated_at":"2026-03-04T"#);
    for (action, events, part) in [
        ("reintroduced", &["redetected"][..], r#""actor_type":"system""#),
        ("reopened", &["exception_expired", "reopened"], r#""actor":"ann""#),
        ("auto_reopened", &["exception_expired", "reopened"], r#""actor_type":"system""#),
    ] {
        let record = sent("github", &later.replace("\"created\"", &format!("\"{action}\"")));
        let item = "GHSA-1:lodash@acme/shop:web/package-lock.json";
        let told: Vec<String> = events.iter().map(|name| format!("{item} {name} 2026-03-04T10:00:00Z")).collect();
        assert_eq!(said(&record)[1..], told, "{action}");
        assert!(canonical(&record).contains(part), "{action}");
    }
}

#[test]
fn a_secret_is_told_without_a_state_and_without_itself() {
    let secret = |rest: &str| {
        format!(
            r#"{{"action":"created","alert":{{"number":6,"secret_type":"aws_key",{rest}"html_url":"https://github.example/acme/shop/security/secret-scanning/6","created_at":"2026-03-01T10:00:00Z"}},"repository":{{"full_name":"acme/shop"}},"sender":{{"login":"ann"}}}}"#
        )
    };
    let open = sent("github", &secret(r#""resolution":null,"resolved_at":null,"#));
    assert_eq!(said(&open), ["aws_key#6@acme/shop detected 2026-03-01T10:00:00Z"]);
    let resolved = sent("github", &secret(r#""resolution":"revoked","resolved_at":"2026-03-02T10:00:00Z","#));
    assert_eq!(said(&resolved).len(), 3, "{:?}", said(&resolved));
    assert_eq!(said(&resolved)[2], "aws_key#6@acme/shop closed 2026-03-02T10:00:00Z");
}

#[test]
fn a_webhook_of_something_else_is_counted() {
    let ping = r#"{"zen":"Keep it logically awesome.","hook_id":1,"sender":{"login":"ann"}}"#;
    assert_eq!(quiet(&sent("github", ping)), [("`ping` of no alert", 1)]);
    let issue = r#"{"action":"opened","issue":{"number":1},"sender":{"login":"ann"}}"#;
    assert_eq!(quiet(&sent("github", issue)), [("`opened` of no alert", 1)]);
}

#[test]
fn findings_are_read_out_of_their_event_whatever_its_size() {
    let record = sent("asff", ASFF);
    let item = "cis/1.1@AWS::::Account:123456789012";
    assert_eq!(said(&record)[0], format!("{item} detected 2026-03-01T10:00:00Z"));
    assert!(said(&record).iter().any(|event| event.starts_with(&format!("{item} triaged "))), "{:?}", said(&record));
    // Far beyond what a file is recognised by.
    let long = ASFF.replace("Root has keys", &"Root has keys. ".repeat(10_000));
    assert_eq!(said(&sent("asff", &long)), said(&record));
}

#[test]
fn what_is_no_push_of_the_tool_is_held_whole() {
    for adapter in ["jira", "servicenow", "pagerduty", "github", "asff"] {
        for body in
            ["", "not json", "{\"a\":", "7", "null", "{\"hello\":\"world\"}", "{\"a\":1,\"a\":2,", "\u{feff}[[]]"]
        {
            let record = sent(adapter, body);
            assert!(!record.understood.outcomes.is_empty() || !quiet(&record).is_empty(), "{adapter} {body}");
            assert!(
                said(&record).iter().all(|line| line.starts_with("held: ")),
                "{adapter} {body} {:?}",
                said(&record)
            );
            assert_eq!(record.raw, body.as_bytes());
        }
    }
    let bytes = pushed(Adapter::named("jira").unwrap(), &in_utc(), vec![b'{', 0xff, b'}']).unwrap();
    assert_eq!(said(&bytes), ["held: unreadable"]);
    let long = format!("{{\"text\":\"{}\"}}", "x".repeat(1 << 20));
    assert_eq!(said(&sent("jira", &long)), [format!("held: {}", Reason::RecordTooLong)]);
}

#[test]
fn pushes_that_were_kept_in_a_file_are_recognised() {
    let settings = in_utc();
    for (adapter, body) in [("jira", JIRA), ("pagerduty", PAGERDUTY), ("github", GITHUB), ("asff", ASFF)] {
        assert_eq!(told(adapter, &settings, body).events.len(), said(&sent(adapter, body)).len(), "{adapter}");
    }
}

#[test]
fn a_setting_that_cannot_be_followed_is_told() {
    let settings = Settings { zone: Some("Nowhere".to_owned()), ..Settings::default() };
    assert!(pushed(Adapter::named("jira").unwrap(), &settings, JIRA.as_bytes().to_vec()).is_err());
}
