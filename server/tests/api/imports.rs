//! Does every import stand on its page, and can it be stopped and taken back, by people and by programs?

use axum::http::StatusCode;
use service::identity::role::Role;
use service::identity::scope::Scope;

use crate::acts::records;
use crate::support::{EVENT, NOW, ORG, TestApp, form, post};
use crate::uploads::file;

#[tokio::test(flavor = "multi_thread")]
async fn an_import_stands_on_its_page_and_is_taken_back_by_its_name_alone() {
    let app = TestApp::new().await;
    let owner = app.owner().await;
    let sent = app.ask(&owner, file(&[("file", "scan <1>.ndjson", EVENT)])).await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.text);
    let page = app.get(&owner, "/imports").await;
    assert!(page.text.contains("scan &lt;1&gt;.ndjson: counts."), "{}", page.text);
    assert!(page.text.contains("href=\"/quality?import=1\"") && !page.text.contains("/imports/1/cancel"));
    let sources = app.get(&owner, "/sources").await.text;
    assert!(sources.contains("href=\"/imports?source="), "{sources}");
    assert!(app.get(&owner, "/imports?source=nobody").await.text.contains("No file has been imported yet."));
    let news = app.get(&owner, "/imports/1/news").await;
    assert_eq!(news.header("content-type"), "text/event-stream");
    assert!(news.text.starts_with("data:") && news.text.contains("\"is_running\":false"), "{}", news.text);
    let before = records(&app).await;
    let withdraw = async |body: &str| app.ask(&owner, form("/imports/1/withdraw", body)).await;
    assert_eq!(withdraw("name=another").await.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(records(&app).await, before);
    assert_eq!(withdraw("name=scan+%3C1%3E.ndjson").await.status, StatusCode::SEE_OTHER);
    assert_eq!(records(&app).await, before + 1);
    assert_eq!(withdraw("name=scan+%3C1%3E.ndjson").await.code(), "import_state");
    let page = app.get(&owner, "/imports").await;
    assert!(page.text.contains("taken back; it counts no more."), "{}", page.text);
    assert!(app.get(&owner, "/items").await.text.contains("0 items"), "its items are gone from the list");
}

#[tokio::test(flavor = "multi_thread")]
async fn giving_an_import_up_says_what_follows_before_its_button() {
    let app = TestApp::new().await;
    let owner = app.owner().await;
    let mut tx = app.state.services.store().begin().await.unwrap();
    let source = store::sources::register(&mut tx.conn(), ORG, "scanner", NOW).await.unwrap();
    let new = store::imports::NewImport {
        id: domain::id::ImportId::from_row(1),
        source,
        name: "a.ndjson",
        bytes: 900,
        digest: &[4; 32],
        at: NOW,
        plan: "",
        spool: "",
        terms: "{}",
    };
    store::imports::start(&mut tx.conn(), ORG, &new).await.unwrap();
    tx.commit().await.unwrap();
    let page = app.get(&owner, "/imports").await.text;
    let (before, after) = page.split_once("action=\"/imports/1/cancel\"").expect("a form to give it up");
    assert!(before.rfind("<details").unwrap() > before.rfind("</details").unwrap_or_default(), "it is folded away");
    assert!(after.find("cannot be resumed").unwrap() < after.find("<button").unwrap(), "{after}");
}

#[tokio::test(flavor = "multi_thread")]
async fn who_may_import_does_not_take_back() {
    let app = TestApp::new().await;
    let analyst = app.person(Role::Analyst).await;
    app.ask(&analyst, file(&[("file", "a.ndjson", EVENT)])).await;
    assert!(!app.get(&analyst, "/imports").await.text.contains("/imports/1/withdraw"));
    let refused = app.ask(&analyst, form("/imports/1/withdraw", "name=a.ndjson")).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    let reader = app.person(Role::BoardViewer).await;
    assert_eq!(app.get(&reader, "/imports").await.status, StatusCode::FORBIDDEN);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dry_run_is_told_to_programs_and_leaves_nothing() {
    let app = TestApp::new().await;
    let program = app.token(&[Scope::WriteImports]).await;
    let text = format!("{EVENT}\n{EVENT}\nno json\n");
    let send = async |dry: &str| {
        let address = format!("/api/v1/imports?source=scanner&dry_run={dry}");
        app.ask(&program, post(&address, "application/x-ndjson", text.clone())).await
    };
    let foreseen = send("true").await;
    assert_eq!(foreseen.status, StatusCode::OK, "{}", foreseen.text);
    let run = foreseen.json();
    let counts = ["received", "accepted", "duplicate", "quarantined"].map(|name| run[name].as_u64().unwrap());
    assert_eq!((counts, &run["held_by_reason"]["unreadable"]), ([3, 1, 1, 1], &1.into()));
    assert!(run["not_known"].as_array().is_some_and(|unknown| unknown.len() == 3), "{run}");
    assert_eq!(app.get(&program, "/api/v1/imports").await.json()["imports"], serde_json::json!([]));
    let spool = app.state.services.data_dir().join("spool");
    assert_eq!(std::fs::read_dir(spool).unwrap().count(), 0);
    assert_eq!(send("perhaps").await.code(), "bad_parameter");
    assert_eq!(send("false").await.status, StatusCode::CREATED);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_program_sends_a_file_and_reads_what_became_of_it() {
    let app = TestApp::new().await;
    let program = app.token(&[Scope::WriteImports]).await;
    let address = "/api/v1/imports?source=scanner&name=a.ndjson";
    let text = format!("{EVENT}\nno json\n");
    let sent = app.ask(&program, post(address, "application/x-ndjson", text.clone())).await;
    assert_eq!((sent.status, sent.header("location")), (StatusCode::CREATED, "/api/v1/imports/1"), "{}", sent.text);
    let import = sent.json();
    let counts = ["received", "accepted", "duplicate", "quarantined"].map(|name| import[name].as_u64().unwrap());
    assert_eq!((counts, import["state"].as_str()), ([2, 1, 0, 1], Some("published")));
    assert_eq!(app.get(&program, "/api/v1/imports/1").await.json(), import);
    let list = app.get(&program, "/api/v1/imports?source=scanner").await.json();
    assert_eq!(list["imports"], serde_json::json!([import]));
    assert_eq!(app.get(&program, "/api/v1/imports?source=other").await.json()["imports"], serde_json::json!([]));
    for (act, code) in [("pause", "import_state"), ("cancel", "import_state"), ("resume", "import_ended")] {
        let answer = app.ask(&program, post(&format!("/api/v1/imports/1/{act}"), "application/json", "")).await;
        assert_eq!((answer.status, answer.code()), (StatusCode::CONFLICT, code.to_owned()));
    }
    assert_eq!(app.get(&program, "/api/v1/imports/9").await.status, StatusCode::NOT_FOUND);
    let empty = app.ask(&program, post(address, "application/x-ndjson", "")).await;
    assert_eq!(empty.code(), "empty_file");
    let unknown = app.ask(&program, post("/api/v1/imports?received_at=now", "application/x-ndjson", text)).await;
    assert_eq!(unknown.code(), "bad_parameter");
    // Nothing waits in the spool: what is imported or refused is taken away.
    let spool = app.state.services.data_dir().join("spool");
    assert_eq!(std::fs::read_dir(spool).unwrap().count(), 0);
}
