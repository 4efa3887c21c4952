//! What becomes of a held line once somebody decides? Released, it goes through the same door as any other line;
//! dismissed, it stays out, with the reason.

use super::{
    apply::apply,
    bounds::AtMost,
    clock_offsets::ClockOffsets,
    dictionary::Dictionary,
    group::{Failure, finish},
    measures::Measures,
    prepare::{Prepared, Taken, Terms, prepare},
    receipt::{LineReceipt, Receipt},
    refold::refold,
    reread::{Rereading, first_held, refused},
    touched::Touched,
    work::Work,
};
use crate::{
    authorise::{Granted, proof},
    error::{Refusal, ServiceError},
    identity::record::Origin,
    services::Services,
};
use domain::{
    id::{BatchId, OrgId, QuarantineId},
    quarantine::Reason,
    time::Timestamp,
};
use formats::frame::Place;
use std::collections::BTreeSet;
use store::{
    Conn, StoreError,
    audit::{self, Actor},
    batches::BatchKind,
    event_keys::{self, EventKey},
    import_parts, imports,
    log_state::{self, LogState},
    quarantine::{self, HeldLine, HeldState, Settlement},
    sources,
};

/// How a held line is released.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Release {
    /// As it is: what stood in the way is gone.
    AsIs,
    /// With the severity low, where it was below that.
    AsLow,
    /// As a copy somebody mended.
    Edited(Vec<u8>),
}

const NOTE_CHARS_MAX: usize = 2_000;

impl Services {
    /// Releases a held line into the log. Its import's counts follow.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`], or [`ServiceError::Refused`] when it is settled already, is not whole, or still
    /// cannot be accepted.
    pub async fn release_held(
        &self,
        granted: &Granted<proof::QuarantineWork>,
        origin: &Origin,
        id: QuarantineId,
        release: Release,
    ) -> Result<Receipt, ServiceError> {
        let settling = Settling::of(self, granted, origin, id);
        store::run(async move { settling.release(&release).await }).await
    }

    /// Dismisses a held line: it stays out, and still counts as quarantined.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`], or [`ServiceError::Refused`] without a reason or when it is settled already.
    pub async fn dismiss_held(
        &self,
        granted: &Granted<proof::QuarantineWork>,
        origin: &Origin,
        id: QuarantineId,
        note: &str,
    ) -> Result<(), ServiceError> {
        let note: String = note.trim().chars().take(NOTE_CHARS_MAX).collect();
        if note.is_empty() {
            return Err(Refusal::new("missing_field", "a line is dismissed with a reason").place("note").into());
        }
        let settling = Settling::of(self, granted, origin, id);
        store::run(async move { settling.dismiss(note).await }).await
    }
}

struct Settling {
    services: Services,
    org: OrgId,
    actor: Actor,
    origin: Origin,
    id: QuarantineId,
}

impl Settling {
    fn of(services: &Services, granted: &Granted<proof::QuarantineWork>, origin: &Origin, id: QuarantineId) -> Self {
        Self {
            services: services.clone(),
            org: granted.org(),
            actor: granted.caller().actor(),
            origin: origin.clone(),
            id,
        }
    }

    async fn held(&self, conn: &mut Conn<'_>) -> Result<HeldLine, ServiceError> {
        let held = quarantine::by_id(conn, self.org, self.id).await?.ok_or(ServiceError::NotFound)?;
        if held.state == HeldState::Held {
            return Ok(held);
        }
        let detail = format!("line {} was {} before", self.id.get(), held.state.as_str());
        Err(Refusal::new("already_settled", detail).into())
    }

    async fn release(&self, release: &Release) -> Result<Receipt, ServiceError> {
        let mut tx = self.services.store().begin().await?;
        let mut state = log_state::lock(&mut tx.conn(), self.org).await?;
        let now = self.services.now().max(state.last_received_at);
        let held = self.held(&mut tx.conn()).await?;
        let rereading = Rereading::of(&mut tx.conn(), self.org, &held).await?;
        let clocks = ClockOffsets::of_held(&mut tx.conn(), self.org, &held, now).await?;
        let terms = Terms { clocks, ..Terms::stamped(held.source.clone(), now) };
        let mut prepared = prepare_release(&held, &rereading, release, &terms)?;
        keep_new(&mut tx.conn(), self.org, &mut prepared).await?;
        let (mut dictionary, mut touched) = (Dictionary::default(), Touched::default());
        let merges_before = state.merges;
        let mut work = Work {
            org: self.org,
            now,
            import: held.import,
            kind: BatchKind::Release,
            dictionary: &mut dictionary,
            touched: &mut touched,
            refused: &BTreeSet::new(),
            at_most: &mut AtMost::default(),
            limits: self.services.ingest_limits(),
            measures: &mut Measures::default(),
            staging: None,
        };
        let first_seq = state.next_seq;
        let mut receipt = apply(&mut tx.conn(), &mut state, &mut work, &prepared).await?;
        if let Some(still) = receipt.lines.iter().find(|line| line.quarantine_id.is_some()) {
            return Err(still_held(still).into());
        }
        if let Some(import) = held.import {
            imports::release(&mut tx.conn(), self.org, import, receipt.accepted, receipt.duplicate).await?;
            if state.next_seq > first_seq {
                import_parts::add(&mut tx.conn(), self.org, import, first_seq, state.next_seq - 1).await?;
            }
        }
        self.settle(&mut tx.conn(), now, HeldState::Released, None, Some(state.batch)).await?;
        no_longer_waits(&mut state, &held);
        state.last_received_at = now;
        let fold_item = self.services.fold_item();
        let folded = refold(&mut tx.conn(), self.org, &mut state, &touched, merges_before, fold_item, None).await;
        receipt.revision = state.revision.get();
        finish(tx, self.org, &state, folded).await.map_err(still_unfolded)?;
        Ok(receipt)
    }

    async fn dismiss(&self, note: String) -> Result<(), ServiceError> {
        let mut tx = self.services.store().begin().await?;
        let mut state = log_state::lock(&mut tx.conn(), self.org).await?;
        let held = self.held(&mut tx.conn()).await?;
        self.settle(&mut tx.conn(), self.services.now(), HeldState::Dismissed, Some(note), None).await?;
        no_longer_waits(&mut state, &held);
        log_state::save(&mut tx.conn(), self.org, &state).await?;
        tx.commit().await?;
        Ok(())
    }

    /// The decision and its record in the audit trail, in one transaction.
    async fn settle(
        &self,
        conn: &mut Conn<'_>,
        at: Timestamp,
        state: HeldState,
        note: Option<String>,
        batch: Option<BatchId>,
    ) -> Result<(), ServiceError> {
        let by = self.actor.to_string();
        let action = if state == HeldState::Released { "quarantine.release" } else { "quarantine.dismiss" };
        let settlement = Settlement { state, at, by, note, batch };
        if !quarantine::settle(conn, self.org, self.id, &settlement).await? {
            return Err(Refusal::new("already_settled", "somebody else settled this line just now").into());
        }
        let act = self.origin.did(at, self.actor, action, self.id.get().to_string());
        audit::append(conn, self.org, &act).await?;
        Ok(())
    }
}

/// Room in the quarantine for another line.
fn no_longer_waits(state: &mut LogState, held: &HeldLine) {
    state.held_lines -= 1;
    state.held_bytes -= i64::try_from(held.raw.len()).unwrap_or(i64::MAX);
}

/// The log still does not take the line: its id is another event's, or its item has too many.
fn still_held(line: &LineReceipt) -> Refusal {
    if line.reason.as_deref() == Some(Reason::InternalFold.as_str()) {
        return Refusal::new("internal_fold", "the item of this line takes no more events").hint("dismiss the line");
    }
    Refusal::new("event_conflict", "another event with this id counts").hint("give the copy an id of its own")
}

fn still_unfolded(failure: Failure) -> ServiceError {
    match failure {
        Failure::Store(error) => error.into(),
        Failure::Panicked(_) => {
            let hint = "report this; the line stays held";
            Refusal::new("internal_fold", "the item of this line cannot be folded").hint(hint).into()
        }
    }
}

/// What a line says when it is released so, ready for the writer.
pub(crate) fn prepare_release(
    held: &HeldLine,
    rereading: &Rereading,
    release: &Release,
    terms: &Terms,
) -> Result<Prepared, ServiceError> {
    let (raw, outcomes) = rereading.released(held, release)?;
    if let Some(still) = first_held(&outcomes) {
        return Err(refused(still).into());
    }
    let place = Place { line: held.line.unwrap_or(1), byte: held.byte.unwrap_or_default() };
    let is_our_time = rereading.is_our_time(&raw, &outcomes);
    let prepared = prepare(vec![Taken { is_our_time, ..Taken::plain(place, raw, outcomes) }], terms, 0)?;
    match prepared.parts.iter().flat_map(|part| &part.held).next() {
        None => Ok(prepared),
        Some(still) => Err(Refusal::new(still.held.reason.as_str(), "what stood in the way still does").into()),
    }
}

/// Of a record that says anything new, only that goes into the log: the rest of it was taken when the line was held, and
/// counts as it was read then.
async fn keep_new(conn: &mut Conn<'_>, org: OrgId, prepared: &mut Prepared) -> Result<(), StoreError> {
    for part in prepared.parts.iter_mut().filter(|part| part.events.len() > 1) {
        let Some(source) = sources::by_slug(conn, org, &part.source).await? else { continue };
        let keys: BTreeSet<EventKey> = part.events.iter().map(|event| event.key).collect();
        let keys: Vec<EventKey> = keys.into_iter().collect();
        let known = event_keys::known(conn, org, source, &keys).await?;
        let known: BTreeSet<EventKey> = known.into_iter().map(|(key, _)| key).collect();
        if known.len() < keys.len() {
            part.events.retain(|event| !known.contains(&event.key));
        }
    }
    Ok(())
}
