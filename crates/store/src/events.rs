//! The log itself: adding events once, and finding those that are there.

use crate::{
    engine::Conn,
    error::StoreError,
    sql::{Sql, many_rows, on_engine},
};
use domain::{
    event::Certainty,
    event_name::EventName,
    id::{BatchId, EventSeq, ItemKey, OrgId, SourceId},
    time::Timestamp,
};
use sqlx::{Arguments, sqlite::SqliteArguments};
use std::{collections::BTreeSet, sync::Arc};

/// Events added by one statement on SQLite: every statement costs the way to SQLite's thread and back.
const INSERT_ROWS: usize = 1_000;
/// The same for what is left of them.
const INSERT_SOME_ROWS: usize = 50;
/// Keys looked up by one statement on SQLite.
const LOOKUP_ROWS: usize = 100;

pub(crate) const INSERT: Sql = Sql::per_engine(
    "insert into events (org_id, seq, batch_id, line, source_id, key, item_key, event, at, at_latest, received_at,
        certainty, body)
     values (?,?,?,?,?,?,?,?,?,?,?,?,?)
     on conflict (org_id, source_id, key) where displaced_by is null do nothing",
    "insert into events (org_id, seq, batch_id, line, source_id, key, item_key, event, at, at_latest, received_at,
        certainty, body)
     select $1, seq, $2, line, $3, key, item_key, event, at, at_latest, received_at, certainty, body
       from unnest($4::bigint[], $5::bigint[], $6::bytea[], $7::bigint[], $8::bigint[], $9::bigint[], $10::bigint[],
            $11::bigint[], $12::bigint[], $13::text[])
            as new (seq, line, key, item_key, event, at, at_latest, received_at, certainty, body)
      order by seq
     on conflict (org_id, source_id, key) where displaced_by is null do nothing",
);

/// `or fail`: with the usual `abort`, SQLite copies every page a statement touches in case it must take the statement
/// back alone. Nothing here needs that: after an error the savepoint or the transaction is undone.
pub(crate) const INSERT_MANY: Sql = Sql::per_engine(
    many_rows!(
        "insert or fail into events (org_id, seq, batch_id, line, source_id, key, item_key, event, at, at_latest, received_at,
        certainty, body) values ",
        "(?,?,?,?,?,?,?,?,?,?,?,?,?)",
        INSERT_ROWS,
        " on conflict (org_id, source_id, key) where displaced_by is null do nothing"
    ),
    INSERT.postgres,
);

pub(crate) const INSERT_SOME: Sql = Sql::per_engine(
    many_rows!(
        "insert or fail into events (org_id, seq, batch_id, line, source_id, key, item_key, event, at, at_latest, received_at,
        certainty, body) values ",
        "(?,?,?,?,?,?,?,?,?,?,?,?,?)",
        INSERT_SOME_ROWS,
        " on conflict (org_id, source_id, key) where displaced_by is null do nothing"
    ),
    INSERT.postgres,
);

pub(crate) const STORED: Sql =
    Sql::same("select seq from events where org_id = $1 and seq between $2 and $3 order by seq");

pub(crate) const STANDING: Sql = Sql::per_engine(
    many_rows!(
        "select key, seq, batch_id, line, item_key, received_at, body
           from events
          where org_id = ? and displaced_by is null and source_id = ? and key in (",
        "?",
        LOOKUP_ROWS,
        ")"
    ),
    "select key, seq, batch_id, line, item_key, received_at, body
       from events
      where org_id = $1 and displaced_by is null and source_id = $2 and key = any($3)",
);

pub(crate) const DISPLACE: Sql =
    Sql::same("update events set displaced_by = $3 where org_id = $1 and seq = $2 and displaced_by is null");

/// The statements of this file.
pub(crate) const ALL: &[Sql] = &[INSERT, INSERT_MANY, INSERT_SOME, STORED, STANDING, DISPLACE];

/// The first 16 bytes of a hash: of the source's own id, or of the canonical line.
pub type EventKey = [u8; 16];

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

/// Adds events at `first_seq` and on, each unless its key is there; returns for each whether it was added.
/// The places of those that were not stay empty.
///
/// # Errors
/// Any [`StoreError`].
pub async fn add(
    conn: &mut Conn<'_>,
    org: OrgId,
    batch: BatchId,
    source: SourceId,
    first_seq: i64,
    events: &[NewEvent],
) -> Result<Vec<bool>, StoreError> {
    let to = Place { org, batch, source };
    match conn {
        Conn::Postgres(connection) => add_postgres(connection, to, first_seq, events).await?,
        Conn::Sqlite(connection) => {
            if add_sqlite(connection, to, first_seq, events).await? == events.len() {
                return Ok(vec![true; events.len()]);
            }
        }
    }
    let last_seq = first_seq + place(events.len()) - 1;
    let stored: Vec<i64> = on_engine!(conn, STORED, |c, text| {
        sqlx::query_scalar(text).bind(org.get()).bind(first_seq).bind(last_seq).fetch_all(c).await?
    });
    let stored: BTreeSet<i64> = stored.into_iter().collect();
    Ok((first_seq..=last_seq).map(|seq| stored.contains(&seq)).collect())
}

#[derive(Clone, Copy)]
struct Place {
    org: OrgId,
    batch: BatchId,
    source: SourceId,
}

fn place(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

async fn add_sqlite(
    connection: &mut sqlx::SqliteConnection,
    to: Place,
    first_seq: i64,
    events: &[NewEvent],
) -> Result<usize, StoreError> {
    // In the order of their keys: neighbours then fall on the same pages of the index of keys.
    let mut rows: Vec<(i64, &NewEvent)> = (first_seq..).zip(events).collect();
    rows.sort_unstable_by_key(|(seq, event)| (event.key, *seq));
    let mut statements = statements(&rows).map(|(statement, rows)| (statement, arguments(to, rows)));
    let mut added = 0;
    let mut next = statements.next();
    while let Some((statement, arguments)) = next {
        let query = sqlx::query_with(statement.sqlite, arguments?);
        // While SQLite's thread works, this one prepares what comes next.
        let (done, prepared) = tokio::join!(biased; query.execute(&mut *connection), async { statements.next() });
        added += done?.rows_affected();
        next = prepared;
    }
    Ok(usize::try_from(added).unwrap_or(usize::MAX))
}

/// A place in the log and the event that takes it.
type Row<'e> = (i64, &'e NewEvent);

/// The rows, in as few statements as there are.
fn statements<'r, 'e>(rows: &'r [Row<'e>]) -> impl Iterator<Item = (Sql, &'r [Row<'e>])> {
    let many = rows.chunks_exact(INSERT_ROWS);
    let some = many.remainder().chunks_exact(INSERT_SOME_ROWS);
    let one = some.remainder().chunks(1);
    let many = many.map(|rows| (INSERT_MANY, rows));
    many.chain(some.map(|rows| (INSERT_SOME, rows))).chain(one.map(|rows| (INSERT, rows)))
}

fn arguments(to: Place, rows: &[Row<'_>]) -> Result<SqliteArguments, StoreError> {
    let mut all = SqliteArguments::default();
    let refused = |_| StoreError::damaged("a value that SQLite cannot hold");
    for (seq, event) in rows {
        all.add(to.org.get()).map_err(refused)?;
        all.add(*seq).map_err(refused)?;
        all.add(to.batch.get()).map_err(refused)?;
        all.add(i64::from(event.line)).map_err(refused)?;
        all.add(to.source.get()).map_err(refused)?;
        all.add(event.key.to_vec()).map_err(refused)?;
        all.add(event.item.get()).map_err(refused)?;
        all.add(i64::from(event.name.code())).map_err(refused)?;
        all.add(event.at.seconds()).map_err(refused)?;
        all.add(event.at_latest.map(Timestamp::seconds)).map_err(refused)?;
        all.add(event.received_at.seconds()).map_err(refused)?;
        all.add(i64::from(certainty_code(event.certainty))).map_err(refused)?;
        all.add(Arc::clone(&event.body)).map_err(refused)?;
    }
    Ok(all)
}

async fn add_postgres(
    connection: &mut sqlx::PgConnection,
    to: Place,
    first_seq: i64,
    events: &[NewEvent],
) -> Result<(), StoreError> {
    fn column<T>(events: &[NewEvent], field: impl Fn(&NewEvent) -> T) -> Vec<T> {
        events.iter().map(field).collect()
    }
    sqlx::query(INSERT.postgres)
        .bind(to.org.get())
        .bind(to.batch.get())
        .bind(to.source.get())
        .bind((first_seq..).take(events.len()).collect::<Vec<i64>>())
        .bind(column(events, |event| i64::from(event.line)))
        .bind(column(events, |event| event.key.to_vec()))
        .bind(column(events, |event| event.item.get()))
        .bind(column(events, |event| i64::from(event.name.code())))
        .bind(column(events, |event| event.at.seconds()))
        .bind(column(events, |event| event.at_latest.map(Timestamp::seconds)))
        .bind(column(events, |event| event.received_at.seconds()))
        .bind(column(events, |event| i64::from(certainty_code(event.certainty))))
        .bind(column(events, |event| event.body.to_string()))
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
    let mut rows: Vec<StandingRow> = Vec::with_capacity(keys.len());
    match conn {
        Conn::Postgres(connection) => {
            let all = keys.iter().map(|key| key.to_vec()).collect::<Vec<_>>();
            let query = sqlx::query_as(STANDING.postgres).bind(org.get()).bind(source.get()).bind(all);
            rows = query.fetch_all(&mut **connection).await?;
        }
        Conn::Sqlite(connection) => {
            for chunk in keys.chunks(LOOKUP_ROWS) {
                let mut query = sqlx::query_as(STANDING.sqlite).bind(org.get()).bind(source.get());
                for key in chunk {
                    query = query.bind(key.as_slice());
                }
                // Unbound parameters are null, and null is in no list.
                rows.extend(query.fetch_all(&mut **connection).await?);
            }
        }
    }
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

/// Marks an event that lost a conflict with the place of the one that counts from now on; it stays in the log.
///
/// # Errors
/// Any [`StoreError`].
pub async fn displace(conn: &mut Conn<'_>, org: OrgId, loser: EventSeq, winner: EventSeq) -> Result<(), StoreError> {
    on_engine!(conn, DISPLACE, |c, text| {
        sqlx::query(text).bind(org.get()).bind(loser.get()).bind(winner.get()).execute(c).await?;
    });
    Ok(())
}
