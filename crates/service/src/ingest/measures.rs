//! What do the times of the events of one import say? Counted while events are added, a few comparisons for each, and written
//! with how far the import has come: one that was killed and goes on counts nothing twice.

use super::{prepare::PreparedEvent, source_clock::SourceClock, spread::Spread};
use domain::{
    event::Certainty,
    time::{DAY_SECONDS, Timestamp},
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use store::StoreError;

/// What is received later than this after it happened is late: a figure of a day that was over has changed by it.
pub const LATE_SECONDS: i64 = DAY_SECONDS;

/// What the times of some events say.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Measures {
    /// How many events: what everything else is a part of.
    pub events: u64,
    first_at: Option<i64>,
    last_at: Option<i64>,
    /// How sure their sources are of the moment.
    pub certainty: ByCertainty,
    /// Events received more than [`LATE_SECONDS`] after they happened.
    pub late: u64,
    /// Events that happened before one that stands in an earlier line of the same source.
    pub out_of_order: u64,
    /// Seconds from happening to being received.
    pub spread: Spread,
    sources: BTreeMap<String, OfSource>,
    /// Items of which nothing else counted when the import was published; none before that.
    pub items_new: Option<u64>,
}

/// Events by how sure their sources are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ByCertainty {
    /// The source recorded this moment.
    pub observed: u64,
    /// It follows exactly from recorded fields.
    pub derived: u64,
    /// Deduced from absence, order or "last changed".
    pub inferred: u64,
}

/// The events of one source.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
struct OfSource {
    newest_at: Option<i64>,
    clock: SourceClock,
}

impl Measures {
    /// Reads measures as they are stored; where none were kept there is nothing.
    pub(crate) fn stored(text: &str) -> Result<Option<Self>, StoreError> {
        if text.is_empty() {
            return Ok(None);
        }
        serde_json::from_str(text).map(Some).map_err(|_| StoreError::damaged("what was measured of an import"))
    }

    pub(crate) fn to_stored(&self) -> Result<String, StoreError> {
        serde_json::to_string(self).map_err(|_| StoreError::damaged("what was measured of an import cannot be written"))
    }

    /// With how many items are told of first, once it is published.
    pub(crate) fn with_new_items(self, items: u64) -> Self {
        Self { items_new: Some(items), ..self }
    }

    /// When the first and the last of them happened.
    #[must_use]
    pub fn moments(&self) -> Option<(Timestamp, Timestamp)> {
        Some((Timestamp::from_seconds(self.first_at?), Timestamp::from_seconds(self.last_at?)))
    }

    /// The clocks of their sources, by name.
    pub fn clocks(&self) -> impl Iterator<Item = (&str, &SourceClock)> {
        self.sources.iter().map(|(name, source)| (name.as_str(), &source.clock))
    }
}

/// Events of one source that are being added.
#[derive(Default)]
pub(crate) struct Tally {
    /// Of these events alone, but for what is said of their source and their spread.
    sum: Measures,
    of_source: OfSource,
    /// What was subtracted from their times.
    subtracted: i64,
    /// By step; a list while they come, since a search in a tree for each would cost more than all else.
    steps: Vec<u32>,
}

impl Tally {
    /// Goes on with the source behind what was measured before.
    pub(crate) fn begin(measures: &Measures, source: &str, subtracted: i64) -> Self {
        let of_source = measures.sources.get(source).cloned().unwrap_or_default();
        Self { of_source, subtracted, ..Self::default() }
    }

    pub(crate) fn add(&mut self, event: &PreparedEvent) {
        self.count(event.at, event.received_at, event.certainty);
    }

    pub(crate) fn count(&mut self, at: Timestamp, received_at: Timestamp, certainty: Certainty) {
        let (seconds, lag) = (at.seconds(), received_at.since(at));
        let sum = &mut self.sum;
        sum.events += 1;
        match certainty {
            Certainty::Observed => sum.certainty.observed += 1,
            Certainty::Derived => sum.certainty.derived += 1,
            Certainty::Inferred => sum.certainty.inferred += 1,
        }
        sum.first_at = Some(sum.first_at.map_or(seconds, |first| first.min(seconds)));
        sum.last_at = Some(sum.last_at.map_or(seconds, |last| last.max(seconds)));
        sum.late += u64::from(lag > LATE_SECONDS);
        let newest = self.of_source.newest_at.unwrap_or(seconds);
        sum.out_of_order += u64::from(seconds < newest);
        self.of_source.newest_at = Some(newest.max(seconds));
        self.of_source.clock.add(lag, self.subtracted);
        let step = usize::from(Spread::step_of(lag));
        if self.steps.len() <= step {
            self.steps.resize(step + 1, 0);
        }
        if let Some(count) = self.steps.get_mut(step) {
            *count += 1;
        }
    }

    /// Adds what was counted to the measures.
    pub(crate) fn end(self, measures: &mut Measures, source: &str) {
        let Self { sum, of_source, steps, .. } = self;
        if sum.events == 0 {
            return;
        }
        measures.events += sum.events;
        measures.first_at = measures.first_at.into_iter().chain(sum.first_at).min();
        measures.last_at = measures.last_at.max(sum.last_at);
        measures.certainty.observed += sum.certainty.observed;
        measures.certainty.derived += sum.certainty.derived;
        measures.certainty.inferred += sum.certainty.inferred;
        measures.late += sum.late;
        measures.out_of_order += sum.out_of_order;
        measures.sources.insert(source.to_owned(), of_source);
        for (step, count) in steps.into_iter().enumerate() {
            measures.spread.add(u16::try_from(step).unwrap_or(u16::MAX), u64::from(count));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// An event of one of two sources: when it happened, how much later it was received, how sure it is.
    type Event = (bool, i64, i64, u8);

    const NAMES: [&str; 2] = ["a", "b"];

    fn add(measures: &mut Measures, events: &[Event]) {
        for (name, is_second) in NAMES.iter().zip([false, true]) {
            let mut tally = Tally::begin(measures, name, 0);
            for (_, at, lag, sure) in events.iter().filter(|event| event.0 == is_second) {
                let certainty = [Certainty::Observed, Certainty::Derived, Certainty::Inferred][usize::from(*sure)];
                tally.count(Timestamp::from_seconds(*at), Timestamp::from_seconds(at + lag), certainty);
            }
            tally.end(measures, name);
        }
    }

    fn measured(pieces: &[&[Event]]) -> Measures {
        let mut measures = Measures::default();
        for piece in pieces {
            add(&mut measures, piece);
            // As an import goes on that was killed behind any piece.
            measures = Measures::stored(&measures.to_stored().unwrap()).unwrap().unwrap();
        }
        measures
    }

    #[test]
    fn each_figure_counts_what_it_says() {
        let day = DAY_SECONDS;
        let events: [Event; 6] = [
            (false, 100, day, 0),
            (false, 300, day + 1, 1),
            (false, 200, -70, 2),
            (true, 50, 5, 0),
            (false, 300, 5, 0),
            (false, 299, 5, 0),
        ];
        let all = measured(&[&events]);
        assert_eq!((all.events, all.late, all.out_of_order), (6, 1, 2));
        assert_eq!(all.certainty, ByCertainty { observed: 4, derived: 1, inferred: 1 });
        assert_eq!(all.moments(), Some((Timestamp::from_seconds(50), Timestamp::from_seconds(300))));
        assert_eq!(all.spread.hundredth(), Some(-70));
        let clocks: Vec<_> =
            all.clocks().map(|(name, clock)| (name, clock.events, clock.runs_ahead().is_some())).collect();
        assert_eq!(clocks, [("a", 5, true), ("b", 1, false)]);
        assert_eq!(measured(&[]), Measures::default());
        assert_eq!(Measures::default().moments(), None);
        assert_eq!(Measures::stored("").unwrap(), None);
        assert!(Measures::stored("{").is_err());
    }

    proptest! {
        #[test]
        fn where_a_file_is_cut_into_pieces_changes_nothing(
            events in proptest::collection::vec((any::<bool>(), 0_i64..1_000, -300_i64..200_000, 0_u8..3), 0..60),
            cuts in proptest::collection::vec(0_usize..60, 0..5),
        ) {
            let mut cuts: Vec<usize> = cuts.into_iter().map(|cut| cut.min(events.len())).collect();
            cuts.sort_unstable();
            let (mut pieces, mut from) = (Vec::new(), 0);
            for cut in cuts.into_iter().chain([events.len()]) {
                pieces.push(&events[from..cut]);
                from = cut;
            }
            prop_assert_eq!(measured(&pieces), measured(&[&events]));
        }
    }
}
