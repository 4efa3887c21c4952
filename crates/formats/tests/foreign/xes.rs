//! Event logs in XES, and our own.

use crate::told::{Told, told, try_told};
use formats::{
    canonical::{Outcome, read_line},
    foreign::{Adapter, Foreign, Preset, Settings, XesSettings},
    write::XesWriter,
};
use proptest::prelude::*;

fn log(traces: &str) -> String {
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<!-- made by hand -->\n<log xes.version=\"1.0\">\n\
         <global scope=\"event\"><string key=\"concept:name\" value=\"-\"/></global>\n{traces}</log>\n"
    )
}

fn event(activity: &str, transition: &str, at: &str) -> String {
    format!(
        "<event><string key=\"concept:name\" value=\"{activity}\"/><string key=\"lifecycle:transition\" value=\"{transition}\"/>\
         <date key=\"time:timestamp\" value=\"{at}\"/><string key=\"org:group\" value=\"G97\"/>\
         <string key=\"org:resource\" value=\"Siebel\"/><string key=\"impact\" value=\"Major\"/></event>\n"
    )
}

fn trace(case: &str, events: &[String]) -> String {
    format!("<trace><string key=\"concept:name\" value=\"{case}\"/>\n{}</trace>\n", events.concat())
}

fn volvo() -> Settings {
    Settings {
        kind: Some("incident".to_owned()),
        xes: XesSettings { preset: Some(Preset::Volvo2013), ..XesSettings::default() },
        ..Settings::default()
    }
}

fn day(day: u32, hour: u32) -> String {
    format!("2012-05-{day:02}T{hour:02}:00:00+02:00")
}

#[test]
fn the_preset_reads_waiting_work_and_the_end_and_opens_the_ticket_with_the_first_entry() {
    let events = [
        event("Accepted", "In Progress", &day(1, 2)),
        event("Queued", "Awaiting Assignment", &day(1, 3)),
        event("Accepted", "Wait - User", &day(2, 2)),
        event("Accepted", "Wait - Vendor", &day(3, 2)),
        event("Accepted", "In Progress", &day(4, 2)),
        event("Completed", "Resolved", &day(5, 2)),
        event("Completed", "Closed", &day(6, 2)),
    ];
    let told = told("xes", &volvo(), &log(&trace("1-36", &events)));
    assert_eq!(
        told.events,
        [
            "1-36 ticketed 2012-05-01T00:00:00Z",
            "1-36 work_started 2012-05-01T00:00:00Z",
            "1-36 reassigned 2012-05-01T01:00:00Z",
            "1-36 paused 2012-05-02T00:00:00Z",
            "1-36 resumed 2012-05-04T00:00:00Z",
            "1-36 fix_applied 2012-05-05T00:00:00Z",
            "1-36 closed 2012-05-05T00:00:00Z",
        ]
    );
    assert_eq!((told.no_event["waiting on"], told.no_event["done again"]), (1, 1));
    assert!(told.held.is_empty() && told.met.is_empty(), "{told:?}");
    let first = &told.canonical[0];
    for part in [
        r#""severity":"critical""#,
        r#""certainty":"inferred""#,
        r#""kind":"incident""#,
        r#""team":"G97""#,
        r#""id":"xes:1-36:ticketed:1335830400""#,
    ] {
        assert!(first.contains(part), "{part} in {first}");
    }
    assert!(told.canonical[2].contains(r#""to":"G97""#), "{}", told.canonical[2]);
    assert!(told.canonical[3].contains(r#""raw_status":"Accepted/Wait - User""#), "{}", told.canonical[3]);
}

/// Who counts only `Resolved` and `Closed` as the end leaves this case open for ever.
#[test]
fn done_in_a_call_is_done_and_is_counted() {
    let called = trace("a", &[event("Accepted", "In Progress", &day(1, 2)), event("Completed", "In Call", &day(1, 3))]);
    let closed = trace("b", &[event("Completed", "In Call", &day(1, 3)), event("Completed", "Closed", &day(1, 4))]);
    let cancelled = trace("c", &[event("Completed", "Cancelled", &day(1, 3))]);
    let told = told("xes", &volvo(), &log(&format!("{called}{closed}{cancelled}")));
    assert_eq!(told.met.get("done_not_closed"), Some(&1), "{told:?}");
    let closes: Vec<&String> = told.events.iter().filter(|event| event.contains(" closed ")).collect();
    assert_eq!(closes.len(), 3);
    assert!(told.canonical.last().unwrap().contains(r#""reason_code":"cancelled""#));
    assert!(!told.canonical.last().unwrap().contains("fix_applied"));
}

#[test]
fn work_after_the_end_opens_it_again() {
    let events = [event("Completed", "Resolved", &day(1, 2)), event("Accepted", "In Progress", &day(3, 2))];
    let told = told("xes", &volvo(), &log(&trace("a", &events)));
    assert_eq!(told.events[3..], ["a reopened 2012-05-03T00:00:00Z", "a work_started 2012-05-03T00:00:00Z"]);
    assert!(told.met.is_empty(), "closed in words before: {told:?}");
}

#[test]
fn what_no_list_knows_or_has_no_time_is_held_and_the_rest_of_the_trace_stands() {
    let timeless = "<event><string key=\"concept:name\" value=\"Accepted\"/>\
                    <string key=\"lifecycle:transition\" value=\"In Progress\"/></event>";
    let events = [
        event("Unmatched", "Unmatched", &day(1, 2)),
        timeless.to_owned(),
        event("Accepted", "In Progress", &day(2, 2)),
    ];
    let told = told("xes", &volvo(), &log(&trace("a", &events)));
    assert_eq!(
        told.held,
        [
            "no_timestamp: event 2 of `a` (`Accepted/In Progress`) has no time",
            "unmatched_state: event 1 of `a` is `Unmatched/Unmatched`, which no list knows",
        ]
    );
    assert_eq!((told.met["unmatched_state"], told.met["no_timestamp"]), (1, 1));
    assert_eq!(told.events, ["a ticketed 2012-05-02T00:00:00Z", "a work_started 2012-05-02T00:00:00Z"]);
}

#[test]
fn usual_transitions_are_proposed_and_a_persons_mapping_counts_first() {
    let events = [
        event("Mend", "assign", &day(1, 2)),
        event("Mend", "start", &day(1, 3)),
        event("Mend", "suspend", &day(1, 4)),
        event("Mend", "resume", &day(1, 5)),
        event("Mend", "complete", &day(1, 6)),
        event("Other", "withdraw", &day(1, 7)),
    ];
    let file = log(&trace("a", &events));
    let plain = told("xes", &Settings::default(), &file);
    let names: Vec<&str> = plain.events.iter().map(|event| event.split(' ').nth(1).unwrap()).collect();
    assert_eq!(names, ["assigned", "work_started", "paused", "resumed", "closed"]);
    assert_eq!(plain.held.len(), 1);
    let mut settings = Settings::default();
    settings.statuses.insert("Mend/complete".to_owned(), "done".to_owned());
    settings.statuses.insert("Other/*".to_owned(), "none".to_owned());
    settings.statuses.insert("Mend/assign".to_owned(), "triaged".to_owned());
    let mapped = told("xes", &settings, &file);
    let names: Vec<&str> = mapped.events.iter().map(|event| event.split(' ').nth(1).unwrap()).collect();
    assert_eq!(names, ["triaged", "work_started", "paused", "resumed", "fix_applied", "closed"]);
    assert_eq!((mapped.held.len(), mapped.no_event["Other/withdraw"]), (0, 1));
}

#[test]
fn a_time_without_an_offset_needs_a_zone() {
    let file = log(&trace("a", &[event("Mend", "start", "2012-05-01T10:00:00")]));
    let naive = told("xes", &Settings::default(), &file);
    assert!(naive.held[0].starts_with("naive_time:"), "{naive:?}");
    assert_eq!((naive.met.get("naive_time"), naive.events.len()), (Some(&1), 0));
    let settings = Settings { zone: Some("Europe/Madrid".to_owned()), ..Settings::default() };
    assert_eq!(told("xes", &settings, &file).events, ["a work_started 2012-05-01T08:00:00Z"]);
}

#[test]
fn a_document_type_refuses_the_file_and_broken_markup_says_where() {
    let bomb = "<?xml version=\"1.0\"?><!DOCTYPE log [<!ENTITY a \"aa\">]><log><trace/></log>";
    assert_eq!(try_told("xes", &Settings::default(), bomb).unwrap_err().code(), "xml_forbidden");
    let whole = log(&trace("a", &[event("Mend", "start", &day(1, 2))]));
    let cut = try_told("xes", &Settings::default(), &whole[..whole.len() - 30]).unwrap_err();
    assert_eq!(cut.code(), "xml_syntax");
    assert_eq!(try_told("xes", &Settings::default(), "<html></html>").unwrap_err().code(), "format_unknown");
    assert_eq!(try_told("xes", &Settings::default(), &log("")).unwrap_err().code(), "no_rows");
}

#[test]
fn a_trace_that_is_no_record_is_held_and_the_next_one_is_read() {
    let deep = format!("<trace>{}{}</trace>", "<list>".repeat(70), "</list>".repeat(70));
    let huge = format!("<trace><string key=\"x\" value=\"{}\"/></trace>", "x".repeat(10 << 20));
    let nameless = "<trace><string key=\"other\" value=\"1\"/></trace>";
    let stray = event("Mend", "start", &day(1, 2));
    let good = trace("a", &[event("Mend", "start", &day(1, 2))]);
    let empty = trace("b", &[]);
    let told = told(
        "xes",
        &Settings::default(),
        &log(&format!("{deep}<trace><b></trace></b>{huge}{nameless}{stray}{good}{empty}")),
    );
    let reasons: Vec<&str> = told.held.iter().map(|held| held.split(':').next().unwrap()).collect();
    assert_eq!(reasons, ["unreadable", "unreadable", "record_too_long", "missing_field", "missing_field"]);
    assert_eq!((told.events.len(), told.no_event["a trace without events"]), (1, 1));
}

#[test]
fn two_entries_of_one_kind_in_one_second_are_two_events() {
    let twice = [event("Mend", "start", &day(1, 2)), event("Mend", "start", &day(1, 2))];
    let told = told("xes", &Settings::default(), &log(&trace("a", &twice)));
    assert!(told.canonical[0].contains(r#""id":"xes:a:work_started:1335830400""#), "{}", told.canonical[0]);
    assert!(told.canonical[1].contains(r#""id":"xes:a.2:work_started:1335830400""#), "{}", told.canonical[1]);
}

#[test]
fn a_wide_file_is_read_and_one_in_another_encoding_is_refused() {
    let file = log(&trace("é", &[event("Mend", "start", &day(1, 2))]));
    let wide: Vec<u8> = "\u{feff}".encode_utf16().chain(file.encode_utf16()).flat_map(u16::to_be_bytes).collect();
    let mut foreign = Foreign::open(&wide[..], Adapter::named("xes").unwrap(), &Settings::default()).unwrap();
    let record = foreign.next_record().unwrap().unwrap();
    assert!(matches!(&record.understood.outcomes[0], Outcome::Event(draft) if draft.item_id == "é"), "{record:?}");
    let latin = file.replace("UTF-8", "ISO-8859-1");
    assert_eq!(try_told("xes", &Settings::default(), &latin).unwrap_err().code(), "encoding_unknown");
}

fn written(items: &[(String, Vec<String>)]) -> String {
    let mut log = XesWriter::new(Vec::new()).unwrap();
    for (item, events) in items {
        log.trace(item, events.iter().map(String::as_str)).unwrap();
    }
    String::from_utf8(log.finish().unwrap()).unwrap()
}

/// What a log keeps of an event.
fn kept(canonical: &str) -> Vec<String> {
    let value: serde_json::Value = serde_json::from_str(canonical).unwrap();
    ["item_id", "event", "at", "at_latest", "certainty", "actor", "team"].map(|field| value[field].to_string()).to_vec()
}

fn read_back(file: &str) -> Told {
    told("xes", &Settings::default(), file)
}

proptest! {
    #[test]
    fn what_is_written_is_read_back(
        item in "[a-zA-Z<>&\"'@/é-]{1,20}",
        events in prop::collection::vec((0_usize..28, 0_u32..3, 0_u32..3, prop::option::of("[a-z<&>\n\"' é]{1,8}[a-z]")), 1..8),
    ) {
        let names: Vec<&str> = domain::event_name::EventName::ALL.iter().map(|name| name.as_str()).collect();
        let mut canonicals = Vec::new();
        for (place, (name, hour, late, text)) in events.iter().enumerate() {
            let text = text.as_deref().map(str::trim_start).filter(|text| !text.is_empty());
            let mut event = serde_json::json!({
                "item_id": item, "event": names[*name], "at": format!("2026-03-01T{hour:02}:00:{place:02}Z"),
            });
            if *late > 0 {
                event["at_latest"] = format!("2026-03-0{}T00:00:00Z", late + 1).into();
                event["certainty"] = ["derived", "inferred"][place % 2].into();
            }
            if let Some(text) = text {
                event["actor"] = text.into();
                event["team"] = text.into();
            }
            let Outcome::Event(draft) = read_line(event.to_string().as_bytes()) else { panic!("held: {event}") };
            canonicals.push(draft.canonical);
        }
        let told = read_back(&written(&[(item.clone(), canonicals.clone())]));
        prop_assert!(told.held.is_empty(), "{told:?}");
        let (mut before, mut after): (Vec<_>, Vec<_>) =
            (canonicals.iter().map(|text| kept(text)).collect(), told.canonical.iter().map(|text| kept(text)).collect());
        before.sort();
        after.sort();
        prop_assert_eq!(before, after);
    }
}
