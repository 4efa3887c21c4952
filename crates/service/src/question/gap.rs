//! Are we as safe as the report says? What the SLA report shows, what happened, and what lies between.

use super::{
    Basis, Watched,
    drawn::{self, DrawnCurve},
    facts_of, shown_mean,
};
use domain::{fact::ItemFacts, label::Label, view::Verification};
use metrics::{
    answer::{Answer, SHOWN_MIN},
    bootstrap::{batches, curve::ClusteredRow, shown::plain_rows, sum::Unit},
    flow::Flow,
    kev,
    labels::where_time_went,
    ledger::{Filter, Frame, ItemSet, Ledger, LedgerItem},
    level::Level,
    matured::{mean_promised_days, on_time},
    real::{count_of, days},
    recurrence::Recurrence,
    share::Share,
    sla::{SlaReport, shown_open},
    survival::{curve::Curve, life_table::LifeTable},
};

/// Closures are followed for this long.
const SEEN_AGAIN_DAYS: i64 = 90;

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
pub fn gap(ledger: &Ledger, filter: &Filter, frame: &Frame<'_>) -> Gap {
    let selected = ledger.select(filter, frame);
    let facts = facts_of(&selected);
    let all = || facts.iter().copied();
    let report = SlaReport::of(all(), frame.policy);
    let records: Vec<Unit> = selected.iter().flat_map(|item| batches::records(item, frame.policy)).collect();
    let reported = drawn::share(report.met, &records);
    let promises = |mode| {
        let kept = |item: &&LedgerItem| batches::kept_promise(item, frame.policy, &frame.view, mode);
        let units: Vec<Unit> = selected.iter().filter_map(kept).collect();
        drawn::share(on_time(all(), frame.policy, &frame.view, mode), &units)
    };
    let kept = promises(filter.mode);
    let running = shown_open(all(), frame);
    Gap {
        basis: Basis::of(ledger, &selected, filter, frame),
        reported: drawn::shown(&reported),
        records: report.met,
        exempt_records: report.exempt,
        reported_items: size(&facts, ItemSet::Reported, frame, filter.mode),
        shown_open: running.answer(Level::Ninety).from_at_least(SHOWN_MIN),
        running_records: running,
        on_time: drawn::shown(&kept),
        promises: kept.share(),
        on_time_lenient: drawn::shown(&promises(Verification::Lenient)),
        apart: reported.less(&kept).from_at_least(SHOWN_MIN),
        watched: Watched::of(&facts, frame),
        time: time_split(&facts, frame, filter.mode),
        days: in_days(&selected, &report, frame, filter.mode),
        left_out: left_out(&selected, frame, filter.mode),
        flow: Flow::of(&facts, frame.policy, &frame.view, filter.mode),
    }
}

fn size(facts: &[&ItemFacts], set: ItemSet, frame: &Frame<'_>, mode: Verification) -> u64 {
    count_of(facts.iter().filter(|facts| set.holds(facts, frame, mode)).count())
}

fn time_split(facts: &[&ItemFacts], frame: &Frame<'_>, mode: Verification) -> TimeSplit {
    let as_of = frame.view.as_of;
    let sums = where_time_went(facts.iter().copied(), as_of, mode, frame.calendar);
    let mut items = [0_u64; Label::ALL.len()];
    for facts in facts {
        let own = facts.labels(as_of, mode, frame.calendar);
        for (count, label) in items.iter_mut().zip(Label::ALL) {
            *count += u64::from(own.get(label) > 0);
        }
    }
    let share = |label| metrics::labels::share_of(&sums, label);
    let part = |(label, items)| TimePart { label, seconds: sums.get(label), share: share(label), items };
    TimeSplit {
        parts: Label::ALL.into_iter().zip(items).map(part).collect(),
        total_seconds: sums.total(),
        board_share: share(Label::OnClockFinal),
    }
}

fn rows(items: &[&LedgerItem], frame: &Frame<'_>, mode: Verification) -> Vec<ClusteredRow> {
    items.iter().flat_map(|item| batches::rows(item, &frame.view, mode)).collect()
}

fn in_days(items: &[&LedgerItem], report: &SlaReport, frame: &Frame<'_>, mode: Verification) -> Days {
    let strict = rows(items, frame, Verification::Strict);
    let (median_strict, median_lenient) =
        (drawn::median_days(&strict), drawn::median_days(&rows(items, frame, Verification::Lenient)));
    let promised_mean = mean_promised_days(items.iter().map(|item| &item.facts), frame.policy, &frame.view, mode);
    let headline = match mode {
        Verification::Strict => median_strict,
        Verification::Lenient => median_lenient,
    };
    Days {
        tool_mean: shown_mean(report.tool_mean_days(), report.closed),
        promised_mean,
        median_strict,
        median_lenient,
        over_promise: headline.value().zip(promised_mean).map(|(lived, promised)| lived / promised),
        conditional_from: Curve::of(&LifeTable::of(&plain_rows(&strict))).conditional_from().map(days),
    }
}

fn left_out(items: &[&LedgerItem], frame: &Frame<'_>, mode: Verification) -> LeftOut {
    let facts = facts_of(items);
    let all = || facts.iter().copied();
    let recurrence = Recurrence::of(all(), frame.view.as_of);
    let closures: Vec<ClusteredRow> = items.iter().flat_map(|item| batches::closures(item, frame.view.as_of)).collect();
    let followed = SEEN_AGAIN_DAYS * domain::time::DAY_SECONDS;
    let still_held = DrawnCurve::of(&closures).read(&[], 0, &[followed]).open_share(followed);
    LeftOut {
        sets: COUNTED.into_iter().map(|set| (set, size(&facts, set, frame, mode))).collect(),
        exploited_on_time: kev::on_time(all(), frame.view.as_of, mode),
        closures: recurrence.closures(),
        closures_seen_again: recurrence.seen_again(),
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
