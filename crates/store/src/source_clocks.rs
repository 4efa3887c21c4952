//! How far ahead was the clock of each source in what it pushed, a day at a time?

use crate::{
    engine::Conn,
    error::StoreError,
    sql::{Sql, on_engine},
};
use domain::{
    id::{OrgId, SourceId},
    time::Timestamp,
};

/// Days of sources read at once.
const DAYS_PER_READ_MAX: i64 = 100_000;

pub(crate) const OF_DAY: Sql =
    Sql::same("select clock from source_clocks where org_id = $1 and source_id = $2 and day_at = $3");

pub(crate) const KEEP: Sql = Sql::same(
    "insert into source_clocks (org_id, source_id, day_at, clock)
     values ($1, $2, $3, $4)
     on conflict (org_id, source_id, day_at)
     do update set clock = excluded.clock",
);

pub(crate) const OF_PERIOD: Sql = Sql::same(
    "select s.slug, c.clock
       from source_clocks c
       join sources s on s.org_id = c.org_id and s.source_id = c.source_id
      where c.org_id = $1 and c.day_at >= $2 and c.day_at < $3
      order by s.slug, c.day_at desc
      limit $4",
);

/// The statements of this file.
pub(crate) const ALL: &[Sql] = &[OF_DAY, KEEP, OF_PERIOD];

/// What was counted of a source in the day that began at that moment, as its service wrote it; empty before the first event.
/// Needs the lock of the log, where it is written back.
///
/// # Errors
/// Any [`StoreError`].
pub async fn of_day(
    conn: &mut Conn<'_>,
    org: OrgId,
    source: SourceId,
    day_at: Timestamp,
) -> Result<String, StoreError> {
    let clock: Option<String> = on_engine!(conn, OF_DAY, |c, text| {
        let query = sqlx::query_scalar(text).bind(org.get()).bind(source.get());
        query.bind(day_at.seconds()).fetch_optional(c).await?
    });
    Ok(clock.unwrap_or_default())
}

/// Writes a day of a source.
///
/// # Errors
/// Any [`StoreError`].
pub async fn keep(
    conn: &mut Conn<'_>,
    org: OrgId,
    source: SourceId,
    day_at: Timestamp,
    clock: &str,
) -> Result<(), StoreError> {
    on_engine!(conn, KEEP, |c, text| {
        let query = sqlx::query(text).bind(org.get()).bind(source.get());
        query.bind(day_at.seconds()).bind(clock).execute(c).await?;
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
) -> Result<Vec<(String, String)>, StoreError> {
    Ok(on_engine!(conn, OF_PERIOD, |c, text| {
        let query = sqlx::query_as(text).bind(org.get()).bind(from.seconds()).bind(before.seconds());
        query.bind(DAYS_PER_READ_MAX).fetch_all(c).await?
    }))
}
