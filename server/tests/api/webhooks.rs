//! Does a webhook take what its sender proves, once, and nothing else?

use axum::body::Body;
use axum::http::{Request, StatusCode};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, Mac};
use server::limits::Limits;
use service::authorise::{Granted, Object, authorise, proof};
use service::identity::record::Origin;
use service::identity::scope::Scope;
use service::identity::secret::Secret;
use service::webhook::{Kind, Proof, Rotation, WebhookToAdd};
use sha2::Sha256;

use crate::acts::records;
use crate::support::{Answer, Asker, EVENT, NOW, TestApp, get, post, wide_limits};

pub(crate) const JSON: &str = "application/json";
/// What `whsec_` stands before is base64 of these bytes.
const KEY: &[u8; 32] = b"0123456789abcdef0123456789abcdef";
const SECRET: &str = "whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=";
/// `base64.b64encode(hmac.new(b"0123456789abcdef0123456789abcdef", b"msg_1.1782864000." + EVENT, "sha256").digest())`
const SIGNATURE: &str = "v1,v6N0jZvlEYs9SKz6Ycb0uoaGkAEMRSMrhcOqWypLLpE=";

pub(crate) fn granted(app: &TestApp) -> Granted<proof::SourcesWrite> {
    authorise(&app.state.identity.operator(), Object::OwnOrg).unwrap()
}

/// Gives the source `hook` a webhook; what is shown once.
pub(crate) async fn added(app: &TestApp, kind: Kind, proof: Option<Proof>, secret: Option<&str>) -> String {
    let secret = secret.map(|secret| Secret::new(secret.to_owned()));
    let wanted = WebhookToAdd { source: "hook".to_owned(), kind, proof, secret };
    let text = app.state.services.add_webhook(&granted(app), &Origin::default(), wanted).await.unwrap();
    text.expose().clone()
}

async fn rotated(app: &TestApp) -> Vec<u8> {
    let text = app
        .state
        .services
        .rotate_webhook(&granted(app), &Origin::default(), "hook", Rotation::default())
        .await
        .unwrap();
    STANDARD.decode(text.expose().strip_prefix("whsec_").unwrap()).unwrap()
}

pub(crate) async fn sent(app: &TestApp, path: &str, headers: &[(&str, &str)], body: &str) -> Answer {
    let mut request: Request<Body> = post(&format!("/api/v1/webhooks/in/{path}"), JSON, body.to_owned());
    for (name, value) in headers {
        let name: axum::http::HeaderName = name.parse().unwrap();
        request.headers_mut().insert(name, value.parse().unwrap());
    }
    app.ask(&Asker::anonymous(), request).await
}

/// Signed as Standard Webhooks sign.
async fn signed(app: &TestApp, key: &[u8], (id, at): (&str, i64), body: &str) -> Answer {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).unwrap();
    mac.update(format!("{id}.{at}.{body}").as_bytes());
    let signature = format!("v1,{}", STANDARD.encode(mac.finalize().into_bytes()));
    let headers = [("webhook-id", id), ("webhook-timestamp", &at.to_string()), ("webhook-signature", &signature)];
    sent(app, "hook", &headers, body).await
}

pub(crate) fn counts(answer: &Answer) -> [u64; 5] {
    let body = answer.json();
    ["received", "accepted", "duplicate", "quarantined", "no_event"].map(|name| body[name].as_u64().unwrap_or(u64::MAX))
}

fn refused(answer: &Answer) -> (u16, String) {
    (answer.status.as_u16(), answer.code())
}

fn invalid() -> (u16, String) {
    (401, "signature_invalid".to_owned())
}

async fn taken_once(app: TestApp) {
    assert_eq!(added(&app, Kind::Generic, None, Some(SECRET)).await, SECRET);
    let now = NOW.seconds().to_string();
    let headers = [("webhook-id", "msg_1"), ("webhook-timestamp", now.as_str()), ("webhook-signature", SIGNATURE)];
    let first = sent(&app, "hook", &headers, EVENT).await;
    assert_eq!((first.status, counts(&first)), (StatusCode::OK, [1, 1, 0, 0, 0]), "{}", first.text);
    assert_eq!(first.json()["delivery"], "new");
    let again = sent(&app, "hook", &headers, EVENT).await;
    assert_eq!((again.status, counts(&again)), (StatusCode::OK, [1, 1, 0, 0, 0]), "the first receipt");
    assert_eq!((&again.json()["delivery"], &again.json()["batches"]), (&"duplicate".into(), &first.json()["batches"]));
    let other = signed(&app, KEY, ("msg_1", NOW.seconds()), &EVENT.replace("e1", "e2")).await;
    assert_eq!(refused(&other), (409, "event_conflict".to_owned()), "another body under the same id");
    let renamed = signed(&app, KEY, ("msg_2", NOW.seconds()), EVENT).await;
    assert_eq!((counts(&renamed), &renamed.json()["delivery"]), ([1, 0, 1, 0, 0], &"new".into()));
    let reader = app.token(&[Scope::ReadApi]).await;
    assert_eq!(app.get(&reader, "/api/v1/items").await.json()["items"][0]["item_id"], "CVE-1@host");
    let restarted = app.restarted().await;
    let after = sent(&restarted, "hook", &headers, EVENT).await;
    assert_eq!((after.status, &after.json()["delivery"]), (StatusCode::OK, &"duplicate".into()), "{}", after.text);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_signed_delivery_is_taken_once_on_sqlite() {
    taken_once(TestApp::new().await).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_signed_delivery_is_taken_once_on_postgres() {
    taken_once(TestApp::on_postgres().await).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn whatever_does_not_fit_is_one_refusal_that_says_no_part() {
    let app = TestApp::new().await;
    added(&app, Kind::Generic, None, Some(SECRET)).await;
    let now = NOW.seconds().to_string();
    let hex = format!("v1,{}", "0f".repeat(32));
    let many = vec!["v1,AAAA"; 1_000].join(" ");
    let (id, at, right) =
        (("webhook-id", "msg_1"), ("webhook-timestamp", now.as_str()), ("webhook-signature", SIGNATURE));
    let of = |signature| vec![id, at, ("webhook-signature", signature)];
    let wrong = [
        ("nothing", vec![], EVENT),
        ("no id", vec![at, right], EVENT),
        ("no time", vec![id, right], EVENT),
        ("no signature", vec![id, at], EVENT),
        ("another id", vec![("webhook-id", "msg_2"), at, right], EVENT),
        ("another time", vec![id, ("webhook-timestamp", "1782864001"), right], EVENT),
        ("another body", vec![id, at, right], "{}"),
        ("hexadecimal", of(&hex), EVENT),
        ("another version", of("v2,v6N0jZvlEYs9SKz6Ycb0uoaGkAEMRSMrhcOqWypLLpE="), EVENT),
        ("a thousand", of(&many), EVENT),
        ("a token", vec![("authorization", "Bearer wc_abcdefgh_aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")], EVENT),
        ("the secret itself", vec![("authorization", SECRET)], EVENT),
    ];
    let mut bodies = Vec::new();
    for (what, headers, body) in &wrong {
        let answer = sent(&app, "hook", headers, body).await;
        assert_eq!(refused(&answer), invalid(), "{what}: {}", answer.text);
        let mut body = answer.json();
        body["request_id"] = serde_json::Value::Null;
        bodies.push(body);
    }
    bodies.dedup();
    assert_eq!(bodies.len(), 1, "{bodies:?}");
    let another = signed(&app, &[7; 32], ("msg_1", NOW.seconds()), EVENT).await;
    assert_eq!(refused(&another), invalid());
    let reader = app.token(&[Scope::ReadApi]).await;
    assert_eq!(app.get(&reader, "/api/v1/items").await.json()["basis"]["of_items"], 0, "nothing was stored");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_sent_five_minutes_ago_is_too_old() {
    let app = TestApp::new().await;
    added(&app, Kind::Generic, None, Some(SECRET)).await;
    for (offset, status) in [(-300, 200), (300, 200), (-301, 401), (301, 401)] {
        let answer = signed(&app, KEY, (&format!("m{offset}"), NOW.seconds() + offset), EVENT).await;
        assert_eq!(answer.status.as_u16(), status, "{offset}: {}", answer.text);
        if status == 401 {
            assert_eq!(
                (answer.code().as_str(), &answer.json()["now"]),
                ("timestamp_skew", &"2026-07-01T00:00:00Z".into())
            );
        }
    }
    let stranger = signed(&app, &[7; 32], ("m", NOW.seconds() - 301), EVENT).await;
    assert_eq!(refused(&stranger), invalid(), "who knows no secret learns nothing of the clock");
}

#[tokio::test(flavor = "multi_thread")]
async fn two_secrets_live_until_the_old_one_is_retired() {
    let app = TestApp::new().await;
    added(&app, Kind::Generic, None, Some(SECRET)).await;
    let new = rotated(&app).await;
    let send = async |key: &[u8], id: &str| signed(&app, key, (id, NOW.seconds()), EVENT).await.status.as_u16();
    assert_eq!((send(KEY, "a").await, send(&new, "b").await), (200, 200));
    let services = &app.state.services;
    let third = services.rotate_webhook(&granted(&app), &Origin::default(), "hook", Rotation::default()).await;
    assert!(third.is_err(), "two live at most");
    services.retire_webhook_secret(&granted(&app), &Origin::default(), "hook").await.unwrap();
    assert_eq!((send(KEY, "c").await, send(&new, "d").await), (401, 200));
    assert!(services.retire_webhook_secret(&granted(&app), &Origin::default(), "hook").await.is_err(), "one stays");
    services.remove_webhook(&granted(&app), &Origin::default(), "hook").await.unwrap();
    assert_eq!(send(&new, "e").await, 404);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_opens_by_the_address_or_by_the_header_and_is_called_weak() {
    let app = TestApp::new().await;
    let key = added(&app, Kind::SecurityHub, None, None).await;
    let body = r#"{"detail-type":"Scheduled Event","detail":{"findings":[]}}"#;
    assert_eq!(sent(&app, &format!("hook/{key}"), &[], body).await.status, StatusCode::OK);
    for value in [key.clone(), format!("Bearer {key}")] {
        assert_eq!(sent(&app, "hook", &[("authorization", &value)], body).await.status, StatusCode::OK);
    }
    for path in ["hook".to_owned(), format!("hook/{}", "a".repeat(43)), format!("hook/{key}a"), "hook/x".to_owned()] {
        assert_eq!(refused(&sent(&app, &path, &[], body).await), invalid(), "{path}");
    }
    let views = app.state.services.webhooks(&granted(&app)).await.unwrap();
    assert!(views[0].is_weak() && views[0].proof == Proof::Key);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_source_without_a_webhook_is_not_there_and_no_other_way_in() {
    let app = TestApp::new().await;
    added(&app, Kind::Generic, None, Some(SECRET)).await;
    let everything = app.everything().await;
    for path in ["other", "other/key", "HOOK", "%20", &"h".repeat(65)] {
        assert_eq!(sent(&app, path, &[], EVENT).await.status, StatusCode::NOT_FOUND, "{path}");
    }
    let by_token = app.ask(&everything, post("/api/v1/webhooks/in/hook", JSON, EVENT)).await;
    assert_eq!(refused(&by_token), invalid(), "no cookie and no token opens it");
    let read = app.ask(&everything, get("/api/v1/webhooks/in/hook")).await;
    assert_eq!(read.status, StatusCode::METHOD_NOT_ALLOWED);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_body_above_the_bound_is_refused() {
    let app = TestApp::new().await;
    added(&app, Kind::Generic, None, Some(SECRET)).await;
    let long = format!("{}{EVENT}", " ".repeat(2 * 1024 * 1024));
    assert_eq!(refused(&signed(&app, KEY, ("m", NOW.seconds()), &long).await), (413, "body_too_large".to_owned()));
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_guesses_is_slowed_down_and_the_sender_is_not() {
    let limits = Limits { anonymous_rate: (0.0, 2.0), ..wide_limits() };
    let app = TestApp::with(limits, None).await;
    added(&app, Kind::Generic, None, Some(SECRET)).await;
    let guess = async || sent(&app, "hook", &[], EVENT).await.status.as_u16();
    assert_eq!((guess().await, guess().await, guess().await), (401, 401, 429));
    assert_eq!(sent(&app, "nowhere", &[], EVENT).await.status.as_u16(), 429, "names of sources are not for guessing");
    for number in 0..5 {
        let answer = signed(&app, KEY, (&format!("m{number}"), NOW.seconds()), EVENT).await;
        assert_eq!(answer.status, StatusCode::OK);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_push_and_every_change_is_on_record_once() {
    let app = TestApp::new().await;
    let services = &app.state.services;
    let grown = async |before: u64| records(&app).await - before;
    let before = records(&app).await;
    added(&app, Kind::Generic, None, None).await;
    assert_eq!(grown(before).await, 1);
    let key = rotated(&app).await;
    assert_eq!(grown(before).await, 2);
    services.retire_webhook_secret(&granted(&app), &Origin::default(), "hook").await.unwrap();
    assert_eq!(grown(before).await, 3);
    for _ in 0..2 {
        assert_eq!(signed(&app, &key, ("m", NOW.seconds()), EVENT).await.status, StatusCode::OK);
    }
    assert_eq!(grown(before).await, 4, "a delivery that came before does nothing");
    services.remove_webhook(&granted(&app), &Origin::default(), "hook").await.unwrap();
    assert_eq!(grown(before).await, 5);
}

/// Every byte that the data directory holds of the database.
fn stored(app: &TestApp) -> Vec<u8> {
    let names = ["wallclock.db", "wallclock.db-wal"];
    names.iter().flat_map(|name| std::fs::read(app.folder.path().join(name)).unwrap_or_default()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn no_secret_lies_in_the_database() {
    let app = TestApp::new().await;
    let key = added(&app, Kind::SecurityHub, None, None).await;
    let services = &app.state.services;
    services.remove_webhook(&granted(&app), &Origin::default(), "hook").await.unwrap();
    added(&app, Kind::Generic, None, Some(SECRET)).await;
    let stored = stored(&app);
    let holds = |text: &[u8]| stored.windows(text.len()).any(|window| window == text);
    assert!(holds(b"webhook.add"), "the database is read");
    for secret in [key.as_bytes(), &SECRET.as_bytes()[6..40], KEY] {
        assert!(!holds(secret), "{}", String::from_utf8_lossy(secret));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_last_use_is_told() {
    let app = TestApp::new().await;
    added(&app, Kind::Generic, None, Some(SECRET)).await;
    assert_eq!(app.state.services.webhooks(&granted(&app)).await.unwrap()[0].secrets[0].used_at, None);
    signed(&app, KEY, ("m", NOW.seconds()), EVENT).await;
    // It is written behind the sender's back; whoever asks waits for the same database.
    let mut used = None;
    for _ in 0..10_000 {
        used = app.state.services.webhooks(&granted(&app)).await.unwrap()[0].secrets[0].used_at;
        if used.is_some() {
            break;
        }
    }
    assert_eq!(used, Some(NOW));
}
