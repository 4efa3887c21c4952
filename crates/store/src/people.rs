//! Who belongs to an organisation, in which role, and may act?

use domain::id::{OrgId, PersonId};
use domain::time::Timestamp;

use crate::engine::Conn;
use crate::error::StoreError;
use crate::sql::{Sql, on_engine};

/// People shown on one page of the list.
const PEOPLE_PER_READ_MAX: i64 = 1_000;

const ADD: Sql = Sql::same(
    "insert into people (org_id, person_id, email, name, role, membership, teams, password_hash, rights_version, created_at)
     select $1, coalesce(max(person_id), 0) + 1, $2, $3, $4, $5, $6, $7, 1, $8
       from people
      where org_id = $1
     returning person_id",
);

const BY_EMAIL: Sql = Sql::same(
    "select person_id, email, name, role, membership, teams, auditor_until, password_hash, rights_version
       from people
      where org_id = $1 and email = $2",
);

const BY_ID: Sql = Sql::same(
    "select person_id, email, name, role, membership, teams, auditor_until, password_hash, rights_version
       from people
      where org_id = $1 and person_id = $2",
);

const LIST: Sql = Sql::same(
    "select person_id, email, name, role, membership, teams, auditor_until, password_hash, rights_version
       from people
      where org_id = $1
      order by person_id
      limit $2",
);

const COUNT: Sql = Sql::same(
    "select count(*)
       from people
      where org_id = $1",
);

const SET_PASSWORD: Sql = Sql::same(
    "update people
        set password_hash = $3, rights_version = rights_version + 1
      where org_id = $1 and person_id = $2",
);

const SET_STANDING: Sql = Sql::same(
    "update people
        set role = $3, membership = $4, teams = $5, auditor_until = $6, rights_version = rights_version + 1
      where org_id = $1 and person_id = $2",
);

/// Statements of this file, prepared on both engines by a test.
pub(crate) const ALL: &[Sql] = &[ADD, BY_EMAIL, BY_ID, LIST, COUNT, SET_PASSWORD, SET_STANDING];

/// Somebody who is about to belong to an organisation.
#[derive(Clone, Debug)]
pub struct NewPerson {
    /// In lower case; unique in the organisation.
    pub email: String,
    /// For display.
    pub name: String,
    /// The word of the role.
    pub role: &'static str,
    /// The word of the membership state.
    pub membership: &'static str,
    /// Team names, one a line; empty for the whole organisation.
    pub teams: String,
    /// In the PHC form, if there is a password.
    pub password_hash: Option<String>,
    /// When.
    pub created_at: Timestamp,
}

/// A person as stored.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct PersonRow {
    person_id: i64,
    /// In lower case.
    pub email: String,
    /// For display.
    pub name: String,
    /// The word of the role.
    pub role: String,
    /// The word of the membership state.
    pub membership: String,
    /// Team names, one a line.
    pub teams: String,
    auditor_until: Option<i64>,
    /// In the PHC form.
    pub password_hash: Option<String>,
    /// Rises with each change of password, role, teams or state; sign-ins made before it are over.
    pub rights_version: i64,
}

impl PersonRow {
    /// The id.
    #[must_use]
    pub const fn id(&self) -> PersonId {
        PersonId::from_row(self.person_id)
    }

    /// Until when the auditor grant holds.
    #[must_use]
    pub fn auditor_until(&self) -> Option<Timestamp> {
        self.auditor_until.map(Timestamp::from_seconds)
    }
}

/// What a person may be changed to.
#[derive(Clone, Debug)]
pub struct NewStanding {
    /// The word of the role.
    pub role: &'static str,
    /// The word of the membership state.
    pub membership: &'static str,
    /// Team names, one a line.
    pub teams: String,
    /// Until when the auditor grant holds.
    pub auditor_until: Option<Timestamp>,
}

/// Adds a person.
///
/// # Errors
/// [`StoreError::Constraint`] when the address is taken, or any other.
pub async fn add(conn: &mut Conn<'_>, org: OrgId, person: &NewPerson) -> Result<PersonId, StoreError> {
    let (id,): (i64,) = on_engine!(conn, ADD, |c, text| {
        let query = sqlx::query_as(text).bind(org.get()).bind(&person.email).bind(&person.name).bind(person.role);
        let query = query.bind(person.membership).bind(&person.teams).bind(&person.password_hash);
        query.bind(person.created_at.seconds()).fetch_one(c).await?
    });
    Ok(PersonId::from_row(id))
}

/// The person with that address.
///
/// # Errors
/// Any [`StoreError`].
pub async fn by_email(conn: &mut Conn<'_>, org: OrgId, email: &str) -> Result<Option<PersonRow>, StoreError> {
    Ok(on_engine!(conn, BY_EMAIL, |c, text| {
        sqlx::query_as(text).bind(org.get()).bind(email).fetch_optional(c).await?
    }))
}

/// The person with that id.
///
/// # Errors
/// Any [`StoreError`].
pub async fn by_id(conn: &mut Conn<'_>, org: OrgId, person: PersonId) -> Result<Option<PersonRow>, StoreError> {
    Ok(on_engine!(conn, BY_ID, |c, text| {
        sqlx::query_as(text).bind(org.get()).bind(person.get()).fetch_optional(c).await?
    }))
}

/// Everybody, in the order they came, at most a thousand.
///
/// # Errors
/// Any [`StoreError`].
pub async fn list(conn: &mut Conn<'_>, org: OrgId) -> Result<Vec<PersonRow>, StoreError> {
    Ok(on_engine!(conn, LIST, |c, text| {
        sqlx::query_as(text).bind(org.get()).bind(PEOPLE_PER_READ_MAX).fetch_all(c).await?
    }))
}

/// How many there are.
///
/// # Errors
/// Any [`StoreError`].
pub async fn count(conn: &mut Conn<'_>, org: OrgId) -> Result<i64, StoreError> {
    let (count,): (i64,) = on_engine!(conn, COUNT, |c, text| sqlx::query_as(text).bind(org.get()).fetch_one(c).await?);
    Ok(count)
}

/// Changes a password; sign-ins made before are over.
///
/// # Errors
/// Any [`StoreError`].
pub async fn set_password(conn: &mut Conn<'_>, org: OrgId, person: PersonId, hash: &str) -> Result<(), StoreError> {
    on_engine!(conn, SET_PASSWORD, |c, text| {
        sqlx::query(text).bind(org.get()).bind(person.get()).bind(hash).execute(c).await?;
    });
    Ok(())
}

/// Changes role, state, teams and grant; sign-ins made before are over.
///
/// # Errors
/// Any [`StoreError`].
pub async fn set_standing(
    conn: &mut Conn<'_>,
    org: OrgId,
    person: PersonId,
    standing: &NewStanding,
) -> Result<(), StoreError> {
    on_engine!(conn, SET_STANDING, |c, text| {
        let until = standing.auditor_until.map(Timestamp::seconds);
        let query = sqlx::query(text).bind(org.get()).bind(person.get()).bind(standing.role).bind(standing.membership);
        query.bind(&standing.teams).bind(until).execute(c).await?;
    });
    Ok(())
}
