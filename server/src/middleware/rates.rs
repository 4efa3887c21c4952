//! Does this caller ask too often? One bucket of turns each, filled again with time.

use std::collections::BTreeMap;
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};
use std::time::Instant;

/// Memory is bounded: beyond this, full buckets are forgotten.
const BUCKETS_MAX: usize = 50_000;

/// Who asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Asker {
    /// Somebody we do not know.
    Address(IpAddr),
    /// A person by id.
    Person(i64),
    /// A token by id.
    Token(i64),
    /// A tool that sends by itself, by id.
    Webhook(i64),
}

/// Turns left for each asker.
#[derive(Debug, Default)]
pub struct Rates(Mutex<BTreeMap<Asker, Bucket>>);

#[derive(Clone, Copy, Debug)]
struct Bucket {
    turns: f64,
    at: Instant,
}

impl Rates {
    /// Takes a turn.
    ///
    /// # Errors
    /// Whole seconds until there is one.
    pub fn take(&self, asker: Asker, (per_second, at_once): (f64, f64), now: Instant) -> Result<(), u64> {
        let mut buckets = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if buckets.len() >= BUCKETS_MAX {
            buckets.retain(|_, bucket| bucket.turns < at_once / 2.0);
        }
        let bucket = buckets.entry(asker).or_insert(Bucket { turns: at_once, at: now });
        let waited = now.saturating_duration_since(bucket.at).as_secs_f64();
        bucket.turns = (bucket.turns + waited * per_second).min(at_once);
        bucket.at = now;
        if bucket.turns < 1.0 {
            return Err(1);
        }
        bucket.turns -= 1.0;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    #[test]
    fn a_burst_is_served_and_then_the_rate_holds() {
        let (rates, start) = (Rates::default(), Instant::now());
        let asker = Asker::Token(1);
        let served = (0..100).filter(|_| rates.take(asker, (2.0, 10.0), start).is_ok()).count();
        assert_eq!(served, 10);
        let later = start + Duration::from_secs(3);
        let served = (0..100).filter(|_| rates.take(asker, (2.0, 10.0), later).is_ok()).count();
        assert_eq!(served, 6);
        assert!(rates.take(Asker::Token(2), (2.0, 10.0), later).is_ok());
    }
}
