//! Does one issue tell the same in whatever shape it comes?

use super::{
    issue::{Issue, decided, item, moved, status},
    life::resolved,
};
use crate::told::{Told, told, try_told};
use formats::foreign::Settings;
use proptest::prelude::*;
use std::collections::BTreeMap;

/// Statuses with their categories, as the issue shows them after each change.
const STATUSES: [(&str, &str, &str); 8] = [
    ("1", "Open", "new"),
    ("3", "In Progress", "indeterminate"),
    ("10003", "With vendor", "indeterminate"),
    ("10004", "Board", "indeterminate"),
    ("5", "Resolved", "done"),
    ("6", "Closed", "done"),
    ("10005", "Verified", "done"),
    ("10007", "Accepted risk", "done"),
];

/// An issue that goes through these statuses, with the fields that its webhooks would show.
fn walked(walk: &[usize]) -> Issue {
    let mut issue = Issue::new(7);
    let (mut at, mut resolution) = (0, "-");
    for (hour, next) in walk.iter().enumerate() {
        let (from, to) = (STATUSES.get(at).unwrap(), STATUSES.get(*next).unwrap());
        let mut items = vec![item("status", (from.0, from.1), (to.0, to.1))];
        issue = issue.with("status", &status(to.0, to.1, to.2));
        let is = if to.2 == "done" && hour % 3 != 2 { "Fixed" } else { "-" };
        if is != resolution {
            items.push(item("resolution", (resolution, resolution), (is, is)));
            let name = format!(r#"{{"id":"{is}","name":"{is}"}}"#);
            issue = issue.with("resolution", if is == "-" { "null" } else { &name });
        }
        (at, resolution) = (*next, is);
        issue = issue.then(u32::try_from(hour).unwrap(), &items);
    }
    issue
}

fn whole_life() -> Issue {
    Issue::new(7)
        .with("status", &status("3", "In Progress", "indeterminate"))
        .then(9, &[moved("Open", "In Progress"), item("assignee", ("-", "-"), ("u-bob", "Bob"))])
        .with("priority", r#"{"id":"1","name":"Highest"}"#)
        .then(10, &[item("priority", ("2", "High"), ("1", "Highest"))])
        .with("status", &status("6", "Closed", "done"))
        .with("resolution", r#"{"id":"10000","name":"Done"}"#)
        .then(11, &[moved("In Progress", "Closed"), resolved("Done")])
}

#[test]
fn one_issue_is_the_same_in_a_search_a_list_lines_and_alone() {
    let (one, two) = (whole_life().json(), Issue::new(8).json());
    let expected = told("jira", &Settings::default(), &format!("{one}\n{two}\n")).canonical;
    assert_eq!(expected.len(), 8);
    let pretty =
        |text: &str| serde_json::to_string_pretty(&serde_json::from_str::<serde_json::Value>(text).unwrap()).unwrap();
    let search = format!(r#"{{"expand":"names","startAt":0,"total":2,"issues":[{one},{two}],"isLast":true}}"#);
    let list = format!("[{one},{two}]");
    for file in [&search, &pretty(&search), &list, &pretty(&list), &format!("{search}\n{search}\n")] {
        let told = told("jira", &Settings::default(), file);
        assert_eq!(told.canonical[..8], expected, "{file}");
    }
    let alone = told("jira", &Settings::default(), &pretty(&one));
    assert_eq!(alone.canonical, expected[..7]);
}

#[test]
fn an_issue_longer_than_the_beginning_that_is_looked_at_is_still_recognised() {
    let long = format!("\"{}\"", "x".repeat(100_000));
    let issue = whole_life().with("description", &long);
    let (one, pretty) = (issue.json(), issue.json().replacen(',', ",\n", 2));
    for file in [
        format!("{one}\n{one}\n"),
        format!("[{one}]"),
        format!(r#"{{"startAt":0,"issues":[{one}]}}"#),
        format!("{{\n\"startAt\":0,\n\"issues\":[{one}]}}"),
        pretty,
    ] {
        let told = told("jira", &Settings::default(), &file);
        assert_eq!(told.events.first().unwrap(), "SEC-7 ticketed 2026-03-02T09:00:00Z");
    }
}

#[test]
fn a_newer_export_adds_only_what_is_new() {
    let older = Issue::new(7).then(9, &[moved("Open", "In Progress")]);
    let newer = older.clone().then(10, &[item("priority", ("2", "High"), ("5", "Lowest"))]);
    let newer = newer
        .with("priority", r#"{"id":"5","name":"Lowest"}"#)
        .then(11, &[moved("In Progress", "Closed"), resolved("Done")]);
    let (older, newer) = (told("jira", &decided(), &older.json()), told("jira", &decided(), &newer.json()));
    assert_eq!(newer.canonical[..older.canonical.len()], older.canonical);
    assert_eq!(newer.canonical.len(), older.canonical.len() + 3);
}

#[test]
fn a_webhook_and_an_export_of_one_change_are_one_event() {
    let issue = whole_life();
    let created = told("jira", &Settings::default(), &Issue::new(7).created());
    let mut live = created.canonical;
    for webhook in issue.webhooks() {
        live.extend(told("jira", &Settings::default(), &webhook).canonical);
    }
    assert_eq!(live, told("jira", &Settings::default(), &issue.json()).canonical);
}

#[test]
fn a_webhook_goes_by_the_time_of_the_update_and_else_by_its_own() {
    let webhook = whole_life().webhooks().remove(0);
    let sent = |timestamp: &str, webhook: &str| {
        let webhook = webhook.replacen('{', &format!("{{\"timestamp\":{timestamp},"), 1);
        told("jira", &Settings::default(), &webhook).events[0].clone()
    };
    // 2026-03-03T09:00:00Z is 1772528400.
    assert_eq!(sent("1772528401234", &webhook), "SEC-7 triaged 2026-03-03T09:00:00Z");
    assert_eq!(sent("1772532000000", &webhook), "SEC-7 triaged 2026-03-03T10:00:00Z", "it was changed long before");
    let without = webhook.replace(r#","updated":"2026-03-03T09:00:00.000+00:00""#, "");
    assert_eq!(sent("1772528401234", &without), "SEC-7 triaged 2026-03-03T09:00:01Z");
    let told = told("jira", &Settings::default(), &without);
    assert_eq!(told.held, ["missing_field: the webhook has no `timestamp`"]);
}

#[test]
fn webhooks_without_news_are_counted() {
    let created = Issue::new(7).created();
    let file = [
        created.clone(),
        created.replace("jira:issue_created", "jira:issue_deleted"),
        created.replace("jira:issue_created", "jira:issue_updated"),
        r#"{"webhookEvent":"comment_created","comment":{"id":"1"}}"#.to_owned(),
    ];
    let told = told("jira", &Settings::default(), &file.join("\n"));
    assert_eq!(told.events, ["SEC-7 ticketed 2026-03-02T09:00:00Z"]);
    let expected = ["comment_created", "jira:issue_deleted", "jira:issue_updated without a change"];
    assert_eq!(told.no_event, expected.map(|what| (what.to_owned(), 1)).into());
}

#[test]
fn the_first_look_is_told_once_by_the_webhooks_of_a_file() {
    let issue = walked(&[1, 0, 1]);
    let file = issue.webhooks().join("\n");
    assert_eq!(told("jira", &Settings::default(), &file).canonical, export_of(&issue).canonical[1..]);
}

fn export_of(issue: &Issue) -> Told {
    told("jira", &Settings::default(), &issue.json())
}

#[test]
fn a_page_of_a_history_adds_what_the_export_lacked() {
    let issue = Issue::new(7)
        .then(9, &[moved("Open", "In Progress")])
        .then(10, &[moved("In Progress", "Closed"), resolved("Done")]);
    let whole = issue.json();
    let histories = whole.split(r#""histories":"#).nth(1).unwrap().split(r#"},"fields""#).next().unwrap();
    let page = format!(
        r#"{{"self":"https://jira.example/rest/api/3/issue/SEC-7/changelog?startAt=0","startAt":0,"total":2,"isLast":true,"values":{histories}}}"#
    );
    let later = page.replace(r#","startAt":0"#, r#","startAt":50"#);
    let page = told("jira", &Settings::default(), &page);
    assert_eq!(page.canonical, export_of(&issue).canonical[1..]);
    assert_eq!(page.arrived, ["history of SEC-7"], "one page holds all of it");
    assert!(told("jira", &Settings::default(), &later).arrived.is_empty());
}

#[test]
fn a_search_whose_file_is_cut_off_gives_what_came_before_and_says_where() {
    let search = format!("{{\"issues\":[\n{},\n{}", whole_life().json(), &Issue::new(8).json()[..80]);
    let fault = try_told("jira", &Settings::default(), &search).unwrap_err();
    assert_eq!(fault.code(), "json_syntax");
    assert!(fault.to_string().starts_with("line 3"), "{fault}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn whatever_way_an_issue_goes_its_webhooks_tell_what_its_export_tells(walk in prop::collection::vec(0_usize..8, 0..12)) {
        let issue = walked(&walk);
        let export = told("jira", &decided(), &issue.json());
        let mut live: BTreeMap<String, String> = BTreeMap::new();
        for event in told("jira", &decided(), &Issue::new(7).created()).canonical {
            live.insert(event.clone(), event);
        }
        if !walk.is_empty() {
            for event in told("jira", &decided(), &issue.webhooks().join("\n")).canonical {
                live.insert(event.clone(), event);
            }
        }
        let exported: BTreeMap<String, String> = export.canonical.into_iter().map(|event| (event.clone(), event)).collect();
        prop_assert_eq!(live, exported);
        prop_assert!(export.held.is_empty());
    }

    #[test]
    fn the_order_of_histories_never_matters(walk in prop::collection::vec(0_usize..8, 2..10), seed in any::<prop::sample::Index>()) {
        let whole = walked(&walk).json();
        let (before, rest) = whole.split_once(r#""histories":"#).unwrap();
        let (histories, after) = rest.split_once(r#"},"fields""#).unwrap();
        let mut list: Vec<serde_json::Value> = serde_json::from_str(histories).unwrap();
        let place = seed.index(list.len());
        list.rotate_left(place);
        let turned = format!(r#"{before}"histories":{}}},"fields"{after}"#, serde_json::to_string(&list).unwrap());
        prop_assert_eq!(told("jira", &decided(), &turned).canonical, told("jira", &decided(), &whole).canonical);
    }
}
