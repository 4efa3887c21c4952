//! Which held lines come again in a file, and are settled by it? A line that could not be read becomes events when its file
//! is imported again by a mended mapping: it waits no longer, and counts as known in the file it was held in.

use super::staging::Staging;
use domain::{
    id::{ImportId, OrgId, QuarantineId, SourceId},
    quarantine::Reason,
    time::Timestamp,
};
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet, HashSet};
use store::{
    Conn, StoreError,
    audit::{self, Act},
    batches::{self, BatchKind, Counts, NewBatch},
    chain::Hash,
    held_again::{self, Settled},
    imports,
    log_state::LogState,
    sources,
};

const LINES_PER_READ: u32 = 10_000;

/// The first bytes of a hash: a million of them fit into the memory of an import.
pub(crate) type ShortHash = [u8; 8];

/// The lines of a source that wait, each by its bytes; and those that hold a part of something, by what they wait for.
#[derive(Clone, Debug, Default)]
pub(crate) struct WaitingLines {
    hashes: HashSet<ShortHash>,
    /// The lines that wait for a thing.
    awaited: BTreeMap<ShortHash, Vec<QuarantineId>>,
    /// The things a line waits for: the line of a whole page of issues waits for several.
    awaits: BTreeMap<QuarantineId, Vec<ShortHash>>,
}

impl WaitingLines {
    /// Those of one source.
    pub(crate) async fn of_source(conn: &mut Conn<'_>, org: OrgId, source: &str) -> Result<Self, StoreError> {
        let mut lines = Self::default();
        let Some(source) = sources::by_slug(conn, org, source).await? else { return Ok(lines) };
        lines.take_parts(conn, org, source).await?;
        let mut after = QuarantineId::from_row(0);
        loop {
            let page = held_again::hashes(conn, org, source, after, LINES_PER_READ).await?;
            let Some((last, _)) = page.last() else { return Ok(lines) };
            after = *last;
            lines.hashes.extend(page.iter().map(|(_, hash)| short(hash)));
        }
    }

    /// Lines that hold a part of something, and wait for all of it.
    async fn take_parts(&mut self, conn: &mut Conn<'_>, org: OrgId, source: SourceId) -> Result<(), StoreError> {
        let mut after = QuarantineId::from_row(0);
        loop {
            let page = held_again::faults(conn, org, source, Reason::ChangelogTruncated, after, LINES_PER_READ).await?;
            let Some((last, _)) = page.last() else { return Ok(()) };
            after = *last;
            for (line, faults) in page {
                let awaits = awaited_in(&faults);
                for what in &awaits {
                    self.awaited.entry(*what).or_default().push(line);
                }
                self.awaits.insert(line, awaits);
            }
        }
    }

    /// What came whole, if a line waits for it.
    pub(crate) fn awaited(&self, what: &str) -> Option<ShortHash> {
        let what = of_words(what);
        self.awaited.contains_key(&what).then_some(what)
    }

    /// The lines that wait for something of what just came, and for nothing that has not come so far.
    pub(crate) fn whole(&self, just: &[ShortHash], so_far: &BTreeSet<ShortHash>) -> BTreeSet<QuarantineId> {
        let lines = just.iter().filter_map(|what| self.awaited.get(what)).flatten();
        let is_whole = |line: &&QuarantineId| {
            self.awaits.get(line).is_some_and(|awaits| awaits.iter().all(|what| so_far.contains(what)))
        };
        lines.filter(is_whole).copied().collect()
    }

    /// The hash of a record that may be one of them.
    pub(crate) fn hash_of(&self, raw: &[u8]) -> Option<Hash> {
        if self.hashes.is_empty() || raw.is_empty() {
            return None;
        }
        let hash: Hash = Sha256::digest(raw).into();
        self.hashes.contains(&short(&hash)).then_some(hash)
    }
}

/// What a held line waits for, by the faults it is kept with.
fn awaited_in(faults: &str) -> Vec<ShortHash> {
    let faults: Vec<serde_json::Value> = serde_json::from_str(faults).unwrap_or_default();
    faults.iter().filter_map(|fault| fault.get("awaits")?.as_str()).map(of_words).collect()
}

fn of_words(words: &str) -> ShortHash {
    short(&Sha256::digest(words).into())
}

fn short(hash: &Hash) -> ShortHash {
    let [a, b, c, d, e, f, g, h, ..] = *hash;
    [a, b, c, d, e, f, g, h]
}

/// Notes that records of a file became events whose bytes are held.
pub(crate) async fn mark(
    conn: &mut Conn<'_>,
    (org, now): (OrgId, Timestamp),
    source: &str,
    import: ImportId,
    hashes: &[Hash],
) -> Result<(), StoreError> {
    if hashes.is_empty() {
        return Ok(());
    }
    let source = sources::register(conn, org, source, now).await?;
    for hash in hashes {
        held_again::mark(conn, org, source, hash, import).await?;
    }
    Ok(())
}

/// Notes that what held lines wait for came in a file.
pub(crate) async fn mark_lines(
    conn: &mut Conn<'_>,
    org: OrgId,
    import: ImportId,
    lines: &BTreeSet<QuarantineId>,
) -> Result<(), StoreError> {
    for line in lines {
        held_again::mark_line(conn, org, *line, import).await?;
    }
    Ok(())
}

/// Settles the lines that came again in a file that is being published, in the transaction that publishes it.
pub(crate) async fn settle(
    conn: &mut Conn<'_>,
    staging: &Staging<'_>,
    state: &mut LogState,
    now: Timestamp,
) -> Result<(), StoreError> {
    let (org, import) = (staging.org, staging.id);
    let by = staging.actor.to_string();
    let note = format!("came again with import {}", import.get());
    let note_whole = format!("its whole history came with import {}", import.get());
    let mut lines = 0;
    for group in held_again::groups(conn, org, import).await? {
        let counts = Counts { received: group.lines, duplicate: group.lines, ..Counts::default() };
        let batch = NewBatch::without_events(state, group.source, import, BatchKind::Release, now);
        let batch = NewBatch { import: group.import, counts, ..batch };
        let settled = Settled { at: now, by: &by, note: &note, note_whole: &note_whole, batch: batch.id };
        held_again::settle(conn, org, import, &group, &settled).await?;
        batches::write(conn, org, state, &batch).await?;
        if let Some(held_in) = group.import {
            imports::release(conn, org, held_in, 0, group.lines).await?;
        }
        state.held_lines -= i64::try_from(group.lines).unwrap_or(i64::MAX);
        state.held_bytes -= group.bytes;
        lines += group.lines;
    }
    if lines > 0 {
        let act = staging.origin.did(now, staging.actor, "quarantine.came_again", import.get().to_string());
        audit::append(conn, org, &Act { detail: format!("{lines} lines released"), ..act }).await?;
    }
    Ok(())
}
