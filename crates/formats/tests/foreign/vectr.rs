//! Purple teaming as VECTR exports it.

use crate::told::{Told, told, try_told};
use domain::drill::{DetectionOutcome, Usability};
use formats::foreign::Settings;

const HEADER: &str = "AssessmentGroup,Campaign,Variant,MitreID,Method,Status,Outcome,Alert Triggered,Activity Logged,Start Time,Start Time Epoch,Stop Time,Detection Time,DetectingTools,Organizations";

fn row(variant: &str, outcome: &str, detected: &str) -> String {
    format!(
        "Q1,Ransom,{variant},T1059,Shell,Completed,{outcome},2026-03-01T10:00:00Z,,2026-03-01T10:10:00Z,{detected},EDR,shop"
    )
}

fn read(rows: &[String]) -> Told {
    told("vectr-csv", &Settings::default(), &format!("\u{feff}{HEADER}\n{}\n", rows.join("\n")))
}

/// The table of outcomes, row by row.
#[test]
fn an_outcome_is_read_with_its_alert_and_its_log() {
    let cases = [
        ("Blocked,Yes,No", Some(DetectionOutcome::Blocked), Usability::Usable),
        ("Blocked,No,Yes", Some(DetectionOutcome::Blocked), Usability::NotUsable),
        ("Blocked,TBD,TBD", Some(DetectionOutcome::Blocked), Usability::Unknown),
        ("Detected,Yes,No", Some(DetectionOutcome::Alerted), Usability::Usable),
        ("Detected,TBD,Yes", Some(DetectionOutcome::Alerted), Usability::Unknown),
        ("Detected,No,TBD", Some(DetectionOutcome::Logged), Usability::NotUsable),
        ("NotDetected,No,Yes", Some(DetectionOutcome::Logged), Usability::NotUsable),
        ("Not Detected,TBD,No", Some(DetectionOutcome::None), Usability::NotUsable),
        ("None,No,No", Some(DetectionOutcome::None), Usability::NotUsable),
        ("TBD,TBD,TBD", None, Usability::NotUsable),
        ("N/A,No,No", None, Usability::NotUsable),
    ];
    for (outcome, wanted, usability) in cases {
        let told = read(&[row("one", outcome, "")]);
        let drill = &told.drills[0];
        let detection = drill.detections.first();
        assert_eq!(detection.map(|one| one.outcome), wanted, "{outcome}: {told:?}");
        assert_eq!(drill.executed().count(), usize::from(wanted.is_some()), "{outcome}");
        assert_eq!(drill.usability_of(&drill.injects[0]), usability, "{outcome}");
    }
}

#[test]
fn an_assessment_is_a_drill_and_what_was_not_detected_is_a_finding() {
    let told = read(&[
        row("macro", "Detected,Yes,Yes", "2026-03-01T10:04:00Z"),
        row("macro", "NotDetected,No,No", "2026-03-01T10:04:00Z"),
        row("other", "Blocked,Yes,No", "").replacen("Q1", "Q2", 1),
    ]);
    let ids: Vec<&str> = told.drills.iter().map(|drill| drill.id.as_str()).collect();
    assert_eq!(ids, ["Q1", "Q2"]);
    let drill = &told.drills[0];
    let injects: Vec<&str> = drill.injects.iter().map(|inject| inject.id.as_str()).collect();
    assert_eq!(injects, ["Ransom/T1059/macro", "Ransom/T1059/macro#2"]);
    assert_eq!(drill.findings[0].fingerprint().as_deref(), Some("T1059|Shell|shop"));
    assert_eq!(told.events, ["Ransom/T1059/macro#2@Q1 detected 2026-03-01T10:00:00Z"]);
    assert_eq!(told.no_event.get("test case of a drill"), Some(&3));
    // Detected after four minutes; the time on the row that was not detected says nothing.
    assert_eq!(drill.detections[0].at.map(|at| at.to_string()).as_deref(), Some("2026-03-01T10:04:00Z"));
    assert_eq!((drill.detections[1].at, told.met.get("detection_on_undetected")), (None, Some(&1)));
    assert_eq!(
        (drill.started_at, drill.ended_at.unwrap().since(drill.started_at.unwrap())),
        (drill.injects[0].at, 600)
    );
}

#[test]
fn an_outcome_that_contradicts_its_alert_is_held() {
    for outcome in ["NotDetected,Yes,No", "Detected,No,No"] {
        let told = read(&[row("one", outcome, "")]);
        assert!(told.drills.is_empty() && told.held[0].starts_with("outcome_contradicts"), "{told:?}");
        assert_eq!(told.met.get("outcome_contradicts"), Some(&1));
    }
}

#[test]
fn a_detection_before_the_start_or_a_day_after_the_stop_is_held() {
    for (detected, held) in [
        ("2026-03-01T09:59:59Z", true),
        ("2026-03-01T10:00:00Z", false),
        ("2026-03-02T10:10:00Z", false),
        ("2026-03-02T10:10:01Z", true),
    ] {
        let told = read(&[row("one", "Detected,Yes,Yes", detected)]);
        assert_eq!(told.held.iter().any(|one| one.starts_with("detection_implausible")), held, "{detected}: {told:?}");
        assert_eq!(told.met.contains_key("detection_implausible"), held);
    }
}

#[test]
fn a_number_of_a_time_counts_before_its_text_and_a_contradiction_is_told() {
    let with = |number: &str| row("one", "Blocked,Yes,No", "").replacen("Z,,", &format!("Z,{number},"), 1);
    let same = read(&[with("1772359200000")]);
    assert!(same.met.is_empty(), "{same:?}");
    let other = read(&[with("1772355600000")]);
    assert_eq!(other.met.get("epoch_disagrees"), Some(&1));
    assert_eq!(other.drills[0].injects[0].at.unwrap().to_string(), "2026-03-01T09:00:00Z");
}

#[test]
fn times_without_a_zone_and_unknown_outcomes_are_held() {
    let naive = row("one", "Blocked,Yes,No", "").replace("2026-03-01T10:00:00Z", "03/01/2026 10:00:00");
    let told = read(&[naive, row("two", "Maybe,No,No", "")]);
    assert!(told.held[0].starts_with("date_ambiguous") || told.held[0].starts_with("naive_time"), "{told:?}");
    assert!(told.held[1].starts_with("bad_value: unknown outcome `Maybe`"), "{told:?}");
    assert_eq!(told.met.get("status_unknown"), Some(&1));
    let mut settings = Settings::default();
    settings.statuses.insert("Maybe".to_owned(), "logged".to_owned());
    let text = format!("{HEADER}\n{}\n", row("two", "Maybe,No,No", ""));
    let told = crate::told::told("vectr-csv", &settings, &text);
    assert_eq!(told.drills[0].detections[0].outcome, DetectionOutcome::Logged);
}

#[test]
fn a_row_that_is_not_completed_is_no_part_of_any_denominator() {
    let told = read(&[row("one", "Detected,Yes,Yes", "").replace("Completed", "In Progress")]);
    assert_eq!((told.drills[0].executed().count(), told.drills[0].detections.len()), (0, 0));
    let told = read(&[row("one", "Detected,Yes,Yes", "").replacen("Q1", "", 1)]);
    assert_eq!(told.held, ["missing_field: no `AssessmentGroup`"]);
}

#[test]
fn broken_tables_are_told() {
    let short = try_told("vectr-csv", &Settings::default(), &format!("{HEADER}\nQ1,Ransom\n")).unwrap();
    assert!(short.held[0].starts_with("bad_value: the row has 2 of 15 columns"), "{short:?}");
    let twice = format!("{HEADER},Campaign\n");
    assert_eq!(try_told("vectr-csv", &Settings::default(), &twice).unwrap_err().code(), "duplicate_header");
    let missing = HEADER.replace("MitreID", "Technique");
    let fault = try_told("vectr-csv", &Settings::default(), &missing).unwrap_err();
    assert_eq!(fault.to_string(), "line 1 has columns of a VECTR export of test cases and lacks `MitreID`");
}
