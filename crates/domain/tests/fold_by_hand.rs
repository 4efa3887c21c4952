//! Lives of single items, small enough to be checked with pencil and paper.
#![expect(
    clippy::unwrap_used,
    clippy::cast_possible_truncation,
    reason = "a test may fail loudly, and its numbers are small"
)]

use domain::{
    calendar::Calendar,
    event::{GivenSeverity, ItemEvent},
    event_name::EventName::{self, *},
    fact::{Cause, Evidence, ItemFacts, Outcome},
    flag::Flag,
    fold::fold,
    label::Label,
    policy::Policy,
    severity::Severity,
    time::{DAY_SECONDS, Timestamp},
    view::Verification,
};

/// Days after 2026-01-05, a Monday, 00:00 UTC (also London time in winter).
fn day(days: f64) -> Timestamp {
    Timestamp::parse("2026-01-05T00:00:00Z").unwrap().plus((days * 86_400.0) as i64)
}

fn life(events: &[(EventName, f64)]) -> ItemFacts {
    life_under("{}", events)
}

fn life_under(policy: &str, events: &[(EventName, f64)]) -> ItemFacts {
    let events = events
        .iter()
        .map(|(name, at)| ItemEvent {
            severity: Some(GivenSeverity::Known(Severity::Critical)),
            ..ItemEvent::bare(*name, day(*at))
        })
        .collect();
    folded(policy, events)
}

fn folded(policy: &str, events: Vec<ItemEvent>) -> ItemFacts {
    let policy = Policy::with_overrides(policy).unwrap();
    fold(events, &policy, &Calendar::of(&policy).unwrap()).unwrap()
}

fn labels(facts: &ItemFacts, as_of: f64, mode: Verification) -> Vec<(Label, i64)> {
    let calendar = Calendar::of(&Policy::built_in().unwrap()).unwrap();
    let seconds = facts.labels(day(as_of), mode, &calendar);
    assert_eq!(seconds.total(), facts.wall_seconds(day(as_of), mode), "labels add up to the wall clock");
    Label::ALL
        .into_iter()
        .map(|label| (label, seconds.get(label) / DAY_SECONDS))
        .filter(|(_, days)| *days != 0)
        .collect()
}

#[test]
fn pausing_stops_the_ticket_clock_and_not_the_wall_clock() {
    let facts =
        life(&[(Detected, 0.0), (Ticketed, 1.0), (Paused, 3.0), (Resumed, 8.0), (Closed, 9.0), (Verified, 11.0)]);
    let end = facts.records[0].end.unwrap();
    assert_eq!((end.elapsed_seconds, end.paused_seconds), (3 * DAY_SECONDS, 5 * DAY_SECONDS));
    assert_eq!(facts.records[0].met(), Some(true));
    assert_eq!(facts.wall_seconds(day(30.0), Verification::Strict), 11 * DAY_SECONDS);
    assert_eq!(
        labels(&facts, 30.0, Verification::Strict),
        [(Label::Untracked, 1), (Label::OnClockFinal, 3), (Label::Paused, 5), (Label::AwaitingVerification, 2)]
    );
}

#[test]
fn closing_alone_never_ends_an_episode() {
    let facts = life(&[(Detected, 0.0), (Ticketed, 0.0), (Closed, 4.0)]);
    assert_eq!(facts.episodes[0].end, None);
    assert_eq!(facts.standing_close, Some(day(4.0)));
    assert_eq!(labels(&facts, 10.0, Verification::Strict), [(Label::OnClockFinal, 4), (Label::ClosedUnverified, 6)]);
    assert_eq!(labels(&facts, 10.0, Verification::Lenient), [(Label::OnClockFinal, 4)]);
    let lenient = facts.last_episode(Verification::Lenient).unwrap().end.unwrap();
    assert_eq!((lenient.at, lenient.evidence), (day(4.0), Evidence::Unverified));
}

#[test]
fn a_closure_that_was_seen_again_was_false_and_resets_the_ticket_clock() {
    let facts =
        life(&[(Detected, 0.0), (Ticketed, 0.0), (Closed, 5.0), (Redetected, 9.0), (Closed, 12.0), (Verified, 13.0)]);
    assert_eq!(
        facts.records.iter().map(|record| record.outcome).collect::<Vec<_>>(),
        [Outcome::Closed, Outcome::Closed]
    );
    assert_eq!(facts.closures[0].seen_again, Some(day(9.0)));
    assert_eq!(
        labels(&facts, 20.0, Verification::Strict),
        [
            (Label::OnClockFinal, 3),
            (Label::OnClockReset, 5),
            (Label::AwaitingVerification, 1),
            (Label::FalselyClosed, 4)
        ]
    );
}

#[test]
fn back_within_thirty_days_is_the_same_episode_and_later_a_new_one() {
    let lived = |back: f64| {
        let facts = life(&[(Detected, 0.0), (Verified, 10.0), (Redetected, back), (Verified, 60.0)]);
        (facts.episodes.len(), facts.wall_seconds(day(90.0), Verification::Strict) / DAY_SECONDS)
    };
    assert_eq!(lived(40.0), (1, 60), "exactly thirty days after the end");
    assert_eq!(lived(41.0), (2, 29), "ten days, then nineteen");
}

#[test]
fn a_false_positive_that_was_wrong_continues_its_episode_whenever_that_is_found() {
    let facts = life(&[(Detected, 0.0), (FalsePositive, 5.0), (Redetected, 400.0)]);
    assert_eq!(facts.episodes.len(), 1);
    assert_eq!(facts.episodes[0].end, None);
    assert_eq!(facts.first_exit.unwrap().cause, Cause::FalsePositive);
}

#[test]
fn an_exception_makes_the_record_exempt_and_leaves_the_weakness_open() {
    let facts = life(&[(Detected, 0.0), (Ticketed, 0.0), (ExceptionGranted, 2.0), (ExceptionExpired, 50.0)]);
    assert_eq!(
        facts.records.iter().map(|record| record.outcome).collect::<Vec<_>>(),
        [Outcome::Exempt, Outcome::Running]
    );
    assert_eq!(facts.first_exit.unwrap().cause, Cause::Accepted);
    assert_eq!(
        labels(&facts, 60.0, Verification::Strict),
        [(Label::OnClockFinal, 10), (Label::OnClockReset, 2), (Label::Exception, 48)]
    );
}

#[test]
fn odd_events_are_flagged_and_change_nothing() {
    let plain = life(&[(Detected, 0.0), (Ticketed, 1.0), (Closed, 2.0)]);
    let odd = life(&[
        (Detected, 0.0),
        (Resumed, 0.5),
        (Paused, 0.6),
        (Ticketed, 1.0),
        (ExceptionExpired, 1.5),
        (Closed, 2.0),
        (Closed, 3.0),
    ]);
    assert_eq!((plain.episodes, plain.records), (odd.episodes, odd.records));
    for flag in [Flag::IgnoredResume, Flag::IgnoredPause, Flag::IgnoredExpiry, Flag::IgnoredClose] {
        assert_eq!(odd.flags.count(flag), 1, "{flag}");
    }
}

#[test]
fn a_downgrade_resets_the_ticket_clock_or_by_policy_retargets_it() {
    let events = || {
        let mut downgrade = ItemEvent::bare(SeverityChanged, day(5.0));
        downgrade.to = Some("low".into());
        let mut found = ItemEvent::bare(Detected, day(0.0));
        found.severity = Some(GivenSeverity::Known(Severity::Critical));
        vec![found, ItemEvent::bare(Ticketed, day(0.0)), downgrade, ItemEvent::bare(Closed, day(8.0))]
    };
    let reset = folded("{}", events());
    assert_eq!(
        reset.records.iter().map(|record| record.outcome).collect::<Vec<_>>(),
        [Outcome::Reset, Outcome::Closed]
    );
    let retargeted = folded(r#"{"reset_on_severity_change":false}"#, events());
    assert_eq!(retargeted.records.len(), 1);
    assert_eq!(retargeted.records[0].severity, Severity::Low);
    assert_eq!((reset.severity_at_detection(), reset.severity_now()), (Severity::Critical, Severity::Low));
}

#[test]
fn an_agent_action_undone_while_the_item_stands_closed_is_flagged() {
    let standing = life(&[(Detected, 0.0), (Closed, 1.0), (Reverted, 2.0)]);
    assert_eq!(standing.flags.count(Flag::RevertedWithoutReopen), 1);
    let reopened = life(&[(Detected, 0.0), (Closed, 1.0), (Reverted, 2.0), (Reopened, 3.0)]);
    assert_eq!(reopened.flags.count(Flag::RevertedWithoutReopen), 0);
}

#[test]
fn an_item_of_merges_alone_does_not_exist() {
    let policy = Policy::built_in().unwrap();
    let calendar = Calendar::of(&policy).unwrap();
    assert_eq!(fold(vec![ItemEvent::bare(Merged, day(0.0))], &policy, &calendar), None);
}
