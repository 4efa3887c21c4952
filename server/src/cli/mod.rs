//! What does the `wallclock` command understand? Data goes to standard output, words and progress to standard error.

pub mod analyze;
pub mod bench;
pub mod demo;
pub mod drill;
pub mod enrich;
pub mod exit;
pub mod export;
pub mod import;
mod import_words;
pub mod imports;
pub mod open;
pub mod out;
pub mod preview;
pub mod quarantine;
pub mod register;
pub mod render;
pub mod report;
pub mod sample;
pub mod serve;
pub mod soak;
pub mod sources;
pub mod token;
pub mod user;
pub mod verify;
pub mod webhook;

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
    /// Imports: which there are, and what becomes of one
    #[command(subcommand)]
    Imports(imports::ImportsCommand),
    /// Sources: what is decided about their clocks
    #[command(subcommand)]
    Sources(sources::SourcesCommand),
    /// Held lines: see them, release them, dismiss them
    #[command(subcommand)]
    Quarantine(quarantine::QuarantineCommand),
    /// Look at what would come of a file of another tool, without storing anything
    Preview(preview::PreviewArgs),
    /// Keep the KEV catalogue or EPSS scores, by the day they were published
    Enrich(enrich::EnrichArgs),
    /// Write the events that count for process mining tools
    Export(export::ExportArgs),
    /// Registers: who and what there is, version by version
    #[command(subcommand)]
    Register(register::RegisterCommand),
    /// Records of drills
    #[command(subcommand)]
    Drill(drill::DrillCommand),
    /// Analyze a file of events without storing anything
    Analyze(analyze::AnalyzeArgs),
    /// Write the event file of an invented organisation
    Sample(sample::SampleArgs),
    /// Check that log, facts, audit trail and counts agree
    Verify(verify::VerifyArgs),
    /// Tokens of programs
    #[command(subcommand)]
    Token(token::TokenCommand),
    /// Tools that send by themselves
    #[command(subcommand)]
    Webhook(webhook::WebhookCommand),
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
        Command::Imports(command) => open::block_on(imports::run(place, command)),
        Command::Sources(command) => open::block_on(sources::run(place, command)),
        Command::Quarantine(command) => open::block_on(quarantine::run(place, command)),
        Command::Preview(args) => preview::run(place, &args),
        Command::Enrich(args) => open::block_on(enrich::run(place, args)),
        Command::Export(args) => open::block_on(export::run(place, args)),
        Command::Register(command) => open::block_on(register::run(place, command)),
        Command::Drill(command) => open::block_on(drill::run(place, command)),
        Command::Analyze(args) => analyze::run(&args),
        Command::Sample(args) => sample::run(&args),
        Command::Verify(args) => open::block_on(verify::run(place, args)),
        Command::Token(command) => open::block_on(token::run(place, command)),
        Command::Webhook(command) => open::block_on(webhook::run(place, command)),
        Command::User(command) => open::block_on(user::run(place, command)),
        Command::Report(command) => open::block_on(report::run(place, command)),
        Command::Bench(command) => open::block_on(bench::run(command)),
        Command::Render => render::run(),
        Command::Soak(args) => open::block_on(soak::run(place, args)),
        Command::Version => out::line(concat!("wallclock ", env!("CARGO_PKG_VERSION"))),
    }
}
