//! What the fold leaves for metrics: enough for every figure without going back to the events.

use crate::{
    agent_action::AgentAction,
    calendar::Calendar,
    flag::Flags,
    label::{Label, LabelSeconds},
    severity::Severity,
    time::Timestamp,
    view::Verification,
    work::{FirstDetections, PersonDeed, Stretch},
};

/// Why an episode ended, or why an item first left active work.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Cause {
    /// The weakness is gone.
    Fixed,
    /// The risk was accepted (a first exit only, never the end of an episode).
    Accepted,
    /// The asset was retired.
    Decommissioned,
    /// It was never a weakness.
    FalsePositive,
}

impl Cause {
    /// The word as it is written everywhere.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Fixed => "fixed",
            Self::Accepted => "accepted",
            Self::Decommissioned => "decommissioned",
            Self::FalsePositive => "false_positive",
        }
    }
}

/// What an end rests on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Evidence {
    /// Something independent saw that it is gone.
    Verified,
    /// Only the ticket says so (lenient mode).
    Unverified,
    /// The asset was retired.
    Decommissioned,
    /// The judgement that it never was one.
    FalsePositive,
}

impl Evidence {
    /// The word as it is written everywhere.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Verified => "verified",
            Self::Unverified => "unverified",
            Self::Decommissioned => "decommissioned",
            Self::FalsePositive => "false_positive",
        }
    }
}

/// The end of an episode.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct End {
    /// When.
    pub at: Timestamp,
    /// Why.
    pub cause: Cause,
    /// On what evidence.
    pub evidence: Evidence,
}

/// One spell in which the weakness is believed to exist.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Episode {
    /// First evidence of this spell.
    pub start: Timestamp,
    /// Its end, or `None` while it lasts.
    pub end: Option<End>,
}

/// How a record of the ticket tool's clock ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Outcome {
    /// It still runs.
    Running,
    /// The ticket was closed.
    Closed,
    /// An exception stopped it.
    Exempt,
    /// A reset wiped it from the report.
    Reset,
    /// Retired or never real.
    Cancelled,
}

impl Outcome {
    /// The word as it is written everywhere.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Running => "running",
            Self::Closed => "closed",
            Self::Exempt => "exempt",
            Self::Reset => "reset",
            Self::Cancelled => "cancelled",
        }
    }
}

/// What is known of a record once it has ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RecordEnd {
    /// When.
    pub at: Timestamp,
    /// Working seconds less pauses.
    pub elapsed_seconds: i64,
    /// Working seconds inside pauses.
    pub paused_seconds: i64,
    /// The target of its severity at that moment.
    pub target_seconds: i64,
}

/// One cycle of the ticket tool's clock.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SlaRecord {
    /// When it started.
    pub start: Timestamp,
    /// Its severity, now or at its end.
    pub severity: Severity,
    /// How it ended.
    pub outcome: Outcome,
    /// Its end, or `None` while it runs.
    pub end: Option<RecordEnd>,
    /// Pauses so far; a running pause has no end.
    pub pauses: Vec<(Timestamp, Option<Timestamp>)>,
}

impl SlaRecord {
    /// Whether the ticket tool would call it met; `None` while it runs or when it never enters the report.
    #[must_use]
    pub fn met(&self) -> Option<bool> {
        match (self.outcome, &self.end) {
            (Outcome::Closed, Some(end)) => Some(end.elapsed_seconds <= end.target_seconds),
            (Outcome::Exempt, Some(_)) => Some(true),
            (Outcome::Running | Outcome::Closed | Outcome::Exempt | Outcome::Reset | Outcome::Cancelled, _) => None,
        }
    }
}

/// One press of *close*, and when the weakness was seen again after it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Closure {
    /// When it was closed.
    pub at: Timestamp,
    /// When it was next seen again, if it was.
    pub seen_again: Option<Timestamp>,
}

/// The first time an item left active work.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FirstExit {
    /// When.
    pub at: Timestamp,
    /// How.
    pub cause: Cause,
}

/// What an item is doing between two events.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Situation {
    /// Its episode is over.
    Over,
    /// No ticket yet.
    Untracked,
    /// Closed in the tool, episode not over.
    Shut,
    /// The risk is accepted.
    Excepted,
    /// The ticket waits.
    Paused,
    /// Being worked on, in a record of this severity.
    Active(Severity),
}

/// The stretch after the last event: it grows with the view and needs no new fold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tail {
    /// The last event.
    pub since: Timestamp,
    /// What the item has been doing since.
    pub situation: Situation,
}

/// What an item belongs to: the words by which it is filtered and counted together with others.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ties {
    /// The asset it sits on, as first written.
    pub asset: Option<Box<str>>,
    /// The rule, plugin or control that found it, as first written.
    pub weakness: Option<Box<str>>,
    /// Its ticket, as first written.
    pub ticket: Option<Box<str>>,
    /// The playbook it is handled by, as first written.
    pub playbook: Option<Box<str>>,
    /// Techniques of attackers, every one that was ever named, sorted.
    pub techniques: Vec<Box<str>>,
    /// Ids of public weaknesses, every one that was ever named, sorted.
    pub cves: Vec<Box<str>>,
}

/// A spell in which the risk was accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Exception {
    /// When it was granted.
    pub granted: Timestamp,
    /// When it was over, by expiry, renewal or the item's end; `None` while it lasts.
    pub ended: Option<Timestamp>,
}

/// A verification.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Check {
    /// When.
    pub at: Timestamp,
    /// Whether whoever fixed or closed it checked it as well; `None` where one of the two is not named.
    pub own_work: Option<bool>,
    /// Whether it was a statement rather than a check.
    pub attested: bool,
}

impl Tail {
    /// The labels of the stretch up to `as_of`, with their seconds; what is over has none.
    #[must_use]
    pub fn seconds(&self, as_of: Timestamp, calendar: &Calendar) -> [(Label, i64); 2] {
        let length = as_of.since(self.since).max(0);
        let alone = |label| [(label, length), (label, 0)];
        match self.situation {
            Situation::Over => [(Label::Untracked, 0); 2],
            Situation::Untracked => alone(Label::Untracked),
            Situation::Shut => alone(Label::ClosedUnverified),
            Situation::Excepted => alone(Label::Exception),
            Situation::Paused => alone(Label::Paused),
            Situation::Active(severity) => {
                let on_clock = calendar.working_seconds(severity, self.since, as_of);
                [(Label::OnClockFinal, on_clock), (Label::OffCalendar, length.saturating_sub(on_clock))]
            }
        }
    }
}

/// Everything the fold knows of one item.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ItemFacts {
    /// Earliest evidence.
    pub origin: Timestamp,
    /// Whether no detection carries the origin: the wall clock is then a lower bound.
    pub origin_imputed: bool,
    /// How many events it has, merges not counted.
    pub events: u32,
    /// What sort of weakness, as first written.
    pub kind: Option<Box<str>>,
    /// The team expected to fix it, as first written.
    pub team: Option<Box<str>>,
    /// The class of its asset, as first written.
    pub asset_class: Option<Box<str>>,
    /// The outside deadline, if one was given.
    pub kev_due: Option<Timestamp>,
    /// What it belongs to.
    pub ties: Ties,
    /// Severity over time; the first step stands at the origin.
    pub severity_steps: Vec<(Timestamp, Severity)>,
    /// Whether anybody acted on it.
    pub touched: bool,
    /// Whether an agent applied the fix or closed it.
    pub agent: bool,
    /// Whether the ticket tool shows it as open.
    pub tool_open: bool,
    /// Spells of existence, oldest first; never empty.
    pub episodes: Vec<Episode>,
    /// Cycles of the ticket tool's clock, oldest first.
    pub records: Vec<SlaRecord>,
    /// Presses of *close*, oldest first.
    pub closures: Vec<Closure>,
    /// Spells of accepted risk, oldest first.
    pub exceptions: Vec<Exception>,
    /// Verifications, oldest first.
    pub checks: Vec<Check>,
    /// Fixing updates named by events that close or end, each with its moment, oldest first.
    pub patches: Vec<(Timestamp, Box<str>)>,
    /// When it was last observed to be there.
    pub last_sighting: Option<Timestamp>,
    /// When it was first detected, and by whom.
    pub detections: FirstDetections,
    /// What people did to move it on, oldest first.
    pub deeds: Vec<PersonDeed>,
    /// Stretches of work and of waiting for a given reason, oldest first.
    pub stretches: Vec<Stretch>,
    /// What agents proposed or did, in the order of their first events.
    pub actions: Vec<AgentAction>,
    /// What the ticket tool itself says, each step from its moment on, oldest first.
    pub claims: Vec<(Timestamp, crate::claim::Claim)>,
    /// When it first left active work.
    pub first_exit: Option<FirstExit>,
    /// The standing close, where the item is shut, unverified and its episode not over: lenient mode ends there.
    pub standing_close: Option<Timestamp>,
    /// Seconds per label up to the last event (strict).
    pub settled_labels: LabelSeconds,
    /// What has been going on since.
    pub tail: Tail,
    /// What the fold noticed.
    pub flags: Flags,
}

impl ItemFacts {
    /// Severity at detection.
    #[must_use]
    pub fn severity_at_detection(&self) -> Severity {
        self.severity_steps.first().map_or(Severity::Medium, |(_, severity)| *severity)
    }

    /// The latest severity.
    #[must_use]
    pub fn severity_now(&self) -> Severity {
        self.severity_steps.last().map_or(Severity::Medium, |(_, severity)| *severity)
    }

    /// The fixing update named by the event that closed or ended the item at a moment.
    #[must_use]
    pub fn patch_at(&self, at: Timestamp) -> Option<&str> {
        self.patches.iter().rev().find(|(moment, _)| *moment == at).map(|(_, patch)| &**patch)
    }

    /// The last episode as one of the two modes sees it.
    #[must_use]
    pub fn last_episode(&self, mode: Verification) -> Option<Episode> {
        let last = self.episodes.last().copied()?;
        match (mode, self.standing_close, last.end) {
            (Verification::Lenient, Some(at), None) => Some(Episode {
                start: last.start,
                end: Some(End { at, cause: Cause::Fixed, evidence: Evidence::Unverified }),
            }),
            (Verification::Lenient | Verification::Strict, _, _) => Some(last),
        }
    }

    /// All episodes as one of the two modes sees them.
    pub fn episodes(&self, mode: Verification) -> impl Iterator<Item = Episode> + '_ {
        let before_last = self.episodes.len().saturating_sub(1);
        self.episodes.iter().take(before_last).copied().chain(self.last_episode(mode))
    }

    /// The first exit as one of the two modes sees it.
    #[must_use]
    pub fn first_exit(&self, mode: Verification) -> Option<FirstExit> {
        let lenient = match mode {
            Verification::Strict => None,
            Verification::Lenient => self.standing_close,
        };
        self.first_exit.or(lenient.map(|at| FirstExit { at, cause: Cause::Fixed }))
    }

    /// Seconds per label up to `as_of`, which must not lie before the last event.
    #[must_use]
    pub fn labels(&self, as_of: Timestamp, mode: Verification, calendar: &Calendar) -> LabelSeconds {
        labels_at(self.settled_labels, self.tail, self.standing_close, as_of, mode, calendar)
    }

    /// Seconds of all episodes up to `as_of`: what the labels must add up to.
    #[must_use]
    pub fn wall_seconds(&self, as_of: Timestamp, mode: Verification) -> i64 {
        self.episodes(mode).map(|episode| episode.end.map_or(as_of, |end| end.at).since(episode.start)).sum()
    }
}

/// Seconds per label up to `as_of` from those up to the last event, what has been going on since, and the standing
/// close, if there is one.
#[must_use]
pub fn labels_at(
    settled: LabelSeconds,
    tail: Tail,
    standing_close: Option<Timestamp>,
    as_of: Timestamp,
    mode: Verification,
    calendar: &Calendar,
) -> LabelSeconds {
    let mut labels = settled;
    for (label, seconds) in tail.seconds(as_of, calendar) {
        labels.add(label, seconds);
    }
    // In lenient mode the episode ends at the standing close; all that followed carries this one label.
    if let (Verification::Lenient, Some(close)) = (mode, standing_close) {
        labels.add(Label::ClosedUnverified, close.since(as_of));
    }
    labels
}
