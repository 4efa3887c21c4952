//! What do all sizes stand on? The items of a filter with what several of them read, made once.

use crate::{
    labels::where_time_went,
    ledger::{Frame, LedgerItem},
    real::{count_of, days},
    sla::{SlaReport, report_records},
    waterfall::{self, Step},
};
use domain::{
    fact::{ItemFacts, SlaRecord},
    label::{Label, LabelSeconds},
    view::Verification,
};

/// Horizon of the mean that counts the open ones, in days.
const HORIZON_DAYS: i64 = 365;

/// The items of a filter, and what is read of them more than once.
#[derive(Clone, Debug)]
pub struct Ground<'a> {
    /// The items.
    pub items: Vec<&'a LedgerItem>,
    /// Their facts.
    pub facts: Vec<&'a ItemFacts>,
    /// The moment of the view and the policy.
    pub frame: Frame<'a>,
    /// Strict or lenient.
    pub mode: Verification,
    /// Seconds under each label.
    pub labels: LabelSeconds,
    /// The SLA report.
    pub report: SlaReport,
    /// From the report to the truth in points.
    pub points: Vec<Step>,
    /// From the report to the truth in days.
    pub days: Vec<Step>,
}

impl<'a> Ground<'a> {
    /// What stands under the sizes over some items.
    #[must_use]
    pub fn of(items: Vec<&'a LedgerItem>, frame: Frame<'a>, mode: Verification) -> Self {
        let facts: Vec<&ItemFacts> = items.iter().map(|item| &item.facts).collect();
        Self {
            labels: where_time_went(facts.iter().copied(), frame.view.as_of, mode, frame.calendar),
            report: SlaReport::of(facts.iter().copied(), frame.policy),
            points: waterfall::points(&facts, &frame, mode),
            days: waterfall::days(&facts, &frame, mode, HORIZON_DAYS),
            items,
            facts,
            frame,
            mode,
        }
    }

    /// How many items there are.
    #[must_use]
    pub fn count(&self) -> u64 {
        count_of(self.facts.len())
    }

    /// Days under a label; nothing where there is nobody.
    #[must_use]
    pub fn label_days(&self, label: Label) -> Option<f64> {
        (!self.facts.is_empty()).then(|| days(self.labels.get(label)))
    }

    /// The records of the SLA report.
    pub fn records(&self) -> impl Iterator<Item = &'a SlaRecord> + '_ {
        self.facts.iter().flat_map(|facts| report_records(facts, self.frame.policy))
    }

    /// The size of a step of the waterfall in points.
    #[must_use]
    pub fn points_step(&self, name: &str) -> Option<f64> {
        self.points.iter().find(|step| step.name == name).and_then(|step| step.change)
    }

    /// The figure of a step of the waterfall in days.
    #[must_use]
    pub fn days_value(&self, name: &str) -> Option<f64> {
        self.days.iter().find(|step| step.name == name).and_then(|step| step.value)
    }
}

/// Seconds the ticket tool has counted on a record: as it ended, or up to the view while it runs.
#[must_use]
pub fn elapsed_seconds(record: &SlaRecord, frame: &Frame<'_>) -> i64 {
    let as_of = frame.view.as_of;
    let worked = |from, to| frame.calendar.working_seconds(record.severity, from, to);
    record.end.map_or_else(
        || {
            let paused = record.pauses.iter().map(|(from, to)| worked(*from, to.unwrap_or(as_of))).sum::<i64>();
            worked(record.start, as_of) - paused
        },
        |end| end.elapsed_seconds,
    )
}

/// The target of a record: as it ended, or that of its severity while it runs.
#[must_use]
pub fn target_seconds(record: &SlaRecord, frame: &Frame<'_>) -> i64 {
    record.end.map_or_else(|| frame.policy.targets.get(record.severity).seconds, |end| end.target_seconds)
}
