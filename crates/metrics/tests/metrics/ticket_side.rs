//! The SLA report, promises, closures and outside deadlines, told in days.

use crate::support::{CALENDAR, POLICY, assert_close, at, days, found, frame, item, straight, ten_items, watched};
use domain::{
    event_name::EventName::{
        Closed, Detected, ExceptionGranted, FalsePositive, Paused, Redetected, Resumed, Ticketed, Verified,
    },
    severity::Severity,
    view::Verification::{Lenient, Strict},
};
use metrics::{
    answer::{Answer, WhyNot},
    flow::is_past_promised,
    kev,
    labels::{by_size, share_of, where_time_went},
    ledger::{Ledger, LedgerItem},
    level::Level,
    matured::{Promise, mean_promised_days, on_time, promise, promised_by},
    recurrence::Recurrence,
    share::{Share, difference},
    sla::{ShownClock, SlaReport, is_excluded, report_records, shown_clock, shown_open},
};

fn report(items: &[LedgerItem]) -> SlaReport {
    SlaReport::of(items.iter().map(|item| &item.facts), &POLICY)
}

/// a (2 days), b (3), c (5), d (8 less 2 of waiting), e (8 from its ticket), i (5) closed, h exempt; target 7 days.
#[test]
fn the_report_counts_closed_and_exempt_records_and_nothing_else() {
    let ledger = ten_items();
    let report = SlaReport::of(ledger.facts(), &POLICY);
    assert_eq!((report.met.part(), report.met.of(), report.exempt, report.closed), (6, 7, 1, 6));
    assert_eq!(report.closed_elapsed_seconds, days(2 + 3 + 5 + 6 + 8 + 5));
    assert_eq!(report.of_severity(Severity::Critical), report.met);
    assert_eq!(report.of_severity(Severity::Low).percent(), None, "no record of that severity: no value, not 0");
}

#[test]
fn a_record_exactly_at_its_target_is_met_and_a_second_later_is_not() {
    let exactly = straight("a", 10, 17).build();
    assert_eq!(report(&[exactly]).met.value(), Some(1.0));
    let later = found("b", 10).on(17, Closed).with(|event| event.at = event.at.plus(1)).build();
    assert_eq!(report(&[later]).met.value(), Some(0.0));
}

#[test]
fn excluded_classes_leave_the_report_and_stay_in_everything_else() {
    let excluded = POLICY.excluded_classes.first().expect("the built-in policy excludes a class");
    let class: &'static str = Box::leak(excluded.clone().into_boxed_str());
    let item = item("a").on(10, Detected).class(class).on(10, Ticketed).on(30, Closed).on(30, Verified).build();
    assert!(is_excluded(&item.facts, &POLICY));
    assert_eq!(report_records(&item.facts, &POLICY).count(), 0);
    let items = [item];
    assert_eq!(report(&items).met.value(), None);
    let view = frame(100).view;
    assert_eq!(on_time(items.iter().map(|item| &item.facts), &POLICY, &view, Strict), Share::new(0, 1).unwrap());
}

#[test]
fn reports_over_parts_join_to_the_report_over_all() {
    let ledger = ten_items();
    let (first, rest) = ledger.items().split_at(4);
    let mut joined = report(first);
    joined.join(&report(rest));
    assert_eq!(joined, report(ledger.items()));
}

/// Promised in 7 days from detection on day 10: kept on day 17, broken a day later, not due before day 17 has passed.
#[test]
fn a_promise_is_due_once_its_day_has_passed() {
    let of = |end: i64, as_of: i64| promise(&straight("a", 10, end).build().facts, &POLICY, &frame(as_of).view, Strict);
    assert_eq!(promised_by(&straight("a", 10, 20).build().facts, &POLICY), at(17));
    assert_eq!(of(17, 100), Promise::Kept);
    assert_eq!(of(18, 100), Promise::Broken);
    assert_eq!(of(12, 17), Promise::NotDue, "the promised second itself has not passed");
    assert_eq!(of(12, 18), Promise::Kept);
}

#[test]
fn what_was_there_before_anybody_watched_promises_nothing() {
    let item = straight("a", 10, 12).build();
    assert_eq!(promise(&item.facts, &POLICY, &watched(11, 100).view, Strict), Promise::NotDue);
    assert_eq!(promise(&item.facts, &POLICY, &watched(10, 100).view, Strict), Promise::Kept);
}

#[test]
fn a_false_positive_promises_nothing_and_a_retired_one_is_gone() {
    let not_real = found("a", 10).on(12, FalsePositive).build();
    assert_eq!(promise(&not_real.facts, &POLICY, &frame(100).view, Strict), Promise::NotDue);
    let retired = found("b", 10).on(12, domain::event_name::EventName::Decommissioned).build();
    assert_eq!(promise(&retired.facts, &POLICY, &frame(100).view, Strict), Promise::Kept);
}

#[test]
fn closing_without_a_check_keeps_a_promise_only_where_closures_are_believed() {
    let closed = found("a", 10).on(12, Closed).build();
    let view = frame(100).view;
    assert_eq!(promise(&closed.facts, &POLICY, &view, Strict), Promise::Broken);
    assert_eq!(promise(&closed.facts, &POLICY, &view, Lenient), Promise::Kept);
}

/// Critical is promised in 7 days, low in 84: (7 + 84) / 2 = 45.5.
#[test]
fn promised_days_are_weighted_as_the_curve_is() {
    let items = [straight("a", 10, 12).build(), item("b").on(10, Detected).severity(Severity::Low).build()];
    let mean = mean_promised_days(items.iter().map(|item| &item.facts), &POLICY, &frame(100).view, Strict);
    assert_close(mean.unwrap(), 45.5);
    assert_eq!(mean_promised_days([], &POLICY, &frame(100).view, Strict), None);
}

#[test]
fn an_item_is_past_its_promise_only_while_it_is_open() {
    let late = |item: &LedgerItem| is_past_promised(&item.facts, &POLICY, &frame(100).view, Strict);
    assert!(late(&found("a", 92).build()), "8 days old");
    assert!(!late(&found("b", 93).build()), "exactly 7 days old");
    assert!(!late(&straight("c", 10, 50).build()), "it ended");
}

/// Three closures: seen again after 5 days, after 40, and never in 60: S(30) = 2/3, S(90) = 2/3 · 1/2.
#[test]
fn closures_are_followed_until_they_are_seen_again() {
    let items = [
        found("a", 0).on(40, Closed).on(45, Redetected).build(),
        found("b", 0).on(40, Closed).on(80, Redetected).build(),
        found("c", 0).on(40, Closed).build(),
    ];
    let recurrence = Recurrence::of(items.iter().map(|item| &item.facts), at(100));
    assert_eq!((recurrence.closures(), recurrence.seen_again()), (3, 2));
    assert_close(recurrence.within_days(30).unwrap(), 1.0 / 3.0);
    assert_close(recurrence.within_days(90).unwrap(), 2.0 / 3.0);
    assert_eq!(Recurrence::of([], at(100)).within_days(30), None);
}

#[test]
fn an_outside_deadline_counts_once_it_has_come_and_is_met_by_any_end() {
    let due = |day: i64, end: i64| item("a").on(10, Detected).due(day).on(end, Verified).build();
    let share = |item: LedgerItem| kev::on_time([&item.facts], at(100), Strict);
    assert_eq!(share(due(20, 20)), Share::new(1, 1).unwrap(), "ended in the very second");
    assert_eq!(share(due(20, 21)), Share::new(0, 1).unwrap());
    assert_eq!(share(due(100, 21)), Share::default(), "not due before the end of the view");
    let not_real = item("a").on(10, Detected).due(20).on(15, FalsePositive).build();
    assert_eq!(share(not_real), Share::new(1, 1).unwrap());
}

#[test]
fn labels_add_up_to_the_wall_clocks_and_are_told_largest_first() {
    let ledger = ten_items();
    let labels = where_time_went(ledger.facts(), at(100), Strict, &CALENDAR);
    let wall: i64 = ledger.facts().map(|facts| facts.wall_seconds(at(100), Strict)).sum();
    assert_eq!((labels.total(), wall), (days(270), days(270)));
    let sizes = by_size(&labels);
    let words: Vec<&str> = sizes.iter().map(|(label, _)| label.as_str()).collect();
    assert_eq!(words, ["untracked", "on_clock_final", "closed_unverified", "exception", "paused"]);
    let shares: f64 = sizes.iter().map(|(label, _)| share_of(&labels, *label).unwrap()).sum();
    assert_close(shares, 1.0);
}

#[test]
fn in_lenient_mode_the_time_after_a_standing_close_is_no_ones() {
    let ledger = ten_items();
    let strict = where_time_went(ledger.facts(), at(100), Strict, &CALENDAR);
    let lenient = where_time_went(ledger.facts(), at(100), Lenient, &CALENDAR);
    assert_eq!(strict.total() - lenient.total(), days(55), "i was closed 55 days ago");
}

#[test]
fn an_exception_stops_the_report_and_not_the_exposure() {
    let item = found("a", 10).on(15, ExceptionGranted).build();
    assert_eq!(report(std::slice::from_ref(&item)).met.percent(), Some(100.0));
    assert_eq!(item.facts.wall_seconds(at(100), Strict), days(90));
}

/// 6 of 7 by Wilson at 90 %: centre (p + z²/2n) / (1 + z²/n), half z sqrt(p q / n + z²/4n²) / (1 + z²/n).
#[test]
fn a_share_carries_the_interval_of_wilson() {
    let Answer::Known { value, count, interval: Some(range) } = Share::new(6, 7).unwrap().answer(Level::Ninety) else {
        panic!("six of seven is known")
    };
    let (p, n, z): (f64, f64, f64) = (6.0 / 7.0, 7.0, 1.644_853_626_951_472_2);
    let (centre, scale) = (p + z * z / (2.0 * n), 1.0 + z * z / n);
    let half = z * (p * (1.0 - p) / n + z * z / (4.0 * n * n)).sqrt();
    assert_close(value, p);
    assert_eq!((count, range.level.to_bits()), (7, 0.9_f64.to_bits()));
    assert_close(range.lower.unwrap(), (centre - half) / scale);
    assert_close(range.upper.unwrap(), (centre + half) / scale);
}

#[test]
fn none_and_all_have_intervals_that_end_at_none_and_all() {
    let ends = |part| {
        let range = Share::new(part, 20).unwrap().answer(Level::Ninety).interval().unwrap();
        (range.lower.unwrap(), range.upper.unwrap())
    };
    let ((none_lower, none_upper), (all_lower, all_upper)) = (ends(0), ends(20));
    assert_eq!((none_lower.to_bits(), all_upper.to_bits()), (0.0_f64.to_bits(), 1.0_f64.to_bits()));
    assert!(0.05 < none_upper && none_upper < 0.2 && 0.8 < all_lower && all_lower < 0.95);
    assert_close(none_upper, 1.0 - all_lower);
}

#[test]
fn a_share_of_nobody_has_no_value_and_a_part_never_exceeds_its_whole() {
    assert_eq!(Share::default().answer(Level::Ninety), Answer::Unknown(WhyNot::NoEvidence));
    assert_eq!((Share::default().value(), Share::default().percent()), (None, None));
    assert_eq!(Share::new(3, 2), None);
}

#[test]
fn two_shares_far_apart_differ_beyond_noise_and_equal_ones_do_not() {
    let share = |part, of| Share::new(part, of).unwrap();
    let range = |paper, practice| difference(paper, practice, Level::Ninety).interval().unwrap();
    let apart = range(share(95, 100), share(20, 100));
    assert!(apart.lower.unwrap() > 0.6 && apart.upper.unwrap() < 0.85);
    let same = range(share(50, 100), share(50, 100));
    assert!(same.lower.unwrap() < 0.0 && same.upper.unwrap() > 0.0);
    assert_close(same.lower.unwrap(), -same.upper.unwrap());
    let nobody = difference(share(1, 2), Share::default(), Level::Ninety);
    assert_eq!(nobody, Answer::Unknown(WhyNot::NoEvidence));
}

#[test]
fn below_the_minimum_an_answer_says_too_few() {
    let answer = Share::new(3, 9).unwrap().answer(Level::Ninety);
    assert_eq!(answer.from_at_least(10).why_not(), Some(WhyNot::TooFew { count: 9, needed: 10 }));
    assert_eq!(answer.from_at_least(9), answer);
    assert_eq!(answer.map(|share| share * 100.0).value().map(f64::round), Some(33.0));
}

#[test]
fn a_ledger_lists_its_items_in_the_order_of_their_ids() {
    let ledger = Ledger::new(vec![found("b", 1).build(), found("a", 2).build(), found("B", 3).build()]);
    let ids: Vec<&str> = ledger.items().iter().map(|item| &*item.id).collect();
    assert_eq!(ids, ["B", "a", "b"]);
}

/// Ticketed on day 90, waiting from 92 to 94 and again from 97; seen on day 99: 9 days less 2 less 2 = 5 of 7.
#[test]
fn what_the_tool_shows_of_a_running_record_stands_still_while_the_ticket_waits() {
    let waiting = found("a", 90).on(92, Paused).on(94, Resumed).on(97, Paused).build();
    let shown = |day| shown_clock(&waiting.facts, &frame(day));
    assert_eq!(shown(99), Some(ShownClock { elapsed_seconds: days(5), target_seconds: days(7) }));
    assert_eq!(shown(300), shown(99), "a wait that never ends is shown in time for ever");
    let working = found("b", 90).build();
    let at_target = shown_clock(&working.facts, &frame(97)).unwrap();
    assert!(at_target.is_in_time(), "exactly at its target is in time");
    assert!(!shown_clock(&working.facts, &frame(98)).unwrap().is_in_time());
    assert_eq!(shown_clock(&straight("c", 90, 95).build().facts, &frame(99)), None, "a closed record runs no more");
    let facts = [&waiting.facts, &working.facts];
    assert_eq!(shown_open(facts, &frame(99)), Share::new(1, 2).unwrap());
}
