//! What does the first page count? Everything it shows that is not a curve, from one pass over the order of starts
//! and one over the items.

mod by_item;
mod by_spell;

use super::{
    Columns, CurveHead, SeenAgain, Selection, Work,
    head::{of_closures, seen_again},
    life::Watch,
    moment::since_2000,
};
use crate::{
    claimed::Claimed,
    flow::{Flow, age_bands::AgeBands, backlog::Backlog, exposure::Exposure},
    ledger::{Frame, ItemSet},
    matured::mean_promised,
    real::{days, mean_days},
    share::Share,
    sla::SlaReport,
};
use by_item::ByItem;
use by_spell::BySpell;
use domain::{
    label::{Label, LabelSeconds},
    time::DAY_SECONDS,
    view::Verification,
};

/// Closures are followed for this long.
pub const SEEN_AGAIN_DAYS: i64 = 90;

/// The counts of the items that pass a filter.
#[derive(Clone, Debug, PartialEq)]
pub struct Overview {
    /// Items that pass.
    pub items: u64,
    /// The SLA report.
    pub report: SlaReport,
    /// The ticket tool's own verdicts.
    pub claimed: Claimed,
    /// Records that run, and those of them that the ticket tool shows in time.
    pub shown_open: Share,
    /// Items under the strict curve.
    pub watched_strict: u64,
    /// Items under the lenient one.
    pub watched_lenient: u64,
    /// Promises kept among those due, in the mode of the question.
    pub promises: Share,
    /// The same where every close is believed.
    pub promises_lenient: Share,
    /// Seconds under each label.
    pub labels: LabelSeconds,
    /// Items with at least one second under each label, in the order of [`Label::ALL`].
    pub items_by_label: [u64; Label::ALL.len()],
    /// Deadlines from outside that were kept, among those that have come.
    pub exploited_on_time: Share,
    /// What came in, went out and is there.
    pub flow: Flow,
    /// Mean of the promised days over the episodes of the curve.
    pub mean_promised_days: Option<f64>,
    /// The curve of the episodes, strict.
    pub strict: CurveHead,
    /// The same where every close is believed.
    pub lenient: CurveHead,
    /// How often what was closed came back within [`SEEN_AGAIN_DAYS`].
    pub seen_again: SeenAgain,
    sets: [u64; ItemSet::ALL.len()],
}

impl Overview {
    /// How many items are in a set.
    #[must_use]
    pub fn size(&self, set: ItemSet) -> u64 {
        let sizes = ItemSet::ALL.iter().zip(self.sets);
        sizes.filter(|(known, _)| **known == set).map(|(_, size)| size).sum()
    }
}

impl Columns {
    /// The counts of the items that pass a selection, in a mode.
    #[must_use]
    pub fn overview(&self, selection: &Selection, mode: Verification, frame: &Frame<'_>, work: Work) -> Overview {
        let watch = Watch::since(frame.view.observed_from);
        let spells = self.spells(selection, mode, frame, &watch, work);
        let items = self.items(selection, mode, frame, work);
        let (strict, lenient) = self.both_heads(&spells, selection, frame, &watch, work);
        let (always, age) = (Watch::always(), SEEN_AGAIN_DAYS * DAY_SECONDS);
        let asked = of_closures(selection, &always, &frame.view, age);
        let seen_again = seen_again(&self.closures, &asked, items.closures, work, age);
        let promises = Share::new(spells.kept, spells.due).unwrap_or_default();
        let [watched_strict, watched_lenient] = spells.watched;
        let watched = match mode {
            Verification::Strict => watched_strict,
            Verification::Lenient => watched_lenient,
        };
        Overview {
            items: items.count,
            report: items.report(self, frame),
            claimed: items.claimed,
            shown_open: Share::new(items.shown_in_time, items.running).unwrap_or_default(),
            watched_strict,
            watched_lenient,
            promises,
            promises_lenient: Share::new(spells.kept_lenient, spells.due).unwrap_or_default(),
            labels: items.labels(),
            items_by_label: items.by_label(),
            exploited_on_time: Share::new(items.exploited_met, items.exploited_due).unwrap_or_default(),
            mean_promised_days: mean_promised(&spells.rows_by_severity, frame.policy),
            strict,
            lenient,
            seen_again,
            sets: ItemSet::ALL.map(|set| size_of_set(set, &spells, &items, self, watched)),
            flow: flow(&spells, frame),
        }
    }
}

fn size_of_set(set: ItemSet, spells: &BySpell, items: &ByItem, columns: &Columns, watched: u64) -> u64 {
    let [all, met_only, late] = items.reported(columns);
    match set {
        ItemSet::StillOpen => spells.open,
        ItemSet::Reported => all,
        ItemSet::ReportedMet => met_only,
        ItemSet::ReportedLate => late,
        ItemSet::Due => spells.due,
        ItemSet::Kept => spells.kept,
        ItemSet::Broken => spells.due - spells.kept,
        ItemSet::Overdue => spells.overdue,
        ItemSet::NeverTouched => spells.never_touched,
        ItemSet::Exempt => items.excepted,
        ItemSet::Paused => items.paused,
        ItemSet::Untracked => items.untracked,
        ItemSet::SeenAgain => items.seen_again,
        ItemSet::Excluded => items.excluded,
        ItemSet::Exploited => items.exploited,
        ItemSet::ExploitedDue => items.exploited_due,
        ItemSet::ExploitedMet => items.exploited_met,
        ItemSet::OriginImputed => items.imputed,
        ItemSet::Watched => watched,
        ItemSet::ClockRuns => items.running,
        ItemSet::ShownInTime => items.shown_in_time,
        ItemSet::ShownLate => items.running - items.shown_in_time,
        ItemSet::ToolJudged => items.claimed.judged().of(),
        ItemSet::ToolMet => items.claimed.met,
        ItemSet::ToolBreached => items.claimed.breached,
        ItemSet::ToolRunning => items.claimed.running,
    }
}

fn flow(spells: &BySpell, frame: &Frame<'_>) -> Flow {
    let view = &frame.view;
    let backlog = Backlog {
        first_day: view.observed_from.day(),
        open_before: spells.open_before,
        arrived: spells.arrived_by_day.clone(),
        resolved: spells.resolved_by_day.clone(),
    };
    Flow {
        arrivals: spells.arrivals,
        resolved: spells.resolved,
        window_days: days(view.as_of.since(view.observed_from)),
        open_now: spells.open,
        mean_open_age_days: mean_days(spells.open_seconds, spells.open),
        median_open_age_days: spells.median_open_age(since_2000(view.as_of)).map(days),
        age_bands: AgeBands::from_array(spells.bands),
        never_touched: spells.never_touched,
        exposure: Exposure::from_seconds(spells.exposed, frame.policy),
        monthly_capacity: backlog.monthly_capacity(),
    }
}
