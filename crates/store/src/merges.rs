//! Where a merged item's events count now.

use crate::{
    engine::Conn,
    error::StoreError,
    sql::{Sql, on_engine},
};
use domain::id::{ItemKey, OrgId};

pub(crate) const LIST: Sql =
    Sql::same("select item_key, into_key from item_merges where org_id = $1 order by item_key");

pub(crate) const SET: Sql = Sql::same(
    "insert into item_merges (org_id, item_key, into_key) values ($1, $2, $3)
     on conflict (org_id, item_key) do update set into_key = excluded.into_key",
);

pub(crate) const REMOVE: Sql = Sql::same("delete from item_merges where org_id = $1 and item_key = $2");

/// The statements of this file.
pub(crate) const ALL: &[Sql] = &[LIST, SET, REMOVE];

/// Each merged item with the item that stands for it.
///
/// # Errors
/// Any [`StoreError`].
pub async fn list(conn: &mut Conn<'_>, org: OrgId) -> Result<Vec<(ItemKey, ItemKey)>, StoreError> {
    let rows: Vec<(i64, i64)> =
        on_engine!(conn, LIST, |c, text| sqlx::query_as(text).bind(org.get()).fetch_all(c).await?);
    Ok(rows.into_iter().map(|(item, into)| (ItemKey::from_row(item), ItemKey::from_row(into))).collect())
}

/// Says which item stands for `item` from now on.
///
/// # Errors
/// Any [`StoreError`].
pub async fn set(conn: &mut Conn<'_>, org: OrgId, item: ItemKey, into: ItemKey) -> Result<(), StoreError> {
    on_engine!(conn, SET, |c, text| {
        sqlx::query(text).bind(org.get()).bind(item.get()).bind(into.get()).execute(c).await?;
    });
    Ok(())
}

/// Says that `item` stands for itself again: an earlier merge arrived late and closed another circle first.
///
/// # Errors
/// Any [`StoreError`].
pub async fn remove(conn: &mut Conn<'_>, org: OrgId, item: ItemKey) -> Result<(), StoreError> {
    on_engine!(conn, REMOVE, |c, text| {
        sqlx::query(text).bind(org.get()).bind(item.get()).execute(c).await?;
    });
    Ok(())
}
