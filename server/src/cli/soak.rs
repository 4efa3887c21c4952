//! Is anything lost that was acknowledged? A writer that names each event the moment it is acknowledged, and that is
//! meant to be killed; the next one sends what its predecessor named, and every line must be known.

use std::io::BufRead;
use std::path::PathBuf;
use std::sync::Arc;

use clap::Args;
use domain::time::Timestamp;
use service::Services;
use service::authorise::{Granted, proof};
use service::identity::record::Origin;
use service::ingest::{AllowedSources, ImportInput, ImportOptions, ReceivedAt, SendEvents};

use super::exit::Failure;
use super::open::as_operator;
use super::{Place, out};
use crate::clock::Clock;

const SOURCE: &str = "soak";
const SENDERS: u64 = 6;
const ITEMS: u64 = 400;
/// Lines of one request of the check.
const LINES_PER_CHECK: usize = 5_000;
/// Long after the last kill: a writer that nobody kills ends by itself.
const REQUESTS_MAX: u64 = 100_000;

/// What to write and what to expect.
#[derive(Clone, Debug, Args)]
pub struct SoakArgs {
    /// The number of this round: the names of its events begin with it
    #[arg(long)]
    pub round: u64,
    /// What the writer before named: all of it must be known
    #[arg(long, value_name = "FILE")]
    pub expect: Option<PathBuf>,
    /// End after the check
    #[arg(long)]
    pub check_only: bool,
}

/// Checks what came before, says so, then writes until it is killed.
///
/// # Errors
/// Exit 1 when something that was acknowledged is gone.
pub async fn run(place: Place, args: SoakArgs) -> Result<(), Failure> {
    let clock = Clock::System;
    let services = place.services("./data", &clock).await?;
    if let Some(file) = &args.expect {
        let write = as_operator::<proof::EventsWrite>(&clock)?;
        expect(&services, &write, file).await?;
    }
    out::line("checked")?;
    if args.check_only {
        return Ok(());
    }
    let senders: Vec<_> = (0..SENDERS)
        .map(|sender| {
            let (services, clock) = (services.clone(), clock.clone());
            tokio::spawn(async move { send(&services, &clock, args.round, sender).await })
        })
        .collect();
    for sender in senders {
        sender.await.map_err(|_| Failure::failed("a sender ended"))??;
    }
    Ok(())
}

/// Sends again what was named; a line that is new was lost.
async fn expect(services: &Services, write: &Granted<proof::EventsWrite>, file: &PathBuf) -> Result<(), Failure> {
    let text = std::fs::read(file).map_err(|error| Failure::bad_input(format!("{}: {error}", file.display())))?;
    // The kill may have cut the last line.
    let whole = text.iter().rposition(|byte| *byte == b'\n').map_or(0, |end| end + 1);
    let names: Vec<String> = text.get(..whole).unwrap_or_default().lines().map_while(Result::ok).collect();
    let names: Vec<&String> = names.iter().filter(|name| name.starts_with('r')).collect();
    for chunk in names.chunks(LINES_PER_CHECK) {
        let body: String = chunk.iter().map(|name| line(name)).collect();
        let receipt = services.send_events(write, SendEvents::new(SOURCE, body.into_bytes())).await?;
        if receipt.duplicate != receipt.received {
            let lost = receipt.received - receipt.duplicate;
            return Err(Failure::failed(format!("{lost} acknowledged events are gone")));
        }
    }
    out::say(&format!("{} acknowledged events are all there", names.len()));
    Ok(())
}

async fn send(services: &Services, clock: &Clock, round: u64, sender: u64) -> Result<(), Failure> {
    let write = as_operator::<proof::EventsWrite>(clock)?;
    for request in 0..REQUESTS_MAX {
        // One of them imports files now and then, the others send few lines or many.
        let (lines, is_file) = match (sender, request % 4) {
            (0, 2) => (800, true),
            (1, _) => (60, false),
            _ => (1 + request % 7, false),
        };
        let names: Vec<String> = (0..lines).map(|number| format!("r{round}-{sender}-{request}-{number}")).collect();
        let body: String = names.iter().map(|name| line(name)).collect();
        if is_file {
            import(services, clock, body.into_bytes()).await?;
        } else {
            services.send_events(&write, SendEvents::new(SOURCE, body.into_bytes())).await?;
        }
        out::line(&names.join("\n"))?;
    }
    Ok(())
}

async fn import(services: &Services, clock: &Clock, body: Vec<u8>) -> Result<(), Failure> {
    let options = ImportOptions {
        name: "soak.ndjson".to_owned(),
        source: SOURCE.to_owned(),
        allowed: AllowedSources::Any,
        received_at: ReceivedAt::Stamped,
        encoding: None,
        plan: None,
        said: service::ingest::FileSaid::default(),
        origin: Origin::default(),
    };
    let input = ImportInput::Stream(Box::new(std::io::Cursor::new(body)));
    services.import(&as_operator::<proof::ImportsWrite>(clock)?, input, options, Arc::new(|_| {})).await?;
    Ok(())
}

/// The line of a name: the same name is the same line, in whichever process.
fn line(name: &str) -> String {
    let number = name.bytes().fold(0_u64, |sum, byte| sum.wrapping_mul(31).wrapping_add(u64::from(byte)));
    let event = ["detected", "ticketed", "seen", "closed", "redetected"];
    let event = usize::try_from(number % 5).ok().and_then(|place| event.get(place)).copied().unwrap_or("seen");
    let at = Timestamp::from_seconds(1_700_000_000 + i64::try_from(number % 9_000_000).unwrap_or_default());
    format!("{{\"id\":\"{name}\",\"item_id\":\"item-{}\",\"event\":\"{event}\",\"at\":\"{at}\"}}\n", number % ITEMS)
}
