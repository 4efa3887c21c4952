//! What does the `wallclock` command understand? Data goes to standard output, words and progress to standard error.

pub mod analyze;
pub mod bench;
pub mod demo;
pub mod exit;
pub mod import;
pub mod open;
pub mod out;
pub mod preview;
pub mod render;
pub mod report;
pub mod sample;
pub mod serve;
pub mod soak;
pub mod token;
pub mod user;
pub mod verify;

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};

use self::exit::Failure;

/// The execution gap: what a security organisation has on paper, and what it does.
#[derive(Debug, Parser)]
#[command(name = "wallclock", version, about, max_term_width = 110, arg_required_else_help = true)]
pub struct Cli {
    #[command(flatten)]
    pub place: Place,
    #[command(subcommand)]
    pub command: Command,
}

/// Where the facts live: the same for every command.
#[derive(Clone, Debug, Args)]
pub struct Place {
    /// Directory of the embedded database, of uploads and keys [default: ./data, for demo ./data-demo]
    #[arg(long, global = true, value_name = "DIR", env = "WALLCLOCK_DATA_DIR")]
    pub data_dir: Option<PathBuf>,
    /// PostgreSQL instead of the embedded database (also read from DATABASE_URL)
    #[arg(long, global = true, value_name = "URL", env = "WALLCLOCK_DATABASE_URL", hide_env_values = true)]
    pub database_url: Option<String>,
    /// Start even if the database may lose what was acknowledged: for laboratories
    #[arg(long, global = true, hide = true)]
    pub i_accept_data_loss: bool,
}

/// One thing to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Serve the pages and interfaces
    Serve(serve::ServeArgs),
    /// Serve a living sample organisation, on this machine only
    Demo(demo::DemoArgs),
    /// Import a file of events, or standard input
    Import(import::ImportArgs),
    /// Look at what would come of a file of another tool, without storing anything
    Preview(preview::PreviewArgs),
    /// Analyze a file of events without storing anything
    Analyze(analyze::AnalyzeArgs),
    /// Write the event file of an invented organisation
    Sample(sample::SampleArgs),
    /// Check that log, facts, audit trail and counts agree
    Verify(verify::VerifyArgs),
    /// Tokens of programs
    #[command(subcommand)]
    Token(token::TokenCommand),
    /// People who sign in
    #[command(subcommand)]
    User(user::UserCommand),
    /// Reports for the board
    #[command(subcommand)]
    Report(report::ReportCommand),
    /// Measure this machine
    #[command(subcommand)]
    Bench(bench::BenchCommand),
    /// Draw a report: JSON in, PDF out, in a process with limits
    #[command(hide = true)]
    Render,
    /// Write events and name each once it is acknowledged, until killed
    #[command(hide = true)]
    Soak(soak::SoakArgs),
    /// Which version this is
    Version,
}

/// Does what was asked.
///
/// # Errors
/// [`Failure`] with its words and its exit code.
pub fn run(cli: Cli) -> Result<(), Failure> {
    let place = cli.place;
    match cli.command {
        Command::Serve(args) => open::block_on(serve::run(place, args)),
        Command::Demo(args) => open::block_on(demo::run(place, args)),
        Command::Import(args) => open::block_on(import::run(place, args)),
        Command::Preview(args) => preview::run(place, &args),
        Command::Analyze(args) => analyze::run(&args),
        Command::Sample(args) => sample::run(&args),
        Command::Verify(args) => open::block_on(verify::run(place, args)),
        Command::Token(command) => open::block_on(token::run(place, command)),
        Command::User(command) => open::block_on(user::run(place, command)),
        Command::Report(command) => open::block_on(report::run(place, command)),
        Command::Bench(command) => open::block_on(bench::run(command)),
        Command::Render => render::run(),
        Command::Soak(args) => open::block_on(soak::run(place, args)),
        Command::Version => out::line(concat!("wallclock ", env!("CARGO_PKG_VERSION"))),
    }
}
