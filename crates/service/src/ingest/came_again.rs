//! Which held lines come again in a file, and are settled by it? A line that could not be read becomes events when its file
//! is imported again by a mended mapping: it waits no longer, and counts as known in the file it was held in.

use super::{receipt::LineReceipt, staging::Staging};
use domain::{
    id::{ImportId, OrgId, QuarantineId, SourceId},
    quarantine::Reason,
    time::Timestamp,
};
use formats::held::{FAULTS_MAX, Reach, Told};
use serde_json::{Map, Value};
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

/// What the fault of a part waits for, and how far that goes; lines held before that was kept wait for a person.
const AWAITS: &str = "awaits";
const AWAITS_CHANGES: &str = "awaits_changes";
const AWAITS_UNTIL: &str = "awaits_until";

/// The first bytes of a hash: a million of them fit into the memory of an import.
pub(crate) type ShortHash = [u8; 8];

/// The lines of a source that wait, each by its bytes; and those that hold a part of something, by what they wait for.
#[derive(Clone, Debug, Default)]
pub(crate) struct WaitingLines {
    hashes: HashSet<ShortHash>,
    /// The lines that wait for a thing.
    awaited: BTreeMap<ShortHash, Vec<QuarantineId>>,
    /// The things a line waits for, and how far each must go: the line of a whole page of issues waits for several.
    awaits: BTreeMap<QuarantineId, Vec<(ShortHash, Reach)>>,
}

/// What came whole in a record.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Arrived {
    what: ShortHash,
    reach: Reach,
    /// The first event or held line of its record, counted within its piece, and the first behind them.
    places: (u32, u32),
}

impl Arrived {
    /// Whether anything of its record was held; `lines` is what became of all of its piece.
    pub(crate) fn is_held(&self, lines: &[LineReceipt]) -> bool {
        let place = |place: u32| usize::try_from(place).unwrap_or(usize::MAX);
        let of_record = lines.get(place(self.places.0)..place(self.places.1));
        of_record.is_none_or(|lines| lines.iter().any(|line| line.reason.is_some()))
    }
}

/// What came whole so far.
#[derive(Debug, Default)]
pub(crate) struct CameWhole(BTreeMap<ShortHash, Reach>);

impl CameWhole {
    pub(crate) fn add(&mut self, arrived: &[Arrived]) {
        for one in arrived {
            let reach = self.0.entry(one.what).or_default();
            *reach = reach.or_farther(one.reach);
        }
    }

    fn holds(&self, (what, part): &(ShortHash, Reach)) -> bool {
        self.0.get(what).is_some_and(|whole| whole.holds(*part))
    }
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
                for (what, _) in &awaits {
                    self.awaited.entry(*what).or_default().push(line);
                }
                self.awaits.insert(line, awaits);
            }
        }
    }

    /// What came whole, if a line waits for it.
    pub(crate) fn awaited(&self, told: &Told, places: (u32, u32)) -> Option<Arrived> {
        let what = of_words(&told.what);
        self.awaited.contains_key(&what).then_some(Arrived { what, reach: told.reach, places })
    }

    /// The lines that wait for something of what just came, and for nothing that has not come so far, or not as far as they
    /// know that it goes.
    pub(crate) fn whole(&self, just: &[Arrived], so_far: &CameWhole) -> BTreeSet<QuarantineId> {
        let lines = just.iter().filter_map(|one| self.awaited.get(&one.what)).flatten();
        let is_whole = |line: &&QuarantineId| {
            self.awaits.get(line).is_some_and(|awaits| awaits.iter().all(|part| so_far.holds(part)))
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

/// What a held line waits for, by the faults it is kept with. Nothing where anything else is wrong with it, or may be: of very
/// many faults only the first are kept.
fn awaited_in(faults: &str) -> Vec<(ShortHash, Reach)> {
    let faults: Vec<Value> = serde_json::from_str(faults).unwrap_or_default();
    if faults.len() >= FAULTS_MAX {
        return Vec::new();
    }
    faults.iter().map(awaited_of).collect::<Option<_>>().unwrap_or_default()
}

fn awaited_of(fault: &Value) -> Option<(ShortHash, Reach)> {
    let what = fault.get(AWAITS)?.as_str()?;
    let changes = fault.get(AWAITS_CHANGES).and_then(Value::as_u64);
    let until = fault.get(AWAITS_UNTIL).and_then(Value::as_i64).map(Timestamp::from_seconds);
    Some((of_words(what), Reach { changes, until }))
}

/// What a fault waits for, as it is kept.
pub(super) fn awaited_json(told: &Told) -> Map<String, Value> {
    let Told { what, reach: Reach { changes, until } } = told;
    let changes = changes.map(|changes| (AWAITS_CHANGES, Value::from(changes)));
    let until = until.map(|until| (AWAITS_UNTIL, Value::from(until.seconds())));
    let kept = [Some((AWAITS, Value::from(what.as_ref()))), changes, until];
    kept.into_iter().flatten().map(|(name, value)| (name.to_owned(), value)).collect()
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ingest::prepare::faults_json;
    use formats::held::{Fault, Held};

    fn part() -> Fault {
        let reach = Reach { changes: Some(3), until: Some(Timestamp::from_seconds(9)) };
        let awaits = Some(Box::new(Told { what: "history of A".into(), reach }));
        Fault { awaits, ..Fault::of("changelog", Reason::ChangelogTruncated, String::new()) }
    }

    fn awaited(faults: Vec<Fault>) -> Vec<(ShortHash, Reach)> {
        awaited_in(&faults_json(&Held::from_faults(faults).unwrap()))
    }

    #[test]
    fn a_line_with_another_fault_or_too_many_to_list_waits_for_a_person() {
        assert_eq!(awaited(vec![part()]), [(of_words("history of A"), part().awaits.unwrap().reach)]);
        let other = Fault::of("created", Reason::MissingField, String::new());
        assert_eq!(awaited(vec![part(), other]), []);
        assert_eq!(awaited(vec![part(); FAULTS_MAX - 1]).len(), FAULTS_MAX - 1);
        assert_eq!(awaited(vec![part(); FAULTS_MAX + 5]), []);
    }
}
