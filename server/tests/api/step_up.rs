//! Which acts want the password again, and what does giving it change?

use axum::http::StatusCode;
use service::ServiceError;
use service::identity::people::PersonToAdd;
use service::identity::record::Origin;
use service::identity::role::{Membership, Role};
use service::identity::secret::Secret;
use service::identity::standing::StandingChange;

use crate::support::{Answer, Asker, PASSWORD, TestApp, by_browser, form, get};

const FIVE_MINUTES: i64 = 300;

async fn give(app: &TestApp, asker: &Asker, password: &str, next: &str) -> Answer {
    let body = format!("password={}&next={next}", password.replace(' ', "+"));
    app.ask(asker, form("/step-up", &body)).await
}

async fn is_in(app: &TestApp, asker: &Asker) -> bool {
    app.get(asker, "/sources/import/x/status").await.status == StatusCode::NOT_FOUND
}

#[tokio::test(flavor = "multi_thread")]
async fn an_act_on_tokens_wants_a_password_of_the_last_five_minutes() {
    let app = TestApp::new().await;
    let owner = app.owner().await;
    for path in ["/settings/tokens", "/settings/tokens/abcdefgh/revoke"] {
        let fresh = app.ask(&owner, form(path, "")).await;
        assert_ne!(fresh.status, StatusCode::FORBIDDEN, "{path}");
    }
    app.clock.advance(FIVE_MINUTES);
    for path in ["/settings/tokens", "/settings/tokens/abcdefgh/revoke"] {
        let answer = app.ask(&owner, form(path, "")).await;
        assert_eq!((answer.status, answer.code().as_str()), (StatusCode::FORBIDDEN, "step_up_required"), "{path}");
        assert_eq!(answer.json()["confirm"], "/step-up?next=/settings/tokens");
    }
    let page = app.ask(&owner, by_browser(form("/settings/tokens", ""))).await;
    assert_eq!(page.status, StatusCode::FORBIDDEN);
    assert!(page.text.contains("href=\"/step-up?next=/settings/tokens\""), "{}", page.text);
}

#[tokio::test(flavor = "multi_thread")]
async fn acts_on_webhooks_want_it_too() {
    let app = TestApp::new().await;
    let owner = app.owner().await;
    app.clock.advance(FIVE_MINUTES);
    for path in [
        "/settings/webhooks",
        "/settings/webhooks/a/rotate",
        "/settings/webhooks/a/retire",
        "/settings/webhooks/a/remove",
    ] {
        let answer = app.ask(&owner, form(path, "")).await;
        assert_eq!((answer.status, answer.code().as_str()), (StatusCode::FORBIDDEN, "step_up_required"), "{path}");
        assert_eq!(answer.json()["confirm"], "/step-up?next=/settings/webhooks");
    }
    let page = app.get(&owner, "/settings/webhooks").await;
    assert!(
        page.text.contains("href=\"/step-up?next=/settings/webhooks\"") && !page.text.contains("action=\"/settings")
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn acts_on_people_want_it_too() {
    let app = TestApp::new().await;
    let key = app.owner().await.cookie.unwrap();
    app.clock.advance(FIVE_MINUTES);
    let identity = &app.state.identity;
    let caller = identity.who(&key).await.unwrap().unwrap().caller;
    let person = PersonToAdd {
        email: "new@example.test".to_owned(),
        name: String::new(),
        password: Secret::new(PASSWORD.to_owned()),
        role: Role::Analyst,
    };
    let change = StandingChange { role: Some(Role::Admin), ..StandingChange::default() };
    let refused = [
        identity.add_person(&caller, person, Origin::default()).await.map(drop),
        identity.change_standing(&caller, "owner@example.test", change, Origin::default()).await,
        identity.set_password(&caller, "owner@example.test", Secret::new(PASSWORD.to_owned()), Origin::default()).await,
    ];
    for refused in refused {
        let problem = server::api::error::problem_of(refused.unwrap_err());
        assert_eq!((problem.code.as_str(), problem.code.status()), ("step_up_required", StatusCode::FORBIDDEN));
    }
}

async fn renewed(app: &TestApp) {
    let old = app.owner().await;
    app.clock.advance(FIVE_MINUTES);
    let page = app.get(&old, "/settings/tokens").await;
    assert!(page.text.contains("href=\"/step-up?next=/settings/tokens\"") && !page.text.contains("action=\"/settings"));
    let form = app.get(&old, "/step-up?next=/settings/tokens").await;
    assert!(form.text.contains("name=\"next\" value=\"/settings/tokens\""), "{}", form.text);
    let answer = give(app, &old, PASSWORD, "/settings/tokens").await;
    assert_eq!((answer.status, answer.header("location")), (StatusCode::SEE_OTHER, "/settings/tokens"));
    let new = Asker { cookie: answer.session(), ..Asker::default() };
    assert!(new.cookie.is_some() && new.cookie != old.cookie, "the key is another one");
    assert!(!is_in(app, &old).await, "the old key is replayed");
    let page = app.get(&new, "/settings/tokens").await;
    assert!(page.text.contains("action=\"/settings/tokens\""), "{}", page.text);
    // The twelve hours began at the sign-in: a password given on the way does not stretch them.
    for _ in 0..24 {
        app.clock.advance(29 * 60);
        assert!(is_in(app, &new).await);
    }
    app.clock.advance(19 * 60);
    assert!(!is_in(app, &new).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_password_gives_the_sign_in_a_new_key_and_no_longer_life_on_sqlite() {
    renewed(&TestApp::new().await).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_password_gives_the_sign_in_a_new_key_and_no_longer_life_on_postgres() {
    renewed(&TestApp::on_postgres().await).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_password_changes_nothing_and_slows_down() {
    let app = TestApp::new().await;
    let owner = app.owner().await;
    app.clock.advance(FIVE_MINUTES);
    for _ in 0..5 {
        let answer = give(&app, &owner, "wrong horse battery", "/settings/tokens").await;
        assert_eq!(answer.header("location"), "/step-up?error=wrong&next=/settings/tokens");
        assert!(answer.session().is_none());
    }
    let answer = give(&app, &owner, PASSWORD, "/settings/tokens").await;
    assert_eq!(answer.header("location"), "/step-up?error=throttled&next=/settings/tokens");
    assert!(is_in(&app, &owner).await);
    app.clock.advance(1);
    assert!(give(&app, &owner, PASSWORD, "/").await.session().is_some());
}

#[tokio::test(flavor = "multi_thread")]
async fn the_way_back_stays_on_this_server() {
    let app = TestApp::new().await;
    let mut owner = app.owner().await;
    for evil in ["//evil", "/%5Cevil", "https:evil", "javascript:alert(1)", "%2F%2Fevil", "/a%0d%0aset-cookie:x"] {
        let answer = give(&app, &owner, PASSWORD, evil).await;
        assert_eq!(answer.header("location"), "/", "{evil}");
        owner.cookie = answer.session();
    }
    let page = app.get(&owner, "/step-up?next=//evil").await;
    assert!(page.status == StatusCode::OK && !page.text.contains("evil\""), "{}", page.text);
    let nobody = app.ask(&Asker::anonymous(), get("/step-up?next=/items")).await;
    assert_eq!(nobody.header("location"), "/sign-in?next=/step-up%3Fnext%3D/items");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_last_owner_cannot_leave() {
    let app = TestApp::new().await;
    app.owner().await;
    let identity = &app.state.identity;
    let leave = async |change: StandingChange| {
        identity.change_standing(&identity.operator(), "owner@example.test", change, Origin::default()).await
    };
    let off = StandingChange { membership: Some(Membership::Disabled), ..StandingChange::default() };
    let lower = StandingChange { role: Some(Role::Ciso), ..StandingChange::default() };
    for change in [off.clone(), lower.clone()] {
        let problem = server::api::error::problem_of(leave(change).await.unwrap_err());
        assert_eq!((problem.code.as_str(), problem.code.status()), ("last_owner", StatusCode::CONFLICT));
    }
    app.add("second@example.test", Role::Owner).await;
    assert!(leave(lower).await.is_ok(), "another owner stays");
    app.change("owner@example.test", StandingChange { role: Some(Role::Owner), ..StandingChange::default() }).await;
    app.change("second@example.test", off.clone()).await;
    assert!(leave(off).await.is_err(), "an owner who is switched off keeps nothing");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_admin_changes_everybody_but_owners() {
    let app = TestApp::new().await;
    app.owner().await;
    app.add("analyst@example.test", Role::Analyst).await;
    let key = app.person(Role::Admin).await.cookie.unwrap();
    let identity = &app.state.identity;
    let admin = identity.who(&key).await.unwrap().unwrap().caller;
    let change = async |email: &str, role: Role| {
        let change = StandingChange { role: Some(role), ..StandingChange::default() };
        identity.change_standing(&admin, email, change, Origin::default()).await
    };
    assert!(change("analyst@example.test", Role::Ciso).await.is_ok());
    assert!(matches!(change("analyst@example.test", Role::Owner).await, Err(ServiceError::NotAllowed(_))));
    assert!(matches!(change("owner@example.test", Role::Analyst).await, Err(ServiceError::NotAllowed(_))));
    assert!(matches!(change("nobody@example.test", Role::Ciso).await, Err(ServiceError::NotFound)));
}
