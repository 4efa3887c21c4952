//! Which headers does every answer carry, and which requests never get past the edge?

use axum::body::Body;
use axum::http::{Method, Request, StatusCode};

use server::limits::Limits;

use crate::support::{Answer, Asker, HOST, TestApp, get, post, wide_limits};

fn nonce_of(answer: &Answer) -> String {
    let policy = answer.header("content-security-policy");
    policy.split("'nonce-").nth(1).and_then(|rest| rest.split('\'').next()).unwrap_or_default().to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_nonce_in_the_policy_is_the_one_in_the_page_and_lives_once() {
    let app = TestApp::new().await;
    let first = app.get(&Asker::anonymous(), "/sign-in").await;
    let second = app.get(&Asker::anonymous(), "/sign-in").await;
    assert_eq!(first.status, StatusCode::OK, "{}", first.text);
    for answer in [&first, &second] {
        let nonce = nonce_of(answer);
        assert_eq!(nonce.len(), 22);
        assert!(answer.text.contains(&format!("nonce=\"{nonce}\"")));
        assert_eq!(answer.text.matches("nonce=\"").count(), answer.text.matches(&format!("nonce=\"{nonce}\"")).count());
    }
    assert_ne!(nonce_of(&first), nonce_of(&second));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_runs_only_what_is_ours() {
    let app = TestApp::new().await;
    let page = app.get(&Asker::anonymous(), "/sign-in").await;
    let nonce = nonce_of(&page);
    let expected = format!(
        "default-src 'none'; script-src 'self' 'nonce-{nonce}' 'wasm-unsafe-eval'; style-src 'self'; \
         img-src 'self' data:; font-src 'self'; connect-src 'self'; manifest-src 'self'; form-action 'self'; \
         base-uri 'none'; frame-ancestors 'none'; object-src 'none'"
    );
    assert_eq!(page.header("content-security-policy"), expected);
    assert!(!page.text.contains(" style=\""), "a style in an attribute is blocked by the policy");
}

#[tokio::test(flavor = "multi_thread")]
async fn every_answer_carries_the_headers_whatever_its_status() {
    let app = TestApp::new().await;
    let nobody = Asker::anonymous();
    let owner = app.owner().await;
    let mut answers = vec![
        (200, app.get(&nobody, "/healthz").await),
        (200, app.get(&nobody, "/sign-in").await),
        (303, app.get(&nobody, "/").await),
        (401, app.get(&nobody, "/api/v1/gap").await),
        (404, app.get(&nobody, "/nothing/here").await),
        (405, app.ask(&nobody, post("/healthz", "text/plain", "")).await),
        (413, app.ask(&nobody, post("/sign-in", "application/x-www-form-urlencoded", "a".repeat(9_000))).await),
        (400, app.get(&nobody, "/a%2f").await),
    ];
    app.state.services.store().close().await;
    answers.push((503, app.get(&owner, "/").await));
    for (status, answer) in answers {
        assert_eq!(answer.status.as_u16(), status, "{}", answer.text);
        for (name, value) in [
            ("x-content-type-options", "nosniff"),
            ("x-frame-options", "DENY"),
            ("referrer-policy", "same-origin"),
            ("cross-origin-opener-policy", "same-origin"),
            ("cross-origin-resource-policy", "same-origin"),
        ] {
            assert_eq!(answer.header(name), value, "{name} on {status}");
        }
        assert!(answer.header("content-security-policy").starts_with("default-src 'none'"), "{status}");
        assert!(!answer.header("cache-control").is_empty() && answer.header("x-request-id").len() == 32, "{status}");
        for absent in ["server", "x-powered-by", "access-control-allow-origin"] {
            assert!(answer.headers.get(absent).is_none(), "{absent} on {status}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn readers_get_a_page_and_programs_a_problem() {
    let app = TestApp::new().await;
    let mut request = get("/nothing");
    request.headers_mut().insert("accept", "text/html,*/*;q=0.8".parse().unwrap());
    let page = app.ask(&Asker::anonymous(), request).await;
    assert!(page.header("content-type").starts_with("text/html"));
    assert!(page.header("content-security-policy").contains("script-src 'self'"));
    let problem = app.get(&Asker::anonymous(), "/nothing").await;
    assert_eq!(problem.header("content-type"), "application/problem+json");
    assert_eq!(problem.json()["request_id"], problem.header("x-request-id"));
    assert_eq!(problem.json()["type"], "/problems/not_found");
    let explained = app.get(&Asker::anonymous(), "/problems/not_found").await;
    assert_eq!(explained.status, StatusCode::OK);
}

#[tokio::test(flavor = "multi_thread")]
async fn other_hosts_are_not_answered_for() {
    let app = TestApp::new().await;
    let ask = async |host: Option<&str>, uri: &str| {
        let request = Request::builder().uri(uri);
        let request = if let Some(host) = host { request.header("host", host) } else { request };
        app.ask(&Asker::anonymous(), request.body(Body::empty()).unwrap()).await.status
    };
    assert_eq!(ask(Some("localhost:3000"), "/sign-in").await, StatusCode::OK);
    for host in [None, Some("evil.example"), Some("127.0.0.1"), Some("127.0.0.1:3000.evil.example")] {
        assert_eq!(ask(host, "/sign-in").await, StatusCode::MISDIRECTED_REQUEST, "{host:?}");
    }
    assert_eq!(ask(Some(HOST), "http://evil.example/sign-in").await, StatusCode::MISDIRECTED_REQUEST);
    assert_eq!(ask(Some("evil.example"), "/healthz").await, StatusCode::OK);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_method_names_the_right_ones() {
    let app = TestApp::new().await;
    for method in [Method::POST, Method::TRACE, Method::PUT] {
        let mut request = get("/api/v1/gap");
        *request.method_mut() = method;
        let answer = app.ask(&Asker::anonymous(), request).await;
        assert_eq!((answer.status, answer.code().as_str()), (StatusCode::METHOD_NOT_ALLOWED, "method_not_allowed"));
        assert_eq!(answer.header("allow"), "GET,HEAD");
    }
}

/// Three requests from one peer that claims another client each time; how many were answered under a rate of one.
async fn answered_behind(proxies: Option<&str>, header: (&'static str, [&str; 3])) -> usize {
    let limits = Limits { anonymous_rate: (0.0, 1.0), ..wide_limits() };
    let app = TestApp::behind(limits, proxies).await;
    let mut answered = 0;
    for client in header.1 {
        let mut request = get("/sign-in");
        request.headers_mut().insert(header.0, client.parse().unwrap());
        answered += usize::from(app.ask(&Asker::anonymous(), request).await.status == StatusCode::OK);
    }
    answered
}

#[tokio::test(flavor = "multi_thread")]
async fn only_a_trusted_proxy_says_who_the_client_is() {
    let clients = ["192.0.2.1", "192.0.2.2", "192.0.2.3"];
    assert_eq!(answered_behind(None, ("x-forwarded-for", clients)).await, 1, "anybody could claim to be new");
    assert_eq!(answered_behind(Some("192.0.2.9"), ("x-forwarded-for", clients)).await, 1, "the peer is another");
    assert_eq!(answered_behind(Some("127.0.0.1"), ("x-forwarded-for", clients)).await, 3);
    for other in ["forwarded", "x-real-ip"] {
        assert_eq!(answered_behind(Some("127.0.0.1"), (other, clients)).await, 1, "{other} is not read");
    }
    // What a client writes in front of the list changes nothing: the rightmost address that is not ours counts.
    let forged = ["10.0.0.1, 192.0.2.1", "10.0.0.2, 192.0.2.1", "10.0.0.3, 192.0.2.1, 127.0.0.1"];
    assert_eq!(answered_behind(Some("127.0.0.1"), ("x-forwarded-for", forged)).await, 1);
}
