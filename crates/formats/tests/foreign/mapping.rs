//! Any table, by a mapping of its own.

use crate::told::{Told, told, try_told};
use formats::{
    file_fault::FileFault,
    foreign::{
        Settings, candidates,
        mapping::{Mapping, Sample, propose},
    },
};
use proptest::prelude::*;

const MAPPING: &str = r#"{
    "item": "{Rule}@{Host}[:{Port}]",
    "native": "{Key}",
    "status": "State",
    "open": ["open"],
    "fields": {
        "severity": {"column": "Level"},
        "team": {"column": "Team"},
        "actor": {"column": "By"},
        "ticket": {"column": "Link"},
        "cve": {"column": "CVE"},
        "extra.floor": {"column": "Floor"}
    },
    "values": {"severity": {"schwer": "critical"}, "status": {"erledigt": "closed"}},
    "events": [
        {"event": "detected", "at": {"column": "Opened"}},
        {"event": "seen", "at": {"column": "Seen"}},
        {"event": "closed", "when": [{"column": "State", "in": ["closed"]}], "at": {"column": "Ended"}},
        {"event": "exception_granted", "when": [{"column": "State", "in": ["accepted"]}],
         "at": {"between": {"after": ["Opened"], "by": ["Seen"]}}}
    ]
}"#;

const COLUMNS: &str = "Key,Rule,Host,Port,State,Level,Team,By,Link,CVE,Floor,Opened,Seen,Ended";

fn settings(change: impl FnOnce(&mut Mapping)) -> Settings {
    let mut mapping: Mapping = serde_json::from_str(MAPPING).unwrap();
    change(&mut mapping);
    Settings { mapping: Some(mapping), ..Settings::default() }
}

fn table(rows: &[&str]) -> String {
    format!("{COLUMNS}\n{}\n", rows.join("\n"))
}

fn read(rows: &[&str]) -> Told {
    try_told("csv", &settings(|_| ()), &table(rows)).unwrap()
}

const OPEN: &str =
    "K1,R1,web-01,443,open,high,apps,kim,SEC-1,CVE-2026-1 CVE-2026-2,3,2026-03-01T10:00:00Z,2026-03-05T10:00:00Z,";

#[test]
fn a_row_becomes_the_events_of_the_mapping_with_their_fields() {
    let told = read(&[OPEN]);
    assert_eq!(told.events, ["R1@web-01:443 detected 2026-03-01T10:00:00Z", "R1@web-01:443 seen 2026-03-05T10:00:00Z"]);
    let without_digests = |text: &str| {
        let (before, after) = text.split_once("\",\"item_id").unwrap();
        format!("{}\",\"item_id{after}", &before[..before.len() - 9])
    };
    assert_eq!(
        without_digests(&told.canonical[0]),
        r#"{"actor":"kim","at":"2026-03-01T10:00:00Z","cve":["CVE-2026-1","CVE-2026-2"],"event":"detected","extra":{"floor":"3"},"id":"csv:K1:detected:1772359200","item_id":"R1@web-01:443"}"#
    );
    // What may change stands on the sighting, what else describes the item on its first event.
    assert_eq!(
        without_digests(&told.canonical[1]),
        r#"{"actor":"kim","at":"2026-03-05T10:00:00Z","event":"seen","id":"csv:K1:seen:1772704800","item_id":"R1@web-01:443","raw_severity":"high","severity":"high","team":"apps","ticket":"SEC-1"}"#
    );
    assert!(told.held.is_empty() && told.no_event.is_empty() && told.met.is_empty(), "{told:?}");
}

#[test]
fn words_mean_what_the_mapping_says() {
    let told = read(&["K1,R1,web-01,,Erledigt,SCHWER,,,,,,2026-03-01T10:00:00Z,,2026-03-09T10:00:00Z"]);
    assert_eq!(told.events, ["R1@web-01 detected 2026-03-01T10:00:00Z", "R1@web-01 closed 2026-03-09T10:00:00Z"]);
    assert!(told.canonical[0].contains(r#""raw_severity":"SCHWER","severity":"critical""#), "{told:?}");
    assert!(told.canonical[1].contains(r#""raw_status":"Erledigt""#), "{told:?}");
}

#[test]
fn an_event_nobody_dated_lies_between_two_times() {
    let told = read(&["K1,R1,a,,accepted,low,,,,,,2026-03-01T10:00:00Z,2026-03-05T10:00:00Z,"]);
    assert_eq!(told.events[2], "R1@a exception_granted 2026-03-01T10:00:00Z..2026-03-05T10:00:00Z");
    assert!(told.canonical[2].contains(r#""certainty":"inferred""#), "{told:?}");
}

#[test]
fn a_window_up_to_the_export_needs_its_moment() {
    let change = |mapping: &mut Mapping| {
        let at = r#"{"between": {"after": ["Seen"], "exported": true}}"#;
        mapping.events[2].at = serde_json::from_str(at).unwrap();
    };
    let file = table(&["K1,R1,a,,closed,low,,,,,,2026-03-01T10:00:00Z,2026-03-05T10:00:00Z,"]);
    let told = try_told("csv", &settings(change), &file).unwrap();
    assert_eq!(told.held, ["missing_field: nothing says when `closed` happened"]);
    let exported = Settings { exported_at: Some("2026-03-20T00:00:00Z".to_owned()), ..settings(change) };
    let told = try_told("csv", &exported, &file).unwrap();
    assert_eq!(told.events[2], "R1@a closed 2026-03-05T10:00:00Z..2026-03-20T00:00:00Z");
}

#[test]
fn a_marker_for_a_missing_time_is_held_as_one() {
    let told = read(&["K1,R1,a,,open,low,,,,,,1970-01-01T00:00:00Z,2026-03-05T10:00:00Z,"]);
    assert_eq!((told.held.len(), told.met.get("time_range")), (1, Some(&1)), "{told:?}");
    assert!(told.held[0].starts_with("time_range: `1970-01-01T00:00:00Z` looks like a missing marker"), "{told:?}");
    assert_eq!(told.events, ["R1@a seen 2026-03-05T10:00:00Z"]);
}

#[test]
fn numbers_and_days_are_put_right_and_counted() {
    let change = |mapping: &mut Mapping| {
        let claimed = serde_json::from_str(r#"{"column": "Floor"}"#).unwrap();
        mapping.fields.insert("reported_seconds".to_owned(), claimed);
    };
    let zone = Settings { zone: Some("UTC".to_owned()), ..settings(change) };
    let file = table(&["K1,R1,a,,open,low,,,,,\"12,345\",1772359200000,2026-03-05,"]);
    let told = try_told("csv", &zone, &file).unwrap();
    assert_eq!(
        told.events,
        ["R1@a detected 2026-03-01T10:00:00Z", "R1@a seen 2026-03-05T00:00:00Z..2026-03-05T23:59:59Z"]
    );
    assert!(told.canonical[1].contains(r#""certainty":"derived""#), "{told:?}");
    assert!(told.canonical[0].contains(r#""reported_seconds":12345"#), "{told:?}");
    for (rule, count) in [("epoch_unit", 1), ("day_precision", 1), ("thousands_in_number", 2)] {
        assert_eq!(told.met.get(rule), Some(&count), "{rule}: {told:?}");
    }
    let dots = Settings { decimal: serde_json::from_str(r#""comma""#).unwrap(), ..settings(change) };
    let told = try_told("csv", &dots, &table(&["K1,R1,a,,open,low,,,,,1.234,1772359200,,"])).unwrap();
    assert!(told.canonical[0].contains(r#""reported_seconds":1234"#), "{told:?}");
}

#[test]
fn a_status_nobody_maps_is_counted_and_its_row_keeps_what_is_known() {
    let told = read(&["K1,R1,a,,parked,low,,,,,,2026-03-01T10:00:00Z,,"]);
    assert_eq!(told.events, ["R1@a detected 2026-03-01T10:00:00Z"]);
    assert_eq!(told.no_event.get("status `parked`"), Some(&1));
    assert_eq!(told.met.get("status_unknown"), Some(&1));
    let mut mapped = settings(|_| ());
    mapped.statuses.insert("Parked".to_owned(), "accepted".to_owned());
    let row = "K1,R1,a,,parked,low,,,,,,2026-03-01T10:00:00Z,2026-03-02T10:00:00Z,";
    let told = try_told("csv", &mapped, &table(&[row])).unwrap();
    assert!(told.met.is_empty() && told.events.len() == 3, "{told:?}");
}

#[test]
fn an_end_without_a_date_is_flagged_and_one_before_the_start_is_held() {
    let told = read(&[
        "K1,R1,a,,closed,low,,,,,,2026-03-01T10:00:00Z,,",
        "K2,R2,a,,closed,low,,,,,,2026-03-01T10:00:00Z,,1999-02-01T10:00:00Z",
    ]);
    assert_eq!(told.events, ["R1@a detected 2026-03-01T10:00:00Z", "R2@a detected 2026-03-01T10:00:00Z"]);
    assert_eq!((told.met.get("no_closing_date"), told.met.get("ends_before_start")), (Some(&1), Some(&1)));
    assert_eq!(told.held, ["ends_before_start: closed at 1999-02-01T10:00:00Z and first seen at 2026-03-01T10:00:00Z"]);
}

#[test]
fn sightings_the_wrong_way_round_are_put_right() {
    let told = read(&["K1,R1,a,,open,low,,,,,,2026-03-05T10:00:00Z,2026-03-01T10:00:00Z,"]);
    assert_eq!(told.events, ["R1@a detected 2026-03-01T10:00:00Z", "R1@a seen 2026-03-05T10:00:00Z"]);
    assert_eq!(told.met.get("first_after_last"), Some(&1));
}

#[test]
fn times_in_two_shapes_words_for_nothing_and_addresses_of_tickets_are_put_right_and_counted() {
    let told = read(&[
        "K1,R1,a,,open,low,N/A,,https://jira.example/browse/SEC-7,,,2026-03-01T10:00:00Z,,",
        "K2,R2,a,,open,low,,,,,,2025-04-03 20:20:00.43042 +0000 CET,?,",
    ]);
    assert_eq!(told.events, ["R1@a detected 2026-03-01T10:00:00Z", "R2@a detected 2025-04-03T20:20:00Z"]);
    for (rule, count) in [("mixed_date_shapes", 1), ("null_word", 2), ("ticket_urls", 1), ("zone_disagrees", 1)] {
        assert_eq!(told.met.get(rule), Some(&count), "{rule}: {told:?}");
    }
    assert!(told.canonical[0].contains(r#""ticket":"SEC-7""#), "{told:?}");
}

#[test]
fn a_time_without_a_zone_is_held_with_its_column() {
    let told = read(&["K1,R1,a,,open,low,,,,,,2026-03-01 10:00,2026-03-05T10:00:00Z,"]);
    assert_eq!(told.held, ["naive_time: time without offset `2026-03-01 10:00`"]);
    assert_eq!(told.met.get("naive_time"), Some(&1));
    assert_eq!(told.events, ["R1@a seen 2026-03-05T10:00:00Z"]);
    let zone = Settings { zone: Some("Europe/Madrid".to_owned()), ..settings(|_| ()) };
    let file = table(&["K1,R1,a,,open,low,,,,,,2026-03-01 10:00,,"]);
    assert_eq!(try_told("csv", &zone, &file).unwrap().events, ["R1@a detected 2026-03-01T09:00:00Z"]);
}

/// Nothing of an item below the scope may bring it to life with a severity nobody gave it.
#[test]
fn a_row_of_less_than_low_severity_is_held_as_a_whole() {
    let told = read(&["K1,R1,a,,open,Info,,,,,,2026-03-01T10:00:00Z,2026-03-05T10:00:00Z,"]);
    assert!(told.events.is_empty(), "{told:?}");
    assert_eq!(told.held, ["below_scope: severity `info` lies below `low`"; 2]);
}

#[test]
fn rows_are_left_out_by_the_filter_and_counted() {
    let filter = |mapping: &mut Mapping| {
        mapping.rows = serde_json::from_str(r#"[{"column": "Team", "not_in": ["lab"]}]"#).unwrap();
    };
    let lab = OPEN.replace("apps", "LAB");
    let told = try_told("csv", &settings(filter), &table(&[OPEN, &lab])).unwrap();
    assert_eq!((told.events.len(), told.no_event.get("left out by the row filter")), (2, Some(&1)));
}

#[test]
fn a_score_is_a_severity_whatever_its_decimal_sign() {
    let score = |mapping: &mut Mapping| mapping.scale = serde_json::from_str(r#""score""#).unwrap();
    for (cell, severity) in [("\"9,8\"", "critical"), ("7.0", "high"), ("4", "medium"), ("0.1", "low")] {
        let row = format!("K1,R1,a,,open,{cell},,,,,,2026-03-01T10:00:00Z,,");
        let told = try_told("csv", &settings(score), &table(&[&row])).unwrap();
        assert!(told.canonical[0].contains(&format!(r#""severity":"{severity}""#)), "{cell}: {told:?}");
    }
    let told = try_told("csv", &settings(score), &table(&["K1,R1,a,,open,95,,,,,,2026-03-01T10:00:00Z,,"])).unwrap();
    assert!(told.canonical[0].contains(r#""raw_severity":"95"}"#) && !told.canonical[0].contains(r#""severity":"#));
}

#[test]
fn names_that_are_too_long_are_cut_and_stay_different() {
    let row = |end: &str| format!("K1,R1,{}{end},,open,low,,,,,,2026-03-01T10:00:00Z,,", "/subscriptions".repeat(40));
    let told = read(&[&row("a"), &row("b")]);
    assert!(told.held.is_empty() && told.events.len() == 2, "{told:?}");
    assert_ne!(told.events[0], told.events[1]);
}

fn fault(change: impl FnOnce(&mut Mapping)) -> String {
    let fault = try_told("csv", &settings(change), &table(&[OPEN])).unwrap_err();
    let FileFault::BadSetting(what) = fault else { panic!("{fault}") };
    what
}

#[test]
fn what_cannot_be_followed_is_said_with_what_was_probably_meant() {
    let said = fault(|mapping| mapping.item = "{Rul}@{Host}".to_owned());
    assert_eq!(said, "the table has no column `Rul`, is `Rule` meant? (in `item` of the mapping)");
    let said = fault(|mapping| mapping.events[0].event = "detcted".to_owned());
    assert_eq!(said, "`detcted` is no event, is `detected` meant? (in `events[0].event` of the mapping)");
    let said = fault(|mapping| {
        let team = mapping.fields.remove("team").unwrap();
        mapping.fields.insert("tean".to_owned(), team);
    });
    assert!(said.starts_with("no event has a field `tean`, is `team` meant?"), "{said}");
    let said = fault(|mapping| mapping.events[2].when[0].any_of.clear());
    assert!(said.contains("tests nothing"), "{said}");
    let said = fault(|mapping| mapping.events[0].rules.push("no_closing_dat".to_owned()));
    assert!(said.contains("is `no_closing_date` meant?"), "{said}");
    let said = fault(|mapping| {
        mapping.values.get_mut("severity").unwrap().insert("x".to_owned(), "awful".to_owned());
    });
    assert!(said.contains("`awful` is no word of the field `severity`"), "{said}");
    let said = fault(|mapping| mapping.item.clear());
    assert!(said.contains("nothing names the item"), "{said}");
    let said = fault(|mapping| {
        let team = mapping.fields.remove("team").unwrap();
        mapping.fields.insert("at".to_owned(), team);
    });
    assert!(said.contains("`at` is not set as a field"), "{said}");
}

#[test]
fn a_lenient_mapping_reads_what_is_there_and_no_other_reads_a_table_without_its_item() {
    let lenient = |mapping: &mut Mapping| mapping.lenient = true;
    let told = try_told("csv", &settings(lenient), "rule,HOST,opened\nR1,a,2026-03-01T10:00:00Z\n");
    // The native name needs a column that is not there: each row says so.
    assert!(told.unwrap_err().to_string().contains("`Key`"));
    let lenient = |mapping: &mut Mapping| {
        mapping.lenient = true;
        mapping.native.clear();
    };
    let told = try_told("csv", &settings(lenient), "rule,HOST,opened\nR1,a,2026-03-01T10:00:00Z\n").unwrap();
    assert_eq!(told.events, ["R1@a detected 2026-03-01T10:00:00Z"]);
    let fault = try_told("csv", &settings(lenient), "Host,Opened\na,2026-03-01T10:00:00Z\n").unwrap_err();
    assert!(fault.to_string().contains("no column `Rule`"), "{fault}");
}

#[test]
fn a_table_is_read_by_a_mapping_only_where_somebody_asks_for_it() {
    assert!(candidates(table(&[OPEN]).as_bytes()).is_empty());
    let fault = try_told("csv", &Settings::default(), &table(&[OPEN])).unwrap_err();
    assert_eq!(fault.code(), "bad_setting");
    assert!(fault.to_string().contains("needs a mapping"), "{fault}");
    assert_eq!(try_told("csv", &settings(|_| ()), "no table\n").unwrap_err().code(), "format_unknown");
}

#[test]
fn rows_that_are_none_are_held_and_the_rest_is_read() {
    let long = format!("K9,R9,{},,open,low,,,,,,2026-03-01T10:00:00Z,,", "x".repeat(10 << 20));
    let told = read(&["K1,R1,a", &long, "K2,R2,\"never closed,,open", OPEN, "K3,R3,a,,open,low,,,,,,####,,"]);
    assert_eq!(told.events.len(), 2, "{:?}", told.events);
    let reasons: Vec<&str> = told.held.iter().filter_map(|held| held.split(':').next()).collect();
    assert_eq!(reasons, ["bad_value", "record_too_long", "unreadable", "bad_value"]);
    let twice = format!("{COLUMNS},Key\n");
    assert_eq!(try_told("csv", &settings(|_| ()), &twice).unwrap_err().code(), "duplicate_header");
}

#[test]
fn a_table_with_another_delimiter_and_lines_before_its_header_is_found() {
    let file = format!("Report;of;Monday\n\n{}\n{}\n", COLUMNS.replace(',', ";"), OPEN.replace(',', ";"));
    assert_eq!(try_told("csv", &settings(|_| ()), &file).unwrap().events.len(), 2);
}

#[test]
fn a_log_of_acts_tells_one_event_a_row() {
    let mapping = r#"{
        "item": "{Ticket}",
        "fields": {"actor": {"column": "Who"}, "team": {"column": "Team"}},
        "events": [
            {"event": "ticketed", "when": [{"column": "Act", "in": ["create"]}], "at": {"column": "When"}},
            {"event": "closed", "when": [{"column": "Act", "in": ["close"]}], "at": {"column": "When"}}
        ]
    }"#;
    let settings = Settings { mapping: serde_json::from_str(mapping).unwrap(), ..Settings::default() };
    let file = "Ticket,Act,Who,Team,When\nT1,create,kim,apps,1772359200\nT1,look,kim,apps,1772359200\nT1,close,lou,apps,1772359300\n";
    let told = try_told("csv", &settings, file).unwrap();
    assert_eq!(told.events, ["T1 ticketed 2026-03-01T10:00:00Z", "T1 closed 2026-03-01T10:01:40Z"]);
    assert!(told.canonical[1].contains(r#""actor":"lou""#) && !told.canonical[1].contains("team"), "{told:?}");
    assert_eq!(told.no_event.get("no event of the mapping applies"), Some(&1));
}

#[test]
fn settings_with_a_mapping_stay_themselves_as_json() {
    let settings = settings(|_| ());
    let text = serde_json::to_string(&settings).unwrap();
    assert_eq!(serde_json::from_str::<Settings>(&text).unwrap(), settings);
    let unknown = r#"{"mapping": {"item": "{a}", "evnts": []}}"#;
    assert!(serde_json::from_str::<Settings>(unknown).unwrap_err().to_string().contains("evnts"));
}

#[test]
fn the_mapping_of_the_documentation_can_be_followed() {
    let page = include_str!("../../../../docs/formats/csv.md");
    let (_, rest) = page.split_once("```json").unwrap();
    let (json, _) = rest.split_once("```").unwrap();
    let settings: Settings = serde_json::from_str(json).unwrap();
    assert_eq!(settings.check(), Ok(()));
    assert_eq!(settings.mapping.unwrap().events.len(), 4);
}

#[test]
fn a_known_table_is_told_from_any_table() {
    let file = "Plugin ID,Host,Vulnerability State,First Found,Last Found\n1,a,Active,2026-03-01T10:00:00Z,\n";
    assert_eq!(told("tenable-csv", &Settings::default(), file).events, ["1@a detected 2026-03-01T10:00:00Z"]);
}

proptest! {
    /// Whatever stands in the cells: each row is an event, a held line or counted, and nothing panics.
    #[test]
    fn every_row_counts_somewhere(rows in prop::collection::vec(prop::collection::vec("[ -~é\u{200b}]{0,12}", 14), 1..8)) {
        let quoted = |cell: &String| format!("\"{}\"", cell.replace('"', "\"\""));
        let lines: Vec<String> =
            rows.iter().map(|row| row.iter().map(quoted).collect::<Vec<_>>().join(",")).collect();
        let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
        let told = read(&lines);
        let outcomes = told.events.len() + told.held.len() + usize::try_from(told.no_event.values().sum::<u64>()).unwrap();
        prop_assert!(outcomes >= rows.len());
    }

    /// Whatever a file is: it is read to its end or refused, and nothing of it is lost.
    #[test]
    fn no_file_is_too_strange(text in "([a-z ,;\"\\n\t0-9:é-]|Key|Rule|Host|Opened){0,200}") {
        let lenient = |mapping: &mut Mapping| {
            mapping.lenient = true;
            mapping.native.clear();
        };
        if let Ok(told) = try_told("csv", &settings(lenient), &text) {
            prop_assert!(told.events.len() + told.held.len() + told.no_event.len() > 0);
        }
        let sample = Sample::read(text.as_bytes(), &Settings::default(), 50).unwrap_or_default();
        let mapping = propose(&sample.columns, &sample.rows);
        let unnamed = mapping.item.is_empty() || mapping.events.is_empty();
        prop_assert!(unnamed || mapping.problems(Some(&sample.columns)).is_empty(), "{:?}", mapping);
    }

    /// Whatever a mapping says, its problems are told and nothing panics.
    #[test]
    fn no_mapping_is_too_strange(item in "([a-z]|[{}\\[\\]|\\\\]|\\{Rule\\}|\\{Host\\}){0,12}") {
        let settings = settings(|mapping| mapping.item = item);
        let told = try_told("csv", &settings, &table(&[OPEN]));
        let problems = settings.mapping.unwrap().problems(None);
        prop_assert!(told.is_ok() || matches!(told, Err(FileFault::BadSetting(_))));
        prop_assert!(problems.is_empty() || told.is_err());
    }

    /// The same file twice gives the same texts, so that it adds nothing.
    #[test]
    fn the_same_table_gives_the_same_events(seconds in 946_684_800_i64..4_000_000_000) {
        let row = format!("K1,R1,a,,closed,low,,,,,,{seconds},{},{}", seconds + 60, seconds + 120);
        prop_assert_eq!(read(&[&row]).canonical, read(&[&row]).canonical);
    }
}
