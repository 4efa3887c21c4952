//! Does a receipt add up, whatever was sent?

use axum::http::StatusCode;
use service::identity::scope::Scope;
use service::limits::IngestLimits;

use crate::support::{Answer, Asker, EVENT, ORG, TestApp, post, wide_limits};

const NDJSON: &str = "application/x-ndjson";

async fn send(app: &TestApp, token: &Asker, kind: &str, body: &str) -> Answer {
    app.ask(token, post("/api/v1/events", kind, body.to_owned())).await
}

fn counts(answer: &Answer) -> [u64; 4] {
    let body = answer.json();
    ["received", "accepted", "duplicate", "quarantined"].map(|name| body[name].as_u64().unwrap_or(u64::MAX))
}

async fn kept_once(app: &TestApp) {
    let token = app.token(&[Scope::WriteEvents, Scope::ReadApi]).await;
    let first = send(app, &token, "application/json", EVENT).await;
    assert_eq!((first.status, counts(&first)), (StatusCode::OK, [1, 1, 0, 0]));
    let again = send(app, &token, "application/json", EVENT).await;
    assert_eq!((again.status, counts(&again)), (StatusCode::OK, [1, 0, 1, 0]));
    let batch = format!("{EVENT}\n{}\nnot json\n", EVENT.replace("e1", "e2"));
    let mixed = send(app, &token, NDJSON, &batch).await;
    assert_eq!((mixed.status, counts(&mixed)), (StatusCode::OK, [3, 1, 1, 1]));
    let statuses: Vec<String> = mixed.json()["events"]
        .as_array()
        .unwrap()
        .iter()
        .map(|line| line["status"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(statuses, ["duplicate", "accepted", "quarantined"]);
    let items = app.get(&token, "/api/v1/items").await;
    assert_eq!(items.json()["items"][0]["item_id"], "CVE-1@host", "{}", items.text);
    let one = app.get(&token, "/api/v1/items/CVE-1@host").await;
    assert_eq!(one.json()["events"].as_array().unwrap().len(), 2, "{}", one.text);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_event_counts_once_and_shows_on_sqlite() {
    kept_once(&TestApp::new().await).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_event_counts_once_and_shows_on_postgres() {
    kept_once(&TestApp::on_postgres().await).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_retry_under_the_same_key_gets_the_first_receipt() {
    let app = TestApp::new().await;
    let token = app.token(&[Scope::WriteEvents]).await;
    let keyed = async |body: &str, key: &str| {
        let mut request = post("/api/v1/events", "application/json", body.to_owned());
        request.headers_mut().insert("idempotency-key", key.parse().unwrap());
        app.ask(&token, request).await
    };
    let first = keyed(EVENT, "k1").await;
    let again = keyed(EVENT, "k1").await;
    assert_eq!(first.text, again.text);
    let other = keyed(&EVENT.replace("e1", "e9"), "k1").await;
    assert_eq!((other.status, other.code().as_str()), (StatusCode::UNPROCESSABLE_ENTITY, "idempotency_mismatch"));
    let long = keyed(EVENT, &"k".repeat(129)).await;
    assert_eq!((long.status, long.code().as_str()), (StatusCode::UNPROCESSABLE_ENTITY, "bad_identifier"));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_key_twice_at_once_is_told_to_wait() {
    let app = TestApp::new().await;
    let token = app.token(&[Scope::WriteEvents]).await;
    // Whoever holds the log keeps the writer from committing.
    let mut gate = app.state.services.store().begin().await.unwrap();
    store::log_state::lock(&mut gate.conn(), ORG).await.unwrap();
    let keyed = || {
        let mut request = post("/api/v1/events", "application/json", EVENT);
        request.headers_mut().insert("idempotency-key", "k1".parse().unwrap());
        Box::pin(app.ask(&token, request))
    };
    let (mut one, mut two) = (keyed(), keyed());
    let (refused, waiting) = tokio::select! {
        refused = &mut one => (refused, two),
        refused = &mut two => (refused, one),
    };
    assert_eq!((refused.status, refused.code().as_str()), (StatusCode::CONFLICT, "in_flight"));
    assert_eq!(refused.header("retry-after"), "1");
    gate.rollback().await.unwrap();
    assert_eq!(counts(&waiting.await), [1, 1, 0, 0]);
    assert_eq!(counts(&keyed().await), [1, 1, 0, 0], "the first receipt");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_quarantine_refuses_bad_events_and_takes_good_ones() {
    let limits = IngestLimits { held_lines_max: 1, ..IngestLimits::default() };
    let app = TestApp::within(wide_limits(), limits, None).await;
    let token = app.token(&[Scope::WriteEvents]).await;
    assert_eq!(send(&app, &token, NDJSON, "{oops\n").await.code(), "event_held");
    let full = send(&app, &token, NDJSON, &format!("{EVENT}\n{{more\n")).await;
    assert_eq!((full.status, full.code().as_str()), (StatusCode::TOO_MANY_REQUESTS, "quarantine_full"));
    assert_eq!(full.header("retry-after"), "60");
    assert_eq!(counts(&send(&app, &token, NDJSON, EVENT).await), [1, 1, 0, 0]);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_id_with_other_content_is_a_conflict() {
    let app = TestApp::new().await;
    let token = app.token(&[Scope::WriteEvents]).await;
    send(&app, &token, "application/json", EVENT).await;
    let other = send(&app, &token, "application/json", &EVENT.replace("detected", "verified")).await;
    assert_eq!((other.status, other.code().as_str()), (StatusCode::CONFLICT, "event_conflict"));
    assert!(other.json()["quarantine_id"].as_i64().is_some());
}

#[tokio::test(flavor = "multi_thread")]
async fn all_or_nothing_stores_nothing_with_any_fault() {
    let app = TestApp::new().await;
    let token = app.token(&[Scope::WriteEvents, Scope::ReadApi]).await;
    let body = format!("{EVENT}\n{{}}\n");
    let answer = app.ask(&token, post("/api/v1/events?atomic=true", NDJSON, body)).await;
    assert_eq!((answer.status, answer.code().as_str()), (StatusCode::UNPROCESSABLE_ENTITY, "not_atomic"));
    assert_eq!(app.get(&token, "/api/v1/items").await.json()["basis"]["of_items"], 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn cloud_events_and_csv_are_taken() {
    let app = TestApp::new().await;
    let token = app.token(&[Scope::WriteEvents]).await;
    let cloud = r#"{"specversion":"1.0","id":"c1","source":"scanner","type":"wallclock.event.v1","time":"2026-03-01T10:00:00Z","data":{"item_id":"a@b","event":"detected"}}"#;
    let answer = send(&app, &token, "application/cloudevents+json", cloud).await;
    assert_eq!(counts(&answer), [1, 1, 0, 0], "{}", answer.text);
    let batch = send(&app, &token, "application/cloudevents-batch+json", &format!("[{cloud}]")).await;
    assert_eq!(counts(&batch), [1, 0, 1, 0], "{}", batch.text);
    let csv = send(&app, &token, "text/csv", "item_id,event,at\na@b,ticketed,2026-03-02T10:00:00Z\n").await;
    assert_eq!(counts(&csv), [1, 1, 0, 0], "{}", csv.text);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_figures_are_there_for_programs() {
    let app = TestApp::new().await;
    let token = app.token(&[Scope::WriteEvents, Scope::ReadApi]).await;
    send(&app, &token, "application/json", EVENT).await;
    for path in ["/api/v1/gap", "/api/v1/clocks", "/api/v1/gap?mode=lenient&severity=high&as_of=2026-05-01T00:00:00Z"] {
        let answer = app.get(&token, path).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
        assert!(answer.json()["basis"]["as_of"].is_string());
        assert_eq!(answer.header("cache-control"), "private, no-cache");
    }
}
