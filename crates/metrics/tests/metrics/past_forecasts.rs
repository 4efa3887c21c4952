//! What was foretold and kept, against what came.

use crate::support::{at, found, frame, straight};
use domain::{
    event_name::EventName::{FalsePositive, Redetected},
    view::Verification::Strict,
};
use metrics::{
    calibration::{Settled, bands, brier, brier_of_average, skill},
    flow::{
        breach_forecast::{Curves, Forecast},
        past_forecasts::{Became, Kept, Round, became, is_forecast, settled},
    },
    ledger::{Ledger, LedgerItem},
    share::Share,
};
use proptest::{collection::vec, prelude::*};

const fn late(said: f64) -> Settled {
    Settled { said, came: true }
}

const fn in_time(said: f64) -> Settled {
    Settled { said, came: false }
}

#[track_caller]
fn assert_near(got: f64, want: f64) {
    assert!((got - want).abs() < 1e-9, "got {got}, expected {want}");
}

fn forecast(start: i64, due: i64, chance: f64) -> Forecast {
    Forecast { start: at(start), due: at(due), chance }
}

fn kept(item: &str, start: i64, chance: f64) -> Kept {
    Kept { item: item.into(), forecast: forecast(start, start + 7, chance) }
}

/// (0.9 − 1)², (0.2 − 0)² and (0.5 − 1)² are 0.01, 0.04 and 0.25. Two of three were late: who always says two thirds
/// scores 2/9, so 1 − 0.1 / (2/9) is gained.
#[test]
fn a_brier_score_worked_by_hand() {
    let all = [late(0.9), in_time(0.2), late(0.5)];
    assert_near(brier(&all).unwrap(), 0.1);
    assert_near(brier_of_average(&all).unwrap(), 2.0 / 9.0);
    assert_near(skill(&all).unwrap(), 0.55);
    assert_eq!((brier(&[]), brier_of_average(&[]), skill(&[])), (None, None, None));
    assert_eq!(skill(&[late(0.9), late(0.8)]), None, "where all were late, nothing could be told apart");
}

#[test]
fn calibration_sets_what_was_said_beside_what_came() {
    let all = bands(&[in_time(0.1), late(0.15), in_time(0.2), late(1.0)]);
    assert_eq!(all.len(), 5);
    assert_near(all[0].said.unwrap(), 0.125);
    assert_eq!(all[0].came, Share::new(1, 2).unwrap());
    assert_eq!(all[1].came, Share::new(0, 1).unwrap(), "a band holds its lower edge");
    assert_eq!((all[2].said, all[2].came.of()), (None, 0));
    assert_eq!(all[4].came, Share::new(1, 1).unwrap(), "the last one holds its upper edge too");
}

#[test]
fn a_forecast_is_settled_by_what_is_known_later() {
    let after = |later: LedgerItem, as_of: i64| became(&forecast(10, 17, 0.25), &later.facts, at(as_of), Strict);
    let settled = |came| Became::Settled(Settled { said: 0.25, came });
    assert_eq!(after(straight("a", 10, 17).build(), 30), settled(false), "ended on its very day");
    assert_eq!(after(straight("a", 10, 18).build(), 30), settled(true));
    assert_eq!(after(found("a", 10).build(), 30), settled(true));
    assert_eq!(after(found("a", 10).build(), 17), Became::Pending, "its day has not come");
    assert_eq!(after(found("a", 10).on(12, FalsePositive).build(), 30), Became::Void, "it was never real");
    assert_eq!(after(found("a", 12).build(), 30), Became::Void, "nothing was there when it was made");
    let back = straight("a", 10, 15).on(20, Redetected).build();
    assert_eq!(after(back, 30), settled(true), "the fix did not hold: the same episode goes on");
    let recurred = straight("a", 10, 15).on(60, Redetected).build();
    assert_eq!(after(recurred, 90), settled(false), "a recurrence is another episode");
}

/// On day 12 four items are foretold: a ends in time, b late, c is gone from the ledger, d is due after the later view.
#[test]
fn a_round_compares_what_was_kept_with_a_later_view() {
    let later = Ledger::new(vec![straight("a", 10, 15).build(), straight("b", 10, 20).build(), found("d", 12).build()]);
    let all = [kept("a", 10, 0.25), kept("b", 10, 0.5), kept("c", 10, 0.5), kept("d", 12, 0.5)];
    let round = Round::of(at(12), &all, &later, at(19), Strict);
    assert_eq!((round.settled.as_slice(), round.pending, round.void), (&[in_time(0.25), late(0.5)][..], 1, 1));
    assert_eq!(round.expected_and_late(), (0.75, 1));
    assert_near(brier(&settled(&[round.clone(), round.clone()])).unwrap(), (0.0625 + 0.25) / 2.0);
    assert_eq!(settled(&[round.clone(), round]).len(), 4);
}

/// Its day had come when it was made, or lies beyond the thirty days that were shown.
#[test]
fn what_was_no_forecast_is_not_scored() {
    assert!(!is_forecast(&forecast(10, 17, 1.0), at(17)) && is_forecast(&forecast(10, 17, 1.0), at(16)));
    assert!(is_forecast(&forecast(10, 47, 0.5), at(17)) && !is_forecast(&forecast(10, 48, 0.5), at(17)));
    let later = Ledger::new(vec![found("a", 10).build()]);
    let round = Round::of(at(40), &[kept("a", 10, 1.0)], &later, at(60), Strict);
    assert_eq!((round.settled.len(), round.pending, round.void), (0, 0, 0));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(100))]

    /// Forecasts made on one view and settled on a later one of the same lives: all are accounted for, and each score is a
    /// score.
    #[test]
    fn every_forecast_is_settled_pending_or_void(
        lives in vec((0_i64..90, prop::option::of(1_i64..60)), 1..40),
        later in 100_i64..140,
    ) {
        let build = |(start, length): &(i64, Option<i64>)| match length {
            Some(length) => straight("x", *start, start + length).build(),
            None => found("x", *start).build(),
        };
        let early = |(start, length): &(i64, Option<i64>)| match length {
            Some(length) if start + length < 100 => straight("x", *start, start + length).build(),
            Some(_) | None => found("x", *start).build(),
        };
        let frame = frame(100);
        let then: Vec<LedgerItem> = lives.iter().map(early).collect();
        let facts: Vec<_> = then.iter().map(|item| &item.facts).collect();
        let curves = Curves::of(&facts, &frame, Strict);
        let forecasts: Vec<(usize, Forecast)> =
            facts.iter().enumerate().filter_map(|(place, one)| Some((place, curves.forecast(one, &frame, Strict)?))).collect();
        let mut told = Vec::new();
        for (place, forecast) in &forecasts {
            let ledger = Ledger::new(vec![build(&lives[*place])]);
            told.push(Round::of(at(100), &[Kept { item: "x".into(), forecast: *forecast }], &ledger, at(later), Strict));
        }
        let said = forecasts.iter().filter(|(_, one)| is_forecast(one, at(100))).count() as u64;
        prop_assert_eq!(told.iter().map(|round| round.settled.len() as u64 + round.pending + round.void).sum::<u64>(), said);
        prop_assert!(brier(&settled(&told)).is_none_or(|score| (0.0..=1.0).contains(&score)));
        prop_assert!(forecasts.iter().all(|(_, one)| one.due > at(100) || one.chance >= 1.0));
    }
}
