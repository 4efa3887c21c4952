//! The analysis of what is stored is that of a file: of the same items, at any moment, with what was known by then.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that cannot go on fails right there")]

mod support;

use domain::{id::PersonId, time::Timestamp, view::Verification};
use metrics::ledger::{Actor, Filter};
use serde_json::Value;
use service::{
    FIRST_ORG, ServiceError,
    analyze::{ItemList, Options, Wanted, analyze},
    authorise::Caller,
    identity::role::{Role, Standing},
    ingest::{AllowedSources, ReceivedAt, SendEvents},
    question::ask::Ask,
};
use std::path::Path;
use support::Desk;

const PLAIN: Wanted = Wanted { tau_days: None, items: ItemList::LeftOut };
const END: &str = "2026-07-01T00:00:00Z";
/// Later than the last line was learnt.
const ALL_KNOWN: &str = "2026-08-01T00:00:00Z";

fn moment(text: &str) -> Timestamp {
    Timestamp::parse(text).unwrap()
}

/// The small organisation; every third line was learnt ten days after it happened.
fn lines() -> Vec<String> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/conformance/org-small/events.jsonl.zst");
    let text = String::from_utf8(zstd::decode_all(std::fs::read(path).unwrap().as_slice()).unwrap()).unwrap();
    let late = |(place, line): (usize, &str)| {
        let mut event: Value = serde_json::from_str(line).unwrap();
        let late = if place % 3 == 0 { 10 * 86_400 } else { 0 };
        let received = moment(event["at"].as_str().unwrap()).plus(late);
        event["received_at"] = Value::from(received.to_string());
        event.to_string()
    };
    text.lines().enumerate().map(late).collect()
}

async fn filled(place: support::engines::Place, lines: &[String]) -> Desk {
    let desk = Desk::open(place).await;
    desk.set_clock(moment(ALL_KNOWN).seconds());
    for batch in lines.chunks(2_000) {
        let events = SendEvents {
            received_at: ReceivedAt::Carried,
            allowed: AllowedSources::Any,
            ..SendEvents::new("feed", batch.join("\n").into_bytes())
        };
        desk.try_send(events).await.unwrap();
    }
    desk
}

fn ask(as_of: &str, known_at: &str, filter: Filter) -> Ask {
    Ask {
        filter,
        as_of: Some(moment(as_of)),
        known_at: Some(moment(known_at)),
        observed_from: Some(moment("2025-07-01T00:00:00Z")),
    }
}

fn of_file<'a>(lines: impl IntoIterator<Item = &'a String>, ask: &Ask, wanted: Wanted) -> Value {
    let headline = match ask.filter.mode {
        Verification::Strict => "strict",
        Verification::Lenient => "lenient",
    };
    let options = Options {
        as_of: ask.as_of.unwrap(),
        observed_from: ask.observed_from.unwrap(),
        known_at: ask.known_at,
        policy: Some(format!("{{\"verification\":\"{headline}\"}}")),
        playbook: None,
        tau_days: wanted.tau_days,
        items: wanted.items,
    };
    analyze(lines, &options).unwrap()
}

/// The log keeps the whole word of a kind where a feed wrote its short form.
fn with_whole_kinds(answer: &Value) -> Value {
    let text = answer.to_string().replace("\"kind\":\"vuln\"", "\"kind\":\"vulnerability\"");
    serde_json::from_str(&text.replace("\"kind\":\"misconfig\"", "\"kind\":\"misconfiguration\"")).unwrap()
}

/// Section by section, so that a failure can be read.
#[track_caller]
fn assert_same(got: &Value, want: &Value, of: &str) {
    let (got, want) = (got.as_object().unwrap(), want.as_object().unwrap());
    let differ = |key: &&String| got.get(*key) != want.get(*key);
    let sections: Vec<&String> = want.keys().chain(got.keys()).filter(differ).collect();
    assert!(sections.is_empty(), "{of}: {sections:?} differ");
}

fn operator() -> Caller {
    Caller::operator(FIRST_ORG, moment(END))
}

fn person(standing: Standing) -> Caller {
    Caller::person(FIRST_ORG, PersonId::from_row(7), standing, moment(END))
}

/// The lines of the items for which a predicate on the first line that carries the field holds.
fn of_items(lines: &[String], holds: impl Fn(&Value) -> bool) -> Vec<&String> {
    let events: Vec<Value> = lines.iter().map(|line| serde_json::from_str(line).unwrap()).collect();
    let chosen: std::collections::BTreeSet<&str> =
        events.iter().filter(|event| holds(event)).map(|event| event["item_id"].as_str().unwrap()).collect();
    let is_chosen = |event: &Value| chosen.contains(event["item_id"].as_str().unwrap());
    lines.iter().zip(&events).filter(|(_, event)| is_chosen(event)).map(|(line, _)| line).collect()
}

on_both_engines! {
    async fn any_moment_and_any_knowledge_answer_like_the_file(place) {
        let lines = lines();
        let desk = filled(place, &lines).await;
        let printed = Wanted { tau_days: Some(90), items: ItemList::Printed };
        for (as_of, known_at, mode) in [
            (END, ALL_KNOWN, Verification::Strict),
            (END, END, Verification::Lenient),
            ("2026-01-15T12:30:00Z", "2026-01-15T12:30:00Z", Verification::Strict),
            ("2026-01-15T12:30:00Z", "2026-01-20T00:00:00Z", Verification::Strict),
        ] {
            let ask = ask(as_of, known_at, Filter { mode, ..Filter::default() });
            let got = desk.services.analysis(&operator(), &ask, printed).await.unwrap();
            let want = of_file(&lines, &ask, printed);
            assert_same(&with_whole_kinds(&got), &with_whole_kinds(&want), &format!("as of {as_of}, known at {known_at}"));
        }
        let late = ask("2026-01-15T12:30:00Z", "2026-01-15T12:30:00Z", Filter::default());
        let all = ask("2026-01-15T12:30:00Z", ALL_KNOWN, Filter::default());
        assert_ne!(of_file(&lines, &late, PLAIN)["events"], of_file(&lines, &all, PLAIN)["events"]);
    }

    async fn a_filter_answers_like_the_file_of_its_items(place) {
        let lines = lines();
        let desk = filled(place, &lines).await;
        let team = Filter { team: Some("apps".to_owned()), ..Filter::default() };
        let agents = Filter { actor: Some(Actor::Agent), ..Filter::default() };
        let is_agents = |event: &Value| {
            event["actor_type"] == "agent" && (event["event"] == "fix_applied" || event["event"] == "closed")
        };
        for (filter, chosen) in [
            (team, of_items(&lines, |event| event["team"] == "apps")),
            (agents, of_items(&lines, is_agents)),
        ] {
            let ask = ask(END, ALL_KNOWN, filter);
            let got = desk.services.analysis(&operator(), &ask, PLAIN).await.unwrap();
            let mut want = of_file(chosen, &ask, PLAIN);
            // Lines that became no event belong to no item, so no filter keeps them.
            want["flags"].as_object_mut().unwrap().remove("duplicate_dropped");
            assert!(got["item_count"].as_u64().unwrap() > 10);
            assert_same(&got, &want, "a filter");
        }
    }

    async fn a_lead_is_told_of_the_own_teams_and_of_nothing_else(place) {
        let lines = lines();
        let desk = filled(place, &lines).await;
        let lead = person(Standing { teams: vec!["apps".to_owned()], ..Standing::active(Role::Analyst) });
        let plain = ask(END, END, Filter::default());
        let told = desk.services.analysis(&lead, &plain, PLAIN).await.unwrap();
        assert_eq!(told["teams_allowed"], serde_json::json!(["apps"]));
        let asked_for = Filter { team: Some("apps".to_owned()), ..Filter::default() };
        let mut same = desk.services.analysis(&operator(), &ask(END, END, asked_for), PLAIN).await.unwrap();
        same["teams_allowed"] = serde_json::json!(["apps"]);
        assert_same(&told, &same, "the own team");
        let foreign = Filter { team: Some("network".to_owned()), ..Filter::default() };
        let told = desk.services.analysis(&lead, &ask(END, END, foreign), PLAIN).await.unwrap();
        assert_eq!((told["item_count"].as_u64(), told["events"].as_u64()), (Some(0), Some(0)));
    }

    async fn whoever_may_not_see_names_is_told_none(place) {
        let lines = lines();
        let desk = filled(place, &lines).await;
        let board = person(Standing::active(Role::BoardViewer));
        let plain = ask(END, END, Filter::default());
        let printed = Wanted { items: ItemList::Printed, ..PLAIN };
        let told = desk.services.analysis(&board, &plain, printed).await.unwrap();
        assert!(told["process"]["handover_top"].is_null());
        let items = told["items"].as_object().unwrap();
        assert!(items.len() > 300 && items.keys().all(|id| id.starts_with("item-")));
    }
}

#[tokio::test]
async fn a_window_or_horizon_that_is_none_is_refused() {
    let desk = Desk::open(support::engines::sqlite_place()).await;
    let empty = ask("2025-07-01T00:00:00Z", END, Filter::default());
    let refused = |outcome: Result<Value, ServiceError>| match outcome {
        Err(ServiceError::Refused(refusal)) => refusal.place.unwrap_or_default(),
        other => panic!("not refused: {other:?}"),
    };
    assert_eq!(refused(desk.services.analysis(&operator(), &empty, PLAIN).await), "observed_from");
    let plain = ask(END, END, Filter::default());
    let endless = Wanted { tau_days: Some(0), ..PLAIN };
    assert_eq!(refused(desk.services.analysis(&operator(), &plain, endless).await), "tau_days");
}
