//! Which held lines match a filter, and how many are there of each reason and source?

use crate::{
    engine::Conn,
    error::StoreError,
    sql::{Sql, on_engine},
};
use domain::{
    id::{ImportId, OrgId, QuarantineId},
    quarantine::Reason,
    time::Timestamp,
};

/// A text or number that is empty narrows nothing: a statement has no parts that come and go.
pub(crate) const GROUPS: Sql = Sql::per_engine(
    "select q.reason, s.slug, count(*), min(q.received_at), max(q.received_at)
       from quarantine q
       join sources s on s.org_id = q.org_id and s.source_id = q.source_id
      where q.org_id = $1 and q.state = 'held' and ($2 = '' or q.reason = $2) and ($3 = '' or s.slug = $3)
        and ($4 = 0 or q.import_id = $4) and (length($5) = 0 or instr(q.raw, $5) > 0)
      group by q.reason, s.slug
      order by q.reason, s.slug
      limit 100000",
    "select q.reason, s.slug, count(*), min(q.received_at), max(q.received_at)
       from quarantine q
       join sources s on s.org_id = q.org_id and s.source_id = q.source_id
      where q.org_id = $1 and q.state = 'held' and ($2 = '' or q.reason = $2) and ($3 = '' or s.slug = $3)
        and (cast($4 as bigint) = 0 or q.import_id = $4)
        and (octet_length(cast($5 as bytea)) = 0 or position(cast($5 as bytea) in q.raw) > 0)
      group by q.reason, s.slug
      order by q.reason, s.slug
      limit 100000",
);

pub(crate) const IDS: Sql = Sql::per_engine(
    "select q.quarantine_id
       from quarantine q
       join sources s on s.org_id = q.org_id and s.source_id = q.source_id
      where q.org_id = $1 and q.state = 'held' and ($2 = '' or q.reason = $2) and ($3 = '' or s.slug = $3)
        and ($4 = 0 or q.import_id = $4) and (length($5) = 0 or instr(q.raw, $5) > 0)
      order by q.quarantine_id
      limit $6 offset $7",
    "select q.quarantine_id
       from quarantine q
       join sources s on s.org_id = q.org_id and s.source_id = q.source_id
      where q.org_id = $1 and q.state = 'held' and ($2 = '' or q.reason = $2) and ($3 = '' or s.slug = $3)
        and (cast($4 as bigint) = 0 or q.import_id = $4)
        and (octet_length(cast($5 as bytea)) = 0 or position(cast($5 as bytea) in q.raw) > 0)
      order by q.quarantine_id
      limit $6 offset $7",
);

pub(crate) const IMPORTS: Sql = Sql::same(
    "select i.import_id, i.name, count(*)
       from quarantine q
       join imports i on i.org_id = q.org_id and i.import_id = q.import_id
      where q.org_id = $1 and q.state = 'held'
      group by i.import_id, i.name
      order by i.import_id desc
      limit $2",
);

/// The statements of this file.
pub(crate) const ALL: &[Sql] = &[GROUPS, IDS, IMPORTS];

/// Which held lines are meant.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct HeldFilter {
    /// Held for this reason.
    pub reason: Option<Reason>,
    /// Sent by this source.
    pub source: Option<String>,
    /// From this import.
    pub import: Option<ImportId>,
    /// With these letters somewhere in the line as it came.
    pub text: Option<String>,
}

impl HeldFilter {
    fn words(&self) -> (&'static str, &str, i64, &[u8]) {
        (
            self.reason.map_or("", Reason::as_str),
            self.source.as_deref().unwrap_or_default(),
            self.import.map_or(0, ImportId::get),
            self.text.as_deref().unwrap_or_default().as_bytes(),
        )
    }
}

/// Held lines of one reason and source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HeldSum {
    /// Why they are held.
    pub reason: Reason,
    /// Who sent them.
    pub source: String,
    /// How many.
    pub lines: u64,
    /// When the first of them came.
    pub first: Timestamp,
    /// When the last of them came.
    pub last: Timestamp,
}

/// How many held lines match, by reason and source.
///
/// # Errors
/// Any [`StoreError`].
pub async fn sums(conn: &mut Conn<'_>, org: OrgId, filter: &HeldFilter) -> Result<Vec<HeldSum>, StoreError> {
    let (reason, source, import, letters) = filter.words();
    let rows: Vec<(String, String, i64, i64, i64)> = on_engine!(conn, GROUPS, |c, text| {
        let query = sqlx::query_as(text).bind(org.get()).bind(reason).bind(source).bind(import);
        query.bind(letters).fetch_all(c).await?
    });
    rows.into_iter()
        .map(|(reason, source, lines, first, last)| {
            Ok(HeldSum {
                reason: reason.parse().map_err(|_| StoreError::damaged("the reason of a held line"))?,
                source,
                lines: u64::try_from(lines).unwrap_or_default(),
                first: Timestamp::from_seconds(first),
                last: Timestamp::from_seconds(last),
            })
        })
        .collect()
}

/// The numbers of `limit` matching lines after the first `skipped`, oldest first.
///
/// # Errors
/// Any [`StoreError`].
pub async fn ids(
    conn: &mut Conn<'_>,
    org: OrgId,
    filter: &HeldFilter,
    skipped: u64,
    limit: u32,
) -> Result<Vec<QuarantineId>, StoreError> {
    let (reason, source, import, letters) = filter.words();
    let skipped = i64::try_from(skipped).unwrap_or(i64::MAX);
    let rows: Vec<i64> = on_engine!(conn, IDS, |c, text| {
        let query = sqlx::query_scalar(text).bind(org.get()).bind(reason).bind(source).bind(import);
        query.bind(letters).bind(i64::from(limit)).bind(skipped).fetch_all(c).await?
    });
    Ok(rows.into_iter().map(QuarantineId::from_row).collect())
}

/// Imports with lines that wait, newest first: number, name of the file, and how many.
///
/// # Errors
/// Any [`StoreError`].
pub async fn imports(conn: &mut Conn<'_>, org: OrgId, limit: u32) -> Result<Vec<(ImportId, String, u64)>, StoreError> {
    let rows: Vec<(i64, String, i64)> = on_engine!(conn, IMPORTS, |c, text| {
        sqlx::query_as(text).bind(org.get()).bind(i64::from(limit)).fetch_all(c).await?
    });
    let of_row = |(id, name, lines)| (ImportId::from_row(id), name, u64::try_from(lines).unwrap_or_default());
    Ok(rows.into_iter().map(of_row).collect())
}
