//! Who does it, what it waits for, and where it gets stuck, told in days.

use crate::support::{Item, assert_close, at, days, found, frame, item};
use domain::{
    actor::ActorType,
    event_name::EventName::{
        self, Approved, Authorised, Closed, Detected, ExceptionGranted, FixApplied, Paused, Redetected, Reopened,
        Resumed, Seen, Ticketed, Verified, WorkStarted,
    },
    fact::ItemFacts,
    reason_code::ReasonCode::{self, Capacity, Vendor},
    view::{Verification::Strict, View},
    work::Deed,
};
use metrics::{
    ledger::LedgerItem,
    process::{
        betweenness::betweenness,
        bottleneck::bottleneck,
        edges::edges,
        people::{Doers, by_team, deeds_in, doers_of},
        rework::Rework,
        trace::{Trace, starts_and_ends, variants},
        waiting::{Feeds, Waiting},
    },
};
use proptest::{collection::vec, prelude::*};
use std::collections::BTreeMap;

fn facts(items: impl IntoIterator<Item = Item>) -> Vec<ItemFacts> {
    items.into_iter().map(|item| item.build().facts).collect()
}

/// Ann fixes three times and answers once, Ben fixes twice, Cem approves twice: shares ½, ¼, ¼: 1 / (¼ + ⅛) people.
pub(crate) fn doing_people() -> Vec<ItemFacts> {
    let fixed = |by| found("x", 0).on(1, FixApplied).by(by);
    facts([
        fixed("ann"),
        fixed("ann"),
        fixed("ann"),
        fixed("ben"),
        fixed("ben"),
        found("x", 0).on(1, Authorised).by("ann"),
        item("x").on(0, Detected).on(1, EventName::Proposed).act("1").on(2, Approved).act("1").by("cem"),
        item("x").on(0, Detected).on(1, EventName::Proposed).act("2").on(2, Approved).act("2").by("cem"),
        fixed("robot").with(|event| event.actor_type = Some(ActorType::Agent)),
    ])
}

#[test]
fn effective_people_worked_by_hand() {
    let all = doing_people();
    let view = frame(10).view;
    let everybody = Doers::of(deeds_in(&all, &view));
    assert_eq!(everybody.deeds(), 8);
    assert_close(everybody.effective().unwrap(), 1.0 / 0.375);
    assert_close(everybody.share_of("ben").unwrap(), 0.25);
    let fixers = doers_of(&all, &view, Deed::Fix);
    assert_eq!(fixers.by_person(), &BTreeMap::from([("ann", 3), ("ben", 2)]));
    assert_close(fixers.effective().unwrap(), 25.0 / 13.0);
    assert_eq!(Doers::default().effective(), None);
}

#[test]
fn deeds_outside_the_window_are_left_out_and_teams_stand_apart() {
    let fixed = |team, by, day| found("x", 0).team(team).on(day, FixApplied).by(by);
    let all =
        facts([fixed("web", "ann", 5), fixed("web", "ben", 6), fixed("mail", "ann", 7), fixed("mail", "cem", 20)]);
    let view = View { as_of: at(20), known_at: at(20), observed_from: at(5) };
    let teams = by_team(&all, &view);
    assert_eq!(teams.keys().copied().collect::<Vec<_>>(), ["mail", "web"]);
    assert_close(teams["mail"].effective().unwrap(), 1.0);
    assert_close(teams["web"].effective().unwrap(), 2.0);
}

fn of_feed(item: Item, source: &'static str) -> LedgerItem {
    LedgerItem { source: Some(source.into()), ..item.build() }
}

fn waits(item: Item, reason: ReasonCode) -> Item {
    item.with(move |event| event.ties.reason = Some(reason))
}

/// A lives for 20 days: found on day 0, work from 4 to 6, waits for capacity from 6 to 10, work from 12 to 13, gone on
/// day 20: 3 of touch, 4 for capacity, 13 for nobody knows what. B is open for 30 and nobody began. C's feed never says
/// when work starts.
pub(crate) fn touched_and_waiting() -> [LedgerItem; 3] {
    let a = waits(found("a", 0).on(4, WorkStarted).on(6, Paused), Capacity)
        .on(10, Resumed)
        .on(12, WorkStarted)
        .on(13, FixApplied)
        .on(14, Closed)
        .on(20, Verified);
    [
        of_feed(a, "tickets"),
        of_feed(found("b", 0), "tickets"),
        of_feed(waits(found("c", 0).on(1, Paused), Vendor), "mail"),
    ]
}

#[test]
fn touch_and_waiting_worked_by_hand() {
    let items = touched_and_waiting();
    let feeds = Feeds::of(&items);
    let all: Vec<&LedgerItem> = items.iter().collect();
    let got = Waiting::of(&all, &feeds, at(30), Strict);
    assert_eq!((got.items, got.wall, got.touch), (2, days(50), days(3)));
    assert_eq!(got.by_reason, BTreeMap::from([(Capacity, days(4))]));
    assert_eq!((got.waiting(), got.without_reason()), (days(47), days(43)));
    assert_close(got.share().unwrap(), 47.0 / 50.0);
    assert_close(got.flow_efficiency().unwrap(), 3.0 / 50.0);
    let of_mail = Waiting::of(&[&items[2]], &feeds, at(30), Strict);
    assert_eq!((of_mail.items, of_mail.share(), of_mail.flow_efficiency()), (0, None, None), "no evidence is not zero");
}

/// Gone on day 5 while somebody still works on it; back for good on day 50: work on what is gone counts for nothing.
#[test]
fn work_counts_while_the_weakness_is_there() {
    let a = found("a", 0).on(2, WorkStarted).on(5, Verified).on(50, Redetected).on(60, WorkStarted);
    let items = [of_feed(a, "tickets")];
    let got = Waiting::of(&[&items[0]], &Feeds::of(&items), at(65), Strict);
    assert_eq!((got.wall, got.touch), (days(5 + 15), days(3 + 5)));
    let accepted = waits(found("a", 0).on(1, WorkStarted).on(2, FixApplied).on(3, ExceptionGranted), Vendor);
    let items = [of_feed(accepted, "tickets")];
    let got = Waiting::of(&[&items[0]], &Feeds::of(&items), at(10), Strict);
    assert_eq!(got.by_reason, BTreeMap::from([(Vendor, days(7))]));
}

fn trace(story: &Item) -> Trace {
    story.trace()
}

/// Ticketed to closed takes 2, 4 and 10 days, closed to verified 0, 1 and – in an item that closes twice – 3 and 5.
pub(crate) fn closing_and_checking() -> [Trace; 3] {
    [
        trace(&found("a", 0).on(2, Closed).on(2, Verified)),
        trace(&found("b", 0).on(4, Closed).on(5, Verified)),
        trace(&found("c", 0).on(10, Closed).on(13, Verified).on(14, Closed).on(19, Verified)),
    ]
}

#[test]
fn edges_carry_their_median_time() {
    let traces = closing_and_checking();
    let all = edges(&traces);
    let find = |from, to| *all.iter().find(|edge| (edge.from, edge.to) == (from, to)).unwrap();
    let closing = find(Ticketed, Closed);
    assert_eq!((closing.times, closing.items, closing.median_seconds), (3, 3, days(4)));
    let checking = find(Closed, Verified);
    assert_eq!(
        (checking.times, checking.items, checking.median_seconds),
        (4, 3, days(1)),
        "0, 1, 3, 5: the lower middle"
    );
    assert_eq!(all.len(), 4);
    let (starts, ends) = starts_and_ends(&traces);
    assert_eq!((starts[&Detected], ends[&Verified], starts.len(), ends.len()), (3, 3, 1, 1));

    // 3 · 4 and 3 · 1 and 1 · 1 item-days of an exposure of 32.
    let worst = bottleneck(&all, 32.0);
    let days_of: Vec<f64> = worst.worst.iter().map(|(_, days)| *days).collect();
    assert_eq!(days_of, [12.0, 3.0, 1.0]);
    assert_close(worst.explained.unwrap(), 0.5);
    assert_eq!(bottleneck(&[], 0.0).explained, None);
}

/// Five of ten go one way, three another, one a third and one a fourth: two cover 80 per cent.
#[test]
fn the_common_ways_cover_four_fifths() {
    let ways: [&[EventName]; 4] = [&[Detected], &[Seen], &[Ticketed], &[Closed]];
    let of = |way: usize, times: usize| vec![Trace { names: ways[way].to_vec(), ..Trace::default() }; times];
    assert_eq!(variants(&[of(0, 5), of(1, 3), of(2, 1), of(3, 1)].concat()).covering_most, 2);
    assert_eq!(variants(&[of(0, 5), of(1, 2), of(2, 1), of(3, 1)].concat()).covering_most, 3);
    assert_eq!((variants(&of(0, 1)).covering_most, variants(&[]).covering_most), (1, 0));
}

#[test]
fn what_was_done_again() {
    let traces = [
        trace(&found("a", 0).on(2, Closed).on(3, Reopened).on(4, Closed).on(9, Redetected).on(10, Closed)),
        trace(&found("b", 0)),
    ];
    let found = Rework::of(&traces);
    assert_eq!(found, Rework { repeated: 2, reopened: 1, redetected: 1, items: 2 });
    assert_eq!((found.repeated_an_item(), Rework::default().repeated_an_item()), (Some(1.0), None));
}

fn handing(actors: &[&str]) -> Trace {
    Trace { actors: actors.iter().map(|actor| Box::from(*actor)).collect(), ..Trace::default() }
}

/// a hands to b, b to c and d: of the six ordered pairs of others two lead through b. A diamond: two ways from a to d,
/// half of them through b, half through c.
#[test]
fn whom_all_work_passes_through() {
    let chain = [handing(&["a", "b", "c"]), handing(&["b", "b", "d"])];
    let got = betweenness(&chain);
    assert_close(got["b"], 2.0 / 6.0);
    assert_close(got["a"] + got["c"] + got["d"], 0.0);
    let diamond = [handing(&["a", "b", "d"]), handing(&["a", "c", "d"])];
    let got = betweenness(&diamond);
    assert_close(got["b"], 0.5 / 6.0);
    assert_close(got["c"], 0.5 / 6.0);
    assert!(betweenness(&[handing(&["a", "a"])]).is_empty() && betweenness(&[]).is_empty());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(80))]

    #[test]
    fn nobody_stands_for_less_than_one_or_more_than_all(deeds in vec(0_usize..5, 1..40)) {
        let names = ["a", "b", "c", "d", "e"];
        let all = facts(deeds.iter().map(|name| found("x", 0).on(1, FixApplied).by(names[*name])));
        let view = frame(10).view;
        let doers = Doers::of(deeds_in(&all, &view));
        let effective = doers.effective().unwrap();
        prop_assert!(1.0 - 1e-12 <= effective && effective <= doers.by_person().len() as f64 + 1e-12);
    }

    #[test]
    fn touch_and_waiting_are_the_whole_life(steps in vec((0_usize..8, 0_i64..5), 0..12)) {
        let names = [WorkStarted, Paused, Resumed, FixApplied, Closed, Verified, Redetected, ExceptionGranted];
        let (mut story, mut day) = (found("x", 0).on(0, WorkStarted), 1);
        for (name, wait) in steps {
            day += wait;
            story = waits(story.on(day, names[name]), Capacity);
        }
        let items = [of_feed(story, "tickets")];
        let feeds = Feeds::of(&items);
        let got = Waiting::of(&[&items[0]], &feeds, at(day + 3), Strict);
        prop_assert_eq!(got.wall, items[0].facts.wall_seconds(at(day + 3), Strict));
        prop_assert!(got.touch >= 0 && got.waiting() >= 0 && got.without_reason() >= 0, "{:?}", got);
    }

    /// On a chain of handovers everybody in the middle stands between those before and those after.
    #[test]
    fn betweenness_of_a_chain(length in 2_usize..9) {
        let names = ["a", "b", "c", "d", "e", "f", "g", "h", "i"];
        let chain = [handing(&names[..length])];
        let got = betweenness(&chain);
        let pairs = ((length - 1) * (length - 2)).max(1) as f64;
        for (place, name) in names[..length].iter().enumerate() {
            prop_assert!((got[name] - (place * (length - 1 - place)) as f64 / pairs).abs() < 1e-12);
        }
    }
}
