//! What does the life of an issue tell?

use super::issue::{Issue, decided, item, moved, status};
use crate::told::{Told, told};
use formats::foreign::Settings;

fn tell(settings: &Settings, issue: &Issue) -> Told {
    told("jira", settings, &issue.json())
}

/// A change to a resolution, from none.
pub(crate) fn resolved(name: &str) -> String {
    item("resolution", ("-", "-"), ("10000", name))
}

#[test]
fn an_issue_is_told_from_its_creation_to_its_second_end() {
    let issue = Issue::new(7)
        .then(9, &[item("assignee", ("-", "-"), ("u-bob", "Bob"))])
        .then(10, &[moved("Open", "In Progress")])
        .then(11, &[moved("In Progress", "With vendor")])
        .then(12, &[moved("With vendor", "In Progress")])
        .then(13, &[resolved("Fixed"), moved("In Progress", "Resolved")])
        .then(14, &[item("resolution", ("10000", "Fixed"), ("-", "-")), moved("Resolved", "Reopened")])
        .then(15, &[item("assignee", ("u-bob", "Bob"), ("u-eve", "Eve"))])
        .then(16, &[item("priority", ("2", "High"), ("1", "Highest"))])
        .then(17, &[resolved("Won't Do"), moved("Reopened", "Closed")])
        .then(18, &[item("resolution", ("10000", "Won't Do"), ("-", "-")), moved("Closed", "Open")])
        .then(19, &[item("assignee", ("u-eve", "Eve"), ("-", "-"))])
        .with("priority", r#"{"id":"1","name":"Highest"}"#);
    let told = tell(&decided(), &issue);
    let expected = [
        "ticketed 2026-03-02T09",
        "assigned 2026-03-03T09",
        "triaged 2026-03-03T10",
        "work_started 2026-03-03T10",
        "paused 2026-03-03T11",
        "resumed 2026-03-03T12",
        "work_started 2026-03-03T12",
        "fix_applied 2026-03-03T13",
        "closed 2026-03-03T13",
        "reopened 2026-03-03T14",
        "reassigned 2026-03-03T15",
        "severity_changed 2026-03-03T16",
        "exception_granted 2026-03-03T17",
        "exception_expired 2026-03-03T18",
        "reopened 2026-03-03T18",
    ];
    assert_eq!(told.events, expected.map(|event| format!("SEC-7 {event}:00:00Z")));
    assert!(told.held.is_empty(), "{told:?}");
    assert_eq!(told.no_event.get("unassigned"), Some(&1));
    let has = |place: usize, text: &str| assert!(told.canonical[place].contains(text), "{}", told.canonical[place]);
    has(0, r#""severity":"high","ticket":"SEC-7""#);
    has(0, r#""actor":"u-ann""#);
    has(1, r#""to":"u-bob""#);
    has(2, r#""id":"jira:history-7001:triaged:1772532000""#);
    has(4, r#""raw_status":"With vendor","reason_code":"vendor""#);
    has(8, r#""reason":"Fixed""#);
    has(10, r#""to":"u-eve""#);
    has(11, r#""raw_severity":"Highest","to":"critical""#);
}

#[test]
fn what_an_issue_was_created_with_is_told_from_its_first_changes() {
    let issue = Issue::new(7)
        .with("duedate", r#""2026-05-01""#)
        .with("priority", r#"{"id":"1","name":"Highest"}"#)
        .with("assignee", r#"{"accountId":"u-eve","displayName":"Eve"}"#)
        .then(9, &[item("priority", ("4", "Low"), ("1", "Highest"))])
        .then(10, &[item("assignee", ("u-ann", "Ann"), ("u-eve", "Eve"))])
        .then(11, &[item("duedate", ("2026-04-01", "2026-04-01 00:00:00.0"), ("2026-05-01", "2026-05-01 00:00:00.0"))]);
    let told = tell(&Settings::default(), &issue);
    assert!(told.canonical[0].contains(r#""raw_severity":"Low","reported_due":"2026-04-01","severity":"low""#));
    assert_eq!(told.events[1], "SEC-7 assigned 2026-03-02T09:00:00Z");
    assert!(told.canonical[1].contains(r#""to":"u-ann""#), "{}", told.canonical[1]);
}

#[test]
fn an_issue_that_goes_straight_to_done_was_looked_at() {
    let issue = Issue::new(7).then(9, &[moved("Open", "Closed"), resolved("Done")]);
    let told = tell(&Settings::default(), &issue);
    let names: Vec<&str> = told.events.iter().map(|event| event.split(' ').nth(1).unwrap()).collect();
    assert_eq!(names, ["ticketed", "triaged", "fix_applied", "closed"]);
}

#[test]
fn each_resolution_ends_an_issue_in_its_own_way() {
    for (name, expected) in [
        ("Done", "fix_applied closed"),
        ("Fixed", "fix_applied closed"),
        ("Won't Do", "exception_granted"),
        ("Won't Fix", "exception_granted"),
        ("Risk Accepted", "exception_granted"),
        ("Cannot Reproduce", "false_positive"),
        ("False Positive", "false_positive"),
        ("Not a Bug", "false_positive"),
        ("Duplicate", "closed"),
        ("Moved to the moon", "closed"),
    ] {
        let issue = Issue::new(7).then(9, &[moved("In Progress", "Closed"), resolved(name)]);
        let told = tell(&Settings::default(), &issue);
        let names: Vec<&str> = told.events.iter().skip(1).map(|event| event.split(' ').nth(1).unwrap()).collect();
        assert_eq!(names.join(" "), expected, "{name}");
        let unknown = u64::from(name == "Moved to the moon");
        assert_eq!(told.met.get("status_unknown").copied().unwrap_or_default(), unknown, "{name}");
    }
}

#[test]
fn a_person_decides_what_a_resolution_means_and_a_status_can_say_it_too() {
    let mut settings = decided();
    settings.jira.resolutions.insert("Moved to the moon".to_owned(), "not-an-issue".to_owned());
    settings.jira.resolutions.insert("10000".to_owned(), "closed".to_owned());
    let elsewhere = item("resolution", ("-", "-"), ("10001", "moved to the Moon"));
    let told_of = |items: &[String]| {
        let told = tell(&settings, &Issue::new(7).then(9, items));
        told.events.last().unwrap().split(' ').nth(1).unwrap().to_owned()
    };
    assert_eq!(told_of(&[moved("In Progress", "Closed"), elsewhere]), "false_positive");
    assert_eq!(told_of(&[moved("In Progress", "Closed"), resolved("Fixed")]), "closed");
    assert_eq!(told_of(&[moved("In Progress", "Accepted risk")]), "exception_granted");
}

#[test]
fn a_duplicate_goes_on_under_its_original_and_is_only_closed_without_one() {
    let link = item("Link", ("-", "-"), ("SEC-1", "This issue duplicates SEC-1"));
    let done = [moved("In Progress", "Closed"), resolved("Duplicate")];
    let linked = tell(&Settings::default(), &Issue::new(7).then(8, std::slice::from_ref(&link)).then(9, &done));
    assert_eq!(linked.events[1], "SEC-7 merged 2026-03-03T09:00:00Z");
    assert!(linked.canonical[1].contains(r#""to":"SEC-1""#), "{linked:?}");

    let later = tell(&Settings::default(), &Issue::new(7).then(9, &done).then(10, &[link]));
    assert_eq!(later.events[1..], ["SEC-7 closed 2026-03-03T09:00:00Z", "SEC-7 merged 2026-03-03T10:00:00Z"]);
    assert!(later.canonical[1].contains(r#""reason_code":"duplicate""#), "{later:?}");

    let links = r#"[{"type":{"name":"Blocks"},"outwardIssue":{"key":"SEC-2"}},
        {"type":{"name":"Duplicate"},"inwardIssue":{"key":"SEC-3"}},{"type":{"name":"Duplicate"},"outwardIssue":{"key":"SEC-4"}}]"#;
    let now = tell(&Settings::default(), &Issue::new(7).with("issuelinks", &links.replace('\n', " ")).then(9, &done));
    assert!(now.canonical[1].contains(r#""to":"SEC-4""#), "{now:?}");
}

#[test]
fn a_decision_is_asked_and_answered_under_one_reference() {
    let asked = Issue::new(7).then(9, &[moved("Open", "Board")]);
    let yes = tell(&decided(), &asked.clone().then(10, &[moved("Board", "In Progress")]));
    let names: Vec<&str> = yes.events.iter().map(|event| event.split(' ').nth(1).unwrap()).collect();
    assert_eq!(names, ["ticketed", "triaged", "escalated", "authorised", "work_started"]);
    for place in [2, 3] {
        assert!(yes.canonical[place].contains(r#""ref":"jira:7:10004""#), "{}", yes.canonical[place]);
    }
    assert!(yes.canonical[2].contains(r#""to":"Board""#));
    for status in ["Open", "Refused"] {
        let no = tell(&decided(), &asked.clone().then(10, &[moved("Board", status)]));
        assert_eq!(no.events[3], "SEC-7 rejected 2026-03-03T10:00:00Z");
    }
}

#[test]
fn an_issue_that_moves_goes_on_under_its_new_key() {
    let issue = Issue::new(7)
        .then(9, &[moved("Open", "In Progress")])
        .then(10, &[item("Key", ("-", "SEC-7"), ("-", "OPS-3"))])
        .then(11, &[moved("In Progress", "Closed"), resolved("Done")])
        .called("OPS-3");
    let told = tell(&Settings::default(), &issue);
    assert_eq!(
        told.events,
        [
            "SEC-7 ticketed 2026-03-02T09:00:00Z",
            "SEC-7 triaged 2026-03-03T09:00:00Z",
            "SEC-7 work_started 2026-03-03T09:00:00Z",
            "SEC-7 merged 2026-03-03T10:00:00Z",
            "OPS-3 fix_applied 2026-03-03T11:00:00Z",
            "OPS-3 closed 2026-03-03T11:00:00Z",
        ]
    );
    assert!(told.canonical[3].contains(r#""to":"OPS-3""#));
}

#[test]
fn fields_that_a_person_mapped_name_and_describe_the_item() {
    let mut settings = Settings { kind: Some("posture".to_owned()), ..Settings::default() };
    for (ours, theirs) in [
        ("detected_at", "customfield_1"),
        ("weakness", "customfield_2"),
        ("asset", "customfield_3"),
        ("team", "customfield_4"),
        ("cve", "customfield_5"),
    ] {
        settings.jira.fields.insert(ours.to_owned(), theirs.to_owned());
    }
    let issue = Issue::new(7)
        .with("customfield_1", r#""2026-02-20T08:00:00.000+0100""#)
        .with("customfield_2", r#""19506""#)
        .with("customfield_3", r#"{"id":"10","value":"web-01"}"#)
        .with("customfield_4", r#"[{"name":"apps"}]"#)
        .with("customfield_5", r#""CVE-2026-1, CVE-2026-2""#)
        .then(9, &[item("customfield_3", ("-", "-"), ("10", "web-01"))])
        .then(
            10,
            &[item("customfield_1", ("2026-02-20T08:00:00.000+0100", "-"), ("2026-02-19T08:00:00.000+0100", "-"))],
        );
    let told = tell(&settings, &issue);
    assert_eq!(
        told.events,
        [
            "SEC-7 ticketed 2026-03-02T09:00:00Z",
            "SEC-7 detected 2026-02-20T07:00:00Z",
            "SEC-7 merged 2026-03-03T09:00:00Z",
            "19506@web-01 detected 2026-02-19T07:00:00Z",
        ]
    );
    let opening = &told.canonical[0];
    for part in
        [r#""cve":["CVE-2026-1","CVE-2026-2"]"#, r#""kind":"posture""#, r#""team":"apps""#, r#""weakness":"19506""#]
    {
        assert!(opening.contains(part), "{opening}");
    }
    assert!(!opening.contains("web-01"), "nobody knew the asset when it was created: {opening}");
}

#[test]
fn a_category_learned_from_one_issue_serves_the_others() {
    let shipped = Issue::new(1).with("status", &status("10099", "Shipped", "done"));
    let other = Issue::new(2)
        .then(9, &[moved("In Progress", "Shipped"), resolved("Done")])
        .then(10, &[moved("Shipped", "Open")]);
    let told = told("jira", &Settings::default(), &format!("[{},{}]", shipped.json(), other.json()));
    let names: Vec<&str> = told.events.iter().map(|event| event.split(' ').nth(1).unwrap()).collect();
    assert_eq!(names, ["ticketed", "ticketed", "fix_applied", "closed", "reopened"]);
}
