//! Curves small enough for paper and pencil.

use crate::support::{TEN_ROWS, assert_close, days, ended, open, straight, watched};
use domain::view::Verification;
use metrics::{
    answer::{Answer, WhyNot},
    level::Level,
    survival::{
        curve::Curve,
        life_table::{AgeRow, LifeTable},
        log_rank::{log_rank, stratified_log_rank},
        row::{Row, rows_of},
        summary::Summary,
    },
};

fn curve(rows: &[Row]) -> Curve {
    Curve::of(&LifeTable::of(rows))
}

fn late(entry: i64, exit: i64) -> Row {
    Row { entry: days(entry), ..ended(exit) }
}

/// Ten items: ended at 2, 3, 5, 8, 12 days, five still open. S = .9 .8 .7 .6 .5, so half have ended at day 12;
/// the mean of the five ended ones is 6; the area to day 90 is 2 + .9 + 1.6 + 2.1 + 2.4 + 39 = 48.
#[test]
fn the_median_counts_those_still_open() {
    let summary = Summary::of(&TEN_ROWS, 90, Level::NinetyFive).unwrap();
    assert_eq!(summary.median, Some(days(12)));
    assert_eq!((summary.p75, summary.p90), (None, None));
    assert_close(summary.restricted_mean / 86_400.0, 48.0);
    assert_close(summary.mean_of_ended_days.unwrap(), 6.0);
    let shares: Vec<f64> = summary.curve.steps().iter().map(|step| step.open).collect();
    for (got, want) in shares.iter().zip([0.9, 0.8, 0.7, 0.6, 0.5]) {
        assert_close(*got, want);
    }
    assert_eq!(summary.curve.conditional_from(), None);
}

/// The team of the story above then closes its five old ones: the mean of ended ones jumps from 6 to 27 days while the
/// backlog gets healthier, and the median stays.
#[test]
fn closing_old_ones_raises_the_mean_of_ended_ones_and_leaves_the_median() {
    let all_ended = TEN_ROWS.map(|row| Row { ended: true, ..row });
    let summary = Summary::of(&all_ended, 90, Level::NinetyFive).unwrap();
    assert_close(summary.mean_of_ended_days.unwrap(), 27.0);
    assert_eq!(summary.median, Some(days(12)));
}

/// With an even number and no censoring the product should hit one half exactly; in floating point it often misses.
#[test]
fn the_median_of_an_even_number_is_its_lower_middle() {
    for count in (2_i64..=198).step_by(2) {
        let rows: Vec<Row> = (1..=count).map(ended).collect();
        assert_eq!(curve(&rows).quantile(0.5), Some(days(count / 2)), "{count} rows");
    }
}

/// Greenwood at day 12: sum of 1 / (n (n - 1)) for n = 10 to 6 = 1/5 - 1/10 = 0.1; S = .5, so
/// w = 1.96 · sqrt(.1) / ln .5 = −0.894181, and the band is .5^e^.894181 to .5^e^−.894181.
#[test]
fn the_band_is_symmetric_on_the_log_log_scale() {
    let curve = curve(&TEN_ROWS);
    let last = curve.steps().last().unwrap();
    assert_close(last.greenwood, 0.1);
    let w: f64 = 1.959_963_984_540_054 * 0.1_f64.sqrt() / 0.5_f64.ln();
    let (lower, upper) = last.band(Level::NinetyFive);
    assert_close(lower, 0.5_f64.powf((-w).exp()));
    assert_close(upper, 0.5_f64.powf(w.exp()));
    let (narrow_lower, narrow_upper) = last.band(Level::Ninety);
    assert!(lower < narrow_lower && narrow_upper < upper, "less sure is narrower");
}

#[test]
fn a_curve_at_one_or_nought_has_no_width() {
    let curve = curve(&[ended(3), ended(3)]);
    let last = curve.steps().last().unwrap();
    assert_close(last.open, 0.0);
    assert_eq!(last.band(Level::NinetyFive), (0.0, 0.0));
    assert_eq!(curve.quantile_interval(0.5, Level::NinetyFive), (Some(days(3)), Some(days(3))));
}

/// One ends at day 5 while another is censored there: the censored one was still at risk, so S = 1/2.
#[test]
fn events_come_before_censorings_at_the_same_age() {
    let curve = curve(&[ended(5), open(5)]);
    assert_close(curve.open_at(days(5)), 0.5);
    assert_close(curve.open_at(days(5) - 1), 1.0);
}

/// An entry at the age of an event comes after it: at day 5 only one of the two is at risk.
#[test]
fn who_enters_at_an_age_is_not_at_risk_there() {
    let table = LifeTable::of(&[ended(5), late(5, 9)]);
    let want = [AgeRow { age: days(5), ended: 1, at_risk: 1 }, AgeRow { age: days(9), ended: 1, at_risk: 1 }];
    assert_eq!(table.ages(), want);
    assert_eq!((table.at_risk(days(5)), table.at_risk(days(5) + 1)), (1, 1));
}

/// One item of the window ends at day 1 while it is alone: without the rule S would be 0 for ever.
#[test]
fn ages_before_ten_are_watched_are_left_out_once_somebody_entered_late() {
    let mut rows = vec![ended(1)];
    rows.extend((0..12).map(|more| late(2, 5 + more)));
    let curve = curve(&rows);
    assert_eq!(curve.conditional_from(), Some(days(5)));
    assert_close(curve.open_at(days(5)), 11.0 / 12.0);
    assert_close(curve.open_at(days(1)), 1.0);
    // Nobody entered late: every age counts, however few are watched.
    let alone = Curve::of(&LifeTable::of(&[ended(1), open(20)]));
    assert_eq!(alone.conditional_from(), None);
    assert_close(alone.open_at(days(1)), 0.5);
}

/// Never ten at risk: the rule would leave nothing, so every age is used.
#[test]
fn with_fewer_than_ten_throughout_every_age_is_used() {
    let rows: Vec<Row> = (0..9).map(|more| late(1, 5 + more)).collect();
    let curve = curve(&rows);
    assert_eq!(curve.conditional_from(), None);
    assert_eq!(curve.steps().len(), 9);
}

#[test]
fn what_was_over_before_anybody_watched_has_no_row() {
    let frame = watched(50, 100);
    let rows = |start, end| {
        let item = straight("a", start, end).build();
        rows_of(&item.facts, &frame.view, Verification::Strict).collect::<Vec<_>>()
    };
    assert_eq!(rows(10, 20), []);
    assert_eq!(rows(10, 50), [], "it ended at the very second watching began");
    assert_eq!(rows(10, 51), [late(40, 41)]);
    assert_eq!(rows(60, 61), [ended(1)]);
}

#[test]
fn a_life_of_no_time_lasts_a_second() {
    let item = straight("a", 10, 10).build();
    let frame = watched(0, 100);
    let rows: Vec<Row> = rows_of(&item.facts, &frame.view, Verification::Strict).collect();
    assert_eq!(rows, [Row { entry: 0, exit: 1, ended: true }]);
}

/// One ends at day 4 of two: area to 10 = 4 + 6 · .5 = 7; the error is (6 · .5) · sqrt(1 / (2 · 1)).
#[test]
fn the_mean_within_a_horizon_and_its_error() {
    let (mean, error) = curve(&[ended(4), open(30)]).restricted_mean(days(10));
    assert_close(mean / 86_400.0, 7.0);
    assert_close(error / 86_400.0, 3.0 * 0.5_f64.sqrt());
}

#[test]
fn what_happens_after_the_horizon_changes_nothing_before_it() {
    let short = curve(&TEN_ROWS).restricted_mean(days(10));
    let mut rows = TEN_ROWS;
    rows[4] = open(11);
    assert_eq!(curve(&rows).restricted_mean(days(10)), short);
    assert_close(curve(&[open(3)]).restricted_mean(days(10)).0 / 86_400.0, 10.0);
}

/// a ends at day 1, b at day 2. At day 1 two are at risk, so 1/2 was expected of each group: U = ±1/2, V = 1/4, χ² = 1.
#[test]
fn two_lives_side_by_side() {
    let test = log_rank(&[LifeTable::of(&[ended(1)]), LifeTable::of(&[ended(2)])]);
    assert_close(test.chi_square, 1.0);
    assert_eq!(test.freedom, 1);
    assert_close(test.p, 0.317_310_507_862_914_15);
}

#[test]
fn groups_that_never_meet_cannot_be_compared() {
    let early = LifeTable::of(&[ended(1), ended(2)]);
    let later = LifeTable::of(&[late(10, 12), late(10, 13)]);
    let test = log_rank(&[early.clone(), later]);
    assert_eq!((test.freedom, test.p), (0, 1.0));
    assert_eq!(log_rank(&[early]).freedom, 0, "one group has nothing to differ from");
    assert_eq!(log_rank(&[]).p.to_bits(), 1.0_f64.to_bits());
}

/// The easy ones end at day 1, the hard ones at day 9, whoever does them; one side does more of the easy ones. Side by
/// side the groups differ, within easy and hard they do not.
#[test]
fn strata_keep_easy_and_hard_work_apart() {
    let easy = |count: usize| LifeTable::of(&vec![ended(1); count]);
    let hard = |count: usize| LifeTable::of(&vec![ended(9); count]);
    let mixed = |one: usize, other: usize| {
        let mut rows = vec![ended(1); one];
        rows.extend(vec![ended(9); other]);
        LifeTable::of(&rows)
    };
    assert!(log_rank(&[mixed(18, 2), mixed(2, 18)]).p < 0.001);
    let test = stratified_log_rank(2, &[vec![easy(18), easy(2)], vec![hard(2), hard(18)]]);
    assert!(test.chi_square < 1e-9, "{test:?}");
}

#[test]
fn an_answer_over_nobody_says_so_and_one_that_is_not_reached_says_how_long_was_watched() {
    let nobody = curve(&[]);
    assert_eq!(nobody.quantile_answer(0.5, Level::Ninety), Answer::Unknown(WhyNot::NoEvidence));
    assert_eq!(nobody.open_share(days(7), Level::Ninety), Answer::Unknown(WhyNot::NoEvidence));
    assert_eq!(Summary::of(&[], 365, Level::Ninety), None);
    let watched = curve(&TEN_ROWS);
    let not_reached = WhyNot::NotReached { observed_seconds: days(90) };
    assert_eq!(watched.quantile_answer(0.75, Level::Ninety), Answer::Unknown(not_reached));
    assert_eq!(watched.open_share(days(91), Level::Ninety), Answer::Unknown(not_reached));
    assert_eq!(watched.quantile_answer(0.5, Level::Ninety).value(), Some(days(12)));
    assert_eq!(watched.quantile_answer(0.5, Level::Ninety).count(), Some(10));
}
