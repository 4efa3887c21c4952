//! The events of one import as one thing: they are claimed, shown and taken back together.

use crate::{
    engine::Conn,
    error::StoreError,
    event_keys::EventKey,
    known_pieces,
    sql::{Sql, on_engine},
};
use domain::{
    id::{BatchId, EventSeq, ImportId, ItemKey, OrgId, SourceId},
    time::Timestamp,
};

/// Events sorted at once: about 40 MB of memory.
const EVENTS_PER_RUN: i64 = 500_000;

pub(crate) const ADD: Sql =
    Sql::same("insert into import_parts (org_id, import_id, first_seq, last_seq) values ($1, $2, $3, $4)");

pub(crate) const PARTS: Sql =
    Sql::same("select first_seq, last_seq from import_parts where org_id = $1 and import_id = $2 order by first_seq");

/// In the order of keys: many events then pass over the pages of the keys once. Of two under one key the first stands.
///
/// Any failure ends the transaction, so SQLite need not remember every page as it was before the statement. It sorts texts
/// and numbers twice as fast as bytes, and in the same order.
pub(crate) const CLAIM: Sql = Sql::per_engine(
    "insert or fail into event_keys (org_id, source_id, key, seq)
     select e.org_id, e.source_id, e.key, e.seq
       from import_parts p
       join events e on e.org_id = p.org_id and e.seq between p.first_seq and p.last_seq
      where p.org_id = $1 and p.import_id = $2 and p.first_seq between $3 and $4 and e.displaced_by is null
      order by cast(e.key as text), e.seq
     on conflict (org_id, source_id, key) do nothing",
    "insert into event_keys (org_id, source_id, key, seq)
     select e.org_id, e.source_id, e.key, e.seq
       from import_parts p
       join events e on e.org_id = p.org_id and e.seq between p.first_seq and p.last_seq
      where p.org_id = $1 and p.import_id = $2 and p.first_seq between $3 and $4 and e.displaced_by is null
      order by e.key, e.seq
     on conflict (org_id, source_id, key) do nothing",
);

pub(crate) const UNCLAIMED: Sql = Sql::same(
    "select e.seq, e.batch_id, e.line, e.source_id, e.key, e.item_key, e.received_at, e.body
       from events e
      where e.org_id = $1 and e.seq between $2 and $3 and e.displaced_by is null
        and not exists (select 1
                          from event_keys k
                         where k.org_id = e.org_id and k.source_id = e.source_id and k.key = e.key and k.seq = e.seq)
      order by e.seq
      limit $4",
);

pub(crate) const OF_ITEM: Sql = Sql::same(
    "select e.seq, e.batch_id, e.line, e.source_id, e.key, e.item_key, e.received_at, e.body
       from import_parts p
       join events e on e.org_id = p.org_id and e.seq between p.first_seq and p.last_seq
      where p.org_id = $1 and p.import_id = $2 and e.item_key = $3 and e.displaced_by is null
      order by e.seq
      limit $4",
);

/// Known since `$5` at the earliest: what was stamped on arrival is known to readers only from now on.
pub(crate) const SHOW: Sql = Sql::per_engine(
    "insert or fail into item_events (org_id, item_key, seq, known_at)
     select e.org_id, e.item_key, e.seq, max(e.received_at, $5)
       from import_parts p
       join events e on e.org_id = p.org_id and e.seq between p.first_seq and p.last_seq
      where p.org_id = $1 and p.import_id = $2 and p.first_seq between $3 and $4 and e.displaced_by is null
      order by e.item_key, e.seq",
    "insert into item_events (org_id, item_key, seq, known_at)
     select e.org_id, e.item_key, e.seq, greatest(e.received_at, $5)
       from import_parts p
       join events e on e.org_id = p.org_id and e.seq between p.first_seq and p.last_seq
      where p.org_id = $1 and p.import_id = $2 and p.first_seq between $3 and $4 and e.displaced_by is null
      order by e.item_key, e.seq",
);

pub(crate) const ITEMS: Sql = Sql::same(
    "select distinct e.item_key
       from import_parts p
       join events e on e.org_id = p.org_id and e.seq between p.first_seq and p.last_seq
      where p.org_id = $1 and p.import_id = $2 and p.first_seq between $3 and $4 and e.displaced_by is null",
);

pub(crate) const MERGES: Sql = Sql::same(
    "select count(*)
       from events e
      where e.org_id = $1 and e.event = 27 and e.displaced_by is null
        and exists (select 1
                      from import_parts p
                     where p.org_id = e.org_id and p.import_id = $2 and e.seq between p.first_seq and p.last_seq)",
);

pub(crate) const WITHDRAW: Sql = Sql::same(
    "update item_events
        set withdrawn_at = $5
      where org_id = $1
        and (item_key, seq) in (select e.item_key, e.seq
                                  from import_parts p
                                  join events e on e.org_id = p.org_id and e.seq between p.first_seq and p.last_seq
                                 where p.org_id = $1 and p.import_id = $2 and p.first_seq between $3 and $4
                                   and e.displaced_by is null)",
);

pub(crate) const GIVE_UP_KEYS: Sql = Sql::same(
    "delete from event_keys
      where org_id = $1
        and (source_id, key, seq) in (select e.source_id, e.key, e.seq
                                        from import_parts p
                                        join events e on e.org_id = p.org_id and e.seq between p.first_seq and p.last_seq
                                       where p.org_id = $1 and p.import_id = $2 and p.first_seq between $3 and $4
                                   and e.displaced_by is null)",
);

/// The statements of this file.
pub(crate) const ALL: &[Sql] = &[ADD, PARTS, CLAIM, UNCLAIMED, OF_ITEM, SHOW, ITEMS, MERGES, WITHDRAW, GIVE_UP_KEYS];

/// Notes that an import took these places of the log.
///
/// # Errors
/// Any [`StoreError`].
pub async fn add(conn: &mut Conn<'_>, org: OrgId, import: ImportId, first: i64, last: i64) -> Result<(), StoreError> {
    on_engine!(conn, ADD, |c, text| {
        sqlx::query(text).bind(org.get()).bind(import.get()).bind(first).bind(last).execute(c).await?;
    });
    Ok(())
}

/// The first and the last of some parts of an import, by the place each begins at.
type Run = (i64, i64);

/// The parts of an import, in runs of which each is sorted in memory.
#[derive(Clone, Debug)]
pub struct Runs {
    org: OrgId,
    import: ImportId,
    runs: Vec<Run>,
    /// Every place it took, from and to, those without a gap as one.
    spans: Vec<Run>,
}

impl Runs {
    /// Whether a place in the log is one that the import took.
    #[must_use]
    pub fn took(&self, seq: EventSeq) -> bool {
        let after = self.spans.partition_point(|(first, _)| *first <= seq.get());
        let span = after.checked_sub(1).and_then(|place| self.spans.get(place));
        span.is_some_and(|(_, last)| seq.get() <= *last)
    }

    /// Every place it took, from and to, in their order: what is read page by page is read by them, so that no page begins
    /// again where the log does.
    pub fn spans(&self) -> impl Iterator<Item = (EventSeq, EventSeq)> {
        self.spans.iter().map(|(first, last)| (EventSeq::from_row(*first), EventSeq::from_row(*last)))
    }
}

/// The parts of an import.
///
/// # Errors
/// Any [`StoreError`].
pub async fn runs(conn: &mut Conn<'_>, org: OrgId, import: ImportId) -> Result<Runs, StoreError> {
    let parts: Vec<(i64, i64)> = on_engine!(conn, PARTS, |c, text| {
        sqlx::query_as(text).bind(org.get()).bind(import.get()).fetch_all(c).await?
    });
    Ok(Runs { org, import, runs: runs_of(&parts, EVENTS_PER_RUN), spans: spans_of(&parts) })
}

/// Parts without those borders at which one begins where the one before ends.
fn spans_of(parts: &[(i64, i64)]) -> Vec<Run> {
    let mut spans: Vec<Run> = Vec::new();
    for (first, last) in parts {
        match spans.last_mut().filter(|span| span.1 + 1 == *first) {
            Some(span) => span.1 = *last,
            None => spans.push((*first, *last)),
        }
    }
    spans
}

/// Parts in runs of so many events: one run is sorted in memory, a whole file may be too much for that.
fn runs_of(parts: &[(i64, i64)], events_per_run: i64) -> Vec<Run> {
    let mut runs: Vec<Run> = Vec::new();
    let mut events = events_per_run;
    for (first, last) in parts {
        match runs.last_mut().filter(|_| events < events_per_run) {
            Some(run) => run.1 = *first,
            None => {
                runs.push((*first, *first));
                events = 0;
            }
        }
        events += last - first + 1;
    }
    runs
}

/// The events of an import on their way to stand under their keys, run by run: whoever publishes has other work to do
/// between them.
#[derive(Debug)]
pub struct Claims {
    runs: Runs,
    next: usize,
    claimed: u64,
}

impl Claims {
    /// None of them stands under its key yet.
    #[must_use]
    pub const fn new(runs: Runs) -> Self {
        Self { runs, next: 0, claimed: 0 }
    }

    /// Has the next run stand under its keys, where nothing stands yet; says whether there was one.
    ///
    /// # Errors
    /// Any [`StoreError`].
    pub async fn claim_next(&mut self, conn: &mut Conn<'_>) -> Result<bool, StoreError> {
        let Some((from, to)) = self.runs.runs.get(self.next) else { return Ok(false) };
        let (org, import) = (self.runs.org.get(), self.runs.import.get());
        self.claimed += on_engine!(conn, CLAIM, |c, text| {
            sqlx::query(text).bind(org).bind(import).bind(*from).bind(*to).execute(c).await?.rows_affected()
        });
        self.next += 1;
        Ok(true)
    }

    /// Has all that are left stand under their keys; says how many do in all.
    ///
    /// # Errors
    /// Any [`StoreError`].
    pub async fn finish(mut self, conn: &mut Conn<'_>) -> Result<u64, StoreError> {
        while self.claim_next(conn).await? {}
        Ok(self.claimed)
    }
}

/// Has the events of an import be seen, as known since `known_at` at the earliest.
///
/// # Errors
/// Any [`StoreError`].
pub async fn show(conn: &mut Conn<'_>, runs: &Runs, known_at: Timestamp) -> Result<(), StoreError> {
    for (from, to) in &runs.runs {
        on_engine!(conn, SHOW, |c, text| {
            let query = sqlx::query(text).bind(runs.org.get()).bind(runs.import.get()).bind(*from).bind(*to);
            query.bind(known_at.seconds()).execute(c).await?;
        });
    }
    Ok(())
}

/// Gives the items with events of an import that count, some of them several times.
///
/// # Errors
/// Any [`StoreError`].
pub async fn items(conn: &mut Conn<'_>, runs: &Runs, mut take: impl FnMut(ItemKey)) -> Result<(), StoreError> {
    for (from, to) in &runs.runs {
        let rows: Vec<i64> = on_engine!(conn, ITEMS, |c, text| {
            let query = sqlx::query_scalar(text).bind(runs.org.get()).bind(runs.import.get());
            query.bind(*from).bind(*to).fetch_all(c).await?
        });
        rows.into_iter().map(ItemKey::from_row).for_each(&mut take);
    }
    Ok(())
}

/// How many merges are among the events of an import.
///
/// # Errors
/// Any [`StoreError`].
pub async fn merges(conn: &mut Conn<'_>, org: OrgId, import: ImportId) -> Result<i64, StoreError> {
    Ok(on_engine!(conn, MERGES, |c, text| {
        sqlx::query_scalar(text).bind(org.get()).bind(import.get()).fetch_one(c).await?
    }))
}

/// Has the events of an import count no more from `at` on, and their keys be free again.
///
/// # Errors
/// Any [`StoreError`].
pub async fn withdraw(conn: &mut Conn<'_>, runs: &Runs, at: Timestamp) -> Result<(), StoreError> {
    let (org, import) = (runs.org.get(), runs.import.get());
    for (from, to) in &runs.runs {
        on_engine!(conn, WITHDRAW, |c, text| {
            let query = sqlx::query(text).bind(org).bind(import).bind(*from).bind(*to);
            query.bind(at.seconds()).execute(c).await?;
        });
        on_engine!(conn, GIVE_UP_KEYS, |c, text| {
            sqlx::query(text).bind(org).bind(import).bind(*from).bind(*to).execute(c).await?;
        });
    }
    known_pieces::forget(conn, runs.org).await
}

/// An event of an import with everything that decides whether it counts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Staged {
    /// Its place in the log.
    pub seq: EventSeq,
    /// The batch it came in.
    pub batch: BatchId,
    /// Its place among the lines of that batch.
    pub line: u32,
    /// Who sent it.
    pub source: SourceId,
    /// What makes it the same event when it is sent again.
    pub key: EventKey,
    /// The item it happened to.
    pub item: ItemKey,
    /// When we learnt it.
    pub received_at: Timestamp,
    /// The canonical line.
    pub body: String,
}

#[derive(sqlx::FromRow)]
struct Row {
    seq: i64,
    batch_id: i64,
    line: i64,
    source_id: i64,
    key: Vec<u8>,
    item_key: i64,
    received_at: i64,
    body: String,
}

fn of_row(row: Row) -> Result<Staged, StoreError> {
    let damaged = || StoreError::damaged(format!("event {}", row.seq));
    Ok(Staged {
        seq: EventSeq::from_row(row.seq),
        batch: BatchId::from_row(row.batch_id),
        line: u32::try_from(row.line).map_err(|_| damaged())?,
        source: SourceId::from_row(row.source_id),
        key: row.key.as_slice().try_into().map_err(|_| damaged())?,
        item: ItemKey::from_row(row.item_key),
        received_at: Timestamp::from_seconds(row.received_at),
        body: row.body,
    })
}

/// The first `limit` events at these places of the log, from and to, that do not stand under their key, since another one does.
///
/// # Errors
/// Any [`StoreError`].
pub async fn unclaimed(
    conn: &mut Conn<'_>,
    org: OrgId,
    (from, to): (EventSeq, EventSeq),
    limit: u32,
) -> Result<Vec<Staged>, StoreError> {
    let rows: Vec<Row> = on_engine!(conn, UNCLAIMED, |c, text| {
        let query = sqlx::query_as(text).bind(org.get()).bind(from.get()).bind(to.get());
        query.bind(i64::from(limit)).fetch_all(c).await?
    });
    rows.into_iter().map(of_row).collect()
}

/// The first `limit` events of an import about one item that count.
///
/// # Errors
/// Any [`StoreError`].
pub async fn of_item(
    conn: &mut Conn<'_>,
    org: OrgId,
    import: ImportId,
    item: ItemKey,
    limit: u32,
) -> Result<Vec<Staged>, StoreError> {
    let rows: Vec<Row> = on_engine!(conn, OF_ITEM, |c, text| {
        let query = sqlx::query_as(text).bind(org.get()).bind(import.get());
        query.bind(item.get()).bind(i64::from(limit)).fetch_all(c).await?
    });
    rows.into_iter().map(of_row).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_part_is_in_one_run_and_a_run_ends_when_it_has_enough_events() {
        assert_eq!(runs_of(&[], 10), []);
        assert_eq!(runs_of(&[(1, 4), (5, 9), (12, 13), (20, 40), (41, 41)], 10), [(1, 12), (20, 20), (41, 41)]);
        assert_eq!(runs_of(&[(1, 4), (5, 9)], 1), [(1, 1), (5, 5)]);
    }

    #[test]
    fn a_place_is_taken_where_a_part_holds_it() {
        let parts = [(3, 4), (5, 9), (12, 13)];
        let spans = spans_of(&parts);
        assert_eq!(spans, [(3, 9), (12, 13)]);
        let runs = Runs { org: OrgId::from_row(1), import: ImportId::from_row(1), runs: Vec::new(), spans };
        let taken: Vec<i64> = (0..20).filter(|seq| runs.took(EventSeq::from_row(*seq))).collect();
        assert_eq!(taken, [3, 4, 5, 6, 7, 8, 9, 12, 13]);
    }
}
