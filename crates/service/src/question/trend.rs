//! Is it getting better? The headline figures as they stood at the end of each month.

use super::{drawn, shown_mean};
use crate::catalogue::Catalogue;
use domain::{
    calendar::Calendar,
    event::ItemEvent,
    fold::fold,
    policy::Policy,
    time::{DAY_SECONDS, Timestamp},
    view::{Verification, View},
};
use metrics::{
    answer::Answer,
    bootstrap::{batches, curve::ClusteredRow, sum::Unit},
    flow::open_episode,
    ledger::{Filter, Frame, Ledger, LedgerItem},
    matured::{Promise, promise},
    share::Share,
    sla::SlaReport,
};
use rayon::prelude::*;

/// Months a trend goes back.
pub const TREND_MONTHS: usize = 12;

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

pub use crate::view_histories::History;

/// When the months of a trend end, and since when each looks. Two views that both know everything learnt so far differ in
/// nothing else that a fold could see.
pub(crate) type MonthEnds = Vec<(Timestamp, Timestamp)>;

pub(crate) fn moments_of(views: &[View]) -> MonthEnds {
    views.iter().map(|view| (view.as_of, view.observed_from)).collect()
}

/// The figures of several months from the histories of the items, each folded as it stood then.
#[must_use]
pub fn months(
    histories: &[History],
    views: &[View],
    filter: &Filter,
    policy: &Policy,
    calendar: &Calendar,
    catalogue: &Catalogue,
) -> Vec<TrendMonth> {
    let nothing = || vec![Tally::default(); views.len()];
    let tallies = histories
        .par_iter()
        .fold(nothing, |mut tallies, history| {
            let folding = Folding { views, filter, policy, calendar, catalogue };
            folding.add(&mut tallies, history);
            tallies
        })
        .reduce(nothing, |mut all, more| {
            all.iter_mut().zip(more).for_each(|(tally, more)| tally.join(more));
            all
        });
    tallies.into_iter().zip(views).map(|(tally, view)| tally.finish(view.as_of)).collect()
}

/// What every history is folded with.
struct Folding<'a> {
    views: &'a [View],
    filter: &'a Filter,
    policy: &'a Policy,
    calendar: &'a Calendar,
    catalogue: &'a Catalogue,
}

impl Folding<'_> {
    /// From the latest view to the earliest: where no event falls between two of them, the facts are the same, but for a
    /// deadline that the catalogue gave only later.
    fn add(&self, tallies: &mut [Tally], history: &History) {
        let (policy, calendar) = (self.policy, self.calendar);
        let mut folded: Option<(usize, Option<Timestamp>, LedgerItem)> = None;
        for (tally, view) in tallies.iter_mut().zip(self.views).rev() {
            let is_in_view = |event: &&ItemEvent| event.at < view.as_of && event.received_at <= view.known_at;
            let count = history.events.iter().filter(is_in_view).count();
            if folded.as_ref().is_none_or(|(known, ..)| *known != count) {
                let events = history.events.iter().filter(is_in_view).cloned().collect();
                let Some(facts) = fold(events, policy, calendar) else {
                    return;
                };
                let (id, source) = (history.id.clone(), Some(history.source.clone()));
                folded = Some((count, facts.kev_due, LedgerItem { key: Some(history.key), id, source, facts }));
            }
            if let Some((_, due_by_event, item)) = &mut folded {
                item.facts.kev_due = *due_by_event;
                self.catalogue.join(&mut item.facts, view.as_of);
                tally.add(item, self.filter, &Frame { view: *view, policy, calendar });
            }
        }
    }
}

/// What is added up over the items of one view.
#[derive(Clone, Debug, Default)]
struct Tally {
    items: u64,
    open: u64,
    report: SlaReport,
    records: Vec<Unit>,
    kept: u64,
    due: u64,
    promises: Vec<Unit>,
    strict: Vec<ClusteredRow>,
    lenient: Vec<ClusteredRow>,
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
        self.records.extend(batches::records(item, frame.policy));
        self.promises.extend(batches::kept_promise(item, frame.policy, view, filter.mode));
        self.strict.extend(batches::rows(item, view, Verification::Strict));
        self.lenient.extend(batches::rows(item, view, Verification::Lenient));
    }

    fn join(&mut self, other: Self) {
        self.items += other.items;
        self.open += other.open;
        self.report.join(&other.report);
        self.due += other.due;
        self.kept += other.kept;
        self.records.extend(other.records);
        self.promises.extend(other.promises);
        self.strict.extend(other.strict);
        self.lenient.extend(other.lenient);
    }

    fn finish(&self, as_of: Timestamp) -> TrendMonth {
        let kept = Share::new(self.kept, self.due).unwrap_or_default();
        TrendMonth {
            as_of,
            items: self.items,
            reported: drawn::shown(&drawn::share(self.report.met, &self.records)),
            on_time: drawn::shown(&drawn::share(kept, &self.promises)),
            tool_mean: shown_mean(self.report.tool_mean_days(), self.report.closed),
            median_strict: drawn::median_days(&self.strict),
            median_lenient: drawn::median_days(&self.lenient),
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
