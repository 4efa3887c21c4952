//! Which trends are known already? A trend folds every item once a month, so it is kept until something is learnt.

use super::trend::TrendMonth;
use domain::{
    id::{OrgId, Revision},
    view::View,
};
use metrics::ledger::Filter;
use std::sync::{Arc, Mutex, PoisonError};

/// Trends kept at a time: more filters than a team looks at in an hour.
const KEPT_MAX: usize = 32;

/// What makes two trends the same.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct TrendKey {
    pub(crate) org: OrgId,
    pub(crate) revision: Revision,
    pub(crate) filter: Filter,
    pub(crate) views: Vec<View>,
}

impl TrendKey {
    /// Two views that both know everything learnt so far differ in nothing a fold could see.
    fn is(&self, other: &Self) -> bool {
        let moment = |view: &View| (view.as_of, view.observed_from);
        (self.org, self.revision, &self.filter) == (other.org, other.revision, &other.filter)
            && self.views.iter().map(moment).eq(other.views.iter().map(moment))
    }
}

/// The trends in memory, oldest first.
#[derive(Default)]
pub(crate) struct Trends(Mutex<Vec<(TrendKey, Arc<Vec<TrendMonth>>)>>);

impl Trends {
    pub(crate) fn find(&self, key: &TrendKey) -> Option<Arc<Vec<TrendMonth>>> {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.iter().find(|(known, _)| known.is(key)).map(|(_, months)| months.clone())
    }

    pub(crate) fn keep(&self, key: TrendKey, months: Arc<Vec<TrendMonth>>) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        // A revision that has passed never comes back.
        kept.retain(|(known, _)| known.org != key.org || known.revision == key.revision);
        if kept.len() >= KEPT_MAX {
            kept.remove(0);
        }
        kept.push((key, months));
    }
}
