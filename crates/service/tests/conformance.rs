//! The analysis agrees with an independent implementation, vector by vector.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test may fail loudly")]

use domain::time::Timestamp;
use serde_json::Value;
use service::analyze::{ItemList, Options, analyze};
use std::{
    fs,
    path::{Path, PathBuf},
};

const RELATIVE: f64 = 1e-9;
const ABSOLUTE: f64 = 1e-12;

fn fixtures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/conformance")
}

fn read_json(path: &Path) -> Value {
    serde_json::from_slice(&fs::read(path).unwrap()).unwrap()
}

fn moment(case: &Value, key: &str) -> Option<Timestamp> {
    case[key].as_str().map(|text| Timestamp::parse(text).unwrap())
}

fn options(case: &Value, items: ItemList) -> Options {
    let text = |key: &str| (!case[key].is_null()).then(|| case[key].to_string());
    Options {
        as_of: moment(case, "as_of").unwrap(),
        observed_from: moment(case, "observed_from").unwrap(),
        known_at: moment(case, "known_at"),
        policy: text("policy"),
        playbook: text("playbook"),
        tau_days: case["tau_days"].as_i64(),
        items,
    }
}

/// Where `got` differs from `want`: whole numbers exactly, others within the tolerance, objects key by key.
fn differences(want: &Value, got: &Value, path: &str, found: &mut Vec<String>) {
    let agree = match (want, got) {
        (Value::Object(want), Value::Object(got)) => {
            for (key, value) in want {
                differences(value, got.get(key).unwrap_or(&Value::Null), &format!("{path}.{key}"), found);
            }
            found.extend(
                got.keys().filter(|key| !want.contains_key(*key)).map(|key| format!("{path}.{key}: not expected")),
            );
            return;
        }
        (Value::Array(want), Value::Array(got)) if want.len() == got.len() => {
            for (place, (want, got)) in want.iter().zip(got).enumerate() {
                differences(want, got, &format!("{path}[{place}]"), found);
            }
            return;
        }
        (Value::Number(number), got) if number.is_f64() => {
            let (want, got) = (number.as_f64().unwrap(), got.as_f64().unwrap_or(f64::NAN));
            (want - got).abs() <= ABSOLUTE.max(RELATIVE * want.abs().max(got.abs()))
        }
        (Value::Number(number), got) => got.as_f64() == number.as_f64(),
        (want, got) => want == got,
    };
    if !agree {
        found.push(format!("{path}: expected {want}, got {got}"));
    }
}

fn complain(name: &str, found: &[String]) -> Option<String> {
    let shown: Vec<_> = found.iter().take(8).cloned().collect();
    (!found.is_empty()).then(|| format!("{name}\n  {}", shown.join("\n  ")))
}

fn lines_of(case: &Value) -> Vec<String> {
    let line = |event: &Value| event.as_str().map_or_else(|| event.to_string(), str::to_owned);
    case["events"].as_array().unwrap().iter().map(line).collect()
}

fn micro_cases() -> Vec<(String, Value)> {
    let mut paths: Vec<PathBuf> =
        fs::read_dir(fixtures().join("micro")).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    paths.iter().map(|path| (path.file_stem().unwrap().to_string_lossy().into_owned(), read_json(path))).collect()
}

#[test]
fn every_small_case_agrees_in_every_section() {
    let cases = micro_cases();
    assert_eq!(cases.len(), 142);
    let mut complaints = Vec::new();
    for (name, case) in &cases {
        let got = analyze(lines_of(case), &options(case, ItemList::Printed)).unwrap();
        let mut found = Vec::new();
        for (section, want) in case["expected"].as_object().unwrap() {
            differences(want, &got[section], section, &mut found);
        }
        complaints.extend(complain(name, &found));
    }
    assert!(complaints.is_empty(), "{}", complaints.join("\n"));
}

/// The events of an organisation, in the order they arrived.
fn feed(name: &str) -> Vec<u8> {
    let packed = fs::read(fixtures().join(name).join("events.jsonl.zst")).unwrap();
    zstd::decode_all(packed.as_slice()).unwrap()
}

fn check_organisation(name: &str) {
    let case = read_json(&fixtures().join(name).join("case.json"));
    let want = read_json(&fixtures().join(name).join("expected.json"));
    let feed = feed(name);
    let got = analyze(feed.split(|byte| *byte == b'\n'), &options(&case, ItemList::LeftOut)).unwrap();
    let mut found = Vec::new();
    differences(&want, &got, "$", &mut found);
    assert_eq!(complain(name, &found), None);
}

#[test]
fn the_small_organisation_agrees() {
    check_organisation("org-small");
}

#[test]
fn the_medium_organisation_agrees() {
    check_organisation("org-medium");
}

#[test]
fn the_honest_organisation_agrees() {
    check_organisation("org-honest");
}

/// On the honest organisation the truth is known: times to fix with a half-life of 40 days.
#[test]
fn the_interval_of_the_median_holds_the_truth_where_it_is_known() {
    let case = read_json(&fixtures().join("org-honest/case.json"));
    let feed = feed("org-honest");
    let got = analyze(feed.split(|byte| *byte == b'\n'), &options(&case, ItemList::LeftOut)).unwrap();
    let interval = &got["wall"]["strict"]["median_ci_days"];
    assert!(interval[0].as_f64().unwrap() < 40.0 && 40.0 < interval[1].as_f64().unwrap(), "{interval}");
}

/// A comparison that cannot fail would prove nothing.
#[test]
fn the_comparison_notices_what_differs() {
    let differ = |want: &str, got: &str| {
        let mut found = Vec::new();
        differences(&serde_json::from_str(want).unwrap(), &serde_json::from_str(got).unwrap(), "$", &mut found);
        !found.is_empty()
    };
    for (want, got) in
        [("1", "2"), ("1.0", "1.00000001"), ("null", "0"), ("0", "null"), ("[1]", "[1,2]"), ("{}", "{\"a\":1}")]
    {
        assert!(differ(want, got), "{want} against {got}");
    }
    for (want, got) in [("1", "1"), ("1.0", "1.0000000000001"), ("1", "1.0"), ("[null]", "[null]")] {
        assert!(!differ(want, got), "{want} against {got}");
    }
}

/// One analysis of the lines as they came, one of them backwards, and one of them twice.
fn check_any_order(name: &str, lines: &[String], wanted: &Options) {
    let once = analyze(lines, wanted).unwrap();
    let mut backwards: Vec<&String> = lines.iter().rev().collect();
    assert_eq!(analyze(&backwards, wanted).unwrap(), once, "{name} backwards");
    backwards.extend(lines);
    let mut twice = analyze(&backwards, wanted).unwrap();
    for key in ["duplicate_dropped", "quarantined_bad_line"] {
        let flags = twice["flags"].as_object_mut().unwrap();
        match once["flags"].get(key).cloned() {
            Some(count) => flags.insert(key.to_owned(), count),
            None => flags.remove(key),
        };
    }
    assert_eq!(twice, once, "{name} twice");
}

/// Shuffled and repeated lines give the same analysis, but for the count of what was repeated.
#[test]
fn order_and_repetition_of_lines_change_nothing_but_their_count() {
    // Every calendar is laid out anew for each analysis, so a part of the cases stands for all.
    for (name, case) in micro_cases().into_iter().step_by(5) {
        check_any_order(&name, &lines_of(&case), &options(&case, ItemList::Printed));
    }
    let case = read_json(&fixtures().join("org-small/case.json"));
    let text = String::from_utf8(feed("org-small")).unwrap();
    let lines: Vec<String> = text.lines().map(str::to_owned).collect();
    check_any_order("org-small", &lines, &options(&case, ItemList::Printed));
}
