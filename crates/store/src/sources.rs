//! Which sources an organisation has: an event's id is unique within one.

use crate::{
    engine::Conn,
    error::StoreError,
    sql::{Sql, on_engine},
};
use domain::{
    id::{OrgId, SourceId},
    time::Timestamp,
};

pub(crate) const BY_SLUG: Sql = Sql::same("select source_id from sources where org_id = $1 and slug = $2");

pub(crate) const INSERT: Sql = Sql::same(
    "insert into sources (org_id, source_id, slug, created_at)
     select $1, coalesce(max(source_id), 0) + 1, $2, $3 from sources where org_id = $1
     on conflict (org_id, slug) do nothing",
);

pub(crate) const LIST: Sql =
    Sql::same("select source_id, slug, created_at from sources where org_id = $1 order by source_id limit 10000");

/// The statements of this file.
pub(crate) const ALL: &[Sql] = &[BY_SLUG, INSERT, LIST];

/// A registered source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    /// Its number.
    pub id: SourceId,
    /// The word it is known by.
    pub slug: String,
    /// Since when.
    pub created_at: Timestamp,
}

/// The source with that word, if there is one.
///
/// # Errors
/// Any [`StoreError`].
pub async fn by_slug(conn: &mut Conn<'_>, org: OrgId, slug: &str) -> Result<Option<SourceId>, StoreError> {
    let id: Option<i64> = on_engine!(conn, BY_SLUG, |c, text| {
        sqlx::query_scalar(text).bind(org.get()).bind(slug).fetch_optional(c).await?
    });
    Ok(id.map(SourceId::from_row))
}

/// The source with that word, registered now if it is new. Needs the lock of the log.
///
/// # Errors
/// Any [`StoreError`].
pub async fn register(conn: &mut Conn<'_>, org: OrgId, slug: &str, now: Timestamp) -> Result<SourceId, StoreError> {
    if let Some(id) = by_slug(conn, org, slug).await? {
        return Ok(id);
    }
    on_engine!(conn, INSERT, |c, text| {
        sqlx::query(text).bind(org.get()).bind(slug).bind(now.seconds()).execute(c).await?;
    });
    by_slug(conn, org, slug).await?.ok_or_else(|| StoreError::damaged("a source that was just registered is gone"))
}

/// All sources, oldest first.
///
/// # Errors
/// Any [`StoreError`].
pub async fn list(conn: &mut Conn<'_>, org: OrgId) -> Result<Vec<Source>, StoreError> {
    let rows: Vec<(i64, String, i64)> =
        on_engine!(conn, LIST, |c, text| sqlx::query_as(text).bind(org.get()).fetch_all(c).await?);
    Ok(rows
        .into_iter()
        .map(|(id, slug, at)| Source { id: SourceId::from_row(id), slug, created_at: Timestamp::from_seconds(at) })
        .collect())
}
