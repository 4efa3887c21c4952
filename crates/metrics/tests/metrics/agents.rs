//! What agents propose, who lets it pass, and what it is worth, told in days.

use crate::support::{Item, assert_close, at, days, item};
use domain::{
    actor::ActorType,
    agent_action::{Confidence, ContextLayers, Impact, Truth},
    event_name::EventName::{Approved, Detected, Executed, Proposed, Redetected, Rejected, Reverted, Seen},
    fact::ItemFacts,
};
use metrics::{
    agent::{
        actions_of,
        approval::{Wait, lapsed, latency, wait_of},
        confidence,
        context::Context,
        guardrail::OutOfScope,
        override_rate::Overrides,
        reversal::Reversals,
        rubber_stamp::{by_reviewer, too_fast},
        shadow::{SeenTool, ShadowAi},
        unapproved::without_approval,
        value::Value,
    },
    calibration::brier,
    rate::Rate,
    share::Share,
};
use proptest::{collection::vec, prelude::*};

fn share(part: u64, of: u64) -> Share {
    Share::new(part, of).unwrap()
}

/// A proposal on day 1.
fn proposed(id: &'static str) -> Item {
    item(id).on(0, Detected).on(1, Proposed).act(id)
}

fn truth(item: Item, truth: Truth) -> Item {
    item.says(|said| said.truth = Some(truth))
}

fn wrong(id: &'static str) -> Item {
    truth(proposed(id), Truth::Wrong)
}

fn right(id: &'static str) -> Item {
    truth(proposed(id), Truth::Right)
}

fn accepted(item: Item, id: &'static str) -> Item {
    item.on(2, Approved).act(id).by("ann")
}

fn refused(item: Item, id: &'static str) -> Item {
    item.on(2, Rejected).act(id).by("ann")
}

fn facts(items: impl IntoIterator<Item = Item>) -> Vec<ItemFacts> {
    items.into_iter().map(|item| item.build().facts).collect()
}

/// Wrong ones: two let through, one refused. Right ones: one refused, two let through. One has no answer, and of one
/// nobody knows whether it was right.
pub(crate) fn judged_by_people() -> Vec<ItemFacts> {
    facts([
        accepted(wrong("a"), "a"),
        accepted(wrong("b"), "b"),
        refused(wrong("c"), "c"),
        refused(right("d"), "d"),
        accepted(right("e"), "e"),
        accepted(right("f"), "f"),
        wrong("g"),
        accepted(proposed("h"), "h"),
    ])
}

#[test]
fn both_sides_of_letting_pass() {
    let all = judged_by_people();
    let found = Overrides::of(actions_of(&all));
    assert_eq!((found.accepted, found.bias, found.under_trust), (share(5, 8), share(2, 3), share(1, 3)));
    assert_eq!(found.told_apart(), None, "three are too few");
}

/// What was undone was wrong, though nobody said so; what a machine refused no person refused.
#[test]
fn what_was_undone_was_wrong_and_a_machine_is_no_reviewer() {
    let undone = accepted(proposed("a"), "a").on(3, Executed).act("a").on(9, Reverted).act("a");
    let by_machine =
        wrong("b").on(2, Rejected).act("b").by("timer").with(|event| event.actor_type = Some(ActorType::System));
    let all = facts([undone, by_machine]);
    let found = Overrides::of(actions_of(&all));
    assert_eq!((found.bias, found.under_trust), (share(1, 1), share(0, 0)));
    assert_eq!(Overrides::of([]), Overrides::default());
}

/// Nine of ten right ones and one of ten wrong ones are let through. With half an answer on each side 9.5/11 and 1.5/11:
/// d′ is twice the quantile of 9.5/11, 1.0968.
#[test]
fn how_well_right_and_wrong_are_told_apart() {
    let judged = |count: usize, of: fn(&'static str) -> Item, pass: usize| {
        (0..count).map(move |number| if number < pass { accepted(of("x"), "x") } else { refused(of("x"), "x") })
    };
    let all = facts(judged(10, right, 9).chain(judged(10, wrong, 1)));
    let found = Overrides::of(actions_of(&all)).told_apart().unwrap();
    assert!((found - 2.0 * 1.096_803_562_093_513).abs() < 1e-9, "{found}");
    let guessing = facts(judged(10, right, 10).chain(judged(10, wrong, 10)));
    assert_close(Overrides::of(actions_of(&guessing)).told_apart().unwrap(), 0.0);
}

/// Sure to 0.9 and right, to 0.6 and wrong: (0.01 + 0.36) / 2.
pub(crate) fn sure_of_themselves() -> Vec<ItemFacts> {
    let sure = |item: Item, millionths| item.says(move |said| said.confidence = Confidence::of_millionths(millionths));
    facts([sure(right("a"), 900_000), sure(wrong("b"), 600_000), sure(proposed("c"), 500_000), right("d")])
}

#[test]
fn an_agents_own_confidence_is_scored() {
    let all = sure_of_themselves();
    let settled = confidence::settled(actions_of(&all));
    assert_eq!(settled.len(), 2);
    assert!((brier(&settled).unwrap() - 0.185).abs() < 1e-9);
}

/// Answers after 1, 2 and 4 days; one lapsed on day 6, one was done on day 4 without an answer, one still waits on day 11.
pub(crate) fn waiting_for_an_answer() -> Vec<ItemFacts> {
    let answered = |id, day| proposed(id).on(day, Approved).act(id).by("ann");
    let lapses = |id| proposed(id).says(|said| said.expires_at = Some(at(6)));
    facts([
        answered("a", 2),
        answered("b", 3),
        answered("c", 5),
        lapses("d"),
        proposed("e").on(4, Executed).act("e"),
        proposed("f"),
    ])
}

#[test]
fn waiting_for_an_answer_worked_by_hand() {
    let all = waiting_for_an_answer();
    let waits: Vec<Wait> = actions_of(&all).filter_map(|one| Some(wait_of(one, at(11))?.1)).collect();
    let answered = |day| Wait::Answered(at(day));
    assert_eq!(
        waits,
        [answered(2), answered(3), answered(5), Wait::Lapsed(at(6)), Wait::Overtaken(at(4)), Wait::StillWaiting,]
    );
    // 5/6 after a day, 4/6 after two; e leaves after three; of the three left one is answered after four: 4/9.
    let curve = latency(actions_of(&all), at(11));
    assert_close(curve.open_at(days(2)), 4.0 / 6.0);
    assert_close(curve.open_at(days(4)), 4.0 / 9.0);
    assert_eq!(curve.quantile(0.5), Some(days(4)));
    assert_eq!(lapsed(actions_of(&all), at(11)), share(1, 6));
    assert_eq!(lapsed(actions_of(&all), at(6)), share(0, 6), "its last day has not passed");
}

#[test]
fn an_answer_after_the_lapse_is_too_late_and_a_machines_answer_is_a_lapse() {
    let late = proposed("a").says(|said| said.expires_at = Some(at(3))).on(5, Approved).act("a").by("ann");
    let timer =
        proposed("b").on(4, Rejected).act("b").by("timer").with(|event| event.actor_type = Some(ActorType::System));
    let all = facts([late, timer, item("c").on(0, Detected).on(1, Executed).act("c")]);
    let waits: Vec<_> = all.iter().map(|one| wait_of(&one.actions[0], at(9)).map(|(_, wait)| wait)).collect();
    assert_eq!(waits, [Some(Wait::Lapsed(at(3))), Some(Wait::Lapsed(at(4))), None]);
    assert_eq!(latency([], at(9)).rows(), 0);
}

/// Read in 10, 59 and 60 seconds; nobody said how long for d, which took a day; a refusal is no approval.
pub(crate) fn approved_at_a_glance() -> Vec<ItemFacts> {
    let read = |id, seconds| accepted(proposed(id), id).says(move |said| said.review_seconds = Some(seconds));
    facts([
        read("a", 10),
        read("b", 59),
        read("c", 60),
        accepted(proposed("d"), "d"),
        refused(proposed("e"), "e").says(|said| said.review_seconds = Some(1)),
    ])
}

#[test]
fn an_approval_faster_than_one_can_read_is_a_rubber_stamp() {
    let all = approved_at_a_glance();
    assert_eq!(too_fast(actions_of(&all), 60), share(2, 4));
    assert_eq!(too_fast([], 60).value(), None);
}

/// Ann lets three of four pass: ¼ · 2 + ¾ · log₂(4/3) bits. Ben lets everything pass.
#[test]
fn answers_that_never_vary_have_no_entropy() {
    let by = |item: Item, name| item.by(name);
    let all = facts([
        accepted(proposed("a"), "a"),
        accepted(proposed("b"), "b"),
        accepted(proposed("c"), "c"),
        refused(proposed("d"), "d"),
        by(accepted(proposed("e"), "e"), "ben"),
        by(accepted(proposed("f"), "f"), "ben"),
        by(accepted(proposed("g"), "g"), ""),
    ]);
    let found = by_reviewer(actions_of(&all));
    assert_eq!(found.keys().copied().collect::<Vec<_>>(), ["ann", "ben"]);
    assert_eq!(found["ann"].accepted, share(3, 4));
    assert!((found["ann"].entropy().unwrap() - (0.5 + 0.75 * (4.0_f64 / 3.0).log2())).abs() < 1e-12);
    assert_close(found["ben"].entropy().unwrap(), 0.0);
}

pub(crate) fn dangerous_ones() -> Vec<ItemFacts> {
    let dangerous = |item: Item| item.says(|said| said.impact = Some(Impact::High));
    let done = |item: Item, id: &'static str, day| item.on(day, Executed).act(id);
    facts([
        done(accepted(dangerous(proposed("a")), "a"), "a", 3),
        done(dangerous(proposed("b")), "b", 3),
        done(refused(dangerous(proposed("c")), "c"), "c", 3),
        done(dangerous(proposed("d")), "d", 1).on(2, Approved).act("d").by("ann"),
        done(proposed("e"), "e", 3),
        dangerous(proposed("f")),
        done(dangerous(proposed("g")), "g", 3).says(|said| said.blocked = true),
    ])
}

#[test]
fn what_is_dangerous_has_to_be_allowed_before() {
    let all = dangerous_ones();
    assert_eq!(without_approval(actions_of(&all)), share(3, 4), "b, c and d of a, b, c and d");
}

/// Four in scope, one outside and stopped, two outside and done, one nobody knows of; a mere proposal is no action.
pub(crate) fn reaching_too_far() -> Vec<ItemFacts> {
    let done =
        |id, in_scope: Option<bool>| proposed(id).says(move |said| said.in_scope = in_scope).on(3, Executed).act(id);
    let inside = ["a", "b", "c", "d"].map(|id| done(id, Some(true)));
    let others = [
        done("e", Some(false)).says(|said| said.blocked = true),
        done("f", Some(false)),
        done("g", Some(false)),
        done("h", None),
        proposed("i").says(|said| said.in_scope = Some(false)),
    ];
    facts(inside.into_iter().chain(others))
}

#[test]
fn beyond_what_it_may_do() {
    let all = reaching_too_far();
    let found = OutOfScope::of(actions_of(&all));
    assert_eq!(
        (found.blocked, found.executed, found.unknown),
        (Rate { events: 1, of: 7 }, Rate { events: 2, of: 7 }, 1)
    );
}

/// Three layers, one layer, and one action nobody took.
pub(crate) fn with_context() -> Vec<ItemFacts> {
    let knows = |item: Item, context| item.with(move |event| event.ties.context = context);
    let all_layers = ContextLayers { identity: true, dependency: true, timing: true };
    let one_layer = ContextLayers { dependency: true, ..ContextLayers::default() };
    let done = |item: Item, id| accepted(item, id).on(3, Executed).act(id);
    facts([
        done(knows(proposed("a"), all_layers), "a"),
        done(knows(proposed("b"), one_layer), "b"),
        accepted(knows(proposed("c"), all_layers), "c"),
    ])
}

#[test]
fn context_is_counted_over_actions() {
    let all = with_context();
    let found = Context::of(actions_of(&all));
    assert_eq!((found.complete, found.mean_score()), (share(1, 2), Some(2.0)));
    assert_close(found.share().unwrap(), 2.0 / 3.0);
    assert_eq!(Context::of([]).mean_score(), None);
}

/// Done on day 3 and undone after 7 days; seen again after 37 days; holds for 97; done on day 90, holds for 10.
pub(crate) fn did_not_hold() -> Vec<ItemFacts> {
    let done = |id, day| proposed(id).on(day, Executed).act(id);
    facts([
        done("a", 3).on(10, Reverted).act("a"),
        done("b", 3).on(40, Redetected),
        done("c", 3),
        done("d", 90),
        proposed("e"),
        done("f", 3).says(|said| said.blocked = true),
    ])
}

#[test]
fn what_did_not_hold_counts_those_too_young_to_tell() {
    let all = did_not_hold();
    let found = Reversals::of(actions_of(&all), at(100));
    assert_eq!((found.curve().rows(), found.curve().ended()), (4, 2));
    // After 7 days one of four; after 10 days d is watched no longer; after 37 one of the two left.
    assert_close(found.within_days(30).unwrap(), 0.25);
    assert_close(found.within_days(40).unwrap(), 1.0 - 0.75 * 0.5);
    assert_eq!(Reversals::of([], at(100)).within_days(30), None);
}

/// Claims of 3 600 s each: a holds, b was undone. Reviews of 600 s and 300 s. To undo one costs 1 200 s:
/// 3 600 − 900 − 1 200 s are 25 minutes.
pub(crate) fn claiming_to_save() -> Vec<ItemFacts> {
    facts([claims("a", 600), claims("b", 300).on(5, Reverted).act("b")])
}

/// An action that claims an hour, reviewed for so long.
fn claims(id: &'static str, review: i64) -> Item {
    accepted(proposed(id), id)
        .says(move |said| said.review_seconds = Some(review))
        .on(3, Executed)
        .act(id)
        .says(|said| said.saved_seconds_claimed = Some(3_600))
}

#[test]
fn what_is_left_of_the_time_saved() {
    let all = claiming_to_save();
    let found = Value::of(actions_of(&all));
    assert_eq!(found, Value { saved_seconds: 3_600, claims: 2, review_seconds: 900, undone: 1 });
    assert_eq!(found.net_minutes(Some(1_200)), Some(25.0));
    assert_eq!(found.net_minutes(None), None, "nobody has said what undoing costs");
    let held = facts([claims("a", 4_200)]);
    assert_eq!(Value::of(actions_of(&held)).net_minutes(None), Some(-10.0));
    assert_eq!(Value::of([]).net_minutes(Some(1)), None, "nobody claims anything");
}

/// Four tools, one seen twice and one registered under another spelling; two are in no register, for 20 and 60 days.
pub(crate) fn tools_in_use() -> ShadowAi<'static> {
    let all = [seen("writer", 80), seen("Copilot", 10), seen("helper", 60), seen("writer", 40), seen("later", 120)];
    ShadowAi::of(&all, &["copilot", "unused"], at(100))
}

fn seen(tool: &'static str, day: i64) -> SeenTool<'static> {
    SeenTool { tool, first_seen: at(day) }
}

#[test]
fn what_is_in_use_and_in_no_register() {
    let found = tools_in_use();
    assert_eq!(found.unregistered, share(2, 3));
    assert_eq!(found.tools, [seen("writer", 40), seen("helper", 60)]);
    assert_eq!(found.median_age(at(100)), Some(days(40)), "of two the younger half");
    let none = ShadowAi::of(&[], &["copilot"], at(100));
    assert_eq!((none.unregistered.value(), none.median_age(at(100))), (None, None));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    /// Proposals with random answers, truths, deeds and ends: each figure keeps inside its own denominator.
    #[test]
    fn every_count_stays_inside_its_denominator(stories in vec((0_u8..3, 0_u8..3, any::<bool>(), 0_i64..40), 0..30)) {
        let build = |(answer, known, acts, undone): &(u8, u8, bool, i64)| {
            let mut story = match known {
                0 => proposed("x"),
                1 => wrong("x"),
                _ => right("x"),
            };
            story = match answer {
                0 => story,
                1 => accepted(story, "x"),
                _ => refused(story, "x"),
            };
            if *acts {
                story = story.on(5, Executed).act("x");
                if *undone > 5 {
                    story = story.on(*undone, Reverted).act("x");
                }
            }
            story.on(60, Seen)
        };
        let all = facts(stories.iter().map(build));
        let found = Overrides::of(actions_of(&all));
        prop_assert_eq!(found.accepted.of(), stories.len() as u64);
        prop_assert!(found.bias.of() + found.under_trust.of() <= found.accepted.of());
        let waits = latency(actions_of(&all), at(70));
        prop_assert_eq!(waits.rows(), stories.len() as u64);
        prop_assert_eq!(waits.ended(), stories.iter().filter(|(answer, ..)| *answer > 0).count() as u64);
        let held = Reversals::of(actions_of(&all), at(70));
        prop_assert!(held.within_days(30).is_none_or(|share| (0.0..=1.0).contains(&share)));
        prop_assert!(without_approval(actions_of(&all)).of() <= held.curve().rows());
    }
}
