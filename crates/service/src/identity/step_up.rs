//! Is it still the same person? Acts that matter want the password again, and the sign-in goes on under a new key.

use std::net::IpAddr;

use store::audit::Actor;
use store::people::PersonRow;
use store::sessions::NewSession;
use store::{audit, people, sessions};

use super::people::{Identity, broken};
use super::record::Origin;
use super::secret::{Secret, hash_of, new_key};
use super::sessions::{Attempt, SESSIONS_MAX, SignedIn};
use crate::error::{Refusal, ServiceError};

impl Identity {
    /// Takes the password again and gives the sign-in a new key; its twelve hours go on, and the old key is over.
    ///
    /// # Errors
    /// `sign_in_failed` for a wrong password, [`ServiceError::Busy`] when it comes too early,
    /// [`ServiceError::NotFound`] when the sign-in ended meanwhile, or what the store says.
    pub async fn step_up(
        &self,
        key: &str,
        signed_in: &SignedIn,
        password: Secret<String>,
        address: IpAddr,
        origin: Origin,
    ) -> Result<Secret<String>, ServiceError> {
        let refused = origin.refused(self.now(), signed_in.caller.actor(), "session.step_up", "");
        let attempt = Attempt { account: &signed_in.email, address, refused };
        // Whether the person may still act is asked where the sign-in is renewed.
        let person = self.person_behind(attempt, password, |_| true).await?;
        let wrong = || Refusal::new("sign_in_failed", "the password is not right").place("password");
        let person = person.ok_or_else(wrong)?;
        self.renew(key, &person, origin).await
    }

    async fn renew(&self, key: &str, person: &PersonRow, origin: Origin) -> Result<Secret<String>, ServiceError> {
        let fresh = new_key().map_err(|error| broken(error.into()))?;
        let (store, org, now, id) = (self.store.clone(), self.org, self.now(), person.id());
        let (old, new) = (hash_of(key), hash_of(fresh.expose()));
        store::run(async move {
            let mut tx = store.begin().await?;
            let mut conn = tx.conn();
            let act = origin.did(now, Actor::Person(id.get()), "session.step_up", "");
            audit::append(&mut conn, org, &act).await?;
            let session = sessions::find(&mut conn, org, &old).await?.ok_or(ServiceError::NotFound)?;
            // Whatever ended the old key since the password was checked ends the new one too.
            let person = people::by_id(&mut conn, org, session.person()).await?.ok_or(ServiceError::NotFound)?;
            if person.id() != id || person.rights_version != session.rights_version {
                return Err(ServiceError::NotFound);
            }
            sessions::end(&mut conn, org, &old).await?;
            let session = NewSession {
                hash: new,
                person: id,
                made_at: session.made_at(),
                proved_at: now,
                rights_version: session.rights_version,
                address: origin.address.clone(),
                agent: origin.agent.clone(),
            };
            sessions::add(&mut conn, org, &session, SESSIONS_MAX).await?;
            tx.commit().await?;
            Ok(())
        })
        .await?;
        Ok(fresh)
    }
}
