//! The log itself: adding events once, and setting those aside that do not count.

use crate::{
    engine::Conn,
    error::StoreError,
    event_keys::{self, Content, EventKey, KeyedPlace, Standing},
    item_events::{self, NewItemEvent},
    known_pieces,
    many::{Insert, bind_all, insert, insert_many},
    sql::{Sql, on_engine},
};
use domain::{
    event::Certainty,
    event_name::EventName,
    id::{BatchId, EventSeq, ItemKey, OrgId, SourceId},
    time::Timestamp,
};
use std::{collections::BTreeSet, sync::Arc};

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

pub(crate) const SET_ASIDE: Sql =
    Sql::same("update events set displaced_by = $3 where org_id = $1 and seq = $2 and displaced_by is null");

/// The statements of this file.
pub(crate) const ALL: &[Sql] = &[APPEND.many, APPEND.some, APPEND.few, APPEND.one, SET_ASIDE];

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
    /// What tells its canonical line from others under its key.
    pub content: Content,
    /// The canonical line.
    pub body: Arc<str>,
    /// The same with its times put right, where the clock of its source is known to be wrong: what counts.
    pub counted: Option<Arc<str>>,
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

async fn claim(conn: &mut Conn<'_>, to: Place, rows: &[Row<'_>]) -> Result<Claimed, StoreError> {
    let mut sorted: Vec<KeyedPlace> =
        rows.iter().map(|(seq, event)| (to.source, event.key, EventSeq::from_row(*seq), event.content)).collect();
    sorted.sort_unstable();
    let claimed = event_keys::claim_in_order(conn, to.org, &sorted).await?;
    if usize::try_from(claimed) == Ok(rows.len()) {
        return Ok(Claimed::All);
    }
    let keys: BTreeSet<EventKey> = rows.iter().map(|(_, event)| event.key).collect();
    let keys: Vec<EventKey> = keys.into_iter().collect();
    let known = event_keys::known(conn, to.org, to.source, &keys).await?;
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
    winner: (EventSeq, Content),
) -> Result<(), StoreError> {
    set_aside(conn, org, loser.seq, winner.0).await?;
    event_keys::take_over(conn, org, source, &loser.key, winner).await?;
    item_events::hide(conn, org, loser.item, loser.seq).await?;
    known_pieces::forget(conn, org).await
}
