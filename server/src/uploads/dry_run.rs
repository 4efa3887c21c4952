//! What would an import come to, for programs and for the terminal? The counts of an import, and what nobody can know before.

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
        let repeats = (!run.sees_all_repeats).then_some(REPEATS);
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
            not_known: NOT_KNOWN.into_iter().chain(repeats).collect(),
        }
    }
}

impl DryRunDto {
    /// The same in words.
    #[must_use]
    pub fn words(&self) -> String {
        let mut text = format!(
            "{} received = {} accepted + {} duplicate + {} held; nothing was written",
            self.received, self.accepted, self.duplicate, self.quarantined
        );
        if let Some(first) = self.same_as {
            text.push_str(&format!("\n  the same file came before, as import {first}"));
        }
        if let Some(snapshot) = &self.notes.snapshot {
            text.push_str(&format!("\n  {}", snapshot.words()));
        }
        for (what, count) in &self.notes.no_event {
            text.push_str(&format!("\n  {count} × {}, which is no event", what.escape_debug()));
        }
        if self.drills > 0 {
            text.push_str(&format!("\n  records of drills: {}", self.drills));
        }
        for (rule, met) in &self.notes.met {
            text.push_str(&format!("\n  rule {rule}: {} times", met.count));
        }
        for (reason, count) in &self.held_by_reason {
            text.push_str(&format!("\n  would hold {count} × {reason}"));
        }
        for held in &self.reasons {
            let line = held.line.map_or_else(|| "a line".to_owned(), |line| format!("line {line}"));
            text.push_str(&format!("\n  {line}: {}: {}", held.reason, held.detail));
        }
        text.push_str(&format!("\n  only the import finds out: {}", self.not_known.join("; ")));
        text
    }
}
