//! Is each lie that Jira is known for counted?

use super::{
    issue::{Issue, decided, item, moved, status},
    life::resolved,
};
use crate::told::{Told, told};
use formats::foreign::Settings;

fn tell(settings: &Settings, issue: &Issue) -> Told {
    told("jira", settings, &issue.json())
}

fn met(told: &Told, rule: &str) -> u64 {
    told.met.get(rule).copied().unwrap_or_default()
}

#[test]
fn a_status_known_by_its_name_alone_is_counted() {
    let renamed = item("status", ("10021", "In Progress"), ("10022", "Done"));
    let told = tell(&Settings::default(), &Issue::new(7).then(9, &[renamed, resolved("Done")]));
    assert_eq!((met(&told, "status_by_name"), met(&told, "status_unknown")), (2, 0), "{told:?}");
    assert_eq!(told.events.last().unwrap(), "SEC-7 closed 2026-03-03T09:00:00Z");

    let built_in =
        tell(&Settings::default(), &Issue::new(7).then(9, &[moved("In Progress", "Closed"), resolved("Done")]));
    assert_eq!(met(&built_in, "status_by_name"), 0);

    let mut settings = Settings::default();
    settings.statuses.insert("in progress".to_owned(), "working".to_owned());
    settings.statuses.insert("10022".to_owned(), "done".to_owned());
    let renamed = item("status", ("10021", "In Progress"), ("10022", "Irgendwas"));
    let mapped = tell(&settings, &Issue::new(7).then(9, &[renamed, resolved("Done")]));
    assert_eq!(met(&mapped, "status_by_name"), 1, "{mapped:?}");
}

#[test]
fn a_status_that_nothing_tells_is_no_event_and_is_counted() {
    let told = tell(&Settings::default(), &Issue::new(7).then(9, &[moved("Open", "Geparkt")]));
    assert_eq!(told.events.len(), 1);
    assert_eq!(told.no_event.get("status `Geparkt`"), Some(&1));
    assert_eq!(met(&told, "status_unknown"), 1);
    let known =
        Issue::new(7).then(9, &[moved("Open", "Geparkt")]).with("status", &status("10099", "Geparkt", "indeterminate"));
    assert_eq!(tell(&Settings::default(), &known).events[1], "SEC-7 triaged 2026-03-03T09:00:00Z");
}

#[test]
fn an_offset_without_its_colon_is_read_and_counted() {
    let issue = Issue::new(7).with("created", r#""2026-03-02T17:00:00.000+0800""#).then_by(
        "u-bob",
        "2026-03-03T17:00:00.000+0800",
        &[moved("Open", "In Progress")],
    );
    let told = tell(&Settings::default(), &issue);
    assert_eq!(told.events[1], "SEC-7 triaged 2026-03-03T09:00:00Z");
    assert_eq!(met(&told, "offset_without_colon"), 2);
    assert_eq!(met(&tell(&Settings::default(), &Issue::new(7)), "offset_without_colon"), 0);
}

#[test]
fn a_history_that_is_cut_short_is_held_and_the_opening_stays() {
    let issue = Issue::new(7).then(9, &[moved("Open", "In Progress")]);
    let short = issue.json().replace(r#""total":1"#, r#""total":3"#);
    let told_short = told("jira", &Settings::default(), &short);
    assert_eq!(told_short.events, ["SEC-7 ticketed 2026-03-02T09:00:00Z"]);
    assert_eq!(told_short.held, ["changelog_truncated: `SEC-7` has 1 of 3 histories"]);
    assert_eq!(met(&told_short, "changelog_truncated"), 1);

    assert_eq!((told_short.awaits, told_short.arrived), (vec!["history of SEC-7".to_owned()], Vec::new()));

    let none = told("jira", &Settings::default(), &issue.with_changelog(""));
    assert_eq!(none.held, ["changelog_truncated: `SEC-7` has no `changelog.histories`"]);

    let whole = tell(&Settings::default(), &issue);
    assert_eq!((whole.events.len(), met(&whole, "changelog_truncated")), (3, 0));
    assert_eq!((whole.awaits.len(), whole.arrived.join(", ").as_str()), (0, "history of SEC-7"));
    assert!(
        !whole.canonical.contains(&told_short.canonical[0]),
        "the two openings stand in each other's way: {whole:?}"
    );
    assert!(short.len() > 1);
}

#[test]
fn done_without_a_resolution_is_closed_and_counted() {
    let told = tell(&Settings::default(), &Issue::new(7).then(9, &[moved("In Progress", "Closed")]));
    assert_eq!(told.events[1..], ["SEC-7 closed 2026-03-03T09:00:00Z"]);
    assert_eq!(met(&told, "done_without_resolution"), 1);
    let late = tell(
        &Settings::default(),
        &Issue::new(7).then(9, &[moved("In Progress", "Closed")]).then(10, &[resolved("False Positive")]),
    );
    assert_eq!(late.events[2..], ["SEC-7 false_positive 2026-03-03T10:00:00Z"]);
    let before = Issue::new(7).then(9, &[resolved("Fixed")]).then(10, &[moved("In Progress", "Closed")]);
    let before = tell(&Settings::default(), &before);
    assert_eq!((met(&before, "done_without_resolution"), before.events.len()), (0, 3), "{before:?}");
}

#[test]
fn twenty_issues_changed_by_one_person_in_one_second_are_one_edit() {
    let file = |count: u32| {
        let issue = |number| Issue::new(number).then(9, &[moved("Open", "In Progress")]).json();
        (1..=count).map(issue).collect::<Vec<_>>().join("\n")
    };
    assert_eq!(met(&told("jira", &Settings::default(), &file(19)), "bulk_edit"), 0);
    assert_eq!(met(&told("jira", &Settings::default(), &file(25)), "bulk_edit"), 1);
}

#[test]
fn a_due_date_that_is_moved_or_taken_away_is_counted_and_one_that_is_set_is_not() {
    let due = |from: &str, to: &str| item("duedate", (from, from), (to, to));
    let set = Issue::new(7).then(9, &[due("-", "2026-04-01")]);
    assert_eq!(met(&tell(&Settings::default(), &set), "due_date_moved"), 0);
    let moved = set.then(10, &[due("2026-04-01", "2026-06-01")]).then(11, &[due("2026-06-01", "-")]);
    let told = tell(&Settings::default(), &moved);
    assert_eq!((met(&told, "due_date_moved"), told.no_event.get("duedate")), (2, Some(&3)));
}

#[test]
fn a_risk_accepted_without_an_end_is_counted() {
    let issue = Issue::new(7).with("customfield_9", r#""2026-12-31""#).then(9, &[moved("Open", "Accepted risk")]);
    let mut settings = Settings { zone: Some("Europe/Madrid".to_owned()), ..decided() };
    assert_eq!(met(&tell(&settings, &issue), "accepted_without_end"), 1);
    settings.jira.fields.insert("expires_at".to_owned(), "customfield_9".to_owned());
    let told = tell(&settings, &issue);
    assert_eq!(met(&told, "accepted_without_end"), 0);
    let granted = told.canonical.last().unwrap();
    assert!(granted.contains(r#""expires_at":"2026-12-31T22:59:59Z""#), "{granted}");
    assert_eq!(met(&tell(&settings, &issue.without("customfield_9")), "accepted_without_end"), 1);
}

#[test]
fn a_check_is_a_statement_and_worth_what_its_maker_and_its_haste_make_it() {
    let at = |time: &str| format!("2026-03-03T{time}+00:00");
    let closed =
        Issue::new(7).then_by("u-bob", &at("09:00:00"), &[moved("In Progress", "Resolved"), resolved("Fixed")]);
    let checked = |by: &str, time: &str| {
        tell(&decided(), &closed.clone().then_by(by, &at(time), &[moved("Resolved", "Verified")]))
    };
    let hasty = checked("u-bob", "09:00:59");
    assert_eq!(hasty.events.last().unwrap(), "SEC-7 verified 2026-03-03T09:00:59Z");
    assert!(hasty.canonical.last().unwrap().contains(r#""method":"attestation""#));
    assert_eq!((met(&hasty, "self_verified"), met(&hasty, "verified_too_fast")), (1, 1));
    let calm = checked("u-eve", "10:00:00");
    assert_eq!((met(&calm, "self_verified"), met(&calm, "verified_too_fast")), (0, 0));

    let mut settings = decided();
    settings.jira.check_method = Some("retest".to_owned());
    let retested = tell(
        &settings,
        &closed.then(10, &[moved("Resolved", "Verified")]).then(11, &[moved("Verified", "In Progress")]),
    );
    assert!(retested.canonical.iter().any(|event| event.contains(r#""method":"retest""#)));
    assert!(retested.events.contains(&"SEC-7 reopened 2026-03-03T11:00:00Z".to_owned()), "{retested:?}");
}
