//! How many were at risk, and how many ended, at each age? Integers only, so that any order gives the same bits.

use super::row::Row;
use crate::real::count_of;

/// One age at which somebody ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AgeRow {
    /// The age in seconds.
    pub age: i64,
    /// How many ended at it.
    pub ended: u64,
    /// How many were under watch and still open just before it.
    pub at_risk: u64,
}

/// Ended and at risk at every age at which somebody ended, youngest first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LifeTable {
    ages: Vec<AgeRow>,
    rows: u64,
    ended: u64,
    entered_late: bool,
    last_age: i64,
    entries: Vec<i64>,
    exits: Vec<i64>,
}

impl LifeTable {
    /// The table of some rows, in any order.
    #[must_use]
    pub fn of(rows: &[Row]) -> Self {
        let entries = rows.iter().map(|row| row.entry).collect();
        let exits = rows.iter().map(|row| row.exit).collect();
        Self::of_ages(entries, exits, rows.iter().filter(|row| row.ended).map(|row| row.exit).collect())
    }

    /// The table of those who entered, left and ended at some ages, in any order; whoever ended has left as well.
    #[must_use]
    pub fn of_ages(mut entries: Vec<i64>, mut exits: Vec<i64>, mut ends: Vec<i64>) -> Self {
        entries.sort_unstable();
        exits.sort_unstable();
        ends.sort_unstable();
        let mut table = Self {
            ages: Vec::new(),
            rows: count_of(entries.len()),
            ended: count_of(ends.len()),
            entered_late: entries.last().is_some_and(|entry| *entry > 0),
            last_age: exits.last().copied().unwrap_or_default(),
            entries,
            exits,
        };
        for same_age in ends.chunk_by(|one, other| one == other) {
            let Some(age) = same_age.first().copied() else { continue };
            let at_risk = table.at_risk(age);
            table.ages.push(AgeRow { age, ended: count_of(same_age.len()), at_risk });
        }
        table
    }

    /// How many were under watch and still open just before this age: `entry < age <= exit`.
    #[must_use]
    pub fn at_risk(&self, age: i64) -> u64 {
        let entered = self.entries.partition_point(|entry| *entry < age);
        let left = self.exits.partition_point(|exit| *exit < age);
        count_of(entered.saturating_sub(left))
    }

    /// The ages at which somebody ended.
    #[must_use]
    pub fn ages(&self) -> &[AgeRow] {
        &self.ages
    }

    /// How many rows there are.
    #[must_use]
    pub const fn rows(&self) -> u64 {
        self.rows
    }

    /// How many of them ended.
    #[must_use]
    pub const fn ended(&self) -> u64 {
        self.ended
    }

    /// Whether some row came under watch after its start.
    #[must_use]
    pub const fn entered_late(&self) -> bool {
        self.entered_late
    }

    /// The oldest age at which anybody was watched.
    #[must_use]
    pub const fn last_age(&self) -> i64 {
        self.last_age
    }
}
