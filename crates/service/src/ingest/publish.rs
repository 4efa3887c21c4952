//! How does an import come to be seen? Its events are shown and claim their keys while the items they touch are folded, what
//! collides is settled, and all of it is committed in one transaction.

use super::{
    came_again,
    counting::{Claiming, Showing},
    decode::FoldItem,
    group::{Failure, finish},
    measures::Measures,
    notes::Notes,
    plan::Reading,
    refold::{Beside, RefoldError, refold},
    remeasure::{NewItems, remeasure},
    settle::Settling,
    snapshots,
    source_clock::skew_met,
    staging::{Done, Halt, Staging, Whole, halted},
    touched::Touched,
};
use crate::error::ServiceError;
use domain::time::Timestamp;
use formats::foreign::Rule;
use std::collections::{BTreeMap, BTreeSet};
use store::{
    Conn, StoreError,
    audit::{self, Act},
    batches::Counts,
    held_again, held_of_import,
    import_parts::{self, Claims, Runs},
    import_steps, known_pieces,
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
    let Counted { moved, items, measures, folded } =
        counted(&mut tx.conn(), staging, &mut state, done, refused, now).await?;
    came_again::settle(&mut tx.conn(), staging, &mut state, now).await?;
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
    state.last_received_at = now;
    let mut done = done.clone();
    done.notes.put(Rule::ClockSkew, skew_met(measures.clocks()));
    done.measures = measures;
    done.notes.held_beside = None;
    match snapshots::keep(&mut tx.conn(), staging.reading, &staging.keeping(now)).await {
        Ok(snapshot) => done.notes.snapshot = snapshot,
        Err(error) => return Ok(Err(error)),
    }
    import_steps::stage(&mut tx.conn(), org, id, &done.checkpoint()?).await?;
    if !import_steps::publish(&mut tx.conn(), org, id, now, counts, items).await? {
        return Ok(Err(halted(Halt::Cancelled, id)));
    }
    let act = staging.origin.did(now, staging.actor, "imports.publish", id.get().to_string());
    let detail = format!("{}{}", counts.in_words(), staging.terms.received_at.in_words());
    audit::append(&mut tx.conn(), org, &Act { detail, ..act }).await?;
    let revision = state.revision.get();
    finish(tx, org, &state, folded).await?;
    Ok(Ok(Published { counts, items, revision, notes: done.notes }))
}

/// What it comes to that the events of an import count.
struct Counted {
    /// What moved from accepted.
    moved: Counts,
    /// Items that are touched.
    items: u64,
    /// What the times of the events that count say.
    measures: Measures,
    folded: Result<(), RefoldError>,
}

/// Has the events of the import be seen, stand under their keys, and be folded. Items are folded while keys are claimed;
/// those where a key turns out to be taken are folded again.
async fn counted(
    conn: &mut Conn<'_>,
    staging: &Staging<'_>,
    state: &mut LogState,
    done: &Done,
    refused: &BTreeSet<String>,
    now: Timestamp,
) -> Result<Counted, StoreError> {
    let (org, import, store) = (staging.org, staging.id, staging.services.store());
    let (moved, form, unpacked) = (BTreeMap::new(), done.form.clone(), None);
    let (displaced, hidden) = (Touched::default(), Touched::default());
    let before = state.clone();
    let mut settling = Settling { org, import, now, state, displaced, hidden, holds: false, moved, form, unpacked };
    settling.refuse(conn, refused).await?;
    let runs = import_parts::runs(conn, org, import).await?;
    // Some of them count no more where items are refused, and another process may have staged a part.
    let whole = done.whole.as_ref().filter(|_| refused.is_empty());
    let OnTheirWay { mut touched, mut showing, mut claiming } =
        OnTheirWay::of(conn, staging, &runs, whole, now).await?;
    settling.state.merges += import_parts::merges(conn, org, import).await?;
    if settling.state.merges != 0 {
        // Who stands for whom is told by all that can be seen.
        showing.all(conn).await?;
    }
    let fold_item = staging.services.fold_item();
    let mut new_items = NewItems::of(&runs);
    let beside = Beside { store, showing: &mut showing, claims: &mut claiming, new_items: &mut new_items };
    let beside = Some(beside);
    let mut folded = match refold(conn, org, settling.state, &touched, before.merges, fold_item, beside).await {
        Err(RefoldError::Store(error)) => return Err(error),
        folded => folded,
    };
    let items_new = new_items.count();
    showing.all(conn).await?;
    if claiming.finish(conn).await? < done.counts.accepted {
        settling.collisions(conn, &runs).await?;
        let again = Again { runs: &runs, before: &before, fold_item };
        folded = again.fold(conn, &mut settling, &mut touched, folded).await?;
    }
    let moved = settling.chain(conn).await?;
    if settling.holds {
        // What came whole is not all in the log: whatever record that is of, the parts wait on.
        held_again::unmark_parts(conn, org, import).await?;
    }
    if moved.quarantined > 0 {
        known_pieces::forget_import(conn, org, import).await?;
    }
    // What was begun by a build that did not measure is known in part.
    let is_measured = done.measures.events == done.counts.accepted;
    let measures = if moved.received == 0 && is_measured {
        done.measures.clone().with_new_items(items_new)
    } else {
        remeasure(conn, org, &runs, &touched, &staging.terms.clocks).await?
    };
    Ok(Counted { moved, items: touched.len(), measures, folded })
}

/// The events of an import on their way to count.
struct OnTheirWay {
    touched: Touched,
    showing: Showing,
    claiming: Claiming,
}

impl OnTheirWay {
    async fn of(
        conn: &mut Conn<'_>,
        staging: &Staging<'_>,
        runs: &Runs,
        whole: Option<&Whole>,
        now: Timestamp,
    ) -> Result<Self, StoreError> {
        let (org, known_since) = (staging.org, staging.known_since(now));
        Ok(match whole {
            Some(Whole { touched, order }) => Self {
                touched: touched.clone(),
                showing: Showing::in_order(org, known_since, order),
                claiming: Claiming::in_order(org, order),
            },
            None => Self {
                showing: Showing::at_once(conn, org, known_since, runs).await?,
                claiming: Claiming::InRuns(Claims::new(runs.clone())),
                touched: touched_by(conn, runs).await?,
            },
        })
    }
}

async fn touched_by(conn: &mut Conn<'_>, runs: &Runs) -> Result<Touched, StoreError> {
    let mut touched = Touched::default();
    import_parts::items(conn, runs, |item| touched.insert(item)).await?;
    Ok(touched)
}

/// No number of merges: who stands for whom is worked out again, whatever was written of it.
const UNSURE_MERGES: i64 = -1;

/// What an import is folded again with once its collisions are settled.
struct Again<'a> {
    runs: &'a Runs,
    before: &'a LogState,
    fold_item: &'a FoldItem,
}

impl Again<'_> {
    /// Folds what was folded with events that do not count after all, under the same revision.
    async fn fold(
        &self,
        conn: &mut Conn<'_>,
        settling: &mut Settling<'_>,
        touched: &mut Touched,
        folded: Result<(), RefoldError>,
    ) -> Result<Result<(), RefoldError>, StoreError> {
        let (org, before) = (settling.org, self.before);
        let mut again = std::mem::take(&mut settling.hidden);
        again.join(&settling.displaced);
        let merges = before.merges + import_parts::merges(conn, org, settling.import).await?;
        // A merge that does not count may have moved other items, and an item may have panicked over an event too many.
        let is_sure = folded.is_ok() && merges == 0 && settling.state.merges == 0;
        if !is_sure {
            again.join(touched);
        }
        *touched = touched_by(conn, self.runs).await?;
        touched.join(&settling.displaced);
        settling.state.merges = merges;
        if again.is_empty() {
            return Ok(folded);
        }
        settling.state.revision = before.revision;
        let merges_before = if is_sure { before.merges } else { UNSURE_MERGES };
        Ok(refold(conn, org, settling.state, &again, merges_before, self.fold_item, None).await)
    }
}
