//! What does every shape of every format answer to a table cut otherwise, a field that is not there, a status nobody knows, and
//! times of which some have an offset?
//!
//! Each answer names the line, and the field where it is about one; what is counted adds up; the other records stay.

use crate::{
    bad_input::{Read, read},
    breaking::{Form, lacking, pieces, put, with_offsets, without_offsets},
    good::{self, Good},
};
use domain::quarantine::Reason;
use formats::{
    canonical::Outcome,
    foreign::{ForeignRecord, Settings},
    held::Held,
};

/// A word that no tool writes.
const STRANGE: &str = "Zorblax";

/// The field by which each shape says how far a record has come; empty where it says so by yes and no, or says nothing of
/// it. Feeds have none, and no log of steps that were run.
const STATUS: [(&str, &str); 32] = [
    ("asff", "Workflow.Status"),
    ("caldera-events", "status"),
    ("caldera-report", "status"),
    ("csv", "State"),
    ("defectdojo", ""),
    ("exercise-template", "rating"),
    ("exercise-template.list", "rating"),
    ("github", "state"),
    ("jira", "to+toString"),
    ("jira.page", "to+toString"),
    ("jira.table", "Status"),
    ("microsoft", "status"),
    ("microsoft.defender", "status"),
    ("microsoft.rows", "Status"),
    ("microsoft.sentinel", "status"),
    ("ocsf", "status_id"),
    ("orca-csv", "Status"),
    ("pagerduty", "type"),
    ("qualys-csv", "Status"),
    ("rapid7-csv", "Vulnerability Test Result Code"),
    ("rapid7-sql-csv", ""),
    ("servicenow", "state"),
    ("servicenow.audit", "newvalue"),
    ("servicenow.list", "state"),
    ("servicenow.updates", "incident_state"),
    ("tenable-csv", "Vulnerability State"),
    ("tenable-json", "state"),
    ("vectr-csv", "Outcome"),
    ("wallclock-drill", "rating"),
    ("wiz-findings-csv", "FindingStatus"),
    ("wiz-issues-csv", "Status"),
    ("xes", "lifecycle:transition"),
];

fn held(record: &ForeignRecord) -> impl Iterator<Item = &Held> {
    record.understood.outcomes.iter().filter_map(|outcome| match outcome {
        Outcome::Held(held) => Some(held),
        Outcome::Event(_) => None,
    })
}

fn events(record: &ForeignRecord) -> usize {
    record.understood.outcomes.len() - held(record).count()
}

/// What one of the whole file's records says of its time or its state, without its bytes.
fn said(records: &[ForeignRecord]) -> Vec<String> {
    records.iter().map(|record| format!("{:?}", record.understood)).collect()
}

/// The file with its last record changed to this.
fn with_last(good: &Good, whole: &Read, record: &[u8]) -> Vec<u8> {
    let last = whole.standing().last().unwrap();
    let start = usize::try_from(last.place.byte).unwrap();
    [&good.bytes[..start], record, &good.bytes[start + last.raw.len()..]].concat()
}

/// What is wrong with the reading of a file whose last record alone was changed.
fn wrong(good: &Good, whole: &Read, found: &Read) -> Option<String> {
    let (was, is) = (whole.standing(), found.standing());
    if let Some(fault) = &found.fault {
        return Some(format!("{}: the file is refused: {fault}", good.name));
    }
    if was.len() != is.len() {
        return Some(format!("{}: {} records of {}", good.name, is.len(), was.len()));
    }
    let (was, is) = (&said(was)[..was.len() - 1], &said(is)[..is.len() - 1]);
    (was != is).then(|| format!("{}: the records before changed", good.name))
}

/// The faults of a record that name no field.
fn nameless(record: &ForeignRecord) -> Vec<String> {
    let faults = held(record).flat_map(|held| &held.faults).filter(|fault| fault.field.is_none());
    faults.map(|fault| fault.detail.clone()).collect()
}

#[test]
fn a_table_cut_at_another_sign_is_read_the_same_or_says_how_it_is_cut() {
    for good in good::all().into_iter().filter(|good| Form::of(&good.bytes) == Form::Table) {
        let whole = read(&good, &good.settings, &good.bytes);
        let first = whole.standing()[0].place.line;
        let text = str::from_utf8(&good.bytes).unwrap();
        let header = text.lines().nth(usize::try_from(first).unwrap() - 2).unwrap();
        let cut = |from: usize, sign: &str| {
            let again = |(place, line): (usize, &str)| {
                if place < from { line.to_owned() } else { pieces(line, ',').join(sign) }
            };
            text.lines().enumerate().map(again).collect::<Vec<_>>().join("\n")
        };
        let header_place = usize::try_from(first).unwrap() - 2;
        let words = cut(header_place, "\t");
        let found = read(&good, &good.settings, words.as_bytes());
        assert_eq!(said(&found.records), said(&whole.records), "{}: {:?}", good.name, found.faults());
        let fault = read(&good, &good.settings, cut(header_place, "|").as_bytes()).fault.unwrap();
        let (code, line) = (fault.code(), format!("line {} ", first - 1));
        assert!(code == "bad_header" && fault.to_string().starts_with(&line), "{}: {fault}", good.name);
        // One row alone is cut otherwise.
        let row = cut(text.lines().count() - 1, ";");
        let found = read(&good, &good.settings, row.as_bytes());
        assert_eq!(wrong(&good, &whole, &found), None);
        let held = held(found.standing().last().unwrap()).next().unwrap().faults[0].detail.clone();
        assert_eq!(held, format!("the row has 1 of {} columns", pieces(header, ',').len()), "{}", good.name);
    }
}

#[test]
fn a_field_that_is_not_there_is_named_or_said_nothing_else() {
    let mut wrongs = Vec::new();
    for good in good::all() {
        let whole = read(&good, &good.settings, &good.bytes);
        let last = whole.standing().last().unwrap();
        if Form::of(&good.bytes) == Form::Table {
            wrongs.extend(lacking_columns(&good, &whole));
            continue;
        }
        for (field, record) in lacking(&good.bytes, &last.raw) {
            let found = read(&good, &good.settings, &with_last(&good, &whole, &record));
            wrongs.extend(wrong(&good, &whole, &found).map(|wrong| format!("{wrong}, without {field}")));
            let nameless = found.standing().last().map(nameless).unwrap_or_default();
            wrongs.extend(nameless.iter().map(|said| format!("{}, without {field}: {said}", good.name)));
        }
    }
    assert!(wrongs.is_empty(), "{}", wrongs.join("\n"));
}

/// What is wrong with the answers to a table that lacks one of its columns.
fn lacking_columns(good: &Good, whole: &Read) -> Vec<String> {
    let text = str::from_utf8(&good.bytes).unwrap();
    let header = usize::try_from(whole.standing()[0].place.line).unwrap() - 2;
    let columns = pieces(text.lines().nth(header).unwrap(), ',');
    let mut wrongs = Vec::new();
    for (left_out, column) in columns.iter().enumerate() {
        let without = |(place, line): (usize, &str)| {
            let mut cells = pieces(line, ',');
            if place >= header {
                cells.remove(left_out);
            }
            cells.join(",")
        };
        let broken = text.lines().enumerate().map(without).collect::<Vec<_>>().join("\n");
        let found = read(good, &good.settings, broken.as_bytes());
        match &found.fault {
            Some(fault)
                if matches!(fault.code(), "missing_header" | "bad_setting") && fault.to_string().contains(column) => {}
            Some(fault) => wrongs.push(format!("{} without `{column}`: {fault}", good.name)),
            None if found.standing().len() != whole.standing().len() => {
                wrongs.push(format!("{} without `{column}`: {} records", good.name, found.standing().len()));
            }
            None => {
                let nameless = found.standing().iter().flat_map(nameless);
                wrongs.extend(nameless.map(|said| format!("{} without `{column}`: {said}", good.name)));
            }
        }
    }
    wrongs
}

#[test]
fn a_status_that_nobody_knows_is_told_by_its_word_and_takes_nothing_with_it() {
    let mut wrongs = Vec::new();
    for good in good::all() {
        let whole = read(&good, &good.settings, &good.bytes);
        let last = whole.standing().last().unwrap();
        let fields: Vec<&str> = STATUS.iter().filter(|(name, _)| *name == good.name).map(|(_, field)| *field).collect();
        if fields.is_empty() {
            let understood = &last.understood;
            let is_of_items = !understood.outcomes.is_empty() && understood.drills.is_empty();
            assert!(!is_of_items, "{}: which field holds its status? name it above", good.name);
        }
        for field in fields.into_iter().filter(|field| !field.is_empty()) {
            // The types of entries have one ending.
            let word = if field == "type" { format!("{STRANGE}_log_entry") } else { STRANGE.to_owned() };
            let first_line = whole.standing()[0].place.line;
            let change = |record: Vec<u8>, field: &str| put(&good.bytes, first_line, &record, field, &word);
            let record = field.split('+').fold(last.raw.clone(), change);
            assert_ne!(record, last.raw, "{}: no `{field}`", good.name);
            let found = read(&good, &good.settings, &with_last(&good, &whole, &record));
            wrongs.extend(wrong(&good, &whole, &found));
            let Some(record) = found.standing().last() else { continue };
            let understood = &record.understood;
            let told = held(record).map(|held| format!("{held:?}")).collect::<String>();
            let told = format!("{told}{:?}{:?}", understood.met, understood.no_event).to_lowercase();
            if !told.contains(&STRANGE.to_lowercase()) {
                wrongs.push(format!("{} says nothing of the strange `{field}`: {understood:?}", good.name));
            }
            let nameless = nameless(record);
            if !nameless.is_empty() {
                wrongs.push(format!("{}, strange `{field}`: {nameless:?}", good.name));
            }
        }
    }
    assert!(wrongs.is_empty(), "{}", wrongs.join("\n"));
}

#[test]
fn of_times_with_and_without_an_offset_only_those_without_wait_for_a_zone() {
    let mut wrongs = Vec::new();
    for good in good::all() {
        let aware = Good { bytes: with_offsets(&good.bytes), name: good.name.clone(), ..good };
        let no_zone = Settings { zone: None, ..aware.settings.clone() };
        let whole = read(&aware, &no_zone, &aware.bytes);
        let (last, in_zone) = (whole.standing().last().unwrap(), read(&aware, &aware.settings, &aware.bytes));
        assert!(naive_times(last) == 0 || in_zone.faults().is_empty(), "{}: {:?}", aware.name, whole.faults());
        let naive = without_offsets(&last.raw);
        // Days and seconds since 1970 have no offset to leave out.
        if naive == last.raw {
            continue;
        }
        let mixed = with_last(&aware, &whole, &naive);
        let chosen = read(&aware, &aware.settings, &mixed);
        wrongs.extend(wrong(&aware, &in_zone, &chosen).map(|wrong| format!("{wrong}, in a zone")));
        let (is, was) = (chosen.standing().last().unwrap(), in_zone.standing().last().unwrap());
        if events(is) != events(was) || held(is).count() > 0 {
            wrongs.push(format!("{}: in a zone {is:?}", aware.name));
        }
        let found = read(&aware, &no_zone, &mixed);
        wrongs.extend(wrong(&aware, &whole, &found).map(|wrong| format!("{wrong}, without a zone")));
        let record = found.standing().last().unwrap();
        if naive_times(record) <= naive_times(last) || !nameless(record).is_empty() {
            wrongs.push(format!("{}: without a zone {record:?}", aware.name));
        }
    }
    assert!(wrongs.is_empty(), "{}", wrongs.join("\n"));
}

/// How many times of a record wait for a zone.
fn naive_times(record: &ForeignRecord) -> usize {
    held(record)
        .flat_map(|held| &held.faults)
        .filter(|fault| matches!(fault.reason, Reason::NaiveTime | Reason::ReportZone))
        .count()
}
