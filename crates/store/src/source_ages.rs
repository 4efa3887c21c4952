//! When was each source last heard from, and how often does it usually speak?

use crate::{
    engine::Conn,
    error::StoreError,
    sql::{Sql, on_engine},
};
use domain::{id::OrgId, time::Timestamp};

/// Only the latest batches of a source are looked at, so that the age of all feeds stays one short walk over an index
/// however much was sent. The batches of one import are one delivery.
pub(crate) const AGES: Sql = Sql::same(
    "select s.slug,
            (select b.committed_at
               from batches b
              where b.org_id = s.org_id and b.source_id = s.source_id and b.kind in ('events', 'import')
              order by b.batch_id desc
              limit 1) as last_at,
            (select min(lately.committed_at)
               from (select b.committed_at
                       from batches b
                      where b.org_id = s.org_id and b.source_id = s.source_id and b.kind in ('events', 'import')
                      order by b.batch_id desc
                      limit 100) lately) as first_at,
            (select count(distinct coalesce(lately.import_id, -lately.batch_id))
               from (select b.import_id, b.batch_id
                       from batches b
                      where b.org_id = s.org_id and b.source_id = s.source_id and b.kind in ('events', 'import')
                      order by b.batch_id desc
                      limit 100) lately) as deliveries,
            (select p.heard_at
               from push_notes p
              where p.org_id = s.org_id and p.source_id = s.source_id
              order by p.day_at desc
              limit 1) as heard_at
       from sources s
      where s.org_id = $1
      order by s.slug
      limit 10000",
);

/// The statements of this file.
pub(crate) const ALL: &[Sql] = &[AGES];

/// What is known of the pace of a source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SourcePace {
    /// The word it is known by.
    pub source: String,
    /// When it last sent anything.
    pub last_at: Timestamp,
    /// When the earliest of its latest deliveries came.
    pub first_at: Timestamp,
    /// How many deliveries lie between the two, both counted.
    pub deliveries: u64,
    /// When it was last heard, also where it told no news.
    pub heard_at: Timestamp,
}

/// Its word; its last batch, the first of the latest, how many deliveries, and its last push.
type Row = (String, Option<i64>, Option<i64>, i64, Option<i64>);

/// The pace of each source that has sent anything, by its word.
///
/// # Errors
/// Any [`StoreError`].
pub async fn all(conn: &mut Conn<'_>, org: OrgId) -> Result<Vec<SourcePace>, StoreError> {
    let rows: Vec<Row> = on_engine!(conn, AGES, |c, text| sqlx::query_as(text).bind(org.get()).fetch_all(c).await?);
    let pace = |(source, last, first, deliveries, heard): Row| {
        let last_at = last.or(heard)?;
        Some(SourcePace {
            source,
            last_at: Timestamp::from_seconds(last_at),
            first_at: Timestamp::from_seconds(first.unwrap_or(last_at)),
            deliveries: u64::try_from(deliveries).unwrap_or_default(),
            heard_at: Timestamp::from_seconds(heard.map_or(last_at, |heard| heard.max(last_at))),
        })
    };
    Ok(rows.into_iter().filter_map(pace).collect())
}
