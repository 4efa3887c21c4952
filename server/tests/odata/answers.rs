//! Do the cells say what the lives of the items say, and do answers come in the form that was asked for?

use crate::support::{Client, Items, URL, day, keys};
use domain::{
    claim::{Claim, Verdict},
    event::{GivenSeverity, ItemEvent},
    event_name::EventName::{self, *},
    severity::Severity,
    time::DAY_SECONDS,
};
use serde_json::{Value, json};
use server::odata::Names;

/// The row of one critical item whose events happened so many days after 2026-01-05, seen at `day(200)`.
fn row(events: &[(EventName, i64)]) -> Value {
    row_of("", events)
}

fn row_of(mode: &str, events: &[(EventName, i64)]) -> Value {
    let events = events.iter().map(|(name, at)| ItemEvent {
        severity: Some(GivenSeverity::Known(Severity::Critical)),
        ..ItemEvent::bare(*name, day(*at))
    });
    let mut ledger = Items::empty();
    ledger.add(1, "one", events.collect());
    Client::of(ledger).json(&format!("/odata/v4/Items(1){mode}"))
}

/// The tool says met of a ticket that the policy calls missed, and breached of one that still runs.
#[test]
fn what_the_tool_itself_says_stands_beside_what_the_policy_makes_of_it() {
    let said = |name, at: i64, verdict| ItemEvent {
        severity: Some(GivenSeverity::Known(Severity::Critical)),
        claim: Some(Box::new(Claim { verdict: Some(verdict), ..Claim::default() })),
        ..ItemEvent::bare(name, day(at))
    };
    let mut ledger = Items::empty();
    ledger.add(1, "one", vec![said(Ticketed, 0, Verdict::Running), said(Closed, 30, Verdict::Met)]);
    ledger.add(2, "two", vec![said(Ticketed, 198, Verdict::Breached)]);
    let client = Client::of(ledger);
    for (key, ours, theirs) in [(1, "missed", "met"), (2, "running", "breached")] {
        let row = client.json(&format!("/odata/v4/Items({key})"));
        assert_eq!((&row["sla_outcome"], &row["reported_sla"]), (&json!(ours), &json!(theirs)), "{key}");
    }
}

/// Critical is promised in 7 days and its clock never stops at night.
#[test]
fn pausing_stops_the_clock_of_the_ticket_and_not_of_the_wall() {
    let row = row(&[(Detected, 0), (Ticketed, 1), (Paused, 3), (Resumed, 8), (Closed, 9), (Verified, 11)]);
    assert_eq!(row["sla_seconds_last"], 3 * DAY_SECONDS);
    assert_eq!(row["sla_target_seconds"], 7 * DAY_SECONDS);
    assert_eq!(
        (&row["sla_outcome"], &row["reported_sla"]),
        (&json!("met"), &Value::Null),
        "ours is not the word of the tool"
    );
    assert_eq!(row["wall_seconds"], 11 * DAY_SECONDS);
    assert_eq!(row["wall_days"], 11.0);
    assert_eq!(row["promised_due"], day(7).to_string());
    assert_eq!(
        (&row["past_promised"], &row["state"]),
        (&json!(false), &json!("ended")),
        "only what is open is past its promise"
    );
    assert_eq!((&row["ended_at"], &row["end_cause"]), (&json!(day(11).to_string()), &json!("fixed")));
    assert_eq!((&row["origin_date"], &row["ended_date"]), (&json!("2026-01-05"), &json!("2026-01-16")));
}

#[test]
fn a_running_clock_is_counted_to_the_end_of_the_view_without_its_pauses() {
    let row = row(&[(Detected, 0), (Ticketed, 10), (Paused, 20), (Resumed, 50), (Paused, 100)]);
    assert_eq!(row["sla_seconds_last"], 60 * DAY_SECONDS, "10 days, then 50, then it waits");
    assert_eq!((&row["sla_outcome"], &row["state"]), (&json!("running"), &json!("paused")));
    assert_eq!((&row["wall_seconds"], &row["past_promised"]), (&json!(200 * DAY_SECONDS), &json!(true)));
}

#[test]
fn what_nobody_verified_is_open_unless_the_lenient_mode_is_asked_for() {
    let life = [(Detected, 0), (Ticketed, 1), (Closed, 30)];
    let strict = row_of("", &life);
    assert_eq!((&strict["state"], &strict["ended_at"]), (&json!("closed_unverified"), &Value::Null));
    assert_eq!((&strict["wall_days"], &strict["tool_open"]), (&json!(200.0), &json!(false)));
    assert_eq!(strict["sla_outcome"], "missed");
    let lenient = row_of("?mode=lenient", &life);
    assert_eq!((&lenient["state"], &lenient["wall_days"]), (&json!("ended"), &json!(30.0)));
    assert_eq!(lenient["end_evidence"], "unverified");
}

#[test]
fn what_no_source_says_is_null_and_never_zero() {
    let row = row(&[(Detected, 0)]);
    for name in [
        "team",
        "asset_class",
        "ended_at",
        "end_cause",
        "sla_seconds_last",
        "sla_outcome",
        "reported_sla",
        "kev_due",
        "first_closed_at",
    ] {
        assert_eq!(row[name], Value::Null, "{name}");
    }
    assert_eq!((&row["kind"], &row["touched"], &row["cycles"]), (&json!("vulnerability"), &json!(false), &json!(0)));
}

#[test]
fn a_second_episode_has_its_own_promise_and_the_wall_clock_has_both() {
    let row = row(&[
        (Detected, 0),
        (Ticketed, 0),
        (Closed, 2),
        (Verified, 2),
        (Redetected, 100),
        (Closed, 104),
        (Verified, 104),
    ]);
    assert_eq!((&row["episodes"], &row["cycles"], &row["closures"]), (&json!(2), &json!(2), &json!(2)));
    assert_eq!(row["wall_days"], 6.0);
    assert_eq!((&row["promised_due"], &row["past_promised"]), (&json!(day(107).to_string()), &json!(false)));
}

#[test]
fn one_row_one_cell_and_one_raw_value_can_be_read() {
    let client = Client::sample(9);
    let row = client.json("/odata/v4/Items(2)?$select=item_key,state");
    assert_eq!(row["@odata.context"], format!("{URL}/odata/v4/$metadata#Items(item_key,state)/$entity"));
    let cell = client.json("/odata/v4/Items(2)/state");
    assert_eq!(cell["value"], row["state"]);
    let raw = client.get("/odata/v4/Items(item_key=2)/state/$value");
    assert_eq!(json!(raw.body), row["state"]);
    let nobody = client.keys_where("team eq null")[0];
    for address in [format!("/odata/v4/Items({nobody})/team"), format!("/odata/v4/Items({nobody})/team/$value")] {
        let answer = client.get(&address);
        assert_eq!((answer.status.as_u16(), answer.body.as_str()), (204, ""), "{address}");
    }
}

#[test]
fn select_narrows_the_columns_and_keeps_their_order() {
    let client = Client::sample(3);
    let body = client.json("/odata/v4/Items?$select=severity,%20item_key");
    assert_eq!(body["@odata.context"], format!("{URL}/odata/v4/$metadata#Items(item_key,severity)"));
    assert_eq!(body["value"][0].as_object().unwrap().len(), 2);
    assert_eq!(client.get("/odata/v4/Items?$select=*").body, client.get("/odata/v4/Items").body);
}

#[test]
fn nulls_come_first_going_up_and_last_going_down() {
    let client = Client::sample(30);
    let teams = |order: &str| -> Vec<Value> {
        let rows = client.page(&format!("/odata/v4/Items?$orderby=team%20{order}"));
        rows.into_iter().map(|row| row["team"].clone()).collect()
    };
    let (up, down) = (teams("asc"), teams("desc"));
    assert!(up[0].is_null() && !up[29].is_null());
    assert!(down[29].is_null() && !down[0].is_null());
    assert!(up.iter().filter_map(Value::as_str).is_sorted());
}

#[test]
fn equal_rows_keep_the_order_of_their_keys() {
    let client = Client::sample(40);
    let rows = client.page("/odata/v4/Items?$orderby=severity%20desc&$select=item_key,severity");
    for pair in rows.windows(2) {
        if pair[0]["severity"] == pair[1]["severity"] {
            assert!(keys(pair).is_sorted());
        }
    }
    assert_eq!(keys(&client.page("/odata/v4/Items")), (1..=40).collect::<Vec<_>>());
}

#[test]
fn control_information_comes_as_it_was_asked_for() {
    let client = Client::sample(2);
    let none = client.json("/odata/v4/Items?$count=true&$format=application/json;odata.metadata=none");
    assert_eq!(none.as_object().unwrap().keys().collect::<Vec<_>>(), ["@odata.count", "value"]);
    let full = client.json("/odata/v4/Items?$format=application/json;odata.metadata=full");
    let row = &full["value"][0];
    assert_eq!((&row["@odata.id"], &row["origin@odata.type"]), (&json!("Items(1)"), &json!("#DateTimeOffset")));
    let text = client.with("accept", "application/json;IEEE754Compatible=true").json("/odata/v4/Items?$count=true");
    assert_eq!((&text["@odata.count"], &text["value"][0]["item_key"]), (&json!("2"), &json!("1")));
    assert!(text["value"][0]["wall_days"].is_f64());
}

#[test]
fn a_tag_changes_with_the_data_the_view_the_caller_and_the_question() {
    let client = Client::sample(5);
    let address = "/odata/v4/Items?$top=2";
    let tag = |client: &Client, address: &str| client.get(address).headers["etag"].to_str().unwrap().to_owned();
    let first = tag(&client, address);
    assert!(first.starts_with("W/\""));
    assert_eq!(tag(&client, address), first);
    let known = client.clone().with("if-none-match", &format!("\"other\", {first}"));
    assert_eq!((known.get(address).status.as_u16(), known.get(address).body.as_str()), (304, ""));
    let others = [
        Client { revision: 13, ..client.clone() },
        Client { as_of: day(201), ..client.clone() },
        Client { scope: "org 2".to_owned(), ..client.clone() },
        client.clone().with("accept", "application/json;odata.metadata=none"),
        client.clone().with("prefer", "maxpagesize=1"),
        client.clone().with("odata-maxversion", "4.0"),
    ];
    for other in others {
        assert_ne!(tag(&other, address), first);
    }
    assert_ne!(tag(&client, "/odata/v4/Items?$top=3"), first);
    for name in ["cache-control", "vary"] {
        assert!(client.get(address).headers.contains_key(name));
    }
}

#[test]
fn a_reader_of_one_team_sees_the_rows_of_that_team_alone() {
    let mut client = Client::sample(30);
    let all = client.page("/odata/v4/Items?$select=item_key,team");
    let own: Vec<_> = all.into_iter().filter(|row| row["team"] == "team 2").collect();
    client.items.teams_allowed = Some(vec!["team 2".to_owned()]);
    assert_eq!(client.page("/odata/v4/Items?$select=item_key,team"), own);
    assert_eq!(client.get("/odata/v4/Items/$count").body, own.len().to_string());
    let foreign = (1..=30).find(|key| !keys(&own).contains(key)).unwrap();
    assert_eq!(client.refusal(&format!("/odata/v4/Items({foreign})")).0, 404);
}

#[test]
fn a_reader_without_names_sees_codes_and_cannot_search_by_name() {
    let mut client = Client::sample(9);
    client.items.names = Names::Masked;
    for row in client.page("/odata/v4/Items?$select=item_key,item_id") {
        assert_eq!(row["item_id"], format!("item-{}", row["item_key"]));
    }
    assert_eq!(client.keys_where("contains(item_id,'CVE') or startswith(item_id,'=')"), [] as [i64; 0]);
}

/// A later page shows the view of the first one, while an item may have moved on in between.
#[test]
fn a_view_that_ends_before_the_last_event_of_an_item_never_shows_less_than_nothing() {
    let early = Client { as_of: day(0), ..Client::sample(40) };
    for row in early.page("/odata/v4/Items") {
        for name in ["wall_seconds", "sla_seconds_last"] {
            assert!(row[name].as_i64().is_none_or(|seconds| seconds >= 0), "{name} of {row}");
        }
    }
}
