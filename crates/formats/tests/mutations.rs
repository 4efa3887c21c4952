//! Does any reader panic, lose a record or grow without end when bytes are changed at random? Seeded, so that a finding
//! can be found again: the message names file and round.
#![expect(
    clippy::panic,
    clippy::indexing_slicing,
    clippy::cast_possible_truncation,
    reason = "a test may fail loudly, and its numbers are small"
)]

use domain::time::Timestamp;
use formats::{
    analysis,
    canonical::{Outcome, item_event},
    encoding::Encoding,
    frame::KEPT_BYTES_MAX,
    source::records,
};

const ROUNDS: u64 = 20_000;

const LINES: &[u8] = include_bytes!("corpus/events.ndjson");
const TABLE: &[u8] = include_bytes!("corpus/events.csv");
const ARRAY: &[u8] = include_bytes!("corpus/events.json");
const ENVELOPES: &[u8] = include_bytes!("corpus/cloud_events.json");

/// Pieces that mean something to one reader or another.
const PIECES: &[&[u8]] = &[
    b"\"",
    b"\\",
    b"{",
    b"}",
    b"[",
    b"]",
    b",",
    b":",
    b"\n",
    b"\r\n",
    b"\0",
    b"\xff",
    b"\xed\xa0\x80",
    b"\\ud800",
    b"\\u0000",
    b"null",
    b"1e999",
    b"-",
    b"''",
    b"\"\"",
    b";",
    b"\xef\xbb\xbf",
    b"[[[[[[[[",
    b"{\"a\":",
    b"2026-02-30T00:00:00Z",
    b"item_id",
    b"at",
    b"\"extra\":{\"a\":1},",
    b"1970-01-01T00:00:00Z",
];

struct Dice(u64);

impl Dice {
    fn below(&mut self, below: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % below.max(1) as u64) as usize
    }
}

fn mutated(original: &[u8], round: u64) -> Vec<u8> {
    let mut dice = Dice(round.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1);
    let mut bytes = original.to_vec();
    for _ in 0..=dice.below(6) {
        let at = dice.below(bytes.len() + 1);
        let to = (at + dice.below(24)).min(bytes.len());
        match dice.below(5) {
            0 if at < bytes.len() => bytes[at] = dice.below(256) as u8,
            1 => drop(bytes.drain(at..to)),
            2 => drop(bytes.splice(at..at, PIECES[dice.below(PIECES.len())].iter().copied())),
            3 => {
                let copy = bytes[at..to].to_vec();
                let elsewhere = dice.below(bytes.len() + 1);
                drop(bytes.splice(elsewhere..elsewhere, copy));
            }
            _ => bytes.truncate(bytes.len() - dice.below(bytes.len() / 4 + 1)),
        }
    }
    bytes
}

/// Reads a whole input and checks what must hold of whatever comes out.
fn read(input: &[u8], encoding: Option<Encoding>, what: &str) {
    let Ok(mut found) = records(input, encoding) else {
        return;
    };
    let mut last = None;
    for record in found.by_ref() {
        let Ok(record) = record else { break };
        assert!(Some(record.place) > last, "{what}: records follow one another");
        last = Some(record.place);
        match record.outcome {
            Outcome::Event(draft) => {
                let event = item_event(&draft.canonical, draft.at).unwrap_or_else(|error| panic!("{what}: {error}"));
                assert_eq!((event.name, event.at), (draft.name, draft.fold_at()), "{what}");
                assert!(!draft.item_id.is_empty(), "{what}");
                serde_json::from_str::<serde_json::Value>(&draft.canonical)
                    .unwrap_or_else(|error| panic!("{what}: {error}"));
            }
            Outcome::Held(held) => {
                assert!(!held.faults.is_empty() && held.reason == held.faults[0].reason, "{what}");
                assert!(held.faults.iter().all(|fault| fault.detail.len() < 1_000), "{what}: messages stay short");
            }
        }
        assert!(record.raw.len() <= input.len().max(KEPT_BYTES_MAX), "{what}");
    }
}

fn rounds(name: &str, original: &[u8], encoding: Encoding) {
    read(original, None, name);
    for round in 0..ROUNDS {
        let input = mutated(original, round);
        let what = format!("{name}, round {round}");
        read(&input, if round % 4 == 0 { None } else { Some(encoding) }, &what);
    }
}

#[test]
fn changed_lines_are_events_or_held() {
    rounds("events.ndjson", LINES, Encoding::Ndjson);
}

#[test]
fn changed_tables_are_events_or_held() {
    rounds("events.csv", TABLE, Encoding::Csv { delimiter: b',' });
}

#[test]
fn changed_arrays_are_events_or_held() {
    rounds("events.json", ARRAY, Encoding::Json);
}

#[test]
fn changed_envelopes_are_events_or_held() {
    rounds("cloud_events.json", ENVELOPES, Encoding::CloudEvents);
}

#[test]
fn changed_lines_of_an_analysis_are_counted_one_way_or_another() {
    let as_of = Timestamp::parse("2026-05-01T00:00:00Z").unwrap();
    for round in 0..ROUNDS / 4 {
        let input = mutated(LINES, round);
        let lines: Vec<&[u8]> = input.split(|byte| *byte == b'\n').collect();
        let filled = |line: &&&[u8]| !str::from_utf8(line).is_ok_and(|text| text.trim().is_empty());
        let reading = analysis::read(lines.iter(), as_of, as_of);
        let counted: u64 = reading.flags.values().sum();
        assert_eq!(reading.events + counted, lines.iter().filter(filled).count() as u64, "round {round}");
    }
}
