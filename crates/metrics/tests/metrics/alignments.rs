//! Traces against playbooks with choices, optional steps and loops, and token replay.

use crate::support::{assert_close, ended, open};
use domain::event_name::EventName::{
    self, Assigned, Closed, Detected, FixApplied, Paused, Resumed, Seen, Ticketed, Triaged, Verified, WorkStarted,
};
use metrics::process::{
    alignment::{Move, align, departures, fit},
    detour::detours,
    model::{Model, Part, StepRow},
    playbook::Playbook,
    replay::{Tokens, replay, tokens},
    trace::Trace,
};
use proptest::{collection::vec, prelude::*};

fn trace(names: &[EventName]) -> Trace {
    Trace { names: names.into(), ..Trace::default() }
}

const fn step(name: EventName) -> Part {
    Part::Step(Some(name))
}

/// Detected; assigned or triaged; then pause and resume as often as needed, or not at all; closed.
fn branching() -> Model {
    let waits = Part::Loop(Part::Sequence(vec![step(Paused), step(Resumed)]).into());
    Model::of(&Part::Sequence(vec![
        step(Detected),
        Part::Choice(vec![step(Assigned), step(Triaged)]),
        Part::Optional(waits.into()),
        step(Closed),
    ]))
}

#[test]
fn every_way_the_playbook_allows_costs_nothing() {
    let cost = |names: &[EventName]| align(&branching(), names).cost;
    assert_eq!(cost(&[Detected, Assigned, Closed]), 0);
    assert_eq!(cost(&[Detected, Triaged, Paused, Resumed, Closed]), 0);
    assert_eq!(cost(&[Detected, Triaged, Paused, Resumed, Paused, Resumed, Closed]), 0);
    assert_eq!(cost(&[Detected, Seen, Assigned, Seen, Closed]), 0, "what is foreign is not looked at");
    assert_eq!(cost(&[]), 3, "the shortest run");
}

/// Both branches of a choice: one is too much. A pause without its resume: one is skipped.
#[test]
fn departures_cost_one_each_and_have_names() {
    let model = branching();
    let both = align(&model, &[Detected, Assigned, Triaged, Closed]);
    assert_eq!(both.cost, 1);
    assert_eq!(both.moves.iter().filter(|step| matches!(step, Move::TooMuch(_))).count(), 1);
    let left = align(&model, &[Detected, Assigned, Paused, Closed]);
    assert_eq!(left.cost, 1);
    let repeated = align(&model, &[Detected, Assigned, Paused, Resumed, Paused, Resumed, Resumed]);
    assert_eq!(repeated.cost, 2, "a resume too much and no close");
    assert!(repeated.moves.contains(&Move::Skipped(Some(Closed))));
    let all = departures(
        &model,
        &[trace(&[Detected, Assigned]), trace(&[Detected, Assigned]), trace(&[Closed, Detected, Triaged, Closed])],
    );
    assert_eq!((all.skipped[&Some(Closed)], all.too_much[&Closed]), (2, 1));
}

/// Two of the trace and three of the shortest run, the close is skipped: 1 − 1/5. The other fits: five and three.
#[test]
fn fitness_is_taken_over_the_trace_and_the_shortest_run() {
    let model = branching();
    let traces = [trace(&[Detected, Triaged]), trace(&[Detected, Triaged, Paused, Resumed, Closed])];
    let found = fit(&model, &traces);
    assert_close(found.mean.unwrap(), f64::midpoint(0.8, 1.0));
    assert_close(found.perfect.unwrap(), 0.5);
    assert_close(found.of_log.unwrap(), 1.0 - 1.0 / 13.0);
    assert_eq!((fit(&model, &[]).mean, fit(&model, &[]).of_log), (None, None));
    let nothing = Model::of(&Part::Sequence(Vec::new()));
    assert_close(fit(&nothing, &traces).mean.unwrap(), 1.0);
    let no_choice = Model::of(&Part::Choice(Vec::new()));
    assert_close(fit(&no_choice, &traces).mean.unwrap(), 1.0);
}

/// A register: detected, assigned or triaged, a fix that may be left out, closed, and a word nobody knows.
#[test]
fn neighbouring_steps_of_one_group_are_a_choice() {
    let row = |event, optional, group| StepRow { event, optional, group };
    let rows = [
        row(Some(Detected), false, ""),
        row(Some(Assigned), false, "who"),
        row(Some(Triaged), false, "who"),
        row(Some(FixApplied), true, ""),
        row(Some(Closed), false, ""),
        row(None, false, ""),
    ];
    let model = Model::of(&Part::of_rows(&rows));
    assert_eq!(align(&model, &[Detected, Triaged, Closed]).moves.last(), Some(&Move::Skipped(None)));
    assert_eq!(align(&model, &[Detected, Assigned, FixApplied, Closed]).cost, 1, "only what nobody can do is missing");
    assert!(model.knows(FixApplied) && !model.knows(Seen));
}

/// A loop inside an optional part inside a loop: no way leads back to what stands before it.
#[test]
fn a_loop_does_not_reopen_what_stands_before_it() {
    let inner = Part::Loop(step(Seen).into());
    let model = Model::of(&Part::Sequence(vec![step(Detected), Part::Optional(inner.into()), step(Closed)]));
    assert_eq!(align(&model, &[Detected, Seen, Seen, Seen, Closed]).cost, 0);
    assert_eq!(align(&model, &[Detected, Detected, Closed]).cost, 1);
    assert_eq!(align(&model, &[Detected, Seen, Detected, Closed]).cost, 1);
}

/// Detected and closed, on the playbook of six: start and two steps make three tokens, two steps and the end need three.
/// *closed* and the end find none; one waits for *ticketed* and one for *verified*.
#[test]
fn tokens_worked_by_hand() {
    let playbook = Playbook::default();
    let short = tokens(playbook.steps(), &[Detected, Closed]);
    assert_eq!(short, Tokens { produced: 3, consumed: 3, missing: 2, remaining: 2 });
    assert_close(short.fitness(), 1.0 / 3.0);
    let full = [Detected, Ticketed, Assigned, FixApplied, Closed, Verified];
    assert_close(tokens(playbook.steps(), &full).fitness(), 1.0);
    assert_eq!(tokens(playbook.steps(), &[]), Tokens { produced: 1, consumed: 1, missing: 1, remaining: 1 });
    let found = replay(&playbook, &[trace(&full), trace(&[Seen])]);
    assert_close(found.mean.unwrap(), 0.5);
    assert_close(found.of_log.unwrap(), 1.0 - 1.0 / 8.0);
    assert_eq!(replay(&playbook, &[]).mean, None);
}

/// Assigned: 2 and 4 days. Not assigned: 10 days, and one open after 20: up to 30 days a mean of 20 against 3.
#[test]
fn leaving_a_step_costs_what_others_did_not_need() {
    let (with, without) = (trace(&[Detected, Assigned]), trace(&[Detected]));
    let items = [
        (&with, Some(ended(2))),
        (&with, Some(ended(4))),
        (&without, Some(ended(10))),
        (&without, Some(open(20))),
        (&with, None),
    ];
    let found = detours(&Playbook::of(["detected", "assigned"]), &items, 30);
    assert_eq!((found[1].step, found[1].items), (Some(Assigned), 2));
    assert_close(found[1].extra_days.unwrap(), 20.0 - 3.0);
    assert_eq!((found[0].items, found[0].extra_days), (0, None));
}

const WORDS: [EventName; 8] = [Detected, Ticketed, Assigned, FixApplied, Closed, Verified, WorkStarted, Seen];

fn traces_of(places: &[Vec<usize>]) -> Vec<Trace> {
    places.iter().map(|places| trace(&places.iter().map(|place| WORDS[*place]).collect::<Vec<_>>())).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(150))]

    #[test]
    fn on_a_straight_playbook_alignment_is_the_longest_common_order(places in vec(vec(0_usize..8, 0..12), 1..6)) {
        let (playbook, traces) = (Playbook::default(), traces_of(&places));
        let (straight, aligned) = (playbook.fit(&traces), fit(&Model::straight(&playbook), &traces));
        prop_assert!((straight.mean.unwrap() - aligned.mean.unwrap()).abs() < 1e-12);
        prop_assert!((straight.of_log.unwrap() - aligned.of_log.unwrap()).abs() < 1e-12);
        prop_assert_eq!(straight.perfect, aligned.perfect);
    }

    /// Moves spell the trace, and what they skip and add is the cost.
    #[test]
    fn moves_spell_the_trace(places in vec(0_usize..8, 0..14)) {
        let model = Model::straight(&Playbook::default());
        let names = traces_of(&[places])[0].names.clone();
        let found = align(&model, &names);
        let spelt: Vec<EventName> = found
            .moves
            .iter()
            .filter_map(|step| match step {
                Move::Both(name) | Move::TooMuch(name) => Some(*name),
                Move::Skipped(_) => None,
            })
            .collect();
        let known: Vec<EventName> = names.iter().copied().filter(|name| model.knows(*name)).collect();
        prop_assert_eq!(spelt, known);
        let paid = found.moves.iter().filter(|step| !matches!(step, Move::Both(_))).count() as u64;
        prop_assert_eq!(paid, found.cost);
    }

    /// A step that may be left out, and one more branch, never make anything cost more.
    #[test]
    fn what_allows_more_never_fits_worse(places in vec(0_usize..8, 0..10), at in 0_usize..6) {
        let names = traces_of(&[places])[0].names.clone();
        let parts = |change: &dyn Fn(Part) -> Part| {
            let all = WORDS.iter().take(6).enumerate();
            Part::Sequence(all.map(|(place, name)| if place == at { change(step(*name)) } else { step(*name) }).collect())
        };
        let cost = |part: &Part| align(&Model::of(part), &names).cost;
        let straight = cost(&parts(&|part| part));
        prop_assert!(cost(&parts(&|part| Part::Optional(part.into()))) <= straight);
        prop_assert!(cost(&parts(&|part| Part::Loop(part.into()))) <= straight);
        prop_assert!(cost(&parts(&|part| Part::Choice(vec![part, step(Detected)]))) <= straight);
    }

    #[test]
    fn tokens_never_miss_more_than_they_use(places in vec(0_usize..8, 0..14)) {
        let names = traces_of(&[places])[0].names.clone();
        let moved = tokens(Playbook::default().steps(), &names);
        prop_assert!(moved.missing <= moved.consumed && moved.remaining <= moved.produced);
        prop_assert_eq!(moved.produced + moved.missing, moved.consumed + moved.remaining, "no token is lost");
        prop_assert!((0.0..=1.0).contains(&moved.fitness()));
    }
}
