//! Can another site make a reader's browser act here? Every form and every server function is tried.

use axum::http::StatusCode;
use server::routes::table::{Asked, ROUTES, Surface};

use crate::support::{TestApp, form};

#[tokio::test(flavor = "multi_thread")]
async fn no_form_and_no_function_acts_for_another_site() {
    let app = TestApp::new().await;
    let owner = app.owner().await;
    let foreign = [
        ("sec-fetch-site", "cross-site"),
        ("sec-fetch-site", "same-site"),
        ("origin", "https://evil.example"),
        ("origin", "null"),
        ("origin", "http://127.0.0.1:3001"),
    ];
    let browser = |route: &&server::routes::table::Route| {
        route.asked == Asked::Post && matches!(route.surface, Surface::Page | Surface::Function)
    };
    let mut tried = 0;
    for route in ROUTES.iter().filter(browser) {
        let path = route.path.replace("{id}", "1").replace("{version}", "1").replace("{code}", "x");
        for (name, value) in foreign {
            let mut request = form(&path, "query=");
            request.headers_mut().insert(name, value.parse().unwrap());
            let answer = app.ask(&owner, request).await;
            assert_eq!(
                (answer.status, answer.code().as_str()),
                (StatusCode::FORBIDDEN, "cross_site"),
                "{path} {name}: {value}"
            );
            tried += 1;
        }
        for (name, value) in [("sec-fetch-site", "same-origin"), ("origin", "http://127.0.0.1:3000")] {
            let mut request = form(&path, "query=");
            request.headers_mut().insert(name, value.parse().unwrap());
            let answer = app.ask(&owner, request).await;
            assert_ne!(answer.status, StatusCode::FORBIDDEN, "{path} {name}: {value}");
        }
    }
    assert!(tried >= 75, "only {tried} were tried");
}

#[test]
fn no_server_function_answers_a_get() {
    for (path, method) in leptos::server_fn::axum::server_fn_paths() {
        assert_eq!(method, axum::http::Method::POST, "{path}");
    }
}
