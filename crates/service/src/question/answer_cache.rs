//! Which answers are known already? The same question over the same facts has the same answer, so it is kept until
//! something is learnt.

use domain::id::{OrgId, Revision};
use std::sync::{Arc, Mutex, PoisonError};

/// Answers of one sort kept at a time: more filters than a team looks at in an hour.
const KEPT_MAX: usize = 32;

/// The answers of one sort in memory, oldest first. `K` is what makes two questions the same, besides whose facts are
/// asked and as of which revision; the policy never changes while a process runs.
pub(crate) struct Answers<K, T>(Mutex<Vec<Kept<K, T>>>);

struct Kept<K, T> {
    org: OrgId,
    revision: Revision,
    question: K,
    answer: Arc<T>,
}

impl<K, T> Default for Answers<K, T> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}

impl<K: PartialEq, T> Answers<K, T> {
    /// The answer, if it is known.
    pub(crate) fn find(&self, org: OrgId, revision: Revision, question: &K) -> Option<Arc<T>> {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let same = |known: &&Kept<K, T>| (known.org, known.revision) == (org, revision) && known.question == *question;
        kept.iter().find(same).map(|known| known.answer.clone())
    }

    /// Keeps an answer.
    pub(crate) fn keep(&self, org: OrgId, revision: Revision, question: K, answer: Arc<T>) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        // A revision that has passed never comes back.
        kept.retain(|known| known.org != org || known.revision == revision);
        if kept.len() >= KEPT_MAX {
            kept.remove(0);
        }
        kept.push(Kept { org, revision, question, answer });
    }
}
