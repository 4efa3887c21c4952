//! Records of drills: each upload is a version, and a past view reads the version of then.

use crate::{
    engine::Conn,
    error::StoreError,
    sql::{Sql, on_engine},
};
use domain::{
    drill::DrillRecord,
    id::{ImportId, OrgId, SourceId},
    time::Timestamp,
};

/// The last version there is, and what the newest says that can be seen or came with the same file.
pub(crate) const NEWEST: Sql = Sql::same(
    "select max(d.version),
            (select v.body
               from drills v
               left join imports i on i.org_id = v.org_id and i.import_id = v.import_id
              where v.org_id = $1 and v.drill_id = $2
                and (v.import_id is null or v.import_id = $3 or i.state = 'published')
              order by v.version desc
              limit 1)
       from drills d
      where d.org_id = $1 and d.drill_id = $2",
);

pub(crate) const INSERT: Sql = Sql::same(
    "insert into drills (org_id, drill_id, version, kind, started_at, ended_at, source_id, import_id, received_at, body)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
);

pub(crate) const BY_ID: Sql = Sql::same(
    "select d.drill_id, d.version, d.received_at, d.body
       from drills d
       left join imports i on i.org_id = d.org_id and i.import_id = d.import_id
      where d.org_id = $1 and d.drill_id = $2 and d.received_at <= $3
        and (d.import_id is null or i.state = 'published' or i.withdrawn_at > $3)
      order by d.version desc
      limit 1",
);

pub(crate) const VERSIONS: Sql = Sql::same(
    "select d.version, d.received_at
       from drills d
       left join imports i on i.org_id = d.org_id and i.import_id = d.import_id
      where d.org_id = $1 and d.drill_id = $2 and (d.import_id is null or i.state in ('published', 'withdrawn'))
      order by d.version
      limit 10000",
);

pub(crate) const PAGE: Sql = Sql::same(
    "select d.drill_id, d.version, d.received_at, d.body
       from drills d
      where d.org_id = $1 and d.drill_id > $3
        and d.version = (select max(v.version)
                           from drills v
                           left join imports i on i.org_id = v.org_id and i.import_id = v.import_id
                          where v.org_id = d.org_id and v.drill_id = d.drill_id and v.received_at <= $2
                            and (v.import_id is null or i.state = 'published' or i.withdrawn_at > $2))
      order by d.drill_id
      limit $4",
);

/// The statements of this file.
pub(crate) const ALL: &[Sql] = &[NEWEST, INSERT, BY_ID, VERSIONS, PAGE];

/// Where a record comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DrillFrom {
    /// Who sent it; none when it was written on a page.
    pub source: Option<SourceId>,
    /// With which import.
    pub import: Option<ImportId>,
    /// When we learnt of it.
    pub received_at: Timestamp,
}

/// What became of a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kept {
    /// It is a version of its own.
    New(u32),
    /// It says what the newest version says: nothing was written.
    Same(u32),
}

/// A version of a record as it lies in the database.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredDrill {
    /// The record.
    pub record: DrillRecord,
    /// Which version of it.
    pub version: u32,
    /// When we learnt of it.
    pub received_at: Timestamp,
}

type Row = (String, i64, i64, String);

fn of_row((id, version, received_at, body): Row) -> Result<StoredDrill, StoreError> {
    let record = DrillRecord::of_json(&body).map_err(|error| StoreError::damaged(format!("drill `{id}`: {error}")))?;
    Ok(StoredDrill { record, version: version_of(version)?, received_at: Timestamp::from_seconds(received_at) })
}

fn version_of(number: i64) -> Result<u32, StoreError> {
    u32::try_from(number).map_err(|_| StoreError::damaged("the version of a drill"))
}

/// Keeps a record as the next version of its drill, unless the newest says the same. Needs the lock of the log.
///
/// # Errors
/// Any [`StoreError`].
pub async fn keep(conn: &mut Conn<'_>, org: OrgId, drill: &DrillRecord, from: DrillFrom) -> Result<Kept, StoreError> {
    let body = drill.to_json().map_err(|error| StoreError::damaged(error.to_string()))?;
    let (last, known): (Option<i64>, Option<String>) = on_engine!(conn, NEWEST, |c, text| {
        let query = sqlx::query_as(text).bind(org.get()).bind(drill.id.as_str());
        query.bind(from.import.map(ImportId::get)).fetch_one(c).await?
    });
    let last = last.map(version_of).transpose()?.unwrap_or_default();
    if known.is_some_and(|known| known == body) {
        return Ok(Kept::Same(last));
    }
    let version = last.saturating_add(1);
    on_engine!(conn, INSERT, |c, text| {
        sqlx::query(text)
            .bind(org.get())
            .bind(drill.id.as_str())
            .bind(i64::from(version))
            .bind(drill.kind.map(|kind| kind.as_str()))
            .bind(drill.started_at.map(Timestamp::seconds))
            .bind(drill.ended_at.map(Timestamp::seconds))
            .bind(from.source.map(SourceId::get))
            .bind(from.import.map(ImportId::get))
            .bind(from.received_at.seconds())
            .bind(body.as_str())
            .execute(c)
            .await?;
    });
    Ok(Kept::New(version))
}

/// A drill as it was known at a moment.
///
/// # Errors
/// Any [`StoreError`].
pub async fn by_id(
    conn: &mut Conn<'_>,
    org: OrgId,
    id: &str,
    known_at: Timestamp,
) -> Result<Option<StoredDrill>, StoreError> {
    let row: Option<Row> = on_engine!(conn, BY_ID, |c, text| {
        sqlx::query_as(text).bind(org.get()).bind(id).bind(known_at.seconds()).fetch_optional(c).await?
    });
    row.map(of_row).transpose()
}

/// The versions of a drill with the moments at which we learnt of them, oldest first.
///
/// # Errors
/// Any [`StoreError`].
pub async fn versions(conn: &mut Conn<'_>, org: OrgId, id: &str) -> Result<Vec<(u32, Timestamp)>, StoreError> {
    let rows: Vec<(i64, i64)> =
        on_engine!(conn, VERSIONS, |c, text| sqlx::query_as(text).bind(org.get()).bind(id).fetch_all(c).await?);
    rows.into_iter().map(|(version, at)| Ok((version_of(version)?, Timestamp::from_seconds(at)))).collect()
}

/// The next `limit` drills after the id `after`, each as it was known at a moment.
///
/// # Errors
/// Any [`StoreError`].
pub async fn page(
    conn: &mut Conn<'_>,
    org: OrgId,
    known_at: Timestamp,
    after: &str,
    limit: u32,
) -> Result<Vec<StoredDrill>, StoreError> {
    let rows: Vec<Row> = on_engine!(conn, PAGE, |c, text| {
        let query = sqlx::query_as(text).bind(org.get()).bind(known_at.seconds());
        query.bind(after).bind(i64::from(limit)).fetch_all(c).await?
    });
    rows.into_iter().map(of_row).collect()
}
