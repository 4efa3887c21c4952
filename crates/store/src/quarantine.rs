//! Lines held back: kept with reason and place until somebody releases or dismisses them.

use crate::{
    chain::Hash,
    engine::Conn,
    error::StoreError,
    sql::{Sql, number, on_engine},
};
use domain::{
    id::{BatchId, ImportId, OrgId, QuarantineId, SourceId},
    quarantine::Reason,
    time::Timestamp,
};

/// What is kept of a held line; a longer one must be sent again.
pub const RAW_BYTES_MAX: usize = 64 * 1024;

pub(crate) const HOLD: Sql = Sql::same(
    "insert into quarantine (org_id, quarantine_id, source_id, batch_id, import_id, reason, faults, line, byte, raw,
        raw_bytes, raw_hash, received_at, state, form_hash)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)
     on conflict do nothing",
);

/// What stands in the way of a line: the same bytes where everybody sees them, or staged in the same file.
pub(crate) const BY_HASH: Sql = Sql::same(
    "select quarantine_id
       from quarantine
      where org_id = $1 and source_id = $2 and raw_hash = $3 and state in ('held', 'released', 'dismissed')
     union all
     select quarantine_id
       from quarantine
      where org_id = $1 and source_id = $2 and raw_hash = $3 and state = 'staged' and import_id = $4
      limit 1",
);

pub(crate) const PAGE: Sql = Sql::same(
    "select q.quarantine_id, s.slug, q.source_id, q.import_id, q.reason, q.faults, q.line, q.byte, q.raw, q.raw_bytes,
            q.received_at, q.state, q.settled_at, q.settled_by, q.settled_note, f.form
       from quarantine q
       join sources s on s.org_id = q.org_id and s.source_id = q.source_id
       left join held_forms f on f.org_id = q.org_id and f.form_hash = q.form_hash
      where q.org_id = $1 and q.state = $2 and q.quarantine_id > $3
      order by q.quarantine_id
      limit $4",
);

pub(crate) const BY_ID: Sql = Sql::same(
    "select q.quarantine_id, s.slug, q.source_id, q.import_id, q.reason, q.faults, q.line, q.byte, q.raw, q.raw_bytes,
            q.received_at, q.state, q.settled_at, q.settled_by, q.settled_note, f.form
       from quarantine q
       join sources s on s.org_id = q.org_id and s.source_id = q.source_id
       left join held_forms f on f.org_id = q.org_id and f.form_hash = q.form_hash
      where q.org_id = $1 and q.quarantine_id = $2",
);

pub(crate) const SETTLE: Sql = Sql::same(
    "update quarantine
        set state = $3, settled_at = $4, settled_by = $5, settled_note = $6, settled_batch = $7
      where org_id = $1 and quarantine_id = $2 and state = 'held'",
);

pub(crate) const BY_REASON: Sql = Sql::same(
    "select reason, state, count(*)
       from quarantine
      where org_id = $1
      group by reason, state
      order by reason, state
      limit 1000",
);

pub(crate) const BY_SOURCE: Sql = Sql::same(
    "select s.slug, count(*)
       from quarantine q
       join sources s on s.org_id = q.org_id and s.source_id = q.source_id
      where q.org_id = $1 and q.state = 'held'
      group by s.slug
      order by s.slug
      limit 10000",
);

pub(crate) const FIRST_OF_IMPORT: Sql = Sql::same(
    "select q.quarantine_id, s.slug, q.source_id, q.import_id, q.reason, q.faults, q.line, q.byte, q.raw, q.raw_bytes,
            q.received_at, q.state, q.settled_at, q.settled_by, q.settled_note, f.form
       from quarantine q
       join sources s on s.org_id = q.org_id and s.source_id = q.source_id
       left join held_forms f on f.org_id = q.org_id and f.form_hash = q.form_hash
      where q.org_id = $1 and q.import_id = $2
      order by q.quarantine_id
      limit $3",
);

/// The statements of this file.
pub(crate) const ALL: &[Sql] = &[HOLD, BY_HASH, PAGE, BY_ID, SETTLE, BY_REASON, BY_SOURCE, FIRST_OF_IMPORT];

/// What has become of a held line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum HeldState {
    /// Its file cannot be seen yet.
    Staged,
    /// Nobody has decided.
    Held,
    /// It went into the log, as it was or as an edited copy.
    Released,
    /// Somebody said why it stays out.
    Dismissed,
    /// Its file was taken back, or the same line came with another one.
    Withdrawn,
}

impl HeldState {
    /// The word as it is written everywhere.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Staged => "staged",
            Self::Held => "held",
            Self::Released => "released",
            Self::Dismissed => "dismissed",
            Self::Withdrawn => "withdrawn",
        }
    }

    fn of_word(word: &str) -> Option<Self> {
        let all = [Self::Staged, Self::Held, Self::Released, Self::Dismissed, Self::Withdrawn];
        all.into_iter().find(|state| state.as_str() == word)
    }
}

/// A line on its way into quarantine.
#[derive(Clone, Debug)]
pub struct NewHeld {
    /// Why.
    pub reason: Reason,
    /// Everything that is wrong with it, as JSON.
    pub faults: String,
    /// Its line in the file or request, counted from 1.
    pub line: Option<u64>,
    /// Its first byte in the file or request.
    pub byte: Option<u64>,
    /// Its bytes, at most [`RAW_BYTES_MAX`].
    pub raw: Vec<u8>,
    /// How many bytes it had.
    pub raw_bytes: u64,
    /// The hash of all of them: the same line is held once.
    pub raw_hash: Hash,
}

/// Where a held line came from.
#[derive(Clone, Copy, Debug)]
pub struct HeldFrom<'f> {
    /// Who sent it.
    pub source: SourceId,
    /// With what.
    pub batch: BatchId,
    /// In which file.
    pub import: Option<ImportId>,
    /// When.
    pub received_at: Timestamp,
    /// Whether nobody can see it yet, since its file cannot be seen.
    pub is_staged: bool,
    /// How it was written, where that is known and not as a line of our own.
    pub form: Option<&'f Hash>,
}

impl HeldFrom<'_> {
    const fn state(self) -> HeldState {
        if self.is_staged { HeldState::Staged } else { HeldState::Held }
    }
}

/// Whether a line was held now or before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Holding {
    /// It is held now.
    New(QuarantineId),
    /// The same bytes were held before.
    Known(QuarantineId),
}

/// Holds a line under number `id`, unless the same bytes of that source are held already.
///
/// # Errors
/// Any [`StoreError`].
pub async fn hold(
    conn: &mut Conn<'_>,
    org: OrgId,
    id: QuarantineId,
    from: HeldFrom<'_>,
    held: &NewHeld,
) -> Result<Holding, StoreError> {
    if from.is_staged
        && let Some(known) = same_line(conn, org, from, held).await?
    {
        return Ok(Holding::Known(known));
    }
    let added = on_engine!(conn, HOLD, |c, text| {
        sqlx::query(text)
            .bind(org.get())
            .bind(id.get())
            .bind(from.source.get())
            .bind(from.batch.get())
            .bind(from.import.map(ImportId::get))
            .bind(held.reason.as_str())
            .bind(held.faults.as_str())
            .bind(held.line.map(number))
            .bind(held.byte.map(number))
            .bind(held.raw.as_slice())
            .bind(number(held.raw_bytes))
            .bind(held.raw_hash.as_slice())
            .bind(from.received_at.seconds())
            .bind(from.state().as_str())
            .bind(from.form.map(<[u8; 32]>::as_slice))
            .execute(c)
            .await?
            .rows_affected()
    });
    if added == 1 {
        return Ok(Holding::New(id));
    }
    let known = same_line(conn, org, from, held).await?;
    known.map(Holding::Known).ok_or_else(|| StoreError::damaged("a held line that stands in the way cannot be found"))
}

/// Whether a line of these bytes came from that source before and was held, whatever was decided about it.
///
/// # Errors
/// Any [`StoreError`].
pub async fn is_known(conn: &mut Conn<'_>, org: OrgId, source: SourceId, raw_hash: &Hash) -> Result<bool, StoreError> {
    Ok(line_of(conn, org, source, None, raw_hash).await?.is_some())
}

async fn same_line(
    conn: &mut Conn<'_>,
    org: OrgId,
    from: HeldFrom<'_>,
    held: &NewHeld,
) -> Result<Option<QuarantineId>, StoreError> {
    line_of(conn, org, from.source, from.import, &held.raw_hash).await
}

/// The line of these bytes that everybody sees, or that belongs to an import nobody sees yet.
async fn line_of(
    conn: &mut Conn<'_>,
    org: OrgId,
    source: SourceId,
    import: Option<ImportId>,
    raw_hash: &Hash,
) -> Result<Option<QuarantineId>, StoreError> {
    let known: Option<i64> = on_engine!(conn, BY_HASH, |c, text| {
        let query = sqlx::query_scalar(text).bind(org.get()).bind(source.get()).bind(raw_hash.as_slice());
        query.bind(import.map(ImportId::get)).fetch_optional(c).await?
    });
    Ok(known.map(QuarantineId::from_row))
}

/// A held line as it lies in the database.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HeldLine {
    /// Its number.
    pub id: QuarantineId,
    /// Who sent it.
    pub source: String,
    /// Who sent it, by number.
    pub source_id: SourceId,
    /// In which file.
    pub import: Option<ImportId>,
    /// Why it is held.
    pub reason: Reason,
    /// Everything that is wrong with it, as JSON.
    pub faults: String,
    /// Its line, counted from 1.
    pub line: Option<u64>,
    /// Its first byte.
    pub byte: Option<u64>,
    /// Its bytes.
    pub raw: Vec<u8>,
    /// Whether bytes are missing, so that it cannot be released.
    pub raw_bytes: u64,
    /// When it came.
    pub received_at: Timestamp,
    /// What has become of it.
    pub state: HeldState,
    /// When that was decided.
    pub settled_at: Option<Timestamp>,
    /// Who decided.
    pub settled_by: Option<String>,
    /// Why, in their words.
    pub settled_note: Option<String>,
    /// How it was written, as its service wrote that down; nothing for a line of our own, and where it was not kept.
    pub form: Option<String>,
}

#[derive(sqlx::FromRow)]
struct Row {
    quarantine_id: i64,
    slug: String,
    source_id: i64,
    import_id: Option<i64>,
    reason: String,
    faults: String,
    line: Option<i64>,
    byte: Option<i64>,
    raw: Vec<u8>,
    raw_bytes: i64,
    received_at: i64,
    state: String,
    settled_at: Option<i64>,
    settled_by: Option<String>,
    settled_note: Option<String>,
    form: Option<String>,
}

fn of_row(row: Row) -> Result<HeldLine, StoreError> {
    let place = |value: Option<i64>| value.and_then(|value| u64::try_from(value).ok());
    Ok(HeldLine {
        id: QuarantineId::from_row(row.quarantine_id),
        source: row.slug,
        source_id: SourceId::from_row(row.source_id),
        import: row.import_id.map(ImportId::from_row),
        reason: row.reason.parse().map_err(|_| StoreError::damaged("the reason of a held line"))?,
        faults: row.faults,
        line: place(row.line),
        byte: place(row.byte),
        raw: row.raw,
        raw_bytes: u64::try_from(row.raw_bytes).unwrap_or_default(),
        received_at: Timestamp::from_seconds(row.received_at),
        state: HeldState::of_word(&row.state).ok_or_else(|| StoreError::damaged("the state of a held line"))?,
        settled_at: row.settled_at.map(Timestamp::from_seconds),
        settled_by: row.settled_by,
        settled_note: row.settled_note,
        form: row.form,
    })
}

/// The next `limit` lines in a state after `after`.
///
/// # Errors
/// Any [`StoreError`].
pub async fn page(
    conn: &mut Conn<'_>,
    org: OrgId,
    state: HeldState,
    after: QuarantineId,
    limit: u32,
) -> Result<Vec<HeldLine>, StoreError> {
    let rows: Vec<Row> = on_engine!(conn, PAGE, |c, text| {
        let query = sqlx::query_as(text).bind(org.get()).bind(state.as_str()).bind(after.get());
        query.bind(i64::from(limit)).fetch_all(c).await?
    });
    rows.into_iter().map(of_row).collect()
}

/// One held line.
///
/// # Errors
/// Any [`StoreError`].
pub async fn by_id(conn: &mut Conn<'_>, org: OrgId, id: QuarantineId) -> Result<Option<HeldLine>, StoreError> {
    let row: Option<Row> = on_engine!(conn, BY_ID, |c, text| {
        sqlx::query_as(text).bind(org.get()).bind(id.get()).fetch_optional(c).await?
    });
    row.map(of_row).transpose()
}

/// The first `limit` lines of an import that were held.
///
/// # Errors
/// Any [`StoreError`].
pub async fn first_of_import(
    conn: &mut Conn<'_>,
    org: OrgId,
    import: ImportId,
    limit: u32,
) -> Result<Vec<HeldLine>, StoreError> {
    let rows: Vec<Row> = on_engine!(conn, FIRST_OF_IMPORT, |c, text| {
        sqlx::query_as(text).bind(org.get()).bind(import.get()).bind(i64::from(limit)).fetch_all(c).await?
    });
    rows.into_iter().map(of_row).collect()
}

/// What was decided about a held line.
#[derive(Clone, Debug)]
pub struct Settlement {
    /// Released or dismissed.
    pub state: HeldState,
    /// When.
    pub at: Timestamp,
    /// By whom.
    pub by: String,
    /// Why, in their words.
    pub note: Option<String>,
    /// The batch a released line went into.
    pub batch: Option<BatchId>,
}

/// Settles a held line; `false` when somebody did so before.
///
/// # Errors
/// Any [`StoreError`].
pub async fn settle(
    conn: &mut Conn<'_>,
    org: OrgId,
    id: QuarantineId,
    settlement: &Settlement,
) -> Result<bool, StoreError> {
    let changed = on_engine!(conn, SETTLE, |c, text| {
        sqlx::query(text)
            .bind(org.get())
            .bind(id.get())
            .bind(settlement.state.as_str())
            .bind(settlement.at.seconds())
            .bind(settlement.by.as_str())
            .bind(settlement.note.as_deref())
            .bind(settlement.batch.map(BatchId::get))
            .execute(c)
            .await?
            .rows_affected()
    });
    Ok(changed == 1)
}

/// How many lines there are of each reason and state.
///
/// # Errors
/// Any [`StoreError`].
pub async fn by_reason(conn: &mut Conn<'_>, org: OrgId) -> Result<Vec<(Reason, HeldState, u64)>, StoreError> {
    let rows: Vec<(String, String, i64)> =
        on_engine!(conn, BY_REASON, |c, text| sqlx::query_as(text).bind(org.get()).fetch_all(c).await?);
    rows.into_iter()
        .map(|(reason, state, count)| {
            let reason = reason.parse().map_err(|_| StoreError::damaged("the reason of a held line"))?;
            let state = HeldState::of_word(&state).ok_or_else(|| StoreError::damaged("the state of a held line"))?;
            Ok((reason, state, u64::try_from(count).unwrap_or_default()))
        })
        .collect()
}

/// How many lines of each source wait for somebody to decide; a source without any is left out.
///
/// # Errors
/// Any [`StoreError`].
pub async fn by_source(conn: &mut Conn<'_>, org: OrgId) -> Result<Vec<(String, u64)>, StoreError> {
    let rows: Vec<(String, i64)> =
        on_engine!(conn, BY_SOURCE, |c, text| sqlx::query_as(text).bind(org.get()).fetch_all(c).await?);
    Ok(rows.into_iter().map(|(source, count)| (source, u64::try_from(count).unwrap_or_default())).collect())
}
