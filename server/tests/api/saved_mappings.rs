//! Is what was saved for a source seen, changed and ended on a page? And does the page ask what a known tool's words mean?

use axum::http::StatusCode;
use service::identity::role::Role;

use crate::support::{Asker, TestApp, form, post};

/// Issues with a status of their own, and its category in words.
const ISSUES: &str = "Issue key,Issue id,Created,Updated,Status,Status Category,Priority\n\
                      A-1,1,2026-03-01 10:00,2026-03-03 10:00,Beim Lieferanten,,High\n\
                      A-2,2,2026-03-01 10:00,2026-03-03 10:00,Geschafft,,High\n";

const SAID: &str = "format=jira&source=jira&zone=Europe%2FBerlin&idempotency=i1&status%3ABeim+Lieferanten=waiting%3Avendor&status%3AGeschafft=fixed";

async fn brought(app: &TestApp, asker: &Asker, text: &str) -> String {
    let part =
        |name: &str, value: &str| format!("--b\r\ncontent-disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n");
    let file = "--b\r\ncontent-disposition: form-data; name=\"file\"; filename=\"issues.csv\"\r\n\r\n";
    let body = format!("{}{file}{text}\r\n--b--\r\n", part("source", "jira"));
    let answer = app.ask(asker, post("/sources/import", "multipart/form-data; boundary=b", body)).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
    answer.header("location").to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn markup_in_a_saved_mapping_stays_text() {
    let app = TestApp::new().await;
    let owner = app.owner().await;
    let plan = r#"{"format":"jira","settings":{"statuses":{"</textarea><script>x</script>":"fixed"}}}"#;
    let saved = app.ask(&owner, form("/sources/mapping/jira", &format!("act=save&plan={}", urlencoded(plan)))).await;
    assert_eq!(saved.status, StatusCode::SEE_OTHER, "{}", saved.text);
    let page = app.get(&owner, "/sources/mapping/jira").await.text;
    assert!(page.contains("&lt;/textarea&gt;") && !page.contains("<script>x"), "{page}");
}

fn urlencoded(text: &str) -> String {
    text.bytes().map(|byte| format!("%{byte:02X}")).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_words_of_a_known_tool_are_explained_and_the_mapping_is_seen_changed_and_ended() {
    for app in [TestApp::new().await, TestApp::on_postgres().await] {
        let owner = app.owner().await;
        let place = brought(&app, &owner, ISSUES).await;
        let page = app.get(&owner, &place).await.text;
        assert!(page.contains("What do the statuses mean?") && page.contains("Meaning of Beim Lieferanten"), "{page}");
        assert!(page.contains("2 of 2 words of the statuses, met 2 times, mean nothing yet"), "{page}");
        assert!(page.contains("– as usual: High"), "what is usual is said: {page}");
        app.ask(&owner, form(&place, &format!("act=preview&{SAID}"))).await;
        let page = app.get(&owner, &place).await.text;
        assert!(page.contains("2 words in the whole file, each with a meaning."), "{page}");
        assert!(page.contains("2 records become 3 events of 2 items."), "{page}");
        let taken = app.ask(&owner, form(&place, &format!("act=import&{SAID}"))).await;
        assert!(taken.header("location").starts_with("/sources?import="), "{}", taken.text);
        let sources = app.get(&owner, "/sources").await.text;
        assert!(sources.contains("/sources/mapping/jira"), "{sources}");
        let saved = app.get(&owner, "/sources/mapping/jira").await.text;
        for words in ["Version 1 is in force.", "Status Beim Lieferanten", "Waiting for a vendor", "Europe/Berlin"] {
            assert!(saved.contains(words), "{words}: {saved}");
        }
        let file = app.get(&owner, "/sources/mapping/jira/1").await;
        assert_eq!(file.json()["settings"]["statuses"]["Geschafft"], "fixed");
        // Changed as JSON, asked about once more, and taken out of force.
        let changed = file.text.replace("waiting:vendor", "approval").replace(['\n', ' '], "");
        let changed = changed
            .replace('"', "%22")
            .replace('{', "%7B")
            .replace('}', "%7D")
            .replace("BeimLieferanten", "Beim+Lieferanten");
        let act = |words: String| app.ask(&owner, form("/sources/mapping/jira", &words));
        assert_eq!(act(format!("act=save&plan={changed}")).await.status, StatusCode::SEE_OTHER);
        assert!(app.get(&owner, "/sources/mapping/jira").await.text.contains("A decision is asked for"));
        assert_eq!(act("act=save&plan=%7B%7D".to_owned()).await.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(act("act=look".to_owned()).await.status, StatusCode::SEE_OTHER);
        let next = brought(&app, &owner, ISSUES).await;
        let draft = app.get(&owner, &next).await.text;
        assert!(draft.contains("It begins with version 3 of the mapping of jira."), "{draft}");
        assert_eq!(act("act=forget".to_owned()).await.status, StatusCode::SEE_OTHER);
        assert!(app.get(&owner, "/sources/mapping/jira").await.text.contains("No mapping is in force"));
        assert_eq!(act("act=forget".to_owned()).await.status, StatusCode::NOT_FOUND);
        assert!(brought(&app, &owner, ISSUES).await.starts_with("/sources/map/"), "asked about again");
        assert_eq!(app.get(&owner, "/sources/mapping/jira/1").await.status, StatusCode::OK, "the versions stay");
        assert_eq!(app.get(&owner, "/sources/mapping/jira/4").await.status, StatusCode::NOT_FOUND);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn words_that_come_later_are_named_with_the_way_to_explain_them() {
    let app = TestApp::new().await;
    let (owner, analyst) = (app.owner().await, app.person(Role::Analyst).await);
    let place = brought(&app, &owner, ISSUES).await;
    app.ask(&owner, form(&place, &format!("act=import&{SAID}"))).await;
    let later = "Issue key,Issue id,Created,Updated,Status\nA-3,3,2026-03-01 10:00,2026-03-03 10:00,Verschoben\n";
    assert!(brought(&app, &owner, later).await.starts_with("/sources?import="), "the saved mapping reads it");
    let imports = app.get(&analyst, "/imports").await.text;
    assert!(imports.contains("status_unknown: 1 times, as Verschoben"), "{imports}");
    assert!(imports.contains("href=\"/sources/mapping/jira\""), "{imports}");
    let seen = app.get(&analyst, "/sources/mapping/jira").await;
    assert_eq!(seen.status, StatusCode::OK);
    assert!(!seen.text.contains("name=\"plan\""), "whoever may not change it has no form");
}
