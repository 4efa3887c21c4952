//! May this sign-in be tried now? Waiting times that grow with wrong tries, for an account from a network and for an address.

use std::collections::BTreeMap;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::sync::{Arc, Mutex, PoisonError};

use domain::time::Timestamp;

/// Wrong tries without a wait.
const FREE_TRIES: u32 = 5;
/// The longest wait between two tries.
const WAIT_SECONDS_MAX: i64 = 60;
/// A quiet hour forgets wrong tries.
const FORGET_SECONDS: i64 = 3_600;
/// Tries of one address in a minute.
const TRIES_PER_MINUTE: u32 = 30;
/// A pair of account and network that signed in lately is not held back by the tries of others.
const KNOWN_SECONDS: i64 = 30 * 86_400;
/// Memory is bounded: beyond this the oldest entries are forgotten first.
const ENTRIES_MAX: usize = 50_000;

/// Wrong tries so far.
#[derive(Clone, Debug, Default)]
pub struct Throttle(Arc<Mutex<Tries>>);

#[derive(Debug, Default)]
struct Tries {
    accounts: BTreeMap<(String, IpAddr), Account>,
    addresses: BTreeMap<IpAddr, Minute>,
}

#[derive(Clone, Copy, Debug)]
struct Account {
    wrong: u32,
    last: Timestamp,
    signed_in: Option<Timestamp>,
}

#[derive(Clone, Copy, Debug)]
struct Minute {
    began: Timestamp,
    tries: u32,
}

/// How long to wait before the next try.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WaitSeconds(pub i64);

impl Throttle {
    /// Counts a try of `account` from `address`.
    ///
    /// # Errors
    /// [`WaitSeconds`] when it comes too early.
    pub fn admit(&self, account: &str, address: IpAddr, now: Timestamp) -> Result<(), WaitSeconds> {
        let mut tries = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        tries.forget(now);
        let key = (account.to_owned(), network_of(address));
        let known = tries.accounts.get(&key).copied();
        let trusted = known.and_then(|entry| entry.signed_in).is_some_and(|at| now.since(at) < KNOWN_SECONDS);
        if let Some(entry) = known {
            let wait = wait_after(entry.wrong) - now.since(entry.last);
            if wait > 0 {
                return Err(WaitSeconds(wait));
            }
        }
        let minute = tries.addresses.entry(address).or_insert(Minute { began: now, tries: 0 });
        if now.since(minute.began) >= 60 {
            *minute = Minute { began: now, tries: 0 };
        }
        if minute.tries >= TRIES_PER_MINUTE && !trusted {
            return Err(WaitSeconds(60 - now.since(minute.began)));
        }
        minute.tries = minute.tries.saturating_add(1);
        Ok(())
    }

    /// Remembers how the try ended.
    pub fn note(&self, account: &str, address: IpAddr, now: Timestamp, outcome: TryOutcome) {
        let mut tries = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let key = (account.to_owned(), network_of(address));
        let entry = tries.accounts.entry(key).or_insert(Account { wrong: 0, last: now, signed_in: None });
        entry.last = now;
        match outcome {
            TryOutcome::SignedIn => {
                entry.wrong = 0;
                entry.signed_in = Some(now);
            }
            TryOutcome::Wrong => entry.wrong = entry.wrong.saturating_add(1),
        }
    }
}

/// How a try ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TryOutcome {
    /// The password was right.
    SignedIn,
    /// It was not.
    Wrong,
}

impl Tries {
    fn forget(&mut self, now: Timestamp) {
        if self.accounts.len() >= ENTRIES_MAX {
            self.accounts.retain(|_, entry| entry.signed_in.is_some() || now.since(entry.last) < FORGET_SECONDS);
        }
        if self.accounts.len() >= ENTRIES_MAX {
            self.accounts.clear();
        }
        if self.addresses.len() >= ENTRIES_MAX {
            self.addresses.clear();
        }
    }
}

/// Five tries are free, then 1, 2, 4 … 60 seconds.
fn wait_after(wrong: u32) -> i64 {
    match wrong.checked_sub(FREE_TRIES) {
        None => 0,
        Some(beyond) => (1_i64 << beyond.min(6)).min(WAIT_SECONDS_MAX),
    }
}

/// The /24 or the /64: one customer's network.
fn network_of(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V4(short) => IpAddr::V4(Ipv4Addr::from_bits(short.to_bits() & !0xff)),
        IpAddr::V6(long) => IpAddr::V6(Ipv6Addr::from_bits(long.to_bits() & !u128::from(u64::MAX))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HERE: IpAddr = IpAddr::V4(Ipv4Addr::new(192, 0, 2, 7));
    const ELSEWHERE: IpAddr = IpAddr::V4(Ipv4Addr::new(198, 51, 100, 7));

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_seconds(seconds)
    }

    fn wrong(throttle: &Throttle, address: IpAddr, now: i64) -> Result<(), WaitSeconds> {
        throttle.admit("a@example.org", address, at(now))?;
        throttle.note("a@example.org", address, at(now), TryOutcome::Wrong);
        Ok(())
    }

    #[test]
    fn five_tries_are_free_and_then_the_wait_doubles_up_to_a_minute() {
        let throttle = Throttle::default();
        for _ in 0..5 {
            assert_eq!(wrong(&throttle, HERE, 0), Ok(()));
        }
        let mut now = 0;
        for wait in [1, 2, 4, 8, 16, 32, 60, 60] {
            assert_eq!(wrong(&throttle, HERE, now), Err(WaitSeconds(wait)));
            now += wait;
            assert_eq!(wrong(&throttle, HERE, now), Ok(()));
        }
    }

    #[test]
    fn a_thousand_wrong_tries_from_elsewhere_do_not_lock_the_owner_out() {
        let throttle = Throttle::default();
        throttle.admit("a@example.org", HERE, at(0)).unwrap();
        throttle.note("a@example.org", HERE, at(0), TryOutcome::SignedIn);
        let refused = (0..1_000).filter(|second| wrong(&throttle, ELSEWHERE, *second).is_err()).count();
        assert!(refused > 900, "{refused}");
        assert_eq!(throttle.admit("a@example.org", HERE, at(1_000)), Ok(()));
    }

    #[test]
    fn one_address_has_thirty_tries_a_minute_over_all_accounts() {
        let throttle = Throttle::default();
        for number in 0..30 {
            assert_eq!(throttle.admit(&format!("{number}@example.org"), HERE, at(0)), Ok(()));
        }
        assert_eq!(throttle.admit("31@example.org", HERE, at(10)), Err(WaitSeconds(50)));
        assert_eq!(throttle.admit("31@example.org", HERE, at(60)), Ok(()));
    }

    #[test]
    fn signing_in_forgets_wrong_tries() {
        let throttle = Throttle::default();
        for _ in 0..5 {
            wrong(&throttle, HERE, 0).unwrap();
        }
        throttle.note("a@example.org", HERE, at(0), TryOutcome::SignedIn);
        assert_eq!(wrong(&throttle, HERE, 0), Ok(()));
    }
}
