//! Which imports run or ran a moment ago, and how far is each?

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use app::islands::{JobState, JobView};
use domain::id::OrgId;
use service::identity::secret::new_key;
use service::ingest::Progress;
use store::audit::Actor;
use store::batches::Counts;

use crate::clock::started;
use crate::problem::{Code, Problem};

/// Jobs remembered; the oldest finished ones go first.
const JOBS_MAX: usize = 200;

/// Imports of this process.
#[derive(Clone, Default)]
pub struct Uploads(Arc<Mutex<BTreeMap<String, Job>>>);

struct Job {
    key: JobKey,
    began: Instant,
    view: JobView,
}

impl Job {
    /// What failed counts as never sent: the same form, with other answers perhaps, is tried again. What waits for a person
    /// among it has its file here already, and the file that comes again meets it.
    fn is_of(&self, key: &JobKey) -> bool {
        self.key == *key && self.view.state != JobState::Failed
    }

    /// The file of a draft does not come again: what waits for a person is all that is left of its form.
    fn is_left_of(&self, key: &JobKey) -> bool {
        self.key == *key && (self.view.state != JobState::Failed || self.view.waits.is_some())
    }
}

/// Whose upload it is; a form that was sent twice has the same key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JobKey {
    pub org: OrgId,
    pub actor: Actor,
    pub idempotency: String,
}

impl Uploads {
    /// A new job, or the one that this very form made before.
    ///
    /// # Errors
    /// When no id can be made.
    pub fn open(&self, key: &JobKey, file: &str, bytes: u64) -> Result<(String, bool), Problem> {
        let mut jobs = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let before = jobs.iter().find(|(_, job)| job.is_of(key) && !key.idempotency.is_empty());
        if let Some((id, _)) = before {
            return Ok((id.clone(), false));
        }
        while jobs.len() >= JOBS_MAX {
            let over = jobs.iter().filter(|(_, job)| is_over(&job.view)).min_by_key(|(_, job)| job.began);
            let Some(oldest) = over.map(|(id, _)| id.clone()) else {
                return Err(Problem::new(Code::Busy).retry_after(10));
            };
            jobs.remove(&oldest);
        }
        let id = new_key().map_err(|_| Problem::new(Code::Internal))?.expose().clone();
        let view = JobView {
            id: id.clone(),
            file: file.to_owned(),
            state: JobState::Waiting,
            total_bytes: bytes,
            ..JobView::default()
        };
        jobs.insert(id.clone(), Job { key: key.clone(), began: started(), view });
        Ok((id, true))
    }

    /// The job that this very form made before of a file that waited here; also one that waits for a person.
    #[must_use]
    pub fn find(&self, key: &JobKey) -> Option<String> {
        let jobs = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        jobs.iter().find(|(_, job)| job.is_left_of(key)).map(|(id, _)| id.clone())
    }

    /// The address of the page that shows what became of it.
    #[must_use]
    pub fn page(&self, id: &str) -> String {
        let jobs = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        jobs.get(id).map_or_else(|| "/sources".to_owned(), |job| job.view.page())
    }

    /// How far it is, for its own organisation.
    #[must_use]
    pub fn view(&self, org: OrgId, id: &str) -> Option<JobView> {
        let jobs = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        jobs.get(id).filter(|job| job.key.org == org).map(|job| job.view.clone())
    }

    /// Notes how far it is.
    pub fn follow(&self, id: &str, progress: Progress) {
        self.change(id, |job| {
            job.view.state = JobState::Reading;
            job.view.bytes = progress.bytes;
            count(job, progress.counts);
        });
    }

    /// Notes that all of it can be seen, with what there is to say about it.
    pub fn finish(&self, id: &str, counts: Counts, message: String) {
        self.change(id, |job| {
            job.view.state = JobState::Done;
            job.view.bytes = job.view.total_bytes;
            job.view.message = message;
            count(job, counts);
        });
    }

    /// Notes that its import waits for a person: nothing of it counts, and its file is kept.
    pub fn hold(&self, id: &str, import: i64, message: String) {
        self.change(id, |job| {
            job.view.state = JobState::Failed;
            job.view.waits = Some(import);
            job.view.message = message;
        });
    }

    /// Notes that nothing of it counts.
    pub fn fail(&self, id: &str, message: String) {
        self.change(id, |job| {
            job.view.state = JobState::Failed;
            job.view.message = message;
        });
    }

    fn change(&self, id: &str, with: impl FnOnce(&mut Job)) {
        let mut jobs = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(job) = jobs.get_mut(id) {
            with(job);
        }
    }
}

fn count(job: &mut Job, counts: Counts) {
    job.view.received = counts.received;
    job.view.accepted = counts.accepted;
    job.view.duplicate = counts.duplicate;
    job.view.quarantined = counts.quarantined;
    let milliseconds = u64::try_from(job.began.elapsed().as_millis()).unwrap_or(u64::MAX).max(1);
    job.view.rate = counts.received.saturating_mul(1_000) / milliseconds;
}

fn is_over(view: &JobView) -> bool {
    matches!(view.state, JobState::Done | JobState::Failed)
}
