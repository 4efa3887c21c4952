//! What does the ticket tool report? Its records, how many count as met, and their mean (methods.md 1.3).

use crate::{ledger::Frame, real::mean_days, share::Share};
use domain::{
    fact::{ItemFacts, Outcome, SlaRecord},
    policy::Policy,
    severity::Severity,
};

/// The SLA report.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SlaReport {
    /// Met among all records of the report.
    pub met: Share,
    /// Met per severity of the record, in the order of [`Severity::ALL`].
    pub met_by_severity: [Share; 4],
    /// Records under an exception, which count as met.
    pub exempt: u64,
    /// Closed records.
    pub closed: u64,
    /// Seconds the tool counted over the closed records.
    pub closed_elapsed_seconds: i64,
}

impl SlaReport {
    /// The report over some items.
    pub fn of<'a>(items: impl IntoIterator<Item = &'a ItemFacts>, policy: &Policy) -> Self {
        let (mut met, mut all) = ([0_u64; 4], [0_u64; 4]);
        let mut report = Self::default();
        for facts in items {
            for record in report_records(facts, policy) {
                let place = usize::from(record.severity.code());
                if let (Some(met), Some(all)) = (met.get_mut(place), all.get_mut(place)) {
                    *met += u64::from(record.met() == Some(true));
                    *all += 1;
                }
                if record.outcome == Outcome::Exempt {
                    report.exempt += 1;
                } else {
                    report.closed += 1;
                    report.closed_elapsed_seconds += record.end.map_or(0, |end| end.elapsed_seconds);
                }
            }
        }
        report.met = Share::new(met.iter().sum(), all.iter().sum()).unwrap_or_default();
        for ((share, met), all) in report.met_by_severity.iter_mut().zip(met).zip(all) {
            *share = Share::new(met, all).unwrap_or_default();
        }
        report
    }

    /// Adds the report over other items.
    pub fn join(&mut self, other: &Self) {
        self.met = self.met.joined(other.met);
        for (own, more) in self.met_by_severity.iter_mut().zip(other.met_by_severity) {
            *own = own.joined(more);
        }
        self.exempt += other.exempt;
        self.closed += other.closed;
        self.closed_elapsed_seconds += other.closed_elapsed_seconds;
    }

    /// Met among the records of one severity.
    #[must_use]
    pub const fn of_severity(&self, severity: Severity) -> Share {
        let [critical, high, medium, low] = self.met_by_severity;
        match severity {
            Severity::Critical => critical,
            Severity::High => high,
            Severity::Medium => medium,
            Severity::Low => low,
        }
    }

    /// Mean of what the tool counted over closed records, in days.
    #[must_use]
    pub fn tool_mean_days(&self) -> Option<f64> {
        mean_days(self.closed_elapsed_seconds, self.closed)
    }
}

/// Whether the class of the item is left out of the SLA report.
#[must_use]
pub fn is_excluded(facts: &ItemFacts, policy: &Policy) -> bool {
    let class = facts.asset_class.as_deref().unwrap_or_default();
    policy.excluded_classes.iter().any(|excluded| excluded == class)
}

/// The records of an item that enter the report: closed, and exempt where the policy counts them.
pub fn report_records<'a>(facts: &'a ItemFacts, policy: &Policy) -> impl Iterator<Item = &'a SlaRecord> + use<'a> {
    let left_out = is_excluded(facts, policy);
    let exempt_counts = policy.exception_is_compliant;
    facts.records.iter().filter(move |record| {
        let counts = match record.outcome {
            Outcome::Closed => true,
            Outcome::Exempt => exempt_counts,
            Outcome::Running | Outcome::Reset | Outcome::Cancelled => false,
        };
        counts && !left_out
    })
}

/// What the ticket tool shows of a record that runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ShownClock {
    /// Working seconds so far, less pauses.
    pub elapsed_seconds: i64,
    /// The target of its severity.
    pub target_seconds: i64,
}

impl ShownClock {
    /// Whether the tool shows it in time.
    #[must_use]
    pub const fn is_in_time(&self) -> bool {
        self.elapsed_seconds <= self.target_seconds
    }
}

/// The clock of an item's running record as the tool showed it at the end of the view; `None` where none runs.
#[must_use]
pub fn shown_clock(facts: &ItemFacts, frame: &Frame<'_>) -> Option<ShownClock> {
    let record = facts.records.iter().rev().find(|record| record.outcome == Outcome::Running)?;
    let as_of = frame.view.as_of;
    let worked = |from, to| frame.calendar.working_seconds(record.severity, from, to);
    let paused: i64 = record.pauses.iter().map(|(from, to)| worked(*from, to.unwrap_or(as_of))).sum();
    Some(ShownClock {
        elapsed_seconds: worked(record.start, as_of) - paused,
        target_seconds: frame.policy.targets.get(record.severity).seconds,
    })
}

/// Of the records that run, those the tool shows in time; an item has at most one.
pub fn shown_open<'a>(items: impl IntoIterator<Item = &'a ItemFacts>, frame: &Frame<'_>) -> Share {
    let clocks: Vec<ShownClock> = items.into_iter().filter_map(|facts| shown_clock(facts, frame)).collect();
    Share::count(&clocks, |clock| clock.is_in_time())
}
