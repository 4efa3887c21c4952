//! How the files of a source are read: every version that was ever saved, the newest in force.

use crate::{
    engine::Conn,
    error::StoreError,
    sql::{Sql, on_engine},
};
use domain::{
    id::{OrgId, SourceId},
    time::Timestamp,
};

/// Versions of one source that are listed.
const VERSIONS_MAX: i64 = 500;

pub(crate) const SAVE: Sql = Sql::same(
    "insert into source_plans (org_id, source_id, version, plan, saved_at, saved_by)
     select $1, $2, coalesce(max(version), 0) + 1, $3, $4, $5
       from source_plans
      where org_id = $1 and source_id = $2",
);

pub(crate) const NEWEST: Sql = Sql::same(
    "select p.version, p.plan, p.saved_at, p.saved_by
       from source_plans p
       join sources s on s.org_id = p.org_id and s.source_id = p.source_id
      where p.org_id = $1 and s.slug = $2
      order by p.version desc
      limit $3",
);

pub(crate) const PLANNED: Sql = Sql::same(
    "select distinct s.slug
       from source_plans p
       join sources s on s.org_id = p.org_id and s.source_id = p.source_id
      where p.org_id = $1
      order by s.slug
      limit 10000",
);

/// The statements of this file.
pub(crate) const ALL: &[Sql] = &[SAVE, NEWEST, PLANNED];

/// A plan as it lies in the database.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredPlan {
    /// Counted from 1 for each source.
    pub version: i64,
    /// The plan, as the service wrote it; empty where the source has none from then on.
    pub plan: String,
    /// When it was saved.
    pub saved_at: Timestamp,
    /// By whom.
    pub saved_by: String,
}

/// Saves the next version.
///
/// # Errors
/// Any [`StoreError`].
pub async fn save(
    conn: &mut Conn<'_>,
    org: OrgId,
    source: SourceId,
    plan: &str,
    at: Timestamp,
    by: &str,
) -> Result<(), StoreError> {
    on_engine!(conn, SAVE, |c, text| {
        let query = sqlx::query(text).bind(org.get()).bind(source.get());
        query.bind(plan).bind(at.seconds()).bind(by).execute(c).await?;
    });
    Ok(())
}

/// Every version, the newest first.
///
/// # Errors
/// Any [`StoreError`].
pub async fn versions(conn: &mut Conn<'_>, org: OrgId, slug: &str) -> Result<Vec<StoredPlan>, StoreError> {
    newest(conn, org, slug, VERSIONS_MAX).await
}

/// The newest version, if one was ever saved.
///
/// # Errors
/// Any [`StoreError`].
pub async fn current(conn: &mut Conn<'_>, org: OrgId, slug: &str) -> Result<Option<StoredPlan>, StoreError> {
    Ok(newest(conn, org, slug, 1).await?.pop())
}

async fn newest(conn: &mut Conn<'_>, org: OrgId, slug: &str, limit: i64) -> Result<Vec<StoredPlan>, StoreError> {
    let rows: Vec<(i64, String, i64, String)> = on_engine!(conn, NEWEST, |c, text| {
        sqlx::query_as(text).bind(org.get()).bind(slug).bind(limit).fetch_all(c).await?
    });
    Ok(rows.into_iter().map(stored).collect())
}

/// The sources for which a plan was ever saved, by name.
///
/// # Errors
/// Any [`StoreError`].
pub async fn planned(conn: &mut Conn<'_>, org: OrgId) -> Result<Vec<String>, StoreError> {
    let rows: Vec<(String,)> =
        on_engine!(conn, PLANNED, |c, text| sqlx::query_as(text).bind(org.get()).fetch_all(c).await?);
    Ok(rows.into_iter().map(|(slug,)| slug).collect())
}

fn stored((version, plan, saved_at, saved_by): (i64, String, i64, String)) -> StoredPlan {
    StoredPlan { version, plan, saved_at: Timestamp::from_seconds(saved_at), saved_by }
}
