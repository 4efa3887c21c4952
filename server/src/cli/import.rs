//! How does a file get in from the terminal? Streamed, with a bar, and a summary that adds up.

use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::Args;
use domain::id::ImportId;
use formats::text_encoding::TextEncoding;
use indicatif::{ProgressBar, ProgressStyle};
use serde::Serialize;
use service::identity::record::Origin;
use service::ingest::{
    AllowedSources, FileSaid, ImportInput, ImportOptions, ImportSummary, Notes, Progress, ReceivedAt, SourcePlan,
};
use service::{ServiceError, Services};

use super::analyze::open;
use super::exit::Failure;
use super::import_words::{came_of, would_come_of};
use super::open::as_operator;
use super::{Place, out};
use crate::clock::Clock;
use crate::telemetry::{self, LogFormat};
use crate::uploads::dry_run::DryRunDto;

/// What to import.
#[derive(Clone, Debug, Args)]
pub struct ImportArgs {
    /// File of events (NDJSON, JSON, CSV, CloudEvents) or a tool's export; `-` for standard input
    #[arg(required_unless_present = "resume")]
    pub file: Option<PathBuf>,
    /// Go on with the import of this number, which stopped half-way
    #[arg(long, value_name = "ID", conflicts_with_all = ["format", "mapping", "save_mapping"])]
    pub resume: Option<i64>,
    /// The source of lines that name none
    #[arg(long, value_name = "NAME", default_value = "import")]
    pub source: String,
    /// Which moment counts as the one at which a line was learnt
    #[arg(long, value_name = "WHICH", value_enum, default_value = "stamped")]
    pub received_at: Learnt,
    /// The tool it was exported from, as `jira` or `servicenow`; read by the saved mapping of the source where that is of
    /// this tool, else by the format's usual settings
    #[arg(long, value_name = "NAME", conflicts_with = "mapping")]
    pub format: Option<String>,
    /// File that says how the export is read: JSON with `format` and `settings`
    #[arg(long, value_name = "FILE")]
    pub mapping: Option<PathBuf>,
    /// Read the next files of this source the same way
    #[arg(long)]
    pub save_mapping: bool,
    /// Say what would come of it, and write nothing
    #[arg(long, conflicts_with_all = ["resume", "save_mapping"])]
    pub dry_run: bool,
    #[command(flatten)]
    pub said: Said,
    /// Print one JSON object instead of words
    #[arg(long)]
    pub json: bool,
}

/// What is said about one file, beside how its source is always read.
#[derive(Clone, Debug, Args)]
pub struct Said {
    /// When the file was exported, where it does not say itself: RFC 3339, as in 2026-03-01T10:00:00Z
    #[arg(long, value_name = "TIME", alias = "exported-at")]
    pub taken_at: Option<String>,
    /// Take a snapshot although more than a fifth of what was open is gone from it at once
    #[arg(long)]
    pub accept_mass_absence: bool,
    /// Whether the file states everything within its scope, so that absence says something
    #[arg(long, value_name = "BOOL", num_args = 0..=1, require_equals = true, default_missing_value = "true")]
    pub complete: Option<bool>,
    /// The column of the part of the source a row belongs to, where the file covers some parts only
    #[arg(long, value_name = "COLUMN")]
    pub scope: Option<String>,
    /// The encoding of its text, where that is neither UTF-8 nor UTF-16 with a byte order mark
    #[arg(long, value_name = "NAME", value_parser = ["windows-1252", "latin-1"])]
    pub text_encoding: Option<String>,
}

impl Said {
    /// The same in the words of the service.
    #[must_use]
    pub fn about_file(&self, format: Option<&str>) -> FileSaid {
        let chosen = self.text_encoding.as_deref();
        FileSaid {
            format: format.unwrap_or_default().to_owned(),
            taken_at: self.taken_at.clone().unwrap_or_default(),
            complete: self.complete,
            scope: self.scope.clone().unwrap_or_default(),
            accept_mass_absence: self.accept_mass_absence,
            text_encoding: TextEncoding::ALL.into_iter().find(|encoding| chosen == Some(encoding.as_str())),
        }
    }
}

/// Which moment counts as the one at which a line was learnt.
#[derive(Clone, Copy, Debug, clap::ValueEnum)]
pub enum Learnt {
    /// Now
    Stamped,
    /// What the line says in `received_at`
    Carried,
    /// When it happened: a history is loaded
    Assumed,
}

/// Imports and prints what became of the lines.
///
/// # Errors
/// A file that cannot be read as a whole: exit 2, nothing stored.
pub async fn run(place: Place, args: ImportArgs) -> Result<(), Failure> {
    telemetry::start(LogFormat::Plain, None);
    let input = args.file.as_deref().map(input).transpose()?;
    let plan = said_plan(None, args.mapping.as_deref())?;
    if args.dry_run {
        let input = input.ok_or_else(|| Failure::bad_input("no file to read"))?;
        return dry_run(place, &args, input, plan).await;
    }
    let clock = Clock::System;
    let services = place.services("./data", &clock).await?;
    if args.save_mapping {
        save(&services, &clock, &args, plan.clone()).await?;
    }
    let bar = Bar::new(args.file.as_deref().and_then(length));
    let options = ImportOptions { plan, ..options(&args) };
    let imported = match (args.resume, input) {
        (Some(id), again) => resume(&services, &clock, ImportId::from_row(id), again, &bar).await,
        (None, Some(input)) => import(&services, &clock, input, options, &bar).await,
        (None, None) => Err(Failure::bad_input("no file to import")),
    };
    bar.end();
    services.store().close().await;
    let summary = imported?;
    if args.json {
        return out::json(&dto(&summary));
    }
    out::line(&came_of(&summary))
}

/// Reads the file as the import would, and prints what would come of it.
async fn dry_run(place: Place, args: &ImportArgs, input: ImportInput, plan: Option<SourcePlan>) -> Result<(), Failure> {
    let clock = Clock::System;
    let services = place.reading_services("./data", &clock).await?;
    let options = ImportOptions { plan, ..options(args) };
    let run = services.dry_run(&as_operator(&clock)?, input, &options).await;
    services.store().close().await;
    let run = run?;
    if args.json { out::json(&DryRunDto::from(run)) } else { out::line(&would_come_of(&run)) }
}

/// Imports with the operator's rights.
///
/// # Errors
/// What the service refuses.
pub async fn import(
    services: &Services,
    clock: &Clock,
    input: ImportInput,
    options: ImportOptions,
    bar: &Bar,
) -> Result<ImportSummary, Failure> {
    Ok(services.import(&as_operator(clock)?, input, options, bar.follow()).await?)
}

async fn resume(
    services: &Services,
    clock: &Clock,
    id: ImportId,
    again: Option<ImportInput>,
    bar: &Bar,
) -> Result<ImportSummary, Failure> {
    Ok(services.resume_import(&as_operator(clock)?, Origin::default(), id, again, bar.follow()).await?)
}

/// How an export is read, where the command says so: by the name of its format, or by a file.
///
/// # Errors
/// A file that cannot be read, or that is no plan.
pub fn said_plan(format: Option<&str>, mapping: Option<&Path>) -> Result<Option<SourcePlan>, Failure> {
    match format {
        Some(format) => Ok(Some(SourcePlan::usual(format))),
        None => mapping.map(plan_in).transpose(),
    }
}

fn plan_in(path: &Path) -> Result<SourcePlan, Failure> {
    let text = std::fs::read_to_string(path)
        .map_err(|error| Failure::bad_input(format!("cannot read `{}`: {error}", path.display())))?;
    Ok(SourcePlan::from_json(&text).map_err(ServiceError::from)?)
}

/// Saves the mapping that is given, or what the source's files of the tool that is named are read by.
async fn save(services: &Services, clock: &Clock, args: &ImportArgs, given: Option<SourcePlan>) -> Result<(), Failure> {
    let plan = match (given, &args.format) {
        (Some(plan), _) => plan,
        (None, Some(format)) => {
            let said = FileSaid { format: format.clone(), ..FileSaid::default() };
            let known = services.plan_of_file(&as_operator(clock)?, &args.source, &said).await?;
            known.unwrap_or_else(|| SourcePlan::usual(format))
        }
        (None, None) => return Ok(()),
    };
    Ok(services.save_plan(&as_operator(clock)?, &Origin::default(), &args.source, plan).await?)
}

fn options(args: &ImportArgs) -> ImportOptions {
    let name = args.file.as_deref().and_then(Path::file_name);
    let name = name.map_or_else(|| "standard input".to_owned(), |name| name.to_string_lossy().into_owned());
    ImportOptions {
        name,
        source: args.source.clone(),
        allowed: AllowedSources::Any,
        received_at: match args.received_at {
            Learnt::Stamped => ReceivedAt::Stamped,
            Learnt::Carried => ReceivedAt::Carried,
            Learnt::Assumed => ReceivedAt::Assumed,
        },
        encoding: None,
        plan: None,
        said: args.said.about_file(args.format.as_deref()),
        origin: Origin::default(),
    }
}

/// A file as the service takes it.
///
/// # Errors
/// A file that cannot be read.
pub fn input(path: &Path) -> Result<ImportInput, Failure> {
    if path == Path::new("-") {
        return Ok(ImportInput::Stream(Box::new(std::io::stdin()) as Box<dyn Read + Send>));
    }
    // Opened by the same rules as everywhere; a pipe with a name is read like standard input.
    let reader = open(path)?;
    let is_file = std::fs::metadata(path).is_ok_and(|kind| kind.is_file());
    Ok(if is_file { ImportInput::Path(path.to_owned()) } else { ImportInput::Stream(reader) })
}

fn length(path: &Path) -> Option<u64> {
    std::fs::metadata(path).ok().filter(std::fs::Metadata::is_file).map(|kind| kind.len())
}

/// The bar of a running import; nothing where nobody watches.
#[derive(Clone)]
pub struct Bar(ProgressBar);

impl Bar {
    /// A bar for a file of that length, or one that counts where the length is not known.
    #[must_use]
    pub fn new(length: Option<u64>) -> Self {
        if !out::is_watched() {
            return Self(ProgressBar::hidden());
        }
        let template = match length {
            Some(_) => "{bar:32} {bytes} of {total_bytes}  {msg}  {eta} left",
            None => "{bytes} read  {msg}",
        };
        let bar = length.map_or_else(ProgressBar::no_length, ProgressBar::new);
        if let Ok(style) = ProgressStyle::with_template(template) {
            bar.set_style(style);
        }
        Self(bar)
    }

    fn follow(&self) -> Arc<dyn Fn(Progress) + Send + Sync> {
        let bar = self.0.clone();
        Arc::new(move |progress: Progress| {
            bar.set_position(progress.bytes);
            let counts = progress.counts;
            let step = if progress.folding { "folding" } else { "reading" };
            bar.set_message(format!("{step}: {} lines, {} held", counts.received, counts.quarantined));
        })
    }

    /// Takes the bar away.
    pub fn end(&self) {
        self.0.finish_and_clear();
    }
}

#[derive(Serialize)]
struct SummaryDto {
    import_id: i64,
    received: u64,
    accepted: u64,
    duplicate: u64,
    quarantined: u64,
    ignored: u64,
    items: u64,
    bytes: u64,
    revision: i64,
    reasons: Vec<ReasonDto>,
    held_by_reason: std::collections::BTreeMap<String, u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    same_as: Option<i64>,
    #[serde(skip_serializing_if = "std::collections::BTreeMap::is_empty")]
    long_items: std::collections::BTreeMap<String, u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    format: Option<&'static str>,
    #[serde(flatten)]
    notes: Notes,
}

#[derive(Serialize)]
struct ReasonDto {
    line: Option<u64>,
    reason: String,
    detail: String,
    quarantine_id: Option<i64>,
}

fn dto(summary: &ImportSummary) -> SummaryDto {
    let counts = summary.counts;
    SummaryDto {
        import_id: summary.id.get(),
        received: counts.received,
        accepted: counts.accepted,
        duplicate: counts.duplicate,
        quarantined: counts.quarantined,
        ignored: summary.ignored,
        items: summary.items,
        bytes: summary.bytes,
        revision: summary.revision,
        reasons: summary
            .first_held
            .iter()
            .map(|held| ReasonDto {
                line: held.line,
                reason: held.reason.clone(),
                detail: held.detail.clone(),
                quarantine_id: held.quarantine_id,
            })
            .collect(),
        held_by_reason: summary.reasons.clone(),
        same_as: summary.same_as.map(|first| first.get()),
        long_items: summary.long_items.clone(),
        format: summary.format,
        notes: summary.notes.clone(),
    }
}
