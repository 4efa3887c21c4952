//! ServiceNow's incidents update by update, in the layout of the incident event log that many people learn with.

use crate::told::{Told, told};
use domain::{
    calendar::Calendar,
    event::ItemEvent,
    fold::fold,
    policy::Policy,
    time::{DAY_SECONDS, Timestamp},
};
use formats::{
    canonical::item_event,
    foreign::{DateOrder, ServiceNowSettings, Settings, StopAt},
};
use proptest::prelude::*;

const HEADER: &str = "number,incident_state,active,reassignment_count,reopen_count,sys_mod_count,made_sla,caller_id,opened_by,opened_at,\
sys_created_by,sys_created_at,sys_updated_by,sys_updated_at,contact_type,location,category,subcategory,u_symptom,cmdb_ci,impact,urgency,\
priority,assignment_group,assigned_to,knowledge,u_priority_confirmation,notify,problem_id,rfc,vendor,caused_by,closed_code,resolved_by,\
resolved_at,closed_at";

fn utc() -> Settings {
    Settings { zone: Some("UTC".to_owned()), dates: Some(DateOrder::DayFirst), ..Settings::default() }
}

/// A row in which all but a few columns are the usual ones.
fn row(number: &str, update: u64, state: &str, at: &str, rest: &[(&str, &str)]) -> String {
    let cell = |column: &str| {
        let said = rest.iter().find(|(name, _)| *name == column).map(|(_, value)| (*value).to_owned());
        said.unwrap_or_else(|| match column {
            "number" => number.to_owned(),
            "incident_state" => state.to_owned(),
            "sys_mod_count" => update.to_string(),
            "made_sla" | "active" => "true".to_owned(),
            "opened_at" => "29/2/2016 01:16".to_owned(),
            "sys_updated_at" => at.to_owned(),
            "sys_updated_by" => "Updated by 21".to_owned(),
            "priority" => "1 - Critical".to_owned(),
            "assignment_group" => "Group 56".to_owned(),
            _ => "?".to_owned(),
        })
    };
    HEADER.split(',').map(cell).collect::<Vec<_>>().join(",")
}

fn file(rows: &[String]) -> String {
    format!("{HEADER}\r\n{}\r\n", rows.join("\r\n"))
}

/// An incident that waits, is moved on, and is closed four days after the tool stopped its promise.
fn life() -> Vec<String> {
    let (first, second) =
        ([("assigned_to", "Resolver 89")], [("assignment_group", "Group 70"), ("assigned_to", "Resolver 12")]);
    let end = [("resolved_by", "Resolved by 149"), ("resolved_at", "8/3/2016 11:29"), ("closed_at", "13/3/2016 12:00")];
    let late = [&second[..], &end[..], &[("made_sla", "false")]].concat();
    vec![
        row("INC01", 0, "New", "29/2/2016 01:23", &[]),
        row("INC01", 1, "Active", "29/2/2016 08:53", &first),
        row("INC01", 2, "Awaiting User Info", "1/3/2016 09:00", &first),
        row("INC01", 3, "Active", "2/3/2016 09:00", &second),
        row("INC01", 4, "Resolved", "8/3/2016 11:29", &second),
        row("INC01", 5, "Closed", "13/3/2016 12:00", &late),
    ]
}

#[test]
fn each_update_becomes_what_changed_with_it() {
    let told = told("servicenow", &utc(), &file(&life()));
    assert_eq!(
        told.events,
        [
            "INC01 ticketed 2016-02-29T01:16:00Z",
            "INC01 assigned 2016-02-29T01:23:00Z",
            "INC01 triaged 2016-02-29T08:53:00Z",
            "INC01 assigned 2016-02-29T08:53:00Z",
            "INC01 paused 2016-03-01T09:00:00Z",
            "INC01 resumed 2016-03-02T09:00:00Z",
            "INC01 reassigned 2016-03-02T09:00:00Z",
            "INC01 fix_applied 2016-03-08T11:29:00Z",
            "INC01 closed 2016-03-08T11:29:00Z",
            "INC01 closed 2016-03-13T12:00:00Z",
        ]
    );
    assert!(told.held.is_empty(), "{told:?}");
    let text = |place: usize| told.canonical[place].as_str();
    for (place, part) in [
        (0, r#""severity":"critical""#),
        (0, r#""id":"servicenow:INC01:ticketed:1456708560""#),
        (0, r#""kind":"incident""#),
        (1, r#""to":"Group 56""#),
        (2, r#""id":"servicenow:INC01.1:triaged:1456735980""#),
        (4, r#""reason_code":"caller""#),
        (4, r#""raw_status":"Awaiting User Info""#),
        (6, r#""to":"Resolver 12""#),
        (9, r#""reported_sla":"breached""#),
    ] {
        assert!(text(place).contains(part), "{part} in {}", text(place));
    }
}

/// What the tool showed of an item at a moment: the last thing it had said by then.
fn shown(told: &Told, at: &str) -> Option<String> {
    let at = Timestamp::parse(at).unwrap();
    let mut said: Vec<(Timestamp, String)> = Vec::new();
    for canonical in &told.canonical {
        let value: serde_json::Value = serde_json::from_str(canonical).unwrap();
        if let Some(sla) = value["reported_sla"].as_str() {
            said.push((Timestamp::parse(value["at"].as_str().unwrap()).unwrap(), sla.to_owned()));
        }
    }
    said.sort();
    said.into_iter().rfind(|(when, _)| *when <= at).map(|(_, sla)| sla)
}

/// What our clock says of the same item at the same moment: seconds of its promise that are used up, and the promise.
fn ours(told: &Told, at: &str) -> (i64, i64) {
    let at = Timestamp::parse(at).unwrap();
    let (policy, events) = (Policy::built_in().unwrap(), &told.canonical);
    let events: Vec<ItemEvent> =
        events.iter().map(|text| item_event(text, at).unwrap()).filter(|event| event.at <= at).collect();
    let facts = fold(events, &policy, &Calendar::of(&policy).unwrap()).unwrap();
    let record = facts.records.last().unwrap();
    let paused: i64 = record.pauses.iter().map(|(from, to)| to.unwrap_or(at).since(*from)).sum();
    let used = record.end.map_or_else(|| at.since(record.start) - paused, |end| end.elapsed_seconds);
    (used, 7 * DAY_SECONDS)
}

/// The promise of seven days was broken on 8 March at 01:16 (one day of waiting left out); the tool shows it as kept
/// until it closes the ticket for good five days later.
#[test]
fn what_the_tool_showed_stands_beside_our_clock_at_any_past_date() {
    let told = told("servicenow", &utc(), &file(&life()));
    for (at, tool, is_broken) in [
        ("2016-02-29T01:00:00Z", None, None),
        ("2016-02-29T02:00:00Z", Some("running"), Some(false)),
        ("2016-03-07T12:00:00Z", Some("running"), Some(false)),
        ("2016-03-08T11:00:00Z", Some("running"), Some(true)),
        ("2016-03-09T00:00:00Z", Some("met"), Some(true)),
        ("2016-03-13T11:59:59Z", Some("met"), Some(true)),
        ("2016-03-13T12:00:00Z", Some("breached"), Some(true)),
    ] {
        assert_eq!(shown(&told, at).as_deref(), tool, "{at}");
        if let Some(is_broken) = is_broken {
            let (used, promised) = ours(&told, at);
            assert_eq!(used > promised, is_broken, "{at}: {used} of {promised}");
        }
    }
    assert_eq!(told.met.get("sla_flag_late"), Some(&1));
}

#[test]
fn a_verdict_that_turns_while_the_ticket_is_open_is_told_at_that_update() {
    let rows = [
        row("INC01", 0, "Active", "29/2/2016 01:23", &[]),
        row("INC01", 1, "Active", "5/3/2016 01:23", &[]),
        row("INC01", 2, "Active", "6/3/2016 01:23", &[("made_sla", "false")]),
    ];
    let told = told("servicenow", &utc(), &file(&rows));
    assert_eq!(told.events.last().unwrap(), "INC01 seen 2016-03-06T01:23:00Z");
    assert_eq!(shown(&told, "2016-03-06T01:22:59Z").as_deref(), Some("running"));
    assert_eq!(shown(&told, "2016-03-06T01:23:00Z").as_deref(), Some("breached"));
    assert_eq!(told.no_event["an update without news"], 1);
    assert_eq!(told.met.get("sla_flag_late"), None, "it turned in time");
}

#[test]
fn the_promise_stops_where_the_settings_say() {
    let own = ServiceNowSettings { stop_at: StopAt::Closed, ..ServiceNowSettings::default() };
    let told = told("servicenow", &Settings { servicenow: own, ..utc() }, &file(&life()));
    assert_eq!(told.events[7..], ["INC01 fix_applied 2016-03-08T11:29:00Z", "INC01 closed 2016-03-13T12:00:00Z"]);
    assert_eq!(shown(&told, "2016-03-10T00:00:00Z").as_deref(), Some("running"));
    assert_eq!(shown(&told, "2016-03-14T00:00:00Z").as_deref(), Some("breached"));
}

#[test]
fn dates_of_the_end_are_used_only_from_the_row_that_reaches_it() {
    let end = [("resolved_at", "1/3/2016 10:00"), ("closed_at", "6/3/2016 10:00")];
    let rows = [
        row("INC01", 0, "New", "29/2/2016 01:23", &end),
        row("INC01", 1, "Active", "29/2/2016 02:00", &end),
        row("INC01", 2, "Resolved", "1/3/2016 10:04", &end),
        row("INC01", 3, "Closed", "6/3/2016 10:00", &end),
    ];
    let told = told("servicenow", &utc(), &file(&rows));
    assert_eq!(told.met.get("future_columns"), Some(&1), "once an incident: {told:?}");
    assert_eq!(
        told.events[2..],
        [
            "INC01 triaged 2016-02-29T02:00:00Z",
            "INC01 fix_applied 2016-03-01T10:00:00Z",
            "INC01 closed 2016-03-01T10:00:00Z",
        ]
    );
    assert_eq!(told.no_event["an update without news"], 1, "closed after resolved, and nobody checked");
}

#[test]
fn an_incident_that_comes_back_is_reopened_and_ends_again() {
    let rows = [
        row("INC01", 0, "New", "29/2/2016 01:23", &[]),
        row("INC01", 1, "Resolved", "1/3/2016 01:23", &[("resolved_at", "9/3/2016 01:23")]),
        row("INC01", 2, "Awaiting Vendor", "2/3/2016 01:23", &[("resolved_at", "9/3/2016 01:23")]),
        row("INC01", 3, "Resolved", "9/3/2016 01:23", &[("resolved_at", "9/3/2016 01:23")]),
    ];
    let told = told("servicenow", &utc(), &file(&rows));
    assert_eq!(
        told.events[2..],
        [
            "INC01 fix_applied 2016-03-01T01:23:00Z",
            "INC01 closed 2016-03-01T01:23:00Z",
            "INC01 reopened 2016-03-02T01:23:00Z",
            "INC01 paused 2016-03-02T01:23:00Z",
            "INC01 fix_applied 2016-03-09T01:23:00Z",
            "INC01 closed 2016-03-09T01:23:00Z",
        ]
    );
}

/// The log counts in minutes. Paused and resumed within one of them would change places: at equal times a resume comes first.
#[test]
fn updates_within_one_minute_keep_their_order() {
    let rows = [
        row("INC01", 0, "Active", "29/2/2016 01:23", &[]),
        row("INC01", 1, "Awaiting Problem", "29/2/2016 01:40", &[]),
        row("INC01", 2, "Active", "29/2/2016 01:40", &[]),
        row("INC01", 3, "Awaiting Vendor", "29/2/2016 01:40", &[]),
        row("INC01", 4, "Active", "29/2/2016 01:41", &[]),
    ];
    let told = told("servicenow", &utc(), &file(&rows));
    assert_eq!(
        told.events[3..],
        [
            "INC01 paused 2016-02-29T01:40:00Z",
            "INC01 resumed 2016-02-29T01:40:01Z",
            "INC01 paused 2016-02-29T01:40:02Z",
            "INC01 resumed 2016-02-29T01:41:00Z",
        ]
    );
    assert_eq!(told.met.get("updates_in_one_tick"), Some(&2));
    assert!(told.canonical[4].contains(r#""certainty":"derived""#) && !told.canonical[3].contains("certainty"));
}

#[test]
fn rows_of_one_incident_may_stand_anywhere_and_those_out_of_order_are_counted() {
    let (one, two) = (life(), life().iter().map(|row| row.replace("INC01", "INC02")).collect::<Vec<_>>());
    let mixed: Vec<String> = one.iter().zip(&two).flat_map(|(one, two)| [one.clone(), two.clone()]).collect();
    let apart = told("servicenow", &utc(), &file(&[one.clone(), two].concat()));
    let together = told("servicenow", &utc(), &file(&mixed));
    let sorted = |told: &Told| {
        let mut texts = told.canonical.clone();
        texts.sort();
        texts
    };
    assert_eq!(sorted(&apart), sorted(&together));
    assert_eq!(together.met.get("rows_out_of_order"), None);

    let mut late = one;
    late.swap(2, 3);
    let late = told("servicenow", &utc(), &file(&late));
    assert_eq!(late.met.get("rows_out_of_order"), Some(&1));
    assert!(late.events.contains(&"INC01 seen 2016-03-01T09:00:00Z".to_owned()), "{late:?}");
    assert!(!late.events.iter().any(|event| event.contains("paused")), "the pause cannot be placed: {late:?}");
    assert_eq!(shown(&late, "2016-03-01T12:00:00Z").as_deref(), Some("running"));
}

#[test]
fn a_later_count_with_an_earlier_time_is_taken_in_the_order_of_counts_and_told() {
    let rows =
        [row("INC01", 0, "Active", "29/2/2016 02:00", &[]), row("INC01", 1, "Awaiting Vendor", "29/2/2016 01:30", &[])];
    let told = told("servicenow", &utc(), &file(&rows));
    assert_eq!(told.met.get("rows_out_of_order"), Some(&1));
    assert_eq!(told.events.last().unwrap(), "INC01 paused 2016-02-29T01:30:00Z");
}

#[test]
fn the_same_file_twice_says_the_same_and_a_row_twice_says_nothing_new() {
    let mut rows = life();
    let once = told("servicenow", &utc(), &file(&rows));
    rows.insert(3, rows[2].clone());
    let twice = told("servicenow", &utc(), &file(&rows));
    assert_eq!(once.canonical, twice.canonical);
    assert_eq!(twice.no_event["an update without news"], 1);
}

#[test]
fn priority_status_and_owner_that_nobody_knows_are_counted_and_never_guessed() {
    let rows = [
        row("INC01", 0, "New", "29/2/2016 01:23", &[("priority", "3 - Moderate"), ("assignment_group", "?")]),
        row("INC01", 1, "-100", "29/2/2016 02:23", &[("priority", "2 - High"), ("assignment_group", "?")]),
        row("INC01", 2, "Active", "29/2/2016 03:23", &[("priority", "bright"), ("assignment_group", "Group 9")]),
    ];
    let told = told("servicenow", &utc(), &file(&rows));
    assert_eq!(
        told.events,
        [
            "INC01 ticketed 2016-02-29T01:16:00Z",
            "INC01 severity_changed 2016-02-29T02:23:00Z",
            "INC01 triaged 2016-02-29T03:23:00Z",
            "INC01 assigned 2016-02-29T03:23:00Z",
        ]
    );
    assert_eq!((told.no_event["status `-100`"], told.met["status_unknown"]), (1, 1));
    assert!(told.canonical[0].contains(r#""raw_severity":"3 - Moderate""#), "{told:?}");
    assert!(told.canonical[0].contains(r#""severity":"medium""#), "{told:?}");
    assert!(told.canonical[1].contains(r#""to":"high""#), "{told:?}");
    assert_eq!(told.no_event["priority `bright`"], 1);
    assert_eq!(told.met.get("null_word"), Some(&3));
}

#[test]
fn a_timer_that_closes_has_verified_nothing() {
    let mut rows = life();
    rows[5] = rows[5].replace("Updated by 21", "Updated by 908");
    let own = ServiceNowSettings { timers: vec!["Updated by 908".to_owned()], ..ServiceNowSettings::default() };
    let settings = Settings { servicenow: own, ..utc() };
    let timed = told("servicenow", &settings, &file(&rows));
    assert_eq!(timed.met.get("auto_close_not_verification"), Some(&1));
    assert!(timed.canonical[9].contains(r#""actor_type":"system""#), "{}", timed.canonical[9]);
    let plain = told("servicenow", &utc(), &file(&rows));
    assert_eq!(plain.met.get("auto_close_not_verification"), None);
    assert!(!plain.events.iter().any(|event| event.contains("verified")), "who updated a row has checked nothing");
}

#[test]
fn local_dates_stop_until_somebody_says_how_they_are_meant() {
    let rows = life();
    let no_order = told("servicenow", &Settings { dates: None, ..utc() }, &file(&rows));
    assert!(no_order.held.iter().all(|held| held.starts_with("display_values:")), "{no_order:?}");
    assert_eq!((no_order.held.len(), no_order.events.len()), (6, 0));
    let no_zone = told("servicenow", &Settings { zone: None, ..utc() }, &file(&rows));
    assert!(no_zone.held[0].starts_with("display_values:") && no_zone.events.is_empty(), "{no_zone:?}");
    assert!(no_zone.met["display_values"] >= 6);
    let months = told("servicenow", &Settings { dates: Some(DateOrder::MonthFirst), ..utc() }, &file(&rows[..1]));
    assert!(months.held[0].starts_with("bad_value:"), "a file of the other order is told: {months:?}");
}

const STATES: [&str; 7] = ["New", "Active", "Awaiting User Info", "Awaiting Vendor", "Resolved", "Closed", "Canceled"];

proptest! {
    /// Whatever happens to an incident: after each update the tool shows what the row of that update says.
    #[test]
    fn the_last_word_at_any_moment_is_that_of_the_last_update(
        updates in prop::collection::vec((0_usize..7, any::<bool>(), 0_i64..4, 0_u32..3), 1..12),
    ) {
        let start = Timestamp::parse("2016-02-29T01:16:00Z").unwrap();
        let (mut minutes, mut rows, mut expected) = (0, Vec::new(), Vec::new());
        for (place, (state, flag, later, group)) in updates.iter().enumerate() {
            minutes += later;
            let group = format!("Group {group}");
            let at = start.plus(minutes * 60);
            let text = at.to_string().replace('T', " ").replace(":00Z", "");
            let cells = [("made_sla", if *flag { "true" } else { "false" }), ("assignment_group", group.as_str())];
            rows.push(row("INC01", place as u64, STATES[*state], &text, &cells));
            let sla = match (flag, *state > 3) { (false, _) => "breached", (true, true) => "met", (true, false) => "running" };
            expected.retain(|(known, _)| *known != at);
            expected.push((at, sla));
        }
        let told = told("servicenow", &utc(), &file(&rows));
        prop_assert!(told.held.is_empty(), "{told:?}");
        for (at, sla) in expected {
            let shown = shown(&told, &at.plus(59).to_string());
            prop_assert_eq!(shown.as_deref(), Some(sla), "{} {:?}", at, told);
        }
        let ids: std::collections::BTreeSet<String> = told.canonical.iter().map(|text| {
            let value: serde_json::Value = serde_json::from_str(text).unwrap();
            value["id"].as_str().unwrap().to_owned()
        }).collect();
        prop_assert_eq!(ids.len(), told.canonical.len(), "ids are given once: {:?}", told);
    }

    /// Cells of any content end in an event, a held line or a count.
    #[test]
    fn no_cell_is_too_odd(cells in prop::collection::vec("[^\"\r\n,]{0,12}", 36)) {
        prop_assert!(crate::told::try_told("servicenow", &utc(), &file(&[cells.join(",")])).is_ok());
    }
}
