//! How many microseconds does one line cost? Prints the median of several rounds; run it with `--release`.
#![expect(
    clippy::print_stdout,
    clippy::cast_precision_loss,
    clippy::disallowed_methods,
    reason = "it measures time and prints small counts"
)]

use domain::time::Timestamp;
use formats::{
    canonical::{Outcome, item_event, read_line},
    foreign::{Adapter, Foreign, Settings},
};
use std::{hint::black_box, time::Instant};

const LINE: &str = r#"{"id":"e00027712","item_id":"CVE-2025-12345@srv-apps-017","event":"ticketed","at":"2025-05-25T08:22:33Z","actor":"service desk","actor_type":"system","kind":"vulnerability","severity":"medium","team":"apps","asset":"srv-apps-017","ticket":"OPS-1042"}"#;

const HEADER: &str =
    "Plugin ID,Plugin Name,Host,Port,Severity,CVE,Vulnerability State,First Found,Last Found,Last Fixed";
const ROW: &str =
    "19506,Weak cipher,web-01,443,High,CVE-2026-1,Fixed,2026-01-05T10:00:00Z,2026-02-01T10:00:00Z,2026-02-08T10:00:00Z";

const ROUNDS: usize = 15;
const LINES: usize = 100_000;

fn main() {
    report("read_line", || {
        black_box(read_line(black_box(LINE.as_bytes())));
    });
    let without_id = LINE.replace(r#""id":"e00027712","#, "");
    report("read_line without id", || {
        black_box(read_line(black_box(without_id.as_bytes())));
    });
    if let Outcome::Event(draft) = read_line(LINE.as_bytes()) {
        report("item_event", || {
            let _event = black_box(item_event(black_box(&draft.canonical), Timestamp::from_seconds(0)));
        });
    }
    let file = format!("{LINE}\n").repeat(LINES);
    let mut seconds: Vec<f64> = (0..ROUNDS).map(|_| whole_file(&file)).collect();
    seconds.sort_by(f64::total_cmp);
    let median = seconds.get(ROUNDS / 2).copied().unwrap_or_default();
    println!("{:<24} {:.3} µs a line", "records of NDJSON", median * 1e6 / LINES as f64);
    let file = format!("{HEADER}\n{}", format!("{ROW}\n").repeat(LINES));
    let mut seconds: Vec<f64> = (0..ROUNDS).map(|_| whole_table(&file)).collect();
    seconds.sort_by(f64::total_cmp);
    let median = seconds.get(ROUNDS / 2).copied().unwrap_or_default();
    println!("{:<24} {:.3} µs a row of four events", "rows by a mapping", median * 1e6 / LINES as f64);
}

fn whole_table(file: &str) -> f64 {
    let began = Instant::now();
    let adapter =
        Adapter::named("tenable-csv").map(|adapter| Foreign::open(file.as_bytes(), adapter, &Settings::default()));
    let Some(Ok(mut foreign)) = adapter else { return 0.0 };
    let mut count = 0;
    while let Ok(Some(record)) = foreign.next_record() {
        count += black_box(record).understood.outcomes.len();
    }
    assert_eq!(count, 4 * LINES);
    began.elapsed().as_secs_f64()
}

fn whole_file(file: &str) -> f64 {
    let began = Instant::now();
    let count = formats::source::records(file.as_bytes(), None).map_or(0, Iterator::count);
    assert_eq!(count, LINES);
    began.elapsed().as_secs_f64()
}

fn report(what: &str, work: impl Fn()) {
    let mut seconds: Vec<f64> = (0..ROUNDS)
        .map(|_| {
            let began = Instant::now();
            (0..LINES).for_each(|_| work());
            began.elapsed().as_secs_f64()
        })
        .collect();
    seconds.sort_by(f64::total_cmp);
    let median = seconds.get(ROUNDS / 2).copied().unwrap_or_default();
    println!("{what:<24} {:.3} µs a line of {} bytes", median * 1e6 / LINES as f64, LINE.len());
}
