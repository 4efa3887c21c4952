//! The moment a view describes, and the moment up to which knowledge counts.

use crate::time::Timestamp;

/// A view uses the events that happened before `as_of` and had reached us by `known_at`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct View {
    /// What the view describes ends here; events with `at < as_of` count.
    pub as_of: Timestamp,
    /// Events with `received_at <= known_at` count.
    pub known_at: Timestamp,
    /// Since when the organisation has been watched.
    pub observed_from: Timestamp,
}

/// Whether an unverified closure counts as an end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Verification {
    /// Closed but unverified is still open: the headline.
    Strict,
    /// It ended when it was closed.
    Lenient,
}
