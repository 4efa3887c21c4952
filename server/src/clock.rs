//! What time is it? The one place that asks the system; everything else is told.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Instant, SystemTime, UNIX_EPOCH};

use domain::time::Timestamp;

/// Where moments come from: the system, or a hand that tests move.
#[derive(Clone, Debug)]
pub enum Clock {
    /// The clock of the machine.
    System,
    /// Stands still until it is moved.
    Held(Arc<AtomicI64>),
}

impl Clock {
    /// A clock that stands at `at`.
    #[must_use]
    pub fn held(at: Timestamp) -> Self {
        Self::Held(Arc::new(AtomicI64::new(at.seconds())))
    }

    /// Whole seconds since 1970.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        match self {
            Self::System => Timestamp::from_seconds(system_seconds()),
            Self::Held(seconds) => Timestamp::from_seconds(seconds.load(Ordering::SeqCst)),
        }
    }

    /// The same clock for the services.
    #[must_use]
    pub fn handle(&self) -> service::Clock {
        let clock = self.clone();
        Arc::new(move || clock.now())
    }

    /// Moves a held clock; the system's clock is not ours to move.
    pub fn advance(&self, seconds: i64) {
        if let Self::Held(held) = self {
            held.fetch_add(seconds, Ordering::SeqCst);
        }
    }
}

#[expect(clippy::disallowed_methods, reason = "the one place that asks the system")]
fn system_seconds() -> i64 {
    let now = SystemTime::now();
    match now.duration_since(UNIX_EPOCH) {
        Ok(since) => i64::try_from(since.as_secs()).unwrap_or(i64::MAX),
        Err(before) => i64::try_from(before.duration().as_secs()).map_or(i64::MIN, |seconds| -seconds),
    }
}

/// A moment for measuring how long something took; says nothing about the date.
#[must_use]
pub fn started() -> Instant {
    Instant::now()
}
