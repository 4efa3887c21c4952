//! What becomes of several files in one archive? One, where all are of one format.

use crate::stored::stored;
use formats::{
    canonical::Outcome,
    file_fault::FileFault,
    foreign::{Adapter, Foreign, Settings},
    source::records,
    unpack::{Files, Limits, join},
};
use std::io::Cursor;

fn joined(files: &[(&str, &[u8])]) -> Result<Vec<u8>, FileFault> {
    let mut out = Vec::new();
    let mut files = Files::open(Cursor::new(stored(files)), Limits::default())?;
    join(&mut files, &mut out).map(|_| out)
}

/// The items of the canonical events of several files, in their order; a held line is its reason.
fn items(files: &[&[u8]]) -> String {
    let files: Vec<(&str, &[u8])> = files.iter().map(|bytes| ("name", *bytes)).collect();
    let one = joined(&files).unwrap();
    let found = records(&one[..], None).unwrap().map(|record| match record.unwrap().outcome {
        Outcome::Event(draft) => draft.item_id,
        Outcome::Held(held) => held.reason.as_str().to_owned(),
    });
    found.collect::<Vec<_>>().join(" ")
}

fn line(item: &str) -> String {
    format!("{{\"item_id\":\"{item}\",\"event\":\"detected\",\"at\":\"2026-03-01T10:00:00Z\"}}")
}

fn wide(text: &str) -> Vec<u8> {
    [0xFF, 0xFE].into_iter().chain(text.encode_utf16().flat_map(u16::to_le_bytes)).collect()
}

#[test]
fn lines_lists_and_objects_go_on_in_the_next_file() {
    let (a, b, c) = (line("a"), line("b"), line("c"));
    assert_eq!(items(&[format!("{a}\n{b}").as_bytes(), format!("{c}\n").as_bytes()]), "a b c");
    assert_eq!(items(&[format!("[{a},\n{b}]").as_bytes(), b"[ ]", format!("\n [{c}]").as_bytes()]), "a b c");
    let long = |line: &str| line.replace(',', ",\n").replace('{', "{\n");
    assert_eq!(items(&[long(&a).as_bytes(), long(&b).as_bytes(), long(&c).as_bytes()]), "a b c");
    assert_eq!(items(&[a.as_bytes(), b"", b"\n \n", b.as_bytes()]), "a b", "an empty file holds nothing");
    assert_eq!(items(&[a.as_bytes(), b"{\"item_id\":\n", c.as_bytes()]), "a unreadable c");
}

#[test]
fn a_table_keeps_its_first_header_and_a_mark_is_none_of_its_cells() {
    let head = "item_id,event,at\n";
    let row = |item: &str| format!("{item},detected,2026-03-01T10:00:00Z");
    let (one, two) = (format!("{head}{}", row("a")), format!("\u{feff}{head}{}\r\n{}\n", row("b"), row("c")));
    assert_eq!(items(&[one.as_bytes(), two.as_bytes()]), "a b c");
    assert_eq!(items(&[&wide(&one), two.as_bytes(), &wide(&one)]), "a b c a");
    assert_eq!(items(&[head.as_bytes(), one.as_bytes()]), "a");
}

#[test]
fn pages_of_an_export_are_one_export() {
    let page = |cve: &str, day: &str| {
        format!(
            "{{\"catalogVersion\":\"1\",\n\"dateReleased\":\"{day}T00:00:00Z\",\"vulnerabilities\":[{{\"cveID\":\"{cve}\",\"dateAdded\":\"2026-02-01\"}}]}}"
        )
    };
    let (one, two) = (page("CVE-2026-1000", "2026-03-01"), page("CVE-2026-2000", "2026-03-02"));
    let read = |bytes: &[u8], adapter: &str| {
        let mut foreign = Foreign::open(bytes, Adapter::named(adapter).unwrap(), &Settings::default()).unwrap();
        let mut rows = 0;
        while let Some(record) = foreign.next_record().unwrap() {
            assert!(record.understood.outcomes.is_empty(), "{record:?}");
            rows += record.understood.enriched.len();
        }
        rows
    };
    assert_eq!(read(&joined(&[("1", one.as_bytes()), ("2", two.as_bytes())]).unwrap(), "kev-json"), 2);
    let scores =
        |cve: &str| format!("#model_version:1,score_date:2026-03-01T00:00:00Z\ncve,epss,percentile\n{cve},0.1,0.2\n");
    let (one, two) = (scores("CVE-2026-1000"), scores("CVE-2026-2000"));
    assert_eq!(read(&joined(&[("1", one.as_bytes()), ("2", two.as_bytes())]).unwrap(), "epss"), 2);
}

#[test]
fn a_fault_names_the_file_it_stands_in() {
    let (a, table) = (line("a"), "item_id,event,at\na,detected,2026-03-01T10:00:00Z\n");
    let document = format!("{{\n{}", &a[1..]);
    for (second, says) in [(table.as_bytes(), "of another format"), (b"<log/>", "XML"), (b"hello", "of another format")]
    {
        let fault = joined(&[("a.json", document.as_bytes()), ("dir/b\u{202e}.json", second)]).unwrap_err();
        assert_eq!(fault.code(), "archive_several", "{fault}");
        let told = fault.to_string();
        assert!(told.starts_with("file 2 of the archive, `dir/b\\u{202e}.json`: ") && told.contains(says), "{told}");
    }
    let header = joined(&[("a", table.as_bytes()), ("b", table.replace(",at", ",at,team").as_bytes())]).unwrap_err();
    assert!(header.to_string().contains("header"), "{header}");
    let cut = joined(&[("a", &document.as_bytes()[..20]), ("b", document.as_bytes())]).unwrap_err();
    assert!(cut.to_string().starts_with("file 1 of the archive, `a`: it is cut off"), "{cut}");
    let nested = joined(&[("a", a.as_bytes()), ("b", &stored(&[("c", a.as_bytes())]))]).unwrap_err();
    assert!(nested.code() == "archive_nested" && nested.to_string().contains("`b`"), "{nested}");
    let xml = joined(&[("a", b"<log/>"), ("b", b"<log/>")]).unwrap_err();
    assert!(xml.to_string().contains("file 1"), "{xml}");
}

#[test]
fn a_single_file_is_copied_byte_for_byte() {
    let wide = wide("item_id,event,at\n");
    for bytes in [&wide[..], b"<log/>", b"", b"no line end", b"\xff\0\xfe"] {
        assert_eq!(joined(&[("only", bytes)]).unwrap(), bytes);
    }
}

#[test]
fn a_thousand_files_are_read_and_one_more_is_not() {
    let line = line("a");
    let files = vec![("f", line.as_bytes()); 1_001];
    assert_eq!(items(&files[..1_000].iter().map(|(_, bytes)| *bytes).collect::<Vec<_>>()).split(' ').count(), 1_000);
    assert_eq!(joined(&files).unwrap_err().code(), "archive_too_many_entries");
}
