//! Attacks as ATTiRe logs them.

use crate::told::{Told, told};
use domain::drill::{DetectionOutcome, Usability};
use formats::foreign::Settings;

fn log(run: &str, steps: &str) -> String {
    format!(
        r#"{{"attire-version":"1.1","execution-data":{run},"procedures":[{{"mitre-technique-id":"T1059","procedure-name":"Shell","procedure-id":{{"type":"guid","id":"g-1"}},"order":1,"steps":{steps}}}]}}"#
    )
}

const RUN: &str = r#"{"execution-id":"run-7","execution-source":"Invoke","target":{"host":"web-01","user":"red"}}"#;
const STEPS: &str = r#"[{"order":1,"executor":"sh","time-start":"2026-03-01T10:00:00.000Z","time-stop":"2026-03-01T10:01:00.000Z"},{"order":2,"time-start":"2026-03-01T10:02:00.000Z","time-stop":"2026-03-01T10:05:00.000Z"}]"#;

fn read(text: &str) -> Told {
    told("attire", &Settings::default(), text)
}

#[test]
fn a_procedure_is_an_inject_and_what_the_defenders_saw_is_unknown() {
    let told = read(&log(RUN, STEPS));
    let drill = &told.drills[0];
    let inject = &drill.injects[0];
    assert_eq!((drill.id.as_str(), inject.id.as_str(), inject.executed), ("run-7", "T1059/g-1", Some(true)));
    assert_eq!(inject.ended_at.unwrap().since(inject.at.unwrap()), 300);
    assert_eq!((inject.system_group.as_deref(), inject.tool.as_deref()), (Some("web-01"), Some("sh")));
    assert_eq!(drill.detections[0].outcome, DetectionOutcome::Unknown);
    assert_eq!(drill.usability_of(inject), Usability::Unknown);
    assert!(told.events.is_empty() && told.held.is_empty() && told.met.is_empty(), "{told:?}");
}

#[test]
fn steps_that_overlap_and_times_without_a_zone_are_told() {
    let told = read(&log(RUN, &STEPS.replace("10:01:00", "10:03:00")));
    assert_eq!(told.met.get("steps_overlap"), Some(&1));
    let told = read(&log(RUN, &STEPS.replace(".000Z", "")));
    assert!(told.held[0].starts_with("naive_time"), "{told:?}");
    assert_eq!((told.met.get("naive_time"), told.drills.len()), (Some(&1), 0));
}

#[test]
fn a_procedure_without_steps_was_not_executed() {
    let told = read(&log(RUN, "[]"));
    assert_eq!((told.drills[0].executed().count(), told.drills[0].detections.len()), (0, 0));
}

#[test]
fn a_log_that_does_not_say_what_it_is_called_by_is_held() {
    let told = read(&log("{}", STEPS));
    assert_eq!(told.held, ["missing_field: no `execution-id`"]);
    assert!(told.drills.is_empty(), "{told:?}");
}
