//! What would come of a file, whatever its format.

use formats::foreign::{ALL, Adapter, Settings, preview::preview};

#[test]
fn a_preview_counts_what_an_import_would_do() {
    let rows = [
        "1,web-01,Active,High,2026-03-01T10:00:00Z,2026-03-05T10:00:00Z,",
        "2,web-01,Fixed,Low,2026-03-01T10:00:00Z,2026-03-05T10:00:00Z,2026-03-09T10:00:00Z",
        "3,,Active,Low,2026-03-01T10:00:00Z,,",
        "4,web-02,Strange,Low,2026-03-01 10:00,,",
    ];
    let header = "Plugin ID,Host,Vulnerability State,Severity,First Found,Last Found,Last Fixed";
    let file = format!("{header}\n{}\n", rows.join("\n"));
    let adapter = Adapter::named("tenable-csv").unwrap();
    let seen = preview(file.as_bytes(), adapter, &Settings::default(), 1_000).unwrap();
    assert_eq!((seen.rows, seen.whole, seen.items), (4, true, 2));
    let events: Vec<(&str, u64)> = seen.events.iter().map(|(name, count)| (name.as_str(), *count)).collect();
    assert_eq!(events, [("detected", 2), ("fix_applied", 1), ("seen", 2), ("verified", 1)]);
    assert_eq!((seen.held["missing_field"], seen.held["naive_time"]), (1, 1));
    assert_eq!(seen.no_event["status `Strange`"], 1);
    assert_eq!((seen.rules["status_unknown"].count, seen.rules["status_unknown"].class.as_str()), (1, "flagged"));
    assert_eq!(seen.first_at.as_deref(), Some("2026-03-01T10:00:00Z"));
    assert_eq!(seen.last_at.as_deref(), Some("2026-03-09T10:00:00Z"));
    assert_eq!(seen.certainty["inferred"], 1);
    let fourth = &seen.sample[3];
    assert_eq!((fourth.row, fourth.line, fourth.held[0].column.as_deref()), (4, 5, Some("First Found")));
    assert_eq!(seen.sample[1].events.len(), 4);
    let two = preview(file.as_bytes(), adapter, &Settings::default(), 2).unwrap();
    assert_eq!((two.rows, two.whole, two.events["detected"]), (2, false, 2));
}

#[test]
fn a_preview_works_for_json_and_says_where_reading_ended() {
    let finding = r#"{"asset":{"uuid":"a-1"},"plugin":{"id":1},"state":"OPEN","first_found":"2026-03-01T10:00:00Z"}"#;
    let adapter = Adapter::named("tenable-json").unwrap();
    let seen = preview(format!("[{finding}]").as_bytes(), adapter, &Settings::default(), 9).unwrap();
    assert_eq!((seen.rows, seen.whole, seen.fault), (1, true, None));
    assert_eq!(seen.rules["fixed_omitted"].count, 1);
    let cut = preview(format!("[{finding},\n{{").as_bytes(), adapter, &Settings::default(), 9).unwrap();
    assert_eq!((cut.rows, cut.whole, cut.fault.unwrap().0), (1, false, "json_syntax".to_owned()));
}

#[test]
fn no_format_takes_what_is_none() {
    for adapter in ALL {
        assert!(preview(&b"nothing of the kind"[..], *adapter, &Settings::default(), 9).is_err(), "{}", adapter.name);
    }
}
