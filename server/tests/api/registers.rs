//! Does a register come back as it was sent, version by version, and only to whom it may?

use axum::http::StatusCode;
use service::identity::caller::Names;
use service::identity::role::Role;
use service::identity::scope::Scope;
use service::identity::standing::StandingChange;

use crate::support::{Answer, Asker, TestApp, put};

const PEOPLE: &str = "id,name,team,valid_from\nada,Ada,Cloud,2026-01-01\nbo,Bo,Apps,2025-06-01\n";
const CSV: &str = "text/csv";

async fn send(app: &TestApp, token: &Asker, path: &str, kind: &str, body: &str) -> Answer {
    app.ask(token, put(path, kind, body.to_owned())).await
}

async fn versions_come_and_stay(app: &TestApp) {
    let token = app.token(&[Scope::WriteRegisters, Scope::ReadApi]).await;
    let first = send(app, &token, "/api/v1/registers/people", CSV, PEOPLE).await;
    assert_eq!(first.status, StatusCode::OK, "{}", first.text);
    let body = first.json();
    assert_eq!((&body["name"], &body["version"], &body["rows"]), (&"people".into(), &1.into(), &2.into()));
    assert_eq!((&body["unchanged"], &body["added"], &body["ended"]), (&false.into(), &2.into(), &0.into()));
    assert_eq!(first.header("etag"), "\"people-1\"");
    let same = send(app, &token, "/api/v1/registers/people", CSV, PEOPLE).await;
    assert_eq!(
        (&same.json()["unchanged"], &same.json()["added"], &same.json()["version"]),
        (&true.into(), &0.into(), &1.into())
    );
    app.clock.advance(3_600);
    let moved = r#"{"id":"ada","team":"Apps"}"#;
    let second = send(app, &token, "/api/v1/registers/people", "application/x-ndjson", moved).await;
    assert_eq!((&second.json()["version"], &second.json()["ended"]), (&2.into(), &2.into()), "{}", second.text);
    let newest = app.get(&token, "/api/v1/registers/people").await;
    assert_eq!(newest.json()["shown"], serde_json::json!([{"id": "ada", "team": "Apps"}]), "{}", newest.text);
    let past = app.get(&token, "/api/v1/registers/people?as_of=2026-07-01T00:30:00Z").await;
    assert_eq!(past.json()["shown"][1]["name"], "Bo", "{}", past.text);
    let listed = app.get(&token, "/api/v1/registers").await.json();
    let of =
        |name: &str| listed["registers"].as_array().unwrap().iter().find(|one| one["name"] == name).cloned().unwrap();
    assert_eq!((&of("people")["version"], &of("people")["rows"]), (&2.into(), &1.into()), "{listed}");
    assert!(of("people")["uploaded_by"].as_str().unwrap().starts_with("token "), "{listed}");
    assert_eq!(of("people")["uploaded_at"], "2026-07-01T01:00:00Z");
    assert!(of("teams")["version"].is_null(), "{listed}");
}

#[tokio::test(flavor = "multi_thread")]
async fn versions_come_and_stay_on_sqlite() {
    versions_come_and_stay(&TestApp::new().await).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn versions_come_and_stay_on_postgres() {
    versions_come_and_stay(&TestApp::on_postgres().await).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_follow_one_version_whatever_is_uploaded_meanwhile() {
    let app = TestApp::new().await;
    let token = app.token(&[Scope::WriteRegisters, Scope::ReadApi]).await;
    let body: String = (0..5).map(|number| format!("{{\"id\":\"p{number}\"}}\n")).collect();
    send(&app, &token, "/api/v1/registers/people", "application/x-ndjson", &body).await;
    let (mut path, mut seen) = ("/api/v1/registers/people?limit=2".to_owned(), Vec::new());
    loop {
        let page = app.get(&token, &path).await.json();
        seen.extend(page["shown"].as_array().unwrap().iter().map(|row| row["id"].as_str().unwrap().to_owned()));
        send(&app, &token, "/api/v1/registers/people", "application/x-ndjson", r#"{"id":"other"}"#).await;
        match page["next"].as_str() {
            Some(next) => path = next.to_owned(),
            None => break,
        }
    }
    assert_eq!(seen, ["p0", "p1", "p2", "p3", "p4"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_faulty_row_refuses_all_with_row_and_column() {
    let app = TestApp::new().await;
    let token = app.token(&[Scope::WriteRegisters, Scope::ReadApi]).await;
    let refused = send(&app, &token, "/api/v1/registers/people", CSV, "id,joined_on\nada,2026-01-01\nbo,soon\n").await;
    assert_eq!((refused.status.as_u16(), refused.code().as_str()), (422, "register_refused"), "{}", refused.text);
    let fault = &refused.json()["errors"][0];
    assert_eq!((&fault["row"], &fault["column"]), (&2.into(), &"joined_on".into()), "{fault}");
    assert_eq!(app.get(&token, "/api/v1/registers/people").await.status, StatusCode::NOT_FOUND);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_of_what_was_read_before_somebody_else_changed_it_is_refused() {
    let app = TestApp::new().await;
    let token = app.token(&[Scope::WriteRegisters]).await;
    send(&app, &token, "/api/v1/registers/people", CSV, PEOPLE).await;
    let matching = async |tag: &str| {
        let mut request = put("/api/v1/registers/people", CSV, "id\ncy\n");
        request.headers_mut().insert("if-match", tag.parse().unwrap());
        let answer = app.ask(&token, request).await;
        (answer.status.as_u16(), answer.text.contains("precondition_failed"))
    };
    for stale in ["\"people-0\"", "\"people-2\"", "\"teams-1\"", "people-1", "*"] {
        assert_eq!(matching(stale).await, (412, true), "{stale}");
    }
    assert_eq!(matching("\"people-1\"").await, (200, false));
}

#[tokio::test(flavor = "multi_thread")]
async fn bad_questions_and_bad_bodies_are_told_apart() {
    let app = TestApp::new().await;
    let token = app.token(&[Scope::WriteRegisters, Scope::ReadApi]).await;
    send(&app, &token, "/api/v1/registers/people", CSV, PEOPLE).await;
    for (path, status, code) in [
        ("/api/v1/registers/colours", 404, "not_found"),
        ("/api/v1/registers/teams", 404, "not_found"),
        ("/api/v1/registers/people?version=2", 404, "not_found"),
        ("/api/v1/registers/people?as_of=2026-07-01", 422, "bad_parameter"),
        ("/api/v1/registers/people?as_of=2027-07-01T00:00:00Z", 422, "bad_parameter"),
        ("/api/v1/registers/people?as_of=2026-07-01T00:00:00Z&version=1", 422, "bad_parameter"),
        ("/api/v1/registers/people?limit=1001", 422, "bad_parameter"),
        ("/api/v1/registers/people?after=-1", 422, "bad_parameter"),
        ("/api/v1/registers/people?limit=1&limit=1", 400, "parameter_repeated"),
        ("/api/v1/registers?team=x", 422, "bad_parameter"),
    ] {
        let answer = app.get(&token, path).await;
        assert_eq!((answer.status.as_u16(), answer.code().as_str()), (status, code), "{path} {}", answer.text);
    }
    for (path, kind, body, status, code) in [
        ("/api/v1/registers/colours", CSV, PEOPLE, 404, "not_found"),
        ("/api/v1/registers/people", "text/html", PEOPLE, 415, "unsupported_media_type"),
        ("/api/v1/registers/people", CSV, " \n", 400, "empty_body"),
        ("/api/v1/registers/people", CSV, "id,team\n", 422, "no_rows"),
        ("/api/v1/registers/people", CSV, "team\nsoc\n", 422, "missing_header"),
        ("/api/v1/registers/people?a=b", CSV, PEOPLE, 422, "bad_parameter"),
    ] {
        let answer = send(&app, &token, path, kind, body).await;
        assert_eq!((answer.status.as_u16(), answer.code().as_str()), (status, code), "{path} {}", answer.text);
    }
    let deleted = axum::http::Request::builder()
        .method("DELETE")
        .uri("/api/v1/registers/people")
        .header("host", crate::support::HOST);
    let answer = app.ask(&token, deleted.body(axum::body::Body::empty()).unwrap()).await;
    assert_eq!(answer.status, StatusCode::METHOD_NOT_ALLOWED, "{}", answer.text);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_drill_lead_keeps_what_is_practised_alone() {
    let app = TestApp::new().await;
    app.add("lead@example.test", Role::DrillLead).await;
    let token = app.token_of("lead@example.test", &[Scope::WriteRegisters]).await;
    let kept = send(&app, &token, "/api/v1/registers/playbooks", CSV, "id\nransom\n").await;
    assert_eq!(kept.status, StatusCode::OK, "{}", kept.text);
    let refused = send(&app, &token, "/api/v1/registers/people", CSV, PEOPLE).await;
    assert_eq!((refused.status.as_u16(), refused.code().as_str()), (403, "not_allowed"), "{}", refused.text);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reader_of_one_team_sees_its_rows_and_a_reader_without_names_none() {
    let app = TestApp::new().await;
    let writer = app.token(&[Scope::WriteRegisters]).await;
    send(&app, &writer, "/api/v1/registers/people", CSV, PEOPLE).await;
    send(&app, &writer, "/api/v1/registers/assets", CSV, "id\nweb-01\n").await;
    app.add("lead@example.test", Role::Analyst).await;
    app.change("lead@example.test", StandingChange { teams: Some(vec!["Cloud".to_owned()]), ..Default::default() })
        .await;
    let lead = app.token_of_with("lead@example.test", &[Scope::ReadApi], Names::Shown).await;
    let people = app.get(&lead, "/api/v1/registers/people").await.json();
    assert_eq!((&people["rows"], people["shown"].as_array().unwrap().len()), (&2.into(), 1), "{people}");
    assert_eq!((&people["shown"][0]["id"], &people["teams_allowed"][0]), (&"ada".into(), &"Cloud".into()));
    let assets = app.get(&lead, "/api/v1/registers/assets").await;
    assert_eq!((assets.status.as_u16(), assets.code().as_str()), (403, "not_allowed"), "{}", assets.text);
    let masked = app.token_with(&[Scope::ReadApi], Names::Masked).await;
    assert_eq!(app.get(&masked, "/api/v1/registers/people").await.status, StatusCode::FORBIDDEN);
    assert_eq!(app.get(&masked, "/api/v1/registers").await.status, StatusCode::OK);
}
