//! What the world says of weaknesses, by the day it was published: a row is kept only where something changed.
//!
//! Feeds are kept in the order of their days. An older one after a newer would change what every view in between saw, so
//! it is refused.

use crate::{
    engine::Conn,
    error::StoreError,
    sql::{Sql, on_engine},
};
use domain::{
    day::Day,
    enrichment::{EpssScore, Feed, FeedKind, KevEntry, PartsPerBillion},
    id::OrgId,
    time::Timestamp,
};
use std::collections::BTreeMap;

/// Scores sent to PostgreSQL at once.
const WRITE_ROWS: usize = 5_000;

pub(crate) const NEWEST: Sql = Sql::same(
    "select published_on, feed_version, received_at
       from enrichment_feeds
      where org_id = $1 and kind = $2 and published_on <= $3
      order by published_on desc
      limit 1",
);

pub(crate) const FEED: Sql = Sql::same(
    "insert into enrichment_feeds (org_id, kind, published_on, feed_version, received_at, changed)
     values ($1, $2, $3, $4, $5, $6)",
);

pub(crate) const KEV_PAGE: Sql = Sql::same(
    "select e.cve, e.added_on, e.due_on, e.ransomware
       from kev_entries e
      where e.org_id = $1 and e.cve > $3 and e.listed = 1
        and e.published_on = (select max(p.published_on)
                                from kev_entries p
                               where p.org_id = e.org_id and p.cve = e.cve and p.published_on <= $2)
      order by e.cve
      limit $4",
);

pub(crate) const KEV_OF: Sql = Sql::same(
    "select cve, added_on, due_on, ransomware, listed
       from kev_entries
      where org_id = $1 and cve = $2 and published_on <= $3
      order by published_on desc
      limit 1",
);

pub(crate) const KEV_ADD: Sql = Sql::same(
    "insert into kev_entries (org_id, cve, published_on, listed, added_on, due_on, ransomware)
     values ($1, $2, $3, $4, $5, $6, $7)",
);

/// The percentile of nearly every weakness moves every day, so only a score that moved makes a row.
pub(crate) const EPSS_ADD: Sql = Sql::per_engine(
    "insert into epss_scores (org_id, cve, published_on, score, percentile)
     select $1, $3, $2, $4, $5
      where not exists (select 1
                          from epss_scores k
                         where k.org_id = $1 and k.cve = $3 and k.score = $4
                           and k.published_on = (select max(p.published_on)
                                                   from epss_scores p
                                                  where p.org_id = $1 and p.cve = $3))
     on conflict (org_id, cve, published_on) do nothing",
    "insert into epss_scores (org_id, cve, published_on, score, percentile)
     select $1, n.cve, $2, n.score, n.percentile
       from unnest($3::text[], $4::bigint[], $5::bigint[]) as n (cve, score, percentile)
      where not exists (select 1
                          from epss_scores k
                         where k.org_id = $1 and k.cve = n.cve and k.score = n.score
                           and k.published_on = (select max(p.published_on)
                                                   from epss_scores p
                                                  where p.org_id = $1 and p.cve = n.cve))
     on conflict (org_id, cve, published_on) do nothing",
);

pub(crate) const EPSS_OF: Sql = Sql::same(
    "select cve, score, percentile
       from epss_scores
      where org_id = $1 and cve = $2 and published_on <= $3
      order by published_on desc
      limit 1",
);

/// The statements of this file.
pub(crate) const ALL: &[Sql] = &[NEWEST, FEED, KEV_PAGE, KEV_OF, KEV_ADD, EPSS_ADD, EPSS_OF];

/// What became of a feed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FeedKept {
    /// It was kept; so many rows said something new.
    Changed(u64),
    /// The feed of that day is kept already.
    Known,
    /// A newer one is kept already, of this day.
    TooOld(Day),
}

/// A feed as it lies in the database.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredFeed {
    /// Which feed, of which day.
    pub feed: Feed,
    /// When we learnt of it.
    pub received_at: Timestamp,
}

/// The newest feed of a kind that was published by a day.
///
/// # Errors
/// Any [`StoreError`].
pub async fn newest(
    conn: &mut Conn<'_>,
    org: OrgId,
    kind: FeedKind,
    day: Day,
) -> Result<Option<StoredFeed>, StoreError> {
    let row: Option<(i64, Option<String>, i64)> = on_engine!(conn, NEWEST, |c, text| {
        sqlx::query_as(text).bind(org.get()).bind(kind.as_str()).bind(day.number()).fetch_optional(c).await?
    });
    Ok(row.map(|(published_on, version, received_at)| StoredFeed {
        feed: Feed { kind, version, published_on: Day::from_number(published_on) },
        received_at: Timestamp::from_seconds(received_at),
    }))
}

/// Whether a feed comes in time; what to answer where it does not.
async fn in_order(conn: &mut Conn<'_>, org: OrgId, feed: &Feed) -> Result<Option<FeedKept>, StoreError> {
    let newest = newest(conn, org, feed.kind, Day::from_number(i64::MAX)).await?;
    let newest = newest.map(|newest| newest.feed.published_on);
    Ok(match newest {
        Some(newest) if newest == feed.published_on => Some(FeedKept::Known),
        Some(newest) if newest > feed.published_on => Some(FeedKept::TooOld(newest)),
        Some(_) | None => None,
    })
}

async fn keep_feed(
    conn: &mut Conn<'_>,
    org: OrgId,
    feed: &Feed,
    now: Timestamp,
    changed: u64,
) -> Result<FeedKept, StoreError> {
    on_engine!(conn, FEED, |c, text| {
        let query = sqlx::query(text).bind(org.get()).bind(feed.kind.as_str()).bind(feed.published_on.number());
        let query = query.bind(feed.version.as_deref()).bind(now.seconds());
        query.bind(i64::try_from(changed).unwrap_or(i64::MAX)).execute(c).await?;
    });
    Ok(FeedKept::Changed(changed))
}

/// Keeps a whole catalogue; what it has no more is no longer listed from its day on. Needs the lock of the log.
///
/// # Errors
/// Any [`StoreError`].
pub async fn keep_kev(
    conn: &mut Conn<'_>,
    org: OrgId,
    feed: &Feed,
    entries: &[KevEntry],
    now: Timestamp,
) -> Result<FeedKept, StoreError> {
    if let Some(refused) = in_order(conn, org, feed).await? {
        return Ok(refused);
    }
    let mut known: BTreeMap<String, KevEntry> = BTreeMap::new();
    for entry in kev_listed(conn, org, feed.published_on).await? {
        known.insert(entry.cve.clone(), entry);
    }
    let named: BTreeMap<&str, &KevEntry> = entries.iter().map(|entry| (entry.cve.as_str(), entry)).collect();
    let mut changed = 0_u64;
    for (cve, entry) in named {
        if known.remove(cve).as_ref() != Some(entry) {
            add_kev(conn, org, feed, entry, Listed::Yes).await?;
            changed = changed.saturating_add(1);
        }
    }
    for gone in known.values() {
        add_kev(conn, org, feed, gone, Listed::No).await?;
        changed = changed.saturating_add(1);
    }
    keep_feed(conn, org, feed, now, changed).await
}

/// Whether a weakness stands in the catalogue.
#[derive(Clone, Copy)]
enum Listed {
    Yes,
    No,
}

async fn add_kev(
    conn: &mut Conn<'_>,
    org: OrgId,
    feed: &Feed,
    entry: &KevEntry,
    listed: Listed,
) -> Result<(), StoreError> {
    let listed = match listed {
        Listed::Yes => 1_i64,
        Listed::No => 0,
    };
    on_engine!(conn, KEV_ADD, |c, text| {
        let query = sqlx::query(text).bind(org.get()).bind(entry.cve.as_str()).bind(feed.published_on.number());
        let query = query.bind(listed).bind(entry.added_on.number()).bind(entry.due_on.map(Day::number));
        query.bind(entry.ransomware.map(i64::from)).execute(c).await?;
    });
    Ok(())
}

type KevRow = (String, i64, Option<i64>, Option<i64>);

/// The same with whether it is listed.
type JudgedRow = (String, i64, Option<i64>, Option<i64>, i64);

fn of_kev((cve, added_on, due_on, ransomware): KevRow) -> KevEntry {
    let (added_on, due_on) = (Day::from_number(added_on), due_on.map(Day::from_number));
    KevEntry { cve, added_on, due_on, ransomware: ransomware.map(|known| known != 0) }
}

/// The whole catalogue as it was published by a day.
///
/// # Errors
/// Any [`StoreError`].
pub async fn kev_listed(conn: &mut Conn<'_>, org: OrgId, day: Day) -> Result<Vec<KevEntry>, StoreError> {
    const PAGE_ROWS: i64 = 2_000;
    let (mut found, mut after) = (Vec::new(), String::new());
    loop {
        let rows: Vec<KevRow> = on_engine!(conn, KEV_PAGE, |c, text| {
            let query = sqlx::query_as(text).bind(org.get()).bind(day.number());
            query.bind(after.as_str()).bind(PAGE_ROWS).fetch_all(c).await?
        });
        let Some((last, ..)) = rows.last() else { return Ok(found) };
        after.clone_from(last);
        found.extend(rows.into_iter().map(of_kev));
    }
}

/// What the catalogue said of a weakness by a day, if it was listed then.
///
/// # Errors
/// Any [`StoreError`].
pub async fn kev_of(conn: &mut Conn<'_>, org: OrgId, cve: &str, day: Day) -> Result<Option<KevEntry>, StoreError> {
    let row: Option<JudgedRow> = on_engine!(conn, KEV_OF, |c, text| {
        sqlx::query_as(text).bind(org.get()).bind(cve).bind(day.number()).fetch_optional(c).await?
    });
    let listed = row.filter(|(.., listed)| *listed == 1);
    Ok(listed.map(|(cve, added_on, due_on, ransomware, _)| of_kev((cve, added_on, due_on, ransomware))))
}

/// Keeps the scores of a day; a score that is the same as before makes no row. Needs the lock of the log.
///
/// # Errors
/// Any [`StoreError`].
pub async fn keep_epss(
    conn: &mut Conn<'_>,
    org: OrgId,
    feed: &Feed,
    scores: &[EpssScore],
    now: Timestamp,
) -> Result<FeedKept, StoreError> {
    if let Some(refused) = in_order(conn, org, feed).await? {
        return Ok(refused);
    }
    let day = feed.published_on.number();
    let mut changed = 0_u64;
    for chunk in scores.chunks(WRITE_ROWS) {
        changed = changed.saturating_add(add_epss(conn, org, day, chunk).await?);
    }
    keep_feed(conn, org, feed, now, changed).await
}

async fn add_epss(conn: &mut Conn<'_>, org: OrgId, day: i64, scores: &[EpssScore]) -> Result<u64, StoreError> {
    let parts = |score: &EpssScore| (i64::from(score.score.get()), i64::from(score.percentile.get()));
    match conn {
        Conn::Postgres(connection) => {
            let (score, percentile): (Vec<i64>, Vec<i64>) = scores.iter().map(parts).unzip();
            let query = sqlx::query(EPSS_ADD.postgres).bind(org.get()).bind(day);
            let query = query.bind(scores.iter().map(|score| score.cve.clone()).collect::<Vec<_>>());
            let done = query.bind(score).bind(percentile).execute(&mut **connection).await?;
            Ok(done.rows_affected())
        }
        Conn::Sqlite(connection) => {
            let mut changed = 0_u64;
            for one in scores {
                let (score, percentile) = parts(one);
                let query = sqlx::query(EPSS_ADD.sqlite).bind(org.get()).bind(day).bind(one.cve.as_str());
                let done = query.bind(score).bind(percentile).execute(&mut **connection).await?;
                changed = changed.saturating_add(done.rows_affected());
            }
            Ok(changed)
        }
    }
}

/// The score of a weakness as it was published by a day. Its percentile is that of the day on which the score last moved.
///
/// # Errors
/// Any [`StoreError`].
pub async fn epss_of(conn: &mut Conn<'_>, org: OrgId, cve: &str, day: Day) -> Result<Option<EpssScore>, StoreError> {
    let row: Option<(String, i64, i64)> = on_engine!(conn, EPSS_OF, |c, text| {
        sqlx::query_as(text).bind(org.get()).bind(cve).bind(day.number()).fetch_optional(c).await?
    });
    let share = |parts: i64| {
        let share = u32::try_from(parts).ok().and_then(|parts| PartsPerBillion::new(parts).ok());
        share.ok_or_else(|| StoreError::damaged("a score"))
    };
    row.map(|(cve, score, percentile)| Ok(EpssScore { cve, score: share(score)?, percentile: share(percentile)? }))
        .transpose()
}
