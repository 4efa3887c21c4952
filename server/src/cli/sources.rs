//! How does somebody decide at the terminal about the clock of a source?

use clap::Subcommand;
use service::identity::record::Origin;
use service::{ServiceError, Services};

use super::exit::Failure;
use super::open::as_operator;
use super::{Place, out};
use crate::clock::Clock;
use crate::telemetry::{self, LogFormat};

/// What is decided about sources.
#[derive(Debug, Subcommand)]
pub enum SourcesCommand {
    /// What is subtracted from the times of a source whose clock runs ahead; with `--subtract`, decide it
    Clock {
        /// The source
        source: String,
        /// Seconds to subtract from the times of what comes in from now on; 0 ends it
        #[arg(long, requires = "why", allow_hyphen_values = true)]
        subtract: Option<i64>,
        /// Why; it is kept with the decision
        #[arg(long, requires = "subtract")]
        why: Option<String>,
    },
}

/// Does it.
///
/// # Errors
/// What the service refuses.
pub async fn run(place: Place, command: SourcesCommand) -> Result<(), Failure> {
    telemetry::start(LogFormat::Plain, None);
    let clock = Clock::System;
    let services = place.services("./data", &clock).await?;
    let done = act(&services, &clock, command).await;
    services.store().close().await;
    done
}

async fn act(services: &Services, clock: &Clock, command: SourcesCommand) -> Result<(), Failure> {
    let SourcesCommand::Clock { source, subtract, why } = command;
    let failed = |error| failure(error, &source);
    if let (Some(seconds), Some(why)) = (subtract, why) {
        let decided = services.decide_clock(&as_operator(clock)?, &Origin::default(), &source, seconds, &why).await;
        decided.map_err(failed)?;
    }
    let decisions = services.clock_decisions(&as_operator(clock)?, &source).await.map_err(failed)?;
    if decisions.is_empty() {
        return out::line(&format!("the times of {source} count as they come"));
    }
    for decision in decisions {
        let (at, by) = (decision.decided_at, decision.decided_by);
        let seconds = decision.seconds.unsigned_abs();
        let done = if decision.seconds < 0 { "added" } else { "subtracted" };
        out::line(&format!("{at}  {by}  {seconds} s {done}: {}", decision.why.escape_debug()))?;
    }
    Ok(())
}

fn failure(error: ServiceError, source: &str) -> Failure {
    if matches!(error, ServiceError::NotFound) {
        return Failure::bad_input(format!("there is no source `{}`", source.escape_debug()));
    }
    error.into()
}
