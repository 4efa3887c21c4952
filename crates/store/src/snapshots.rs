//! What the last snapshots of a source said of its items: a few of them, so that the one before is there when the last one is
//! taken back. One that was not published, or is not any more, is never read.

use crate::{
    engine::Conn,
    error::StoreError,
    sql::{Sql, on_engine},
};
use domain::{
    id::{ImportId, OrgId, SourceId},
    time::Timestamp,
};

/// Published snapshots of a source that are kept.
const KEPT: i64 = 4;
/// Fast; names that come again and again are what is packed.
const LEVEL: i32 = 3;
/// More than any part unpacks to: a damaged row must not take all memory.
const UNPACKED_MAX: usize = 64 << 20;

pub(crate) const NEWEST: Sql = Sql::same(
    "select n.import_id, n.taken_at, n.since, n.items, n.parts
       from snapshots n
       join sources s on s.org_id = n.org_id and s.source_id = n.source_id
       join imports i on i.org_id = n.org_id and i.import_id = n.import_id
      where n.org_id = $1 and s.slug = $2 and i.state = 'published'
      order by n.taken_at desc, n.import_id desc
      limit 1",
);

pub(crate) const ADD: Sql = Sql::same(
    "insert into snapshots (org_id, import_id, source_id, taken_at, since, items, parts)
     values ($1, $2, $3, $4, $5, $6, $7)",
);

pub(crate) const ADD_PART: Sql =
    Sql::same("insert into snapshot_parts (org_id, import_id, part, body) values ($1, $2, $3, $4)");

pub(crate) const PART: Sql =
    Sql::same("select body from snapshot_parts where org_id = $1 and import_id = $2 and part = $3");

/// Those of the source that are neither among the newest published ones nor the one that was just added.
pub(crate) const OUTLIVED: Sql = Sql::same(
    "select n.import_id
       from snapshots n
      where n.org_id = $1 and n.source_id = $2 and n.import_id <> $3
        and n.import_id not in (select k.import_id
                                  from snapshots k
                                  join imports i on i.org_id = k.org_id and i.import_id = k.import_id
                                 where k.org_id = $1 and k.source_id = $2 and i.state = 'published'
                                 order by k.taken_at desc, k.import_id desc
                                 limit $4)",
);

pub(crate) const FORGET_PARTS: Sql = Sql::same("delete from snapshot_parts where org_id = $1 and import_id = $2");

pub(crate) const FORGET: Sql = Sql::same("delete from snapshots where org_id = $1 and import_id = $2");

/// The statements of this file.
pub(crate) const ALL: &[Sql] = &[NEWEST, ADD, ADD_PART, PART, OUTLIVED, FORGET_PARTS, FORGET];

/// A snapshot as it lies in the database, without its items.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KeptSnapshot {
    /// The import it came with.
    pub import: ImportId,
    /// When it was taken.
    pub taken_at: Timestamp,
    /// When the one before it was taken; none before the first.
    pub since: Option<Timestamp>,
    /// How many items are known with it.
    pub items: u64,
    /// In how many parts they are packed.
    pub parts: u32,
}

/// The newest published snapshot of a source.
///
/// # Errors
/// Any [`StoreError`].
pub async fn newest(conn: &mut Conn<'_>, org: OrgId, slug: &str) -> Result<Option<KeptSnapshot>, StoreError> {
    let row: Option<(i64, i64, Option<i64>, i64, i64)> = on_engine!(conn, NEWEST, |c, text| {
        sqlx::query_as(text).bind(org.get()).bind(slug).fetch_optional(c).await?
    });
    let damaged = || StoreError::damaged("the counts of a snapshot");
    row.map(|(import, taken_at, since, items, parts)| {
        Ok(KeptSnapshot {
            import: ImportId::from_row(import),
            taken_at: Timestamp::from_seconds(taken_at),
            since: since.map(Timestamp::from_seconds),
            items: u64::try_from(items).map_err(|_| damaged())?,
            parts: u32::try_from(parts).map_err(|_| damaged())?,
        })
    })
    .transpose()
}

/// Keeps a snapshot, and forgets those of its source that are no longer needed. Its parts are added beside it.
///
/// # Errors
/// Any [`StoreError`].
pub async fn add(conn: &mut Conn<'_>, org: OrgId, source: SourceId, kept: &KeptSnapshot) -> Result<(), StoreError> {
    on_engine!(conn, ADD, |c, text| {
        sqlx::query(text)
            .bind(org.get())
            .bind(kept.import.get())
            .bind(source.get())
            .bind(kept.taken_at.seconds())
            .bind(kept.since.map(Timestamp::seconds))
            .bind(i64::try_from(kept.items).unwrap_or(i64::MAX))
            .bind(i64::from(kept.parts))
            .execute(c)
            .await?;
    });
    forget_outlived(conn, org, source, kept.import).await
}

/// The one that was just added makes one of those that are kept.
async fn forget_outlived(conn: &mut Conn<'_>, org: OrgId, source: SourceId, added: ImportId) -> Result<(), StoreError> {
    let outlived: Vec<i64> = on_engine!(conn, OUTLIVED, |c, text| {
        let query = sqlx::query_scalar(text).bind(org.get()).bind(source.get());
        query.bind(added.get()).bind(KEPT - 1).fetch_all(c).await?
    });
    for import in outlived {
        for forget in [FORGET_PARTS, FORGET] {
            on_engine!(conn, forget, |c, text| {
                sqlx::query(text).bind(org.get()).bind(import).execute(c).await?;
            });
        }
    }
    Ok(())
}

/// Adds a part of a snapshot; parts are counted from 0.
///
/// # Errors
/// Any [`StoreError`].
pub async fn add_part(
    conn: &mut Conn<'_>,
    org: OrgId,
    import: ImportId,
    part: u32,
    plain: &[u8],
) -> Result<(), StoreError> {
    let body = zstd::bulk::compress(plain, LEVEL).map_err(|_| StoreError::damaged("packing a snapshot"))?;
    on_engine!(conn, ADD_PART, |c, text| {
        let query = sqlx::query(text).bind(org.get()).bind(import.get()).bind(i64::from(part));
        query.bind(body.as_slice()).execute(c).await?;
    });
    Ok(())
}

/// A part of a snapshot as it was before it was packed.
///
/// # Errors
/// [`StoreError::Damaged`] when it is not there or cannot be unpacked, or what the database said.
pub async fn part(conn: &mut Conn<'_>, org: OrgId, import: ImportId, part: u32) -> Result<Vec<u8>, StoreError> {
    let body: Option<Vec<u8>> = on_engine!(conn, PART, |c, text| {
        let query = sqlx::query_scalar(text).bind(org.get()).bind(import.get());
        query.bind(i64::from(part)).fetch_optional(c).await?
    });
    let unpack = |body: Vec<u8>| {
        let bytes = zstd::bulk::Decompressor::upper_bound(&body).unwrap_or(UNPACKED_MAX).min(UNPACKED_MAX);
        zstd::bulk::decompress(&body, bytes).ok()
    };
    let damaged = || StoreError::damaged(format!("part {part} of the snapshot of import {}", import.get()));
    body.and_then(unpack).ok_or_else(damaged)
}
