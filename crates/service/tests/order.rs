//! The order of lines, how often they come and how they are split change nothing: equal knowledge, equal facts.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that cannot go on fails right there")]

mod support;

use proptest::{prelude::*, test_runner::TestRunner};
use support::{
    Desk, NOW,
    engines::{Place, postgres_place, sqlite_place},
    line,
};

const EVENTS: [&str; 12] = [
    "detected",
    "ticketed",
    "seen",
    "paused",
    "resumed",
    "exception_granted",
    "exception_expired",
    "fix_applied",
    "closed",
    "verified",
    "redetected",
    "merged",
];

#[derive(Clone, Debug)]
struct Said {
    item: u8,
    event: usize,
    step: i64,
    with_id: bool,
}

fn said() -> impl Strategy<Value = Said> {
    (0..5_u8, 0..EVENTS.len(), 0..60_i64, any::<bool>()).prop_map(|(item, event, step, with_id)| Said {
        item,
        event,
        step,
        with_id,
    })
}

/// Lines that are all known from the same moment on, so that only their order differs.
fn text(said: &Said) -> String {
    let Said { item, event, step, with_id } = *said;
    let name = EVENTS[event];
    let id = if with_id { format!("{item}-{name}-{}", step % 7) } else { String::new() };
    let plain = line(&id, &format!("item-{item}"), name, NOW - 500_000 + step * 3_600);
    let mut more = String::from("\"received_at\":\"2026-05-01T00:00:00Z\"");
    if name == "merged" {
        more.push_str(&format!(",\"to\":\"item-{}\"", (item + 1) % 5));
    }
    plain.replace("}\n", &format!(",{more}}}\n"))
}

/// A history, the same lines in another order with some of them twice, and where to cut them into requests.
fn histories() -> impl Strategy<Value = (Vec<Said>, Vec<Said>, usize)> {
    (prop::collection::vec(said(), 1..40), prop::collection::vec(any::<prop::sample::Index>(), 0..10), 1..9_usize)
        .prop_flat_map(|(first, again, cut)| {
            let mut other = first.clone();
            other.extend(again.iter().map(|index| index.get(&first).clone()));
            (Just(first), Just(other).prop_shuffle(), Just(cut))
        })
}

#[test]
fn order_repetition_split_and_restart_change_nothing() {
    change_nothing(24, sqlite_place);
}

#[test]
fn order_repetition_split_and_restart_change_nothing_on_postgres() {
    change_nothing(6, postgres_place);
}

fn change_nothing(cases: u32, place: fn() -> Place) {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let mut runner = TestRunner::new(ProptestConfig { cases, failure_persistence: None, ..ProptestConfig::default() });
    let outcome = runner.run(&histories(), |(first, other, cut)| {
        runtime.block_on(async {
            let one = Desk::open(place()).await;
            let whole: String = first.iter().map(text).collect();
            one.send_carried(&whole).await;
            let mut desk = Desk::open(place()).await;
            for (number, piece) in other.chunks(cut).enumerate() {
                let piece: String = piece.iter().map(text).collect();
                desk.send_carried(&piece).await;
                if number == 1 {
                    desk = desk.reopened().await;
                }
            }
            prop_assert_eq!(one.state_hash().await, desk.state_hash().await);
            prop_assert_eq!(desk.verify().await.differences, Vec::<String>::new());
            Ok(())
        })
    });
    outcome.unwrap();
}
