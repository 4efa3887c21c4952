//! Registers: a new upload is a new version, and a past view reads the version of then.

use crate::{
    engine::Conn,
    error::StoreError,
    sql::{Sql, on_engine},
};
use domain::{
    day::Day,
    id::OrgId,
    register::{Register, RegisterRow},
    time::Timestamp,
};
use std::collections::BTreeMap;

/// Rows sent to PostgreSQL at once.
const WRITE_ROWS: usize = 2_000;

pub(crate) const NEWEST: Sql =
    Sql::same("select coalesce(max(version), 0) from register_versions where org_id = $1 and register = $2");

pub(crate) const CURRENT: Sql = Sql::same(
    "select row_id, row_key, valid_from, body
       from register_rows
      where org_id = $1 and register = $2 and until_version is null and row_id > $3
      order by row_id
      limit $4",
);

pub(crate) const LAST_ROW: Sql =
    Sql::same("select coalesce(max(row_id), 0) from register_rows where org_id = $1 and register = $2");

pub(crate) const END: Sql = Sql::per_engine(
    "update register_rows set until_version = $4 where org_id = $1 and register = $2 and row_id = $3",
    "update register_rows set until_version = $4 where org_id = $1 and register = $2 and row_id = any($3)",
);

pub(crate) const ADD: Sql = Sql::per_engine(
    "insert into register_rows (org_id, register, row_id, row_key, valid_from, valid_to, body, since_version)
     values ($1, $2, $3, $4, $5, $6, $7, $8)",
    "insert into register_rows (org_id, register, row_id, row_key, valid_from, valid_to, body, since_version)
     select $1, $2, row_id, row_key, valid_from, valid_to, body, $8
       from unnest($3::bigint[], $4::text[], $5::bigint[], $6::bigint[], $7::text[])
         as new (row_id, row_key, valid_from, valid_to, body)",
);

pub(crate) const VERSION: Sql = Sql::same(
    "insert into register_versions (org_id, register, version, received_at, uploaded_by, row_count, added, ended)
     values ($1, $2, $3, $4, $5, $6, $7, $8)",
);

pub(crate) const VERSIONS: Sql = Sql::same(
    "select version, received_at, uploaded_by, row_count, added, ended
       from register_versions
      where org_id = $1 and register = $2 and received_at <= $3
      order by version desc
      limit $4",
);

pub(crate) const BY_NUMBER: Sql = Sql::same(
    "select version, received_at, uploaded_by, row_count, added, ended
       from register_versions
      where org_id = $1 and register = $2 and version = $3",
);

pub(crate) const PAGE: Sql = Sql::same(
    "select row_id, body
       from register_rows
      where org_id = $1 and register = $2 and since_version <= $3 and (until_version is null or until_version > $3)
        and row_id > $4
      order by row_id
      limit $5",
);

pub(crate) const HEADS: Sql = Sql::same(
    "select v.register, v.version, v.received_at, v.uploaded_by, v.row_count, v.added, v.ended,
            (select min(r.valid_from)
               from register_rows r
              where r.org_id = v.org_id and r.register = v.register and r.since_version <= v.version
                and (r.until_version is null or r.until_version > v.version))
       from register_versions v
      where v.org_id = $1
        and v.version = (select max(n.version)
                           from register_versions n
                          where n.org_id = v.org_id and n.register = v.register)
      order by v.register
      limit 1000",
);

/// The statements of this file.
pub(crate) const ALL: &[Sql] = &[NEWEST, CURRENT, LAST_ROW, END, ADD, VERSION, VERSIONS, BY_NUMBER, PAGE, HEADS];

/// Who uploaded a register, and when.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Upload<'a> {
    /// When we learnt of it.
    pub received_at: Timestamp,
    /// Who.
    pub by: &'a str,
}

/// One version of a register.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RegisterVersion {
    /// Its number, from 1.
    pub version: u32,
    /// When we learnt of it.
    pub received_at: Timestamp,
    /// Who uploaded it.
    pub by: String,
    /// How many rows it has.
    pub rows: u64,
    /// How many of them the version before had not, or not so.
    pub added: u64,
    /// How many rows of the version before it has no more, or not so.
    pub ended: u64,
}

/// A register with its newest version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RegisterHead {
    /// Which register.
    pub register: Register,
    /// Its newest version.
    pub newest: RegisterVersion,
    /// The first day any of its rows names as its beginning; none where no row names one.
    pub valid_from: Option<Day>,
}

/// A row that is current: its number and its text.
type Current = BTreeMap<(String, Option<i64>), (i64, String)>;

async fn current(conn: &mut Conn<'_>, org: OrgId, register: Register) -> Result<Current, StoreError> {
    const PAGE_ROWS: i64 = 10_000;
    let (mut found, mut after) = (Current::new(), 0_i64);
    loop {
        let rows: Vec<(i64, String, Option<i64>, String)> = on_engine!(conn, CURRENT, |c, text| {
            let query = sqlx::query_as(text).bind(org.get()).bind(register.as_str());
            query.bind(after).bind(PAGE_ROWS).fetch_all(c).await?
        });
        let Some((last, ..)) = rows.last() else { return Ok(found) };
        after = *last;
        found.extend(rows.into_iter().map(|(id, key, from, body)| ((key, from), (id, body))));
    }
}

async fn number(conn: &mut Conn<'_>, sql: Sql, org: OrgId, register: Register) -> Result<i64, StoreError> {
    Ok(on_engine!(conn, sql, |c, text| {
        sqlx::query_scalar(text).bind(org.get()).bind(register.as_str()).fetch_one(c).await?
    }))
}

/// Keeps these rows as the next version of the register; none when the newest has just them. Needs the lock of the log.
///
/// # Errors
/// Any [`StoreError`].
pub async fn put(
    conn: &mut Conn<'_>,
    org: OrgId,
    register: Register,
    rows: &[RegisterRow],
    upload: Upload<'_>,
) -> Result<Option<RegisterVersion>, StoreError> {
    let newest = number(conn, NEWEST, org, register).await?;
    let mut known = current(conn, org, register).await?;
    let (mut added, mut ended) = (Vec::new(), Vec::new());
    for row in rows {
        let (key, body) = ((row.key.clone(), row.valid_from.map(|day| day.number())), row.to_json());
        match known.remove(&key) {
            Some((_, same)) if same == body => {}
            other => {
                ended.extend(other.map(|(id, _)| id));
                added.push((row, body));
            }
        }
    }
    ended.extend(known.into_values().map(|(id, _)| id));
    if newest > 0 && added.is_empty() && ended.is_empty() {
        return Ok(None);
    }
    let version = newest.saturating_add(1);
    let last = number(conn, LAST_ROW, org, register).await?;
    end(conn, org, register, &ended, version).await?;
    add(conn, org, register, &added, (last, version)).await?;
    let counts = [rows.len(), added.len(), ended.len()].map(|count| i64::try_from(count).unwrap_or(i64::MAX));
    on_engine!(conn, VERSION, |c, text| {
        let query = sqlx::query(text).bind(org.get()).bind(register.as_str()).bind(version);
        let query = query.bind(upload.received_at.seconds()).bind(upload.by);
        query.bind(counts[0]).bind(counts[1]).bind(counts[2]).execute(c).await?;
    });
    of_version((version, upload.received_at.seconds(), upload.by.to_owned(), counts[0], counts[1], counts[2])).map(Some)
}

async fn end(
    conn: &mut Conn<'_>,
    org: OrgId,
    register: Register,
    rows: &[i64],
    version: i64,
) -> Result<(), StoreError> {
    match conn {
        Conn::Postgres(connection) => {
            let query = sqlx::query(END.postgres).bind(org.get()).bind(register.as_str()).bind(rows.to_vec());
            query.bind(version).execute(&mut **connection).await?;
        }
        Conn::Sqlite(connection) => {
            for row in rows {
                let query = sqlx::query(END.sqlite).bind(org.get()).bind(register.as_str()).bind(row);
                query.bind(version).execute(&mut **connection).await?;
            }
        }
    }
    Ok(())
}

async fn add(
    conn: &mut Conn<'_>,
    org: OrgId,
    register: Register,
    rows: &[(&RegisterRow, String)],
    (last, version): (i64, i64),
) -> Result<(), StoreError> {
    let numbered: Vec<_> = (last.saturating_add(1)..).zip(rows).collect();
    for chunk in numbered.chunks(WRITE_ROWS) {
        match conn {
            Conn::Postgres(connection) => {
                let query = sqlx::query(ADD.postgres).bind(org.get()).bind(register.as_str());
                let query = query.bind(chunk.iter().map(|(id, _)| *id).collect::<Vec<_>>());
                let query = query.bind(chunk.iter().map(|(_, (row, _))| row.key.clone()).collect::<Vec<_>>());
                let day = |row: &RegisterRow| [row.valid_from, row.valid_to].map(|day| day.map(|day| day.number()));
                let (from, to): (Vec<_>, Vec<_>) =
                    chunk.iter().map(|(_, (row, _))| day(row)).map(|[from, to]| (from, to)).unzip();
                let query = query.bind(from).bind(to);
                let query = query.bind(chunk.iter().map(|(_, (_, body))| body.clone()).collect::<Vec<_>>());
                query.bind(version).execute(&mut **connection).await?;
            }
            Conn::Sqlite(connection) => {
                for (id, (row, body)) in chunk {
                    let query = sqlx::query(ADD.sqlite).bind(org.get()).bind(register.as_str()).bind(id);
                    let query = query.bind(row.key.as_str()).bind(row.valid_from.map(|day| day.number()));
                    let query = query.bind(row.valid_to.map(|day| day.number())).bind(body.as_str()).bind(version);
                    query.execute(&mut **connection).await?;
                }
            }
        }
    }
    Ok(())
}

type VersionRow = (i64, i64, String, i64, i64, i64);

fn of_version((version, received_at, by, rows, added, ended): VersionRow) -> Result<RegisterVersion, StoreError> {
    let version = u32::try_from(version).map_err(|_| StoreError::damaged("the version of a register"))?;
    let [rows, added, ended] = [rows, added, ended].map(|count| u64::try_from(count).unwrap_or_default());
    Ok(RegisterVersion { version, received_at: Timestamp::from_seconds(received_at), by, rows, added, ended })
}

/// The versions of a register that were known at a moment, newest first.
///
/// # Errors
/// Any [`StoreError`].
pub async fn versions(
    conn: &mut Conn<'_>,
    org: OrgId,
    register: Register,
    known_at: Timestamp,
    limit: u32,
) -> Result<Vec<RegisterVersion>, StoreError> {
    let rows: Vec<VersionRow> = on_engine!(conn, VERSIONS, |c, text| {
        let query = sqlx::query_as(text).bind(org.get()).bind(register.as_str());
        query.bind(known_at.seconds()).bind(i64::from(limit)).fetch_all(c).await?
    });
    rows.into_iter().map(of_version).collect()
}

/// The version of a register with that number.
///
/// # Errors
/// Any [`StoreError`].
pub async fn version(
    conn: &mut Conn<'_>,
    org: OrgId,
    register: Register,
    number: u32,
) -> Result<Option<RegisterVersion>, StoreError> {
    let row: Option<VersionRow> = on_engine!(conn, BY_NUMBER, |c, text| {
        let query = sqlx::query_as(text).bind(org.get()).bind(register.as_str());
        query.bind(i64::from(number)).fetch_optional(c).await?
    });
    row.map(of_version).transpose()
}

type HeadRow = (String, i64, i64, String, i64, i64, i64, Option<i64>);

/// Every register that was ever uploaded, with its newest version.
///
/// # Errors
/// Any [`StoreError`].
pub async fn heads(conn: &mut Conn<'_>, org: OrgId) -> Result<Vec<RegisterHead>, StoreError> {
    let rows: Vec<HeadRow> =
        on_engine!(conn, HEADS, |c, text| sqlx::query_as(text).bind(org.get()).fetch_all(c).await?);
    let of_row = |(name, version, received_at, by, rows, added, ended, from): HeadRow| {
        let register = name.parse().map_err(|_| StoreError::damaged(format!("a register `{name}`")))?;
        let newest = of_version((version, received_at, by, rows, added, ended))?;
        Ok(RegisterHead { register, newest, valid_from: from.map(Day::from_number) })
    };
    rows.into_iter().map(of_row).collect()
}

/// The place after which a page begins: before the first row.
pub const FIRST: i64 = 0;

/// The next `limit` rows of a version, with the place after which the next page begins.
///
/// # Errors
/// Any [`StoreError`].
pub async fn page(
    conn: &mut Conn<'_>,
    org: OrgId,
    register: Register,
    version: u32,
    after: i64,
    limit: u32,
) -> Result<Vec<(i64, RegisterRow)>, StoreError> {
    let rows: Vec<(i64, String)> = on_engine!(conn, PAGE, |c, text| {
        let query = sqlx::query_as(text).bind(org.get()).bind(register.as_str());
        query.bind(i64::from(version)).bind(after).bind(i64::from(limit)).fetch_all(c).await?
    });
    let of_row = |(place, body): (i64, String)| {
        let row = RegisterRow::of_json(register, &body);
        row.map(|row| (place, row)).map_err(|bad| StoreError::damaged(format!("a row of `{register}`: {bad}")))
    };
    rows.into_iter().map(of_row).collect()
}

/// All rows of a register as it was known at a moment; none when there was no version of it.
///
/// # Errors
/// Any [`StoreError`].
pub async fn known_at(
    conn: &mut Conn<'_>,
    org: OrgId,
    register: Register,
    moment: Timestamp,
) -> Result<Vec<RegisterRow>, StoreError> {
    const PAGE_ROWS: u32 = 10_000;
    let newest = versions(conn, org, register, moment, 1).await?;
    let Some(version) = newest.first().map(|version| version.version) else { return Ok(Vec::new()) };
    let (mut found, mut after) = (Vec::new(), FIRST);
    loop {
        let rows = page(conn, org, register, version, after, PAGE_ROWS).await?;
        let Some((last, _)) = rows.last() else { return Ok(found) };
        after = *last;
        found.extend(rows.into_iter().map(|(_, row)| row));
    }
}
