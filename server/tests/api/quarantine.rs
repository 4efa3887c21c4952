//! Can a program see what is held, ask what a decision would do, and take it, as a person on the page?

use axum::http::StatusCode;
use serde_json::{Value, json};
use service::identity::caller::Names;
use service::identity::scope::Scope;

use crate::acts::records;
use crate::command::{text, wallclock};
use crate::support::{Answer, Asker, Folder, TestApp, post};

/// Two times without an offset, one severity below low, one that is no JSON.
const LINES: &str = r#"{"id":"a","item_id":"a@host","event":"detected","at":"2026-03-01 10:00:00"}
{"id":"b","item_id":"b@host","event":"detected","at":"2026-03-02 10:00:00"}
{"id":"c","item_id":"c@host","event":"detected","at":"2026-03-03T10:00:00Z","severity":"info"}
no json
"#;

/// A program that reads, and one that decides.
async fn planted() -> (TestApp, Asker, Asker) {
    let app = TestApp::new().await;
    let sender = app.token(&[Scope::WriteEvents]).await;
    let sent = app.ask(&sender, post("/api/v1/events", "application/x-ndjson", LINES)).await;
    assert_eq!(sent.json()["quarantined"], 4, "{}", sent.text);
    let (reader, decider) = (app.token(&[Scope::ReadApi]).await, app.token(&[Scope::WriteQuarantine]).await);
    (app, reader, decider)
}

async fn decide(app: &TestApp, asker: &Asker, act: &str, body: &Value) -> Answer {
    app.ask(asker, post(&format!("/api/v1/quarantine/{act}"), "application/json", body.to_string())).await
}

fn counts(answer: &Answer) -> [u64; 4] {
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
    let body = answer.json();
    let kept: u64 = body["kept"].as_array().unwrap().iter().map(|kept| kept["lines"].as_u64().unwrap()).sum();
    let [accepted, duplicate, dismissed] =
        ["accepted", "duplicate", "dismissed"].map(|name| body[name].as_u64().unwrap());
    [accepted, duplicate, dismissed, kept]
}

async fn matching(app: &TestApp, reader: &Asker, query: &str) -> u64 {
    app.get(reader, &format!("/api/v1/quarantine?{query}")).await.json()["matching"].as_u64().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_program_lists_what_is_held_by_the_filter_of_the_page() {
    let (app, reader, _) = planted().await;
    let both = app.token(&[Scope::ReadApi, Scope::WriteQuarantine]).await;
    let lines = app.get(&both, "/api/v1/quarantine?reason=below_scope&q=c%40host").await.json()["lines"].clone();
    assert_eq!((lines[0]["id"].as_i64(), lines[0]["possible"]["as_low"].as_bool()), (Some(3), Some(true)), "{lines}");
    for (query, lines) in [("", 4), ("reason=naive_time", 2), ("source=nobody", 0), ("import=1", 0), ("page=2", 4)] {
        assert_eq!(matching(&app, &reader, query).await, lines, "{query}");
    }
    for query in ["reason=odd", "page=0", "other=1"] {
        let refused = app.get(&reader, &format!("/api/v1/quarantine?{query}")).await;
        assert_eq!(refused.code(), "bad_parameter", "{query}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_is_shown_codes_sees_counts_and_no_line() {
    let (app, named, _) = planted().await;
    let lines = app.get(&named, "/api/v1/quarantine").await.json()["lines"].clone();
    assert_eq!((lines[3]["raw"].as_str(), lines[0].get("possible")), (Some("no json"), None), "it may not decide");
    let reader = app.token_with(&[Scope::ReadApi], Names::Masked).await;
    let list = app.get(&reader, "/api/v1/quarantine").await.json();
    assert_eq!((list["received"].as_u64(), list["by_reason"][0]["reason"].as_str()), (Some(4), Some("naive_time")));
    assert!(list.get("lines").is_none() && !list.to_string().contains("a@host"), "{list}");
    let searched = app.get(&reader, "/api/v1/quarantine?q=a%40host").await;
    assert_eq!(searched.status, StatusCode::FORBIDDEN, "a search would tell what stands in the lines");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_program_looks_first_and_what_it_saw_is_what_happens() {
    let (app, reader, decider) = planted().await;
    let before = records(&app).await;
    let zoned = json!({"filter": {"reason": "naive_time"}, "zone": "Europe/Madrid"});
    let mut dry = zoned.clone();
    dry["dry_run"] = json!(true);
    let foreseen = decide(&app, &decider, "release", &dry).await;
    assert_eq!((counts(&foreseen), foreseen.json()["up_to"].as_i64()), ([2, 0, 0, 0], Some(2)));
    assert_eq!((matching(&app, &reader, "").await, records(&app).await), (4, before), "looking changes nothing");
    let mut shown = zoned;
    shown["up_to"] = json!(1);
    assert_eq!(counts(&decide(&app, &decider, "release", &shown).await), [1, 0, 0, 0]);
    assert_eq!(records(&app).await, before + 3, "the beginning, the line and the end");
    let low = json!({"ids": [2, 3, 4], "as": "low"});
    let low = decide(&app, &decider, "release", &low).await;
    assert_eq!((counts(&low), low.json()["state"].as_str()), ([1, 0, 0, 2], Some("done")));
    let out = json!({"filter": {}, "note": "not ours"});
    assert_eq!(counts(&decide(&app, &decider, "dismiss", &out).await), [0, 0, 2, 0]);
    assert_eq!(matching(&app, &reader, "").await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn under_one_key_a_program_decides_once() {
    let (app, reader, decider) = planted().await;
    let body = json!({"ids": [1], "note": "old"}).to_string();
    let mut answers = Vec::new();
    for _ in 0..2 {
        let mut request = post("/api/v1/quarantine/dismiss", "application/json", body.clone());
        request.headers_mut().insert("idempotency-key", "night-1".parse().unwrap());
        answers.push(app.ask(&decider, request).await.json());
    }
    assert_eq!(answers[0], answers[1]);
    assert_eq!((answers[0]["dismissed"].as_u64(), matching(&app, &reader, "").await), (Some(1), 3));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_decision_that_cannot_be_followed_changes_nothing() {
    let (app, reader, decider) = planted().await;
    for (act, body, code) in [
        ("release", json!({}), "bad_parameter"),
        ("release", json!({"ids": [1], "filter": {}}), "bad_parameter"),
        ("release", json!({"ids": [1], "as": "high"}), "bad_parameter"),
        ("release", json!({"ids": [1], "zone": "UTC", "as": "low"}), "bad_parameter"),
        ("release", json!({"ids": [1], "note": "why"}), "bad_parameter"),
        ("release", json!({"ids": [1], "zone": "Mars"}), "bad_parameter"),
        ("release", json!({"ids": [1], "more": 1}), "bad_parameter"),
        ("release", json!({"filter": {"reason": "odd"}}), "bad_parameter"),
        ("dismiss", json!({"ids": [1], "zone": "UTC", "note": "why"}), "bad_parameter"),
    ] {
        assert_eq!(decide(&app, &decider, act, &body).await.code(), code, "{body}");
    }
    let unsaid = decide(&app, &decider, "dismiss", &json!({"ids": [1]})).await;
    assert!(unsaid.status.is_client_error(), "{}", unsaid.text);
    assert_eq!(matching(&app, &reader, "").await, 4);
    let refused = decide(&app, &reader, "release", &json!({"ids": [1]})).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
}

#[test]
fn the_command_lists_releases_dismisses_and_exports() {
    let folder = Folder::new();
    let run = |arguments: &[&str]| {
        let output = wallclock(&folder, arguments, LINES);
        assert!(output.status.success(), "{arguments:?} {}", text(&output.stderr));
        text(&output.stdout)
    };
    let json = |arguments: &[&str]| serde_json::from_str::<Value>(&run(arguments)).unwrap();
    run(&["import", "-", "--json"]);
    assert_eq!(json(&["quarantine", "list", "--json"]).as_array().unwrap().len(), 4);
    assert!(run(&["quarantine", "list", "--reason", "below_scope"]).starts_with("3  below_scope"));
    assert_eq!(run(&["quarantine", "export"]).lines().count(), 5, "with the names of the columns");
    let zoned = ["quarantine", "release", "--all", "--reason", "naive_time", "--zone", "Europe/Madrid"];
    assert_eq!(json(&[&zoned[..], &["--dry-run"]].concat())["accepted"], 2);
    assert_eq!(json(&zoned)["accepted"], 2);
    assert_eq!(json(&["quarantine", "release", "3", "--as-low"])["accepted"], 1);
    let out = json(&["quarantine", "dismiss", "4", "3", "--note", "not ours"]);
    assert_eq!((&out["dismissed"], &out["kept"][0]["code"]), (&1.into(), &"already_settled".into()));
    assert!(run(&["verify"]).contains("agree"));
    let none = wallclock(&folder, &["quarantine", "release"], "");
    assert!(!none.status.success() && text(&none.stderr).contains("no held line is chosen"), "{}", text(&none.stderr));
}
