//! Do log, facts, audit trail and counts agree? One line for each difference, and exit 1 if there is any.

use clap::Args;
use serde::Serialize;
use service::verify::{Depth, VerifyReport};

use super::exit::Failure;
use super::open::as_operator;
use super::{Place, out};
use crate::clock::Clock;

/// How much to check.
#[derive(Clone, Debug, Args)]
pub struct VerifyArgs {
    /// The heads of both chains and the sums alone: seconds
    #[arg(long)]
    pub quick: bool,
    /// Print one JSON object instead of words
    #[arg(long)]
    pub json: bool,
}

#[derive(Serialize)]
struct VerifyDto<'a> {
    agrees: bool,
    events: u64,
    batches: u64,
    items: u64,
    audit_records: u64,
    difference_count: u64,
    differences: &'a [String],
}

/// Checks and prints.
///
/// # Errors
/// Exit 1 when anything differs or the database cannot be read.
pub async fn run(place: Place, args: VerifyArgs) -> Result<(), Failure> {
    let clock = Clock::System;
    let services = place.reading_services("./data", &clock).await?;
    let depth = if args.quick { Depth::Quick } else { Depth::Full };
    let report = services.verify(&as_operator(&clock)?, depth).await?;
    if args.json {
        out::json(&dto(&report))?;
    } else {
        for difference in &report.differences {
            out::line(difference)?;
        }
        out::line(&words(&report, depth))?;
    }
    if report.is_clean() {
        return Ok(());
    }
    Err(Failure::failed(format!("{} differences", report.difference_count)))
}

fn dto(report: &VerifyReport) -> VerifyDto<'_> {
    VerifyDto {
        agrees: report.is_clean(),
        events: report.events,
        batches: report.batches,
        items: report.items,
        audit_records: report.audit_records,
        difference_count: report.difference_count,
        differences: &report.differences,
    }
}

fn words(report: &VerifyReport, depth: Depth) -> String {
    let agree = if report.is_clean() { "agree" } else { "do not agree" };
    match depth {
        Depth::Quick => {
            format!("chains and sums {agree}: {} batches, {} audit records", report.batches, report.audit_records)
        }
        Depth::Full => format!(
            "log, facts and ledger {agree}: {} events in {} batches, {} items, {} audit records",
            report.events, report.batches, report.items, report.audit_records
        ),
    }
}
