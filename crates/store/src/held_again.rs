//! Which held lines came again in a later file, and became events there? They are noted while that file is read, and settled
//! when it is published.

use crate::{
    chain::Hash,
    engine::Conn,
    error::StoreError,
    sql::{Sql, number, on_engine},
};
use domain::{
    id::{BatchId, ImportId, OrgId, QuarantineId, SourceId},
    quarantine::Reason,
    time::Timestamp,
};

pub(crate) const HASHES: Sql = Sql::same(
    "select quarantine_id, raw_hash
       from quarantine
      where org_id = $1 and source_id = $2 and state = 'held' and quarantine_id > $3
      order by quarantine_id
      limit $4",
);

pub(crate) const MARK: Sql = Sql::same(
    "update quarantine
        set again_import = $4
      where org_id = $1 and source_id = $2 and raw_hash = $3 and state = 'held'",
);

pub(crate) const FAULTS: Sql = Sql::same(
    "select quarantine_id, faults
       from quarantine
      where org_id = $1 and state = 'held' and reason = $3 and source_id = $2 and quarantine_id > $4
      order by quarantine_id
      limit $5",
);

pub(crate) const MARK_LINE: Sql =
    Sql::same("update quarantine set again_import = $3 where org_id = $1 and quarantine_id = $2 and state = 'held'");

pub(crate) const UNMARK: Sql = Sql::same(
    "update quarantine set again_import = null where org_id = $1 and quarantine_id = $2 and again_import = $3",
);

pub(crate) const UNMARK_PARTS: Sql = Sql::same(
    "update quarantine
        set again_import = null
      where org_id = $1 and again_import = $2 and state = 'held' and reason = 'changelog_truncated'",
);

pub(crate) const GROUPS: Sql = Sql::same(
    "select source_id, import_id, count(*), cast(coalesce(sum(length(raw)), 0) as bigint)
       from quarantine
      where org_id = $1 and again_import = $2 and state = 'held'
      group by source_id, import_id
      order by source_id, import_id
      limit 1000000",
);

pub(crate) const SETTLE: Sql = Sql::same(
    "update quarantine
        set state = 'released', settled_at = $5, settled_by = $6, settled_batch = $8,
            settled_note = case reason when 'changelog_truncated' then $9 else $7 end
      where org_id = $1 and again_import = $2 and state = 'held' and source_id = $3 and coalesce(import_id, 0) = $4",
);

/// The statements of this file.
pub(crate) const ALL: &[Sql] = &[HASHES, MARK, FAULTS, MARK_LINE, UNMARK, UNMARK_PARTS, GROUPS, SETTLE];

/// Lines of one source and import that came again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CameAgain {
    /// Who sent them.
    pub source: SourceId,
    /// The file they were held in.
    pub import: Option<ImportId>,
    /// How many.
    pub lines: u64,
    /// The bytes kept of them.
    pub bytes: i64,
}

/// How lines that came again are settled.
#[derive(Clone, Debug)]
pub struct Settled<'a> {
    /// When.
    pub at: Timestamp,
    /// By whom.
    pub by: &'a str,
    /// In which import they came.
    pub note: &'a str,
    /// The same of lines that held a part of what came whole.
    pub note_whole: &'a str,
    /// The batch that counts them.
    pub batch: BatchId,
}

/// The hashes of the lines of a source that wait, `limit` of them after `after`, with the number of the last.
///
/// # Errors
/// Any [`StoreError`].
pub async fn hashes(
    conn: &mut Conn<'_>,
    org: OrgId,
    source: SourceId,
    after: QuarantineId,
    limit: u32,
) -> Result<Vec<(QuarantineId, Hash)>, StoreError> {
    let rows: Vec<(i64, Vec<u8>)> = on_engine!(conn, HASHES, |c, text| {
        let query = sqlx::query_as(text).bind(org.get()).bind(source.get()).bind(after.get());
        query.bind(i64::from(limit)).fetch_all(c).await?
    });
    let of_row = |(id, hash): (i64, Vec<u8>)| {
        let hash = hash.try_into().map_err(|_| StoreError::damaged("the hash of a held line"))?;
        Ok((QuarantineId::from_row(id), hash))
    };
    rows.into_iter().map(of_row).collect()
}

/// Notes that the bytes of a held line came again in a file; nothing where no such line waits.
///
/// # Errors
/// Any [`StoreError`].
pub async fn mark(
    conn: &mut Conn<'_>,
    org: OrgId,
    source: SourceId,
    hash: &Hash,
    import: ImportId,
) -> Result<(), StoreError> {
    on_engine!(conn, MARK, |c, text| {
        let query = sqlx::query(text).bind(org.get()).bind(source.get()).bind(hash.as_slice());
        query.bind(import.get()).execute(c).await?;
    });
    Ok(())
}

/// What is wrong with the lines of a source that wait for a reason, `limit` of them after `after`, as JSON.
///
/// # Errors
/// Any [`StoreError`].
pub async fn faults(
    conn: &mut Conn<'_>,
    org: OrgId,
    source: SourceId,
    reason: Reason,
    after: QuarantineId,
    limit: u32,
) -> Result<Vec<(QuarantineId, String)>, StoreError> {
    let rows: Vec<(i64, String)> = on_engine!(conn, FAULTS, |c, text| {
        let query = sqlx::query_as(text).bind(org.get()).bind(source.get()).bind(reason.as_str());
        query.bind(after.get()).bind(i64::from(limit)).fetch_all(c).await?
    });
    Ok(rows.into_iter().map(|(id, faults)| (QuarantineId::from_row(id), faults)).collect())
}

/// Notes that what a held line waits for came in a file.
///
/// # Errors
/// Any [`StoreError`].
pub async fn mark_line(
    conn: &mut Conn<'_>,
    org: OrgId,
    line: QuarantineId,
    import: ImportId,
) -> Result<(), StoreError> {
    on_engine!(conn, MARK_LINE, |c, text| {
        sqlx::query(text).bind(org.get()).bind(line.get()).bind(import.get()).execute(c).await?;
    });
    Ok(())
}

/// Notes that a line came again in a file and could not count there either.
///
/// # Errors
/// Any [`StoreError`].
pub async fn unmark(conn: &mut Conn<'_>, org: OrgId, line: QuarantineId, import: ImportId) -> Result<(), StoreError> {
    on_engine!(conn, UNMARK, |c, text| {
        sqlx::query(text).bind(org.get()).bind(line.get()).bind(import.get()).execute(c).await?;
    });
    Ok(())
}

/// Notes that what the parts held before wait for did not come whole in a file after all.
///
/// # Errors
/// Any [`StoreError`].
pub async fn unmark_parts(conn: &mut Conn<'_>, org: OrgId, import: ImportId) -> Result<(), StoreError> {
    on_engine!(conn, UNMARK_PARTS, |c, text| {
        sqlx::query(text).bind(org.get()).bind(import.get()).execute(c).await?;
    });
    Ok(())
}

/// Which lines that still wait came again in a file, by their source and their own file.
///
/// # Errors
/// Any [`StoreError`].
pub async fn groups(conn: &mut Conn<'_>, org: OrgId, import: ImportId) -> Result<Vec<CameAgain>, StoreError> {
    let rows: Vec<(i64, Option<i64>, i64, i64)> = on_engine!(conn, GROUPS, |c, text| {
        sqlx::query_as(text).bind(org.get()).bind(import.get()).fetch_all(c).await?
    });
    let of_row = |(source, import, lines, bytes): (i64, Option<i64>, i64, i64)| CameAgain {
        source: SourceId::from_row(source),
        import: import.map(ImportId::from_row),
        lines: u64::try_from(lines).unwrap_or_default(),
        bytes,
    };
    Ok(rows.into_iter().map(of_row).collect())
}

/// Settles the lines of one group as released.
///
/// # Errors
/// Any [`StoreError`], and one where they are not as many as were counted.
pub async fn settle(
    conn: &mut Conn<'_>,
    org: OrgId,
    import: ImportId,
    group: &CameAgain,
    settled: &Settled<'_>,
) -> Result<(), StoreError> {
    let changed = on_engine!(conn, SETTLE, |c, text| {
        sqlx::query(text)
            .bind(org.get())
            .bind(import.get())
            .bind(group.source.get())
            .bind(group.import.map_or(0, ImportId::get))
            .bind(settled.at.seconds())
            .bind(settled.by)
            .bind(settled.note)
            .bind(settled.batch.get())
            .bind(settled.note_whole)
            .execute(c)
            .await?
            .rows_affected()
    });
    if i64::try_from(changed) == Ok(number(group.lines)) {
        return Ok(());
    }
    Err(StoreError::damaged("held lines that came again are not those that were counted"))
}
