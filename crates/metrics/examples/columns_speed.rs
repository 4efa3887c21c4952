//! How fast is a question over a whole organisation, and how much memory does it take? Every figure stands beside the
//! least the same bytes could cost, measured in the same run: `cargo run --release -p metrics --example columns_speed`.
//! `ITEMS` says how many items the large organisation has; six events an item.
#![expect(clippy::print_stdout, reason = "printing is all it does")]
#![expect(clippy::disallowed_methods, reason = "a measurement reads the clock and its size")]
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a measurement may fail loudly")]
#![expect(clippy::cast_precision_loss, clippy::cast_possible_truncation, reason = "figures for people")]
#![expect(clippy::cast_possible_wrap, reason = "chance is cut to three years of seconds")]

use domain::{
    calendar::Calendar,
    event::{GivenSeverity, ItemEvent},
    event_name::EventName::{
        self, Assigned, Closed, Detected, FixApplied, Paused, Redetected, Resumed, Ticketed, Verified,
    },
    fold::fold,
    policy::Policy,
    severity::Severity,
    time::{DAY_SECONDS, Timestamp},
    view::{Verification, View},
};
use metrics::{
    columns::{Columns, Work},
    ledger::{Filter, Frame, ItemSet, LedgerItem},
};
use std::{hint::black_box, num::NonZeroUsize, time::Instant};

/// Three years up to the end of the view.
const END: i64 = 1_790_000_000;
const HISTORY: i64 = 3 * 365 * DAY_SECONDS;
const RUNS: usize = 15;

fn main() {
    let items: u32 = std::env::var("ITEMS").ok().and_then(|text| text.parse().ok()).unwrap_or(1_670_000);
    println!("processor time of one thread; smallest and middle of {RUNS} runs");
    let bench = Bench::new();
    for count in [items, items / 10, items / 100] {
        bench.organisation(count, Work::default());
    }
}

struct Bench {
    policy: Policy,
    calendar: Calendar,
}

impl Bench {
    fn new() -> Self {
        let policy = Policy::built_in().unwrap();
        let calendar = Calendar::of(&policy).unwrap();
        Self { policy, calendar }
    }

    fn frame(&self) -> Frame<'_> {
        let as_of = Timestamp::from_seconds(END);
        let view = View { as_of, known_at: as_of, observed_from: as_of.plus(-365 * DAY_SECONDS) };
        Frame { view, policy: &self.policy, calendar: &self.calendar }
    }

    fn item(&self, slot: u32, without: usize) -> LedgerItem {
        let mut life = life(slot);
        life.truncate(life.len().saturating_sub(without).max(1));
        let facts = fold(life, &self.policy, &self.calendar).unwrap();
        let id = format!("CVE-2026-{:05}@h{slot:06}", slot % 90_000);
        LedgerItem {
            key: None,
            id: id.into(),
            source: Some(["scan", "cloud", "hand"][slot as usize % 3].into()),
            facts,
        }
    }

    fn organisation(&self, count: u32, work: Work) {
        // Memory that was given back to the process and not to the system would hide in the second measurement.
        static FIRST: std::sync::Once = std::sync::Once::new();
        let before = resident();
        let columns = Columns::of((0..count).map(|slot| (slot, self.item(slot, 0)))).unwrap();
        let held = resident().saturating_sub(before);
        println!("\n== {count} items, {} events", (0..count).map(|slot| life(slot).len()).sum::<usize>());
        println!("memory: {:.1} bytes an item, ids and orders included", columns.bytes() as f64 / f64::from(count));
        FIRST.call_once(|| println!("as the system sees it: {:.1} bytes an item", held as f64 / f64::from(count)));
        self.questions(&columns, work);
        self.events(columns, count);
    }

    fn questions(&self, columns: &Columns, work: Work) {
        let bytes = vec![1_u64; columns.bytes() / 8];
        let floor = timed(RUNS, || black_box(bytes.iter().fold(0_u64, |sum, word| sum.wrapping_add(*word))));
        println!("one thread adding up as many bytes: {:.1} ms, {:.1} ms", floor.0, floor.1);
        let (team, severity) = (Some("team 7".to_owned()), Some(Severity::High));
        let filters = [
            ("everything", Filter::default()),
            ("one team of forty", Filter { team, ..Filter::default() }),
            ("one severity", Filter { severity, ..Filter::default() }),
            ("one technique", Filter { technique: Some("T1190".to_owned()), ..Filter::default() }),
            ("items of one set", Filter { set: Some(ItemSet::Overdue), ..Filter::default() }),
            ("text in the id", Filter { text: Some("cve-2026-0001".to_owned()), ..Filter::default() }),
        ];
        for (name, filter) in filters {
            let time = timed(RUNS, || {
                let selection = columns.select(&filter, &self.frame());
                let found = columns.overview(&selection, Verification::Strict, &self.frame(), work);
                black_box(found)
            });
            println!("overview of {name}: {:.1} ms, {:.1} ms; {:.1} times the sum", time.0, time.1, time.0 / floor.0);
        }
        let all = columns.select(&Filter::default(), &self.frame());
        let time = timed(3, || black_box(columns.drawn_rows(&all, Verification::Strict, &self.frame().view, work)));
        println!("rows for the bootstrap, with their batches: {:.1} ms, {:.1} ms", time.0, time.1);
        let threads = std::thread::available_parallelism().unwrap_or(NonZeroUsize::MIN);
        let mut waited: Vec<f64> = (0..3 * RUNS)
            .map(|_| {
                let begun = Instant::now();
                let selection = columns.select(&Filter::default(), &self.frame());
                black_box(columns.overview(&selection, Verification::Strict, &self.frame(), Work::on(threads)));
                begun.elapsed().as_secs_f64() * 1e3
            })
            .collect();
        waited.sort_by(f64::total_cmp);
        let (least, middle) = (waited[0], waited[waited.len() / 2]);
        println!("overview of everything, waited for on {threads} threads: {least:.1} ms, {middle:.1} ms");
    }

    /// One more event for items here and there: their facts change, and with them their rows and columns.
    fn events(&self, mut columns: Columns, count: u32) {
        const EVENTS: u32 = 40_000;
        let slots: Vec<u32> = (0..EVENTS).map(|nth| (mixed(u64::from(nth) + 77) % u64::from(count)) as u32).collect();
        let (mut best, mut facts_best) = (f64::MAX, f64::MAX);
        for round in 0..4 {
            let without = usize::from(round % 2 == 0);
            let items: Vec<LedgerItem> = slots.iter().map(|slot| self.item(*slot, without)).collect();
            let begun = processor_seconds();
            for (slot, item) in slots.iter().zip(&items) {
                columns.put(*slot, item).unwrap();
            }
            best = best.min((processor_seconds() - begun) / f64::from(EVENTS));
            let lives: Vec<Vec<ItemEvent>> = slots.iter().map(|slot| life(*slot)).collect();
            let begun = processor_seconds();
            for life in lives {
                black_box(fold(life, &self.policy, &self.calendar));
            }
            facts_best = facts_best.min((processor_seconds() - begun) / f64::from(EVENTS));
        }
        println!("one event applied: {:.2} µs (the fold of such an item: {:.2} µs)", best * 1e6, facts_best * 1e6);
    }
}

/// Smallest and middle, in milliseconds of this thread on a processor: what others do meanwhile is left out.
fn timed<T>(runs: usize, mut work: impl FnMut() -> T) -> (f64, f64) {
    let mut times: Vec<f64> = (0..runs)
        .map(|_| {
            let begun = processor_seconds();
            black_box(work());
            (processor_seconds() - begun) * 1e3
        })
        .collect();
    times.sort_by(f64::total_cmp);
    (times[0], times[runs / 2])
}

/// Seconds this thread has spent on a processor.
fn processor_seconds() -> f64 {
    let spent = rustix::time::clock_gettime(rustix::time::ClockId::ThreadCPUTime);
    spent.tv_sec as f64 + spent.tv_nsec as f64 / 1e9
}

/// Bytes of this process in memory; Linux alone says it.
fn resident() -> usize {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    line.and_then(|line| line.trim().strip_suffix(" kB")?.parse::<usize>().ok()).unwrap_or_default() * 1_024
}

/// A number that looks like chance and is the same in every run.
const fn mixed(seed: u64) -> u64 {
    let mut z = seed.wrapping_mul(0x9E37_79B9_7F4A_7C15);
    z = (z ^ z >> 30).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ z >> 27).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ z >> 31
}

/// Six events an item: most are closed and verified, some wait, some came back, some nobody checked.
fn life(slot: u32) -> Vec<ItemEvent> {
    const LIVES: [&[EventName]; 8] = [
        &[Detected, Ticketed, Assigned, FixApplied, Closed, Verified],
        &[Detected, Ticketed, Assigned, FixApplied, Closed, Verified],
        &[Detected, Ticketed, Paused, Resumed, Closed, Verified],
        &[Detected, Ticketed, Assigned, FixApplied, Closed, Verified],
        &[Detected, Ticketed, FixApplied, Closed, Verified],
        &[Detected, Ticketed, Closed, Redetected, Assigned, Closed, Verified],
        &[Detected, Ticketed, Assigned, FixApplied, Closed],
        &[Detected, Ticketed, Closed, Verified, Redetected, Ticketed, Closed, Verified],
    ];
    let seed = mixed(u64::from(slot));
    let mut at = END - HISTORY + (seed % HISTORY.unsigned_abs()) as i64;
    let pace = -(((mixed(seed) % 999_983) as f64 + 1.0) / 1_000_000.0).ln() * 8.0 * DAY_SECONDS as f64;
    let names = LIVES[(mixed(seed + 1) % 8) as usize];
    let mut events = Vec::with_capacity(names.len());
    for (place, name) in names.iter().enumerate() {
        let mut event = ItemEvent::bare(*name, Timestamp::from_seconds(at));
        if place == 0 {
            event.severity = Some(GivenSeverity::Known(Severity::ALL[(seed >> 8) as usize % 4]));
            event.team = Some(format!("team {}", (seed >> 16) % 40).into());
            event.asset_class = Some(["server", "laptop", "cloud", "lab"][(seed >> 24) as usize % 4].into());
            event.kind = Some("vulnerability".into());
            event.ties.weakness = Some(format!("CVE-2026-{:05}", slot % 90_000).into());
            event.ties.techniques = slot.is_multiple_of(9).then(|| "T1190".into()).into_iter().collect();
            event.ties.playbook = (slot % 90_000 < 60_000).then(|| "patching".into());
            event.kev_due =
                (seed >> 32).is_multiple_of(40).then(|| Timestamp::from_seconds(at + 1_209_600).to_string().into());
        }
        // Every fourth fix names the update it came with.
        if *name == Verified && seed.is_multiple_of(4) {
            event.ties.patch = Some(format!("KB{}", at / 604_800).into());
        }
        events.push(event);
        at += 1 + (pace * (0.5 + (mixed(seed + 2 + place as u64) % 1_000) as f64 / 1_000.0)) as i64;
        if at >= END {
            break;
        }
    }
    events
}
