//! Is this browser signed in? Keys in cookies, hashes in the database, and two clocks that end a sign-in.

use std::collections::BTreeMap;
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};

use domain::id::OrgId;
use domain::time::Timestamp;
use store::audit::{Act, Actor};
use store::people::PersonRow;
use store::sessions::{NewSession, SessionRow};
use store::{Conn, audit, people, sessions};

use super::people::{Identity, broken, email_of, standing_of};
use super::record::Origin;
use super::role::Membership;
use super::secret::{Secret, hash_of, looks_like_key, new_key};
use super::throttle::TryOutcome;
use crate::authorise::Caller;
use crate::error::{Refusal, ServiceError};
use store::StoreError;

/// A sign-in that is not used for so long is over.
const IDLE_SECONDS: i64 = 30 * 60;
/// Every sign-in is over after so long.
const WHOLE_SECONDS: i64 = 12 * 3_600;
/// Sign-ins of one person at once.
pub(super) const SESSIONS_MAX: i64 = 10;
/// The last use is written down at most so often.
const TOUCH_SECONDS: i64 = 60;
/// Last uses kept in memory.
const LAST_USES_MAX: usize = 10_000;

/// Last uses that may not have reached the database yet.
#[derive(Debug, Default)]
pub(super) struct LastUses(Mutex<BTreeMap<[u8; 32], Timestamp>>);

impl LastUses {
    /// The later of what is stored and what is remembered.
    fn latest(&self, hash: &[u8; 32], stored: Timestamp) -> Timestamp {
        let uses = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        uses.get(hash).copied().unwrap_or(stored).max(stored)
    }

    fn note(&self, hash: [u8; 32], now: Timestamp) {
        let mut uses = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if uses.len() >= LAST_USES_MAX {
            uses.retain(|_, at| now.since(*at) < IDLE_SECONDS);
        }
        if uses.len() < LAST_USES_MAX {
            uses.insert(hash, now);
        }
    }
}

/// A person behind a sign-in.
#[derive(Clone, Debug)]
pub struct SignedIn {
    /// As a caller.
    pub caller: Caller,
    /// For display.
    pub name: String,
    /// For display.
    pub email: String,
}

/// A password that somebody tries.
pub(super) struct Attempt<'a> {
    pub(super) account: &'a str,
    pub(super) address: IpAddr,
    /// What the audit trail says when it is wrong.
    pub(super) refused: Act,
}

impl Identity {
    /// Signs a person in and gives the key for the cookie.
    ///
    /// # Errors
    /// `sign_in_failed` for whatever was wrong, [`ServiceError::Busy`] when it comes too early.
    pub async fn sign_in(
        &self,
        email: &str,
        password: Secret<String>,
        address: IpAddr,
        origin: Origin,
    ) -> Result<Secret<String>, ServiceError> {
        let now = self.now();
        // Whatever was typed counts as one account; what cannot be an address belongs to nobody.
        let account = email_of(email).unwrap_or_default();
        let attempt =
            Attempt { account: &account, address, refused: origin.refused(now, Actor::Nobody, "session.begin", "") };
        let person = self.person_behind(attempt, password, is_active).await?;
        let person =
            person.ok_or_else(|| Refusal::new("sign_in_failed", "the address or the password is not right"))?;
        let key = new_key().map_err(|error| broken(error.into()))?;
        let (store, org, hash) = (self.store.clone(), self.org, hash_of(key.expose()));
        store::run(async move {
            let mut tx = store.begin().await?;
            begin_recorded(&mut tx.conn(), org, &person, hash, &origin, now).await?;
            tx.commit().await?;
            Ok::<(), ServiceError>(())
        })
        .await?;
        Ok(key)
    }

    /// Whose password this is, if it is anybody's who may: one hash and one answer, whoever it is. What is wrong slows the
    /// next attempt down and is put on record.
    pub(super) async fn person_behind(
        &self,
        attempt: Attempt<'_>,
        password: Secret<String>,
        may: impl Fn(&PersonRow) -> bool,
    ) -> Result<Option<PersonRow>, ServiceError> {
        let Attempt { account, address, refused } = attempt;
        let now = refused.at;
        self.throttle
            .admit(account, address, now)
            .map_err(|wait| ServiceError::Busy { retry_after_seconds: u32::try_from(wait.0).unwrap_or(60) })?;
        let person = self.person_by_email(account).await?;
        let stored = person.as_ref().and_then(|person| person.password_hash.clone());
        let fits = self.hasher.verify(password, stored).await.map_err(broken)?;
        let person = person.filter(|person| fits && may(person));
        let outcome = if person.is_some() { TryOutcome::SignedIn } else { TryOutcome::Wrong };
        self.throttle.note(account, address, now, outcome);
        if person.is_none() {
            self.put_on_record(refused).await?;
        }
        Ok(person)
    }

    async fn person_by_email(&self, email: &str) -> Result<Option<PersonRow>, ServiceError> {
        let (store, org, email) = (self.store.clone(), self.org, email.to_owned());
        store::run(async move {
            let mut reader = store.reader().await?;
            Ok(people::by_email(&mut reader.conn(), org, &email).await?)
        })
        .await
    }

    /// Writes down what changed nothing else.
    pub(super) async fn put_on_record(&self, act: Act) -> Result<(), ServiceError> {
        let (store, org) = (self.store.clone(), self.org);
        store::run(async move {
            let mut tx = store.begin().await?;
            audit::append(&mut tx.conn(), org, &act).await?;
            tx.commit().await?;
            Ok(())
        })
        .await
    }

    /// Whose sign-in a key is, if it still holds. The person's rights are those of this moment.
    ///
    /// # Errors
    /// What the store says.
    pub async fn who(&self, key: &str) -> Result<Option<SignedIn>, ServiceError> {
        if !looks_like_key(key) {
            return Ok(None);
        }
        let (store, org, hash, now) = (self.store.clone(), self.org, hash_of(key), self.now());
        let found = store::run(async move {
            let mut reader = store.reader().await?;
            let mut conn = reader.conn();
            let Some(session) = sessions::find(&mut conn, org, &hash).await? else {
                return Ok(None);
            };
            let person = people::by_id(&mut conn, org, session.person()).await?;
            Ok::<_, ServiceError>(person.map(|person| (session, person)))
        })
        .await?;
        let Some((session, person)) = found else {
            return Ok(None);
        };
        if !self.holds(&session, &person, &hash, now) {
            return Ok(None);
        }
        let Some(standing) = standing_of(&person) else {
            return Ok(None);
        };
        self.touch(hash, session.used_at(), now);
        Ok(Some(SignedIn {
            caller: Caller::person(self.org, person.id(), standing, now).proved(session.proved_at()),
            name: person.name,
            email: person.email,
        }))
    }

    fn holds(&self, session: &SessionRow, person: &PersonRow, hash: &[u8; 32], now: Timestamp) -> bool {
        let used_at = self.last_uses.latest(hash, session.used_at());
        is_active(person)
            && session.rights_version == person.rights_version
            && now.since(session.made_at()) < WHOLE_SECONDS
            && now.since(used_at) < IDLE_SECONDS
    }

    /// Writes the last use down behind the reader's back: no page waits for the only writing connection.
    fn touch(&self, hash: [u8; 32], stored: Timestamp, now: Timestamp) {
        self.last_uses.note(hash, now);
        if now.since(stored) < TOUCH_SECONDS {
            return;
        }
        let (store, org) = (self.store.clone(), self.org);
        tokio::spawn(async move {
            let written = async {
                let mut tx = store.begin().await?;
                sessions::touch(&mut tx.conn(), org, &hash, now).await?;
                tx.commit().await
            };
            if let Err(error) = written.await {
                tracing::warn!(event = "touch_failed", reason = %error, "the last use of a sign-in was not written");
            }
        });
    }

    /// Ends a sign-in; ending none is fine.
    ///
    /// # Errors
    /// What the store says.
    pub async fn sign_out(&self, key: &str, caller: &Caller, origin: Origin) -> Result<(), ServiceError> {
        let (store, org, hash, now, actor) = (self.store.clone(), self.org, hash_of(key), self.now(), caller.actor());
        store::run(async move {
            let mut tx = store.begin().await?;
            let mut conn = tx.conn();
            audit::append(&mut conn, org, &origin.did(now, actor, "session.end", "")).await?;
            sessions::end(&mut conn, org, &hash).await?;
            let before = |seconds: i64| now.plus(-seconds);
            sessions::end_expired(&mut conn, org, before(WHOLE_SECONDS), before(IDLE_SECONDS)).await?;
            tx.commit().await?;
            Ok(())
        })
        .await
    }
}

fn is_active(person: &PersonRow) -> bool {
    person.membership.parse() == Ok(Membership::Active)
}

/// Begins a sign-in and the record of it.
pub(super) async fn begin_recorded(
    conn: &mut Conn<'_>,
    org: OrgId,
    person: &PersonRow,
    hash: [u8; 32],
    origin: &Origin,
    now: Timestamp,
) -> Result<(), StoreError> {
    let actor = Actor::Person(person.id().get());
    audit::append(conn, org, &origin.did(now, actor, "session.begin", "")).await?;
    let session = NewSession {
        hash,
        person: person.id(),
        made_at: now,
        proved_at: now,
        rights_version: person.rights_version,
        address: origin.address.clone(),
        agent: origin.agent.clone(),
    };
    sessions::add(conn, org, &session, SESSIONS_MAX).await
}
