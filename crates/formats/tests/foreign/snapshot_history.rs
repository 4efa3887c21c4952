//! A history nobody wrote down, looked at now and then: what the differences tell must have happened, and within the time they
//! name.

use domain::{event::Certainty, event_name::EventName, severity::Severity, time::Timestamp};
use formats::{
    canonical::{Draft, Outcome},
    foreign::{
        Adapter, Foreign, Settings,
        snapshot::{Scope, Sighting, Snapshot, SnapshotSettings, Standing, State, compare},
    },
};
use proptest::prelude::*;
use std::collections::BTreeSet;

const ITEMS: [&str; 6] = ["r1@a", "r2@a", "r3@a", "r4@b", "r5@b", "r6@c"];
const HOUR: i64 = 3_600;

/// What happens to an item in one hour.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Change {
    Appears,
    Vanishes,
    Becomes(Severity),
    Owned(&'static str),
}

/// An item as it stands.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct Known {
    is_there: bool,
    severity: Option<Severity>,
    owner: Option<&'static str>,
}

type History = Vec<(i64, usize, Change)>;

fn moment(hour: i64) -> Timestamp {
    Timestamp::parse("2026-03-01T00:00:00Z").unwrap().plus(hour * HOUR)
}

fn any_history() -> impl Strategy<Value = History> {
    let change = prop_oneof![
        3 => Just(Change::Appears),
        2 => Just(Change::Vanishes),
        2 => prop::sample::select(Severity::ALL.to_vec()).prop_map(Change::Becomes),
        2 => prop::sample::select(vec!["kim", "lou", "max"]).prop_map(Change::Owned),
    ];
    prop::collection::vec((1_i64..200, 0..ITEMS.len(), change), 0..60).prop_map(|mut history| {
        history.sort_by_key(|(hour, ..)| *hour);
        history
    })
}

/// How everything stands at an hour: changes of that very hour have happened.
fn standing(history: &History, hour: i64) -> Vec<Known> {
    let mut items = vec![Known { severity: Some(Severity::Low), ..Known::default() }; ITEMS.len()];
    for (_, item, change) in history.iter().filter(|(at, ..)| *at <= hour) {
        let known = &mut items[*item];
        match change {
            Change::Appears => known.is_there = true,
            Change::Vanishes => known.is_there = false,
            Change::Becomes(severity) => known.severity = Some(*severity),
            Change::Owned(owner) => known.owner = Some(*owner),
        }
    }
    items
}

/// What a tool without any date would export then.
fn snapshot(items: &[Known]) -> Snapshot {
    let mut snapshot = Snapshot::default();
    for (item, known) in ITEMS.iter().zip(items).filter(|(_, known)| known.is_there) {
        let owner = known.owner.map(str::to_owned);
        snapshot.see(item, Sighting { state: State::Open, severity: known.severity, owner, ..Sighting::default() });
    }
    snapshot
}

/// All assets were scanned just then, and a person takes whatever is gone.
fn scope(hour: i64) -> Scope {
    let scanned = ["a", "b", "c"].map(|asset| (asset.to_owned(), moment(hour)));
    Scope { complete: true, scanned: scanned.into(), mass_absence_taken: true, ..Scope::at(moment(hour)) }
}

/// Whether the item really came to what the event says after the earliest and by the latest hour it names.
fn happened(history: &History, item: usize, draft: &Draft) -> bool {
    let (from, to) = (draft.at, draft.at_latest.unwrap_or(draft.at));
    let within = |hour: i64| from < moment(hour) && moment(hour) <= to;
    (1..=200).filter(|hour| within(*hour)).any(|hour| {
        let (before, after) = (standing(history, hour - 1)[item], standing(history, hour)[item]);
        // What comes back is described as it comes back.
        let appears = !before.is_there && after.is_there;
        let to = draft.to.as_deref();
        let name = draft.name;
        if matches!(name, EventName::Detected | EventName::Redetected) {
            appears
        } else if name == EventName::FixApplied {
            before.is_there && !after.is_there
        } else if name == EventName::SeverityChanged {
            (before.severity != after.severity || appears) && after.severity.map(Severity::as_str) == to
        } else {
            let is_owner = matches!(name, EventName::Assigned | EventName::Reassigned);
            is_owner && (before.owner != after.owner || appears) && after.owner == to
        }
    })
}

proptest! {
    #[test]
    fn what_differences_tell_happened_within_the_time_they_name(history in any_history(), hours in prop::collection::btree_set(0_i64..210, 2..8)) {
        let mut left = Standing::default();
        let mut before: Option<Vec<Known>> = None;
        let mut last_there = vec![None::<Known>; ITEMS.len()];
        let mut ids = BTreeSet::new();
        for hour in hours {
            let now = standing(&history, hour);
            let compared = compare(&left, &snapshot(&now), &scope(hour));
            left = compared.standing;
            let mut told = BTreeSet::new();
            for outcome in &compared.understood.outcomes {
                let Outcome::Event(draft) = outcome else { panic!("held") };
                let item = ITEMS.iter().position(|item| *item == draft.item_id).unwrap();
                prop_assert!(ids.insert(draft.id.clone()), "an id of its own: {:?}", draft.id);
                told.insert((item, draft.name));
                if draft.name == EventName::Verified {
                    prop_assert_eq!(draft.at, moment(hour));
                } else if let Some(before) = &before {
                    prop_assert_eq!(draft.certainty, Certainty::Inferred);
                    prop_assert!(happened(&history, item, draft), "{:?} {} of {:?} in {:?}", before[item], draft.canonical, now[item], history);
                }
            }
            // And nothing that can be seen is left untold.
            for (item, (was, is)) in before.unwrap_or_default().iter().zip(&now).enumerate() {
                let tells = |names: &[EventName]| names.iter().any(|name| told.contains(&(item, *name)));
                prop_assert_eq!(!was.is_there && is.is_there, tells(&[EventName::Detected, EventName::Redetected]));
                prop_assert_eq!(was.is_there && !is.is_there, tells(&[EventName::FixApplied]) && tells(&[EventName::Verified]));
                let last = last_there[item].filter(|_| is.is_there);
                prop_assert_eq!(last.is_some_and(|last| last.severity != is.severity), tells(&[EventName::SeverityChanged]));
                prop_assert_eq!(last.is_some_and(|last| last.owner != is.owner), tells(&[EventName::Assigned, EventName::Reassigned]));
            }
            for (last, is) in last_there.iter_mut().zip(&now).filter(|(_, is)| is.is_there) {
                *last = Some(*is);
            }
            before = Some(now);
        }
    }
}

/// One file read as a snapshot, with what only its difference to the one before tells.
fn read(format: &str, file: &str, before: &Standing, day: i64) -> (Standing, Vec<String>, Vec<&'static str>) {
    let adapter = Adapter::named(format).unwrap();
    let settings = Settings { zone: Some("UTC".to_owned()), ..Settings::default() };
    let mut foreign = Foreign::open(file.as_bytes(), adapter, &settings).unwrap();
    let mut snapshot = Snapshot::default();
    while let Some(record) = foreign.next_record().unwrap() {
        snapshot.add(&record.understood);
    }
    let scope = Scope { takes_back: SnapshotSettings::takes_back(format), ..Scope::at(moment(day * 24)) };
    let compared = compare(before, &snapshot, &scope);
    let name = |outcome: &Outcome| match outcome {
        Outcome::Event(draft) => draft.name.as_str().to_owned(),
        Outcome::Held(held) => held.reason.to_string(),
    };
    let met = compared.understood.met.iter().map(|(rule, _)| rule.as_str()).collect();
    (compared.standing, compared.understood.outcomes.iter().map(name).collect(), met)
}

/// Each export is read by a translator of its own: that the end was taken back shows in the difference alone.
#[test]
fn what_a_tool_takes_back_between_two_exports_was_over_and_is_there_again() {
    let asff = |workflow: &str, record: &str, day: u8| {
        format!(
            r#"{{"SchemaVersion":"2018-10-08","Id":"f/1","ProductArn":"arn:p","GeneratorId":"S3.1","AwsAccountId":"1","FirstObservedAt":"2026-03-01T10:00:00Z","LastObservedAt":"2026-03-{day:02}T10:00:00Z","UpdatedAt":"2026-03-{day:02}T10:00:00Z","Workflow":{{"Status":"{workflow}"}},"RecordState":"{record}","Compliance":{{"Status":"FAILED"}},"Severity":{{"Label":"HIGH"}},"Resources":[{{"Id":"b"}}]}}"#
        )
    };
    let dojo = |state: &str, day: u8| {
        format!(
            r#"{{"id":7,"title":"T","severity":"High","date":"2026-03-01","created":"2026-03-01T10:00:00Z","sla_expiration_date":null,"risk_accepted":false,"last_status_update":"2026-03-{day:02}T10:00:00Z",{state}}}"#
        )
    };
    let ocsf = |status: u8, millis: u64| {
        format!(
            r#"{{"class_uid":2002,"metadata":{{"version":"1.4.0"}},"status_id":{status},"finding_info":{{"uid":"f","created_time":1772359200000,"modified_time":{millis}}},"time":{millis},"resources":[{{"uid":"r"}}]}}"#
        )
    };
    for (format, over, again, rules) in [
        ("asff", asff("RESOLVED", "ACTIVE", 3), asff("NEW", "ACTIVE", 5), vec!["workflow_reset"]),
        ("asff", asff("NEW", "ARCHIVED", 3), asff("NEW", "ACTIVE", 5), vec![]),
        (
            "defectdojo",
            dojo(r#""active":false,"is_mitigated":true,"mitigated":"2026-03-03T10:00:00Z""#, 3),
            dojo(r#""active":true,"is_mitigated":false,"mitigated":null"#, 5),
            vec!["history_rewritten"],
        ),
        ("ocsf", ocsf(4, 1_772_532_000_000), ocsf(1, 1_772_704_800_000), vec![]),
    ] {
        let (standing, ..) = read(format, &over, &Standing::default(), 4);
        let (_, events, met) = read(format, &again, &standing, 6);
        assert_eq!((events, met), (vec!["redetected".to_owned()], rules), "{format} {over}");
    }
}

#[test]
fn what_a_row_says_is_switched_off_is_not_proven_to_be_gone() {
    let header =
        "QID,Title,Severity,Last Detected,First Detected,Port,Status,Asset Id,Asset Name,Disabled,Ignored,Last Fixed";
    let row = |qid: u32, asset: &str, day: u32, off: &str| {
        format!("{qid},T,4,2026-03-{day:02} 10:00:00,2026-01-05 10:00:00,,Active,{asset},{asset},{off},No,")
    };
    let all = |day: u32| (1..=12).map(|qid| row(qid, "a", day, "No")).collect::<Vec<_>>();
    let file = |rows: &[String]| format!("x\ny\nz\n{header}\n{}\n", rows.join("\n"));
    let compared = |off: &str| {
        let read = |text: &str, day: i64, before: &Standing| {
            let settings = Settings {
                zone: Some("UTC".to_owned()),
                exported_at: Some(moment(day * 24).to_string()),
                ..Settings::default()
            };
            let mut foreign = Foreign::open(text.as_bytes(), Adapter::named("qualys-csv").unwrap(), &settings).unwrap();
            let mut snapshot = Snapshot::default();
            while let Some(record) = foreign.next_record().unwrap() {
                snapshot.add(&record.understood);
            }
            compare(before, &snapshot, &Scope { complete: true, ..Scope::at(moment(day * 24)) })
        };
        let first = read(&file(&all(2)), 3, &Standing::default());
        let later: Vec<String> = all(9).into_iter().skip(1).chain([row(1, "b", 9, off)]).collect();
        read(&file(&later), 10, &first.standing).understood
    };
    let met = |off: &str| compared(off).met.iter().map(|(rule, _)| rule.as_str()).collect::<Vec<_>>();
    assert_eq!((met("Yes"), met("No")), (vec!["absence_unproven"], vec![]));
}
