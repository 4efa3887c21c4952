//! What was noticed about what sources pushed, a day at a time, and when they were last heard?

use crate::{
    engine::Conn,
    error::StoreError,
    sql::{Sql, on_engine},
};
use domain::{
    id::{OrgId, SourceId},
    time::Timestamp,
};

/// Days of sources added up at once.
const DAYS_PER_READ_MAX: i64 = 100_000;

const OF_DAY: Sql = Sql::same(
    "select pushes, received, notes
       from push_notes
      where org_id = $1 and source_id = $2 and day_at = $3",
);

const KEEP: Sql = Sql::same(
    "insert into push_notes (org_id, source_id, day_at, heard_at, pushes, received, notes)
     values ($1, $2, $3, $4, $5, $6, $7)
     on conflict (org_id, source_id, day_at)
     do update set heard_at = excluded.heard_at, pushes = excluded.pushes, received = excluded.received,
        notes = excluded.notes",
);

pub(crate) const OF_PERIOD: Sql = Sql::same(
    "select s.slug, p.pushes, p.received, p.notes
       from push_notes p
       join sources s on s.org_id = p.org_id and s.source_id = p.source_id
      where p.org_id = $1 and p.day_at >= $2 and p.day_at < $3
      order by s.slug, p.day_at desc
      limit $4",
);

/// The statements of this file.
pub(crate) const ALL: &[Sql] = &[OF_DAY, KEEP, OF_PERIOD];

/// What a source pushed in a day.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PushDay {
    /// How often.
    pub pushes: u64,
    /// Lines.
    pub received: u64,
    /// What was noticed, as its service wrote it; empty before the first push.
    pub notes: String,
}

fn day_of((pushes, received, notes): (i64, i64, String)) -> PushDay {
    PushDay {
        pushes: u64::try_from(pushes).unwrap_or_default(),
        received: u64::try_from(received).unwrap_or_default(),
        notes,
    }
}

/// What a source pushed in the day that began at that moment. Needs the lock of the log, where it is written back.
///
/// # Errors
/// Any [`StoreError`].
pub async fn of_day(
    conn: &mut Conn<'_>,
    org: OrgId,
    source: SourceId,
    day_at: Timestamp,
) -> Result<PushDay, StoreError> {
    let row: Option<(i64, i64, String)> = on_engine!(conn, OF_DAY, |c, text| {
        let query = sqlx::query_as(text).bind(org.get()).bind(source.get());
        query.bind(day_at.seconds()).fetch_optional(c).await?
    });
    Ok(row.map(day_of).unwrap_or_default())
}

/// Writes a day of a source, last heard at that moment.
///
/// # Errors
/// Any [`StoreError`].
pub async fn keep(
    conn: &mut Conn<'_>,
    org: OrgId,
    source: SourceId,
    (day_at, heard_at): (Timestamp, Timestamp),
    day: &PushDay,
) -> Result<(), StoreError> {
    let count = |count: u64| i64::try_from(count).unwrap_or(i64::MAX);
    on_engine!(conn, KEEP, |c, text| {
        let query = sqlx::query(text).bind(org.get()).bind(source.get()).bind(day_at.seconds());
        let query = query.bind(heard_at.seconds()).bind(count(day.pushes)).bind(count(day.received));
        query.bind(&day.notes).execute(c).await?;
    });
    Ok(())
}

/// The days of a period, its end excluded, with the source of each.
///
/// # Errors
/// Any [`StoreError`].
pub async fn of_period(
    conn: &mut Conn<'_>,
    org: OrgId,
    from: Timestamp,
    before: Timestamp,
) -> Result<Vec<(String, PushDay)>, StoreError> {
    let rows: Vec<(String, i64, i64, String)> = on_engine!(conn, OF_PERIOD, |c, text| {
        let query = sqlx::query_as(text).bind(org.get()).bind(from.seconds()).bind(before.seconds());
        query.bind(DAYS_PER_READ_MAX).fetch_all(c).await?
    });
    Ok(rows.into_iter().map(|(slug, pushes, received, notes)| (slug, day_of((pushes, received, notes)))).collect())
}
