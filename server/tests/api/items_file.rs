//! Is the file of the items page the list of the page, safe to open in a spreadsheet?

use service::identity::scope::Scope;

use crate::support::{Asker, TestApp, get, post};

const LINES: &str = r#"{"id":"f1","item_id":"=cmd|'/c calc'!A1","event":"detected","at":"2026-03-01T10:00:00Z","severity":"high","team":"Cloud"}
{"id":"f2","item_id":"+1 \"quoted\", with a comma","event":"detected","at":"2026-03-02T10:00:00Z","severity":"low","team":"Cloud"}
{"id":"f3","item_id":"plain","event":"detected","at":"2026-03-03T10:00:00Z","severity":"low","team":"@Network"}
"#;

async fn planted() -> (TestApp, Asker) {
    let app = TestApp::new().await;
    let sender = app.token(&[Scope::WriteEvents]).await;
    let sent = app.ask(&sender, post("/api/v1/events", "application/x-ndjson", LINES)).await;
    assert_eq!(sent.json()["accepted"], 3, "{}", sent.text);
    let owner = app.owner().await;
    (app, owner)
}

/// The cells of each line, read as a spreadsheet reads them.
pub(crate) fn cells(csv: &str) -> Vec<Vec<String>> {
    let (mut rows, mut row, mut cell, mut quoted) = (Vec::new(), Vec::new(), String::new(), false);
    let mut letters = csv.chars().peekable();
    while let Some(letter) = letters.next() {
        match letter {
            '"' if quoted && letters.peek() == Some(&'"') => {
                cell.push('"');
                letters.next();
            }
            '"' => quoted = !quoted,
            ',' if !quoted => row.push(std::mem::take(&mut cell)),
            '\n' if !quoted => {
                row.push(std::mem::take(&mut cell).trim_end_matches('\r').to_owned());
                rows.push(std::mem::take(&mut row));
            }
            other => cell.push(other),
        }
    }
    rows
}

#[tokio::test(flavor = "multi_thread")]
async fn no_cell_is_a_formula() {
    let (app, owner) = planted().await;
    let file = app.get(&owner, "/items.csv").await;
    assert_eq!(file.header("content-type"), "text/csv;charset=utf-8");
    assert_eq!(file.header("content-disposition"), "attachment; filename=\"items.csv\"");
    assert_eq!((file.header("x-wallclock-escaped"), file.header("cache-control")), ("1", "no-store"));
    let rows = cells(&file.text);
    assert_eq!(rows.len(), 1 + 3, "{}", file.text);
    let columns = rows[0].len();
    for row in &rows {
        assert_eq!(row.len(), columns, "{row:?}");
        for cell in row {
            let is_number = cell.parse::<f64>().is_ok();
            assert!(is_number || !cell.starts_with(['=', '+', '-', '@', '\t', '\r']), "`{cell}` in {row:?}");
        }
    }
    let all = rows.concat();
    for kept in ["'=cmd|'/c calc'!A1", "'+1 \"quoted\", with a comma", "'@Network", "plain"] {
        assert!(all.iter().any(|cell| cell == kept), "`{kept}` in {all:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_file_holds_what_the_page_counts() {
    let (app, owner) = planted().await;
    let token = app.token(&[Scope::ReadApi]).await;
    let filters =
        ["", "team=Cloud", "severity=low", "team=Cloud&severity=low", "team=Nobody", "state=open", "state=ended"];
    for (filter, wanted) in filters.into_iter().zip([3, 2, 2, 1, 0, 3, 0]) {
        let file = app.get(&owner, &format!("/items.csv?{filter}")).await;
        let api = app.get(&token, &format!("/api/v1/items?{filter}")).await;
        assert_eq!((cells(&file.text).len() - 1) as u64, wanted, "{filter}");
        assert_eq!(api.json()["basis"]["items"], wanted, "{filter}");
        let page = app.get(&owner, &format!("/items?{filter}")).await;
        let said = match wanted {
            0 => "No item matches.".to_owned(),
            1 => "1 item matches.".to_owned(),
            count if filter.is_empty() => format!("{count} items are known."),
            count => format!("{count} items match."),
        };
        assert!(page.text.contains(&said), "{filter}: {said}");
    }
    let second_page = app.get(&owner, "/items.csv?page=2").await;
    assert_eq!(cells(&second_page.text).len(), 1 + 3, "the file holds the whole list");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_filter_that_cannot_be_read_is_a_refusal() {
    let (app, owner) = planted().await;
    for filter in ["severity=urgent", "as_of=yesterday", "sort=colour"] {
        let answer = app.ask(&owner, get(&format!("/items.csv?{filter}"))).await;
        assert_eq!((answer.status.as_u16(), answer.code().as_str()), (422, "bad_parameter"), "{filter}");
    }
}
