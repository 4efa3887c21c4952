//! Decisions about many held lines at once: what was asked, how far each is, and what became of the lines.

use crate::{
    engine::Conn,
    error::StoreError,
    sql::{Sql, number, on_engine},
};
use domain::{id::OrgId, time::Timestamp};

pub(crate) const BEGIN: Sql = Sql::same(
    "insert into held_acts (org_id, act_id, idempotency, actor, asked, state, began_at, moved_at, chosen, accepted,
        duplicate, dismissed, kept, why_kept)
     select $1, coalesce(max(act_id), 0) + 1, $2, $3, $4, 'running', $5, $5, $6, 0, 0, 0, 0, '[]'
       from held_acts
      where org_id = $1
     on conflict (org_id, idempotency) do nothing",
);

pub(crate) const BY_KEY: Sql = Sql::same(
    "select act_id, actor, asked, state, began_at, moved_at, chosen, accepted, duplicate, dismissed, kept, why_kept
       from held_acts
      where org_id = $1 and idempotency = $2",
);

pub(crate) const BY_ID: Sql = Sql::same(
    "select act_id, actor, asked, state, began_at, moved_at, chosen, accepted, duplicate, dismissed, kept, why_kept
       from held_acts
      where org_id = $1 and act_id = $2",
);

pub(crate) const MOVE: Sql = Sql::same(
    "update held_acts
        set state = $3, moved_at = $4, accepted = $5, duplicate = $6, dismissed = $7, kept = $8, why_kept = $9
      where org_id = $1 and act_id = $2 and state = 'running'",
);

/// The statements of this file.
pub(crate) const ALL: &[Sql] = &[BEGIN, BY_KEY, BY_ID, MOVE];

/// How far a decision is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ActState {
    /// Lines are still being settled.
    Running,
    /// All lines were looked at.
    Done,
    /// It ended early; the lines it did not reach are still held.
    Stopped,
}

impl ActState {
    /// The word as it is written everywhere.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Running => "running",
            Self::Done => "done",
            Self::Stopped => "stopped",
        }
    }

    fn of_word(word: &str) -> Option<Self> {
        [Self::Running, Self::Done, Self::Stopped].into_iter().find(|state| state.as_str() == word)
    }
}

/// What became of the lines so far.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ActCounts {
    /// Went into the log.
    pub accepted: u64,
    /// Were known there before.
    pub duplicate: u64,
    /// Stay out, with a reason.
    pub dismissed: u64,
    /// Stay held.
    pub kept: u64,
    /// Why those stay held, as JSON.
    pub why_kept: String,
}

/// A decision on its way into the database.
#[derive(Clone, Copy, Debug)]
pub struct NewAct<'a> {
    /// A word of the form: the same form acts once.
    pub idempotency: &'a str,
    /// Who decided.
    pub actor: &'a str,
    /// What was asked, in words.
    pub asked: &'a str,
    /// When.
    pub at: Timestamp,
    /// Over how many lines.
    pub chosen: u64,
}

/// A decision as it lies in the database.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredAct {
    /// Its number.
    pub id: i64,
    /// Who decided.
    pub actor: String,
    /// What was asked, in words.
    pub asked: String,
    /// How far it is.
    pub state: ActState,
    /// When it began.
    pub began_at: Timestamp,
    /// When it last came further.
    pub moved_at: Timestamp,
    /// Over how many lines.
    pub chosen: u64,
    /// What became of them.
    pub counts: ActCounts,
}

#[derive(sqlx::FromRow)]
struct Row {
    act_id: i64,
    actor: String,
    asked: String,
    state: String,
    began_at: i64,
    moved_at: i64,
    chosen: i64,
    accepted: i64,
    duplicate: i64,
    dismissed: i64,
    kept: i64,
    why_kept: String,
}

fn of_row(row: Row) -> Result<StoredAct, StoreError> {
    let [chosen, accepted, duplicate, dismissed, kept] =
        [row.chosen, row.accepted, row.duplicate, row.dismissed, row.kept]
            .map(|count| u64::try_from(count).unwrap_or_default());
    Ok(StoredAct {
        id: row.act_id,
        actor: row.actor,
        asked: row.asked,
        state: ActState::of_word(&row.state).ok_or_else(|| StoreError::damaged("the state of a decision"))?,
        began_at: Timestamp::from_seconds(row.began_at),
        moved_at: Timestamp::from_seconds(row.moved_at),
        chosen,
        counts: ActCounts { accepted, duplicate, dismissed, kept, why_kept: row.why_kept },
    })
}

/// Writes down that a decision begins; the second value is false where the same form began it before. Needs the lock of
/// the log.
///
/// # Errors
/// Any [`StoreError`].
pub async fn begin(conn: &mut Conn<'_>, org: OrgId, new: NewAct<'_>) -> Result<(StoredAct, bool), StoreError> {
    let added = on_engine!(conn, BEGIN, |c, text| {
        let query = sqlx::query(text).bind(org.get()).bind(new.idempotency).bind(new.actor).bind(new.asked);
        query.bind(new.at.seconds()).bind(number(new.chosen)).execute(c).await?.rows_affected()
    });
    let row: Row = on_engine!(conn, BY_KEY, |c, text| {
        sqlx::query_as(text).bind(org.get()).bind(new.idempotency).fetch_one(c).await?
    });
    Ok((of_row(row)?, added == 1))
}

/// Writes down how far a decision is; false where it had ended before.
///
/// # Errors
/// Any [`StoreError`].
pub async fn advance(
    conn: &mut Conn<'_>,
    org: OrgId,
    id: i64,
    state: ActState,
    at: Timestamp,
    counts: &ActCounts,
) -> Result<bool, StoreError> {
    let changed = on_engine!(conn, MOVE, |c, text| {
        sqlx::query(text)
            .bind(org.get())
            .bind(id)
            .bind(state.as_str())
            .bind(at.seconds())
            .bind(number(counts.accepted))
            .bind(number(counts.duplicate))
            .bind(number(counts.dismissed))
            .bind(number(counts.kept))
            .bind(counts.why_kept.as_str())
            .execute(c)
            .await?
            .rows_affected()
    });
    Ok(changed == 1)
}

/// One decision.
///
/// # Errors
/// Any [`StoreError`].
pub async fn by_id(conn: &mut Conn<'_>, org: OrgId, id: i64) -> Result<Option<StoredAct>, StoreError> {
    let row: Option<Row> =
        on_engine!(conn, BY_ID, |c, text| sqlx::query_as(text).bind(org.get()).bind(id).fetch_optional(c).await?);
    row.map(of_row).transpose()
}
