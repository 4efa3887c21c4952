//! Do tables and envelopes say the same as lines of JSON?
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test may fail loudly")]

use domain::quarantine::Reason;
use formats::{
    canonical::{Draft, Outcome, read_line},
    encoding::Encoding,
    held::Held,
    source::{Source, records},
    text_encoding::TextEncoding,
    write::CsvWriter,
};

fn outcomes(input: &str) -> Vec<Outcome> {
    records(input.as_bytes(), None).unwrap().map(|record| record.unwrap().outcome).collect()
}

fn event(outcome: &Outcome) -> &Draft {
    match outcome {
        Outcome::Event(draft) => draft,
        Outcome::Held(held) => panic!("{held:?}"),
    }
}

fn held(outcome: &Outcome) -> &Held {
    match outcome {
        Outcome::Held(held) => held,
        Outcome::Event(draft) => panic!("{draft:?}"),
    }
}

#[test]
fn a_row_says_the_same_as_its_line() {
    let table = "item_id,event,at,cve,planted,confidence,review_seconds,extra.Floor,team,extra,colour\r\n\
        a,verified,2026-03-01T10:00:00Z,CVE-1; CVE-2,true,0.5,30,\"3, \"\"west\"\"\",,\"{\"\"b\"\":[1.0]}\",blue\r\n";
    let line = r#"{"item_id":"a","event":"verified","at":"2026-03-01T10:00:00Z","cve":["CVE-1","CVE-2"],"planted":true,
        "confidence":0.5,"review_seconds":30,"extra":{"Floor":"3, \"west\"","b":[1.0]},"colour":"blue"}"#;
    let Outcome::Event(expected) = read_line(line.as_bytes()) else { panic!("held") };
    assert_eq!(event(&outcomes(table)[0]), &*expected);
}

#[test]
fn the_delimiter_is_seen_from_the_header() {
    for delimiter in [",", ";", "\t"] {
        let table = "item_id,event,at\na,seen,2026-03-01T10:00:00Z\n".replace(',', delimiter);
        let source = Source::open(table.as_bytes(), None).unwrap();
        assert_eq!(source.encoding(), Encoding::Csv { delimiter: delimiter.as_bytes()[0] });
    }
}

#[test]
fn a_table_saved_as_unicode_text_is_read() {
    let table = "item_id\tevent\tat\tteam\r\na\tseen\t2026-03-01T10:00:00Z\tBüro 😀\r\n";
    let mut bytes = vec![0xFF, 0xFE];
    bytes.extend(table.encode_utf16().flat_map(u16::to_le_bytes));
    let found: Vec<_> = records(&bytes[..], None).unwrap().map(|record| record.unwrap().outcome).collect();
    assert!(event(&found[0]).canonical.contains(r#""team":"Büro 😀""#));
}

#[test]
fn a_row_of_another_length_is_held_and_the_next_is_read() {
    let found = outcomes("item_id,event,at\na,seen\nb,seen,2026-03-01T10:00:00Z,x\n\nc,seen,2026-03-01T10:00:00Z\n");
    assert_eq!(held(&found[0]).faults[0].detail, "the row has 2 of 3 columns");
    assert_eq!(held(&found[1]).reason, Reason::BadValue);
    assert_eq!(event(&found[2]).item_id, "c");
}

#[test]
fn an_unclosed_quote_costs_its_own_line_only() {
    let mut table = "item_id,event,at,reason\na,seen,2026-03-01T10:00:00Z,\"never closed\n".to_owned();
    for n in 0..30_000 {
        table += &format!("b{n},seen,2026-03-01T10:00:00Z,plain words to fill the row\n");
    }
    let found = outcomes(&table);
    assert_eq!(found.len(), 30_001);
    assert_eq!(held(&found[0]).reason, Reason::Unreadable);
    assert!(found.iter().skip(1).all(|outcome| matches!(outcome, Outcome::Event(_))));
}

#[test]
fn a_quoted_cell_may_hold_line_breaks_and_delimiters() {
    let found = outcomes(
        "item_id,event,at,reason\r\na,seen,2026-03-01T10:00:00Z,\"one,\r\ntwo\"\r\nb,seen,2026-03-01T10:00:00Z,x",
    );
    assert!(event(&found[0]).canonical.contains(r#""reason":"one,\r\ntwo""#));
    assert_eq!(event(&found[1]).item_id, "b");
}

#[test]
fn what_a_spreadsheet_did_to_a_column_is_named() {
    let found = outcomes("item_id,event,at\n1.23E+5,seen,2026-03-01T10:00:00Z\n########,seen,45000.5\n");
    for outcome in &found {
        let fault = &held(outcome).faults[0];
        assert_eq!(fault.hint.as_deref(), Some("a spreadsheet reformatted this column: export it again as text"));
    }
    assert_eq!(held(&found[1]).faults.len(), 2);
}

#[test]
fn no_exported_cell_is_a_formula_and_reading_it_back_gives_the_text() {
    let texts = [
        "=cmd|' /C calc'!A0",
        "+1",
        "-1",
        "@SUM(A1)",
        "＝1",
        "'=1",
        "''=1",
        "'plain",
        "it's",
        "a=b",
        "\"quoted\"",
        "-",
        "x",
    ];
    let mut writer = CsvWriter::new(Vec::new(), &["item_id", "event", "at", "reason"]).unwrap();
    for text in texts {
        writer.write(["a", "seen", "2026-03-01T10:00:00Z", text]).unwrap();
    }
    let table = String::from_utf8(writer.finish().unwrap()).unwrap();
    for (row, text) in table.lines().skip(1).zip(texts) {
        let cell = row.rsplit(",\"").next().unwrap();
        assert!(!cell.starts_with(['=', '+', '-', '@', '＝']), "{row}");
        assert!(row.starts_with("\"a\",\"seen\""), "{text}");
    }
    let mut again = CsvWriter::new(Vec::new(), &["item_id", "event", "at", "reason"]).unwrap();
    for outcome in outcomes(&table) {
        let canonical: serde_json::Value = serde_json::from_str(&event(&outcome).canonical).unwrap();
        again.write(["a", "seen", "2026-03-01T10:00:00Z", canonical["reason"].as_str().unwrap()]).unwrap();
    }
    assert_eq!(String::from_utf8(again.finish().unwrap()).unwrap(), table);
}

const ENVELOPE: &str = r#"{"specversion":"1.0","type":"wallclock.event.v1","source":"https://scanner.example/eu","id":"ce-1",
    "time":"2026-03-01T10:00:00Z","subject":"a","data":{"event":"detected","id":"inner"}}"#;

#[test]
fn an_envelope_completes_its_event_and_gives_its_id() {
    for body in [ENVELOPE.to_owned(), format!("[{ENVELOPE}]"), ENVELOPE.replace('\n', " ")] {
        let found = outcomes(&body);
        let draft = event(&found[0]);
        assert_eq!((draft.item_id.as_str(), draft.id.as_deref()), ("a", Some("ce-1")));
        assert_eq!(draft.source.as_deref(), Some("https://scanner.example/eu"));
        assert!(draft.canonical.contains(r#""extra":{"id":"inner"}"#), "{}", draft.canonical);
    }
}

#[test]
fn an_envelope_of_another_kind_is_held() {
    for (from, to, reason) in [
        ("wallclock.event.v1", "com.example.other", Reason::UnknownType),
        ("\"1.0\"", "\"0.3\"", Reason::BadValue),
        ("\"data\"", "\"data_base64\"", Reason::MissingField),
        ("{\"event\":\"detected\",\"id\":\"inner\"}", "7", Reason::BadValue),
    ] {
        let body = ENVELOPE.replace(from, to);
        assert_eq!(held(&outcomes(&body)[0]).reason, reason, "{body}");
    }
}

#[test]
fn an_envelope_of_a_drill_or_a_register_is_held_and_says_where_it_belongs() {
    for (kind, place) in [("drill", "/api/v1/drills"), ("register", "/api/v1/registers/{name}")] {
        let found = outcomes(&ENVELOPE.replace(".event.", &format!(".{kind}.")));
        let held = held(&found[0]);
        assert_eq!(held.reason, Reason::UnknownType);
        assert!(held.faults[0].hint.as_deref().unwrap_or_default().contains(place), "{held:?}");
    }
}

#[test]
fn media_types_name_their_encoding() {
    assert_eq!(Encoding::of_media_type("application/x-ndjson; charset=utf-8"), Some(Encoding::Ndjson));
    assert_eq!(Encoding::of_media_type("Application/JSON"), Some(Encoding::Json));
    assert_eq!(Encoding::of_media_type("application/xml"), None);
    for media_type in Encoding::MEDIA_TYPES {
        assert!(Encoding::of_media_type(media_type).is_some(), "{media_type}");
    }
}

#[test]
fn one_object_on_many_lines_is_told_from_one_a_line() {
    let pretty = "{\n \"item_id\": \"a\",\n \"event\": \"seen\",\n \"at\": \"2026-03-01T10:00:00Z\"\n}\n";
    assert_eq!(Source::open(pretty.as_bytes(), None).unwrap().encoding(), Encoding::Json);
    assert_eq!(event(&outcomes(pretty)[0]).item_id, "a");
    let broken_first = "{\"item_id\":\n{\"item_id\":\"a\",\"event\":\"seen\",\"at\":\"2026-03-01T10:00:00Z\"}\n";
    let found = outcomes(broken_first);
    assert_eq!((held(&found[0]).reason, event(&found[1]).item_id.as_str()), (Reason::Unreadable, "a"));
}

#[test]
fn an_older_encoding_is_read_only_where_a_person_chose_it() {
    let table =
        b"item_id,event,at,team\na,detected,2026-03-01T10:00:00Z,Caf\xe9 \x80\nb\x81,detected,2026-03-01T10:00:00Z,x\n";
    assert_eq!(records(&table[..], None).err().unwrap().code(), "encoding_unknown");
    let read = |bytes: &[u8], chosen: TextEncoding| -> Vec<Outcome> {
        let mut source = Source::open_in(bytes, None, Some(chosen)).unwrap();
        let decoder = source.decoder();
        std::iter::from_fn(|| source.next_frame().unwrap()).map(|frame| decoder.read(&frame)).collect()
    };
    let windows = read(table, TextEncoding::Windows1252);
    assert!(event(&windows[0]).canonical.contains(r#""team":"Café €""#), "{windows:?}");
    assert_eq!(held(&windows[1]).reason, Reason::Unreadable, "0x81 is no character there");
    let latin = read(table, TextEncoding::Latin1);
    assert!(event(&latin[0]).canonical.contains("Café \u{80}"), "0x80 is a control character there: {latin:?}");
    assert_eq!(held(&latin[1]).reason, Reason::BadIdentifier);
    let marked = "\u{feff}item_id,event,at,team\na,detected,2026-03-01T10:00:00Z,Café\n";
    assert!(
        event(&read(marked.as_bytes(), TextEncoding::Latin1)[0]).canonical.contains("Café"),
        "the mark counts first"
    );
}
