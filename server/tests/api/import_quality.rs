//! Is the quality report of an import the same to people, to programs and at the terminal?

use axum::http::StatusCode;
use service::identity::role::Role;
use service::identity::scope::Scope;

use crate::acts::records;
use crate::command::{text, wallclock};
use crate::support::{Folder, NOW, TestApp, form, post};
use crate::uploads::file;

/// Events of a source whose clock is two minutes ahead, one that comes out of order, and a line that cannot be read.
fn events() -> String {
    let line = |id: &str, at: i64, certainty: &str| {
        let at = NOW.plus(at);
        format!(
            "{{\"id\":\"{id}\",\"item_id\":\"x\",\"event\":\"seen\",\"at\":\"{at}\",\"certainty\":\"{certainty}\"}}\n"
        )
    };
    line("a", 120, "observed") + &line("b", 110, "derived") + &line("c", -90_000, "observed") + "=no json\n"
}

#[tokio::test(flavor = "multi_thread")]
async fn programs_read_the_report_as_json_and_as_csv() {
    let app = TestApp::new().await;
    let program = app.token(&[Scope::WriteImports]).await;
    let sent =
        app.ask(&program, post("/api/v1/imports?source=scanner&name=%3D1%2B1", "application/x-ndjson", events())).await;
    assert_eq!(sent.status, StatusCode::CREATED, "{}", sent.text);
    let told = app.get(&program, "/api/v1/imports/1/quality").await.json();
    let counts = ["import_id", "received", "accepted", "quarantined", "items"].map(|name| told[name].as_u64().unwrap());
    assert_eq!(counts, [1, 4, 3, 1, 1]);
    let events = &told["events"];
    assert_eq!(
        (&events["measured"], &events["late"]["count"], &events["late"]["of"]),
        (&3.into(), &1.into(), &3.into())
    );
    assert_eq!((&events["out_of_order"]["count"], &events["skew_seconds"]), (&2.into(), &(-120).into()));
    assert_eq!((&events["certainty"]["derived"]["count"], &told["items_new"]["count"]), (&1.into(), &1.into()));
    let proposal = "`scanner`, whose clock seems 120 s ahead (2 of 3 events by more than 60 s): subtract 120 s";
    assert_eq!(events["clocks_ahead"][0]["proposal"], proposal);
    assert_eq!((&told["rules"]["clock_skew"]["count"], &told["reasons"]["unreadable"]), (&2.into(), &1.into()));
    assert_eq!((&told["received_at"], &told["mapping"]["format"]), (&"stamped".into(), &serde_json::Value::Null));
    let csv = app.get(&program, "/api/v1/imports/1/quality?format=csv").await;
    assert_eq!((csv.header("content-type"), csv.header("x-wallclock-escaped")), ("text/csv;charset=utf-8", "1"));
    for line in [
        "\"figure\",\"name\",\"value\",\"of\"",
        "\"file\",,\"'=1+1\",",
        "\"certainty\",\"derived\",\"1\",\"3\"",
        "\"late\",\"after 86400 s\",\"1\",\"3\"",
        "\"skew_seconds\",\"1 % quantile\",\"-120\",",
        "\"clock_ahead_seconds\",\"scanner\",\"120\",",
        "\"clock_ahead_events\",\"scanner\",\"2\",\"3\"",
        "\"rule\",\"clock_skew\",\"2\",",
        "\"reason\",\"unreadable\",\"1\",\"4\"",
    ] {
        assert!(csv.text.lines().any(|found| found == line), "{line} in {}", csv.text);
    }
    assert_eq!(app.get(&program, "/api/v1/imports/1/quality?format=xml").await.code(), "bad_parameter");
    assert_eq!(app.get(&program, "/api/v1/imports/9/quality").await.status, StatusCode::NOT_FOUND);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_report_stands_on_the_page_of_its_import() {
    let app = TestApp::new().await;
    let owner = app.owner().await;
    app.ask(&owner, file(&[("file", "scan <1>.ndjson", &events())])).await;
    app.ask(&owner, file(&[("file", "other.ndjson", "{oops\n")])).await;
    let list = app.get(&owner, "/imports").await.text;
    assert!(list.contains("href=\"/imports?id=1#quality\"") && !list.contains("id=\"quality\""), "{list}");
    let page = app.get(&owner, "/imports?id=1").await.text;
    assert!(!page.contains("other.ndjson") && !page.contains("files count"), "{page}");
    for words in [
        "It counts.",
        "3 events were added to the log.",
        "Delay of the fastest hundredth",
        "2 min before it happened",
        "1 of 3",
        "whose clock seems 120 s ahead",
        "1 of 4 lines held: unreadable",
        "href=\"/imports/1/quality.csv\"",
    ] {
        assert!(page.contains(words), "{words} in {page}");
    }
    let csv = app.get(&owner, "/imports/1/quality.csv").await;
    assert!(csv.text.contains("\"out_of_order\",,\"2\",\"3\""), "{}", csv.text);
    assert_eq!(app.get(&owner, "/imports?id=9").await.status, StatusCode::NOT_FOUND);
    assert_eq!(app.get(&owner, "/imports?id=x").await.status, StatusCode::NOT_FOUND);
    let reader = app.person(Role::BoardViewer).await;
    assert_eq!(app.get(&reader, "/imports/1/quality.csv").await.status, StatusCode::FORBIDDEN);
    let rules = app.get(&owner, "/quality").await.text;
    assert!(rules.contains("subtract 120 s"), "{rules}");
}

#[tokio::test(flavor = "multi_thread")]
async fn who_may_change_sources_decides_about_the_clock_of_one_with_a_reason() {
    let app = TestApp::new().await;
    let owner = app.owner().await;
    app.ask(&owner, file(&[("source", "", "scanner"), ("file", "a.ndjson", &events())])).await;
    let page = app.get(&owner, "/imports?id=1").await.text;
    let (_, address) = page.split_once("href=\"/imports?source=").unwrap();
    let source = address.split_once('#').unwrap().0.to_owned();
    let act = format!("/sources/clock/{source}");
    let decide = async |body: &str| app.ask(&owner, form(&act, body)).await;
    assert_eq!(decide("seconds=many&why=x").await.code(), "bad_parameter");
    assert_eq!(decide("seconds=120&why=").await.code(), "bad_parameter");
    let before = records(&app).await;
    assert_eq!(decide("seconds=120&why=its+clock").await.status, StatusCode::SEE_OTHER);
    assert_eq!(records(&app).await, before + 1);
    let page = app.get(&owner, &format!("/imports?source={source}")).await.text;
    assert!(
        page.contains(&format!("120 s are subtracted from the times of {source}.")) && page.contains(": its clock"),
        "{page}"
    );
    assert!(page.contains(&format!("action=\"{act}\"")), "{page}");
    let analyst = app.person(Role::Analyst).await;
    let page = app.get(&analyst, &format!("/imports?source={source}")).await.text;
    assert!(page.contains("120 s are subtracted") && !page.contains(&act), "{page}");
    // A reason as long as one may be, in letters of four bytes.
    let long = |letters: usize| format!("seconds=-5&why={}", "%F0%9F%95%92".repeat(letters));
    assert_eq!(decide(&long(2_001)).await.code(), "bad_parameter");
    let decided = decide(&long(2_000)).await;
    assert_eq!(decided.status, StatusCode::SEE_OTHER, "{}", decided.text);
    let page = app.get(&owner, &format!("/imports?source={source}")).await.text;
    assert!(page.contains(&format!("5 s are added to the times of {source}.")), "{page}");
    let page = app.get(&owner, "/imports?source=never").await.text;
    assert!(!page.contains("id=\"clock\"") && !page.contains("/sources/clock/"), "nobody knows that source: {page}");
}

#[test]
fn the_terminal_prints_the_report_in_words_and_as_csv() {
    let folder = Folder::new();
    let line = "{\"item_id\":\"x\",\"event\":\"seen\",\"at\":\"2026-01-01T00:00:00Z\"}\n";
    assert!(wallclock(&folder, &["import", "-"], line).status.success());
    let quality = |arguments: &[&str]| {
        let output = wallclock(&folder, &[&["imports", "quality", "1"], arguments].concat(), "");
        assert!(output.status.success(), "{}", text(&output.stderr));
        text(&output.stdout)
    };
    let words = quality(&[]);
    assert!(
        words.contains("first_at: 2026-01-01T00:00:00Z\n") && words.contains("late after 86400 s: 1 of 1\n"),
        "{words}"
    );
    assert!(quality(&["--csv"]).contains("\"items\",\"new\",\"1\",\"1\"\r\n"));
    let json: serde_json::Value = serde_json::from_str(&quality(&["--json"])).unwrap();
    assert_eq!((&json["import_id"], &json["events"]["measured"]), (&1.into(), &1.into()));
    let clock = |arguments: &[&str]| wallclock(&folder, &[&["sources", "clock", "import"], arguments].concat(), "");
    assert_eq!(text(&clock(&[]).stdout), "the times of import count as they come\n");
    assert!(!clock(&["--subtract", "90"]).status.success(), "a decision has a reason");
    assert!(!clock(&["--why", "its clock"]).status.success(), "a reason is of a decision");
    let unknown = wallclock(&folder, &["sources", "clock", "imprt"], "");
    assert_eq!(unknown.status.code(), Some(2));
    assert!(text(&unknown.stderr).contains("there is no source `imprt`"), "{}", text(&unknown.stderr));
    assert!(clock(&["--subtract", "90", "--why", "its clock"]).status.success());
    assert!(clock(&["--subtract", "-5", "--why", "behind"]).status.success());
    let told = text(&clock(&[]).stdout);
    assert!(told.ends_with("  operator  90 s subtracted: its clock\n"), "{told}");
    assert!(told.contains("  operator  5 s added: behind\n"), "{told}");
}
