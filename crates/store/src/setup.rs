//! Is there a way in for the first owner? One code, hashed, for an hour and five tries.

use domain::id::OrgId;
use domain::time::Timestamp;

use crate::engine::Conn;
use crate::error::StoreError;
use crate::sql::{Sql, on_engine};

const PUT: Sql = Sql::same(
    "insert into setup_codes (org_id, hash, expires_at, tries_left)
     values ($1, $2, $3, $4)
     on conflict (org_id) do update
        set hash = excluded.hash, expires_at = excluded.expires_at, tries_left = excluded.tries_left",
);

const GET: Sql = Sql::same(
    "select hash, expires_at, tries_left
       from setup_codes
      where org_id = $1",
);

const SPEND_TRY: Sql = Sql::same(
    "update setup_codes
        set tries_left = tries_left - 1
      where org_id = $1 and tries_left > 0",
);

const END: Sql = Sql::same(
    "delete from setup_codes
      where org_id = $1",
);

/// Statements of this file, prepared on both engines by a test.
pub(crate) const ALL: &[Sql] = &[PUT, GET, SPEND_TRY, END];

/// The code as stored.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct SetupRow {
    /// Hash of the code.
    pub hash: Vec<u8>,
    expires_at: i64,
    /// Wrong codes that may still come.
    pub tries_left: i64,
}

impl SetupRow {
    /// Until when it holds.
    #[must_use]
    pub const fn expires_at(&self) -> Timestamp {
        Timestamp::from_seconds(self.expires_at)
    }
}

/// Puts a new code in the place of an older one.
///
/// # Errors
/// Any [`StoreError`].
pub async fn put(
    conn: &mut Conn<'_>,
    org: OrgId,
    hash: &[u8; 32],
    expires_at: Timestamp,
    tries: i64,
) -> Result<(), StoreError> {
    let hash = hash.to_vec();
    on_engine!(conn, PUT, |c, text| {
        sqlx::query(text).bind(org.get()).bind(hash).bind(expires_at.seconds()).bind(tries).execute(c).await?;
    });
    Ok(())
}

/// The code that holds, if any.
///
/// # Errors
/// Any [`StoreError`].
pub async fn get(conn: &mut Conn<'_>, org: OrgId) -> Result<Option<SetupRow>, StoreError> {
    Ok(on_engine!(conn, GET, |c, text| sqlx::query_as(text).bind(org.get()).fetch_optional(c).await?))
}

/// Counts a wrong code.
///
/// # Errors
/// Any [`StoreError`].
pub async fn spend_try(conn: &mut Conn<'_>, org: OrgId) -> Result<(), StoreError> {
    on_engine!(conn, SPEND_TRY, |c, text| {
        sqlx::query(text).bind(org.get()).execute(c).await?;
    });
    Ok(())
}

/// Ends the code.
///
/// # Errors
/// Any [`StoreError`].
pub async fn end(conn: &mut Conn<'_>, org: OrgId) -> Result<(), StoreError> {
    on_engine!(conn, END, |c, text| {
        sqlx::query(text).bind(org.get()).execute(c).await?;
    });
    Ok(())
}
