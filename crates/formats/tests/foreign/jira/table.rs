//! The table that Jira exports: where an issue began and how it ended.

use crate::told::{Told, told, try_told};
use formats::foreign::{DateOrder, Settings};

const HEADER: &str =
    "Summary,Issue key,Issue id,Status,Priority,Resolution,Creator,Created,Updated,Resolved,Labels,Labels";

fn madrid() -> Settings {
    Settings { zone: Some("Europe/Madrid".to_owned()), dates: Some(DateOrder::DayFirst), ..Settings::default() }
}

fn row(key: &str, status: &str, resolution: &str, updated: &str, resolved: &str) -> String {
    format!("Old TLS,{key},107,{status},High,{resolution},ann,03/Apr/26 1:04 PM,{updated},{resolved},a,b")
}

fn tell(settings: &Settings, rows: &[String]) -> Told {
    told("jira", settings, &format!("{HEADER}\r\n{}\r\n", rows.join("\r\n")))
}

#[test]
fn an_issue_begins_and_ends_within_a_minute_that_is_known() {
    let told = tell(&madrid(), &[row("SEC-7", "Closed", "Done", "09/Apr/26 8:00 AM", "08/Apr/26 9:30 AM")]);
    assert_eq!(
        told.events,
        [
            "SEC-7 ticketed 2026-04-03T11:04:00Z..2026-04-03T11:04:59Z",
            "SEC-7 fix_applied 2026-04-08T07:30:00Z..2026-04-08T07:30:59Z",
            "SEC-7 closed 2026-04-08T07:30:00Z..2026-04-08T07:30:59Z",
        ]
    );
    assert!(told.held.is_empty());
    assert_eq!(told.no_event.get("history that the table does not keep"), Some(&1));
    for part in [
        r#""actor":"ann""#,
        r#""certainty":"derived""#,
        r#""id":"jira:issue-107~table:ticketed:1775214240-1775714400-"#,
        r#""severity":"high""#,
        r#""ticket":"SEC-7""#,
    ] {
        assert!(told.canonical[0].contains(part), "{}", told.canonical[0]);
    }
}

#[test]
fn dates_need_what_a_person_says_of_them() {
    let rows = [row("SEC-7", "Open", "", "", "")];
    let no_zone = Settings { zone: None, ..madrid() };
    assert_eq!(tell(&no_zone, &rows).held, ["naive_time: time without offset `03/Apr/26 1:04 PM`"]);
    let no_order = Settings { dates: None, ..madrid() };
    let told = tell(&no_order, &rows);
    assert_eq!(told.held, ["date_ambiguous: `03/Apr/26 1:04 PM` has a year of 2 digits, expected four"]);
    assert!(told.events.is_empty());
    assert_eq!(tell(&madrid(), &rows).events.len(), 1);
}

#[test]
fn an_offset_in_the_table_needs_no_zone_and_keeps_its_seconds() {
    let row = "a,SEC-7,107,Open,,,,2026-04-03T13:04:05+02:00,,,,".to_owned();
    assert_eq!(tell(&Settings::default(), &[row]).events, ["SEC-7 ticketed 2026-04-03T11:04:05Z"]);
}

#[test]
fn each_resolution_ends_a_row_in_its_own_way() {
    for (resolution, expected, rule) in [
        ("Won't Do", "exception_granted", Some("accepted_without_end")),
        ("Cannot Reproduce", "false_positive", None),
        ("Duplicate", "closed", None),
        ("", "closed", Some("done_without_resolution")),
        ("Moved", "closed", Some("status_unknown")),
    ] {
        let told = tell(&madrid(), &[row("SEC-7", "Closed", resolution, "", "08/Apr/26 9:30 AM")]);
        assert_eq!(told.events[1].split(' ').nth(1), Some(expected), "{resolution}");
        assert_eq!(told.events.len(), 2);
        assert!(rule.is_none_or(|rule| told.met.contains_key(rule)), "{told:?}");
    }
    let header = format!("{HEADER},Outward issue link (Duplicate)");
    let file = format!("{header}\n{},SEC-1\n", row("SEC-7", "Closed", "Duplicate", "", "08/Apr/26 9:30 AM"));
    let told = told("jira", &madrid(), &file);
    assert!(
        told.canonical[1].contains(r#""event":"merged""#) && told.canonical[1].contains(r#""to":"SEC-1""#),
        "{told:?}"
    );
}

#[test]
fn done_without_a_date_lies_between_the_creation_and_the_last_change() {
    let guessed = tell(&madrid(), &[row("SEC-7", "Done", "", "09/Apr/26 8:00 AM", "")]);
    assert_eq!(guessed.events[1], "SEC-7 closed 2026-04-03T11:04:00Z..2026-04-09T06:00:59Z");
    for rule in ["no_closing_date", "closing_time_guessed", "status_by_name"] {
        assert_eq!(guessed.met.get(rule), Some(&1), "{rule}: {guessed:?}");
    }
    let nothing = tell(&madrid(), &[row("SEC-7", "Done", "", "", "")]);
    assert_eq!((nothing.events.len(), nothing.met.get("no_closing_date")), (1, Some(&1)));
    let open = tell(&madrid(), &[row("SEC-7", "Open", "", "09/Apr/26 8:00 AM", "")]);
    assert!(open.events.len() == 1 && !open.met.contains_key("no_closing_date"), "{open:?}");
}

#[test]
fn an_end_before_the_beginning_is_held_and_the_opening_stays() {
    let told = tell(&madrid(), &[row("SEC-7", "Closed", "Done", "", "08/Apr/25 9:30 AM")]);
    assert_eq!(told.events.len(), 1);
    assert_eq!(told.held, ["ends_before_start: resolved at 2025-04-08T07:30:00Z and created at 2026-04-03T11:04:00Z"]);
    assert_eq!(told.met.get("ends_before_start"), Some(&1));
}

#[test]
fn columns_that_a_person_mapped_name_the_item() {
    let mut settings = madrid();
    for (ours, theirs) in [
        ("weakness", "Custom field (Plugin)"),
        ("asset", "Custom field (Host)"),
        ("detected_at", "Custom field (Found)"),
    ] {
        settings.jira.fields.insert(ours.to_owned(), theirs.to_owned());
    }
    let header = "Issue key;Created;Custom field (Plugin);Custom field (Host);Custom field (Found)";
    let told = told("jira", &settings, &format!("{header}\nSEC-7;03/Apr/26 1:04 PM;19506;web-01;2026-03-01\n"));
    assert_eq!(
        told.events,
        [
            "19506@web-01 ticketed 2026-04-03T11:04:00Z..2026-04-03T11:04:59Z",
            "19506@web-01 detected 2026-02-28T23:00:00Z..2026-03-01T22:59:59Z",
        ]
    );
    assert_eq!(told.met.get("day_precision"), Some(&1));
}

#[test]
fn a_column_that_is_read_may_stand_once_only() {
    let fault = try_told("jira", &madrid(), "Issue key,Created,Status,status\nSEC-7,x,y,z\n").unwrap_err();
    assert_eq!(fault.code(), "duplicate_header");
    let no_key = tell(&madrid(), &[row("", "Open", "", "", "")]);
    assert_eq!(no_key.held, ["missing_field: the row has no `Issue key`"]);
}

#[test]
fn header_names_may_be_written_in_any_case_and_behind_lines_of_text() {
    let told = told("jira", &madrid(), "Jira\n\nISSUE KEY\tcreated\nSEC-7\t03/Apr/26 1:04 PM\n");
    assert_eq!(told.events, ["SEC-7 ticketed 2026-04-03T11:04:00Z..2026-04-03T11:04:59Z"]);
}
