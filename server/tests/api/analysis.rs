//! Does the server answer like `wallclock analyze`, whatever way the events came, before and after a restart?

use std::path::Path;

use axum::http::StatusCode;
use domain::time::Timestamp;
use serde_json::Value;
use service::analyze::{ItemList, Options, analyze};
use service::identity::scope::Scope;

use crate::support::{Asker, TestApp, post};

const ORGANISATION: &str = "../crates/service/tests/fixtures/conformance/org-medium/events.jsonl.zst";
/// The view of the reference vectors. All that is sent has been learnt by then: the clock of the server stands there.
const VIEW: &str = "as_of=2026-07-01T00:00:00Z&known_at=2026-07-01T00:00:00Z&observed_from=2025-07-01T00:00:00Z";
const BATCHES: usize = 100;

fn lines() -> Vec<String> {
    let packed = std::fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join(ORGANISATION)).unwrap();
    let text = String::from_utf8(zstd::decode_all(packed.as_slice()).unwrap()).unwrap();
    text.lines().map(str::to_owned).collect()
}

/// Every line twice, in an order that has nothing to do with time.
fn doubled_and_shuffled(lines: &[String]) -> Vec<String> {
    let mut all: Vec<String> = lines.iter().chain(lines).cloned().collect();
    let mut state: u64 = 88_172_645_463_325_252;
    for last in (1..all.len()).rev() {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        all.swap(last, usize::try_from(state % (last as u64 + 1)).unwrap());
    }
    all
}

fn of_file(lines: &[String], as_of: &str, items: ItemList) -> Value {
    let moment = |text| Timestamp::parse(text).unwrap();
    let options = Options {
        as_of: moment(as_of),
        observed_from: moment("2025-07-01T00:00:00Z"),
        known_at: Some(moment("2026-07-01T00:00:00Z")),
        policy: None,
        playbook: None,
        tau_days: None,
        items,
    };
    as_read(&analyze(lines, &options).unwrap())
}

/// What a client reads of an answer: fractions go through their text.
fn as_read(answer: &Value) -> Value {
    serde_json::from_str(&answer.to_string()).unwrap()
}

/// Where two answers differ, section by section, so that a failure can be read.
fn assert_same(got: &Value, want: &Value) {
    let (got, want) = (got.as_object().unwrap(), want.as_object().unwrap());
    for (section, want) in want {
        assert_eq!(got.get(section), Some(want), "{section}");
    }
    assert_eq!(got.len(), want.len(), "{:?}", got.keys().collect::<Vec<_>>());
}

/// The log keeps the whole word of a kind where a feed wrote its short form.
fn with_whole_kinds(answer: &Value) -> Value {
    let text = answer.to_string().replace("\"kind\":\"vuln\"", "\"kind\":\"vulnerability\"");
    serde_json::from_str(&text.replace("\"kind\":\"misconfig\"", "\"kind\":\"misconfiguration\"")).unwrap()
}

async fn ask(app: &TestApp, asker: &Asker, parameters: &str) -> Value {
    let answer = app.get(asker, &format!("/api/v1/analysis?{parameters}")).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
    answer.json()
}

async fn answers_like_the_command(app: TestApp) {
    let token = app.token(&[Scope::WriteEvents, Scope::ReadApi]).await;
    let lines = lines();
    let sent = doubled_and_shuffled(&lines);
    for batch in sent.chunks(sent.len().div_ceil(BATCHES)) {
        let answer = app.ask(&token, post("/api/v1/events", "application/x-ndjson", batch.join("\n"))).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
    }
    let want = of_file(&sent, "2026-07-01T00:00:00Z", ItemList::LeftOut);
    assert_same(&ask(&app, &token, VIEW).await, &want);
    let app = app.restarted().await;
    assert_same(&ask(&app, &token, VIEW).await, &want);
    let before = VIEW.replacen("2026-07-01", "2026-02-01", 1);
    assert_same(&ask(&app, &token, &before).await, &of_file(&sent, "2026-02-01T00:00:00Z", ItemList::LeftOut));
    let of_items = ask(&app, &token, &format!("{VIEW}&items=true")).await;
    let want = of_file(&sent, "2026-07-01T00:00:00Z", ItemList::Printed);
    assert_same(&with_whole_kinds(&of_items), &with_whole_kinds(&want));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_stored_organisation_answers_like_the_command_on_sqlite() {
    answers_like_the_command(TestApp::new().await).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_stored_organisation_answers_like_the_command_on_postgres() {
    answers_like_the_command(TestApp::on_postgres().await).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_narrowed_answer_says_what_it_is_an_answer_to() {
    let app = TestApp::new().await;
    let token = app.token(&[Scope::ReadApi]).await;
    let answer = ask(&app, &token, "team=network&actor=human&tau_days=90").await;
    assert_eq!(answer["filter"], serde_json::json!({ "team": "network", "actor": "human" }));
    assert_eq!((answer["item_count"].as_u64(), ask(&app, &token, VIEW).await.get("filter")), (Some(0), None));
    for wrong in ["tau_days=0", "tau_days=36501", "items=perhaps", "actor=robot", "teem=a", "detected_from=yesterday"] {
        let refused = app.get(&token, &format!("/api/v1/analysis?{wrong}")).await;
        assert_eq!((refused.status, refused.code()), (StatusCode::UNPROCESSABLE_ENTITY, "bad_parameter".to_owned()));
    }
}
