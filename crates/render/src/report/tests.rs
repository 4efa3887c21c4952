//! The board report, made and read back: what it says, what it refuses to run, and that it is the same twice.

use std::collections::BTreeSet;

use super::reading::pages_of;
use super::{Chart, Model, ReportError, Table, pdf};
use board::{empty, message, sample, wall_table, words};

#[path = "../../tests/support/board.rs"]
mod board;

/// Lines and numbers are laid out in pieces, so words are compared without what lies between them.
fn without_spaces(text: &str) -> String {
    text.chars().filter(|letter| !letter.is_whitespace()).collect()
}

#[test]
fn the_memo_fits_one_page_and_says_every_number_once() {
    let pages = pages_of(&sample());
    assert_eq!(pages.len(), 1, "{} pages", pages.len());
    let page = without_spaces(pages.first().unwrap());
    for said in [
        "96.7 %",
        "14.2 %",
        "82.5 points",
        "197 days",
        "135 (126–145)",
        "206 496 days",
        "9f2c4e81d07a",
        "R-2026-0007",
        "sample",
    ] {
        assert!(page.contains(&without_spaces(said)), "`{said}` is not on the page: {page}");
    }
    assert!(!page.contains("9f2c4e81d07ab"), "the footer prints twelve digits of the hash");
}

#[test]
fn the_memo_stays_on_one_page_with_names_nobody_thought_of() {
    let wide = "W".repeat(400);
    for name in [wide.as_str(), &"Verein zur Förderung ".repeat(40), &"漢字🦀\u{202e}".repeat(60)] {
        let long = Model {
            organisation: name.to_owned(),
            title: format!("Board report, {name}"),
            classification: name.to_owned(),
            ..sample()
        };
        let pages = pages_of(&long);
        assert_eq!(pages.len(), 1, "{name}");
        assert!(pages.concat().contains('…'), "what is cut is marked: {name}");
    }
}

#[test]
fn the_pdf_names_both_standards_its_title_and_its_language() {
    let bytes = pdf(&sample()).unwrap();
    let text = String::from_utf8_lossy(&bytes);
    assert!(bytes.starts_with(b"%PDF-1.7"));
    for mark in [
        "<pdfaid:part>2",
        "<pdfaid:conformance>A",
        "<pdfuaid:part>1",
        "Board report, Aldergate Mutual",
        "2026-07-02T08:30:00",
    ] {
        assert!(text.contains(mark), "`{mark}` is not in the metadata");
    }
    assert!(text.contains("/MarkInfo") && text.contains("/StructTreeRoot"));
    for active in ["/JavaScript", "/Launch", "/OpenAction", "/EmbeddedFile", "/URI", "/SubmitForm"] {
        assert!(!text.contains(active), "{active}");
    }
}

#[test]
fn the_same_model_gives_the_same_bytes() {
    assert_eq!(pdf(&sample()).unwrap(), pdf(&sample()).unwrap());
}

#[test]
fn a_model_survives_the_way_through_json() {
    let text = serde_json::to_string(&sample()).unwrap();
    assert_eq!(serde_json::from_str::<Model>(&text).unwrap(), sample());
}

#[test]
fn an_empty_organisation_gets_one_page_that_says_what_is_missing() {
    let pages = pages_of(&empty());
    assert_eq!(pages.len(), 1);
    let page = pages.first().unwrap();
    assert!(page.contains("no events have arrived") && page.contains("no SLA record"), "{page}");
    assert!(page.contains("draft") && !page.contains("9f2c4e81"), "a draft has no hash: {page}");
    assert!(pdf(&empty()).is_ok());
}

#[test]
fn a_figure_without_evidence_is_said_in_words() {
    let mut model = sample();
    let pair = model.pair.as_mut().unwrap();
    pair.practice.share = None;
    pair.practice.value = "no evidence".to_owned();
    assert!(pages_of(&model).concat().contains("no evidence"));
    assert!(pdf(&model).is_ok());
}

#[test]
fn hostile_texts_come_out_as_text() {
    let hostile = [
        r#"#read("/etc/passwd")"#,
        r#"#import "@preview/x:1.0.0": *"#,
        "$ sum_(i=0)^n $",
        "= heading *bold* _it_ `raw` <label> @ref \\ // comment",
        "#{while true {}}",
        "\u{202e}\u{2066}gnp.exe",
        "漢字 🦀 مرحبا \u{0}\u{7}\u{1b}[2J",
    ];
    for text in hostile {
        let mut model = sample();
        model.organisation = text.to_owned();
        model.verdict = text.to_owned();
        model.report_id = text.to_owned();
        model.messages = vec![message(text, text)];
        model.tables = vec![Table { header: words([text, text]), rows: vec![words([text, text])], ..wall_table() }];
        model.missing = vec![text.to_owned()];
        model.charts.iter_mut().for_each(|chart| chart.alt = text.to_owned());
        let page = pages_of(&model).concat().replace(' ', "");
        let wanted: String = text.chars().filter(|letter| letter.is_ascii_graphic()).collect();
        let plain: String = page.chars().filter(|letter| letter.is_ascii_graphic()).collect();
        assert!(plain.contains(&wanted), "`{text}` became {plain}");
        assert!(!page.contains("root:x:"));
        pdf(&model).unwrap();
    }
}

#[test]
fn a_million_letters_are_cut_with_a_mark() {
    let mut model = sample();
    model.messages = vec![message("long", &"a".repeat(1_000_000))];
    let text = pages_of(&model).concat();
    assert!(text.contains('…'));
    assert!(text.len() < 20_000, "{} letters", text.len());
    pdf(&model).unwrap();
}

#[test]
fn a_chart_that_is_no_svg_is_an_error_and_the_next_report_succeeds() {
    let mut model = sample();
    model.charts.iter_mut().for_each(|chart| chart.svg = "<svg".to_owned());
    assert!(matches!(pdf(&model), Err(ReportError::Typeset(_))));
    assert!(pdf(&sample()).is_ok());
}

#[test]
fn a_model_of_another_layout_is_refused() {
    let model = Model { schema: 99, ..sample() };
    assert_eq!(pdf(&model), Err(ReportError::Schema(99)));
}

#[test]
fn every_chart_has_its_own_spoken_text() {
    let mut model = sample();
    let second = Chart { alt: "Another one".to_owned(), ..model.charts.first().unwrap().clone() };
    model.charts.push(second);
    let alts: BTreeSet<&str> = model.charts.iter().map(|chart| chart.alt.as_str()).collect();
    assert_eq!(alts.len(), model.charts.len());
    assert!(alts.iter().all(|alt| !alt.is_empty()));
    assert!(pdf(&model).is_ok());
}

#[test]
fn a_drawing_cannot_pull_in_a_file() {
    let picture = |address: &str| {
        format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 9 9\"><image href=\"{address}\" width=\"9\" \
             height=\"9\"/><text x=\"0\" y=\"9\">still here</text></svg>"
        )
    };
    for address in ["/etc/hostname.png", "file:///etc/passwd", "../../secret.svg", "http://127.0.0.1:9/x.png"] {
        let mut model = sample();
        model.charts.iter_mut().for_each(|chart| chart.svg = picture(address));
        if let Ok(bytes) = pdf(&model) {
            assert!(!String::from_utf8_lossy(&bytes).contains("root:x:"));
        }
    }
    assert!(pdf(&sample()).is_ok());
}

#[test]
fn a_drawing_and_a_table_without_end_are_refused_or_cut() {
    let mut model = sample();
    model.charts.iter_mut().for_each(|chart| chart.svg = "x".repeat(2 << 20));
    assert_eq!(pdf(&model), Err(ReportError::DrawingTooLarge(2 << 20)));
    let mut model = sample();
    model.tables.iter_mut().for_each(|table| table.rows = vec![words(["a", "b", "c"]); 5_000]);
    assert!(pages_of(&model).len() < 5);
}
