//! What happened to items: the log read back, an item at a time for the fold, in order for the proof.

use crate::{
    engine::Conn,
    error::StoreError,
    event_keys::Content,
    places::json_list,
    sql::{Sql, on_engine},
};
use domain::{
    id::{BatchId, EventSeq, ItemKey, OrgId},
    time::Timestamp,
};

/// One row an item: a row an event would cost more than the fold itself. The canonical line holds no line break. Left out
/// is what was withdrawn by `$3`. On PostgreSQL each event is looked up by its place: what was added a moment ago is in no
/// statistics yet, and the planner would join the whole log.
pub(crate) const OF_ITEMS: Sql = Sql::per_engine(
    "select s.item_key, group_concat(s.known_at || ' ' || coalesce(e.counted, e.body), char(10))
       from item_events s
       join events e on e.org_id = s.org_id and e.seq = s.seq
      where s.org_id = $1 and s.item_key in (select value from json_each($2))
        and (s.withdrawn_at is null or s.withdrawn_at > $3)
      group by s.item_key
      order by s.item_key",
    "select s.item_key, string_agg(s.known_at || ' ' || coalesce(e.counted, e.body), chr(10) order by s.seq)
       from item_events s
      cross join lateral (select e.counted, e.body from events e where e.org_id = s.org_id and e.seq = s.seq limit 1) e
      where s.org_id = $1 and s.item_key = any($2) and (s.withdrawn_at is null or s.withdrawn_at > $3)
      group by s.item_key
      order by s.item_key",
);

pub(crate) const SIZES: Sql = Sql::per_engine(
    "select item_key, count(*)
       from item_events
      where org_id = $1 and item_key in (select value from json_each($2))
      group by item_key",
    "select item_key, count(*)
       from item_events
      where org_id = $1 and item_key = any($2)
      group by item_key",
);

pub(crate) const OF_ITEM: Sql = Sql::same(
    "select s.seq, s.known_at, coalesce(e.counted, e.body), o.slug, e.counted is not null
       from item_events s
       join events e on e.org_id = s.org_id and e.seq = s.seq
       join sources o on o.org_id = e.org_id and o.source_id = e.source_id
      where s.org_id = $1 and s.item_key = $2 and (s.withdrawn_at is null or s.withdrawn_at > $4)
      order by s.seq
      limit $3",
);

pub(crate) const IN_ORDER: Sql = Sql::same(
    "select e.seq, e.batch_id, e.line, s.slug, e.key, e.item_key, e.event, e.at, e.received_at, e.body, e.counted,
            e.displaced_by, k.seq is not null as is_keyed, k.content,
            e.displaced_by is null
              and (b.import_id is null or (i.state = 'published' and i.withdrawn_at is null)) as is_counted
       from events e
       join sources s on s.org_id = e.org_id and s.source_id = e.source_id
       left join event_keys k on k.org_id = e.org_id and k.source_id = e.source_id and k.key = e.key and k.seq = e.seq
       left join batches b on b.org_id = e.org_id and b.batch_id = e.batch_id
       left join imports i on i.org_id = b.org_id and i.import_id = b.import_id
      where e.org_id = $1 and e.seq > $2
      order by e.seq
      limit $3",
);

pub(crate) const MERGES: Sql = Sql::same(
    "select e.item_key, s.known_at, coalesce(e.counted, e.body)
       from events e
       join item_events s on s.org_id = e.org_id and s.item_key = e.item_key and s.seq = e.seq
      where e.org_id = $1 and e.event = 27 and (s.withdrawn_at is null or s.withdrawn_at > $2)
      order by e.seq",
);

pub(crate) const COUNT: Sql = Sql::same("select count(*) from item_events where org_id = $1 and withdrawn_at is null");

/// The statements of this file.
pub(crate) const ALL: &[Sql] = &[OF_ITEMS, SIZES, OF_ITEM, IN_ORDER, MERGES, COUNT];

/// An event as the fold needs it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recorded {
    /// When we learnt it.
    pub received_at: Timestamp,
    /// The canonical line.
    pub body: Box<str>,
}

/// Asks for what counts today, however late it may be asked again.
pub const PRESENT: Timestamp = Timestamp::from_seconds(i64::MAX);

/// The events of some items that counted at a moment, an item at a time, ordered by item; items without any are left out.
/// Learnt later does not leave an event out: only what had been withdrawn by then is.
///
/// # Errors
/// Any [`StoreError`].
pub async fn of_items(
    conn: &mut Conn<'_>,
    org: OrgId,
    items: &[ItemKey],
    at: Timestamp,
) -> Result<Vec<(ItemKey, Vec<Recorded>)>, StoreError> {
    let rows: Vec<(i64, String)> = match conn {
        Conn::Sqlite(connection) => {
            let query =
                sqlx::query_as(OF_ITEMS.sqlite).bind(org.get()).bind(json_list(&array(items))).bind(at.seconds());
            query.fetch_all(&mut **connection).await?
        }
        Conn::Postgres(connection) => {
            let query = sqlx::query_as(OF_ITEMS.postgres).bind(org.get()).bind(array(items)).bind(at.seconds());
            query.fetch_all(&mut **connection).await?
        }
    };
    rows.into_iter().map(|(item, lines)| Ok((ItemKey::from_row(item), split(&lines)?))).collect()
}

fn array(items: &[ItemKey]) -> Vec<i64> {
    items.iter().map(|item| item.get()).collect()
}

/// How many events have been seen of each of these items, withdrawn ones included; items without any are left out.
///
/// # Errors
/// Any [`StoreError`].
pub async fn sizes(conn: &mut Conn<'_>, org: OrgId, items: &[ItemKey]) -> Result<Vec<(ItemKey, u64)>, StoreError> {
    let rows: Vec<(i64, i64)> = match conn {
        Conn::Sqlite(connection) => {
            let query = sqlx::query_as(SIZES.sqlite).bind(org.get()).bind(json_list(&array(items)));
            query.fetch_all(&mut **connection).await?
        }
        Conn::Postgres(connection) => {
            let query = sqlx::query_as(SIZES.postgres).bind(org.get()).bind(array(items));
            query.fetch_all(&mut **connection).await?
        }
    };
    let size = |(item, count)| (ItemKey::from_row(item), u64::try_from(count).unwrap_or_default());
    Ok(rows.into_iter().map(size).collect())
}

fn split(lines: &str) -> Result<Vec<Recorded>, StoreError> {
    lines.split('\n').map(recorded_of_line).collect()
}

fn recorded_of_line(line: &str) -> Result<Recorded, StoreError> {
    let parts = line.split_once(' ').and_then(|(at, body)| Some((at.parse().ok()?, body)));
    let (received_at, body) = parts.ok_or_else(|| StoreError::damaged("the text of an event holds a line break"))?;
    Ok(Recorded { received_at: Timestamp::from_seconds(received_at), body: body.into() })
}

/// An event as a page about its item shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shown {
    /// Its place in the log.
    pub seq: EventSeq,
    /// When we learnt it.
    pub received_at: Timestamp,
    /// The canonical line.
    pub body: String,
    /// Who sent it.
    pub source: String,
    /// Whether its times were put right.
    pub is_corrected: bool,
}

/// The first `limit` events of one item that counted at a moment, in the order of the log.
///
/// # Errors
/// Any [`StoreError`].
pub async fn of_item(
    conn: &mut Conn<'_>,
    org: OrgId,
    item: ItemKey,
    limit: u32,
    at: Timestamp,
) -> Result<Vec<Shown>, StoreError> {
    let rows: Vec<(i64, i64, String, String, bool)> = on_engine!(conn, OF_ITEM, |c, text| {
        let query = sqlx::query_as(text).bind(org.get()).bind(item.get());
        query.bind(i64::from(limit)).bind(at.seconds()).fetch_all(c).await?
    });
    Ok(rows
        .into_iter()
        .map(|(seq, received_at, body, source, is_corrected)| Shown {
            seq: EventSeq::from_row(seq),
            received_at: Timestamp::from_seconds(received_at),
            body,
            source,
            is_corrected,
        })
        .collect())
}

/// An event with everything the proof compares.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
struct Row {
    seq: i64,
    batch_id: i64,
    line: i64,
    slug: String,
    key: Vec<u8>,
    item_key: i64,
    event: i64,
    at: i64,
    received_at: i64,
    body: String,
    counted: Option<String>,
    displaced_by: Option<i64>,
    is_keyed: bool,
    content: Option<i64>,
    is_counted: bool,
}

/// An event with everything the proof compares.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Its place in the log.
    pub seq: EventSeq,
    /// The batch it came in.
    pub batch: BatchId,
    /// Its place among the lines of that batch.
    pub line: i64,
    /// Who sent it.
    pub source: String,
    /// What makes it the same event when it is sent again.
    pub key: Vec<u8>,
    /// The item it happened to.
    pub item: ItemKey,
    /// The code of what happened.
    pub event: i64,
    /// When.
    pub at: Timestamp,
    /// When we learnt it.
    pub received_at: Timestamp,
    /// The canonical line.
    pub body: String,
    /// The same with its times put right, where that is what counts.
    pub counted: Option<String>,
    /// The event that counts in its place, if it lost a conflict.
    pub displaced_by: Option<EventSeq>,
    /// Whether it stands under its key.
    pub is_keyed: bool,
    /// What it is told by there, where that was kept.
    pub content: Option<Content>,
    /// Whether it counts: not displaced, and of no import that is not seen.
    pub is_counted: bool,
}

/// The next `limit` entries of the log after `after`, displaced ones too.
///
/// # Errors
/// Any [`StoreError`].
pub async fn in_order(conn: &mut Conn<'_>, org: OrgId, after: EventSeq, limit: u32) -> Result<Vec<Entry>, StoreError> {
    let rows: Vec<Row> = on_engine!(conn, IN_ORDER, |c, text| {
        sqlx::query_as(text).bind(org.get()).bind(after.get()).bind(i64::from(limit)).fetch_all(c).await?
    });
    Ok(rows
        .into_iter()
        .map(|row| Entry {
            seq: EventSeq::from_row(row.seq),
            batch: BatchId::from_row(row.batch_id),
            line: row.line,
            source: row.slug,
            key: row.key,
            item: ItemKey::from_row(row.item_key),
            event: row.event,
            at: Timestamp::from_seconds(row.at),
            received_at: Timestamp::from_seconds(row.received_at),
            body: row.body,
            counted: row.counted,
            displaced_by: row.displaced_by.map(EventSeq::from_row),
            is_keyed: row.is_keyed,
            content: row.content.map(Content::from_row),
            is_counted: row.is_counted,
        })
        .collect())
}

/// Every merge that counted at a moment with the item it was said of.
///
/// # Errors
/// Any [`StoreError`].
pub async fn merges(conn: &mut Conn<'_>, org: OrgId, at: Timestamp) -> Result<Vec<(ItemKey, Recorded)>, StoreError> {
    let rows: Vec<(i64, i64, String)> = on_engine!(conn, MERGES, |c, text| {
        sqlx::query_as(text).bind(org.get()).bind(at.seconds()).fetch_all(c).await?
    });
    Ok(rows
        .into_iter()
        .map(|(item, received_at, body)| {
            let recorded = Recorded { received_at: Timestamp::from_seconds(received_at), body: body.into() };
            (ItemKey::from_row(item), recorded)
        })
        .collect())
}

/// How many events count.
///
/// # Errors
/// Any [`StoreError`].
pub async fn count(conn: &mut Conn<'_>, org: OrgId) -> Result<u64, StoreError> {
    let count: i64 = on_engine!(conn, COUNT, |c, text| sqlx::query_scalar(text).bind(org.get()).fetch_one(c).await?);
    u64::try_from(count).map_err(|_| StoreError::damaged("a negative count"))
}
