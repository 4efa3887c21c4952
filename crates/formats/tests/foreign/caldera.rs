//! Attacks as Caldera reports and logs them.

use crate::told::{Told, told};
use formats::foreign::Settings;

fn step(status: &str, times: [&str; 2]) -> String {
    let [delegated, run] = times;
    format!(
        r#"{{"ability_id":"a-1","name":"Find files","delegated":"{delegated}","run":"{run}","status":{status},"executor":"psh","attack":{{"technique_id":"T1005"}}}}"#
    )
}

const TIMES: [&str; 2] = ["2026-03-01T10:00:00Z", "2026-03-01T10:00:05Z"];

fn report(steps: &[String]) -> String {
    format!(
        r#"{{"name":"Op","host_group":[{{"paw":"p1","host":"web-01"}}],"start":"2026-03-01T09:59:00Z","steps":{{"p1":{{"steps":[{}]}}}},"finish":"2026-03-01T10:30:00Z","planner":"atomic","adversary":{{"name":"Collection"}},"skipped_abilities":[{{"p1":[{{"ability_id":"a-9","ability_name":"Mail"}}]}}]}}"#,
        steps.join(",")
    )
}

fn read(steps: &[String]) -> Told {
    told("caldera-report", &Settings::default(), &report(steps))
}

#[test]
fn a_link_is_an_inject_and_a_skipped_ability_was_not_executed() {
    let told = read(&[step("0", TIMES), step("-2", ["2026-03-01T10:01:00Z", "2026-03-01T10:01:09Z"])]);
    let drill = &told.drills[0];
    assert_eq!((drill.id.as_str(), drill.scenario.as_deref()), ("Op@2026-03-01T09:59:00Z", Some("Collection")));
    let injects: Vec<_> = drill.injects.iter().map(|one| (one.id.as_str(), one.executed)).collect();
    assert_eq!(injects, [("p1/a-1", Some(true)), ("p1/a-1#2", Some(false)), ("p1/skipped/a-9", Some(false))]);
    assert_eq!((drill.detections.len(), drill.system_group.as_slice()), (1, &["web-01".to_owned()][..]));
    assert_eq!(drill.ended_at.unwrap().to_string(), "2026-03-01T10:30:00Z");
    assert!(told.held.is_empty() && told.met.is_empty(), "{told:?}");
}

#[test]
fn an_unknown_status_is_neither_run_nor_left_out() {
    let told = read(&[step("7", TIMES)]);
    assert_eq!((told.drills[0].injects[0].executed, told.met.get("status_unknown")), (None, Some(&1)));
    assert!(told.drills[0].detections.is_empty(), "{told:?}");
}

#[test]
fn steps_that_overlap_and_times_without_a_zone_are_told() {
    let told = read(&[step("0", TIMES), step("0", ["2026-03-01T10:00:04Z", "2026-03-01T10:01:09Z"])]);
    assert_eq!(told.met.get("steps_overlap"), Some(&1));
    let told = read(&[step("0", ["2021-02-23 11:10:42", "2021-02-23 11:10:46"])]);
    assert!(told.held[0].starts_with("naive_time") && told.drills.is_empty(), "{told:?}");
    assert_eq!(told.met.get("naive_time"), Some(&1));
}

#[test]
fn the_event_log_gives_the_same_drill() {
    let event = |status: &str| {
        format!(
            r#"{{"delegated_timestamp":"2026-03-01T10:00:00Z","collected_timestamp":"2026-03-01T10:00:02Z","finished_timestamp":"2026-03-01T10:00:05Z","status":{status},"executor":"psh","agent_metadata":{{"paw":"p1","host":"web-01"}},"ability_metadata":{{"ability_id":"a-1","ability_name":"Find files"}},"operation_metadata":{{"operation_name":"Op","operation_start":"2026-03-01T09:59:00Z"}},"attack_metadata":{{"technique_id":"T1005"}}}}"#
        )
    };
    let told = told("caldera-events", &Settings::default(), &format!("[{},{}]", event("0"), event("0")));
    assert_eq!(told.drills.len(), 1, "{told:?}");
    let drill = &told.drills[0];
    assert_eq!((drill.id.as_str(), drill.injects.len()), ("Op@2026-03-01T09:59:00Z", 2));
    assert_eq!((told.met.get("steps_overlap"), told.no_event.get("link of a drill")), (Some(&1), Some(&2)));
    let nameless = event("0").replace("operation_name", "name");
    let held = crate::told::told("caldera-events", &Settings::default(), &nameless);
    assert_eq!(held.held, ["missing_field: no `operation_name`"]);
}
