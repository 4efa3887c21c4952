//! Does the reader of an analysis keep the copies, count the lines and merge the items as its rules say?
#![expect(clippy::unwrap_used, reason = "a test may fail loudly")]

use domain::{
    event::GivenSeverity,
    event_name::EventName::{Closed, Detected},
    severity::Severity,
    time::Timestamp,
};
use formats::analysis::{Reading, read};

fn at(day: u32) -> Timestamp {
    Timestamp::parse(&format!("2026-01-{day:02}T00:00:00Z")).unwrap()
}

fn reading(lines: &[&str]) -> Reading {
    read(lines, at(20), at(20))
}

fn flags(lines: &[&str]) -> Vec<(&'static str, u64)> {
    reading(lines).flags.into_iter().collect()
}

#[test]
fn lines_that_are_no_events_are_counted_by_their_trouble() {
    assert_eq!(
        flags(&[
            "{broken",
            "[1, 2]",
            r#"{"id":"q1","event":"closed","at":"2026-01-09T00:00:00Z"}"#,
            "",
            "   ",
            r#"{"item_id":"","event":"closed","at":"2026-01-09T00:00:00Z"}"#,
            r#"{"item_id":"a","event":"closed","at":"2026-01-09T00:00:00"}"#,
            r#"{"item_id":"a","event":"closed","at":"2026-01-09T00:00:00Z","received_at":7}"#,
            r#"{"item_id":"a","event":"clothed","at":"2026-01-09T00:00:00Z"}"#,
            r#"{"item_id":"a","event":"closed","at":"2026-01-09T00:05:01Z","received_at":"2026-01-09T00:00:00Z"}"#,
            r#"{"item_id":"a","event":"closed","at":"2026-01-20T00:00:00Z"}"#,
            r#"{"item_id":"a","event":"closed","at":"2026-01-09T00:00:00Z","received_at":"2026-01-20T00:00:01Z"}"#,
        ]),
        [
            ("not_yet_known", 2),
            ("quarantined_bad_line", 4),
            ("quarantined_bad_time", 2),
            ("quarantined_future", 1),
            ("quarantined_unknown_event", 1)
        ]
    );
}

#[test]
fn of_copies_the_usable_one_stays_then_the_earliest_then_the_smallest() {
    let copy = |at: &str, received: &str, team: &str| {
        format!(
            r#"{{"id":"1","item_id":"a","event":"detected","at":"{at}","received_at":"{received}","team":"{team}"}}"#
        )
    };
    let unusable = copy("soon", "2026-01-01T00:00:00Z", "a");
    let late = copy("2026-01-02T00:00:00Z", "2026-01-05T00:00:00Z", "a");
    let early = copy("2026-01-02T00:00:00Z", "2026-01-03T00:00:00Z", "c");
    let smaller = copy("2026-01-02T00:00:00Z", "2026-01-03T00:00:00Z", "b");
    let found = reading(&[&unusable, &late, &early, &smaller, &early]);
    assert_eq!(found.flags["duplicate_dropped"], 4);
    assert_eq!(found.items["a"][0].team.as_deref(), Some("b"));
}

#[test]
fn without_an_id_only_the_same_content_is_a_copy() {
    let one = r#"{"item_id":"a","event":"seen","at":"2026-01-02T00:00:00Z","n":1.0,"m":{"b":1,"a":2}}"#;
    let same = r#"{ "m":{"a":2,"b":1},"n":1.00, "event":"seen","at":"2026-01-02T00:00:00Z","item_id":"a","id":""}"#;
    let found = reading(&[one, same]);
    assert_eq!(found.events, 2, "an empty id is part of the text");
    assert_eq!(reading(&[one, &same.replace(r#","id":"""#, "")]).flags["duplicate_dropped"], 1);
}

#[test]
fn merges_move_every_event_to_the_survivor() {
    let line = |item: &str, event: &str, day: u32, to: &str| {
        format!(r#"{{"item_id":"{item}","event":"{event}","at":"2026-01-{day:02}T00:00:00Z","to":"{to}"}}"#)
    };
    let found = read(
        [
            line("c", "closed", 9, ""),
            line("a", "merged", 3, "b"),
            line("b", "merged", 4, "c"),
            line("c", "merged", 5, "a"),
            line("a", "detected", 2, ""),
            line("z", "merged", 2, ""),
        ],
        at(20),
        at(20),
    );
    assert_eq!(found.events, 6, "merges are events of the view");
    assert_eq!(found.items.keys().collect::<Vec<_>>(), ["c"]);
    assert_eq!(found.items["c"].iter().map(|event| event.name).collect::<Vec<_>>(), [Detected, Closed]);
}

#[test]
fn a_severity_nobody_knows_is_given_and_unknown_whatever_it_is() {
    let severity = |json: &str| {
        let line = format!(r#"{{"item_id":"a","event":"seen","at":"2026-01-02T00:00:00Z","severity":{json}}}"#);
        reading(&[&line]).items["a"][0].severity
    };
    assert_eq!(severity(r#""low""#), Some(GivenSeverity::Known(Severity::Low)));
    for json in [r#""urgent""#, r#""""#, "3", "[]"] {
        assert_eq!(severity(json), Some(GivenSeverity::Unknown), "{json}");
    }
    assert_eq!(severity("null"), None);
}
