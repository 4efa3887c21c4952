//! What does a caller read when something breaks inside? Nothing of our insides.

use service::identity::scope::Scope;

use crate::support::{Answer, EVENT, TestApp, post};

const INSIDES: [&str; 10] =
    ["src/", "sqlx", "SELECT", "select ", "panicked", "postgres:", "wallclock.db", "pool", "thread", "Err("];

fn says_nothing(answer: &Answer) {
    for word in INSIDES {
        assert!(!answer.text.contains(word), "`{word}` in {}", answer.text);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_that_is_gone_is_a_refusal_that_says_nothing() {
    let app = TestApp::new().await;
    let token = app.token(&[Scope::WriteEvents, Scope::ReadApi, Scope::ReadBi]).await;
    let owner = app.owner().await;
    app.state.services.store().close().await;
    let answers = [
        app.ask(&token, post("/api/v1/events", "application/json", EVENT)).await,
        app.get(&token, "/api/v1/gap").await,
        app.get(&token, "/odata/v4/Items").await,
        app.get(&owner, "/items").await,
        app.get(&owner, "/reports/board.pdf").await,
        app.get(&owner, "/readyz").await,
    ];
    for answer in answers {
        assert_eq!(answer.status.as_u16(), 503, "{}", answer.text);
        says_nothing(&answer);
    }
    assert_eq!(app.get(&owner, "/healthz").await.status.as_u16(), 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_drains_is_not_ready() {
    let app = TestApp::new().await;
    let nobody = crate::support::Asker::anonymous();
    assert_eq!(app.get(&nobody, "/readyz").await.status.as_u16(), 200);
    app.state.start_draining();
    let answer = app.get(&nobody, "/readyz").await;
    assert_eq!(answer.status.as_u16(), 503);
    assert_eq!(answer.json()["failed"][0], "draining");
}
