//! The lines as they came, packed a batch at a time: `salt, length, bytes` for each, then zstd over all.

use crate::{
    chain::{Hash, Salt, raw_hash},
    engine::Conn,
    error::StoreError,
    sql::{Sql, on_engine},
};
use domain::id::{BatchId, OrgId};

/// Fast, and still a sixth of the bytes.
const LEVEL: i32 = 1;
/// More than any batch unpacks to: a damaged row must not take all memory.
const UNPACKED_MAX: usize = 1 << 30;

pub(crate) const WRITE: Sql =
    Sql::same("insert into raw_chunks (org_id, batch_id, lines, body) values ($1, $2, $3, $4)");

pub(crate) const READ: Sql = Sql::same("select body from raw_chunks where org_id = $1 and batch_id = $2");

/// The statements of this file.
pub(crate) const ALL: &[Sql] = &[WRITE, READ];

/// Lines on their way into one row.
#[derive(Debug, Default)]
pub struct Packer {
    plain: Vec<u8>,
    lines: u32,
}

/// The packed lines of a batch.
#[derive(Clone, Debug, Default)]
pub struct Packed {
    body: Vec<u8>,
    lines: u32,
}

impl Packer {
    /// Adds a line; returns its hash, which goes into the chain.
    pub fn add(&mut self, salt: &Salt, raw: &[u8]) -> Hash {
        self.plain.extend_from_slice(salt);
        self.plain.extend_from_slice(&u32::try_from(raw.len()).unwrap_or(u32::MAX).to_be_bytes());
        self.plain.extend_from_slice(raw);
        self.lines += 1;
        raw_hash(salt, raw)
    }

    /// Packs what was added.
    ///
    /// # Errors
    /// [`StoreError::Damaged`] when packing fails, which only happens without memory.
    pub fn finish(self) -> Result<Packed, StoreError> {
        let body = zstd::bulk::compress(&self.plain, LEVEL).map_err(|_| StoreError::damaged("packing raw lines"))?;
        Ok(Packed { body, lines: self.lines })
    }
}

impl Packed {
    /// One of the packed lines, for the rare case that it is needed again.
    #[must_use]
    pub fn line(&self, place: u32) -> Option<RawLine> {
        unpack(&self.body)?.into_iter().nth(usize::try_from(place).ok()?)
    }
}

/// Writes the lines of a batch.
///
/// # Errors
/// Any [`StoreError`].
pub async fn write(conn: &mut Conn<'_>, org: OrgId, batch: BatchId, packed: &Packed) -> Result<(), StoreError> {
    on_engine!(conn, WRITE, |c, text| {
        let query = sqlx::query(text).bind(org.get()).bind(batch.get()).bind(i64::from(packed.lines));
        query.bind(packed.body.as_slice()).execute(c).await?;
    });
    Ok(())
}

/// A raw line with its salt.
pub type RawLine = (Salt, Vec<u8>);

/// The lines of a batch in their order; empty when the batch kept none.
///
/// # Errors
/// [`StoreError::Damaged`] when they cannot be unpacked, or what the database said.
pub async fn read(conn: &mut Conn<'_>, org: OrgId, batch: BatchId) -> Result<Vec<RawLine>, StoreError> {
    let body: Option<Vec<u8>> = on_engine!(conn, READ, |c, text| {
        sqlx::query_scalar(text).bind(org.get()).bind(batch.get()).fetch_optional(c).await?
    });
    let damaged = || StoreError::damaged(format!("the raw lines of batch {}", batch.get()));
    match body {
        None => Ok(Vec::new()),
        Some(body) => unpack(&body).ok_or_else(damaged),
    }
}

/// One line of a batch, for the rare case that it is needed again.
///
/// # Errors
/// As [`read`].
pub async fn one(conn: &mut Conn<'_>, org: OrgId, batch: BatchId, line: u32) -> Result<Option<RawLine>, StoreError> {
    let place = usize::try_from(line).unwrap_or(usize::MAX);
    Ok(read(conn, org, batch).await?.into_iter().nth(place))
}

fn unpack(body: &[u8]) -> Option<Vec<RawLine>> {
    let plain_bytes = zstd::bulk::Decompressor::upper_bound(body).unwrap_or(UNPACKED_MAX).min(UNPACKED_MAX);
    let plain = zstd::bulk::decompress(body, plain_bytes).ok()?;
    let mut rest = plain.as_slice();
    let mut lines = Vec::new();
    while !rest.is_empty() {
        let (salt, after_salt) = rest.split_first_chunk::<16>()?;
        let (length, after_length) = after_salt.split_first_chunk::<4>()?;
        let (raw, after) = after_length.split_at_checked(usize::try_from(u32::from_be_bytes(*length)).ok()?)?;
        lines.push((*salt, raw.to_vec()));
        rest = after;
    }
    Some(lines)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_come_back_as_they_were_packed() {
        let mut packer = Packer::default();
        let hash = packer.add(&[7; 16], b"{\"a\":1}");
        packer.add(&[8; 16], b"");
        let packed = packer.finish().unwrap();
        let lines = unpack(&packed.body).unwrap();
        assert_eq!(lines, [([7; 16], b"{\"a\":1}".to_vec()), ([8; 16], Vec::new())]);
        assert_eq!(raw_hash(&lines[0].0, &lines[0].1), hash);
    }

    #[test]
    fn a_cut_row_is_damaged_and_not_shorter() {
        let mut packer = Packer::default();
        packer.add(&[7; 16], b"some line");
        let packed = packer.finish().unwrap();
        assert_eq!(unpack(&packed.body[..packed.body.len() - 1]), None);
    }
}
