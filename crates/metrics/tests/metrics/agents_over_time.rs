//! Whether agents save time, and whether they hold after they were new.

use crate::support::{Item, assert_close, at, ended, found, frame, item, straight};
use domain::{
    event_name::EventName::{self, Closed, Detected, Executed, FixApplied, Proposed, Redetected, Ticketed, Verified},
    fact::ItemFacts,
    severity::Severity,
    time::DAY_SECONDS,
    view::Verification::Strict,
};
use metrics::{
    agent::{
        actions_of,
        decay::{Week, decay, durability, succeeded, weeks},
        time_saved::{claimed_days, has_agent, perception, time_saved},
    },
    ledger::LedgerItem,
    share::Share,
    survival::{curve::Curve, life_table::LifeTable, row::Row},
};

fn facts(items: impl IntoIterator<Item = Item>) -> Vec<ItemFacts> {
    items.into_iter().map(|item| item.build().facts).collect()
}

/// Found on day 0, fixed by an agent and verified after so many days.
fn by_agent(end: i64) -> Item {
    item("x").on(0, Detected).on(0, Ticketed).on(end, FixApplied).by_agent().on(end, Closed).on(end, Verified)
}

/// Critical ones: people after 10 and 20 days, agents after 4 and 6. Low ones: people after 40, nobody else. Only the
/// first can be compared: means of 15 and 5.
#[test]
fn the_like_is_compared_with_the_like() {
    let mut all = with_and_without();
    all.push(low(straight("x", 0, 40)));
    let found = time_saved(&all, &frame(100).view, Strict, 90).unwrap();
    assert_close(found.days.value().unwrap(), 10.0);
    assert_close(found.share, 10.0 / 15.0);
    assert_close(found.log_ratio, 3.0_f64.ln());
    assert_eq!((found.strata, found.episodes), (1, (2, 2)));
    let batches = found.days.interval().unwrap().batches.unwrap();
    assert_eq!((batches.clusters, batches.are_few()), (4, true));
}

/// Twenty a side, each ending on a day of its own: the formula may stand beside the draws. By it the errors of both sides
/// add up as squares.
#[test]
fn the_formula_stands_beside_where_nothing_ended_together() {
    let people = (0..20).map(|number| straight("p", 0, 10 + number).build());
    let all: Vec<LedgerItem> = people.chain((0..20).map(|number| by_agent(2 + number).build())).collect();
    let found = time_saved(&all, &frame(100).view, Strict, 90).unwrap();
    assert_close(found.days.value().unwrap(), 8.0);
    let error = |first: i64| {
        let rows: Vec<Row> = (0..20).map(|number| ended(first + number)).collect();
        Curve::of(&LifeTable::of(&rows)).restricted_mean(90 * DAY_SECONDS).1 / DAY_SECONDS as f64
    };
    let half = 1.644_853_626_951_472_2 * (error(10).powi(2) + error(2).powi(2)).sqrt();
    let (lower, upper) = found.days.interval().unwrap().batches.unwrap().formula.unwrap();
    assert!((upper.unwrap() - 8.0 - half).abs() < 1e-9 && (8.0 - lower.unwrap() - half).abs() < 1e-9, "{found:?}");
}

/// Twelve a side, all of one weakness; those of people ended on six days, those of agents on one: seven batches instead of
/// twenty-four. What falls together is known far less well.
#[test]
fn what_ended_together_is_drawn_together() {
    let stories = |weakness: &'static str| {
        let people = (0..12).map(move |number| straight("x", 0, 10 + number % 6).weakness(weakness).build());
        people.chain((0..12).map(move |_| by_agent(4).weakness(weakness).build())).collect::<Vec<_>>()
    };
    let found = time_saved(&stories("CVE-1"), &frame(100).view, Strict, 90).unwrap();
    let interval = found.days.interval().unwrap();
    let batches = interval.batches.unwrap();
    assert_eq!(batches.clusters, 7);
    assert!(batches.design_effect.unwrap() > 3.0 && batches.formula.is_none(), "{found:?}");
    assert!(interval.lower < found.days.value() && found.days.value() < interval.upper, "{found:?}");
}

fn low(story: Item) -> LedgerItem {
    let mut item = story.build();
    item.facts.severity_steps[0].1 = Severity::Low;
    item
}

/// Two strata of one against one: 10 less 4, and 30 less 20: both weigh alike.
#[test]
fn strata_are_averaged_by_what_they_can_tell() {
    let all = [straight("x", 0, 10).build(), by_agent(4).build(), low(straight("x", 0, 30)), low(by_agent(20))];
    let found = time_saved(&all, &frame(100).view, Strict, 90).unwrap();
    assert_close(found.days.value().unwrap(), 8.0);
    assert_eq!(found.strata, 2);
}

#[test]
fn without_both_sides_nothing_was_measured() {
    let view = frame(100).view;
    assert_eq!(time_saved(&[straight("x", 0, 10).build()], &view, Strict, 90), None);
    assert_eq!(time_saved(&[by_agent(3).build()], &view, Strict, 90), None);
    assert_eq!(time_saved(&[], &view, Strict, 90), None);
    assert_eq!(perception(&[0.4], None), None);
}

#[test]
fn an_agent_has_a_hand_in_what_it_proposed() {
    let all = facts([found("a", 0), found("b", 0).on(1, Proposed).act("b"), by_agent(3)]);
    assert_eq!(all.iter().map(has_agent).collect::<Vec<_>>(), [false, true, true]);
}

/// Believed 0.9 and 0.7; measured 10 / 15: 13.3 points too much.
pub(crate) fn with_and_without() -> Vec<LedgerItem> {
    [straight("p", 0, 10), straight("q", 0, 20), by_agent(4), by_agent(6)].map(Item::build).into()
}

#[test]
fn what_is_believed_beside_what_was_measured() {
    let all = with_and_without();
    let measured = time_saved(&all, &frame(100).view, Strict, 90).unwrap();
    let gap = perception(&[0.9, 0.7], Some(&measured)).unwrap();
    assert_close(gap.believed, 0.8);
    assert_close(gap.gap_points, 100.0 * (0.8 - 2.0 / 3.0));
    assert_eq!((gap.answers, perception(&[], Some(&measured))), (2, None));
}

/// Half a day and a day and a half are claimed for actions that hold; what was seen again claims nothing.
#[test]
fn claims_are_told_of_what_holds() {
    let claims = |id: &'static str, seconds| {
        found(id, 0).on(1, Executed).act(id).says(move |said| said.saved_seconds_claimed = Some(seconds))
    };
    let all = facts([claims("a", 43_200), claims("b", 129_600), claims("c", 900_000).on(5, Redetected)]);
    assert_close(claimed_days(&all).unwrap(), 1.0);
    assert_eq!(claimed_days(&facts([found("a", 0)])), None);
}

/// Done on a day; two days later it is verified or seen again.
fn done(day: i64, outcome: EventName) -> Item {
    item("x").on(0, Detected).on(day, Executed).act("x").on(day + 2, outcome)
}

#[test]
fn an_action_succeeds_when_it_was_proved_within_thirty_days() {
    let judged = |story: Item, as_of| succeeded(&story.build().facts.actions[0], at(as_of));
    assert_eq!(judged(done(10, Verified), 50), Some(true));
    assert_eq!(judged(done(10, Redetected), 50), Some(false));
    assert_eq!(judged(done(10, Verified), 40), None, "its thirty days have not passed");
    let unproved = || item("x").on(0, Detected).on(10, Executed).act("x");
    assert_eq!(judged(unproved(), 50), Some(false), "nobody looked");
    assert_eq!(judged(unproved().on(41, Verified), 80), Some(false), "too late");
    assert_eq!(judged(done(10, Verified).on(41, Redetected), 80), Some(true), "it held for its thirty days");
    assert_eq!(judged(done(10, Verified).on(40, Redetected), 80), Some(false));
    assert_eq!(judged(item("x").on(0, Detected).on(10, Proposed).act("x"), 80), None);
}

/// Four a week: all succeed for ten weeks, two of four from then on.
pub(crate) fn sudden_decline() -> Vec<ItemFacts> {
    let mut stories = Vec::new();
    for week in 0..20 {
        stories.extend(
            (0..4).map(|number| done(7 * week + number, if week < 10 || number < 2 { Verified } else { Redetected })),
        );
    }
    facts(stories)
}

#[test]
fn a_decline_is_found_in_its_week() {
    let all = sudden_decline();
    let weeks = weeks(actions_of(&all), at(0), at(400));
    assert_eq!(weeks.len(), 20);
    assert_eq!(weeks[9], Week { number: 9, succeeded: Share::new(4, 4).unwrap() });
    assert_eq!(weeks[10], Week { number: 10, succeeded: Share::new(2, 4).unwrap() });
    // Before day 60: weeks 0 to 8, all well. After: one week of four and ten of two: 24 of 44.
    assert_close(durability(&weeks).unwrap(), 24.0 / 44.0);
    let found = decay(weeks, "patch-agent");
    let (week, change) = found.change.unwrap();
    assert_eq!((week, change.before, change.after), (10, Share::new(40, 40).unwrap(), Share::new(20, 40).unwrap()));
    assert!(change.p < 0.01, "{change:?}");
    // Eleven weeks after day 60: ten pairs fall, 45 are equal: the median slope is level, and the test sees the fall.
    assert_eq!(found.trend.unwrap().score, -10);
    assert_close(found.slope_a_week.unwrap(), 0.0);
}

/// After day 60 a share of 1, ¾, ½ and ¼ week by week: a quarter less each.
pub(crate) fn steady_decline() -> Vec<ItemFacts> {
    let mut stories = Vec::new();
    for week in 9..13 {
        stories.extend(
            (0..4).map(|number| done(7 * week + number, if number < 13 - week { Verified } else { Redetected })),
        );
    }
    facts(stories)
}

#[test]
fn a_steady_decline_has_its_slope() {
    let all = steady_decline();
    let found = decay(weeks(actions_of(&all), at(0), at(400)), "patch-agent");
    assert_close(found.slope_a_week.unwrap(), -0.25);
    assert_eq!((found.trend.unwrap().score, found.change), (-6, None), "four weeks on each side are needed");
    assert_eq!(durability(&found.weeks), None, "nothing was done before");
}

#[test]
fn nothing_done_has_no_decay_and_what_came_before_the_deployment_is_left_out() {
    let all = facts([done(3, Verified)]);
    assert!(weeks(actions_of(&all), at(5), at(100)).is_empty());
    assert_eq!(weeks(actions_of(&all), at(3), at(100))[0].number, 0);
    let nothing = decay(Vec::new(), "x");
    assert_eq!((nothing.slope_a_week, nothing.trend, nothing.change), (None, None, None));
}
