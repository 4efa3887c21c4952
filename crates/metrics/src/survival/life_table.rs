//! How many were at risk, and how many ended, at each age? Integers only, so that any order gives the same bits.

use super::{ages::Ages, row::Row};
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
    ended: u64,
    last_age: i64,
    watched: Watched,
}

impl LifeTable {
    /// The table of some rows, in any order.
    #[must_use]
    pub fn of(rows: &[Row]) -> Self {
        let (watched, ended) = in_order(rows);
        Self::over(watched, ended)
    }

    /// The table of those watched, and of ages at which some ended, in order; equal ages may come in several pieces.
    pub(crate) fn over(watched: Watched, ended: impl IntoIterator<Item = (i64, u64)>) -> Self {
        let mut going = watched.going();
        let mut all_ended = 0;
        let ended = ended.into_iter();
        let mut ages: Vec<AgeRow> = Vec::with_capacity(ended.size_hint().1.unwrap_or_default());
        for (age, ended) in ended {
            match ages.last_mut().filter(|last| last.age == age) {
                Some(last) => last.ended += ended,
                None => ages.push(AgeRow { age, ended, at_risk: going.at_risk(age, all_ended) }),
            }
            all_ended += ended;
        }
        let last_age = ages.last().map_or(0, |row| row.age).max(watched.last_censored());
        Self { ages, ended: all_ended, last_age, watched }
    }

    /// How many were under watch and still open just before this age: `entry < age <= exit`.
    #[must_use]
    pub fn at_risk(&self, age: i64) -> u64 {
        if age <= 0 {
            return 0;
        }
        // The next age at which somebody ended knows how many had ended before it.
        let next = self.ages.get(self.ages.partition_point(|row| row.age < age));
        let ended_before = next.map_or(self.ended, |next| {
            self.watched.entered_before(next.age).saturating_sub(self.watched.censored.before(next.age) + next.at_risk)
        });
        self.watched.entered_before(age).saturating_sub(ended_before + self.watched.censored.before(age))
    }

    /// The ages at which somebody ended.
    #[must_use]
    pub fn ages(&self) -> &[AgeRow] {
        &self.ages
    }

    /// How many rows there are.
    #[must_use]
    pub const fn rows(&self) -> u64 {
        self.watched.rows
    }

    /// How many of them ended.
    #[must_use]
    pub const fn ended(&self) -> u64 {
        self.ended
    }

    /// The ages at which some were last seen open, youngest first, with how many.
    pub fn censored(&self) -> impl Iterator<Item = (i64, u64)> + '_ {
        self.watched.censored.iter()
    }

    /// Who comes under watch late, and who leaves it open.
    pub(crate) const fn watched(&self) -> &Watched {
        &self.watched
    }

    /// Whether some row came under watch after its start.
    #[must_use]
    pub fn entered_late(&self) -> bool {
        self.watched.entered_late()
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

/// Who is watched, and the ages at which rows ended, youngest first with how many.
pub(crate) fn in_order(rows: &[Row]) -> (Watched, impl Iterator<Item = (i64, u64)>) {
    let (mut ended, mut censored, mut late) = (Ages::with_capacity(rows.len()), Ages::default(), Ages::default());
    for row in rows {
        if row.ended { &mut ended } else { &mut censored }.push(row.exit);
        if row.entry > 0 {
            late.push(row.entry);
        }
    }
    (Watched::of(count_of(rows.len()), censored.counted(), late.counted()), ended.counted())
}

/// Who comes under watch late, and who leaves it open: with those who ended, who is at risk at an age.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Watched {
    rows: u64,
    late: RunningCount,
    censored: RunningCount,
}

impl Watched {
    /// From ages in order.
    pub(crate) fn of(
        rows: u64,
        censored: impl IntoIterator<Item = (i64, u64)>,
        late: impl IntoIterator<Item = (i64, u64)>,
    ) -> Self {
        Self { rows, late: RunningCount::of(late), censored: RunningCount::of(censored) }
    }

    /// Whether some row came under watch after its start.
    pub(crate) fn entered_late(&self) -> bool {
        self.late.total() > 0
    }

    /// How many rows there are.
    pub(crate) const fn rows(&self) -> u64 {
        self.rows
    }

    /// The oldest age at which one was last seen open.
    pub(crate) fn last_censored(&self) -> i64 {
        self.censored.last_age()
    }

    fn entered_before(&self, age: i64) -> u64 {
        self.rows.saturating_sub(self.late.total()) + self.late.before(age)
    }

    /// Walks from age to age, which may only rise.
    pub(crate) fn going(&self) -> Going<'_> {
        let on_time = self.rows.saturating_sub(self.late.total());
        Going { on_time, entered: Steps::over(&self.late), left: Steps::over(&self.censored) }
    }
}

/// A walk from age to age.
pub(crate) struct Going<'a> {
    on_time: u64,
    entered: Steps<'a>,
    left: Steps<'a>,
}

impl Going<'_> {
    /// How many are at risk at the next age, of whom so many have ended before it.
    pub(crate) fn at_risk(&mut self, age: i64, ended_before: u64) -> u64 {
        (self.on_time + self.entered.before(age)).saturating_sub(ended_before + self.left.before(age))
    }
}

/// How many up to and with each age.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct RunningCount(Vec<(i64, u64)>);

impl RunningCount {
    fn of(counts: impl IntoIterator<Item = (i64, u64)>) -> Self {
        let counts = counts.into_iter();
        let mut sums: Vec<(i64, u64)> = Vec::with_capacity(counts.size_hint().0);
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
