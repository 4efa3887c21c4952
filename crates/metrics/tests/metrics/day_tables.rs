//! The arithmetic of life tables against reference tables by whole days: corrections, parts that merge, a later end of
//! the view, and every curve that follows. No figure of the product is on whole days.

use crate::vectors::{close, read};
use domain::fact::Cause;
use metrics::{
    level::Level,
    survival::{
        curve::Curve,
        tally::{Sign, Spell, Tally},
    },
};
use serde_json::Value;

fn file() -> Value {
    read(include_str!("../fixtures/conformance/daygrid.json"))
}

fn whole(value: &Value) -> i64 {
    value.as_i64().unwrap()
}

fn list(value: &Value) -> &Vec<Value> {
    value.as_array().unwrap()
}

fn cause(value: &Value) -> Cause {
    let known = [Cause::Fixed, Cause::Accepted, Cause::Decommissioned, Cause::FalsePositive];
    known.into_iter().find(|cause| cause.as_str() == value.as_str().unwrap()).unwrap()
}

/// One telling of a fact; days of start and end become an age of at least one.
fn told(fact: &Value) -> (Spell, Sign) {
    let start = whole(&fact["origin_day"]);
    let end = fact["end_day"].as_i64().map(|day| ((day - start).max(1), cause(&fact["cause"])));
    let sign = if whole(&fact["sign"]) > 0 { Sign::Told } else { Sign::TakenBack };
    (Spell { start, entry: whole(&fact["entry_age"]), end }, sign)
}

fn tally_of<'a>(facts: impl IntoIterator<Item = &'a Value>) -> Tally {
    let mut tally = Tally::default();
    for fact in facts {
        let (spell, sign) = told(fact);
        tally.add(&spell, sign);
    }
    tally
}

fn assert_table(tally: &Tally, want: &Value) {
    let resolved: Vec<_> = tally.resolved().collect();
    let told: Vec<_> =
        list(&want["resolved"]).iter().map(|row| (whole(&row[0]), cause(&row[1]), whole(&row[2]))).collect();
    assert_eq!(sorted(resolved), sorted(told));
    let pairs =
        |rows: &Value| -> Vec<(i64, i64)> { list(rows).iter().map(|row| (whole(&row[0]), whole(&row[1]))).collect() };
    assert_eq!(tally.open().collect::<Vec<_>>(), pairs(&want["open"]));
    assert_eq!(tally.entered().collect::<Vec<_>>(), pairs(&want["entered"]));
}

fn sorted<T: Ord>(mut rows: Vec<T>) -> Vec<T> {
    rows.sort();
    rows
}

/// A table of the file as a tally: whoever entered is told apart from whoever left, so the spells are made up to fit.
fn tally_from(table: &Value) -> Tally {
    let times =
        |row: &Value, count: usize| std::iter::repeat_n(whole(&row[0]), usize::try_from(whole(&row[count])).unwrap());
    let entries: Vec<i64> = list(&table["entered"]).iter().flat_map(|row| times(row, 1)).collect();
    let ends =
        list(&table["resolved"]).iter().flat_map(|row| times(row, 2).map(|age| (0, Some((age, cause(&row[1]))))));
    let open = list(&table["open"]).iter().flat_map(|row| times(row, 1).map(|start| (start, None)));
    let mut leaving: Vec<(i64, Option<(i64, Cause)>)> = ends.chain(open).collect();
    assert_eq!(entries.len(), leaving.len());
    // The open ones have no age to be older than, so the oldest entries go to them and to the oldest ends.
    leaving.sort_by_key(|(_, end)| end.map_or(i64::MAX, |(age, _)| age));
    let mut tally = Tally::default();
    for (entry, (start, end)) in sorted(entries).into_iter().zip(leaving) {
        tally.add(&Spell { start, entry, end }, Sign::Told);
    }
    tally
}

fn assert_quantile(got: Option<i64>, want: &Value) {
    assert_eq!(got, want.as_i64());
}

fn assert_curve(tally: &Tally, want: &Value) {
    let table = tally.table_at(whole(&want["as_of_day"]));
    assert_eq!(table.rows(), want["rows"].as_u64().unwrap());
    assert_eq!(table.ended(), want["events"].as_u64().unwrap());
    let ages: Vec<[i64; 3]> = table
        .ages()
        .iter()
        .map(|row| [row.age, i64::try_from(row.ended).unwrap(), i64::try_from(row.at_risk).unwrap()])
        .collect();
    let told: Vec<[i64; 3]> =
        list(&want["age_events_at_risk"]).iter().map(|row| [whole(&row[0]), whole(&row[1]), whole(&row[2])]).collect();
    assert_eq!(ages, told);
    let curve = Curve::of(&table);
    assert_quantile(curve.conditional_from(), &want["conditional_from_age"]);
    assert_eq!(curve.steps().len(), list(&want["survival"]).len());
    for (step, open) in curve.steps().iter().zip(list(&want["survival"])) {
        close(step.open, open.as_f64().unwrap());
    }
    assert_quantile(curve.quantile(0.5), &want["median"]);
    let (lower, upper) = curve.quantile_interval(0.5, Level::NinetyFive);
    assert_quantile(lower, &want["median_ci"][0]);
    assert_quantile(upper, &want["median_ci"][1]);
    assert_quantile(curve.quantile(0.75), &want["p75"]);
    assert_quantile(curve.quantile(0.9), &want["p90"]);
    let (mean, error) = curve.restricted_mean(whole(&want["tau"]));
    close(mean, want["rmst"].as_f64().unwrap());
    close(error, want["rmst_se"].as_f64().unwrap());
}

#[test]
fn every_telling_of_one_cohort_ends_in_the_same_table() {
    let file = file();
    let told = &file["one_leaf_three_ways"];
    let plain = tally_of(list(&told["plain"]));
    assert_table(&plain, &told["table"]);
    let corrected = tally_of(list(&told["with_corrections_in_any_order"]));
    assert_table(&corrected, &told["table"]);
    let mut merged = Tally::default();
    for part in list(&told["three_parts_to_merge"]) {
        merged.merge(&tally_of(list(part)));
    }
    assert_table(&merged, &told["table"]);
    assert_eq!(plain, corrected, "a correction leaves no trace");
    assert_eq!(plain, merged);
    assert_curve(&plain, &told["curve"]);
}

#[test]
fn corrections_in_the_opposite_order_pass_through_counts_below_nought() {
    let file = file();
    let facts = list(&file["one_leaf_three_ways"]["with_corrections_in_any_order"]);
    let backwards = tally_of(facts.iter().rev());
    assert_eq!(backwards, tally_of(facts));
    let mut taken_back_first = facts.clone();
    taken_back_first.sort_by_key(|fact| whole(&fact["sign"]));
    assert_eq!(tally_of(&taken_back_first), backwards);
}

#[test]
fn the_cohorts_add_up_to_all() {
    let file = file();
    let mut all = Tally::default();
    for leaf in list(&file["leaves"]) {
        all.merge(&tally_from(leaf));
    }
    assert_table(&all, &file["sum_of_leaves"]);
}

/// `team=apps` sums the cohorts of that team; `all` sums every one.
#[test]
fn every_curve_follows_from_the_tables_of_its_cohorts() {
    let file = file();
    let curves = file["curves"].as_object().unwrap();
    assert!(curves.len() >= 17, "{}", curves.len());
    for (name, want) in curves {
        eprintln!("{name}");
        let mut tally = Tally::default();
        let belongs = |leaf: &&Value| name.split_once('=').is_none_or(|(axis, value)| leaf[axis] == value);
        list(&file["leaves"]).iter().filter(belongs).for_each(|leaf| tally.merge(&tally_from(leaf)));
        assert_curve(&tally, want);
    }
}

#[test]
fn a_later_question_needs_no_new_fact() {
    let file = file();
    let all = tally_from(&file["sum_of_leaves"]);
    let later = file["later_queries"].as_object().unwrap();
    assert_eq!(later.len(), 2);
    for want in later.values() {
        assert_curve(&all, want);
    }
}

#[test]
fn what_was_over_before_anybody_watched_leaves_no_trace() {
    let mut tally = Tally::default();
    tally.add(&Spell { start: 0, entry: 9, end: Some((9, Cause::Fixed)) }, Sign::Told);
    assert_eq!(tally, Tally::default());
}
