//! Does the file say what the rows say, and can a spreadsheet run nothing of it?

use crate::support::{Cell, Items, day};
use domain::{event::ItemEvent, event_name::EventName, view::Verification};
use proptest::prelude::*;
use server::{export::csv::formula_safe, odata::COLUMNS};

/// A strict reader: CRLF, commas, quotes doubled; an unquoted nothing is a null.
fn read(text: &str) -> Vec<Vec<Option<String>>> {
    let mut lines = vec![Vec::new()];
    let mut rest = text;
    while !rest.is_empty() {
        let (cell, after) = match rest.strip_prefix('"') {
            None => (None, rest),
            Some(inside) => {
                let doubled = inside.replace("\"\"", "\u{1}\u{1}");
                let end = doubled.find('"').unwrap();
                (Some(inside[..end].replace("\"\"", "\"")), &inside[end + 1..])
            }
        };
        lines.last_mut().unwrap().push(cell);
        rest = match after.strip_prefix("\r\n") {
            Some(next) => {
                lines.push(Vec::new());
                next
            }
            None => after.strip_prefix(',').unwrap(),
        };
    }
    lines.pop();
    lines
}

#[test]
fn the_file_has_a_line_a_row_and_a_cell_a_column() {
    let items = Items::sample(27);
    let csv = items.csv(day(200));
    assert!(csv.escaped, "one of the ids starts like a formula");
    let lines = read(&csv.text);
    assert_eq!(lines.len(), 28);
    let names: Vec<_> = lines[0].iter().map(|name| name.clone().unwrap()).collect();
    assert_eq!(names, COLUMNS.iter().map(|column| column.name).collect::<Vec<_>>());
    let client = crate::support::Client::of(items);
    for line in &lines[1..] {
        let key: i64 = line[0].as_ref().unwrap().parse().unwrap();
        let row = &client.cells(Verification::Strict)[&key];
        for (name, cell) in names.iter().zip(line) {
            let expected = match &row[name.as_str()] {
                Cell::Null => None,
                Cell::Boolean(it) => Some(it.to_string()),
                Cell::Number(it) if name == "wall_days" => Some(serde_json::Value::from(*it).to_string()),
                Cell::Number(it) => Some(it.to_string()),
                Cell::Text(it) => Some(formula_safe(it).into_owned()),
            };
            assert_eq!(*cell, expected, "{name}");
        }
    }
}

#[test]
fn a_file_without_formulas_does_not_claim_to_have_escaped_any() {
    let mut items = Items::empty();
    items.add(1, "CVE-2026-0001", vec![ItemEvent::bare(EventName::Detected, day(0))]);
    assert!(!items.csv(day(1)).escaped);
    assert_eq!(read(&Items::empty().csv(day(1)).text).len(), 1, "the header alone");
}

proptest! {
    #[test]
    fn no_text_starts_like_a_formula_and_each_comes_back(id in "[=+@\t\r\n\0＝＋－＠'\"a,-]{1,12}") {
        let mut items = Items::empty();
        items.add(1, &id, vec![ItemEvent::bare(EventName::Detected, day(0))]);
        let csv = items.csv(day(1));
        let cell = read(&csv.text)[1][1].clone().unwrap();
        prop_assert!(!cell.starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '\0', '＝', '＋', '－', '＠']));
        let back = if csv.escaped { cell.strip_prefix('\'').unwrap() } else { &cell };
        prop_assert_eq!(back, id);
    }
}
