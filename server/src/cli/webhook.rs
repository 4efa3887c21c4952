//! Which tools may send by themselves? Webhooks are made, listed, changed and ended here.

use std::io::Read;
use std::path::{Path, PathBuf};

use clap::Subcommand;
use serde::Serialize;
use service::ServiceError;
use service::identity::record::Origin;
use service::identity::secret::Secret;
use service::webhook::{Kind, Proof, Rotation, WebhookToAdd, WebhookView};

use super::exit::Failure;
use super::open::as_operator;
use super::{Place, out};
use crate::clock::Clock;

/// A secret is one line; a longer file holds something else.
const SECRET_BYTES_MAX: u64 = 4_096;

/// What to do with webhooks.
#[derive(Debug, Subcommand)]
pub enum WebhookCommand {
    /// Give a source a webhook and print its secret, or its address with the key in it: never shown again
    Add {
        /// The source whose events come in by it
        source: String,
        /// Which tool sends: jira, servicenow, pagerduty, github, securityhub, generic
        #[arg(long, value_name = "KIND")]
        kind: String,
        /// How it shows that it is the one: signature or key; the usual way of the tool without it
        #[arg(long, value_name = "PROOF")]
        proof: Option<String>,
        /// A file with the secret that the tool itself made; `-` reads it from standard input
        #[arg(long, value_name = "FILE")]
        secret_file: Option<PathBuf>,
    },
    /// List webhooks, without their secrets
    List {
        /// One JSON object a line
        #[arg(long)]
        json: bool,
    },
    /// Add a second secret and print it; both live until the old one is retired
    Rotate {
        /// The source
        source: String,
        /// The old one ends by itself after so many days
        #[arg(long, value_name = "DAYS")]
        days: Option<u32>,
        /// A file with the secret that the tool itself made; `-` reads it from standard input
        #[arg(long, value_name = "FILE")]
        secret_file: Option<PathBuf>,
    },
    /// End the older of two secrets for good
    Retire {
        /// The source
        source: String,
    },
    /// End a webhook with its secrets; what it sent stays
    Remove {
        /// The source
        source: String,
    },
}

/// Does it.
///
/// # Errors
/// Words that are none, webhooks that are not there, a data key that is another, a database that cannot be used.
pub async fn run(place: Place, command: WebhookCommand) -> Result<(), Failure> {
    let clock = Clock::System;
    let services = place.services_beside("./data", &clock).await?;
    let (granted, origin) = (as_operator(&clock)?, Origin::default());
    match command {
        WebhookCommand::Add { source, kind, proof, secret_file } => {
            let kind = kind_of(&kind)?;
            let proof = proof.as_deref().map(proof_of).transpose()?;
            let secret = secret_file.as_deref().map(secret_in).transpose()?;
            let is_ours = secret.is_none();
            let wanted = WebhookToAdd { source: source.clone(), kind, proof, secret };
            let text = services.add_webhook(&granted, &origin, wanted).await?;
            let usual = kind.proofs().first().copied().unwrap_or(Proof::Key);
            show(&source, proof.unwrap_or(usual), is_ours.then_some(&text))
        }
        WebhookCommand::List { json } => {
            let all = services.webhooks(&granted).await?;
            all.iter().try_for_each(|one| if json { out::json(&listed(one)) } else { out::line(&words(one)) })
        }
        WebhookCommand::Rotate { source, days, secret_file } => {
            let secret = secret_file.as_deref().map(secret_in).transpose()?;
            let is_ours = secret.is_none();
            let text = services.rotate_webhook(&granted, &origin, &source, Rotation { secret, days }).await;
            let text = text.map_err(|error| missing(error, &source))?;
            let all = services.webhooks(&granted).await?;
            let proof = all.iter().find(|one| one.source == source).map_or(Proof::Signature, |one| one.proof);
            show(&source, proof, is_ours.then_some(&text))
        }
        WebhookCommand::Retire { source } => {
            let ended = services.retire_webhook_secret(&granted, &origin, &source).await;
            ended.map_err(|error| missing(error, &source))
        }
        WebhookCommand::Remove { source } => {
            let ended = services.remove_webhook(&granted, &origin, &source).await;
            ended.map_err(|error| missing(error, &source))
        }
    }
}

fn missing(error: ServiceError, source: &str) -> Failure {
    if matches!(error, ServiceError::NotFound) {
        return Failure::bad_input(format!("the source `{}` has no webhook", source.escape_debug()));
    }
    error.into()
}

/// What must be copied goes to standard output alone: the secret, or the address with the key in it.
fn show(source: &str, proof: Proof, made: Option<&Secret<String>>) -> Result<(), Failure> {
    let address = format!("/api/v1/webhooks/in/{source}");
    match (proof, made) {
        (Proof::Key, Some(key)) => out::line(&format!("{address}/{}", key.expose())),
        (Proof::Signature, Some(secret)) => {
            out::say(&format!("send to {address}"));
            out::line(secret.expose())
        }
        (_, None) => out::line(&address),
    }
}

fn kind_of(word: &str) -> Result<Kind, Failure> {
    let known = Kind::ALL.map(Kind::as_str).join(", ");
    Kind::named(word)
        .ok_or_else(|| Failure::bad_input(format!("`{}` is no kind, expected one of {known}", word.escape_debug())))
}

fn proof_of(word: &str) -> Result<Proof, Failure> {
    Proof::named(word)
        .ok_or_else(|| Failure::bad_input(format!("`{}` is no proof, expected signature or key", word.escape_debug())))
}

fn secret_in(path: &Path) -> Result<Secret<String>, Failure> {
    let mut text = String::new();
    let read = if path == Path::new("-") {
        std::io::stdin().take(SECRET_BYTES_MAX).read_to_string(&mut text)
    } else {
        std::fs::File::open(path).and_then(|file| file.take(SECRET_BYTES_MAX).read_to_string(&mut text))
    };
    read.map_err(|error| Failure::bad_input(format!("`{}`: {error}", path.display())))?;
    Ok(Secret::new(text.trim().to_owned()))
}

#[derive(Serialize)]
struct Listed {
    source: String,
    kind: &'static str,
    proof: &'static str,
    weak: bool,
    address: String,
    made_at: String,
    secrets: Vec<ListedSecret>,
}

#[derive(Serialize)]
struct ListedSecret {
    made_at: String,
    used_at: Option<String>,
    retires_at: Option<String>,
}

fn listed(view: &WebhookView) -> Listed {
    let secrets = view.secrets.iter();
    Listed {
        source: view.source.clone(),
        kind: view.kind.as_str(),
        proof: view.proof.as_str(),
        weak: view.is_weak(),
        address: format!("/api/v1/webhooks/in/{}", view.source),
        made_at: view.made_at.to_string(),
        secrets: secrets
            .map(|secret| ListedSecret {
                made_at: secret.made_at.to_string(),
                used_at: secret.used_at.map(|at| at.to_string()),
                retires_at: secret.retires_at.map(|at| at.to_string()),
            })
            .collect(),
    }
}

fn words(view: &WebhookView) -> String {
    let weak = if view.is_weak() { " (weak)" } else { "" };
    let used = view.secrets.iter().filter_map(|secret| secret.used_at).max();
    let used = used.map_or_else(|| "never used".to_owned(), |at| format!("last used {at}"));
    let (kind, proof) = (view.kind.as_str(), view.proof.as_str());
    let live = view.secrets.len();
    format!("{}  {kind}  {proof}{weak}  {live} live  {used}", view.source)
}
