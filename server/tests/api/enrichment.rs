//! Does a feed that is sent stay, by its day, and does the page of sources say how old it is?

use axum::http::StatusCode;
use service::identity::role::Role;
use service::identity::scope::Scope;

use crate::support::{TestApp, post};

/// Nine days before the day on which these tests stand.
const KEV: &str = r#"{"catalogVersion":"v1","dateReleased":"2026-06-22T14:00:00.0000Z","vulnerabilities":[
{"cveID":"CVE-2026-0001","dateAdded":"2026-04-01","dueDate":"2026-04-22","knownRansomwareCampaignUse":"Known"},
{"cveID":"CVE-2026-0002","dateAdded":"2026-04-22","dueDate":"2026-04-01","knownRansomwareCampaignUse":"Unknown"}]}"#;

async fn a_feed_stays_by_its_day(app: &TestApp) {
    let token = app.token(&[Scope::WriteReferences]).await;
    let first = app.ask(&token, post("/api/v1/enrichment", "application/json", KEV)).await;
    assert_eq!(first.status, StatusCode::OK, "{}", first.text);
    let body = first.json();
    assert_eq!((&body["feed"], &body["published_on"]), (&"kev".into(), &"2026-06-22".into()), "{body}");
    let counts = ["received", "kept", "held", "changed"].map(|name| body[name].as_u64().unwrap());
    assert_eq!((counts, &body["unchanged"]), ([2, 1, 1, 1], &false.into()), "{body}");
    assert_eq!(
        (&body["held_rows"][0]["line"], &body["met"]["due_before_added"]["count"]),
        (&3.into(), &1.into()),
        "{body}"
    );
    let again = app.ask(&token, post("/api/v1/enrichment", "application/octet-stream", KEV)).await;
    assert_eq!((&again.json()["unchanged"], &again.json()["changed"]), (&true.into(), &0.into()), "{}", again.text);
    let scores = "cve,epss,percentile\nCVE-2026-0001,0.1,0.5\n";
    let undated = app.ask(&token, post("/api/v1/enrichment", "text/csv", scores)).await;
    assert_eq!((undated.status.as_u16(), undated.code().as_str()), (422, "feed_refused"), "{}", undated.text);
    let dated = app.ask(&token, post("/api/v1/enrichment?date=2026-07-01", "text/csv", scores)).await;
    assert_eq!((&dated.json()["feed"], &dated.json()["kept"]), (&"epss".into(), &1.into()), "{}", dated.text);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_feed_stays_by_its_day_on_sqlite() {
    a_feed_stays_by_its_day(&TestApp::new().await).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_feed_stays_by_its_day_on_postgres() {
    a_feed_stays_by_its_day(&TestApp::on_postgres().await).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_page_of_sources_says_how_old_each_feed_is() {
    let app = TestApp::new().await;
    let viewer = app.person(Role::BoardViewer).await;
    let page = app.get(&viewer, "/sources").await;
    assert!(page.text.contains("never kept"), "{}", page.text);
    let token = app.token(&[Scope::WriteReferences]).await;
    app.ask(&token, post("/api/v1/enrichment", "application/json", KEV)).await;
    let page = app.get(&viewer, "/sources").await;
    assert!(page.text.contains("last published 9 days ago") && !page.text.contains("too old"), "{}", page.text);
    app.clock.advance(22 * 86_400);
    let viewer = app.sign_in("board_viewer@example.test").await;
    let page = app.get(&viewer, "/sources").await;
    assert!(page.text.contains("last published 31 days ago") && page.text.contains("too old"), "{}", page.text);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_feed_is_refused() {
    let app = TestApp::new().await;
    let token = app.token(&[Scope::WriteReferences]).await;
    for (path, body, status, code) in [
        ("/api/v1/enrichment", "", 422, "empty_file"),
        ("/api/v1/enrichment", "hello", 415, "format_unknown"),
        ("/api/v1/enrichment", "\u{89}PNG\r\n", 415, "format_unknown"),
        ("/api/v1/enrichment?date=soon", KEV, 422, "bad_parameter"),
        ("/api/v1/enrichment?day=2026-07-01", KEV, 422, "bad_parameter"),
        ("/api/v1/enrichment", "cve,epss,percentile\n", 422, "no_rows"),
    ] {
        let answer = app.ask(&token, post(path, "text/csv", body)).await;
        assert_eq!((answer.status.as_u16(), answer.code().as_str()), (status, code), "{path} {body} {}", answer.text);
    }
}
