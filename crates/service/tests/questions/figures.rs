//! Do the figures agree with the analysis and with each other?

use crate::organisation::{ALL_ROWS, frame};
use crate::organisation::{SMALL, assert_close, clocks_of, gap_of, lenient};
use domain::{label::Label, time::Timestamp};
use metrics::{
    answer::{Answer, WhyNot},
    ledger::Filter,
};
use service::question::{clocks::Grouping, gap::largest, items::items};

/// The reference figures of the organisation: `org-small/expected.json`.
#[test]
fn the_pages_show_the_figures_of_the_analysis() {
    let gap = gap_of(&Filter::default());
    assert_close(gap.reported.value().unwrap() * 100.0, 95.571_095_571_095_57);
    assert_eq!((gap.records.of(), gap.exempt_records), (429, 141));
    assert_close(gap.days.tool_mean.value().unwrap(), 15.652_650_985_403_808);
    assert_close(gap.days.median_strict.value().unwrap(), 192.059_027_777_777_77);
    assert_close(gap.days.median_lenient.value().unwrap(), 116.494_513_888_888_89);
    assert_close(gap.days.promised_mean.unwrap(), 44.867_684_478_371_5);
    assert_close(gap.days.over_promise.unwrap(), 4.280_564_731_847_483);
    assert_eq!((gap.flow.arrivals, gap.flow.resolved, gap.flow.open_now), (262, 209, 188));
    let kev = gap.left_out.exploited_on_time;
    assert_eq!((kev.part(), kev.of()), (1, 16));
    assert_eq!((gap.left_out.closures, gap.left_out.closures_seen_again), (403, 148));
    assert_close(gap.left_out.seen_again_in_90_days.value().unwrap(), 0.389_446_000_805_353_3);
    let clocks = clocks_of(&Filter::default());
    assert_eq!((clocks.strict.rows, clocks.strict.ended, clocks.lenient.ended), (393, 205, 256));
    assert_close(clocks.strict.mean_within_horizon.value().unwrap(), 197.419_412_953_921_78);
    assert_close(clocks.strict.mean_of_ended.value().unwrap(), 170.531_299_627_371_25);
    let year = clocks.strict.open_share.iter().find(|(age, _)| *age == 365).unwrap();
    assert_close(year.1.value().unwrap(), 0.259_603_527_413_158_3);
}

#[test]
fn both_pages_say_the_same_where_they_speak_of_the_same() {
    for filter in [Filter::default(), lenient(), Filter { team: Some("platform".into()), ..Filter::default() }] {
        let (gap, clocks) = (gap_of(&filter), clocks_of(&filter));
        assert_eq!(gap.basis, clocks.basis);
        assert_eq!(gap.days.median_strict, clocks.strict.median);
        assert_eq!(gap.days.median_lenient, clocks.lenient.median);
        assert_eq!(gap.days.promised_mean, clocks.promised_mean);
        assert_eq!(gap.days.tool_mean, clocks.tool_mean);
    }
}

#[test]
fn the_parts_of_the_time_add_up_to_the_whole() {
    let time = gap_of(&Filter::default()).time;
    assert_eq!(time.parts.len(), Label::ALL.len());
    assert_eq!(time.parts.iter().map(|part| part.seconds).sum::<i64>(), time.total_seconds);
    let shares: f64 = time.parts.iter().filter_map(|part| part.share).sum();
    assert_close(shares, 1.0);
    let told = largest(&time, 5);
    assert_eq!(told.len(), 5);
    assert!(told.windows(2).all(|pair| pair[0].seconds >= pair[1].seconds));
    assert_eq!(told[0].label, Label::OffCalendar);
}

#[test]
fn a_filter_that_keeps_nobody_gives_no_value_anywhere() {
    let nobody = Filter { team: Some("no such team".to_owned()), ..Filter::default() };
    let (gap, clocks) = (gap_of(&nobody), clocks_of(&nobody));
    let none = Answer::Unknown(WhyNot::NoEvidence);
    for answer in
        [gap.reported, gap.on_time, gap.on_time_lenient, gap.apart, gap.days.tool_mean, gap.days.median_strict]
    {
        assert_eq!(answer, none);
    }
    assert_eq!((gap.days.promised_mean, gap.days.over_promise, gap.time.board_share), (None, None, None));
    assert_eq!(gap.left_out.seen_again_in_90_days, none);
    assert_eq!((clocks.open_at_promise, clocks.reported_open_at_promise), (none, None));
    let curve = &clocks.strict;
    for answer in [curve.median, curve.p25, curve.p75, curve.p90, curve.mean_of_ended, curve.mean_within_horizon] {
        assert_eq!(answer, none);
    }
    assert!(curve.open_share.iter().all(|(_, open)| *open == none) && curve.points.is_empty());
    assert!(clocks.comparisons.iter().all(|comparison| comparison.test.is_none()));
    assert_eq!(items(&SMALL.ledger, &nobody, &frame(), &ALL_ROWS).rows, []);
}

#[test]
fn a_few_items_say_too_few_and_not_a_number() {
    let few = Filter { text: Some(SMALL.ledger.items()[0].id.to_string()), ..Filter::default() };
    let gap = gap_of(&few);
    assert_eq!(gap.basis.items, 1);
    assert!(gap.reported.value().is_none() && gap.days.median_strict.value().is_none());
}

#[test]
fn groups_share_out_the_items_and_are_compared() {
    let clocks = clocks_of(&Filter::default());
    for comparison in &clocks.comparisons {
        let total: u64 = comparison.groups.iter().map(|group| group.items).sum();
        assert_eq!(total, clocks.basis.items, "{:?}", comparison.by);
        let rows: u64 = comparison.groups.iter().map(|group| group.curve.rows).sum();
        assert_eq!(rows, clocks.strict.rows, "{:?}", comparison.by);
    }
    let of = |by| clocks.comparisons.iter().find(|comparison| comparison.by == by).unwrap();
    let severities = of(Grouping::Severity);
    let keys: Vec<&str> = severities.groups.iter().map(|group| group.key.as_str()).collect();
    assert_eq!(keys, ["critical", "high", "medium", "low"], "worst first");
    let test = severities.test.unwrap();
    assert_close(test.chi_square, 28.803_497_089_450_804);
    assert_eq!(test.freedom, 3);
    assert_close(of(Grouping::Team).test.unwrap().p, 0.159_960_937_914_598);
}

#[test]
fn a_curve_is_drawn_from_its_steps_and_watched_ages() {
    let curve = clocks_of(&Filter::default()).strict;
    assert!(curve.points.windows(2).all(|pair| pair[0].days < pair[1].days && pair[0].open >= pair[1].open));
    assert!(curve.points.iter().all(|point| point.lower <= point.open && point.open <= point.upper));
    assert_eq!(curve.at_risk[0].0, 0);
    let watched = |age: i64| metrics::real::days(Timestamp::start_of_day(age).seconds()) <= curve.observed;
    assert!(curve.at_risk.iter().all(|(age, _)| watched(*age)));
    assert!(!curve.censored.is_empty() && curve.censored.len() <= 60);
}
