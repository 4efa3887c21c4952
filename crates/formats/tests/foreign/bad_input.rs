//! What does every format answer to input that is broken on purpose? One good file of each is broken in every way.
//!
//! Whatever comes: nothing panics, every record counts somewhere, good records before a bad one stay as they were, and a fault
//! names the line it was found on.

use crate::{
    breaking::{Form, formulas, lone_surrogates, with_record},
    good::{self, Good},
};
use formats::{
    canonical::Outcome,
    file_fault::FileFault,
    foreign::{Foreign, ForeignRecord, Settings, Understood, candidates},
};
use proptest::{collection::vec, prelude::*};

/// What came of a file: its records, and the fault that ended it.
pub(crate) struct Read {
    pub(crate) records: Vec<ForeignRecord>,
    pub(crate) fault: Option<FileFault>,
}

impl Read {
    /// What is broken, for a message.
    pub(crate) fn faults(&self) -> Vec<String> {
        let outcomes = self.records.iter().flat_map(|record| &record.understood.outcomes);
        let held = outcomes.filter_map(|outcome| match outcome {
            Outcome::Held(held) => Some(format!("{held:?}")),
            Outcome::Event(_) => None,
        });
        held.chain(self.fault.as_ref().map(|fault| format!("{fault:?}"))).collect()
    }

    /// The records that stand in the file, without what its end said.
    pub(crate) fn standing(&self) -> &[ForeignRecord] {
        let is_end = self.records.last().is_some_and(|last| last.raw.is_empty());
        &self.records[..self.records.len() - usize::from(is_end)]
    }
}

/// Reads a file to its end, or to its fault, and checks what holds for every file.
pub(crate) fn read(good: &Good, settings: &Settings, bytes: &[u8]) -> Read {
    let mut read = Read { records: Vec::new(), fault: None };
    let mut foreign = match Foreign::open(bytes, good.adapter, settings) {
        Ok(foreign) => foreign,
        Err(fault) => return Read { fault: Some(fault), ..read },
    };
    loop {
        match foreign.next_record() {
            Ok(Some(record)) => {
                counts(good, &record);
                stands_where_it_says(good, settings, bytes, &record);
                read.records.push(record);
            }
            Ok(None) => return read,
            Err(fault) => {
                let (said, is_told) =
                    (fault.to_string(), matches!(fault.code(), "no_rows" | "xml_forbidden" | "encoding_unknown"));
                assert!(said.contains("line ") || is_told, "{}: `{said}` names no line", good.name);
                read.fault = Some(fault);
                return read;
            }
        }
    }
}

/// A record is an event, a held line, or counted as no news: that it met a rule does not count.
fn counts(good: &Good, record: &ForeignRecord) {
    let name = &good.name;
    let silent = Understood { met: record.understood.met.clone(), ..Understood::default() };
    assert!(record.raw.is_empty() || record.understood != silent, "{name}: nothing counts {record:?}");
    assert!(record.place.line >= 1, "{name}: {record:?}");
    for outcome in &record.understood.outcomes {
        if let Outcome::Held(held) = outcome {
            assert!(!held.faults.is_empty() && held.reason == held.faults[0].reason, "{name}: {held:?}");
        }
    }
}

/// The line and the place in the file are those of the record: by them a person finds it.
fn stands_where_it_says(good: &Good, settings: &Settings, bytes: &[u8], record: &ForeignRecord) {
    if settings.text_encoding.is_some() || bytes.starts_with(b"\xff\xfe") || record.raw.is_empty() {
        return;
    }
    let start = usize::try_from(record.place.byte).unwrap();
    let line = 1 + bytes[..start].iter().filter(|byte| **byte == b'\n').count() as u64;
    assert_eq!(record.place.line, line, "{}: {record:?}", good.name);
    assert!(bytes[start..].starts_with(&record.raw), "{}: {record:?}", good.name);
}

/// Reads the good file with one bad record more, the last; the good ones must not change.
fn read_with(good: &Good, record: &[u8]) -> Read {
    let broken = with_record(&good.bytes, record);
    let (before, after) = (read(good, &good.settings, &good.bytes), read(good, &good.settings, &broken));
    let name = &good.name;
    assert!(before.fault.is_none() && !before.standing().is_empty(), "{name}: {:?}", before.faults());
    // A table is refused as a whole where its beginning is in an encoding nobody named.
    if after.fault.as_ref().is_some_and(|fault| fault.code() == "encoding_unknown") {
        assert!(Form::of(&good.bytes) == Form::Table && after.records.is_empty(), "{name}: {:?}", after.faults());
        return after;
    }
    // The record next to a fault of the whole file may be the fault.
    let lost = usize::from(after.fault.is_some());
    for (place, (was, is)) in before.standing().iter().zip(after.standing()).enumerate() {
        assert_eq!(was, is, "{name}: record {place} changed");
    }
    let least = before.standing().len() + 1 - 2 * lost;
    assert!(after.standing().len() >= least, "{name}: {} of {least}: {:?}", after.standing().len(), after.faults());
    after
}

/// The bad record is held, or is a fault of the whole file.
fn is_refused(good: &Good, record: &[u8]) {
    let after = read_with(good, record);
    let last = after.standing().last().map(|last| &last.understood.outcomes[..]).unwrap_or_default();
    let is_held = last.iter().any(|outcome| matches!(outcome, Outcome::Held(_)));
    let shown = &record[..record.len().min(80)];
    assert!(is_held || after.fault.is_some(), "{}: took `{}`", good.name, shown.escape_ascii());
}

#[test]
fn every_format_reads_its_good_file_and_no_other_format_takes_it() {
    for good in good::all() {
        let names: Vec<&str> = candidates(&good.bytes).iter().map(|adapter| adapter.name).collect();
        let expected: &[&str] = if good.is_recognised() { &[good.adapter.name] } else { &[] };
        assert_eq!(names, expected, "{}: the format is recognised, and no other", good.name);
        let read = read(&good, &good.settings, &good.bytes);
        assert!(read.faults().is_empty() && !read.standing().is_empty(), "{}: {:?}", good.name, read.faults());
    }
}

#[test]
fn a_file_cut_off_anywhere_gives_what_came_before() {
    for good in good::all() {
        let whole = read(&good, &good.settings, &good.bytes);
        let step = (good.bytes.len() / 300).max(1);
        for length in (0..good.bytes.len()).step_by(step) {
            let cut = read(&good, &good.settings, &good.bytes[..length]);
            let kept = cut.standing().len().saturating_sub(1);
            let (is, was) = (&cut.standing()[..kept], &whole.standing()[..kept]);
            assert_eq!(is, was, "{}: cut at {length}", good.name);
        }
    }
}

#[test]
fn an_empty_file_is_said_to_be_empty() {
    for good in good::all() {
        for (bytes, code) in [(&b""[..], "empty_file"), (b"\xef\xbb\xbf", "empty_file")] {
            let fault = read(&good, &good.settings, bytes).fault.unwrap();
            assert_eq!(fault.code(), code, "{}", good.name);
        }
        for bytes in [&b"\n\n \n"[..], b"[]", b"{}", b"null", b"\0\0\0\0", b"<log/>", b"just words"] {
            let found = read(&good, &good.settings, bytes);
            let is_event = |outcome: &Outcome| matches!(outcome, Outcome::Event(_));
            let mut outcomes = found.records.iter().flat_map(|record| &record.understood.outcomes);
            assert!(!outcomes.any(is_event), "{}: {}", good.name, bytes.escape_ascii());
        }
    }
}

#[test]
fn a_record_of_ten_megabytes_is_held_by_its_beginning() {
    for good in good::all() {
        let form = Form::of(&good.bytes);
        let long = match form {
            Form::Table => vec![b'x'; 10 << 20],
            Form::Markup => [b"<trace>", &vec![b'x'; 10 << 20][..], b"</trace>"].concat(),
            Form::Lines | Form::Array | Form::Document => [b"\"", &vec![b'x'; 10 << 20][..], b"\""].concat(),
        };
        let after = read_with(&good, &long);
        let kept: usize = after.records.iter().map(|record| record.raw.len()).sum();
        assert!(kept <= good.bytes.len() + (64 << 10), "{}: {kept} bytes kept", good.name);
        is_refused(&good, &long);
    }
}

#[test]
fn what_is_no_text_is_held() {
    for good in good::all() {
        is_refused(&good, b"\"caf\xe9\"");
        is_refused(&good, b"\"\xff\xfe\"");
        is_refused(&good, b"\0");
        is_refused(&good, b"\"a\0b\"");
    }
}

#[test]
fn the_same_file_in_utf_16_says_the_same_and_without_its_mark_is_refused() {
    for good in good::all() {
        let text = str::from_utf8(&good.bytes).unwrap();
        let wide: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let marked = [b"\xff\xfe", &wide[..]].concat();
        let (plain, found) = (read(&good, &good.settings, &good.bytes), read(&good, &good.settings, &marked));
        assert!(found.fault.is_none(), "{}: {:?}", good.name, found.faults());
        assert_eq!(found.records, plain.records, "{}", good.name);
        assert!(read(&good, &good.settings, &wide).fault.is_some(), "{}", good.name);
    }
}

#[test]
fn an_older_encoding_is_read_where_it_was_chosen() {
    for good in good::all().into_iter().filter(|good| good.bytes.is_ascii()) {
        let plain = read(&good, &good.settings, &good.bytes);
        for text_encoding in formats::text_encoding::TextEncoding::ALL {
            let chosen = Settings { text_encoding: Some(text_encoding), ..good.settings.clone() };
            assert_eq!(read(&good, &chosen, &good.bytes).records, plain.records, "{}", good.name);
            let after = read(&good, &chosen, &with_record(&good.bytes, b"\"caf\xe9\""));
            let raw = after.standing().last().map(|last| last.raw.as_slice()).unwrap_or_default();
            assert!(after.fault.is_some() || raw.ends_with("café\"".as_bytes()), "{}", good.name);
        }
    }
}

#[test]
fn cells_that_a_spreadsheet_would_run_stay_text() {
    for good in good::all() {
        let whole = read(&good, &good.settings, &good.bytes);
        let last = whole.standing().last().unwrap();
        for record in formulas(&good.bytes, whole.standing()[0].place.line, &last.raw) {
            read_with(&good, &record);
        }
    }
}

#[test]
fn a_column_that_stands_twice_is_refused_or_loses_nothing() {
    for good in good::all().into_iter().filter(|good| Form::of(&good.bytes) == Form::Table) {
        let whole = read(&good, &good.settings, &good.bytes);
        let header = usize::try_from(whole.standing()[0].place.line).unwrap() - 2;
        let text = str::from_utf8(&good.bytes).unwrap();
        let delimiter = crate::breaking::delimiter(text.lines().nth(header).unwrap());
        let twice = |(place, line): (usize, &str)| {
            let first = line.split(delimiter).next().unwrap_or_default();
            if place < header { line.to_owned() } else { format!("{line}{delimiter}{first}") }
        };
        let broken = text.lines().enumerate().map(twice).collect::<Vec<_>>().join("\n");
        let found = read(&good, &good.settings, broken.as_bytes());
        match &found.fault {
            Some(fault) => assert_eq!(fault.code(), "duplicate_header", "{}: {fault}", good.name),
            None => assert_eq!(found.standing().len(), whole.standing().len(), "{}", good.name),
        }
    }
}

#[test]
fn nesting_without_end_costs_nothing() {
    for good in good::all() {
        let levels = 200_000;
        for (open, close) in [("[", "]"), ("{\"a\":", "}"), ("<a>", "</a>")] {
            let balanced = format!("{}1{}", open.repeat(levels), close.repeat(levels));
            read_with(&good, balanced.as_bytes());
            read(&good, &good.settings, balanced.as_bytes());
            read(&good, &good.settings, open.repeat(levels).as_bytes());
        }
        is_refused(&good, format!("{}{}", "[".repeat(1_000), "]".repeat(1_000)).as_bytes());
    }
}

#[test]
fn entities_are_never_unfolded() {
    let laughs =
        "<!DOCTYPE lolz [<!ENTITY a \"lol\"><!ENTITY b \"&a;&a;&a;&a;\"><!ENTITY c SYSTEM \"file:///etc/passwd\">]>";
    for good in good::all() {
        read_with(&good, format!("{laughs}<trace>&b;&c;</trace>").as_bytes());
        let before = [laughs.as_bytes(), &good.bytes].concat();
        let found = read(&good, &good.settings, &before);
        let said = format!("{:?}{:?}", found.records, found.fault);
        assert!(!said.contains("lollol") && !said.contains("root:"), "{}", good.name);
    }
}

#[test]
fn half_a_character_is_held_or_left_out() {
    for good in good::all() {
        if Form::of(&good.bytes) != Form::Table && Form::of(&good.bytes) != Form::Markup {
            is_refused(&good, br#""\ud800""#);
            let whole = read(&good, &good.settings, &good.bytes);
            let broken = lone_surrogates(&whole.standing().last().unwrap().raw);
            is_refused(&good, &broken);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn whatever_is_changed_nothing_panics_and_every_record_counts(
        changes in vec((any::<prop::sample::Index>(), any::<u8>()), 1..8),
        cut in any::<prop::sample::Index>(),
    ) {
        for good in good::all() {
            let mut bytes = good.bytes.clone();
            for (place, byte) in &changes {
                let place = place.index(bytes.len());
                bytes[place] = *byte;
            }
            read(&good, &good.settings, &bytes);
            bytes.truncate(cut.index(bytes.len()));
            read(&good, &Settings::default(), &bytes);
        }
    }
}
