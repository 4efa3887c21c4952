//! What is under way at this very moment? The same thing is not begun twice at once.

use std::{
    collections::BTreeSet,
    sync::{Arc, Mutex, PoisonError},
};

/// What is under way in this process. Another process is kept apart by the lock of the log: it waits, and then finds
/// what the first one left.
#[derive(Debug)]
pub(crate) struct Running<K: Ord>(Arc<Mutex<BTreeSet<K>>>);

/// Under way until this is dropped.
#[derive(Debug)]
pub(crate) struct Entered<K: Ord> {
    all: Arc<Mutex<BTreeSet<K>>>,
    key: K,
}

impl<K: Ord> Default for Running<K> {
    fn default() -> Self {
        Self(Arc::default())
    }
}

impl<K: Ord + Clone> Running<K> {
    /// Begins, or says that it is under way.
    pub(crate) fn enter(&self, key: K) -> Option<Entered<K>> {
        let is_new = self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(key.clone());
        is_new.then(|| Entered { all: self.0.clone(), key })
    }
}

impl<K: Ord> Drop for Entered<K> {
    fn drop(&mut self) {
        self.all.lock().unwrap_or_else(PoisonError::into_inner).remove(&self.key);
    }
}

#[cfg(test)]
mod tests {
    use super::Running;

    #[test]
    fn the_same_thing_begins_again_once_it_has_ended() {
        let running = Running::default();
        let first = running.enter("a");
        assert!(first.is_some() && running.enter("a").is_none() && running.enter("b").is_some());
        drop(first);
        assert!(running.enter("a").is_some());
    }
}
