//! What follows from a drill record by arithmetic alone? Missing is not zero: what nobody wrote down has no answer.

use super::{
    record::{Decision, Detection, DrillRecord, Finding, Inject, Objective, Retest},
    words::{DecisionOutcome, DetectionOutcome, Rating, Usable},
};
use crate::time::{Timestamp, WallClock};

/// Whether an inject raised an alert that somebody could act on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Usability {
    /// It did.
    Usable,
    /// It did not.
    NotUsable,
    /// Nobody wrote it down: it widens the interval.
    Unknown,
}

/// How long an inject went unseen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Detected {
    /// The first usable alert came after so long.
    After(WallClock),
    /// None came until the inject ended, so long after it began.
    NotUntil(WallClock),
}

impl Rating {
    /// Whether the objective was met.
    #[must_use]
    pub const fn is_met(self) -> bool {
        matches!(self, Self::Performed | Self::Some)
    }
}

impl Objective {
    /// Whether it was met; none without a rating.
    #[must_use]
    pub fn met(&self) -> Option<bool> {
        self.rating.map(Rating::is_met)
    }

    /// Whether it was met inside its time box; none without a box or a rating. An objective that was met at a time nobody
    /// wrote down was not shown to be in time.
    #[must_use]
    pub fn met_in_time(&self) -> Option<bool> {
        let (box_seconds, met) = (self.time_box_seconds?, self.met()?);
        let taken = match (self.started_at, self.completed_at) {
            (Some(started), Some(completed)) => WallClock::between(started, completed),
            _ => None,
        };
        Some(met && taken.is_some_and(|taken| taken.seconds() <= box_seconds))
    }
}

impl Decision {
    /// When it was decided; *deferred* is still undecided.
    #[must_use]
    pub fn settled_at(&self) -> Option<Timestamp> {
        self.decided_at.filter(|_| self.outcome != Some(DecisionOutcome::Deferred))
    }

    /// How long it took from asked to authorised or declined; none while it is undecided.
    #[must_use]
    pub fn latency(&self) -> Option<WallClock> {
        WallClock::between(self.asked_at?, self.settled_at()?)
    }

    /// Whether action, impact, options and authority are all recorded.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        let authority = self.decided_by.is_some() || self.decided_by_role.is_some();
        self.technical_action.is_some() && self.business_impact.is_some() && !self.options.is_empty() && authority
    }

    /// Whether it was decided within a window, its own or the one that is given, by the role that was asked: where nobody
    /// wrote down who decided, it was not shown. None without a window or a moment at which it was asked.
    #[must_use]
    pub fn in_window(&self, agreed_minutes: Option<u64>) -> Option<bool> {
        let window = self.window_minutes.or(agreed_minutes)?.saturating_mul(60);
        self.asked_at?;
        let same_role = self.asked_of.is_none() || self.asked_of == self.decided_by_role;
        Some(same_role && self.latency().is_some_and(|latency| latency.seconds() <= window))
    }

    /// Whether it was decided before it was asked: one of the two times is wrong.
    #[must_use]
    pub fn is_decided_before_asked(&self) -> bool {
        matches!((self.asked_at, self.decided_at), (Some(asked), Some(decided)) if decided < asked)
    }
}

impl Detection {
    /// Whether somebody could act on it: alerted, or blocked with an alert, and the alert was of use.
    #[must_use]
    pub const fn usability(&self) -> Usability {
        match (self.outcome, self.usable) {
            (DetectionOutcome::Blocked | DetectionOutcome::Alerted, Usable::True) => Usability::Usable,
            (DetectionOutcome::Blocked | DetectionOutcome::Alerted, Usable::Unknown)
            | (DetectionOutcome::Unknown, _) => Usability::Unknown,
            (DetectionOutcome::Blocked | DetectionOutcome::Alerted, Usable::False)
            | (DetectionOutcome::Logged | DetectionOutcome::None, _) => Usability::NotUsable,
        }
    }
}

impl Finding {
    /// What it is recognised by when it comes back; none where a part is missing.
    #[must_use]
    pub fn fingerprint(&self) -> Option<String> {
        let (technique, control) = (self.technique.as_deref()?, self.control.as_deref()?);
        Some(format!("{technique}|{control}|{}", self.system_group.as_deref()?))
    }
}

impl DrillRecord {
    /// The injects that were done.
    pub fn executed(&self) -> impl Iterator<Item = &Inject> {
        self.injects.iter().filter(|inject| inject.executed == Some(true))
    }

    /// What the defence made of an inject.
    pub fn detections_of<'a>(&'a self, inject: &'a Inject) -> impl Iterator<Item = &'a Detection> {
        self.detections.iter().filter(|detection| detection.inject.as_ref() == Some(&inject.id))
    }

    /// Whether an inject raised an alert of use: one that did is enough, and where none did, one nobody knows of is doubt.
    /// An inject without any detection was not seen.
    #[must_use]
    pub fn usability_of(&self, inject: &Inject) -> Usability {
        let best = self.detections_of(inject).map(Detection::usability).min_by_key(|usability| match usability {
            Usability::Usable => 0,
            Usability::Unknown => 1,
            Usability::NotUsable => 2,
        });
        best.unwrap_or(Usability::NotUsable)
    }

    /// How long an inject went unseen; none where nobody knows, or where its times are missing.
    #[must_use]
    pub fn detection_time(&self, inject: &Inject) -> Option<Detected> {
        let began = inject.at?;
        let usable = self.detections_of(inject).filter(|one| one.usability() == Usability::Usable);
        if let Some(first) = usable.filter_map(|one| one.at).min() {
            return WallClock::between(began, first).map(Detected::After);
        }
        match self.usability_of(inject) {
            Usability::NotUsable => WallClock::between(began, inject.ended_at?).map(Detected::NotUntil),
            Usability::Usable | Usability::Unknown => None,
        }
    }

    /// The finding a retest is about, by its id or its fingerprint.
    #[must_use]
    pub fn finding_of(&self, retest: &Retest) -> Option<&Finding> {
        let by_id = self.findings.iter().find(|finding| finding.id == retest.finding);
        by_id.or_else(|| self.findings.iter().find(|finding| finding.fingerprint().as_ref() == Some(&retest.finding)))
    }

    /// When a finding first passed a retest.
    #[must_use]
    pub fn passed_at(&self, finding: &Finding) -> Option<Timestamp> {
        let of_it =
            self.retests.iter().filter(|retest| self.finding_of(retest).is_some_and(|found| found.id == finding.id));
        of_it.filter(|retest| retest.passed == Some(true)).filter_map(|retest| retest.at).min()
    }

    /// When a finding came to light: with its inject, or at the end of the drill.
    #[must_use]
    pub fn found_at(&self, finding: &Finding) -> Option<Timestamp> {
        let inject = self.injects.iter().find(|inject| Some(&inject.id) == finding.inject.as_ref());
        inject.and_then(|inject| inject.at).or(self.ended_at).or(self.started_at)
    }
}
