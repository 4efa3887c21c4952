//! What was noticed about the imports of a period, and over how many lines?

use crate::{
    engine::Conn,
    error::StoreError,
    sql::{Sql, on_engine},
};
use domain::{
    id::{ImportId, OrgId},
    time::Timestamp,
};

pub(crate) const NOTES: Sql = Sql::same(
    "select i.import_id, s.slug, i.received, i.notes
       from imports i
       join sources s on s.org_id = i.org_id and s.source_id = i.source_id
      where i.org_id = $1 and i.state = 'published' and i.started_at >= $2 and i.started_at < $3
      order by i.import_id desc
      limit $4",
);

/// The statements of this file.
pub(crate) const ALL: &[Sql] = &[NOTES];

/// The notes of one import.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImportNotes {
    /// Which.
    pub import: ImportId,
    /// Who sent it.
    pub source: String,
    /// Its lines.
    pub received: u64,
    /// What was noticed, as its service wrote it.
    pub notes: String,
}

/// The notes of the published imports that began in a period, its end excluded; the latest `limit` of them.
///
/// # Errors
/// Any [`StoreError`].
pub async fn of_period(
    conn: &mut Conn<'_>,
    org: OrgId,
    from: Timestamp,
    before: Timestamp,
    limit: u32,
) -> Result<Vec<ImportNotes>, StoreError> {
    let rows: Vec<(i64, String, i64, String)> = on_engine!(conn, NOTES, |c, text| {
        let query = sqlx::query_as(text).bind(org.get()).bind(from.seconds()).bind(before.seconds());
        query.bind(i64::from(limit)).fetch_all(c).await?
    });
    let of_row = |(import, source, received, notes)| ImportNotes {
        import: ImportId::from_row(import),
        source,
        received: u64::try_from(received).unwrap_or_default(),
        notes,
    };
    Ok(rows.into_iter().map(of_row).collect())
}
