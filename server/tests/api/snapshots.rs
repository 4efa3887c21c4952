//! Does somebody who sends a list of what stands learn what changed, on the command line and by the form?

use axum::http::StatusCode;
use service::identity::role::Role;

use crate::command::{text, wallclock_with};
use crate::support::{Folder, TestApp};
use crate::uploads::file;

const HEADER: &str = "Plugin ID,Host,Severity,Vulnerability State,First Found,Last Found";

/// Rules that are open on one host, seen on that day of March.
fn export(rules: std::ops::RangeInclusive<u32>, day: u32) -> String {
    let row = |rule| format!("{rule},web-01,High,Active,2026-01-05T10:00:00Z,2026-03-{day:02}T10:00:00Z\n");
    format!("{HEADER}\n{}", rules.map(row).collect::<String>())
}

#[test]
fn the_command_says_against_what_a_snapshot_was_held() {
    let folder = Folder::new();
    let save = |name: &str, text: &str| {
        let path = folder.path().join(name);
        std::fs::write(&path, text).unwrap();
        path.display().to_string()
    };
    let mapping = save("plan.json", r#"{"format": "tenable-csv", "settings": {"snapshot": {"complete": true}}}"#);
    let first = save("first.csv", &export(1..=10, 1));
    let second = save("second.csv", &export(2..=11, 8));
    let few = save("few.csv", &export(1..=2, 15));
    let run = |arguments: &[&str]| {
        let output = wallclock_with(&folder, &[], arguments, "");
        (output.status.code(), text(&output.stdout), text(&output.stderr))
    };
    let undated = run(&["import", &first, "--source", "scans", "--mapping", &mapping, "--save-mapping"]);
    assert!(undated.0 == Some(2) && undated.2.contains("exported"), "{undated:?}");
    let dated = run(&["import", &first, "--source", "scans", "--taken-at", "2026-03-02T00:00:00Z"]);
    assert!(dated.1.contains("the first of this source, 10 items"), "{dated:?}");
    let expected =
        "compared with the one of 2026-03-02T00:00:00Z: +1 detected, 1 gone (looked for); 10 were open before";
    let second_at = ["--source", "scans", "--taken-at", "2026-03-09T00:00:00Z"];
    let looked = run(&[&["preview", &second][..], &second_at].concat());
    assert!(looked.0 == Some(0) && looked.1.contains(expected), "{looked:?}");
    let imported = run(&[&["import", &second][..], &second_at].concat());
    assert!(imported.0 == Some(0) && imported.1.contains(expected), "{imported:?}");
    let third = ["import", &few, "--source", "scans", "--taken-at", "2026-03-16T00:00:00Z"];
    let refused = run(&third);
    assert!(refused.0 == Some(2) && refused.2.contains("9 of 10 open items are gone at once"), "{refused:?}");
    let taken = run(&[&third[..], &["--accept-mass-absence"]].concat());
    assert!(taken.1.contains("1 open again, 9 gone (looked for)"), "{taken:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_form_says_when_a_file_was_exported_and_that_much_is_gone() {
    let app = TestApp::new().await;
    let analyst = app.person(Role::Analyst).await;
    let send = async |text: &str, more: &[(&str, &str, &str)]| {
        let mut parts = vec![("source", "", "scans"), ("format", "", "tenable-csv")];
        parts.extend(more);
        parts.push(("file", "export.csv", text));
        app.ask(&analyst, file(&parts)).await
    };
    let march = [("exported_at", "", "2026-03-02T00:00:00Z")];
    let first = send(&export(1..=10, 1), &march).await;
    assert_eq!(first.status, StatusCode::SEE_OTHER, "{}", first.text);
    let page = app.get(&analyst, first.header("location")).await;
    assert!(page.text.contains("the first of this source, 10 items"), "{}", page.text);
    let wrong = send(&export(1..=10, 1), &[("exported_at", "", "yesterday")]).await;
    assert_eq!((wrong.status.as_u16(), wrong.code()), (422, "bad_setting".to_owned()));
    let unknown = [("source", "", "others"), ("exported_at", "", "2026-03-02T00:00:00Z"), ("file", "a.csv", "x")];
    let unknown = app.ask(&analyst, file(&unknown)).await;
    assert_eq!((unknown.status.as_u16(), unknown.code()), (422, "mapping_needed".to_owned()));
}
