//! Findings in OCSF.

use crate::told::{Told, told, try_told};
use formats::foreign::{
    Adapter, Settings,
    vocabulary::{heard, usual},
};
use proptest::prelude::*;

/// 2026-03-01T10:00:00Z, in the milliseconds of the standard.
const MARCH_1: &str = "1772359200000";
const MARCH_2: &str = "1772445600000";
const MARCH_3: &str = "1772532000000";

fn finding(class: &str, rest: &str, info: &str) -> String {
    format!(
        r#"{{"class_uid":{class},"metadata":{{"version":"1.4.0"}},"finding_info":{{"uid":"f-1","created_time":{MARCH_1},{info}"title":"t"}},{rest}"time":{MARCH_2},"resources":[{{"uid":"r-1"}}]}}"#
    )
}

fn read(file: &str) -> Told {
    told("ocsf", &Settings::default(), file)
}

#[test]
fn a_stream_tells_when_each_change_was_made() {
    let line = |activity: &str, status: &str, time: &str| {
        finding("2002", &format!(r#""activity_id":{activity},"status_id":{status},"severity_id":4,"#), "")
            .replace(&format!(r#""time":{MARCH_2}"#), &format!(r#""time":{time}"#))
    };
    let file = [line("1", "1", MARCH_1), line("2", "2", MARCH_2), line("3", "4", MARCH_3)].join("\n");
    let told = read(&file);
    assert_eq!(
        told.events,
        [
            "f-1@r-1 detected 2026-03-01T10:00:00Z",
            "f-1@r-1 triaged 2026-03-02T10:00:00Z",
            "f-1@r-1 closed 2026-03-03T10:00:00Z",
        ]
    );
    assert!(told.canonical[0].contains(r#""kind":"vulnerability""#), "{told:?}");
    assert!(told.canonical[0].contains(r#""severity":"high""#), "{told:?}");
    assert!(told.canonical[0].contains(r#""id":"ocsf:f-1@r-1:detected:1772359200-"#), "{told:?}");
    assert!(told.held.is_empty() && told.met.is_empty(), "{told:?}");
}

#[test]
fn what_stands_came_about_between_the_first_sighting_and_the_last_change() {
    let info = format!(r#""first_seen_time":{MARCH_1},"last_seen_time":{MARCH_2},"modified_time":{MARCH_3},"#);
    let told = read(&finding("2002", r#""status_id":2,"#, &info));
    assert_eq!(
        told.events,
        [
            "f-1@r-1 detected 2026-03-01T10:00:00Z",
            "f-1@r-1 seen 2026-03-02T10:00:00Z",
            "f-1@r-1 triaged 2026-03-01T10:00:00Z..2026-03-03T10:00:00Z",
        ]
    );
}

/// One record after another, as pushes are read: what was known of it before is not known here.
#[test]
fn a_finding_that_says_it_was_reopened_came_back() {
    let back = r#""status_id":99,"status":"Reopened","#;
    let info = format!(r#""modified_time":{MARCH_3},"#);
    for (class, event) in [("2002", "redetected"), ("2003", "redetected"), ("2005", "reopened")] {
        let told = read(&finding(class, back, &info));
        let last = told.events.last().unwrap();
        assert!(last.contains(&format!(" {event} ")), "{class}: {told:?}");
        assert_eq!(told.met.get("status_unknown"), None, "{class}");
    }
    let other = read(&finding("2002", r#""status_id":99,"status":"Elsewhere","#, &info));
    assert_eq!((other.events.len(), other.met.get("status_unknown")), (1, Some(&1)));
    // Whoever is asked what its words mean finds it known.
    let (adapter, plain) = (Adapter::named("ocsf").unwrap(), Settings::default());
    let heard = heard(finding("2005", back, &info).as_bytes(), adapter, &plain).unwrap();
    let word = heard.lists[0].words.iter().find(|word| word.key == "Reopened").unwrap();
    assert_eq!(usual("ocsf", 0, word, &plain).as_deref(), Some("reopened"));
    // Said twice, it came back once.
    let line = finding("2002", back, &info).replace('\n', "");
    let twice = read(&format!("{line}\n{line}"));
    assert_eq!(twice.events.iter().filter(|event| event.contains("redetected")).count(), 1, "{twice:?}");
}

/// The table of docs/formats/ocsf.md, class by class, as the events that follow from the first record of an item.
#[test]
fn each_status_of_each_class_becomes_its_events() {
    const FINDING: [(&str, &[&str]); 9] = [
        ("0", &[]),
        ("1", &[]),
        ("2", &["triaged"]),
        ("3", &["exception_granted"]),
        ("4", &["closed"]),
        ("5", &["closed"]),
        ("6", &["closed"]),
        ("7", &[]),
        ("99", &[]),
    ];
    const INCIDENT: [(&str, &[&str]); 9] = [
        ("0", &[]),
        ("1", &[]),
        ("2", &["triaged"]),
        ("3", &["paused"]),
        ("4", &["fix_applied", "closed"]),
        ("5", &["closed"]),
        ("6", &[]),
        ("7", &[]),
        ("99", &[]),
    ];
    for class in ["2001", "2002", "2003", "2004", "2005", "2006", "2007", "2008"] {
        for (status, events) in if class == "2005" { INCIDENT } else { FINDING } {
            let told = read(&finding(class, &format!(r#""status_id":{status},"#), ""));
            let names: Vec<&str> = told.events.iter().skip(1).map(|event| event.split(' ').nth(1).unwrap()).collect();
            assert_eq!(names, events, "class {class} status {status}");
            let known = status == "1" || !events.is_empty();
            assert_eq!(told.met.contains_key("status_unknown"), !known, "class {class} status {status}");
            assert_eq!(told.no_event.len(), usize::from(!known), "class {class} status {status}");
            let put_away = class != "2005" && matches!(status, "5" | "6");
            let other = told.canonical.iter().any(|text| text.contains(r#""reason_code":"other""#));
            assert_eq!(other, put_away, "class {class} status {status}");
            assert_eq!(told.met.contains_key("deleted_not_fixed"), class != "2005" && status == "6");
        }
    }
}

#[test]
fn the_same_number_means_another_thing_in_an_incident() {
    let incident = read(&finding("2005", r#""status_id":3,"#, ""));
    assert_eq!(incident.met.get("status_by_class"), Some(&1));
    let finding = read(&finding("2002", r#""status_id":3,"#, ""));
    assert_eq!(finding.met.get("status_by_class"), None);
}

#[test]
fn each_class_has_its_kind() {
    for (class, kind) in [
        ("2002", "vulnerability"),
        ("2003", "misconfiguration"),
        ("2004", "incident"),
        ("2005", "incident"),
        ("2006", "posture"),
        ("2007", "vulnerability"),
        ("2008", "identity"),
    ] {
        let told = read(&finding(class, "", ""));
        assert!(told.canonical[0].contains(&format!(r#""kind":"{kind}""#)), "{class}: {told:?}");
    }
    let told = read(&finding("2001", "", r#""types":["TTPs/Discovery"],"#));
    assert!(told.canonical[0].contains(r#""kind":"incident""#), "{told:?}");
    let account = finding("2008", r#""user":{"uid":"u-7"},"#, "").replace(r#""resources":[{"uid":"r-1"}]"#, r#""x":1"#);
    assert!(read(&account).canonical[0].contains(r#""identity":"u-7""#));
}

#[test]
fn a_check_that_passes_verifies_and_one_that_fails_again_was_found_again() {
    let line = |check: &str, time: &str| {
        finding("2003", &format!(r#""activity_id":2,"status_id":1,"compliance":{{"status_id":{check}}},"#), "")
            .replace(&format!(r#""time":{MARCH_2}"#), &format!(r#""time":{time}"#))
    };
    let told = read(&[line("3", MARCH_1), line("1", MARCH_2), line("3", MARCH_3)].join("\n"));
    assert_eq!(
        told.events,
        [
            "f-1@r-1 detected 2026-03-01T10:00:00Z",
            "f-1@r-1 verified 2026-03-02T10:00:00Z",
            "f-1@r-1 redetected 2026-03-03T10:00:00Z",
        ]
    );
    assert!(told.canonical[1].contains(r#""method":"control_test""#), "{told:?}");
    let always = read(&line("1", MARCH_1));
    assert!(always.events.is_empty(), "a check that never failed is no weakness: {always:?}");
    assert_eq!(always.no_event.get("a check that has passed since it exists"), Some(&1));
}

#[test]
fn a_check_that_fails_saw_it_when_its_record_was_written() {
    let line = |time: &str, info: &str| {
        finding("2003", r#""activity_id":2,"status_id":1,"compliance":{"status_id":3},"#, info)
            .replace(&format!(r#""time":{MARCH_2}"#), &format!(r#""time":{time}"#))
    };
    let told = read(&[line(MARCH_2, ""), line(MARCH_3, "")].join("\n"));
    assert_eq!(
        told.events,
        [
            "f-1@r-1 detected 2026-03-01T10:00:00Z",
            "f-1@r-1 seen 2026-03-02T10:00:00Z",
            "f-1@r-1 seen 2026-03-03T10:00:00Z",
        ]
    );
    // Where the tool says when it saw it last, that counts.
    let said = read(&line(MARCH_3, &format!(r#""last_seen_time":{MARCH_2},"#)));
    assert_eq!(said.events[1..], ["f-1@r-1 seen 2026-03-02T10:00:00Z"]);
}

#[test]
fn a_finding_that_comes_back_is_found_again_and_an_incident_is_opened_again() {
    let line = |class: &str, status: &str, time: &str| {
        finding(class, &format!(r#""activity_id":2,"status_id":{status},"#), "")
            .replace(&format!(r#""time":{MARCH_2}"#), &format!(r#""time":{time}"#))
    };
    let told = read(&[line("2002", "4", MARCH_2), line("2002", "1", MARCH_3)].join("\n"));
    assert_eq!(told.events.last().unwrap(), "f-1@r-1 redetected 2026-03-03T10:00:00Z");
    let told = read(&[line("2005", "5", MARCH_2), line("2005", "2", MARCH_3)].join("\n"));
    assert_eq!(
        told.events[2..],
        ["incident-f-1 reopened 2026-03-03T10:00:00Z", "incident-f-1 triaged 2026-03-03T10:00:00Z"]
    );
    let told = read(&[line("2005", "3", MARCH_2), line("2005", "2", MARCH_3)].join("\n"));
    assert_eq!(told.events.last().unwrap(), "incident-f-1 resumed 2026-03-03T10:00:00Z");
    let told = read(&[line("2002", "3", MARCH_2), line("2002", "1", MARCH_3)].join("\n"));
    assert_eq!(told.events.last().unwrap(), "f-1@r-1 exception_expired 2026-03-03T10:00:00Z");
}

#[test]
fn a_stream_from_the_newest_to_the_oldest_loses_no_close_and_no_return() {
    let line = |status: &str, time: &str| {
        finding("2002", &format!(r#""activity_id":2,"status_id":{status},"#), "")
            .replace(&format!(r#""time":{MARCH_2}"#), &format!(r#""time":{time}"#))
    };
    let told = read(&[line("1", MARCH_3), line("4", MARCH_2), line("2", MARCH_1)].join("\n"));
    assert_eq!(
        told.events,
        [
            "f-1@r-1 detected 2026-03-01T10:00:00Z",
            "f-1@r-1 closed 2026-03-02T10:00:00Z",
            "f-1@r-1 redetected 2026-03-02T10:00:00Z..2026-03-03T10:00:00Z",
            "f-1@r-1 triaged 2026-03-01T10:00:00Z",
        ]
    );
    assert_eq!(told.met.get("newest_first"), Some(&2));
    let bare = |line: String| line.replace(&format!(r#""created_time":{MARCH_1},"#), "");
    let told = read(&[bare(line("2", MARCH_3)), bare(line("1", MARCH_1))].join("\n"));
    assert_eq!(told.events.last().unwrap(), "f-1@r-1 detected 2026-03-01T10:00:00Z", "the earliest evidence counts");
}

#[test]
fn a_verdict_settles_the_matter() {
    for (verdict, event) in [("1", "false_positive"), ("3", "closed"), ("5", "closed")] {
        let told = read(&finding("2004", &format!(r#""status_id":4,"verdict_id":{verdict},"#), ""));
        assert_eq!(told.events.len(), 2, "{told:?}");
        assert!(told.events[1].starts_with(&format!("f-1 {event}")), "{told:?}");
        assert_eq!(told.canonical[1].contains(r#""reason_code":"other""#), event == "closed", "{told:?}");
    }
    let named = finding("2002", r#""verdict_id":10,"#, r#""related_events":[{"uid":"f-0"}],"#);
    let told = read(&named);
    assert!(told.events[1].contains("merged"), "{told:?}");
    assert!(told.canonical[1].contains(r#""to":"f-0@r-1""#), "{told:?}");
    let unnamed = read(&finding("2002", r#""verdict_id":10,"status_id":1,"#, ""));
    assert_eq!(unnamed.events.len(), 1);
    assert_eq!(unnamed.no_event.get("a duplicate of something that is not named"), Some(&1));
}

#[test]
fn the_unit_of_a_time_is_read_off_its_length_and_told() {
    for digits in ["1772359200", "1772359200000000", "1772359200000000000"] {
        let told = read(&finding("2002", "", &format!(r#""first_seen_time":{digits},"#)));
        assert_eq!(told.events[0], "f-1@r-1 detected 2026-03-01T10:00:00Z");
        assert_eq!(told.met.get("epoch_unit"), Some(&1), "{digits}");
    }
    assert_eq!(read(&finding("2002", "", "")).met.get("epoch_unit"), None);
}

#[test]
fn a_weakness_without_a_resource_is_held() {
    let told = read(&finding("2002", r#""status_id":1,"#, "").replace(r#"[{"uid":"r-1"}]"#, "[]"));
    assert!(told.events.is_empty());
    assert_eq!(told.held, ["no_resource: `f-1` names no resource"]);
    assert_eq!(told.met.get("no_resource"), Some(&1));
}

#[test]
fn a_finding_on_several_resources_is_an_item_each() {
    let told =
        read(&finding("2002", "", "").replace(r#"{"uid":"r-1"}"#, r#"{"uid":"r-1"},{"uid":"r-2"},{"uid":"r-1"}"#));
    assert_eq!(told.events.len(), 2);
    assert!(told.events[1].starts_with("f-1@r-2 "));
    assert_eq!(told.met.get("many_resources"), Some(&1));
}

#[test]
fn first_after_last_is_put_right_and_an_end_before_the_start_is_held() {
    let told = read(&finding("2002", "", &format!(r#""first_seen_time":{MARCH_2},"last_seen_time":{MARCH_1},"#)));
    assert_eq!(told.events[0], "f-1@r-1 detected 2026-03-01T10:00:00Z");
    assert_eq!(told.met.get("first_after_last"), Some(&1));
    let info = format!(r#""first_seen_time":{MARCH_3},"modified_time":{MARCH_1},"#);
    let told = read(&finding("2002", r#""status_id":4,"#, &info));
    assert_eq!(told.events, ["f-1@r-1 detected 2026-03-03T10:00:00Z"]);
    assert_eq!(told.held.len(), 1);
    assert!(told.held[0].starts_with("ends_before_start"), "{told:?}");
}

#[test]
fn a_change_that_nothing_dates_is_held_and_the_opening_stays() {
    let undated = |status: &str| {
        finding("2002", &format!(r#""status_id":{status},"#), "").replace(&format!(r#""time":{MARCH_2},"#), "")
    };
    let told = read(&undated("3"));
    assert_eq!(told.events, ["f-1@r-1 detected 2026-03-01T10:00:00Z"]);
    assert_eq!(told.held, ["missing_field: nothing says when `3` came about: no `finding_info.modified_time`"]);
    assert!(read(&undated("1")).held.is_empty());
}

#[test]
fn a_marker_for_missing_is_no_time() {
    let told = read(&finding("2002", "", r#""first_seen_time":0,"#));
    assert_eq!(told.events, ["f-1@r-1 detected 2026-03-01T10:00:00Z"]);
    assert!(told.held[0].starts_with("time_range"), "{told:?}");
    assert_eq!(told.met.get("time_range"), Some(&1));
}

#[test]
fn an_informational_finding_is_held_whole() {
    let told = read(&finding("2002", r#""severity_id":1,"status_id":4,"#, ""));
    assert!(told.events.is_empty());
    assert_eq!(told.held.len(), 1);
    assert!(told.held[0].starts_with("below_scope"), "{told:?}");
}

#[test]
fn owners_teams_tickets_and_techniques_are_kept() {
    let rest = r#""assignee":{"name":"kim"},"assignee_group":{"name":"apps"},"tickets":[{"uid":"SEC-1"}],"vulnerabilities":[{"cve":{"uid":"CVE-2026-1"}}],"attacks":[{"technique":{"uid":"T1078"}}],"activity_id":2,"status_id":1,"#;
    let two = finding("2002", rest, "").replace("kim", "lee");
    let told = read(&format!("[{},{two}]", finding("2002", rest, "")));
    for part in [r#""team":"apps""#, r#""ticket":"SEC-1""#, r#""cve":["CVE-2026-1"]"#, r#""technique":["T1078"]"#] {
        assert!(told.canonical[0].contains(part), "{part}: {told:?}");
    }
    assert!(told.events[1].contains(" assigned ") && told.events[2].contains(" reassigned "), "{told:?}");
}

#[test]
fn other_classes_are_counted_and_a_mapped_status_is_followed() {
    let file = format!("{}\n{{\"class_uid\":4001}}", finding("2002", "", ""));
    assert_eq!(read(&file).no_event.get("class `4001`"), Some(&1));
    let mut settings = Settings::default();
    settings.statuses.insert("Deferred".to_owned(), "paused".to_owned());
    let told = told("ocsf", &settings, &finding("2002", r#""status_id":99,"status":"Deferred","#, ""));
    assert!(told.events[1].contains(" paused "), "{told:?}");
}

#[test]
fn an_incident_is_not_the_finding_it_is_named_by() {
    let list = format!(r#""finding_info_list":[{{"uid":"f-1","created_time":{MARCH_1}}}],"#);
    let incident = finding("2005", &format!(r#"{list}"status_id":4,"#), "").replace(r#""finding_info":"#, r#""x":"#);
    let told = read(&format!("{}\n{incident}", finding("2004", r#""status_id":1,"#, "")));
    assert_eq!(told.events[0], "f-1 detected 2026-03-01T10:00:00Z");
    assert_eq!(told.events[1], "incident-f-1 detected 2026-03-01T10:00:00Z");
    assert!(told.events[2].starts_with("incident-f-1 fix_applied"), "{told:?}");
}

#[test]
fn a_detection_stays_one_item_whatever_it_is_seen_on() {
    let line = |status: &str, time: &str| {
        finding("2004", &format!(r#""activity_id":2,"status_id":{status},"#), "")
            .replace(&format!(r#""time":{MARCH_2}"#), &format!(r#""time":{time}"#))
    };
    let told = read(&[line("1", MARCH_1), line("4", MARCH_2).replace("r-1", "r-2")].join("\n"));
    assert_eq!(told.events, ["f-1 detected 2026-03-01T10:00:00Z", "f-1 closed 2026-03-02T10:00:00Z"]);
}

#[test]
fn the_oldest_class_has_its_state_under_another_key() {
    let file = finding("2001", r#""status_id":1,"state_id":4,"#, "").replace("finding_info", "finding");
    assert!(read(&file).events[1].contains(" closed "));
}

#[test]
fn records_under_a_key_are_read_and_one_cut_short_is_told() {
    let whole = finding("2002", "", "");
    assert_eq!(read(&format!("{{\"Findings\":[{whole}],\n\"NextToken\":\"x\"}}")).events.len(), 1);
    let cut = format!("[{whole},\n{}", &whole[..40]);
    assert_eq!(try_told("ocsf", &Settings::default(), &cut).unwrap_err().code(), "json_syntax");
    let no_id = finding("2002", "", "").replace(r#""uid":"f-1","#, "");
    let told = read(&format!("{whole}\n{no_id}\n{{\"class_uid\""));
    assert_eq!(told.held[0], "missing_field: no `finding_info.uid`");
    assert!(told.held[1].starts_with("unreadable"), "{told:?}");
}

proptest! {
    #[test]
    fn no_record_is_lost_whatever_it_holds(
        class in 2001_u32..2009, status in 0_u32..8, verdict in 0_u32..12, check in 0_u32..4, time in -2_i64..3_000_000_000_000,
    ) {
        let rest = format!(r#""status_id":{status},"verdict_id":{verdict},"compliance":{{"status_id":{check}}},"#);
        let told = read(&finding(&class.to_string(), &rest, &format!(r#""first_seen_time":{time},"#)));
        prop_assert!(!told.events.is_empty() || !told.held.is_empty() || !told.no_event.is_empty());
    }
}
