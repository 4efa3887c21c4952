//! An export, and the next one: does what both tell have the same text, whatever the tool changed in between?
//!
//! Two events of one id and of two texts would be a conflict that nobody caused.

use crate::{
    good::{self, Good},
    told::{Told, try_told},
};
use std::collections::BTreeMap;

/// What the tool writes otherwise in its next export: each format with what stands in its good file and what then does.
/// Status, severity and who it is assigned to change, and whatever says when it last changed moves.
const CHANGES: &[(&str, &[(&str, &str)])] = &[
    (
        "jira",
        &[
            // An issue that changes has a longer history, and another end of it.
            (
                r#""total":1,"histories":["#,
                r#""total":2,"histories":[{"id":"20009","created":"2026-03-09T11:00:00.000+0100","author":{"accountId":"u-eve","accountType":"atlassian"},"items":[{"field":"status","fieldId":"status","from":"1","fromString":"Open","to":"3","toString":"In Progress"},{"field":"priority","fieldId":"priority","from":"1","fromString":"Highest","to":"2","toString":"High"},{"field":"assignee","fieldId":"assignee","from":null,"fromString":null,"to":"u-bob","toString":"Bob"}]},"#,
            ),
            (
                r#""priority":{"id":"1","name":"Highest"},"status":{"id":"1","name":"Open","statusCategory":{"key":"new"}}"#,
                r#""priority":{"id":"2","name":"High"},"assignee":{"accountId":"u-bob","displayName":"Bob"},"status":{"id":"3","name":"In Progress","statusCategory":{"key":"indeterminate"}}"#,
            ),
        ],
    ),
    (
        "servicenow",
        &[
            ("7,Ada,Network,2,Ada,Grace,true,2026-01-13", "7,Eve,Servers,1,Ada,Grace,false,2026-01-20"),
            (",,,2,Ada,Network,1,,,true,2026-01-07", ",2026-01-09 10:00:00,,6,Eve,Servers,3,Eve,,false,2026-01-20"),
        ],
    ),
    (
        "tenable-csv",
        &[
            ("High,,,19506", "Critical,,,19506"),
            ("Low,,,19507", "Medium,Low,Recasted,19507"),
            (
                "Active,2026-01-06T10:00:00Z,2026-02-08T10:00:00Z,",
                "Fixed,2026-01-06T10:00:00Z,2026-02-09T10:00:00Z,2026-02-10T10:00:00Z",
            ),
        ],
    ),
    (
        "qualys-csv",
        &[
            ("38170,Weak cipher,4", "38170,Weak cipher,5"),
            ("38171,Old library,3,Confirmed,2026-02-08 10:00:00", "38171,Old library,4,Confirmed,2026-02-10 10:00:00"),
            ("Active,78", "Reopened,78"),
        ],
    ),
    (
        "wiz-issues-csv",
        &[(",LOW,OPEN,BUCKET,arn:b2,,,", ",HIGH,RESOLVED,BUCKET,arn:b2,2026-02-01T10:00:00Z,ISSUE_FIXED,")],
    ),
    (
        "wiz-findings-csv",
        &[
            ("f-1,CVE-2026-0001,HIGH,CRITICAL", "f-1,CVE-2026-0001,HIGH,LOW"),
            ("f-2,CVE-2026-0002,HIGH,,OPEN", "f-2,CVE-2026-0002,HIGH,LOW,RESOLVED"),
            ("2026-02-01T10:00:00Z,,,,as-2", "2026-02-03T10:00:00Z,2026-02-04T10:00:00Z,VULNERABILITY_FIXED,,as-2"),
        ],
    ),
    ("orca-csv", &[("9.5,", "4.5,"), ("2026-02-01T10:00:00+00:00,open", "2026-02-09T10:00:00+00:00,snoozed")]),
    (
        "rapid7-sql-csv",
        &[
            ("Severe,5,2026-01-05 10:00:00,2026-02-01", "Critical,9,2026-01-05 10:00:00,2026-02-09"),
            ("Critical,9,2026-01-06", "Severe,5,2026-01-06"),
        ],
    ),
    ("rapid7-csv", &[(",8,2026-02-01", ",4,2026-02-09"), (",4,2026-02-01", ",8,2026-02-01")]),
    (
        "tenable-json",
        &[
            (r#""state":"FIXED","severity":"high""#, r#""state":"FIXED","severity":"critical""#),
            (
                r#""state":"OPEN","severity":"low","first_found":"2026-01-06T10:00:00Z","last_found":"2026-02-08T10:00:00Z""#,
                r#""state":"FIXED","severity":"medium","severity_modification_type":"RECASTED","severity_default_id":2,"first_found":"2026-01-06T10:00:00Z","last_found":"2026-02-09T10:00:00Z","last_fixed":"2026-02-10T10:00:00Z""#,
            ),
        ],
    ),
    (
        "ocsf",
        &[
            (
                r#""activity_id":1,"status_id":1,"severity_id":4,"#,
                r#""activity_id":2,"status_id":2,"severity_id":5,"assignee":{"name":"kim"},"#,
            ),
            (
                r#""resources":[{"uid":"web-01"}],"time":1772359200000"#,
                r#""resources":[{"uid":"web-01"}],"time":1772445600000"#,
            ),
        ],
    ),
    (
        "asff",
        &[
            (
                r#""UpdatedAt":"2026-03-03T10:00:00Z","Workflow":{"Status":"NOTIFIED"},"RecordState":"ACTIVE","Compliance":{"Status":"FAILED"},"Severity":{"Label":"HIGH"}"#,
                r#""UpdatedAt":"2026-03-09T10:00:00Z","Workflow":{"Status":"RESOLVED"},"RecordState":"ACTIVE","Compliance":{"Status":"PASSED"},"Severity":{"Label":"LOW"}"#,
            ),
            (
                r#""UpdatedAt":"2026-03-03T10:00:00Z","Workflow":{"Status":"RESOLVED"}"#,
                r#""UpdatedAt":"2026-03-09T10:00:00Z","Workflow":{"Status":"NEW"}"#,
            ),
        ],
    ),
    (
        "microsoft",
        &[
            (
                r#""status":"inProgress","severity":"medium","assignedTo":"kim@x.org""#,
                r#""status":"resolved","severity":"high","assignedTo":"eve@x.org""#,
            ),
            (
                r#""lastUpdateDateTime":"2026-03-04T10:00:00Z"}"#,
                r#""lastUpdateDateTime":"2026-03-09T10:00:00Z","resolvedDateTime":"2026-03-08T10:00:00Z"}"#,
            ),
            (
                r#""severity":"high","classification":"truePositive""#,
                r#""severity":"low","assignedTo":"eve@x.org","classification":"falsePositive""#,
            ),
        ],
    ),
    (
        "pagerduty",
        &[(
            r#""log_entries":["#,
            r#""log_entries":[{"id":"R5","type":"priority_change_log_entry","created_at":"2026-03-01T11:00:00Z","agent":{"id":"U1","type":"user_reference","summary":"Bob"},"channel":{"type":"website","old_priority":null,"new_priority":{"summary":"P3"}},"incident":{"id":"Q1","type":"incident_reference"},"service":{"id":"S1","summary":"Payments"}},"#,
        )],
    ),
    (
        "xes",
        &[(
            "</trace>",
            r#"<event><string key="concept:name" value="Assign"/><string key="lifecycle:transition" value="reassign"/><date key="time:timestamp" value="2026-01-07T10:00:00+01:00"/><string key="org:resource" value="Eve"/></event></trace>"#,
        )],
    ),
    (
        "defectdojo",
        &[
            (
                r#""severity":"High","date":"2026-03-01","created":"2026-03-02T10:00:00Z","last_status_update":"2026-03-05T10:00:00Z","sla_expiration_date":"2026-03-31","active":true,"verified":true,"risk_accepted":false"#,
                r#""severity":"Low","date":"2026-03-01","created":"2026-03-02T10:00:00Z","last_status_update":"2026-03-15T10:00:00Z","sla_expiration_date":"2026-06-01","active":false,"verified":true,"risk_accepted":true"#,
            ),
            (r#""mitigated_by":3"#, r#""mitigated_by":4"#),
        ],
    ),
    (
        "github",
        &[
            (r#""cve_id":"CVE-2026-1","severity":"high""#, r#""cve_id":"CVE-2026-1","severity":"low""#),
            (
                r#""state":"dismissed","rule":{"id":"js/xss","security_severity_level":"medium"}"#,
                r#""state":"dismissed","updated_at":"2026-03-09T10:00:00Z","rule":{"id":"js/xss","security_severity_level":"high"}"#,
            ),
            (r#""dismissed_reason":"won't fix""#, r#""dismissed_reason":"false positive""#),
        ],
    ),
];

/// Formats of drills, and of feeds that say what the world knows: their files tell no life of an item that goes on.
const WITHOUT_LIFE: &[&str] = &[
    "wallclock-drill",
    "vectr-csv",
    "exercise-template",
    "attire",
    "caldera-report",
    "caldera-events",
    "kev-json",
    "kev-csv",
    "epss",
];

fn lives() -> impl Iterator<Item = Good> {
    let is_first_shape = |good: &Good| good.name == good.adapter.name && good.is_recognised();
    good::all().into_iter().filter(move |good| is_first_shape(good) && !WITHOUT_LIFE.contains(&good.adapter.name))
}

fn next_export(name: &str, text: &str) -> String {
    let changes = CHANGES.iter().find(|(known, _)| *known == name);
    let (_, changes) = changes.unwrap_or_else(|| panic!("say what changes in the next export of `{name}`"));
    changes.iter().fold(text.to_owned(), |next, (before, after)| {
        assert!(next.contains(before), "{name}: no {before}");
        next.replacen(before, after, 1)
    })
}

fn told(good: &Good, text: &str) -> Told {
    try_told(good.adapter.name, &good.settings, text).unwrap()
}

fn by_id(told: &Told) -> BTreeMap<String, &str> {
    let id = |text: &str| serde_json::from_str::<serde_json::Value>(text).unwrap()["id"].as_str().unwrap().to_owned();
    told.canonical.iter().map(|text| (id(text), text.as_str())).collect()
}

#[test]
fn the_next_export_contradicts_nothing_that_was_told_before() {
    for good in lives() {
        let name = good.adapter.name;
        let text = str::from_utf8(&good.bytes).unwrap();
        let next = next_export(name, text);
        let (first, second) = (told(&good, text), told(&good, &next));
        assert_eq!(first.canonical, told(&good, text).canonical, "{name}: the same file tells the same");
        let (known, found) = (by_id(&first), by_id(&second));
        assert_eq!(known.len(), first.canonical.len(), "{name}: an id stands twice in one file");
        assert!(found.keys().any(|id| !known.contains_key(id)), "{name}: nothing is new");
        for (id, was) in &known {
            if let Some(is) = found.get(id) {
                assert_eq!(was, is, "{name}");
            }
        }
    }
}

/// The severity each item was found with, as the events say it in their order: the first that is known. Nothing is said of
/// an item of which two are told for one moment: the tool moved no date with the change, so that nobody knows which was first.
fn found_with<'a>(told: impl Iterator<Item = &'a str>) -> BTreeMap<String, Option<String>> {
    let mut known = Vec::new();
    for text in told {
        let event: serde_json::Value = serde_json::from_str(text).unwrap();
        let said = |field: &str| event[field].as_str().map(str::to_owned);
        let rank = ["detected", "ticketed", "seen"].iter().position(|name| event["event"] == *name).unwrap_or(3);
        let latest = if rank < 3 { None } else { said("at_latest") };
        let id = said("id").unwrap();
        let moment = id.rsplit_once('-').map_or(id.clone(), |(before, _)| before.to_owned());
        known.push(((latest.or(said("at")), rank, moment), said("item_id").unwrap(), said("severity")));
    }
    known.retain(|(_, _, severity)| severity.is_some());
    known.sort();
    let mut first = BTreeMap::new();
    for (moment, item, severity) in known {
        let (earliest, found) = first.entry(item).or_insert_with(|| (moment.clone(), severity.clone()));
        if *earliest == moment && *found != severity {
            *found = None;
        }
    }
    first.into_iter().map(|(item, (_, severity))| (item, severity)).collect()
}

#[test]
fn a_severity_that_changes_is_not_the_one_it_was_found_with() {
    let mut compared = 0;
    for good in lives() {
        let name = good.adapter.name;
        let text = str::from_utf8(&good.bytes).unwrap();
        let first = told(&good, text);
        let next = told(&good, &next_export(name, text));
        let was = found_with(first.canonical.iter().map(String::as_str));
        let mut is = found_with(first.canonical.iter().chain(&next.canonical).map(String::as_str));
        is.retain(|_, severity| severity.is_some());
        let was: BTreeMap<_, _> = was.into_iter().filter(|(item, _)| is.contains_key(item)).collect();
        assert!(!was.is_empty() || name == "xes", "{name}: a log of events names no severity, all others do");
        assert_eq!(was, is, "{name}");
        compared += is.len();
    }
    assert!(compared >= 20, "{compared} items: most changes move a date");
}
