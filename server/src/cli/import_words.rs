//! What came of a file, or would come of it, in lines for the terminal.

use std::collections::BTreeMap;

use domain::id::ImportId;
use service::ingest::{DryRun, HeldShown, ImportSummary, Notes};

use crate::uploads::dry_run::not_known;

/// What an import came to.
pub(super) fn came_of(summary: &ImportSummary) -> String {
    let counts = summary.counts;
    let mut lines = vec![format!(
        "{} received = {} accepted + {} duplicate + {} held; {} items changed",
        counts.received, counts.accepted, counts.duplicate, counts.quarantined, summary.items
    )];
    lines.extend(summary.same_as.map(came_before));
    for (item, events) in &summary.long_items {
        lines.push(format!("the item {} has {events} events", item.escape_debug()));
    }
    lines.extend(noted(&summary.notes));
    let (new, known) = (summary.notes.drills_new, summary.notes.drills_known);
    if new + known > 0 {
        lines.push(format!("records of drills: {new} new, {known} known"));
    }
    lines.extend(held("held", &summary.reasons, &summary.first_held));
    lines.join("\n  ")
}

/// What an import would come to.
pub(super) fn would_come_of(run: &DryRun) -> String {
    let counts = run.counts;
    let mut lines = vec![format!(
        "{} received = {} accepted + {} duplicate + {} held; nothing was written",
        counts.received, counts.accepted, counts.duplicate, counts.quarantined
    )];
    lines.extend(run.same_as.map(came_before));
    lines.extend(noted(&run.notes));
    if run.drills > 0 {
        lines.push(format!("records of drills: {}", run.drills));
    }
    lines.extend(held("would hold", &run.reasons, &run.first_held));
    lines.push(format!("only the import finds out: {}", not_known(run).join("; ")));
    lines.join("\n  ")
}

fn came_before(first: ImportId) -> String {
    format!("the same file came before, as import {}", first.get())
}

fn noted(notes: &Notes) -> impl Iterator<Item = String> {
    let snapshot = notes.snapshot.iter().map(|snapshot| snapshot.words());
    let no_event =
        notes.no_event.iter().map(|(what, count)| format!("{count} × {}, which is no event", what.escape_debug()));
    let met = notes.met.iter().map(|(rule, met)| format!("rule {rule}: {} times", met.count));
    snapshot.chain(no_event).chain(met)
}

fn held(verb: &str, reasons: &BTreeMap<String, u64>, first: &[HeldShown]) -> Vec<String> {
    let reasons = reasons.iter().map(|(reason, count)| format!("{verb} {count} × {reason}"));
    let first = first.iter().map(|held| {
        let line = held.line.map_or_else(|| "a line".to_owned(), |line| format!("line {line}"));
        format!("{line}: {}: {}", held.reason, held.detail)
    });
    reasons.chain(first).collect()
}
