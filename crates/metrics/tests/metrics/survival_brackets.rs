//! Counts by whole minutes: the exact figure lies inside every bracket, whatever happened inside the minutes.

use domain::fact::Cause;
use metrics::survival::{
    bracket::{BIN_SECONDS, Bin, Bracket, CausedRow, MinuteTable},
    competing::CAUSES,
    curve::Curve,
    life_table::LifeTable,
    row::Row,
};
use proptest::{collection::vec, prelude::*};
use std::collections::BTreeMap;

const NOISE: f64 = 1e-12;

fn row(entry: i64, exit: i64, cause: Option<Cause>) -> CausedRow {
    let row = Row { entry, exit, ended: cause.is_some() };
    CausedRow { row, cause: cause.unwrap_or(Cause::Fixed) }
}

fn bin(fixed: u64, left: u64, entered: u64) -> Bin {
    Bin { ended: [fixed, 0, 0, 0], left, entered }
}

#[track_caller]
fn assert_bounds(got: Bracket<f64>, lower: f64, upper: f64) {
    assert!(
        (got.lower - lower).abs() < NOISE && (got.upper - upper).abs() < NOISE,
        "{got:?}, expected {lower} to {upper}"
    );
}

/// Ten from the start; in the first minute two end, one leaves and three enter: 1 − 2/9 to 1 − 2/13. Ten are at risk in
/// the second, in which one ends: the curves stand at 7/10 and 99/130.
#[test]
fn two_minutes_worked_by_hand() {
    let table = MinuteTable::from_counts(10, BTreeMap::from([(0, bin(2, 1, 3)), (1, bin(1, 0, 0))]));
    assert_bounds(table.open_at(0), 1.0, 1.0);
    assert_bounds(table.open_at(60), 7.0 / 9.0, 11.0 / 13.0);
    assert_bounds(table.open_at(120), 7.0 / 10.0, 99.0 / 130.0);
    assert!((table.actuarial_at(60) - 9.0 / 11.0).abs() < NOISE, "two of 10 − ½ + 1½");
    let mean = table.restricted_mean(180);
    assert_bounds(mean, 60.0 * (7.0 / 9.0 + 0.7 + 0.7), 60.0 * (1.0 + 11.0 / 13.0 + 99.0 / 130.0));
    assert_eq!(table.quantile(0.2), Bracket { lower: Some(0), upper: Some(120) });
    assert_eq!(table.quantile(0.3), Bracket { lower: Some(60), upper: None });
    assert_eq!(table.quantile(0.5), Bracket { lower: None, upper: None });
    assert_bounds(table.left_at(60)[0], 7.0 / 9.0 * 2.0 / 13.0, 2.0 / 8.0);
    assert_bounds(table.left_at(60)[1], 0.0, 0.0);
}

#[test]
fn where_everybody_may_have_left_first_nothing_is_known_below() {
    let table = MinuteTable::from_counts(3, BTreeMap::from([(5, bin(2, 1, 0))]));
    assert_bounds(table.open_at(360), 0.0, 1.0 / 3.0);
    assert_bounds(table.left_at(360)[0], 0.0, 1.0);
}

#[test]
fn a_minute_holds_its_last_second_and_not_its_first() {
    let table = MinuteTable::of(&[row(0, 60, Some(Cause::Fixed)), row(60, 61, None), row(59, 200, None)], 0);
    let want = BTreeMap::from([
        (0, Bin { ended: [1, 0, 0, 0], left: 0, entered: 1 }),
        (1, Bin { ended: [0; 4], left: 1, entered: 1 }),
        (3, Bin { ended: [0; 4], left: 1, entered: 0 }),
    ]);
    assert_eq!(table, MinuteTable::from_counts(1, want));
}

#[test]
fn a_figure_is_written_plainly_only_if_both_bounds_read_alike() {
    let write = |value: f64| format!("{value:.1}");
    assert_eq!(Bracket { lower: 0.311, upper: 0.339 }.written_alike(write), Some("0.3".to_owned()));
    assert_eq!(Bracket { lower: 0.34, upper: 0.36 }.written_alike(write), None);
}

fn any_row() -> impl Strategy<Value = CausedRow> {
    let start = prop_oneof![3 => Just(0_i64), 1 => 1_i64..900];
    (start, 1_i64..1_500, prop::option::weighted(0.7, 0_usize..4))
        .prop_map(|(entry, length, cause)| row(entry, entry + length, cause.map(|place| CAUSES[place])))
}

fn plain(rows: &[CausedRow]) -> Vec<Row> {
    rows.iter().map(|one| one.row).collect()
}

/// The exact share that left by each cause, straight from the definition, on the ages the curve uses.
fn left_by_hand(rows: &[CausedRow], curve: &Curve, age: i64) -> [f64; 4] {
    let mut open_before = 1.0;
    let mut left = [0.0; 4];
    for step in curve.steps().iter().filter(|step| step.age <= age) {
        for (share, cause) in left.iter_mut().zip(CAUSES) {
            let ended =
                rows.iter().filter(|one| one.row.ended && one.row.exit == step.age && one.cause == cause).count();
            *share += open_before * ended as f64 / step.at_risk as f64;
        }
        open_before = step.open;
    }
    left
}

fn holds(bracket: Bracket<f64>, exact: f64) -> bool {
    bracket.lower - NOISE <= exact && exact <= bracket.upper + NOISE
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn the_exact_figure_lies_inside_every_bracket(rows in vec(any_row(), 1..90)) {
        let curve = Curve::of(&LifeTable::of(&plain(&rows)));
        let first_age = curve.steps().first().map_or(0, |step| step.age);
        let table = MinuteTable::of(&rows, first_age);
        for edge in (0..=2_400).step_by(usize::try_from(BIN_SECONDS).unwrap()) {
            let (exact, bounds) = (curve.open_at(edge), table.open_at(edge));
            prop_assert!(holds(bounds, exact), "open at {}: {} outside {:?}", edge, exact, bounds);
            for (bounds, exact) in table.left_at(edge).into_iter().zip(left_by_hand(&rows, &curve, edge)) {
                prop_assert!(holds(bounds, exact), "left at {}: {} outside {:?}", edge, exact, bounds);
            }
        }
        for share in [0.1, 0.25, 0.5, 0.75, 0.9] {
            let bounds = table.quantile(share);
            match (curve.quantile(share), bounds.lower, bounds.upper) {
                (Some(exact), Some(lower), upper) => {
                    prop_assert!(lower < exact && upper.is_none_or(|upper| exact <= upper), "{exact} outside {bounds:?}");
                }
                (Some(exact), None, _) => prop_assert!(false, "{exact} was said never to be reached"),
                (None, _, upper) => prop_assert_eq!(upper, None),
            }
        }
        for horizon in [60, 600, 2_400] {
            let (bounds, (exact, _)) = (table.restricted_mean(horizon), curve.restricted_mean(horizon));
            prop_assert!(bounds.lower - 1e-9 <= exact && exact <= bounds.upper + 1e-9, "{exact} outside {bounds:?}");
        }
    }

    #[test]
    fn the_actuarial_value_lies_between_the_bounds(rows in vec(any_row(), 1..60)) {
        let table = MinuteTable::of(&rows, 0);
        for edge in (60..=2_400).step_by(60) {
            prop_assert!(holds(table.open_at(edge), table.actuarial_at(edge)));
        }
    }
}
