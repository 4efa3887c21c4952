//! How do people come in, and what are they now?

use std::sync::Arc;

use domain::id::{OrgId, PersonId};
use domain::time::Timestamp;
use store::audit::Actor;
use store::people::{NewPerson, PersonRow};
use store::{Conn, Store, StoreError, audit, people};

use super::password::{self, HashError, Hasher};
use super::record::Origin;
use super::role::{Membership, Role, Standing};
use super::secret::Secret;
use super::throttle::Throttle;
use crate::authorise::{Caller, Object, authorise_freshly, proof};
use crate::error::{Refusal, ServiceError};
use crate::services::Clock;

/// An address longer than this is none.
const EMAIL_BYTES_MAX: usize = 254;
/// A name longer than this is cut.
const NAME_CHARACTERS_MAX: usize = 120;

/// Everything about who somebody is; cloning it is cheap.
#[derive(Clone)]
pub struct Identity {
    pub(super) store: Store,
    pub(super) org: OrgId,
    pub(super) clock: Clock,
    pub(super) hasher: Hasher,
    pub(super) throttle: Throttle,
    pub(super) last_uses: Arc<super::sessions::LastUses>,
}

/// A person to be added.
#[derive(Clone, Debug)]
pub struct PersonToAdd {
    /// The address to sign in with.
    pub email: String,
    /// For display; empty means the address.
    pub name: String,
    /// The first password.
    pub password: Secret<String>,
    /// The role.
    pub role: Role,
}

impl Identity {
    /// The people of one organisation.
    #[must_use]
    pub fn new(store: Store, org: OrgId, clock: Clock) -> Self {
        Self { store, org, clock, hasher: Hasher::default(), throttle: Throttle::default(), last_uses: Arc::default() }
    }

    /// The organisation.
    #[must_use]
    pub const fn org(&self) -> OrgId {
        self.org
    }

    pub(super) fn now(&self) -> Timestamp {
        (self.clock)()
    }

    /// The operator's shell as a caller.
    #[must_use]
    pub fn operator(&self) -> Caller {
        Caller::operator(self.org, self.now())
    }

    /// Whether nobody can sign in yet.
    ///
    /// # Errors
    /// What the store says.
    pub async fn is_empty(&self) -> Result<bool, ServiceError> {
        let (store, org) = (self.store.clone(), self.org);
        store::run(async move {
            let mut reader = store.reader().await?;
            Ok(people::count(&mut reader.conn(), org).await? == 0)
        })
        .await
    }

    /// Adds a person. Owners are made by owners and by the operator alone.
    ///
    /// # Errors
    /// `email_taken`, `bad_email`, `password_refused`, or what the store says.
    pub async fn add_person(
        &self,
        caller: &Caller,
        person: PersonToAdd,
        origin: Origin,
    ) -> Result<PersonId, ServiceError> {
        let actor = match person.role {
            Role::Owner => authorise_freshly::<proof::OrgManage>(caller, Object::OwnOrg)?.caller().actor(),
            Role::Admin | Role::Ciso | Role::Analyst | Role::DrillLead | Role::BoardViewer => {
                authorise_freshly::<proof::UsersManage>(caller, Object::OwnOrg)?.caller().actor()
            }
        };
        let row = self.row_of(person).await?;
        let (store, org, now) = (self.store.clone(), self.org, self.now());
        store::run(async move {
            let mut tx = store.begin().await?;
            let id = add_recorded(&mut tx.conn(), org, &row, &origin, actor, now).await?;
            tx.commit().await?;
            Ok(id)
        })
        .await
    }

    /// Gives a person a new password and ends all sign-ins of theirs.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`], `password_refused`, or what the store says.
    pub async fn set_password(
        &self,
        caller: &Caller,
        email: &str,
        password: Secret<String>,
        origin: Origin,
    ) -> Result<(), ServiceError> {
        let actor = authorise_freshly::<proof::OrgManage>(caller, Object::OwnOrg)?.caller().actor();
        let email = email_of(email)?;
        password::check(password.expose()).map_err(refusal_of)?;
        let hash = self.hasher.hash(password).await.map_err(broken)?;
        let (store, org, now) = (self.store.clone(), self.org, self.now());
        store::run(async move {
            let mut tx = store.begin().await?;
            let mut conn = tx.conn();
            let person = people::by_email(&mut conn, org, &email).await?.ok_or(ServiceError::NotFound)?;
            let act = origin.did(now, actor, "person.set_password", person.id().get().to_string());
            audit::append(&mut conn, org, &act).await?;
            people::set_password(&mut conn, org, person.id(), &hash).await?;
            store::sessions::end_all_of(&mut conn, org, person.id()).await?;
            tx.commit().await?;
            Ok(())
        })
        .await
    }

    pub(super) async fn row_of(&self, person: PersonToAdd) -> Result<NewPerson, ServiceError> {
        let email = email_of(&person.email)?;
        password::check(person.password.expose()).map_err(refusal_of)?;
        let hash = self.hasher.hash(person.password).await.map_err(broken)?;
        let name = person.name.trim();
        let name = if name.is_empty() { email.as_str() } else { name };
        Ok(NewPerson {
            name: name.chars().filter(|letter| !letter.is_control()).take(NAME_CHARACTERS_MAX).collect(),
            email,
            role: person.role.as_str(),
            membership: Membership::Active.as_str(),
            teams: String::new(),
            password_hash: Some(hash),
            created_at: self.now(),
        })
    }
}

/// Adds the person and the record of it.
pub(super) async fn add_recorded(
    conn: &mut Conn<'_>,
    org: OrgId,
    row: &NewPerson,
    origin: &Origin,
    actor: Actor,
    now: Timestamp,
) -> Result<PersonId, ServiceError> {
    let id = people::add(conn, org, row).await.map_err(taken)?;
    let mut act = origin.did(now, actor, "person.add", id.get().to_string());
    act.detail = format!("role {}", row.role);
    audit::append(conn, org, &act).await?;
    Ok(id)
}

fn taken(error: StoreError) -> ServiceError {
    if matches!(&error, StoreError::Constraint(name) if name.contains("email")) {
        return Refusal::new("email_taken", "somebody with this address is here already").place("email").into();
    }
    error.into()
}

/// What a stored person holds at this moment. Words that nobody knows grant nothing.
pub(super) fn standing_of(row: &PersonRow) -> Option<Standing> {
    Some(Standing {
        role: row.role.parse().ok()?,
        membership: row.membership.parse().ok()?,
        teams: row.teams.lines().map(str::to_owned).collect(),
        auditor_until: row.auditor_until(),
    })
}

/// The address as it is stored.
///
/// # Errors
/// `bad_email`.
pub(super) fn email_of(text: &str) -> Result<String, ServiceError> {
    let email = text.trim().to_lowercase();
    let plain = !email.chars().any(|letter| letter.is_control() || letter.is_whitespace());
    let whole = email.split_once('@').is_some_and(|(name, host)| !name.is_empty() && !host.is_empty());
    if plain && whole && email.len() <= EMAIL_BYTES_MAX {
        return Ok(email);
    }
    Err(Refusal::new("bad_email", "this is not an e-mail address").place("email").into())
}

pub(super) fn refusal_of(refused: password::PasswordRefused) -> ServiceError {
    Refusal::new("password_refused", refused.to_string())
        .hint("choose at least 12 characters; a few unrelated words are easy to keep in mind")
        .place("password")
        .into()
}

/// A hash that cannot be made is a fault of the machine.
pub(super) fn broken(error: HashError) -> ServiceError {
    tracing::error!(event = "hash_failed", reason = %error, "a password could not be hashed");
    ServiceError::Broken(StoreError::Stopped)
}
