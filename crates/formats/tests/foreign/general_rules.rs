//! Rules that hold whatever the format: ends before starts, times before 2000, words for nothing, and checks that were none.

use crate::told::{Told, told, try_told};
use formats::foreign::{DateOrder, ServiceNowSettings, Settings, StopAt, candidates};

fn met(told: &Told, rule: &str) -> u64 {
    told.met.get(rule).copied().unwrap_or_default()
}

const INCIDENT: &str = r#"{"type":"incident","incident_key":"k","id":"Q7","first_trigger_log_entry":{"id":"R1"},"status":"resolved","created_at":"2026-03-01T10:00:00Z","resolved_at":"2026-02-01T10:00:00Z"}"#;

const EXERCISE: &str =
    "exercise,objective,rating,inject_time,observed_time,corrective_action,owner,due,closed,technique\n";

const VECTR: &str = "AssessmentGroup,Campaign,Variant,MitreID,Method,Status,Outcome,Alert Triggered,Activity Logged,Start Time,Start Time Epoch,Stop Time,Detection Time,DetectingTools,Organizations\n";

#[test]
fn an_incident_that_ended_before_it_began_keeps_its_opening() {
    let told = told("pagerduty", &Settings::default(), INCIDENT);
    assert_eq!(told.events, ["Q7 detected 2026-03-01T10:00:00Z", "Q7 ticketed 2026-03-01T10:00:00Z"]);
    assert_eq!(told.held, ["ends_before_start: resolved at 2026-02-01T10:00:00Z and created at 2026-03-01T10:00:00Z"]);
    assert_eq!(met(&told, "ends_before_start"), 1);
}

#[test]
fn what_was_mended_before_it_was_found_keeps_its_finding() {
    let row = |closed: &str| {
        format!("{EXERCISE}Storm,Contain,P,2026-03-01T10:00:00Z,2026-03-01T10:20:00Z,Buy,bo,2026-04-01,{closed},\n")
    };
    let early = told("exercise-template", &Settings::default(), &row("2026-02-20T08:00:00Z"));
    assert_eq!(early.events, ["action/Buy@Storm detected 2026-03-01T10:00:00Z"]);
    assert_eq!((early.held.len(), met(&early, "ends_before_start")), (1, 1), "{early:?}");
    assert!(early.held[0].starts_with("ends_before_start: `action/Buy` was closed at 2026-02-20"), "{early:?}");
    // On the same day: some moment of it lies behind.
    let same = Settings { zone: Some("UTC".to_owned()), ..Settings::default() };
    let same = told("exercise-template", &same, &row("2026-03-01"));
    assert_eq!((same.events.len(), met(&same, "ends_before_start")), (2, 0), "{same:?}");
}

#[test]
fn a_retest_that_passed_before_the_finding_is_held_and_the_finding_stays() {
    let drill = |at: &str, passed: bool| {
        let text = format!(
            r#"{{"id":"D-1","scenario":"ransom","started_at":"2026-03-01T10:00:00Z","ended_at":"2026-03-01T11:00:00Z","findings":[{{"id":"F-1","technique":"T1059","control":"edr","system_group":"shop"}}],"retests":[{{"finding":"F-1","at":"{at}","passed":{passed},"attempt":1}}]}}"#
        );
        told("wallclock-drill", &Settings::default(), &text)
    };
    let early = drill("2026-02-01T10:00:00Z", true);
    assert_eq!(early.events, ["F-1@D-1 detected 2026-03-01T11:00:00Z"]);
    assert!(early.held[0].starts_with("ends_before_start: the retest of `F-1`"), "{early:?}");
    assert_eq!((early.held.len(), met(&early, "ends_before_start"), early.drills.len()), (1, 1, 1));
    assert_eq!(drill("2026-03-02T10:00:00Z", true).held.len(), 0);
    // One that failed is no end: it was there.
    assert_eq!(drill("2026-02-01T10:00:00Z", false).events.len(), 2);
}

#[test]
fn a_drill_never_begins_in_1970() {
    let vectr = format!("{VECTR}Q1,C,one,T1,Shell,Completed,Blocked,Yes,No,,0,2026-03-01T10:10:00Z,,EDR,shop\n");
    let exercise = format!("{EXERCISE}Storm,Contain,P,1970-01-01T00:00:00Z,2026-03-01T10:20:00Z,,,,,\n");
    let attire = r#"{"attire-version":"1.1","execution-data":{"execution-id":"r"},"procedures":[{"procedure-name":"Shell","order":1,"steps":[{"time-start":"1970-01-01T00:00:00Z"}]}]}"#;
    let caldera = r#"{"name":"Op","start":"1970-01-01T00:00:00Z","steps":{"p1":{"steps":[{"ability_id":"a"}]}},"planner":"atomic","adversary":{"name":"C"}}"#;
    for (format, file) in [
        ("vectr-csv", vectr.as_str()),
        ("exercise-template", exercise.as_str()),
        ("attire", attire),
        ("caldera-report", caldera),
    ] {
        let told = told(format, &Settings::default(), file);
        assert!(told.held[0].starts_with("time_range:"), "{format}: {told:?}");
        assert_eq!((told.drills.len(), met(&told, "time_range")), (0, 1), "{format}: {told:?}");
    }
    let due = format!("{EXERCISE}Storm,Contain,P,,2026-03-01T10:20:00Z,Buy,bo,1970-01-01,,\n");
    let told = told("exercise-template", &Settings::default(), &due);
    assert_eq!((told.drills[0].findings[0].due, met(&told, "time_range")), (None, 1), "{told:?}");
}

const SERVICENOW: &str =
    "number,opened_at,sys_created_on,resolved_at,closed_at,state,resolved_by,closed_by,reassignment_count\n";

#[test]
fn a_time_without_a_zone_and_one_before_2000_count_in_every_format() {
    let finding = |times: &str| format!(r#"{{"asset":{{"uuid":"a"}},"plugin":{{"id":1}},"state":"OPEN",{times}}}"#);
    let issue = |created: &str| format!("Issue key,Created,Status\nSEC-7,{created},Open\n");
    let incident = |opened: &str| format!("{SERVICENOW}INC1,{opened},,,,1,,,\n");
    let trace = |at: &str| {
        format!(
            "<log xes.version=\"1.0\"><trace><string key=\"concept:name\" value=\"C1\"/><event><string key=\"concept:name\" value=\"start\"/><date key=\"time:timestamp\" value=\"{at}\"/></event></trace></log>"
        )
    };
    let utc = Settings { zone: Some("UTC".to_owned()), ..Settings::default() };
    for (format, settings, file, rule) in [
        ("tenable-json", &Settings::default(), finding(r#""first_found":"2026-01-05T10:00:00""#), "naive_time"),
        ("tenable-json", &utc, finding(r#""first_found":"1970-01-01T00:00:00""#), "time_range"),
        ("pagerduty", &utc, INCIDENT.replace("2026-03-01T10:00:00Z", "1970-01-01T00:00:00Z"), "time_range"),
        (
            "pagerduty",
            &Settings::default(),
            INCIDENT.replace("2026-03-01T10:00:00Z", "2026-01-01T10:00:00"),
            "naive_time",
        ),
        ("jira", &Settings::default(), issue("2026-04-03 13:04"), "naive_time"),
        ("jira", &utc, issue("1970-01-01 00:00"), "time_range"),
        ("servicenow", &utc, incident("1970-01-01 00:00:00"), "time_range"),
        ("xes", &utc, trace("1970-01-01T00:00:00Z"), "time_range"),
        ("xes", &Settings::default(), trace("2026-01-01T00:00:00"), "naive_time"),
    ] {
        let mut settings = settings.clone();
        if format == "xes" {
            settings.statuses.insert("start".to_owned(), "work_started".to_owned());
        }
        let told = told(format, &settings, &file);
        let held = told.held.iter().filter(|held| held.starts_with(rule)).count() as u64;
        assert!(held > 0, "{format} {rule}: {told:?}");
        assert_eq!(met(&told, rule), held, "{format} {rule}: {told:?}");
    }
}

#[test]
fn a_word_for_nothing_counts_in_every_format() {
    let issue = "Issue key,Created,Status,Resolved\nSEC-7,2026-04-03T10:00:00Z,Open,N/A\n";
    let vectr = format!("{VECTR}Q1,C,one,T1,Shell,Completed,Blocked,Yes,No,,,-,,EDR,shop\n");
    let exercise = format!("{EXERCISE}Storm,Contain,P,,2026-03-01T10:20:00Z,Buy,N/A,,,\n");
    let json = r#"[{"exercise":"Storm","objective":"Contain","rating":"P","observed_time":"2026-03-01T10:20:00Z","corrective_action":"Buy","owner":"N/A"}]"#;
    let finding = r#"{"asset":{"uuid":"a","hostname":"None"},"plugin":{"id":1},"state":"OPEN","severity":"low","first_found":"2026-01-05T10:00:00Z"}"#;
    for (format, file) in [
        ("jira", issue),
        ("vectr-csv", vectr.as_str()),
        ("exercise-template", exercise.as_str()),
        ("exercise-template", json),
        ("tenable-json", finding),
    ] {
        let told = told(format, &Settings::default(), file);
        assert_eq!((met(&told, "null_word"), told.held.len()), (1, 0), "{format}: {told:?}");
        assert!(!told.canonical.concat().contains("N/A") && !told.canonical.concat().contains("None"), "{told:?}");
    }
    let fixed = r#"{"asset":{"uuid":"a"},"plugin":{"id":1},"state":"FIXED","severity":"low","first_found":"2026-01-05T10:00:00Z","last_found":"None","last_fixed":"2026-02-05T10:00:00Z"}"#;
    let told = told("tenable-json", &Settings::default(), fixed);
    assert_eq!((told.events.len(), told.held.len(), met(&told, "null_word")), (3, 0, 1), "{told:?}");
}

const MAPPING: &str = r#"{"item": "{Item}", "events": [
    {"event": "detected", "at": {"column": "Found"}},
    {"event": "fix_applied", "at": {"column": "Fixed"}, "fields": {"actor": {"column": "Fixer"}}},
    {"event": "closed", "at": {"column": "Closed"}},
    {"event": "verified", "at": {"column": "Checked"}, "fields": {"actor": {"column": "Checker"}}}
]}"#;

#[test]
fn a_check_by_whoever_fixed_it_or_at_once_is_counted_for_any_table() {
    let settings = Settings { mapping: Some(serde_json::from_str(MAPPING).unwrap()), ..Settings::default() };
    let row = |fixer: &str, checker: &str, checked: &str| {
        let file = format!(
            "Item,Found,Fixed,Fixer,Closed,Checked,Checker\na,2026-03-01T10:00:00Z,2026-03-02T10:00:00Z,{fixer},2026-03-02T11:00:00Z,{checked},{checker}\n"
        );
        try_told("csv", &settings, &file).unwrap()
    };
    for (told, own, fast) in [
        (row("kim", "lee", "2026-03-02T11:01:00Z"), 0, 0),
        (row("kim", "kim", "2026-03-02T11:01:00Z"), 1, 0),
        (row("kim", "lee", "2026-03-02T11:00:59Z"), 0, 1),
        (row("", "", "2026-03-03T11:00:00Z"), 0, 0),
    ] {
        assert_eq!((met(&told, "self_verified"), met(&told, "verified_too_fast")), (own, fast), "{told:?}");
    }
}

#[test]
fn a_word_of_severity_that_no_list_knows_is_counted_whatever_the_tool() {
    let jira = |priority: &str| {
        format!(
            r#"{{"id":"7","key":"SEC-7","changelog":{{"total":0,"histories":[]}},"fields":{{"created":"2026-03-02T09:00:00.000+00:00","priority":{priority},"status":{{"id":"1","name":"Open","statusCategory":{{"key":"new"}}}}}}}}"#
        )
    };
    let dojo = |word: &str| {
        format!(
            r#"{{"id":7,"title":"t","severity":"{word}","date":"2026-03-01","created":"2026-03-02T09:00:00Z","risk_accepted":false,"is_mitigated":false,"sla_expiration_date":null,"active":true,"verified":false,"false_p":false,"duplicate":false,"out_of_scope":false}}"#
        )
    };
    let unmapped = |name: &str, settings: &Settings, file: &str| {
        let told = told(name, settings, file);
        assert!(!told.events.is_empty(), "{told:?}");
        met(&told, "severity_unmapped")
    };
    let plain = Settings::default();
    let strange = r#"{"id":"10100","name":"Sofort"}"#;
    assert_eq!(unmapped("jira", &plain, &jira(strange)), 1);
    assert_eq!(unmapped("jira", &plain, &jira(r#"{"id":"10100","name":"High"}"#)), 0);
    assert_eq!(unmapped("jira", &plain, &jira("null")), 0, "no word is no strange word");
    // Found and written down: two events, one word.
    assert_eq!(unmapped("defectdojo", &plain, &dojo("Schwer")), 1);
    assert_eq!(unmapped("defectdojo", &plain, &dojo("High")), 0);
    let mut said = Settings::default();
    said.severities.insert("sofort".to_owned(), "critical".to_owned());
    said.severities.insert("schwer".to_owned(), "high".to_owned());
    assert_eq!(unmapped("jira", &said, &jira(strange)), 0);
    assert_eq!(unmapped("defectdojo", &said, &dojo("Schwer")), 0);
}

#[test]
fn a_check_by_whoever_fixed_it_or_at_once_is_counted_in_event_logs() {
    let event = |name: &str, second: u32, by: &str| {
        format!(
            "<event><string key=\"concept:name\" value=\"{name}\"/><string key=\"org:resource\" value=\"{by}\"/><date key=\"time:timestamp\" value=\"2026-03-01T10:00:{second:02}Z\"/></event>"
        )
    };
    let events = [event("fix_applied", 0, "kim"), event("closed", 1, "kim"), event("verified", 59, "kim")].concat();
    let file =
        format!("<log xes.version=\"1.0\"><trace><string key=\"concept:name\" value=\"C1\"/>{events}</trace></log>");
    let told = told("xes", &Settings::default(), &file);
    assert_eq!((met(&told, "self_verified"), met(&told, "verified_too_fast")), (1, 1), "{told:?}");
}

#[test]
fn a_statement_right_after_the_close_is_counted_for_servicenow() {
    let utc = Settings { zone: Some("UTC".to_owned()), dates: Some(DateOrder::DayFirst), ..Settings::default() };
    let row =
        |closed: &str| format!("{SERVICENOW}INC1,2026-01-05 10:00:00,,2026-01-08 10:00:00,{closed},7,Ada,Grace,\n");
    let at_once = told("servicenow", &utc, &row("2026-01-08 10:00:59"));
    assert!(at_once.events.iter().any(|event| event.contains(" verified ")), "{at_once:?}");
    assert_eq!(met(&at_once, "verified_too_fast"), 1);
    assert_eq!(met(&told("servicenow", &utc, &row("2026-01-08 10:01:00")), "verified_too_fast"), 0);
    // In the audit table the two are rows apart.
    let audit = |second: u32| {
        let change = |from: u32, to: u32, at: &str, by: &str| format!("INC1,state,{from},{to},{at},{by}\n");
        let rows = [
            change(1, 2, "2026-01-07 10:00:00", "Ada"),
            change(2, 6, "2026-01-08 10:00:00", "Ada"),
            change(6, 7, &format!("2026-01-08 10:{:02}:{:02}", second / 60, second % 60), "Grace"),
        ];
        let file = format!("documentkey,fieldname,oldvalue,newvalue,sys_created_on,user\n{}", rows.concat());
        told("servicenow", &utc, &file)
    };
    assert_eq!((met(&audit(59), "verified_too_fast"), met(&audit(60), "verified_too_fast")), (1, 0), "{:?}", audit(59));
    let own = ServiceNowSettings { stop_at: StopAt::Closed, ..ServiceNowSettings::default() };
    let late = Settings { servicenow: own, ..utc };
    assert_eq!(
        met(&told("servicenow", &late, &row("2026-01-13 10:00:00")), "verified_too_fast"),
        1,
        "one act is no check"
    );
}

#[test]
fn a_ticket_began_with_its_record_where_nobody_wrote_when_it_was_opened() {
    let utc = Settings { zone: Some("UTC".to_owned()), ..Settings::default() };
    let file = format!("{SERVICENOW}INC1,,2026-01-04 10:00:00,,,1,,,3\nINC2,,,,,1,,,0\n");
    let told = told("servicenow", &utc, &file);
    assert_eq!(told.events, ["INC1 ticketed 2026-01-04T10:00:00Z"]);
    assert_eq!(told.held, ["missing_field: no `opened_at`"]);
    assert_eq!(told.no_event.get("reassignments that no date tells"), Some(&1), "{told:?}");
}

#[test]
fn canonical_events_come_before_any_tool_whatever_columns_they_have() {
    let named = |file: &str| candidates(file.as_bytes()).iter().map(|adapter| adapter.name).collect::<Vec<_>>();
    assert_eq!(
        named("item_id,event,at,cve,epss,percentile\na,seen,2026-03-01T10:00:00Z,CVE-2026-1,0.1,0.2\n"),
        [""; 0]
    );
    let line = r#"{"item_id":"a","event":"seen","at":"2026-03-01T10:00:00Z","asset":{"uuid":"u"},"plugin":{"id":1},"state":"OPEN"}"#;
    assert_eq!(named(line), [""; 0]);
    assert_eq!(named(&format!("[{line}]")), [""; 0]);
    assert_eq!(named(&line.replace("seen", "noticed")), ["tenable-json"], "no event of ours");
    assert_eq!(
        named("#model_version:v1,score_date:2026-03-01T00:00:00+0000\ncve,epss,percentile\nCVE-2026-1,0.1,0.2\n"),
        ["epss"]
    );
}
