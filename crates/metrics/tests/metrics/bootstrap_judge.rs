//! A plain second implementation of the weighted curve, replicate by replicate and row by row, judges the one that scans.

use domain::time::Timestamp;
use metrics::{
    bootstrap::{
        cluster::{Batch, Cluster},
        curve::{ClusteredRow, ClusteredTable, Reading},
        interval::{difference, ends},
        sum::{ClusteredSums, Unit},
        weight::weight,
    },
    survival::row::Row,
};
use proptest::{collection::vec, prelude::*};

const HORIZON: i64 = 40;
const ASKED: [i64; 3] = [0, 9, 33];

struct Judged {
    median: f64,
    area: f64,
    open: [f64; 3],
}

fn count(rows: &[ClusteredRow], of: impl Fn(&Row) -> bool, times: impl Fn(Cluster) -> u64) -> u64 {
    rows.iter().filter(|one| of(&one.row)).map(|one| times(one.cluster)).sum()
}

fn at_risk(age: i64) -> impl Fn(&Row) -> bool {
    move |row| row.entry < age && age <= row.exit
}

/// Straight from the definition: the ages and the minimum risk set are those of the data, only the counts are weighted.
fn judge(rows: &[ClusteredRow], replicate: u64) -> Judged {
    let mut ages: Vec<i64> = rows.iter().filter(|one| one.row.ended).map(|one| one.row.exit).collect();
    ages.sort_unstable();
    ages.dedup();
    if rows.iter().any(|one| one.row.entry > 0)
        && let Some(first) = ages.iter().position(|age| count(rows, at_risk(*age), |_| 1) >= 10)
    {
        ages.drain(..first);
    }
    let times = |cluster| u64::from(weight(cluster, replicate));
    let mut steps = vec![(0, 1.0)];
    for age in ages {
        let n = count(rows, at_risk(age), times);
        let d = count(rows, |row| row.ended && row.exit == age, times);
        if n > 0 {
            steps.push((age, steps.last().unwrap().1 * (1.0 - d as f64 / n as f64)));
        }
    }
    let open_at = |age: i64| steps.iter().rev().find(|(at, _)| *at <= age).unwrap().1;
    Judged {
        median: steps.iter().find(|(_, open)| *open <= 0.5 + 1e-12).map_or(f64::INFINITY, |(age, _)| *age as f64),
        area: (0..HORIZON).map(open_at).sum(),
        open: ASKED.map(open_at),
    }
}

fn any_row() -> impl Strategy<Value = ClusteredRow> {
    (0_i64..12, 1_i64..50, any::<bool>(), 0_u8..9, prop::bool::weighted(0.2)).prop_map(
        |(entry, length, ended, batch, late)| {
            let entry = if late { entry } else { 0 };
            let cluster = Cluster::of(Batch::Weakness(&batch.to_string()), None, None);
            ClusteredRow { row: Row { entry, exit: entry + length, ended }, cluster }
        },
    )
}

fn reading() -> Reading {
    Reading { quantiles: vec![0.5], horizon: HORIZON, ages: ASKED.into() }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    #[test]
    fn the_scan_equals_the_judge(rows in vec(any_row(), 1..45)) {
        let read = ClusteredTable::of(&rows).read(&reading(), &(0..25));
        for (place, replicate) in (0..25_u64).enumerate() {
            let want = judge(&rows, replicate);
            prop_assert_eq!(read.quantiles[0][place].to_bits(), want.median.to_bits());
            prop_assert!((read.restricted_mean[place] - want.area).abs() < 1e-9);
            for (got, want) in read.open.iter().map(|column| column[place]).zip(want.open) {
                prop_assert!((got - want).abs() < 1e-12, "{} against {}", got, want);
            }
        }
    }

    #[test]
    fn the_order_of_rows_changes_no_bit(rows in vec(any_row(), 1..45)) {
        let mut turned = rows.clone();
        turned.reverse();
        prop_assert_eq!(ClusteredTable::of(&rows), ClusteredTable::of(&turned));
    }

    /// A row drawn as often as every other changes nothing but the counts: doubling all rows leaves each curve alone.
    #[test]
    fn doubling_every_row_changes_no_curve(rows in vec(any_row(), 10..30)) {
        let unfiltered: Vec<ClusteredRow> =
            rows.iter().map(|one| ClusteredRow { row: Row { entry: 0, ..one.row }, ..*one }).collect();
        let doubled: Vec<ClusteredRow> = unfiltered.iter().chain(&unfiltered).copied().collect();
        let once = ClusteredTable::of(&unfiltered).read(&reading(), &(0..25));
        let twice = ClusteredTable::of(&doubled).read(&reading(), &(0..25));
        prop_assert_eq!(once, twice);
    }

    #[test]
    fn a_weighted_share_equals_the_judge(units in vec((0_u8..6, any::<bool>()), 1..40)) {
        let cluster = |batch: u8| Cluster::of(Batch::Patch(&batch.to_string()), Some("apps"), None);
        let of: Vec<Unit> = units.iter().map(|(batch, yes)| Unit::answer(cluster(*batch), u64::from(*yes))).collect();
        let got = ClusteredSums::of(&of).ratios(&(0..25));
        for (replicate, got) in (0..25_u64).zip(got) {
            let times = |batch: u8| f64::from(weight(cluster(batch), replicate));
            let all: f64 = units.iter().map(|(batch, _)| times(*batch)).sum();
            let yes: f64 = units.iter().filter(|(_, yes)| *yes).map(|(batch, _)| times(*batch)).sum();
            let same = (got - yes / all).abs() < 1e-15 || (got.is_nan() && all <= 0.0);
            prop_assert!(same, "{} against {} of {}", got, yes, all);
        }
    }
}

/// Two periods of the same batches differ by less than two periods of strangers: what both sides share cancels.
#[test]
fn the_interval_of_a_difference_shrinks_when_its_sides_share_clusters() {
    let side = |prefix: &str, yes: u32| -> Vec<f64> {
        let units: Vec<Unit> = (0..60_u32)
            .map(|number| {
                let id = format!("{prefix}{}", number % 15);
                let cluster = Cluster::of(Batch::Weakness(&id), None, Some(Timestamp::from_seconds(0)));
                Unit::answer(cluster, u64::from(number % 15 < yes))
            })
            .collect();
        ClusteredSums::of(&units).all_ratios()
    };
    let width = |replicates: &[f64]| {
        let (lower, upper) = ends(replicates);
        upper.unwrap() - lower.unwrap()
    };
    let shared = width(&difference(&side("a", 9), &side("a", 6)));
    let strangers = width(&difference(&side("a", 9), &side("b", 6)));
    assert!(shared < 0.8 * strangers, "{shared} against {strangers}");
}
