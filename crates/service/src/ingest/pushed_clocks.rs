//! How is it kept how far ahead the clocks of sources are that push? Added up by source and day, in the transaction that takes
//! their events: one push may hold a single event, and the rule needs the spread of many.

use super::{measures::Measures, source_clock::SourceClock};
use domain::{
    id::OrgId,
    time::{DAY_SECONDS, Timestamp},
};
use std::collections::BTreeMap;
use store::{Conn, StoreError, source_clocks, sources};

/// What was counted of the clocks of some requests.
#[derive(Default)]
pub(crate) struct PushedClocks(BTreeMap<String, SourceClock>);

impl PushedClocks {
    /// Takes what was counted of one request that stands.
    pub(crate) fn take(&mut self, measures: &Measures) {
        for (source, clock) in measures.clocks() {
            self.0.entry(source.to_owned()).or_default().join(clock);
        }
    }

    /// Adds it to the day of each source.
    pub(crate) async fn keep(&self, conn: &mut Conn<'_>, org: OrgId, now: Timestamp) -> Result<(), StoreError> {
        let day_at = Timestamp::from_seconds(now.seconds() - now.seconds().rem_euclid(DAY_SECONDS));
        for (slug, more) in &self.0 {
            let source = sources::register(conn, org, slug, now).await?;
            let mut day = SourceClock::stored(&source_clocks::of_day(conn, org, source, day_at).await?)?;
            day.join(more);
            source_clocks::keep(conn, org, source, day_at, &day.to_stored()?).await?;
        }
        Ok(())
    }
}
