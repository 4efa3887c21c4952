//! What comes in, goes out and is sitting there, told in days.

use crate::support::{POLICY, assert_close, days, found, frame, item, straight, ten_items, watched};
use domain::{
    event_name::EventName::{
        Assigned, Closed, Decommissioned, Detected, FalsePositive, Redetected, Seen, SeverityChanged, Ticketed,
        Verified,
    },
    fact::ItemFacts,
    view::Verification::{Lenient, Strict},
};
use metrics::{
    flow::{Flow, age_bands::AgeBand, backlog::Backlog, exposure::Exposure},
    ledger::{Frame, LedgerItem},
};
use proptest::{collection::vec, prelude::*};

fn facts(items: &[LedgerItem]) -> Vec<&ItemFacts> {
    items.iter().map(|item| &item.facts).collect()
}

fn flow(items: &[LedgerItem], frame: &Frame<'_>) -> Flow {
    Flow::of(&facts(items), &POLICY, &frame.view, Strict)
}

#[test]
fn the_ten_items_flow_as_told() {
    let ledger = ten_items();
    let flow = flow(ledger.items(), &frame(100));
    assert_eq!((flow.arrivals, flow.resolved, flow.net(), flow.open_now, flow.never_touched), (10, 5, 5, 5, 3));
    assert_close(flow.window_days, 100.0);
    assert_close(flow.mean_open_age_days.unwrap(), 48.0);
    assert_close(flow.implied_days().unwrap(), 27.0);
    let bands: Vec<(&str, u64)> = flow.age_bands.iter().map(|(band, count)| (band.name(), count)).collect();
    assert_eq!(bands, [("0-7", 0), ("7-30", 1), ("30-90", 3), ("90-180", 1), ("180-365", 0), ("365-1000000", 0)]);
}

#[test]
fn the_window_holds_its_first_second_and_not_its_last() {
    let items = [straight("a", 10, 20).build(), straight("b", 9, 19).build(), straight("c", 12, 13).build()];
    let flow = flow(&items, &watched(10, 20));
    assert_eq!((flow.arrivals, flow.resolved), (2, 2), "a ended as the window did; b started before it");
}

#[test]
fn nobody_has_no_mean_age_and_no_share() {
    let flow = flow(&[], &frame(100));
    assert_eq!((flow.open_now, flow.arrivals, flow.net()), (0, 0, 0));
    assert_eq!(flow.mean_open_age_days, None);
    assert_eq!(flow.never_touched_share(), None);
    assert_eq!(flow.implied_days(), None);
    assert_eq!(flow.monthly_capacity, None);
}

#[test]
fn an_age_on_an_edge_belongs_to_the_older_band() {
    assert_eq!(AgeBand::of(days(7) - 1), Some(AgeBand::Week));
    assert_eq!(AgeBand::of(days(7)), Some(AgeBand::Month));
    assert_eq!(AgeBand::of(days(365)), Some(AgeBand::Longer));
    assert_eq!(AgeBand::of(-1), None);
}

#[test]
fn an_item_is_touched_by_work_and_not_by_sightings() {
    let touched = |item: LedgerItem| flow(&[item], &frame(100)).never_touched == 0;
    assert!(!touched(found("a", 10).on(20, Seen).on(30, SeverityChanged).build()));
    assert!(touched(found("b", 10).on(20, Assigned).build()));
}

/// Critical (weight 10) for 4 days, then low (weight 1) for 6 until the end of the view.
#[test]
fn exposure_follows_the_severity_of_the_time() {
    let item = found("a", 10).on(14, SeverityChanged).with(|event| event.to = Some("low".into())).build();
    let exposure = Exposure::of(&[&item.facts], &POLICY, &frame(20).view, Strict);
    assert_close(exposure.days(), 10.0);
    assert_close(exposure.weighted_days(), 46.0);
}

#[test]
fn exposure_is_cut_to_the_window_and_leaves_out_what_was_never_real() {
    let view = watched(12, 20).view;
    let days_of = |item: LedgerItem| Exposure::of(&[&item.facts], &POLICY, &view, Strict).days();
    assert_close(days_of(found("a", 10).build()), 8.0);
    assert_close(days_of(straight("b", 10, 15).build()), 3.0);
    assert_close(days_of(straight("c", 2, 5).build()), 0.0);
    assert_close(days_of(found("d", 13).on(15, FalsePositive).build()), 0.0);
}

#[test]
fn a_closure_nobody_checked_ends_exposure_only_where_closures_are_believed() {
    let item = found("a", 10).on(12, Closed).build();
    let open_days = |mode| Exposure::of(&[&item.facts], &POLICY, &frame(20).view, mode).days();
    assert_close(open_days(Strict), 10.0);
    assert_close(open_days(Lenient), 2.0);
}

/// Three days: one open before; day 0 brings a, day 1 ends a and the old one, day 2 brings b.
#[test]
fn the_backlog_adds_up_day_by_day() {
    let items = [straight("old", 5, 11).build(), straight("a", 10, 11).build(), found("b", 12).build()];
    let series = Backlog::of(&facts(&items), &watched(10, 13).view, Strict);
    assert_eq!(
        (series.open_before, series.arrived.as_slice(), series.resolved.as_slice()),
        (1, &[1, 0, 1][..], &[0, 2, 0][..])
    );
    assert_eq!(series.open_at_end_of_day(), [2, 0, 1]);
}

#[test]
fn an_item_that_ended_before_the_first_day_or_was_never_real_is_in_no_day() {
    let items = [straight("a", 5, 9).build(), found("b", 11).on(12, FalsePositive).build()];
    let series = Backlog::of(&facts(&items), &watched(10, 13).view, Strict);
    assert_eq!(
        (series.open_before, series.arrived.iter().sum::<u64>(), series.resolved.iter().sum::<u64>()),
        (0, 0, 0)
    );
}

#[test]
fn a_recurrence_arrives_again() {
    let item = straight("a", 10, 12).on(60, Redetected).build();
    let series = Backlog::of(&[&item.facts], &frame(100).view, Strict);
    assert_eq!((series.arrived[10], series.resolved[12], series.arrived[60]), (1, 1, 1));
    assert_eq!(series.open_at_end_of_day()[99], 1);
}

/// Blocks of 30 days: 5 of 6, then 0 of 2, then 0 of 5; the ten days left over count for nothing.
#[test]
fn capacity_is_the_mean_over_whole_blocks() {
    let ledger = ten_items();
    let series = Backlog::of(&facts(ledger.items()), &frame(100).view, Strict);
    assert_close(series.monthly_capacity().unwrap(), 5.0 / 18.0);
    let short = Backlog::of(&facts(ledger.items()), &watched(71, 100).view, Strict);
    assert_eq!(short.monthly_capacity(), None);
}

/// A life by its length and its ending.
fn any_item() -> impl Strategy<Value = LedgerItem> {
    (0_i64..90, 0_i64..60, 0_u8..5).prop_map(|(start, length, ending)| {
        let open = item("x").on(start, Detected).on(start, Ticketed);
        let end = start + length;
        match ending {
            0 => open,
            1 => open.on(end, Closed),
            2 => open.on(end, Closed).on(end, Verified),
            3 => open.on(end, Decommissioned),
            _ => open.on(end, Verified).on(end + 40, Redetected),
        }
        .build()
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    /// Yesterday's, plus arrived, less resolved; and at the end as many as are open.
    #[test]
    fn the_backlog_is_an_identity(items in vec(any_item(), 0..30), from in 0_i64..50, more in 1_i64..100) {
        let frame = watched(from, from + more);
        // Only what had begun by the end of the view is in its ledger.
        let known: Vec<&ItemFacts> =
            facts(&items).into_iter().filter(|facts| facts.tail.since < frame.view.as_of).collect();
        let series = Backlog::of(&known, &frame.view, Strict);
        let open = series.open_at_end_of_day();
        let mut before = series.open_before;
        for ((open, arrived), resolved) in open.iter().zip(&series.arrived).zip(&series.resolved) {
            prop_assert_eq!(before + arrived, open + resolved);
            before = *open;
        }
        let still_open = known.iter().filter(|facts| metrics::flow::open_episode(facts, Strict).is_some()).count();
        prop_assert_eq!(before, still_open as u64);
        let flow = Flow::of(&known, &POLICY, &frame.view, Strict);
        prop_assert_eq!(flow.open_now, still_open as u64);
        prop_assert_eq!(flow.age_bands.iter().map(|(_, count)| count).sum::<u64>(), flow.open_now);
    }

    /// Exposure inside a window is what lies inside it: two windows side by side add up to the one over both.
    #[test]
    fn exposure_of_neighbouring_windows_adds_up(items in vec(any_item(), 0..20), cut in 1_i64..199) {
        let of = |from, to| Exposure::of(&facts(&items), &POLICY, &watched(from, to).view, Strict).days();
        let whole = of(0, 200);
        prop_assert!((of(0, cut) + of(cut, 200) - whole).abs() < 1e-6, "cut at {}", cut);
    }
}
