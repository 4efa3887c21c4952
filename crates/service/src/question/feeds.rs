//! How old is what the world told us of weaknesses? The newest state of each feed, and whether it is too old to rely on.

use crate::{
    authorise::{Caller, Object, authorise, proof},
    error::ServiceError,
    services::Services,
};
use domain::{day::Day, enrichment::FeedKind};
use store::enrichment;

/// A feed as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FeedAge {
    /// Which feed.
    pub kind: FeedKind,
    /// Its newest state; none where it was never kept.
    pub newest: Option<FeedState>,
}

/// The newest state of a feed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FeedState {
    /// The day it was published.
    pub published_on: Day,
    /// What its publisher calls it.
    pub version: Option<String>,
    /// Whole days since then; 0 for a feed of today.
    pub days_old: u64,
    /// Whether it is too old to say what is exploited now.
    pub stale: bool,
}

impl Services {
    /// How old each feed is.
    ///
    /// # Errors
    /// Not allowed, or what the database said.
    pub async fn feed_ages(&self, caller: &Caller) -> Result<Vec<FeedAge>, ServiceError> {
        let granted = authorise::<proof::FiguresRead>(caller, Object::OwnOrg)?;
        let today = Day::of(self.now());
        let mut reader = self.store().reader().await?;
        let mut ages = Vec::new();
        for kind in [FeedKind::Kev, FeedKind::Epss] {
            // A feed may be dated ahead of our day: where it was published it was tomorrow.
            let stored = enrichment::newest(&mut reader.conn(), granted.org(), kind, today.plus(1)).await?;
            let newest = stored.map(|stored| FeedState {
                published_on: stored.feed.published_on,
                days_old: u64::try_from(today.number().saturating_sub(stored.feed.published_on.number())).unwrap_or(0),
                stale: stored.feed.is_old_on(today),
                version: stored.feed.version,
            });
            ages.push(FeedAge { kind, newest });
        }
        Ok(ages)
    }
}
