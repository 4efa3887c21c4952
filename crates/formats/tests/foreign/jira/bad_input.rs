//! What becomes of issues that are broken?

use super::issue::{Issue, decided, item, moved};
use crate::told::{told, try_told};
use formats::foreign::{DateOrder, Settings};

#[test]
fn an_issue_without_a_key_or_a_creation_is_held_and_the_rest_is_told() {
    let no_key = Issue::new(7).json().replace(r#""key":"SEC-7","#, "");
    let no_created = Issue::new(8).without("created").then(9, &[moved("Open", "In Progress")]).json();
    let told = told("jira", &Settings::default(), &format!("{}\n{no_key}\n{no_created}\n", Issue::new(6).json()));
    assert_eq!(told.held, ["missing_field: the issue has no `key`", "missing_field: `SEC-8` has no `created`"]);
    assert_eq!(told.events.len(), 3, "{told:?}");
}

#[test]
fn a_change_whose_time_cannot_be_read_is_held_alone() {
    let issue = Issue::new(7)
        .then_by("u-bob", "soon", &[moved("Open", "In Progress")])
        .then_by("u-bob", "2026-03-03T10:00:00", &[moved("Open", "In Progress")])
        .then(11, &[moved("In Progress", "Closed")]);
    let told = told("jira", &Settings::default(), &issue.json());
    assert_eq!(told.events, ["SEC-7 ticketed 2026-03-02T09:00:00Z", "SEC-7 closed 2026-03-03T11:00:00Z"]);
    assert_eq!(
        told.held,
        ["naive_time: time without offset `2026-03-03T10:00:00`", "bad_value: `soon` in `created` is not a time"]
    );
}

#[test]
fn a_time_before_2000_is_a_marker_and_held() {
    let issue = Issue::new(7).with("created", r#""1970-01-01T00:00:00.000+00:00""#);
    let told = told("jira", &Settings::default(), &issue.json());
    assert!(told.held[0].starts_with("time_range:"), "{told:?}");
}

#[test]
fn lines_that_are_no_issue_are_held_one_by_one() {
    let good = Issue::new(7).json();
    let file = format!("{good}\n{{\"key\":\n[1]\n{{\"hello\":1}}\n{good}\n");
    let told = told("jira", &Settings::default(), &file);
    assert_eq!((told.events.len(), told.held.len()), (2, 3), "{told:?}");
    assert!(told.held.iter().all(|held| held.starts_with("unreadable:")), "{told:?}");
}

#[test]
fn a_line_of_ten_megabytes_is_held_and_the_next_one_told() {
    let long = Issue::new(8).with("description", &format!("\"{}\"", "x".repeat(10_000_000))).json();
    let told =
        told("jira", &Settings::default(), &format!("{}\n{long}\n{}\n", Issue::new(7).json(), Issue::new(9).json()));
    assert_eq!(told.events.len(), 2);
    assert!(told.held[0].starts_with("record_too_long:"), "{told:?}");
}

#[test]
fn settings_that_cannot_be_followed_are_refused() {
    let refused = |settings: &Settings| {
        let fault = try_told("jira", settings, &Issue::new(7).json()).unwrap_err();
        assert_eq!(fault.code(), "bad_setting");
        fault.to_string()
    };
    let mut settings = Settings::default();
    settings.statuses.insert("10003".to_owned(), "sleeping".to_owned());
    assert!(refused(&settings).contains("the status `10003` cannot mean `sleeping`"));
    let mut settings = Settings::default();
    settings.jira.resolutions.insert("Done".to_owned(), "verified".to_owned());
    assert!(refused(&settings).contains("the resolution `Done` cannot mean `verified`"));
    let mut settings = Settings::default();
    settings.jira.fields.insert("severity".to_owned(), "customfield_1".to_owned());
    assert!(refused(&settings).contains("`severity`"));
    let mut settings = Settings::default();
    settings.jira.check_method = Some("guess".to_owned());
    assert!(refused(&settings).contains("`guess` verifies nothing"));
}

#[test]
fn settings_are_saved_and_read_again_to_the_letter() {
    let mut settings = decided();
    settings.jira.check_method = Some("retest".to_owned());
    let text = serde_json::to_string(&settings).unwrap();
    assert_eq!(serde_json::from_str::<Settings>(&text).unwrap(), settings);
    assert_eq!(serde_json::to_string(&Settings::default()).unwrap(), "{}");
    assert!(serde_json::from_str::<Settings>(r#"{"jira":{"resolution":{}}}"#).is_err());
}

#[test]
fn rows_that_are_broken_are_held_one_by_one() {
    let settings = Settings { zone: Some("UTC".to_owned()), dates: Some(DateOrder::DayFirst), ..Settings::default() };
    let file = "Issue key,Created,Summary\nSEC-1,03/Apr/26 1:04 PM,'=1+1\nSEC-2,03/Apr/26 1:04 PM\nSEC-3,03/abr/26 1:04 PM,x\nSEC-4,,x\nSEC-5,########,x\nSEC-6,\"03/Apr/26 1:04 PM,x\n";
    let told = told("jira", &settings, file);
    assert_eq!(told.events, ["SEC-1 ticketed 2026-04-03T13:04:00Z..2026-04-03T13:04:59Z"]);
    let reasons: Vec<&str> = told.held.iter().map(|held| held.split(':').next().unwrap()).collect();
    assert_eq!(reasons, ["bad_value", "bad_value", "missing_field", "bad_value", "unreadable"], "{:?}", told.held);
}

#[test]
fn bytes_that_are_no_utf8_are_held() {
    use formats::foreign::{Adapter, Foreign};
    // Behind the beginning that is looked at: there, nobody asked for another encoding.
    let mut file = format!("Issue key,Created\n{}SEC-", "SEC-1,2026-04-03T10:00:00Z\n".repeat(3_000)).into_bytes();
    file.extend([0xe9, b',', b'x', b'\n']);
    let mut foreign = Foreign::open(&file[..], Adapter::named("jira").unwrap(), &Settings::default()).unwrap();
    let mut held = 0;
    while let Some(record) = foreign.next_record().unwrap() {
        held += record
            .understood
            .outcomes
            .iter()
            .filter(|outcome| matches!(outcome, formats::canonical::Outcome::Held(_)))
            .count();
    }
    assert_eq!(held, 1);
}

#[test]
fn other_files_with_issues_are_not_taken_for_jira() {
    use formats::foreign::candidates;
    for file in [
        r#"{"issues":[{"key":"a","rule":"b","severity":"MAJOR"}],"total":1}"#,
        r#"{"webhookEvent":"user_created"}"#,
        r#"{"values":[{"items":[]}]}"#,
        "Key,Created\nSEC-1,x\n",
        "Issue ID,Created At,Resolution\n1,2,3\n",
    ] {
        assert!(candidates(file.as_bytes()).is_empty(), "{file}");
    }
}

#[test]
fn a_history_of_very_many_changes_is_read_in_one_pass() {
    let item = |field: &str| item(field, ("-", "-"), ("1", "1"));
    let changes: Vec<String> = (0..3_500)
        .map(|number| {
            let items = [item("resolution"), item("assignee")].join(",");
            format!(r#"{{"id":"{number}","created":"2026-03-03T09:00:00Z","items":[{items}]}}"#)
        })
        .collect();
    let changelog = format!(r#","changelog":{{"histories":[{}]}}"#, changes.join(","));
    let many = told("jira", &Settings::default(), &Issue::new(7).with_changelog(&changelog));
    assert_eq!(many.events.len(), 3_501);

    // One change that names a field again and again tells it once.
    let items = vec![item("assignee"); 8_000].join(",");
    let changelog =
        format!(r#","changelog":{{"histories":[{{"id":"1","created":"2026-03-03T09:00:00Z","items":[{items}]}}]}}"#);
    let told = told("jira", &Settings::default(), &Issue::new(7).with_changelog(&changelog));
    assert_eq!((told.events.len(), told.no_event.get("field `assignee`")), (2, Some(&7_999)));
}
