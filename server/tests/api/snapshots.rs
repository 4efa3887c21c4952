//! Does somebody who sends a list of what stands learn what changed, on the command line and by the form?

use axum::http::StatusCode;
use service::identity::role::Role;
use service::identity::scope::Scope;

use crate::command::{text, wallclock_with};
use crate::support::{Asker, EVENT, Folder, TestApp, form, post};
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
    assert!(refused.2.contains("import 4 waits for a person"), "{refused:?}");
    let listed = run(&["imports", "list"]);
    assert!(
        listed.1.contains("4  held") && listed.1.contains("9 of 10 open items are gone at once, as "),
        "{listed:?}"
    );
    let dry = run(&[&third[..], &["--accept-mass-absence", "--dry-run"]].concat());
    assert!(dry.0 == Some(0) && dry.1.contains("nothing was written") && dry.1.contains("9 gone"), "{dry:?}");
    let taken = run(&[&third[..], &["--accept-mass-absence"]].concat());
    assert!(taken.1.contains("1 open again, 9 gone (looked for)"), "{taken:?}");
    let fourth = ["import", &first, "--source", "scans", "--taken-at", "2026-03-23T00:00:00Z"];
    assert_eq!(run(&fourth).0, Some(0));
    let fifth = ["import", &few, "--source", "scans", "--taken-at", "2026-03-30T00:00:00Z"];
    assert!(run(&fifth).2.contains("import 6 waits for a person"));
    let part = run(&["imports", "partial", "6"]);
    assert!(part.1.contains("import 6 counts") && part.1.contains("8 gone (unproven)"), "{part:?}");
    let twice = run(&["imports", "accept", "6"]);
    assert!(twice.0 == Some(2) && twice.2.contains("published"), "{twice:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_form_says_when_a_file_was_exported_and_that_much_is_gone() {
    let app = TestApp::new().await;
    let owner = app.owner().await;
    let send = async |text: &str, more: &[(&str, &str, &str)]| {
        let mut parts = vec![("source", "", "scans"), ("format", "", "tenable-csv")];
        parts.extend(more);
        parts.push(("file", "export.csv", text));
        app.ask(&owner, file(&parts)).await
    };
    // No mapping is saved yet: the page shows first what would come of it, and keeps what was said.
    let march = [("exported_at", "", "2026-03-02T00:00:00Z"), ("complete", "", "yes")];
    let waits = send(&export(1..=10, 1), &march).await;
    let place = waits.header("location").to_owned();
    assert!(place.starts_with("/sources/map/"), "{} {}", waits.status, waits.text);
    let page = app.get(&owner, &place).await;
    assert!(
        page.text.contains("2026-03-02T00:00:00Z") && page.text.contains("The complete list of what stands"),
        "{}",
        page.text
    );
    let said =
        "act=import&format=tenable-csv&source=scans&idempotency=i1&exported_at=2026-03-02T00:00:00Z&states=complete";
    let taken = app.ask(&owner, form(&place, &format!("{said}&received_at="))).await;
    let page = app.get(&owner, taken.header("location")).await;
    assert!(page.text.contains("the first of this source, 10 items"), "{}", page.text);
    // The saved mapping is used from now on, and what is said of a file lies over it.
    let april = |at: &'static str| [("exported_at", "", at), ("complete", "", "yes")];
    let few = send(&export(1..=2, 8), &april("2026-03-09T00:00:00Z")).await;
    // It is kept: the form leads to the page that asks what it means.
    assert_eq!((few.status, few.header("location")), (StatusCode::SEE_OTHER, "/imports?id=2"), "{}", few.text);
    let page = app.get(&owner, "/imports?id=2").await.text;
    assert!(page.contains("action=\"/imports/2/accept\""), "{page}");
    let gone = [&april("2026-03-09T00:00:00Z")[..], &[("accept_mass_absence", "", "yes")]].concat();
    let gone = send(&export(1..=2, 8), &gone).await;
    let page = app.get(&owner, gone.header("location")).await;
    assert!(page.text.contains("8 gone (looked for)"), "{}", page.text);
    let wrong = send(&export(1..=10, 1), &[("exported_at", "", "yesterday")]).await;
    assert_eq!((wrong.status.as_u16(), wrong.code()), (422, "bad_setting".to_owned()));
    let unknown = [("source", "", "others"), ("exported_at", "", "2026-03-02T00:00:00Z"), ("file", "a.csv", "x")];
    let unknown = app.ask(&owner, file(&unknown)).await;
    assert_eq!((unknown.status.as_u16(), unknown.code()), (422, "mapping_needed".to_owned()));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_program_says_of_a_file_what_a_person_can() {
    let app = TestApp::new().await;
    let program = app.token(&[Scope::WriteImports]).await;
    let send = async |more: &str, text: String| {
        let address = format!("/api/v1/imports?source=scans&{more}");
        app.ask(&program, post(&address, "text/csv", text)).await
    };
    let first = send("format=tenable-csv&exported_at=2026-03-02T00:00:00Z&complete=true", export(1..=10, 1)).await;
    assert_eq!(first.json()["notes"]["snapshot"]["verdict"], "first", "{}", first.text);
    let second = "format=tenable-csv&exported_at=2026-03-09T00:00:00Z&complete=true";
    assert_eq!(send(second, export(1..=2, 8)).await.code(), "mass_absence");
    let taken = send(&format!("{second}&accept_mass_absence=true"), export(1..=2, 8)).await;
    assert_eq!(taken.json()["notes"]["snapshot"]["gone"], 8, "{}", taken.text);
    for wrong in ["complete=perhaps", "text_encoding=ebcdic", "received_at=now", "accept_mass_absence=1"] {
        assert_eq!(send(wrong, export(1..=2, 8)).await.code(), "bad_parameter", "{wrong}");
    }
    let history = send("format=jira&complete=true", "{}".to_owned()).await;
    assert_eq!(history.code(), "bad_setting", "{}", history.text);
    // A mapping that comes along with its file.
    let mapping = r#"{"format":"csv","settings":{"mapping":{"item":"{Nr}","events":[{"event":"detected","at":{"column":"Seen"}}]}}}"#;
    let parts = [("mapping", "", mapping), ("file", "own.csv", "Nr,Seen\n1,2026-03-01T10:00:00Z\n")];
    let posted = |parts: &[(&str, &str, &str)], address: &str| {
        let (mut head, body) = file(parts).into_parts();
        head.uri = address.parse().unwrap();
        axum::http::Request::from_parts(head, body)
    };
    let own = app.ask(&program, posted(&parts, "/api/v1/imports?source=own")).await;
    assert_eq!((own.status, own.json()["accepted"].as_u64()), (StatusCode::CREATED, Some(1)), "{}", own.text);
    // Nothing was saved for that source: its report leads to no page of a mapping.
    let report = format!("/imports?id={}", own.json()["import_id"]);
    let page = app.get(&app.owner().await, &report).await.text;
    assert!(page.contains("by what was said with the file.") && !page.contains("/sources/mapping/own"), "{page}");
    let twice = app.ask(&program, posted(&parts, "/api/v1/imports?source=own&format=csv")).await;
    assert_eq!(twice.code(), "bad_parameter");
    let bare = app.ask(&program, posted(&parts[1..], "/api/v1/imports?source=own")).await;
    assert_eq!(bare.code(), "multipart_invalid");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_decides_on_the_page_what_it_means_that_too_much_is_gone() {
    let app = TestApp::new().await;
    let (program, analyst) = (app.token(&[Scope::WriteImports]).await, app.person(Role::Analyst).await);
    let send = async |day: u32, text: String| {
        let said = format!("format=tenable-csv&exported_at=2026-03-{day:02}T00:00:00Z&complete=true");
        app.ask(&program, post(&format!("/api/v1/imports?source=scans&{said}"), "text/csv", text)).await
    };
    let act = async |asker: &Asker, address: &str| app.ask(asker, post(address, "application/json", "")).await;
    assert_eq!(send(2, export(1..=10, 1)).await.status, StatusCode::CREATED);
    let held = send(9, export(1..=2, 8)).await;
    assert_eq!((held.status.as_u16(), held.code()), (422, "mass_absence".to_owned()));
    assert_eq!(held.json()["import_id"], 2, "{}", held.text);
    let import = app.get(&program, "/api/v1/imports/2").await.json();
    assert_eq!((import["state"].as_str(), &import["notes"]["mass_absence"]["gone"]), (Some("held"), &8.into()));
    assert_eq!(act(&program, "/api/v1/imports/2/resume").await.code(), "mass_absence");
    // Where files are brought the file stands among those that wait, and its import says what is asked.
    assert!(app.get(&analyst, "/sources").await.text.contains("href=\"/imports?id=2\""));
    let page = app.get(&analyst, "/imports").await.text;
    assert!(page.contains("waits for a person") && page.contains("8 of 10 items that were open are gone"), "{page}");
    assert!(page.contains("<li>10@web-01</li>"), "{page}");
    assert!(page.contains("beside the snapshot of 2 Mar 2026, 00:00 UTC"), "{page}");
    let alone = app.get(&analyst, "/imports?id=2").await.text;
    assert!(alone.contains("It waits for a person") && !alone.contains("added to the log"), "{alone}");
    for choice in ["accept", "partial", "cancel"] {
        assert!(page.contains(&format!("action=\"/imports/2/{choice}\"")), "{choice}: {page}");
    }
    let decided = app.ask(&analyst, form("/imports/2/partial", "")).await;
    assert_eq!((decided.status, decided.header("location")), (StatusCode::SEE_OTHER, "/imports"), "{}", decided.text);
    let import = app.get(&program, "/api/v1/imports/2").await.json();
    assert_eq!(
        (import["state"].as_str(), import["notes"]["mass_absence"]["judged"].as_str()),
        (Some("published"), Some("part"))
    );
    assert_eq!(import["notes"]["snapshot"]["unproven"], 8);
    let page = app.get(&analyst, "/imports").await.text;
    assert!(page.contains("a person said that the file is not the whole list") && !page.contains("/imports/2/accept"));
    assert_eq!(send(16, export(1..=1, 15)).await.code(), "mass_absence");
    let taken = act(&program, "/api/v1/imports/3/accept").await;
    assert_eq!((taken.status, taken.json()["state"].as_str()), (StatusCode::OK, Some("published")), "{}", taken.text);
    assert_eq!(act(&program, "/api/v1/imports/3/accept").await.code(), "import_state");
    assert_eq!(send(23, export(20..=20, 22)).await.code(), "mass_absence");
    assert_eq!(act(&program, "/api/v1/imports/4/cancel").await.json()["state"], "cancelled");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_waits_stands_first_on_its_page_and_says_so_when_nobody_decided() {
    let app = TestApp::new().await;
    let (program, owner) = (app.token(&[Scope::WriteImports]).await, app.owner().await);
    let send = async |said: &str, text: String| {
        app.ask(&program, post(&format!("/api/v1/imports?{said}"), "text/csv", text)).await
    };
    let dated =
        |day: u32| format!("source=scans&format=tenable-csv&exported_at=2026-03-{day:02}T00:00:00Z&complete=true");
    assert_eq!(send(&dated(2), export(1..=10, 1)).await.status, StatusCode::CREATED);
    assert_eq!(send(&dated(9), export(1..=2, 8)).await.code(), "mass_absence");
    let later = app.ask(&program, post("/api/v1/imports?source=other", "application/x-ndjson", EVENT)).await;
    assert_eq!(later.status, StatusCode::CREATED, "{}", later.text);
    let page = app.get(&owner, "/imports").await.text;
    let places = [2, 3, 1].map(|id| page.find(&format!("id=\"import-{id}\"")).unwrap());
    assert!(places.is_sorted() && page.contains("1 file waits for a person."), "{places:?} {page}");
    let of_other = app.get(&owner, "/imports?source=other").await.text;
    assert!(!of_other.contains("import-2") && !of_other.contains("waits for a person"), "{of_other}");
    app.clock.advance(7 * 86_400);
    let owner = app.sign_in("owner@example.test").await;
    let late = app.ask(&owner, form("/imports/2/accept", "")).await;
    assert_eq!(late.code(), "import_state", "{}", late.text);
    let page = app.get(&owner, "/imports?id=2").await.text;
    assert!(page.contains("It is given up") && page.contains("nobody decided while the file was kept"), "{page}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_draft_in_which_too_much_is_gone_leads_to_its_import_however_often_it_is_sent() {
    let app = TestApp::new().await;
    let (program, owner) = (app.token(&[Scope::WriteImports]).await, app.owner().await);
    let first = "/api/v1/imports?source=scans&format=tenable-csv&exported_at=2026-03-02T00:00:00Z&complete=true";
    let first = app.ask(&program, post(first, "text/csv", export(1..=10, 1))).await;
    assert_eq!(first.status, StatusCode::CREATED, "{}", first.text);
    let few = export(1..=2, 8);
    let drafted =
        app.ask(&owner, file(&[("source", "", "scans"), ("format", "", "tenable-csv"), ("file", "a.csv", &few)])).await;
    let place = drafted.header("location").to_owned();
    assert!(place.starts_with("/sources/map/"), "{} {}", drafted.status, drafted.text);
    let said = "act=import&format=tenable-csv&source=scans&idempotency=i1&exported_at=2026-03-09T00:00:00Z\
                &states=complete&received_at=";
    for time in ["first", "again"] {
        let sent = app.ask(&owner, form(&place, said)).await;
        assert_eq!(
            (sent.status, sent.header("location")),
            (StatusCode::SEE_OTHER, "/imports?id=2"),
            "{time}: {}",
            sent.text
        );
    }
    let page = app.get(&owner, "/imports?id=2").await.text;
    assert!(page.contains("action=\"/imports/2/partial\""), "{page}");
}

#[tokio::test(flavor = "multi_thread")]
async fn since_when_lines_count_as_known_is_said_on_the_page_and_carried_by_few() {
    let app = TestApp::new().await;
    let (admin, analyst) = (app.person(Role::Admin).await, app.person(Role::Analyst).await);
    let send = async |asker: &Asker, source: &str, received_at: &str| {
        app.ask(asker, file(&[("source", "", source), ("received_at", "", received_at), ("file", "a", EVENT)])).await
    };
    assert!(app.get(&admin, "/sources").await.text.contains("value=\"carried\""));
    assert!(!app.get(&analyst, "/sources").await.text.contains("value=\"carried\""));
    assert_eq!(send(&analyst, "one", "carried").await.status, StatusCode::FORBIDDEN);
    let program = app.token(&[Scope::WriteImports]).await;
    let carried = app.ask(&program, post("/api/v1/imports?received_at=carried", "application/x-ndjson", EVENT)).await;
    assert_eq!(carried.status, StatusCode::FORBIDDEN, "{}", carried.text);
    for (asker, source, received_at) in [(&admin, "two", "carried"), (&analyst, "three", "assumed")] {
        let sent = send(asker, source, received_at).await;
        assert!(sent.header("location").starts_with("/sources?import="), "{} {}", sent.status, sent.text);
    }
    assert_eq!(send(&admin, "four", "sometimes").await.code(), "bad_parameter");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_form_that_failed_is_tried_again_with_other_answers() {
    let app = TestApp::new().await;
    let owner = app.owner().await;
    let latin: Vec<u8> = b"item_id,event,at,team\n1,detected,2026-03-01T10:00:00Z,M\xfcller\n".to_vec();
    let upload = |encoding: &str| {
        let field = |name: &str, value: &str| {
            format!("--b\r\ncontent-disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n")
        };
        let mut body = [field("idempotency", "i1"), field("text_encoding", encoding)].concat().into_bytes();
        body.extend(b"--b\r\ncontent-disposition: form-data; name=\"file\"; filename=\"a.csv\"\r\n\r\n");
        body.extend_from_slice(&latin);
        body.extend(b"\r\n--b--\r\n");
        post("/sources/import", "multipart/form-data; boundary=b", body)
    };
    let refused = app.ask(&owner, upload("")).await;
    assert_eq!((refused.status.as_u16(), refused.code()), (422, "encoding_unknown".to_owned()), "{}", refused.text);
    assert!(refused.text.contains("windows-1252"), "{}", refused.text);
    let taken = app.ask(&owner, upload("windows-1252")).await;
    let page = app.get(&owner, taken.header("location")).await;
    assert!(page.text.contains("a.csv is in."), "{}", page.text);
}
