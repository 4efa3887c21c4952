//! A history nobody wrote down, looked at now and then: what the differences tell must have happened, and within the time they
//! name.

use domain::{event::Certainty, event_name::EventName, severity::Severity, time::Timestamp};
use formats::{
    canonical::{Draft, Outcome},
    foreign::snapshot::{Scope, Sighting, Snapshot, Standing, State, compare},
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
