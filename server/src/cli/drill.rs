//! How do records of drills get in from the terminal? Each is kept as a version, its findings become events.

use std::path::PathBuf;

use clap::Subcommand;
use service::drill_records::{DRILL_SOURCE, DrillUpload, DrillsKept};
use service::identity::record::Origin;

use super::exit::Failure;
use super::open::as_operator;
use super::register::{body_of, with_rows};
use super::{Place, out};
use crate::api::v1::drills::KeptDto;
use crate::clock::Clock;

/// What to do with drills.
#[derive(Debug, Subcommand)]
pub enum DrillCommand {
    /// Keep records of drills
    Put {
        /// File of records (JSON: one, an array, or one a line); `-` for standard input
        file: PathBuf,
        /// The source of the events of their findings
        #[arg(long, value_name = "NAME", default_value = DRILL_SOURCE)]
        source: String,
        /// Print one JSON object instead of words
        #[arg(long)]
        json: bool,
    },
}

/// Does it.
///
/// # Errors
/// Files that cannot be read, faulty records: exit 2, nothing stored.
pub async fn run(place: Place, command: DrillCommand) -> Result<(), Failure> {
    let DrillCommand::Put { file, source, json } = command;
    let clock = Clock::System;
    let upload = DrillUpload { body: body_of(&file)?, source, origin: Origin::default() };
    let services = place.services("./data", &clock).await?;
    let kept = services.keep_drills(&as_operator(&clock)?, upload).await.map_err(with_rows);
    services.store().close().await;
    let kept = kept?;
    if json { out::json(&KeptDto::from(kept)) } else { out::line(&words(&kept)) }
}

fn words(kept: &DrillsKept) -> String {
    let mut lines: Vec<String> = Vec::new();
    for record in &kept.records {
        let state = if record.unchanged { "unchanged since" } else { "kept as" };
        lines.push(format!("{}: {state} version {}", record.id.escape_debug(), record.version));
    }
    if let Some(events) = &kept.events {
        lines.push(format!(
            "{} events of findings received = {} accepted + {} duplicate + {} held",
            events.received, events.accepted, events.duplicate, events.quarantined
        ));
    }
    for (rule, met) in &kept.notes.met {
        lines.push(format!("rule {rule}: {} times", met.count));
    }
    lines.join("\n")
}
