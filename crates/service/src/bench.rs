//! How fast is an import on this machine, beside the least it could cost? Both run in the same minute over the same
//! lines; neither is ever asserted in a test.

use crate::{
    authorise::{Caller, Object, authorise, proof},
    error::{Refusal, ServiceError},
    identity::record::Origin,
    ingest::{AllowedSources, ImportInput, ImportOptions, OnProgress, Progress, ReceivedAt},
    services::{Clock, FIRST_ORG, Services, ServicesOptions},
};
use domain::{policy::Policy, time::Timestamp};
use std::{
    fmt::Write as _,
    fs::File,
    io::{BufRead, BufReader, BufWriter, Write as _},
    path::{Path, PathBuf},
    sync::Arc,
};
use store::{Database, StoreOptions};

/// What is measured.
#[derive(Clone, Debug)]
pub struct ImportBench {
    /// How many events.
    pub events: u64,
    /// An empty folder for the file and the two databases.
    pub folder: PathBuf,
    /// A PostgreSQL that takes the same lines in batches, for comparison.
    pub postgres: Option<String>,
    /// Seconds on a clock that only goes forward.
    pub stopwatch: fn() -> f64,
}

/// What was measured.
#[derive(Clone, Copy, Debug, serde::Serialize)]
pub struct ImportBenchResult {
    /// Events imported.
    pub events: u64,
    /// Items they touched.
    pub items: u64,
    /// Bytes of the file.
    pub bytes: u64,
    /// Seconds of the import, fold and facts included.
    pub import_seconds: f64,
    /// Of them, seconds after the last line was read: the fold, the facts and the flush.
    pub fold_seconds: f64,
    /// Seconds of the import of the very same file again: all of it is known.
    pub again_seconds: f64,
    /// Seconds of the import of the same lines in another order: all of them are known, and no piece is.
    pub shuffled_seconds: f64,
    /// Seconds of PostgreSQL for the same lines with their keys, in batches of 10,000 that pass over known keys.
    pub postgres_seconds: Option<f64>,
    /// Seconds of the bare inserts of the same lines.
    pub bare_seconds: f64,
    /// The most memory this process has held so far, in bytes; 0 where the system does not say.
    pub peak_memory_bytes: u64,
}

/// Imports generated events into an empty SQLite database, twice and in another order, then inserts the same lines bare.
///
/// # Errors
/// What the import or the database says.
pub async fn import(bench: &ImportBench, clock: Clock) -> Result<ImportBenchResult, ServiceError> {
    let (services, path, bytes) = begin(bench, clock).await?;
    let first = timed_import(&services, &path, bench.stopwatch).await?;
    let peak_memory_bytes = peak_memory_bytes();
    let again = timed_import(&services, &path, bench.stopwatch).await?;
    let shuffled = bench.folder.join("shuffled.ndjson");
    write_shuffled(&path, &shuffled).map_err(|error| unusable(&error))?;
    let shuffled = timed_import(&services, &shuffled, bench.stopwatch).await?;
    services.store().close().await;
    let bare_seconds = bare(&path, &bench.folder.join("bare"), bench.stopwatch).await?;
    let postgres_seconds = match &bench.postgres {
        Some(url) => Some(keyed(&path, url, bench.stopwatch).await?),
        None => None,
    };
    Ok(ImportBenchResult {
        events: first.accepted,
        items: first.items,
        bytes,
        import_seconds: first.seconds,
        fold_seconds: first.fold_seconds,
        again_seconds: again.seconds,
        shuffled_seconds: shuffled.seconds,
        postgres_seconds,
        bare_seconds,
        peak_memory_bytes,
    })
}

/// Imports generated events into an empty SQLite database, for what else is measured over them.
///
/// # Errors
/// What the import or the database says.
pub async fn fill(bench: &ImportBench, clock: Clock) -> Result<(), ServiceError> {
    let (services, path, _) = begin(bench, clock).await?;
    timed_import(&services, &path, bench.stopwatch).await?;
    services.store().close().await;
    Ok(())
}

/// An empty database, and a file with its bytes.
async fn begin(bench: &ImportBench, clock: Clock) -> Result<(Services, PathBuf, u64), ServiceError> {
    let path = bench.folder.join("events.ndjson");
    let bytes = write_events(&path, bench.events).map_err(|error| unusable(&error))?;
    let options = ServicesOptions {
        store: StoreOptions::new(Database::Sqlite(bench.folder.join("imported"))),
        data_dir: bench.folder.join("imported"),
        policy: Policy::built_in().map_err(|bad| Refusal::new("bad_policy", bad.to_string()))?,
    };
    Ok((Services::open(options, clock).await?, path, bytes))
}

/// What one import took.
struct Timed {
    accepted: u64,
    items: u64,
    seconds: f64,
    fold_seconds: f64,
}

async fn timed_import(services: &Services, path: &Path, stopwatch: fn() -> f64) -> Result<Timed, ServiceError> {
    let caller = Caller::operator(FIRST_ORG, services.now());
    let granted = authorise::<proof::ImportsWrite>(&caller, Object::OwnOrg)?;
    let file = File::open(path).map_err(|error| unusable(&error))?;
    let folding_since = Arc::new(std::sync::Mutex::new(None));
    let noted = folding_since.clone();
    let note: OnProgress = Arc::new(move |progress: Progress| {
        if progress.folding
            && let Ok(mut since) = noted.lock()
        {
            *since = Some(stopwatch());
        }
    });
    let begun = stopwatch();
    let summary = services.import(&granted, ImportInput::File(file), options_of_bench(), note).await?;
    let ended = stopwatch();
    let fold_began = folding_since.lock().ok().and_then(|since| *since).unwrap_or(ended);
    Ok(Timed {
        accepted: summary.counts.accepted,
        items: summary.items,
        seconds: ended - begun,
        fold_seconds: ended - fold_began,
    })
}

fn options_of_bench() -> ImportOptions {
    ImportOptions {
        name: "events.ndjson".to_owned(),
        source: "bench".to_owned(),
        allowed: AllowedSources::Any,
        received_at: ReceivedAt::Assumed,
        encoding: None,
        plan: None,
        said: crate::ingest::FileSaid::default(),
        origin: Origin::default(),
    }
}

async fn bare(path: &Path, folder: &Path, stopwatch: fn() -> f64) -> Result<f64, ServiceError> {
    let file = BufReader::new(File::open(path).map_err(|error| unusable(&error))?);
    let begun = stopwatch();
    let rows = file.lines().map_while(Result::ok).zip(0_i64..).map(|(line, at)| (at, line));
    store::bare_insert::write(folder, rows).await?;
    Ok(stopwatch() - begun)
}

async fn keyed(path: &Path, url: &str, stopwatch: fn() -> f64) -> Result<f64, ServiceError> {
    let file = BufReader::new(File::open(path).map_err(|error| unusable(&error))?);
    let begun = stopwatch();
    let rows = file.lines().map_while(Result::ok).zip(0_i64..).map(|(line, at)| {
        let key = line.split('"').nth(3).unwrap_or_default().to_owned();
        (key, at, line)
    });
    store::bare_insert::write_keyed(url, rows).await?;
    Ok(stopwatch() - begun)
}

fn unusable(error: &std::io::Error) -> Refusal {
    Refusal::new("folder_unusable", format!("the folder of the measurement cannot be used: {error}"))
}

/// The lives of weaknesses in turn, 7.5 events each on average, in the order they happen.
const LIVES: [&[&str]; 4] = [
    &["detected", "ticketed", "assigned", "work_started", "fix_applied", "closed", "verified"],
    &["detected", "ticketed", "triaged", "paused", "resumed", "work_started", "fix_applied", "closed", "redetected"],
    &["detected", "seen", "ticketed", "exception_granted", "exception_expired", "fix_applied", "verified"],
    &["detected", "ticketed", "escalated", "authorised", "severity_changed", "fix_applied", "verified"],
];

/// Writes a file in the order of time, so that the events of an item lie far apart as they do in life.
fn write_events(path: &Path, events: u64) -> std::io::Result<u64> {
    const ITEMS_AT_ONCE: u64 = 10_000;
    let mut out = BufWriter::with_capacity(1 << 20, File::create(path)?);
    let (mut written, mut bytes, mut first_item) = (0, 0, 0);
    let mut line = String::new();
    while written < events {
        for step in 0..9_usize {
            for item in first_item..first_item + ITEMS_AT_ONCE {
                let life = LIVES.get(usize::try_from(item % 4).unwrap_or_default()).copied().unwrap_or_default();
                let Some(event) = life.get(step) else { continue };
                if written == events {
                    break;
                }
                line.clear();
                describe(&mut line, event, item, step);
                bytes += line.len() as u64;
                written += 1;
                out.write_all(line.as_bytes())?;
            }
        }
        first_item += ITEMS_AT_ONCE;
    }
    out.flush()?;
    Ok(bytes)
}

/// Writes every third line of a file, then every third from the second on, then the rest.
fn write_shuffled(from: &Path, to: &Path) -> std::io::Result<()> {
    let mut out = BufWriter::with_capacity(1 << 20, File::create(to)?);
    for third in 0..3 {
        for (line, number) in BufReader::new(File::open(from)?).lines().zip(0_u64..) {
            if number % 3 == third {
                writeln!(out, "{}", line?)?;
            }
        }
    }
    out.flush()
}

fn describe(line: &mut String, event: &str, item: u64, step: usize) {
    const SEVERITIES: [&str; 4] = ["critical", "high", "medium", "low"];
    let severity = SEVERITIES.get(usize::try_from(item % 4).unwrap_or_default()).copied().unwrap_or("low");
    let begun = 1_700_000_000 + i64::try_from(item % 40_000_000).unwrap_or_default();
    let at = Timestamp::from_seconds(begun + i64::try_from(step).unwrap_or_default() * 90_000);
    let team = item % 12;
    let to = if event == "severity_changed" { ",\"to\":\"high\"" } else { "" };
    // A String takes whatever is written to it.
    let done = writeln!(
        line,
        "{{\"id\":\"bench:{item}:{event}:{step}\",\"item_id\":\"CVE-2026-{:05}@host-{item:07}\",\"event\":\"{event}\",\
         \"at\":\"{at}\",\"kind\":\"vulnerability\",\"severity\":\"{severity}\",\"team\":\"Team {team}\",\
         \"asset_class\":\"server\",\"actor\":\"person-{:03}\",\"actor_type\":\"human\"{to}}}",
        item % 90_000,
        item % 400
    );
    debug_assert!(done.is_ok());
}

/// What the system says of this process; Linux alone says it.
fn peak_memory_bytes() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let kib =
        status.lines().find_map(|line| line.strip_prefix("VmHWM:")?.trim().strip_suffix(" kB")?.parse::<u64>().ok());
    kib.unwrap_or_default() * 1_024
}
