//! What the fold left of each item, written with its events.

use crate::{
    engine::Conn,
    error::StoreError,
    fact_body,
    sql::{Sql, many_rows, on_engine},
};
use domain::{
    fact::ItemFacts,
    id::{ItemKey, OrgId, Revision},
};

/// Facts written by one statement on SQLite.
const WRITE_ROWS: usize = 100;

pub(crate) const WRITE: Sql = Sql::per_engine(
    "insert into facts (org_id, item_key, revision, body) values (?, ?, ?, ?)
     on conflict (org_id, item_key) do update set revision = excluded.revision, body = excluded.body",
    "insert into facts (org_id, item_key, revision, body)
     select $1, item_key, $2, body from unnest($3::bigint[], $4::bytea[]) as new (item_key, body)
     on conflict (org_id, item_key) do update set revision = excluded.revision, body = excluded.body",
);

/// `or fail` as in the log: no copy of every touched page.
pub(crate) const WRITE_MANY: Sql = Sql::per_engine(
    many_rows!(
        "insert or fail into facts (org_id, item_key, revision, body) values ",
        "(?, ?, ?, ?)",
        WRITE_ROWS,
        " on conflict (org_id, item_key) do update set revision = excluded.revision, body = excluded.body"
    ),
    WRITE.postgres,
);

pub(crate) const PAGE: Sql = Sql::same(
    "select f.item_key, i.item_id, s.slug, f.body
       from facts f
       join items i on i.org_id = f.org_id and i.item_key = f.item_key
       join sources s on s.org_id = i.org_id and s.source_id = i.source_id
      where f.org_id = $1 and f.item_key > $2
      order by f.item_key
      limit $3",
);

pub(crate) const CHANGED: Sql = Sql::same(
    "select f.item_key, i.item_id, s.slug, f.body
       from facts f
       join items i on i.org_id = f.org_id and i.item_key = f.item_key
       join sources s on s.org_id = i.org_id and s.source_id = i.source_id
      where f.org_id = $1 and f.revision > $2 and f.item_key > $3
      order by f.item_key
      limit $4",
);

/// All rows are written by one version: the next one folds them again in one transaction.
pub(crate) const ANY: Sql = Sql::same("select body from facts where org_id = $1 and length(body) > 0 limit 1");

/// The statements of this file.
pub(crate) const ALL: &[Sql] = &[WRITE, WRITE_MANY, PAGE, CHANGED, ANY];

/// An item with its facts, or without when it has merged away.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredFacts {
    /// Its number.
    pub item: ItemKey,
    /// Its id as the sources write it.
    pub id: String,
    /// The source that first named it.
    pub source: String,
    /// What the fold left of it.
    pub facts: Option<ItemFacts>,
}

/// Facts on their way into the database; `None` says that the item has merged away.
pub type NewFacts = (ItemKey, Vec<u8>);

/// Packs facts for [`write`]; `None` says that the item has merged away.
///
/// # Errors
/// [`StoreError::Damaged`] when they cannot be packed.
pub fn pack(item: ItemKey, facts: Option<&ItemFacts>) -> Result<NewFacts, StoreError> {
    Ok((item, facts.map(fact_body::pack).transpose()?.unwrap_or_default()))
}

/// Reads facts packed by [`pack`].
///
/// # Errors
/// [`StoreError::Damaged`] when they cannot be read.
pub fn unpack(body: &[u8]) -> Result<ItemFacts, StoreError> {
    fact_body::unpack(body).map_err(|_| StoreError::damaged("packed facts"))
}

/// Writes facts under a revision.
///
/// # Errors
/// Any [`StoreError`].
pub async fn write(conn: &mut Conn<'_>, org: OrgId, revision: Revision, facts: &[NewFacts]) -> Result<(), StoreError> {
    match conn {
        Conn::Postgres(connection) if !facts.is_empty() => {
            let (items, bodies): (Vec<i64>, Vec<Vec<u8>>) =
                facts.iter().map(|(item, body)| (item.get(), body.clone())).unzip();
            let query = sqlx::query(WRITE.postgres).bind(org.get()).bind(revision.get()).bind(items).bind(bodies);
            query.execute(&mut **connection).await?;
        }
        Conn::Postgres(_) => {}
        Conn::Sqlite(connection) => {
            let whole = facts.chunks_exact(WRITE_ROWS);
            let rest = whole.remainder();
            let chunks = whole.map(|chunk| (WRITE_MANY, chunk)).chain(rest.chunks(1).map(|chunk| (WRITE, chunk)));
            for (statement, chunk) in chunks {
                let mut query = sqlx::query(statement.sqlite);
                for (item, body) in chunk {
                    query = query.bind(org.get()).bind(item.get()).bind(revision.get()).bind(body.as_slice());
                }
                query.execute(&mut **connection).await?;
            }
        }
    }
    Ok(())
}

type Row = (i64, String, String, Vec<u8>);

fn of_row((item, id, source, body): Row) -> Result<StoredFacts, StoreError> {
    let facts = match body.as_slice() {
        [] => None,
        packed => {
            Some(fact_body::unpack(packed).map_err(|_| StoreError::damaged(format!("the facts of item {item}")))?)
        }
    };
    Ok(StoredFacts { item: ItemKey::from_row(item), id, source, facts })
}

/// Whether the facts were written by another version of the program and must be folded again.
///
/// # Errors
/// Any [`StoreError`].
pub async fn are_of_another_version(conn: &mut Conn<'_>, org: OrgId) -> Result<bool, StoreError> {
    let body: Option<Vec<u8>> =
        on_engine!(conn, ANY, |c, text| sqlx::query_scalar(text).bind(org.get()).fetch_optional(c).await?);
    Ok(body.is_some_and(|body| fact_body::is_of_another_version(&body)))
}

/// The next `limit` facts after item `after`, merged-away items too.
///
/// # Errors
/// Any [`StoreError`].
pub async fn page(conn: &mut Conn<'_>, org: OrgId, after: ItemKey, limit: u32) -> Result<Vec<StoredFacts>, StoreError> {
    let rows: Vec<Row> = on_engine!(conn, PAGE, |c, text| {
        sqlx::query_as(text).bind(org.get()).bind(after.get()).bind(i64::from(limit)).fetch_all(c).await?
    });
    rows.into_iter().map(of_row).collect()
}

/// The next `limit` facts after item `after` that changed since `since`.
///
/// # Errors
/// Any [`StoreError`].
pub async fn changed(
    conn: &mut Conn<'_>,
    org: OrgId,
    since: Revision,
    after: ItemKey,
    limit: u32,
) -> Result<Vec<StoredFacts>, StoreError> {
    let rows: Vec<Row> = on_engine!(conn, CHANGED, |c, text| {
        let query = sqlx::query_as(text).bind(org.get()).bind(since.get()).bind(after.get());
        query.bind(i64::from(limit)).fetch_all(c).await?
    });
    rows.into_iter().map(of_row).collect()
}
