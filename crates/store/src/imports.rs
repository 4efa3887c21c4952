//! Files: received, counted and published as one. Their counts follow when held lines are released.

use crate::{
    batches::Counts,
    chain::Hash,
    engine::Conn,
    error::StoreError,
    sql::{Sql, on_engine},
};
use domain::{
    id::{ImportId, OrgId, SourceId},
    time::Timestamp,
};

pub(crate) const START: Sql = Sql::same(
    "insert into imports (org_id, import_id, source_id, name, bytes, digest, state, started_at, received, accepted,
        duplicate, quarantined, items)
     values ($1, $2, $3, $4, $5, $6, 'running', $7, 0, 0, 0, 0, 0)",
);

pub(crate) const PUBLISH: Sql = Sql::same(
    "update imports
        set state = 'published', finished_at = $3, received = $4, accepted = $5, duplicate = $6, quarantined = $7,
            items = $8, bytes = $9, digest = $10, plan = $11, notes = $12
      where org_id = $1 and import_id = $2",
);

pub(crate) const INTERRUPT: Sql = Sql::same(
    "update imports set state = 'interrupted', finished_at = $3 where org_id = $1 and import_id = $2 and state = 'running'",
);

/// On PostgreSQL an import that is under way holds a lock of its own, which ends with its connection: where the lock can
/// be had, nobody imports any more. Schemas share the locks of a database, so the schema is part of the key.
pub(crate) const INTERRUPT_ABANDONED: Sql = Sql::per_engine(
    "update imports set state = 'interrupted', finished_at = $2 where org_id = $1 and state = 'running'",
    "update imports
        set state = 'interrupted', finished_at = $2
      where org_id = $1 and state = 'running'
        and pg_try_advisory_xact_lock(hashtextextended(current_schema() || ' import ' || org_id || ' ' || import_id, 0))",
);

/// Nobody else writes beside SQLite's only writer, so nothing needs to be held there.
pub(crate) const HOLD: Sql = Sql::per_engine(
    "select import_id
       from imports
      where org_id = $1 and import_id = $2",
    "select pg_advisory_xact_lock(hashtextextended(current_schema() || ' import ' || org_id || ' ' || import_id, 0))
       from imports
      where org_id = $1 and import_id = $2",
);

pub(crate) const RELEASE: Sql = Sql::same(
    "update imports
        set quarantined = quarantined - $3 - $4, accepted = accepted + $3, duplicate = duplicate + $4
      where org_id = $1 and import_id = $2",
);

pub(crate) const RECENT: Sql = Sql::same(
    "select i.import_id, s.slug, i.name, i.bytes, i.digest, i.state, i.started_at, i.finished_at, i.received,
            i.accepted, i.duplicate, i.quarantined, i.items, i.plan, i.notes
       from imports i
       join sources s on s.org_id = i.org_id and s.source_id = i.source_id
      where i.org_id = $1
      order by i.import_id desc
      limit $2",
);

pub(crate) const BY_ID: Sql = Sql::same(
    "select i.import_id, s.slug, i.name, i.bytes, i.digest, i.state, i.started_at, i.finished_at, i.received,
            i.accepted, i.duplicate, i.quarantined, i.items, i.plan, i.notes
       from imports i
       join sources s on s.org_id = i.org_id and s.source_id = i.source_id
      where i.org_id = $1 and i.import_id = $2",
);

pub(crate) const FIRST_OF_FILE: Sql = Sql::same(
    "select min(import_id)
       from imports
      where org_id = $1 and source_id = $2 and digest = $3 and state = 'published'",
);

/// The statements of this file.
pub(crate) const ALL: &[Sql] =
    &[START, PUBLISH, INTERRUPT, INTERRUPT_ABANDONED, HOLD, RELEASE, RECENT, BY_ID, FIRST_OF_FILE];

/// How far an import has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ImportState {
    /// Nothing of it can be seen yet.
    Running,
    /// All of it can be seen.
    Published,
    /// It stopped half-way and left nothing: import the file again.
    Interrupted,
}

impl ImportState {
    /// The word as it is written everywhere.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Running => "running",
            Self::Published => "published",
            Self::Interrupted => "interrupted",
        }
    }

    fn of_word(word: &str) -> Option<Self> {
        [Self::Running, Self::Published, Self::Interrupted].into_iter().find(|state| state.as_str() == word)
    }
}

/// Says that an import has begun.
///
/// # Errors
/// Any [`StoreError`].
pub async fn start(
    conn: &mut Conn<'_>,
    org: OrgId,
    id: ImportId,
    source: SourceId,
    name: &str,
    at: Timestamp,
) -> Result<(), StoreError> {
    on_engine!(conn, START, |c, text| {
        let query = sqlx::query(text).bind(org.get()).bind(id.get()).bind(source.get()).bind(name);
        query.bind(0_i64).bind([0_u8; 0].as_slice()).bind(at.seconds()).execute(c).await?;
    });
    Ok(())
}

/// How an import ended.
#[derive(Clone, Debug)]
pub struct Published {
    /// When.
    pub at: Timestamp,
    /// What became of its lines.
    pub counts: Counts,
    /// How many items it touched.
    pub items: u64,
    /// The length of the file.
    pub bytes: u64,
    /// The hash of the file.
    pub digest: Hash,
    /// How it was read; empty for canonical events.
    pub plan: String,
    /// What was noticed about it.
    pub notes: String,
}

/// Says that an import can be seen from now on.
///
/// # Errors
/// Any [`StoreError`].
pub async fn publish(conn: &mut Conn<'_>, org: OrgId, id: ImportId, end: &Published) -> Result<(), StoreError> {
    let [received, accepted, duplicate, quarantined] = end.counts.to_row();
    on_engine!(conn, PUBLISH, |c, text| {
        sqlx::query(text)
            .bind(org.get())
            .bind(id.get())
            .bind(end.at.seconds())
            .bind(received)
            .bind(accepted)
            .bind(duplicate)
            .bind(quarantined)
            .bind(i64::try_from(end.items).unwrap_or(i64::MAX))
            .bind(i64::try_from(end.bytes).unwrap_or(i64::MAX))
            .bind(end.digest.as_slice())
            .bind(&end.plan)
            .bind(&end.notes)
            .execute(c)
            .await?;
    });
    Ok(())
}

/// Says that an import stopped half-way; nothing of it is in the log.
///
/// # Errors
/// Any [`StoreError`].
pub async fn interrupt(conn: &mut Conn<'_>, org: OrgId, id: ImportId, at: Timestamp) -> Result<(), StoreError> {
    on_engine!(conn, INTERRUPT, |c, text| {
        sqlx::query(text).bind(org.get()).bind(id.get()).bind(at.seconds()).execute(c).await?;
    });
    Ok(())
}

/// Holds an import until the transaction ends, so that other processes can tell that it is under way.
///
/// # Errors
/// Any [`StoreError`].
pub async fn hold(conn: &mut Conn<'_>, org: OrgId, id: ImportId) -> Result<(), StoreError> {
    on_engine!(conn, HOLD, |c, text| {
        sqlx::query(text).bind(org.get()).bind(id.get()).execute(c).await?;
    });
    Ok(())
}

/// Says so of all that say they run and that nobody holds: their process was killed. On SQLite the caller knows that
/// nothing runs, since it has just taken the lock of the data directory.
///
/// # Errors
/// Any [`StoreError`].
pub async fn interrupt_abandoned(conn: &mut Conn<'_>, org: OrgId, at: Timestamp) -> Result<(), StoreError> {
    on_engine!(conn, INTERRUPT_ABANDONED, |c, text| {
        sqlx::query(text).bind(org.get()).bind(at.seconds()).execute(c).await?;
    });
    Ok(())
}

/// Moves released lines of an import from quarantined to accepted and duplicate.
///
/// # Errors
/// Any [`StoreError`].
pub async fn release(
    conn: &mut Conn<'_>,
    org: OrgId,
    id: ImportId,
    accepted: u64,
    duplicate: u64,
) -> Result<(), StoreError> {
    let [accepted, duplicate] = [accepted, duplicate].map(|count| i64::try_from(count).unwrap_or(i64::MAX));
    on_engine!(conn, RELEASE, |c, text| {
        sqlx::query(text).bind(org.get()).bind(id.get()).bind(accepted).bind(duplicate).execute(c).await?;
    });
    Ok(())
}

/// An import as it lies in the database.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredImport {
    /// Its number.
    pub id: ImportId,
    /// Who sent it.
    pub source: String,
    /// The name of the file, for people.
    pub name: String,
    /// The length of the file.
    pub bytes: u64,
    /// The hash of the file; empty until it is published.
    pub digest: Vec<u8>,
    /// How far it has come.
    pub state: ImportState,
    /// When it began.
    pub started_at: Timestamp,
    /// When it ended.
    pub finished_at: Option<Timestamp>,
    /// What became of its lines.
    pub counts: Counts,
    /// How many items it touched.
    pub items: u64,
    /// How it was read; empty for canonical events.
    pub plan: String,
    /// What was noticed about it, as its service wrote it.
    pub notes: String,
}

#[derive(sqlx::FromRow)]
struct Row {
    import_id: i64,
    slug: String,
    name: String,
    bytes: i64,
    digest: Vec<u8>,
    state: String,
    started_at: i64,
    finished_at: Option<i64>,
    received: i64,
    accepted: i64,
    duplicate: i64,
    quarantined: i64,
    items: i64,
    plan: String,
    notes: String,
}

fn of_row(row: Row) -> Result<StoredImport, StoreError> {
    Ok(StoredImport {
        id: ImportId::from_row(row.import_id),
        source: row.slug,
        name: row.name,
        bytes: u64::try_from(row.bytes).unwrap_or_default(),
        digest: row.digest,
        state: ImportState::of_word(&row.state).ok_or_else(|| StoreError::damaged("the state of an import"))?,
        started_at: Timestamp::from_seconds(row.started_at),
        finished_at: row.finished_at.map(Timestamp::from_seconds),
        counts: Counts::of_row([row.received, row.accepted, row.duplicate, row.quarantined]),
        items: u64::try_from(row.items).unwrap_or_default(),
        plan: row.plan,
        notes: row.notes,
    })
}

/// The latest `limit` imports, newest first.
///
/// # Errors
/// Any [`StoreError`].
pub async fn recent(conn: &mut Conn<'_>, org: OrgId, limit: u32) -> Result<Vec<StoredImport>, StoreError> {
    let rows: Vec<Row> = on_engine!(conn, RECENT, |c, text| {
        sqlx::query_as(text).bind(org.get()).bind(i64::from(limit)).fetch_all(c).await?
    });
    rows.into_iter().map(of_row).collect()
}

/// One import.
///
/// # Errors
/// Any [`StoreError`].
pub async fn by_id(conn: &mut Conn<'_>, org: OrgId, id: ImportId) -> Result<Option<StoredImport>, StoreError> {
    let row: Option<Row> = on_engine!(conn, BY_ID, |c, text| {
        sqlx::query_as(text).bind(org.get()).bind(id.get()).fetch_optional(c).await?
    });
    row.map(of_row).transpose()
}

/// The first published import of the very same file from the same source.
///
/// # Errors
/// Any [`StoreError`].
pub async fn first_of_file(
    conn: &mut Conn<'_>,
    org: OrgId,
    source: SourceId,
    digest: &Hash,
) -> Result<Option<ImportId>, StoreError> {
    let first: Option<i64> = on_engine!(conn, FIRST_OF_FILE, |c, text| {
        let query = sqlx::query_scalar(text).bind(org.get()).bind(source.get());
        query.bind(digest.as_slice()).fetch_one(c).await?
    });
    Ok(first.map(ImportId::from_row))
}
