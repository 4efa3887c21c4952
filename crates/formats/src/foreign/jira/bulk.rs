//! Were many issues changed by one person in one second? What such an edit meant for each of them, nobody can tell.

use domain::time::Timestamp;
use std::collections::{BTreeMap, BTreeSet};

/// So many issues make it one edit of many.
const ISSUES_MIN: u8 = 20;

/// So many seconds of persons are counted at once; beyond that those met only once are forgotten.
const COUNTED_MAX: usize = 200_000;

/// More persons than any Jira has: then all is counted anew.
const AUTHORS_MAX: usize = 100_000;

/// How many issues each person changed in each second.
#[derive(Debug, Default)]
pub(super) struct Bulk {
    authors: BTreeMap<String, u32>,
    counts: BTreeMap<(i64, u32), u8>,
}

impl Bulk {
    /// Counts the changes of one issue; answers with the edits that became one of many by it.
    pub(super) fn count<'a>(&mut self, changes: impl Iterator<Item = (&'a str, Timestamp)>) -> Vec<String> {
        let of_issue: BTreeSet<(&str, Timestamp)> = changes.collect();
        let mut found = Vec::new();
        for (author, at) in of_issue {
            let next = u32::try_from(self.authors.len()).unwrap_or(u32::MAX);
            let number = match self.authors.get(author) {
                Some(number) => *number,
                None => *self.authors.entry(author.to_owned()).or_insert(next),
            };
            let count = self.counts.entry((at.seconds(), number)).or_default();
            *count = count.saturating_add(1);
            if *count == ISSUES_MIN {
                found.push(format!("`{author}` at {at}"));
            }
        }
        if self.counts.len() > COUNTED_MAX {
            self.counts.retain(|_, count| *count > 1);
        }
        if self.counts.len() > COUNTED_MAX || self.authors.len() > AUTHORS_MAX {
            *self = Self::default();
        }
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_twentieth_issue_of_one_second_tells_and_a_second_history_of_one_issue_does_not() {
        let at = Timestamp::parse("2026-03-01T10:00:00Z").unwrap();
        let mut bulk = Bulk::default();
        for issue in 1..=25 {
            let found = bulk.count([("ann", at), ("ann", at)].into_iter());
            assert_eq!(found.len(), usize::from(issue == 20), "{issue}");
        }
        assert!(bulk.count([("bob", at)].into_iter()).is_empty());
    }

    #[test]
    fn what_is_counted_stays_bounded() {
        let mut bulk = Bulk::default();
        for second in 0..=COUNTED_MAX {
            bulk.count([("ann", Timestamp::from_seconds(i64::try_from(second).unwrap()))].into_iter());
        }
        assert!(bulk.counts.len() <= COUNTED_MAX);
    }
}
