//! Can a person make, rotate, retire and remove webhooks on a page, with each secret shown once?

use axum::http::StatusCode;
use hmac::{Hmac, Mac};
use service::identity::role::Role;
use sha2::Sha256;

use crate::support::{Answer, Asker, TestApp, by_browser, form};
use crate::webhook_kinds::JIRA;
use crate::webhooks::sent;

const PAGE: &str = "/settings/webhooks";
const DAY: i64 = 86_400;

async fn act(app: &TestApp, asker: &Asker, path: &str, body: &str) -> Answer {
    app.ask(asker, by_browser(form(&format!("{PAGE}{path}"), body))).await
}

/// The lines to copy on a page.
fn lines(page: &Answer) -> Vec<String> {
    let codes = page.text.split("<code").skip(1).filter_map(|part| part.split_once('>'));
    let copied = codes.filter(|(attributes, _)| attributes.contains("copy-line"));
    copied.filter_map(|(_, text)| text.split('<').next()).map(str::to_owned).collect()
}

/// An issue, signed with a secret as Jira signs.
async fn from_jira(app: &TestApp, secret: &str) -> u16 {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).unwrap();
    mac.update(JIRA.as_bytes());
    let hex: String = mac.finalize().into_bytes().iter().map(|byte| format!("{byte:02x}")).collect();
    sent(app, "hook", &[("x-hub-signature", &format!("sha256={hex}"))], JIRA).await.status.as_u16()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_secret_is_shown_once_and_proves_the_sender() {
    let app = TestApp::new().await;
    let admin = app.person(Role::Admin).await;
    let made = act(&app, &admin, "", "source=hook&kind=jira").await;
    assert_eq!((made.status, made.header("cache-control")), (StatusCode::OK, "no-store"), "{}", made.text);
    let copied = lines(&made);
    assert!(copied[0].ends_with("/api/v1/webhooks/in/hook"), "{copied:?}");
    assert_eq!(from_jira(&app, &copied[1]).await, 200);
    let listed = app.get(&admin, PAGE).await;
    assert!(listed.text.contains("/api/v1/webhooks/in/hook") && listed.text.contains("1 source has a webhook"));
    assert!(!listed.text.contains(&copied[1]) && lines(&listed).is_empty(), "shown once");
    let key = lines(&act(&app, &admin, "", "source=aws&kind=securityhub").await);
    assert_eq!(key[0].rsplit('/').next(), Some(key[1].as_str()), "the address ends with the key: {key:?}");
    let given = act(&app, &admin, "", "source=pages&kind=pagerduty&secret=made+by+the+tool").await;
    assert_eq!(given.status, StatusCode::UNPROCESSABLE_ENTITY, "a space is in it");
    assert!(!given.text.contains("made by the tool") && given.text.contains("value=\"pages\""), "{}", given.text);
    let given = act(&app, &admin, "", "source=pages&kind=pagerduty&secret=made-by-the-tool").await;
    assert_eq!((given.status, lines(&given).len()), (StatusCode::OK, 1), "only the address is news");
    assert!(!given.text.contains("made-by-the-tool"));
}

#[tokio::test(flavor = "multi_thread")]
async fn two_secrets_count_until_the_days_are_over_or_the_old_one_is_retired() {
    let app = TestApp::new().await;
    let admin = app.person(Role::Admin).await;
    let first = lines(&act(&app, &admin, "", "source=hook&kind=jira").await).remove(1);
    for days in ["0", "91", "", "seven"] {
        let wrong = act(&app, &admin, "/hook/rotate", &format!("days={days}")).await;
        assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY, "{days}");
        assert!(wrong.text.contains("Not changed."), "{}", wrong.text);
    }
    let rotated = act(&app, &admin, "/hook/rotate", "days=7").await;
    assert!(rotated.text.contains("retires 8 Jul 2026"), "{}", rotated.text);
    let second = lines(&rotated).remove(1);
    assert_eq!(
        act(&app, &admin, "/hook/rotate", "days=7").await.status,
        StatusCode::UNPROCESSABLE_ENTITY,
        "two at most"
    );
    app.clock.advance(7 * DAY - 1);
    assert_eq!((from_jira(&app, &first).await, from_jira(&app, &second).await), (200, 200));
    app.clock.advance(1);
    assert_eq!((from_jira(&app, &first).await, from_jira(&app, &second).await), (401, 200));
    let admin = app.sign_in("admin@example.test").await;
    let third = lines(&act(&app, &admin, "/hook/rotate", "days=30").await).remove(1);
    let retired = act(&app, &admin, "/hook/retire", "").await;
    assert_eq!((retired.status, retired.header("location")), (StatusCode::SEE_OTHER, PAGE));
    assert_eq!((from_jira(&app, &second).await, from_jira(&app, &third).await), (401, 200));
    assert_eq!(act(&app, &admin, "/hook/retire", "").await.status, StatusCode::UNPROCESSABLE_ENTITY, "one stays");
    assert_eq!(act(&app, &admin, "/hook/remove", "name=hock").await.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(act(&app, &admin, "/hook/remove", "name=hook").await.status, StatusCode::SEE_OTHER);
    assert_eq!(from_jira(&app, &third).await, 404);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_way_there_is_shown_to_those_who_may_go() {
    let app = TestApp::new().await;
    for (role, is_shown) in [(Role::Admin, true), (Role::Analyst, false)] {
        let asker = app.person(role).await;
        for page in ["/sources", "/connect"] {
            let page = app.get(&asker, page).await;
            assert_eq!(page.text.contains("href=\"/settings/webhooks\""), is_shown, "{role:?}");
        }
    }
}
