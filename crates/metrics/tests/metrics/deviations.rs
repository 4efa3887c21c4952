//! Where items leave the playbook.

use domain::event_name::EventName::{self, Assigned, Closed, Detected, FixApplied, Paused, Seen, Ticketed, Verified};
use metrics::process::{
    deviation::{StepTaken, deviations},
    playbook::Playbook,
    trace::Trace,
};
use proptest::{collection::vec, prelude::*};

fn trace(names: &[EventName]) -> Trace {
    Trace { names: names.into(), ..Trace::default() }
}

fn counts(taken: &StepTaken) -> (u64, u64, u64) {
    (taken.followed, taken.out_of_order, taken.skipped)
}

/// One follows fully; one was closed before it was fixed, and nobody checked; one was only seen.
#[test]
fn three_items_worked_by_hand() {
    let traces = [
        trace(&[Detected, Ticketed, Assigned, FixApplied, Closed, Verified]),
        trace(&[Detected, Ticketed, Assigned, Paused, Closed, FixApplied, Paused]),
        trace(&[Seen]),
    ];
    let found = deviations(&Playbook::default(), &traces);
    let got: Vec<(u64, u64, u64)> = found.steps.iter().map(counts).collect();
    // Of fix and close, done in the wrong order, the earlier step counts as followed.
    assert_eq!(got, [(2, 0, 1), (2, 0, 1), (2, 0, 1), (2, 0, 1), (1, 1, 1), (1, 0, 2)]);
    assert_eq!(found.foreign, [(Seen, 1), (Paused, 1)], "twice in one item is one item");
}

#[test]
fn a_step_nobody_can_take_is_skipped_by_all() {
    let found = deviations(&Playbook::of(["detected", "prayed"]), &[trace(&[Detected]), trace(&[Detected])]);
    assert_eq!(found.steps[1], StepTaken { step: None, followed: 0, out_of_order: 0, skipped: 2 });
    assert_eq!(deviations(&Playbook::default(), &[]).steps[0].skipped, 0);
}

/// Costs 0 of 12 steps, 4 of 8 and 6 of 6.
#[test]
fn the_fit_of_the_log_weighs_every_step_alike() {
    let traces = [
        trace(&[Detected, Ticketed, Assigned, FixApplied, Closed, Verified]),
        trace(&[Detected, Ticketed]),
        trace(&[]),
    ];
    let fit = Playbook::default().fit(&traces);
    assert!((fit.of_log.unwrap() - (1.0 - 10.0 / 26.0)).abs() < 1e-12, "{fit:?}");
    assert!((fit.mean.unwrap() - (1.0 + 0.5) / 3.0).abs() < 1e-12);
    assert_eq!(Playbook::default().fit(&[]).of_log, None);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn every_item_takes_or_leaves_every_step_and_follows_as_many_as_it_fits(
        places in vec(vec(0_usize..8, 0..12), 1..6),
    ) {
        let words = [Detected, Ticketed, Assigned, FixApplied, Closed, Verified, Paused, Seen];
        let traces: Vec<Trace> =
            places.iter().map(|places| trace(&places.iter().map(|place| words[*place]).collect::<Vec<_>>())).collect();
        let found = deviations(&Playbook::default(), &traces);
        for taken in &found.steps {
            prop_assert_eq!(taken.followed + taken.out_of_order + taken.skipped, traces.len() as u64);
        }
        // What is followed over all items is what the fit has in common with the playbook.
        let followed: u64 = found.steps.iter().map(|taken| taken.followed).sum();
        let known = |trace: &Trace| trace.names.iter().filter(|name| !matches!(**name, Paused | Seen)).count() as f64;
        let steps: f64 = traces.iter().map(|trace| known(trace) + 6.0).sum();
        let of_log = Playbook::default().fit(&traces).of_log.unwrap();
        prop_assert!((of_log - 2.0 * followed as f64 / steps).abs() < 1e-9);
    }
}
