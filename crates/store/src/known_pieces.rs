//! Which pieces of files hold nothing but events that count? The same piece again need not be looked into.

use crate::{
    engine::Conn,
    error::StoreError,
    sql::{Sql, on_engine},
};
use domain::id::{ImportId, OrgId};

/// What tells a piece from any other: a hash of its lines and of how they are read.
pub type Print = [u8; 32];

pub(crate) const NOTE: Sql = Sql::same(
    "insert into known_pieces (org_id, import_id, print) values ($1, $2, $3) on conflict (org_id, import_id, print) do nothing",
);

/// Only of imports that can be seen: what is staged may never count.
pub(crate) const OF_SOURCE: Sql = Sql::same(
    "select p.print
       from sources s
       join imports i on i.org_id = s.org_id and i.source_id = s.source_id
       join known_pieces p on p.org_id = i.org_id and p.import_id = i.import_id
      where s.org_id = $1 and s.slug = $2 and i.state = 'published'",
);

pub(crate) const IS_KNOWN: Sql = Sql::same(
    "select exists (select 1
                      from sources s
                      join imports i on i.org_id = s.org_id and i.source_id = s.source_id
                      join known_pieces p on p.org_id = i.org_id and p.import_id = i.import_id
                     where s.org_id = $1 and s.slug = $2 and i.state = 'published' and p.print = $3)",
);

pub(crate) const FORGET: Sql = Sql::same("delete from known_pieces where org_id = $1");

pub(crate) const FORGET_IMPORT: Sql = Sql::same("delete from known_pieces where org_id = $1 and import_id = $2");

/// The statements of this file.
pub(crate) const ALL: &[Sql] = &[NOTE, OF_SOURCE, IS_KNOWN, FORGET, FORGET_IMPORT];

/// Notes a piece whose every line is an event or a duplicate of one.
///
/// # Errors
/// Any [`StoreError`].
pub async fn note(conn: &mut Conn<'_>, org: OrgId, import: ImportId, print: &Print) -> Result<(), StoreError> {
    on_engine!(conn, NOTE, |c, text| {
        sqlx::query(text).bind(org.get()).bind(import.get()).bind(print.as_slice()).execute(c).await?;
    });
    Ok(())
}

/// The known pieces of the files of one source.
///
/// # Errors
/// Any [`StoreError`].
pub async fn of_source(conn: &mut Conn<'_>, org: OrgId, source: &str) -> Result<Vec<Print>, StoreError> {
    let rows: Vec<Vec<u8>> = on_engine!(conn, OF_SOURCE, |c, text| {
        sqlx::query_scalar(text).bind(org.get()).bind(source).fetch_all(c).await?
    });
    let print = |row: Vec<u8>| row.try_into().map_err(|_| StoreError::damaged("the print of a piece"));
    rows.into_iter().map(print).collect()
}

/// Whether a piece of a source is known.
///
/// # Errors
/// Any [`StoreError`].
pub async fn is_known(conn: &mut Conn<'_>, org: OrgId, source: &str, print: &Print) -> Result<bool, StoreError> {
    Ok(on_engine!(conn, IS_KNOWN, |c, text| {
        sqlx::query_scalar(text).bind(org.get()).bind(source).bind(print.as_slice()).fetch_one(c).await?
    }))
}

/// Forgets all pieces of an organisation, since an event that counted counts no more.
pub(crate) async fn forget(conn: &mut Conn<'_>, org: OrgId) -> Result<(), StoreError> {
    on_engine!(conn, FORGET, |c, text| {
        sqlx::query(text).bind(org.get()).execute(c).await?;
    });
    Ok(())
}

/// Forgets the pieces of one import, since not all of its lines count after all.
///
/// # Errors
/// Any [`StoreError`].
pub async fn forget_import(conn: &mut Conn<'_>, org: OrgId, import: ImportId) -> Result<(), StoreError> {
    on_engine!(conn, FORGET_IMPORT, |c, text| {
        sqlx::query(text).bind(org.get()).bind(import.get()).execute(c).await?;
    });
    Ok(())
}
