//! Which event counts under a key? Beside the log, in the order of keys.

use crate::{
    engine::Conn,
    error::StoreError,
    known_pieces,
    many::{Insert, bind_all, insert, insert_many},
    places::json_list,
    sql::{Sql, many_rows, on_engine},
};
use domain::{
    id::{BatchId, EventSeq, ItemKey, OrgId, SourceId},
    time::Timestamp,
};
use sha2::{Digest, Sha256};

/// Keys looked up by one statement on SQLite.
const LOOKUP_ROWS: usize = 500;

const CLAIM: Insert = insert_many!(
    "insert or fail into event_keys (org_id, source_id, key, seq, content) values ",
    "(?,?,?,?,?)",
    " on conflict (org_id, source_id, key) do nothing",
    "insert into event_keys (org_id, source_id, key, seq, content)
     select $1, $2, key, seq, content
       from unnest($3::bytea[], $4::bigint[], $5::bigint[]) as new (key, seq, content)
      order by key, seq
     on conflict (org_id, source_id, key) do nothing"
);

pub(crate) const KNOWN: Sql = Sql::per_engine(
    many_rows!(
        "select key, seq from event_keys where org_id = ? and source_id = ? and key in (",
        "?",
        LOOKUP_ROWS,
        ")"
    ),
    "select key, seq from event_keys where org_id = $1 and source_id = $2 and key = any($3)",
);

/// The keys one behind the other as one value, and one text for all that is found: a thousand values and rows would cost
/// more than finding them.
pub(crate) const CONTENTS: Sql = Sql::per_engine(
    "select group_concat(w.value || ' ' || coalesce(k.content, ''), ',')
       from json_each($4) w
      cross join event_keys k on k.org_id = $1 and k.source_id = $2 and k.key = substr($3, w.value * 16 + 1, 16)",
    "select string_agg(w.place - 1 || ' ' || coalesce(k.content::text, ''), ',')
       from unnest($3::bytea[]) with ordinality as w (key, place)
       join event_keys k on k.org_id = $1 and k.source_id = $2 and k.key = w.key",
);

pub(crate) const ANY_KNOWN: Sql =
    Sql::same("select exists (select 1 from event_keys where org_id = $1 and source_id = $2)");

pub(crate) const STANDING: Sql = Sql::per_engine(
    many_rows!(
        "select k.key, k.seq, e.batch_id, e.line, e.item_key, e.received_at, e.body
           from event_keys k
           join events e on e.org_id = k.org_id and e.seq = k.seq
          where k.org_id = ? and k.source_id = ? and k.key in (",
        "?",
        LOOKUP_ROWS,
        ")"
    ),
    "select k.key, k.seq, e.batch_id, e.line, e.item_key, e.received_at, e.body
       from event_keys k
       join events e on e.org_id = k.org_id and e.seq = k.seq
      where k.org_id = $1 and k.source_id = $2 and k.key = any($3)",
);

pub(crate) const TAKE_OVER: Sql =
    Sql::same("update event_keys set seq = $4, content = $5 where org_id = $1 and source_id = $2 and key = $3");

pub(crate) const GIVE_UP: Sql =
    Sql::same("delete from event_keys where org_id = $1 and source_id = $2 and key = $3 and seq = $4");

/// The statements of this file.
pub(crate) const ALL: &[Sql] =
    &[CLAIM.many, CLAIM.some, CLAIM.few, CLAIM.one, KNOWN, CONTENTS, ANY_KNOWN, STANDING, TAKE_OVER, GIVE_UP];

/// The first 16 bytes of a hash: of the source's own id, or of the canonical line.
pub type EventKey = [u8; 16];

/// Tells the canonical line of an event from other lines under its key, which are few.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Content(i64);

impl Content {
    /// Of a canonical line: the first eight bytes of its hash.
    #[must_use]
    pub fn of(canonical: &str) -> Self {
        let hash: [u8; 32] = Sha256::digest(canonical.as_bytes()).into();
        let [a, b, c, d, e, f, g, h, ..] = hash;
        Self(i64::from_be_bytes([a, b, c, d, e, f, g, h]))
    }

    /// As a column holds it.
    #[must_use]
    pub const fn get(self) -> i64 {
        self.0
    }

    /// As it was read from a column.
    #[must_use]
    pub const fn from_row(row: i64) -> Self {
        Self(row)
    }
}

/// The key of an event of a source, its place in the log, and what it says.
pub type KeyedPlace = (SourceId, EventKey, EventSeq, Content);

/// The event that counts under a key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standing {
    /// The key.
    pub key: EventKey,
    /// Its place in the log.
    pub seq: EventSeq,
    /// The batch it came in.
    pub batch: BatchId,
    /// Its place among the lines of that batch.
    pub line: u32,
    /// The item it happened to.
    pub item: ItemKey,
    /// When we learnt it.
    pub received_at: Timestamp,
    /// The canonical line.
    pub body: String,
}

/// Has events stand under their keys where nothing stands yet; says how many do. Give them in the order of their keys:
/// neighbours then fall on the same pages. Of two under one key the first one stands.
///
/// # Errors
/// Any [`StoreError`].
pub async fn claim_in_order(conn: &mut Conn<'_>, org: OrgId, rows: &[KeyedPlace]) -> Result<u64, StoreError> {
    match conn {
        Conn::Sqlite(connection) => {
            insert(connection, CLAIM, rows, |row, (source, key, seq, content)| {
                bind_all!(row, org.get(), source.get(), key.to_vec(), seq.get(), content.get())
            })
            .await
        }
        Conn::Postgres(connection) => {
            let mut claimed = 0;
            for rows in rows.chunk_by(|(one, ..), (next, ..)| one == next) {
                let Some((source, ..)) = rows.first() else { continue };
                let query = sqlx::query(CLAIM.one.postgres).bind(org.get()).bind(source.get());
                let query = query.bind(rows.iter().map(|(_, key, ..)| key.to_vec()).collect::<Vec<_>>());
                let query = query.bind(rows.iter().map(|(_, _, seq, _)| seq.get()).collect::<Vec<_>>());
                let query = query.bind(rows.iter().map(|(.., content)| content.get()).collect::<Vec<_>>());
                claimed += query.execute(&mut **connection).await?.rows_affected();
            }
            Ok(claimed)
        }
    }
}

/// Has another event stand under a key.
pub(crate) async fn take_over(
    conn: &mut Conn<'_>,
    org: OrgId,
    source: SourceId,
    key: &EventKey,
    winner: (EventSeq, Content),
) -> Result<(), StoreError> {
    on_engine!(conn, TAKE_OVER, |c, text| {
        let query = sqlx::query(text).bind(org.get()).bind(source.get()).bind(key.as_slice());
        query.bind(winner.0.get()).bind(winner.1.get()).execute(c).await?;
    });
    Ok(())
}

/// Has nothing stand under a key any more, where that event stood.
///
/// # Errors
/// Any [`StoreError`].
pub async fn give_up(
    conn: &mut Conn<'_>,
    org: OrgId,
    source: SourceId,
    key: &EventKey,
    seq: EventSeq,
) -> Result<(), StoreError> {
    on_engine!(conn, GIVE_UP, |c, text| {
        let query = sqlx::query(text).bind(org.get()).bind(source.get());
        query.bind(key.as_slice()).bind(seq.get()).execute(c).await?;
    });
    known_pieces::forget(conn, org).await
}

/// Whether any event of a source is known.
///
/// # Errors
/// Any [`StoreError`].
pub async fn any_known(conn: &mut Conn<'_>, org: OrgId, source: SourceId) -> Result<bool, StoreError> {
    Ok(on_engine!(conn, ANY_KNOWN, |c, text| {
        sqlx::query_scalar(text).bind(org.get()).bind(source.get()).fetch_one(c).await?
    }))
}

/// What the events say that count under these keys, for each key; `Some(None)` where that was not kept when it came.
///
/// # Errors
/// Any [`StoreError`].
pub async fn contents(
    conn: &mut Conn<'_>,
    org: OrgId,
    source: SourceId,
    keys: &[EventKey],
) -> Result<Vec<Option<Option<Content>>>, StoreError> {
    let found: Option<String> = match conn {
        Conn::Sqlite(connection) => {
            let places: Vec<i64> = (0_i64..).take(keys.len()).collect();
            let query = sqlx::query_scalar(CONTENTS.sqlite).bind(org.get()).bind(source.get());
            query.bind(keys.as_flattened()).bind(json_list(&places)).fetch_one(&mut **connection).await?
        }
        Conn::Postgres(connection) => {
            let keys: Vec<&[u8]> = keys.iter().map(EventKey::as_slice).collect();
            let query = sqlx::query_scalar(CONTENTS.postgres).bind(org.get()).bind(source.get());
            query.bind(keys).fetch_one(&mut **connection).await?
        }
    };
    let mut contents = vec![None; keys.len()];
    for one in found.as_deref().into_iter().flat_map(|found| found.split(',')) {
        let (place, content) = content_at(one).ok_or_else(|| StoreError::damaged("what stands under a key"))?;
        *contents.get_mut(place).ok_or_else(|| StoreError::damaged("a key nobody asked for"))? = Some(content);
    }
    Ok(contents)
}

/// Of which of the keys something is said, and what.
fn content_at(said: &str) -> Option<(usize, Option<Content>)> {
    let (place, content) = said.split_once(' ')?;
    let content = if content.is_empty() { None } else { Some(Content(content.parse().ok()?)) };
    Some((place.parse().ok()?, content))
}

/// Where the events stand that count under these keys.
///
/// # Errors
/// Any [`StoreError`].
pub async fn known(
    conn: &mut Conn<'_>,
    org: OrgId,
    source: SourceId,
    keys: &[EventKey],
) -> Result<Vec<(EventKey, EventSeq)>, StoreError> {
    let rows: Vec<(Vec<u8>, i64)> = under_keys(conn, KNOWN, org, source, keys).await?;
    let known = |(key, seq): (Vec<u8>, i64)| {
        let key = key.as_slice().try_into().map_err(|_| StoreError::damaged(format!("the key of event {seq}")))?;
        Ok((key, EventSeq::from_row(seq)))
    };
    rows.into_iter().map(known).collect()
}

/// The rows one of the two questions about keys finds.
async fn under_keys<R>(
    conn: &mut Conn<'_>,
    sql: Sql,
    org: OrgId,
    source: SourceId,
    keys: &[EventKey],
) -> Result<Vec<R>, StoreError>
where
    R: Send
        + Unpin
        + for<'r> sqlx::FromRow<'r, sqlx::sqlite::SqliteRow>
        + for<'r> sqlx::FromRow<'r, sqlx::postgres::PgRow>,
{
    match conn {
        Conn::Postgres(connection) => {
            let all = keys.iter().map(|key| key.to_vec()).collect::<Vec<_>>();
            let query = sqlx::query_as(sql.postgres).bind(org.get()).bind(source.get()).bind(all);
            Ok(query.fetch_all(&mut **connection).await?)
        }
        Conn::Sqlite(connection) => {
            let mut rows = Vec::new();
            for chunk in keys.chunks(LOOKUP_ROWS) {
                let mut query = sqlx::query_as(sql.sqlite).bind(org.get()).bind(source.get());
                for key in chunk {
                    query = query.bind(key.as_slice());
                }
                // Unbound parameters are null, and null is in no list.
                rows.extend(query.fetch_all(&mut **connection).await?);
            }
            Ok(rows)
        }
    }
}

/// The events that count under these keys.
///
/// # Errors
/// Any [`StoreError`].
pub async fn standing(
    conn: &mut Conn<'_>,
    org: OrgId,
    source: SourceId,
    keys: &[EventKey],
) -> Result<Vec<Standing>, StoreError> {
    let rows: Vec<StandingRow> = under_keys(conn, STANDING, org, source, keys).await?;
    rows.into_iter().map(standing_of_row).collect()
}

#[derive(sqlx::FromRow)]
struct StandingRow {
    key: Vec<u8>,
    seq: i64,
    batch_id: i64,
    line: i64,
    item_key: i64,
    received_at: i64,
    body: String,
}

fn standing_of_row(row: StandingRow) -> Result<Standing, StoreError> {
    let damaged = || StoreError::damaged(format!("event {}", row.seq));
    Ok(Standing {
        key: row.key.as_slice().try_into().map_err(|_| damaged())?,
        seq: EventSeq::from_row(row.seq),
        batch: BatchId::from_row(row.batch_id),
        line: u32::try_from(row.line).map_err(|_| damaged())?,
        item: ItemKey::from_row(row.item_key),
        received_at: Timestamp::from_seconds(row.received_at),
        body: row.body,
    })
}
