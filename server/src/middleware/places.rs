//! Is there room for one more request of this kind? If not, it is told so at once.

use std::collections::BTreeMap;
use std::sync::Arc;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::limits::Class;

/// The places of each class.
#[derive(Debug)]
pub struct Places(BTreeMap<Class, Arc<Semaphore>>);

/// A place that was taken, if the class shares any.
#[derive(Debug)]
pub struct Place(
    #[expect(dead_code, reason = "held for its drop, which gives the place back")] Option<OwnedSemaphorePermit>,
);

impl Default for Places {
    fn default() -> Self {
        Self(Class::SHARED.into_iter().map(|class| (class, Arc::new(Semaphore::new(class.places())))).collect())
    }
}

impl Places {
    /// A place, or `None` when the class is full.
    #[must_use]
    pub fn take(&self, class: Class) -> Option<Place> {
        match self.0.get(&class) {
            None => Some(Place(None)),
            Some(places) => places.clone().try_acquire_owned().ok().map(|permit| Place(Some(permit))),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_class_refuses_at_once_and_others_do_not_notice() {
        let places = Places::default();
        let mut taken: Vec<Place> = std::iter::from_fn(|| places.take(Class::Upload)).collect();
        assert_eq!(taken.len(), Class::Upload.places());
        assert!(places.take(Class::Read).is_some());
        assert!(places.take(Class::Health).is_some());
        taken.pop();
        assert!(places.take(Class::Upload).is_some());
    }
}
