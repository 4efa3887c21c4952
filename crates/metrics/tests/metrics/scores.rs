//! Scoring and money against reference values of an independent implementation, every case of every function.

use crate::vectors::{close, read};
use metrics::{
    money::{
        lattice::point,
        loss::{Assumptions, losses, triangle},
    },
    score::{
        anchors::Anchors,
        dimension::{KnownLevel, Score, Weighted, mix, score_from},
        gap::gap,
        jeffreys,
    },
    share::Share,
};
use serde_json::Value;

fn number(value: &Value) -> f64 {
    value.as_f64().unwrap()
}

fn numbers(value: &Value) -> Vec<f64> {
    value.as_array().unwrap().iter().map(number).collect()
}

fn three(value: &Value) -> [f64; 3] {
    numbers(value).try_into().unwrap()
}

/// Runs every case of one function and counts them, so that a renamed function cannot pass unseen.
fn every(function: &str, count: usize, check: impl Fn(&Value, &Value)) {
    let all = read(include_str!("../fixtures/conformance/scores.json"));
    let cases: Vec<&Value> = all["vectors"].as_array().unwrap().iter().filter(|case| case["fn"] == function).collect();
    assert_eq!(cases.len(), count, "cases of {function}");
    for case in cases {
        eprintln!("{function}: {}", case["name"]);
        check(&case["args"], &case["expected"]);
    }
}

#[test]
fn a_value_earns_the_level_of_the_reference() {
    every("level_of", 14, |args, want| {
        let anchors = Anchors::new(numbers(&args["anchors"]).try_into().unwrap()).unwrap();
        close(anchors.level_of(number(&args["value"])), number(want));
    });
}

#[test]
fn a_share_has_the_jeffreys_interval_of_the_reference() {
    every("jeffreys", 11, |args, want| {
        let share = Share::new(args["k"].as_u64().unwrap(), args["n"].as_u64().unwrap()).unwrap();
        let (lower, upper) = jeffreys::ends(share, number(&args["confidence"]));
        close(lower, number(&want[0]));
        close(upper, number(&want[1]));
    });
}

#[test]
fn levels_mix_as_in_the_reference() {
    every("mix", 7, |args, want| {
        close(mix(numbers(&args["levels"]).into_iter().zip(numbers(&args["weights"]))), number(want));
    });
}

fn indicator(value: &Value) -> Weighted {
    let known = value["level"].as_f64().map(|level| KnownLevel {
        level,
        lower: number(&value["lo"]),
        upper: number(&value["hi"]),
    });
    Weighted { weight: number(&value["weight"]), known }
}

fn same_or_absent(got: Option<f64>, want: &Value) {
    match (got, want.as_f64()) {
        (Some(got), Some(want)) => close(got, want),
        (got, want) => assert_eq!(got, want),
    }
}

#[test]
fn a_dimension_scores_as_in_the_reference() {
    every("dimension", 9, |args, want| {
        let indicators: Vec<Weighted> = args["indicators"].as_array().unwrap().iter().map(indicator).collect();
        let got = score_from(&indicators, number(&args["min_cover"]), args["min_count"].as_u64().unwrap());
        same_or_absent(got.score, &want["score"]);
        close(got.lower, number(&want["lo"]));
        close(got.upper, number(&want["hi"]));
        close(got.cover, number(&want["cover"]));
    });
}

#[test]
fn a_gap_is_that_of_the_reference() {
    let side = |value: &Value| Score {
        score: value["score"].as_f64(),
        lower: number(&value["lo"]),
        upper: number(&value["hi"]),
        cover: number(&value["cover"]),
        known: 0,
    };
    every("gap", 6, |args, want| {
        let got = gap(&side(&args["paper"]), &side(&args["practice"]));
        same_or_absent(got.gap, &want["gap"]);
        close(got.lower, number(&want["lo"]));
        close(got.upper, number(&want["hi"]));
    });
}

#[test]
fn a_triangle_is_inverted_as_in_the_reference() {
    every("triangle", 5, |args, want| {
        let sides = [number(&args["min"]), number(&args["likely"]), number(&args["max"])];
        close(triangle(number(&args["u"]), sides), number(want));
    });
}

#[test]
fn a_point_of_the_lattice_is_that_of_the_reference() {
    every("lattice_point", 5, |args, want| {
        for (got, want) in point(args["i"].as_u64().unwrap()).into_iter().zip(numbers(want)) {
            close(got, want);
        }
    });
}

#[test]
fn a_year_of_losses_is_that_of_the_reference() {
    every("loss_exposure", 7, |args, want| {
        let assumed = Assumptions {
            incident_a_year: three(&args["incident_per_year"]),
            through_open_weakness: three(&args["share_by_unfixed_weakness"]),
            elasticity: three(&args["elasticity"]),
            loss_median: number(&args["loss_median"]),
            loss_p95: number(&args["loss_p95"]),
        };
        let got = losses(number(&args["ratio"]), &assumed);
        close(got.ratio, number(&want["ratio"]));
        close(got.frequency_mean, number(&want["frequency_mean"]));
        close(got.chance_of_a_loss_year, number(&want["chance_of_a_loss_year"]));
        close(got.expected_loss, number(&want["expected_loss"]));
        close(got.year_p90, number(&want["year_p90"]));
        for (place, name) in ["p10", "p50", "p90"].into_iter().enumerate() {
            same_or_absent(got.if_it_happens.map(|parts| parts[place]), &want["if_it_happens"][name]);
        }
    });
}
