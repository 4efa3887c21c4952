//! What the order of starts tells: promises, arrivals and ends, open ages, exposure, and who is watched in a curve.

use super::super::{
    Columns, CurveHead, Selection, Work,
    head::head,
    life::{Asked, Runs, StartedTwice, Watch},
    moment::{NEVER, since_2000},
    one_item::{is_watched, severity},
    span::{Marks, SpanRow},
};
use crate::{flow::age_bands::AgeBand, ledger::Frame};
use domain::{
    severity::Severity,
    time::{DAY_SECONDS, Timestamp},
    view::{Verification, View},
};

/// Counts over spells; those of parts add up.
#[derive(Clone, Debug, Default)]
pub(super) struct BySpell {
    pub(super) due: u64,
    pub(super) kept: u64,
    pub(super) kept_lenient: u64,
    pub(super) rows_by_severity: [u64; 4],
    /// Items under the strict and under the lenient curve.
    pub(super) watched: [u64; 2],
    pub(super) arrivals: u64,
    pub(super) resolved: u64,
    pub(super) open: u64,
    pub(super) open_seconds: i64,
    pub(super) bands: [u64; 6],
    /// When open items began their last episode, in order.
    open_since: Runs,
    pub(super) never_touched: u64,
    pub(super) overdue: u64,
    pub(super) exposed: [i64; 4],
    pub(super) open_before: u64,
    pub(super) arrived_by_day: Vec<u64>,
    pub(super) resolved_by_day: Vec<u64>,
    started: StartedTwice,
}

/// What a pass needs to know, made ready once.
struct Pass<'a> {
    columns: &'a Columns,
    view: View,
    mode: Verification,
    as_of: i64,
    from: i64,
    /// The first midnight of the daily series.
    midnight: i64,
    /// Before this nothing counts.
    watched_from: i64,
    /// Promised seconds by the code of a severity.
    promised: [i64; 4],
    asked: Asked<'a>,
}

impl Columns {
    pub(super) fn spells(
        &self,
        selection: &Selection,
        mode: Verification,
        frame: &Frame<'_>,
        watch: &Watch,
        work: Work,
    ) -> BySpell {
        let (as_of, from) = (since_2000(frame.view.as_of), since_2000(frame.view.observed_from));
        let first_day = frame.view.observed_from.day();
        let midnight = since_2000(Timestamp::start_of_day(first_day));
        let pass = Pass {
            columns: self,
            view: frame.view,
            mode,
            as_of,
            from,
            midnight,
            watched_from: midnight.min(watch.earliest()),
            promised: Severity::ALL.map(|severity| frame.policy.targets.get(severity).promised_seconds()),
            asked: Asked { selection, mode, watch, as_of, until: i64::MAX },
        };
        let days = usize::try_from(frame.view.as_of.day() - first_day).unwrap_or_default();
        let order = &self.episodes.by_start;
        let nothing =
            || BySpell { arrived_by_day: vec![0; days], resolved_by_day: vec![0; days], ..BySpell::default() };
        let parts = work.over(&order.parts(work.part_rows()), |part| {
            let mut own = nothing();
            order.visit(part, &mut |row| {
                // What had ended before anybody watched is in no figure of the window.
                let is_past = i64::from(row.other) < pass.watched_from && !row.marks.has(Marks::LENIENT);
                if !is_past && selection.keeps(row.codes, row.slot) {
                    own.add(&row, &pass);
                }
            });
            own
        });
        parts.iter().fold(nothing(), |mut all, own| {
            all.join(own);
            all
        })
    }

    /// The strict and the lenient curve, side by side.
    pub(super) fn both_heads(
        &self,
        spells: &BySpell,
        selection: &Selection,
        frame: &Frame<'_>,
        watch: &Watch,
        work: Work,
    ) -> (CurveHead, CurveHead) {
        let as_of = since_2000(frame.view.as_of);
        let asked = |mode| Asked { selection, mode, watch, as_of, until: i64::MAX };
        let (order, started) = (&self.episodes.by_duration, &spells.started);
        work.both(
            || head(order, &asked(Verification::Strict), (&started.both, Some(&started.strict_only)), work),
            || head(order, &asked(Verification::Lenient), (&started.both, None), work),
        )
    }
}

impl BySpell {
    fn add(&mut self, row: &SpanRow, pass: &Pass<'_>) {
        let start = i64::from(row.key);
        let end = row.other != NEVER && !row.marks.is_unbelieved(pass.mode);
        let end = end.then(|| i64::from(row.other));
        let (is_strict, is_lenient) = pass.asked.started_twice(row, &mut self.started);
        if row.marks.has(Marks::LAST) {
            self.add_watched(row, [is_strict, is_lenient], pass);
        }
        let is_row = if pass.mode == Verification::Strict { is_strict } else { is_lenient };
        let code = usize::try_from(row.codes.severity()).unwrap_or_default();
        if let Some(slot) = self.rows_by_severity.get_mut(code) {
            *slot += u64::from(is_row);
        }
        let is_inside = |moment: i64| pass.from <= moment && moment < pass.as_of;
        self.arrivals += u64::from(is_inside(start));
        self.resolved += u64::from(end.is_some_and(is_inside));
        let promised = pass.promised.get(code).copied().unwrap_or_default();
        if row.marks.has(Marks::FIRST) {
            self.add_promise(row, start + promised, end, pass);
        }
        if row.marks.has(Marks::LAST) && end.is_none() {
            self.add_open(row, pass.as_of - start, promised);
        }
        if !row.marks.is_false_positive() {
            self.add_exposure(row, start.max(pass.from), end.unwrap_or(pass.as_of).min(pass.as_of), pass);
        }
        if !row.marks.has(Marks::NEVER_REAL) {
            self.add_days(start, end, pass);
        }
    }

    fn add_promise(&mut self, row: &SpanRow, due: i64, end: Option<i64>, pass: &Pass<'_>) {
        if row.marks.has(Marks::NEVER_REAL) || i64::from(row.key) < pass.from || due >= pass.as_of {
            return;
        }
        self.due += 1;
        self.kept += u64::from(end.is_some_and(|end| end <= due));
        self.kept_lenient += u64::from(row.other != NEVER && i64::from(row.other) <= due);
    }

    fn add_open(&mut self, row: &SpanRow, age: i64, promised: i64) {
        self.open += 1;
        self.open_seconds += age;
        self.open_since.push(row.key);
        self.never_touched += u64::from(!row.marks.has(Marks::TOUCHED));
        self.overdue += u64::from(age > promised);
        for (slot, band) in self.bands.iter_mut().zip(AgeBand::ALL) {
            *slot += u64::from(band.holds(age));
        }
    }

    /// An item is under a curve with any of its episodes; the last one is the likeliest.
    fn add_watched(&mut self, row: &SpanRow, is_row: [bool; 2], pass: &Pass<'_>) {
        let modes = [Verification::Strict, Verification::Lenient];
        for ((count, is_row), mode) in self.watched.iter_mut().zip(is_row).zip(modes) {
            let has_more = !is_row && !row.marks.has(Marks::FIRST);
            let item = if has_more { pass.columns.items.get(row.slot) } else { None };
            *count += u64::from(is_row || item.is_some_and(|item| is_watched(&item, &pass.view, mode)));
        }
    }

    fn add_exposure(&mut self, row: &SpanRow, from: i64, to: i64, pass: &Pass<'_>) {
        let mut add = |severity: Severity, seconds: i64| {
            if let Some(slot) = self.exposed.get_mut(usize::from(severity.code())) {
                *slot += seconds.max(0);
            }
        };
        if !row.marks.has(Marks::STEPS) {
            return add(severity(row.codes), to - from);
        }
        let beyond = pass.columns.items.beyond().get(&row.slot);
        let steps = beyond.map(|beyond| beyond.more.steps.as_slice()).unwrap_or_default();
        let (mut severity, mut since) = (severity(row.codes), i64::MIN);
        for (at, next) in steps {
            let until = i64::from(*at);
            add(severity, to.min(until) - from.max(since));
            (severity, since) = (*next, until);
        }
        add(severity, to - from.max(since));
    }

    /// An end counts only where its start did, else the series would not add up.
    fn add_days(&mut self, start: i64, end: Option<i64>, pass: &Pass<'_>) {
        let slot = |days: &mut [u64], moment: i64| {
            let place = usize::try_from((moment - pass.midnight).div_euclid(DAY_SECONDS)).ok();
            place.and_then(|place| days.get_mut(place)).map(|slot| *slot += 1)
        };
        if start >= pass.midnight {
            if slot(&mut self.arrived_by_day, start).is_none() {
                return;
            }
        } else if end.is_none_or(|end| end >= pass.midnight) {
            self.open_before += 1;
        } else {
            return;
        }
        if let Some(end) = end {
            slot(&mut self.resolved_by_day, end);
        }
    }

    /// The age in seconds that half of the open items do not exceed.
    pub(super) fn median_open_age(&self, as_of: i64) -> Option<i64> {
        let older = self.open.checked_sub(1)?;
        self.open_since.nth(older - older / 2).map(|start| as_of - i64::from(start))
    }

    fn join(&mut self, other: &Self) {
        self.due += other.due;
        self.kept += other.kept;
        self.kept_lenient += other.kept_lenient;
        self.arrivals += other.arrivals;
        self.resolved += other.resolved;
        self.open += other.open;
        self.open_seconds += other.open_seconds;
        self.never_touched += other.never_touched;
        self.overdue += other.overdue;
        self.open_before += other.open_before;
        add_each(&mut self.rows_by_severity, &other.rows_by_severity);
        add_each(&mut self.watched, &other.watched);
        add_each(&mut self.bands, &other.bands);
        self.open_since.append(&other.open_since);
        add_each(&mut self.arrived_by_day, &other.arrived_by_day);
        add_each(&mut self.resolved_by_day, &other.resolved_by_day);
        for (own, more) in self.exposed.iter_mut().zip(other.exposed) {
            *own += more;
        }
        self.started.both.append(&other.started.both);
        self.started.strict_only.append(&other.started.strict_only);
    }
}

pub(super) fn add_each(all: &mut [u64], own: &[u64]) {
    for (all, own) in all.iter_mut().zip(own) {
        *all += own;
    }
}
