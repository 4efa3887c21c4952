//! Incidents and alerts of Microsoft Sentinel and Defender.

use crate::told::{Told, told, try_told};
use formats::foreign::Settings;

fn read(file: &str) -> Told {
    told("microsoft", &Settings::default(), file)
}

fn incident(status: &str, rest: &str) -> String {
    format!(
        r#"{{"id":"/subscriptions/s/incidents/i-1","name":"i-1","properties":{{"incidentNumber":7,"title":"t","severity":"High","status":"{status}",{rest}"firstActivityTimeUtc":"2026-03-01T08:00:00Z","lastActivityTimeUtc":"2026-03-01T09:00:00Z","createdTimeUtc":"2026-03-01T10:00:00.1234567Z","lastModifiedTimeUtc":"2026-03-04T10:00:00Z","additionalData":{{"techniques":["T1078"]}}}}}}"#
    )
}

fn graph(status: &str, rest: &str) -> String {
    format!(
        r#"{{"id":"da-1","incidentId":"7","status":"{status}","severity":"medium",{rest}"firstActivityDateTime":"2026-03-01T08:00:00Z","lastActivityDateTime":"2026-03-01T09:00:00Z","createdDateTime":"2026-03-01T10:00:00Z","lastUpdateDateTime":"2026-03-04T10:00:00Z","mitreTechniques":["T1566"]}}"#
    )
}

fn defender(status: &str, rest: &str) -> String {
    format!(
        r#"{{"id":"da-2","incidentId":7,"status":"{status}","severity":"Low",{rest}"firstEventTime":"2026-03-01T08:00:00Z","lastEventTime":"2026-03-01T09:00:00Z","alertCreationTime":"2026-03-01T10:00:00Z","lastUpdateTime":"2026-03-04T10:00:00Z","computerDnsName":"web-01"}}"#
    )
}

#[test]
fn the_first_activity_is_the_detection_and_the_creation_the_ticket() {
    for (file, item) in [(incident("New", ""), "i-1"), (graph("new", ""), "da-1"), (defender("New", ""), "da-2")] {
        let told = read(&file);
        let wanted = ["detected 2026-03-01T08:00:00Z", "ticketed 2026-03-01T10:00:00Z"];
        assert_eq!(told.events, wanted.map(|event| format!("{item} {event}")));
        assert!(told.canonical[0].contains(r#""certainty":"derived""#), "{told:?}");
        assert!(told.canonical[0].contains(r#""kind":"incident""#), "{told:?}");
        assert!(told.met.is_empty() && told.held.is_empty(), "{told:?}");
    }
}

#[test]
fn work_and_owners_came_between_the_creation_and_the_last_change() {
    let since = "2026-03-01T10:00:00Z..2026-03-04T10:00:00Z";
    let owner = r#""owner":{"objectId":"o","userPrincipalName":"kim@x.org","assignedTo":"Kim"},"#;
    let told = read(&incident("Active", owner));
    assert_eq!(told.events[2..], [format!("i-1 assigned {since}"), format!("i-1 triaged {since}")]);
    assert!(told.canonical[2].contains(r#""to":"kim@x.org""#), "{told:?}");
    let told = read(&graph("inProgress", r#""assignedTo":"kim@x.org","#));
    assert_eq!(told.events[2..], [format!("da-1 assigned {since}"), format!("da-1 triaged {since}")]);
    assert_eq!(read(&defender("InProgress", "")).events[2..], [format!("da-2 triaged {since}")]);
}

#[test]
fn an_incident_says_only_by_when_it_was_closed() {
    let told = read(&incident("Closed", r#""classification":"TruePositive","#));
    assert_eq!(told.events[2..], ["i-1 closed 2026-03-01T10:00:00Z..2026-03-04T10:00:00Z"]);
    assert_eq!(told.met.get("closing_time_guessed"), Some(&1));
    let told = read(&graph("resolved", r#""resolvedDateTime":"2026-03-03T10:00:00Z","#));
    assert_eq!(told.events[2..], ["da-1 closed 2026-03-03T10:00:00Z"]);
    assert_eq!(told.met.get("closing_time_guessed"), None);
    let told = read(&defender("Resolved", r#""resolvedTime":"2026-03-03T10:00:00Z","#));
    assert_eq!(told.events[2..], ["da-2 closed 2026-03-03T10:00:00Z"]);
}

#[test]
fn an_open_alert_that_says_when_it_was_closed_was_opened_again() {
    for (status, file) in [
        ("new", graph("new", r#""resolvedDateTime":"2026-03-03T10:00:00Z","#)),
        ("inProgress", graph("inProgress", r#""resolvedDateTime":"2026-03-03T10:00:00Z","#)),
        ("InProgress", defender("InProgress", r#""resolvedTime":"2026-03-03T10:00:00Z","#)),
    ] {
        let told = read(&file);
        let events: Vec<&str> = told.events.iter().filter_map(|event| event.split_once(' ')).map(|it| it.1).collect();
        let back = ["closed 2026-03-03T10:00:00Z", "reopened 2026-03-03T10:00:00Z..2026-03-04T10:00:00Z"];
        assert_eq!(events[events.len() - 2..], back, "{status}");
        assert_eq!(told.met.get("closed_time_is_last"), Some(&1), "{status}");
    }
    // Not closed, and a close that cannot be.
    assert_eq!(read(&graph("new", r#""resolvedDateTime":null,"#)).events.len(), 2);
    let early = read(&graph("new", r#""resolvedDateTime":"2026-02-01T10:00:00Z","#));
    assert_eq!((early.events.len(), early.held.len()), (2, 1), "{early:?}");
}

#[test]
fn what_was_no_incident_says_so_and_nothing_is_ever_verified() {
    for (word, event, other) in [
        ("FalsePositive", "false_positive", false),
        ("falsePositive", "false_positive", false),
        ("BenignPositive", "closed", true),
        ("InformationalExpectedActivity", "closed", true),
        ("informationalExpectedActivity", "closed", true),
        ("TruePositive", "closed", false),
        ("Undetermined", "closed", false),
    ] {
        for file in [
            incident("Closed", &format!(r#""classification":"{word}","#)),
            graph("resolved", &format!(r#""classification":"{word}","resolvedDateTime":"2026-03-03T10:00:00Z","#)),
            defender("Resolved", &format!(r#""classification":"{word}","resolvedTime":"2026-03-03T10:00:00Z","#)),
        ] {
            let told = read(&file);
            assert!(told.events[2].contains(&format!(" {event} ")), "{word}: {told:?}");
            assert_eq!(told.canonical[2].contains(r#""reason_code":"other""#), other, "{word}: {told:?}");
            assert!(told.events.iter().all(|event| !event.contains(" verified ")));
        }
    }
}

#[test]
fn swapped_activities_are_put_right_and_a_close_before_the_start_is_held() {
    let swapped = graph("new", "").replace("2026-03-01T08", "2026-03-01T07").replace("2026-03-01T09", "2026-03-01T06");
    let told = read(&swapped);
    assert_eq!(told.events[0], "da-1 detected 2026-03-01T06:00:00Z");
    assert_eq!(told.met.get("first_after_last"), Some(&1));
    let told = read(&graph("resolved", r#""resolvedDateTime":"2026-02-01T10:00:00Z","#));
    assert_eq!(told.events.len(), 2);
    assert!(told.held[0].starts_with("ends_before_start"), "{told:?}");
}

#[test]
fn a_change_that_nothing_dates_is_held_and_the_opening_stays() {
    let undated = |status: &str| graph(status, "").replace(r#""lastUpdateDateTime":"2026-03-04T10:00:00Z","#, "");
    let told = read(&undated("inProgress"));
    assert_eq!(told.events.len(), 2);
    assert_eq!(told.held, ["missing_field: nothing says when `inProgress` came about: no `lastUpdateDateTime`"]);
    let told = read(&undated("resolved"));
    assert_eq!((told.events.len(), told.met.get("no_closing_date")), (2, Some(&1)));
    assert!(read(&undated("new")).held.is_empty());
    let told = read(&table(&[row(2, "Active", "", "", "x").replace("2026-03-02T12:00:00Z", "")]));
    assert_eq!(told.events.len(), 2);
    assert_eq!(told.held, ["missing_field: nothing says when `Active` came about: no `LastModifiedTime`"]);
}

#[test]
fn an_unknown_status_is_counted_until_somebody_says_what_it_means() {
    let told = read(&graph("unknownFutureValue", ""));
    assert_eq!(told.no_event.get("status `unknownFutureValue`"), Some(&1));
    assert_eq!(told.met.get("status_unknown"), Some(&1));
    let mut settings = Settings::default();
    settings.statuses.insert("unknownfuturevalue".to_owned(), "paused".to_owned());
    assert!(crate::told::told("microsoft", &settings, &graph("unknownFutureValue", "")).events[2].contains(" paused "));
}

#[test]
fn pages_lists_and_lines_are_read() {
    let (one, two) = (graph("new", ""), graph("new", "").replace("da-1", "da-3"));
    for file in [
        format!(r#"{{"@odata.context":"x","value":[{one},{two}],"@odata.nextLink":"y"}}"#),
        format!("[{one},{two}]"),
        format!("{one}\n{two}\n"),
    ] {
        assert_eq!(read(&file).events.len(), 4, "{file}");
    }
    assert_eq!(read(&format!("{{\n\"value\":[{}]}}", incident("New", ""))).events.len(), 2);
}

const HEADER: &str = "TimeGenerated,IncidentName,IncidentNumber,Severity,Status,Classification,Owner,CreatedTime,FirstActivityTime,LastModifiedTime,ClosedTime,ModifiedBy";

fn row(day: u8, status: &str, owner: &str, closed: &str, by: &str) -> String {
    let owner = if owner.is_empty() { String::new() } else { format!(r#""{{""userPrincipalName"":""{owner}""}}""#) };
    let at = format!("2026-03-{day:02}T12:00:00Z");
    format!("{at},i-1,7,High,{status},,{owner},2026-03-01T10:00:00Z,2026-03-01T08:00:00Z,{at},{closed},{by}")
}

fn table(rows: &[String]) -> String {
    format!("{HEADER}\n{}\n", rows.join("\n"))
}

#[test]
fn a_row_a_change_tells_the_middle_steps() {
    let told = read(&table(&[
        row(1, "New", "", "", "Incident created from alert"),
        row(2, "Active", "kim@x.org", "", "kim@x.org"),
        row(3, "Active", "lee@x.org", "", "kim@x.org"),
        row(4, "Closed", "lee@x.org", "2026-03-04T11:00:00Z", "lee@x.org"),
    ]));
    assert_eq!(
        told.events,
        [
            "i-1 detected 2026-03-01T08:00:00Z",
            "i-1 ticketed 2026-03-01T10:00:00Z",
            "i-1 assigned 2026-03-02T12:00:00Z",
            "i-1 triaged 2026-03-02T12:00:00Z",
            "i-1 reassigned 2026-03-03T12:00:00Z",
            "i-1 closed 2026-03-04T11:00:00Z",
        ]
    );
    assert!(told.canonical[3].contains(r#""actor":"kim@x.org""#), "{told:?}");
    assert!(told.met.is_empty() && told.held.is_empty(), "{told:?}");
}

#[test]
fn only_the_rows_know_an_earlier_close() {
    let rows = [
        row(1, "New", "", "", "x"),
        row(2, "Closed", "", "2026-03-02T12:00:00Z", "kim@x.org"),
        row(3, "Active", "", "2026-03-02T12:00:00Z", "kim@x.org"),
        row(4, "Closed", "", "2026-03-04T12:00:00Z", "kim@x.org"),
    ];
    let wanted = [
        "i-1 closed 2026-03-02T12:00:00Z",
        "i-1 reopened 2026-03-03T12:00:00Z",
        "i-1 triaged 2026-03-03T12:00:00Z",
        "i-1 closed 2026-03-04T12:00:00Z",
    ];
    let forwards = read(&table(&rows));
    assert_eq!(forwards.events[2..], wanted);
    assert_eq!(forwards.met.get("closed_time_is_last"), Some(&1));
    let mut turned = rows;
    turned.reverse();
    let backwards = read(&table(&turned));
    for event in wanted {
        assert!(backwards.events.iter().any(|told| told == event), "{event}: {backwards:?}");
    }
    assert_eq!(backwards.events.len(), forwards.events.len(), "{backwards:?}");
    assert_eq!(backwards.met.get("newest_first"), Some(&3));
    let alone = read(&table(&[row(3, "Active", "", "2026-03-02T12:00:00Z", "kim@x.org")]));
    assert_eq!(
        alone.events[2..],
        ["i-1 closed 2026-03-02T12:00:00Z", "i-1 reopened 2026-03-02T12:00:00Z..2026-03-03T12:00:00Z"]
    );
    assert_eq!(alone.met.get("closed_time_is_last"), Some(&1));
}

#[test]
fn rows_are_read_from_json_too_and_from_the_columns_of_the_portal() {
    let json = r#"[{"IncidentName":"i-1","IncidentNumber":7,"Severity":"High","Status":"Active","Owner":{"email":"kim@x.org"},"CreatedTime":"2026-03-01T10:00:00Z","FirstActivityTime":null,"LastModifiedTime":"2026-03-02T12:00:00Z","ClosedTime":null,"ModifiedBy":"kim@x.org"}]"#;
    assert_eq!(
        read(json).events,
        [
            "i-1 detected 2026-03-01T10:00:00Z",
            "i-1 ticketed 2026-03-01T10:00:00Z",
            "i-1 assigned 2026-03-01T10:00:00Z..2026-03-02T12:00:00Z",
            "i-1 triaged 2026-03-01T10:00:00Z..2026-03-02T12:00:00Z",
        ]
    );
    let portal = "\u{feff}IncidentNumber,\"CreatedTime [UTC]\",\"LastModifiedTime [UTC]\",Status,ModifiedBy\n7,\"3/21/2026, 10:00:00.123 AM\",\"3/22/2026, 1:00:00.000 PM\",Active,x\n";
    let told = try_told("microsoft", &Settings::default(), portal).unwrap();
    assert_eq!(
        told.events[1..],
        ["7 ticketed 2026-03-21T10:00:00Z", "7 triaged 2026-03-21T10:00:00Z..2026-03-22T13:00:00Z"]
    );
}

#[test]
fn times_shown_to_somebody_need_the_zone_of_that_somebody() {
    let portal =
        "IncidentNumber,\"CreatedTime [Local Time]\",Status,ModifiedBy\n7,\"3/21/2026, 10:00:00.123 AM\",New,x\n";
    let told = read(portal);
    assert!(told.events.is_empty() && told.held[0].starts_with("naive_time"), "{told:?}");
    let zoned = Settings { zone: Some("Europe/Madrid".to_owned()), ..Settings::default() };
    assert_eq!(crate::told::told("microsoft", &zoned, portal).events[0], "7 detected 2026-03-21T09:00:00Z");
}

#[test]
fn a_vulnerability_of_a_device_without_dates_is_held() {
    let file = r#"{"value":[{"id":"x","cveId":"CVE-2026-1","machineId":"m-1","severity":"High"},{"cveId":"CVE-2026-2","deviceId":"m-2","deviceName":"web-01","vulnerabilitySeverityLevel":"High","firstSeenTimestamp":"2026-03-01T10:00:00Z","lastSeenTimestamp":"2026-03-02T10:00:00Z"}]}"#;
    let told = read(file);
    assert_eq!(told.held, ["device_vulnerability_without_dates: `CVE-2026-1` on `m-1` has no date"]);
    assert_eq!(told.met.get("device_vulnerability_without_dates"), Some(&1));
    assert_eq!(
        told.events,
        ["CVE-2026-2@m-2 detected 2026-03-01T10:00:00Z", "CVE-2026-2@m-2 seen 2026-03-02T10:00:00Z"]
    );
}

#[test]
fn bad_rows_and_files_are_told() {
    let good = row(1, "New", "", "", "x");
    let file = table(&[
        good.clone(),
        "1,2".to_owned(),
        row(1, "Elsewhere", "", "", "x").replace("i-1", "i-2"),
        good.replace("2026-03-01T10:00:00Z", "2026-03-01 10:00").replace("i-1", "i-3"),
        good.replace("2026-03-01T10:00:00Z", "").replace("i-1", "i-4"),
    ]);
    let told = read(&file);
    assert!(told.held[0].starts_with("bad_value"), "{told:?}");
    assert!(told.held[1].starts_with("naive_time"), "{told:?}");
    assert_eq!(told.held[2], "missing_field: no `CreatedTime`");
    assert_eq!(told.no_event.get("status `Elsewhere`"), Some(&1));
    let twice = format!("{HEADER},Status\n");
    assert_eq!(try_told("microsoft", &Settings::default(), &twice).unwrap_err().code(), "duplicate_header");
    let cut = format!(r#"{{"value":[{},{{"id""#, graph("new", ""));
    assert_eq!(try_told("microsoft", &Settings::default(), &cut).unwrap_err().code(), "json_syntax");
    let other = table(&[good]).replace("IncidentNumber", "Number");
    assert_eq!(try_told("microsoft", &Settings::default(), &other).unwrap_err().code(), "missing_header");
}

#[test]
fn an_informational_alert_is_held_whole() {
    let told = read(&graph("resolved", "").replace("medium", "informational"));
    assert!(told.events.is_empty() && told.held.len() == 1, "{told:?}");
    assert!(told.held[0].starts_with("below_scope"));
}
