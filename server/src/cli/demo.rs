//! How does somebody see the product in a minute? A sample organisation of its own, on this machine only.

use std::io::Cursor;

use clap::Args;
use service::Services;
use service::identity::Identity;
use service::identity::people::PersonToAdd;
use service::identity::record::Origin;
use service::identity::role::Role;
use service::identity::secret::{Secret, new_word};
use service::ingest::{AllowedSources, ImportInput, ImportOptions, ReceivedAt};
use store::accounts::{self, OrgRow};

use super::exit::Failure;
use super::import::{Bar, import};
use super::open::ORG;
use super::sample::beginning_of_today;
use super::serve::{ServeArgs, Server};
use super::{Place, out};
use crate::clock::Clock;
use crate::telemetry::{self, LogFormat};

/// Enough to look alive, few enough to be there in seconds.
const ITEMS: u32 = 4_000;
const SEED: u64 = 1;
const SOURCE: &str = "sample";
const WATERMARK: &str = "sample";
const EMAIL: &str = "demo@aldergate.example";
/// Groups of four letters, easy to type.
const PASSWORD_GROUPS: usize = 4;

/// How to show the sample.
#[derive(Clone, Debug, Args)]
pub struct DemoArgs {
    #[command(flatten)]
    pub serve: ServeArgs,
}

/// Imports the sample on the first start, prints a sign-in, and serves until a signal.
///
/// # Errors
/// An address beyond this machine, a data directory with real facts, or what serving refuses.
pub async fn run(place: Place, args: DemoArgs) -> Result<(), Failure> {
    telemetry::start(LogFormat::Plain, crate::config::variable("WALLCLOCK_LOG").as_deref());
    let settings = args.serve.settings()?;
    if !settings.listen.ip().is_loopback() {
        return Err(Failure::unsafe_setting(format!(
            "the demo prints its password and listens on this machine only; `{}` is reached from elsewhere",
            settings.listen
        )));
    }
    let clock = Clock::System;
    let services = place.services("./data-demo", &clock).await?;
    let identity = Identity::new(services.store().clone(), ORG, clock.handle());
    prepare(&services, &identity, &clock).await?;
    let password = new_password(&identity).await?;
    let server = Server::bind(services, identity, settings, args.serve.limits(), clock).await?;
    out::say(&format!(
        "\nWallclock shows the sample organisation {} at\n\n    {}\n\nSign in as  {EMAIL}\n      with  {}\n\nCtrl-C ends it.",
        service::sample::ORGANISATION,
        server.address(),
        password.expose()
    ));
    server.run().await
}

/// Imports the sample unless it is here. A directory in which real people signed in is left alone.
async fn prepare(services: &Services, identity: &Identity, clock: &Clock) -> Result<(), Failure> {
    let mut reader = services.store().reader().await?;
    let org = accounts::get(&mut reader.conn(), ORG).await?;
    drop(reader);
    if org.is_some_and(|org| org.watermark == WATERMARK) {
        return Ok(());
    }
    if !identity.is_empty().await? {
        return Err(Failure::unsafe_setting(
            "this data directory holds a real organisation; name another by --data-dir",
        ));
    }
    out::say(&format!("Making the sample organisation of {ITEMS} items, once …"));
    let mut lines = Vec::new();
    service::sample::write(&mut lines, SEED, ITEMS, beginning_of_today(clock))
        .map_err(|error| Failure::failed(error.to_string()))?;
    let bar = Bar::new(u64::try_from(lines.len()).ok());
    let input = ImportInput::Stream(Box::new(Cursor::new(lines)));
    let imported = import(services, clock, input, options(), &bar).await;
    bar.end();
    imported?;
    mark(services).await
}

fn options() -> ImportOptions {
    ImportOptions {
        name: "sample.ndjson".to_owned(),
        source: SOURCE.to_owned(),
        allowed: AllowedSources::Any,
        received_at: ReceivedAt::Assumed,
        encoding: None,
        plan: None,
        said: service::ingest::FileSaid::default(),
        origin: Origin::default(),
    }
}

/// Last, so that an interrupted first start begins again: the import itself is idempotent.
async fn mark(services: &Services) -> Result<(), Failure> {
    let row = OrgRow { name: service::sample::ORGANISATION.to_owned(), watermark: WATERMARK.to_owned() };
    let mut tx = services.store().begin().await?;
    accounts::name(&mut tx.conn(), ORG, &row).await?;
    tx.commit().await?;
    Ok(())
}

/// A fresh password at each start: it is kept as a hash only, so the old one cannot be printed again.
async fn new_password(identity: &Identity) -> Result<Secret<String>, Failure> {
    let mut groups = Vec::new();
    for _ in 0..PASSWORD_GROUPS {
        groups.push(new_word(4).map_err(|error| Failure::failed(error.to_string()))?);
    }
    let password = Secret::new(groups.join("-"));
    let operator = identity.operator();
    if identity.is_empty().await? {
        let owner = PersonToAdd {
            email: EMAIL.to_owned(),
            name: "Demo reader".to_owned(),
            password: password.clone(),
            role: Role::Owner,
        };
        identity.add_person(&operator, owner, Origin::default()).await?;
    } else {
        identity.set_password(&operator, EMAIL, password.clone(), Origin::default()).await?;
    }
    Ok(password)
}
