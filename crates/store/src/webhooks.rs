//! Which tools send by themselves, and by what are they known? One webhook a source, with up to two secrets that live.

use domain::id::{OrgId, SourceId};
use domain::time::Timestamp;

use crate::engine::Conn;
use crate::error::StoreError;
use crate::sql::{Sql, on_engine};

/// Webhooks shown at once.
const WEBHOOKS_PER_READ_MAX: i64 = 1_000;
/// Secrets read at once: more than ever live.
const SECRETS_PER_READ_MAX: i64 = 16;

const ADD: Sql = Sql::same(
    "insert into webhooks (org_id, source_id, kind, proof, made_at)
     values ($1, $2, $3, $4, $5)",
);

const ADD_SECRET: Sql = Sql::same(
    "insert into webhook_secrets (org_id, source_id, secret_no, key_id, secret, made_at)
     values ($1, $2, $3, $4, $5, $6)",
);

const FIND: Sql = Sql::same(
    "select w.source_id, s.slug, w.kind, w.proof, w.made_at
       from webhooks w
       join sources s on s.org_id = w.org_id and s.source_id = w.source_id
      where w.org_id = $1 and s.slug = $2",
);

const LIST: Sql = Sql::same(
    "select w.source_id, s.slug, w.kind, w.proof, w.made_at
       from webhooks w
       join sources s on s.org_id = w.org_id and s.source_id = w.source_id
      where w.org_id = $1
      order by s.slug
      limit $2",
);

const SECRETS: Sql = Sql::same(
    "select secret_no, key_id, secret, made_at, used_at, retires_at
       from webhook_secrets
      where org_id = $1 and source_id = $2 and (retires_at is null or retires_at > $3)
      order by secret_no
      limit $4",
);

const END_LATER: Sql = Sql::same(
    "update webhook_secrets
        set retires_at = $4
      where org_id = $1 and source_id = $2 and secret_no = $3",
);

const REMOVE_ENDED: Sql = Sql::same(
    "delete from webhook_secrets
      where org_id = $1 and source_id = $2 and retires_at <= $3",
);

const OTHER_KEYS: Sql = Sql::same(
    "select min(key_id)
       from webhook_secrets
      where org_id = $1 and key_id <> '' and key_id <> $2",
);

const TOUCH: Sql = Sql::same(
    "update webhook_secrets
        set used_at = $4
      where org_id = $1 and source_id = $2 and secret_no = $3",
);

const RETIRE: Sql = Sql::same(
    "delete from webhook_secrets
      where org_id = $1 and source_id = $2 and secret_no = $3",
);

const REMOVE_SECRETS: Sql = Sql::same(
    "delete from webhook_secrets
      where org_id = $1 and source_id = $2",
);

const REMOVE: Sql = Sql::same(
    "delete from webhooks
      where org_id = $1 and source_id = $2",
);

/// Statements of this file, prepared on both engines by a test.
pub(crate) const ALL: &[Sql] =
    &[ADD, ADD_SECRET, FIND, LIST, SECRETS, END_LATER, REMOVE_ENDED, OTHER_KEYS, TOUCH, RETIRE, REMOVE_SECRETS, REMOVE];

/// A webhook as stored.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct WebhookRow {
    source_id: i64,
    /// The word of its source.
    pub slug: String,
    /// Which tool sends.
    pub kind: String,
    /// How it shows what it is.
    pub proof: String,
    made_at: i64,
}

impl WebhookRow {
    /// Its source.
    #[must_use]
    pub const fn source(&self) -> SourceId {
        SourceId::from_row(self.source_id)
    }

    /// Since when.
    #[must_use]
    pub const fn made_at(&self) -> Timestamp {
        Timestamp::from_seconds(self.made_at)
    }
}

/// A secret that is about to live.
#[derive(Clone, Debug)]
pub struct NewSecret {
    /// Its number among those of its webhook.
    pub number: i64,
    /// The key it is sealed under; empty where a hash is stored.
    pub key_id: String,
    /// Sealed, or its hash.
    pub secret: Vec<u8>,
    /// Since when.
    pub made_at: Timestamp,
}

/// A secret that lives.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct SecretRow {
    secret_no: i64,
    /// The key it is sealed under; empty where a hash is stored.
    pub key_id: String,
    /// Sealed, or its hash.
    pub secret: Vec<u8>,
    made_at: i64,
    used_at: Option<i64>,
    retires_at: Option<i64>,
}

impl SecretRow {
    /// Its number among those of its webhook.
    #[must_use]
    pub const fn number(&self) -> i64 {
        self.secret_no
    }

    /// Since when.
    #[must_use]
    pub const fn made_at(&self) -> Timestamp {
        Timestamp::from_seconds(self.made_at)
    }

    /// When it was last shown to be known, to the minute.
    #[must_use]
    pub fn used_at(&self) -> Option<Timestamp> {
        self.used_at.map(Timestamp::from_seconds)
    }

    /// From when it counts no more, where that was said.
    #[must_use]
    pub fn retires_at(&self) -> Option<Timestamp> {
        self.retires_at.map(Timestamp::from_seconds)
    }
}

/// Adds the webhook of a source; there is one at most.
///
/// # Errors
/// [`StoreError::Constraint`] when there is one, or any other [`StoreError`].
pub async fn add(
    conn: &mut Conn<'_>,
    org: OrgId,
    source: SourceId,
    (kind, proof): (&str, &str),
    now: Timestamp,
) -> Result<(), StoreError> {
    on_engine!(conn, ADD, |c, text| {
        let query = sqlx::query(text).bind(org.get()).bind(source.get());
        query.bind(kind).bind(proof).bind(now.seconds()).execute(c).await?;
    });
    Ok(())
}

/// Adds a secret to a webhook.
///
/// # Errors
/// Any [`StoreError`].
pub async fn add_secret(
    conn: &mut Conn<'_>,
    org: OrgId,
    source: SourceId,
    secret: &NewSecret,
) -> Result<(), StoreError> {
    on_engine!(conn, ADD_SECRET, |c, text| {
        let query = sqlx::query(text).bind(org.get()).bind(source.get()).bind(secret.number);
        let query = query.bind(&secret.key_id).bind(secret.secret.as_slice());
        query.bind(secret.made_at.seconds()).execute(c).await?;
    });
    Ok(())
}

/// The webhook of that source.
///
/// # Errors
/// Any [`StoreError`].
pub async fn find(conn: &mut Conn<'_>, org: OrgId, slug: &str) -> Result<Option<WebhookRow>, StoreError> {
    Ok(on_engine!(conn, FIND, |c, text| sqlx::query_as(text).bind(org.get()).bind(slug).fetch_optional(c).await?))
}

/// All webhooks by the word of their source, at most a thousand.
///
/// # Errors
/// Any [`StoreError`].
pub async fn list(conn: &mut Conn<'_>, org: OrgId) -> Result<Vec<WebhookRow>, StoreError> {
    Ok(on_engine!(conn, LIST, |c, text| {
        sqlx::query_as(text).bind(org.get()).bind(WEBHOOKS_PER_READ_MAX).fetch_all(c).await?
    }))
}

/// The secrets of a webhook that live at a moment, oldest first.
///
/// # Errors
/// Any [`StoreError`].
pub async fn secrets(
    conn: &mut Conn<'_>,
    org: OrgId,
    source: SourceId,
    now: Timestamp,
) -> Result<Vec<SecretRow>, StoreError> {
    Ok(on_engine!(conn, SECRETS, |c, text| {
        let query = sqlx::query_as(text).bind(org.get()).bind(source.get());
        query.bind(now.seconds()).bind(SECRETS_PER_READ_MAX).fetch_all(c).await?
    }))
}

/// Says from when a secret counts no more.
///
/// # Errors
/// Any [`StoreError`].
pub async fn end_later(
    conn: &mut Conn<'_>,
    org: OrgId,
    source: SourceId,
    number: i64,
    retires_at: Timestamp,
) -> Result<(), StoreError> {
    on_engine!(conn, END_LATER, |c, text| {
        let query = sqlx::query(text).bind(org.get()).bind(source.get());
        query.bind(number).bind(retires_at.seconds()).execute(c).await?;
    });
    Ok(())
}

/// Forgets the secrets whose time is over.
///
/// # Errors
/// Any [`StoreError`].
pub async fn remove_ended(conn: &mut Conn<'_>, org: OrgId, source: SourceId, now: Timestamp) -> Result<(), StoreError> {
    on_engine!(conn, REMOVE_ENDED, |c, text| {
        sqlx::query(text).bind(org.get()).bind(source.get()).bind(now.seconds()).execute(c).await?;
    });
    Ok(())
}

/// A key other than this one that something is sealed under, if anything is.
///
/// # Errors
/// Any [`StoreError`].
pub async fn sealed_under_another(conn: &mut Conn<'_>, org: OrgId, key_id: &str) -> Result<Option<String>, StoreError> {
    Ok(on_engine!(conn, OTHER_KEYS, |c, text| {
        sqlx::query_scalar(text).bind(org.get()).bind(key_id).fetch_one(c).await?
    }))
}

/// Remembers that a secret was used.
///
/// # Errors
/// Any [`StoreError`].
pub async fn touch(
    conn: &mut Conn<'_>,
    org: OrgId,
    source: SourceId,
    number: i64,
    now: Timestamp,
) -> Result<(), StoreError> {
    on_engine!(conn, TOUCH, |c, text| {
        let query = sqlx::query(text).bind(org.get()).bind(source.get());
        query.bind(number).bind(now.seconds()).execute(c).await?;
    });
    Ok(())
}

/// Ends a secret for good; nothing of it stays.
///
/// # Errors
/// Any [`StoreError`].
pub async fn retire(conn: &mut Conn<'_>, org: OrgId, source: SourceId, number: i64) -> Result<(), StoreError> {
    on_engine!(conn, RETIRE, |c, text| {
        sqlx::query(text).bind(org.get()).bind(source.get()).bind(number).execute(c).await?;
    });
    Ok(())
}

/// Ends a webhook with its secrets; what it sent stays.
///
/// # Errors
/// Any [`StoreError`].
pub async fn remove(conn: &mut Conn<'_>, org: OrgId, source: SourceId) -> Result<(), StoreError> {
    on_engine!(conn, REMOVE_SECRETS, |c, text| {
        sqlx::query(text).bind(org.get()).bind(source.get()).execute(c).await?;
    });
    on_engine!(conn, REMOVE, |c, text| {
        sqlx::query(text).bind(org.get()).bind(source.get()).execute(c).await?;
    });
    Ok(())
}
