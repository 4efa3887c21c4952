//! Which items stand behind a figure? Each set is one yes-or-no question, so that a list has as many as its number.

use super::Frame;
use crate::{flow, kev, matured, sla, survival::row::rows_of};
use domain::{
    claim::Verdict,
    fact::{ItemFacts, Situation},
    view::Verification,
};

/// The items behind one figure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ItemSet {
    /// Its last episode is open in the mode of the view, whether or not the ticket is closed.
    StillOpen,
    /// At least one record in the SLA report.
    Reported,
    /// Every record it has in the report counts as met.
    ReportedMet,
    /// At least one record in the report is late.
    ReportedLate,
    /// Its promised day came inside the view.
    Due,
    /// Its promised day came, and it was gone by then.
    Kept,
    /// Its promised day came, and it was not gone.
    Broken,
    /// Open for longer than promised.
    Overdue,
    /// Open, and nobody has done anything about it.
    NeverTouched,
    /// Its risk is accepted at the moment of the view.
    Exempt,
    /// Its ticket waits at the moment of the view.
    Paused,
    /// Open without a ticket.
    Untracked,
    /// Closed at least once and seen again.
    SeenAgain,
    /// Left out of the SLA report by its class.
    Excluded,
    /// Known to be exploited: it carries an outside deadline.
    Exploited,
    /// Known to be exploited, and its outside deadline has come.
    ExploitedDue,
    /// Known to be exploited, and its first episode had ended by the deadline.
    ExploitedMet,
    /// No detection carries its origin: its wall clock is a lower bound.
    OriginImputed,
    /// At least one of its episodes stands under the curve of the view.
    Watched,
    /// Its ticket's clock runs at the moment of the view.
    ClockRuns,
    /// It runs, and the ticket tool shows it in time.
    ShownInTime,
    /// It runs, and the ticket tool shows it late.
    ShownLate,
    /// The ticket tool itself calls it met or breached.
    ToolJudged,
    /// The ticket tool itself calls it met.
    ToolMet,
    /// The ticket tool itself calls it breached.
    ToolBreached,
    /// The ticket tool itself says that its promise still stands.
    ToolRunning,
}

impl ItemSet {
    /// All sets.
    pub const ALL: [Self; 26] = [
        Self::StillOpen,
        Self::Reported,
        Self::ReportedMet,
        Self::ReportedLate,
        Self::Due,
        Self::Kept,
        Self::Broken,
        Self::Overdue,
        Self::NeverTouched,
        Self::Exempt,
        Self::Paused,
        Self::Untracked,
        Self::SeenAgain,
        Self::Excluded,
        Self::Exploited,
        Self::ExploitedDue,
        Self::ExploitedMet,
        Self::OriginImputed,
        Self::Watched,
        Self::ClockRuns,
        Self::ShownInTime,
        Self::ShownLate,
        Self::ToolJudged,
        Self::ToolMet,
        Self::ToolBreached,
        Self::ToolRunning,
    ];

    /// Whether an item is in the set.
    #[must_use]
    pub fn holds(self, facts: &ItemFacts, frame: &Frame<'_>, mode: Verification) -> bool {
        let (policy, view) = (frame.policy, &frame.view);
        let mut records = sla::report_records(facts, policy);
        let promise = || matured::promise(facts, policy, view, mode);
        let is_open = || flow::open_episode(facts, mode).is_some();
        match self {
            Self::StillOpen => is_open(),
            Self::Reported => records.next().is_some(),
            Self::ReportedMet => {
                let mut records = records.peekable();
                records.peek().is_some() && records.all(|record| record.met() == Some(true))
            }
            Self::ReportedLate => records.any(|record| record.met() == Some(false)),
            Self::Due => promise() != matured::Promise::NotDue,
            Self::Kept => promise() == matured::Promise::Kept,
            Self::Broken => promise() == matured::Promise::Broken,
            Self::Overdue => flow::is_past_promised(facts, policy, view, mode),
            Self::NeverTouched => is_open() && !facts.touched,
            Self::Exempt => facts.tail.situation == Situation::Excepted,
            Self::Paused => facts.tail.situation == Situation::Paused,
            Self::Untracked => facts.tail.situation == Situation::Untracked,
            Self::SeenAgain => facts.closures.iter().any(|closure| closure.seen_again.is_some()),
            Self::Excluded => sla::is_excluded(facts, policy),
            Self::Exploited => facts.kev_due.is_some(),
            Self::ExploitedDue => kev::is_due(facts, view.as_of),
            Self::ExploitedMet => kev::is_due(facts, view.as_of) && kev::is_met(facts, mode),
            Self::OriginImputed => facts.origin_imputed,
            Self::Watched => rows_of(facts, view, mode).next().is_some(),
            Self::ClockRuns => sla::shown_clock(facts, frame).is_some(),
            Self::ShownInTime => sla::shown_clock(facts, frame).is_some_and(|clock| clock.is_in_time()),
            Self::ShownLate => sla::shown_clock(facts, frame).is_some_and(|clock| !clock.is_in_time()),
            Self::ToolJudged => matches!(facts.claimed_verdict(), Some(Verdict::Met | Verdict::Breached)),
            Self::ToolMet => facts.claimed_verdict() == Some(Verdict::Met),
            Self::ToolBreached => facts.claimed_verdict() == Some(Verdict::Breached),
            Self::ToolRunning => facts.claimed_verdict() == Some(Verdict::Running),
        }
    }
}
