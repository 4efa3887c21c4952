//! What would an import come to, for programs? The counts of an import, and what nobody can know before.

use std::collections::BTreeMap;

use serde::Serialize;
use service::ingest::{DryRun, HeldShown, Notes};

/// What only an import itself finds out.
const NOT_KNOWN: [&str; 3] = [
    "how many items would change",
    "what others send meanwhile",
    "whether an item would have too many events, or quarantine too many lines",
];
const REPEATS: &str = "what repeats itself far apart in the file: some that counts as accepted may be a duplicate";

/// A dry run, as every interface writes it.
#[derive(Serialize)]
pub struct DryRunDto {
    dry_run: bool,
    received: u64,
    accepted: u64,
    duplicate: u64,
    quarantined: u64,
    ignored: u64,
    bytes: u64,
    reasons: Vec<ReasonDto>,
    held_by_reason: BTreeMap<String, u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    same_as: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    format: Option<&'static str>,
    drills: u64,
    notes: Notes,
    /// What only the import finds out.
    not_known: Vec<&'static str>,
}

#[derive(Serialize)]
struct ReasonDto {
    line: Option<u64>,
    reason: String,
    detail: String,
}

impl From<HeldShown> for ReasonDto {
    fn from(held: HeldShown) -> Self {
        Self { line: held.line, reason: held.reason, detail: held.detail }
    }
}

impl From<DryRun> for DryRunDto {
    fn from(run: DryRun) -> Self {
        let not_known = not_known(&run);
        Self {
            dry_run: true,
            received: run.counts.received,
            accepted: run.counts.accepted,
            duplicate: run.counts.duplicate,
            quarantined: run.counts.quarantined,
            ignored: run.ignored,
            bytes: run.bytes,
            reasons: run.first_held.into_iter().map(ReasonDto::from).collect(),
            held_by_reason: run.reasons,
            same_as: run.same_as.map(|first| first.get()),
            format: run.format,
            drills: run.drills,
            notes: run.notes,
            not_known,
        }
    }
}

/// What only the import finds out about this file.
#[must_use]
pub fn not_known(run: &DryRun) -> Vec<&'static str> {
    NOT_KNOWN.into_iter().chain((!run.sees_all_repeats).then_some(REPEATS)).collect()
}
