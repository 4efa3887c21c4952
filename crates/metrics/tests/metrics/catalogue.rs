//! Every figure has an entry that says all it must, and every worked example comes out as told.

use crate::{
    catalogue_agents, catalogue_examples,
    support::{assert_close, days, frame, ten_items},
};
use domain::{fact::ItemFacts, label::Label, view::Verification};
use metrics::{
    catalogue::{entries, entry, markdown},
    claimed::Claimed,
    flow::{Flow, age_bands::AgeBand},
    kev,
    labels::{share_of, where_time_went},
    ledger::{Filter, Frame, ItemSet, Ledger},
    level::Level,
    matured::{mean_promised_days, on_time},
    real::{days as in_days, real, whole},
    recurrence::Recurrence,
    share::Share,
    sla::{SlaReport, shown_open},
    survival::{life_table::LifeTable, log_rank::log_rank, row::rows_of, summary::Summary},
};
use std::collections::BTreeSet;

fn summary(ledger: &Ledger, frame: &Frame<'_>, mode: Verification) -> Summary {
    let rows: Vec<_> = ledger.facts().flat_map(|facts| rows_of(facts, &frame.view, mode)).collect();
    Summary::of(&rows, 365, Level::NinetyFive).unwrap()
}

fn size(ledger: &Ledger, frame: &Frame<'_>, set: ItemSet) -> f64 {
    real(ledger.select(&Filter { set: Some(set), ..Filter::default() }, frame).len() as u64)
}

fn of_wall(id: &str, ledger: &Ledger, frame: &Frame<'_>) -> Option<Option<f64>> {
    let strict = summary(ledger, frame, Verification::Strict);
    let lenient = summary(ledger, frame, Verification::Lenient);
    let median = |summary: &Summary| summary.median.map(in_days);
    let promised = mean_promised_days(ledger.facts(), frame.policy, &frame.view, Verification::Strict);
    Some(match id {
        "wall_median_strict" => median(&strict),
        "wall_median_lenient" => median(&lenient),
        "wall_band_ratio" => median(&lenient).zip(median(&strict)).map(|(lenient, strict)| lenient / strict),
        "wall_p25" => strict.curve.quantile(0.25).map(in_days),
        "wall_p75" => strict.p75.map(in_days),
        "wall_p90" => strict.p90.map(in_days),
        "wall_open_share" => Some(strict.curve.open_at(days(7))),
        "wall_rmst" => Some(strict.restricted_mean / whole(days(1))),
        "mttr_closed" => strict.mean_of_ended_days,
        "wall_over_promise" => median(&strict).zip(promised).map(|(lived, promised)| lived / promised),
        "wall_log_rank" => {
            let table = |place: usize| {
                let facts = &ledger.items()[place].facts;
                LifeTable::of(&rows_of(facts, &frame.view, Verification::Strict).collect::<Vec<_>>())
            };
            Some(log_rank(&[table(0), table(1)]).p)
        }
        _ => return None,
    })
}

fn of_sla(id: &str, ledger: &Ledger, frame: &Frame<'_>) -> Option<Option<f64>> {
    let report = SlaReport::of(ledger.facts(), frame.policy);
    let kept = on_time(ledger.facts(), frame.policy, &frame.view, Verification::Strict);
    let labels = where_time_went(ledger.facts(), frame.view.as_of, Verification::Strict, frame.calendar);
    let recurrence = Recurrence::of(ledger.facts(), frame.view.as_of);
    Some(match id {
        "sla_percent" => report.met.percent(),
        "sla_records" => Some(real(report.met.of())),
        "sla_exempt" => Some(real(report.exempt)),
        "sla_reported_percent" => Claimed::of(ledger.facts()).judged().percent(),
        "sla_shown_open" => shown_open(ledger.facts(), frame).value(),
        "sla_tool_mean" => report.tool_mean_days(),
        "on_time_matured" => kept.percent(),
        "gap_points" => report.met.percent().zip(kept.percent()).map(|(paper, practice)| paper - practice),
        "label_seconds" => Some(in_days(labels.get(Label::Untracked))),
        "label_board_share" => share_of(&labels, Label::OnClockFinal),
        "recurrence_30" => recurrence.within_days(30),
        "recurrence_90" => recurrence.within_days(90),
        _ => return None,
    })
}

fn of_backlog(id: &str, ledger: &Ledger, frame: &Frame<'_>) -> Option<Option<f64>> {
    let facts: Vec<&ItemFacts> = ledger.facts().collect();
    let flow = Flow::of(&facts, frame.policy, &frame.view, Verification::Strict);
    Some(match id {
        "backlog_open" => Some(size(ledger, frame, ItemSet::StillOpen)),
        "backlog_mean_age" => flow.mean_open_age_days,
        "backlog_age_bands" => {
            flow.age_bands.iter().find(|(band, _)| *band == AgeBand::Quarter).map(|(_, count)| real(count))
        }
        "backlog_never_touched" => flow.never_touched_share(),
        "backlog_past_promised" => Some(size(ledger, frame, ItemSet::Overdue)),
        "flow_arrivals" => Some(real(flow.arrivals)),
        "flow_resolutions" => Some(real(flow.resolved)),
        "flow_net" => Some(whole(flow.net())),
        "flow_clearance" => Some(real(flow.resolved) / real(flow.arrivals)),
        "flow_little_time" => flow.implied_days(),
        "flow_capacity" => flow.monthly_capacity,
        "exposure_days" => Some(flow.exposure.days()),
        "exposure_days_weighted" => Some(flow.exposure.weighted_days()),
        "kev_on_time" => kev::on_time(ledger.facts(), frame.view.as_of, Verification::Strict).value(),
        "quality_imputed" => Share::count(ledger.facts(), |facts| facts.origin_imputed).value(),
        _ => return None,
    })
}

fn of_items(id: &str, ledger: &Ledger, frame: &Frame<'_>) -> Option<Option<f64>> {
    let e = &ledger.items()[4].facts;
    let last = e.last_episode(Verification::Strict).unwrap();
    let promised = frame.policy.targets.get(e.severity_at_detection()).nominal_days;
    Some(match id {
        "items_known" => Some(real(ledger.select(&Filter::default(), frame).len() as u64)),
        "items_exempt" => Some(size(ledger, frame, ItemSet::Exempt)),
        "items_excluded" => Some(size(ledger, frame, ItemSet::Excluded)),
        "items_seen_again" => Some(size(ledger, frame, ItemSet::SeenAgain)),
        "promised_mean" => mean_promised_days(ledger.facts(), frame.policy, &frame.view, Verification::Strict),
        "item_wall" => last.end.map(|end| in_days(end.at.since(last.start))),
        "item_promised" => Some(promised),
        "item_sla" => e.records[0].end.map(|end| in_days(end.elapsed_seconds)),
        _ => return None,
    })
}

/// An entry whose example nobody runs fails here, so none can be added without one.
#[test]
fn every_worked_example_comes_out_as_told() {
    let (ledger, frame) = (ten_items(), frame(100));
    for entry in entries() {
        let found = of_wall(entry.id, &ledger, &frame)
            .or_else(|| of_sla(entry.id, &ledger, &frame))
            .or_else(|| of_backlog(entry.id, &ledger, &frame))
            .or_else(|| of_items(entry.id, &ledger, &frame))
            .or_else(|| catalogue_examples::of_survival(entry.id, &ledger, &frame))
            .or_else(|| catalogue_examples::of_ahead(entry.id, &ledger, &frame))
            .or_else(|| catalogue_examples::of_distortion(entry.id, &ledger, &frame))
            .or_else(|| catalogue_examples::of_guard(entry.id, &ledger, &frame))
            .or_else(|| catalogue_examples::of_process(entry.id))
            .or_else(|| catalogue_agents::of_answers(entry.id))
            .or_else(|| catalogue_agents::of_effects(entry.id))
            .or_else(|| catalogue_agents::of_work(entry.id))
            .or_else(|| catalogue_examples::of_money(entry.id, &ledger, &frame))
            .or_else(|| catalogue_examples::of_score(entry.id));
        let got = found.unwrap_or_else(|| panic!("no test runs the example of `{}`", entry.id));
        match (got, entry.example_value) {
            (Some(got), Some(want)) => {
                assert!((got - want).abs() < 1e-9 * want.abs().max(1.0), "{}: {got}, told {want}", entry.id)
            }
            (got, want) => assert_eq!(got, want, "{}", entry.id),
        }
    }
    assert_close(real(ledger.items().len() as u64), 10.0);
}

#[test]
fn every_entry_says_all_it_must_and_no_id_stands_twice() {
    let mut ids = BTreeSet::new();
    for entry in entries() {
        assert!(ids.insert(entry.id), "`{}` stands twice", entry.id);
        for (what, text) in [
            ("name", entry.name),
            ("definition", entry.definition),
            ("denominator", entry.denominator),
            ("shown", entry.shown),
            ("example", entry.example),
        ] {
            assert!(!text.trim().is_empty(), "`{}` has no {what}", entry.id);
        }
        assert!(entry.version >= 1 && entry.definition.ends_with('.') && entry.example.ends_with('.'), "{}", entry.id);
    }
    assert!(entry("sla_percent").is_some() && entry("nothing").is_none());
}

#[test]
fn the_documentation_is_printed_from_the_catalogue() {
    assert_eq!(
        include_str!("../../../../docs/metrics.md"),
        markdown(),
        "print it again: cargo run -p metrics --example catalogue > docs/metrics.md"
    );
}
