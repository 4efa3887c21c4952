//! ServiceNow's incidents as they stand, its audit table, and its table API.

use crate::told::{Told, told, try_told};
use formats::{
    canonical::Outcome,
    file_fault::FileFault,
    foreign::{Adapter, DateOrder, Decimal, Foreign, Item, ServiceNowSettings, Settings, StopAt},
};

const HEADER: &str = "number,sys_id,opened_at,resolved_at,closed_at,state,hold_reason,assigned_to,assignment_group,reopen_count,\
priority,close_code,resolved_by,closed_by,made_sla,sla_due,business_duration,cmdb_ci,sys_updated_on";

fn utc() -> Settings {
    Settings { zone: Some("UTC".to_owned()), ..Settings::default() }
}

fn cells(rest: &[(&str, &str)]) -> String {
    let cell = |column: &str| {
        let said = rest.iter().find(|(name, _)| *name == column).map(|(_, value)| *value);
        let cell = said.unwrap_or(match column {
            "number" => "INC0010001",
            "sys_id" => "9d385017c611228701d22104cc95c371",
            "opened_at" => "2026-01-05 10:00:00",
            "state" => "7",
            "priority" => "2",
            "made_sla" => "true",
            _ => "",
        });
        if cell.contains(',') { format!("\"{cell}\"") } else { cell.to_owned() }
    };
    HEADER.split(',').map(cell).collect::<Vec<_>>().join(",")
}

fn one(settings: &Settings, rest: &[(&str, &str)]) -> Told {
    told("servicenow", settings, &format!("{HEADER}\n{}\n", cells(rest)))
}

const ENDS: [(&str, &str); 4] = [
    ("resolved_at", "2026-01-08 10:00:00"),
    ("closed_at", "2026-01-13 10:00:00"),
    ("resolved_by", "Ada"),
    ("closed_by", "Grace"),
];

fn with<'a>(rest: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let kept = ENDS.into_iter().filter(|(name, _)| rest.iter().all(|(other, _)| other != name));
    rest.iter().copied().chain(kept).collect()
}

#[test]
fn an_incident_has_its_end_points_and_another_person_who_closed_it_verified_it() {
    let told = one(
        &utc(),
        &with(&[("assigned_to", "Ada"), ("business_duration", "93,784"), ("sla_due", "2026-01-12 10:00:00")]),
    );
    assert_eq!(
        told.events,
        [
            "INC0010001 ticketed 2026-01-05T10:00:00Z",
            "INC0010001 assigned 2026-01-05T10:00:00Z..2026-01-13T10:00:00Z",
            "INC0010001 fix_applied 2026-01-08T10:00:00Z",
            "INC0010001 closed 2026-01-08T10:00:00Z",
            "INC0010001 verified 2026-01-13T10:00:00Z",
        ]
    );
    let closed = &told.canonical[3];
    for part in [
        r#""reported_sla":"met""#,
        r#""reported_due":"2026-01-12T10:00:00Z""#,
        r#""reported_seconds":93784"#,
        r#""actor":"Ada""#,
    ] {
        assert!(closed.contains(part), "{part} in {closed}");
    }
    assert!(!closed.contains("raw_status"), "it was resolved then, and is closed now: {closed}");
    assert!(told.canonical[0].contains(r#""reported_due":"2026-01-12T10:00:00Z""#), "{}", told.canonical[0]);
    assert!(
        told.canonical[4].contains(r#""actor":"Grace""#) && told.canonical[4].contains(r#""method":"attestation""#)
    );
    assert_eq!(told.met.into_iter().collect::<Vec<_>>(), [("thousands_in_number", 1)]);
}

#[test]
fn only_a_person_other_than_the_resolver_verifies() {
    for (closer, rule) in [("Ada", None), ("", None), ("system", Some(&1))] {
        let told = one(&utc(), &with(&[("closed_by", closer)]));
        assert!(!told.events.iter().any(|event| event.contains("verified")), "{closer}: {told:?}");
        assert_eq!(told.met.get("auto_close_not_verification"), rule, "{closer}");
    }
}

#[test]
fn where_the_promise_stops_with_the_close_the_resolving_is_a_fix_alone() {
    let own = ServiceNowSettings { stop_at: StopAt::Closed, ..ServiceNowSettings::default() };
    let told = one(&Settings { servicenow: own, ..utc() }, &with(&[("closed_by", "")]));
    assert_eq!(
        told.events[1..],
        ["INC0010001 fix_applied 2026-01-08T10:00:00Z", "INC0010001 closed 2026-01-13T10:00:00Z"]
    );
}

#[test]
fn an_end_before_the_opening_is_held_and_the_opening_stays() {
    let told = one(&utc(), &with(&[("state", "6"), ("resolved_at", "2025-12-01 10:00:00"), ("closed_at", "")]));
    assert_eq!(told.events, ["INC0010001 ticketed 2026-01-05T10:00:00Z"]);
    assert_eq!(
        told.held,
        ["ends_before_start: `resolved_at` is 2025-12-01T10:00:00Z and `opened_at` is 2026-01-05T10:00:00Z"]
    );
    assert_eq!(told.met.get("ends_before_start"), Some(&1));
    let closed = one(&utc(), &with(&[("resolved_at", "2025-12-01 10:00:00")]));
    assert_eq!(closed.events[1..], ["INC0010001 closed 2026-01-13T10:00:00Z"], "the other end is as good as before");
}

#[test]
fn closed_and_never_resolved_is_closed_and_counted() {
    let told = one(&utc(), &with(&[("resolved_at", ""), ("resolved_by", "")]));
    assert_eq!(told.events[1..], ["INC0010001 closed 2026-01-13T10:00:00Z"]);
    assert_eq!(told.met.get("resolved_missing"), Some(&1));
}

#[test]
fn canceled_is_closed_unless_its_code_says_that_it_was_never_real() {
    let canceled = with(&[("state", "8"), ("close_code", "Not an issue")]);
    let plain = one(&utc(), &canceled);
    assert_eq!(plain.events[1..], ["INC0010001 closed 2026-01-13T10:00:00Z"]);
    assert!(plain.canonical[1].contains(r#""reason_code":"cancelled""#), "{plain:?}");
    let own = ServiceNowSettings { not_real: vec!["not an issue".to_owned()], ..ServiceNowSettings::default() };
    let mapped = one(&Settings { servicenow: own, ..utc() }, &canceled);
    assert_eq!(mapped.events[1..], ["INC0010001 false_positive 2026-01-13T10:00:00Z"]);
}

#[test]
fn what_a_single_row_does_not_date_lies_between_the_opening_and_the_row() {
    let updated = ("sys_updated_on", "2026-01-07 10:00:00");
    let hold = one(&utc(), &[("state", "3"), ("hold_reason", "5"), updated, ("made_sla", "")]);
    assert_eq!(hold.events[1..], ["INC0010001 paused 2026-01-05T10:00:00Z..2026-01-07T10:00:00Z"]);
    assert!(hold.canonical[1].contains(r#""reason_code":"change_window""#), "{hold:?}");
    let work = one(&utc(), &[("state", "In Progress"), updated]);
    assert_eq!(
        work.events[1..],
        ["INC0010001 triaged 2026-01-05T10:00:00Z..2026-01-07T10:00:00Z", "INC0010001 seen 2026-01-07T10:00:00Z"]
    );
    assert!(work.canonical[2].contains(r#""reported_sla":"running""#), "{work:?}");
    let undated = one(&utc(), &[("state", "2"), ("assigned_to", "Ada")]);
    assert_eq!(undated.events.len(), 1);
    for what in [
        "`triaged` that no date tells",
        "`assigned` that no date tells",
        "a verdict that does not say when it was shown",
    ] {
        assert_eq!(undated.no_event.get(what), Some(&1), "{what}: {undated:?}");
    }
    let ended = one(&utc(), &[("state", "6"), updated]);
    assert_eq!(ended.events[2], "INC0010001 closed 2026-01-05T10:00:00Z..2026-01-07T10:00:00Z");
    assert_eq!(ended.met.get("no_closing_date"), Some(&1));
}

#[test]
fn what_the_tool_forgot_or_shows_too_late_is_counted() {
    let told = one(
        &utc(),
        &[
            ("state", "2"),
            ("reopen_count", "2"),
            ("sla_due", "2026-01-06 10:00:00"),
            ("sys_updated_on", "2026-01-07 10:00:00"),
        ],
    );
    assert_eq!((told.met.get("cycles_lost"), told.met.get("sla_flag_late")), (Some(&1), Some(&1)), "{told:?}");
}

#[test]
fn a_time_without_a_zone_is_held_and_so_is_a_number_that_is_none() {
    let naive = one(&Settings::default(), &ENDS);
    assert!(naive.held[0].starts_with("naive_time:") && naive.events.is_empty(), "{naive:?}");
    assert!(naive.met["naive_time"] >= 1);
    let comma = one(&utc(), &with(&[("business_duration", "93.784")]));
    assert_eq!(comma.held, ["bad_value: `93.784` in `business_duration` is no number"]);
    assert!(comma.events.len() > 3, "what was read well stands: {comma:?}");
    let settings = Settings { decimal: Some(Decimal::Comma), ..utc() };
    let said = one(&settings, &with(&[("business_duration", "93.784")]));
    assert_eq!((said.held.len(), said.met.get("thousands_in_number")), (0, Some(&1)));
}

#[test]
fn other_tables_have_no_states_built_in_until_a_person_says_what_they_mean() {
    let row = with(&[("number", "VIT0012"), ("state", "3")]);
    let unknown = one(&utc(), &row);
    assert_eq!((unknown.events.len(), unknown.met.get("status_unknown")), (1, Some(&1)));
    assert!(unknown.canonical[0].contains(r#""kind":"vulnerability""#), "{unknown:?}");
    let mut settings = utc();
    settings.statuses.insert("3".to_owned(), "resolved".to_owned());
    let mapped = one(&settings, &row);
    assert_eq!(mapped.events[1..], ["VIT0012 fix_applied 2026-01-08T10:00:00Z", "VIT0012 closed 2026-01-08T10:00:00Z"]);
}

const AUDIT: &str = "documentkey,fieldname,oldvalue,newvalue,sys_created_on,user";

fn audit(settings: &Settings, rows: &[&str]) -> Told {
    told("servicenow", settings, &format!("{AUDIT}\n{}\n", rows.join("\n")))
}

#[test]
fn the_audit_table_tells_each_change_at_its_own_time() {
    let told = audit(
        &utc(),
        &[
            "k1,state,,1,2026-01-05 10:00:00,Ada",
            "k1,assignment_group,,Network,2026-01-05 10:01:00,Ada",
            "k1,state,1,2,2026-01-05 11:00:00,Ada",
            "k1,incident_state,1,2,2026-01-05 11:00:00,Ada",
            "k1,assigned_to,Ada,Grace,2026-01-05 12:00:00,Ada",
            "k1,hold_reason,,4,2026-01-06 09:00:00,Grace",
            "k1,state,2,3,2026-01-06 09:00:00,Grace",
            "k1,state,3,2,2026-01-07 09:00:00,Grace",
            "k1,priority,3,1,2026-01-07 10:00:00,Grace",
            "k1,short_description,a,b,2026-01-07 10:00:00,Grace",
            "k1,state,2,6,2026-01-08 09:00:00,Grace",
            "k1,state,6,7,2026-01-09 09:00:00,Ada",
            "k1,made_sla,true,false,2026-01-09 09:00:00,system",
            "k1,state,7,2,2026-01-10 09:00:00,Ada",
            "k1,state,2,99,2026-01-11 09:00:00,Ada",
        ],
    );
    assert_eq!(
        told.events,
        [
            "k1 ticketed 2026-01-05T10:00:00Z",
            "k1 assigned 2026-01-05T10:01:00Z",
            "k1 triaged 2026-01-05T11:00:00Z",
            "k1 reassigned 2026-01-05T12:00:00Z",
            "k1 paused 2026-01-06T09:00:00Z",
            "k1 resumed 2026-01-07T09:00:00Z",
            "k1 severity_changed 2026-01-07T10:00:00Z",
            "k1 fix_applied 2026-01-08T09:00:00Z",
            "k1 closed 2026-01-08T09:00:00Z",
            "k1 verified 2026-01-09T09:00:00Z",
            "k1 closed 2026-01-09T09:00:00Z",
            "k1 reopened 2026-01-10T09:00:00Z",
        ]
    );
    assert!(told.canonical[4].contains(r#""reason_code":"vendor""#), "{}", told.canonical[4]);
    assert!(told.canonical[6].contains(r#""to":"critical""#), "{}", told.canonical[6]);
    assert!(told.canonical[10].contains(r#""reported_sla":"breached""#), "{}", told.canonical[10]);
    assert_eq!(told.no_event["field `short_description`"], 1);
    assert_eq!(told.no_event["the same change in a second field"], 1);
    assert_eq!((told.met["status_unknown"], told.met["sla_flag_late"]), (1, 1));
    assert!(told.held.is_empty(), "{told:?}");
}

#[test]
fn in_the_audit_a_timer_verifies_nothing_and_rows_out_of_order_are_counted() {
    let told = audit(&utc(), &["k1,state,6,7,2026-01-13 09:00:00,system", "k1,state,2,6,2026-01-08 09:00:00,Grace"]);
    assert_eq!(told.met["auto_close_not_verification"], 1);
    assert_eq!(told.met["rows_out_of_order"], 1);
    assert_eq!(told.events, ["k1 fix_applied 2026-01-08T09:00:00Z", "k1 closed 2026-01-08T09:00:00Z"]);
    let naive = audit(&Settings::default(), &["k1,state,2,6,2026-01-08 09:00:00,Grace", "k1,state,2,6,,Grace"]);
    assert!(naive.held[0].starts_with("naive_time:") && naive.held[1].starts_with("missing_field:"), "{naive:?}");
}

#[test]
fn incidents_and_audit_meet_where_the_key_names_the_item() {
    let own = ServiceNowSettings { item: Item::SysId, ..ServiceNowSettings::default() };
    let settings = Settings { servicenow: own, ..utc() };
    let incident = one(&settings, &ENDS);
    assert!(incident.events[0].starts_with("9d385017c611228701d22104cc95c371 ticketed"), "{incident:?}");
    assert!(incident.canonical[0].contains(r#""ticket":"INC0010001""#));
    let key = "9d385017c611228701d22104cc95c371";
    let change = audit(&settings, &[&format!("{key},state,1,2,2026-01-05 11:00:00,Ada")]);
    assert_eq!(change.events, [format!("{key} triaged 2026-01-05T11:00:00Z")]);
}

#[test]
fn pages_of_the_table_api_are_read_raw_or_with_labels() {
    let pair = r#"{"result":[{"number":{"value":"INC1","display_value":"INC1"},
      "opened_at":{"value":"2026-01-05 10:00:00","display_value":"05/01/2026 11:00:00"},
      "state":{"value":"2","display_value":"In Progress"},"priority":{"value":"1","display_value":"1 - Critical"},
      "assigned_to":{"value":"46d44","display_value":"Ada","link":"https://x/46d44"},"made_sla":{"value":"true","display_value":"true"},
      "sys_mod_count":{"value":"0","display_value":"0"},
      "sys_updated_on":{"value":"2026-01-05 10:05:00","display_value":"05/01/2026 11:05:00"}}]}"#;
    let both = told("servicenow", &Settings::default(), pair);
    assert_eq!(
        both.events,
        [
            "INC1 ticketed 2026-01-05T10:00:00Z",
            "INC1 triaged 2026-01-05T10:05:00Z",
            "INC1 assigned 2026-01-05T10:05:00Z"
        ],
        "a value beside a label is UTC: {both:?}"
    );
    assert!(both.canonical[2].contains(r#""to":"Ada""#));
    let raw = r#"{"number":"INC1","opened_at":"2026-01-05 10:00:00","state":"6","resolved_at":"2026-01-06 10:00:00","made_sla":"false"}"#;
    for file in [format!(r#"{{"result":[{raw}]}}"#), format!("[{raw}]"), format!("{raw}\n{raw}\n")] {
        let told = told("servicenow", &utc(), &file);
        assert_eq!(
            told.events[..3],
            [
                "INC1 ticketed 2026-01-05T10:00:00Z",
                "INC1 fix_applied 2026-01-06T10:00:00Z",
                "INC1 closed 2026-01-06T10:00:00Z",
            ],
            "{file}"
        );
        assert!(told.canonical[2].contains(r#""reported_sla":"breached""#));
    }
    let naive = told("servicenow", &Settings::default(), &format!("[{raw}]"));
    assert!(naive.held[0].starts_with("naive_time:"), "raw or not cannot be told: {naive:?}");
}

#[test]
fn broken_files_and_rows_are_told_and_what_is_whole_is_read() {
    let good = cells(&ENDS);
    let no_number = cells(&[("number", "")]);
    let no_opening = cells(&with(&[("number", "INC3"), ("opened_at", "")]));
    let long = "x".repeat(10 << 20);
    let file = format!("{HEADER}\n{no_number}\nINC9,short\n{long}\n{no_opening}\n{good}\n\"open");
    let told = told("servicenow", &utc(), &file);
    let reasons: Vec<&str> = told.held.iter().map(|held| held.split(':').next().unwrap()).collect();
    assert_eq!(reasons, ["missing_field", "bad_value", "record_too_long", "missing_field", "unreadable"]);
    assert!(told.events.contains(&"INC3 fix_applied 2026-01-08T10:00:00Z".to_owned()), "{told:?}");
    assert!(told.events.contains(&"INC0010001 fix_applied 2026-01-08T10:00:00Z".to_owned()));
    let code = |file: &str| try_told("servicenow", &utc(), file).unwrap_err().code();
    assert_eq!(code("number,state\nINC1,2\n"), "missing_header");
    assert_eq!(code("host,state\nweb-01,2\n"), "format_unknown");
    assert_eq!(code(&format!("{HEADER}\n")), "no_rows");
    assert_eq!(code(&format!("{HEADER},number\n{good},1\n")), "duplicate_header");
    assert_eq!(code(r#"{"result":[{"number":"INC1","opened_at":"","state":"1"}"#), "json_syntax");
    let semicolons = format!("{}\n{}\n", HEADER.replace(',', ";"), good.replace(',', ";"));
    assert_eq!(one(&utc(), &ENDS).canonical, crate::told::told("servicenow", &utc(), &semicolons).canonical);
}

#[test]
fn dates_are_read_in_every_style_the_tool_can_be_set_to() {
    let days = Settings { dates: Some(DateOrder::DayFirst), ..utc() };
    let months = Settings { dates: Some(DateOrder::MonthFirst), ..utc() };
    for (settings, text) in [
        (&utc(), "2026-03-01 14:30:00"),
        (&utc(), "2026-03-01 02:30:00 PM"),
        (&utc(), "01.03.2026 14:30:00"),
        (&days, "01/03/2026 14:30:00"),
        (&days, "01-03-2026 02:30:00 PM"),
        (&days, "1/3/2026 14:30"),
        (&months, "03-01-2026 14:30:00"),
        (&months, "03/01/2026 02:30 PM"),
        (&Settings::default(), "2026-03-01T16:30:00+02:00"),
    ] {
        let told = one(settings, &[("state", "1"), ("opened_at", text), ("made_sla", "")]);
        assert_eq!(told.events, ["INC0010001 ticketed 2026-03-01T14:30:00Z"], "{text}: {told:?}");
    }
}

#[test]
fn rows_with_an_offset_stand_and_rows_without_are_held() {
    let rows = [("INC1", "2026-03-01T16:30:00+02:00"), ("INC2", "2026-03-01 16:30:00")]
        .map(|(number, opened)| cells(&[("number", number), ("state", "1"), ("opened_at", opened), ("made_sla", "")]));
    let told = told("servicenow", &Settings::default(), &format!("{HEADER}\n{}\n", rows.join("\n")));
    assert_eq!(told.events, ["INC1 ticketed 2026-03-01T14:30:00Z"]);
    assert!(told.held[0].starts_with("naive_time:"), "{told:?}");
}

#[test]
fn a_table_in_another_encoding_is_refused_and_a_wide_one_is_read() {
    let row = cells(&[("state", "1"), ("made_sla", ""), ("assigned_to", "Bj\u{f6}rn")]);
    let file = format!("{HEADER}\r\n{row}\r\n");
    let latin: Vec<u8> = file.chars().map(|sign| u8::try_from(u32::from(sign)).unwrap()).collect();
    let wide: Vec<u8> = "\u{feff}".encode_utf16().chain(file.encode_utf16()).flat_map(u16::to_le_bytes).collect();
    let open = |bytes: &[u8]| -> Result<bool, FileFault> {
        let mut foreign = Foreign::open(bytes, Adapter::named("servicenow").unwrap(), &utc())?;
        let record = foreign.next_record()?.unwrap();
        Ok(matches!(record.understood.outcomes[0], Outcome::Event(_)))
    };
    assert_eq!(open(&latin).unwrap_err().code(), "encoding_unknown");
    assert!(open(&wide).unwrap());
}

#[test]
fn the_time_on_the_calendar_stands_in_for_that_of_the_business() {
    let row = |business: &str| {
        let header = "number,opened_at,resolved_at,closed_at,state,made_sla,business_duration,calendar_duration";
        let file = format!("{header}\nINC1,2026-01-05 10:00:00,2026-01-08 10:00:00,,6,true,{business},259200\n");
        told("servicenow", &utc(), &file)
    };
    assert!(row("").canonical.concat().contains(r#""reported_seconds":259200"#), "{:?}", row(""));
    assert!(row("93784").canonical.concat().contains(r#""reported_seconds":93784"#), "{:?}", row("93784"));
}
