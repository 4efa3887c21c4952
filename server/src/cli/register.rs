//! How do registers get in and out from the terminal? Each upload is a version; a faulty row refuses all of it.

use std::io::Read;
use std::path::{Path, PathBuf};

use clap::Subcommand;
use domain::register::Register;
use service::ServiceError;
use service::identity::record::Origin;
use service::registers::RegisterUpload;
use store::registers::RegisterHead;

use super::analyze::open;
use super::exit::Failure;
use super::open::as_operator;
use super::{Place, out};
use crate::api::v1::registers::{KeptDto, RegisterDto};
use crate::clock::Clock;
use crate::limits::EVENTS_BYTES_MAX;

/// What to do with registers.
#[derive(Debug, Subcommand)]
pub enum RegisterCommand {
    /// Keep a register as its next version, whole
    Put {
        /// Its name, as `people`
        name: String,
        /// Its file (CSV, NDJSON or JSON); `-` for standard input
        file: PathBuf,
        /// Print one JSON object instead of words
        #[arg(long)]
        json: bool,
    },
    /// List all registers with their newest versions
    List {
        /// One JSON object a line
        #[arg(long)]
        json: bool,
    },
}

/// Does it.
///
/// # Errors
/// Unknown registers, files that cannot be read, faulty rows: exit 2, nothing stored.
pub async fn run(place: Place, command: RegisterCommand) -> Result<(), Failure> {
    let clock = Clock::System;
    match command {
        RegisterCommand::Put { name, file, json } => {
            let register =
                name.parse::<Register>().map_err(|error| Failure::bad_input(format!("{error}; {}", known())))?;
            let upload = RegisterUpload { body: body_of(&file)?, expected: None, origin: Origin::default() };
            let services = place.services_beside("./data", &clock).await?;
            let kept = services.put_register(&as_operator(&clock)?, register, upload).await.map_err(with_rows);
            services.store().close().await;
            let kept = kept?;
            if json {
                return out::json(&KeptDto::of(register, kept));
            }
            let version = &kept.version;
            let state = if kept.unchanged { "unchanged since" } else { "kept as" };
            let mut words = format!("{register}: {state} version {}, {} rows", version.version, version.rows);
            for column in &kept.unknown_columns {
                words.push_str(&format!("\n  the column `{}` is not of this register", column.escape_debug()));
            }
            out::line(&words)
        }
        RegisterCommand::List { json } => {
            let services = place.reading_services("./data", &clock).await?;
            let listed = services.registers(&as_operator(&clock)?).await?;
            let told = listed.into_iter().try_for_each(|(register, head)| {
                if json {
                    out::json(&RegisterDto::of(register, head))
                } else {
                    out::line(&words(register, head.as_ref()))
                }
            });
            services.store().close().await;
            told
        }
    }
}

fn known() -> String {
    let names: Vec<&str> = Register::ALL.iter().map(|register| register.as_str()).collect();
    format!("known are {}", names.join(", "))
}

/// The file whole: a register is kept whole.
///
/// # Errors
/// A file that cannot be read, or that is too long.
pub fn body_of(path: &Path) -> Result<Vec<u8>, Failure> {
    let mut body = Vec::new();
    let read = open(path)?.take(EVENTS_BYTES_MAX.saturating_add(1)).read_to_end(&mut body);
    read.map_err(|error| Failure::bad_input(format!("`{}`: {error}", path.display())))?;
    if u64::try_from(body.len()).is_ok_and(|length| length > EVENTS_BYTES_MAX) {
        return Err(Failure::bad_input(format!("`{}` has more than {EVENTS_BYTES_MAX} bytes", path.display())));
    }
    Ok(body)
}

/// A refusal with the faults it names, one a line.
#[must_use]
pub fn with_rows(error: ServiceError) -> Failure {
    let ServiceError::Refused(refusal) = &error else { return error.into() };
    let text = |fault: &serde_json::Value, name: &str| match fault.get(name) {
        Some(serde_json::Value::String(text)) => text.clone(),
        Some(serde_json::Value::Null) | None => String::new(),
        Some(other) => other.to_string(),
    };
    let mut words = refusal.detail.clone();
    for fault in &refusal.errors {
        let place = if fault.get("row").is_some() { "row" } else { "record" };
        let column = [text(fault, "column"), text(fault, "field")].concat();
        let column = if column.is_empty() { column } else { format!(", `{column}`") };
        words.push_str(&format!("\n  {place} {}{column}: {}", text(fault, place), text(fault, "detail")));
    }
    if let Some(hint) = &refusal.hint {
        words.push_str(&format!("\n{hint}"));
    }
    Failure::bad_input(words)
}

fn words(register: Register, head: Option<&RegisterHead>) -> String {
    let Some(head) = head else { return format!("{register}  never uploaded") };
    let newest = &head.newest;
    let from = head.valid_from.map(|day| format!(", valid from {day}")).unwrap_or_default();
    format!(
        "{register}  version {}, {} rows{from}, {} by {}",
        newest.version, newest.rows, newest.received_at, newest.by
    )
}
