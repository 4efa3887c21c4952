//! The draws of the cluster bootstrap against the table of its definition, and the worked example of ten items.

use crate::support::{TEN_ROWS, assert_close, days};
use domain::time::Timestamp;
use metrics::{
    answer::Answer,
    bootstrap::{
        CLUSTERS_MIN, REPLICATES, chunks,
        cluster::{Batch, Cluster},
        curve::{ClusteredRow, ClusteredTable, Read},
        draw::Draws,
        interval::{design_effect, difference, ends},
        shown::{self, CurveReading, ShownCurve, ShownShare},
        sum::{ClusteredSums, Unit},
        weight::weight,
    },
    share::Share,
    survival::{curve::Curve, life_table::LifeTable, row::Row},
};

fn on(date: &str) -> Option<Timestamp> {
    Some(Timestamp::parse(&format!("{date}T09:30:00Z")).unwrap())
}

fn first_weights(cluster: Cluster) -> Vec<u8> {
    (0..16).map(|replicate| weight(cluster, replicate)).collect()
}

#[test]
fn a_patch_on_a_day_is_drawn_as_the_definition_says() {
    let cluster = Cluster::of(Batch::Patch("KB5034441"), Some("platform"), on("2026-03-12"));
    assert_eq!(cluster.hash(), 0x156a_c483_5787_a631);
    assert_eq!(first_weights(cluster), [1, 3, 1, 0, 1, 1, 1, 1, 0, 0, 0, 1, 0, 3, 0, 2]);
}

#[test]
fn an_open_weakness_is_drawn_as_the_definition_says() {
    let cluster = Cluster::of(Batch::Weakness("CVE-2024-3094"), Some("apps"), None);
    assert_eq!(cluster.hash(), 0x22e6_592c_b475_1f5d);
    assert_eq!(first_weights(cluster), [5, 1, 2, 0, 2, 0, 0, 1, 2, 2, 2, 2, 1, 2, 1, 1]);
}

#[test]
fn an_item_without_a_team_is_drawn_as_the_definition_says() {
    let cluster = Cluster::of(Batch::Item("scan-77"), None, on("2026-01-31"));
    assert_eq!(cluster.hash(), 0x89b9_d625_eba5_290d);
    assert_eq!(first_weights(cluster), [0, 1, 1, 2, 0, 1, 0, 0, 1, 1, 0, 3, 2, 1, 2, 0]);
}

#[test]
fn the_day_of_a_cluster_is_the_day_in_utc() {
    let at = |text: &str| Cluster::of(Batch::Item("a"), None, Some(Timestamp::parse(text).unwrap()));
    assert_eq!(at("2026-01-31T00:00:00Z"), at("2026-01-31T23:59:59Z"));
    assert_eq!(at("2026-02-01T00:30:00+02:00"), at("2026-01-31T12:00:00Z"));
    assert_ne!(at("2026-01-31T23:59:59Z"), at("2026-02-01T00:00:00Z"));
}

#[test]
fn weights_have_mean_and_variance_one() {
    let weights = (0..40_000_u64).map(|number| f64::from(weight(Cluster::of(Batch::Item("a"), None, None), number)));
    let all: Vec<f64> = weights.collect();
    let mean = all.iter().sum::<f64>() / all.len() as f64;
    let variance = all.iter().map(|weight| (weight - mean).powi(2)).sum::<f64>() / all.len() as f64;
    assert!((mean - 1.0).abs() < 0.02 && (variance - 1.0).abs() < 0.03, "{mean} {variance}");
}

/// The ten items a … j of the worked example: no team, the five that ended did so on five days.
pub(crate) fn ten_clustered() -> Vec<ClusteredRow> {
    let ended = ["2026-01-03", "2026-01-04", "2026-01-06", "2026-01-09", "2026-01-13"];
    let ids = ["a", "b", "c", "d", "e", "f", "g", "h", "i", "j"];
    let of = |(place, row): (usize, Row)| {
        let end = ended.get(place).and_then(|date| on(date));
        ClusteredRow { row, cluster: Cluster::of(Batch::Item(ids[place]), None, end) }
    };
    TEN_ROWS.into_iter().enumerate().map(of).collect()
}

fn shown_curve<'a>(rows: &[ClusteredRow], curve: &'a Curve, horizon: i64) -> ShownCurve<'a> {
    let table = ClusteredTable::of(rows);
    let asked = CurveReading::of(curve, &[0.5], horizon, &[days(7)]);
    let read = table.read_all(asked.reading());
    ShownCurve::new(curve, &table, asked, read)
}

fn tenths(seconds: Option<f64>) -> Option<f64> {
    seconds.map(|seconds| (seconds / 8_640.0).round() / 10.0)
}

#[test]
fn the_ten_items_of_the_definition_have_the_intervals_of_the_definition() {
    let curve = Curve::of(&LifeTable::of(&TEN_ROWS));
    let shown = shown_curve(&ten_clustered(), &curve, days(90));
    let median = shown.quantile(0.5).interval().unwrap();
    assert_eq!((tenths(median.lower), tenths(median.upper)), (Some(5.0), None), "to not reached");
    let mean = shown.restricted_mean();
    assert_close(mean.value().unwrap(), 48.0 * days(1) as f64);
    let interval = mean.interval().unwrap();
    assert_eq!((tenths(interval.lower), tenths(interval.upper)), (Some(25.0), Some(72.4)));
    assert!((shown.design_effect().unwrap() - 1.206).abs() < 0.0005, "{:?}", shown.design_effect());
    assert!((interval.level - 0.9).abs() < 1e-15);
}

#[test]
fn the_formula_stands_beside_the_bootstrap() {
    let curve = Curve::of(&LifeTable::of(&TEN_ROWS));
    let batches = shown_curve(&ten_clustered(), &curve, days(90)).quantile(0.5).interval().unwrap().batches.unwrap();
    let (lower, upper) = curve.quantile_interval(0.5, metrics::level::Level::Ninety);
    assert_eq!(batches.formula, Some((lower.map(|age| age as f64), upper.map(|age| age as f64))));
    assert_eq!(batches.clusters, 10);
    assert!(!batches.are_few(), "ten are enough, {CLUSTERS_MIN} are asked");
}

/// All sixty ended by one of two patches: a formula that takes them one by one is far too narrow and is withheld.
#[test]
fn a_formula_far_too_narrow_is_withheld() {
    let patched = |place: usize| {
        let (patch, age) = if place < 30 { ("KB1", 5) } else { ("KB2", 40) };
        let cluster = Cluster::of(Batch::Patch(patch), None, on("2026-02-01"));
        ClusteredRow { row: crate::support::ended(age), cluster }
    };
    let rows: Vec<ClusteredRow> = (0..60).map(patched).collect();
    let curve = Curve::of(&LifeTable::of(&shown::plain_rows(&rows)));
    let median = shown_curve(&rows, &curve, days(90)).quantile(0.5);
    let interval = median.interval().unwrap();
    let batches = interval.batches.unwrap();
    assert!(batches.design_effect.unwrap() > 3.0, "{batches:?}");
    assert_eq!(batches.formula, None);
    assert!(batches.are_few(), "two batches are few");
    // One replicate in seven draws neither patch, and then nobody ever ends.
    assert_eq!((tenths(interval.lower), tenths(interval.upper)), (Some(5.0), None));
}

#[test]
fn an_interval_takes_the_places_20_and_381() {
    let replicates: Vec<f64> = (1..=400).rev().map(f64::from).collect();
    assert_eq!(ends(&replicates), (Some(20.0), Some(381.0)));
}

#[test]
fn what_was_not_reached_lies_above_all_and_nobody_beyond_both_ends() {
    let with = |count: usize, odd: f64| -> Vec<f64> { (0..400).map(|n| if n < count { odd } else { 1.0 }).collect() };
    assert_eq!(ends(&with(19, f64::INFINITY)), (Some(1.0), Some(1.0)));
    assert_eq!(ends(&with(20, f64::INFINITY)), (Some(1.0), None), "place 381 is one of the last twenty");
    assert_eq!(ends(&with(400, f64::INFINITY)), (None, None));
    assert_eq!(ends(&with(19, f64::NAN)), (Some(1.0), Some(1.0)));
    assert_eq!(ends(&with(20, f64::NAN)), (None, None));
}

#[test]
fn a_difference_is_taken_replicate_by_replicate() {
    let gap = difference(&[5.0, f64::INFINITY, 1.0, f64::INFINITY], &[2.0, 1.0, f64::INFINITY, f64::INFINITY]);
    assert_eq!(gap[..3], [3.0, f64::INFINITY, f64::NEG_INFINITY]);
    assert!(gap[3].is_nan(), "two that were never reached are not known to be equal");
}

#[test]
fn a_design_effect_compares_variances_with_one_less_below_the_line() {
    assert_close(design_effect(&[1.0, 2.0, 3.0], 0.5).unwrap(), 2.0);
    assert_eq!(design_effect(&[1.0, 2.0], 0.0), None, "a formula without a variance has nothing to compare");
    assert_eq!(design_effect(&[1.0], 1.0), None);
}

/// Two clusters in replicate 1 have the weights 3 and 1: (3·2 + 1·0) / (3·4 + 1·1).
#[test]
fn a_share_is_drawn_by_whole_clusters() {
    let patch = Cluster::of(Batch::Patch("KB5034441"), Some("platform"), on("2026-03-12"));
    let weakness = Cluster::of(Batch::Weakness("CVE-2024-3094"), Some("apps"), None);
    let mut units: Vec<Unit> = [1, 1, 0, 0].map(|yes| Unit::answer(patch, yes)).into();
    units.push(Unit::answer(weakness, 0));
    let sums = ClusteredSums::of(&units);
    assert_eq!(sums.clusters(), 2);
    let ratios = sums.ratios(&(0..4));
    assert_close(ratios[1], 6.0 / 13.0);
    assert!(ratios[3].is_nan(), "replicate 3 drew neither of the two");
    assert_eq!(sums.all_ratios().len() as u64, REPLICATES);
    assert_close(sums.all_sums()[1], 6.0);
}

#[test]
fn a_share_keeps_its_value_and_carries_both_intervals() {
    let units: Vec<Unit> = (0..40)
        .map(|n| Unit::answer(Cluster::of(Batch::Item(&format!("i{n}")), None, None), u64::from(n < 30)))
        .collect();
    let (sums, share) = (ClusteredSums::of(&units), Share::new(30, 40).unwrap());
    let Answer::Known { value, count, interval } = ShownShare::new(share, sums.clusters(), sums.all_ratios()).answer()
    else {
        panic!("forty are enough");
    };
    assert_eq!((value.to_bits(), count), (0.75_f64.to_bits(), 40));
    let interval = interval.unwrap();
    let (lower, upper) = (interval.lower.unwrap(), interval.upper.unwrap());
    assert!(0.6 < lower && lower < 0.7 && 0.8 < upper && upper < 0.9, "{lower} {upper}");
    let batches = interval.batches.unwrap();
    let effect = batches.design_effect.unwrap();
    assert!((0.7..1.4).contains(&effect), "items on their own take about the variance of the formula: {effect}");
    let wilson = share.answer(metrics::level::Level::Ninety).interval().unwrap();
    assert_eq!(batches.formula, Some((wilson.lower, wilson.upper)));
}

#[test]
fn all_chunks_together_are_all_replicates_in_order() {
    let all: Vec<u64> = chunks().flatten().collect();
    assert_eq!(all, (0..REPLICATES).collect::<Vec<_>>());
}

/// One thread after the other, sixteen at once, and chunks of another size.
#[test]
fn threads_and_chunks_change_no_bit() {
    let rows = ten_clustered();
    let curve = Curve::of(&LifeTable::of(&TEN_ROWS));
    let table = ClusteredTable::of(&rows);
    let asked = CurveReading::of(&curve, &[0.25, 0.5, 0.9], days(365), &[days(7), days(30)]);
    let reading = asked.reading();
    let bits = |read: &Read| -> Vec<u64> {
        let columns = read.quantiles.iter().chain(&read.open).chain([&read.restricted_mean]);
        columns.flatten().map(|value| value.to_bits()).collect()
    };
    let alone = table.read_all(reading);
    let ranges: Vec<_> = (0..16).map(|thread| thread * 25..(thread + 1) * 25).collect();
    let at_once = std::thread::scope(|scope| {
        let running: Vec<_> = ranges.iter().map(|range| scope.spawn(|| table.read(reading, range))).collect();
        Read::joined(running.into_iter().map(|one| one.join().unwrap()), reading)
    });
    assert_eq!(bits(&alone), bits(&at_once));
    let odd = Read::joined([0..1, 1..7, 7..333, 333..400].map(|range| table.read(reading, &range)), reading);
    assert_eq!(bits(&alone), bits(&odd));
}

#[test]
fn a_drawn_number_follows_from_purpose_and_id() {
    let draws = Draws::of("weights", "process");
    assert_eq!(draws, Draws::of("weights", "process"));
    assert_ne!(draws, Draws::of("weights", "people"));
    assert_ne!(draws, Draws::of("weightsp", "rocess"), "the parts are told apart");
    let uniform: Vec<f64> = (0..2_000).map(|number| draws.uniform(number)).collect();
    assert!(uniform.iter().all(|one| 0.0 < *one && *one < 1.0));
    let mean = uniform.iter().sum::<f64>() / 2_000.0;
    assert!((mean - 0.5).abs() < 0.02, "{mean}");
}

#[test]
fn an_index_is_below_its_count_and_every_index_comes_up() {
    let draws = Draws::of("index", "a");
    let mut seen = [0_u32; 7];
    for number in 0..7_000 {
        seen[usize::try_from(draws.below(number, 7)).unwrap()] += 1;
    }
    assert!(seen.iter().all(|times| (880..1_120).contains(times)), "{seen:?}");
    assert_eq!(draws.below(0, 0), 0);
}

#[test]
fn a_shuffle_keeps_everybody() {
    let draws = Draws::of("order", "a");
    let mut order = draws.shuffled(0, 52);
    assert_ne!(order, (0..52).collect::<Vec<_>>());
    assert_ne!(order, draws.shuffled(1_000, 52));
    order.sort_unstable();
    assert_eq!(order, (0..52).collect::<Vec<_>>());
    assert!(draws.shuffled(0, 0).is_empty());
}
