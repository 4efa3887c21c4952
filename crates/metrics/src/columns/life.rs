//! The scan: under any filter three streams come out of the two orders already sorted by age (methods.md 2.9).
//!
//! Events are the ended spells by duration; the ages of open spells and of late entries are the spells by start, read
//! from the youngest to the oldest. Each part of an order gives runs of equal keys; runs of neighbouring parts join.

use super::{
    Columns, Orders, Selection, Work,
    codes::Codes,
    moment::{NEVER, since_2000},
    span::{Marks, SpanRow},
};
use crate::survival::life_table::{LifeTable, Watched};
use domain::{
    time::Timestamp,
    view::{Verification, View},
};
use std::iter::Peekable;

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

    /// The earliest of its moments.
    pub(super) fn earliest(&self) -> i64 {
        self.moments.iter().copied().min().unwrap_or_default()
    }

    #[inline(always)]
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
    #[inline(always)]
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

    /// The key at a place, where equal ones take a place each.
    pub(super) fn nth(&self, place: u64) -> Option<u32> {
        let mut passed = 0;
        let holds = |run: &&(u32, u32)| {
            passed += u64::from(run.1);
            place < passed
        };
        self.0.iter().find(holds).map(|run| run.0)
    }

    /// All but the last run, which the next part may make longer.
    pub(super) fn settled(&mut self) -> impl Iterator<Item = (i64, u64)> + '_ {
        let settled = self.0.len().saturating_sub(1);
        self.0.drain(..settled).map(|(age, count)| (i64::from(age), u64::from(count)))
    }

    /// Ages from keys that are ages.
    pub(super) fn ages(&self) -> impl Iterator<Item = (i64, u64)> + '_ {
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
    /// The same by the code of their severity at detection.
    by_severity: [u64; 4],
    /// How many of them are open, whatever their age.
    pub(super) open_rows: u64,
    /// The oldest of those.
    pub(super) oldest_open: Option<u32>,
    open: Runs,
    /// One list for each distinct moment of the watch.
    late: Vec<Runs>,
}

impl Started {
    pub(super) fn append(&mut self, other: &Self) {
        self.rows += other.rows;
        self.by_severity.iter_mut().zip(other.by_severity).for_each(|(all, own)| *all += own);
        self.open_rows += other.open_rows;
        self.oldest_open = self.oldest_open.or(other.oldest_open);
        self.open.append(&other.open);
        if self.late.len() < other.late.len() {
            self.late.resize(other.late.len(), Runs::default());
        }
        for (own, more) in self.late.iter_mut().zip(&other.late) {
            own.append(more);
        }
    }
}

/// The same for both modes at once: most rows say the same in both.
#[derive(Clone, Debug, Default)]
pub(super) struct StartedTwice {
    /// Rows of both curves, and what is open in both.
    pub(super) both: Started,
    /// What is a row, or open, in the strict curve alone.
    pub(super) strict_only: Started,
}

/// What a scan is asked.
#[derive(Clone, Copy, Debug)]
pub(super) struct Asked<'a> {
    pub(super) selection: &'a Selection,
    pub(super) mode: Verification,
    pub(super) watch: &'a Watch,
    pub(super) as_of: i64,
    /// The oldest age anybody will ask about.
    pub(super) until: i64,
}

impl Asked<'_> {
    /// Adds a row of the order of starts that passes the filter.
    #[inline(always)]
    pub(super) fn started(&self, row: &SpanRow, into: &mut Started) {
        if row.marks.is_false_positive() {
            return;
        }
        let is_open = row.other == NEVER || row.marks.is_unbelieved(self.mode);
        let end = if is_open { self.as_of } else { i64::from(row.other) };
        let (place, entry) = self.entry(row);
        if self.is_row(row, end, entry) {
            into.rows += 1;
            let code = usize::try_from(row.codes.severity()).unwrap_or_default();
            into.by_severity.get_mut(code).into_iter().for_each(|rows| *rows += 1);
            self.add_late(row, entry, place, into);
            if is_open {
                self.add_open(row, into);
            }
        }
    }

    /// Adds it to the strict and to the lenient curve; whether it is a row of the one and of the other.
    #[inline(always)]
    pub(super) fn started_twice(&self, row: &SpanRow, into: &mut StartedTwice) -> (bool, bool) {
        if row.marks.is_false_positive() {
            return (false, false);
        }
        let (place, entry) = self.entry(row);
        let end = if row.other == NEVER { self.as_of } else { i64::from(row.other) };
        let is_believed = self.is_row(row, end, entry);
        if is_believed {
            into.both.rows += 1;
            self.add_late(row, entry, place, &mut into.both);
        }
        if !row.marks.has(Marks::LENIENT) {
            if is_believed && row.other == NEVER {
                self.add_open(row, &mut into.both);
            }
            return (is_believed, is_believed);
        }
        let is_strict = self.is_row(row, self.as_of, entry);
        if is_strict {
            self.add_open(row, &mut into.strict_only);
        }
        if is_strict && !is_believed {
            into.strict_only.rows += 1;
            self.add_late(row, entry, place, &mut into.strict_only);
        }
        (is_strict, is_believed)
    }

    /// The moment its source is watched from, and the age it had then.
    #[inline(always)]
    fn entry(&self, row: &SpanRow) -> (usize, i64) {
        let place = self.watch.place(row.codes);
        (place, self.watch.moments.get(place).map_or(0, |from| from - i64::from(row.key)))
    }

    #[inline(always)]
    fn is_row(&self, row: &SpanRow, end: i64, entry: i64) -> bool {
        (end - i64::from(row.key)).max(1) > entry
    }

    #[inline(always)]
    fn add_late(&self, row: &SpanRow, entry: i64, place: usize, into: &mut Started) {
        if entry <= 0 {
            return;
        }
        if into.late.len() <= place {
            into.late.resize(self.watch.moments.len(), Runs::default());
        }
        if let Some(late) = into.late.get_mut(place) {
            late.push(row.key);
        }
    }

    #[inline(always)]
    fn add_open(&self, row: &SpanRow, into: &mut Started) {
        into.open_rows += 1;
        into.oldest_open = into.oldest_open.or(Some(row.key));
        if self.as_of - i64::from(row.key) <= self.until {
            into.open.push(row.key);
        }
    }

    /// Adds a row of the order of durations that passes the filter.
    #[inline(always)]
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

    /// Who is watched, from what the order of starts said in one piece or two.
    pub(super) fn watched(&self, one: &Started, other: Option<&Started>) -> Watched {
        let none = Started::default();
        let other = other.unwrap_or(&none);
        let rows = one.rows + other.rows;
        let open = Merged::of(one.open.ages_at(self.as_of), other.open.ages_at(self.as_of));
        if let [moment] = self.watch.moments.as_slice() {
            let nobody = Runs::default();
            let [one, other] = [one, other].map(|piece| piece.late.first().unwrap_or(&nobody).ages_at(*moment));
            return Watched::of(rows, open, Merged::of(one, other));
        }
        let lists = [one, other].into_iter().flat_map(|piece| piece.late.iter().zip(&self.watch.moments));
        let late =
            lists.fold(Vec::new(), |all, (runs, moment)| Merged::of(all.into_iter(), runs.ages_at(*moment)).collect());
        Watched::of(rows, open, late)
    }
}

/// Two lists in the order of age as one.
struct Merged<A: Iterator, B: Iterator> {
    one: Peekable<A>,
    other: Peekable<B>,
}

impl<A: Iterator<Item = (i64, u64)>, B: Iterator<Item = (i64, u64)>> Merged<A, B> {
    fn of(one: A, other: B) -> Self {
        Self { one: one.peekable(), other: other.peekable() }
    }
}

impl<A: Iterator<Item = (i64, u64)>, B: Iterator<Item = (i64, u64)>> Iterator for Merged<A, B> {
    type Item = (i64, u64);

    fn next(&mut self) -> Option<Self::Item> {
        match (self.one.peek(), self.other.peek()) {
            (Some(one), Some(other)) if other.0 < one.0 => self.other.next(),
            (Some(_), _) => self.one.next(),
            (None, _) => self.other.next(),
        }
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        (self.one.size_hint().0 + self.other.size_hint().0, None)
    }
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
        let asked = Asked { selection, mode, watch, as_of: since_2000(view.as_of), until: i64::MAX };
        let tables = self.orders(spells).tables(&asked, work, 1, &|_, _| 0);
        tables.into_iter().next().unwrap_or_default().0
    }

    pub(super) const fn orders(&self, spells: Spells) -> &Orders {
        match spells {
            Spells::Episodes => &self.episodes,
            Spells::Closures => &self.closures,
        }
    }
}

impl Orders {
    /// One life table a group with its rows by severity, from one pass over each order.
    pub(super) fn tables(
        &self,
        asked: &Asked<'_>,
        work: Work,
        groups: usize,
        group_of: &(impl Fn(Codes, u32) -> usize + Sync),
    ) -> Vec<(LifeTable, [u64; 4])> {
        let ended = work.over(&self.by_duration.parts(work.part_rows()), |part| {
            let mut own = vec![Runs::default(); groups];
            self.by_duration.visit(part, &mut |row| {
                if asked.selection.keeps(row.codes, row.slot)
                    && let Some(runs) = own.get_mut(group_of(row.codes, row.slot))
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
                    && let Some(started) = own.get_mut(group_of(row.codes, row.slot))
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
        let table = |(started, ended): (&Started, &Runs)| {
            (LifeTable::over(asked.watched(started, None), ended.ages()), started.by_severity)
        };
        all_started.iter().zip(&all_ended).map(table).collect()
    }
}
