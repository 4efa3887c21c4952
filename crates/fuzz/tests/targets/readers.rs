//! Readers of files and bodies: every byte belongs to a record, and every record becomes an event or is held.

use crate::OUTPUT_BYTES_MAX;
use domain::time::Timestamp;
use formats::{
    analysis,
    canonical::{Draft, Outcome, item_event, read_line},
    encoding::Encoding,
    frame::KEPT_BYTES_MAX,
    held::{FAULTS_MAX, Held},
    source::{Record, records},
    write::CsvWriter,
};
use fuzz::campaign;

#[test]
fn lines_become_events_or_are_held() {
    campaign::run("ndjson", both_ways(Encoding::Ndjson));
}

#[test]
fn tables_become_events_or_are_held() {
    campaign::run("csv", both_ways(Encoding::Csv { delimiter: b',' }));
}

#[test]
fn arrays_become_events_or_are_held() {
    campaign::run("json", both_ways(Encoding::Json));
}

#[test]
fn envelopes_become_events_or_are_held() {
    campaign::run("cloud_events", both_ways(Encoding::CloudEvents));
}

#[test]
fn lines_of_an_analysis_are_counted_one_way_or_another() {
    let as_of = Timestamp::parse("2026-05-01T00:00:00Z").unwrap();
    campaign::run("ndjson", |input| {
        let lines: Vec<&[u8]> = input.split(|byte| *byte == b'\n').collect();
        let filled = |line: &&&[u8]| !str::from_utf8(line).is_ok_and(|text| text.trim().is_empty());
        let reading = analysis::read(lines.iter(), as_of, as_of);
        let counted: u64 = reading.flags.values().sum();
        assert_eq!(usize::try_from(reading.events + counted).unwrap(), lines.iter().filter(filled).count());
    });
}

/// What we export comes back as it was, and no spreadsheet runs it.
#[test]
fn exported_cells_come_back_as_they_were() {
    campaign::run("cells", |input| {
        let Some(cell) = crate::text(input) else { return };
        let mut writer = CsvWriter::new(Vec::new(), &["item_id", "event", "at", "extra.note"]).unwrap();
        writer.write(["a", "seen", "2026-03-01T10:00:00Z", cell]).unwrap();
        let table = writer.finish().unwrap();
        assert!(table.len() <= 2 * cell.len() + 120, "{} bytes of {}", table.len(), cell.len());
        let found: Vec<Record> = records(&table[..], None).unwrap().map(Result::unwrap).collect();
        let [Record { outcome: Outcome::Event(draft), .. }] = found.as_slice() else {
            // A character may need six bytes in canonical text, of which `extra` may have 8 KiB.
            assert!(cell.len() > 1_200, "{} bytes in one cell", cell.len());
            return;
        };
        let canonical: serde_json::Value = serde_json::from_str(&draft.canonical).unwrap();
        assert_eq!(canonical["extra"]["note"].as_str().unwrap_or_default(), cell);
    });
}

/// Every second input is read as what it was, the others as what they look like.
fn both_ways(encoding: Encoding) -> impl FnMut(&[u8]) {
    let mut named = false;
    move |input| {
        named = !named;
        read(input, named.then_some(encoding));
    }
}

/// Reads a whole input and checks what must hold of whatever comes out.
fn read(input: &[u8], encoding: Option<Encoding>) {
    let Ok(mut found) = records(input, encoding) else {
        return;
    };
    let (mut ledger, mut is_whole) = (Ledger::of(input), true);
    for record in found.by_ref() {
        match record {
            Ok(record) => ledger.enter(&record),
            Err(_) => is_whole = false,
        }
    }
    if is_whole {
        ledger.close();
    }
    if is_whole && encoding == Some(Encoding::Ndjson) && !ledger.is_wide {
        let lines = input.split(|byte| *byte == b'\n').count() - usize::from(input.ends_with(b"\n"));
        assert_eq!(ledger.records + usize::try_from(found.ignored()).unwrap(), lines, "lines");
    }
}

/// What has been received so far, and what became of it.
struct Ledger<'a> {
    input: &'a [u8],
    /// In UTF-16 the places are those of the text, not of the bytes.
    is_wide: bool,
    /// The end of the record before.
    end: Option<usize>,
    records: usize,
    output: usize,
}

impl<'a> Ledger<'a> {
    fn of(input: &'a [u8]) -> Self {
        let is_wide = input.starts_with(b"\xff\xfe") || input.starts_with(b"\xfe\xff");
        Self { input, is_wide, end: None, records: 0, output: 0 }
    }

    fn enter(&mut self, record: &Record) {
        self.records += 1;
        if !self.is_wide {
            self.covers(record);
        }
        self.output += record.raw.len();
        match &record.outcome {
            Outcome::Event(draft) => {
                event_holds(draft);
                self.output += draft.canonical.len();
                assert!(draft.canonical.len() <= 8 * self.input.len() + 1_024, "{} bytes", draft.canonical.len());
            }
            Outcome::Held(held) => self.output += held_holds(held),
        }
        assert!(self.output <= OUTPUT_BYTES_MAX, "{} bytes", self.output);
    }

    /// The record stands where it says, and nothing but what separates records lies between it and the one before.
    fn covers(&mut self, record: &Record) {
        let start = usize::try_from(record.place.byte).unwrap();
        let end = start + record.raw.len();
        assert!(record.raw.len() < KEPT_BYTES_MAX && self.input.get(start..end) == Some(&record.raw), "{record:?}");
        if let Some(before) = self.end {
            let between = self.input[before..start].trim_ascii();
            assert!(
                between.is_empty() || between == b"," || is_between_lists(&self.input[before..start]),
                "lost `{}`",
                between.escape_ascii()
            );
        }
        self.end = Some(end);
    }

    fn close(&self) {
        if let (Some(end), false) = (self.end, self.is_wide) {
            let behind = self.input[end..].trim_ascii();
            assert!(
                behind.is_empty() || behind == b"]" || is_between_lists(&self.input[end..]),
                "lost `{}`",
                behind.escape_ascii()
            );
        }
    }
}

/// Whether a list ends here and others follow, each on a line of its own.
fn is_between_lists(bytes: &[u8]) -> bool {
    bytes.contains(&b'\n') && bytes.iter().all(|byte| b"[] \t\r\n".contains(byte))
}

pub(crate) fn event_holds(draft: &Draft) {
    let event = item_event(&draft.canonical, draft.at).unwrap();
    assert_eq!((event.name, event.at), (draft.name, draft.fold_at()));
    assert!(!draft.item_id.is_empty());
    // Numbers beyond a double are kept digit by digit; the other reader has no place for them.
    if let Err(error) = serde_json::from_str::<serde_json::Value>(&draft.canonical) {
        assert!(error.to_string().starts_with("number out of range"), "{error}");
    }
    let Outcome::Event(again) = read_line(draft.canonical.as_bytes()) else { panic!("held: {}", draft.canonical) };
    assert_eq!((&again.canonical, again.key), (&draft.canonical, draft.key));
}

/// How much is said about a held line.
pub(crate) fn held_holds(held: &Held) -> usize {
    assert!((1..=FAULTS_MAX).contains(&held.faults.len()) && held.reason == held.faults[0].reason, "{held:?}");
    let said = held.faults.iter().map(|fault| fault.detail.len() + fault.hint.as_deref().map_or(0, str::len));
    said.inspect(|said| assert!(*said < 1_500, "messages stay short: {held:?}")).sum()
}
