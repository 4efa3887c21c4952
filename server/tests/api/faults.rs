//! What does a caller read when something breaks inside? Nothing of our insides, at no address.

use axum::http::StatusCode;
use axum::routing::{MethodRouter, on};
use server::limits::{Class, Limits};
use server::routes::table::{Access, ROUTES, Route, Surface};
use server::state::ServerState;
use std::time::Duration;

use crate::support::{Answer, Asker, INSIDES, TestApp, by_browser, method_of, request_of, wide_limits};

const NEVER_SAID: [&str; 12] = [
    "src/",
    "sqlx",
    "SELECT",
    "select ",
    "panicked",
    "postgres:",
    "wallclock.db",
    "pool",
    "thread",
    "Err(",
    "hunter2",
    "secrets",
];

fn says_nothing(route: &Route, answer: &Answer) {
    for word in NEVER_SAID {
        // The styles and scripts of a page are ours, and their words are not about the fault.
        assert!(!answer.text.contains(word), "`{word}` on {}: {}", route.path, answer.text);
    }
}

/// A refusal is a problem with all its members, an error of the feed, or a page.
fn is_well_formed(route: &Route, answer: &Answer, code: &str) {
    says_nothing(route, answer);
    if route.surface == Surface::OData {
        assert_eq!(answer.json()["error"]["code"], code, "{}: {}", route.path, answer.text);
        return;
    }
    if answer.header("content-type").starts_with("text/html") {
        assert!(answer.text.contains(&format!("/problems/{code}")), "{}: {}", route.path, answer.text);
        return;
    }
    assert_eq!(answer.header("content-type"), "application/problem+json", "{}", route.path);
    let body = answer.json();
    assert_eq!((&body["code"], &body["type"]), (&code.into(), &format!("/problems/{code}").into()), "{}", route.path);
    assert_eq!((&body["status"], body["title"].is_string()), (&answer.status.as_u16().into(), true), "{}", route.path);
    assert_eq!(body["request_id"], answer.header("x-request-id"), "{}", route.path);
}

async fn breaks() -> StatusCode {
    panic!("{INSIDES}")
}

async fn hangs() -> StatusCode {
    std::future::pending().await
}

fn breaking(route: &Route, _: &ServerState) -> MethodRouter<ServerState> {
    on(method_of(route), breaks)
}

fn hanging(route: &Route, _: &ServerState) -> MethodRouter<ServerState> {
    on(method_of(route), hangs)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_handler_that_panics_is_a_refusal_that_says_nothing_at_every_address() {
    let app = TestApp::around(wide_limits(), breaking).await;
    let asker = app.everything().await;
    for route in ROUTES {
        for by_reader in [false, true] {
            let request = if by_reader { by_browser(request_of(route)) } else { request_of(route) };
            let answer = app.ask(&asker, request).await;
            assert_eq!(answer.status, StatusCode::INTERNAL_SERVER_ERROR, "{}: {}", route.path, answer.text);
            is_well_formed(route, &answer, "internal");
            let is_page = answer.header("content-type").starts_with("text/html");
            let wants_page = by_reader && matches!(route.surface, Surface::Page | Surface::Open);
            assert_eq!(is_page, wants_page, "{} {}", route.path, answer.header("content-type"));
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_question_that_panics_is_a_refusal_that_says_nothing_at_every_address() {
    let app = TestApp::new().await;
    let asker = app.everything().await;
    app.blow();
    let mut broken = 0;
    for route in ROUTES.iter().filter(|route| route.surface != Surface::Open && route.path != "/sign-out") {
        let answer = app.ask(&asker, request_of(route)).await;
        says_nothing(route, &answer);
        broken += usize::from(answer.status.is_server_error());
    }
    assert!(broken >= 15, "only {broken} addresses asked the services anything");
    assert_eq!(app.get(&asker, "/healthz").await.status, StatusCode::OK);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_that_is_gone_is_a_refusal_that_says_nothing_at_every_address() {
    let app = TestApp::new().await;
    let asker = app.everything().await;
    app.state.services.store().close().await;
    for route in ROUTES {
        for request in [request_of(route), by_browser(request_of(route))] {
            let answer = app.ask(&asker, request).await;
            says_nothing(route, &answer);
            if route.access != Access::Public {
                assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE, "{}: {}", route.path, answer.text);
                is_well_formed(route, &answer, "storage_unavailable");
            }
        }
    }
    assert_eq!(app.get(&asker, "/readyz").await.status, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(app.get(&asker, "/healthz").await.status, StatusCode::OK);
}

#[tokio::test(flavor = "multi_thread")]
async fn work_that_takes_too_long_ends_with_a_word_about_its_outcome() {
    let short = Duration::from_millis(30);
    let limits = Limits {
        body_whole: short,
        upload_whole: short,
        read_work: short,
        ingest_work: short,
        render_work: short,
        sign_in_work: short,
        ..wide_limits()
    };
    let app = TestApp::around(limits, hanging).await;
    let asker = app.everything().await;
    for route in ROUTES {
        let answer = app.ask(&asker, request_of(route)).await;
        let (status, code) = match route.class {
            Class::Health | Class::Read | Class::Export => (504, "query_timeout"),
            Class::Ingest | Class::Upload => (503, "outcome_unknown"),
            Class::Render => (503, "render_timeout"),
            Class::SignIn => (503, "busy"),
        };
        assert_eq!(answer.status.as_u16(), status, "{}: {}", route.path, answer.text);
        is_well_formed(route, &answer, code);
        if status == 503 {
            assert!(answer.header("retry-after").parse::<u32>().is_ok_and(|seconds| seconds >= 1), "{}", route.path);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_drains_is_not_ready() {
    let app = TestApp::new().await;
    let nobody = Asker::anonymous();
    assert_eq!(app.get(&nobody, "/readyz").await.status.as_u16(), 200);
    app.state.start_draining();
    let answer = app.get(&nobody, "/readyz").await;
    assert_eq!(answer.status.as_u16(), 503);
    assert_eq!(answer.json()["failed"][0], "draining");
}
