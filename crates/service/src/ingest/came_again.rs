//! Which held lines come again in a file, and are settled by it? A line that could not be read becomes events when its file
//! is imported again by a mended mapping: it waits no longer, and counts as known in the file it was held in.

use super::staging::Staging;
use domain::{
    id::{ImportId, OrgId, QuarantineId},
    time::Timestamp,
};
use sha2::{Digest, Sha256};
use std::collections::HashSet;
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

/// The lines of a source that wait, each by eight bytes of its hash: a million of them fit into the memory of an import.
#[derive(Clone, Debug, Default)]
pub(crate) struct WaitingLines(HashSet<[u8; 8]>);

impl WaitingLines {
    /// Those of one source.
    pub(crate) async fn of_source(conn: &mut Conn<'_>, org: OrgId, source: &str) -> Result<Self, StoreError> {
        let mut lines = HashSet::new();
        let Some(source) = sources::by_slug(conn, org, source).await? else { return Ok(Self(lines)) };
        let mut after = QuarantineId::from_row(0);
        loop {
            let page = held_again::hashes(conn, org, source, after, LINES_PER_READ).await?;
            let Some((last, _)) = page.last() else { return Ok(Self(lines)) };
            after = *last;
            lines.extend(page.iter().map(|(_, hash)| short(hash)));
        }
    }

    /// The hash of a record that may be one of them.
    pub(crate) fn hash_of(&self, raw: &[u8]) -> Option<Hash> {
        if self.0.is_empty() || raw.is_empty() {
            return None;
        }
        let hash: Hash = Sha256::digest(raw).into();
        self.0.contains(&short(&hash)).then_some(hash)
    }
}

fn short(hash: &Hash) -> [u8; 8] {
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
    let mut lines = 0;
    for group in held_again::groups(conn, org, import).await? {
        let counts = Counts { received: group.lines, duplicate: group.lines, ..Counts::default() };
        let batch = NewBatch::without_events(state, group.source, import, BatchKind::Release, now);
        let batch = NewBatch { import: group.import, counts, ..batch };
        let settled = Settled { at: now, by: &by, note: &note, batch: batch.id };
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
