//! Which number an item id has: the dictionary that keeps the log narrow.

use crate::{
    engine::Conn,
    error::StoreError,
    many::{Insert, bind_all, insert, insert_many},
    sql::{Sql, many_rows, on_engine},
};
use domain::id::{ItemKey, OrgId, SourceId};

/// Ids looked up by one statement on SQLite.
const LOOKUP_ROWS: usize = 500;

/// Joined in the order they are asked for: a list after `in` would be sorted once more.
pub(crate) const BY_IDS: Sql = Sql::per_engine(
    many_rows!(
        "with wanted (item_id) as (values ",
        "(?)",
        LOOKUP_ROWS,
        ") select i.item_id, i.item_key from wanted w cross join items i on i.org_id = ? and i.item_id = w.item_id"
    ),
    "select item_id, item_key from items where org_id = $1 and item_id = any($2)",
);

pub(crate) const BY_ID: Sql = Sql::same("select item_key from items where org_id = $1 and item_id = $2");

const ADD: Insert = insert_many!(
    "insert or fail into items (org_id, item_key, item_id, source_id) values ",
    "(?,?,?,?)",
    "",
    "insert into items (org_id, item_key, item_id, source_id)
     select $1, item_key, item_id, $4 from unnest($2::bigint[], $3::text[]) as new (item_key, item_id)"
);

pub(crate) const BY_KEY: Sql = Sql::same(
    "select i.item_id, s.slug
       from items i
       join sources s on s.org_id = i.org_id and s.source_id = i.source_id
      where i.org_id = $1 and i.item_key = $2",
);

pub(crate) const PAGE: Sql = Sql::same(
    "select i.item_key, i.item_id, s.slug
       from items i
       join sources s on s.org_id = i.org_id and s.source_id = i.source_id
      where i.org_id = $1 and i.item_key > $2
      order by i.item_key
      limit $3",
);

/// The statements of this file.
pub(crate) const ALL: &[Sql] = &[BY_IDS, BY_ID, ADD.many, ADD.some, ADD.few, ADD.one, BY_KEY, PAGE];

/// The numbers of those of `ids` that are known.
///
/// # Errors
/// Any [`StoreError`].
pub async fn known(conn: &mut Conn<'_>, org: OrgId, ids: &[&str]) -> Result<Vec<(String, ItemKey)>, StoreError> {
    let mut found: Vec<(String, i64)> = Vec::with_capacity(ids.len());
    match conn {
        Conn::Postgres(connection) => {
            let mut query = sqlx::query_as(BY_IDS.postgres).bind(org.get());
            query = query.bind(ids.iter().map(|id| (*id).to_owned()).collect::<Vec<String>>());
            found = query.fetch_all(&mut **connection).await?;
        }
        Conn::Sqlite(connection) => {
            for chunk in ids.chunks(LOOKUP_ROWS) {
                let mut query = sqlx::query_as(BY_IDS.sqlite);
                for id in chunk {
                    query = query.bind(Some(*id));
                }
                // The organisation comes last; null is nobody's id.
                for _ in chunk.len()..LOOKUP_ROWS {
                    query = query.bind(None::<&str>);
                }
                query = query.bind(org.get());
                found.extend(query.fetch_all(&mut **connection).await?);
            }
        }
    }
    Ok(found.into_iter().map(|(id, key)| (id, ItemKey::from_row(key))).collect())
}

/// The number of one item id.
///
/// # Errors
/// Any [`StoreError`].
pub async fn by_id(conn: &mut Conn<'_>, org: OrgId, id: &str) -> Result<Option<ItemKey>, StoreError> {
    let key: Option<i64> = on_engine!(conn, BY_ID, |c, text| {
        sqlx::query_scalar(text).bind(org.get()).bind(id).fetch_optional(c).await?
    });
    Ok(key.map(ItemKey::from_row))
}

/// The id of an item and the source that first named it.
///
/// # Errors
/// Any [`StoreError`].
pub async fn by_key(conn: &mut Conn<'_>, org: OrgId, key: ItemKey) -> Result<Option<(String, String)>, StoreError> {
    Ok(on_engine!(conn, BY_KEY, |c, text| {
        sqlx::query_as(text).bind(org.get()).bind(key.get()).fetch_optional(c).await?
    }))
}

/// Adds items to the dictionary; none of them may be known.
///
/// # Errors
/// Any [`StoreError`].
pub async fn add(
    conn: &mut Conn<'_>,
    org: OrgId,
    source: SourceId,
    items: &[(ItemKey, &str)],
) -> Result<(), StoreError> {
    match conn {
        Conn::Postgres(connection) if !items.is_empty() => {
            let (keys, ids): (Vec<i64>, Vec<String>) =
                items.iter().map(|(key, id)| (key.get(), (*id).to_owned())).unzip();
            let query = sqlx::query(ADD.one.postgres).bind(org.get()).bind(keys).bind(ids).bind(source.get());
            query.execute(&mut **connection).await?;
        }
        Conn::Postgres(_) => {}
        Conn::Sqlite(connection) => {
            let added = insert(connection, ADD, items, |row, (key, id)| {
                bind_all!(row, org.get(), key.get(), (*id).to_owned(), source.get())
            });
            added.await?;
        }
    }
    Ok(())
}

/// The next `limit` items after `after`: number, id, and the source that first named it.
///
/// # Errors
/// Any [`StoreError`].
pub async fn page(
    conn: &mut Conn<'_>,
    org: OrgId,
    after: ItemKey,
    limit: u32,
) -> Result<Vec<(ItemKey, String, String)>, StoreError> {
    let rows: Vec<(i64, String, String)> = on_engine!(conn, PAGE, |c, text| {
        sqlx::query_as(text).bind(org.get()).bind(after.get()).bind(i64::from(limit)).fetch_all(c).await?
    });
    Ok(rows.into_iter().map(|(key, id, source)| (ItemKey::from_row(key), id, source)).collect())
}
