//! Received = accepted + duplicate + quarantined, whatever the lines and however they are written: each record of a body
//! or file is in exactly one place, and the sums of the log agree with it.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails right there")]

mod support;

use formats::encoding::Encoding;
use proptest::{prelude::*, test_runner::TestRunner};
use service::ingest::{LineStatus, Receipt, SendEvents};
use store::batches::Counts;
use support::{
    Desk, NOW,
    engines::{Place, postgres_place, sqlite_place},
};

/// The fields of one record; an empty one is left out.
#[derive(Clone, Debug)]
struct Fields([String; 5]);

const NAMES: [&str; 5] = ["id", "item_id", "event", "at", "severity"];

/// One of these, or anything that a cell may hold.
fn field(usual: &'static [&'static str]) -> impl Strategy<Value = String> {
    prop_oneof![
        8 => prop::sample::select(usual).prop_map(str::to_owned),
        1 => "[ -~äß\u{202e}\u{0}]{0,12}",
    ]
}

fn fields() -> impl Strategy<Value = Fields> {
    let at = prop_oneof![
        4 => (0..40_i64).prop_map(|step| domain::time::Timestamp::from_seconds(NOW - 500_000 + step * 3_600).to_string()),
        1 => prop::sample::select(&["2026-03-01T10:00:00", "1970-01-01T00:00:00Z", "2027-01-01T00:00:00Z", "soon"][..]).prop_map(str::to_owned),
    ];
    (
        field(&["", "", "e1", "e2", "e3", "e4"]),
        field(&["item-1", "item-2", "item-3", ""]),
        field(&["detected", "ticketed", "closed", "verified", "reopened", "Closd", ""]),
        at,
        field(&["", "high", "low", "info", "P1"]),
    )
        .prop_map(|(id, item, event, at, severity)| Fields([id, item, event, at, severity]))
}

/// A record, or bytes that are none.
#[derive(Clone, Debug)]
enum Entry {
    Fields(Fields),
    Scrap(&'static str),
}

fn entries() -> impl Strategy<Value = Vec<Entry>> {
    let scrap = prop::sample::select(&["{oops", "7", "[1,2]", "null", "\"words\""][..]).prop_map(Entry::Scrap);
    let one = prop_oneof![9 => fields().prop_map(Entry::Fields), 1 => scrap];
    // Some come twice.
    (prop::collection::vec(one, 1..30), prop::collection::vec(any::<prop::sample::Index>(), 0..8)).prop_map(
        |(mut all, again)| {
            let twice: Vec<Entry> = again.iter().map(|index| index.get(&all).clone()).collect();
            all.extend(twice);
            all
        },
    )
}

fn object(Fields(values): &Fields) -> String {
    let members = NAMES.iter().zip(values).filter(|(_, value)| !value.is_empty());
    let object: serde_json::Map<String, serde_json::Value> =
        members.map(|(name, value)| ((*name).to_owned(), value.as_str().into())).collect();
    serde_json::Value::from(object).to_string()
}

fn cloud_event(fields: &Fields, number: usize) -> String {
    let id = if fields.0[0].is_empty() { format!("n{number}") } else { fields.0[0].clone() };
    serde_json::json!({
        "specversion": "1.0", "type": "wallclock.event.v1", "source": "scanner", "id": id,
        "data": serde_json::from_str::<serde_json::Value>(&object(fields)).unwrap(),
    })
    .to_string()
}

fn row(Fields(values): &Fields) -> String {
    let cells: Vec<String> = values.iter().map(|value| format!("\"{}\"", value.replace('"', "\"\""))).collect();
    cells.join(",")
}

/// The entries in one form, and how many records a reader must find in it.
fn written(entries: &[Entry], encoding: Encoding) -> (String, u64) {
    let json = |(number, entry): (usize, &Entry)| match entry {
        Entry::Fields(fields) if matches!(encoding, Encoding::CloudEvents | Encoding::CloudEventLines) => {
            Some(cloud_event(fields, number))
        }
        Entry::Fields(fields) => Some(object(fields)),
        // A broken element breaks the array around it, which is another promise.
        Entry::Scrap(text) if matches!(encoding, Encoding::Json | Encoding::CloudEvents) && text.starts_with("{o") => {
            None
        }
        Entry::Scrap(text) => Some((*text).to_owned()),
    };
    let records: Vec<String> = match encoding {
        Encoding::Csv { .. } => entries
            .iter()
            .map(|entry| match entry {
                Entry::Fields(fields) => row(fields),
                Entry::Scrap(text) => (*text).to_owned(),
            })
            .collect(),
        Encoding::Ndjson | Encoding::Json | Encoding::CloudEvents | Encoding::CloudEventLines => {
            entries.iter().enumerate().filter_map(json).collect()
        }
    };
    let text = match encoding {
        Encoding::Ndjson | Encoding::CloudEventLines => records.join("\n") + "\n",
        Encoding::Json | Encoding::CloudEvents => format!("[{}]", records.join(",\n")),
        Encoding::Csv { .. } => format!("{}\n{}\n", NAMES.join(","), records.join("\n")),
    };
    (text, records.len() as u64)
}

const ENCODINGS: [Encoding; 5] = [
    Encoding::Ndjson,
    Encoding::Json,
    Encoding::Csv { delimiter: b',' },
    Encoding::CloudEvents,
    Encoding::CloudEventLines,
];

fn by_line(receipt: &Receipt) -> Counts {
    let count = |status| receipt.lines.iter().filter(|line| line.status == status).count() as u64;
    Counts {
        received: receipt.lines.len() as u64,
        accepted: count(LineStatus::Accepted),
        duplicate: count(LineStatus::Duplicate),
        quarantined: count(LineStatus::Quarantined),
    }
}

fn the_ledger_adds_up(cases: u32, place: fn() -> Place) {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let config = ProptestConfig { cases, failure_persistence: None, ..ProptestConfig::default() };
    let outcome = TestRunner::new(config).run(&entries(), |entries| {
        runtime.block_on(async {
            let desk = Desk::open(place()).await;
            for encoding in ENCODINGS {
                let (text, records) = written(&entries, encoding);
                if records == 0 {
                    continue;
                }
                let body =
                    SendEvents { encoding: Some(encoding), ..SendEvents::new("sent", text.clone().into_bytes()) };
                let receipt = desk.try_send(body).await.unwrap();
                prop_assert_eq!(receipt.received, records, "{:?}: {}", encoding, text);
                prop_assert!(receipt.counts().add_up());
                prop_assert_eq!(by_line(&receipt), receipt.counts());
                let again = desk.try_send(SendEvents {
                    encoding: Some(encoding),
                    ..SendEvents::new("sent", text.clone().into_bytes())
                });
                let again = again.await.unwrap().counts();
                prop_assert_eq!(
                    again,
                    Counts { received: records, duplicate: records, ..Counts::default() },
                    "{:?}: {}",
                    encoding,
                    text
                );
            }
            let (text, records) = written(&entries, Encoding::Csv { delimiter: b',' });
            let summary = desk.import(&text).await;
            prop_assert_eq!(summary.counts.received, records);
            prop_assert!(summary.counts.add_up());
            prop_assert_eq!(summary.reasons.values().sum::<u64>(), summary.counts.quarantined);
            prop_assert_eq!(desk.verify().await.differences, Vec::<String>::new());
            Ok(())
        })
    });
    outcome.unwrap();
}

#[test]
fn the_ledger_adds_up_over_every_format() {
    the_ledger_adds_up(20, sqlite_place);
}

#[test]
fn the_ledger_adds_up_over_every_format_on_postgres() {
    the_ledger_adds_up(5, postgres_place);
}
