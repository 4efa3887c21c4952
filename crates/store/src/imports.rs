//! Files: received, counted and published as one. Their counts follow when held lines are released.

use crate::{
    batches::Counts,
    chain::Hash,
    engine::Conn,
    error::StoreError,
    sql::{Sql, number, on_engine},
};
use domain::{
    id::{ImportId, OrgId, SourceId},
    time::Timestamp,
};

/// The rows of imports that a condition finds, with all their columns.
macro_rules! import_rows {
    ($condition:literal) => {
        concat!(
            "select i.import_id, s.slug, i.name, i.bytes, i.digest, i.state, i.started_at, i.finished_at, i.received,
            i.accepted, i.duplicate, i.quarantined, i.items, i.plan, i.notes, i.records, i.bytes_read, i.spool, i.terms,
            i.withdrawn_at
       from imports i
       join sources s on s.org_id = i.org_id and s.source_id = i.source_id
      where ",
            $condition
        )
    };
}

pub(crate) const START: Sql = Sql::same(
    "insert into imports (org_id, import_id, source_id, name, bytes, digest, state, started_at, received, accepted,
        duplicate, quarantined, items, plan, spool, terms)
     values ($1, $2, $3, $4, $5, $6, 'running', $7, 0, 0, 0, 0, 0, $8, $9, $10)",
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

/// Held by a connection of its own for as long as the import runs; nobody else writes beside SQLite's only writer.
pub(crate) const HOLD: &str = "select pg_try_advisory_lock(hashtextextended(current_schema() || ' import ' || $1::bigint || ' ' || $2::bigint, 0))";

pub(crate) const RELEASE: Sql = Sql::same(
    "update imports
        set quarantined = quarantined - $3 - $4, accepted = accepted + $3, duplicate = duplicate + $4
      where org_id = $1 and import_id = $2",
);

pub(crate) const RECENT: Sql = Sql::same(import_rows!(
    "i.org_id = $1 and ($2 = '' or s.slug = $2)
      order by i.import_id desc
      limit $3"
));

pub(crate) const BY_ID: Sql = Sql::same(import_rows!("i.org_id = $1 and i.import_id = $2"));

pub(crate) const FIRST_OF_FILE: Sql = Sql::same(
    "select min(import_id)
       from imports
      where org_id = $1 and source_id = $2 and digest = $3 and state = 'published'",
);

pub(crate) const RESTING_OF_FILE: Sql = Sql::same(import_rows!(
    "i.org_id = $1 and i.source_id = $2 and i.digest = $3 and i.state in ('paused', 'interrupted', 'failed')
        and i.terms <> '{}'
      order by i.import_id desc
      limit 1"
));

pub(crate) const HELD_OF_FILE: Sql = Sql::same(import_rows!(
    "i.org_id = $1 and i.source_id = $2 and i.digest = $3 and i.state = 'held'
      order by i.import_id desc
      limit 1"
));

pub(crate) const HELD: Sql = Sql::same(import_rows!(
    "i.org_id = $1 and i.state = 'held'
      order by i.finished_at, i.import_id
      limit 1000"
));

pub(crate) const LATER_DUPLICATES: Sql = Sql::same(
    "select cast(coalesce(sum(b.duplicate), 0) as bigint)
       from batches b
      where b.org_id = $1 and (b.import_id is null or b.import_id <> $2)
        and b.source_id in (select source_id from batches where org_id = $1 and import_id = $2)
        and b.batch_id > (select min(batch_id) from batches where org_id = $1 and import_id = $2)",
);

/// The statements of this file.
pub(crate) const ALL: &[Sql] = &[
    START,
    INTERRUPT_ABANDONED,
    RELEASE,
    RECENT,
    BY_ID,
    FIRST_OF_FILE,
    RESTING_OF_FILE,
    HELD_OF_FILE,
    HELD,
    LATER_DUPLICATES,
];

/// How far an import has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ImportState {
    /// Nothing of it can be seen yet.
    Running,
    /// Somebody stopped it for a while; it goes on from where it stands.
    Paused,
    /// Its process ended half-way; it goes on from where it stands.
    Interrupted,
    /// Something was in its way; it goes on from where it stands once that is gone.
    Failed,
    /// Too much is gone at once from its snapshot: it goes on once a person has said what that means.
    Held,
    /// Somebody gave it up; nothing of it will ever be seen.
    Cancelled,
    /// All of it can be seen.
    Published,
    /// It was taken back: it counted until then.
    Withdrawn,
}

impl ImportState {
    const ALL: [Self; 8] = [
        Self::Running,
        Self::Paused,
        Self::Interrupted,
        Self::Failed,
        Self::Held,
        Self::Cancelled,
        Self::Published,
        Self::Withdrawn,
    ];

    /// The word as it is written everywhere.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Running => "running",
            Self::Paused => "paused",
            Self::Interrupted => "interrupted",
            Self::Failed => "failed",
            Self::Held => "held",
            Self::Cancelled => "cancelled",
            Self::Published => "published",
            Self::Withdrawn => "withdrawn",
        }
    }

    /// Whether it can go on from where it stands.
    #[must_use]
    pub const fn can_go_on(self) -> bool {
        matches!(self, Self::Paused | Self::Interrupted | Self::Failed)
    }

    fn of_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == word)
    }
}

/// An import on its way into the database.
#[derive(Clone, Copy, Debug)]
pub struct NewImport<'a> {
    /// Its number.
    pub id: ImportId,
    /// Who sent it.
    pub source: SourceId,
    /// The name of the file, for people.
    pub name: &'a str,
    /// The length of the file.
    pub bytes: u64,
    /// The hash of the file.
    pub digest: &'a Hash,
    /// When it began.
    pub at: Timestamp,
    /// How it is read; empty for canonical events.
    pub plan: &'a str,
    /// Where the file waits.
    pub spool: &'a str,
    /// What the receiver decided, as its service wrote it.
    pub terms: &'a str,
}

/// Says that an import has begun.
///
/// # Errors
/// Any [`StoreError`].
pub async fn start(conn: &mut Conn<'_>, org: OrgId, new: &NewImport<'_>) -> Result<(), StoreError> {
    on_engine!(conn, START, |c, text| {
        sqlx::query(text)
            .bind(org.get())
            .bind(new.id.get())
            .bind(new.source.get())
            .bind(new.name)
            .bind(number(new.bytes))
            .bind(new.digest.as_slice())
            .bind(new.at.seconds())
            .bind(new.plan)
            .bind(new.spool)
            .bind(new.terms)
            .execute(c)
            .await?;
    });
    Ok(())
}

/// How many later lines of the sources of an import were taken for duplicates: some may be of its events.
///
/// # Errors
/// Any [`StoreError`].
pub async fn later_duplicates(conn: &mut Conn<'_>, org: OrgId, id: ImportId) -> Result<u64, StoreError> {
    let count: i64 = on_engine!(conn, LATER_DUPLICATES, |c, text| {
        sqlx::query_scalar(text).bind(org.get()).bind(id.get()).fetch_one(c).await?
    });
    Ok(u64::try_from(count).unwrap_or_default())
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
    /// The hash of the file.
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
    /// Records of the file that are done.
    pub records: u64,
    /// Bytes of the file that are done.
    pub bytes_read: u64,
    /// Where the file waits; empty where it waits nowhere.
    pub spool: String,
    /// What the receiver decided, as its service wrote it.
    pub terms: String,
    /// When it was taken back.
    pub withdrawn_at: Option<Timestamp>,
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
    records: i64,
    bytes_read: i64,
    spool: String,
    terms: String,
    withdrawn_at: Option<i64>,
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
        records: u64::try_from(row.records).unwrap_or_default(),
        bytes_read: u64::try_from(row.bytes_read).unwrap_or_default(),
        spool: row.spool,
        terms: row.terms,
        withdrawn_at: row.withdrawn_at.map(Timestamp::from_seconds),
    })
}

/// The latest `limit` imports, newest first; of one source where it is named.
///
/// # Errors
/// Any [`StoreError`].
pub async fn recent(
    conn: &mut Conn<'_>,
    org: OrgId,
    source: Option<&str>,
    limit: u32,
) -> Result<Vec<StoredImport>, StoreError> {
    let rows: Vec<Row> = on_engine!(conn, RECENT, |c, text| {
        let query = sqlx::query_as(text).bind(org.get()).bind(source.unwrap_or_default());
        query.bind(i64::from(limit)).fetch_all(c).await?
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

/// The latest import of the very same file from the same source that stopped half-way.
///
/// # Errors
/// Any [`StoreError`].
pub async fn resting_of_file(
    conn: &mut Conn<'_>,
    org: OrgId,
    source: SourceId,
    digest: &Hash,
) -> Result<Option<StoredImport>, StoreError> {
    let row: Option<Row> = on_engine!(conn, RESTING_OF_FILE, |c, text| {
        let query = sqlx::query_as(text).bind(org.get()).bind(source.get());
        query.bind(digest.as_slice()).fetch_optional(c).await?
    });
    row.map(of_row).transpose()
}

/// The latest import of the very same file from the same source that waits for a person.
///
/// # Errors
/// Any [`StoreError`].
pub async fn held_of_file(
    conn: &mut Conn<'_>,
    org: OrgId,
    source: SourceId,
    digest: &Hash,
) -> Result<Option<StoredImport>, StoreError> {
    let row: Option<Row> = on_engine!(conn, HELD_OF_FILE, |c, text| {
        let query = sqlx::query_as(text).bind(org.get()).bind(source.get());
        query.bind(digest.as_slice()).fetch_optional(c).await?
    });
    row.map(of_row).transpose()
}

/// The imports that wait for a person, those that wait longest first.
///
/// # Errors
/// Any [`StoreError`].
pub async fn held(conn: &mut Conn<'_>, org: OrgId) -> Result<Vec<StoredImport>, StoreError> {
    let rows: Vec<Row> = on_engine!(conn, HELD, |c, text| {
        let query = sqlx::query_as(text).bind(org.get());
        query.fetch_all(c).await?
    });
    rows.into_iter().map(of_row).collect()
}
