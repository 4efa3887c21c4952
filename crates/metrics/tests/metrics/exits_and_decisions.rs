//! First exits by cause, ends by age, and waits for decisions.

use crate::support::{assert_close, at, days, ended, found, frame, item, open, watched};
use domain::{
    event_name::EventName::{
        Authorised, Closed, Decommissioned, Detected, Escalated, ExceptionExpired, ExceptionGranted, FalsePositive,
        Verified,
    },
    view::Verification::{Lenient, Strict},
};
use metrics::{
    decision::Waits,
    ledger::LedgerItem,
    survival::{
        competing::Exits,
        hazard::{WINDOWS_DAYS, hazard},
        row::Row,
    },
};
use proptest::{collection::vec, prelude::*};

fn exits(items: &[LedgerItem]) -> Exits {
    Exits::of(items.iter().map(|item| &item.facts), &frame(100).view, Strict)
}

/// Four items from day 0: fixed on day 10, accepted on day 20, retired on day 30, open. Each takes a quarter with it.
#[test]
fn every_cause_takes_its_share() {
    let items = [
        found("a", 0).on(10, Closed).on(10, Verified).build(),
        found("b", 0).on(20, ExceptionGranted).build(),
        found("c", 0).on(30, Decommissioned).build(),
        found("d", 0).build(),
    ];
    let exits = exits(&items);
    assert_eq!((exits.rows(), exits.ages()), (4, 3));
    let check = |day: i64, want: [f64; 4]| {
        exits.left_at(days(day)).into_iter().zip(want).for_each(|(got, want)| assert_close(got, want));
    };
    check(9, [0.0; 4]);
    check(10, [0.25, 0.0, 0.0, 0.0]);
    check(25, [0.25, 0.25, 0.0, 0.0]);
    check(365, [0.25, 0.25, 0.25, 0.0]);
    assert!(exits.largest_misfit() < 1e-12);
}

/// One of two leaves by its only cause: variance (0.5² · 1 / (2 · 1)) of the survival, which is all there is: 1/8.
#[test]
fn with_one_cause_the_error_is_greenwoods() {
    let items = [found("a", 0).on(10, Closed).on(10, Verified).build(), found("b", 0).build()];
    let [fixed, accepted, _, _] = exits(&items).errors_at(days(365));
    assert_close(fixed, 0.125_f64.sqrt());
    assert_close(accepted, 0.0);
}

#[test]
fn only_the_first_exit_counts() {
    let accepted_then_fixed =
        found("a", 0).on(5, ExceptionGranted).on(9, ExceptionExpired).on(20, Closed).on(20, Verified).build();
    let [fixed, accepted, _, _] = exits(&[accepted_then_fixed]).left_at(days(365));
    assert_close(fixed, 0.0);
    assert_close(accepted, 1.0);
}

#[test]
fn a_judgement_that_it_was_not_real_is_an_exit_here() {
    let [_, _, _, not_real] = exits(&[found("a", 0).on(5, FalsePositive).build()]).left_at(days(5));
    assert_close(not_real, 1.0);
}

#[test]
fn a_believed_close_is_an_exit_in_lenient_mode_only() {
    let items = [found("a", 0).on(5, Closed).build()];
    assert_close(exits(&items).left_at(days(50))[0], 0.0);
    let lenient = Exits::of([&items[0].facts], &frame(100).view, Lenient);
    assert_close(lenient.left_at(days(50))[0], 1.0);
}

#[test]
fn who_left_before_anybody_watched_is_not_counted() {
    let items = [found("a", 0).on(5, Closed).on(5, Verified).build(), found("b", 0).build()];
    let exits = Exits::of(items.iter().map(|item| &item.facts), &watched(10, 100).view, Strict);
    assert_eq!(exits.rows(), 1);
}

/// Up to day 7: one ends at 3, one at 7, one is watched from 5 to 9: 3 + 7 + 2 = 12 days and 2 ends.
#[test]
fn ends_are_counted_for_each_day_under_watch() {
    let rows = [ended(3), ended(7), Row { entry: days(5), ..open(9) }];
    let windows = hazard(&rows);
    assert_eq!(windows.len(), WINDOWS_DAYS.len());
    assert_eq!(windows[0].ended, 2);
    assert_close(windows[0].person_days, 12.0);
    assert_close(windows[0].a_day().unwrap(), 2.0 / 12.0);
    assert_close(windows[1].person_days, 2.0);
    assert_close(windows[1].a_day().unwrap(), 0.0);
}

/// No end in 10 days: the upper limit is −ln .025 / 10, the lower one 0.
#[test]
fn nothing_seen_still_has_an_upper_limit() {
    let window = hazard(&[Row { entry: days(10), ..open(20) }])[1];
    let (lower, upper) = window.limits().unwrap();
    assert_close(lower, 0.0);
    assert!((upper - 3.688_879_454_113_936 / 10.0).abs() < 1e-12, "{upper}");
    assert_eq!(hazard(&[])[0].limits(), None, "nobody was watched");
    assert_eq!(hazard(&[])[0].a_day(), None);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn the_windows_share_out_all_days_and_ends_of_a_year(lives in vec((0_i64..200, 1_i64..160, any::<bool>()), 0..40)) {
        let rows: Vec<Row> =
            lives.iter().map(|(entry, length, ended)| Row { entry: days(*entry), exit: days(entry + length), ended: *ended }).collect();
        let windows = hazard(&rows);
        let watched: f64 = windows.iter().map(|window| window.person_days).sum();
        let want: i64 = rows.iter().map(|row| row.exit - row.entry).sum();
        prop_assert!((watched - metrics::real::days(want)).abs() < 1e-6);
        prop_assert_eq!(windows.iter().map(|window| window.ended).sum::<u64>(), rows.iter().filter(|row| row.ended).count() as u64);
    }

    #[test]
    fn open_and_left_always_add_up_to_one(lives in vec((0_i64..60, 1_i64..40, 0_u8..5), 1..30)) {
        let items: Vec<LedgerItem> = lives
            .iter()
            .map(|(start, length, ending)| {
                let found = item("x").on(*start, Detected);
                let end = start + length;
                match ending {
                    0 => found,
                    1 => found.on(end, Verified),
                    2 => found.on(end, Decommissioned),
                    3 => found.on(end, FalsePositive),
                    _ => found.on(end, ExceptionGranted),
                }
                .build()
            })
            .collect();
        let exits = Exits::of(items.iter().map(|item| &item.facts), &watched(20, 100).view, Strict);
        prop_assert!(exits.largest_misfit() < 1e-12);
        let left: f64 = exits.left_at(days(365)).iter().sum();
        prop_assert!((-1e-12..=1.0 + 1e-12).contains(&left));
        prop_assert!(exits.errors_at(days(365)).iter().all(|error| (0.0..1.0).contains(error)));
    }
}

/// Asked on day 1, asked again on day 2 (the same wait), answered on day 4; asked on day 6, still waiting on day 10.
#[test]
fn a_question_asked_again_is_the_same_wait() {
    let mut waits = Waits::default();
    let events = [(Escalated, 1), (Escalated, 2), (Authorised, 4), (Authorised, 5), (Escalated, 6)];
    waits.add(events.map(|(name, day)| (name, at(day))), at(10));
    let curve = waits.curve();
    assert_eq!((curve.rows(), curve.ended()), (2, 1));
    assert_eq!(curve.quantile(0.5), Some(days(3)));
}

#[test]
fn an_answer_nobody_asked_for_is_no_wait() {
    let mut waits = Waits::default();
    waits.add([(Authorised, at(3)), (Detected, at(4))], at(10));
    assert_eq!(waits.curve().rows(), 0);
}
