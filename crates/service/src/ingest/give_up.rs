//! What does giving an import up come to? Nothing of it ever counts: what it had staged stays in the log, unseen, and the lines
//! it held are withdrawn.

use domain::{
    id::{ImportId, OrgId},
    time::Timestamp,
};
use store::{Conn, StoreError, held_of_import, import_steps, quarantine::HeldState};

/// Gives an import up that cannot be seen yet; `false` where it has ended.
pub(super) async fn give_up(conn: &mut Conn<'_>, org: OrgId, id: ImportId, now: Timestamp) -> Result<bool, StoreError> {
    let is_given_up = import_steps::cancel(conn, org, id, now).await?;
    if is_given_up {
        held_of_import::withdraw(conn, org, id, HeldState::Staged, now).await?;
    }
    Ok(is_given_up)
}

/// Gives an import up that waits for a person; `false` where it does not, since somebody decided a moment ago.
pub(super) async fn give_up_held(
    conn: &mut Conn<'_>,
    org: OrgId,
    id: ImportId,
    now: Timestamp,
) -> Result<bool, StoreError> {
    let is_given_up = import_steps::lapse(conn, org, id, now).await?;
    if is_given_up {
        held_of_import::withdraw(conn, org, id, HeldState::Staged, now).await?;
    }
    Ok(is_given_up)
}
