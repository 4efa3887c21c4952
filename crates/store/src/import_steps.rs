//! What becomes of an import, step by step: it goes on, rests, ends, and may be taken back.

use crate::{
    batches::Counts,
    engine::Conn,
    error::StoreError,
    imports::ImportState,
    sql::{Sql, number, on_engine},
};
use domain::{
    id::{ImportId, OrgId},
    time::Timestamp,
};

pub(crate) const STAGE: Sql = Sql::same(
    "update imports
        set records = $3, bytes_read = $4, received = $5, accepted = $6, duplicate = $7, quarantined = $8, notes = $9,
            measures = $10
      where org_id = $1 and import_id = $2 and state = 'running'",
);

pub(crate) const WANTED: Sql = Sql::same("select wanted from imports where org_id = $1 and import_id = $2");

/// Who gave an import up is heard before who has it rest.
pub(crate) const WANT: Sql = Sql::same(
    "update imports
        set wanted = case when wanted = 'cancel' then wanted else $3 end
      where org_id = $1 and import_id = $2 and state = 'running'",
);

pub(crate) const PUBLISH: Sql = Sql::same(
    "update imports
        set state = 'published', finished_at = $3, received = $4, accepted = $5, duplicate = $6, quarantined = $7,
            items = $8, bytes_read = bytes
      where org_id = $1 and import_id = $2 and state = 'running' and wanted <> 'cancel'",
);

pub(crate) const STOP: Sql = Sql::same(
    "update imports set state = $3, finished_at = $4, wanted = 'go' where org_id = $1 and import_id = $2 and state = 'running'",
);

pub(crate) const GO_ON: Sql = Sql::same(
    "update imports
        set state = 'running', finished_at = null, wanted = 'go', spool = $3
      where org_id = $1 and import_id = $2 and state in ('paused', 'interrupted', 'failed')",
);

pub(crate) const HOLD: Sql = Sql::same(
    "update imports
        set state = 'held', finished_at = $3, notes = $4, spool = $5, wanted = 'go'
      where org_id = $1 and import_id = $2 and state = 'running' and wanted <> 'cancel'",
);

pub(crate) const JUDGE: Sql = Sql::same(
    "update imports
        set state = 'paused', plan = $3, notes = $4
      where org_id = $1 and import_id = $2 and state = 'held'",
);

pub(crate) const NOTE: Sql =
    Sql::same("update imports set notes = $3 where org_id = $1 and import_id = $2 and state = 'held'");

pub(crate) const CANCEL: Sql = Sql::same(
    "update imports
        set state = 'cancelled', finished_at = $3, wanted = 'go'
      where org_id = $1 and import_id = $2 and state in ('running', 'paused', 'interrupted', 'failed', 'held')",
);

pub(crate) const LAPSE: Sql = Sql::same(
    "update imports
        set state = 'cancelled', finished_at = $3, wanted = 'go'
      where org_id = $1 and import_id = $2 and state = 'held'",
);

pub(crate) const WITHDRAW: Sql = Sql::same(
    "update imports
        set state = 'withdrawn', withdrawn_at = $3, withdrawn_by = $4
      where org_id = $1 and import_id = $2 and state = 'published'",
);

/// Where files wait of imports that may go on.
pub(crate) const SPOOLED: Sql = Sql::same(
    "select spool
       from imports
      where org_id = $1 and state in ('running', 'paused', 'interrupted', 'failed', 'held') and spool <> ''",
);

/// The statements of this file.
pub(crate) const ALL: &[Sql] =
    &[STAGE, WANTED, WANT, PUBLISH, STOP, GO_ON, HOLD, JUDGE, NOTE, CANCEL, LAPSE, WITHDRAW, SPOOLED];

/// What somebody wants of an import that runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wanted {
    /// That it goes on.
    Go,
    /// That it rests.
    Pause,
    /// That it is given up.
    Cancel,
}

impl Wanted {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Go => "go",
            Self::Pause => "pause",
            Self::Cancel => "cancel",
        }
    }

    fn of_word(word: &str) -> Option<Self> {
        [Self::Go, Self::Pause, Self::Cancel].into_iter().find(|wanted| wanted.as_str() == word)
    }
}

/// How far an import has come, written with every part of it.
#[derive(Clone, Debug, Default)]
pub struct Checkpoint {
    /// Records of the file that are done.
    pub records: u64,
    /// Bytes of the file up to there.
    pub bytes: u64,
    /// What became of the lines so far.
    pub counts: Counts,
    /// What was noticed so far, as its service wrote it.
    pub notes: String,
    /// What was measured so far, as its service wrote it.
    pub measures: String,
}

/// Notes how far an import has come; says what somebody wants of it.
///
/// # Errors
/// Any [`StoreError`].
pub async fn stage(
    conn: &mut Conn<'_>,
    org: OrgId,
    id: ImportId,
    checkpoint: &Checkpoint,
) -> Result<Wanted, StoreError> {
    let [received, accepted, duplicate, quarantined] = checkpoint.counts.to_row();
    on_engine!(conn, STAGE, |c, text| {
        sqlx::query(text)
            .bind(org.get())
            .bind(id.get())
            .bind(number(checkpoint.records))
            .bind(number(checkpoint.bytes))
            .bind(received)
            .bind(accepted)
            .bind(duplicate)
            .bind(quarantined)
            .bind(checkpoint.notes.as_str())
            .bind(checkpoint.measures.as_str())
            .execute(c)
            .await?;
    });
    wanted(conn, org, id).await
}

/// What somebody wants of an import.
///
/// # Errors
/// Any [`StoreError`].
pub async fn wanted(conn: &mut Conn<'_>, org: OrgId, id: ImportId) -> Result<Wanted, StoreError> {
    let word: String = on_engine!(conn, WANTED, |c, text| {
        sqlx::query_scalar(text).bind(org.get()).bind(id.get()).fetch_one(c).await?
    });
    Wanted::of_word(&word).ok_or_else(|| StoreError::damaged("what is wanted of an import"))
}

/// Says what somebody wants of an import; `false` where it does not run.
///
/// # Errors
/// Any [`StoreError`].
pub async fn want(conn: &mut Conn<'_>, org: OrgId, id: ImportId, wanted: Wanted) -> Result<bool, StoreError> {
    Ok(on_engine!(conn, WANT, |c, text| {
        let query = sqlx::query(text).bind(org.get()).bind(id.get()).bind(wanted.as_str());
        query.execute(c).await?.rows_affected() == 1
    }))
}

/// Says that an import can be seen from now on; `false` where somebody gave it up meanwhile.
///
/// # Errors
/// Any [`StoreError`].
pub async fn publish(
    conn: &mut Conn<'_>,
    org: OrgId,
    id: ImportId,
    at: Timestamp,
    counts: Counts,
    items: u64,
) -> Result<bool, StoreError> {
    let [received, accepted, duplicate, quarantined] = counts.to_row();
    Ok(on_engine!(conn, PUBLISH, |c, text| {
        let query = sqlx::query(text)
            .bind(org.get())
            .bind(id.get())
            .bind(at.seconds())
            .bind(received)
            .bind(accepted)
            .bind(duplicate)
            .bind(quarantined)
            .bind(number(items));
        query.execute(c).await?.rows_affected() == 1
    }))
}

/// Says that a running import stopped half-way, and why.
///
/// # Errors
/// Any [`StoreError`].
pub async fn stop(
    conn: &mut Conn<'_>,
    org: OrgId,
    id: ImportId,
    state: ImportState,
    at: Timestamp,
) -> Result<(), StoreError> {
    on_engine!(conn, STOP, |c, text| {
        let query = sqlx::query(text).bind(org.get()).bind(id.get()).bind(state.as_str());
        query.bind(at.seconds()).execute(c).await?;
    });
    Ok(())
}

/// Says that an import that rested runs again, its file waiting at `spool`; `false` where it does not rest.
///
/// # Errors
/// Any [`StoreError`].
pub async fn go_on(conn: &mut Conn<'_>, org: OrgId, id: ImportId, spool: &str) -> Result<bool, StoreError> {
    Ok(on_engine!(conn, GO_ON, |c, text| {
        sqlx::query(text).bind(org.get()).bind(id.get()).bind(spool).execute(c).await?.rows_affected() == 1
    }))
}

/// Has a running import wait for a person, with what there is to decide and where its file is kept; `false` where it does not
/// run, or somebody gives it up.
///
/// # Errors
/// Any [`StoreError`].
pub async fn hold(
    conn: &mut Conn<'_>,
    org: OrgId,
    id: ImportId,
    at: Timestamp,
    notes: &str,
    spool: &str,
) -> Result<bool, StoreError> {
    Ok(on_engine!(conn, HOLD, |c, text| {
        let query = sqlx::query(text).bind(org.get()).bind(id.get()).bind(at.seconds());
        query.bind(notes).bind(spool).execute(c).await?.rows_affected() == 1
    }))
}

/// Says what a person decided about an import that waits: it can go on by that plan; `false` where it does not wait.
///
/// # Errors
/// Any [`StoreError`].
pub async fn judge(conn: &mut Conn<'_>, org: OrgId, id: ImportId, plan: &str, notes: &str) -> Result<bool, StoreError> {
    Ok(on_engine!(conn, JUDGE, |c, text| {
        let query = sqlx::query(text).bind(org.get()).bind(id.get());
        query.bind(plan).bind(notes).execute(c).await?.rows_affected() == 1
    }))
}

/// Notes something about an import that waits for a person; of one that does not, nothing.
///
/// # Errors
/// Any [`StoreError`].
pub async fn note(conn: &mut Conn<'_>, org: OrgId, id: ImportId, notes: &str) -> Result<(), StoreError> {
    on_engine!(conn, NOTE, |c, text| {
        sqlx::query(text).bind(org.get()).bind(id.get()).bind(notes).execute(c).await?;
    });
    Ok(())
}

/// Gives an import up; `false` where it has ended.
///
/// # Errors
/// Any [`StoreError`].
pub async fn cancel(conn: &mut Conn<'_>, org: OrgId, id: ImportId, at: Timestamp) -> Result<bool, StoreError> {
    Ok(on_engine!(conn, CANCEL, |c, text| {
        let query = sqlx::query(text).bind(org.get()).bind(id.get()).bind(at.seconds());
        query.execute(c).await?.rows_affected() == 1
    }))
}

/// Gives an import up that waits for a person; `false` where it does not.
///
/// # Errors
/// Any [`StoreError`].
pub async fn lapse(conn: &mut Conn<'_>, org: OrgId, id: ImportId, at: Timestamp) -> Result<bool, StoreError> {
    Ok(on_engine!(conn, LAPSE, |c, text| {
        let query = sqlx::query(text).bind(org.get()).bind(id.get()).bind(at.seconds());
        query.execute(c).await?.rows_affected() == 1
    }))
}

/// Takes an import back, by whom the audit trail names so; `false` where it cannot be seen.
///
/// # Errors
/// Any [`StoreError`].
pub async fn withdraw(
    conn: &mut Conn<'_>,
    org: OrgId,
    id: ImportId,
    at: Timestamp,
    by: &str,
) -> Result<bool, StoreError> {
    Ok(on_engine!(conn, WITHDRAW, |c, text| {
        let query = sqlx::query(text).bind(org.get()).bind(id.get()).bind(at.seconds()).bind(by);
        query.execute(c).await?.rows_affected() == 1
    }))
}

/// Where the files wait of imports that have not ended.
///
/// # Errors
/// Any [`StoreError`].
pub async fn spooled(conn: &mut Conn<'_>, org: OrgId) -> Result<Vec<String>, StoreError> {
    Ok(on_engine!(conn, SPOOLED, |c, text| sqlx::query_scalar(text).bind(org.get()).fetch_all(c).await?))
}
