//! Which events can be seen: an event of the log counts for its item from the moment it stands here.

use crate::{
    engine::Conn,
    error::StoreError,
    many::{Insert, bind_all, insert, insert_many},
    sql::{Sql, on_engine},
};
use domain::{
    id::{EventSeq, ItemKey, OrgId},
    time::Timestamp,
};

const SHOW: Insert = insert_many!(
    "insert or fail into item_events (org_id, item_key, seq, known_at) values ",
    "(?,?,?,?)",
    "",
    "insert into item_events (org_id, item_key, seq, known_at)
     select $1, item_key, seq, known_at from unnest($2::bigint[], $3::bigint[], $4::bigint[]) as new (item_key, seq, known_at)"
);

pub(crate) const HIDE: Sql = Sql::same("delete from item_events where org_id = $1 and item_key = $2 and seq = $3");

/// Two rows whatever the log holds: what should be seen and is not, and how much is seen.
pub(crate) const UNSEEN: Sql = Sql::same(
    "select e.seq
       from events e
       join batches b on b.org_id = e.org_id and b.batch_id = e.batch_id
       left join imports i on i.org_id = b.org_id and i.import_id = b.import_id
      where e.org_id = $1 and e.displaced_by is null
        and (b.import_id is null or i.state in ('published', 'withdrawn'))
        and not exists (select 1
                          from item_events s
                         where s.org_id = e.org_id and s.item_key = e.item_key and s.seq = e.seq
                           and (s.withdrawn_at is null) = (i.withdrawn_at is null))
      limit 10",
);

pub(crate) const SEEN_TOO_MUCH: Sql = Sql::same(
    "select s.seq
       from item_events s
       left join events e on e.org_id = s.org_id and e.seq = s.seq and e.item_key = s.item_key
       left join batches b on b.org_id = e.org_id and b.batch_id = e.batch_id
       left join imports i on i.org_id = b.org_id and i.import_id = b.import_id
      where s.org_id = $1
        and (e.seq is null or e.displaced_by is not null
             or (b.import_id is not null and i.state not in ('published', 'withdrawn')))
      limit 10",
);

/// Of every event that is seen and not withdrawn the walk over the log knows that it stands under its key; nothing else does.
pub(crate) const KEPT_KEYS: Sql = Sql::same(
    "select (select count(*) from event_keys where org_id = $1)
          - (select count(*) from item_events where org_id = $1 and withdrawn_at is null)",
);

/// The statements of this file.
pub(crate) const ALL: &[Sql] = &[SHOW.many, SHOW.some, SHOW.few, SHOW.one, HIDE, UNSEEN, SEEN_TOO_MUCH, KEPT_KEYS];

/// An event to be seen: its item, its place in the log, and since when it is known.
pub type NewItemEvent = (ItemKey, EventSeq, Timestamp);

/// Has events be seen; sorted by item and place they fall on the same pages.
///
/// # Errors
/// Any [`StoreError`].
pub async fn show(conn: &mut Conn<'_>, org: OrgId, events: &[NewItemEvent]) -> Result<(), StoreError> {
    match conn {
        Conn::Sqlite(connection) => {
            let added = insert(connection, SHOW, events, |row, (item, seq, known_at)| {
                bind_all!(row, org.get(), item.get(), seq.get(), known_at.seconds())
            });
            added.await?;
        }
        Conn::Postgres(_) if events.is_empty() => {}
        Conn::Postgres(connection) => {
            sqlx::query(SHOW.one.postgres)
                .bind(org.get())
                .bind(events.iter().map(|(item, ..)| item.get()).collect::<Vec<_>>())
                .bind(events.iter().map(|(_, seq, _)| seq.get()).collect::<Vec<_>>())
                .bind(events.iter().map(|(.., known_at)| known_at.seconds()).collect::<Vec<_>>())
                .execute(&mut **connection)
                .await?;
        }
    }
    Ok(())
}

/// Has an event be seen no more.
///
/// # Errors
/// Any [`StoreError`].
pub async fn hide(conn: &mut Conn<'_>, org: OrgId, item: ItemKey, seq: EventSeq) -> Result<(), StoreError> {
    on_engine!(conn, HIDE, |c, text| {
        sqlx::query(text).bind(org.get()).bind(item.get()).bind(seq.get()).execute(c).await?;
    });
    Ok(())
}

/// Where what is seen is not what the log says, for the proof: at most ten places a kind.
///
/// # Errors
/// Any [`StoreError`].
pub async fn differences(conn: &mut Conn<'_>, org: OrgId) -> Result<Vec<String>, StoreError> {
    let mut found = Vec::new();
    for (sql, what) in [(UNSEEN, "counts and is not seen"), (SEEN_TOO_MUCH, "is seen and does not count")] {
        let seqs: Vec<i64> =
            on_engine!(conn, sql, |c, text| sqlx::query_scalar(text).bind(org.get()).fetch_all(c).await?);
        found.extend(seqs.into_iter().map(|seq| format!("event {seq} {what}")));
    }
    let more: i64 =
        on_engine!(conn, KEPT_KEYS, |c, text| sqlx::query_scalar(text).bind(org.get()).fetch_one(c).await?);
    if more != 0 {
        found.push(format!("{more} keys more than events that are seen"));
    }
    Ok(found)
}
