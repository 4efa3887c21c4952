//! Which events of a piece does the log hold already? What they say is told apart by what stands beside their keys, so that
//! no text is fetched.

use super::{
    prepare::PreparedEvent,
    recent_keys::{Before, RecentKeys},
};
use domain::id::{OrgId, SourceId};
use foldhash::quality::RandomState;
use std::collections::HashMap;
use store::{
    Conn, StoreError,
    event_keys::{self, Content, EventKey},
};

/// What the events say that count under some keys.
#[derive(Debug, Default)]
pub(crate) struct Known(HashMap<EventKey, Content, RandomState>);

impl Known {
    /// What counts under the keys of these events. Of a source that had none when the import began, nothing is asked: what
    /// others add meanwhile is found out when the import is published.
    pub(crate) async fn of(
        conn: &mut Conn<'_>,
        (org, source): (OrgId, SourceId),
        recent: &mut RecentKeys,
        events: &[&PreparedEvent],
    ) -> Result<Self, StoreError> {
        let before = match recent.before(source) {
            Some(known) => known,
            None => {
                let any = event_keys::any_known(conn, org, source).await?;
                let before = if any { Before::Events } else { Before::Nothing };
                recent.note(source, before);
                before
            }
        };
        if before == Before::Nothing {
            return Ok(Self::default());
        }
        // In their order, neighbours are found on the same pages.
        let mut keys: Vec<EventKey> = events.iter().map(|event| event.key).collect();
        keys.sort_unstable();
        keys.dedup();
        Self::under(conn, org, source, &keys).await
    }

    async fn under(conn: &mut Conn<'_>, org: OrgId, source: SourceId, keys: &[EventKey]) -> Result<Self, StoreError> {
        let (mut known, mut untold) = (HashMap::default(), Vec::new());
        for (key, content) in keys.iter().zip(event_keys::contents(conn, org, source, keys).await?) {
            match content {
                Some(Some(content)) => drop(known.insert(*key, content)),
                Some(None) => untold.push(*key),
                None => {}
            }
        }
        let standing = event_keys::standing(conn, org, source, &untold).await?;
        known.extend(standing.into_iter().map(|one| (one.key, Content::of(&one.body))));
        Ok(Self(known))
    }

    /// Whether the very same event counts.
    pub(crate) fn holds(&self, event: &PreparedEvent) -> bool {
        self.0.get(&event.key).is_some_and(|content| *content == event.content)
    }
}
