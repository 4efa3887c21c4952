//! Traces of events, and what a gap costs.

use crate::support::assert_close;
use domain::event_name::EventName::{
    self, Assigned, Closed, Detected, Escalated, FixApplied, Seen, Ticketed, Verified,
};
use metrics::{
    money::{
        lattice::point,
        loss::{Assumptions, losses, triangle},
    },
    process::{
        handover::{Handoffs, handoffs, most_frequent},
        playbook::Playbook,
        trace::{Trace, followed_by, repeated, variants},
    },
    special::normal::quantile,
};

fn trace(names: &[EventName], actors: &[&str]) -> Trace {
    let actors = actors.iter().map(|actor| Box::from(*actor)).collect();
    Trace { names: names.to_vec(), actors, ..Trace::default() }
}

#[test]
fn neighbours_are_counted_over_all_items() {
    let traces = [trace(&[Detected, Ticketed, Closed], &[]), trace(&[Detected, Ticketed], &[]), trace(&[Seen], &[])];
    let pairs = followed_by(&traces);
    assert_eq!(pairs.len(), 2);
    assert_eq!((pairs[&(Detected, Ticketed)], pairs[&(Ticketed, Closed)]), (2, 1));
}

#[test]
fn the_most_common_way_through_is_a_share_of_all_items() {
    let traces = [trace(&[Detected, Closed], &[]), trace(&[Detected, Closed], &[]), trace(&[Detected], &[])];
    let found = variants(&traces);
    assert_eq!(found.distinct, 2);
    assert_close(found.top_share.unwrap(), 2.0 / 3.0);
    assert_eq!(variants(&[]).top_share, None);
}

#[test]
fn only_repeats_of_a_name_are_rework() {
    assert_eq!(repeated(&[trace(&[Detected, Closed, Closed, Detected, Closed], &[]), trace(&[Seen], &[])]), 3);
}

/// anna, anna, ben, anna: two changes, and once the work came straight back.
#[test]
fn work_that_comes_straight_back_is_told_apart() {
    let traces = [trace(&[], &["anna", "anna", "ben", "anna"]), trace(&[], &["cem"]), trace(&[], &[])];
    assert_eq!(handoffs(&traces), Handoffs { changes: 2, came_back: 1 });
    let most = most_frequent(&traces, 5);
    assert_eq!(most, [("anna", "anna", 1), ("anna", "ben", 1), ("ben", "anna", 1)]);
    assert_eq!(most_frequent(&traces, 1).len(), 1);
}

/// The playbook has six steps. Without a fix five of the trace and six of it share five: 1 − 1/11.
#[test]
fn what_is_missing_and_what_is_too_much_count_alike() {
    let playbook = Playbook::default();
    let full = [Detected, Ticketed, Assigned, FixApplied, Closed, Verified];
    let fit = |names: &[EventName]| playbook.fit(&[trace(names, &[])]).mean.unwrap();
    assert_close(fit(&full), 1.0);
    assert_close(fit(&[Detected, Ticketed, Assigned, Closed, Verified]), 1.0 - 1.0 / 11.0);
    assert_close(fit(&[Detected, Ticketed, Escalated, Assigned, FixApplied, Closed, Verified]), 1.0);
    // Closed twice: seven of the trace, six of the playbook, six shared.
    assert_close(fit(&[Detected, Ticketed, Assigned, FixApplied, Closed, Closed, Verified]), 1.0 - 1.0 / 13.0);
    assert_close(fit(&[]), 0.0);
    let both = playbook.fit(&[trace(&full, &[]), trace(&[Seen], &[])]);
    assert_close(both.perfect.unwrap(), 0.5);
    assert_eq!(playbook.fit(&[]).mean, None);
}

#[test]
fn an_empty_playbook_fits_everything_and_an_unknown_step_never_happens() {
    let all = [trace(&[Detected, Closed], &[])];
    assert_close(Playbook::of([]).fit(&all).mean.unwrap(), 1.0);
    let odd = Playbook::of(["detected", "prayed", "closed"]);
    assert_close(odd.fit(&all).mean.unwrap(), 1.0 - 1.0 / 5.0);
}

/// From the reference vectors.
#[test]
fn the_points_lie_where_they_should() {
    let check = |number: u64, want: [f64; 7]| {
        point(number).into_iter().zip(want).for_each(|(got, want)| assert_close(got, want));
    };
    check(
        1,
        [
            0.4115923534820549,
            0.3310006189269519,
            0.2575338099526643,
            0.19056202865697713,
            0.12951106492875608,
            0.07385747322139924,
            0.023124084577160753,
        ],
    );
    check(
        20_000,
        [
            0.347069641098642,
            0.5123785390387638,
            0.17619905328501773,
            0.740573139541084,
            0.7212985751193628,
            0.6494644279864588,
            0.9816915432147653,
        ],
    );
}

#[test]
fn a_triangle_bends_at_its_likely_value() {
    let range = [0.03, 0.093, 0.25];
    for (share, want) in
        [(0.0, 0.03), (0.05, 0.05632489316217637), (0.5, 0.11858462799200392), (0.9, 0.19122925898033954)]
    {
        assert_close(triangle(share, range), want);
    }
}

#[test]
fn normal_quantiles_have_twelve_digits() {
    assert_close(quantile(0.5), 0.0);
    assert_close(quantile(0.975), 1.959963984540054);
    assert_close(quantile(0.05), -1.6448536269514722);
    assert_close(quantile(1e-10), -6.361340902404056);
}

/// From the reference vectors: the promised exposure.
#[test]
fn a_year_at_the_promised_exposure() {
    let year = losses(1.0, &Assumptions::default());
    let near = |got: f64, want: f64| assert!((got - want).abs() <= 1e-9 * want, "{got}, expected {want}");
    near(year.frequency_mean, 0.029075620856243906);
    near(year.chance_of_a_loss_year, 0.028565239373260592);
    near(year.expected_loss, 112750.75641279275);
    let [p10, p50, p90] = year.if_it_happens.unwrap();
    near(p10, 122492.9013783241);
    near(p50, 1080375.2301551239);
    near(p90, 8916903.397197096);
    assert_close(year.year_p90, 0.0);
}

#[test]
fn more_exposure_never_costs_less() {
    let cost = |ratio| losses(ratio, &Assumptions::default());
    let (half, one, six) = (cost(0.5), cost(1.0), cost(6.0));
    assert!(half.expected_loss < one.expected_loss && one.expected_loss < six.expected_loss);
    assert!(half.chance_of_a_loss_year < six.chance_of_a_loss_year);
    let none = cost(0.0);
    assert_close(none.frequency_mean, 0.0);
    assert_eq!(none.if_it_happens, None);
}
