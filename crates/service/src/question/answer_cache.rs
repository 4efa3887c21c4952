//! Which answers are known already? Drawing four hundred replicates takes a moment, so an answer is kept until something
//! is learnt.

use domain::{
    id::{OrgId, Revision},
    view::View,
};
use metrics::ledger::Filter;
use std::sync::{Arc, Mutex, PoisonError};

/// Answers of one question kept at a time: more filters than a team looks at in an hour.
const KEPT_MAX: usize = 64;

/// What makes two answers to one question the same.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct AnswerKey {
    pub(crate) org: OrgId,
    pub(crate) revision: Revision,
    /// Held to what the reader may see, so that nobody is told what somebody else may.
    pub(crate) filter: Filter,
    pub(crate) view: View,
}

/// The answers of one question in memory, oldest first.
pub(crate) struct Answers<T>(Mutex<Vec<(AnswerKey, Arc<T>)>>);

impl<T> Default for Answers<T> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}

impl<T> Answers<T> {
    pub(crate) fn find(&self, key: &AnswerKey) -> Option<Arc<T>> {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.iter().find(|(known, _)| known == key).map(|(_, answer)| answer.clone())
    }

    pub(crate) fn keep(&self, key: AnswerKey, answer: Arc<T>) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        // A revision that has passed never comes back.
        kept.retain(|(known, _)| known.org != key.org || known.revision == key.revision);
        if kept.len() >= KEPT_MAX {
            kept.remove(0);
        }
        kept.push((key, answer));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::services::FIRST_ORG;
    use domain::time::Timestamp;

    fn key(revision: i64, team: &str) -> AnswerKey {
        let at = Timestamp::from_seconds;
        let view = View { as_of: at(100), known_at: at(100), observed_from: at(0) };
        let filter = Filter { team: Some(team.to_owned()), ..Filter::default() };
        AnswerKey { org: FIRST_ORG, revision: Revision::from_row(revision), filter, view }
    }

    #[test]
    fn an_answer_is_found_by_everything_that_makes_it() {
        let answers = Answers::default();
        answers.keep(key(1, "apps"), Arc::new(7));
        assert_eq!(answers.find(&key(1, "apps")).as_deref(), Some(&7));
        assert_eq!(answers.find(&key(1, "network")), None);
        assert_eq!(answers.find(&key(2, "apps")), None);
        let later =
            AnswerKey { view: View { as_of: Timestamp::from_seconds(101), ..key(1, "apps").view }, ..key(1, "apps") };
        assert_eq!(answers.find(&later), None);
    }

    #[test]
    fn what_was_learnt_since_drops_the_answers_before_it() {
        let answers = Answers::default();
        answers.keep(key(1, "apps"), Arc::new(7));
        answers.keep(key(2, "network"), Arc::new(8));
        assert_eq!(answers.find(&key(1, "apps")), None);
        assert_eq!(answers.find(&key(2, "network")).as_deref(), Some(&8));
    }

    #[test]
    fn no_more_are_kept_than_the_limit() {
        let answers = Answers::default();
        for number in 0..=KEPT_MAX {
            answers.keep(key(1, &number.to_string()), Arc::new(number));
        }
        assert_eq!(answers.find(&key(1, "0")), None, "the oldest has made room");
        assert_eq!(answers.find(&key(1, "1")).as_deref(), Some(&1));
    }
}
