//! Which tokens hold, and what may they do?

use axum::http::StatusCode;
use service::identity::caller::Names;
use service::identity::record::Origin;
use service::identity::scope::Scope;
use service::identity::tokens::TokenToMake;

use crate::support::{Asker, EVENT, TestApp, get, post};

#[tokio::test(flavor = "multi_thread")]
async fn a_token_ends_with_its_days() {
    let app = TestApp::new().await;
    let token = app.token(&[Scope::ReadApi]).await;
    app.clock.advance(90 * 86_400 - 1);
    assert_eq!(app.get(&token, "/api/v1/version").await.status, StatusCode::OK);
    app.clock.advance(1);
    let answer = app.get(&token, "/api/v1/version").await;
    assert_eq!((answer.status, answer.code().as_str()), (StatusCode::UNAUTHORIZED, "token_invalid"));
    assert_eq!(answer.header("www-authenticate"), "Bearer realm=\"wallclock\"");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_revoked_token_is_out_at_once_and_every_refusal_reads_alike() {
    let app = TestApp::new().await;
    let token = app.token(&[Scope::ReadApi]).await;
    let text = token.bearer.clone().unwrap();
    let identity = &app.state.identity;
    identity.revoke_token(&identity.operator(), &text[3..11], Origin::default()).await.unwrap();
    let wrong_key = format!("{}{}", &text[..12], "a".repeat(43));
    let unknown = format!("wc_zzzzzzzz_{}", "a".repeat(43));
    for bearer in [text, wrong_key, unknown, "wc_".to_owned(), "x".repeat(2_000)] {
        let answer = app.get(&Asker { bearer: Some(bearer), ..Asker::default() }, "/api/v1/version").await;
        assert_eq!((answer.status, answer.code().as_str()), (StatusCode::UNAUTHORIZED, "token_invalid"));
    }
    let answer = app.get(&Asker::anonymous(), "/api/v1/version").await;
    assert_eq!(answer.code(), "auth_required");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_missing_scope_is_named() {
    let app = TestApp::new().await;
    let token = app.token(&[Scope::ReadApi]).await;
    let answer = app.ask(&token, post("/api/v1/events", "application/json", EVENT)).await;
    assert_eq!((answer.status, answer.code().as_str()), (StatusCode::FORBIDDEN, "scope_missing"));
    assert!(answer.text.contains("write:events"), "{}", answer.text);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_writes_to_its_own_sources_only() {
    let app = TestApp::new().await;
    let identity = &app.state.identity;
    let wanted = TokenToMake {
        name: "scanner".to_owned(),
        scopes: vec![Scope::WriteEvents],
        sources: vec!["scanner".to_owned()],
        names: Names::Masked,
        days: 1,
        public_id: None,
    };
    let text = identity.add_token(&identity.operator(), wanted, Origin::default()).await.unwrap();
    let token = Asker { bearer: Some(text.expose().clone()), ..Asker::default() };
    let own = app.ask(&token, post("/api/v1/events", "application/json", EVENT)).await;
    assert_eq!(own.status, StatusCode::OK, "{}", own.text);
    let other = app.ask(&token, post("/api/v1/events?source=tickets", "application/json", EVENT)).await;
    assert_eq!((other.status, other.code().as_str()), (StatusCode::FORBIDDEN, "source_not_allowed"));
}

#[tokio::test(flavor = "multi_thread")]
async fn bi_tools_send_the_token_as_a_password() {
    use base64::Engine;
    let app = TestApp::new().await;
    let token = app.token(&[Scope::ReadBi]).await.bearer.unwrap();
    for user in ["", "anybody"] {
        let pair = base64::engine::general_purpose::STANDARD.encode(format!("{user}:{token}"));
        let mut request = get("/odata/v4/$metadata");
        request.headers_mut().insert("authorization", format!("Basic {pair}").parse().unwrap());
        let answer = app.ask(&Asker::anonymous(), request).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
        assert!(answer.text.starts_with("<?xml"));
        assert_eq!(answer.headers.get_all("odata-version").iter().count(), 1);
    }
    let refused = app.get(&Asker::anonymous(), "/odata/v4/Items").await;
    assert_eq!(refused.status, StatusCode::UNAUTHORIZED);
    assert_eq!(refused.header("www-authenticate"), "Basic realm=\"wallclock\", charset=\"UTF-8\"");
    assert_eq!(refused.json()["error"]["code"], "auth_required");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_asks_only_so_often() {
    let limits = server::limits::Limits { token_rate: (0.0, 3.0), ..crate::support::wide_limits() };
    let app = TestApp::with(limits, None).await;
    let token = app.token(&[Scope::ReadApi]).await;
    for _ in 0..3 {
        assert_eq!(app.get(&token, "/api/v1/version").await.status, StatusCode::OK);
    }
    let answer = app.get(&token, "/api/v1/version").await;
    assert_eq!((answer.status, answer.code().as_str()), (StatusCode::TOO_MANY_REQUESTS, "rate_limited"));
    assert!(answer.header("retry-after").parse::<u32>().unwrap() >= 1);
}
