//! Does a record of a drill become a version and its findings items?

use axum::http::StatusCode;
use service::identity::scope::Scope;

use crate::support::{Answer, Asker, TestApp, post};

const DRILL: &str = r#"{"id":"D-1","type":"purple","title":"one","scenario":"ransom","started_at":"2026-03-01T10:00:00Z","ended_at":"2026-03-01T11:00:00Z","objectives":[{"id":"O-1","text":"call"}],"findings":[{"id":"F-1","technique":"T1059","control":"edr","system_group":"shop","severity":"high"}]}"#;

async fn send(app: &TestApp, token: &Asker, path: &str, kind: &str, body: &str) -> Answer {
    app.ask(token, post(path, kind, body.to_owned())).await
}

async fn a_record_is_a_version(app: &TestApp) {
    let token = app.token(&[Scope::WriteDrills, Scope::ReadApi]).await;
    let first = send(app, &token, "/api/v1/drills", "application/json", DRILL).await;
    assert_eq!(first.status, StatusCode::OK, "{}", first.text);
    let body = first.json();
    assert_eq!(body["drills"], serde_json::json!([{"id": "D-1", "version": 1, "unchanged": false}]));
    assert_eq!(body["events"], serde_json::json!({"received": 1, "accepted": 1, "duplicate": 0, "quarantined": 0}));
    assert_eq!(body["met"]["objective_without_rating"]["count"], 1, "{body}");
    let lines = format!("{}\n{}\n", DRILL, DRILL.replace("one", "two"));
    let again = send(app, &token, "/api/v1/drills", "application/x-ndjson", &lines).await.json();
    let versions: Vec<_> = again["drills"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| (one["version"].as_u64(), one["unchanged"].as_bool()))
        .collect();
    assert_eq!(versions, [(Some(1), Some(true)), (Some(2), Some(false))], "{again}");
    assert_eq!((&again["events"]["accepted"], &again["events"]["duplicate"]), (&0.into(), &2.into()));
    let item = app.get(&token, "/api/v1/items/F-1@D-1").await;
    assert_eq!(
        (&item.json()["kind"], &item.json()["source"]),
        (&"drill_finding".into(), &"drills".into()),
        "{}",
        item.text
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_record_is_a_version_on_sqlite() {
    a_record_is_a_version(&TestApp::new().await).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_record_is_a_version_on_postgres() {
    a_record_is_a_version(&TestApp::on_postgres().await).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_taken_is_refused_whole() {
    let app = TestApp::new().await;
    let token = app.token(&[Scope::WriteDrills, Scope::ReadApi]).await;
    let late = DRILL.replace("D-1", "D-2").replace("\"ended_at\":\"2026-03-01T11", "\"ended_at\":\"2026-03-01T09");
    let refused = send(&app, &token, "/api/v1/drills", "application/json", &format!("[{DRILL},{late}]")).await;
    assert_eq!((refused.status.as_u16(), refused.code().as_str()), (422, "drill_refused"), "{}", refused.text);
    let fault = &refused.json()["errors"][0];
    assert_eq!((&fault["record"], &fault["reason"]), (&2.into(), &"ends_before_start".into()), "{fault}");
    assert_eq!(app.get(&token, "/api/v1/items/F-1@D-1").await.status, StatusCode::NOT_FOUND);
    for (path, kind, body, status, code) in [
        ("/api/v1/drills", "application/json", "", 400, "empty_body"),
        ("/api/v1/drills", "image/png", DRILL, 415, "unsupported_media_type"),
        ("/api/v1/drills", "text/csv", "id,type\nD,purple\n", 415, "format_unknown"),
        ("/api/v1/drills", "application/json", "[{\"id\":", 400, "json_syntax"),
        ("/api/v1/drills?atomic=true", "application/json", DRILL, 422, "bad_parameter"),
        ("/api/v1/drills?source=No+Source", "application/json", DRILL, 422, "bad_parameter"),
    ] {
        let answer = send(&app, &token, path, kind, body).await;
        assert_eq!((answer.status.as_u16(), answer.code().as_str()), (status, code), "{path} {body} {}", answer.text);
    }
}
