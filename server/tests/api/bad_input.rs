//! Is every bad input answered as its row says? The rows are data in `server/tests/bad_input`.

use std::collections::BTreeMap;

use axum::body::Body;
use axum::http::{Method, Request};
use serde::Deserialize;
use service::identity::scope::Scope;

use crate::support::{Answer, Asker, HOST, TestApp};

#[derive(Deserialize)]
struct Row {
    what: String,
    #[serde(default)]
    method: String,
    path: String,
    /// `nobody`, `owner` or `token`.
    #[serde(default)]
    by: String,
    #[serde(default)]
    headers: BTreeMap<String, String>,
    #[serde(default)]
    kind: String,
    #[serde(default)]
    body: String,
    /// The body so many times over.
    #[serde(default)]
    times: usize,
    /// Bytes instead of text.
    #[serde(default)]
    bytes: Vec<u8>,
    /// The body comes as a file of this name in a form.
    #[serde(default)]
    file: Option<String>,
    status: u16,
    #[serde(default)]
    code: String,
    /// A text the answer holds.
    #[serde(default)]
    says: String,
}

fn rows(text: &str) -> Vec<Row> {
    serde_json::from_str(text).unwrap()
}

fn body(row: &Row) -> Vec<u8> {
    let plain = if row.bytes.is_empty() { row.body.repeat(row.times.max(1)).into_bytes() } else { row.bytes.clone() };
    let Some(name) = &row.file else { return plain };
    let head = format!("--b\r\ncontent-disposition: form-data; name=\"file\"; filename=\"{name}\"\r\n\r\n");
    [head.as_bytes(), &plain, b"\r\n--b--\r\n"].concat()
}

async fn check(text: &str) {
    let app = TestApp::new().await;
    let owner = app.owner().await;
    let token = app.token(Scope::ALL).await;
    let mut wrong = Vec::new();
    for row in rows(text) {
        let asker = match row.by.as_str() {
            "owner" => owner.clone(),
            "token" => token.clone(),
            _ => Asker::anonymous(),
        };
        let method = if row.method.is_empty() { Method::GET } else { row.method.parse().unwrap() };
        let mut request = Request::builder().method(method).uri(&row.path).header("host", HOST);
        let kind = if row.file.is_some() { "multipart/form-data; boundary=b" } else { &row.kind };
        if !kind.is_empty() {
            request = request.header("content-type", kind);
        }
        for (name, value) in &row.headers {
            request = request.header(name, value);
        }
        let body = body(&row);
        let answer = app.ask(&asker, request.body(Body::from(body)).unwrap()).await;
        let is_right = answer.status.as_u16() == row.status
            && (row.code.is_empty() || code_of(&answer) == row.code)
            && answer.text.contains(&row.says);
        if !is_right {
            let expected = format!("{} `{}` `{}`", row.status, row.code, row.says);
            wrong.push(format!("{}: expected {expected}, got {} {}", row.what, answer.status, answer.text));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The code of a problem, also of one in the envelope of the feed.
fn code_of(answer: &Answer) -> String {
    match answer.json()["error"]["code"].as_str() {
        Some(code) => code.to_owned(),
        None => answer.code(),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn on_all_surfaces() {
    check(include_str!("../bad_input/http.json")).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn in_sent_events() {
    check(include_str!("../bad_input/events.json")).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn in_files() {
    check(include_str!("../bad_input/files.json")).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn in_questions() {
    check(include_str!("../bad_input/questions.json")).await;
}
