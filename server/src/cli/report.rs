//! How does a report get into a file?

use std::io::Write;
use std::path::{Path, PathBuf};

use clap::Subcommand;
use domain::time::Timestamp;
use service::identity::caller::Caller;
use service::question::ask::Ask;

use super::analyze::moment;
use super::exit::Failure;
use super::open::ORG;
use super::{Place, out};
use crate::clock::Clock;
use crate::limits::Limits;
use crate::renderer::Renderer;
use crate::reports::board_model;

/// What to do with reports.
#[derive(Debug, Subcommand)]
pub enum ReportCommand {
    /// Write the board report as PDF
    Make {
        /// The moment the report describes [default: now]
        #[arg(long, value_name = "T", value_parser = moment)]
        as_of: Option<Timestamp>,
        /// The moment up to which knowledge counts [default: as-of]
        #[arg(long, value_name = "T", value_parser = moment)]
        known_at: Option<Timestamp>,
        /// File to write; `-` for standard output
        #[arg(long, value_name = "F")]
        out: PathBuf,
    },
}

/// Makes and writes it.
///
/// # Errors
/// A database that cannot be read, a report that cannot be drawn, a file that cannot be written.
pub async fn run(place: Place, command: ReportCommand) -> Result<(), Failure> {
    let ReportCommand::Make { as_of, known_at, out: path } = command;
    let clock = Clock::System;
    let services = place.reading_services("./data", &clock).await?;
    let caller = Caller::operator(ORG, clock.now());
    let ask = Ask { as_of, known_at, ..Ask::default() };
    let model = board_model(&services, &caller, &ask).await?;
    let pdf = Renderer::own(Limits::default().render_work).draw(&model).await;
    let pdf = pdf.map_err(|error| Failure::failed(error.to_string()))?;
    if path == Path::new("-") {
        return out::bytes(&pdf);
    }
    whole_or_nothing(&path, &pdf).map_err(|error| Failure::failed(format!("writing `{}`: {error}", path.display())))?;
    out::say(&format!("Wrote {}", path.display()));
    Ok(())
}

/// Written beside its place first: nobody finds half a report.
fn whole_or_nothing(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let mut part = path.as_os_str().to_owned();
    part.push(".partial");
    let mut file = std::fs::File::create(&part)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    std::fs::rename(&part, path)
}
