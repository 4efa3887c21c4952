//! What must hold for every history, however odd.
#![expect(clippy::unwrap_used, reason = "a test may fail loudly, and its numbers are small")]

use domain::{
    agent_action::{ActionDetails, Truth},
    calendar::Calendar,
    event::{GivenSeverity, ItemEvent},
    event_name::EventName,
    fact::ItemFacts,
    fold::{fold, timeline},
    label::LabelSeconds,
    policy::Policy,
    reason_code::ReasonCode,
    severity::Severity,
    time::Timestamp,
    view::Verification,
};
use proptest::{collection::vec, prelude::*, sample::select};
use std::sync::LazyLock;

const START: i64 = 1_760_000_000;

/// The policies below differ in everything but hours and targets, so one calendar serves them all.
static CALENDAR: LazyLock<Calendar> = LazyLock::new(|| Calendar::of(&Policy::built_in().unwrap()).unwrap());

fn any_event() -> impl Strategy<Value = ItemEvent> {
    // Few distinct moments, so that many events share a second.
    (
        select(EventName::ALL),
        0_i64..60,
        select(vec!["", "a", "b"]),
        prop::option::of(select(vec!["critical", "low", "odd"])),
    )
        .prop_map(|(name, step, id, word)| ItemEvent {
            id: id.into(),
            to: word.map(Into::into),
            severity: word.map(|word| word.parse::<Severity>().map_or(GivenSeverity::Unknown, GivenSeverity::Known)),
            canonical: format!("{name}{step}{id}{word:?}").into(),
            ..ItemEvent::bare(name, Timestamp::from_seconds(START + step * 40_000))
        })
}

fn policies() -> impl Strategy<Value = Policy> {
    (any::<bool>(), any::<bool>(), select(vec!["ticketed", "detected", "triaged"]), select(vec![0, 3, 30])).prop_map(
        |(reopen, change, start, days)| {
            let json = format!(
                r#"{{"reset_on_reopen":{reopen},"reset_on_severity_change":{change},"sla_start":"{start}","recurrence_merge_days":{days}}}"#
            );
            Policy::with_overrides(&json).unwrap()
        },
    )
}

fn facts(events: Vec<ItemEvent>, policy: &Policy) -> Option<ItemFacts> {
    fold(events, policy, &CALENDAR)
}

/// The spells of existence alone: what no ticket-side trick may move.
fn spells(facts: &ItemFacts) -> Vec<(Timestamp, Option<Timestamp>)> {
    facts.episodes.iter().map(|episode| (episode.start, episode.end.map(|end| end.at))).collect()
}

/// Events of agents and of people, tied together by few references, and reasons to wait.
fn any_work() -> impl Strategy<Value = ItemEvent> {
    let truths = prop::option::of(select(vec![Truth::Right, Truth::Wrong]));
    (any_event(), select(vec!["", "1", "2"]), prop::option::of(select(ReasonCode::ALL)), truths).prop_map(
        |(mut event, reference, reason, truth)| {
            event.ties.reference = Some(reference.into());
            event.ties.reason = reason;
            event.actor = Some(if reference.is_empty() { "ann" } else { "ben" }.into());
            event.canonical = format!("{}{reference}{reason:?}{truth:?}", event.canonical).into();
            event.action = truth.map(|truth| ActionDetails { truth: Some(truth), ..ActionDetails::default() }.into());
            event
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn actions_deeds_and_stretches_do_not_depend_on_the_order_of_arrival(
        (events, shuffled) in vec(any_work(), 1..30).prop_flat_map(|events| (Just(events.clone()), Just(events).prop_shuffle())),
        policy in policies(),
    ) {
        prop_assert_eq!(facts(events, &policy), facts(shuffled, &policy));
    }

    #[test]
    fn stretches_follow_one_another_and_only_the_last_may_be_open(
        events in vec(any_work(), 1..40), policy in policies(),
    ) {
        if let Some(facts) = facts(events, &policy) {
            for (one, next) in facts.stretches.iter().zip(facts.stretches.iter().skip(1)) {
                prop_assert!(one.to.is_some_and(|to| one.from < to && to <= next.from));
            }
            let references: Vec<_> = facts.actions.iter().map(|one| &one.reference).filter(|one| !one.is_empty()).collect();
            let mut once = references.clone();
            once.sort_unstable();
            once.dedup();
            prop_assert_eq!(once.len(), references.len(), "one action a reference");
            for action in &facts.actions {
                let since = |later: Option<Timestamp>| later.is_none_or(|at| action.executed.is_some_and(|done| done <= at));
                prop_assert!(since(action.redetected) && since(action.verified));
            }
        }
    }

    #[test]
    fn the_order_in_which_events_arrive_changes_nothing(
        (events, shuffled) in vec(any_event(), 1..30).prop_flat_map(|events| (Just(events.clone()), Just(events).prop_shuffle())),
        policy in policies(),
    ) {
        prop_assert_eq!(facts(events, &policy), facts(shuffled, &policy));
    }

    #[test]
    fn every_second_of_every_episode_has_exactly_one_label(
        events in vec(any_event(), 1..40), policy in policies(), after in 0_i64..10_000_000,
    ) {
        if let Some(facts) = facts(events, &policy) {
            let as_of = facts.tail.since.plus(after);
            for mode in [Verification::Strict, Verification::Lenient] {
                let labels = facts.labels(as_of, mode, &CALENDAR);
                prop_assert_eq!(labels.total(), facts.wall_seconds(as_of, mode));
                prop_assert!(labels.to_array().iter().all(|seconds| *seconds >= 0), "{:?}", labels);
            }
        }
    }

    #[test]
    fn labels_laid_out_in_time_add_up_to_the_same_seconds(
        events in vec(any_event(), 1..40), policy in policies(), later in 1_i64..5_000_000,
    ) {
        let as_of = Timestamp::from_seconds(START + 60 * 40_000 + later);
        let wanted = facts(events.clone(), &policy);
        let Some(laid_out) = timeline(events, &policy, &CALENDAR, as_of) else {
            prop_assert_eq!(wanted, None);
            return Ok(());
        };
        prop_assert_eq!(Some(&laid_out.facts), wanted.as_ref());
        let mut sums = LabelSeconds::default();
        for span in &laid_out.spans {
            prop_assert!(span.from < span.to, "an empty span: {:?}", span);
            sums.add(span.label, span.to.since(span.from));
        }
        prop_assert_eq!(sums, laid_out.facts.labels(as_of, Verification::Strict, &CALENDAR));
        for pair in laid_out.spans.windows(2) {
            prop_assert!(pair[0].to <= pair[1].from, "spans overlap or are out of order");
            prop_assert!(pair[0].to < pair[1].from || pair[0].label != pair[1].label, "neighbours were not joined");
        }
    }

    #[test]
    fn episodes_follow_one_another_and_only_the_last_may_be_open(events in vec(any_event(), 1..40), policy in policies()) {
        if let Some(facts) = facts(events, &policy) {
            for pair in facts.episodes.windows(2) {
                let end = pair[0].end.expect("an earlier episode has ended").at;
                prop_assert!(pair[0].start <= end && end <= pair[1].start);
            }
            for (place, record) in facts.records.iter().enumerate() {
                prop_assert!(record.end.is_some() || place + 1 == facts.records.len());
                prop_assert!(record.end.is_none_or(|end| end.at >= record.start && end.elapsed_seconds >= 0));
            }
        }
    }

    #[test]
    fn no_trick_on_the_ticket_moves_the_wall_clock(
        events in vec(any_event(), 1..25), policy in policies(),
        tricks in vec((select(vec![
            EventName::Paused, EventName::Resumed, EventName::Ticketed, EventName::SeverityChanged, EventName::Assigned,
            EventName::ExceptionGranted, EventName::ExceptionExpired, EventName::Closed, EventName::Triaged,
        ]), 1_i64..60), 1..10),
    ) {
        let Some(plain) = facts(events.clone(), &policy) else { return Ok(()) };
        let mut tricked = events;
        // Tricks come after the first evidence: an earlier ticket would be earlier evidence, which is no trick.
        tricked.extend(tricks.into_iter().map(|(name, step)| ItemEvent {
            to: Some("low".into()),
            ..ItemEvent::bare(name, Timestamp::from_seconds(plain.origin.seconds() + step * 30_000))
        }));
        prop_assert_eq!(spells(&plain), spells(&facts(tricked, &policy).unwrap()));
    }
}
