//! What is coming: months to clear, coverage and efficiency, what will be late next, and how well that was foretold.

use crate::support::{POLICY, at, days, found, frame, item, straight, ten_items, watched};
use domain::{
    event_name::EventName::{Closed, Detected, FalsePositive, Ticketed, Verified},
    fact::ItemFacts,
    severity::Severity,
    time::Timestamp,
    view::Verification::{Lenient, Strict},
};
use metrics::{
    flow::{
        Flow,
        breach_forecast::{Curves, Forecast, expected},
        burn_down::{BurnDown, Clearing},
        coverage::RiskFixed,
    },
    kev,
    ledger::{Ledger, LedgerItem},
    share::Share,
};
use proptest::{collection::vec, prelude::*};

fn borrowed(items: &[LedgerItem]) -> Vec<&LedgerItem> {
    items.iter().collect()
}

fn facts(items: &[LedgerItem]) -> Vec<&ItemFacts> {
    items.iter().map(|item| &item.facts).collect()
}

#[track_caller]
fn assert_near(got: f64, want: f64) {
    assert!((got - want).abs() < 1e-9, "got {got}, expected {want}");
}

/// Six blocks end at day 200: days 20 to 200. Twelve ended in them, eight started; twenty were open before and eight are
/// among the started ones: 16 open, 4 gained in 6 months: 24 months.
fn shrinking() -> Vec<LedgerItem> {
    let ids: [&'static str; 8] = ["a", "b", "c", "d", "e", "f", "g", "h"];
    let old: [&'static str; 20] = [
        "o1", "o2", "o3", "o4", "o5", "o6", "o7", "o8", "o9", "oa", "ob", "oc", "od", "oe", "of", "og", "oh", "oi",
        "oj", "ok",
    ];
    let mut items: Vec<LedgerItem> = ids.iter().map(|id| found(id, 100).build()).collect();
    items.extend(old.iter().take(12).map(|id| straight(id, 5, 60).build()));
    items.extend(old.iter().skip(12).map(|id| found(id, 5).build()));
    items
}

#[test]
fn months_to_clear_worked_by_hand() {
    let items = shrinking();
    let got = BurnDown::of(&borrowed(&items), &frame(200).view, Strict);
    assert_eq!((got.open, got.arrived, got.resolved, got.blocks), (16, 8, 12, 6));
    let Some(Clearing::InMonths { months, band }) = got.clearing else { panic!("{got:?}") };
    assert_near(months, 16.0 * 6.0 / 4.0);
    assert!(band.lower.unwrap() < 24.0 && band.upper.is_none(), "4 of 20 may well be chance: never is inside {band:?}");
    assert_near(band.level, 0.9);
}

#[test]
fn a_backlog_that_grows_is_never_cleared_at_this_pace() {
    let items: Vec<LedgerItem> = vec![found("a", 50).build(), found("b", 60).build(), straight("c", 40, 70).build()];
    let got = BurnDown::of(&borrowed(&items), &frame(200).view, Strict);
    assert!(matches!(got.clearing, Some(Clearing::NeverAtThisPace { .. })), "{got:?}");
}

#[test]
fn without_a_whole_month_there_is_no_pace() {
    let items = shrinking();
    let got = BurnDown::of(&borrowed(&items), &watched(175, 200).view, Strict);
    assert_eq!((got.blocks, got.clearing), (0, None));
}

#[test]
fn an_empty_backlog_is_clear_now() {
    let items = vec![straight("a", 40, 70).build()];
    let got = BurnDown::of(&borrowed(&items), &frame(200).view, Strict);
    let Some(Clearing::InMonths { months, .. }) = got.clearing else { panic!("{got:?}") };
    assert_near(months, 0.0);
}

#[test]
fn what_was_never_real_and_the_day_of_the_view_are_in_no_pace() {
    let items =
        vec![found("a", 50).on(60, FalsePositive).build(), found("b", 199).build(), straight("c", 100, 120).build()];
    let view = domain::view::View { as_of: at(199).plus(3_600), ..frame(199).view };
    let got = BurnDown::of(&borrowed(&items), &view, Strict);
    assert_eq!((got.open, got.arrived, got.resolved), (0, 1, 1));
}

/// High risk: three critical ones and the low one that is listed; of them two ended. Four ended in all, one of low risk
/// and one that was high risk before the window and ended in it.
#[test]
fn coverage_and_efficiency_worked_by_hand() {
    let items = vec![
        straight("a", 10, 20).build(),
        found("b", 10).build(),
        found("c", 30).build(),
        item("d")
            .on(10, Detected)
            .severity(Severity::Low)
            .due(40)
            .on(10, Ticketed)
            .on(15, Closed)
            .on(15, Verified)
            .build(),
        item("e").on(12, Detected).severity(Severity::Low).on(12, Ticketed).on(16, Closed).on(16, Verified).build(),
        item("f").on(12, Detected).severity(Severity::Medium).on(13, FalsePositive).build(),
    ];
    let got = RiskFixed::of(facts(&items), &frame(100).view, Strict);
    assert_eq!(got.coverage, Share::new(2, 4).unwrap());
    assert_eq!(got.efficiency, Share::new(2, 3).unwrap());
}

#[test]
fn what_ended_before_the_window_is_in_neither() {
    let items = vec![straight("a", 10, 20).build(), straight("b", 10, 60).build()];
    let got = RiskFixed::of(facts(&items), &watched(50, 100).view, Strict);
    assert_eq!((got.coverage, got.efficiency), (Share::new(1, 1).unwrap(), Share::new(1, 1).unwrap()));
    let nobody = RiskFixed::of([], &frame(100).view, Strict);
    assert_eq!((nobody.coverage.value(), nobody.efficiency.value()), (None, None));
}

#[test]
fn an_unverified_close_is_fixed_in_lenient_mode_alone() {
    let items = vec![found("a", 10).on(20, Closed).build()];
    assert_eq!(RiskFixed::of(facts(&items), &frame(100).view, Strict).coverage, Share::new(0, 1).unwrap());
    assert_eq!(RiskFixed::of(facts(&items), &frame(100).view, Lenient).coverage, Share::new(1, 1).unwrap());
}

/// Due on days 15, 18, 20 and 90; ended on days 12, 22 and not at all; the last day has not come.
#[test]
fn days_over_an_outside_deadline_worked_by_hand() {
    let listed = |id, due: i64, end: Option<i64>| {
        let start = item(id).on(10, Detected).due(due).on(10, Ticketed);
        match end {
            Some(end) => start.on(end, Closed).on(end, Verified).build(),
            None => start.build(),
        }
    };
    let items =
        vec![listed("a", 15, Some(12)), listed("b", 18, Some(22)), listed("c", 20, None), listed("d", 90, None)];
    let over: Vec<_> = facts(&items).iter().map(|one| kev::seconds_over(one, at(50), Strict)).collect();
    assert_eq!(over, [Some(days(-3)), Some(days(4)), Some(days(30)), None]);
    assert_eq!(kev::median_days_over(facts(&items), at(50), Strict), Some((4.0, 2)));
    let open: Vec<bool> = facts(&items).iter().map(|one| kev::is_open_past_due(one, at(50), Strict)).collect();
    assert_eq!(open, [false, false, true, false]);
    assert_eq!(kev::median_days_over([], at(50), Strict), None);
}

#[test]
fn half_of_the_open_are_no_older() {
    let ledger = ten_items();
    let all: Vec<&ItemFacts> = ledger.facts().collect();
    let flow = Flow::of(&all, &POLICY, &frame(100).view, Strict);
    assert_eq!(flow.median_open_age_days, Some(40.0), "20, 30, 40, 60, 90");
    assert_eq!(flow.clearance(), Some(0.5));
    let nobody = Flow::of(&[], &POLICY, &frame(100).view, Strict);
    assert_eq!((nobody.median_open_age_days, nobody.clearance()), (None, None));
}

/// Ten critical lives, promised in 7 days: five ended after 2, 3, 5, 8 and 12 days. One more is 4 days old: after 3 days
/// 80 of 100 were left of those watched, after 7 days 70.
#[test]
fn the_chance_to_be_late_worked_by_hand() {
    let mut items: Vec<LedgerItem> = ten_items().items().to_vec();
    items.push(found("k", 96).build());
    let frame = frame(100);
    let curves = Curves::of(&facts(&items), &frame, Strict);
    // k adds to those at risk up to its 4 days: 1 − 1/11, 1 − 1/10, and 1 − 1/8 of the nine then watched less one.
    let young = curves.forecast(&items[10].facts, &frame, Strict).unwrap();
    assert_eq!((young.start, young.due), (at(96), at(103)));
    assert_near(young.chance, 7.0 / 8.0);
    let old = curves.forecast(&items[5].facts, &frame, Strict).unwrap();
    assert_near(old.chance, 1.0);
    assert_eq!(curves.forecast(&items[0].facts, &frame, Strict), None, "it has ended");
    let forecasts: Vec<Forecast> =
        items.iter().filter_map(|item| curves.forecast(&item.facts, &frame, Strict)).collect();
    assert_eq!(forecasts.len(), 6);
    let ahead = expected(&forecasts, frame.view.as_of);
    assert_eq!(ahead.due, 1, "the days of the others have come");
    assert_near(ahead.breaches, 7.0 / 8.0);
    assert_eq!(ahead.interval.upper, Some(1.0), "no more than there are");
    assert_near(ahead.interval.lower.unwrap(), 7.0 / 8.0 - 1.644_853_626_951_472_2 * (7.0_f64 / 64.0).sqrt());
}

#[test]
fn a_thin_cohort_borrows_the_curve_of_its_severity() {
    let mut items: Vec<LedgerItem> = ten_items().items().to_vec();
    let odd = item("k").on(96, Detected).with(|event| event.kind = Some("identity".into())).on(96, Ticketed).build();
    items.push(odd);
    let frame = frame(100);
    let curves = Curves::of(&facts(&items), &frame, Strict);
    let alone = curves.forecast(&items[10].facts, &frame, Strict).unwrap();
    assert_near(alone.chance, 7.0 / 8.0);
}

#[test]
fn nobody_is_expected_to_be_late_among_nobody() {
    let ahead = expected(&[], at(0));
    assert_eq!((ahead.due, ahead.interval.lower, ahead.interval.upper), (0, Some(0.0), Some(0.0)));
    assert!(ahead.breaches.is_sign_positive(), "a negative nought would be printed");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(100))]

    #[test]
    fn chances_and_expectations_stay_inside_their_bounds(lives in vec((0_i64..90, prop::option::of(1_i64..60)), 1..40)) {
        let items: Vec<LedgerItem> = lives
            .iter()
            .map(|(start, length)| match length {
                Some(length) if start + length < 100 => straight("x", *start, start + length).build(),
                _ => found("x", *start).build(),
            })
            .collect();
        let frame = frame(100);
        let ledger = Ledger::new(items);
        let all: Vec<&ItemFacts> = ledger.facts().collect();
        let curves = Curves::of(&all, &frame, Strict);
        let forecasts: Vec<Forecast> = all.iter().filter_map(|one| curves.forecast(one, &frame, Strict)).collect();
        for one in &forecasts {
            prop_assert!((0.0..=1.0).contains(&one.chance));
            prop_assert!(one.due > Timestamp::from_seconds(0) && (one.due > frame.view.as_of || one.chance >= 1.0));
        }
        let ahead = expected(&forecasts, frame.view.as_of);
        let (lower, upper) = (ahead.interval.lower.unwrap(), ahead.interval.upper.unwrap());
        prop_assert!(0.0 <= lower && lower <= ahead.breaches && ahead.breaches <= upper && upper <= ahead.due as f64);
    }

    #[test]
    fn the_open_of_a_burn_down_is_the_last_of_the_daily_series(lives in vec((0_i64..190, prop::option::of(1_i64..120)), 0..40)) {
        let items: Vec<LedgerItem> = lives
            .iter()
            .map(|(start, length)| match length {
                Some(length) if start + length < 200 => straight("x", *start, start + length).build(),
                _ => found("x", *start).build(),
            })
            .collect();
        let view = frame(200).view;
        let series = metrics::flow::backlog::Backlog::of(&facts(&items), &view, Strict);
        let got = BurnDown::of(&borrowed(&items), &view, Strict);
        prop_assert_eq!(Some(got.open), series.open_at_end_of_day().last().copied());
        prop_assert_eq!(got.arrived, series.arrived.iter().rev().take(180).sum::<u64>());
        prop_assert_eq!(got.resolved, series.resolved.iter().rev().take(180).sum::<u64>());
    }
}
