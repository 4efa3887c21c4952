//! What was committed together: its counts, and its place in the chain.

use crate::{
    chain,
    engine::Conn,
    error::StoreError,
    log_state::LogState,
    sql::{Sql, on_engine},
};
use domain::{
    id::{BatchId, ImportId, OrgId, SourceId},
    time::Timestamp,
};

pub(crate) const WRITE: Sql = Sql::same(
    "insert into batches (org_id, batch_id, source_id, import_id, kind, received, accepted, duplicate, quarantined,
        leaves, committed_at, root, head)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)",
);

pub(crate) const PAGE: Sql = Sql::same(
    "select batch_id, source_id, import_id, kind, received, accepted, duplicate, quarantined, leaves, committed_at,
            root, head
       from batches
      where org_id = $1 and batch_id > $2
      order by batch_id
      limit $3",
);

/// What was settled moves from accepted to where it belongs; an import counts once it can be seen.
pub(crate) const SUMS: Sql = Sql::same(
    "select s.slug, count(*), cast(coalesce(sum(case b.kind when 'settle' then 0 else b.received end), 0) as bigint),
            cast(coalesce(sum(case b.kind when 'settle' then - b.received else b.accepted end), 0) as bigint),
            cast(coalesce(sum(b.duplicate), 0) as bigint), cast(coalesce(sum(b.quarantined), 0) as bigint),
            max(b.committed_at)
       from batches b
       join sources s on s.org_id = b.org_id and s.source_id = b.source_id
       left join imports i on i.org_id = b.org_id and i.import_id = b.import_id
      where b.org_id = $1 and b.kind in ('events', 'import', 'settle')
        and (b.import_id is null or i.state = 'published')
      group by s.slug
      order by s.slug
      limit 10000",
);

/// The statements of this file.
pub(crate) const ALL: &[Sql] = &[WRITE, PAGE, SUMS];

/// Received lines, each in exactly one place.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Lines that could have become events.
    pub received: u64,
    /// New events.
    pub accepted: u64,
    /// Known before.
    pub duplicate: u64,
    /// Held with a reason.
    pub quarantined: u64,
}

impl Counts {
    /// Whether every line is in exactly one place.
    #[must_use]
    pub const fn add_up(&self) -> bool {
        self.received == self.accepted + self.duplicate + self.quarantined
    }

    /// Both together.
    #[must_use]
    pub const fn plus(self, other: Self) -> Self {
        Self {
            received: self.received + other.received,
            accepted: self.accepted + other.accepted,
            duplicate: self.duplicate + other.duplicate,
            quarantined: self.quarantined + other.quarantined,
        }
    }

    /// In one line, for the audit trail.
    #[must_use]
    pub fn in_words(self) -> String {
        let Self { received, accepted, duplicate, quarantined } = self;
        format!("received {received}, accepted {accepted}, duplicate {duplicate}, quarantined {quarantined}")
    }

    pub(crate) fn to_row(self) -> [i64; 4] {
        [self.received, self.accepted, self.duplicate, self.quarantined]
            .map(|count| i64::try_from(count).unwrap_or(i64::MAX))
    }

    pub(crate) fn of_row(row: [i64; 4]) -> Self {
        let [received, accepted, duplicate, quarantined] = row.map(|count| u64::try_from(count).unwrap_or_default());
        Self { received, accepted, duplicate, quarantined }
    }
}

/// How a batch came about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BatchKind {
    /// Sent as events.
    Events,
    /// Part of a file.
    Import,
    /// Held lines that were released: they were received before and count once.
    Release,
    /// Lines counted as accepted that turned out to be duplicate or were held after all.
    Settle,
    /// An import was taken back; counts nothing.
    Withdraw,
}

impl BatchKind {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Events => "events",
            Self::Import => "import",
            Self::Release => "release",
            Self::Settle => "settle",
            Self::Withdraw => "withdraw",
        }
    }

    fn of_word(word: &str) -> Option<Self> {
        let all = [Self::Events, Self::Import, Self::Release, Self::Settle, Self::Withdraw];
        all.into_iter().find(|kind| kind.as_str() == word)
    }
}

/// A batch on its way into the database.
#[derive(Clone, Copy, Debug)]
pub struct NewBatch {
    /// Its number.
    pub id: BatchId,
    /// Who sent it.
    pub source: SourceId,
    /// The import it belongs to.
    pub import: Option<ImportId>,
    /// How it came about.
    pub kind: BatchKind,
    /// Its counts.
    pub counts: Counts,
    /// How many events it added to the log.
    pub leaves: u64,
    /// When.
    pub committed_at: Timestamp,
    /// The root over its leaves.
    pub root: chain::Hash,
}

impl NewBatch {
    /// The next batch of an import, one that adds no event to the log.
    #[must_use]
    pub fn without_events(
        state: &LogState,
        source: SourceId,
        import: ImportId,
        kind: BatchKind,
        at: Timestamp,
    ) -> Self {
        Self {
            id: BatchId::from_row(state.batch.get() + 1),
            source,
            import: Some(import),
            kind,
            counts: Counts::default(),
            leaves: 0,
            committed_at: at,
            root: chain::root(&mut []),
        }
    }
}

/// Writes a batch and moves the head of the chain in `state`.
///
/// # Errors
/// Any [`StoreError`].
///
/// # Panics
/// When the counts do not add up: a line that vanished must never be committed.
pub async fn write(conn: &mut Conn<'_>, org: OrgId, state: &mut LogState, batch: &NewBatch) -> Result<(), StoreError> {
    assert!(batch.counts.add_up(), "received = accepted + duplicate + quarantined: {:?}", batch.counts);
    let genesis = chain::genesis(org);
    let before = if state.head.is_empty() { genesis.as_slice() } else { state.head.as_slice() };
    let Counts { received, accepted, duplicate, quarantined } = batch.counts;
    let head = chain::Head {
        org,
        batch: batch.id,
        before,
        root: &batch.root,
        counts: [received, accepted, duplicate, quarantined],
        committed_at: batch.committed_at,
    }
    .hash();
    let [received, accepted, duplicate, quarantined] = batch.counts.to_row();
    on_engine!(conn, WRITE, |c, text| {
        sqlx::query(text)
            .bind(org.get())
            .bind(batch.id.get())
            .bind(batch.source.get())
            .bind(batch.import.map(ImportId::get))
            .bind(batch.kind.as_str())
            .bind(received)
            .bind(accepted)
            .bind(duplicate)
            .bind(quarantined)
            .bind(i64::try_from(batch.leaves).unwrap_or(i64::MAX))
            .bind(batch.committed_at.seconds())
            .bind(batch.root.as_slice())
            .bind(head.as_slice())
            .execute(c)
            .await?;
    });
    state.head = head.to_vec();
    state.batch = batch.id;
    Ok(())
}

/// A batch as it lies in the database.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredBatch {
    /// Its number, and its place in the chain.
    pub id: BatchId,
    /// Who sent it.
    pub source: SourceId,
    /// The import it belongs to.
    pub import: Option<ImportId>,
    /// How it came about.
    pub kind: BatchKind,
    /// Its counts.
    pub counts: Counts,
    /// How many events it added to the log.
    pub leaves: u64,
    /// When.
    pub committed_at: Timestamp,
    /// The root over its leaves.
    pub root: Vec<u8>,
    /// The head of the chain after it.
    pub head: Vec<u8>,
}

#[derive(sqlx::FromRow)]
struct Row {
    batch_id: i64,
    source_id: i64,
    import_id: Option<i64>,
    kind: String,
    received: i64,
    accepted: i64,
    duplicate: i64,
    quarantined: i64,
    leaves: i64,
    committed_at: i64,
    root: Vec<u8>,
    head: Vec<u8>,
}

/// The next `limit` batches after `after`.
///
/// # Errors
/// Any [`StoreError`].
pub async fn page(conn: &mut Conn<'_>, org: OrgId, after: BatchId, limit: u32) -> Result<Vec<StoredBatch>, StoreError> {
    let rows: Vec<Row> = on_engine!(conn, PAGE, |c, text| {
        sqlx::query_as(text).bind(org.get()).bind(after.get()).bind(i64::from(limit)).fetch_all(c).await?
    });
    rows.into_iter()
        .map(|row| {
            Ok(StoredBatch {
                id: BatchId::from_row(row.batch_id),
                source: SourceId::from_row(row.source_id),
                import: row.import_id.map(ImportId::from_row),
                kind: BatchKind::of_word(&row.kind).ok_or_else(|| StoreError::damaged("the kind of a batch"))?,
                counts: Counts::of_row([row.received, row.accepted, row.duplicate, row.quarantined]),
                leaves: u64::try_from(row.leaves).unwrap_or_default(),
                committed_at: Timestamp::from_seconds(row.committed_at),
                root: row.root,
                head: row.head,
            })
        })
        .collect()
}

/// What one source has sent so far; released lines are not counted twice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SourceSums {
    /// The source.
    pub source: String,
    /// Batches.
    pub batches: u64,
    /// Lines as they were counted when they came.
    pub counts: Counts,
    /// When it last sent something.
    pub last_at: Timestamp,
}

/// What each source has sent so far.
///
/// # Errors
/// Any [`StoreError`].
pub async fn sums(conn: &mut Conn<'_>, org: OrgId) -> Result<Vec<SourceSums>, StoreError> {
    let rows: Vec<(String, i64, i64, i64, i64, i64, i64)> =
        on_engine!(conn, SUMS, |c, text| sqlx::query_as(text).bind(org.get()).fetch_all(c).await?);
    Ok(rows
        .into_iter()
        .map(|(source, batches, received, accepted, duplicate, quarantined, last_at)| SourceSums {
            source,
            batches: u64::try_from(batches).unwrap_or_default(),
            counts: Counts::of_row([received, accepted, duplicate, quarantined]),
            last_at: Timestamp::from_seconds(last_at),
        })
        .collect())
}
