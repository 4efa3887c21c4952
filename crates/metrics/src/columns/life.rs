//! The scan: under any filter three streams come out of the two orders already sorted by age (methods.md 2.9).
//!
//! Events are the ended spells by duration; the ages of open spells and of late entries are the spells by start, read
//! from the youngest to the oldest. Each part of an order gives runs of equal keys; runs of neighbouring parts join.

use super::{
    Columns, Orders, Selection, Work,
    codes::Codes,
    moment::{NEVER, since_2000},
    span::SpanRow,
};
use crate::survival::life_table::{AgeCounts, LifeTable};
use domain::{
    time::Timestamp,
    view::{Verification, View},
};

/// Which spells a curve is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Spells {
    /// Episodes; false positives are left out.
    Episodes,
    /// Presses of *close* until the weakness was seen again, from the first second on.
    Closures,
}

/// Since when is each source watched?
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Watch {
    /// The distinct moments.
    moments: Vec<i64>,
    /// The place of its moment, by the number of the source; others have the first.
    of_source: Vec<usize>,
}

impl Watch {
    /// All sources since the same moment.
    #[must_use]
    pub fn since(moment: Timestamp) -> Self {
        Self { moments: vec![since_2000(moment)], of_source: Vec::new() }
    }

    /// Every spell from its first second on.
    #[must_use]
    pub fn always() -> Self {
        Self { moments: vec![0], of_source: Vec::new() }
    }

    /// One source since another moment; a source nobody has heard of changes nothing, and so does one of those
    /// that share the last number.
    #[must_use]
    pub fn with_source(mut self, columns: &Columns, source: &str, moment: Timestamp) -> Self {
        let number = columns.sources.find(source).filter(|number| *number < super::codes::SOURCE_MOST);
        let Some(number) = number.and_then(|number| usize::try_from(number).ok()) else { return self };
        let moment = since_2000(moment);
        let place = self.moments.iter().position(|known| *known == moment).unwrap_or(self.moments.len());
        if place == self.moments.len() {
            self.moments.push(moment);
        }
        if self.of_source.len() <= number {
            self.of_source.resize(number + 1, 0);
        }
        if let Some(slot) = self.of_source.get_mut(number) {
            *slot = place;
        }
        self
    }

    fn place(&self, codes: Codes) -> usize {
        if self.of_source.is_empty() {
            return 0;
        }
        usize::try_from(codes.source()).ok().and_then(|number| self.of_source.get(number)).copied().unwrap_or_default()
    }
}

/// Equal keys next to each other, with how many.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Runs(Vec<(u32, u32)>);

impl Runs {
    pub(super) fn push(&mut self, key: u32) {
        match self.0.last_mut() {
            Some(last) if last.0 == key => last.1 += 1,
            _ => self.0.push((key, 1)),
        }
    }

    pub(super) fn append(&mut self, other: &Self) {
        let mut rest = other.0.iter();
        if let (Some(last), Some(first)) = (self.0.last_mut(), other.0.first())
            && last.0 == first.0
        {
            last.1 += first.1;
            rest.next();
        }
        self.0.extend(rest);
    }

    /// Ages from keys that are ages.
    fn ages(&self) -> impl Iterator<Item = (i64, u64)> + '_ {
        self.0.iter().map(|(age, count)| (i64::from(*age), u64::from(*count)))
    }

    /// Ages at a moment from keys that are starts: the youngest is the last start.
    fn ages_at(&self, moment: i64) -> impl Iterator<Item = (i64, u64)> + '_ {
        self.0.iter().rev().map(move |(start, count)| ((moment - i64::from(*start)).max(1), u64::from(*count)))
    }
}

/// What the order of starts says of one curve.
#[derive(Clone, Debug, Default)]
pub(super) struct Started {
    pub(super) rows: u64,
    open: Runs,
    /// One list for each distinct moment of the watch.
    late: Vec<Runs>,
}

impl Started {
    pub(super) fn append(&mut self, other: &Self) {
        self.rows += other.rows;
        self.open.append(&other.open);
        if self.late.len() < other.late.len() {
            self.late.resize(other.late.len(), Runs::default());
        }
        for (own, more) in self.late.iter_mut().zip(&other.late) {
            own.append(more);
        }
    }
}

/// What a scan is asked.
#[derive(Clone, Copy, Debug)]
pub(super) struct Asked<'a> {
    pub(super) selection: &'a Selection,
    pub(super) mode: Verification,
    pub(super) watch: &'a Watch,
    pub(super) as_of: i64,
}

impl Asked<'_> {
    /// Adds a row of the order of starts that passes the filter; whether it is a row of the curve.
    pub(super) fn started(&self, row: &SpanRow, into: &mut Started) -> bool {
        if row.marks.is_false_positive() {
            return false;
        }
        let is_open = row.other == NEVER || row.marks.is_unbelieved(self.mode);
        let start = i64::from(row.key);
        let place = self.watch.place(row.codes);
        let entry = self.watch.moments.get(place).map_or(0, |from| from - start);
        let exit = if is_open { self.as_of } else { i64::from(row.other) } - start;
        if exit.max(1) <= entry {
            return false;
        }
        into.rows += 1;
        if is_open {
            into.open.push(row.key);
        }
        if entry > 0 {
            if into.late.len() <= place {
                into.late.resize(self.watch.moments.len(), Runs::default());
            }
            if let Some(late) = into.late.get_mut(place) {
                late.push(row.key);
            }
        }
        true
    }

    /// Adds a row of the order of durations that passes the filter.
    pub(super) fn ended(&self, row: &SpanRow, into: &mut Runs) {
        if row.marks.is_false_positive() || row.marks.is_unbelieved(self.mode) {
            return;
        }
        let from = self.watch.moments.get(self.watch.place(row.codes)).copied().unwrap_or_default();
        let exit = row.key.max(1);
        if i64::from(exit) > from - i64::from(row.other) {
            into.push(exit);
        }
    }

    /// The life table of both.
    pub(super) fn table(&self, started: &Started, ended: &Runs) -> LifeTable {
        let mut late: Vec<(i64, u64)> = Vec::new();
        for (runs, moment) in started.late.iter().zip(&self.watch.moments) {
            late = merged(late, runs.ages_at(*moment));
        }
        LifeTable::of_counts(AgeCounts {
            ended: ended.ages(),
            censored: started.open.ages_at(self.as_of),
            late,
            rows: started.rows,
        })
    }
}

/// Two lists in the order of age as one.
fn merged(one: Vec<(i64, u64)>, other: impl Iterator<Item = (i64, u64)>) -> Vec<(i64, u64)> {
    if one.is_empty() {
        return other.collect();
    }
    let mut both = Vec::with_capacity(one.len());
    let mut rest = one.into_iter().peekable();
    for next in other {
        while let Some(earlier) = rest.next_if(|known| known.0 <= next.0) {
            both.push(earlier);
        }
        both.push(next);
    }
    both.extend(rest);
    both
}

impl Columns {
    /// The life table of the spells that pass.
    #[must_use]
    pub fn life_table(
        &self,
        spells: Spells,
        selection: &Selection,
        mode: Verification,
        view: &View,
        watch: &Watch,
        work: Work,
    ) -> LifeTable {
        let asked = Asked { selection, mode, watch, as_of: since_2000(view.as_of) };
        let tables = self.orders(spells).tables(&asked, work, 1, &|_| 0);
        tables.into_iter().next().unwrap_or_default()
    }

    pub(super) const fn orders(&self, spells: Spells) -> &Orders {
        match spells {
            Spells::Episodes => &self.episodes,
            Spells::Closures => &self.closures,
        }
    }
}

impl Orders {
    /// One life table a group, from one pass over each order.
    pub(super) fn tables(
        &self,
        asked: &Asked<'_>,
        work: Work,
        groups: usize,
        group_of: &(impl Fn(Codes) -> usize + Sync),
    ) -> Vec<LifeTable> {
        let ended = work.over(&self.by_duration.parts(work.part_rows()), |part| {
            let mut own = vec![Runs::default(); groups];
            self.by_duration.visit(part, &mut |row| {
                if asked.selection.keeps(row.codes, row.slot)
                    && let Some(runs) = own.get_mut(group_of(row.codes))
                {
                    asked.ended(&row, runs);
                }
            });
            own
        });
        let started = work.over(&self.by_start.parts(work.part_rows()), |part| {
            let mut own = vec![Started::default(); groups];
            self.by_start.visit(part, &mut |row| {
                if asked.selection.keeps(row.codes, row.slot)
                    && let Some(started) = own.get_mut(group_of(row.codes))
                {
                    asked.started(&row, started);
                }
            });
            own
        });
        let mut all_ended = vec![Runs::default(); groups];
        let mut all_started = vec![Started::default(); groups];
        for part in &ended {
            all_ended.iter_mut().zip(part).for_each(|(all, own)| all.append(own));
        }
        for part in &started {
            all_started.iter_mut().zip(part).for_each(|(all, own)| all.append(own));
        }
        all_started.iter().zip(&all_ended).map(|(started, ended)| asked.table(started, ended)).collect()
    }
}
