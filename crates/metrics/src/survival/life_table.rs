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
    last_age: i64,
    /// Who came under watch after its start, by the age at which it did.
    late: RunningCount,
    /// Who was still open when last seen, by that age.
    censored: RunningCount,
}

/// What a life table is made of: each list holds ages with how many, youngest first.
#[derive(Clone, Debug, Default)]
pub struct AgeCounts<E, C, L> {
    /// Ages at which some ended.
    pub ended: E,
    /// Ages at which some were last seen open.
    pub censored: C,
    /// Ages above 0 at which some came under watch.
    pub late: L,
    /// How many rows there are, those watched from their start among them.
    pub rows: u64,
}

impl LifeTable {
    /// The table of some rows, in any order.
    #[must_use]
    pub fn of(rows: &[Row]) -> Self {
        let sorted = |keep: &dyn Fn(&Row) -> Option<i64>| {
            let mut ages: Vec<i64> = rows.iter().filter_map(keep).collect();
            ages.sort_unstable();
            ages.into_iter().map(|age| (age, 1))
        };
        Self::of_counts(AgeCounts {
            ended: sorted(&|row| row.ended.then_some(row.exit)),
            censored: sorted(&|row| (!row.ended).then_some(row.exit)),
            late: sorted(&|row| (row.entry > 0).then_some(row.entry)),
            rows: count_of(rows.len()),
        })
    }

    /// The table of ages that are in order already; equal ages may come in several pieces.
    #[must_use]
    pub fn of_counts<E, C, L>(counts: AgeCounts<E, C, L>) -> Self
    where
        E: IntoIterator<Item = (i64, u64)>,
        C: IntoIterator<Item = (i64, u64)>,
        L: IntoIterator<Item = (i64, u64)>,
    {
        let (censored, late) = (RunningCount::of(counts.censored), RunningCount::of(counts.late));
        let mut table = Self { rows: counts.rows, late, censored, ..Self::default() };
        let (mut entered, mut left) = (Steps::over(&table.late), Steps::over(&table.censored));
        let on_time = table.rows.saturating_sub(table.late.total());
        let mut ages: Vec<AgeRow> = Vec::new();
        for (age, ended) in counts.ended {
            table.ended += ended;
            match ages.last_mut().filter(|last| last.age == age) {
                Some(last) => last.ended += ended,
                None => {
                    let gone = table.ended - ended + left.before(age);
                    let at_risk = (on_time + entered.before(age)).saturating_sub(gone);
                    ages.push(AgeRow { age, ended, at_risk });
                }
            }
        }
        let last_end = ages.last().map_or(0, |row| row.age);
        table.last_age = last_end.max(table.censored.last_age());
        table.ages = ages;
        table
    }

    /// How many were under watch and still open just before this age: `entry < age <= exit`.
    #[must_use]
    pub fn at_risk(&self, age: i64) -> u64 {
        if age <= 0 {
            return 0;
        }
        let entered = self.rows.saturating_sub(self.late.total()) + self.late.before(age);
        // The next age at which somebody ended knows how many had ended before it.
        let next = self.ages.get(self.ages.partition_point(|row| row.age < age));
        let ended_before = next.map_or(self.ended, |next| {
            let entered_by_then = self.rows.saturating_sub(self.late.total()) + self.late.before(next.age);
            entered_by_then.saturating_sub(self.censored.before(next.age) + next.at_risk)
        });
        entered.saturating_sub(ended_before + self.censored.before(age))
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

    /// The ages at which some were last seen open, youngest first, with how many.
    pub fn censored(&self) -> impl Iterator<Item = (i64, u64)> + '_ {
        self.censored.iter()
    }

    /// Whether some row came under watch after its start.
    #[must_use]
    pub fn entered_late(&self) -> bool {
        self.late.total() > 0
    }

    /// The oldest age at which anybody was watched.
    #[must_use]
    pub const fn last_age(&self) -> i64 {
        self.last_age
    }

    /// The ages of those that ended, added up.
    #[must_use]
    pub fn ended_seconds(&self) -> i64 {
        self.ages.iter().map(|row| row.age * i64::try_from(row.ended).unwrap_or(i64::MAX)).sum()
    }
}

/// How many up to and with each age.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct RunningCount(Vec<(i64, u64)>);

impl RunningCount {
    fn of(counts: impl IntoIterator<Item = (i64, u64)>) -> Self {
        let mut sums: Vec<(i64, u64)> = Vec::new();
        let mut total = 0;
        for (age, count) in counts {
            total += count;
            match sums.last_mut().filter(|last| last.0 == age) {
                Some(last) => last.1 = total,
                None => sums.push((age, total)),
            }
        }
        Self(sums)
    }

    fn total(&self) -> u64 {
        self.0.last().map_or(0, |last| last.1)
    }

    fn last_age(&self) -> i64 {
        self.0.last().map_or(0, |last| last.0)
    }

    fn before(&self, age: i64) -> u64 {
        let after = self.0.partition_point(|known| known.0 < age);
        after.checked_sub(1).and_then(|place| self.0.get(place)).map_or(0, |last| last.1)
    }

    fn iter(&self) -> impl Iterator<Item = (i64, u64)> + '_ {
        let mut before = 0;
        self.0.iter().map(move |(age, total)| (*age, total - std::mem::replace(&mut before, *total)))
    }
}

/// Walks along a running count: the ages asked for only rise.
struct Steps<'a> {
    rest: std::slice::Iter<'a, (i64, u64)>,
    so_far: u64,
}

impl<'a> Steps<'a> {
    fn over(counts: &'a RunningCount) -> Self {
        Self { rest: counts.0.iter(), so_far: 0 }
    }

    fn before(&mut self, age: i64) -> u64 {
        while let Some((known, total)) = self.rest.as_slice().first()
            && *known < age
        {
            self.so_far = *total;
            self.rest.next();
        }
        self.so_far
    }
}
