//! How fast is an import on this machine, beside the bare inserts of the same lines?

use std::path::PathBuf;
use std::sync::OnceLock;
use std::time::Instant;

use clap::{Args, Subcommand};
use service::bench::{ImportBench, ImportBenchResult, import};

use super::exit::Failure;
use super::out;
use crate::clock::{Clock, started};

/// What to measure.
#[derive(Debug, Subcommand)]
pub enum BenchCommand {
    /// Import generated events into an empty embedded database
    Import(BenchImportArgs),
}

/// How much.
#[derive(Clone, Debug, Args)]
pub struct BenchImportArgs {
    /// How many events
    #[arg(long, value_name = "N", default_value_t = 1_000_000)]
    pub events: u64,
    /// An empty directory for the file and the databases
    #[arg(long, value_name = "DIR")]
    pub folder: PathBuf,
    /// A PostgreSQL that takes the same lines in batches of 10,000, for comparison
    #[arg(long, value_name = "URL")]
    pub postgres: Option<String>,
    /// Print one JSON object instead of words
    #[arg(long)]
    pub json: bool,
}

/// Measures and prints.
///
/// # Errors
/// What the import or the database says.
pub async fn run(command: BenchCommand) -> Result<(), Failure> {
    let BenchCommand::Import(args) = command;
    let bench = ImportBench { events: args.events, folder: args.folder, postgres: args.postgres, stopwatch: seconds };
    let result = import(&bench, Clock::System.handle()).await?;
    if args.json { out::json(&result) } else { out::line(&words(&result)) }
}

/// Seconds since this was first asked.
fn seconds() -> f64 {
    static FIRST: OnceLock<Instant> = OnceLock::new();
    FIRST.get_or_init(started).elapsed().as_secs_f64()
}

fn words(result: &ImportBenchResult) -> String {
    let postgres = result.postgres_seconds.map(|seconds| format!(", PostgreSQL in batches {seconds:.1} s"));
    format!(
        "{} events of {} items in {:.1} s (fold and flush {:.1} s of it), the same file again {:.1} s, in another order {:.1} s, \
         bare inserts {:.1} s{}, peak memory {} MB",
        result.events,
        result.items,
        result.import_seconds,
        result.fold_seconds,
        result.again_seconds,
        result.shuffled_seconds,
        result.bare_seconds,
        postgres.unwrap_or_default(),
        result.peak_memory_bytes / 1_000_000
    )
}
