//! How large each distortion is, on stories small enough for paper and pencil: critical items, promised and targeted in 7
//! days, on clocks that count every hour.

use crate::support::{POLICY, at, found, frame, item, straight, ten_items};
use domain::{
    event_name::EventName::{
        Closed, Decommissioned, Detected, ExceptionExpired, ExceptionGranted, FalsePositive, Paused, Redetected,
        Resumed, Seen, SeverityChanged, Ticketed, Verified,
    },
    severity::Severity,
    time::Timestamp,
    view::Verification::{Lenient, Strict},
};
use metrics::{
    answer::{Answer, WhyNot},
    distortion::{
        all,
        density::{NEAR_MIN, jump_at_deadline},
        downgrades::Downgrades,
        exceptions::{churn, excepted_seconds},
        ground::Ground,
        near_deadline::verdicts,
        paper_retirement::seen_after_retirement,
        period_end::{is_at_quarter_end, is_working_day},
        size::{Size, SizeUnit},
    },
    ledger::{Ledger, LedgerItem},
    share::Share,
};
use proptest::{collection::vec, prelude::*};

fn ground(items: &[LedgerItem]) -> Ground<'_> {
    Ground::of(items.iter().collect(), frame(100), Strict)
}

fn size(items: &[LedgerItem], id: &str, part: &str) -> Size {
    let sizes = all(&ground(items));
    *sizes.iter().find(|size| size.id == id && size.part == part).unwrap()
}

#[track_caller]
fn assert_size(items: &[LedgerItem], id: &str, part: &str, value: f64, count: u64) {
    let got = size(items, id, part).value;
    let (got_value, got_count) = (got.value().unwrap_or(f64::NAN), got.count().unwrap_or_default());
    assert!(
        (got_value - value).abs() < 1e-9 && got_count == count,
        "{id} {part}: {got:?}, expected {value} over {count}"
    );
}

#[track_caller]
fn assert_none(items: &[LedgerItem], id: &str, part: &str) {
    assert_eq!(size(items, id, part).value.value(), None, "{id} {part}");
}

/// In the worked example all five open items are past their promise; 60 % of the ended ones were in time, 30 % of all due.
#[test]
fn d1_open_items_past_their_promise() {
    let items = ten_items();
    assert_size(items.items(), "d1", "open_past_promised", 5.0, 10);
    assert_size(items.items(), "d1", "counted_as_late", 30.0 - 60.0, 10);
}

/// d waited for 2 of its 8 days: 6 days of 7 by the tool, 8 with the pause. One of six closed records flips.
#[test]
fn d2_pauses_and_the_records_they_save() {
    let items = ten_items();
    assert_size(items.items(), "d2", "paused", 2.0, 10);
    assert_size(items.items(), "d2", "met_by_pausing", 100.0 / 6.0, 6);
}

/// Closed on day 14, seen again on day 20: six days falsely closed, two records for one item.
#[test]
fn d3_resets_and_what_a_false_close_hid() {
    let items = [
        found("a", 10).on(14, Closed).on(20, Redetected).on(25, Closed).on(25, Verified).build(),
        straight("b", 10, 12).build(),
    ];
    // The four days of the first record were wiped by the second.
    assert_size(&items, "d3", "reset_or_falsely_closed", 4.0 + 6.0, 2);
    assert_size(&items, "d3", "records_beyond_items", 1.0, 3);
    assert_size(&items, "d18", "records_an_item", 1.5, 2);
}

fn lowered(id: &'static str, after_hours: i64) -> LedgerItem {
    let changed = found(id, 10).on(10, SeverityChanged).with(move |event| {
        event.at = event.at.plus(after_hours * 3_600);
        event.to = Some("low".into());
    });
    changed.build()
}

/// The target is 168 hours: 160 lie in its last tenth, 20 in its second, 200 beyond it. All three reached the first tenth.
#[test]
fn d4_severity_lowered_before_the_deadline() {
    let raised = found("d", 10).severity(Severity::Critical).build();
    let items = [lowered("a", 160), lowered("b", 20), lowered("c", 200), raised];
    let found = Downgrades::of(&ground(&items)).unwrap();
    // Records that run on since (three low ones and d) have reached every tenth within their 90 days of watching.
    assert_eq!(found.last_tenth().part(), 1);
    assert_eq!(found.by_tenth[1].part(), 1);
    assert_eq!(found.by_tenth.iter().map(|tenth| tenth.part()).sum::<u64>(), 2, "after the target nothing is saved");
    assert!(
        found.by_tenth.windows(2).all(|pair| pair[0].of() >= pair[1].of()),
        "who reaches a tenth has reached those before"
    );
    assert_eq!(found.earlier().part(), 1);
}

#[test]
fn d4_raising_severity_is_no_downgrade() {
    let raised =
        item("a").on(10, Detected).severity(Severity::Low).on(10, Ticketed).on(15, SeverityChanged).with(|event| {
            event.to = Some("critical".into());
        });
    let items = [raised.build()];
    assert_eq!(Downgrades::of(&ground(&items)).unwrap().by_tenth.iter().map(|tenth| tenth.part()).sum::<u64>(), 0);
}

fn day(text: &str) -> i64 {
    Timestamp::parse(&format!("{text}T12:00:00Z")).unwrap().day()
}

/// 31 March 2026 was a Tuesday: Tuesday, Monday and Friday are the last three working days.
#[test]
fn d5_the_last_three_working_days_of_a_quarter() {
    let is_end = |text| is_at_quarter_end(day(text), &POLICY);
    assert!(is_end("2026-03-31") && is_end("2026-03-30") && is_end("2026-03-27"));
    assert!(!is_end("2026-03-26") && !is_end("2026-03-28") && !is_end("2026-03-29"), "a weekend is no working day");
    assert!(!is_end("2026-04-01") && is_end("2025-12-31") && is_end("2026-06-30") && !is_end("2026-05-29"));
    assert!(is_working_day(day("2026-03-30"), &POLICY) && !is_working_day(day("2026-03-29"), &POLICY));
}

/// Day 0 of the stories is 2024-10-04; the quarter ends on day 88, a Tuesday.
#[test]
fn d5_closures_at_the_end_of_the_quarter() {
    assert_eq!(&at(88).to_string()[..10], "2024-12-31");
    let items = [
        straight("a", 10, 88).build(),
        straight("b", 10, 87).build(),
        straight("c", 10, 50).build(),
        straight("d", 10, 51).build(),
    ];
    assert_size(&items, "d5", "closed_at_quarter_end", 0.5, 4);
    // Days 0 to 99 hold 71 working days, three of them at the end of the quarter.
    assert_size(&items, "d5", "times_the_expected", 0.5 * 71.0 / 3.0, 4);
    assert_size(&items, "d5", "seen_again_by_chance_alone", 1.0, 4);
}

#[test]
fn d6_closures_that_came_back() {
    let items = [found("a", 10).on(14, Closed).on(20, Redetected).build(), found("b", 1).on(2, Closed).build()];
    assert_size(&items, "d6", "seen_again_in_90_days", 0.5, 2);
    assert_size(&items, "d6", "falsely_closed", 6.0, 2);
}

/// e waited four days for its ticket, j ninety and still does: nine of ten had theirs at once or after four days.
#[test]
fn d7_the_time_before_the_ticket() {
    let items = ten_items();
    assert_size(items.items(), "d7", "untracked", 94.0, 10);
    assert_size(items.items(), "d7", "median_to_ticket", 1.0 / 86_400.0, 10);
    let late =
        [item("a").on(10, Detected).on(15, Ticketed).build(), item("b").on(10, Detected).on(19, Ticketed).build()];
    assert_size(&late, "d7", "median_to_ticket", 5.0, 2);
}

/// Granted on day 12, expired on 20, granted again on 25 and again on 40 while it lasted: two renewals among three grants.
#[test]
fn d8_exceptions_that_do_not_end() {
    let renewed = found("a", 10)
        .on(12, ExceptionGranted)
        .on(20, ExceptionExpired)
        .on(25, ExceptionGranted)
        .on(40, ExceptionGranted)
        .build();
    assert_eq!(churn([&renewed.facts]), Share::new(2, 3).unwrap());
    assert_eq!(excepted_seconds(&renewed.facts, at(100)), 86_400 * (8 + 75));
    let late = found("b", 10).on(12, ExceptionGranted).on(20, ExceptionExpired).on(28, ExceptionGranted).build();
    assert_eq!(churn([&late.facts]), Share::new(0, 2).unwrap(), "eight days later it is a new one");
    let items = [renewed, late];
    assert_size(&items, "d8", "renewed", 0.4, 5);
    assert_size(&items, "d8", "excepted_over_a_year", 0.0, 2);
    assert_size(&items, "d8", "excepted", f64::from(8 + 75 + 8 + 72), 2);
}

#[test]
fn d9_too_few_near_the_deadline_have_no_density() {
    let items = ten_items();
    assert_eq!(
        size(items.items(), "d9", "jump_of_density").value.why_not(),
        Some(WhyNot::TooFew { count: 4, needed: NEAR_MIN + 1 })
    );
    let flat: Vec<f64> = (0..4_000).map(|n| 0.5 + f64::from(n) / 4_000.0).collect();
    let jump = jump_at_deadline(&flat).unwrap();
    assert!(jump.theta.abs() < 0.05 && jump.error > 0.0, "an even density does not jump: {jump:?}");
    // Every other one of those just late is moved to just in time.
    let moved = |(place, share): (usize, &f64)| {
        if place % 2 == 0 && *share > 1.0 && *share < 1.3 { 2.0 - share } else { *share }
    };
    let squeezed: Vec<f64> = flat.iter().enumerate().map(moved).collect();
    assert!(jump_at_deadline(&squeezed).unwrap().theta < -0.4, "closures thin out right after the target");
    assert_eq!(jump_at_deadline(&vec![0.9; 2_000]), Err(WhyNot::NoEvidence), "nobody beyond it");
}

#[test]
fn d10_what_the_excluded_classes_hold() {
    let class: &'static str = Box::leak(POLICY.excluded_classes[0].clone().into_boxed_str());
    let excluded = item("a").on(10, Detected).class(class).on(10, Ticketed).on(40, Closed).on(40, Verified).build();
    let items = [excluded, straight("b", 10, 15).build()];
    assert_size(&items, "d10", "reported_without_exclusions", 50.0 - 100.0, 2);
    assert_size(&items, "d10", "excluded_days", 30.0, 2);
    assert_size(&items, "d10", "share_of_exposure_excluded", 30.0 / 35.0, 2);
}

/// A medium weakness runs by office hours: of a whole week only the weekdays' hours are on the clock.
#[test]
fn d11_hours_off_the_calendar() {
    let low =
        item("a").on(10, Detected).severity(Severity::Medium).on(10, Ticketed).on(17, Closed).on(17, Verified).build();
    let off = size(&[low], "d11", "off_calendar").value.value().unwrap();
    assert!((2.0..7.0).contains(&off), "{off}");
    assert_size(ten_items().items(), "d11", "off_calendar", 0.0, 10);
}

/// One ticket over two assets, 10 and 4 days; another over one.
#[test]
fn d12_what_one_ticket_hides() {
    let on = |id, asset, ticket, end| {
        item(id).on(10, Detected).asset(asset).ticket(ticket).on(10, Ticketed).on(end, Closed).on(end, Verified).build()
    };
    let items = [on("a", "web-1", "T1", 20), on("b", "web-2", "T1", 14), on("c", "db-1", "T2", 30)];
    assert_size(&items, "d12", "exposures_a_ticket", 1.5, 2);
    assert_size(&items, "d12", "tickets_over_several_assets", 0.5, 2);
    assert_size(&items, "d12", "by_asset_beyond_by_ticket", 4.0, 2);
    assert_none(ten_items().items(), "d12", "exposures_a_ticket");
}

#[test]
fn d13_and_d14_the_tail_beside_the_mean() {
    let items = ten_items();
    assert_size(items.items(), "d13", "mean_as_reported", 29.0 / 6.0, 6);
    assert_size(items.items(), "d13", "mean_with_open_ones", 185.5, 10);
    assert_size(items.items(), "d13", "mean_age_of_open", 48.0, 5);
    assert!(matches!(
        size(items.items(), "d13", "nine_in_ten_ended").value,
        Answer::Unknown(WhyNot::NotReached { .. })
    ));
    assert_size(items.items(), "d14", "mean_with_open_ones_beyond_mean_of_ended", 179.5, 10);
}

/// Called false after 160 of 168 hours; closed after 165; called false after one day; closed after nine.
#[test]
fn d15_more_called_false_near_the_deadline() {
    let called_false = |id, hours: i64| {
        found(id, 10).on(10, FalsePositive).with(move |event| event.at = event.at.plus(hours * 3_600)).build()
    };
    let closed = |id, hours: i64| {
        found(id, 10).on(10, Closed).with(move |event| event.at = event.at.plus(hours * 3_600)).build()
    };
    let items = [called_false("a", 160), closed("b", 165), called_false("c", 24), closed("d", 216), closed("e", 30)];
    assert_eq!(verdicts(&ground(&items)), (Share::new(1, 2).unwrap(), Share::new(1, 3).unwrap()));
    assert_size(&items, "d15", "times_as_often", 1.5, 2);
}

/// Retired on day 20; another item of the same asset was seen on day 30.
#[test]
fn d16_retired_and_seen_later() {
    let retired = |id, asset| item(id).on(10, Detected).asset(asset).on(10, Ticketed).on(20, Decommissioned).build();
    let other = item("c").on(10, Detected).asset("web-1").on(30, Seen).build();
    let items = [retired("a", "web-1"), retired("b", "web-2"), other];
    let facts: Vec<_> = items.iter().map(|item| &item.facts).collect();
    assert_eq!(seen_after_retirement(&facts), Share::new(1, 2).unwrap());
    assert_size(&items, "d16", "retired_and_seen_later", 1.0, 2);
}

/// One critical record late, one low record met: 50 % of records, 1 of 11 by weight, 2 of 92 by days.
#[test]
fn d17_the_report_weighted_by_risk() {
    let low =
        item("b").on(10, Detected).severity(Severity::Low).on(10, Ticketed).on(12, Closed).on(12, Verified).build();
    let items = [straight("a", 10, 100 - 1).build(), low];
    assert_size(&items, "d17", "weighted_by_severity", 100.0 / 11.0 - 50.0, 2);
    assert_size(&items, "d17", "weighted_by_exposure", 100.0 * 2.0 / 91.0 - 50.0, 2);
}

#[test]
fn nobody_has_no_size() {
    let sizes = all(&ground(&[]));
    assert!(sizes.len() > 36, "{}", sizes.len());
    for size in &sizes {
        assert_eq!(size.value.value(), None, "{} {}", size.id, size.part);
    }
}

#[test]
fn every_distortion_has_a_size_and_no_part_stands_twice() {
    let sizes = all(&ground(ten_items().items()));
    let mut parts: Vec<(&str, &str)> = sizes.iter().map(|size| (size.id, size.part)).collect();
    for number in 1..=18 {
        let id = format!("d{number}");
        assert!(parts.iter().any(|(known, _)| *known == id), "{id}");
    }
    let count = parts.len();
    parts.sort_unstable();
    parts.dedup();
    assert_eq!(parts.len(), count);
}

fn any_item() -> impl Strategy<Value = LedgerItem> {
    (0_i64..60, 1_i64..20, 0_u8..6).prop_map(|(start, length, ending)| {
        let (open, end) = (found("x", start), start + length);
        match ending {
            0 => open,
            1 => open.on(end, Closed),
            2 => open.on(end, Closed).on(end + 2, Verified),
            3 => open.on(end, Closed).on(end + 3, Redetected).on(end + 8, Closed).on(end + 9, Verified),
            4 => open.on(start + 1, Paused).on(end, Resumed).on(end + 2, FalsePositive),
            _ => open.on(end, ExceptionGranted).on(end + 5, ExceptionExpired),
        }
        .build()
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    #[test]
    fn every_size_stays_inside_its_unit(items in vec(any_item(), 1..25), lenient in any::<bool>()) {
        let ledger = Ledger::new(items);
        let mode = if lenient { Lenient } else { Strict };
        for size in all(&Ground::of(ledger.items().iter().collect(), frame(100), mode)) {
            let Some(value) = size.value.value() else { continue };
            prop_assert!(value.is_finite(), "{} {}", size.id, size.part);
            let holds = match size.unit {
                SizeUnit::Share | SizeUnit::Probability => (0.0..=1.0).contains(&value),
                SizeUnit::Points => (-100.0..=100.0).contains(&value),
                SizeUnit::Ratio => value >= 0.0 || size.part == "jump_of_density",
                SizeUnit::Days | SizeUnit::Count => true,
            };
            prop_assert!(holds, "{} {}: {}", size.id, size.part, value);
            prop_assert!(size.value.count().is_some_and(|count| count > 0), "{} {} over nobody", size.id, size.part);
        }
    }
}
