//! The six guards of the wall clock, on stories small enough for paper and pencil.

use crate::support::{at, days, found, frame, item, straight};
use domain::{
    actor::ActorType,
    event_name::EventName::{Closed, Decommissioned, Detected, FalsePositive, FixApplied, Seen, Ticketed, Verified},
    fact::ItemFacts,
    view::View,
};
use metrics::{
    guard::{
        cusum::{BASELINE_WEEKS, drop_in},
        false_positives::{above_limit, chart},
        late_detection::late_detection,
        scanning::{retired_seen_again, seen_of_late, weekly_detections},
        verification::{own_work, too_fast},
    },
    ledger::LedgerItem,
    share::Share,
};

fn facts(items: &[LedgerItem]) -> Vec<&ItemFacts> {
    items.iter().map(|item| &item.facts).collect()
}

fn on(id: &'static str, asset: &'static str, day: i64) -> crate::support::Item {
    item(id).on(day, Detected).asset(asset)
}

#[test]
fn g1_assets_seen_of_late() {
    let items = [
        on("a", "web-1", 10).on(90, Seen).build(),
        on("b", "web-2", 85).build(),
        on("c", "web-1", 5).build(),
        found("d", 99).build(),
    ];
    // Fourteen days before day 100 is day 86.
    assert_eq!(seen_of_late(&facts(&items), at(100)), Share::new(1, 2).unwrap());
    assert_eq!(seen_of_late(&facts(&items), at(99)), Share::new(2, 2).unwrap());
    assert_eq!(seen_of_late(&[], at(100)).value(), None);
}

/// Weeks 0 and 1: one asset known, two and no detections; week 2: two assets, one detection.
#[test]
fn g1_detections_a_week_and_asset() {
    let items = [on("a", "web-1", 1).build(), on("b", "web-1", 6).build(), on("c", "web-2", 14).build()];
    let view = View { as_of: at(23), ..frame(23).view };
    assert_eq!(weekly_detections(&facts(&items), &view), [2.0, 0.0, 0.5]);
}

#[test]
fn g1_a_week_before_any_asset_is_left_out() {
    let items = [on("a", "web-1", 8).build()];
    let view = View { as_of: at(14), ..frame(14).view };
    assert_eq!(weekly_detections(&facts(&items), &view), [1.0]);
}

/// A baseline of 9 and 11 in turn: mean 10, variance 26/25. Then 8 a week: a shortfall of 1.96 less ½ each: the fourth
/// week passes 5.
#[test]
fn g1_a_lasting_drop_raises_the_alarm() {
    let mut weeks: Vec<f64> = (0..BASELINE_WEEKS).map(|week| if week % 2 == 0 { 9.0 } else { 11.0 }).collect();
    weeks.extend([8.0; 5]);
    let found = drop_in(&weeks).unwrap();
    let deviation = (26.0_f64 / 25.0).sqrt();
    assert!((found.mean - 10.0).abs() < 1e-12 && (found.deviation - deviation).abs() < 1e-12);
    assert!((found.shortfall - 5.0 * (2.0 / deviation - 0.5)).abs() < 1e-9);
    assert_eq!(found.alarm_in_week, Some(3));
}

#[test]
fn g1_noise_and_growth_raise_no_alarm() {
    let baseline = || (0..BASELINE_WEEKS).map(|week| if week % 2 == 0 { 9.0 } else { 11.0 });
    let noisy: Vec<f64> = baseline().chain(baseline()).collect();
    assert_eq!(drop_in(&noisy).unwrap().alarm_in_week, None);
    let grown: Vec<f64> = baseline().chain([40.0; 20]).collect();
    let found = drop_in(&grown).unwrap();
    assert_eq!((found.alarm_in_week, found.shortfall.to_bits()), (None, 0.0_f64.to_bits()));
    assert_eq!(drop_in(&[10.0; 60]), None, "what never varied has no deviation");
    assert_eq!(drop_in(&noisy[..BASELINE_WEEKS - 1]), None, "the baseline is not full");
}

/// Ann fixes and verifies a; Ann fixes and Ben verifies b; nobody is named for c.
#[test]
fn g2_whoever_fixed_it_verified_it() {
    let fixed = |id, verifier| {
        found(id, 10).on(12, FixApplied).by("ann").on(13, Closed).by("ann").on(14, Verified).by(verifier).build()
    };
    let stated = found("d", 10)
        .on(13, Closed)
        .by("ann")
        .on(14, Verified)
        .by("ann")
        .with(|event| event.ties.attested = true)
        .build();
    let items = [fixed("a", "ann"), fixed("b", "ben"), straight("c", 10, 20).build(), stated];
    let got = own_work(facts(&items));
    assert_eq!((got.own, got.own_statements, got.unknown), (Share::new(2, 3).unwrap(), 1, 1));
    assert_eq!(own_work([]).own.value(), None);
}

/// Blocks of ten ends: no false positive in the first two, six in the third: the rate is 0.2, the limit 0.2 + 3 √0.016.
#[test]
fn g3_more_called_false_than_chance_allows() {
    let ids: Vec<&'static str> = (0..30).map(|n| &*Box::leak(format!("i{n}").into_boxed_str())).collect();
    let of = |(place, id): (usize, &&'static str)| {
        let (block, inside) = (place / 10, place % 10);
        let day = i64::try_from(block * 30 + 5).unwrap();
        if block == 2 && inside < 6 {
            found(id, 1).on(day, FalsePositive).build()
        } else {
            straight(id, 1, day).build()
        }
    };
    let items: Vec<LedgerItem> = ids.iter().enumerate().map(of).collect();
    let points = chart(&facts(&items), &frame(95).view);
    assert_eq!(points.len(), 3);
    let limit = 0.2 + 3.0 * 0.016_f64.sqrt();
    assert!(points.iter().all(|point| (point.upper_limit - limit).abs() < 1e-12));
    assert_eq!(points.iter().map(|point| point.is_above).collect::<Vec<_>>(), [false, false, true]);
    assert_eq!((above_limit(&points), points[2].from), (1, at(60)));
    assert_eq!(chart(&[], &frame(95).view), []);
}

#[test]
fn g4_retired_assets_that_are_seen_again() {
    let retired = |id, asset| on(id, asset, 10).on(10, Ticketed).on(20, Decommissioned).build();
    let items = [
        retired("a", "web-1"),
        retired("b", "web-1"),
        retired("c", "web-2"),
        on("d", "web-1", 15).on(40, Seen).build(),
    ];
    assert_eq!(retired_seen_again(&facts(&items)), Share::new(1, 2).unwrap(), "an asset counts once");
    assert_eq!(retired_seen_again(&[]).value(), None);
}

/// Verified 59 seconds after the close, 60 seconds after it, two days after it, and while the ticket was open.
#[test]
fn g5_a_check_that_was_none() {
    let after = |id, seconds: i64| {
        found(id, 10).on(12, Closed).on(12, Verified).with(move |event| event.at = event.at.plus(seconds)).build()
    };
    let rebuilt = found("d", 10).on(15, Verified).build();
    let items = [after("a", 59), after("b", 60), after("c", days(2)), rebuilt];
    assert_eq!(
        too_fast(facts(&items)),
        Share::new(1, 3).unwrap(),
        "a check that found the ticket open checked no close"
    );
    assert_eq!(
        too_fast(facts(&[straight("e", 10, 12).build()])),
        Share::new(1, 1).unwrap(),
        "closed and verified at once"
    );
}

/// A scanner found a on day 10, the feed on day 14; b was told on day 20, and another item of the same weakness on the
/// same asset was scanned on day 12; c was told before it was scanned; of d nobody else knows.
#[test]
fn g6_a_scanner_knew_before_the_feed() {
    let scanned =
        |id, day| item(id).on(day, Detected).by("scanner").with(|event| event.actor_type = Some(ActorType::System));
    let items = [
        scanned("a", 10).on(14, Detected).build(),
        item("b").on(20, Detected).asset("web-1").weakness("w").build(),
        scanned("b-scan", 12).asset("web-1").weakness("w").build(),
        scanned("c", 30).on(25, Detected).build(),
        item("d").on(5, Detected).asset("web-2").weakness("w").build(),
    ];
    let got = late_detection(&facts(&items));
    assert_eq!((got.late, got.median_lead), (Share::new(2, 3).unwrap(), Some(days(4))));
    let nobody = late_detection(&[]);
    assert_eq!((nobody.late.value(), nobody.median_lead), (None, None));
}

#[test]
fn g6_nothing_is_late_where_no_scanner_is_named() {
    let items = [found("a", 10).build(), straight("b", 3, 9).build()];
    assert_eq!(late_detection(&facts(&items)).late.of(), 0);
}
