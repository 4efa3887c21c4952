//! How does an import come to be seen? Its events claim their keys, what collides is settled, the items it touches are
//! folded, and all of it is committed in one transaction.

use super::{
    group::{Failure, finish},
    notes::Notes,
    plan::Reading,
    refold::refold,
    settle::Settling,
    snapshots,
    staging::{Done, Staging},
};
use crate::error::ServiceError;
use domain::{id::ItemKey, time::Timestamp};
use std::collections::{BTreeMap, BTreeSet};
use store::{
    Conn, StoreError,
    audit::{self, Act},
    batches::Counts,
    held_of_import, import_parts, import_steps, known_pieces,
    log_state::{self, LogState},
};

/// What a published import comes to.
pub(crate) struct Published {
    pub(crate) counts: Counts,
    pub(crate) items: u64,
    pub(crate) revision: i64,
    pub(crate) notes: Notes,
}

/// Publishes an import. Where the fold panics over an item, it is tried again with the lines of that item held.
pub(crate) async fn publish(staging: &Staging<'_>, done: &Done) -> Result<Published, ServiceError> {
    let mut refused = BTreeSet::new();
    loop {
        match attempt(staging, done, &refused).await {
            Ok(published) => return published,
            Err(Failure::Store(error)) => return Err(error.into()),
            Err(Failure::Panicked(names)) => {
                tracing::error!(items = names.len(), "the fold panicked; the lines of these items are held");
                if matches!(staging.reading, Reading::Snapshot(..)) {
                    // What it leaves for the next snapshot was told once, to the attempt that is undone.
                    return Err(StoreError::damaged("an item of a snapshot cannot be folded").into());
                }
                let before = refused.len();
                refused.extend(names);
                if refused.len() == before {
                    return Err(StoreError::damaged("an item of the log cannot be folded").into());
                }
            }
        }
    }
}

async fn attempt(
    staging: &Staging<'_>,
    done: &Done,
    refused: &BTreeSet<String>,
) -> Result<Result<Published, ServiceError>, Failure> {
    let (services, org, id) = (staging.services, staging.org, staging.id);
    let mut tx = services.store().begin().await?;
    let mut state = log_state::lock(&mut tx.conn(), org).await?;
    let now = services.now().max(state.last_received_at);
    let merges_before = state.merges;
    let (moved, touched) = settled(&mut tx.conn(), staging, &mut state, done, refused, now).await?;
    let seen = held_of_import::publish(&mut tx.conn(), org, id, now).await?;
    state.held_lines += seen.lines;
    state.held_bytes += seen.bytes;
    let staged = done.counts;
    let counts = Counts {
        received: staged.received,
        accepted: staged.accepted - moved.received,
        duplicate: staged.duplicate + moved.duplicate,
        quarantined: staged.quarantined + moved.quarantined,
    };
    // All its events were committed with its pieces.
    let (fold_item, beside) = (services.fold_item(), Some(services.store()));
    let folded = refold(&mut tx.conn(), org, &mut state, &touched, merges_before, fold_item, beside).await;
    let items = touched.len() as u64;
    state.last_received_at = now;
    let mut done = done.clone();
    match snapshots::keep(&mut tx.conn(), staging.reading, &staging.keeping(now)).await {
        Ok(snapshot) => done.notes.snapshot = snapshot,
        Err(error) => return Ok(Err(error)),
    }
    import_steps::stage(&mut tx.conn(), org, id, &done.checkpoint()?).await?;
    import_steps::publish(&mut tx.conn(), org, id, now, counts, items).await?;
    let act = staging.origin.did(now, staging.actor, "imports.publish", id.get().to_string());
    let detail = format!("{}{}", counts.in_words(), staging.terms.received_at.in_words());
    audit::append(&mut tx.conn(), org, &Act { detail, ..act }).await?;
    let revision = state.revision.get();
    finish(tx, org, &state, folded).await?;
    Ok(Ok(Published { counts, items, revision, notes: done.notes }))
}

/// Has the events of the import stand under their keys and be seen; says what moved from accepted, and which items are
/// touched.
async fn settled(
    conn: &mut Conn<'_>,
    staging: &Staging<'_>,
    state: &mut LogState,
    done: &Done,
    refused: &BTreeSet<String>,
    now: Timestamp,
) -> Result<(Counts, BTreeSet<ItemKey>), StoreError> {
    let (org, import) = (staging.org, staging.id);
    let (touched, moved) = (BTreeSet::new(), BTreeMap::new());
    let mut settling = Settling { org, import, now, state, touched, moved, unpacked: None };
    settling.refuse(conn, refused).await?;
    let claimed = import_parts::claim(conn, org, import).await?;
    let collides = claimed < done.counts.accepted;
    if collides {
        settling.collisions(conn).await?;
    }
    let moved = settling.chain(conn).await?;
    if moved.quarantined > 0 {
        known_pieces::forget_import(conn, org, import).await?;
    }
    let mut touched = settling.touched;
    import_parts::show(conn, org, import, staging.known_since(now)).await?;
    match &done.touched {
        Some(known) if refused.is_empty() && !collides => touched.extend(known),
        // Some are touched no more, or another process has staged a part.
        _ => touched.extend(import_parts::items(conn, org, import).await?),
    }
    state.merges += import_parts::merges(conn, org, import).await?;
    Ok((moved, touched))
}
