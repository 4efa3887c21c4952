//! Which sign-ins are alive? Found by the hash of a key that only the browser holds.

use domain::id::{OrgId, PersonId};
use domain::time::Timestamp;

use crate::engine::Conn;
use crate::error::StoreError;
use crate::sql::{Sql, on_engine};

const ADD: Sql = Sql::same(
    "insert into sessions (org_id, hash, person_id, made_at, used_at, proved_at, rights_version, address, agent)
     values ($1, $2, $3, $4, $5, $5, $6, $7, $8)",
);

const FIND: Sql = Sql::same(
    "select person_id, made_at, used_at, proved_at, rights_version
       from sessions
      where org_id = $1 and hash = $2",
);

const TOUCH: Sql = Sql::same(
    "update sessions
        set used_at = $3
      where org_id = $1 and hash = $2 and used_at < $3",
);

const END: Sql = Sql::same(
    "delete from sessions
      where org_id = $1 and hash = $2",
);

const END_ALL_OF: Sql = Sql::same(
    "delete from sessions
      where org_id = $1 and person_id = $2",
);

const END_OLDEST: Sql = Sql::same(
    "delete from sessions
      where org_id = $1 and person_id = $2
        and hash not in (
            select hash
              from sessions
             where org_id = $1 and person_id = $2
             order by made_at desc, hash
             limit $3
        )",
);

const END_EXPIRED: Sql = Sql::same(
    "delete from sessions
      where org_id = $1 and (made_at < $2 or used_at < $3)",
);

/// Statements of this file, prepared on both engines by a test.
pub(crate) const ALL: &[Sql] = &[ADD, FIND, TOUCH, END, END_ALL_OF, END_OLDEST, END_EXPIRED];

/// A sign-in that begins.
#[derive(Clone, Debug)]
pub struct NewSession {
    /// Hash of the key in the cookie.
    pub hash: [u8; 32],
    /// Who signed in.
    pub person: PersonId,
    /// When.
    pub made_at: Timestamp,
    /// When the password was given; later than the beginning where it was given again.
    pub proved_at: Timestamp,
    /// The rights it was made under.
    pub rights_version: i64,
    /// From where.
    pub address: String,
    /// With what, as it calls itself.
    pub agent: String,
}

/// A sign-in as stored.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct SessionRow {
    person_id: i64,
    made_at: i64,
    used_at: i64,
    proved_at: i64,
    /// The rights it was made under.
    pub rights_version: i64,
}

impl SessionRow {
    /// Who signed in.
    #[must_use]
    pub const fn person(&self) -> PersonId {
        PersonId::from_row(self.person_id)
    }

    /// When it began.
    #[must_use]
    pub const fn made_at(&self) -> Timestamp {
        Timestamp::from_seconds(self.made_at)
    }

    /// When it was last used, to the minute.
    #[must_use]
    pub const fn used_at(&self) -> Timestamp {
        Timestamp::from_seconds(self.used_at)
    }

    /// When the password was last given.
    #[must_use]
    pub const fn proved_at(&self) -> Timestamp {
        Timestamp::from_seconds(self.proved_at)
    }
}

/// Adds a sign-in and ends the person's oldest ones beyond `most`.
///
/// # Errors
/// Any [`StoreError`].
pub async fn add(conn: &mut Conn<'_>, org: OrgId, session: &NewSession, most: i64) -> Result<(), StoreError> {
    let hash = session.hash.to_vec();
    on_engine!(conn, ADD, |c, text| {
        let query = sqlx::query(text).bind(org.get()).bind(hash).bind(session.person.get());
        let query = query.bind(session.made_at.seconds()).bind(session.proved_at.seconds());
        query.bind(session.rights_version).bind(&session.address).bind(&session.agent).execute(c).await?;
    });
    on_engine!(conn, END_OLDEST, |c, text| {
        sqlx::query(text).bind(org.get()).bind(session.person.get()).bind(most).execute(c).await?;
    });
    Ok(())
}

/// The sign-in with that hash.
///
/// # Errors
/// Any [`StoreError`].
pub async fn find(conn: &mut Conn<'_>, org: OrgId, hash: &[u8; 32]) -> Result<Option<SessionRow>, StoreError> {
    let hash = hash.to_vec();
    Ok(on_engine!(conn, FIND, |c, text| sqlx::query_as(text).bind(org.get()).bind(hash).fetch_optional(c).await?))
}

/// Remembers that it was used.
///
/// # Errors
/// Any [`StoreError`].
pub async fn touch(conn: &mut Conn<'_>, org: OrgId, hash: &[u8; 32], now: Timestamp) -> Result<(), StoreError> {
    let hash = hash.to_vec();
    on_engine!(conn, TOUCH, |c, text| {
        sqlx::query(text).bind(org.get()).bind(hash).bind(now.seconds()).execute(c).await?;
    });
    Ok(())
}

/// Ends one sign-in.
///
/// # Errors
/// Any [`StoreError`].
pub async fn end(conn: &mut Conn<'_>, org: OrgId, hash: &[u8; 32]) -> Result<(), StoreError> {
    let hash = hash.to_vec();
    on_engine!(conn, END, |c, text| {
        sqlx::query(text).bind(org.get()).bind(hash).execute(c).await?;
    });
    Ok(())
}

/// Ends all sign-ins of a person.
///
/// # Errors
/// Any [`StoreError`].
pub async fn end_all_of(conn: &mut Conn<'_>, org: OrgId, person: PersonId) -> Result<(), StoreError> {
    on_engine!(conn, END_ALL_OF, |c, text| {
        sqlx::query(text).bind(org.get()).bind(person.get()).execute(c).await?;
    });
    Ok(())
}

/// Forgets sign-ins that began before `made_before` or idle since `used_before`.
///
/// # Errors
/// Any [`StoreError`].
pub async fn end_expired(
    conn: &mut Conn<'_>,
    org: OrgId,
    made_before: Timestamp,
    used_before: Timestamp,
) -> Result<(), StoreError> {
    on_engine!(conn, END_EXPIRED, |c, text| {
        let query = sqlx::query(text).bind(org.get()).bind(made_before.seconds());
        query.bind(used_before.seconds()).execute(c).await?;
    });
    Ok(())
}
