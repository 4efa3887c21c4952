//! How do the events of an import come to count, a part at a time, while whoever publishes it has other work to do? Each is
//! shown among those of its item, and stands under its key where nothing else does.

use super::staged_order::{Chunks, InOrder};
use domain::{
    id::{ItemKey, OrgId},
    time::Timestamp,
};
use store::{
    Conn, StoreError,
    event_keys::{self, KeyedPlace},
    import_parts::{self, Claims, Runs},
    item_events::{self, NewItemEvent},
};

/// Keys claimed at a time.
const CLAIMS_PER_STEP: usize = 500_000;

/// The events of an import on their way to be seen.
pub(crate) struct Showing {
    org: OrgId,
    known_since: Timestamp,
    /// What is left to be shown, by item; nothing where all of it is shown.
    rest: Option<Chunks<NewItemEvent>>,
    /// The last item that was shown.
    last: Option<ItemKey>,
}

impl Showing {
    /// None of them can be seen yet.
    pub(crate) fn in_order(org: OrgId, known_since: Timestamp, order: &InOrder) -> Self {
        Self { org, known_since, rest: Some(order.placed()), last: None }
    }

    /// All of them can be seen: the database finds and sorts them, some parts of the file at a time.
    pub(crate) async fn at_once(
        conn: &mut Conn<'_>,
        org: OrgId,
        known_since: Timestamp,
        runs: &Runs,
    ) -> Result<Self, StoreError> {
        import_parts::show(conn, runs, known_since).await?;
        Ok(Self { org, known_since, rest: None, last: None })
    }

    /// Shows the events of all items up to that one, and perhaps more.
    pub(crate) async fn up_to(&mut self, conn: &mut Conn<'_>, item: ItemKey) -> Result<(), StoreError> {
        while self.last.is_none_or(|last| last <= item) && self.next(conn).await? {}
        Ok(())
    }

    /// Shows all that are left.
    pub(crate) async fn all(&mut self, conn: &mut Conn<'_>) -> Result<(), StoreError> {
        while self.next(conn).await? {}
        Ok(())
    }

    async fn next(&mut self, conn: &mut Conn<'_>) -> Result<bool, StoreError> {
        let Some(rest) = &mut self.rest else { return Ok(false) };
        let Some(mut rows) = rest.next().await? else {
            self.rest = None;
            return Ok(false);
        };
        self.last = rows.last().map(|(item, ..)| *item);
        // What was stamped on arrival is known to readers only from now on.
        rows.iter_mut().for_each(|(.., known_at)| *known_at = self.known_since.max(*known_at));
        item_events::show(conn, self.org, &rows).await?;
        Ok(true)
    }
}

/// The events of an import on their way to stand under their keys.
pub(crate) enum Claiming {
    InOrder {
        org: OrgId,
        rest: Chunks<KeyedPlace>,
        claimed: u64,
    },
    /// The database finds and sorts them, some parts of the file at a time.
    InRuns(Claims),
}

impl Claiming {
    pub(crate) fn in_order(org: OrgId, order: &InOrder) -> Self {
        Self::InOrder { org, rest: order.keyed(), claimed: 0 }
    }

    /// Has some of them stand under their keys, where nothing stands yet; says whether there were any.
    pub(crate) async fn claim_next(&mut self, conn: &mut Conn<'_>) -> Result<bool, StoreError> {
        let (org, rest, claimed) = match self {
            Self::InRuns(claims) => return claims.claim_next(conn).await,
            Self::InOrder { org, rest, claimed } => (*org, rest, claimed),
        };
        let mut looked_at = 0;
        while looked_at < CLAIMS_PER_STEP
            && let Some(rows) = rest.next().await?
        {
            *claimed += event_keys::claim_in_order(conn, org, &rows).await?;
            looked_at += rows.len();
        }
        Ok(looked_at > 0)
    }

    /// Has all that are left stand under their keys; says how many do in all.
    pub(crate) async fn finish(mut self, conn: &mut Conn<'_>) -> Result<u64, StoreError> {
        while self.claim_next(conn).await? {}
        match self {
            Self::InRuns(claims) => claims.finish(conn).await,
            Self::InOrder { claimed, .. } => Ok(claimed),
        }
    }
}
