//! Who writes? One task a process: it gathers what waits, commits it with one flush, and only then answers.

use super::{
    group::{Desk, Outcomes, Request},
    receipt::Receipt,
};
use crate::{
    error::ServiceError,
    limits::{GROUP_EVENTS_MAX, GROUP_REQUESTS_MAX, GROUP_WAIT, QUEUE_KIB_MAX, QUEUE_REQUESTS_MAX},
};
use domain::id::OrgId;
use std::{
    collections::BTreeMap,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};
use store::{Store, StoreError};
use tokio::sync::{
    OwnedSemaphorePermit, Semaphore,
    mpsc::{self, error::TrySendError},
    oneshot,
};

/// A request with the way back to whoever sent it.
struct Job {
    request: Request,
    reply: oneshot::Sender<Result<Receipt, ServiceError>>,
    /// Its share of the memory of the queue, given back when it is answered.
    _share: OwnedSemaphorePermit,
}

/// The way to the writing task.
pub(crate) struct Writer {
    store: Store,
    queue: mpsc::Sender<Job>,
    budget: Arc<Semaphore>,
    stopped: Arc<AtomicBool>,
}

impl Writer {
    /// Starts the writing task.
    pub(crate) fn start(desk: Desk) -> Self {
        let (queue, waiting) = mpsc::channel(QUEUE_REQUESTS_MAX);
        let stopped = Arc::new(AtomicBool::new(false));
        let store = desk.store.clone();
        tokio::spawn(work(desk, waiting, stopped.clone()));
        Self { store, queue, budget: Arc::new(Semaphore::new(QUEUE_KIB_MAX)), stopped }
    }

    /// Whether the writer has stopped for good: the disk failed, or it found its own sums wrong.
    pub(crate) fn has_stopped(&self) -> bool {
        self.stopped.load(Ordering::Acquire)
    }

    /// Queues a request and waits until it is durable.
    pub(crate) async fn write(&self, request: Request) -> Result<Receipt, ServiceError> {
        if self.has_stopped() {
            return Err(stopped());
        }
        self.store.refuse_without_room()?;
        let busy = || ServiceError::Busy { retry_after_seconds: 1 };
        let kib = (request.prepared.bytes / 1_024 + 1).min(QUEUE_KIB_MAX);
        let share = u32::try_from(kib).unwrap_or(u32::MAX);
        let share = self.budget.clone().try_acquire_many_owned(share).map_err(|_| busy())?;
        let (reply, answer) = oneshot::channel();
        self.queue.try_send(Job { request, reply, _share: share }).map_err(|refused| match refused {
            TrySendError::Full(_) => busy(),
            TrySendError::Closed(_) => stopped(),
        })?;
        // Without an answer nobody knows whether it was committed: the same bytes sent again tell.
        answer.await.unwrap_or(Err(ServiceError::OutcomeUnknown))
    }
}

/// However the writing task ends, a panic included: nobody may wait for it any more.
struct Ended(Arc<AtomicBool>);

impl Drop for Ended {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Release);
    }
}

async fn work(mut desk: Desk, mut waiting: mpsc::Receiver<Job>, stopped: Arc<AtomicBool>) {
    let _ended = Ended(stopped.clone());
    while let Some(first) = waiting.recv().await {
        let jobs = gather(first, &mut waiting).await;
        if let Err(error) = commit(&mut desk, jobs).await {
            desk.store.note(&error);
        }
        if let Err(error) = desk.store.checkpoint_when_due().await {
            tracing::warn!(%error, "the log file of SQLite could not be moved into the database");
        }
        if desk.store.has_failed() {
            stopped.store(true, Ordering::Release);
            refuse(&mut waiting).await;
            return;
        }
    }
}

/// Answers whoever waits: nothing of theirs was begun.
async fn refuse(waiting: &mut mpsc::Receiver<Job>) {
    waiting.close();
    while let Some(job) = waiting.recv().await {
        drop(job.reply.send(Err(stopped())));
    }
}

const fn stopped() -> ServiceError {
    ServiceError::StorageUnavailable(StoreError::Stopped)
}

/// Takes what waits, up to the limits of a group. The timer is the only one around database work, and it holds none.
async fn gather(first: Job, waiting: &mut mpsc::Receiver<Job>) -> Vec<Job> {
    let mut lines = first.request.prepared.lines();
    let mut jobs = vec![first];
    let deadline = tokio::time::Instant::now() + GROUP_WAIT;
    while jobs.len() < GROUP_REQUESTS_MAX && lines < GROUP_EVENTS_MAX {
        let Ok(Some(next)) = tokio::time::timeout_at(deadline, waiting.recv()).await else {
            break;
        };
        lines += next.request.prepared.lines();
        jobs.push(next);
    }
    jobs
}

/// Commits the jobs, those of one organisation together, and answers each.
async fn commit(desk: &mut Desk, jobs: Vec<Job>) -> Result<(), StoreError> {
    let mut by_org: BTreeMap<OrgId, Vec<Job>> = BTreeMap::new();
    for job in jobs {
        by_org.entry(job.request.org).or_default().push(job);
    }
    let mut trouble = Ok(());
    for (org, mut jobs) in by_org {
        let mut requests: Vec<&mut Request> = jobs.iter_mut().map(|job| &mut job.request).collect();
        let outcomes: Outcomes = match desk.commit(org, &mut requests).await {
            Ok(outcomes) => outcomes,
            Err(error) => {
                tracing::error!(%error, requests = jobs.len(), "a group was not committed");
                let outcomes = jobs.iter().map(|_| Err(failure(&error))).collect();
                trouble = Err(error);
                outcomes
            }
        };
        for (job, outcome) in jobs.into_iter().zip(outcomes) {
            // Whoever hung up does not hear the answer; what was committed stays.
            drop(job.reply.send(outcome));
        }
    }
    trouble
}

fn failure(error: &StoreError) -> ServiceError {
    match error {
        StoreError::Busy | StoreError::TookTooLong => ServiceError::Busy { retry_after_seconds: 2 },
        StoreError::Full => ServiceError::StorageFull,
        StoreError::Away(_) => ServiceError::OutcomeUnknown,
        StoreError::Damaged(what) => ServiceError::Broken(StoreError::Damaged(what.clone())),
        StoreError::Locked(_)
        | StoreError::Directory { .. }
        | StoreError::Unsafe(_)
        | StoreError::SchemaNewer(_)
        | StoreError::Migration(_)
        | StoreError::Disk(_)
        | StoreError::Constraint(_)
        | StoreError::Stopped
        | StoreError::Broken(_) => stopped(),
    }
}
