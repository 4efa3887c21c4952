//! Are we as safe as the report says? What the SLA report shows, what happened, and what lies between.

use super::{
    Basis, Watched, all_processors,
    drawn::{self, DrawnCurve},
    shown_mean,
};
use domain::{enrichment::Feed, label::Label, view::Verification};
use metrics::{
    answer::{Answer, SHOWN_MIN},
    bootstrap::{curve::ClusteredRow, sum::Unit},
    claimed::Claimed,
    columns::{Columns, Overview, SEEN_AGAIN_DAYS},
    flow::Flow,
    ledger::{Filter, Frame, ItemSet},
    level::Level,
    real::days,
    share::Share,
};

/// The answer of the first page.
#[derive(Clone, Debug, PartialEq)]
pub struct Gap {
    /// What it rests on.
    pub basis: Basis,
    /// Share of SLA records that count as met, as the ticket tool reports it.
    pub reported: Answer<f64>,
    /// Met among the records of the report.
    pub records: Share,
    /// Exempt records among them.
    pub exempt_records: u64,
    /// Items with at least one record in the report: what a link from it leads to.
    pub reported_items: u64,
    /// Share of running records that the ticket tool showed in time at the moment of the view.
    pub shown_open: Answer<f64>,
    /// In time among the records that run.
    pub running_records: Share,
    /// Share of items the ticket tool itself calls met, among those it has judged.
    pub claimed: Answer<f64>,
    /// The tool's own verdicts behind it.
    pub verdicts: Claimed,
    /// Share of items gone by their promised day, in the mode of the view.
    pub on_time: Answer<f64>,
    /// Gone by their promised day among those whose day has come.
    pub promises: Share,
    /// The same where every close is believed.
    pub on_time_lenient: Answer<f64>,
    /// Reported less on time, as a share; where its interval holds 0 the evidence shows no gap.
    pub apart: Answer<f64>,
    /// Items under the two curves.
    pub watched: Watched,
    /// Where the time went.
    pub time: TimeSplit,
    /// Days: as reported, as promised, as lived.
    pub days: Days,
    /// What the SLA report leaves out.
    pub left_out: LeftOut,
    /// What came in, went out and is there.
    pub flow: Flow,
    /// Which catalogue of exploited weaknesses the view knows; `None` without one.
    pub catalogue: Option<Feed>,
}

/// Seconds by label, which add up to the wall clocks of the items.
#[derive(Clone, Debug, PartialEq)]
pub struct TimeSplit {
    /// Every label, in its usual order, those without time too.
    pub parts: Vec<TimePart>,
    /// All labels together.
    pub total_seconds: i64,
    /// `on_clock_final` as a share of all: what the board was shown.
    pub board_share: Option<f64>,
}

/// The time under one label.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct TimePart {
    /// The label.
    pub label: Label,
    /// Its seconds.
    pub seconds: i64,
    /// As a share of all; `None` where no time passed.
    pub share: Option<f64>,
    /// Items with at least one second of it.
    pub items: u64,
}

/// Days: as reported, as promised, as lived.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Days {
    /// Mean of what the ticket tool counted over closed records.
    pub tool_mean: Answer<f64>,
    /// Mean of what is said aloud, over the episodes of the curve.
    pub promised_mean: Option<f64>,
    /// The age by which half have ended, strict.
    pub median_strict: Answer<f64>,
    /// The same where every close is believed.
    pub median_lenient: Answer<f64>,
    /// The median of the view over the promise.
    pub over_promise: Option<f64>,
    /// Age from which the strict curve starts, where too few were watched before.
    pub conditional_from: Option<f64>,
}

/// What the SLA report leaves out: counts of items, each with the set that lists them.
#[derive(Clone, Debug, PartialEq)]
pub struct LeftOut {
    /// Each set with its size, in a fixed order.
    pub sets: Vec<(ItemSet, u64)>,
    /// Deadlines from outside that were kept, among those that have come.
    pub exploited_on_time: Share,
    /// Presses of *close*.
    pub closures: u64,
    /// Of them seen again so far.
    pub closures_seen_again: u64,
    /// Share seen again within 90 days, counting those too young to tell.
    pub seen_again_in_90_days: Answer<f64>,
}

/// The sets that are counted beside the report.
const COUNTED: [ItemSet; 16] = [
    ItemSet::StillOpen,
    ItemSet::Overdue,
    ItemSet::NeverTouched,
    ItemSet::Untracked,
    ItemSet::Paused,
    ItemSet::Exempt,
    ItemSet::SeenAgain,
    ItemSet::Excluded,
    ItemSet::Exploited,
    ItemSet::ExploitedDue,
    ItemSet::ExploitedMet,
    ItemSet::OriginImputed,
    ItemSet::Watched,
    ItemSet::ClockRuns,
    ItemSet::ShownInTime,
    ItemSet::ShownLate,
];

/// The answer over the items that pass the filter.
#[must_use]
pub fn gap(columns: &Columns, filter: &Filter, frame: &Frame<'_>) -> Gap {
    draw(scan(columns, filter, frame))
}

/// What one reading of the columns leaves: every count, and what the bootstrap draws from.
#[derive(Debug)]
pub(crate) struct Scanned {
    basis: Basis,
    found: Overview,
    records: Vec<Unit>,
    promises: Vec<Unit>,
    promises_lenient: Vec<Unit>,
    strict: Vec<ClusteredRow>,
    lenient: Vec<ClusteredRow>,
    closures: Vec<ClusteredRow>,
}

/// Reads the columns, which must not change meanwhile; drawing may take its time then.
pub(crate) fn scan(columns: &Columns, filter: &Filter, frame: &Frame<'_>) -> Scanned {
    let (selection, work) = (columns.select(filter, frame), all_processors());
    let found = columns.overview(&selection, filter.mode, frame, work);
    let rows = |mode| columns.drawn_rows(&selection, mode, &frame.view, work).into_iter().map(|one| one.row).collect();
    let promises = |mode| columns.drawn_promises(&selection, mode, frame, work);
    Scanned {
        basis: Basis::of_overview(&found, columns, filter, frame),
        found,
        records: columns.drawn_records(&selection, frame, work),
        promises: promises(filter.mode),
        promises_lenient: promises(Verification::Lenient),
        strict: rows(Verification::Strict),
        lenient: rows(Verification::Lenient),
        closures: columns.drawn_closures(&selection, frame.view.as_of, work),
    }
}

/// Draws the intervals and puts the answer together.
pub(crate) fn draw(scanned: Scanned) -> Gap {
    let found = &scanned.found;
    let reported = drawn::share(found.report.met, &scanned.records);
    let kept = drawn::share(found.promises, &scanned.promises);
    Gap {
        reported: drawn::shown(&reported),
        records: found.report.met,
        exempt_records: found.report.exempt,
        reported_items: found.size(ItemSet::Reported),
        shown_open: found.shown_open.answer(Level::Ninety).from_at_least(SHOWN_MIN),
        running_records: found.shown_open,
        claimed: found.claimed.judged().answer(Level::Ninety).from_at_least(SHOWN_MIN),
        verdicts: found.claimed,
        on_time: drawn::shown(&kept),
        promises: kept.share(),
        on_time_lenient: drawn::shown(&drawn::share(found.promises_lenient, &scanned.promises_lenient)),
        apart: reported.less(&kept).from_at_least(SHOWN_MIN),
        watched: Watched::of(found),
        time: time_split(found),
        days: in_days(&scanned),
        left_out: left_out(&scanned),
        flow: scanned.found.flow,
        catalogue: None,
        basis: scanned.basis,
    }
}

fn time_split(found: &Overview) -> TimeSplit {
    let share = |label| metrics::labels::share_of(&found.labels, label);
    let part = |(label, items)| TimePart { label, seconds: found.labels.get(label), share: share(label), items };
    TimeSplit {
        parts: Label::ALL.into_iter().zip(found.items_by_label).map(part).collect(),
        total_seconds: found.labels.total(),
        board_share: share(Label::OnClockFinal),
    }
}

fn in_days(scanned: &Scanned) -> Days {
    let found = &scanned.found;
    let (median_strict, median_lenient) = (drawn::median_days(&scanned.strict), drawn::median_days(&scanned.lenient));
    let promised_mean = found.mean_promised_days;
    let headline = match scanned.basis.mode {
        Verification::Strict => median_strict,
        Verification::Lenient => median_lenient,
    };
    Days {
        tool_mean: shown_mean(found.report.tool_mean_days(), found.report.closed),
        promised_mean,
        median_strict,
        median_lenient,
        over_promise: headline.value().zip(promised_mean).map(|(lived, promised)| lived / promised),
        conditional_from: found.strict.conditional_from.map(days),
    }
}

fn left_out(scanned: &Scanned) -> LeftOut {
    let found = &scanned.found;
    let followed = SEEN_AGAIN_DAYS * domain::time::DAY_SECONDS;
    let still_held = DrawnCurve::of(&scanned.closures).read(&[], 0, &[followed]).open_share(followed);
    LeftOut {
        sets: COUNTED.into_iter().map(|set| (set, found.size(set))).collect(),
        exploited_on_time: found.exploited_on_time,
        closures: found.seen_again.closures,
        closures_seen_again: found.seen_again.seen_again,
        seen_again_in_90_days: turned(still_held.from_at_least(SHOWN_MIN)),
    }
}

/// Share that came back from the share that still holds: the ends of the interval change places.
fn turned(held: Answer<f64>) -> Answer<f64> {
    match held.map(|share| 1.0 - share) {
        Answer::Known { value, count, interval } => {
            Answer::Known { value, count, interval: interval.map(metrics::answer::Interval::turned) }
        }
        Answer::Unknown(why) => Answer::Unknown(why),
    }
}

/// The share of the parts a reader is told first: the largest, then the next, as many as asked.
#[must_use]
pub fn largest(time: &TimeSplit, how_many: usize) -> Vec<TimePart> {
    let mut parts: Vec<TimePart> = time.parts.iter().copied().filter(|part| part.seconds > 0).collect();
    parts.sort_by_key(|part| -part.seconds);
    parts.truncate(how_many);
    parts
}
