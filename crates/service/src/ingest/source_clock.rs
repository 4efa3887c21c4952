//! Does the clock of a source run ahead? An event cannot be received before it happens, so what seems to be tells by how much.

use super::notes::Met;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use store::StoreError;

/// A clock so far ahead is no matter of rounding and of clocks that are kept in step.
pub const AHEAD_SECONDS_MIN: i64 = 60;
/// Sources named as examples of the rule.
const EXAMPLES_MAX: usize = 3;

/// Events of one source, and how far those were ahead that happened after they were received.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct SourceClock {
    /// How many events.
    pub events: u64,
    /// How many lay so many seconds ahead; at most 300, since what lies further ahead is held as `future`.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    ahead: BTreeMap<u16, u64>,
    /// The same of events from whose times something was subtracted, by how much: they are so much further ahead.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    put_right: BTreeMap<i64, BTreeMap<u16, u64>>,
}

/// A clock that runs ahead.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AheadBy {
    /// By how much: the 1 % quantile of received − at, as a positive number, and what was subtracted already. It is what to
    /// subtract in all.
    pub seconds: i64,
    /// What was subtracted already.
    pub subtracted: i64,
    /// Events that lay more than [`AHEAD_SECONDS_MIN`] ahead.
    pub beyond: u64,
    /// Of so many.
    pub events: u64,
}

impl SourceClock {
    /// Reads what is stored; where nothing was kept there is nothing.
    pub(crate) fn stored(text: &str) -> Result<Self, StoreError> {
        if text.is_empty() {
            return Ok(Self::default());
        }
        serde_json::from_str(text).map_err(|_| StoreError::damaged("what was counted of the clock of a source"))
    }

    pub(crate) fn to_stored(&self) -> Result<String, StoreError> {
        serde_json::to_string(self).map_err(|_| StoreError::damaged("what was counted of a clock cannot be written"))
    }

    /// Adds an event that was received so many seconds after it happened, once so many were subtracted.
    pub(crate) fn add(&mut self, lag: i64, subtracted: i64) {
        self.events += 1;
        if lag < 0 {
            *self.ahead_of(subtracted).entry(u16::try_from(-lag).unwrap_or(u16::MAX)).or_default() += 1;
        }
    }

    fn ahead_of(&mut self, subtracted: i64) -> &mut BTreeMap<u16, u64> {
        if subtracted == 0 { &mut self.ahead } else { self.put_right.entry(subtracted).or_default() }
    }

    /// Adds what was counted elsewhere.
    pub(crate) fn join(&mut self, other: &Self) {
        self.events += other.events;
        for (seconds, subtracted, count) in other.all_ahead() {
            *self.ahead_of(subtracted).entry(seconds).or_default() += count;
        }
    }

    /// How many lay how far ahead, once how much was subtracted.
    fn all_ahead(&self) -> impl Iterator<Item = (u16, i64, u64)> {
        let put_right = self.put_right.iter().map(|(subtracted, ahead)| (*subtracted, ahead));
        let all = std::iter::once((0, &self.ahead)).chain(put_right);
        all.flat_map(|(subtracted, ahead)| ahead.iter().map(move |(seconds, count)| (*seconds, subtracted, *count)))
    }

    /// By how much the clock seems to run ahead, where the rule is met: the 1 % quantile of received − at lies below −60 s.
    #[must_use]
    pub fn runs_ahead(&self) -> Option<AheadBy> {
        let mut left = self.events.div_ceil(100);
        let mut ahead: Vec<(u16, i64, u64)> = self.all_ahead().collect();
        ahead.sort_unstable();
        let (more, subtracted) = ahead.iter().rev().find_map(|(seconds, subtracted, count)| {
            let is_it = left <= *count;
            left = left.saturating_sub(*count);
            is_it.then_some((i64::from(*seconds), *subtracted))
        })?;
        let beyond = ahead.iter().filter(|(seconds, _, _)| i64::from(*seconds) > AHEAD_SECONDS_MIN);
        let beyond = beyond.map(|(_, _, count)| count).sum();
        let ahead = AheadBy { seconds: more + subtracted, subtracted, beyond, events: self.events };
        (more > AHEAD_SECONDS_MIN).then_some(ahead)
    }
}

impl AheadBy {
    /// What is proposed to a person.
    #[must_use]
    pub fn proposal(&self, source: &str) -> String {
        let by = format!("{} of {} events by more than {AHEAD_SECONDS_MIN} s", self.beyond, self.events);
        format!("`{source}`, whose clock seems {} s ahead ({by}): {}", self.more(), self.advice())
    }

    /// By how much it still seems to run ahead, with what is subtracted already.
    #[must_use]
    pub const fn more(&self) -> i64 {
        self.seconds - self.subtracted
    }

    /// What to do about it.
    #[must_use]
    pub fn advice(&self) -> String {
        match self.subtracted {
            0 => format!("subtract {} s", self.seconds),
            _ => format!("subtract {} s more ({} s in all)", self.more(), self.seconds),
        }
    }
}

/// How often the rule `clock_skew` is met by these clocks: once by each event that lies more than a minute ahead, of the
/// sources whose clock runs ahead.
pub(crate) fn skew_met<'c>(clocks: impl IntoIterator<Item = (&'c str, &'c SourceClock)>) -> Option<Met> {
    let mut met = Met::default();
    for (source, clock) in clocks {
        let Some(ahead) = clock.runs_ahead() else { continue };
        met.count += ahead.beyond;
        if met.examples.len() < EXAMPLES_MAX {
            met.examples.push(ahead.proposal(source));
        }
    }
    (met.count > 0).then_some(met)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn clock(lags: &[(i64, u64)]) -> SourceClock {
        let mut clock = SourceClock::default();
        lags.iter().for_each(|(lag, count)| (0..*count).for_each(|_| clock.add(*lag, 0)));
        clock
    }

    #[test]
    fn a_clock_runs_ahead_where_a_hundredth_of_its_events_lies_more_than_a_minute_ahead() {
        assert_eq!(clock(&[]).runs_ahead(), None);
        assert_eq!(clock(&[(3, 50), (0, 50)]).runs_ahead(), None);
        assert_eq!(clock(&[(-60, 100)]).runs_ahead(), None, "below −60 s, not at it");
        let just = AheadBy { seconds: 61, subtracted: 0, beyond: 1, events: 100 };
        assert_eq!(clock(&[(-61, 1), (5, 99)]).runs_ahead(), Some(just));
        assert_eq!(clock(&[(-61, 1), (5, 100)]).runs_ahead(), None, "one of 101 is less than a hundredth");
        let far = clock(&[(-290, 1), (-125, 120), (-40, 9), (2, 1_870)]);
        assert_eq!(far.runs_ahead(), Some(AheadBy { seconds: 125, subtracted: 0, beyond: 121, events: 2_000 }));
    }

    #[test]
    fn what_is_counted_in_two_places_is_counted_as_in_one() {
        let mut joined = clock(&[(-70, 2), (5, 10)]);
        joined.join(&clock(&[(-70, 1), (-200, 1), (0, 3)]));
        assert_eq!(joined, clock(&[(-200, 1), (-70, 3), (0, 13)]));
    }

    #[test]
    fn what_is_proposed_is_all_that_is_to_be_subtracted() {
        let mut put_right = SourceClock::default();
        (0..10).for_each(|_| put_right.add(-100, 120));
        let stored = SourceClock::stored(&put_right.to_stored().unwrap()).unwrap();
        let ahead = stored.runs_ahead().unwrap();
        assert_eq!((ahead.seconds, ahead.subtracted), (220, 120));
        let says = "`a`, whose clock seems 100 s ahead (10 of 10 events by more than 60 s): subtract 100 s more (220 s in all)";
        assert_eq!(ahead.proposal("a"), says);
        // Before it was decided and after it on one day: what is ahead was not put right.
        let mut day = clock(&[(-120, 10)]);
        let mut after = SourceClock::default();
        (0..90).for_each(|_| after.add(-1, 120));
        day.join(&after);
        assert_eq!(day.runs_ahead(), Some(AheadBy { seconds: 120, subtracted: 0, beyond: 10, events: 100 }));
    }

    #[test]
    fn the_rule_counts_the_events_of_the_sources_that_meet_it_and_names_what_to_subtract() {
        let (ahead, right) = (clock(&[(-100, 5), (1, 5)]), clock(&[(1, 500), (-100, 1)]));
        let met = skew_met([("a", &ahead), ("b", &right)]).unwrap();
        assert_eq!(met.count, 5);
        assert_eq!(
            met.examples,
            ["`a`, whose clock seems 100 s ahead (5 of 10 events by more than 60 s): subtract 100 s"]
        );
        assert_eq!(skew_met([("b", &right)]), None);
    }
}
