//! Can somebody find held lines, see what a decision would do, and take it, with plain forms alone?

use axum::http::StatusCode;
use service::identity::role::Role;
use service::identity::scope::Scope;
use service::identity::standing::StandingChange;

use crate::support::{Answer, Asker, TestApp, form, post};

/// Three times without an offset, one severity below low, one that is no JSON, and a text that a spreadsheet would run.
const LINES: &str = r#"{"id":"a","item_id":"a@host","event":"detected","at":"2026-03-01 10:00:00","team":"<b>Cloud</b>"}
{"id":"b","item_id":"b@host","event":"detected","at":"2026-03-02 10:00:00"}
{"id":"c","item_id":"c@host","event":"detected","at":"2026-03-29 02:30:00"}
{"id":"d","item_id":"d@host","event":"detected","at":"2026-03-03T10:00:00Z","severity":"info"}
=cmd|'/c calc'!A1
"#;

async fn planted() -> (TestApp, Asker) {
    let app = TestApp::new().await;
    let sender = app.token(&[Scope::WriteEvents]).await;
    let sent = app.ask(&sender, post("/api/v1/events", "application/x-ndjson", LINES)).await;
    assert_eq!(sent.json()["quarantined"], 5, "{}", sent.text);
    let owner = app.owner().await;
    (app, owner)
}

/// What stands between two marks, first match.
fn between<'a>(text: &'a str, from: &str, to: &str) -> &'a str {
    text.split(from).nth(1).and_then(|rest| rest.split(to).next()).unwrap_or_default()
}

/// The value of a hidden field of the confirmation, as a browser reads it.
fn hidden(page: &Answer, name: &str) -> String {
    let form = between(&page.text, "action=\"/quality/act\"", "</form>");
    let value = between(form, &format!("name=\"{name}\" value=\""), "\"");
    value.replace("&amp;", "&")
}

fn encoded(text: &str) -> String {
    app::filter::encode(text)
}

async fn confirm(app: &TestApp, asker: &Asker, page: &Answer) -> Answer {
    let [key, choice, up_to] = ["idempotency", "choice", "up_to"].map(|name| encoded(&hidden(page, name)));
    app.ask(asker, form("/quality/act", &format!("idempotency={key}&choice={choice}&up_to={up_to}"))).await
}

#[tokio::test(flavor = "multi_thread")]
async fn lines_are_found_by_reason_and_text_and_stay_text() {
    let (app, owner) = planted().await;
    let page = app.get(&owner, "/quality").await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.text);
    for part in ["5 of 5", "naive_time", "below_scope", "All 5 held lines.", "&lt;b&gt;Cloud"] {
        assert!(page.text.contains(part), "{part}: {}", page.text);
    }
    assert!(!page.text.contains("<b>Cloud"), "a raw line stays text");
    for (query, lines) in
        [("reason=naive_time", 3), ("q=b%40host", 1), ("source=nobody", 0), ("reason=naive_time&q=29", 1)]
    {
        let page = app.get(&owner, &format!("/quality?{query}")).await;
        assert_eq!(page.text.matches("class=\"held-head\"").count(), lines, "{query}");
    }
    for query in ["reason=weather", "line-x=on", "do=burn"] {
        let answer = app.get(&owner, &format!("/quality?{query}")).await;
        assert!(answer.text.contains("address says"), "{query}: {}", answer.text);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_shown_first_is_what_the_confirmation_does() {
    let (app, owner) = planted().await;
    let choice = "/quality?reason=naive_time&whole=on&do=zone&zone=Europe%2FMadrid";
    let page = app.get(&owner, choice).await;
    assert!(page.text.contains("What would happen to 3 lines.") && page.text.contains("dst_gap"), "{}", page.text);
    assert!(page.text.contains("2026-03-01T09:00:00Z"), "the mended copy is shown");
    assert!(page.text.contains("Release 2 lines"), "{}", page.text);
    let acted = confirm(&app, &owner, &page).await;
    assert_eq!(acted.status, StatusCode::SEE_OTHER, "{}", acted.text);
    assert_eq!(acted.header("location"), "/quality?reason=naive_time&act=1#decided");
    let told = app.get(&owner, "/quality?reason=naive_time&act=1").await;
    assert!(told.text.contains("3 lines decided.") && told.text.contains("3 of 5 lines are held."), "{}", told.text);
    let again = confirm(&app, &owner, &page).await;
    assert_eq!(again.header("location"), acted.header("location"), "the same form acts once");
    let refused = app.ask(&owner, form("/quality/act", "idempotency=x&choice=reason%3Dfuture&up_to=9")).await;
    assert_eq!((refused.status.as_u16(), refused.code().as_str()), (422, "bad_parameter"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_choice_that_cannot_be_followed_says_why_and_offers_no_button() {
    let (app, owner) = planted().await;
    for (choice, why) in [
        ("do=zone&zone=Mars&whole=on", "is no zone"),
        ("do=release", "no held line is chosen"),
        ("do=dismiss&whole=on", "dismissed with a reason"),
        ("do=set&field=item_id&value=x&whole=on", "not set in many lines"),
    ] {
        let page = app.get(&owner, &format!("/quality?{choice}")).await;
        assert!(page.text.contains(why), "{choice}: {}", page.text);
        assert!(!page.text.contains("/quality/act"), "{choice}");
    }
    let nothing = app.get(&owner, "/quality?reason=unreadable&whole=on&do=release").await;
    assert!(nothing.text.contains("would stay held") && !nothing.text.contains("/quality/act"), "{}", nothing.text);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_single_line_is_settled_and_the_reader_comes_back_to_the_list() {
    let (app, owner) = planted().await;
    let go = async |path: &str, body: &str| app.ask(&owner, form(path, body)).await;
    let low = go("/sources/quarantine/4/release", "as=low&back=%2Fquality%3Freason%3Dbelow_scope%23lines").await;
    assert_eq!((low.status.as_u16(), low.header("location")), (303, "/quality?reason=below_scope#lines"));
    let dismissed = go("/sources/quarantine/5/dismiss", "note=spreadsheet&back=%2Fquality").await;
    assert_eq!(dismissed.header("location"), "/quality");
    for back in ["//evil.example", "https%3A%2F%2Fevil.example", "%2Fquality.evil", "%2Fsign-out"] {
        let answer = go("/sources/quarantine/1/dismiss", &format!("note=x&back={back}")).await;
        let wanted = if answer.status == StatusCode::SEE_OTHER { "/sources#quarantine" } else { "" };
        assert_eq!(answer.header("location"), wanted, "{back}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_file_holds_the_lines_of_the_list_and_no_formula() {
    let (app, owner) = planted().await;
    let file = app.get(&owner, "/quality.csv").await;
    assert_eq!(file.header("content-type"), "text/csv;charset=utf-8");
    assert_eq!(
        (file.header("content-disposition"), file.header("x-wallclock-escaped")),
        ("attachment; filename=\"held-lines.csv\"", "1")
    );
    assert_eq!(file.text.matches("\r\n").count(), 1 + 5, "{}", file.text);
    assert!(file.text.contains("\"'=cmd|'/c calc'!A1\"") && !file.text.contains("\"=cmd"), "{}", file.text);
    let narrowed = app.get(&owner, "/quality.csv?reason=naive_time&q=29").await;
    assert_eq!(narrowed.text.matches("\r\n").count(), 1 + 1, "{}", narrowed.text);
    let wrong = app.get(&owner, "/quality.csv?reason=weather").await;
    assert_eq!((wrong.status.as_u16(), wrong.code().as_str()), (422, "bad_parameter"));
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_sees_no_raw_lines_gets_counts_alone() {
    let (app, _) = planted().await;
    let viewer = app.person(Role::BoardViewer).await;
    app.add("lead@example.test", Role::Analyst).await;
    app.change("lead@example.test", StandingChange { teams: Some(vec!["Cloud".to_owned()]), ..Default::default() })
        .await;
    let lead = app.sign_in("lead@example.test").await;
    for reader in [&viewer, &lead] {
        let page = app.get(reader, "/quality?q=Cloud&do=release&whole=on&act=1").await;
        assert_eq!(page.status, StatusCode::OK);
        assert!(page.text.contains("naive_time") && page.text.contains("5 of 5"), "{}", page.text);
        for hidden in ["@host", "held-head", "/quality/act", "id=\"decide\""] {
            let main = between(&page.text, "<main", "</main>");
            assert!(!main.contains(hidden), "{hidden}: {main}");
        }
        assert_eq!(app.get(reader, "/quality.csv").await.status, StatusCode::FORBIDDEN);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_page_says_how_old_its_feed_is() {
    let (app, owner) = planted().await;
    for path in ["/", "/clocks", "/items", "/sources", "/quality", "/reports"] {
        let page = app.get(&owner, path).await;
        let line = between(&page.text, "#feeds\" class=\"feeds\"", "</a>");
        assert!(line.contains("ago, source"), "{path}: {line}");
        assert!(!line.contains("silent"), "{path}: {line}");
    }
    app.clock.advance(9 * 86_400);
    let owner = app.sign_in("owner@example.test").await;
    let page = app.get(&owner, "/clocks").await;
    assert!(between(&page.text, "#feeds\" class=\"feeds\"", "</a>").contains("unusually silent"), "{}", page.text);
}
