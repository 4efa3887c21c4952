//! How does somebody see from the terminal which imports there are, stop one, give it up or take it back?

use clap::Subcommand;
use domain::id::ImportId;
use service::Services;
use service::identity::record::Origin;
use service::ingest::{ImportState, Judged, Notes, StoredImport, held_until};

use super::exit::Failure;
use super::open::as_operator;
use super::{Place, out};
use crate::api::v1::import_quality::ImportQualityDto;
use crate::api::v1::imports::ImportDto;
use crate::clock::Clock;
use crate::export::import_quality_csv::{self, Row};
use crate::telemetry::{self, LogFormat};

/// Imports listed.
const LISTED_MAX: u32 = 1_000;

/// What is done about imports.
#[derive(Debug, Subcommand)]
pub enum ImportsCommand {
    /// The latest imports, newest first
    List {
        /// Print one JSON array instead of words
        #[arg(long)]
        json: bool,
    },
    /// How good one was: rules, times, certainty, and who took it back
    Quality {
        /// Its number
        id: i64,
        /// Print CSV instead of words
        #[arg(long)]
        csv: bool,
        /// Print JSON instead of words
        #[arg(long, conflicts_with = "csv")]
        json: bool,
    },
    /// Have a running import rest; `wallclock import --resume ID` goes on with it
    Pause {
        /// Its number
        id: i64,
    },
    /// Give up an import that cannot be seen yet; of one that waits for a person it says that it is not so
    Cancel {
        /// Its number
        id: i64,
    },
    /// Say of an import that waits for a person that so much is gone: it goes on
    Accept {
        /// Its number
        id: i64,
    },
    /// Say of an import that waits for a person that its file is not the whole list: it goes on, and what it lacks says nothing
    Partial {
        /// Its number
        id: i64,
    },
    /// Take a published import back: its events stay in the log and count no more from now on
    Withdraw {
        /// Its number
        id: i64,
    },
}

/// Does it.
///
/// # Errors
/// What the service refuses.
pub async fn run(place: Place, command: ImportsCommand) -> Result<(), Failure> {
    telemetry::start(LogFormat::Plain, None);
    let clock = Clock::System;
    let services = place.services("./data", &clock).await?;
    let done = act(&services, &clock, command).await;
    services.store().close().await;
    done
}

async fn act(services: &Services, clock: &Clock, command: ImportsCommand) -> Result<(), Failure> {
    let origin = Origin::default();
    match command {
        ImportsCommand::List { json } => {
            let all = services.imports_of(&as_operator(clock)?, None, LISTED_MAX).await?;
            if json {
                return out::json(&all.into_iter().map(ImportDto::from).collect::<Vec<_>>());
            }
            all.iter().try_for_each(|import| out::line(&words(import)))
        }
        ImportsCommand::Quality { id, csv, json } => {
            let told = services.import_quality(&as_operator(clock)?, ImportId::from_row(id)).await?;
            match (csv, json) {
                (true, _) => out::bytes(import_quality_csv::written(&told).text.as_bytes()),
                (_, true) => out::json(&ImportQualityDto::from(told)),
                (false, false) => import_quality_csv::rows(&told).iter().try_for_each(|row| out::line(&figure(row))),
            }
        }
        ImportsCommand::Pause { id } => {
            services.pause_import(&as_operator(clock)?, &origin, ImportId::from_row(id)).await?;
            out::line(&format!("import {id} rests after the piece it is at"))
        }
        ImportsCommand::Cancel { id } => {
            services.cancel_import(&as_operator(clock)?, &origin, ImportId::from_row(id)).await?;
            out::line(&format!("import {id} is given up"))
        }
        ImportsCommand::Accept { id } => judge(services, clock, id, Judged::Gone).await,
        ImportsCommand::Partial { id } => judge(services, clock, id, Judged::Part).await,
        ImportsCommand::Withdraw { id } => {
            let back = services.withdraw_import(&as_operator(clock)?, &origin, ImportId::from_row(id)).await?;
            out::line(&format!("import {id} counts no more; {} items were folded again", back.items))?;
            match back.later_duplicates {
                0 => Ok(()),
                count => out::line(&format!(
                    "{count} later lines of its sources were taken for duplicates: import those files again"
                )),
            }
        }
    }
}

async fn judge(services: &Services, clock: &Clock, id: i64, how: Judged) -> Result<(), Failure> {
    let (granted, origin, quiet) = (as_operator(clock)?, Origin::default(), std::sync::Arc::new(|_| {}));
    let summary = services.judge_import(&granted, origin, ImportId::from_row(id), how, quiet).await?;
    let told = summary.notes.snapshot.map(|snapshot| format!("\n  {}", snapshot.words())).unwrap_or_default();
    out::line(&format!("import {id} counts: {}{told}", summary.counts.in_words()))
}

/// What somebody has to decide who reads of an import that waits.
fn asked(import: &StoredImport) -> String {
    let notes: Notes = serde_json::from_str(&import.notes).unwrap_or_default();
    match notes.mass_absence.filter(|_| import.state == ImportState::Held) {
        Some(absence) => {
            let examples: Vec<String> = absence.examples.iter().map(|item| item.escape_debug().to_string()).collect();
            format!("; {}, as {}; waits until {}", absence.words(), examples.join(", "), held_until(import))
        }
        None => String::new(),
    }
}

fn figure(row: &Row) -> String {
    let name = if row.name.is_empty() { String::new() } else { format!(" {}", row.name.escape_debug()) };
    let of = row.of.map(|of| format!(" of {of}")).unwrap_or_default();
    format!("{}{name}: {}{of}", row.figure, row.value.to_string().escape_debug())
}

fn words(import: &StoredImport) -> String {
    format!(
        "{}  {}  {}  {}  `{}`: {}; {} of {} bytes read{}",
        import.id.get(),
        import.state.as_str(),
        import.started_at,
        import.source,
        import.name.escape_debug(),
        import.counts.in_words(),
        import.bytes_read,
        import.bytes,
        asked(import)
    )
}
