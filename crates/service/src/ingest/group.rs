//! How do many requests become durable with one flush, while one that fails hurts no other?

use super::{
    apply::apply,
    bounds::{AtMost, quarantine_full},
    decode::FoldItem,
    dictionary::Dictionary,
    measures::Measures,
    prepare::Prepared,
    push_noted::PushNoted,
    pushed_clocks::PushedClocks,
    receipt::Receipt,
    refold::{RefoldError, refold},
    send::Atomicity,
    touched::Touched,
    work::Work,
};
use crate::{
    error::{Refusal, ServiceError},
    identity::record::Origin,
    limits::IngestLimits,
    services::Clock,
};
use domain::{
    id::{ItemKey, OrgId},
    time::Timestamp,
};
use std::collections::BTreeSet;
use store::{
    Conn, Store, StoreError, Tx,
    audit::{self, Act, Actor},
    batches::BatchKind,
    chain::Hash,
    idempotency::{self, RequestKey},
    items,
    log_state::{self, LogState},
    savepoint,
};

/// Receipts are kept for a day; how often those that are older are looked for.
const FORGET_EVERY_SECONDS: i64 = 60 * 60;

/// A request that waits for the writer.
pub(crate) struct Request {
    pub(crate) org: OrgId,
    pub(crate) actor: Actor,
    pub(crate) origin: Origin,
    pub(crate) prepared: Prepared,
    pub(crate) atomicity: Atomicity,
    pub(crate) idempotency: Option<(RequestKey, Hash)>,
    /// What was noticed about it, where a source pushed it.
    pub(crate) pushed: Option<PushNoted>,
}

impl Request {
    /// How the audit trail names it, once it is written.
    fn act(&self, at: Timestamp, receipt: &Receipt) -> Act {
        let batches: Vec<String> = receipt.batches.iter().map(ToString::to_string).collect();
        let act = self.origin.did(at, self.actor, "events.send", batches.join(","));
        Act { detail: receipt.counts().in_words(), ..act }
    }
}

/// What a request is told, and whether it is new or was told before.
struct Told {
    receipt: Receipt,
    is_new: bool,
}

/// What the writer commits with.
pub(crate) struct Desk {
    pub(crate) store: Store,
    pub(crate) fold_item: FoldItem,
    pub(crate) clock: Clock,
    pub(crate) dictionary: Dictionary,
    pub(crate) limits: IngestLimits,
    /// When receipts that are too old were last forgotten.
    forgot_at: Timestamp,
}

/// What became of each request of a group.
pub(crate) type Outcomes = Vec<Result<Receipt, ServiceError>>;

impl Desk {
    pub(crate) fn new(store: Store, fold_item: FoldItem, clock: Clock, limits: IngestLimits) -> Self {
        let (dictionary, forgot_at) = (Dictionary::default(), Timestamp::from_seconds(0));
        Self { store, fold_item, clock, dictionary, limits, forgot_at }
    }

    /// Commits requests of one organisation together. Where the fold panics over an item, the group is tried again with
    /// the lines of that item held.
    pub(crate) async fn commit(&mut self, org: OrgId, requests: &mut [&mut Request]) -> Result<Outcomes, StoreError> {
        let mut refused = BTreeSet::new();
        loop {
            let attempt = self.attempt(org, requests, &refused).await;
            match attempt {
                Ok(outcomes) => {
                    self.dictionary.commit();
                    return Ok(outcomes);
                }
                Err(Failure::Store(error)) => {
                    self.dictionary.undo(0);
                    return Err(error);
                }
                Err(Failure::Panicked(names)) => {
                    self.dictionary.undo(0);
                    tracing::error!(items = names.len(), "the fold panicked; the lines of these items are held");
                    let before = refused.len();
                    refused.extend(names);
                    if refused.len() == before {
                        return Err(StoreError::damaged("an item of the log cannot be folded"));
                    }
                }
            }
        }
    }

    async fn attempt(
        &mut self,
        org: OrgId,
        requests: &mut [&mut Request],
        refused: &BTreeSet<String>,
    ) -> Result<Outcomes, Failure> {
        let mut tx = self.store.begin().await?;
        let mut state = log_state::lock(&mut tx.conn(), org).await?;
        let now = (self.clock)().max(state.last_received_at);
        let merges_before = state.merges;
        let revision_before = state.revision;
        let mut touched = Touched::default();
        let mut at_most = AtMost::default();
        let (mut outcomes, mut acts) = (Vec::with_capacity(requests.len()), Vec::new());
        let mut clocks = PushedClocks::default();
        for request in requests.iter_mut() {
            request.prepared.receive_not_before(state.last_received_at);
            let mut measures = Measures::default();
            let work = Work {
                org,
                now,
                import: None,
                kind: BatchKind::Events,
                dictionary: &mut self.dictionary,
                touched: &mut touched,
                refused,
                at_most: &mut at_most,
                limits: &self.limits,
                measures: &mut measures,
                staging: None,
            };
            let outcome = one(&mut tx.conn(), &mut state, work, request, revision_before.get()).await?;
            if outcome.is_ok() {
                clocks.take(&measures);
            }
            let written = outcome.as_ref().ok().filter(|told| told.is_new && !told.receipt.batches.is_empty());
            acts.extend(written.map(|told| request.act(now, &told.receipt)));
            outcomes.push(outcome.map(|told| told.receipt));
        }
        clocks.keep(&mut tx.conn(), org, now).await?;
        state.last_received_at = now;
        if now.since(self.forgot_at) > FORGET_EVERY_SECONDS {
            idempotency::forget_old(&mut tx.conn(), org, now).await?;
            self.forgot_at = now;
        }
        let folded = refold(&mut tx.conn(), org, &mut state, &touched, merges_before, &self.fold_item, None).await;
        audit::append_all(&mut tx.conn(), org, &acts).await?;
        finish(tx, org, &state, folded).await?;
        Ok(outcomes)
    }
}

/// Why a transaction was not committed.
pub(crate) enum Failure {
    Store(StoreError),
    /// The fold panicked over these items.
    Panicked(Vec<String>),
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

/// Writes where the log stands and commits, or says which items stood in the way.
pub(crate) async fn finish(
    mut tx: Tx,
    org: OrgId,
    state: &LogState,
    folded: Result<(), RefoldError>,
) -> Result<(), Failure> {
    match folded {
        Ok(()) => {}
        Err(RefoldError::Store(error)) => return Err(Failure::Store(error)),
        Err(RefoldError::Panicked(keys)) => {
            let names = names_of(&mut tx.conn(), org, &keys).await?;
            tx.rollback().await?;
            return Err(Failure::Panicked(names));
        }
    }
    log_state::save(&mut tx.conn(), org, state).await?;
    tx.commit().await?;
    Ok(())
}

async fn names_of(conn: &mut Conn<'_>, org: OrgId, keys: &[ItemKey]) -> Result<Vec<String>, StoreError> {
    let mut names = Vec::new();
    for key in keys {
        names.extend(items::by_key(conn, org, *key).await?.map(|(name, _)| name));
    }
    Ok(names)
}

/// One request inside the group. An error in here is that request's alone, unless the database itself is in trouble.
async fn one(
    conn: &mut Conn<'_>,
    state: &mut LogState,
    mut work: Work<'_>,
    request: &Request,
    revision_before: i64,
) -> Result<Result<Told, ServiceError>, StoreError> {
    let before = state.clone();
    let mark = work.dictionary.mark();
    let touched_before = std::mem::take(work.touched);
    savepoint::set(conn).await?;
    let outcome = match answered(conn, state, &mut work, request, revision_before).await {
        Ok(outcome) => outcome,
        Err(error) if concerns_everybody(&error) => return Err(error),
        Err(error) => {
            tracing::error!(%error, "a request failed alone");
            Err(ServiceError::Broken(error))
        }
    };
    if outcome.is_ok() {
        savepoint::release(conn).await?;
    } else {
        savepoint::undo(conn).await?;
        *state = before;
        work.dictionary.undo(mark);
        *work.touched = Touched::default();
    }
    work.touched.join(&touched_before);
    Ok(outcome)
}

/// What a request is told: the receipt it got before, a new one, or why nothing of it is kept.
async fn answered(
    conn: &mut Conn<'_>,
    state: &mut LogState,
    work: &mut Work<'_>,
    request: &Request,
    revision_before: i64,
) -> Result<Result<Told, ServiceError>, StoreError> {
    if let Some((key, hash)) = &request.idempotency
        && let Some(kept) = kept_receipt(conn, work.org, key, hash, work.now).await?
    {
        return Ok(kept.map(|receipt| Told { receipt, is_new: false }));
    }
    let receipt = written(conn, state, work, request, revision_before).await?;
    if request.atomicity == Atomicity::AllOrNothing && receipt.quarantined > 0 {
        return Ok(Err(not_whole(&receipt)));
    }
    match quarantine_full(state, &receipt, 0, work.limits) {
        Some(full) => Ok(Err(full.into())),
        None => Ok(Ok(Told { receipt, is_new: true })),
    }
}

async fn written(
    conn: &mut Conn<'_>,
    state: &mut LogState,
    work: &mut Work<'_>,
    request: &Request,
    revision_before: i64,
) -> Result<Receipt, StoreError> {
    let mut receipt = apply(conn, state, work, &request.prepared).await?;
    if let Some(noted) = &request.pushed {
        noted.keep(conn, work.org, receipt.received, work.now).await?;
    }
    // The group's facts are written under one revision, after all its requests.
    receipt.revision = revision_before + i64::from(!work.touched.is_empty());
    if let Some((key, hash)) = &request.idempotency {
        let text = serde_json::to_string(&receipt).map_err(|_| StoreError::damaged("a receipt cannot be written"))?;
        idempotency::keep(conn, work.org, key, hash, &text, work.now).await?;
    }
    Ok(receipt)
}

const fn concerns_everybody(error: &StoreError) -> bool {
    matches!(
        error,
        StoreError::Busy
            | StoreError::TookTooLong
            | StoreError::Away(_)
            | StoreError::Full
            | StoreError::Disk(_)
            | StoreError::Stopped
    )
}

/// The receipt this request got before, or why its key cannot be used again.
async fn kept_receipt(
    conn: &mut Conn<'_>,
    org: OrgId,
    key: &RequestKey,
    hash: &Hash,
    now: Timestamp,
) -> Result<Option<Result<Receipt, ServiceError>>, StoreError> {
    let Some(kept) = idempotency::find(conn, org, key, now).await? else {
        return Ok(None);
    };
    if kept.request_hash != hash {
        let detail = format!("the idempotency key `{}` was used for another request", key.key.escape_debug());
        let refusal = Refusal::new("idempotency_mismatch", detail).hint("use a new key for a new request");
        return Ok(Some(Err(refusal.into())));
    }
    let receipt = serde_json::from_str(&kept.receipt).map_err(|_| StoreError::damaged("a kept receipt"))?;
    Ok(Some(Ok(receipt)))
}

fn not_whole(receipt: &Receipt) -> ServiceError {
    let detail =
        format!("{} of {} lines cannot be accepted; nothing was stored", receipt.quarantined, receipt.received);
    Refusal::new("not_atomic", detail).hint("mend them, or send without `atomic`").into()
}

#[cfg(test)]
mod tests {
    use crate::{
        Clock, FIRST_ORG, ServiceError, Services, ServicesOptions,
        authorise::{Caller, Granted, Object, Proves, authorise, proof},
        identity::record::Origin,
        ingest::{FoldItem, ImportInput, ImportOptions, SendEvents, fold_with},
        services::opening::open_folding,
        verify::Depth,
    };
    use domain::{calendar::Calendar, event::ItemEvent, policy::Policy, time::Timestamp};
    use std::{
        path::Path,
        sync::{
            Arc,
            atomic::{AtomicI64, Ordering},
        },
    };
    use store::{Database, StoreOptions, batches::Counts};

    const NOW: Timestamp = Timestamp::from_seconds(1_780_000_000);

    /// Folds like the product, and panics over an event that carries the word.
    fn fold_that_panics() -> FoldItem {
        let policy = Arc::new(Policy::built_in().unwrap());
        let plain = fold_with(policy.clone(), Arc::new(Calendar::of(&policy).unwrap()));
        Arc::new(move |events: Vec<ItemEvent>| {
            assert!(!events.iter().any(|event| event.canonical.contains("poison")), "poisoned");
            plain(events)
        })
    }

    fn options(folder: &Path) -> ServicesOptions {
        ServicesOptions {
            store: StoreOptions::new(Database::Sqlite(folder.to_owned())),
            data_dir: folder.to_owned(),
            policy: Policy::built_in().unwrap(),
        }
    }

    async fn services(folder: &Path) -> Services {
        open_folding(options(folder), Arc::new(|| NOW), fold_that_panics()).await
    }

    fn granted<P: Proves>() -> Granted<P> {
        authorise(&Caller::operator(FIRST_ORG, NOW), Object::OwnOrg).unwrap()
    }

    fn line(item: &str, reason: &str) -> String {
        let at = "2026-01-01T00:00:00Z";
        format!("{{\"item_id\":\"{item}\",\"event\":\"detected\",\"at\":\"{at}\",\"reason\":\"{reason}\"}}\n")
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn an_item_that_cannot_be_folded_is_held_and_hurts_no_other() {
        let folder = std::env::temp_dir().join(format!("wallclock-poison-{}", std::process::id()));
        let services = services(&folder).await;
        let known = line("item-7", "none").into_bytes();
        assert_eq!(services.send_events(&granted(), SendEvents::new("s", known)).await.unwrap().accepted, 1);
        let sending = (0..100).map(|number| {
            let reason = if number == 7 { "poison" } else { "none" };
            let (services, body) = (services.clone(), line(&format!("item-{number}"), reason));
            tokio::spawn(async move { services.send_events(&granted(), SendEvents::new("s", body.into_bytes())).await })
        });
        let sending: Vec<_> = sending.collect();
        let mut total = Counts::default();
        for sent in sending {
            total = total.plus(sent.await.unwrap().unwrap().counts());
        }
        assert_eq!(total, Counts { received: 100, accepted: 99, duplicate: 0, quarantined: 1 });
        let file = line("item-1", "more") + &line("item-x", "poison") + &line("item-y", "none");
        let options = ImportOptions {
            name: "f".into(),
            source: "s".into(),
            allowed: crate::ingest::AllowedSources::Any,
            received_at: crate::ingest::ReceivedAt::Stamped,
            encoding: None,
            plan: None,
            said: crate::ingest::FileSaid::default(),
            origin: Origin::default(),
        };
        let input = ImportInput::Stream(Box::new(std::io::Cursor::new(file.into_bytes())));
        let importing = granted::<proof::ImportsWrite>();
        let summary = services.import(&importing, input, options, Arc::new(|_| {})).await.unwrap();
        assert_eq!(summary.counts, Counts { received: 3, accepted: 2, duplicate: 0, quarantined: 1 });
        assert_eq!(summary.reasons.keys().collect::<Vec<_>>(), ["internal_fold"]);
        let report = services.verify(&granted::<proof::AuditRead>(), Depth::Full).await.unwrap();
        // A staged item has its number, also where all of its lines are held in the end.
        assert_eq!((report.differences, report.items), (Vec::new(), 102));
        services.store().close().await;
        std::fs::remove_dir_all(folder).unwrap();
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn a_writer_that_panics_has_stopped_and_nobody_waits_for_it() {
        let folder = std::env::temp_dir().join(format!("wallclock-panic-{}", std::process::id()));
        let left = Arc::new(AtomicI64::new(i64::MAX));
        let countdown = left.clone();
        let clock: Clock = Arc::new(move || {
            assert!(countdown.fetch_sub(1, Ordering::SeqCst) != 1, "the clock broke");
            NOW
        });
        let options = options(&folder);
        let services = open_folding(options, clock, fold_that_panics()).await;
        let send = async |item: &str| {
            let body = line(item, "none").into_bytes();
            services.send_events(&granted(), SendEvents::new("s", body)).await
        };
        assert_eq!(send("a").await.unwrap().accepted, 1);
        // The sender reads the clock once, then the writer.
        left.store(2, Ordering::SeqCst);
        assert!(matches!(send("b").await, Err(ServiceError::OutcomeUnknown)));
        while !services.writing_has_stopped() {
            tokio::task::yield_now().await;
        }
        left.store(i64::MAX, Ordering::SeqCst);
        assert!(matches!(send("c").await, Err(ServiceError::StorageUnavailable(_))));
        services.store().close().await;
        std::fs::remove_dir_all(folder).unwrap();
    }
}
