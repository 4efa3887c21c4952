//! How old is what each source told, and is its silence unusual?

use crate::{
    authorise::{Caller, Object, authorise, proof},
    error::ServiceError,
    question::answer_cache::AnswerKey,
    services::Services,
};
use domain::{
    id::OrgId,
    time::{DAY_SECONDS, Timestamp},
    view::View,
};
use metrics::ledger::Filter;
use std::{collections::BTreeMap, sync::Arc};
use store::{
    batch_spans, log_state,
    source_ages::{self, SourcePace},
    sources,
};

/// The last event of each source that told of any.
pub(crate) type LastEvents = BTreeMap<String, Timestamp>;

/// The rule in words, wherever it is applied.
pub const UNUSUAL_RULE: &str = "A silence is unusual when it is longer than three times the usual gap between the latest \
deliveries of a source, and longer than a day; before a third delivery, longer than seven days.";

/// A silence so many times as long as the usual gap is unusual.
const GAPS: i64 = 3;
/// Deliveries that show a gap which is usual: two gaps.
const DELIVERIES_MIN: u64 = 3;
/// Nobody is called silent within a day.
const SILENCE_MIN_SECONDS: i64 = DAY_SECONDS;
/// Where no gap is usual yet.
const SILENCE_WITHOUT_PACE_SECONDS: i64 = 7 * DAY_SECONDS;

/// One feed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SourceAge {
    /// The word it is known by.
    pub source: String,
    /// The last event it told of, in the view.
    pub last_event: Option<Timestamp>,
    /// When it was last heard, also where it told no news.
    pub last_received: Timestamp,
    /// How long it had been silent at the end of the view, in seconds.
    pub silent_seconds: i64,
    /// The usual gap between its latest deliveries; none before a third.
    pub usual_gap_seconds: Option<i64>,
    /// Whether that silence is unusual.
    pub is_unusual: bool,
}

impl SourceAge {
    fn of(pace: SourcePace, last_event: Option<Timestamp>, as_of: Timestamp) -> Self {
        let silent_seconds = as_of.since(pace.heard_at).max(0);
        let gaps = i64::try_from(pace.deliveries).unwrap_or(i64::MAX).saturating_sub(1);
        let usual_gap_seconds =
            (pace.deliveries >= DELIVERIES_MIN).then(|| pace.last_at.since(pace.first_at).max(0) / gaps);
        let bound = usual_gap_seconds
            .map_or(SILENCE_WITHOUT_PACE_SECONDS, |gap| gap.saturating_mul(GAPS).max(SILENCE_MIN_SECONDS));
        let is_unusual = silent_seconds > bound;
        Self {
            source: pace.source,
            last_event,
            last_received: pace.heard_at,
            silent_seconds,
            usual_gap_seconds,
            is_unusual,
        }
    }
}

impl Services {
    /// How old is what each source told, at the end of a view? The one that has been silent for longest comes first.
    ///
    /// # Errors
    /// Not allowed, or what the database said.
    pub async fn source_ages(&self, caller: &Caller, view: &View) -> Result<Vec<SourceAge>, ServiceError> {
        let granted = authorise::<proof::FiguresRead>(caller, Object::OwnOrg)?;
        let last_events = self.last_events(granted.org(), view).await?;
        let paces = {
            let mut tx = self.store().snapshot().await?;
            source_ages::all(&mut tx.conn(), granted.org()).await?
        };
        let age = |pace: SourcePace| {
            let last_event = last_events.get(&pace.source).copied();
            SourceAge::of(pace, last_event, view.as_of)
        };
        let mut ages: Vec<SourceAge> = paces.into_iter().map(age).collect();
        ages.sort_by(|one, other| {
            other.silent_seconds.cmp(&one.silent_seconds).then_with(|| one.source.cmp(&other.source))
        });
        Ok(ages)
    }

    /// The last event each source told of in a view, whoever told of its item first; looked for once as long as nothing
    /// is learnt.
    pub(super) async fn last_events(&self, org: OrgId, view: &View) -> Result<Arc<LastEvents>, ServiceError> {
        let mut tx = self.store().snapshot().await?;
        let conn = &mut tx.conn();
        let revision = log_state::read(conn, org).await?.revision;
        let key = AnswerKey { org, revision, filter: Filter::default(), moments: *view };
        if let Some(known) = self.last_events_kept().find(&key) {
            return Ok(known);
        }
        let mut found = LastEvents::new();
        for source in sources::list(conn, org).await? {
            let last = batch_spans::last_event(conn, org, source.id, view.as_of, view.known_at).await?;
            found.extend(last.map(|last| (source.slug, last)));
        }
        let found = Arc::new(found);
        self.last_events_kept().keep(key, found.clone());
        Ok(found)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn age(deliveries: u64, over_days: i64, silent_days: i64) -> SourceAge {
        let first_at = Timestamp::from_seconds(1_700_000_000);
        let last_at = first_at.plus(over_days * DAY_SECONDS);
        let pace = SourcePace { source: "jira".to_owned(), last_at, first_at, deliveries, heard_at: last_at };
        SourceAge::of(pace, None, last_at.plus(silent_days * DAY_SECONDS))
    }

    /// Five deliveries over 28 days: a gap of 7 days is usual, so 21 days of silence are not unusual and 22 are.
    #[test]
    fn a_silence_is_unusual_beyond_three_usual_gaps() {
        assert_eq!(age(5, 28, 21).usual_gap_seconds, Some(7 * DAY_SECONDS));
        assert!(!age(5, 28, 21).is_unusual);
        assert!(age(5, 28, 22).is_unusual);
    }

    #[test]
    fn a_feed_that_speaks_all_the_time_is_not_called_silent_within_a_day() {
        assert!(!age(100, 0, 1).is_unusual);
        assert!(age(100, 0, 2).is_unusual);
    }

    #[test]
    fn before_a_third_delivery_seven_days_are_given() {
        assert_eq!(age(2, 1, 7).usual_gap_seconds, None);
        assert!(!age(2, 1, 7).is_unusual);
        assert!(age(1, 0, 8).is_unusual);
    }

    #[test]
    fn a_view_that_ends_before_the_last_delivery_knows_no_silence() {
        assert_eq!((age(5, 28, -9).silent_seconds, age(5, 28, -9).is_unusual), (0, false));
    }
}
