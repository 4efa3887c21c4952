//! Who reads names? Whoever may not gets the same counts with codes, at every address, and nothing of other teams.

use axum::http::StatusCode;
use server::routes::table::{Asked, ROUTES, Surface};
use service::identity::caller::Names;
use service::identity::role::Role;
use service::identity::scope::Scope;
use service::identity::standing::StandingChange;

use crate::support::{Answer, Asker, TestApp, form, get, post};

/// Two items of two teams, each named in every place that takes a text, and a line that is held.
const LINES: &str = r#"{"id":"n1","item_id":"CVE-9@canary-host","event":"detected","at":"2026-03-01T10:00:00Z","severity":"high","team":"Cloud","actor":"canary-person","reason":"canary-reason"}
{"id":"n2","item_id":"CVE-9@canary-host","event":"ticketed","at":"2026-03-02T10:00:00Z","team":"Cloud","actor":"canary-person"}
{"id":"n3","item_id":"CVE-8@stranger-host","event":"detected","at":"2026-03-01T11:00:00Z","severity":"low","team":"stranger-team","actor":"stranger-person","reason":"stranger-reason"}
{"item_id":"CVE-7@canary-held-stranger","event":"unknown"}
"#;

async fn planted() -> TestApp {
    let app = TestApp::new().await;
    let sender = app.token(&[Scope::WriteEvents]).await;
    let sent = app.ask(&sender, post("/api/v1/events", "application/x-ndjson", LINES)).await;
    assert_eq!((sent.status, &sent.json()["accepted"]), (StatusCode::OK, &3.into()), "{}", sent.text);
    app
}

/// Every answer that the reader gets anywhere, with its address; an item is asked for by `id`.
async fn everything(app: &TestApp, reader: &Asker, id: &str) -> Vec<(String, Answer)> {
    let mut answers = Vec::new();
    for route in ROUTES.iter().filter(|route| route.surface != Surface::Open && !route.path.starts_with("/setup")) {
        let path = route
            .path
            .replace("{id}", id)
            .replace("{version}", "1")
            .replace("{name}", "people")
            .replace("{*path}", "v4/Items");
        let request = match (route.asked, route.surface) {
            (Asked::Get | Asked::Any, _) => get(&path),
            (Asked::Post, Surface::Function) => form(&path, &format!("query=&id={id}")),
            // Forms change something; what they answer is not read.
            (Asked::Post | Asked::Put, _) => continue,
        };
        answers.push((path, app.ask(reader, request).await));
    }
    answers
}

fn says_none_of(answers: &[(String, Answer)], words: &[&str]) {
    for (path, answer) in answers {
        for word in words {
            assert!(!answer.text.contains(word), "`{word}` on {path}: {}", answer.text);
        }
    }
}

fn read_by(answers: &[(String, Answer)]) -> usize {
    answers.iter().filter(|(_, answer)| answer.status == StatusCode::OK).count()
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_sees_names_sees_them_where_they_are_looked_for() {
    let app = planted().await;
    let owner = app.owner().await;
    let token = app.token(&[Scope::ReadApi, Scope::ReadBi]).await;
    for path in ["/items", "/items/CVE-9@canary-host", "/items.csv"] {
        assert!(app.get(&owner, path).await.text.contains("canary-host"), "{path}");
    }
    assert!(app.get(&owner, "/sources").await.text.contains("canary-held-stranger"));
    for path in ["/api/v1/items", "/api/v1/items/CVE-9@canary-host", "/odata/v4/Items"] {
        assert!(app.get(&token, path).await.text.contains("canary-host"), "{path}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_board_viewer_meets_no_name_anywhere() {
    let app = planted().await;
    let viewer = app.person(Role::BoardViewer).await;
    let answers = everything(&app, &viewer, "item-1").await;
    assert!(read_by(&answers) >= 12, "{}", read_by(&answers));
    says_none_of(&answers, &["canary-host", "stranger-host", "-person", "-reason", "canary-held"]);
    let item = app.get(&viewer, "/items/item-1").await;
    assert!(item.status == StatusCode::OK && item.text.contains("item-1"), "{}", item.text);
    assert_eq!(app.get(&viewer, "/items/CVE-9@canary-host").await.status, StatusCode::NOT_FOUND);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_meets_no_name_unless_it_was_made_to() {
    let app = planted().await;
    app.owner().await;
    app.add("lead@example.test", Role::Analyst).await;
    app.change("lead@example.test", StandingChange { teams: Some(vec!["Cloud".to_owned()]), ..Default::default() })
        .await;
    let scopes = [Scope::ReadApi, Scope::ReadBi];
    let makers = [
        app.token_with(&scopes, Names::Masked).await,
        app.token_of("owner@example.test", &scopes).await,
        app.token_of("lead@example.test", &scopes).await,
    ];
    for token in makers {
        let answers = everything(&app, &token, "item-1").await;
        assert!(read_by(&answers) >= 6, "{}", read_by(&answers));
        says_none_of(&answers, &["canary-host", "stranger-host", "-person", "-reason", "canary-held"]);
        assert!(app.get(&token, "/api/v1/items").await.text.contains("\"item-"));
    }
    let shown = app.token_of_with("lead@example.test", &scopes, Names::Shown).await;
    assert!(app.get(&shown, "/api/v1/items").await.text.contains("canary-host"));
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_is_held_to_a_team_meets_nothing_of_another() {
    let app = planted().await;
    let cloud = StandingChange { teams: Some(vec!["Cloud".to_owned()]), ..StandingChange::default() };
    for role in [Role::Analyst, Role::DrillLead] {
        let email = format!("{}@example.test", role.as_str());
        app.add(&email, role).await;
        app.change(&email, cloud.clone()).await;
        let reader = app.sign_in(&email).await;
        let token = app.token_of_with(&email, &[Scope::ReadApi, Scope::ReadBi], Names::Shown).await;
        for asker in [reader, token] {
            let answers = everything(&app, &asker, "CVE-9@canary-host").await;
            assert!(
                answers.iter().any(|(_, answer)| answer.text.contains("canary-host")),
                "{role:?} sees the own team"
            );
            says_none_of(&answers, &["stranger"]);
            for path in ["/items/CVE-8@stranger-host", "/api/v1/items/CVE-8@stranger-host"] {
                let answer = app.get(&asker, path).await;
                assert!(matches!(answer.status.as_u16(), 303 | 401 | 404), "{path} {}", answer.status);
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_sees_codes_counts_as_many() {
    let app = planted().await;
    let (owner, viewer) = (app.owner().await, app.person(Role::BoardViewer).await);
    for reader in [&owner, &viewer] {
        assert!(app.get(reader, "/items").await.text.contains("2 items are known"));
        assert_eq!(app.get(reader, "/items.csv").await.text.matches("\r\n").count(), 1 + 2);
    }
    for names in [Names::Shown, Names::Masked] {
        let token = app.token_with(&[Scope::ReadApi, Scope::ReadBi], names).await;
        assert_eq!(app.get(&token, "/api/v1/items").await.json()["basis"]["items"], 2);
        assert_eq!(app.get(&token, "/odata/v4/Items?$count=true").await.json()["@odata.count"], 2);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_sees_codes_cannot_search_for_names() {
    let app = planted().await;
    let viewer = app.person(Role::BoardViewer).await;
    let page = app.get(&viewer, "/items?q=canary").await;
    assert!(
        page.text.contains("they cannot be searched") || page.text.contains("names are not shown"),
        "{}",
        page.text
    );
    let file = app.get(&viewer, "/items.csv?q=canary").await;
    assert_eq!((file.status, file.code().as_str()), (StatusCode::UNPROCESSABLE_ENTITY, "bad_parameter"));
    let token = app.token_with(&[Scope::ReadBi], Names::Masked).await;
    let feed = app.get(&token, "/odata/v4/Items?$filter=contains(ItemId,%27canary%27)").await;
    assert!(feed.text.contains("\"value\":[]") || feed.status.is_client_error(), "{}", feed.text);
}
