//! What becomes of a spoiled export of a tool on its way through the server? The rows are data in
//! `server/tests/bad_input/exports.json`: what is spoiled, and which answer is right. How each format reads each spoiled
//! file is tested beside the formats; here it is what the server adds: statuses, problems, stored counts, pages.

use std::collections::BTreeMap;
use std::path::PathBuf;

use axum::http::StatusCode;
use serde::Deserialize;
use serde_json::{Value, json};
use service::identity::scope::Scope;

use crate::items_file::cells;
use crate::spoiled::Spoil;
use crate::support::{Answer, Asker, TestApp, get, post};

#[derive(Deserialize)]
struct Row {
    what: String,
    /// The name of the format.
    tool: String,
    /// A file that every test of formats knows to be good.
    good: String,
    /// What is said of its source, where it is not the usual.
    settings: Option<Value>,
    spoil: Vec<Spoil>,
    /// What a refusal says: its status and its code.
    refused: Option<(u16, String)>,
    /// What is held, by reason.
    #[serde(default)]
    held: BTreeMap<String, u64>,
    /// Events that are kept all the same, new or known.
    #[serde(default)]
    kept: u64,
    /// Texts in the problem, or in what is said of the held lines and of the import.
    says: Vec<String>,
}

fn good(name: &str) -> Option<Vec<u8>> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../crates/formats/tests/foreign/fixtures/good");
    std::fs::read(folder.join(name)).ok()
}

/// A file with the mapping it is read by.
fn sent(row: &Row) -> axum::http::Request<axum::body::Body> {
    let usual = || match good(&format!("{}.settings.json", row.tool)) {
        Some(text) => serde_json::from_slice(&text).unwrap(),
        None => json!({"zone": "Europe/Madrid", "dates": "day_first", "repeated": "first"}),
    };
    let mapping = json!({"format": row.tool, "settings": row.settings.clone().unwrap_or_else(usual)});
    let file = row.spoil.iter().fold(good(&row.good).unwrap(), |file, spoil| spoil.on(&file));
    let head = format!(
        "--b\r\ncontent-disposition: form-data; name=\"mapping\"\r\n\r\n{mapping}\r\n--b\r\n\
         content-disposition: form-data; name=\"file\"; filename=\"{}\"\r\n\r\n",
        row.good
    );
    let address = format!("/api/v1/imports?source={}", row.tool);
    post(&address, "multipart/form-data; boundary=b", [head.as_bytes(), &file, b"\r\n--b--\r\n"].concat())
}

fn number(of: &Value, name: &str) -> u64 {
    of[name].as_u64().unwrap_or_else(|| panic!("no `{name}` in {of}"))
}

const COUNTS: [&str; 4] = ["received", "accepted", "duplicate", "quarantined"];

/// One server with who asks it.
struct Desk {
    app: TestApp,
    program: Asker,
    received: u64,
}

impl Desk {
    async fn totals(&self) -> Value {
        self.app.get(&self.program, "/api/v1/quarantine").await.json()
    }

    /// What is wrong with the answer to a row.
    async fn wrong(&mut self, row: &Row) -> Vec<String> {
        let answer = self.app.ask(&self.program, sent(row)).await;
        let (wrong, said) = match &row.refused {
            Some(refused) => self.refused(&answer, refused).await,
            None => self.taken(row, &answer).await,
        };
        let missing = row.says.iter().filter(|words| !said.contains(*words));
        let missing = missing.map(|words| format!("says nothing of `{words}`: {said}"));
        wrong.into_iter().chain(missing).map(|wrong| format!("{}, {}: {wrong}", row.tool, row.what)).collect()
    }

    /// Nothing of a refused file is counted anywhere.
    async fn refused(&self, answer: &Answer, (status, code): &(u16, String)) -> (Vec<String>, String) {
        let mut wrong = Vec::new();
        if answer.status.as_u16() != *status || !answer.header("content-type").starts_with("application/problem+json") {
            let kind = answer.header("content-type");
            wrong.push(format!("expected {status} `{code}`, got {} {kind} {}", answer.status, answer.text));
        } else if answer.code() != *code {
            wrong.push(format!("expected `{code}`: {}", answer.text));
        }
        let received = number(&self.totals().await, "received");
        if received != self.received {
            wrong.push(format!("{received} received, expected {}", self.received));
        }
        (wrong, answer.text.clone())
    }

    /// What is counted adds up, is stored, and each held line says where and why.
    async fn taken(&mut self, row: &Row, answer: &Answer) -> (Vec<String>, String) {
        if answer.status != StatusCode::CREATED {
            return (vec![format!("expected 201, got {} {}", answer.status, answer.text)], String::new());
        }
        let import = answer.json();
        let [received, accepted, duplicate, quarantined] = COUNTS.map(|name| number(&import, name));
        self.received += received;
        let address = format!("/api/v1/imports/{}", number(&import, "import_id"));
        let stored = self.app.get(&self.program, &address).await.json();
        let list = format!("/api/v1/quarantine?import={}", number(&import, "import_id"));
        let held = self.app.get(&self.program, &list).await.json();
        let lines = held["lines"].as_array().cloned().unwrap_or_default();
        let mut reasons: BTreeMap<String, u64> = BTreeMap::new();
        for line in &lines {
            *reasons.entry(line["reason"].as_str().unwrap_or_default().to_owned()).or_default() += 1;
        }
        let mut wrong = Vec::new();
        let mut expect = |what: &str, is_right: bool| {
            if !is_right {
                wrong.push(format!("{what}: {} {held}", answer.text));
            }
        };
        expect("the counts do not add up", received == accepted + duplicate + quarantined);
        expect("another number of events is kept", accepted + duplicate == row.kept);
        expect("other lines are held", reasons == row.held && number(&held, "matching") == quarantined);
        expect("other counts are stored", COUNTS.iter().all(|name| stored[*name] == import[*name]));
        expect("a held line has no place", lines.iter().all(|line| line["line"].as_u64().is_some()));
        let all = number(&self.totals().await, "received");
        if all != self.received {
            wrong.push(format!("{all} received in all, expected {}", self.received));
        }
        (wrong, format!("{held} {}", stored["notes"]))
    }
}

async fn on(app: TestApp) {
    let program = app.token(&[Scope::WriteImports, Scope::ReadApi, Scope::WriteQuarantine]).await;
    let rows: Vec<Row> = serde_json::from_str(include_str!("../bad_input/exports.json")).unwrap();
    let mut desk = Desk { app, program, received: 0 };
    let mut wrong = Vec::new();
    for row in &rows {
        wrong.extend(desk.wrong(row).await);
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    pages(&desk.app).await;
}

/// What tools write stays text on every page that shows it, and is no formula in any file.
async fn pages(app: &TestApp) {
    let owner = app.owner().await;
    for path in ["/quality", "/quality?q=cmd", "/quality?q=script", "/imports", "/items?q=cmd", "/sources"] {
        let page = app.ask(&owner, get(path)).await;
        assert_eq!(page.status, StatusCode::OK, "{path}: {}", page.text);
        assert!(!page.text.contains("<script>alert"), "{path}: {}", page.text);
    }
    let mut kept = 0;
    for path in ["/quality.csv", "/items.csv"] {
        let file = app.ask(&owner, get(path)).await;
        assert_eq!(file.status, StatusCode::OK, "{path}: {}", file.text);
        let written = cells(&file.text).concat();
        let is_number = |cell: &str| cell.parse::<f64>().is_ok();
        let is_formula = |cell: &str| cell.starts_with(['=', '+', '-', '@', '\t', '\r']) && !is_number(cell);
        assert_eq!(written.iter().find(|cell| is_formula(cell)), None, "{path}");
        kept += written.iter().filter(|cell| cell.starts_with("'=cmd")).count();
    }
    assert!(kept > 0, "what began as a formula stands there as text");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_spoiled_export_says_where_and_why_and_loses_nothing() {
    on(TestApp::new().await).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn and_so_it_does_on_postgres() {
    on(TestApp::on_postgres().await).await;
}
