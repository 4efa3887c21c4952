//! A plain second implementation, straight from the definitions, judges the curves on random lives.

use metrics::{
    level::Level,
    survival::{
        curve::Curve,
        life_table::LifeTable,
        log_rank::{log_rank, stratified_log_rank},
        row::Row,
    },
};
use proptest::{collection::vec, prelude::*};

/// What the judge keeps of one age: age, ended, at risk, share open, Greenwood's sum.
type JudgedStep = (i64, usize, usize, f64, f64);

fn at_risk(rows: &[Row], age: i64) -> usize {
    rows.iter().filter(|row| row.entry < age && age <= row.exit).count()
}

fn ended(rows: &[Row], age: i64) -> usize {
    rows.iter().filter(|row| row.ended && row.exit == age).count()
}

fn ages(rows: &[Row]) -> Vec<i64> {
    let mut ages: Vec<i64> = rows.iter().filter(|row| row.ended).map(|row| row.exit).collect();
    ages.sort_unstable();
    ages.dedup();
    ages
}

fn judged(rows: &[Row]) -> Vec<JudgedStep> {
    let mut used = ages(rows);
    let is_late = rows.iter().any(|row| row.entry > 0);
    if is_late && let Some(first) = used.iter().position(|age| at_risk(rows, *age) >= 10) {
        used.drain(..first);
    }
    let (mut open, mut greenwood) = (1.0, 0.0);
    used.into_iter()
        .map(|age| {
            let (d, n) = (ended(rows, age), at_risk(rows, age));
            open *= 1.0 - d as f64 / n as f64;
            if n > d {
                greenwood += d as f64 / (n as f64 * (n - d) as f64);
            }
            (age, d, n, open, greenwood)
        })
        .collect()
}

/// The area under the curve, second by second.
fn judged_area(steps: &[JudgedStep], horizon: i64) -> f64 {
    (0..horizon).map(|second| steps.iter().rev().find(|step| step.0 <= second).map_or(1.0, |step| step.3)).sum()
}

fn lives() -> impl Strategy<Value = Vec<Row>> {
    let life = (prop_oneof![Just(0_i64), 0_i64..30], 1_i64..40, any::<bool>());
    vec(life.prop_map(|(entry, length, ended)| Row { entry, exit: entry + length, ended }), 0..60)
}

fn close(one: f64, other: f64) -> bool {
    (one - other).abs() <= 1e-9_f64.max(1e-9 * one.abs())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn the_curve_is_the_one_of_the_definitions(rows in lives()) {
        let curve = Curve::of(&LifeTable::of(&rows));
        let got: Vec<JudgedStep> = curve
            .steps()
            .iter()
            .map(|step| (step.age, step.ended as usize, step.at_risk as usize, step.open, step.greenwood))
            .collect();
        prop_assert_eq!(&curve, &Curve::of_rows(&rows), "with its table or without, bit for bit");
        let want = judged(&rows);
        prop_assert_eq!(got.len(), want.len());
        for (got, want) in got.iter().zip(&want) {
            prop_assert_eq!((got.0, got.1, got.2), (want.0, want.1, want.2));
            prop_assert!(close(got.3, want.3) && close(got.4, want.4), "{:?} against {:?}", got, want);
        }
    }

    #[test]
    fn the_area_is_the_sum_over_every_second(rows in lives(), horizon in 1_i64..80) {
        let (mean, _) = Curve::of(&LifeTable::of(&rows)).restricted_mean(horizon);
        let want = judged_area(&judged(&rows), horizon);
        prop_assert!(close(mean, want), "{} against {}", mean, want);
    }

    #[test]
    fn the_order_of_the_rows_changes_no_bit((rows, shuffled) in lives().prop_flat_map(|rows| (Just(rows.clone()), Just(rows).prop_shuffle()))) {
        prop_assert_eq!(LifeTable::of(&rows), LifeTable::of(&shuffled));
        let bits = |rows: &[Row]| {
            let (mean, error) = Curve::of(&LifeTable::of(rows)).restricted_mean(50);
            (mean.to_bits(), error.to_bits())
        };
        prop_assert_eq!(bits(&rows), bits(&shuffled));
    }

    #[test]
    fn a_curve_falls_stays_inside_its_band_and_its_quantiles_are_in_order(rows in lives()) {
        let curve = Curve::of(&LifeTable::of(&rows));
        let mut before = 1.0;
        for step in curve.steps() {
            let (lower, upper) = step.band(Level::NinetyFive);
            prop_assert!(step.open <= before && (0.0..=1.0).contains(&step.open));
            prop_assert!(lower <= step.open + 1e-12 && step.open <= upper + 1e-12);
            before = step.open;
        }
        let reached = |share| curve.quantile(share).unwrap_or(i64::MAX);
        prop_assert!(reached(0.25) <= reached(0.5) && reached(0.5) <= reached(0.75));
        let (early, late) = curve.quantile_interval(0.5, Level::Ninety);
        prop_assert!(early.unwrap_or(i64::MAX) <= reached(0.5) && reached(0.5) <= late.unwrap_or(i64::MAX));
    }

    /// Two groups, by the textbook: (observed − expected)² / variance of one of them.
    #[test]
    fn two_groups_are_compared_as_in_the_textbook(one in lives(), other in lives()) {
        let test = log_rank(&[LifeTable::of(&one), LifeTable::of(&other)]);
        let both: Vec<Row> = one.iter().chain(&other).copied().collect();
        let (mut difference, mut variance) = (0.0, 0.0);
        for age in ages(&both) {
            let (d, n) = (ended(&both, age) as f64, at_risk(&both, age) as f64);
            if n > 1.0 {
                let own = at_risk(&one, age) as f64;
                difference += ended(&one, age) as f64 - own * d / n;
                variance += d * (n - d) / (n - 1.0) * own / n * (1.0 - own / n);
            }
        }
        if variance > 1e-6 {
            prop_assert!(close(test.chi_square, difference * difference / variance), "{:?}", test);
            prop_assert_eq!(test.freedom, 1);
            prop_assert!((0.0..=1.0).contains(&test.p));
        }
    }

    #[test]
    fn one_stratum_is_the_plain_test_and_the_order_of_groups_is_irrelevant(
        one in lives(), other in lives(), third in lives(),
    ) {
        let tables = [LifeTable::of(&one), LifeTable::of(&other), LifeTable::of(&third)];
        let plain = log_rank(&tables);
        prop_assert_eq!(stratified_log_rank(3, &[tables.to_vec()]), plain);
        let [first, second, last] = tables;
        let turned = log_rank(&[last, first, second]);
        prop_assert_eq!(turned.freedom, plain.freedom);
        prop_assert!((turned.chi_square - plain.chi_square).abs() < 1e-6 * plain.chi_square.max(1.0));
    }
}
