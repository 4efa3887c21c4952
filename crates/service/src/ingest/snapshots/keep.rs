//! What is kept with an import for the next snapshot of its source? Written in the transaction that publishes the import, so
//! that one that is given up leaves nothing behind.

use super::{
    lines::Lines,
    notes::SnapshotNotes,
    watch::{Left, Watch, aside},
};
use crate::{
    error::{Refusal, ServiceError},
    identity::record::Origin,
    ingest::plan::Reading,
};
use domain::{
    id::{ImportId, OrgId},
    time::Timestamp,
};
use store::{
    Conn,
    audit::{self, Act, Actor},
    snapshots::{self, KeptSnapshot},
    sources,
};

/// Items packed into one row of the database.
const PART_ITEMS: usize = 4_096;

/// Who imports what, and when.
pub(crate) struct Keeping<'a> {
    pub(crate) org: OrgId,
    pub(crate) import: ImportId,
    pub(crate) now: Timestamp,
    pub(crate) actor: Actor,
    pub(crate) origin: &'a Origin,
}

/// Keeps what a file left behind, if it is a snapshot and all of it is read; gives what there is to say about it.
pub(crate) async fn keep(
    conn: &mut Conn<'_>,
    reading: &Reading,
    keeping: &Keeping<'_>,
) -> Result<Option<SnapshotNotes>, ServiceError> {
    let Reading::Snapshot(_, _, watch) = reading else { return Ok(None) };
    let Some(concluded) = watch.take() else { return Ok(None) };
    refuse_overtaken(conn, keeping.org, watch).await?;
    if let Some(left) = concluded.left {
        keep_left(conn, keeping, &watch.source, left).await?;
    }
    if concluded.notes.mass_absence_accepted {
        let id = keeping.import.get().to_string();
        let act = keeping.origin.did(keeping.now, keeping.actor, "imports.accept_mass_absence", id);
        audit::append(conn, keeping.org, &Act { detail: concluded.notes.words(), ..act }).await?;
    }
    Ok(Some(concluded.notes))
}

/// Two snapshots of a source at once: the second one would be held against a snapshot that is no longer the last.
async fn refuse_overtaken(conn: &mut Conn<'_>, org: OrgId, watch: &Watch) -> Result<(), ServiceError> {
    let newest = snapshots::newest(conn, org, &watch.source).await?;
    if newest.map(|kept| kept.import) == watch.earlier.as_ref().map(|earlier| earlier.kept.import) {
        return Ok(());
    }
    let detail = format!("another snapshot of the source `{}` was imported meanwhile", watch.source);
    Err(Refusal::new("import_running", detail).hint("import the file again").into())
}

async fn keep_left(conn: &mut Conn<'_>, keeping: &Keeping<'_>, source: &str, left: Left) -> Result<(), ServiceError> {
    let source = sources::register(conn, keeping.org, source, keeping.now).await?;
    let parts = left.items.div_ceil(PART_ITEMS as u64);
    let kept = KeptSnapshot {
        import: keeping.import,
        taken_at: left.taken_at,
        since: left.since,
        items: left.items,
        parts: u32::try_from(parts).unwrap_or(u32::MAX),
    };
    snapshots::add(conn, keeping.org, source, &kept).await?;
    let mut lines = aside(move || Lines::of(&left.file)).await?;
    for part in 0..kept.parts {
        let plain;
        (lines, plain) = aside(move || {
            let piece = lines.next_piece(PART_ITEMS)?;
            Ok((lines, piece))
        })
        .await?;
        snapshots::add_part(conn, keeping.org, keeping.import, part, &plain).await?;
    }
    Ok(())
}
