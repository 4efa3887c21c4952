//! How does a server start, run and end?

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::Args;
use domain::time::Timestamp;
use service::Services;
use service::identity::Identity;
use service::identity::people::PersonToAdd;
use service::identity::record::Origin;
use service::identity::role::Role;
use service::identity::secret::Secret;
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};

use super::exit::Failure;
use super::open::ORG;
use super::{Place, out};
use crate::clock::Clock;
use crate::config::{PlainHttp, Settings, Wishes, unknown_variables};
use crate::limits::Limits;
use crate::renderer::Renderer;
use crate::routes::build::router;
use crate::serve::{Drained, serve};
use crate::state::ServerState;
use crate::telemetry::{self, LogFormat};

/// How soon a failed disk ends the process.
const FAILURE_NOTICED_WITHIN: std::time::Duration = std::time::Duration::from_millis(250);

/// Dates before this build was made are a clock that is wrong.
const EARLIEST: Timestamp = Timestamp::from_seconds(1_767_225_600);

/// How to serve.
#[derive(Clone, Debug, Args)]
pub struct ServeArgs {
    /// Address to listen on
    #[arg(long, default_value = "127.0.0.1:3000", env = "WALLCLOCK_LISTEN")]
    pub listen: String,
    /// The address people type, as in https://wallclock.example.org
    #[arg(long, value_name = "URL", env = "WALLCLOCK_PUBLIC_URL")]
    pub public_url: Option<String>,
    /// Further host names to answer for, separated by commas
    #[arg(long, value_name = "HOSTS", env = "WALLCLOCK_ALLOWED_HOSTS")]
    pub allowed_hosts: Option<String>,
    /// Addresses of proxies whose X-Forwarded-For is believed, separated by commas
    #[arg(long, value_name = "ADDRESSES", env = "WALLCLOCK_TRUSTED_PROXIES")]
    pub trusted_proxies: Option<String>,
    /// Take passwords without TLS beyond this machine
    #[arg(long, env = "WALLCLOCK_ALLOW_PLAIN_HTTP")]
    pub allow_plain_http: bool,
    /// Make this person the first owner, while there is none
    #[arg(long, value_name = "EMAIL", requires = "admin_password_file", env = "WALLCLOCK_ADMIN_EMAIL")]
    pub admin_email: Option<String>,
    /// File that holds the first owner's password
    #[arg(long, value_name = "FILE", requires = "admin_email", env = "WALLCLOCK_ADMIN_PASSWORD_FILE")]
    pub admin_password_file: Option<PathBuf>,
    /// Requests a second of one token; 0 for no bound
    #[arg(long, value_name = "N", default_value_t = 50, env = "WALLCLOCK_TOKEN_RATE")]
    pub token_rate: u32,
}

impl ServeArgs {
    fn wishes(&self) -> Wishes {
        Wishes {
            listen: self.listen.clone(),
            public_url: self.public_url.clone(),
            allowed_hosts: self.allowed_hosts.clone(),
            trusted_proxies: self.trusted_proxies.clone(),
            plain_http: if self.allow_plain_http { PlainHttp::Everywhere } else { PlainHttp::OnLoopback },
        }
    }

    /// What was wished for, read; every fault at once.
    ///
    /// # Errors
    /// Exit 78 with all faults.
    pub fn settings(&self) -> Result<Settings, Failure> {
        let names = std::env::vars_os().filter_map(|(name, _)| name.into_string().ok());
        let mut faults = unknown_variables(names);
        match Settings::read(&self.wishes()) {
            Ok(settings) if faults.is_empty() => Ok(settings),
            Ok(_) => Err(Failure::unsafe_setting(faults.join("\n"))),
            Err(more) => {
                faults.extend(more);
                Err(Failure::unsafe_setting(faults.join("\n")))
            }
        }
    }

    /// The limits with what was wished for.
    #[must_use]
    pub fn limits(&self) -> Limits {
        let rate = match self.token_rate {
            0 => f64::INFINITY,
            rate => f64::from(rate),
        };
        Limits { token_rate: (rate, rate * 4.0), ..Limits::default() }
    }
}

/// Serves until a signal.
///
/// # Errors
/// Unsafe settings, a database that cannot be used, an address in use.
pub async fn run(place: Place, args: ServeArgs) -> Result<(), Failure> {
    telemetry::start(LogFormat::Json, crate::config::variable("WALLCLOCK_LOG").as_deref());
    let settings = args.settings()?;
    warn_of_root();
    let clock = Clock::System;
    if clock.now() < EARLIEST {
        return Err(Failure::unsafe_setting("the clock of this machine is before the year 2026"));
    }
    let services = place.services("./data", &clock).await?;
    let identity = Identity::new(services.store().clone(), ORG, clock.handle());
    first_owner_by_file(&identity, &args).await?;
    let server = Server::bind(services, identity, settings, args.limits(), clock).await?;
    out::say(&format!("Wallclock listens on {}", server.address()));
    server.say_set_up_link().await?;
    server.run().await
}

/// A server that is bound and not yet running.
pub struct Server {
    listener: TcpListener,
    state: ServerState,
}

impl Server {
    /// Binds the address.
    ///
    /// # Errors
    /// When the address is in use.
    pub async fn bind(
        services: Services,
        identity: Identity,
        settings: Settings,
        limits: Limits,
        clock: Clock,
    ) -> Result<Self, Failure> {
        let listener = TcpListener::bind(settings.listen).await;
        let listener = listener.map_err(|error| {
            let words = format!("listening on {}: {error}", settings.listen);
            if error.kind() == std::io::ErrorKind::AddrInUse { Failure::in_use(words) } else { Failure::failed(words) }
        })?;
        let bound: SocketAddr = listener.local_addr().map_err(|error| Failure::failed(error.to_string()))?;
        let renderer = Renderer::own(limits.render_work);
        let state = ServerState::new(services, identity, settings.bound_to(bound), limits, clock, renderer);
        Ok(Self { listener, state: state.map_err(|error| Failure::failed(error.to_string()))? })
    }

    /// The address people type.
    #[must_use]
    pub fn address(&self) -> String {
        self.state.settings.public_url.origin()
    }

    async fn say_set_up_link(&self) -> Result<(), Failure> {
        if let Some(code) = self.state.identity.new_setup_code().await? {
            let link = format!("{}/setup/{}", self.address(), code.expose());
            out::say(&format!(
                "Nobody can sign in yet. Within the hour, open this link once to make the first owner:\n{link}"
            ));
        }
        Ok(())
    }

    /// Serves until SIGTERM or Ctrl-C, then finishes what was begun. A second signal ends at once.
    ///
    /// # Errors
    /// When the routes do not fit the pages.
    pub async fn run(self) -> Result<(), Failure> {
        let router = router(&self.state).map_err(|error| Failure::failed(error.to_string()))?;
        let state = self.state.clone();
        let stop = async move {
            tokio::select! {
                () = stop_signal() => {}
                () = writing_stopped(&state.services) => {}
            }
            state.start_draining();
            tracing::info!(event = "draining", "finishing what was begun");
            tokio::spawn(async {
                stop_signal().await;
                std::process::exit(1);
            });
        };
        let drained = serve(self.listener, router, &self.state.limits, stop).await;
        if drained == Drained::TimeUp {
            tracing::warn!(event = "drain_time_up", "some requests were cut off; they were not acknowledged");
        }
        if self.state.services.writing_has_stopped() {
            // Not closed: that would flush once more, and a flush after a failed one may succeed and keep nothing.
            out::say(&Failure::disk().to_string());
            std::process::exit(70);
        }
        self.state.services.store().close().await;
        tracing::info!(event = "stopped");
        Ok(())
    }
}

/// Resolves once nothing is written any more because the disk failed.
async fn writing_stopped(services: &Services) {
    while !services.writing_has_stopped() {
        tokio::time::sleep(FAILURE_NOTICED_WITHIN).await;
    }
}

async fn stop_signal() {
    let Ok(mut terminate) = signal(SignalKind::terminate()) else {
        return std::future::pending().await;
    };
    tokio::select! {
        _ = terminate.recv() => {}
        _ = tokio::signal::ctrl_c() => {}
    }
}

async fn first_owner_by_file(identity: &Identity, args: &ServeArgs) -> Result<(), Failure> {
    let (Some(email), Some(file)) = (&args.admin_email, &args.admin_password_file) else {
        return Ok(());
    };
    if !identity.is_empty().await? {
        return Ok(());
    }
    let password = password_in(file)?;
    let owner = PersonToAdd { email: email.clone(), name: String::new(), password, role: Role::Owner };
    identity.add_person(&identity.operator(), owner, Origin::default()).await?;
    out::say(&format!("Made {email} the first owner"));
    Ok(())
}

/// The first line of the file; a password on the command line would be seen by every process.
///
/// # Errors
/// When the file cannot be read.
pub fn password_in(file: &std::path::Path) -> Result<Secret<String>, Failure> {
    let text = std::fs::read_to_string(file);
    let text = text.map_err(|error| Failure::bad_input(format!("password file `{}`: {error}", file.display())))?;
    Ok(Secret::new(text.lines().next().unwrap_or("").to_owned()))
}

fn warn_of_root() {
    if rustix::process::geteuid().is_root() {
        tracing::warn!(event = "runs_as_root", "the server runs as root; a user of its own is safer");
    }
}
