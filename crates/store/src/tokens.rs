//! Which programs may come in, and with what? Found by a public id, proved by a hash.

use domain::id::{OrgId, PersonId, TokenId};
use domain::time::Timestamp;

use crate::engine::Conn;
use crate::error::StoreError;
use crate::sql::{Sql, on_engine};

/// Tokens shown at once.
const TOKENS_PER_READ_MAX: i64 = 1_000;

const ADD: Sql = Sql::same(
    "insert into tokens (org_id, token_id, public_id, hash, name, scopes, sources, names, maker_id, made_at, expires_at)
     select $1, coalesce(max(token_id), 0) + 1, $2, $3, $4, $5, $6, $7, $8, $9, $10
       from tokens
      where org_id = $1
     returning token_id",
);

const FIND: Sql = Sql::same(
    "select token_id, public_id, hash, name, scopes, sources, names, maker_id, made_at, expires_at, revoked_at, used_at
       from tokens
      where org_id = $1 and public_id = $2",
);

const LIST: Sql = Sql::same(
    "select token_id, public_id, hash, name, scopes, sources, names, maker_id, made_at, expires_at, revoked_at, used_at
       from tokens
      where org_id = $1
      order by token_id
      limit $2",
);

const LIST_OF: Sql = Sql::same(
    "select token_id, public_id, hash, name, scopes, sources, names, maker_id, made_at, expires_at, revoked_at, used_at
       from tokens
      where org_id = $1 and maker_id = $2
      order by token_id
      limit $3",
);

const REVOKE: Sql = Sql::same(
    "update tokens
        set revoked_at = $3
      where org_id = $1 and public_id = $2 and revoked_at is null",
);

const TOUCH: Sql = Sql::same(
    "update tokens
        set used_at = $3
      where org_id = $1 and token_id = $2",
);

/// Statements of this file, prepared on both engines by a test.
pub(crate) const ALL: &[Sql] = &[ADD, FIND, LIST, LIST_OF, REVOKE, TOUCH];

/// A token that is about to exist.
#[derive(Clone, Debug)]
pub struct NewToken {
    /// Finds it.
    pub public_id: String,
    /// Hash of its secret part.
    pub hash: [u8; 32],
    /// For display.
    pub name: String,
    /// Words of its scopes, joined by commas.
    pub scopes: String,
    /// The sources it may write to, joined by commas; empty for any.
    pub sources: String,
    /// `shown` or `masked`.
    pub names: &'static str,
    /// Who made it; absent for the operator's shell.
    pub maker: Option<PersonId>,
    /// When.
    pub made_at: Timestamp,
    /// Until when it holds.
    pub expires_at: Timestamp,
}

/// A token as stored.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct TokenRow {
    token_id: i64,
    /// Finds it.
    pub public_id: String,
    /// Hash of its secret part.
    pub hash: Vec<u8>,
    /// For display.
    pub name: String,
    /// Words of its scopes, joined by commas.
    pub scopes: String,
    /// The sources it may write to, joined by commas.
    pub sources: String,
    /// `shown` or `masked`.
    pub names: String,
    maker_id: Option<i64>,
    made_at: i64,
    expires_at: i64,
    revoked_at: Option<i64>,
    used_at: Option<i64>,
}

impl TokenRow {
    /// The id.
    #[must_use]
    pub const fn id(&self) -> TokenId {
        TokenId::from_row(self.token_id)
    }

    /// Who made it.
    #[must_use]
    pub fn maker(&self) -> Option<PersonId> {
        self.maker_id.map(PersonId::from_row)
    }

    /// When it was made.
    #[must_use]
    pub const fn made_at(&self) -> Timestamp {
        Timestamp::from_seconds(self.made_at)
    }

    /// Until when it holds.
    #[must_use]
    pub const fn expires_at(&self) -> Timestamp {
        Timestamp::from_seconds(self.expires_at)
    }

    /// When it was revoked.
    #[must_use]
    pub fn revoked_at(&self) -> Option<Timestamp> {
        self.revoked_at.map(Timestamp::from_seconds)
    }

    /// When it was last used, to the minute.
    #[must_use]
    pub fn used_at(&self) -> Option<Timestamp> {
        self.used_at.map(Timestamp::from_seconds)
    }
}

/// Whether a change met a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Changed {
    /// It did.
    One,
    /// There was none.
    Nothing,
}

/// Adds a token.
///
/// # Errors
/// Any [`StoreError`].
pub async fn add(conn: &mut Conn<'_>, org: OrgId, token: &NewToken) -> Result<TokenId, StoreError> {
    let hash = token.hash.to_vec();
    let (id,): (i64,) = on_engine!(conn, ADD, |c, text| {
        let query = sqlx::query_as(text).bind(org.get()).bind(&token.public_id).bind(hash).bind(&token.name);
        let query = query.bind(&token.scopes).bind(&token.sources).bind(token.names);
        let query = query.bind(token.maker.map(PersonId::get)).bind(token.made_at.seconds());
        query.bind(token.expires_at.seconds()).fetch_one(c).await?
    });
    Ok(TokenId::from_row(id))
}

/// The token with that public id.
///
/// # Errors
/// Any [`StoreError`].
pub async fn find(conn: &mut Conn<'_>, org: OrgId, public_id: &str) -> Result<Option<TokenRow>, StoreError> {
    Ok(on_engine!(conn, FIND, |c, text| {
        sqlx::query_as(text).bind(org.get()).bind(public_id).fetch_optional(c).await?
    }))
}

/// All tokens in the order they were made, at most a thousand.
///
/// # Errors
/// Any [`StoreError`].
pub async fn list(conn: &mut Conn<'_>, org: OrgId) -> Result<Vec<TokenRow>, StoreError> {
    Ok(on_engine!(conn, LIST, |c, text| {
        sqlx::query_as(text).bind(org.get()).bind(TOKENS_PER_READ_MAX).fetch_all(c).await?
    }))
}

/// The tokens that one person made, in the order they were made, at most a thousand.
///
/// # Errors
/// Any [`StoreError`].
pub async fn list_of(conn: &mut Conn<'_>, org: OrgId, maker: PersonId) -> Result<Vec<TokenRow>, StoreError> {
    Ok(on_engine!(conn, LIST_OF, |c, text| {
        sqlx::query_as(text).bind(org.get()).bind(maker.get()).bind(TOKENS_PER_READ_MAX).fetch_all(c).await?
    }))
}

/// Revokes a token for good.
///
/// # Errors
/// Any [`StoreError`].
pub async fn revoke(conn: &mut Conn<'_>, org: OrgId, public_id: &str, now: Timestamp) -> Result<Changed, StoreError> {
    let rows = on_engine!(conn, REVOKE, |c, text| {
        sqlx::query(text).bind(org.get()).bind(public_id).bind(now.seconds()).execute(c).await?.rows_affected()
    });
    Ok(if rows == 0 { Changed::Nothing } else { Changed::One })
}

/// Remembers that it was used.
///
/// # Errors
/// Any [`StoreError`].
pub async fn touch(conn: &mut Conn<'_>, org: OrgId, token: TokenId, now: Timestamp) -> Result<(), StoreError> {
    on_engine!(conn, TOUCH, |c, text| {
        sqlx::query(text).bind(org.get()).bind(token.get()).bind(now.seconds()).execute(c).await?;
    });
    Ok(())
}
