//! The log itself: adding events once, and finding those that are there.

use crate::{
    engine::Conn,
    error::StoreError,
    item_events::{self, NewItemEvent},
    known_pieces,
    many::{Insert, bind_all, insert, insert_many},
    sql::{Sql, many_rows, on_engine},
};
use domain::{
    event::Certainty,
    event_name::EventName,
    id::{BatchId, EventSeq, ItemKey, OrgId, SourceId},
    time::Timestamp,
};
use std::{collections::BTreeSet, sync::Arc};

/// Keys looked up by one statement on SQLite.
const LOOKUP_ROWS: usize = 500;

const APPEND: Insert = insert_many!(
    "insert or fail into events (org_id, seq, batch_id, line, source_id, key, item_key, event, at, at_latest, received_at,
        certainty, body, counted) values ",
    "(?,?,?,?,?,?,?,?,?,?,?,?,?,?)",
    "",
    "insert into events (org_id, seq, batch_id, line, source_id, key, item_key, event, at, at_latest, received_at,
        certainty, body, counted)
     select $1, seq, $2, line, $3, key, item_key, event, at, at_latest, received_at, certainty, body, counted
       from unnest($4::bigint[], $5::bigint[], $6::bytea[], $7::bigint[], $8::bigint[], $9::bigint[], $10::bigint[],
            $11::bigint[], $12::bigint[], $13::text[], $14::text[])
            as new (seq, line, key, item_key, event, at, at_latest, received_at, certainty, body, counted)
      order by seq"
);

const CLAIM: Insert = insert_many!(
    "insert or fail into event_keys (org_id, source_id, key, seq) values ",
    "(?,?,?,?)",
    " on conflict (org_id, source_id, key) do nothing",
    "insert into event_keys (org_id, source_id, key, seq)
     select $1, $2, key, seq from unnest($3::bytea[], $4::bigint[]) as new (key, seq) order by key, seq
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

pub(crate) const SET_ASIDE: Sql =
    Sql::same("update events set displaced_by = $3 where org_id = $1 and seq = $2 and displaced_by is null");

pub(crate) const TAKE_OVER: Sql =
    Sql::same("update event_keys set seq = $4 where org_id = $1 and source_id = $2 and key = $3");

pub(crate) const GIVE_UP: Sql =
    Sql::same("delete from event_keys where org_id = $1 and source_id = $2 and key = $3 and seq = $4");

/// The statements of this file.
pub(crate) const ALL: &[Sql] = &[
    APPEND.many,
    APPEND.some,
    APPEND.few,
    APPEND.one,
    CLAIM.many,
    CLAIM.some,
    CLAIM.few,
    CLAIM.one,
    KNOWN,
    ANY_KNOWN,
    STANDING,
    SET_ASIDE,
    TAKE_OVER,
    GIVE_UP,
];

/// The first 16 bytes of a hash: of the source's own id, or of the canonical line.
pub type EventKey = [u8; 16];

/// The key of an event of a source, and its place in the log.
pub type KeyedPlace = (SourceId, EventKey, EventSeq);

/// An event on its way into the log.
#[derive(Clone, Debug)]
pub struct NewEvent {
    /// Its place among the lines of its batch.
    pub line: u32,
    /// What makes it the same event when it is sent again.
    pub key: EventKey,
    /// The item it happened to.
    pub item: ItemKey,
    /// What happened.
    pub name: EventName,
    /// When, or the earliest it can have been.
    pub at: Timestamp,
    /// The latest it can have been.
    pub at_latest: Option<Timestamp>,
    /// When we learnt it.
    pub received_at: Timestamp,
    /// How sure the time is.
    pub certainty: Certainty,
    /// The canonical line.
    pub body: Arc<str>,
    /// The same with its times put right, where the clock of its source is known to be wrong: what counts.
    pub counted: Option<Arc<str>>,
}

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

/// Where events go: one batch of one source.
#[derive(Clone, Copy, Debug)]
pub struct Place {
    /// Whose log.
    pub org: OrgId,
    /// What they are committed with.
    pub batch: BatchId,
    /// Who sent them.
    pub source: SourceId,
}

/// A place in the log and the event that takes it.
type Row<'e> = (i64, &'e NewEvent);

/// Adds events at `first_seq` and on, each unless its key is there, so that they can be seen; returns for each whether
/// it was added. The places of those that were not stay empty.
///
/// # Errors
/// Any [`StoreError`].
pub async fn add(conn: &mut Conn<'_>, to: Place, first_seq: i64, events: &[NewEvent]) -> Result<Vec<bool>, StoreError> {
    let all: Vec<Row<'_>> = (first_seq..).zip(events).collect();
    let claimed = claim(conn, to, &all).await?;
    let rows: Vec<Row<'_>> = all.iter().filter(|(seq, _)| claimed.holds(*seq)).copied().collect();
    append_rows(conn, to, &rows).await?;
    let mut shown: Vec<NewItemEvent> =
        rows.iter().map(|(seq, event)| (event.item, EventSeq::from_row(*seq), event.received_at)).collect();
    shown.sort_unstable();
    item_events::show(conn, to.org, &shown).await?;
    Ok(all.iter().map(|(seq, _)| claimed.holds(*seq)).collect())
}

/// Adds events at `first_seq` and on that nobody can see yet, whatever stands under their keys.
///
/// # Errors
/// Any [`StoreError`].
pub async fn append(conn: &mut Conn<'_>, to: Place, first_seq: i64, events: &[NewEvent]) -> Result<(), StoreError> {
    append_rows(conn, to, &(first_seq..).zip(events).collect::<Vec<_>>()).await
}

/// Which of the events now stand under their keys.
enum Claimed {
    All,
    These(BTreeSet<i64>),
}

impl Claimed {
    fn holds(&self, seq: i64) -> bool {
        match self {
            Self::All => true,
            Self::These(seqs) => seqs.contains(&seq),
        }
    }
}

/// Has events stand under their keys where nothing stands yet; says how many do. Give them in the order of their keys:
/// neighbours then fall on the same pages. Of two under one key the first one stands.
///
/// # Errors
/// Any [`StoreError`].
pub async fn claim_in_order(conn: &mut Conn<'_>, org: OrgId, rows: &[KeyedPlace]) -> Result<u64, StoreError> {
    match conn {
        Conn::Sqlite(connection) => {
            insert(connection, CLAIM, rows, |row, (source, key, seq)| {
                bind_all!(row, org.get(), source.get(), key.to_vec(), seq.get())
            })
            .await
        }
        Conn::Postgres(connection) => {
            let mut claimed = 0;
            for rows in rows.chunk_by(|(one, ..), (next, ..)| one == next) {
                let Some((source, ..)) = rows.first() else { continue };
                let (keys, seqs): (Vec<Vec<u8>>, Vec<i64>) =
                    rows.iter().map(|(_, key, seq)| (key.to_vec(), seq.get())).unzip();
                let query = sqlx::query(CLAIM.one.postgres).bind(org.get()).bind(source.get());
                claimed += query.bind(keys).bind(seqs).execute(&mut **connection).await?.rows_affected();
            }
            Ok(claimed)
        }
    }
}

async fn claim(conn: &mut Conn<'_>, to: Place, rows: &[Row<'_>]) -> Result<Claimed, StoreError> {
    let mut sorted: Vec<KeyedPlace> =
        rows.iter().map(|(seq, event)| (to.source, event.key, EventSeq::from_row(*seq))).collect();
    sorted.sort_unstable();
    let claimed = claim_in_order(conn, to.org, &sorted).await?;
    if usize::try_from(claimed) == Ok(rows.len()) {
        return Ok(Claimed::All);
    }
    let keys: BTreeSet<EventKey> = rows.iter().map(|(_, event)| event.key).collect();
    let keys: Vec<EventKey> = keys.into_iter().collect();
    let known = known(conn, to.org, to.source, &keys).await?;
    Ok(Claimed::These(known.into_iter().map(|(_, seq)| seq.get()).collect()))
}

async fn append_rows(conn: &mut Conn<'_>, to: Place, rows: &[Row<'_>]) -> Result<(), StoreError> {
    match conn {
        Conn::Postgres(connection) => append_postgres(connection, to, rows).await,
        Conn::Sqlite(connection) => {
            let added = insert(connection, APPEND, rows, |row, (seq, event)| {
                bind_all!(
                    row,
                    to.org.get(),
                    *seq,
                    to.batch.get(),
                    i64::from(event.line),
                    to.source.get(),
                    event.key.to_vec(),
                    event.item.get(),
                    i64::from(event.name.code()),
                    event.at.seconds(),
                    event.at_latest.map(Timestamp::seconds),
                    event.received_at.seconds(),
                    i64::from(certainty_code(event.certainty)),
                    Arc::clone(&event.body),
                    event.counted.clone(),
                )
            });
            added.await.map(|_| ())
        }
    }
}

async fn append_postgres(connection: &mut sqlx::PgConnection, to: Place, rows: &[Row<'_>]) -> Result<(), StoreError> {
    fn column<T>(rows: &[Row<'_>], field: impl Fn(&NewEvent) -> T) -> Vec<T> {
        rows.iter().map(|(_, event)| field(event)).collect()
    }
    if rows.is_empty() {
        return Ok(());
    }
    sqlx::query(APPEND.one.postgres)
        .bind(to.org.get())
        .bind(to.batch.get())
        .bind(to.source.get())
        .bind(rows.iter().map(|(seq, _)| *seq).collect::<Vec<i64>>())
        .bind(column(rows, |event| i64::from(event.line)))
        .bind(column(rows, |event| event.key.to_vec()))
        .bind(column(rows, |event| event.item.get()))
        .bind(column(rows, |event| i64::from(event.name.code())))
        .bind(column(rows, |event| event.at.seconds()))
        .bind(column(rows, |event| event.at_latest.map(Timestamp::seconds)))
        .bind(column(rows, |event| event.received_at.seconds()))
        .bind(column(rows, |event| i64::from(certainty_code(event.certainty))))
        .bind(column(rows, |event| event.body.to_string()))
        .bind(column(rows, |event| event.counted.as_deref().map(str::to_owned)))
        .execute(connection)
        .await?;
    Ok(())
}

/// A small code for columns.
pub(crate) const fn certainty_code(certainty: Certainty) -> u8 {
    match certainty {
        Certainty::Observed => 0,
        Certainty::Derived => 1,
        Certainty::Inferred => 2,
    }
}

/// The certainty of a code, if it is one.
pub(crate) fn certainty_of(code: i64) -> Option<Certainty> {
    let all = [Certainty::Observed, Certainty::Derived, Certainty::Inferred];
    all.into_iter().find(|certainty| i64::from(certainty_code(*certainty)) == code)
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

/// Marks an event that does not count with the place of the one that counts instead, or with its own where none does; it
/// stays in the log.
///
/// # Errors
/// Any [`StoreError`].
pub async fn set_aside(conn: &mut Conn<'_>, org: OrgId, loser: EventSeq, instead: EventSeq) -> Result<(), StoreError> {
    on_engine!(conn, SET_ASIDE, |c, text| {
        sqlx::query(text).bind(org.get()).bind(loser.get()).bind(instead.get()).execute(c).await?;
    });
    Ok(())
}

/// Has another event stand under a key from now on; the one that stood stays in the log, marked, and is no longer seen.
///
/// # Errors
/// Any [`StoreError`].
pub async fn displace(
    conn: &mut Conn<'_>,
    org: OrgId,
    source: SourceId,
    loser: &Standing,
    winner: EventSeq,
) -> Result<(), StoreError> {
    set_aside(conn, org, loser.seq, winner).await?;
    on_engine!(conn, TAKE_OVER, |c, text| {
        let query = sqlx::query(text).bind(org.get()).bind(source.get());
        query.bind(loser.key.as_slice()).bind(winner.get()).execute(c).await?;
    });
    item_events::hide(conn, org, loser.item, loser.seq).await?;
    known_pieces::forget(conn, org).await
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
