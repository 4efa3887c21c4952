//! How does the first owner come in? By a code that is printed once and dies within an hour.

use domain::id::OrgId;
use domain::time::Timestamp;
use store::accounts::OrgRow;
use store::audit::Actor;
use store::people::NewPerson;
use store::{Conn, accounts, people, setup};

use super::people::{Identity, PersonToAdd, add_recorded, broken};
use super::record::Origin;
use super::role::Role;
use super::secret::{Secret, hash_of, looks_like_key, new_key, same};
use super::sessions::begin_recorded;
use crate::error::ServiceError;

/// How long the code holds.
const CODE_SECONDS: i64 = 3_600;
/// A longer name of an organisation is cut.
const ORGANISATION_CHARACTERS_MAX: usize = 120;
/// Wrong codes until it is over.
const CODE_TRIES: i64 = 5;

/// The first owner, as the set-up form sends it.
#[derive(Clone, Debug)]
pub struct FirstOwner {
    /// The name of the organisation; empty keeps the one it has.
    pub organisation: String,
    /// The address to sign in with.
    pub email: String,
    /// For display.
    pub name: String,
    /// The first password.
    pub password: Secret<String>,
}

impl Identity {
    /// A fresh code while nobody can sign in, else `None`. An older code is over then.
    ///
    /// # Errors
    /// What the store says.
    pub async fn new_setup_code(&self) -> Result<Option<Secret<String>>, ServiceError> {
        if !self.is_empty().await? {
            return Ok(None);
        }
        let code = new_key().map_err(|error| broken(error.into()))?;
        let (store, org, hash) = (self.store.clone(), self.org, hash_of(code.expose()));
        let expires_at = self.now().plus(CODE_SECONDS);
        store::run(async move {
            let mut tx = store.begin().await?;
            setup::put(&mut tx.conn(), org, &hash, expires_at, CODE_TRIES).await?;
            tx.commit().await?;
            Ok::<(), ServiceError>(())
        })
        .await?;
        Ok(Some(code))
    }

    /// Whether the code opens the set-up page now; a wrong one costs a try.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] for every reason there is, or what the store says.
    pub async fn open_setup(&self, code: &str) -> Result<(), ServiceError> {
        let (store, org, now, code) = (self.store.clone(), self.org, self.now(), code.to_owned());
        store::run(async move {
            let mut tx = store.begin().await?;
            let open = is_open(&mut tx.conn(), org, &code, now).await?;
            tx.commit().await?;
            if open { Ok(()) } else { Err(ServiceError::NotFound) }
        })
        .await
    }

    /// Makes the first owner, ends the code and signs the owner in: all of it or nothing.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] when the code does not hold, `bad_email`, `password_refused`, or what the store says.
    pub async fn complete_setup(
        &self,
        code: &str,
        owner: FirstOwner,
        origin: Origin,
    ) -> Result<Secret<String>, ServiceError> {
        self.open_setup(code).await?;
        let organisation = organisation_of(&owner.organisation);
        let person = PersonToAdd { email: owner.email, name: owner.name, password: owner.password, role: Role::Owner };
        let row = self.row_of(person).await?;
        let key = new_key().map_err(|error| broken(error.into()))?;
        let (store, org, now, code, hash) =
            (self.store.clone(), self.org, self.now(), code.to_owned(), hash_of(key.expose()));
        store::run(async move {
            let mut tx = store.begin().await?;
            let mut conn = tx.conn();
            if !is_open(&mut conn, org, &code, now).await? {
                return Err(ServiceError::NotFound);
            }
            first_owner(&mut conn, org, &row, hash, &origin, now).await?;
            name_organisation(&mut conn, org, organisation).await?;
            tx.commit().await?;
            Ok(())
        })
        .await?;
        Ok(key)
    }
}

async fn first_owner(
    conn: &mut Conn<'_>,
    org: OrgId,
    row: &NewPerson,
    hash: [u8; 32],
    origin: &Origin,
    now: Timestamp,
) -> Result<(), ServiceError> {
    let id = add_recorded(conn, org, row, origin, Actor::Nobody, now).await?;
    // Whoever came first while we hashed has closed the door: the record above made us wait for them.
    if people::count(conn, org).await? != 1 {
        return Err(ServiceError::NotFound);
    }
    setup::end(conn, org).await?;
    let person = people::by_id(conn, org, id).await?.ok_or(ServiceError::NotFound)?;
    begin_recorded(conn, org, &person, hash, origin, now).await?;
    Ok(())
}

async fn name_organisation(conn: &mut Conn<'_>, org: OrgId, name: String) -> Result<(), ServiceError> {
    if !name.is_empty() {
        accounts::name(conn, org, &OrgRow { name, watermark: String::new() }).await?;
    }
    Ok(())
}

/// A name for display: without control characters, cut.
fn organisation_of(text: &str) -> String {
    text.trim().chars().filter(|letter| !letter.is_control()).take(ORGANISATION_CHARACTERS_MAX).collect()
}

/// Whether the code holds: right, in time, tries left, and nobody here yet.
async fn is_open(conn: &mut Conn<'_>, org: OrgId, code: &str, now: Timestamp) -> Result<bool, ServiceError> {
    let Some(row) = setup::get(conn, org).await? else {
        return Ok(false);
    };
    if now >= row.expires_at() || row.tries_left <= 0 || people::count(conn, org).await? > 0 {
        return Ok(false);
    }
    if looks_like_key(code) && same(&hash_of(code), &row.hash) {
        return Ok(true);
    }
    setup::spend_try(conn, org).await?;
    Ok(false)
}
