//! The held lines of one import as one thing: they are seen and taken back together.

use crate::{
    engine::Conn,
    error::StoreError,
    quarantine::HeldState,
    sql::{Sql, on_engine},
};
use domain::{
    id::{ImportId, OrgId},
    time::Timestamp,
};

/// Lines of a file that are held already, as those of another file, stay out.
pub(crate) const LEAVE_KNOWN: Sql = Sql::same(
    "update quarantine
        set state = 'withdrawn', settled_at = $3, settled_note = 'the same line is held already'
      where org_id = $1 and import_id = $2 and state = 'staged'
        and exists (select 1
                      from quarantine q
                     where q.org_id = quarantine.org_id and q.source_id = quarantine.source_id
                       and q.raw_hash = quarantine.raw_hash and q.state in ('held', 'released', 'dismissed'))",
);

pub(crate) const SIZE_IN: Sql = Sql::same(
    "select count(*), cast(coalesce(sum(length(raw)), 0) as bigint)
       from quarantine
      where org_id = $1 and import_id = $2 and state = $3",
);

pub(crate) const MOVE_ALL: Sql = Sql::same(
    "update quarantine
        set state = $4, settled_at = $5, settled_note = $6
      where org_id = $1 and import_id = $2 and state = $3",
);

pub(crate) const REASONS_OF_IMPORT: Sql = Sql::same(
    "select reason, count(*)
       from quarantine
      where org_id = $1 and import_id = $2
      group by reason
      order by reason
      limit 1000",
);

/// The statements of this file.
pub(crate) const ALL: &[Sql] = &[LEAVE_KNOWN, SIZE_IN, MOVE_ALL, REASONS_OF_IMPORT];

/// Some lines and the bytes kept of them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Size {
    /// How many lines.
    pub lines: i64,
    /// Their bytes.
    pub bytes: i64,
}

/// How many lines of an import are in a state.
///
/// # Errors
/// Any [`StoreError`].
pub async fn size_in(conn: &mut Conn<'_>, org: OrgId, import: ImportId, state: HeldState) -> Result<Size, StoreError> {
    let (lines, bytes) = on_engine!(conn, SIZE_IN, |c, text| {
        let query = sqlx::query_as(text).bind(org.get()).bind(import.get());
        query.bind(state.as_str()).fetch_one(c).await?
    });
    Ok(Size { lines, bytes })
}

/// Has everybody see the held lines of an import, but for those that are held already; says how many can be seen.
///
/// # Errors
/// Any [`StoreError`].
pub async fn publish(conn: &mut Conn<'_>, org: OrgId, import: ImportId, at: Timestamp) -> Result<Size, StoreError> {
    on_engine!(conn, LEAVE_KNOWN, |c, text| {
        sqlx::query(text).bind(org.get()).bind(import.get()).bind(at.seconds()).execute(c).await?;
    });
    let size = size_in(conn, org, import, HeldState::Staged).await?;
    move_all(conn, org, import, HeldState::Staged, HeldState::Held, None).await?;
    Ok(size)
}

/// Takes the lines of an import in one state back; says how many there were.
///
/// # Errors
/// Any [`StoreError`].
pub async fn withdraw(
    conn: &mut Conn<'_>,
    org: OrgId,
    import: ImportId,
    state: HeldState,
    at: Timestamp,
) -> Result<Size, StoreError> {
    let size = size_in(conn, org, import, state).await?;
    let why = Some((at, "its file was taken back"));
    move_all(conn, org, import, state, HeldState::Withdrawn, why).await?;
    Ok(size)
}

async fn move_all(
    conn: &mut Conn<'_>,
    org: OrgId,
    import: ImportId,
    from: HeldState,
    to: HeldState,
    why: Option<(Timestamp, &str)>,
) -> Result<(), StoreError> {
    on_engine!(conn, MOVE_ALL, |c, text| {
        sqlx::query(text)
            .bind(org.get())
            .bind(import.get())
            .bind(from.as_str())
            .bind(to.as_str())
            .bind(why.map(|(at, _)| at.seconds()))
            .bind(why.map(|(_, note)| note))
            .execute(c)
            .await?;
    });
    Ok(())
}

/// How many lines of an import each reason held, whatever has become of them.
///
/// # Errors
/// Any [`StoreError`].
pub async fn reasons_of_import(
    conn: &mut Conn<'_>,
    org: OrgId,
    import: ImportId,
) -> Result<Vec<(String, u64)>, StoreError> {
    let rows: Vec<(String, i64)> = on_engine!(conn, REASONS_OF_IMPORT, |c, text| {
        sqlx::query_as(text).bind(org.get()).bind(import.get()).fetch_all(c).await?
    });
    Ok(rows.into_iter().map(|(reason, count)| (reason, u64::try_from(count).unwrap_or_default())).collect())
}
