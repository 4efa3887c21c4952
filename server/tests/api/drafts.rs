//! Does a file nobody knows wait until somebody said what it means, and does it wait for its own people alone?

use axum::http::StatusCode;
use service::identity::role::Role;
use service::identity::scope::Scope;

use crate::support::{Answer, Asker, EVENT, TestApp, form, post};

/// Dates that can be read in two ways, times without a zone, words of its own.
const TABLE: &str = "Nr;Regel;Rechner;Stufe;Stand;Gefunden;Erledigt\n\
                     1;R1;web-01;hoch;offen;03/04/2026 09:00;\n\
                     2;R2;web-01;gering;zu;03/04/2026 09:00;05/04/2026 09:00\n\
                     3;R3;web-02;hoch;zu;04/04/2026 09:00;06/04/2026 09:00\n";

fn upload(file: &str, bytes: &[u8], fields: &[(&str, &str)]) -> axum::http::Request<axum::body::Body> {
    let mut body = Vec::new();
    for (name, value) in fields {
        body.extend(format!("--b\r\ncontent-disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n").bytes());
    }
    body.extend(format!("--b\r\ncontent-disposition: form-data; name=\"file\"; filename=\"{file}\"\r\n\r\n").bytes());
    body.extend_from_slice(bytes);
    body.extend(b"\r\n--b--\r\n");
    post("/sources/import", "multipart/form-data; boundary=b", body)
}

async fn drafted(app: &TestApp, asker: &Asker, file: &str, bytes: &[u8], fields: &[(&str, &str)]) -> String {
    let answer = app.ask(asker, upload(file, bytes, fields)).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
    let place = answer.header("location").to_owned();
    assert!(place.starts_with("/sources/map/"), "{place}");
    place
}

async fn said(app: &TestApp, asker: &Asker, place: &str, words: &str) -> Answer {
    app.ask(asker, form(place, words)).await
}

const ROLES: &str = "column%3A0=record&column%3A1=weakness&column%3A2=asset&column%3A3=severity&column%3A4=status&column%3A5=detected&column%3A6=closed";
const WORDS: &str = "status%3Aoffen=open&status%3Azu=closed&severity%3Ahoch=high&severity%3Agering=low";
const TIMES: &str = "zone=Europe%2FBerlin&order=day_first";

fn whole(act: &str) -> String {
    format!("act={act}&format=csv&source=scanner&idempotency=i1&{ROLES}&{WORDS}&{TIMES}")
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unknown_table_waits_is_seen_and_becomes_events() {
    for app in [TestApp::new().await, TestApp::on_postgres().await] {
        let owner = app.owner().await;
        let place = drafted(&app, &owner, "befunde.csv", TABLE.as_bytes(), &[("source", "scanner")]).await;
        let first = app.get(&owner, &place).await;
        assert_eq!(first.status, StatusCode::OK);
        assert!(
            first.text.contains("7 columns between semicolons") && first.text.contains("has no zone"),
            "{}",
            first.text
        );
        let looked = said(&app, &owner, &place, &whole("preview")).await;
        assert_eq!(
            (looked.status, looked.header("location")),
            (StatusCode::SEE_OTHER, format!("{place}#preview").as_str())
        );
        let seen = app.get(&owner, &place).await.text;
        assert!(seen.contains("3 records become 5 events of 3 items."), "{seen}");
        assert!(seen.contains("R2@web\u{2011}01") || seen.contains("R2@web-01"), "{seen}");
        let waiting = app.get(&owner, "/sources").await.text;
        assert!(waiting.contains("befunde.csv") && waiting.contains(&place), "{waiting}");
        let taken = said(&app, &owner, &place, &whole("import")).await;
        let job = taken.header("location").to_owned();
        assert!(job.starts_with("/sources?import="), "{} {}", taken.status, taken.text);
        let again = said(&app, &owner, &place, &whole("import")).await;
        assert_eq!(again.header("location"), job, "the same form acts once");
        let page = app.get(&owner, &job).await.text;
        assert!(page.contains("befunde.csv is in.") && page.contains("See the gap"), "{page}");
        assert_eq!(app.get(&owner, &place).await.status, StatusCode::NOT_FOUND, "it waits no longer");
        let next = app.ask(&owner, upload("befunde.csv", TABLE.as_bytes(), &[("source", "scanner")])).await;
        assert!(next.header("location").starts_with("/sources?import="), "the next one is read by the saved mapping");
    }
}

/// A table with the columns of two tools.
const OF_TWO_TOOLS: &str = "number,opened_at,state,Issue key,Issue id,Created,Status\n\
                            INC0010001,2026-03-01 10:00:00,2,A-1,1,2026-03-02 10:00:00,Open\n";

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_two_formats_claim_is_refused_to_a_program_and_asked_about_on_the_page() {
    for app in [TestApp::new().await, TestApp::on_postgres().await] {
        let program = app.token(&[Scope::WriteImports]).await;
        let refused = app.ask(&program, post("/api/v1/imports?source=tools", "text/csv", OF_TWO_TOOLS)).await;
        assert_eq!((refused.status.as_u16(), refused.code().as_str()), (422, "format_ambiguous"), "{}", refused.text);
        let problem = refused.json();
        assert_eq!(problem["detail"], "this may be Jira issues (`jira`) or ServiceNow incidents (`servicenow`)");
        assert_eq!(problem["hint"], "say which format it is");
        // Said in the word the refusal names.
        let said_in = "/api/v1/imports?source=tools&format=servicenow&dry_run=true";
        let said_by = app.ask(&program, post(said_in, "text/csv", OF_TWO_TOOLS)).await;
        assert_eq!(said_by.status, StatusCode::OK, "{}", said_by.text);
        let owner = app.owner().await;
        let place = drafted(&app, &owner, "both.csv", OF_TWO_TOOLS.as_bytes(), &[("source", "tools")]).await;
        let page = app.get(&owner, &place).await.text;
        assert!(page.contains("Several formats look like this: say which one it is."), "{page}");
        for (word, title) in [("jira", "Jira issues"), ("servicenow", "ServiceNow incidents")] {
            let option = format!("<option value=\"{word}\">{title} (it looks like this)</option>");
            assert!(page.contains(&option), "{option}: {page}");
        }
        assert_eq!(page.matches("(it looks like this)").count(), 2, "{page}");
        let open = said(&app, &owner, &place, "act=import&format=&source=tools&idempotency=i1").await;
        assert_eq!(open.header("location"), format!("{place}#asked"), "nothing is imported before it is said");
        said(&app, &owner, &place, "act=preview&format=jira&source=tools&zone=UTC&order=day_first").await;
        let page = app.get(&owner, &place).await.text;
        assert!(
            !page.contains("Several formats look like this") && page.contains("1 record becomes 1 event of 1 item."),
            "{page}"
        );
    }
}

/// What few tables need said: an id of two columns, a team for all, a row left out, a word for nothing.
const MORE: &str = "item_id=%7BRegel%7D%2F%7BRechner%7D&fixed-role%3A0=team&fixed%3A0=Blau&fixed-role%3A1=&fixed%3A1=&filter-column%3A0=Rechner&filter-test%3A0=not_in&filter-words%3A0=web-02%0D%0A%3C%2Ftextarea%3E%3Cb%3E&filter-column%3A1=&filter-test%3A1=in&filter-words%3A1=&null_words=keine%0D%0A";

#[tokio::test(flavor = "multi_thread")]
async fn what_few_tables_need_said_is_answered_on_the_page_seen_and_saved() {
    let app = TestApp::new().await;
    let owner = app.owner().await;
    let place = drafted(&app, &owner, "befunde.csv", TABLE.as_bytes(), &[("source", "scanner")]).await;
    let first = app.get(&owner, &place).await.text;
    let fold = "<details id=\"more\" class=\"fold mapping-more mapping-table-more\">";
    assert!(first.contains(fold), "closed until something of it is said: {first}");
    said(&app, &owner, &place, &whole("preview")).await;
    let now = app.get(&owner, &place).await.text;
    assert!(now.contains(fold) && now.contains("Now: {Regel}@{Rechner}"), "what names the item now is shown: {now}");
    said(&app, &owner, &place, &format!("{}&{MORE}", whole("preview"))).await;
    let seen = app.get(&owner, &place).await.text;
    assert!(!seen.contains(fold) && seen.contains("value=\"{Regel}/{Rechner}\""), "{seen}");
    assert!(
        seen.contains("&lt;/textarea&gt;") && !seen.contains("</textarea><b>"),
        "what was typed stays text: {seen}"
    );
    assert!(seen.contains("3 records become 3 events of 2 items."), "{seen}");
    assert!(seen.contains("left out by the row filter"), "{seen}");
    let taken = said(&app, &owner, &place, &format!("{}&{MORE}", whole("import"))).await;
    assert!(taken.header("location").starts_with("/sources?import="), "{}", taken.text);
    let saved = app.get(&owner, "/sources/mapping/scanner").await.text;
    assert!(saved.contains("Rows that count") && saved.contains("Words for nothing"), "{saved}");
    let plan = app.get(&owner, "/sources/mapping/scanner/1").await.json();
    let mapping = &plan["settings"]["mapping"];
    assert_eq!(mapping["item"], "{Regel}/{Rechner}");
    assert_eq!(mapping["fields"]["team"]["constant"], "Blau");
    assert_eq!(mapping["rows"], serde_json::json!([{"column": "Rechner", "not_in": ["web-02", "</textarea><b>"]}]));
    assert_eq!(plan["settings"]["null_words"], serde_json::json!(["keine"]));
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_imported_while_an_answer_is_missing() {
    let app = TestApp::new().await;
    let owner = app.owner().await;
    let place = drafted(&app, &owner, "befunde.csv", TABLE.as_bytes(), &[("source", "scanner")]).await;
    let import = |with: &str| format!("act=import&format=csv&source=scanner&{with}");
    for (words, missing) in [
        (format!("{ROLES}&{WORDS}&order=day_first"), "has no zone"),
        (format!("{ROLES}&{WORDS}&order=day_first&zone=Middle%2FEarth"), "is no zone"),
        (format!("{ROLES}&{WORDS}&zone=Europe%2FBerlin"), "can be read in two ways"),
        (format!("{TIMES}&column%3A0=asset&column%3A1=weakness"), "No column says when anything happened"),
        (format!("{TIMES}&column%3A5=detected&column%3A2=asset"), "Nothing names the item"),
        (
            format!("{ROLES}&{TIMES}&column%3A7=detected").replace("column%3A6=closed", "column%3A6=detected"),
            "both mean",
        ),
        // Names and places where times should be: settings that fit no row.
        (format!("{TIMES}&column%3A1=weakness&column%3A2=asset&column%3A3=detected"), "Not one event comes"),
    ] {
        let answer = said(&app, &owner, &place, &import(&words)).await;
        assert_eq!(answer.header("location"), format!("{place}#asked"), "{missing}");
        let page = app.get(&owner, &place).await;
        assert!(page.status == StatusCode::OK && page.text.contains(missing), "{missing}: {}", page.text);
    }
    let bad = said(&app, &owner, &place, &whole("import").replace("source=scanner", "source=Not+A+Name")).await;
    assert_eq!(bad.header("location"), format!("{place}#asked"));
    assert!(app.get(&owner, &place).await.text.contains("is no source"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_draft_is_for_its_own_people_and_for_a_day() {
    let app = TestApp::new().await;
    let (owner, analyst, viewer) =
        (app.owner().await, app.person(Role::Analyst).await, app.person(Role::BoardViewer).await);
    let place = drafted(&app, &owner, "befunde.csv", TABLE.as_bytes(), &[]).await;
    let page = app.get(&analyst, &place).await;
    assert_eq!(page.status, StatusCode::OK, "whoever may import");
    let (before, _) = page.text.split_once("value=\"discard\"").expect("a button to discard it");
    let fold = before.rfind("<details").unwrap();
    assert!(before[fold..].contains("forgotten at once"), "what follows is said before the button");
    assert_eq!(app.get(&viewer, &place).await.status, StatusCode::FORBIDDEN);
    assert_eq!(said(&app, &viewer, &place, &whole("import")).await.status, StatusCode::FORBIDDEN);
    for wrong in ["/sources/map/aaaaaaaaaaaaaaaaaaaaaaaa", "/sources/map/x", "/sources/map/%2e%2e%2fsecret"] {
        let status = app.get(&owner, wrong).await.status;
        assert!(matches!(status.as_u16(), 400 | 404), "{wrong} {status}");
    }
    assert_eq!(said(&app, &owner, "/sources/map/aaaaaaaaaaaaaaaaaaaaaaaa", &whole("preview")).await.status, 404);
    // A file of another organisation lies in the same folder.
    let folder = app.folder.path().join("spool/drafts");
    let json = std::fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path());
    let json = json.into_iter().find(|path| path.extension().is_some_and(|ending| ending == "json")).unwrap();
    let own = std::fs::read_to_string(&json).unwrap();
    std::fs::write(&json, own.replace("\"org\":1", "\"org\":2")).unwrap();
    assert_eq!(app.get(&owner, &place).await.status, StatusCode::NOT_FOUND);
    assert_eq!(said(&app, &owner, &place, "act=discard").await.status, StatusCode::NOT_FOUND);
    std::fs::write(&json, &own).unwrap();
    assert_eq!(app.get(&owner, &place).await.status, StatusCode::OK);
    app.clock.advance(86_400);
    let (owner, gone) = (app.sign_in("owner@example.test").await, StatusCode::NOT_FOUND);
    assert_eq!(app.get(&owner, &place).await.status, gone, "its day is over");
    let discarded = said(&app, &owner, &place, "act=discard").await;
    assert_eq!(discarded.status, gone);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_table_and_no_format_is_refused_as_before() {
    let app = TestApp::new().await;
    let owner = app.owner().await;
    for (name, bytes, code) in [
        ("empty.csv", b"".as_slice(), "empty_file"),
        ("blank.csv", b"\n\n".as_slice(), ""),
        ("letter.txt", b"Dear all\nplease find enclosed\n".as_slice(), "format_unknown"),
        ("picture.png", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR;a;b\n1;2;3\n".as_slice(), "format_unknown"),
    ] {
        let answer = app.ask(&owner, upload(name, bytes, &[])).await;
        assert!(answer.status.is_client_error(), "{name} {}", answer.status);
        assert!(code.is_empty() || answer.code() == code, "{name} {}", answer.code());
    }
    assert!(!app.get(&owner, "/sources").await.text.contains("Files that wait for a person"));
    let canonical = app.ask(&owner, upload("events.ndjson", EVENT.as_bytes(), &[])).await;
    assert!(canonical.header("location").starts_with("/sources?import="));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_older_encoding_is_asked_for_and_a_known_tool_is_shown_first() {
    let app = TestApp::new().await;
    let owner = app.owner().await;
    let text = TABLE.replace("Regel", "Prüfung");
    let latin = text.chars().map(|letter| u8::try_from(u32::from(letter)).unwrap());
    let place = drafted(&app, &owner, "alt.csv", &latin.collect::<Vec<_>>(), &[("source", "alt")]).await;
    let page = app.get(&owner, &place).await.text;
    assert!(page.contains("not UTF-8") || page.contains("not UTF\u{2011}8"), "{page}");
    let asked = format!("act=preview&format=csv&source=alt&encoding=windows-1252&{TIMES}");
    said(&app, &owner, &place, &asked).await;
    assert!(app.get(&owner, &place).await.text.contains("Prüfung"));
    let tenable = "Plugin ID,Vulnerability State,First Found,Last Found,Host,Severity\n7,Active,2026-03-01T10:00:00Z,2026-03-02T10:00:00Z,web-01,High\n";
    let place = drafted(&app, &owner, "known.csv", tenable.as_bytes(), &[]).await;
    let page = app.get(&owner, &place).await.text;
    assert!(page.contains("it looks like this") && page.contains("1 record become"), "{page}");
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_may_not_save_mappings_imports_without_saving() {
    let app = TestApp::new().await;
    let analyst = app.person(Role::Analyst).await;
    let place = drafted(&app, &analyst, "befunde.csv", TABLE.as_bytes(), &[("source", "scanner")]).await;
    said(&app, &analyst, &place, &whole("preview")).await;
    assert!(app.get(&analyst, &place).await.text.contains("your role does not save it"));
    let taken = said(&app, &analyst, &place, &whole("import")).await;
    assert!(taken.header("location").starts_with("/sources?import="));
    let next = app.ask(&analyst, upload("befunde.csv", TABLE.as_bytes(), &[("source", "scanner")])).await;
    assert!(next.header("location").starts_with("/sources/map/"), "nothing was saved");
}

#[tokio::test(flavor = "multi_thread")]
async fn so_many_files_wait_and_no_more() {
    let app = TestApp::new().await;
    let owner = app.owner().await;
    for number in 0..20 {
        drafted(&app, &owner, &format!("f{number}.csv"), TABLE.as_bytes(), &[]).await;
    }
    let refused = app.ask(&owner, upload("one_more.csv", TABLE.as_bytes(), &[])).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", refused.text);
    app.clock.advance(86_400);
    let owner = app.sign_in("owner@example.test").await;
    drafted(&app, &owner, "next_day.csv", TABLE.as_bytes(), &[]).await;
    let left = std::fs::read_dir(app.folder.path().join("spool/drafts")).unwrap().count();
    assert_eq!(left, 3, "the others were forgotten with their files and words");
}
