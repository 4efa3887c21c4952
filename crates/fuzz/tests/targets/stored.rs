//! What the log gives back, should somebody have changed it: an event that folds, or a fault that is said.

use domain::{
    calendar::Calendar,
    fold::{fold, timeline},
    policy::Policy,
    time::{DAY_SECONDS, Timestamp},
    view::Verification,
};
use formats::canonical::item_event;
use fuzz::campaign;

#[test]
fn stored_texts_fold_or_are_refused() {
    let policy = Policy::built_in().unwrap();
    let calendar = Calendar::of(&policy).unwrap();
    let received_at = Timestamp::parse("2026-05-01T00:00:00Z").unwrap();
    campaign::run("stored_event", |input| {
        let bodies = crate::text(input).into_iter().flat_map(str::lines);
        let events: Vec<_> = bodies.filter_map(|body| item_event(body, received_at).ok()).collect();
        let Some(last) = events.iter().map(|event| event.at).max() else { return };
        let as_of = last.plus(DAY_SECONDS);
        let Some(facts) = fold(events.clone(), &policy, &calendar) else { return };
        let labels = facts.labels(as_of, Verification::Strict, &calendar);
        let timeline = timeline(events, &policy, &calendar, as_of).unwrap();
        let spans: i64 = timeline.spans.iter().map(|span| span.to.since(span.from)).sum();
        assert_eq!((labels.total(), &timeline.facts), (spans, &facts));
    });
}
