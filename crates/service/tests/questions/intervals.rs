//! Do the intervals hold the truth where it is known, and do the pages show those of the bootstrap?

use crate::organisation::{SMALL, gap_of, read_organisation};
use domain::view::Verification;
use metrics::{
    answer::Answer,
    bootstrap::REPLICATES,
    ledger::{Filter, Frame},
};
use service::question::{
    clocks::{Clocks, clocks},
    gap::gap,
};

fn clocks_over(name: &str) -> Clocks {
    let organisation = read_organisation(name);
    let frame = Frame { view: organisation.view, policy: &organisation.policy, calendar: &organisation.calendar };
    clocks(&organisation.columns, &Filter::default(), &frame)
}

/// Times to a fix were drawn with a half-life of 40 days, every closure verified at once.
#[test]
fn the_interval_of_the_strict_median_holds_the_truth_of_the_honest_organisation() {
    let median = clocks_over("org-honest").strict.median;
    let interval = median.interval().unwrap();
    let (lower, upper) = (interval.lower.unwrap(), interval.upper.unwrap());
    eprintln!("{lower} {upper} {:?}", interval.batches);
    assert!(lower < 40.0 && 40.0 < upper, "{lower} to {upper}");
    assert!(upper - lower < 10.0, "an interval that holds everything says nothing: {lower} to {upper}");
}

/// Times to a fix that works were drawn with a median of 140.1 days.
#[test]
fn the_truth_of_the_green_organisation_lies_between_the_two_medians() {
    let clocks = clocks_over("org-medium");
    let (strict, lenient) = (clocks.strict.median.value().unwrap(), clocks.lenient.median.value().unwrap());
    assert!(lenient < 140.1 && 140.1 < strict, "{lenient} to {strict}");
}

fn drawn(answer: &Answer<f64>) -> bool {
    answer.interval().is_some_and(|interval| interval.batches.is_some_and(|batches| batches.clusters > 0))
}

#[test]
fn every_headline_figure_carries_the_interval_of_the_bootstrap_and_the_formula_beside_it() {
    let gap = gap_of(&Filter::default());
    for answer in
        [gap.reported, gap.on_time, gap.on_time_lenient, gap.apart, gap.days.median_strict, gap.days.median_lenient]
    {
        assert!(drawn(&answer), "{answer:?}");
        let batches = answer.interval().unwrap().batches.unwrap();
        assert_eq!(batches.formula.is_some(), batches.design_effect.is_none_or(|effect| effect <= 3.0), "{batches:?}");
    }
    assert!(drawn(&gap.left_out.seen_again_in_90_days));
    assert_eq!(REPLICATES, 400);
}

#[test]
fn an_interval_holds_its_figure_and_is_one_of_ninety_per_cent() {
    let frame = Frame { view: SMALL.view, policy: &SMALL.policy, calendar: &SMALL.calendar };
    for mode in [Verification::Strict, Verification::Lenient] {
        let filter = Filter { mode, ..Filter::default() };
        let (gap, clocks) = (gap(&SMALL.columns, &filter, &frame), clocks(&SMALL.columns, &filter, &frame));
        let curve = clocks.strict;
        for answer in [gap.reported, gap.on_time, gap.apart, curve.median, curve.p25, curve.mean_within_horizon] {
            let (value, interval) = (answer.value().unwrap(), answer.interval().unwrap());
            assert!((interval.level - 0.9).abs() < 1e-12);
            let holds =
                interval.lower.is_none_or(|lower| lower <= value) && interval.upper.is_none_or(|upper| value <= upper);
            assert!(holds, "{value} outside {interval:?}");
        }
    }
}

#[test]
fn the_same_question_is_drawn_the_same_way() {
    assert_eq!(gap_of(&Filter::default()), gap_of(&Filter::default()));
}
