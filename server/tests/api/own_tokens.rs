//! Can a person make, list and revoke tokens on a page, and nothing beyond what the person has?

use axum::http::StatusCode;
use service::identity::role::Role;
use service::identity::scope::Scope;

use crate::support::{Answer, Asker, TestApp, by_browser, form};

const PAGE: &str = "/settings/tokens";

fn body(id: &str, days: &str, scopes: &[&str]) -> String {
    let scopes: String = scopes.iter().map(|scope| format!("&scope%3A{}=on", scope.replace(':', "%3A"))).collect();
    format!("id={id}&name=weekly+sheet&days={days}{scopes}")
}

async fn make(app: &TestApp, asker: &Asker, body: &str) -> Answer {
    app.ask(asker, by_browser(form(PAGE, body))).await
}

/// The token on the page that answers the form.
fn token_on(page: &Answer) -> Option<String> {
    let at = page.text.find("wc_")?;
    page.text[at..].split(['<', '"', ' ']).next().map(str::to_owned).filter(|token| token.len() == 55)
}

fn bearer(token: &str) -> Asker {
    Asker { bearer: Some(token.to_owned()), ..Asker::default() }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_is_shown_once_listed_used_and_revoked() {
    let app = TestApp::new().await;
    let analyst = app.person(Role::Analyst).await;
    let made = make(&app, &analyst, &body("abcd2345", "30", &["read:api"])).await;
    assert_eq!(made.status, StatusCode::OK, "{}", made.text);
    assert_eq!(made.header("cache-control"), "no-store");
    let token = token_on(&made).expect("the token is on the page");
    assert!(token.starts_with("wc_abcd2345_"));
    assert_eq!(app.get(&bearer(&token), "/api/v1/gap").await.status, StatusCode::OK);
    let listed = app.get(&analyst, PAGE).await;
    assert!(listed.text.contains("weekly sheet") && listed.text.contains("abcd2345"));
    assert!(token_on(&listed).is_none() && !listed.text.contains(token.splitn(3, '_').last().unwrap()));
    let answer = app.ask(&analyst, form("/settings/tokens/abcd2345/revoke", "")).await;
    assert_eq!((answer.status, answer.header("location")), (StatusCode::SEE_OTHER, PAGE));
    assert_eq!(app.get(&bearer(&token), "/api/v1/gap").await.status, StatusCode::UNAUTHORIZED);
    assert!(app.get(&analyst, PAGE).await.text.contains("revoked 1 Jul 2026"));
    let again = app.ask(&analyst, form("/settings/tokens/abcd2345/revoke", "")).await;
    assert_eq!(again.status, StatusCode::NOT_FOUND);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_breaks_a_rule_is_refused_and_what_was_typed_stays() {
    let app = TestApp::new().await;
    let analyst = app.person(Role::Analyst).await;
    let name_missing = body("abcd2345", "30", &["read:api"]).replace("weekly+sheet", "+");
    let long_name = body("abcd2345", "30", &["read:api"]).replace("weekly+sheet", &"a".repeat(121));
    let rows = [
        ("no expiry", body("abcd2345", "", &["read:api"])),
        ("no day", body("abcd2345", "0", &["read:api"])),
        ("500 days", body("abcd2345", "500", &["read:api"])),
        ("days that are none", body("abcd2345", "ninety", &["read:api"])),
        ("no scope", body("abcd2345", "90", &[])),
        ("more than its maker has", body("abcd2345", "90", &["read:api", "read:audit"])),
        ("what only machines get", body("abcd2345", "90", &["write:events"])),
        ("no name", name_missing),
        ("long name", long_name),
        ("letters that are none", body("ABCD", "90", &["read:api"])),
    ];
    for (what, body) in rows {
        let page = make(&app, &analyst, &body).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "{what}");
        assert!(page.text.contains("Not made.") && token_on(&page).is_none(), "{what}: {}", page.text);
        let problem = app.ask(&analyst, form(PAGE, &body)).await;
        let told = (problem.status, problem.code());
        assert_eq!(told, (StatusCode::UNPROCESSABLE_ENTITY, "bad_token_request".to_owned()), "{what}");
    }
    let page = make(&app, &analyst, &body("abcd2345", "500", &["read:api"])).await;
    assert!(page.text.contains("value=\"500\"") && page.text.contains("value=\"weekly sheet\""), "{}", page.text);
    assert!(!app.get(&analyst, PAGE).await.text.contains("<table"), "none of them was made");
}

#[tokio::test(flavor = "multi_thread")]
async fn each_role_is_offered_what_it_may_give_and_nothing_else() {
    let app = TestApp::new().await;
    let offered = async |role: Role| {
        let page = app.get(&app.person(role).await, PAGE).await;
        let is_offered = |scope: &&Scope| page.text.contains(&format!("name=\"scope:{}\"", scope.as_str()));
        Scope::ALL.iter().filter(is_offered).map(|scope| scope.as_str()).collect::<Vec<_>>()
    };
    assert_eq!(offered(Role::Owner).await.len(), Scope::ALL.len());
    assert_eq!(
        offered(Role::DrillLead).await,
        ["read:api", "read:bi", "read:reports", "write:drills", "write:registers"]
    );
    let viewer = app.person(Role::BoardViewer).await;
    assert_eq!(make(&app, &viewer, &body("abcd2345", "30", &["read:api"])).await.status, StatusCode::FORBIDDEN);
    assert!(!app.get(&viewer, "/connect").await.text.contains("href=\"/settings/tokens\""));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_form_that_is_sent_twice_makes_one_token() {
    let app = TestApp::new().await;
    let analyst = app.person(Role::Analyst).await;
    let body = body("abcd2345", "30", &["read:api"]);
    assert!(token_on(&make(&app, &analyst, &body).await).is_some());
    let again = make(&app, &analyst, &body).await;
    assert_eq!(again.status, StatusCode::CONFLICT);
    assert!(token_on(&again).is_none() && again.text.contains("sent before"), "{}", again.text);
    assert_eq!(app.get(&analyst, PAGE).await.text.matches("/revoke\"").count(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_sees_or_revokes_the_tokens_of_others_here() {
    let app = TestApp::new().await;
    let (analyst, owner) = (app.person(Role::Analyst).await, app.owner().await);
    let token = token_on(&make(&app, &analyst, &body("abcd2345", "30", &["read:api"])).await).unwrap();
    assert!(!app.get(&owner, PAGE).await.text.contains("abcd2345"));
    let answer = app.ask(&owner, form("/settings/tokens/abcd2345/revoke", "")).await;
    assert_eq!(answer.status, StatusCode::NOT_FOUND);
    assert_eq!(app.get(&bearer(&token), "/api/v1/gap").await.status, StatusCode::OK);
}

#[tokio::test(flavor = "multi_thread")]
async fn fifty_tokens_of_one_person_hold_at_once_and_no_more() {
    let app = TestApp::new().await;
    let analyst = app.person(Role::Analyst).await;
    let id = |number: u32| format!("aaaaaa{number:02}");
    for number in 0..50 {
        let answer = app.ask(&analyst, form(PAGE, &body(&id(number), "30", &["read:api"]))).await;
        assert_eq!(answer.status, StatusCode::OK, "{number}: {}", answer.text);
    }
    let more = app.ask(&analyst, form(PAGE, &body(&id(50), "30", &["read:api"]))).await;
    assert_eq!((more.status, more.code().as_str()), (StatusCode::UNPROCESSABLE_ENTITY, "too_many_tokens"));
    app.ask(&analyst, form("/settings/tokens/aaaaaa07/revoke", "")).await;
    let one = app.ask(&analyst, form(PAGE, &body(&id(50), "30", &["read:api"]))).await;
    assert_eq!(one.status, StatusCode::OK, "{}", one.text);
}

#[tokio::test(flavor = "multi_thread")]
async fn no_secret_lies_in_the_database() {
    let app = TestApp::new().await;
    let analyst = app.person(Role::Analyst).await;
    let token = token_on(&make(&app, &analyst, &body("abcd2345", "30", &["read:api"])).await).unwrap();
    app.state.services.store().close().await;
    let mut files = Vec::new();
    for file in std::fs::read_dir(app.folder.path()).unwrap() {
        let path = file.unwrap().path();
        if path.is_file() {
            files.extend(std::fs::read(path).unwrap());
        }
    }
    let holds = |text: &str| files.windows(text.len()).any(|part| part == text.as_bytes());
    assert!(holds("abcd2345"), "the database was searched");
    for secret in [token.splitn(3, '_').last().unwrap(), &analyst.cookie.unwrap(), crate::support::PASSWORD] {
        assert!(!holds(secret), "`{secret}` can be read in the database");
    }
}
