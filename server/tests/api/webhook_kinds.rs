//! Does each tool reach the log by its own signature and in its own words?

use axum::http::StatusCode;
use domain::id::OrgId;
use service::authorise::{Caller, Object, authorise, proof};
use service::identity::record::Origin;
use service::identity::scope::Scope;
use service::ingest::SourcePlan;
use service::webhook::{Kind, Proof};

use crate::support::{Answer, NOW, TestApp};
use crate::webhooks::{added, counts, granted, sent};

pub(crate) const JIRA: &str = include_str!("../../../crates/formats/tests/foreign/pushes/jira_updated.json");
const SERVICENOW: &str = include_str!("../../../crates/formats/tests/foreign/pushes/servicenow_update.json");
const PAGERDUTY: &str = include_str!("../../../crates/formats/tests/foreign/pushes/pagerduty_triggered.json");
const GITHUB: &str = include_str!("../../../crates/formats/tests/foreign/pushes/github_dependabot.json");
const ASFF: &str = include_str!("../../../crates/formats/tests/foreign/pushes/securityhub_imported.json");

/// Signatures of the files are `hmac.new(b"secret-of-the-test-0001", open(file, "rb").read(), "sha256").hexdigest()`.
pub(crate) const SECRET: &str = "secret-of-the-test-0001";
pub(crate) const JIRA_SIGNATURE: &str = "sha256=7ea99b52dcbe3a5a72c7009db9d8e23f072b5365b83ab4f70cd423a8fc9f464c";
const PAGERDUTY_SIGNATURE: &str = "v1=4ddde5d4940e2e1c08c4d6a7951eb15001b9f5a3d99e5548f5a7cdca75f6721d";
const GITHUB_SIGNATURE: &str = "sha256=60795c4b4caf6ef7058ac4ebee1a8d73131ef10a392bd0497ac8c6f0170738cf";
/// `base64.b64encode(hmac.new(b"0123456789abcdef0123456789abcdef", b"msg_1.1782864000." + file, "sha256").digest())`
const SERVICENOW_SIGNATURE: &str = "v1,agfG7Fq7HcWxCajWr1FaCxwDn5Oj7+/WEXH0ZaLQYUQ=";
const STANDARD_SECRET: &str = "whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=";

/// What the log holds of an item: the names of its events.
async fn events_of(app: &TestApp, item: &str) -> Vec<String> {
    let reader = app.token(&[Scope::ReadApi]).await;
    let one = app.get(&reader, &format!("/api/v1/items/{item}")).await;
    assert_eq!(one.status, StatusCode::OK, "{item}: {}", one.text);
    let events = one.json()["events"].as_array().unwrap().clone();
    events.iter().map(|event| event["event"].as_str().unwrap().to_owned()).collect()
}

fn is_duplicate(again: &Answer) -> bool {
    let [received, accepted, duplicate, ..] = counts(again);
    again.json()["delivery"] == "duplicate" || (accepted == 0 && duplicate == received)
}

async fn jira(app: TestApp) {
    added(&app, Kind::Jira, None, Some(SECRET)).await;
    let headers = [("x-hub-signature", JIRA_SIGNATURE), ("x-atlassian-webhook-identifier", "d1")];
    let answer = sent(&app, "hook", &headers, JIRA).await;
    assert_eq!((answer.status, counts(&answer)), (StatusCode::OK, [2, 2, 0, 0, 0]), "{}", answer.text);
    assert_eq!(events_of(&app, "VUL-7").await, ["triaged", "work_started"]);
    let again = sent(&app, "hook", &headers, JIRA).await;
    assert_eq!((again.status, &again.json()["delivery"]), (StatusCode::OK, &"duplicate".into()));
    let renamed = sent(&app, "hook", &headers[..1], JIRA).await;
    assert_eq!(counts(&renamed), [2, 0, 2, 0, 0], "its events are known, whatever it calls the delivery");
    let wrong = sent(&app, "hook", &headers, &JIRA.replace("VUL-7", "VUL-8")).await;
    assert_eq!((wrong.status.as_u16(), wrong.code().as_str()), (401, "signature_invalid"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_of_an_issue_comes_in_on_sqlite() {
    jira(TestApp::new().await).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_of_an_issue_comes_in_on_postgres() {
    jira(TestApp::on_postgres().await).await;
}

async fn pagerduty(app: TestApp) {
    added(&app, Kind::PagerDuty, None, Some(SECRET)).await;
    let several = format!("v1={},{PAGERDUTY_SIGNATURE}", "0".repeat(64));
    let answer = sent(&app, "hook", &[("x-pagerduty-signature", &several)], PAGERDUTY).await;
    assert_eq!((answer.status, counts(&answer)), (StatusCode::OK, [3, 3, 0, 0, 0]), "{}", answer.text);
    assert_eq!(events_of(&app, "PGR0VU2").await, ["detected", "ticketed", "assigned"]);
    let again = sent(&app, "hook", &[("x-pagerduty-signature", PAGERDUTY_SIGNATURE)], PAGERDUTY).await;
    assert!(again.status == StatusCode::OK && is_duplicate(&again), "{}", again.text);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_incident_comes_in_on_sqlite() {
    pagerduty(TestApp::new().await).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_incident_comes_in_on_postgres() {
    pagerduty(TestApp::on_postgres().await).await;
}

async fn github(app: TestApp) {
    added(&app, Kind::GitHub, None, Some(SECRET)).await;
    let headers = [
        ("x-hub-signature-256", GITHUB_SIGNATURE),
        ("x-github-delivery", "d1"),
        ("x-github-event", "dependabot_alert"),
    ];
    let answer = sent(&app, "hook", &headers, GITHUB).await;
    assert_eq!((answer.status, counts(&answer)), (StatusCode::OK, [1, 1, 0, 0, 0]), "{}", answer.text);
    assert!(is_duplicate(&sent(&app, "hook", &headers, GITHUB).await));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_alert_comes_in_on_sqlite() {
    github(TestApp::new().await).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_alert_comes_in_on_postgres() {
    github(TestApp::on_postgres().await).await;
}

async fn security_hub(app: TestApp) {
    let key = added(&app, Kind::SecurityHub, None, None).await;
    let answer = sent(&app, &format!("hook/{key}"), &[], ASFF).await;
    let [received, accepted, ..] = counts(&answer);
    assert_eq!((answer.status, received), (StatusCode::OK, accepted), "{}", answer.text);
    assert!(accepted >= 3, "{}", answer.text);
    assert!(is_duplicate(&sent(&app, "hook", &[("authorization", &key)], ASFF).await));
}

#[tokio::test(flavor = "multi_thread")]
async fn findings_come_in_on_sqlite() {
    security_hub(TestApp::new().await).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn findings_come_in_on_postgres() {
    security_hub(TestApp::on_postgres().await).await;
}

/// The zone a person chose for the source is the zone of what it pushes.
async fn servicenow(app: TestApp) {
    added(&app, Kind::ServiceNow, Some(Proof::Signature), Some(STANDARD_SECRET)).await;
    let now = NOW.seconds().to_string();
    let headers =
        [("webhook-id", "msg_1"), ("webhook-timestamp", now.as_str()), ("webhook-signature", SERVICENOW_SIGNATURE)];
    let operator = Caller::operator(OrgId::from_row(1), NOW);
    let may = authorise::<proof::SourcesWrite>(&operator, Object::OwnOrg).unwrap();
    let mut plan = SourcePlan::usual("servicenow");
    plan.settings.zone = Some("Europe/Madrid".to_owned());
    app.state.services.save_plan(&may, &Origin::default(), "hook", plan).await.unwrap();
    let answer = sent(&app, "hook", &headers, SERVICENOW).await;
    let [received, accepted, _, quarantined, _] = counts(&answer);
    assert_eq!((answer.status, received, quarantined), (StatusCode::OK, accepted, 0), "{}", answer.text);
    assert_eq!(events_of(&app, "INC0010007").await[0], "ticketed");
    let reader = app.token(&[Scope::ReadApi]).await;
    let one = app.get(&reader, "/api/v1/items/INC0010007").await;
    assert_eq!(one.json()["events"][0]["at"], "2026-03-01T09:00:00Z", "ten o'clock in Madrid: {}", one.text);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_row_of_an_incident_comes_in_on_sqlite() {
    servicenow(TestApp::new().await).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_row_of_an_incident_comes_in_on_postgres() {
    servicenow(TestApp::on_postgres().await).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn times_without_a_zone_are_held_and_acknowledged() {
    let app = TestApp::new().await;
    let key = added(&app, Kind::ServiceNow, None, None).await;
    let answer = sent(&app, &format!("hook/{key}"), &[], SERVICENOW).await;
    let [received, accepted, duplicate, quarantined, _] = counts(&answer);
    assert_eq!((answer.status, received), (StatusCode::OK, accepted + duplicate + quarantined), "{}", answer.text);
    assert_eq!(answer.json()["events"][0]["reason"], "naive_time", "{}", answer.text);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_news_is_counted_and_what_cannot_be_read_is_held() {
    let app = TestApp::new().await;
    let key = added(&app, Kind::Jira, Some(Proof::Key), None).await;
    let path = format!("hook/{key}");
    let comment = sent(&app, &path, &[], r#"{"webhookEvent":"comment_created"}"#).await;
    assert_eq!((comment.status, counts(&comment)), (StatusCode::OK, [0, 0, 0, 0, 1]), "{}", comment.text);
    assert_eq!(comment.json()["no_events"]["comment_created"], 1);
    assert_eq!(counts(&sent(&app, &path, &[], " \n").await), [0, 0, 0, 0, 1], "an empty body");
    for body in ["{\"webhookEvent\"", "hello", "{\"hello\":\"world\"}", "[1,2", "\u{1}"] {
        let answer = sent(&app, &path, &[], body).await;
        assert_eq!((answer.status, counts(&answer)), (StatusCode::OK, [1, 0, 0, 1, 0]), "{body}: {}", answer.text);
        assert_eq!(answer.json()["events"][0]["reason"], "unreadable", "{body}");
    }
    let held = app.state.services.webhooks(&granted(&app)).await.unwrap();
    assert_eq!(held.len(), 1);
}

const CLOUD: &str = r#"{"specversion":"1.0","id":"c1","source":"https://scanner.example/one","type":"wallclock.event.v1","time":"2026-03-01T10:00:00Z","data":{"item_id":"a@b","event":"detected"}}"#;

#[tokio::test(flavor = "multi_thread")]
async fn envelopes_come_in_alone_together_and_as_headers() {
    let app = TestApp::new().await;
    let key = added(&app, Kind::Generic, Some(Proof::Key), None).await;
    let path = format!("hook/{key}");
    let one = sent(&app, &path, &[("content-type", "application/cloudevents+json")], CLOUD).await;
    assert_eq!((one.status, counts(&one)), (StatusCode::OK, [1, 1, 0, 0, 0]), "{}", one.text);
    let batch = format!("[{CLOUD},{}]", CLOUD.replace("c1", "c2"));
    let two = sent(&app, &path, &[("content-type", "application/cloudevents-batch+json")], &batch).await;
    assert_eq!(counts(&two), [2, 1, 1, 0, 0], "{}", two.text);
    let binary = [
        ("ce-specversion", "1.0"),
        ("ce-id", "c1"),
        ("ce-source", "https://scanner.example/one"),
        ("ce-type", "wallclock.event.v1"),
        ("ce-time", "2026-03-01T10:00:00Z"),
    ];
    let three = sent(&app, &path, &binary, r#"{"item_id":"a@b","event":"detected"}"#).await;
    assert_eq!(counts(&three), [1, 0, 1, 0, 0], "the same event in another coat: {}", three.text);
    for body in ["{}},\"type\":\"evil\",\"data\":{}", "not json", "{\"item_id\":"] {
        let answer = sent(&app, &path, &binary, body).await;
        assert_eq!((answer.status, counts(&answer)[3]), (StatusCode::OK, 1), "{body}: {}", answer.text);
    }
    let other = CLOUD.replace("https://scanner.example/one", "elsewhere").replace("c1", "c9");
    let other = sent(&app, &path, &[("content-type", "application/cloudevents+json")], &other).await;
    assert_eq!(other.json()["events"][0]["reason"], "not_permitted", "another source of ours: {}", other.text);
}

#[tokio::test(flavor = "multi_thread")]
async fn lines_of_our_own_come_in_and_bad_ones_are_held() {
    let app = TestApp::new().await;
    let key = added(&app, Kind::Generic, Some(Proof::Key), None).await;
    let path = format!("hook/{key}");
    let lines = format!("{}\nnot json\n", crate::support::EVENT);
    let answer = sent(&app, &path, &[("content-type", "application/x-ndjson")], &lines).await;
    assert_eq!((answer.status, counts(&answer)), (StatusCode::OK, [2, 1, 0, 1, 0]), "{}", answer.text);
    let all_bad = sent(&app, &path, &[("content-type", "text/plain")], "what is this").await;
    assert_eq!((all_bad.status, counts(&all_bad)), (StatusCode::OK, [1, 0, 0, 1, 0]), "{}", all_bad.text);
}
