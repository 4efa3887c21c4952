//! How do life tables add up, shrink and grow old? Counts with a sign: a correction takes the old fact away and adds the
//! new one, parts merge by addition, and the end of the view enters only when somebody asks (methods.md 2.9).
//!
//! The unit is the caller's: the same integers serve seconds and whole days.

use super::life_table::{LifeTable, Watched};
use domain::fact::Cause;
use std::collections::BTreeMap;

/// One spell as a tally takes it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Spell {
    /// When it started.
    pub start: i64,
    /// Age at which watching began.
    pub entry: i64,
    /// Age and cause of its end; `None` while it lasts.
    pub end: Option<(i64, Cause)>,
}

/// Whether a fact is told or taken back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sign {
    /// It is told.
    Told,
    /// It was told and is taken back.
    TakenBack,
}

/// Ended by age and cause, open by start, entered by age. Counts may pass below nought while corrections arrive.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    resolved: BTreeMap<(i64, Cause), i64>,
    open: BTreeMap<i64, i64>,
    entered: BTreeMap<i64, i64>,
}

impl Tally {
    /// Adds a spell, or takes it back. One that was over before anybody watched leaves no trace.
    pub fn add(&mut self, spell: &Spell, sign: Sign) {
        let count = match sign {
            Sign::Told => 1,
            Sign::TakenBack => -1,
        };
        match spell.end {
            Some((age, _)) if age <= spell.entry => return,
            Some((age, cause)) => change(&mut self.resolved, (age, cause), count),
            None => change(&mut self.open, spell.start, count),
        }
        change(&mut self.entered, spell.entry, count);
    }

    /// Adds the counts of another part.
    pub fn merge(&mut self, other: &Self) {
        other.resolved.iter().for_each(|(key, count)| change(&mut self.resolved, *key, *count));
        other.open.iter().for_each(|(key, count)| change(&mut self.open, *key, *count));
        other.entered.iter().for_each(|(key, count)| change(&mut self.entered, *key, *count));
    }

    /// Ended by age and cause, in order.
    pub fn resolved(&self) -> impl Iterator<Item = (i64, Cause, i64)> + '_ {
        self.resolved.iter().map(|((age, cause), count)| (*age, *cause, *count))
    }

    /// Open by start, in order.
    pub fn open(&self) -> impl Iterator<Item = (i64, i64)> + '_ {
        self.open.iter().map(|(start, count)| (*start, *count))
    }

    /// Entered by age, in order.
    pub fn entered(&self) -> impl Iterator<Item = (i64, i64)> + '_ {
        self.entered.iter().map(|(age, count)| (*age, *count))
    }

    /// The life table at a moment: what is open then has been watched that long, and at least one unit.
    #[must_use]
    pub fn table_at(&self, moment: i64) -> LifeTable {
        let rows = self.entered().map(|(_, count)| positive(count)).sum();
        let ends = self.resolved().map(|(age, _, count)| (age, positive(count)));
        let still_open = self.open.iter().rev().map(|(start, count)| ((moment - start).max(1), positive(*count)));
        let late = self.entered().filter(|(age, _)| *age > 0).map(|(age, count)| (age, positive(count)));
        LifeTable::over(Watched::of(rows, still_open, late), ends)
    }
}

/// A count of nought leaves no trace, so that every telling of the same facts ends in the same table.
fn change<K: Ord + Copy>(counts: &mut BTreeMap<K, i64>, key: K, by: i64) {
    let known = counts.entry(key).or_default();
    *known += by;
    if *known == 0 {
        counts.remove(&key);
    }
}

/// A count below nought is of nobody yet.
fn positive(count: i64) -> u64 {
    u64::try_from(count).unwrap_or_default()
}
