//! The one handle to everything the product can do.

use crate::{
    error::{Refusal, ServiceError},
    ingest::{Desk, FoldItem, Running, Writer, clear_spool, fold_with, lapse, refold_when_outdated},
    limits::IngestLimits,
    question::{
        answer_cache::Answers,
        clocks::Clocks,
        evidence::Evidence,
        gap::Gap,
        source_ages::LastEvents,
        sources::ToldBySource,
        trend::{MonthEnds, TrendMonth},
    },
    view_ledger::Ledgers,
    webhook::refuse_other_key,
};
use domain::{calendar::Calendar, id::OrgId, policy::Policy, time::Timestamp, view::View};
use std::{
    path::{Path, PathBuf},
    sync::Arc,
};
use store::{Access, Store, StoreError, StoreOptions, chain::Hash, idempotency::RequestKey};

/// Where the current moment comes from. Only the server's `clock.rs` reads the system clock.
pub type Clock = Arc<dyn Fn() -> Timestamp + Send + Sync>;

/// The organisation every database begins with.
pub const FIRST_ORG: OrgId = OrgId::from_row(1);

/// Trends kept at a time; each folds every item once a month.
const TRENDS_KEPT_MAX: usize = 32;
/// Answers kept at a time of each question that draws replicates.
const ANSWERS_KEPT_MAX: usize = 64;
/// What was noticed about the items, kept for so many views; each looks at every item.
const EVIDENCE_KEPT_MAX: usize = 8;

/// What a process needs to know before it can serve.
#[derive(Clone)]
pub struct ServicesOptions {
    /// The database.
    pub store: StoreOptions,
    /// Where uploads wait and keys lie.
    pub data_dir: PathBuf,
    /// The policy facts are folded by.
    pub policy: Policy,
}

/// The one handle; cloning it is cheap.
#[derive(Clone)]
pub struct Services(Arc<Inner>);

struct Inner {
    store: Store,
    data_dir: PathBuf,
    policy: Arc<Policy>,
    calendar: Arc<Calendar>,
    clock: Clock,
    fold_item: FoldItem,
    /// Absent in a process that only reads.
    writer: Option<Writer>,
    ingest_limits: IngestLimits,
    /// Requests that are sent under a key right now, and files that are imported.
    requests: Running<(OrgId, RequestKey)>,
    imports: Running<(OrgId, String, Hash)>,
    ledgers: Ledgers,
    trends: Answers<MonthEnds, Vec<TrendMonth>>,
    gaps: Answers<View, Gap>,
    clock_answers: Answers<View, Clocks>,
    evidence: Answers<View, Evidence>,
    told: Answers<(), ToldBySource>,
    last_events: Answers<View, LastEvents>,
}

impl Services {
    /// Opens the database and starts the writer.
    ///
    /// # Errors
    /// What the store refuses, or a policy whose calendar cannot be built.
    pub async fn open(options: ServicesOptions, clock: Clock) -> Result<Self, ServiceError> {
        Self::open_within(options, clock, IngestLimits::default()).await
    }

    /// The same with other limits of the log.
    ///
    /// # Errors
    /// As [`Services::open`].
    pub async fn open_within(
        options: ServicesOptions,
        clock: Clock,
        ingest_limits: IngestLimits,
    ) -> Result<Self, ServiceError> {
        let calendar = Calendar::of(&options.policy).map_err(|bad| Refusal::new("bad_policy", bad.to_string()))?;
        let (policy, calendar) = (Arc::new(options.policy), Arc::new(calendar));
        let fold_item = fold_with(policy.clone(), calendar.clone());
        let opened = Opened { store: options.store, data_dir: options.data_dir, policy, calendar, ingest_limits };
        Self::open_with(opened, clock, fold_item).await
    }

    async fn open_with(opened: Opened, clock: Clock, fold_item: FoldItem) -> Result<Self, ServiceError> {
        let store = Store::open(&opened.store).await?;
        if store.access() != Access::Read {
            refuse_other_key(&store, &opened.data_dir).await?;
        }
        let writer = match store.access() {
            Access::Write => {
                end_interrupted_imports(&store, clock()).await?;
                lapse(&store, FIRST_ORG, clock(), &opened.data_dir).await?;
                clear_spool(&store, FIRST_ORG, clock(), &opened.data_dir).await?;
                refold_when_outdated(&store, FIRST_ORG, &fold_item).await?;
                let desk = Desk::new(store.clone(), fold_item.clone(), clock.clone(), opened.ingest_limits);
                Some(Writer::start(desk))
            }
            Access::Beside | Access::Read => None,
        };
        let Opened { data_dir, policy, calendar, ingest_limits, .. } = opened;
        Ok(Self(Arc::new(Inner {
            store,
            data_dir,
            policy,
            calendar,
            clock,
            fold_item,
            writer,
            ingest_limits,
            requests: Running::default(),
            imports: Running::default(),
            ledgers: Ledgers::default(),
            trends: Answers::at_most(TRENDS_KEPT_MAX),
            gaps: Answers::at_most(ANSWERS_KEPT_MAX),
            clock_answers: Answers::at_most(ANSWERS_KEPT_MAX),
            evidence: Answers::at_most(EVIDENCE_KEPT_MAX),
            told: Answers::at_most(1),
            last_events: Answers::at_most(64),
        })))
    }

    /// The database.
    #[must_use]
    pub fn store(&self) -> &Store {
        &self.0.store
    }

    /// Where uploads wait and keys lie.
    #[must_use]
    pub fn data_dir(&self) -> &Path {
        &self.0.data_dir
    }

    /// The policy facts are folded by.
    #[must_use]
    pub fn policy(&self) -> &Arc<Policy> {
        &self.0.policy
    }

    /// The calendar of that policy.
    #[must_use]
    pub fn calendar(&self) -> &Arc<Calendar> {
        &self.0.calendar
    }

    /// The moment it is now.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        (self.0.clock)()
    }

    pub(crate) fn clock(&self) -> Clock {
        self.0.clock.clone()
    }

    /// Whether the writer has stopped for good because the disk failed: the process should end with code 70.
    #[must_use]
    pub fn writing_has_stopped(&self) -> bool {
        self.0.store.has_failed() || self.0.writer.as_ref().is_some_and(Writer::has_stopped)
    }

    pub(crate) fn writer(&self) -> Result<&Writer, ServiceError> {
        self.0.writer.as_ref().ok_or(ServiceError::StorageUnavailable(StoreError::Stopped))
    }

    pub(crate) fn fold_item(&self) -> &FoldItem {
        &self.0.fold_item
    }

    pub(crate) fn ingest_limits(&self) -> &IngestLimits {
        &self.0.ingest_limits
    }

    pub(crate) fn requests(&self) -> &Running<(OrgId, RequestKey)> {
        &self.0.requests
    }

    pub(crate) fn imports(&self) -> &Running<(OrgId, String, Hash)> {
        &self.0.imports
    }

    pub(crate) fn ledgers(&self) -> &Ledgers {
        &self.0.ledgers
    }

    pub(crate) fn trends(&self) -> &Answers<MonthEnds, Vec<TrendMonth>> {
        &self.0.trends
    }

    pub(crate) fn gaps(&self) -> &Answers<View, Gap> {
        &self.0.gaps
    }

    pub(crate) fn clock_answers(&self) -> &Answers<View, Clocks> {
        &self.0.clock_answers
    }

    pub(crate) fn evidence_kept(&self) -> &Answers<View, Evidence> {
        &self.0.evidence
    }

    pub(crate) fn told_kept(&self) -> &Answers<(), ToldBySource> {
        &self.0.told
    }

    pub(crate) fn last_events_kept(&self) -> &Answers<View, LastEvents> {
        &self.0.last_events
    }
}

struct Opened {
    store: StoreOptions,
    data_dir: PathBuf,
    policy: Arc<Policy>,
    calendar: Arc<Calendar>,
    ingest_limits: IngestLimits,
}

/// What a killed process left half-way still says that it runs. With the lock of the data directory held nobody else can be
/// importing; PostgreSQL is shared, and there whoever imports holds a lock that ends with its connection.
async fn end_interrupted_imports(store: &Store, now: Timestamp) -> Result<(), StoreError> {
    let mut tx = store.begin().await?;
    store::imports::interrupt_abandoned(&mut tx.conn(), FIRST_ORG, now).await?;
    tx.commit().await
}

#[cfg(test)]
pub(crate) mod opening {
    //! Opens services with another fold, to see what a fold that fails does.
    use super::{Arc, Calendar, Clock, FoldItem, IngestLimits, Opened, Services, ServicesOptions};

    pub(crate) async fn open_folding(options: ServicesOptions, clock: Clock, fold_item: FoldItem) -> Services {
        let calendar = Arc::new(Calendar::of(&options.policy).unwrap());
        let (policy, ingest_limits) = (Arc::new(options.policy), IngestLimits::default());
        let opened = Opened { store: options.store, data_dir: options.data_dir, policy, calendar, ingest_limits };
        Services::open_with(opened, clock, fold_item).await.unwrap()
    }
}
