//! Exercises on the template.

use crate::told::{Told, told};
use domain::drill::{DrillType, Rating};
use formats::foreign::Settings;

const HEADER: &str = "exercise,type,announced,objective,core_capability,critical_task,evaluator,rating,observation,inject_time,observed_time,time_box_minutes,decision_maker,corrective_action,owner,due,closed";

fn read(rows: &[&str]) -> Told {
    told("exercise-template", &Settings::default(), &format!("{HEADER}\n{}\n", rows.join("\n")))
}

const CONTAIN: &str = "Storm,TTX,no,Contain,Operations,Isolate hosts,eva,P,calm,2026-03-01T10:00:00Z,2026-03-01T10:20:00Z,30,CISO,Buy a switch,bo,2026-04-01,2026-03-20T08:00:00Z";

/// Injected at 10:00, observed at 10:20, a box of 30 minutes: in time. The decision took the same 20 minutes.
#[test]
fn a_row_is_an_objective_an_inject_a_decision_and_a_finding() {
    let told = read(&[CONTAIN, "Storm,,,Inform,,,,S,,,,,,,,,"]);
    // The template names no technique, so its findings cannot be recognised when they come back.
    assert_eq!((told.held.len(), told.met.keys().copied().collect::<Vec<_>>()), (0, vec!["fingerprint_missing"]));
    let drill = &told.drills[0];
    assert_eq!((drill.id.as_str(), drill.kind, drill.announced), ("Storm", Some(DrillType::Tabletop), Some(false)));
    let ratings: Vec<_> = drill.objectives.iter().map(|one| (one.rating, one.met_in_time())).collect();
    assert_eq!(ratings, [(Some(Rating::Performed), Some(true)), (Some(Rating::Some), None)]);
    assert_eq!(drill.decisions[0].latency().map(domain::time::WallClock::seconds), Some(1_200));
    assert_eq!(drill.decisions[0].asked_of.as_deref(), Some("CISO"));
    assert_eq!(drill.objectives[0].inject, [drill.injects[0].id.clone()]);
    assert_eq!(
        told.events,
        [
            "action/Buy a switch@Storm detected 2026-03-01T10:00:00Z",
            "action/Buy a switch@Storm closed 2026-03-20T08:00:00Z",
        ]
    );
    assert!(told.canonical[0].contains(r#""reported_due":"2026-04-01T23:59:59Z""#), "{told:?}");
    assert_eq!(told.no_event.get("objective of a drill"), Some(&2));
}

#[test]
fn an_observation_before_its_inject_is_held_and_the_objective_stays() {
    let told = read(&[&CONTAIN.replace("T10:20", "T09:20")]);
    assert!(told.held[0].starts_with("observed_before_inject"), "{told:?}");
    assert_eq!(told.met.get("observed_before_inject"), Some(&1));
    assert_eq!((told.drills[0].objectives[0].completed_at, told.drills[0].objectives.len()), (None, 1));
}

#[test]
fn what_nobody_rated_or_owns_is_counted() {
    let told = read(&["Storm,Game,yes,Contain,,,,,,2026-03-01T10:00:00Z,,,,Mend it,,,yes"]);
    for rule in
        ["rating_missing", "objective_without_rating", "action_without_owner", "no_closing_date", "status_unknown"]
    {
        assert_eq!(told.met.get(rule), Some(&1), "{rule}: {told:?}");
    }
    assert_eq!(told.events.len(), 1, "{told:?}");
}

#[test]
fn a_rating_nobody_knows_a_time_without_a_zone_and_bad_minutes_are_held() {
    let rows = [
        CONTAIN.replace(",P,", ",Great,"),
        CONTAIN.replace("2026-03-01T10:00:00Z", "2026-03-01 10:00"),
        CONTAIN.replace(",30,", ",half an hour,"),
        CONTAIN.replace("Storm", ""),
        CONTAIN.replace(",no,", ",perhaps,"),
    ];
    let rows: Vec<&str> = rows.iter().map(String::as_str).collect();
    let told = read(&rows);
    let reasons: Vec<&str> = told.held.iter().filter_map(|held| held.split(':').next()).collect();
    assert_eq!(reasons, ["bad_value", "naive_time", "bad_value", "missing_field", "bad_value"]);
    assert!(told.drills.is_empty(), "{told:?}");
    assert_eq!(told.met.get("naive_time"), Some(&1));
}

#[test]
fn the_template_comes_as_json_and_with_other_capitals_too() {
    let json = r#"[{"exercise":"Storm","announced":true,"objective":"Contain","rating":"Performed with Major Challenges (M)","time_box_minutes":30}]"#;
    let told = crate::told::told("exercise-template", &Settings::default(), json);
    assert_eq!((told.drills[0].objectives[0].rating, told.drills[0].announced), (Some(Rating::Major), Some(true)));
    let table = "Exercise;Objective;Rating;Time Box Minutes\nStorm;Contain;U;15\n";
    let told = crate::told::told("exercise-template", &Settings::default(), table);
    assert_eq!(told.drills[0].objectives[0].time_box_seconds, Some(900));
}
