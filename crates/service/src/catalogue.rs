//! Which deadline does the catalogue of exploited weaknesses give an item? Of what was published by the moment of knowledge,
//! the entries that stood in it by the end of the view. A deadline that an event gives counts before it.

use domain::{
    day::Day,
    enrichment::{Feed, FeedKind, KevEntry},
    fact::ItemFacts,
    id::OrgId,
    time::Timestamp,
};
use std::collections::BTreeMap;
use store::{
    Conn, StoreError,
    enrichment::{self, StoredFeed},
};

/// The catalogue as one moment knew it. Without one there is no deadline.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Catalogue {
    stored: Option<StoredFeed>,
    /// By the id of the weakness.
    entries: BTreeMap<String, Listing>,
}

/// What the catalogue says of one weakness.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Listing {
    since: Day,
    due: Day,
}

impl Listing {
    fn of(entry: &KevEntry, out_on: Day) -> Option<Self> {
        Some(Self { since: entry.added_on.min(out_on), due: entry.due_on? })
    }

    fn due(self, as_of: Timestamp) -> Option<Timestamp> {
        (self.since.start() < as_of).then(|| self.due.end())
    }
}

impl Catalogue {
    /// The catalogue as it was published by a moment.
    pub(crate) async fn known_at(conn: &mut Conn<'_>, org: OrgId, known_at: Timestamp) -> Result<Self, StoreError> {
        let stored = feed_known_at(conn, org, FeedKind::Kev, known_at).await?;
        Self::read(conn, org, stored).await
    }

    /// The newest catalogue, where it is another than this one.
    pub(crate) async fn newer(&self, conn: &mut Conn<'_>, org: OrgId) -> Result<Option<Self>, StoreError> {
        let stored = enrichment::newest(conn, org, FeedKind::Kev, Day::from_number(i64::MAX)).await?;
        if stored == self.stored {
            return Ok(None);
        }
        Self::read(conn, org, stored).await.map(Some)
    }

    async fn read(conn: &mut Conn<'_>, org: OrgId, stored: Option<StoredFeed>) -> Result<Self, StoreError> {
        let Some(feed) = &stored else { return Ok(Self::default()) };
        let out_on = out_on(feed);
        let listed = enrichment::kev_listed(conn, org, feed.feed.published_on).await?;
        let entries = listed.into_iter().filter_map(|entry| Some((Listing::of(&entry, out_on)?, entry.cve)));
        let entries = entries.map(|(listing, cve)| (cve, listing)).collect();
        Ok(Self { stored, entries })
    }

    /// The moment before which a view may see less than all of it.
    pub(crate) fn out_at(&self) -> Option<Timestamp> {
        self.stored.as_ref().map(|stored| out_on(stored).start())
    }

    /// The earliest deadline of some weaknesses in a view that ends at `as_of`.
    pub(crate) fn due(&self, cves: &[Box<str>], as_of: Timestamp) -> Option<Timestamp> {
        let listed = cves.iter().filter_map(|cve| self.entries.get(&written(cve)));
        listed.filter_map(|listing| listing.due(as_of)).min()
    }

    /// Gives facts the deadline of the catalogue, where no event gave one.
    pub(crate) fn join(&self, facts: &mut ItemFacts, as_of: Timestamp) {
        facts.kev_due = facts.kev_due.or_else(|| self.due(&facts.ties.cves, as_of));
    }
}

/// The deadline one entry gives in a view, by the feed it stands in.
pub(crate) fn due_of(entry: &KevEntry, stored: &StoredFeed, as_of: Timestamp) -> Option<Timestamp> {
    Listing::of(entry, out_on(stored))?.due(as_of)
}

/// The id of a weakness as feeds write it.
pub(crate) fn written(cve: &str) -> String {
    cve.trim().to_ascii_uppercase()
}

/// A feed may be dated one day ahead: it was out when it was received.
fn out_on(stored: &StoredFeed) -> Day {
    stored.feed.published_on.min(Day::of(stored.received_at))
}

/// The newest feed of a kind that was out by a moment.
pub(crate) async fn feed_known_at(
    conn: &mut Conn<'_>,
    org: OrgId,
    kind: FeedKind,
    known_at: Timestamp,
) -> Result<Option<StoredFeed>, StoreError> {
    let day = Day::of(known_at);
    match enrichment::newest(conn, org, kind, day.plus(1)).await? {
        Some(ahead) if out_on(&ahead) > day => enrichment::newest(conn, org, kind, day).await,
        found => Ok(found),
    }
}

/// Which state of the catalogue a moment knew.
pub(crate) async fn published_by(
    conn: &mut Conn<'_>,
    org: OrgId,
    known_at: Timestamp,
) -> Result<Option<Feed>, StoreError> {
    Ok(feed_known_at(conn, org, FeedKind::Kev, known_at).await?.map(|stored| stored.feed))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Day {
        text.parse().unwrap()
    }

    fn catalogue(published_on: &str, received_on: &str, listed: &[(&str, &str, &str)]) -> Catalogue {
        let feed = Feed { kind: FeedKind::Kev, version: None, published_on: day(published_on) };
        let listing =
            |(cve, since, due): &(&str, &str, &str)| ((*cve).to_owned(), Listing { since: day(since), due: day(due) });
        let stored = Some(StoredFeed { feed, received_at: day(received_on).start() });
        Catalogue { stored, entries: listed.iter().map(listing).collect() }
    }

    #[test]
    fn the_earliest_deadline_counts_from_the_day_its_entry_was_added() {
        let listed = [("CVE-2026-0001", "2026-03-01", "2026-03-22"), ("CVE-2026-0002", "2026-03-05", "2026-03-10")];
        let known = catalogue("2026-03-06", "2026-03-06", &listed);
        let both: Vec<Box<str>> = vec!["cve-2026-0001".into(), " CVE-2026-0002 ".into(), "CVE-2026-9999".into()];
        let at = |text: &str| Timestamp::parse(text).unwrap();
        assert_eq!(known.due(&both, at("2026-03-01T00:00:00Z")), None, "the view ends before the first was added");
        assert_eq!(known.due(&both, at("2026-03-04T00:00:00Z")), Some(at("2026-03-22T23:59:59Z")));
        assert_eq!(known.due(&both, at("2026-03-06T00:00:00Z")), Some(at("2026-03-10T23:59:59Z")));
        assert_eq!(known.due(&[], at("2026-03-06T00:00:00Z")), None);
    }

    #[test]
    fn a_catalogue_dated_ahead_is_out_when_it_was_received() {
        let ahead = catalogue("2026-03-07", "2026-03-06", &[]);
        assert_eq!(ahead.out_at(), Some(day("2026-03-06").start()));
        let late = catalogue("2026-03-01", "2026-03-06", &[]);
        assert_eq!(late.out_at(), Some(day("2026-03-01").start()), "what was published was known");
    }
}
