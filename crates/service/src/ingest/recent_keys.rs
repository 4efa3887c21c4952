//! Which events has this import staged a moment ago? Exports repeat themselves within a few lines, and what is told apart
//! here need not be written to be set aside later. What is forgotten is found out when the import is published.

use domain::id::SourceId;
use foldhash::quality::RandomState;
use std::collections::HashMap;
use store::event_keys::{Content, EventKey};

/// Keys of one generation: with the generation before, about 10 MB.
const KEYS_MAX: usize = 100_000;

/// What the log knew of a source before an import.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Before {
    /// No event at all: nothing needs to be asked about it.
    Nothing,
    /// Any of its events may be known.
    Events,
}

/// What was met under a key before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Met {
    /// Nothing that is remembered.
    New,
    /// The same content.
    Same,
    /// Other content.
    Other,
}

/// What an import has staged lately.
#[derive(Debug, Default)]
pub(crate) struct RecentKeys {
    young: HashMap<(SourceId, EventKey), Content, RandomState>,
    old: HashMap<(SourceId, EventKey), Content, RandomState>,
    has_forgotten: bool,
    /// What the log knew of each source when the import first met it.
    asked: HashMap<SourceId, Before>,
}

impl RecentKeys {
    /// Whether the very same event was staged; else it is from now on.
    pub(crate) fn is_repeated(&mut self, source: SourceId, key: EventKey, content: Content) -> bool {
        self.meet(source, key, content) == Met::Same
    }

    /// What was met under that key; the first is remembered.
    pub(crate) fn meet(&mut self, source: SourceId, key: EventKey, content: Content) -> Met {
        let at = (source, key);
        if let Some(known) = self.young.get(&at).or_else(|| self.old.get(&at)) {
            return if *known == content { Met::Same } else { Met::Other };
        }
        if self.young.len() == KEYS_MAX {
            self.has_forgotten |= !self.old.is_empty();
            self.old = std::mem::take(&mut self.young);
        }
        self.young.insert(at, content);
        Met::New
    }

    /// Whether some of what was met is forgotten.
    pub(crate) const fn has_forgotten(&self) -> bool {
        self.has_forgotten
    }

    /// Whether the source had events in the log when the import first met it, if that was asked.
    pub(crate) fn before(&self, source: SourceId) -> Option<Before> {
        self.asked.get(&source).copied()
    }

    /// Notes whether it had.
    pub(crate) fn note(&mut self, source: SourceId, before: Before) {
        self.asked.insert(source, before);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_event_is_repeated_and_another_one_under_its_key_is_not() {
        let mut recent = RecentKeys::default();
        let source = SourceId::from_row(1);
        assert!(!recent.is_repeated(source, [1; 16], Content::of("a")));
        assert!(recent.is_repeated(source, [1; 16], Content::of("a")));
        assert_eq!(recent.meet(source, [1; 16], Content::of("b")), Met::Other);
        assert!(!recent.is_repeated(SourceId::from_row(2), [1; 16], Content::of("a")));
    }
}
