//! What does the world say of the weaknesses of one item? Of each whether it is known to be exploited, since when and until
//! when, and how likely it will be, as it was published by the moment of knowledge.

use crate::{
    catalogue::{due_of, feed_known_at, written},
    error::ServiceError,
    services::Services,
};
use domain::{
    day::Day,
    enrichment::{EpssScore, FeedKind, KevEntry},
    fact::ItemFacts,
    id::OrgId,
    time::Timestamp,
    view::View,
};
use store::enrichment;

/// Weaknesses of one item that are looked up; a scanner names a handful.
const WEAKNESSES_MAX: usize = 50;

/// What the feeds say of the weaknesses of one item.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Weaknesses {
    /// The day of the catalogue; none where no catalogue was known.
    pub catalogue_of: Option<Day>,
    /// The day of the scores; none where no scores were known.
    pub scores_of: Option<Day>,
    /// Each weakness that the item's events name.
    pub rows: Vec<WeaknessKnown>,
    /// Weaknesses beyond those.
    pub more: usize,
    /// Whether an event gives the deadline, which then counts before the catalogue.
    pub due_by_event: bool,
}

/// One weakness.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WeaknessKnown {
    /// Its id as the events write it.
    pub cve: String,
    /// Its entry in the catalogue.
    pub kev: Option<KevEntry>,
    /// Its score.
    pub epss: Option<EpssScore>,
}

impl Services {
    /// Looks the weaknesses of an item up, and gives its facts the deadline of the catalogue where no event gave one.
    pub(super) async fn weaknesses_of(
        &self,
        org: OrgId,
        facts: &mut ItemFacts,
        view: &View,
    ) -> Result<Weaknesses, ServiceError> {
        if facts.ties.cves.is_empty() {
            return Ok(Weaknesses { due_by_event: facts.kev_due.is_some(), ..Weaknesses::default() });
        }
        let mut tx = self.store().snapshot().await?;
        let conn = &mut tx.conn();
        let catalogue = feed_known_at(conn, org, FeedKind::Kev, view.known_at).await?;
        let scores = feed_known_at(conn, org, FeedKind::Epss, view.known_at).await?;
        let mut found = Weaknesses {
            catalogue_of: catalogue.as_ref().map(|stored| stored.feed.published_on),
            scores_of: scores.as_ref().map(|stored| stored.feed.published_on),
            due_by_event: facts.kev_due.is_some(),
            more: facts.ties.cves.len().saturating_sub(WEAKNESSES_MAX),
            ..Weaknesses::default()
        };
        let mut due: Option<Timestamp> = None;
        for (place, cve) in facts.ties.cves.iter().enumerate() {
            let id = written(cve);
            let mut kev = None;
            if let Some(stored) = &catalogue {
                kev = enrichment::kev_of(conn, org, &id, stored.feed.published_on).await?;
                let given = kev.as_ref().and_then(|entry| due_of(entry, stored, view.as_of));
                due = due.into_iter().chain(given).min();
            }
            if place >= WEAKNESSES_MAX {
                continue;
            }
            let epss = match &scores {
                Some(stored) => enrichment::epss_of(conn, org, &id, stored.feed.published_on).await?,
                None => None,
            };
            found.rows.push(WeaknessKnown { cve: cve.to_string(), kev, epss });
        }
        facts.kev_due = facts.kev_due.or(due);
        Ok(found)
    }
}
