//! What does a file say, without storing anything?

use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};

use clap::Args;
use domain::time::Timestamp;
use service::analyze::{ItemList, Options, analyze, summary};

use super::exit::Failure;
use super::out;

/// What to analyze, and which view of it.
#[derive(Debug, Args)]
pub struct AnalyzeArgs {
    /// File of events, one JSON object a line; `-` for standard input
    pub file: PathBuf,
    /// The moment the view describes, as in 2026-07-01T00:00:00Z
    #[arg(long, value_name = "T", value_parser = moment)]
    pub as_of: Timestamp,
    /// Since when the organisation has been watched
    #[arg(long, value_name = "T", value_parser = moment)]
    pub observed_from: Timestamp,
    /// The moment up to which knowledge counts [default: as-of]
    #[arg(long, value_name = "T", value_parser = moment)]
    pub known_at: Option<Timestamp>,
    /// File whose JSON keys replace those of the default policy
    #[arg(long, value_name = "F")]
    pub policy: Option<PathBuf>,
    /// File with the steps of the playbook
    #[arg(long, value_name = "F")]
    pub playbook: Option<PathBuf>,
    /// Horizon of the restricted mean, in days
    #[arg(long, value_name = "N")]
    pub tau_days: Option<i64>,
    /// Print the items one by one
    #[arg(long)]
    pub items: bool,
    /// Print one JSON object instead of words
    #[arg(long)]
    pub json: bool,
}

/// Reads a moment of the command line.
///
/// # Errors
/// What was expected.
pub fn moment(text: &str) -> Result<Timestamp, domain::time::NotATime> {
    Timestamp::parse(text)
}

/// Analyzes and prints.
///
/// # Errors
/// A file that cannot be read, or options that cannot be used: exit 2.
pub fn run(args: &AnalyzeArgs) -> Result<(), Failure> {
    let options = Options {
        as_of: args.as_of,
        observed_from: args.observed_from,
        known_at: args.known_at,
        policy: args.policy.as_deref().map(text_of).transpose()?,
        playbook: args.playbook.as_deref().map(text_of).transpose()?,
        tau_days: args.tau_days,
        items: if args.items { ItemList::Printed } else { ItemList::LeftOut },
    };
    let lines = lines_of(&args.file)?;
    if args.json {
        let answer = analyze(lines, &options).map_err(|error| Failure::bad_input(error.to_string()))?;
        return out::json(&answer);
    }
    let words = summary(lines, &options).map_err(|error| Failure::bad_input(error.to_string()))?;
    out::line(words.trim_end())
}

fn text_of(path: &Path) -> Result<String, Failure> {
    std::fs::read_to_string(path).map_err(|error| unreadable(path, &error))
}

/// Opens a file of data, or standard input for `-`. A directory is no file.
///
/// # Errors
/// Exit 2 with the path and the reason.
pub fn open(path: &Path) -> Result<Box<dyn Read + Send>, Failure> {
    if path == Path::new("-") {
        return Ok(Box::new(std::io::stdin()));
    }
    let file = File::open(path).map_err(|error| unreadable(path, &error))?;
    let kind = file.metadata().map_err(|error| unreadable(path, &error))?;
    if kind.is_dir() {
        return Err(Failure::bad_input(format!("`{}` is a directory, expected a file", path.display())));
    }
    Ok(Box::new(file))
}

fn unreadable(path: &Path, error: &std::io::Error) -> Failure {
    Failure::bad_input(format!("`{}`: {error}", path.display()))
}

fn lines_of(path: &Path) -> Result<Vec<Vec<u8>>, Failure> {
    let reader = BufReader::with_capacity(1 << 20, open(path)?);
    reader.split(b'\n').collect::<Result<_, _>>().map_err(|error| unreadable(path, &error))
}
