//! Does every number of a page open its explanation, and each count its list, with exactly as many?

use std::collections::BTreeSet;
use std::path::Path;

use axum::http::StatusCode;
use service::identity::scope::Scope;

use crate::support::{Asker, TestApp, post};

const ORGANISATION: &str = "../crates/service/tests/fixtures/conformance/org-small/events.jsonl.zst";
const VIEW: &str = "as_of=2026-07-01T00:00:00Z&observed_from=2025-07-01T00:00:00Z";

fn between<'a>(html: &'a str, from: &str, to: &str) -> Vec<&'a str> {
    html.split(from).skip(1).filter_map(|rest| rest.split(to).next()).collect()
}

/// The number that stands in a piece of a page: `1 402 items` is 1402.
fn number(html: &str) -> Option<u64> {
    let digits: String = html.chars().filter(char::is_ascii_digit).collect();
    digits.parse().ok()
}

fn plain(address: &str) -> String {
    address.replace("&amp;", "&")
}

/// A server that holds the small organisation, and somebody who reads its pages.
async fn read() -> (TestApp, Asker) {
    let app = TestApp::new().await;
    let token = app.token(&[Scope::WriteEvents]).await;
    let packed = std::fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join(ORGANISATION)).unwrap();
    let text = String::from_utf8(zstd::decode_all(packed.as_slice()).unwrap()).unwrap();
    let sent = app.ask(&token, post("/api/v1/events", "application/x-ndjson", text)).await;
    assert_eq!(sent.status, StatusCode::OK, "{}", sent.text);
    let owner = app.owner().await;
    (app, owner)
}

async fn page(app: &TestApp, reader: &Asker, path: &str) -> String {
    let answer = app.get(reader, path).await;
    assert_eq!(answer.status, StatusCode::OK, "{path}: {}", answer.text);
    answer.text
}

/// How many items a list says it has.
async fn listed(app: &TestApp, reader: &Asker, address: &str) -> u64 {
    let html = page(app, reader, address).await;
    let heading = between(&html, "<h1>", "</h1>").concat();
    if heading.contains("No item matches.") {
        return 0;
    }
    let count = heading.split(" item").next().unwrap();
    number(count.rsplit('>').next().unwrap()).unwrap()
}

/// Addresses of lists with the number that leads to each, wherever a whole number does.
fn counts(html: &str) -> Vec<(String, u64)> {
    // The value of a figure may be a whole number of days; its explanation says how many items stand behind it.
    let html = html.split("<p class=\"figure-value\">").enumerate().map(|(place, part)| match place {
        0 => part,
        _ => part.split_once("</p>").map_or("", |(_, rest)| rest),
    });
    let html = html.collect::<String>();
    let links = between(&html, "<a ", "</a>").into_iter().filter_map(|link| {
        let address = link.split("href=\"").nth(1)?.split('"').next()?;
        let words = link.split_once('>')?.1;
        let is_count = words
            .trim_end_matches(" items")
            .trim_end_matches(" item")
            .chars()
            .all(|letter| letter.is_ascii_digit() || letter == '\u{202f}');
        (address.starts_with("/items?") && is_count).then_some((plain(address), number(words)?))
    });
    links.collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn every_figure_opens_its_explanation_and_every_count_its_list() {
    let (app, reader) = read().await;
    let mut explanations = BTreeSet::new();
    let mut lists = BTreeSet::new();
    for (path, fewest) in [("/", 15), ("/clocks", 7), ("/items", 5), ("/sources", 2)] {
        let html = page(&app, &reader, &format!("{path}?{VIEW}")).await;
        for figure in between(&html, "<p class=\"figure-note\">", "</div>") {
            assert!(figure.contains("data-metric=\""), "{path}: a figure without explanation: {figure}");
        }
        for figure in between(&html, "<p class=\"figure-value\">", "</details>") {
            let (value, explanation) = figure.split_once("</p>").unwrap();
            let list = between(value, "href=\"", "\"").concat();
            let is_it = |link: &&str| link.contains("class=\"count\"") && link.contains(&format!("href=\"{list}\""));
            let links = between(explanation, "<a ", ">");
            assert!(links.iter().any(is_it), "{path}: {list} is not counted in {explanation}");
        }
        let pages: BTreeSet<String> = between(&html, "href=\"/explain/", "\"").into_iter().map(plain).collect();
        assert!(pages.len() >= fewest, "{path} explains {} numbers", pages.len());
        explanations.extend(pages);
        lists.extend(counts(&html));
    }
    for explanation in explanations {
        let html = page(&app, &reader, &format!("/explain/{explanation}")).await;
        assert!(html.contains("Known at") && html.contains("Version"), "{explanation}");
        lists.extend(counts(&html));
    }
    assert!(lists.len() > 30, "{}", lists.len());
    for (address, count) in lists {
        assert_eq!(listed(&app, &reader, &address).await, count, "{address}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_figure_nobody_knows_has_no_explanation() {
    let app = TestApp::new().await;
    let reader = app.owner().await;
    assert_eq!(app.get(&reader, "/explain/nothing").await.status, StatusCode::NOT_FOUND);
    let wrong = app.get(&reader, "/explain/sla_percent?severity=urgent").await;
    assert_eq!(wrong.status, StatusCode::BAD_REQUEST, "{}", wrong.text);
}
