//! Exports of other tools: every format reads every changed file, and every record counts somewhere.

use crate::{
    OUTPUT_BYTES_MAX,
    readers::{event_holds, held_holds},
};
use formats::{
    canonical::Outcome,
    foreign::{ALL, ASKED, Adapter, DateOrder, Foreign, ForeignRecord, Repeated, Settings, Understood, pushed},
};
use fuzz::campaign;
use std::{fs, path::Path};

/// The smallest good file of each shape of each format; a test of the formats fails where one is missing.
const GOOD_FILES: &str = "../formats/tests/foreign/fixtures/good";

#[test]
fn exports_of_other_tools_become_events_or_are_held() {
    let formats: Vec<(Adapter, Settings)> =
        ALL.iter().chain(ASKED).map(|adapter| (*adapter, settings_of(adapter))).collect();
    let undecided = Settings::default();
    let mut is_decided = false;
    campaign::run_in("foreign", Path::new(GOOD_FILES), |input| {
        is_decided = !is_decided;
        for (adapter, settings) in &formats {
            read(input, *adapter, if is_decided { settings } else { &undecided });
        }
    });
}

/// What tools send by themselves, one file each.
const PUSHES: &str = "../formats/tests/foreign/pushes";

#[test]
fn what_tools_send_by_themselves_becomes_events_or_is_held() {
    let senders = ["jira", "servicenow", "pagerduty", "github", "asff"].map(|name| Adapter::named(name).unwrap());
    campaign::run_in("pushes", Path::new(PUSHES), |input| {
        for adapter in senders {
            let record = pushed(adapter, &settings_of(&adapter), input.to_vec()).unwrap();
            assert!(counts(&record) <= OUTPUT_BYTES_MAX, "{}", adapter.name);
        }
    });
}

/// The settings under which the good file of a format is read.
fn settings_of(adapter: &Adapter) -> Settings {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(GOOD_FILES).join(format!("{}.settings.json", adapter.name));
    match fs::read(path) {
        Ok(text) => serde_json::from_slice(&text).unwrap(),
        Err(_) => Settings {
            zone: Some("Europe/Madrid".to_owned()),
            repeated: Some(Repeated::Last),
            dates: Some(DateOrder::MonthFirst),
            excel_dates: true,
            ..Settings::default()
        },
    }
}

fn read(input: &[u8], adapter: Adapter, settings: &Settings) {
    let Ok(mut foreign) = Foreign::open(input, adapter, settings) else { return };
    let (mut output, mut line) = (0, 1);
    while let Ok(Some(record)) = foreign.next_record() {
        assert!(record.place.line >= line, "{}: line {} after {line}", adapter.name, record.place.line);
        line = record.place.line;
        output += counts(&record);
        assert!(output <= OUTPUT_BYTES_MAX, "{}: {output} bytes", adapter.name);
    }
}

/// How much comes of a record; it is an event, held, or no news, and a rule that it met is none of these.
fn counts(record: &ForeignRecord) -> usize {
    let silent = Understood { met: record.understood.met.clone(), ..Understood::default() };
    assert!(record.raw.is_empty() || record.understood != silent, "nothing counts {record:?}");
    let outcomes = record.understood.outcomes.iter().map(|outcome| match outcome {
        Outcome::Event(draft) => {
            event_holds(draft);
            draft.canonical.len()
        }
        Outcome::Held(held) => held_holds(held),
    });
    outcomes.sum::<usize>() + record.raw.len()
}
