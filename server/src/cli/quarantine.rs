//! How does somebody see from the terminal what is held, release it, dismiss it, or have it as a file?

use clap::{Args, Subcommand};
use domain::id::{ImportId, QuarantineId};
use domain::quarantine::Reason;
use service::Services;
use service::authorise::{Granted, proof};
use service::identity::record::Origin;
use service::identity::secret::new_key;
use service::ingest::mend::{Mend, Where};
use service::ingest::{Chosen, ManyAct};
use service::question::quality::{HeldFilter, HeldLine};

use super::exit::Failure;
use super::open::as_operator;
use super::{Place, out};
use crate::api::v1::quarantine::{DecidedDto, ForeseenDto, LineDto};
use crate::clock::Clock;
use crate::export::held_csv;
use crate::telemetry::{self, LogFormat};

/// What is done about held lines.
#[derive(Debug, Subcommand)]
pub enum QuarantineCommand {
    /// The held lines, oldest first
    List {
        #[command(flatten)]
        filter: FilterArgs,
        /// Print one JSON array instead of words
        #[arg(long)]
        json: bool,
    },
    /// Release held lines: each is read again, as it was written and by what is said of its source today
    Release {
        #[command(flatten)]
        which: WhichArgs,
        #[command(flatten)]
        how: HowArgs,
    },
    /// Dismiss held lines: they stay out, and still count as quarantined
    Dismiss {
        #[command(flatten)]
        which: WhichArgs,
        /// Why they stay out
        #[arg(long)]
        note: String,
    },
    /// The held lines as CSV
    Export {
        #[command(flatten)]
        filter: FilterArgs,
    },
}

/// Which lines match.
#[derive(Debug, Args)]
pub struct FilterArgs {
    /// Held for this reason
    #[arg(long)]
    reason: Option<Reason>,
    /// Of this source
    #[arg(long)]
    source: Option<String>,
    /// From the import of this number
    #[arg(long)]
    import: Option<i64>,
    /// With these letters in the line
    #[arg(long)]
    text: Option<String>,
}

/// Which lines are meant.
#[derive(Debug, Args)]
pub struct WhichArgs {
    /// Their numbers
    ids: Vec<i64>,
    /// All that match, at most 10,000
    #[arg(long, conflicts_with = "ids")]
    all: bool,
    #[command(flatten)]
    filter: FilterArgs,
    /// Only say what would happen
    #[arg(long)]
    dry_run: bool,
}

/// How they are released.
#[derive(Debug, Args)]
#[group(multiple = false)]
pub struct HowArgs {
    /// With a severity below low as low
    #[arg(long)]
    as_low: bool,
    /// With times without an offset read in this zone
    #[arg(long)]
    zone: Option<String>,
    /// With a field set to a word where it is empty
    #[arg(long, value_name = "FIELD=WORD")]
    set: Option<String>,
}

impl From<FilterArgs> for HeldFilter {
    fn from(args: FilterArgs) -> Self {
        Self { reason: args.reason, source: args.source, import: args.import.map(ImportId::from_row), text: args.text }
    }
}

impl WhichArgs {
    fn chosen(self) -> Result<Chosen, Failure> {
        if self.all {
            return Ok(Chosen::Matching { filter: self.filter.into(), up_to: None });
        }
        if HeldFilter::from(self.filter) != HeldFilter::default() {
            return Err(Failure::bad_input("a filter says which lines are meant beside --all".to_owned()));
        }
        Ok(Chosen::Lines(self.ids.into_iter().map(QuarantineId::from_row).collect()))
    }
}

impl HowArgs {
    fn act(self) -> Result<ManyAct, Failure> {
        match (self.as_low, self.zone, self.set) {
            (true, _, _) => Ok(ManyAct::Mend(Mend::AsLow)),
            (false, Some(zone), _) => Ok(ManyAct::Mend(Mend::Zone(zone))),
            (false, None, Some(set)) => {
                let missing = || Failure::bad_input("--set is written FIELD=WORD".to_owned());
                let (field, value) = set.split_once('=').ok_or_else(missing)?;
                let (field, value) = (field.to_owned(), value.to_owned());
                Ok(ManyAct::Mend(Mend::Set { field, value, when: Where::Empty }))
            }
            (false, None, None) => Ok(ManyAct::Release),
        }
    }
}

/// Does it.
///
/// # Errors
/// What the service refuses.
pub async fn run(place: Place, command: QuarantineCommand) -> Result<(), Failure> {
    telemetry::start(LogFormat::Plain, None);
    let clock = Clock::System;
    let services = place.services("./data", &clock).await?;
    let granted = as_operator(&clock)?;
    let done = act(&services, &granted, command).await;
    services.store().close().await;
    done
}

async fn act(
    services: &Services,
    granted: &Granted<proof::QuarantineWork>,
    command: QuarantineCommand,
) -> Result<(), Failure> {
    match command {
        QuarantineCommand::List { filter, json } => {
            let lines = services.held_lines_of(granted.caller(), &filter.into()).await?;
            if json {
                return out::json(&lines.into_iter().map(|line| LineDto::of(line, None)).collect::<Vec<_>>());
            }
            lines.iter().try_for_each(|line| out::line(&words(line)))
        }
        QuarantineCommand::Export { filter } => {
            let lines = services.held_lines_of(granted.caller(), &filter.into()).await?;
            out::bytes(held_csv::written(&lines).text.as_bytes())
        }
        QuarantineCommand::Release { which, how } => decide(services, granted, which, how.act()?).await,
        QuarantineCommand::Dismiss { which, note } => decide(services, granted, which, ManyAct::Dismiss(note)).await,
    }
}

/// Carries a decision out and prints what it came to, as one line of JSON.
async fn decide(
    services: &Services,
    granted: &Granted<proof::QuarantineWork>,
    which: WhichArgs,
    act: ManyAct,
) -> Result<(), Failure> {
    let is_dry = which.dry_run;
    let chosen = which.chosen()?;
    if is_dry {
        return out::json(&ForeseenDto::from(services.foresee_many(granted, &chosen, &act).await?));
    }
    let key = new_key().map_err(|_| Failure::failed("the system gave no random bytes".to_owned()))?;
    let begun = services.begin_many(granted, &Origin::default(), key.expose(), &chosen, act).await?;
    if let Some(work) = begun.work {
        work.run().await?;
    }
    out::json(&DecidedDto::from(services.held_act(granted, begun.id).await?))
}

fn words(line: &HeldLine) -> String {
    let place = line.line.map_or_else(String::new, |number| format!(", line {number}"));
    let import = line.import.map_or_else(String::new, |import| format!(", import {}", import.get()));
    let raw: String = String::from_utf8_lossy(&line.raw).chars().take(200).collect();
    format!(
        "{}  {}  {}  `{}`{import}{place}: {}",
        line.id.get(),
        line.reason,
        line.received_at,
        line.source,
        raw.escape_debug()
    )
}
