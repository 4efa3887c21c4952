//! How is it kept what was noticed about a push? Added up by source and day, in the transaction that takes its events.

use super::notes::Notes;
use domain::{
    id::OrgId,
    time::{DAY_SECONDS, Timestamp},
};
use store::{Conn, StoreError, push_notes, sources};

/// What was noticed about one push.
#[derive(Clone, Debug)]
pub(crate) struct PushNoted {
    pub(crate) source: String,
    pub(crate) notes: Notes,
}

impl PushNoted {
    /// Adds it to the day of its source, which was heard now, whatever it told.
    pub(crate) async fn keep(
        &self,
        conn: &mut Conn<'_>,
        org: OrgId,
        received: u64,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let source = sources::register(conn, org, &self.source, now).await?;
        let day_at = Timestamp::from_seconds(now.seconds() - now.seconds().rem_euclid(DAY_SECONDS));
        let mut day = push_notes::of_day(conn, org, source, day_at).await?;
        let mut notes = Notes::stored(&day.notes)?;
        notes.add(self.notes.clone());
        day.pushes += 1;
        day.received += received;
        day.notes = notes.to_stored()?;
        push_notes::keep(conn, org, source, (day_at, now), &day).await
    }
}
