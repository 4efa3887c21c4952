//! When did the events of each batch happen, and so: which was the last that a source told of?

use crate::{
    engine::Conn,
    error::StoreError,
    sql::{Sql, on_engine},
};
use domain::{
    id::{BatchId, EventSeq, ImportId, OrgId, SourceId},
    time::Timestamp,
};

/// Spans read at a time: the first one nearly always holds the answer.
const SPANS_PER_READ: i64 = 32;

const ADD: Sql = Sql::same(
    "insert into batch_spans (org_id, batch_id, source_id, import_id, first_seq, last_seq, first_at, last_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8)",
);

/// Spans of what can be seen, latest end first, from the one after (`$4`, `$5`).
pub(crate) const LATEST: Sql = Sql::same(
    "select b.batch_id, b.first_seq, b.last_seq, b.last_at
       from batch_spans b
       left join imports i on i.org_id = b.org_id and i.import_id = b.import_id
      where b.org_id = $1 and b.source_id = $2 and (b.last_at, b.batch_id) < ($4, $5) and b.first_at < $3
        and (b.import_id is null or i.state = 'published' or (i.state = 'withdrawn' and i.withdrawn_at > $6))
      order by b.last_at desc, b.batch_id desc
      limit $7",
);

/// Each event is looked up by its place: what was added a moment ago is in no statistics yet, and the planner would join
/// the whole log.
pub(crate) const LAST_OF: Sql = Sql::same(
    "select max(e.at)
       from events e
      where e.org_id = $1 and e.seq between $2 and $3 and e.batch_id = $4 and e.at < $5
        and 1 = (select 1
                   from item_events s
                  where s.org_id = e.org_id and s.item_key = e.item_key and s.seq = e.seq and s.known_at <= $6
                    and (s.withdrawn_at is null or s.withdrawn_at > $6)
                  limit 1)",
);

pub(crate) const OF_BATCH: Sql = Sql::same(
    "select source_id, import_id, first_seq, last_seq, first_at, last_at
       from batch_spans
      where org_id = $1 and batch_id = $2",
);

pub(crate) const COUNT: Sql = Sql::same("select count(*) from batch_spans where org_id = $1");

/// The statements of this file.
pub(crate) const ALL: &[Sql] = &[ADD, LATEST, LAST_OF, OF_BATCH, COUNT];

/// Where the events of a batch lie, and when the first and the last of them happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BatchSpan {
    /// Its number.
    pub batch: BatchId,
    /// Who sent it.
    pub source: SourceId,
    /// The import it belongs to.
    pub import: Option<ImportId>,
    /// The first and the last place in the log that it may have taken.
    pub places: (EventSeq, EventSeq),
    /// The earliest and the latest moment.
    pub moments: (Timestamp, Timestamp),
}

/// Remembers the span of a batch that added events.
///
/// # Errors
/// Any [`StoreError`].
pub async fn add(conn: &mut Conn<'_>, org: OrgId, span: &BatchSpan) -> Result<(), StoreError> {
    on_engine!(conn, ADD, |c, text| {
        let query = sqlx::query(text).bind(org.get()).bind(span.batch.get()).bind(span.source.get());
        let query = query.bind(span.import.map(ImportId::get)).bind(span.places.0.get()).bind(span.places.1.get());
        query.bind(span.moments.0.seconds()).bind(span.moments.1.seconds()).execute(c).await?;
    });
    Ok(())
}

/// The span that is kept of a batch.
///
/// # Errors
/// Any [`StoreError`].
pub async fn of_batch(conn: &mut Conn<'_>, org: OrgId, batch: BatchId) -> Result<Option<BatchSpan>, StoreError> {
    let row: Option<(i64, Option<i64>, i64, i64, i64, i64)> = on_engine!(conn, OF_BATCH, |c, text| {
        sqlx::query_as(text).bind(org.get()).bind(batch.get()).fetch_optional(c).await?
    });
    Ok(row.map(|(source, import, first_seq, last_seq, first_at, last_at)| BatchSpan {
        batch,
        source: SourceId::from_row(source),
        import: import.map(ImportId::from_row),
        places: (EventSeq::from_row(first_seq), EventSeq::from_row(last_seq)),
        moments: (Timestamp::from_seconds(first_at), Timestamp::from_seconds(last_at)),
    }))
}

/// How many batches have a span.
///
/// # Errors
/// Any [`StoreError`].
pub async fn count(conn: &mut Conn<'_>, org: OrgId) -> Result<u64, StoreError> {
    let count: i64 = on_engine!(conn, COUNT, |c, text| sqlx::query_scalar(text).bind(org.get()).fetch_one(c).await?);
    u64::try_from(count).map_err(|_| StoreError::damaged("the number of spans"))
}

/// The last event of a source that happened before `as_of` and counted at `known_at`.
///
/// # Errors
/// Any [`StoreError`].
pub async fn last_event(
    conn: &mut Conn<'_>,
    org: OrgId,
    source: SourceId,
    as_of: Timestamp,
    known_at: Timestamp,
) -> Result<Option<Timestamp>, StoreError> {
    let (mut best, mut after) = (None, (i64::MAX, i64::MAX));
    loop {
        let spans: Vec<(i64, i64, i64, i64)> = on_engine!(conn, LATEST, |c, text| {
            let query = sqlx::query_as(text).bind(org.get()).bind(source.get()).bind(as_of.seconds());
            let query = query.bind(after.0).bind(after.1).bind(known_at.seconds()).bind(SPANS_PER_READ);
            query.fetch_all(c).await?
        });
        let Some((batch, _, _, last_at)) = spans.last().copied() else { return Ok(best.map(Timestamp::from_seconds)) };
        after = (last_at, batch);
        for (batch, first_seq, last_seq, last_at) in spans {
            if best.is_some_and(|best| best >= last_at.min(as_of.seconds() - 1)) {
                return Ok(best.map(Timestamp::from_seconds));
            }
            let found: Option<i64> = on_engine!(conn, LAST_OF, |c, text| {
                let query = sqlx::query_scalar(text).bind(org.get()).bind(first_seq).bind(last_seq).bind(batch);
                query.bind(as_of.seconds()).bind(known_at.seconds()).fetch_one(c).await?
            });
            best = best.max(found);
        }
    }
}
