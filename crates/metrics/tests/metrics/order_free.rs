//! Sizes that hang on no order: exact averages over all orders of the rules.

use crate::support::{found, frame, item, ten_items};
use domain::{
    event_name::EventName::{Closed, Detected, Paused, Redetected, Resumed, Ticketed, Verified},
    fact::ItemFacts,
    view::Verification::Strict,
};
use metrics::{
    ledger::{Ledger, LedgerItem},
    waterfall::{
        self, Step,
        order_free::{self, shapley},
    },
};
use proptest::{collection::vec, prelude::*};

/// Alone rule 0 adds 2 and rule 1 adds 4; together they add 10. Rule 0 first: 2 and 8; rule 1 first: 6 and 4.
#[test]
fn two_rules_worked_by_hand() {
    let value = |set: u32| Some([0.0, 2.0, 4.0, 10.0][set as usize]);
    assert_eq!(shapley(2, value), Some(vec![4.0, 6.0]));
}

#[test]
fn a_rule_that_changes_nothing_has_no_size_and_equal_rules_have_equal_sizes() {
    let value = |set: u32| Some(f64::from((set & 0b011).count_ones()).powi(2));
    let sizes = shapley(3, value).unwrap();
    assert!((sizes[0] - 2.0).abs() < 1e-12 && (sizes[1] - 2.0).abs() < 1e-12 && sizes[2].abs() < 1e-12, "{sizes:?}");
}

#[test]
fn a_value_that_is_missing_leaves_no_sizes() {
    assert_eq!(shapley(2, |set| (set != 3).then_some(1.0)), None);
    assert_eq!(shapley(0, |_| Some(1.0)), Some(vec![]));
    assert_eq!(order_free::days(&[], &frame(100), Strict), None);
    assert_eq!(order_free::points(&[], &frame(100), Strict), None);
}

/// The slow judge: every order of four rules, one after the other.
fn over_all_orders(value: impl Fn(u32) -> f64) -> [f64; 4] {
    let mut sums = [0.0; 4];
    let mut orders = 0.0;
    for a in 0..4 {
        for b in (0..4).filter(|b| *b != a) {
            for c in (0..4).filter(|c| *c != a && *c != b) {
                let d = 6 - a - b - c;
                let mut set = 0_u32;
                for rule in [a, b, c, d] {
                    let before = value(set);
                    set |= 1 << rule;
                    sums[rule] += value(set) - before;
                }
                orders += 1.0;
            }
        }
    }
    sums.map(|sum| sum / orders)
}

fn facts(items: &[LedgerItem]) -> Vec<&ItemFacts> {
    items.iter().map(|item| &item.facts).collect()
}

fn value_of(steps: &[Step], name: &str) -> f64 {
    steps.iter().find(|step| step.name == name).unwrap().value.unwrap()
}

/// Of a, b, c, d, e and i: d waited two days and e had no ticket for four; every hour is on the calendar.
#[test]
fn the_ten_items_in_any_order() {
    let items = ten_items();
    let sizes = order_free::days(&facts(items.items()), &frame(100), Strict).unwrap();
    let want = [
        ("pauses", 2.0 / 6.0),
        ("off_calendar_hours", 0.0),
        ("resets_and_reopens", 0.0),
        ("detection_to_ticket", 4.0 / 6.0),
    ];
    for ((name, size), (told, want)) in sizes.into_iter().zip(want) {
        assert!(name == told && (size - want).abs() < 1e-9, "{name} {size}, expected {told} {want}");
    }
}

/// Closed after 6 days of which 2 waited, seen again 9 days later, then closed after one: only together do the pauses and
/// the first record make it late, so they share its size.
#[test]
fn rules_that_bite_together_share_the_size() {
    let one = item("a")
        .on(10, Detected)
        .on(10, Ticketed)
        .on(11, Closed)
        .on(12, Redetected)
        .on(13, Paused)
        .on(16, Resumed)
        .on(18, Closed);
    let items = [one.build()];
    let sizes = order_free::points(&facts(&items), &frame(100), Strict).unwrap();
    // Three of its six days waited: 3 of 7 by the tool, 6 with the pause, 5 from the first record, 8 with both and from
    // detection, against 7.
    let total: f64 = sizes.iter().map(|(_, size)| size).sum();
    assert!((total + 100.0).abs() < 1e-9, "{sizes:?}");
    let of = |name: &str| sizes.iter().find(|(known, _)| *known == name).unwrap().1;
    assert!((of("pauses") - of("resets_and_reopens")).abs() < 1e-9, "{sizes:?}");
    assert!(of("from_detection_in_real_days") < of("pauses"), "alone it is enough: {sizes:?}");
    assert!(of("severity_at_detection").abs() < 1e-9);
}

fn any_item() -> impl Strategy<Value = LedgerItem> {
    (0_i64..60, 0_i64..4, 1_i64..12, 0_u8..4).prop_map(|(start, lag, length, ending)| {
        let ticketed = item("x").on(start, Detected).on(start + lag, Ticketed);
        let end = start + lag + length;
        match ending {
            0 => ticketed.on(end, Closed),
            1 => ticketed.on(end, Closed).on(end + 2, Verified),
            2 => ticketed.on(end, Closed).on(end + 3, Redetected).on(end + 8, Closed).on(end + 9, Verified),
            _ => found("x", start).on(start, Paused).on(end, Resumed).on(end + 1, Closed),
        }
        .build()
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(100))]

    #[test]
    fn exact_averages_equal_the_judge(values in vec(-50.0_f64..50.0, 16)) {
        let got = shapley(4, |set| values.get(set as usize).copied()).unwrap();
        for (got, want) in got.iter().zip(over_all_orders(|set| values[set as usize])) {
            prop_assert!((got - want).abs() < 1e-9, "{} against {}", got, want);
        }
    }

    #[test]
    fn sizes_in_any_order_add_up_to_the_same_as_the_bars(items in vec(any_item(), 1..20)) {
        let ledger = Ledger::new(items);
        let all: Vec<&ItemFacts> = ledger.facts().collect();
        let days = waterfall::days(&all, &frame(100), Strict, 365);
        let points = waterfall::points(&all, &frame(100), Strict);
        let total = |sizes: Vec<(&str, f64)>| sizes.iter().map(|(_, size)| size).sum::<f64>();
        let in_days = total(order_free::days(&all, &frame(100), Strict).unwrap());
        let want = value_of(&days, "detection_to_ticket") - value_of(&days, "one_record_per_item");
        prop_assert!((in_days - want).abs() < 1e-9, "{} against {}", in_days, want);
        let in_points = total(order_free::points(&all, &frame(100), Strict).unwrap());
        let want = value_of(&points, "from_detection_in_real_days") - value_of(&points, "one_record_per_item");
        prop_assert!((in_points - want).abs() < 1e-9, "{} against {}", in_points, want);
    }
}
