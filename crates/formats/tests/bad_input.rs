//! What does a reader answer to input that is broken on purpose? Each row: the bytes, and what must become of them.
#![expect(clippy::panic, reason = "a test may fail loudly")]

use domain::{quarantine::Reason, time::Timestamp};
use formats::{
    canonical::{Draft, Outcome, is_future, read_line},
    encoding::Encoding,
    file_fault::FileFault,
    held::{FAULTS_MAX, Held},
    source::{Record, records},
};

const GOOD: &str = r#"{"item_id":"a","event":"detected","at":"2026-03-01T10:00:00Z"}"#;

fn held(line: &str) -> Held {
    match read_line(line.as_bytes()) {
        Outcome::Held(held) => held,
        Outcome::Event(draft) => panic!("{line}: {draft:?}"),
    }
}

fn event(line: &str) -> Draft {
    match read_line(line.as_bytes()) {
        Outcome::Event(draft) => *draft,
        Outcome::Held(held) => panic!("{line}: {held:?}"),
    }
}

/// The good line with one field more, or another value for one it has.
fn with(field: &str, json: &str) -> String {
    let mut fields = vec![("item_id", r#""a""#), ("event", r#""detected""#), ("at", r#""2026-03-01T10:00:00Z""#)];
    fields.retain(|(name, _)| *name != field);
    fields.push((field, json));
    let members: Vec<_> = fields.iter().map(|(name, json)| format!("\"{name}\":{json}")).collect();
    format!("{{{}}}", members.join(","))
}

fn all(input: &[u8]) -> Result<Vec<Record>, FileFault> {
    records(input, None)?.collect()
}

fn code(input: &[u8]) -> &'static str {
    match all(input) {
        Ok(records) => panic!("{} records", records.len()),
        Err(fault) => fault.code(),
    }
}

#[test]
fn a_field_that_cannot_be_is_held_under_its_reason() {
    let long = "x".repeat(257);
    for (field, json, reason) in [
        ("item_id", r#""""#, Reason::MissingField),
        ("item_id", "null", Reason::MissingField),
        ("item_id", "7", Reason::BadValue),
        ("item_id", r#""a\u0000b""#, Reason::BadIdentifier),
        ("item_id", "\"a\u{202e}b\"", Reason::BadIdentifier),
        ("item_id", "\"a\u{200b}b\"", Reason::BadIdentifier),
        ("item_id", r#""a\tb""#, Reason::BadIdentifier),
        ("item_id", "\"  \"", Reason::BadIdentifier),
        ("item_id", &format!("\"{long}\""), Reason::BadIdentifier),
        ("id", &format!("\"{long}\""), Reason::BadIdentifier),
        ("source", r#""../other""#, Reason::BadIdentifier),
        ("event", r#""closd""#, Reason::UnknownEvent),
        ("event", r#""Closed""#, Reason::UnknownEvent),
        ("event", "true", Reason::BadValue),
        ("at", r#""2026-03-01T10:00:00""#, Reason::NaiveTime),
        ("at", r#""2026-03-01 10:00""#, Reason::NaiveTime),
        ("at", r#""2026-03-01""#, Reason::NaiveTime),
        ("at", r#""2026-02-30T10:00:00Z""#, Reason::BadValue),
        ("at", r#""2026-03-01T10:00:60Z""#, Reason::BadValue),
        ("at", r#""2026-03-01T10:00:00+0800""#, Reason::BadValue),
        ("at", r#""1999-12-31T23:59:59Z""#, Reason::TimeRange),
        ("at", r#""1970-01-01T00:00:00Z""#, Reason::TimeRange),
        ("at", "0", Reason::TimeRange),
        ("at", "1772359200", Reason::BadValue),
        ("at", r#""46082.41667""#, Reason::BadValue),
        ("received_at", r#""yesterday""#, Reason::BadValue),
        ("severity", r#""info""#, Reason::BelowScope),
        ("severity", r#""Informational""#, Reason::BelowScope),
        ("kind", r#""bug""#, Reason::BadValue),
        ("certainty", r#""sure""#, Reason::BadValue),
        ("team", r#""a\u0000b""#, Reason::BadValue),
        ("team", "[]", Reason::MissingField),
        ("confidence", "1.5", Reason::BadValue),
        ("confidence", r#""0.5""#, Reason::BadValue),
        ("review_seconds", "-1", Reason::BadValue),
        ("review_seconds", "9007199254740993", Reason::BadValue),
        ("planted", r#""yes""#, Reason::BadValue),
        ("extra", r#""text""#, Reason::BadValue),
        ("reason", &format!("\"{}\"", "r".repeat(2_001)), Reason::BadValue),
        ("colour", &format!("\"{}\"", "c".repeat(8 * 1_024)), Reason::BadValue),
        ("at_latest", r#""2026-03-02T10:00:00Z""#, Reason::BadValue),
    ] {
        // An empty list says nothing, so that row is an event after all.
        if json == "[]" {
            assert_eq!(event(&with(field, json)).canonical, event(GOOD).canonical);
            continue;
        }
        let held = held(&with(field, json));
        assert_eq!((held.reason, held.faults.len()), (reason, 1), "{field} {json}: {held:?}");
        assert_eq!(held.faults[0].field.as_deref(), Some(if field == "colour" { "extra" } else { field }));
    }
}

#[test]
fn a_line_that_is_no_object_is_unreadable_and_says_where() {
    for (line, code) in [
        ("{broken", "json_syntax"),
        ("[1, 2]", "json_syntax"),
        ("7", "json_syntax"),
        ("\u{0}", "json_syntax"),
        (r#"{"item_id":"a"} x"#, "json_syntax"),
        (r#"{"item_id":"a","item_id":"b"}"#, "json_duplicate_key"),
        (r#"{"extra":{"a":1,"a":2}}"#, "json_duplicate_key"),
        (r#"{"x":1,"y":2,"x":3}"#, "json_duplicate_key"),
        (r#"{"item_id":"\ud800"}"#, "invalid_utf8"),
        (r#"{"item_id":"\udc00\ud800"}"#, "invalid_utf8"),
        ("{\"item_id\":\"a\nb\"}", "json_syntax"),
        (r#"{"item_id":"a",}"#, "json_syntax"),
        (r#"{"a":01}"#, "json_syntax"),
        (r#"{"a":1.}"#, "json_syntax"),
        (r#"{"a":NaN}"#, "json_syntax"),
    ] {
        let held = held(line);
        assert_eq!((held.reason, held.faults[0].code), (Reason::Unreadable, code), "{line}: {held:?}");
    }
    let Outcome::Held(held) = read_line(b"{\"item_id\":\"\xff\"}") else { panic!("not UTF-8") };
    assert_eq!(held.faults[0].detail, "not UTF-8 at byte 13");
}

#[test]
fn nesting_is_taken_up_to_its_limit_and_a_million_levels_cost_nothing() {
    let nested = |levels: usize| with("deep", &format!("{}{}", "[".repeat(levels), "]".repeat(levels)));
    let deepest = event(&nested(127));
    assert!(formats::canonical::item_event(&deepest.canonical, deepest.at).is_ok(), "what was taken can be read back");
    assert_eq!(held(&nested(128)).faults[0].code, "json_too_deep");
    assert_eq!(held(&nested(500_000)).faults[0].code, "json_too_deep");
    assert_eq!(code("[".repeat(1_000_000).as_bytes()), "json_syntax");
    let balanced = format!("[{}{}]", "[".repeat(1_000_000), "]".repeat(1_000_000));
    let found = all(balanced.as_bytes()).unwrap();
    assert!(matches!(&found[0].outcome, Outcome::Held(held) if held.reason == Reason::RecordTooLong));
}

#[test]
fn all_faults_of_a_line_are_listed_and_the_needed_fields_come_first() {
    let line = r#"{"severity":"info","kind":"bug","at":"2026-03-01","event":"closd","itemid":"a"}"#;
    let held = held(line);
    let reasons: Vec<_> = held.faults.iter().map(|fault| fault.reason).collect();
    let expected =
        [Reason::MissingField, Reason::UnknownEvent, Reason::NaiveTime, Reason::BadValue, Reason::BelowScope];
    assert_eq!(reasons, expected);
    assert_eq!(held.reason, Reason::MissingField);
    assert_eq!(held.faults[0].hint.as_deref(), Some("is `itemid` meant to be `item_id`?"));
    assert!(held.faults[1].hint.as_deref().unwrap().starts_with("did you mean `closed`? expected one of detected,"));
    assert_eq!(held.faults[2].detail, "time without offset `2026-03-01`, expected RFC 3339 with one");
}

#[test]
fn the_list_of_faults_and_the_number_of_keys_are_bounded() {
    let fields: Vec<String> = (0..200).map(|n| format!("\"x{n}\":1,\"extra\":{{\"x{n}\":1}}")).collect();
    assert_eq!(held(&format!("{{{}}}", fields.join(","))).faults[0].code, "json_duplicate_key");
    let both: Vec<String> = (0..150).map(|n| format!("\"x{n}\":1")).collect();
    let line = format!("{{\"item_id\":\"a\",{},\"extra\":{{{}}}}}", both.join(","), both.join(","));
    assert_eq!(held(&line).faults.len(), FAULTS_MAX);
    let many = |count: usize| {
        with("x", &format!("1,{}", (1..count - 3).map(|n| format!("\"y{n}\":1")).collect::<Vec<_>>().join(",")))
    };
    assert_eq!(event(&many(256)).unknown_fields.len(), 253);
    assert_eq!(held(&many(257)).faults[0].code, "json_too_many_keys");
}

#[test]
fn a_message_shows_what_would_be_invisible() {
    let shown = held(&with("item_id", "\"a\u{202e}b\"")).faults[0].detail.clone();
    assert_eq!(shown, "`a\\u{202e}b` holds the invisible character U+202E");
}

#[test]
fn what_can_be_put_on_a_timeline_is_never_refused() {
    let draft = event(&with("severity", r#""urgent""#));
    assert!(draft.severity_unmapped);
    assert!(draft.canonical.contains(r#""raw_severity":"urgent""#) && !draft.canonical.contains(r#""severity""#));
    let both = event(&with("severity", r#""urgent","raw_severity":"P0""#));
    assert!(
        both.canonical.contains(r#""extra":{"severity":"urgent"}"#)
            && both.canonical.contains(r#""raw_severity":"P0""#)
    );
    let unknown = event(&with("colour", r#""blue""#));
    assert_eq!(unknown.unknown_fields, [Box::from("colour")]);
    assert!(unknown.canonical.contains(r#""extra":{"colour":"blue"}"#));
    event(&with("event", r#""merged""#));
    event(&with("event", r#""severity_changed""#));
    event(&with("at", r#""9999-12-31T23:59:59Z""#));
    event(&with("team", "\"a\u{202e}b\""));
    event(&with("kev_due", r#""2026-04-01""#));
}

#[test]
fn three_hundred_seconds_ahead_is_a_clock_and_more_is_the_future() {
    let at = Timestamp::from_seconds(1_772_359_200);
    assert!(!is_future(at.plus(300), at));
    assert!(is_future(at.plus(301), at));
    assert!(is_future(event(&with("at", r#""9999-12-31T23:59:59Z""#)).at, at));
}

#[test]
fn a_file_that_is_none_is_refused_with_a_stable_code() {
    for (input, expected) in [
        (&b""[..], "empty_file"),
        (b"\xef\xbb\xbf", "empty_file"),
        (b"\n  \n\n", "no_rows"),
        (b"[]", "no_rows"),
        (b"item_id,event,at\r\n", "no_rows"),
        (b"\x89PNG\r\n\x1a\n", "format_unknown"),
        (b"%PDF-1.7\n", "format_unknown"),
        (b"\x7fELF\x02\x01\x01", "format_unknown"),
        (b"PK\x03\x04", "format_unknown"),
        (b"<!doctype html>", "format_unknown"),
        (b"just some words", "format_unknown"),
        (b"\xff\xfe", "empty_file"),
        (b"{\0\"\0", "encoding_unknown"),
        (b"item_id,event,at,team\na,detected,2026-03-01T10:00:00Z,caf\xe9 bar\n", "encoding_unknown"),
        (b"item_id,event,at,at\n", "duplicate_header"),
        (b"item_id,event,At\n", "missing_header"),
        (b"item_id,event,at,\n", "bad_header"),
        (b"item_id,event,\"at\n", "bad_header"),
        (b"[{},", "json_syntax"),
        (b"{\"item_id\":\"a\",\n\"event\"", "json_syntax"),
    ] {
        assert_eq!(code(input), expected, "{}", String::from_utf8_lossy(input));
    }
    let wide = format!("item_id,event,at{}\n", ",x".repeat(1_000_000));
    let fault = records(wide.as_bytes(), Some(Encoding::Csv { delimiter: b',' })).err().unwrap();
    assert_eq!(fault.code(), "too_many_columns", "{fault}");
    let fault = FileFault::MissingHeader { missing: "at", nearest: Some("At".to_owned()) };
    assert_eq!(fault.to_string(), "the header has no column `at`; is `At` meant?");
}

#[test]
fn a_bad_line_is_held_and_nothing_else_is_lost() {
    let mut file = Vec::new();
    let bad: [&[u8]; 6] = [b"{broken", b"\xff\xfe", b"{\"a\":\0}", b"[1]", b"null", &vec![b'x'; 10 << 20]];
    for line in bad {
        file.extend(GOOD.as_bytes());
        file.extend(b"\r\n\n");
        file.extend(line);
        file.push(b'\n');
    }
    file.extend(GOOD.as_bytes());
    let found = all(&file).unwrap();
    let is_event = |record: &&Record| matches!(record.outcome, Outcome::Event(_));
    assert_eq!((found.len(), found.iter().filter(is_event).count()), (13, 7));
    let long = &found[11];
    assert!(matches!(&long.outcome, Outcome::Held(held) if held.reason == Reason::RecordTooLong));
    assert_eq!((long.raw.len(), long.place.line), (64 * 1_024, 18));
    assert_eq!(found[12].place.line, 19);
}

#[test]
fn a_byte_order_mark_is_skipped_and_counted() {
    let file = format!("\u{feff}{GOOD}\n{GOOD}");
    let found = all(file.as_bytes()).unwrap();
    let places: Vec<_> = found.iter().map(|record| (record.place.line, record.place.byte)).collect();
    assert_eq!(places, [(1, 3), (2, GOOD.len() as u64 + 4)]);
}

#[test]
fn an_element_of_an_array_is_held_alone() {
    let body = format!("[{GOOD},{{\"item_id\":7}},\n 5, {GOOD}]");
    let found = all(body.as_bytes()).unwrap();
    let events = found.iter().map(|record| matches!(record.outcome, Outcome::Event(_)));
    assert_eq!(events.collect::<Vec<_>>(), [true, false, false, true]);
    assert_eq!(found[2].place.line, 2);
}
