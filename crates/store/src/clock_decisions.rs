//! What is subtracted from the times of a source whose clock runs ahead: every decision that was ever made, the newest in force.

use crate::{
    engine::Conn,
    error::StoreError,
    sql::{Sql, on_engine},
};
use domain::{
    id::{OrgId, SourceId},
    time::Timestamp,
};

pub(crate) const DECIDE: Sql = Sql::same(
    "insert into clock_decisions (org_id, source_id, version, seconds, decided_at, decided_by, why)
     select $1, $2, coalesce(max(version), 0) + 1, $3, $4, $5, $6
       from clock_decisions
      where org_id = $1 and source_id = $2",
);

pub(crate) const IN_FORCE: Sql = Sql::same(
    "select s.slug, d.seconds
       from clock_decisions d
       join sources s on s.org_id = d.org_id and s.source_id = d.source_id
      where d.org_id = $1
        and d.version = (select max(l.version)
                           from clock_decisions l
                          where l.org_id = d.org_id and l.source_id = d.source_id and l.decided_at <= $2)
      order by s.slug
      limit 10000",
);

pub(crate) const OF_SOURCE: Sql = Sql::same(
    "select d.seconds, d.decided_at, d.decided_by, d.why
       from clock_decisions d
       join sources s on s.org_id = d.org_id and s.source_id = d.source_id
      where d.org_id = $1 and s.slug = $2
      order by d.version desc
      limit 500",
);

/// The statements of this file.
pub(crate) const ALL: &[Sql] = &[DECIDE, IN_FORCE, OF_SOURCE];

/// One decision about the clock of a source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClockDecision {
    /// What is subtracted from the times of what comes in later.
    pub seconds: i64,
    /// Since when.
    pub decided_at: Timestamp,
    /// By whom, as the audit trail names them.
    pub decided_by: String,
    /// Why.
    pub why: String,
}

/// Adds a decision, which is in force from its moment on.
///
/// # Errors
/// Any [`StoreError`].
pub async fn decide(
    conn: &mut Conn<'_>,
    org: OrgId,
    source: SourceId,
    decision: &ClockDecision,
) -> Result<(), StoreError> {
    on_engine!(conn, DECIDE, |c, text| {
        let query = sqlx::query(text).bind(org.get()).bind(source.get()).bind(decision.seconds);
        let query = query.bind(decision.decided_at.seconds()).bind(&decision.decided_by).bind(&decision.why);
        query.execute(c).await?;
    });
    Ok(())
}

/// What was subtracted at a moment, by source; sources about which nothing was decided are left out.
///
/// # Errors
/// Any [`StoreError`].
pub async fn in_force(conn: &mut Conn<'_>, org: OrgId, at: Timestamp) -> Result<Vec<(String, i64)>, StoreError> {
    Ok(on_engine!(conn, IN_FORCE, |c, text| {
        sqlx::query_as(text).bind(org.get()).bind(at.seconds()).fetch_all(c).await?
    }))
}

/// Every decision about a source, the newest first.
///
/// # Errors
/// Any [`StoreError`].
pub async fn of_source(conn: &mut Conn<'_>, org: OrgId, slug: &str) -> Result<Vec<ClockDecision>, StoreError> {
    let rows: Vec<(i64, i64, String, String)> =
        on_engine!(conn, OF_SOURCE, |c, text| sqlx::query_as(text).bind(org.get()).bind(slug).fetch_all(c).await?);
    let of_row = |(seconds, decided_at, decided_by, why)| ClockDecision {
        seconds,
        decided_at: Timestamp::from_seconds(decided_at),
        decided_by,
        why,
    };
    Ok(rows.into_iter().map(of_row).collect())
}
