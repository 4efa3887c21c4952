//! Does a filter leave exactly the rows that a plain reading of it leaves?

use crate::support::{Cell, Client, quoted};
use domain::view::Verification;
use proptest::{prelude::*, sample::select};
use std::{collections::BTreeMap, sync::LazyLock};

static CLIENT: LazyLock<Client> = LazyLock::new(|| Client::sample(72));
type Row = BTreeMap<&'static str, Cell>;
static CELLS: LazyLock<BTreeMap<i64, Row>> = LazyLock::new(|| CLIENT.cells(Verification::Strict));

/// A filter, as a second implementation reads it.
#[derive(Clone, Debug)]
enum Plain {
    Compare(&'static str, &'static str, Cell),
    Reversed(Cell, &'static str, &'static str),
    In(&'static str, Vec<Cell>),
    Text(&'static str, &'static str, String),
    True(&'static str),
    And(Vec<Plain>),
    Or(Vec<Plain>),
    Not(Box<Plain>),
}

impl Plain {
    /// The text of the filter; a condition binds more than `and`, `and` more than `or`.
    fn text(&self) -> String {
        match self {
            Self::Compare(column, operator, cell) => format!("{column} {operator} {}", literal(column, cell)),
            Self::Reversed(cell, operator, column) => format!("{} {operator} {column}", literal(column, cell)),
            Self::In(column, cells) => {
                let cells: Vec<_> = cells.iter().map(|cell| literal(column, cell)).collect();
                format!("{column} in ({})", cells.join(", "))
            }
            Self::Text(function, column, part) => format!("{function}({column},{})", quoted(part)),
            Self::True(column) => (*column).to_owned(),
            Self::And(parts) => joined(parts, " and "),
            Self::Or(parts) => joined(parts, " OR "),
            Self::Not(part) => format!("not ({})", part.text()),
        }
    }

    /// True, false or unknown.
    fn holds(&self, row: &Row) -> Option<bool> {
        match self {
            Self::Compare(column, operator, cell) => Some(compare(operator, &row[column], cell)),
            Self::Reversed(cell, operator, column) => Some(compare(operator, cell, &row[column])),
            Self::In(column, cells) => Some(cells.contains(&row[column])),
            Self::Text(function, column, part) => {
                let Cell::Text(text) = &row[column] else { return None };
                Some(match *function {
                    "contains" => text.contains(part),
                    "startswith" => text.starts_with(part),
                    _ => text.ends_with(part),
                })
            }
            Self::True(column) => match row[column] {
                Cell::Boolean(it) => Some(it),
                Cell::Null | Cell::Number(_) | Cell::Text(_) => None,
            },
            Self::And(parts) => {
                let known: Vec<_> = parts.iter().map(|part| part.holds(row)).collect();
                if known.contains(&Some(false)) {
                    Some(false)
                } else if known.contains(&None) {
                    None
                } else {
                    Some(true)
                }
            }
            Self::Or(parts) => {
                let known: Vec<_> = parts.iter().map(|part| part.holds(row)).collect();
                if known.contains(&Some(true)) {
                    Some(true)
                } else if known.contains(&None) {
                    None
                } else {
                    Some(false)
                }
            }
            Self::Not(part) => part.holds(row).map(|it| !it),
        }
    }
}

fn joined(parts: &[Plain], word: &str) -> String {
    let texts: Vec<_> = parts
        .iter()
        .map(|part| if matches!(part, Plain::Or(_)) { format!("({})", part.text()) } else { part.text() })
        .collect();
    texts.join(word)
}

fn compare(operator: &str, left: &Cell, right: &Cell) -> bool {
    let known = *left != Cell::Null && *right != Cell::Null;
    match operator.to_ascii_lowercase().as_str() {
        "eq" => left == right,
        "ne" => left != right,
        "gt" => known && left > right,
        "ge" => known && left >= right,
        "lt" => known && left < right,
        _ => known && left <= right,
    }
}

fn literal(column: &str, cell: &Cell) -> String {
    let is_time =
        column.ends_with("_at") || column.ends_with("_date") || column.ends_with("_due") || column == "origin";
    match cell {
        Cell::Null => "null".to_owned(),
        Cell::Boolean(it) => it.to_string(),
        Cell::Number(it) => it.to_string(),
        Cell::Text(it) if is_time => it.clone(),
        Cell::Text(it) => quoted(it),
    }
}

const NAMES: [&str; 18] = [
    "item_key",
    "item_id",
    "kind",
    "severity",
    "team",
    "asset_class",
    "origin",
    "origin_date",
    "origin_imputed",
    "ended_at",
    "end_cause",
    "state",
    "wall_seconds",
    "wall_days",
    "sla_seconds_last",
    "promised_due",
    "past_promised",
    "kev_due",
];
const TEXTS: [&str; 5] = ["item_id", "severity", "team", "state", "source"];

/// A column and a value that some row has in it, so that equality is not rare.
fn column_and_cell() -> impl Strategy<Value = (&'static str, Cell)> {
    (select(NAMES.to_vec()), 1..=72_i64).prop_map(|(name, key)| (name, CELLS[&key][name].clone()))
}

/// A piece of a text that some row has.
fn part_of_text() -> impl Strategy<Value = (&'static str, String)> {
    (select(TEXTS.to_vec()), 1..=72_i64, 0..6_usize, 0..4_usize).prop_map(|(name, key, from, length)| {
        let Cell::Text(text) = &CELLS[&key][name] else {
            return (name, String::new());
        };
        (name, text.chars().skip(from).take(length).collect())
    })
}

fn condition() -> impl Strategy<Value = Plain> {
    let operator = || select(vec!["eq", "ne", "gt", "ge", "lt", "le", "EQ", "Ge"]);
    prop_oneof![
        4 => (column_and_cell(), operator()).prop_map(|((name, cell), operator)| Plain::Compare(name, operator, cell)),
        1 => (column_and_cell(), operator()).prop_map(|((name, cell), operator)| Plain::Reversed(cell, operator, name)),
        1 => (select(NAMES.to_vec()), prop::collection::vec(1..=72_i64, 0..6)).prop_map(|(name, keys)| {
            Plain::In(name, keys.into_iter().map(|key| CELLS[&key][name].clone()).collect())
        }),
        2 => (select(vec!["contains", "startswith", "endswith"]), part_of_text())
            .prop_map(|(function, (name, part))| Plain::Text(function, name, part)),
        1 => select(vec!["touched", "origin_imputed", "past_promised"]).prop_map(Plain::True),
    ]
}

fn filter() -> impl Strategy<Value = Plain> {
    condition().prop_recursive(4, 24, 3, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 2..4).prop_map(Plain::And),
            prop::collection::vec(inner.clone(), 2..4).prop_map(Plain::Or),
            inner.prop_map(|part| Plain::Not(Box::new(part))),
        ]
    })
}

fn expected(filter: &Plain) -> Vec<i64> {
    let rows = CELLS.iter().filter(|(_, row)| filter.holds(row) == Some(true));
    rows.map(|(key, _)| *key).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn a_filter_leaves_what_a_plain_reading_leaves(filter in filter()) {
        let text = filter.text();
        prop_assert_eq!(CLIENT.keys_where(&text), expected(&filter), "{}", text);
    }

    #[test]
    fn text_from_anywhere_equals_itself_and_nothing_else(text in any::<String>()) {
        let hostile = format!("item_id eq {} or item_id eq 'CVE-2026-0000@host-0'", quoted(&text));
        let found = CLIENT.keys_where(&hostile);
        let rows = CELLS.iter().filter(|(_, row)| {
            row["item_id"] == Cell::Text(text.clone()) || row["item_id"] == Cell::Text("CVE-2026-0000@host-0".to_owned())
        });
        prop_assert_eq!(found, rows.map(|(key, _)| *key).collect::<Vec<_>>());
    }

    #[test]
    fn whatever_is_written_is_answered_or_refused(text in "[a-z_ ()',0-9:.TZ$@/-]{0,60}") {
        let answer = CLIENT.get(&format!("/odata/v4/Items?$top=1&$filter={}", crate::support::encoded(&text)));
        prop_assert!(matches!(answer.status.as_u16(), 200 | 400 | 422 | 501), "{}: {}", text, answer.body);
    }
}

#[test]
fn each_id_however_hostile_finds_its_own_row() {
    for (key, row) in CELLS.iter() {
        let Cell::Text(id) = &row["item_id"] else { panic!("an id is text") };
        assert_eq!(CLIENT.keys_where(&format!("item_id eq {}", quoted(id))), [*key], "{id}");
    }
}

#[test]
fn aliases_stand_for_literals_and_never_for_more() {
    let count = |query: &str| CLIENT.get(&format!("/odata/v4/Items/$count?{query}")).body;
    assert_eq!(count("$filter=severity%20eq%20@s&@s=%27high%27"), count("$filter=severity%20eq%20%27high%27"));
    assert_eq!(
        count("$filter=severity%20in%20(@a,@b)&@a=%27high%27&@b=%27low%27"),
        count("$filter=severity%20in%20(%27high%27,%27low%27)")
    );
    assert_eq!(count("$filter=team%20eq%20@nobody"), count("$filter=team%20eq%20null"));
    assert_eq!(CLIENT.refusal("/odata/v4/Items?$filter=touched%20eq%20@x&@x=true%20or%20true").0, 400);
}

#[test]
fn moments_are_compared_as_moments_in_whatever_zone() {
    let whole = CLIENT.keys_where("origin ge 2026-02-01T00:00:00Z");
    assert!(!whole.is_empty());
    for moment in [
        "2026-02-01T01:00:00+01:00",
        "2026-01-31T19:30:00-04:30",
        "2026-02-01T00:00Z",
        "2026-02-01T00:00:00.000z",
        "'2026-02-01T00:00:00Z'",
    ] {
        assert_eq!(CLIENT.keys_where(&format!("origin ge {moment}")), whole, "{moment}");
    }
    let unencoded = CLIENT.page("/odata/v4/Items?$filter=origin+ge+2026-02-01T01:00:00+01:00");
    assert_eq!(crate::support::keys(&unencoded), whole, "a plus that nobody encoded");
    let Cell::Text(origin) = &CELLS[&1]["origin"] else { panic!("an origin is known") };
    assert!(CLIENT.keys_where(&format!("origin eq {origin}")).contains(&1));
    let finer = origin.replace('Z', ".5Z");
    assert!(!CLIENT.keys_where(&format!("origin ge {finer}")).contains(&1), "half a second later");
    assert!(CLIENT.keys_where(&format!("origin lt {finer}")).contains(&1));
}

#[test]
fn functions_and_arithmetic_mean_what_they_say() {
    let same = |left: &str, right: &str| {
        let keys = CLIENT.keys_where(left);
        assert!(!keys.is_empty(), "{left}");
        assert_eq!(keys, CLIENT.keys_where(right), "{left}");
    };
    same(
        "tolower(item_id) eq 'cve-2026-0000@host-0' or toupper(severity) eq 'HIGH'",
        "item_id eq 'CVE-2026-0000@host-0' or severity eq 'high'",
    );
    same("length(severity) eq 3", "severity eq 'low'");
    same("indexof(severity,'i') eq 1", "severity eq 'high'");
    same("substring(severity,1,2) eq 'ow'", "severity eq 'low'");
    same("trim(substring(team,4)) eq '2'", "team eq 'team 2'");
    same("year(origin) eq 2026 and month(origin_date) eq 2", "origin_date ge 2026-02-01 and origin_date lt 2026-03-01");
    same("date(origin) eq 2026-01-10", "origin_date eq 2026-01-10");
    same(
        "day(origin) eq 10 and hour(origin) ge 0 and minute(origin) le 59 and second(origin) lt 60",
        "day(origin_date) eq 10",
    );
    same("origin lt now()", "item_key gt 0");
    same("item_key mul 2 add 1 eq 7", "item_key eq 3");
    same("item_key sub 3 eq -1", "item_key eq 2");
    same("item_key mod 5 eq 0 and item_key div 10 eq 1", "item_key in (10,15)");
    same("item_key divby 4 eq 0.5", "item_key eq 2");
    same("-item_key lt -70", "item_key gt 70");
    same("floor(wall_days) le wall_days and ceiling(wall_days) ge wall_days", "item_key gt 0");
    same("round(item_key divby 2) eq 3", "item_key in (5,6)");
    assert_eq!(
        CLIENT.keys_where("item_key div 0 eq 1 or item_key mul 9223372036854775807 gt 0"),
        [1],
        "what cannot be written is unknown"
    );
}

#[test]
fn and_binds_more_than_or_and_not_takes_a_whole_condition() {
    let keys = CLIENT.keys_where("item_key eq 1 or item_key eq 2 and item_key eq 3");
    assert_eq!(keys, [1]);
    assert_eq!(CLIENT.keys_where("(item_key eq 1 or item_key eq 2) and item_key eq 2"), [2]);
    assert_eq!(CLIENT.keys_where("not item_key ge 3"), [1, 2]);
    assert_eq!(CLIENT.keys_where("not contains(team,'team')"), [] as [i64; 0], "an unknown team does not become known");
}
