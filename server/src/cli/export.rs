//! How does the log leave from the terminal? As an event log for process mining tools.

use std::fs::File;
use std::io::{BufWriter, ErrorKind, Write};
use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use service::Services;

use super::exit::Failure;
use super::open::as_operator;
use super::{Place, out};
use crate::clock::Clock;

/// What is written, and where.
#[derive(Clone, Debug, Args)]
pub struct ExportArgs {
    /// The file to write; `-` for standard output
    pub file: PathBuf,
    /// How it is written
    #[arg(long, value_name = "NAME", value_enum, default_value = "xes")]
    pub format: ExportFormat,
}

/// How the log is written.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum ExportFormat {
    /// The event log of process mining tools (IEEE 1849): a trace an item
    Xes,
}

/// Writes it and says how many items it holds.
///
/// # Errors
/// A file that cannot be written, or what the database said.
pub async fn run(place: Place, args: ExportArgs) -> Result<(), Failure> {
    let clock = Clock::System;
    let services = place.reading_services("./data", &clock).await?;
    let ExportFormat::Xes = args.format;
    let written = xes(&services, &clock, &args.file).await;
    services.store().close().await;
    out::say(&format!("{} items written", written?));
    Ok(())
}

async fn xes(services: &Services, clock: &Clock, file: &Path) -> Result<u64, Failure> {
    let granted = as_operator(clock)?;
    if file == Path::new("-") {
        return Ok(services.write_event_log(&granted, Pipe(BufWriter::new(std::io::stdout()))).await?);
    }
    let created = File::create(file);
    let out = created.map_err(|error| Failure::bad_input(format!("{}: {error}", file.display())))?;
    Ok(services.write_event_log(&granted, BufWriter::new(out)).await?)
}

/// Standard output: once nobody reads it any more, what is left is written on nothing.
struct Pipe<W>(W);

impl<W: Write> Write for Pipe<W> {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        heard(self.0.write(bytes), bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        heard(self.0.flush(), ())
    }
}

fn heard<T>(done: std::io::Result<T>, unheard: T) -> std::io::Result<T> {
    match done {
        Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(unheard),
        done => done,
    }
}
