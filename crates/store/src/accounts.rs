//! Which organisation is this, and are its figures real?

use domain::id::OrgId;

use crate::engine::Conn;
use crate::error::StoreError;
use crate::sql::{Sql, on_engine};

const GET: Sql = Sql::same(
    "select name, watermark
       from orgs
      where org_id = $1",
);

const NAME: Sql = Sql::same(
    "update orgs
        set name = $2, watermark = $3
      where org_id = $1",
);

/// Statements of this file, prepared on both engines by a test.
pub(crate) const ALL: &[Sql] = &[GET, NAME];

/// An organisation as stored.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct OrgRow {
    /// For display.
    pub name: String,
    /// The word to be shown across figures that are not real; empty where they are.
    pub watermark: String,
}

/// The organisation with that id.
///
/// # Errors
/// Any [`StoreError`].
pub async fn get(conn: &mut Conn<'_>, org: OrgId) -> Result<Option<OrgRow>, StoreError> {
    Ok(on_engine!(conn, GET, |c, text| sqlx::query_as(text).bind(org.get()).fetch_optional(c).await?))
}

/// Names the organisation and says whether its figures are invented.
///
/// # Errors
/// Any [`StoreError`].
pub async fn name(conn: &mut Conn<'_>, org: OrgId, row: &OrgRow) -> Result<(), StoreError> {
    on_engine!(conn, NAME, |c, text| {
        sqlx::query(text).bind(org.get()).bind(&row.name).bind(&row.watermark).execute(c).await?;
    });
    Ok(())
}
