//! How does an invented organisation get into a file?

use std::io::{BufWriter, ErrorKind};

use clap::Args;
use domain::time::{DAY_SECONDS, Timestamp};

use super::analyze::moment;
use super::exit::Failure;
use crate::clock::Clock;

/// More items than any file should hold.
const ITEMS_MAX: u32 = 10_000_000;

/// Which organisation.
#[derive(Clone, Debug, Args)]
pub struct SampleArgs {
    /// The same seed writes the same bytes
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub seed: u64,
    /// How many items
    #[arg(long, value_name = "N", default_value_t = 4_000, value_parser = clap::value_parser!(u32).range(1..=i64::from(ITEMS_MAX)))]
    pub items: u32,
    /// The moment before which everything happens [default: the beginning of today, UTC]
    #[arg(long, value_name = "T", value_parser = moment)]
    pub as_of: Option<Timestamp>,
}

/// Writes the events to standard output.
///
/// # Errors
/// When standard output cannot be written.
pub fn run(args: &SampleArgs) -> Result<(), Failure> {
    let as_of = args.as_of.unwrap_or_else(|| beginning_of_today(&Clock::System));
    let mut out = BufWriter::with_capacity(1 << 20, std::io::stdout().lock());
    match service::sample::write(&mut out, args.seed, args.items, as_of) {
        Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(()),
        Err(error) => Err(Failure::failed(format!("writing to standard output: {error}"))),
        Ok(_) => Ok(()),
    }
}

/// Midnight UTC: the same command gives the same file all day.
#[must_use]
pub fn beginning_of_today(clock: &Clock) -> Timestamp {
    Timestamp::from_seconds(clock.now().day() * DAY_SECONDS)
}
