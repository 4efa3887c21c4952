//! Incidents of PagerDuty and what was logged of them.

use crate::told::{Told, told, try_told};
use formats::foreign::Settings;
use proptest::prelude::*;

/// One log entry of incident `Q1` at that minute of 1 March 2026, by a person unless the rest says otherwise.
fn entry(id: &str, what: &str, minute: u32, rest: &str) -> String {
    entry_of("Q1", id, what, minute, rest)
}

fn entry_of(incident: &str, id: &str, what: &str, minute: u32, rest: &str) -> String {
    let agent =
        if rest.contains("\"agent\"") { "" } else { r#""agent":{"id":"U1","type":"user_reference","summary":"Bob"},"# };
    let rest = if rest.is_empty() { String::new() } else { format!(",{rest}") };
    format!(
        r#"{{"id":"{id}","type":"{what}_log_entry",{agent}"created_at":"2026-03-01T10:{minute:02}:00Z","incident":{{"id":"{incident}","type":"incident_reference"}},"service":{{"id":"S1","summary":"Payments"}},"teams":[{{"id":"T1","summary":"Apps"}}]{rest}}}"#
    )
}

const SERVICE: &str = r#""agent":{"id":"S1","type":"service_reference"},"channel":{"type":"auto"}"#;

fn life() -> Vec<String> {
    let to = |name: &str| format!(r#""assignees":[{{"id":"{name}","summary":"{name}"}}]"#);
    vec![
        entry("R00", "trigger", 0, SERVICE),
        entry("R01", "assign", 0, &to("Ann")),
        entry("R02", "notify", 1, ""),
        entry("R03", "escalate", 5, &to("Eve")),
        entry("R04", "acknowledge", 6, ""),
        entry(
            "R05",
            "priority_change",
            7,
            r#""channel":{"old_priority":{"summary":"P3"},"new_priority":{"summary":"P1"}}"#,
        ),
        entry("R06", "snooze", 8, ""),
        entry("R07", "unacknowledge", 20, SERVICE),
        entry("R08", "assign", 21, &to("Bob")),
        entry("R09", "annotate", 22, ""),
        entry("R10", "trigger", 23, SERVICE),
        entry("R11", "resolve", 30, ""),
        entry("R12", "trigger", 40, SERVICE),
        entry("R13", "delegate", 41, &to("Ann")),
        entry("R14", "urgency_change", 42, r#""channel":{"new_urgency":"low"}"#),
        entry("R15", "resolve", 50, SERVICE),
    ]
}

const TOLD: [&str; 17] = [
    "detected 2026-03-01T10:00",
    "ticketed 2026-03-01T10:00",
    "assigned 2026-03-01T10:00",
    "escalated 2026-03-01T10:05",
    "triaged 2026-03-01T10:06",
    "severity_changed 2026-03-01T10:07",
    "paused 2026-03-01T10:08",
    "resumed 2026-03-01T10:20",
    "reassigned 2026-03-01T10:21",
    "seen 2026-03-01T10:23",
    "fix_applied 2026-03-01T10:30",
    "closed 2026-03-01T10:30",
    "reopened 2026-03-01T10:40",
    "reassigned 2026-03-01T10:41",
    "severity_changed 2026-03-01T10:42",
    "fix_applied 2026-03-01T10:50",
    "closed 2026-03-01T10:50",
];

fn tell(file: &str) -> Told {
    told("pagerduty", &Settings::default(), file)
}

fn page(entries: &[String]) -> String {
    format!(r#"{{"limit":100,"log_entries":[{}],"more":false}}"#, entries.join(","))
}

fn within(entries: &[String]) -> String {
    format!(r#"{{"incidents":[{{"id":"Q1","type":"incident","log_entries":[{}]}}]}}"#, entries.join(","))
}

fn sorted(mut texts: Vec<String>) -> Vec<String> {
    texts.sort();
    texts
}

#[test]
fn an_incident_is_told_from_its_trigger_to_its_last_resolve() {
    let told = tell(&within(&life()));
    assert_eq!(told.events, TOLD.map(|event| format!("Q1 {event}:00Z")));
    assert!(told.held.is_empty(), "{told:?}");
    let has = |place: usize, text: &str| assert!(told.canonical[place].contains(text), "{}", told.canonical[place]);
    has(0, r#""id":"pagerduty:R00:detected:1772359200","item_id":"Q1","kind":"incident""#);
    has(0, r#""raw_severity":"P3""#);
    has(0, r#""service":"Payments","severity":"medium","team":"Apps","ticket":"Q1""#);
    has(0, r#""actor":"S1","actor_type":"system""#);
    has(2, r#""to":"Ann""#);
    has(3, r#""to":"Eve""#);
    has(4, r#""actor":"U1""#);
    has(5, r#""raw_severity":"P1""#);
    has(5, r#""to":"critical""#);
    has(14, r#""to":"low""#);
    assert_eq!((told.no_event.get("notify"), told.no_event.get("annotate")), (Some(&1), Some(&1)));
}

#[test]
fn entries_tell_the_same_in_every_shape_and_order() {
    let oldest = life();
    let newest: Vec<String> = oldest.iter().rev().cloned().collect();
    let expected = sorted(tell(&within(&oldest)).canonical);
    for file in [
        within(&newest),
        page(&newest),
        format!("[{}]", newest.join(",\n")),
        newest.join("\n"),
        format!("{}\n{}\n", page(&newest[..5]), page(&newest[5..])),
        newest.iter().map(|entry| format!(r#"{{"log_entry":{entry}}}"#)).collect::<Vec<_>>().join("\n"),
    ] {
        let told = tell(&file);
        assert_eq!(sorted(told.canonical), expected, "{file}");
        assert_eq!(told.met.get("newest_first"), Some(&1), "{file}");
    }
    // A page that begins with the oldest has not seen what the incident will change to, nor what it began with.
    let told = tell(&page(&oldest));
    assert_eq!(told.events, TOLD.map(|event| format!("Q1 {event}:00Z")));
    assert!(!told.met.contains_key("newest_first"));
}

#[test]
fn a_trigger_after_a_reopening_is_a_sighting() {
    let entries = ["trigger", "resolve", "trigger", "trigger", "resolve", "reopen", "trigger"];
    let entries = entries.iter().zip(0_u32..).map(|(what, minute)| entry(&format!("R{minute}"), what, minute, ""));
    let names: Vec<String> = tell(&page(&entries.collect::<Vec<_>>())).events;
    let names: Vec<&str> = names.iter().map(|event| event.split(' ').nth(1).unwrap()).collect();
    let expected = ["detected", "ticketed", "fix_applied", "closed", "reopened", "seen", "fix_applied", "closed"];
    assert_eq!(names[..8], expected);
    assert_eq!(names[8..], ["reopened", "seen"]);
}

#[test]
fn an_entry_that_comes_twice_is_told_once() {
    let mut entries = life();
    entries.push(entries[15].clone());
    let told = tell(&page(&entries));
    assert_eq!((told.events.len(), told.met.get("duplicate_entry")), (TOLD.len(), Some(&1)));
    assert!(!tell(&page(&life())).met.contains_key("duplicate_entry"));
}

#[test]
fn who_resolved_it_and_whose_acknowledgement_ran_out_are_counted() {
    let told = tell(&within(&life()));
    assert_eq!((told.met.get("auto_resolved"), told.met.get("ack_timed_out")), (Some(&1), Some(&1)), "{told:?}");
    let by_hand = tell(&page(&[entry("R0", "trigger", 0, ""), entry("R1", "resolve", 2, "")]));
    assert!(by_hand.met.is_empty(), "{by_hand:?}");
    let timer = r#""agent":{"id":"U1","type":"user_reference"},"channel":{"type":"timeout"}"#;
    let by_timer = tell(&page(&[entry("R0", "trigger", 0, ""), entry("R1", "resolve", 2, timer)]));
    assert_eq!(by_timer.met.get("auto_resolved"), Some(&1));
}

#[test]
fn nobody_left_to_escalate_to_is_counted_and_no_event() {
    let told = tell(&page(&[
        entry("R0", "trigger", 0, ""),
        entry("R1", "exhaust_escalation_path", 2, ""),
        entry("R2", "repeat_escalation_path", 3, ""),
    ]));
    assert_eq!((told.events.len(), told.met.get("escalation_exhausted")), (2, Some(&1)));
    assert_eq!(told.no_event.get("exhaust_escalation_path"), Some(&1));
    assert_eq!(told.no_event.get("repeat_escalation_path"), Some(&1));
}

#[test]
fn an_incident_began_without_a_priority_if_its_first_change_found_none() {
    let incident = |rest: &str| {
        let change = r#""channel":{"new_priority":{"summary":"P1"}}"#;
        let entries = [entry("R0", "trigger", 0, SERVICE), entry("R1", "priority_change", 2, change)].join(",");
        let file =
            format!(r#"[{{"id":"Q1","priority":{{"summary":"P1"}},"urgency":"low",{rest}"log_entries":[{entries}]}}]"#);
        tell(&file).canonical[0].clone()
    };
    assert!(incident("").contains(r#""raw_severity":"low""#), "{}", incident(""));
    let urgent = entry("R0", "urgency_change", 3, r#""channel":{"new_urgency":"low"}"#);
    let file =
        format!(r#"[{{"id":"Q1","urgency":"low","log_entries":[{urgent},{}]}}]"#, entry("R1", "trigger", 0, SERVICE));
    assert!(tell(&file).canonical[0].contains(r#""severity":"high""#));
}

#[test]
fn a_change_to_nothing_is_no_event() {
    let told = tell(&page(&[entry("R0", "trigger", 0, ""), entry("R1", "priority_change", 2, "")]));
    assert_eq!((told.events.len(), told.no_event.get("priority_change to nothing")), (2, Some(&1)));
}

#[test]
fn a_person_decides_what_a_priority_means() {
    let mut settings = Settings { kind: Some("vulnerability".to_owned()), ..Settings::default() };
    settings.severities.insert("Sev-0".to_owned(), "critical".to_owned());
    let change = entry("R1", "priority_change", 2, r#""channel":{"new_priority":{"summary":"SEV-0"}}"#);
    let told = told("pagerduty", &settings, &page(&[entry("R0", "trigger", 0, ""), change]));
    assert!(told.canonical[0].contains(r#""kind":"vulnerability""#));
    assert!(told.canonical[2].contains(r#""to":"critical""#), "{told:?}");
}

#[test]
fn an_incident_without_its_log_gives_its_end_points() {
    let incident = r#"{"incident":{"id":"Q1","incident_key":"k","incident_number":7,"created_at":"2026-03-01T10:00:00Z","status":"resolved","resolved_at":"2026-03-01T12:00:00Z","urgency":"high","priority":null,"service":{"id":"S1","summary":"Payments"},"first_trigger_log_entry":{"id":"R0"},"last_status_change_by":{"id":"S1","type":"service_reference"}}}"#;
    let told_all = tell(incident);
    assert_eq!(
        told_all.events,
        [
            "Q1 detected 2026-03-01T10:00:00Z",
            "Q1 ticketed 2026-03-01T10:00:00Z",
            "Q1 fix_applied 2026-03-01T12:00:00Z",
            "Q1 closed 2026-03-01T12:00:00Z",
        ]
    );
    assert_eq!(told_all.met.get("auto_resolved"), Some(&1));
    assert!(told_all.canonical[0].contains(r#""severity":"high""#));

    let inner = &incident[12..incident.len() - 1];
    let acknowledged = inner.replace(
        r#""status":"resolved","resolved_at":"2026-03-01T12:00:00Z""#,
        r#""status":"acknowledged","acknowledgements":[{"at":"2026-03-01T10:05:00Z"}]"#,
    );
    let undated = inner.replace(r#","resolved_at":"2026-03-01T12:00:00Z""#, "");
    let told = tell(&format!(r#"{{"incidents":[{acknowledged},{undated}]}}"#));
    assert_eq!(told.events[2], "Q1 triaged 2026-03-01T10:05:00Z");
    assert_eq!((told.events.len(), told.met.get("no_closing_date")), (5, Some(&1)));
}

#[test]
fn the_first_trigger_is_told_at_once_where_the_incident_names_it() {
    let named = |id: &str, minute: u32| {
        entry(id, "trigger", minute, "").replace(r#""id":"Q1","#, r#""id":"Q1","first_trigger_log_entry":{"id":"R0"},"#)
    };
    let told = tell(&page(&[entry("R2", "resolve", 9, ""), named("R1", 5), named("R0", 0)]));
    assert_eq!(told.events.len(), 5);
    assert!(told.events.contains(&"Q1 seen 2026-03-01T10:05:00Z".to_owned()), "{told:?}");
    let cut = tell(&page(&[named("R1", 5), entry("R2", "resolve", 9, "")]));
    assert_eq!(cut.events[0], "Q1 seen 2026-03-01T10:05:00Z", "the file begins after the first trigger");
}

#[test]
fn entries_that_cannot_be_placed_are_held_alone() {
    let good = entry("R0", "trigger", 0, "");
    let no_time = entry("R1", "resolve", 1, "").replace("created_at", "made_at");
    let naive = entry("R2", "resolve", 1, "").replace("00Z", "00");
    let no_id = entry("R3", "resolve", 1, "").replace(r#""id":"R3","#, "");
    let nobody = entry("R4", "resolve", 1, "").replace(r#""incident":{"id":"Q1","#, r#""incident":{"#);
    let told = tell(&[good, no_time, naive, no_id, nobody, "{\"x\":1}".to_owned(), "{".to_owned()].join("\n"));
    assert_eq!(told.events.len(), 2, "{told:?}");
    let reasons: Vec<&str> = told.held.iter().map(|held| held.split(':').next().unwrap()).collect();
    assert_eq!(reasons, ["missing_field", "naive_time", "missing_field", "missing_field", "unreadable", "unreadable"]);
    assert_eq!(told.held[0], "missing_field: the entry has no `created_at`");
}

#[test]
fn a_page_that_is_cut_off_says_where() {
    let cut = format!("{{\"log_entries\":[\n{},\n{{\"id\"", entry("R0", "trigger", 0, ""));
    let fault = try_told("pagerduty", &Settings::default(), &cut).unwrap_err();
    assert_eq!(fault.code(), "json_syntax");
    assert!(fault.to_string().starts_with("line 3"), "{fault}");
}

#[test]
fn long_and_pretty_files_are_recognised() {
    let long = entry("R0", "trigger", 0, &format!(r#""note":"{}""#, "x".repeat(100_000)));
    let spread = long.replacen(',', ",\n", 3);
    for file in [
        long.clone(),
        spread.clone(),
        format!("[{long}]"),
        format!("{{\"log_entries\":[{long}]}}"),
        format!("{{\n\"log_entries\":[{spread}]}}"),
        format!("{{\n\"incidents\":[{{\"id\":\"Q1\",\"incident_key\":null,\"log_entries\":[{spread}]}}]}}"),
    ] {
        assert_eq!(tell(&file).events.len(), 2, "{}", &file[..80]);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn the_newest_first_tells_what_the_oldest_first_tells(kinds in prop::collection::vec(0_usize..7, 2..14)) {
        let words = ["trigger", "assign", "acknowledge", "resolve", "snooze", "delegate", "reopen"];
        let entries: Vec<String> = kinds.iter().zip(0_u32..).map(|(kind, minute)| {
            let incident = if minute % 3 == 0 { "Q1" } else { "Q2" };
            entry_of(incident, &format!("R{minute}"), words[*kind], minute, "")
        }).collect();
        let newest: Vec<String> = entries.iter().rev().cloned().collect();
        prop_assert_eq!(sorted(tell(&page(&entries)).canonical), sorted(tell(&page(&newest)).canonical));
    }
}
