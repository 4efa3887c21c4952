//! What is read off the beginning of a curve? The scan stops where the answer is known; no table is made.

use super::{
    Work,
    life::{Asked, Runs, Started},
    moment::{NEVER, since_2000},
    order::Order,
};
use crate::{
    answer::{Answer, Interval, WhyNot},
    level::Level,
    survival::{
        curve::Step,
        life_table::AgeRow,
        walk::{Reach, Walk},
    },
};
use domain::view::View;

/// A curve as far as its median.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct CurveHead {
    /// Episodes.
    pub rows: u64,
    /// Of them ended.
    pub ended: u64,
    /// The age in seconds by which half have ended, with its interval.
    pub median: Answer<i64>,
    /// Age from which the curve starts, where too few were watched before.
    pub conditional_from: Option<i64>,
}

/// How often what was closed came back.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SeenAgain {
    /// Presses of *close*.
    pub closures: u64,
    /// Of them seen again so far.
    pub seen_again: u64,
    /// Share of closures that still hold at the age that was asked for.
    pub still_held: Answer<f64>,
}

/// Walks along the order of durations for as long as somebody wants to know more.
fn walk(
    order: &Order,
    asked: &Asked<'_>,
    (one, other): (&Started, Option<&Started>),
    work: Work,
    mut more: impl FnMut(Step) -> bool,
) -> Walked {
    let watched = asked.watched(one, other);
    let (mut going, mut walk) = (watched.going(), Walk::new(&watched));
    let (mut ended, mut last_age, mut is_wanted) = (0, 0, true);
    let mut runs = Runs::default();
    let mut over = |age: i64, count: u64, walk: &mut Walk, is_wanted: &mut bool| {
        let at_risk = going.at_risk(age, ended);
        ended += count;
        walk.over(AgeRow { age, ended: count, at_risk }, &mut |step| *is_wanted = *is_wanted && more(step));
    };
    for part in order.parts(work.part_rows()) {
        order.visit(part, &mut |row| {
            if asked.selection.keeps(row.codes, row.slot) {
                asked.ended(&row, &mut runs);
            }
        });
        runs.settled().for_each(|(age, count)| over(age, count, &mut walk, &mut is_wanted));
        if !is_wanted {
            break;
        }
    }
    for (age, count) in runs.ages() {
        last_age = age;
        over(age, count, &mut walk, &mut is_wanted);
    }
    walk.end(&mut |step| is_wanted = is_wanted && more(step));
    let open = [Some(one), other].into_iter().flatten().filter_map(|piece| piece.oldest_open).min();
    let oldest = open.map_or(0, |start| (asked.as_of - i64::from(start)).max(1));
    Walked { last_age: last_age.max(oldest), conditional_from: walk.conditional_from() }
}

/// Where a walk has come to; the last age holds only for one that went to the end.
struct Walked {
    last_age: i64,
    conditional_from: Option<i64>,
}

/// The curve as far as its median.
pub(super) fn head(order: &Order, asked: &Asked<'_>, pieces: (&Started, Option<&Started>), work: Work) -> CurveHead {
    let (reach, level) = (Reach::of(0.5), Level::Ninety);
    let (mut median, mut lower, mut upper) = (None, None, None);
    let walked = walk(order, asked, pieces, work, |step| {
        if reach.is_far(&step, level) {
            return true;
        }
        let first = |known: &mut Option<i64>, is_reached: &dyn Fn() -> bool| {
            if known.is_none() && is_reached() {
                *known = Some(step.age);
            }
        };
        first(&mut median, &|| reach.is_reached(step.open));
        first(&mut lower, &|| reach.is_reached_below(&step, level));
        first(&mut upper, &|| reach.is_reached_above(&step, level));
        median.is_none() || lower.is_none() || upper.is_none()
    });
    let rows = pieces.0.rows + pieces.1.map_or(0, |other| other.rows);
    let open = pieces.0.open_rows + pieces.1.map_or(0, |other| other.open_rows);
    let median = match median {
        None if rows == 0 => Answer::Unknown(WhyNot::NoEvidence),
        None => Answer::Unknown(WhyNot::NotReached { observed_seconds: walked.last_age }),
        Some(value) => Answer::Known { value, count: rows, interval: Some(Interval::of_formula(lower, upper, level)) },
    };
    CurveHead { rows, ended: rows - open, median, conditional_from: walked.conditional_from }
}

/// How often closures were seen again up to an age. How many there are is known; those still watched at a younger age
/// are the latest of the order, and of the others the oldest alone is asked for.
pub(super) fn seen_again(
    orders: &super::Orders,
    asked: &Asked<'_>,
    [closures, seen]: [u64; 2],
    work: Work,
    age: i64,
) -> SeenAgain {
    let order = &orders.by_start;
    let latest = order.parts_since(u32::try_from(asked.as_of - age).unwrap_or_default(), work.part_rows());
    let parts = work.over(&latest, |part| {
        let mut own = Started::default();
        order.visit(part, &mut |row| {
            let is_young = asked.as_of - i64::from(row.key) <= age;
            if is_young && row.other == NEVER && asked.selection.keeps(row.codes, row.slot) {
                asked.started(&row, &mut own);
            }
        });
        own
    });
    let mut started = parts.iter().fold(Started::default(), |mut all, own| {
        all.append(own);
        all
    });
    started.rows = closures;
    started.open_rows = closures - seen;
    started.oldest_open = if closures > seen { oldest_open(order, asked) } else { None };
    let level = Level::Ninety;
    let mut last = None;
    let walked = walk(&orders.by_duration, asked, (&started, None), work, |step| {
        if step.age <= age {
            last = Some(step);
        }
        true
    });
    let still_held = if started.rows == 0 {
        Answer::Unknown(WhyNot::NoEvidence)
    } else if age > walked.last_age {
        Answer::Unknown(WhyNot::NotReached { observed_seconds: walked.last_age })
    } else {
        let (open, (lower, upper)) = last.map_or((1.0, (1.0, 1.0)), |step| (step.open, step.band(level)));
        let interval = Interval::of_formula(Some(lower), Some(upper), level);
        Answer::Known { value: open, count: started.rows, interval: Some(interval) }
    };
    SeenAgain { closures: started.rows, seen_again: started.rows - started.open_rows, still_held }
}

/// When the first row began that is still open.
fn oldest_open(order: &Order, asked: &Asked<'_>) -> Option<u32> {
    const ROWS_AT_A_TIME: usize = 1_024;
    let mut oldest = None;
    for part in order.parts(ROWS_AT_A_TIME) {
        order.visit(part, &mut |row| {
            if oldest.is_none() && row.other == NEVER && asked.selection.keeps(row.codes, row.slot) {
                oldest = Some(row.key);
            }
        });
        if oldest.is_some() {
            break;
        }
    }
    oldest
}

/// What is asked of closures up to an age.
pub(super) fn of_closures<'a>(
    selection: &'a super::Selection,
    watch: &'a super::Watch,
    view: &View,
    until: i64,
) -> Asked<'a> {
    let as_of = since_2000(view.as_of);
    Asked { selection, mode: domain::view::Verification::Strict, watch, as_of, until }
}
