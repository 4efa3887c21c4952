//! Drill records as Wallclock defines them.

use crate::told::{told, try_told};
use domain::drill::{DrillType, Rating, Usable};
use formats::foreign::Settings;

fn told_of(text: &str) -> crate::told::Told {
    told("wallclock-drill", &Settings::default(), text)
}

/// A drill of an hour with these lists.
fn drill(lists: &str) -> String {
    format!(
        r#"{{"id":"D-1","type":"live_fire","scenario":"ransom","started_at":"2026-03-01T10:00:00Z","ended_at":"2026-03-01T11:00:00Z","announced":false,"participants":[{{"person":"ada","novel":true,"novel_basis":"declared"}}]{lists}}}"#
    )
}

const FINDING: &str = r#","findings":[{"id":"F-1","technique":"T1059","control":"edr","system_group":"shop","severity":"high","owner":"bo","team":"apps","due":"2026-04-01"}]"#;

#[test]
fn a_finding_becomes_an_item_and_its_retests_say_whether_it_is_gone() {
    let text = drill(&format!(
        r#"{FINDING},"retests":[{{"finding":"F-1","at":"2026-04-02T09:00:00Z","passed":false,"attempt":1}},{{"finding":"T1059|edr|shop","at":"2026-05-02T09:00:00Z","passed":true,"attempt":2,"by":"cy"}}]"#
    ));
    let told = told_of(&text);
    assert_eq!(
        told.events,
        [
            "F-1@D-1 detected 2026-03-01T11:00:00Z",
            "F-1@D-1 verification_failed 2026-04-02T09:00:00Z",
            "F-1@D-1 verified 2026-05-02T09:00:00Z",
        ]
    );
    for part in [
        r#""kind":"drill_finding""#,
        r#""drill":"D-1""#,
        r#""fingerprint":"T1059|edr|shop""#,
        r#""reported_due":"2026-04-01T23:59:59Z""#,
        r#""severity":"high""#,
        r#""id":"drill:D-1/F-1:detected:1772362800-"#,
    ] {
        assert!(told.canonical[0].contains(part), "{part}: {}", told.canonical[0]);
    }
    assert!(told.canonical[2].contains(r#""method":"retest""#), "{}", told.canonical[2]);
    // The second try names the finding by its fingerprint, so it has no first of that name.
    assert_eq!(told.met.keys().copied().collect::<Vec<_>>(), ["attempt_gap"]);
    assert_eq!(told.drills[0].kind, Some(DrillType::LiveFire));
    assert!(told.held.is_empty(), "{told:?}");
}

#[test]
fn a_finding_is_detected_with_its_inject_where_it_names_one() {
    let text = drill(
        r#","injects":[{"id":"I-1","at":"2026-03-01T10:20:00Z","executed":true}],"findings":[{"id":"F-1","inject":"I-1","item_id":"CVE-1@web"}]"#,
    );
    let told = told_of(&text);
    assert_eq!(told.events, ["CVE-1@web detected 2026-03-01T10:20:00Z"]);
    assert_eq!(told.met.get("fingerprint_missing"), Some(&1));
}

#[test]
fn a_decision_before_its_question_is_held_and_the_rest_stays() {
    let text = drill(
        r#","decisions":[{"id":"a","asked_at":"2026-03-01T10:30:00Z","decided_at":"2026-03-01T10:00:00Z"},{"id":"b","asked_at":"2026-03-01T10:30:00Z"}]"#,
    );
    let told = told_of(&text);
    assert_eq!(told.held.len(), 1, "{told:?}");
    assert!(told.held[0].starts_with("decided_before_asked: decision `a` of drill `D-1`"), "{told:?}");
    assert_eq!(told.drills[0].decisions.iter().map(|one| one.id.as_str()).collect::<Vec<_>>(), ["b"]);
    assert_eq!(told.met.get("decided_before_asked"), Some(&1));
}

#[test]
fn what_a_record_leaves_out_is_counted() {
    let text = drill(
        r#","objectives":[{"id":"o","text":"contain"},{"id":"p","rating":"S"}],"recommendations":[{"id":"r","truth":"wrong"},{"id":"s","truth":"wrong","planted":true}],"findings":[{"id":"f","technique":"T1"}],"retests":[{"finding":"f","at":"2026-04-02T09:00:00Z","passed":true,"attempt":2}],"mood":"good""#,
    );
    let told = told_of(&text);
    for rule in ["objective_without_rating", "planted_unmarked", "fingerprint_missing", "attempt_gap"] {
        assert_eq!(told.met.get(rule), Some(&1), "{rule}: {told:?}");
    }
    assert_eq!(told.no_event.get("unknown field of a drill record"), Some(&1));
    assert_eq!(told.drills[0].objectives[1].rating, Some(Rating::Some));
}

#[test]
fn an_end_before_the_start_is_held_and_the_start_stays() {
    let text = drill(r#","injects":[{"id":"I","at":"2026-03-01T10:20:00Z","ended_at":"2026-03-01T10:00:00Z"}]"#);
    let told = told_of(&text);
    assert!(told.held[0].starts_with("ends_before_start: injects `I` of drill `D-1`"), "{told:?}");
    assert_eq!((told.drills[0].injects[0].ended_at, told.met.get("ends_before_start")), (None, Some(&1)));
}

#[test]
fn a_record_with_faults_is_held_whole_with_the_path_to_each() {
    let text = drill(
        r#","injects":[{"id":"I"},{"id":"I"},{"at":"2026-03-01 10:00"}],"objectives":[{"id":"o","rating":"X","time_box_seconds":-1}]"#,
    );
    let told = told_of(&text);
    assert!(told.drills.is_empty() && told.events.is_empty(), "{told:?}");
    assert_eq!(told.held.len(), 1);
    assert_eq!(told.met.get("naive_time"), Some(&1));
    let whole = try_told("wallclock-drill", &Settings::default(), r#"{"id":7,"injects":[]}"#).unwrap();
    assert_eq!(whole.held, ["bad_value: `7` in `id`, expected text"]);
    for broken in [r#"{"injects":[]}"#, r#"{"id":"d","injects":{}}"#, r#"{"id":"d","injects":["a"]}"#, "[1]"] {
        let told = told_of(&format!("[{text},{broken}]", text = drill("")));
        assert_eq!((told.held.len(), told.drills.len()), (1, 1), "{broken}");
    }
}

#[test]
fn a_retest_of_nothing_and_a_finding_without_a_time_are_held() {
    let text = r#"{"id":"D","injects":[],"participants":[{"person":"a"}],"findings":[{"id":"f"}],"retests":[{"finding":"g","at":"2026-04-02T09:00:00Z","passed":true}]}"#;
    let told = told_of(text);
    assert_eq!(told.held.len(), 2, "{told:?}");
    assert!(told.held.iter().all(|held| held.starts_with("missing_field")), "{told:?}");
    assert_eq!(told.drills.len(), 1);
}

#[test]
fn an_envelope_carries_a_record_and_other_types_are_held() {
    let inner = drill("");
    let envelope =
        |kind: &str| format!(r#"{{"specversion":"1.0","id":"1","source":"/x","type":"{kind}","data":{inner}}}"#);
    let text = format!("{}\n{}\n", envelope("wallclock.drill.v1"), envelope("wallclock.event.v1"));
    let told = told_of(&text);
    assert_eq!((told.drills.len(), told.held.len()), (1, 1));
    assert!(told.held[0].starts_with("unknown_type"), "{told:?}");
}

#[test]
fn a_bool_is_a_word_where_the_list_has_it_and_a_long_record_is_recognised() {
    let inject = |number: u32| format!(r#"{{"id":"I-{number}","title":"{}"}}"#, "x".repeat(100));
    let injects: Vec<String> = (0..1_000).map(inject).collect();
    let text =
        drill(&format!(r#","detections":[{{"outcome":"alerted","usable":true}}],"injects":[{}]"#, injects.join(",")));
    let told = told_of(&text);
    assert_eq!((told.drills[0].injects.len(), told.drills[0].detections[0].usable), (1_000, Usable::True));
}

#[test]
fn a_record_cut_short_says_so() {
    let text = drill(FINDING);
    let cut = format!("[{text},{}", &text[..80]);
    let fault = try_told("wallclock-drill", &Settings::default(), &cut).unwrap_err();
    assert_eq!(fault.code(), "json_syntax");
}
