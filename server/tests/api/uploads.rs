//! Does a file from a page become events?

use axum::http::{Request, StatusCode};
use service::identity::role::Role;

use crate::support::{Answer, Asker, EVENT, TestApp, post};

pub(crate) fn file(parts: &[(&str, &str, &str)]) -> Request<axum::body::Body> {
    let mut body = String::new();
    for (name, file, text) in parts {
        let file = if file.is_empty() { String::new() } else { format!("; filename=\"{file}\"") };
        body.push_str(&format!("--b\r\ncontent-disposition: form-data; name=\"{name}\"{file}\r\n\r\n{text}\r\n"));
    }
    body.push_str("--b--\r\n");
    post("/sources/import", "multipart/form-data; boundary=b", body)
}

async fn status(app: &TestApp, asker: &Asker, answer: &Answer) -> serde_json::Value {
    let id = answer.header("location").strip_prefix("/sources?import=").unwrap().to_owned();
    let status = app.get(asker, &format!("/sources/import/{id}/status")).await;
    status.json()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_is_imported_once_and_its_counts_add_up() {
    let app = TestApp::new().await;
    let analyst = app.person(Role::Analyst).await;
    let text = format!("{EVENT}\n{EVENT}\nno json\n");
    let form = [("idempotency", "", "f1"), ("file", "../../scan.ndjson", text.as_str())];
    let first = app.ask(&analyst, file(&form)).await;
    assert_eq!(first.status, StatusCode::SEE_OTHER, "{}", first.text);
    let again = app.ask(&analyst, file(&form)).await;
    assert_eq!(first.header("location"), again.header("location"), "the same form acts once");
    let job = status(&app, &analyst, &first).await;
    assert_eq!((&job["state"], &job["file"]), (&"done".into(), &"scan.ndjson".into()), "{job}");
    let count = |name: &str| job[name].as_u64().unwrap();
    assert_eq!([count("received"), count("accepted"), count("duplicate"), count("quarantined")], [3, 1, 1, 1]);
    assert_eq!(count("bytes"), count("total_bytes"));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_few_files_need_said_is_folded_away_and_sent_all_the_same() {
    let app = TestApp::new().await;
    let analyst = app.person(Role::Analyst).await;
    let page = app.get(&analyst, "/sources").await.text;
    let (_, form) = page.split_once("action=\"/sources/import\"").unwrap();
    let (form, _) = form.split_once("</form>").unwrap();
    let (plain, folded) = form.split_once("<details class=\"fold\">").expect("a fold that is closed");
    let (folded, behind) = folded.split_once("</details>").unwrap();
    for name in ["exported_at", "complete", "accept_mass_absence", "scope", "text_encoding", "received_at"] {
        let field = format!("name=\"{name}\"");
        assert!(folded.contains(&field) && !plain.contains(&field) && !behind.contains(&field), "{name}: {form}");
    }
    for name in ["file", "source", "format"] {
        assert!(plain.contains(&format!("name=\"{name}\"")), "{name}: {form}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_form_that_cannot_be_read_is_refused() {
    let app = TestApp::new().await;
    let analyst = app.person(Role::Analyst).await;
    let refused = async |request| {
        let answer = app.ask(&analyst, request).await;
        (answer.status.as_u16(), answer.code())
    };
    assert_eq!(refused(file(&[])).await, (400, "multipart_invalid".to_owned()));
    let two = [("file", "a", EVENT), ("file", "b", EVENT)];
    assert_eq!(refused(file(&two)).await, (400, "multipart_invalid".to_owned()));
    assert_eq!(refused(file(&[("file", "a", "")])).await, (422, "empty_file".to_owned()));
    let picture = refused(file(&[("file", "a.png", "\u{89}PNG\r\n\u{1a}\n\0\0\0\rIHDR")])).await;
    assert!(picture.0 == 415 || picture.0 == 422, "{picture:?}");
    let plain = post("/sources/import", "text/plain", EVENT);
    assert_eq!(refused(plain).await, (400, "multipart_invalid".to_owned()));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_held_line_is_released_or_dismissed_once() {
    let app = TestApp::new().await;
    let owner = app.owner().await;
    let info = EVENT.replace("\"event\"", "\"severity\":\"info\",\"event\"");
    app.ask(&owner, file(&[("file", "a.ndjson", &format!("{info}\n{{}}\n"))])).await;
    let act = async |path: &str, body: &str| app.ask(&owner, crate::support::form(path, body)).await.status.as_u16();
    assert_eq!(act("/sources/quarantine/1/release", "as=low").await, 303);
    assert_eq!(act("/sources/quarantine/1/release", "as=low").await, 409);
    assert_eq!(act("/sources/quarantine/2/dismiss", "").await, 422);
    assert_eq!(act("/sources/quarantine/2/dismiss", "note=not+ours").await, 303);
    assert_eq!(act("/sources/quarantine/99/release", "").await, 404);
    assert_eq!(act("/sources/quarantine/x/release", "").await, 404);
}

/// A feed is no export: it is kept as what it is by those who may, and refused with its place to the others.
#[tokio::test(flavor = "multi_thread")]
async fn a_feed_that_is_brought_on_the_page_is_kept_as_one() {
    let kev = r#"{"catalogVersion":"v","dateReleased":"2026-03-01T00:00:00Z","vulnerabilities":[{"cveID":"CVE-2026-0001","dateAdded":"2026-02-01","dueDate":"2026-02-22"}]}"#;
    let epss = "#model_version:v1,score_date:2026-03-02T00:00:00+0000\ncve,epss,percentile\nCVE-2026-0001,0.1,0.5\n";
    for app in [TestApp::new().await, TestApp::on_postgres().await] {
        let (owner, analyst) = (app.owner().await, app.person(Role::Analyst).await);
        let refused = app.ask(&analyst, file(&[("idempotency", "", "f0"), ("file", "kev.json", kev)])).await;
        assert_eq!((refused.status.as_u16(), refused.code()), (422, "no_events".to_owned()), "{}", refused.text);
        assert!(refused.text.contains("wallclock enrich FILE"), "{}", refused.text);
        for (key, name, text, told) in [
            ("f1", "kev.json", kev, "KEV catalogue of 1 entry, published 2026-03-01: kept."),
            ("f2", "epss.csv", epss, "list of EPSS scores of 1 entry, published 2026-03-02: kept."),
            ("f3", "kev.json", kev, "KEV catalogue of 1 entry, published 2026-03-01: known already."),
        ] {
            let answer = app.ask(&owner, file(&[("idempotency", "", key), ("file", name, text)])).await;
            assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
            let job = status(&app, &owner, &answer).await;
            assert_eq!(job["state"], "done", "{job}");
            assert!(job["message"].as_str().unwrap().starts_with(told), "{job}");
            assert_eq!(job["received"], 1, "{job}");
        }
        let page = app.get(&owner, "/sources").await.text;
        assert!(page.contains("2026-03-01") && page.contains("2026-03-02"), "{page}");
        assert!(!page.contains("/sources/map/"), "nothing waits for a mapping");
    }
}
