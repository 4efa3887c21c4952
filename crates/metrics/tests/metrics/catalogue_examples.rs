//! The worked examples of what is coming, of distortions, guards, process, money and scores.

use crate::support::{POLICY, at, days, ten_stories};
use domain::{event_name::EventName, fact::ItemFacts, view::Verification::Strict};
use metrics::{
    calibration::brier,
    decision::Waits,
    distortion::{all, ground::Ground},
    flow::{
        Flow,
        breach_forecast::{Curves, expected},
        burn_down::{BurnDown, Clearing},
        coverage::RiskFixed,
        exposure::Exposure,
        past_forecasts::{Kept, Round, settled},
    },
    guard::{
        false_positives::{above_limit, chart},
        late_detection::late_detection,
        scanning::{retired_seen_again, seen_of_late},
        verification::{own_work, too_fast},
    },
    kev,
    ledger::{Frame, Ledger, LedgerItem},
    money::loss::{Assumptions, Losses, losses},
    process::{
        handover::handoffs,
        playbook::Playbook,
        trace::{Trace, repeated, variants},
    },
    real::{days as in_days, real},
    score::{
        dimension::{KnownLevel, Score, Weighted, score},
        gap::gap,
        sensitivity::{sensitivity, unchanged_share},
    },
    survival::{competing::Exits, hazard::hazard, row::rows_of},
};

type Example = Option<Option<f64>>;

pub(crate) fn of_survival(id: &str, ledger: &Ledger, frame: &Frame<'_>) -> Example {
    let rows: Vec<_> = ledger.facts().flat_map(|facts| rows_of(facts, &frame.view, Strict)).collect();
    Some(match id {
        "wall_hazard" => hazard(&rows)[0].a_day(),
        "exit_share" => Some(Exits::of(ledger.facts(), &frame.view, Strict).left_at(days(7))[1]),
        _ => return None,
    })
}

/// Forecasts for f, g, h and i one day after they were found, on the curve of today, and what became of them.
fn rounds(ledger: &Ledger, frame: &Frame<'_>) -> Vec<Round> {
    let facts: Vec<&ItemFacts> = ledger.facts().collect();
    let curves = Curves::of(&facts, frame, Strict);
    let at_one_day = |item: &LedgerItem| {
        let made = item.facts.origin.plus(days(1));
        let then = Frame { view: domain::view::View { as_of: made, ..frame.view }, ..*frame };
        let forecast = curves.forecast(&item.facts, &then, Strict)?;
        let kept = [Kept { item: item.id.clone(), forecast }];
        Some(Round::of(made, &kept, ledger, frame.view.as_of, Strict))
    };
    ledger.items()[5..9].iter().filter_map(at_one_day).collect()
}

pub(crate) fn of_ahead(id: &str, ledger: &Ledger, frame: &Frame<'_>) -> Example {
    let facts: Vec<&ItemFacts> = ledger.facts().collect();
    let as_of = frame.view.as_of;
    let fixed = RiskFixed::of(ledger.facts(), &frame.view, Strict);
    Some(match id {
        "backlog_median_age" => Flow::of(&facts, frame.policy, &frame.view, Strict).median_open_age_days,
        "flow_months_to_clear" => {
            let items: Vec<_> = ledger.items().iter().collect();
            match BurnDown::of(&items, &frame.view, Strict).clearing {
                Some(Clearing::InMonths { months, .. }) => Some(months),
                Some(Clearing::NeverAtThisPace { .. }) | None => None,
            }
        }
        "risk_coverage" => fixed.coverage.value(),
        "risk_efficiency" => fixed.efficiency.value(),
        "kev_days_over" => kev::median_days_over(ledger.facts(), as_of, Strict).map(|(days, _)| days),
        "kev_open_past_due" => {
            Some(real(facts.iter().filter(|facts| kev::is_open_past_due(facts, as_of, Strict)).count() as u64))
        }
        "breach_expected" => {
            let curves = Curves::of(&facts, frame, Strict);
            let forecasts: Vec<_> = facts.iter().filter_map(|facts| curves.forecast(facts, frame, Strict)).collect();
            Some(expected(&forecasts, as_of).breaches)
        }
        "breach_calibration" => brier(&settled(&rounds(ledger, frame))),
        _ => return None,
    })
}

/// The part of a distortion that its entry tells.
const PARTS: [(&str, &str); 18] = [
    ("d1", "open_past_promised"),
    ("d2", "paused"),
    ("d3", "reset_or_falsely_closed"),
    ("d4", "downgraded_in_last_tenth"),
    ("d5", "closed_at_quarter_end"),
    ("d6", "seen_again_in_90_days"),
    ("d7", "untracked"),
    ("d8", "renewed"),
    ("d9", "more_than_expected_below"),
    ("d10", "reported_without_exclusions"),
    ("d11", "off_calendar"),
    ("d12", "exposures_a_ticket"),
    ("d13", "mean_with_open_ones"),
    ("d14", "mean_with_open_ones_beyond_mean_of_ended"),
    ("d15", "called_false_near_deadline"),
    ("d16", "retired_and_seen_later"),
    ("d17", "weighted_by_severity"),
    ("d18", "records_an_item"),
];

pub(crate) fn of_distortion(id: &str, ledger: &Ledger, frame: &Frame<'_>) -> Example {
    let number = id.strip_prefix("distortion_")?;
    let (_, part) = PARTS.iter().find(|(known, _)| *known == number)?;
    let sizes = all(&Ground::of(ledger.items().iter().collect(), *frame, Strict));
    sizes.iter().find(|size| size.id == number && size.part == *part).map(|size| size.value.value())
}

pub(crate) fn of_guard(id: &str, ledger: &Ledger, frame: &Frame<'_>) -> Example {
    let facts: Vec<&ItemFacts> = ledger.facts().collect();
    Some(match id {
        "guard_g1" => seen_of_late(&facts, frame.view.as_of).value(),
        "guard_g2" => own_work(ledger.facts()).own.value(),
        "guard_g3" => Some(real(above_limit(&chart(&facts, &frame.view)))),
        "guard_g4" => retired_seen_again(&facts).value(),
        "guard_g6" => late_detection(&facts).late.value(),
        "guard_g5" => too_fast(ledger.facts()).value(),
        _ => return None,
    })
}

pub(crate) fn of_process(id: &str) -> Example {
    let traces: Vec<Trace> = ten_stories().iter().map(crate::support::Item::trace).collect();
    let fit = Playbook::default().fit(&traces);
    Some(match id {
        "process_fitness" => fit.mean,
        "process_perfect" => fit.perfect,
        "process_variants" => Some(real(variants(&traces).distinct)),
        "process_top_variant" => variants(&traces).top_share,
        "process_handoffs" => Some(real(handoffs(&traces).changes)),
        "process_ping_pong" => Some(real(handoffs(&traces).came_back)),
        "process_rework" => Some(real(repeated(&traces))),
        "decision_latency" => {
            let mut waits = Waits::default();
            waits.add(std::iter::empty::<(EventName, domain::time::Timestamp)>(), at(100));
            waits.curve().quantile(0.5).map(in_days)
        }
        _ => return None,
    })
}

fn lived(ledger: &Ledger, frame: &Frame<'_>) -> Losses {
    let facts: Vec<&ItemFacts> = ledger.facts().collect();
    let exposure = Exposure::of(&facts, &POLICY, &frame.view, Strict).weighted_days();
    losses(exposure / 700.0, &Assumptions::default())
}

pub(crate) fn of_money(id: &str, ledger: &Ledger, frame: &Frame<'_>) -> Example {
    let lived = lived(ledger, frame);
    Some(match id {
        "loss_frequency" => Some(lived.frequency_mean),
        "loss_year_chance" => Some(lived.chance_of_a_loss_year),
        "loss_expected" => Some(lived.expected_loss),
        "loss_if_p10" => lived.if_it_happens.map(|[p10, _, _]| p10),
        "loss_if_p50" => lived.if_it_happens.map(|[_, p50, _]| p50),
        "loss_if_p90" => lived.if_it_happens.map(|[_, _, p90]| p90),
        "gap_price" => Some(lived.expected_loss - losses(1.0, &Assumptions::default()).expected_loss),
        _ => return None,
    })
}

fn side(levels: &[(Option<f64>, f64)]) -> Vec<Weighted> {
    let exact = |level| KnownLevel { level, lower: level, upper: level };
    levels.iter().map(|(level, weight)| Weighted { weight: *weight, known: level.map(exact) }).collect()
}

/// The practice of *process*: the second, third, fourth, seventh and eighth indicator are known.
fn practice() -> Vec<Weighted> {
    side(&[
        (None, 3.0),
        (Some(2.5), 2.0),
        (Some(2.5), 3.0),
        (Some(1.5), 2.0),
        (None, 1.0),
        (None, 1.0),
        (Some(2.5), 2.0),
        (Some(1.5), 2.0),
    ])
}

pub(crate) fn of_score(id: &str) -> Example {
    let paper = side(&[(None, 2.0), (None, 1.0), (Some(4.25), 3.0), (None, 1.0), (None, 1.0), (None, 1.0)]);
    let (paper, proven): (Score, Score) = (score(&paper), score(&practice()));
    Some(match id {
        "score_paper" => paper.score,
        "score_practice" => proven.score,
        "score_gap" => gap(&paper, &proven).gap,
        "score_evidence_cover" => Some(proven.cover),
        "score_stability" => {
            let without = sensitivity(&practice(), "process").without_one;
            unchanged_share(&without.iter().map(Option::is_some).collect::<Vec<_>>())
        }
        _ => return None,
    })
}

/// By hand: bounds 1.175 to 2.808 where what is unknown may be anything.
#[test]
fn the_bounds_of_the_example_are_those_worked_by_hand() {
    let proven = score(&practice());
    assert!((proven.lower - 1.175).abs() < 5e-4 && (proven.upper - 2.808).abs() < 5e-4, "{proven:?}");
    assert!((proven.score.unwrap() - 2.097).abs() < 5e-4);
}
