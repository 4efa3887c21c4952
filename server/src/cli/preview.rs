//! What would come of a file of another tool, before anything of it is taken?

use std::io::{BufRead, BufReader, Cursor, Read};
use std::path::PathBuf;

use clap::Args;
use formats::file_fault::FileFault;
use formats::foreign::mapping::{Sample, propose};
use formats::foreign::preview::{Preview, PreviewRow, preview};
use formats::foreign::{Adapter, Settings, candidates};
use formats::unpack::{Limits, Unpacked};
use service::ServiceError;
use service::ingest::{SourcePlan, known_by};

use super::analyze::open;
use super::exit::Failure;
use super::import::{Said, input as file_input, said_plan};
use super::open::{as_operator, block_on};
use super::{Place, out};
use crate::clock::Clock;

/// Formats are told apart by this much of a file.
const HEAD_BYTES: u64 = 64 * 1024;
/// Rows from which a mapping is proposed.
const SAMPLE_ROWS: usize = 200;
/// Rows that are shown in words.
const ROWS_SHOWN: usize = 10;

/// What to look at.
#[derive(Debug, Args)]
pub struct PreviewArgs {
    /// File that a tool exported; `-` for standard input
    pub file: PathBuf,
    /// The tool, as `jira` or `servicenow`; recognised where it is not said
    #[arg(long, value_name = "NAME", conflicts_with = "mapping")]
    pub format: Option<String>,
    /// File that says how the export is read: JSON with `format` and `settings`
    #[arg(long, value_name = "FILE")]
    pub mapping: Option<PathBuf>,
    /// Print a mapping for a table nobody knows, to be looked through and given to `--mapping`
    #[arg(long, conflicts_with_all = ["format", "mapping", "json"])]
    pub propose: bool,
    /// Read at most so many records
    #[arg(long, value_name = "N", default_value_t = 10_000)]
    pub rows: u64,
    /// Hold it against the last snapshot of this source, as the import would
    #[arg(long, value_name = "NAME", conflicts_with_all = ["propose", "json"])]
    pub source: Option<String>,
    #[command(flatten)]
    pub said: Said,
    /// Print one JSON object instead of words
    #[arg(long)]
    pub json: bool,
}

/// Looks at the file and prints what would come of it; nothing is stored.
///
/// # Errors
/// A file that cannot be read, in no format or in several: exit 2.
pub fn run(place: Place, args: &PreviewArgs) -> Result<(), Failure> {
    if args.source.is_some() && args.file.as_os_str() == "-" {
        return Err(Failure::bad_input("standard input is read once: name a file to hold it against a snapshot"));
    }
    let (head, input) = input(args)?;
    if args.propose {
        let sample = Sample::read(input, &Settings::default(), SAMPLE_ROWS).map_err(|fault| bad(&fault))?;
        let mapping = propose(&sample.columns, &sample.rows);
        let settings = Settings { mapping: Some(mapping), ..Settings::default() };
        return out::json(&SourcePlan { format: "csv".to_owned(), settings });
    }
    let (adapter, mut settings) = plan(args, &head)?;
    known_by(&mut settings, adapter.name, Clock::System.now());
    let seen = preview(input, adapter, &settings, args.rows).map_err(|fault| bad(&fault))?;
    if args.json {
        return out::json(&seen);
    }
    out::line(&words(adapter, &seen))?;
    match args.source.clone() {
        Some(source) => {
            block_on(compare(place, args, source, SourcePlan { format: adapter.name.to_owned(), settings }))
        }
        None => Ok(()),
    }
}

/// Says what the file shows beside the last snapshot of a source; nothing is stored.
async fn compare(place: Place, args: &PreviewArgs, source: String, plan: SourcePlan) -> Result<(), Failure> {
    let (clock, said) = (Clock::System, args.said.about_file(args.format.as_deref()));
    let services = place.reading_services("./data", &clock).await?;
    let granted = as_operator(&clock)?;
    let saved = match &args.mapping {
        Some(_) => None,
        None => services.plan_of_file(&granted, &source, &said).await?,
    };
    let plan = saved.map_or_else(|| said.on(plan), Ok).map_err(ServiceError::from)?;
    let looked = services.look_at_snapshot(&granted, file_input(&args.file)?, &source, &plan).await;
    services.store().close().await;
    match looked? {
        Some(notes) => out::line(&notes.words()),
        None => out::line("no snapshot: such a file is not compared with the one before"),
    }
}

/// The beginning of the unpacked file, and all of it.
fn input(args: &PreviewArgs) -> Result<(Vec<u8>, impl BufRead), Failure> {
    let mut unpacked =
        Unpacked::recognised(BufReader::new(open(&args.file)?), Limits::default()).map_err(|fault| bad(&fault))?;
    let mut head = Vec::new();
    unpacked.by_ref().take(HEAD_BYTES).read_to_end(&mut head).map_err(|error| bad(&error.into()))?;
    Ok((head.clone(), Cursor::new(head).chain(unpacked)))
}

fn bad(fault: &FileFault) -> Failure {
    Failure::bad_input(format!("{}: {fault}", fault.code()))
}

fn plan(args: &PreviewArgs, head: &[u8]) -> Result<(Adapter, Settings), Failure> {
    if let Some(said) = said_plan(args.format.as_deref(), args.mapping.as_deref())? {
        return said.checked().map_err(|refusal| Failure::bad_input(refusal.detail));
    }
    match candidates(head).as_slice() {
        [only] => Ok((*only, Settings::default())),
        [] => Err(Failure::bad_input(
            "format_unknown: no tool is known that writes this; canonical events need no preview, and for a table see `--propose`",
        )),
        several => {
            let names: Vec<&str> = several.iter().map(|adapter| adapter.name).collect();
            Err(Failure::bad_input(format!("format_ambiguous: say `--format` with one of {}", names.join(", "))))
        }
    }
}

fn words(adapter: Adapter, seen: &Preview) -> String {
    let events: u64 = seen.events.values().sum();
    let held: u64 = seen.held.values().sum();
    let quiet: u64 = seen.no_event.values().sum();
    let end = if seen.whole { "" } else { ", the first of the file" };
    let mut text = format!(
        "{} ({}): {} records{end}; {events} events of {} items, {held} held, {quiet} without news",
        adapter.title, adapter.name, seen.rows, seen.items
    );
    for (name, count) in &seen.events {
        text.push_str(&format!("\n  {count} × {name}"));
    }
    for (reason, count) in &seen.held {
        text.push_str(&format!("\n  held {count} × {reason}"));
    }
    for (rule, met) in &seen.rules {
        text.push_str(&format!("\n  rule {rule} ({}): {} times", met.class, met.count));
    }
    for row in seen.sample.iter().take(ROWS_SHOWN) {
        text.push_str(&row_words(row));
    }
    if let Some((code, detail)) = &seen.fault {
        text.push_str(&format!("\n  reading ended there: {code}: {detail}"));
    }
    text
}

fn row_words(row: &PreviewRow) -> String {
    let mut text = format!("\nline {}", row.line);
    for event in &row.events {
        let latest = event.at_latest.as_ref().map(|latest| format!(" to {latest}")).unwrap_or_default();
        text.push_str(&format!("\n  {} {} {}{latest}", event.at, event.event, event.item.escape_debug()));
    }
    for held in &row.held {
        text.push_str(&format!("\n  held: {}: {}", held.reason, held.detail));
    }
    text
}
