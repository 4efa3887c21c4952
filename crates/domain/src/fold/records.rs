//! The ticket tool's clock: at most one running record, its pauses, and how it ends.

use crate::{
    calendar::Calendar,
    fact::{Outcome, RecordEnd, SlaRecord},
    policy::Policy,
    severity::Severity,
    time::Timestamp,
};

/// Records of one item, oldest first; `running` says whether the last one still runs.
pub(super) struct Records<'a> {
    policy: &'a Policy,
    calendar: &'a Calendar,
    all: Vec<SlaRecord>,
    running: bool,
}

impl<'a> Records<'a> {
    pub(super) const fn new(policy: &'a Policy, calendar: &'a Calendar) -> Self {
        Self { policy, calendar, all: Vec::new(), running: false }
    }

    pub(super) const fn is_empty(&self) -> bool {
        self.all.is_empty()
    }

    /// The place of the latest record, which is the one a piece of active time belongs to.
    pub(super) fn latest(&self) -> Option<usize> {
        self.all.len().checked_sub(1)
    }

    pub(super) fn into_vec(self) -> Vec<SlaRecord> {
        self.all
    }

    fn current(&mut self) -> Option<&mut SlaRecord> {
        if self.running { self.all.last_mut() } else { None }
    }

    pub(super) const fn is_running(&self) -> bool {
        self.running
    }

    pub(super) fn is_paused(&self) -> bool {
        self.running && self.all.last().is_some_and(|record| open_pause(record).is_some())
    }

    pub(super) fn start(&mut self, at: Timestamp, severity: Severity) {
        self.all.push(SlaRecord { start: at, severity, outcome: Outcome::Running, end: None, pauses: Vec::new() });
        self.running = true;
    }

    /// Starts a pause; `false` when nothing runs or it is paused already.
    pub(super) fn pause(&mut self, at: Timestamp) -> bool {
        if self.is_paused() {
            return false;
        }
        let Some(record) = self.current() else { return false };
        record.pauses.push((at, None));
        true
    }

    /// Ends the pause; `false` when there is none.
    pub(super) fn resume(&mut self, at: Timestamp) -> bool {
        let Some(pause) = self.current().and_then(|record| record.pauses.last_mut()) else {
            return false;
        };
        if pause.1.is_some() {
            return false;
        }
        pause.1 = Some(at);
        true
    }

    /// Gives the running record another severity and lets it go on.
    pub(super) fn retarget(&mut self, severity: Severity) {
        if let Some(record) = self.current() {
            record.severity = severity;
        }
    }

    /// Ends the running record, if there is one. A pause ends with it; the answer says whether it had to.
    pub(super) fn finish(&mut self, at: Timestamp, outcome: Outcome) -> bool {
        let was_paused = self.resume(at);
        let (policy, calendar) = (self.policy, self.calendar);
        if let Some(record) = self.current() {
            let working = |from, to| calendar.working_seconds(record.severity, from, to);
            let paused_seconds = record.pauses.iter().map(|(from, to)| working(*from, to.unwrap_or(at))).sum();
            record.end = Some(RecordEnd {
                at,
                elapsed_seconds: working(record.start, at).saturating_sub(paused_seconds),
                paused_seconds,
                target_seconds: policy.targets.get(record.severity).seconds,
            });
            record.outcome = outcome;
        }
        self.running = false;
        was_paused
    }

    /// Lets the last record go on, whatever ended it; the time since counts as a pause.
    pub(super) fn go_on(&mut self, at: Timestamp) {
        if let Some(record) = self.all.last_mut() {
            if let Some(end) = record.end.take() {
                record.pauses.push((end.at, Some(at)));
            }
            record.outcome = Outcome::Running;
            self.running = true;
        }
    }
}

fn open_pause(record: &SlaRecord) -> Option<Timestamp> {
    record.pauses.last().and_then(|(from, to)| if to.is_none() { Some(*from) } else { None })
}
