//! Is every act on record, once? Each thing a person can do on a page is done, and the audit trail grows by one.

use axum::http::StatusCode;
use service::identity::role::Role;
use service::identity::scope::Scope;

use crate::support::{Asker, EVENT, ORG, PASSWORD, TestApp, form, post};

pub(crate) async fn records(app: &TestApp) -> u64 {
    let mut reader = app.state.services.store().reader().await.unwrap();
    let found = store::audit::check(&mut reader.conn(), ORG).await.unwrap();
    assert!(found.differences.is_empty(), "{:?}", found.differences);
    found.records
}

/// Sends the form, expects that answer and that many new records; the key that the answer sets.
async fn act(app: &TestApp, asker: &Asker, (path, body): (&str, &str), status: u16, grown: u64) -> Option<String> {
    let before = records(app).await;
    let answer = app.ask(asker, form(path, body)).await;
    assert_eq!(answer.status.as_u16(), status, "{path}: {}", answer.text);
    assert_eq!(records(app).await - before, grown, "{path} {body}");
    answer.session()
}

#[tokio::test(flavor = "multi_thread")]
async fn every_act_on_a_page_is_recorded_once() {
    let app = TestApp::new().await;
    let mut owner = app.owner().await;
    let sender = app.token(&[Scope::WriteEvents]).await;
    let held = post("/api/v1/events", "application/x-ndjson", "{\"item_id\":\"a\"}\n{\"item_id\":\"b\"}\n");
    assert_eq!(app.ask(&sender, held).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    let right = format!("email=owner%40example.test&password={}", PASSWORD.replace(' ', "+"));
    let again = format!("password={}", PASSWORD.replace(' ', "+"));
    let nobody = Asker::anonymous();
    act(&app, &nobody, ("/sign-in", &right), 303, 1).await;
    act(&app, &nobody, ("/sign-in", "email=owner%40example.test&password=wrong"), 303, 1).await;
    act(&app, &owner, ("/step-up", "password=wrong"), 303, 1).await;
    owner.cookie = act(&app, &owner, ("/step-up", &again), 303, 1).await;
    let token = "id=abcd2345&name=a&days=30&scope:read:api=on";
    act(&app, &owner, ("/settings/tokens", token), 200, 1).await;
    act(&app, &owner, ("/settings/tokens", token), 409, 0).await;
    act(&app, &owner, ("/settings/tokens/abcd2345/revoke", ""), 303, 1).await;
    act(&app, &owner, ("/settings/tokens/abcd2345/revoke", ""), 404, 0).await;
    act(&app, &owner, ("/settings/webhooks", "source=hook&kind=jira"), 200, 1).await;
    act(&app, &owner, ("/settings/webhooks", "source=hook&kind=jira"), 409, 0).await;
    act(&app, &owner, ("/settings/webhooks/hook/rotate", "days=7"), 200, 1).await;
    act(&app, &owner, ("/settings/webhooks/hook/rotate", "days=7"), 422, 0).await;
    act(&app, &owner, ("/settings/webhooks/hook/retire", ""), 303, 1).await;
    act(&app, &owner, ("/settings/webhooks/hook/remove", "name=hook"), 303, 1).await;
    act(&app, &owner, ("/settings/webhooks/hook/remove", "name=hook"), 404, 0).await;
    act(&app, &owner, ("/sources/quarantine/1/dismiss", "note=not+ours"), 303, 1).await;
    act(&app, &owner, ("/theme", "theme=dark"), 303, 0).await;
    act(&app, &owner, ("/sign-out", ""), 303, 1).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_request_and_file_of_events_is_recorded_once() {
    let app = TestApp::new().await;
    let sender = app.token(&[Scope::WriteEvents]).await;
    let analyst = app.person(Role::Analyst).await;
    let send = |key: &str| {
        let mut request = post("/api/v1/events", "application/json", EVENT);
        request.headers_mut().insert("idempotency-key", key.parse().unwrap());
        request
    };
    let before = records(&app).await;
    assert_eq!(app.ask(&sender, send("k1")).await.status, StatusCode::OK);
    assert_eq!(records(&app).await - before, 1, "an event");
    assert_eq!(app.ask(&sender, send("k1")).await.status, StatusCode::OK);
    assert_eq!(records(&app).await - before, 1, "told again what was told before");
    let refused = post("/api/v1/events?atomic=true", "application/x-ndjson", "{\"item_id\":\"a\"}\n");
    assert_eq!(app.ask(&sender, refused).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(records(&app).await - before, 1, "nothing was stored");
    let body = format!(
        "--b\r\ncontent-disposition: form-data; name=\"idempotency\"\r\n\r\nf1\r\n\
         --b\r\ncontent-disposition: form-data; name=\"file\"; filename=\"f.ndjson\"\r\n\r\n{EVENT}\r\n--b--\r\n"
    );
    let upload = post("/sources/import", "multipart/form-data; boundary=b", body);
    assert_eq!(app.ask(&analyst, upload).await.status, StatusCode::SEE_OTHER);
    assert_eq!(records(&app).await - before, 2, "a file, although all of it was known");
}
