//! What an agent proposed and did, who moved an item on, and where its time went, worked out by hand.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test may fail loudly")]

use domain::{
    actor::ActorType,
    agent_action::{ActionDetails, AgentAction, ContextLayers, Truth},
    calendar::Calendar,
    event::{EventTies, ItemEvent},
    event_name::EventName::{
        self, Approved, Authorised, Closed, Detected, Escalated, ExceptionExpired, ExceptionGranted, Executed,
        FixApplied, Paused, Proposed, Reassigned, Redetected, Rejected, Resumed, Reverted, Seen, Verified, WorkStarted,
    },
    fact::ItemFacts,
    fold::fold,
    policy::Policy,
    reason_code::ReasonCode::{self, Approval, Capacity, Vendor},
    time::Timestamp,
    work::{Deed, Spent, Stretch},
};

fn at(hour: i64) -> Timestamp {
    Timestamp::from_seconds(1_760_000_000 + hour * 3_600)
}

fn event(name: EventName, hour: i64) -> ItemEvent {
    ItemEvent::bare(name, at(hour))
}

/// An event of one action.
fn of(reference: &str, name: EventName, hour: i64) -> ItemEvent {
    let ties = EventTies { reference: Some(reference.into()), ..EventTies::default() };
    ItemEvent { ties, ..event(name, hour) }
}

fn by(actor: &str, kind: Option<ActorType>, event: ItemEvent) -> ItemEvent {
    ItemEvent { actor: Some(actor.into()), actor_type: kind, ..event }
}

fn folded(mut events: Vec<ItemEvent>) -> ItemFacts {
    events.push(event(Detected, 0));
    for (number, event) in events.iter_mut().enumerate() {
        event.canonical = format!("{number:03}").into();
    }
    let policy = Policy::built_in().unwrap();
    fold(events, &policy, &Calendar::of(&policy).unwrap()).unwrap()
}

fn only(events: Vec<ItemEvent>) -> AgentAction {
    let facts = folded(events);
    assert_eq!(facts.actions.len(), 1, "{:?}", facts.actions);
    facts.actions[0].clone()
}

#[test]
fn one_reference_ties_a_proposal_to_what_became_of_it() {
    let action = only(vec![
        by("patch-agent", Some(ActorType::Agent), of("1", Proposed, 1)),
        by("ann", None, of("1", Approved, 2)),
        of("1", Executed, 3),
        event(Verified, 5),
        of("1", Reverted, 7),
        event(Redetected, 9),
    ]);
    assert_eq!(action.details.agent.as_deref(), Some("patch-agent"), "who proposes without a name for it is the agent");
    assert_eq!((action.proposed, action.executed), (Some(at(1)), Some(at(3))));
    let verdict = action.verdict.clone().unwrap();
    assert_eq!((verdict.at, verdict.accepted, verdict.by.as_deref()), (at(2), true, Some("ann")));
    assert_eq!((action.verified, action.reverted, action.redetected), (Some(at(5)), Some(at(7)), Some(at(9))));
    assert_eq!(action.undone(), Some(at(7)));
    assert_eq!(action.truth(), Some(Truth::Wrong), "somebody undid it");
}

#[test]
fn two_actions_on_one_item_stay_apart() {
    let facts = folded(vec![
        of("1", Proposed, 1),
        of("2", Proposed, 1),
        of("2", Rejected, 2),
        of("1", Executed, 3),
        of("2", Executed, 8),
        event(Redetected, 6),
    ]);
    let got: Vec<_> =
        facts.actions.iter().map(|one| (&*one.reference, one.verdict.is_some(), one.redetected)).collect();
    assert_eq!(got, [("1", false, Some(at(6))), ("2", true, None)], "what was done later was not yet there to hold");
}

/// Without references the events of one action follow each other.
#[test]
fn actions_without_a_reference_follow_each_other() {
    let facts = folded(vec![
        event(Proposed, 1),
        event(Rejected, 2),
        event(Proposed, 3),
        event(Approved, 4),
        event(Executed, 5),
        event(Reverted, 6),
        event(Reverted, 7),
        event(Approved, 8),
    ]);
    let got: Vec<_> = facts
        .actions
        .iter()
        .map(|one| (one.proposed.unwrap(), one.verdict.as_ref().unwrap().accepted, one.executed, one.reverted))
        .collect();
    assert_eq!(got, [(at(1), false, None, None), (at(3), true, Some(at(5)), Some(at(6)))]);
    assert!(folded(vec![event(Approved, 1), event(Reverted, 2)]).actions.is_empty(), "nothing was proposed");
}

#[test]
fn an_answer_to_a_question_put_to_a_role_is_none_to_an_agent() {
    let facts = folded(vec![of("q", Escalated, 1), by("cleo", None, of("q", Rejected, 2))]);
    assert!(facts.actions.is_empty());
    assert_eq!((facts.deeds.len(), facts.deeds[0].deed), (1, Deed::Answer));
}

#[test]
fn the_last_answer_before_the_deed_counts() {
    let verdict = |events| only(events).verdict.unwrap();
    let changed_mind =
        verdict(vec![of("1", Proposed, 1), of("1", Rejected, 2), of("1", Approved, 3), of("1", Executed, 4)]);
    assert_eq!((changed_mind.at, changed_mind.accepted), (at(3), true));
    let too_late = verdict(vec![of("1", Approved, 2), of("1", Executed, 3), of("1", Rejected, 4)]);
    assert_eq!((too_late.at, too_late.accepted), (at(2), true));
    let afterwards = verdict(vec![of("1", Executed, 3), of("1", Approved, 4)]);
    assert_eq!((afterwards.at, afterwards.accepted), (at(4), true));
}

#[test]
fn a_truth_may_arrive_later_on_any_event_with_the_reference() {
    let told = |truth| Some(Box::new(ActionDetails { truth: Some(truth), ..ActionDetails::default() }));
    let first = ItemEvent { action: told(Truth::Right), ..of("1", Proposed, 1) };
    let later = ItemEvent { action: told(Truth::Wrong), ..of("1", Seen, 9) };
    let other = ItemEvent { action: told(Truth::Right), ..of("2", Seen, 10) };
    assert_eq!(only(vec![first, later, other]).truth(), Some(Truth::Wrong));
}

#[test]
fn context_is_what_was_known_at_the_answer() {
    let context =
        |hour, context| ItemEvent { ties: EventTies { context, ..EventTies::default() }, ..event(Seen, hour) };
    let identity = ContextLayers { identity: true, ..ContextLayers::default() };
    let timing = ContextLayers { timing: true, ..ContextLayers::default() };
    let late = ContextLayers { dependency: true, ..ContextLayers::default() };
    let story = |asked: bool| {
        let mut events = vec![context(1, identity), of("1", Proposed, 2), context(3, timing)];
        if asked {
            events.push(of("1", Approved, 4));
        }
        events.extend([context(5, late), of("1", Executed, 6)]);
        only(events).context.unwrap().count()
    };
    assert_eq!((story(true), story(false)), (2, 3), "nobody asked: what was known when it was done");
    assert_eq!(only(vec![of("1", Proposed, 2)]).context, None);
}

#[test]
fn what_a_guardrail_stopped_was_not_done() {
    let blocked = Some(Box::new(ActionDetails { blocked: true, ..ActionDetails::default() }));
    let action = only(vec![ItemEvent { action: blocked, ..of("1", Executed, 1) }]);
    assert_eq!((action.executed, action.done()), (Some(at(1)), None));
}

#[test]
fn deeds_are_those_of_people() {
    let facts = folded(vec![
        by("ann", None, event(FixApplied, 1)),
        by("patch-agent", Some(ActorType::Agent), event(FixApplied, 2)),
        by("ben", Some(ActorType::Human), of("1", Approved, 3)),
        by("cleo", None, event(Authorised, 4)),
        event(FixApplied, 5),
        by("ann", None, event(Closed, 6)),
    ]);
    let got: Vec<_> = facts.deeds.iter().map(|one| (&*one.by, one.deed)).collect();
    assert_eq!(got, [("ann", Deed::Fix), ("ben", Deed::Approval), ("cleo", Deed::Answer)]);
}

#[test]
fn the_first_detection_is_told_by_who_made_it() {
    let facts = folded(vec![
        by("scanner", Some(ActorType::System), event(Detected, 4)),
        by("scanner", Some(ActorType::System), event(Detected, 8)),
    ]);
    assert_eq!((facts.detections.by_machine, facts.detections.by_others), (Some(at(4)), Some(at(0))));
}

const fn stretch(from: Timestamp, to: Option<Timestamp>, spent: Spent) -> Stretch {
    Stretch { from, to, spent }
}

fn wait(name: EventName, hour: i64, reason: ReasonCode) -> ItemEvent {
    ItemEvent { ties: EventTies { reason: Some(reason), ..EventTies::default() }, ..event(name, hour) }
}

/// Hands on at 1; waits for capacity at 3; an exception while waiting at 4, over at 6; hands on at 8, while the pause
/// still stands; fixed at 9; goes on at 10.
#[test]
fn stretches_of_work_and_waiting_worked_by_hand() {
    let facts = folded(vec![
        event(WorkStarted, 1),
        wait(Paused, 3, Capacity),
        wait(ExceptionGranted, 4, Vendor),
        event(ExceptionExpired, 6),
        event(WorkStarted, 8),
        event(FixApplied, 9),
        event(Resumed, 10),
    ]);
    let waiting = Spent::Waiting;
    assert_eq!(
        facts.stretches,
        [
            stretch(at(1), Some(at(3)), Spent::Touch),
            stretch(at(3), Some(at(4)), waiting(Capacity)),
            stretch(at(4), Some(at(6)), waiting(Vendor)),
            stretch(at(6), Some(at(8)), waiting(Capacity)),
            stretch(at(8), Some(at(9)), Spent::Touch),
            stretch(at(9), Some(at(10)), waiting(Capacity)),
        ]
    );
}

#[test]
fn an_end_ends_work_and_waiting_and_what_took_no_time_is_left_out() {
    let handed_on = folded(vec![event(WorkStarted, 1), event(Reassigned, 2), event(WorkStarted, 3)]).stretches;
    assert_eq!(handed_on, [stretch(at(1), Some(at(2)), Spent::Touch), stretch(at(3), None, Spent::Touch)]);
    let closed = folded(vec![wait(Paused, 1, Approval), event(Closed, 2), event(Redetected, 3)]).stretches;
    assert_eq!(closed, [stretch(at(1), Some(at(2)), Spent::Waiting(Approval))]);
    assert!(folded(vec![event(WorkStarted, 1), event(FixApplied, 1), event(Paused, 2)]).stretches.is_empty());
}
