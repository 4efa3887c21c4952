//! Is it getting better? The headline figures as they stood at the end of each month.

use super::{shown, shown_days, shown_mean};
use domain::{
    calendar::Calendar,
    event::ItemEvent,
    fold::fold,
    id::ItemKey,
    policy::Policy,
    time::{DAY_SECONDS, Timestamp},
    view::{Verification, View},
};
use metrics::{
    answer::Answer,
    flow::open_episode,
    ledger::{Filter, Frame, Ledger, LedgerItem},
    level::Level,
    matured::{Promise, promise},
    share::Share,
    sla::SlaReport,
    survival::{
        curve::Curve,
        life_table::LifeTable,
        row::{Row, rows_of},
    },
};
use rayon::prelude::*;

/// Months a trend goes back.
pub const TREND_MONTHS: usize = 12;

/// What makes two trends the same: two views that both know everything learnt so far differ in nothing a fold could
/// see but their ends.
pub(crate) type TrendQuestion = (Filter, Vec<(Timestamp, Timestamp)>);

/// A trend that is asked for.
#[derive(Clone, Debug)]
pub(crate) struct TrendAsked {
    pub(crate) filter: Filter,
    pub(crate) views: Vec<View>,
}

impl TrendAsked {
    pub(crate) fn question(&self) -> TrendQuestion {
        (self.filter.clone(), self.views.iter().map(|view| (view.as_of, view.observed_from)).collect())
    }
}

/// The headline figures at the end of one month.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct TrendMonth {
    /// The first moment after the month.
    pub as_of: Timestamp,
    /// Items under the filter in that view.
    pub items: u64,
    /// Share of SLA records met.
    pub reported: Answer<f64>,
    /// Share of items gone by their promised day, in the mode of the view.
    pub on_time: Answer<f64>,
    /// Mean of what the ticket tool counted over closed records, in days.
    pub tool_mean: Answer<f64>,
    /// The age by which half have ended, in days, strict.
    pub median_strict: Answer<f64>,
    /// The same where every close is believed.
    pub median_lenient: Answer<f64>,
    /// Items open.
    pub open_now: u64,
}

/// The figures of one month from the ledger of that view.
#[must_use]
pub fn month(ledger: &Ledger, filter: &Filter, frame: &Frame<'_>) -> TrendMonth {
    let mut tally = Tally::default();
    for item in ledger.items() {
        tally.add(item, filter, frame);
    }
    tally.finish(frame.view.as_of)
}

/// Everything that ever happened to one item, with what the item is called.
#[derive(Clone, Debug)]
pub struct History {
    /// Its key.
    pub key: ItemKey,
    /// Its id as the feed writes it.
    pub id: String,
    /// The source that first told of it.
    pub source: String,
    /// Its events, those of items merged into it too.
    pub events: Vec<ItemEvent>,
}

/// The figures of several months from the histories of the items, each folded as it stood then.
#[must_use]
pub fn months(
    histories: &[History],
    views: &[View],
    filter: &Filter,
    policy: &Policy,
    calendar: &Calendar,
) -> Vec<TrendMonth> {
    let nothing = || vec![Tally::default(); views.len()];
    let tallies = histories
        .par_iter()
        .fold(nothing, |mut tallies, history| {
            add_history(&mut tallies, history, views, filter, policy, calendar);
            tallies
        })
        .reduce(nothing, |mut all, more| {
            all.iter_mut().zip(more).for_each(|(tally, more)| tally.join(more));
            all
        });
    tallies.into_iter().zip(views).map(|(tally, view)| tally.finish(view.as_of)).collect()
}

/// From the latest view to the earliest: where no event falls between two of them, the facts are the same.
fn add_history(
    tallies: &mut [Tally],
    history: &History,
    views: &[View],
    filter: &Filter,
    policy: &Policy,
    calendar: &Calendar,
) {
    let mut folded: Option<(usize, LedgerItem)> = None;
    for (tally, view) in tallies.iter_mut().zip(views).rev() {
        let is_in_view = |event: &&ItemEvent| event.at < view.as_of && event.received_at <= view.known_at;
        let count = history.events.iter().filter(is_in_view).count();
        if folded.as_ref().is_none_or(|(known, _)| *known != count) {
            let events = history.events.iter().filter(is_in_view).cloned().collect();
            let Some(facts) = fold(events, policy, calendar) else {
                return;
            };
            let (id, source) = (history.id.as_str().into(), Some(history.source.as_str().into()));
            folded = Some((count, LedgerItem { key: Some(history.key), id, source, facts }));
        }
        if let Some((_, item)) = &folded {
            tally.add(item, filter, &Frame { view: *view, policy, calendar });
        }
    }
}

/// What is added up over the items of one view.
#[derive(Clone, Debug, Default)]
struct Tally {
    items: u64,
    open: u64,
    report: SlaReport,
    kept: u64,
    due: u64,
    strict: Vec<Row>,
    lenient: Vec<Row>,
}

impl Tally {
    fn add(&mut self, item: &LedgerItem, filter: &Filter, frame: &Frame<'_>) {
        if !filter.keeps(item, frame) {
            return;
        }
        let (facts, view) = (&item.facts, &frame.view);
        self.items += 1;
        self.open += u64::from(open_episode(facts, filter.mode).is_some());
        self.report.join(&SlaReport::of([facts], frame.policy));
        let promise = promise(facts, frame.policy, view, filter.mode);
        self.due += u64::from(promise != Promise::NotDue);
        self.kept += u64::from(promise == Promise::Kept);
        self.strict.extend(rows_of(facts, view, Verification::Strict));
        self.lenient.extend(rows_of(facts, view, Verification::Lenient));
    }

    fn join(&mut self, other: Self) {
        self.items += other.items;
        self.open += other.open;
        self.report.join(&other.report);
        self.due += other.due;
        self.kept += other.kept;
        self.strict.extend(other.strict);
        self.lenient.extend(other.lenient);
    }

    fn finish(&self, as_of: Timestamp) -> TrendMonth {
        let median = |rows: &[Row]| shown_days(Curve::of(&LifeTable::of(rows)).quantile_answer(0.5, Level::Ninety));
        TrendMonth {
            as_of,
            items: self.items,
            reported: shown(self.report.met),
            on_time: shown(Share::new(self.kept, self.due).unwrap_or_default()),
            tool_mean: shown_mean(self.report.tool_mean_days(), self.report.closed),
            median_strict: median(&self.strict),
            median_lenient: median(&self.lenient),
            open_now: self.open,
        }
    }
}

/// The views of a trend, oldest first: each month end up to `view`, watched for as long as the view is, and known as
/// of `view` so that a late event restates the months it touches.
#[must_use]
pub fn month_ends(view: &View, months: usize) -> Vec<View> {
    let length = view.as_of.since(view.observed_from);
    let mut ends = Vec::new();
    let mut end = start_of_month(view.as_of);
    while ends.len() < months {
        ends.push(View { as_of: end, known_at: view.known_at, observed_from: end.plus(-length) });
        end = start_of_month(end.plus(-DAY_SECONDS));
    }
    ends.reverse();
    ends
}

/// Midnight UTC at the start of the month that holds this moment.
fn start_of_month(moment: Timestamp) -> Timestamp {
    let midnight = Timestamp::start_of_day(moment.day());
    let day_of_month = midnight.to_string().get(8..10).and_then(|day| day.parse::<i64>().ok()).unwrap_or(1);
    midnight.plus(-(day_of_month - 1) * DAY_SECONDS)
}
