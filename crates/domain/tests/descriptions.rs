//! What an item says of itself beside its clocks, worked out by hand.
#![expect(clippy::unwrap_used, reason = "a test may fail loudly")]

use domain::{
    calendar::Calendar,
    event::{EventTies, ItemEvent},
    event_name::EventName,
    fact::{Check, Exception, ItemFacts},
    fold::fold,
    policy::Policy,
    time::Timestamp,
};

const DAY: i64 = 86_400;

fn at(day: i64) -> Timestamp {
    Timestamp::from_seconds(1_760_000_000 + day * DAY)
}

fn event(name: EventName, day: i64) -> ItemEvent {
    ItemEvent::bare(name, at(day))
}

fn by(actor: &str, name: EventName, day: i64) -> ItemEvent {
    ItemEvent { actor: Some(actor.into()), ..event(name, day) }
}

fn folded(events: Vec<ItemEvent>) -> ItemFacts {
    let policy = Policy::built_in().unwrap();
    fold(events, &policy, &Calendar::of(&policy).unwrap()).unwrap()
}

#[test]
fn first_words_stay_and_techniques_gather() {
    let tied = |asset: &str, techniques: &[&str]| EventTies {
        asset: Some(asset.into()),
        techniques: techniques.iter().map(|id| (*id).into()).collect(),
        ..EventTies::default()
    };
    let facts = folded(vec![
        ItemEvent { ties: tied("second", &["T1110", "T1059"]), ..event(EventName::Seen, 2) },
        ItemEvent { ties: tied("first", &["T1059"]), ..event(EventName::Detected, 1) },
    ]);
    assert_eq!(facts.ties.asset.as_deref(), Some("first"));
    assert_eq!(facts.ties.techniques, ["T1059".into(), "T1110".into()]);
    assert_eq!(facts.ties.ticket, None);
    assert_eq!(facts.last_sighting, Some(at(2)));
}

#[test]
fn an_exception_lasts_until_expiry_renewal_or_close() {
    let facts = folded(vec![
        event(EventName::Detected, 0),
        event(EventName::ExceptionGranted, 1),
        event(EventName::ExceptionExpired, 3),
        event(EventName::ExceptionGranted, 4),
        event(EventName::ExceptionGranted, 6),
        event(EventName::Closed, 8),
        event(EventName::ExceptionGranted, 9),
    ]);
    let spell = |from, to| Exception { granted: at(from), ended: Some(at(to)) };
    // The grant of day 9 is ignored: the item stands closed.
    assert_eq!(facts.exceptions, [spell(1, 3), spell(4, 6), spell(6, 8)]);
}

#[test]
fn checking_your_own_work_shows() {
    let facts = folded(vec![
        event(EventName::Detected, 0),
        by("ana", EventName::FixApplied, 1),
        by("bob", EventName::Closed, 2),
        ItemEvent { ties: EventTies { attested: true, ..EventTies::default() }, ..by("ana", EventName::Verified, 3) },
        event(EventName::Redetected, 4),
        by("bob", EventName::Closed, 5),
        by("scanner", EventName::Verified, 6),
        event(EventName::Verified, 7),
    ]);
    let check = |day, own_work, attested| Check { at: at(day), own_work, attested };
    assert_eq!(facts.checks, [check(3, Some(true), true), check(6, Some(false), false), check(7, None, false)]);
}

#[test]
fn the_patch_of_an_end_is_found_by_its_moment() {
    let patched = |name, day, patch: &str| ItemEvent {
        ties: EventTies { patch: Some(patch.into()), ..EventTies::default() },
        ..event(name, day)
    };
    let facts = folded(vec![
        patched(EventName::Detected, 0, "named at detection"),
        patched(EventName::Closed, 2, "KB1"),
        patched(EventName::Verified, 3, "KB2"),
    ]);
    assert_eq!((facts.patch_at(at(0)), facts.patch_at(at(2)), facts.patch_at(at(3))), (None, Some("KB1"), Some("KB2")));
}
