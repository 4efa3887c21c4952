//! What was measured of one import, who took it back, and when did its events happen?

use crate::{
    engine::Conn,
    error::StoreError,
    events::certainty_of,
    sql::{Sql, on_engine},
};
use domain::{
    event::Certainty,
    id::{EventSeq, ImportId, OrgId},
    time::Timestamp,
};

pub(crate) const OF_IMPORT: Sql =
    Sql::same("select measures, withdrawn_by from imports where org_id = $1 and import_id = $2");

pub(crate) const TIMES: Sql = Sql::same(
    "select e.seq, s.slug, e.at, e.received_at, e.certainty
       from events e
       join sources s on s.org_id = e.org_id and s.source_id = e.source_id
      where e.org_id = $1 and e.seq between $2 and $3 and e.displaced_by is null
      order by e.seq
      limit $4",
);

/// The statements of this file.
pub(crate) const ALL: &[Sql] = &[OF_IMPORT, TIMES];

/// What is kept of an import beside its counts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Measured {
    /// What was measured, as its service wrote it; empty where nothing was.
    pub measures: String,
    /// Who took it back, as the audit trail names them; empty where nobody did.
    pub withdrawn_by: String,
}

/// What is kept of one import.
///
/// # Errors
/// Any [`StoreError`].
pub async fn of_import(conn: &mut Conn<'_>, org: OrgId, id: ImportId) -> Result<Measured, StoreError> {
    let row: Option<(String, String)> = on_engine!(conn, OF_IMPORT, |c, text| {
        sqlx::query_as(text).bind(org.get()).bind(id.get()).fetch_optional(c).await?
    });
    Ok(row.map(|(measures, withdrawn_by)| Measured { measures, withdrawn_by }).unwrap_or_default())
}

/// When an event happened and was received.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Times {
    /// Its place in the log.
    pub seq: EventSeq,
    /// Who sent it.
    pub source: String,
    /// When it happened.
    pub at: Timestamp,
    /// When we learnt it.
    pub received_at: Timestamp,
    /// How sure its source is.
    pub certainty: Certainty,
}

/// The times of the first `limit` events that count at these places of the log, from and to, in their order.
///
/// # Errors
/// Any [`StoreError`].
pub async fn times(
    conn: &mut Conn<'_>,
    org: OrgId,
    (from, to): (EventSeq, EventSeq),
    limit: u32,
) -> Result<Vec<Times>, StoreError> {
    let rows: Vec<(i64, String, i64, i64, i64)> = on_engine!(conn, TIMES, |c, text| {
        let query = sqlx::query_as(text).bind(org.get()).bind(from.get()).bind(to.get());
        query.bind(i64::from(limit)).fetch_all(c).await?
    });
    let of_row = |(seq, source, at, received_at, certainty): (i64, String, i64, i64, i64)| {
        let known = certainty_of(certainty);
        Ok(Times {
            seq: EventSeq::from_row(seq),
            source,
            at: Timestamp::from_seconds(at),
            received_at: Timestamp::from_seconds(received_at),
            certainty: known.ok_or_else(|| StoreError::damaged(format!("the certainty of event {seq}")))?,
        })
    };
    rows.into_iter().map(of_row).collect()
}
