//! What follows from drill records, each case worked by hand.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails right there")]

use domain::{
    drill::{
        Decision, DecisionOutcome, Detected, Detection, DetectionOutcome, DrillRecord, DrillType, Finding, Inject,
        Objective, Rating, Retest, Usability, Usable,
    },
    severity::Severity,
    time::{Timestamp, WallClock},
};

fn at(minutes: i64) -> Option<Timestamp> {
    Some(Timestamp::parse("2026-03-01T10:00:00Z").unwrap().plus(minutes * 60))
}

fn minutes(count: i64) -> WallClock {
    WallClock::between(at(0).unwrap(), at(count).unwrap()).unwrap()
}

fn objective(rating: Option<Rating>, from: Option<i64>, to: Option<i64>) -> Objective {
    let (started_at, completed_at) = (from.and_then(at), to.and_then(at));
    Objective { rating, time_box_seconds: Some(1_800), started_at, completed_at, ..Objective::default() }
}

/// The box is 30 minutes: 30 are in time, 31 are not; a rating of M is not met, however fast.
#[test]
fn met_in_time_needs_the_rating_and_the_time() {
    for (rating, met) in [("P", true), ("S", true), ("M", false), ("U", false)] {
        assert_eq!(rating.parse::<Rating>().unwrap().is_met(), met, "{rating}");
    }
    let performed = Some(Rating::Performed);
    assert_eq!(objective(performed, Some(0), Some(30)).met_in_time(), Some(true));
    assert_eq!(objective(performed, Some(0), Some(31)).met_in_time(), Some(false));
    assert_eq!(objective(Some(Rating::Major), Some(0), Some(5)).met_in_time(), Some(false));
    assert_eq!(objective(performed, Some(0), None).met_in_time(), Some(false));
    assert_eq!(objective(None, Some(0), Some(5)).met_in_time(), None);
    let boxless = Objective { time_box_seconds: None, ..objective(performed, Some(0), Some(5)) };
    assert_eq!((boxless.met(), boxless.met_in_time()), (Some(true), None));
}

/// Asked at 0, decided at 45: 45 minutes. Deferred is still undecided.
#[test]
fn a_deferred_decision_is_undecided() {
    let asked = Decision { asked_at: at(0), decided_at: at(45), ..Decision::default() };
    let with = |outcome| Decision { outcome: Some(outcome), ..asked.clone() };
    assert_eq!(with(DecisionOutcome::Authorised).latency(), Some(minutes(45)));
    assert_eq!(with(DecisionOutcome::Declined).latency(), Some(minutes(45)));
    assert_eq!(with(DecisionOutcome::Deferred).latency(), None);
    assert_eq!(with(DecisionOutcome::Authorised).in_window(Some(45)), Some(true));
    assert_eq!(with(DecisionOutcome::Authorised).in_window(Some(44)), Some(false));
    assert_eq!(with(DecisionOutcome::Deferred).in_window(Some(90)), Some(false));
    assert_eq!(asked.in_window(None), None);
    let other = Decision { asked_of: Some("CISO".into()), decided_by_role: Some("analyst".into()), ..asked };
    assert_eq!(other.in_window(Some(60)), Some(false));
    let nobody = Decision { decided_by_role: None, ..other.clone() };
    assert_eq!(nobody.in_window(Some(60)), Some(false));
    let same = Decision { decided_by_role: Some("CISO".into()), ..other };
    assert_eq!(same.in_window(Some(60)), Some(true));
}

#[test]
fn a_decision_is_complete_when_action_impact_options_and_authority_are_recorded() {
    let whole = Decision {
        technical_action: Some("isolate".into()),
        business_impact: Some("shop closed".into()),
        options: vec!["wait".into()],
        decided_by_role: Some("CISO".into()),
        ..Decision::default()
    };
    assert!(whole.is_complete());
    for broken in [
        Decision { technical_action: None, ..whole.clone() },
        Decision { business_impact: None, ..whole.clone() },
        Decision { options: Vec::new(), ..whole.clone() },
        Decision { decided_by_role: None, ..whole },
    ] {
        assert!(!broken.is_complete(), "{broken:?}");
    }
}

fn detection(outcome: DetectionOutcome, usable: Usable, minute: i64) -> Detection {
    Detection { inject: Some("i".into()), outcome, usable, at: at(minute), ..Detection::default() }
}

fn drill(detections: Vec<Detection>) -> DrillRecord {
    let inject = Inject { id: "i".into(), at: at(0), ended_at: at(60), executed: Some(true), ..Inject::default() };
    DrillRecord { id: "d".into(), injects: vec![inject], detections, ..DrillRecord::default() }
}

#[test]
fn an_inject_is_detected_by_its_first_usable_alert() {
    let cases = [
        (DetectionOutcome::Alerted, Usable::True, Usability::Usable),
        (DetectionOutcome::Blocked, Usable::True, Usability::Usable),
        (DetectionOutcome::Blocked, Usable::False, Usability::NotUsable),
        (DetectionOutcome::Alerted, Usable::Unknown, Usability::Unknown),
        (DetectionOutcome::Logged, Usable::True, Usability::NotUsable),
        (DetectionOutcome::None, Usable::Unknown, Usability::NotUsable),
        (DetectionOutcome::Unknown, Usable::True, Usability::Unknown),
    ];
    for (outcome, usable, wanted) in cases {
        assert_eq!(detection(outcome, usable, 1).usability(), wanted, "{outcome} {usable}");
    }
    let late = detection(DetectionOutcome::Alerted, Usable::True, 40);
    let early = detection(DetectionOutcome::Alerted, Usable::True, 25);
    let useless = detection(DetectionOutcome::Alerted, Usable::False, 3);
    let found = drill(vec![late, early, useless.clone()]);
    let inject = &found.injects[0];
    assert_eq!(found.detection_time(inject), Some(Detected::After(minutes(25))));
    assert_eq!(found.executed().count(), 1);
    let unseen = drill(vec![useless]);
    assert_eq!(unseen.detection_time(&unseen.injects[0]), Some(Detected::NotUntil(minutes(60))));
    let nothing = drill(Vec::new());
    assert_eq!(nothing.usability_of(&nothing.injects[0]), Usability::NotUsable);
    let doubtful = drill(vec![detection(DetectionOutcome::Unknown, Usable::Unknown, 1)]);
    assert_eq!(doubtful.usability_of(&doubtful.injects[0]), Usability::Unknown);
    assert_eq!(doubtful.detection_time(&doubtful.injects[0]), None);
}

#[test]
fn a_finding_is_gone_with_its_first_passed_retest() {
    let finding = Finding {
        id: "f".into(),
        technique: Some("T1059".into()),
        control: Some("edr".into()),
        system_group: Some("shop".into()),
        ..Finding::default()
    };
    let retest = |finding: &str, minute, passed| Retest {
        finding: finding.into(),
        at: at(minute),
        passed: Some(passed),
        ..Retest::default()
    };
    let retests = vec![retest("f", 10, false), retest("T1059|edr|shop", 30, true), retest("f", 20, true)];
    let record = DrillRecord { findings: vec![finding], retests, ended_at: at(5), ..DrillRecord::default() };
    let finding = &record.findings[0];
    assert_eq!(finding.fingerprint().as_deref(), Some("T1059|edr|shop"));
    assert_eq!((record.passed_at(finding), record.found_at(finding)), (at(20), at(5)));
}

#[test]
fn a_record_comes_back_as_it_was_written() {
    let mut record = drill(vec![detection(DetectionOutcome::Blocked, Usable::True, 1)]);
    record.kind = Some(DrillType::Purple);
    record.findings =
        vec![Finding { id: "f".into(), severity: Some(Severity::High), due: at(9), ..Finding::default() }];
    let text = serde_json::to_string(&record).unwrap();
    assert!(
        text.starts_with(r#"{"id":"d","type":"purple","injects":[{"id":"i","at":"2026-03-01T10:00:00Z""#),
        "{text}"
    );
    assert_eq!(serde_json::from_str::<DrillRecord>(&text).unwrap(), record);
    assert!(serde_json::from_str::<DrillRecord>(r#"{"id":"d","type":"game"}"#).is_err());
    assert!(serde_json::from_str::<DrillRecord>(r#"{"id":"d","started_at":"2026-03-01"}"#).is_err());
}
