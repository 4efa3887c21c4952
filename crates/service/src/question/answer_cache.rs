//! Which answers are known already? Drawing four hundred replicates takes a moment, and a trend folds every item once a
//! month, so an answer is kept until something is learnt.

use domain::id::{OrgId, Revision};
use metrics::ledger::Filter;
use std::sync::{Arc, Mutex, PoisonError};

/// What makes two answers to one question the same; `M` says of which moments they speak.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct AnswerKey<M> {
    pub(crate) org: OrgId,
    pub(crate) revision: Revision,
    /// Held to what the reader may see, so that nobody is told what somebody else may.
    pub(crate) filter: Filter,
    pub(crate) moments: M,
}

/// The answers of one question in memory, oldest first.
pub(crate) struct Answers<M, T> {
    max: usize,
    kept: Mutex<Vec<(AnswerKey<M>, Arc<T>)>>,
}

impl<M: PartialEq, T> Answers<M, T> {
    /// Keeps so many at a time: more filters than a team looks at in an hour.
    pub(crate) const fn at_most(max: usize) -> Self {
        Self { max, kept: Mutex::new(Vec::new()) }
    }

    pub(crate) fn find(&self, key: &AnswerKey<M>) -> Option<Arc<T>> {
        let kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.iter().find(|(known, _)| known == key).map(|(_, answer)| answer.clone())
    }

    pub(crate) fn keep(&self, key: AnswerKey<M>, answer: Arc<T>) {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        // A revision that has passed never comes back.
        kept.retain(|(known, _)| known.org != key.org || known.revision == key.revision);
        if kept.len() >= self.max {
            kept.remove(0);
        }
        kept.push((key, answer));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::services::FIRST_ORG;
    use domain::{time::Timestamp, view::View};

    const KEPT_MAX: usize = 64;

    fn key(revision: i64, team: &str) -> AnswerKey<View> {
        let at = Timestamp::from_seconds;
        let moments = View { as_of: at(100), known_at: at(100), observed_from: at(0) };
        let filter = Filter { team: Some(team.to_owned()), ..Filter::default() };
        AnswerKey { org: FIRST_ORG, revision: Revision::from_row(revision), filter, moments }
    }

    #[test]
    fn an_answer_is_found_by_everything_that_makes_it() {
        let answers = Answers::at_most(KEPT_MAX);
        answers.keep(key(1, "apps"), Arc::new(7));
        assert_eq!(answers.find(&key(1, "apps")).as_deref(), Some(&7));
        assert_eq!(answers.find(&key(1, "network")), None);
        assert_eq!(answers.find(&key(2, "apps")), None);
        let later = AnswerKey {
            moments: View { as_of: Timestamp::from_seconds(101), ..key(1, "apps").moments },
            ..key(1, "apps")
        };
        assert_eq!(answers.find(&later), None);
    }

    #[test]
    fn what_was_learnt_since_drops_the_answers_before_it() {
        let answers = Answers::at_most(KEPT_MAX);
        answers.keep(key(1, "apps"), Arc::new(7));
        answers.keep(key(2, "network"), Arc::new(8));
        assert_eq!(answers.find(&key(1, "apps")), None);
        assert_eq!(answers.find(&key(2, "network")).as_deref(), Some(&8));
    }

    #[test]
    fn no_more_are_kept_than_the_limit() {
        let answers = Answers::at_most(KEPT_MAX);
        for number in 0..=KEPT_MAX {
            answers.keep(key(1, &number.to_string()), Arc::new(number));
        }
        assert_eq!(answers.find(&key(1, "0")), None, "the oldest has made room");
        assert_eq!(answers.find(&key(1, "1")).as_deref(), Some(&1));
    }
}
