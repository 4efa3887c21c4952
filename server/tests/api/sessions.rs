//! How long does a sign-in hold, and what ends it?

use axum::http::StatusCode;
use domain::id::PersonId;
use service::identity::role::Role;
use store::people::{self, NewStanding};

use crate::support::{Asker, PASSWORD, TestApp, form, get};

async fn is_in(app: &TestApp, asker: &Asker) -> bool {
    app.get(asker, "/sources/import/x/status").await.status == StatusCode::NOT_FOUND
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sign_in_leads_back_to_where_the_reader_wanted_to_go() {
    let app = TestApp::new().await;
    app.add("a@example.test", Role::Analyst).await;
    let asked = app.get(&Asker::anonymous(), "/items?team=Cloud%20Ops").await;
    assert_eq!(asked.header("location"), "/sign-in?next=/items%3Fteam%3DCloud%2520Ops");
    let body = |next: &str| format!("email=A%40Example.test&password={}&next={next}", PASSWORD.replace(' ', "+"));
    let answer = app.ask(&Asker::anonymous(), form("/sign-in", &body("/items%3Fteam%3DCloud%2520Ops"))).await;
    assert_eq!((answer.status, answer.header("location")), (StatusCode::SEE_OTHER, "/items?team=Cloud%20Ops"));
    for evil in ["//evil", "/%5Cevil", "https:evil", "javascript:alert(1)", "%2F%2Fevil"] {
        let answer = app.ask(&Asker::anonymous(), form("/sign-in", &body(evil))).await;
        assert_eq!(answer.header("location"), "/", "{evil}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_cookie_is_out_of_reach_of_script_and_new_each_time() {
    let app = TestApp::new().await;
    let first = app.owner().await;
    let again = app.sign_in("owner@example.test").await;
    assert_ne!(first.cookie, again.cookie);
    let body = format!("email=owner%40example.test&password={}", PASSWORD.replace(' ', "+"));
    let answer = app.ask(&first, form("/sign-in", &body)).await;
    let cookie = answer.header("set-cookie");
    assert!(cookie.ends_with("; Path=/; HttpOnly; SameSite=Lax"), "{cookie}");
    assert_ne!(answer.session(), first.cookie);
}

#[tokio::test(flavor = "multi_thread")]
async fn whatever_is_wrong_gets_the_same_answer() {
    let app = TestApp::new().await;
    app.owner().await;
    let tries = [
        "email=owner%40example.test&password=wrong+horse+battery".to_owned(),
        "email=nobody%40example.test&password=correct+horse+battery".to_owned(),
        "email=owner%40example.test&password=".to_owned(),
        "email=&password=correct+horse+battery".to_owned(),
        "email=owner%40example.test&password=%00".to_owned(),
        format!("email=owner%40example.test&password={}", "a".repeat(8_000)),
        String::new(),
    ];
    for body in tries {
        let answer = app.ask(&Asker::anonymous(), form("/sign-in", &body)).await;
        assert_eq!((answer.status, answer.header("location")), (StatusCode::SEE_OTHER, "/sign-in?error=wrong"));
        assert!(answer.session().is_none() && answer.text.is_empty());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn tries_that_come_too_fast_wait_even_with_the_right_password() {
    let app = TestApp::new().await;
    app.add("a@example.test", Role::Analyst).await;
    let right = format!("email=a%40example.test&password={}", PASSWORD.replace(' ', "+"));
    for _ in 0..5 {
        app.ask(&Asker::anonymous(), form("/sign-in", "email=a%40example.test&password=wrong+wrong+wrong")).await;
    }
    let answer = app.ask(&Asker::anonymous(), form("/sign-in", &right)).await;
    assert_eq!(answer.header("location"), "/sign-in?error=throttled");
    app.clock.advance(1);
    let answer = app.ask(&Asker::anonymous(), form("/sign-in", &right)).await;
    assert!(answer.session().is_some(), "{}", answer.header("location"));
}

#[tokio::test(flavor = "multi_thread")]
async fn half_an_hour_of_rest_or_twelve_hours_end_it() {
    let app = TestApp::new().await;
    let owner = app.owner().await;
    for _ in 0..24 {
        app.clock.advance(29 * 60);
        assert!(is_in(&app, &owner).await);
    }
    app.clock.advance(24 * 60);
    assert!(!is_in(&app, &owner).await, "twelve hours are over");
    let owner = app.sign_in("owner@example.test").await;
    app.clock.advance(30 * 60);
    assert!(!is_in(&app, &owner).await, "half an hour of rest");
}

#[tokio::test(flavor = "multi_thread")]
async fn signing_out_ends_it_on_the_server_too() {
    let app = TestApp::new().await;
    let owner = app.owner().await;
    let answer = app.ask(&owner, form("/sign-out", "")).await;
    assert_eq!(answer.header("clear-site-data"), "\"cache\", \"cookies\", \"storage\"");
    assert!(answer.header("set-cookie").contains("Max-Age=0"));
    assert!(!is_in(&app, &owner).await, "the old cookie is replayed");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_disabled_person_is_out_at_once_and_a_new_password_ends_every_sign_in() {
    let app = TestApp::new().await;
    let owner = app.owner().await;
    let admin = app.person(Role::Admin).await;
    let identity = &app.state.identity;
    let password = service::identity::secret::Secret::new("another horse battery".to_owned());
    identity.set_password(&identity.operator(), "owner@example.test", password, Default::default()).await.unwrap();
    assert!(!is_in(&app, &owner).await);
    assert!(is_in(&app, &admin).await);
    let off = NewStanding { role: "admin", membership: "disabled", teams: String::new(), auditor_until: None };
    let mut tx = app.state.services.store().begin().await.unwrap();
    people::set_standing(&mut tx.conn(), crate::support::ORG, PersonId::from_row(2), &off).await.unwrap();
    tx.commit().await.unwrap();
    assert!(!is_in(&app, &admin).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn no_mutation_of_a_cookie_is_a_sign_in_and_none_is_an_error() {
    let app = TestApp::new().await;
    let key = app.owner().await.cookie.unwrap();
    let mut mutations = vec![
        format!("wc-local={key}; wc-local={key}"),
        format!("wc-local={key}a"),
        format!("wc-local={}", &key[1..]),
        format!("wc-local=\"{key}\""),
        format!("WC-LOCAL={key}"),
        format!("__Host-wc={key}"),
        format!("wc-local ={key}"),
        format!("wc-local={}", key.to_uppercase()),
        format!("wc-local={}", "a".repeat(8_192)),
        "wc-local".to_owned(),
        "=;;=".to_owned(),
    ];
    for place in 0..key.len() {
        let mut letters: Vec<char> = key.chars().collect();
        letters[place] = if letters[place] == 'x' { 'y' } else { 'x' };
        mutations.push(format!("wc-local={}", letters.into_iter().collect::<String>()));
    }
    for cookie in mutations {
        let mut request = get("/sources");
        request.headers_mut().insert("cookie", cookie.parse().unwrap());
        let answer = app.ask(&Asker::anonymous(), request).await;
        assert_eq!(answer.header("location"), "/sign-in?next=/sources", "{cookie}");
    }
}
