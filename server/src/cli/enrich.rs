//! How does what the world knows of weaknesses get in from the terminal? As a file somebody fetched; nothing is fetched here.

use std::path::PathBuf;

use clap::Args;
use domain::day::Day;
use service::enrichment::{FeedOptions, FeedSummary};
use service::identity::record::Origin;

use super::exit::Failure;
use super::import::input;
use super::open::as_operator;
use super::{Place, out};
use crate::api::v1::enrichment::FeedDto;
use crate::clock::Clock;

/// Held rows that words name; JSON names more.
const ROWS_NAMED: usize = 10;

/// Which feed.
#[derive(Clone, Debug, Args)]
pub struct EnrichArgs {
    /// The KEV catalogue (JSON or CSV) or a file of EPSS scores (CSV), packed or plain; `-` for standard input
    pub file: PathBuf,
    /// The day of scores that do not say it themselves, as 2026-03-01
    #[arg(long, value_name = "DAY")]
    pub date: Option<Day>,
    /// Print one JSON object instead of words
    #[arg(long)]
    pub json: bool,
}

/// Keeps it and prints what became of it.
///
/// # Errors
/// A file that is no feed, or older than what is kept: exit 2, nothing stored.
pub async fn run(place: Place, args: EnrichArgs) -> Result<(), Failure> {
    let clock = Clock::System;
    let input = input(&args.file)?;
    let services = place.services_beside("./data", &clock).await?;
    let options = FeedOptions { score_date: args.date, origin: Origin::default() };
    let summary = services.enrich(&as_operator(&clock)?, input, options).await;
    services.store().close().await;
    let summary = summary?;
    if args.json { out::json(&FeedDto::from(summary)) } else { out::line(&words(&summary)) }
}

fn words(summary: &FeedSummary) -> String {
    let FeedSummary { feed, received, kept, held, changed, .. } = summary;
    let name = feed.kind.as_str();
    let mut words = format!("{name} of {}: {received} received = {kept} kept + {held} held; ", feed.published_on);
    words.push_str(&if summary.unchanged {
        "that day is kept already, nothing was written".to_owned()
    } else {
        format!("{changed} changed")
    });
    for (rule, met) in &summary.notes.met {
        words.push_str(&format!("\n  rule {rule}: {} times, {}", met.count, met.examples.join(", ").escape_debug()));
    }
    for row in summary.first_held.iter().take(ROWS_NAMED) {
        words.push_str(&format!("\n  line {}: {}: {}", row.line, row.reason, row.detail));
    }
    words
}
