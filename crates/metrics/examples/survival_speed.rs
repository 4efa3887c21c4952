//! How fast is one Kaplan–Meier curve with its band over a million durations in exact seconds, from nothing but the
//! unsorted durations? Beside it the sort of the same keys, which any exact curve needs, and the same curve by Python's
//! lifelines where that is installed: `cargo run --release -p metrics --example survival_speed`.
#![expect(clippy::print_stdout, reason = "printing is all it does")]
#![expect(clippy::disallowed_methods, reason = "a measurement reads the clock and starts a second opinion")]
#![expect(clippy::cast_precision_loss, clippy::cast_possible_truncation, reason = "figures for people")]

use metrics::{
    level::Level,
    survival::{curve::Curve, row::Row},
};
use std::{hint::black_box, process::Command};

const ROWS: u64 = 1_000_000;
const RUNS: usize = 15;

fn main() {
    let rows: Vec<Row> = (0..ROWS).map(row).collect();
    let keys: Vec<i64> = rows.iter().map(|row| row.exit).collect();
    let sort = smallest(|| {
        let mut keys = keys.clone();
        keys.sort_unstable();
        black_box(keys);
    });
    let curve = smallest(|| {
        black_box(Curve::of_rows(&rows));
    });
    let with_band = smallest(|| {
        let curve = Curve::of_rows(&rows);
        black_box(curve.steps().iter().map(|step| step.band(Level::NinetyFive)).collect::<Vec<_>>());
    });
    let median = smallest(|| {
        black_box(Curve::of_rows(&rows).quantile_answer(0.5, Level::NinetyFive));
    });
    println!("{ROWS} durations in exact seconds, processor time of one thread, smallest of {RUNS} runs");
    println!("sort of the keys                  {sort:8.1} ms");
    println!("curve                             {curve:8.1} ms, {:.2} times the sort", curve / sort);
    println!("the same, median and interval     {median:8.1} ms, {:.2} times the sort", median / sort);
    println!("the same, band at every age       {with_band:8.1} ms, {:.2} times the sort", with_band / sort);
    match lifelines() {
        Some(theirs) => {
            println!("lifelines, same rows              {theirs:8.1} ms, {:.0} times ours", theirs / with_band)
        }
        None => println!("lifelines                         not installed: pip install lifelines"),
    }
}

/// Processor milliseconds of the same rows in lifelines, its smallest of five runs.
fn lifelines() -> Option<f64> {
    let python = std::env::var("PYTHON").unwrap_or_else(|_| "python3".to_owned());
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/../../scripts/lifelines_speed.py");
    let out = Command::new(python).arg(script).arg(ROWS.to_string()).output().ok()?;
    String::from_utf8(out.stdout).ok()?.trim().parse().ok()
}

/// Exponential lives of thirty days on average, a fifth of them still open.
fn row(number: u64) -> Row {
    let chance = (mixed(number) % 999_983 + 1) as f64 / 1_000_000.0;
    Row { entry: 0, exit: 1 + (-chance.ln() * 2_592_000.0) as i64, ended: !mixed(number + ROWS).is_multiple_of(5) }
}

/// A number that looks like chance and is the same in every run.
const fn mixed(seed: u64) -> u64 {
    let mut z = seed.wrapping_mul(0x9E37_79B9_7F4A_7C15);
    z = (z ^ z >> 30).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ z >> 27).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ z >> 31
}

fn smallest(mut work: impl FnMut()) -> f64 {
    let times = (0..RUNS).map(|_| {
        let begun = processor_seconds();
        work();
        (processor_seconds() - begun) * 1e3
    });
    times.fold(f64::MAX, f64::min)
}

/// Seconds this thread has spent on a processor.
fn processor_seconds() -> f64 {
    let spent = rustix::time::clock_gettime(rustix::time::ClockId::ThreadCPUTime);
    spent.tv_sec as f64 + spent.tv_nsec as f64 / 1e9
}
