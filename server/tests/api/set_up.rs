//! How does the first owner come in, and nobody after?

use axum::http::StatusCode;

use crate::support::{Asker, TestApp, form};

const OWNER: &str = "organisation=Aldergate&email=me%40example.test&password=correct+horse+battery";

async fn open(app: &TestApp, code: &str) -> StatusCode {
    app.get(&Asker::anonymous(), &format!("/setup/{code}")).await.status
}

async fn send(app: &TestApp, code: &str, body: &str) -> crate::support::Answer {
    app.ask(&Asker::anonymous(), form(&format!("/setup/{code}"), body)).await
}

async fn make(app: &TestApp) {
    let code = app.state.identity.new_setup_code().await.unwrap().unwrap();
    assert_eq!(open(app, code.expose()).await, StatusCode::OK);
    let answer = send(app, code.expose(), OWNER).await;
    assert_eq!((answer.status, answer.header("location")), (StatusCode::SEE_OTHER, "/"));
    let owner = Asker { cookie: answer.session(), ..Asker::default() };
    assert_ne!(app.get(&owner, "/sources").await.header("location"), "/sign-in?next=/sources");
    assert_eq!(open(app, code.expose()).await, StatusCode::NOT_FOUND);
    assert_eq!(send(app, code.expose(), OWNER).await.status, StatusCode::NOT_FOUND);
    assert!(app.state.identity.new_setup_code().await.unwrap().is_none());
}

#[tokio::test(flavor = "multi_thread")]
async fn the_link_makes_one_owner_and_dies_on_sqlite() {
    make(&TestApp::new().await).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_link_makes_one_owner_and_dies_on_postgres() {
    make(&TestApp::on_postgres().await).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_code_dies_after_an_hour() {
    let app = TestApp::new().await;
    let code = app.state.identity.new_setup_code().await.unwrap().unwrap();
    app.clock.advance(3_599);
    assert_eq!(open(&app, code.expose()).await, StatusCode::OK);
    app.clock.advance(1);
    assert_eq!(open(&app, code.expose()).await, StatusCode::NOT_FOUND);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_code_dies_after_five_wrong_ones() {
    let app = TestApp::new().await;
    let code = app.state.identity.new_setup_code().await.unwrap().unwrap();
    for _ in 0..4 {
        assert_eq!(open(&app, "wrong").await, StatusCode::NOT_FOUND);
    }
    assert_eq!(open(&app, code.expose()).await, StatusCode::OK);
    assert_eq!(open(&app, &"a".repeat(43)).await, StatusCode::NOT_FOUND);
    assert_eq!(open(&app, code.expose()).await, StatusCode::NOT_FOUND);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_code_ends_the_old_one() {
    let app = TestApp::new().await;
    let old = app.state.identity.new_setup_code().await.unwrap().unwrap();
    let new = app.state.identity.new_setup_code().await.unwrap().unwrap();
    assert_eq!(open(&app, old.expose()).await, StatusCode::NOT_FOUND);
    assert_eq!(open(&app, new.expose()).await, StatusCode::OK);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refused_form_can_be_sent_again() {
    let app = TestApp::new().await;
    let code = app.state.identity.new_setup_code().await.unwrap().unwrap();
    for (body, error) in [
        ("email=me%40example.test&password=short", "password"),
        ("email=me%40example.test&password=Password1234", "password"),
        ("email=nobody&password=correct+horse+battery", "email"),
    ] {
        let answer = send(&app, code.expose(), body).await;
        assert_eq!(answer.header("location"), format!("/setup/{}?error={error}", code.expose()));
    }
    assert!(send(&app, code.expose(), OWNER).await.session().is_some());
}
