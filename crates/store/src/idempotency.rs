//! The receipts of requests, so that a retry gets the first answer and changes nothing.

use crate::{
    chain::Hash,
    engine::Conn,
    error::StoreError,
    sql::{Sql, on_engine},
};
use domain::{id::OrgId, time::Timestamp};

/// How long a receipt is kept.
pub const KEPT_SECONDS: i64 = 24 * 60 * 60;

pub(crate) const FIND: Sql = Sql::same(
    "select request_hash, status, receipt
       from idempotency_records
      where org_id = $1 and token_id = $2 and route = $3 and key = $4 and created_at > $5",
);

pub(crate) const KEEP: Sql = Sql::same(
    "insert into idempotency_records (org_id, token_id, route, key, request_hash, status, receipt, created_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8)
     on conflict (org_id, token_id, route, key) do update
        set request_hash = excluded.request_hash, status = excluded.status, receipt = excluded.receipt,
            created_at = excluded.created_at",
);

pub(crate) const FORGET: Sql = Sql::same("delete from idempotency_records where org_id = $1 and created_at <= $2");

/// The statements of this file.
pub(crate) const ALL: &[Sql] = &[FIND, KEEP, FORGET];

/// What a request is known by.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct RequestKey {
    /// The token that sent it; 0 for a person or the command line.
    pub token: i64,
    /// Where it was sent.
    pub route: String,
    /// The sender's own key.
    pub key: String,
}

/// The answer that was given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeptReceipt {
    /// The hash of the request: another body under the same key is a mistake.
    pub request_hash: Vec<u8>,
    /// A number for the kind of answer.
    pub status: i64,
    /// The receipt, as JSON.
    pub receipt: String,
}

/// The answer that was given to this request within the last day.
///
/// # Errors
/// Any [`StoreError`].
pub async fn find(
    conn: &mut Conn<'_>,
    org: OrgId,
    request: &RequestKey,
    now: Timestamp,
) -> Result<Option<KeptReceipt>, StoreError> {
    let row: Option<(Vec<u8>, i64, String)> = on_engine!(conn, FIND, |c, text| {
        sqlx::query_as(text)
            .bind(org.get())
            .bind(request.token)
            .bind(request.route.as_str())
            .bind(request.key.as_str())
            .bind(now.seconds().saturating_sub(KEPT_SECONDS))
            .fetch_optional(c)
            .await?
    });
    Ok(row.map(|(request_hash, status, receipt)| KeptReceipt { request_hash, status, receipt }))
}

/// Keeps an answer, in the transaction of its effect.
///
/// # Errors
/// Any [`StoreError`].
pub async fn keep(
    conn: &mut Conn<'_>,
    org: OrgId,
    request: &RequestKey,
    request_hash: &Hash,
    receipt: &str,
    now: Timestamp,
) -> Result<(), StoreError> {
    on_engine!(conn, KEEP, |c, text| {
        sqlx::query(text)
            .bind(org.get())
            .bind(request.token)
            .bind(request.route.as_str())
            .bind(request.key.as_str())
            .bind(request_hash.as_slice())
            .bind(0_i64)
            .bind(receipt)
            .bind(now.seconds())
            .execute(c)
            .await?;
    });
    Ok(())
}

/// Forgets what is older than a day.
///
/// # Errors
/// Any [`StoreError`].
pub async fn forget_old(conn: &mut Conn<'_>, org: OrgId, now: Timestamp) -> Result<(), StoreError> {
    on_engine!(conn, FORGET, |c, text| {
        sqlx::query(text).bind(org.get()).bind(now.seconds().saturating_sub(KEPT_SECONDS)).execute(c).await?;
    });
    Ok(())
}
