//! The state of one item while its events pass by, and what each event does to it.

use super::{
    described::Described,
    pieces::{Doing, Life, Piece},
    records::Records,
};
use crate::{
    calendar::Calendar,
    event::ItemEvent,
    event_name::EventName,
    fact::{Cause, Closure, End, Episode, Evidence, Exception, FirstExit, ItemFacts, Outcome, Tail},
    flag::{Flag, Flags},
    policy::Policy,
    severity::Severity,
    time::Timestamp,
};

pub(super) struct State<'a> {
    policy: &'a Policy,
    calendar: &'a Calendar,
    clock: Timestamp,
    origin: Timestamp,
    severity: Severity,
    severity_steps: Vec<(Timestamp, Severity)>,
    ticketed: bool,
    shut: bool,
    exceptions: Vec<Exception>,
    records: Records<'a>,
    earlier_episodes: Vec<Episode>,
    episode: Episode,
    closures: Vec<Closure>,
    first_exit: Option<FirstExit>,
    /// An agent's action was undone while the item stood closed or verified, and nothing came back since.
    undone: bool,
    pieces: Vec<Piece>,
    flags: Flags,
}

impl<'a> State<'a> {
    pub(super) fn new(origin: Timestamp, severity: Severity, policy: &'a Policy, calendar: &'a Calendar) -> Self {
        Self {
            policy,
            calendar,
            clock: origin,
            origin,
            severity,
            severity_steps: vec![(origin, severity)],
            ticketed: false,
            shut: false,
            exceptions: Vec::new(),
            records: Records::new(policy, calendar),
            earlier_episodes: Vec::new(),
            episode: Episode { start: origin, end: None },
            closures: Vec::new(),
            first_exit: None,
            undone: false,
            pieces: Vec::new(),
            flags: Flags::default(),
        }
    }

    pub(super) fn apply(&mut self, event: &ItemEvent) {
        self.cut(event.at);
        if event.name == self.policy.sla_start && !self.ticketed {
            self.ticket(event.at);
            return;
        }
        match event.name {
            EventName::Paused => self.pause(event.at),
            EventName::Resumed => self.resume(event.at),
            EventName::SeverityChanged => self.change_severity(event.at, event.to.as_deref()),
            EventName::ExceptionGranted => self.grant_exception(event.at),
            EventName::ExceptionExpired => self.expire_exception(event.at),
            EventName::Closed => self.close(event.at),
            EventName::Verified => self.verify(event.at),
            EventName::Decommissioned => self.retire(event.at, Cause::Decommissioned, Evidence::Decommissioned),
            EventName::FalsePositive => self.retire(event.at, Cause::FalsePositive, Evidence::FalsePositive),
            EventName::Redetected | EventName::Reopened | EventName::VerificationFailed => self.come_back(event.at),
            EventName::Reverted => self.undone = self.undone || self.shut || self.is_over(),
            // Evidence and process only: they touch no clock.
            EventName::Detected
            | EventName::Ticketed
            | EventName::Seen
            | EventName::Triaged
            | EventName::Assigned
            | EventName::Reassigned
            | EventName::WorkStarted
            | EventName::Escalated
            | EventName::Authorised
            | EventName::Proposed
            | EventName::Approved
            | EventName::Rejected
            | EventName::Executed
            | EventName::FixApplied
            | EventName::Merged => {}
        }
    }

    const fn is_over(&self) -> bool {
        self.episode.end.is_some()
    }

    fn is_excepted(&self) -> bool {
        self.exceptions.last().is_some_and(|last| last.ended.is_none())
    }

    fn end_exception(&mut self, at: Timestamp) {
        if let Some(last) = self.exceptions.last_mut() {
            last.ended = last.ended.or(Some(at));
        }
    }

    fn doing(&self) -> Doing {
        if self.is_over() {
            Doing::Over
        } else if !self.ticketed {
            Doing::Untracked
        } else if self.shut {
            Doing::Shut
        } else if self.is_excepted() {
            Doing::Excepted
        } else if self.records.is_paused() {
            Doing::Paused
        } else {
            Doing::Active
        }
    }

    /// Ends the piece of time before an event; it carries the state before that event.
    fn cut(&mut self, at: Timestamp) {
        if at > self.clock {
            let piece = Piece { from: self.clock, to: at, doing: self.doing(), record: self.records.latest() };
            self.pieces.push(piece);
            self.clock = at;
        }
    }

    /// All pieces, with the one that is still going on cut at `as_of`.
    pub(super) fn pieces_until(&self, as_of: Timestamp) -> Vec<Piece> {
        let mut pieces = self.pieces.clone();
        if as_of > self.clock {
            pieces.push(Piece { from: self.clock, to: as_of, doing: self.doing(), record: self.records.latest() });
        }
        pieces
    }

    fn start_record(&mut self, at: Timestamp) {
        self.records.start(at, self.severity);
    }

    /// Ends the running record in a way that closes a pause with it.
    fn finish_record(&mut self, at: Timestamp, outcome: Outcome) {
        if self.records.finish(at, outcome) {
            self.flags.raise(Flag::ImplicitResume);
        }
    }

    fn leave(&mut self, at: Timestamp, cause: Cause) {
        self.first_exit = self.first_exit.or(Some(FirstExit { at, cause }));
    }

    fn end_episode(&mut self, at: Timestamp, cause: Cause, evidence: Evidence) {
        self.episode.end = Some(End { at, cause, evidence });
        self.leave(at, cause);
    }

    fn ticket(&mut self, at: Timestamp) {
        self.ticketed = true;
        if self.shut {
            self.flags.raise(Flag::TicketAfterEnd);
        } else if !self.is_excepted() {
            self.start_record(at);
        }
    }

    fn pause(&mut self, at: Timestamp) {
        if !self.records.pause(at) {
            self.flags.raise(Flag::IgnoredPause);
        }
    }

    fn resume(&mut self, at: Timestamp) {
        if !self.records.resume(at) {
            self.flags.raise(Flag::IgnoredResume);
        }
    }

    fn change_severity(&mut self, at: Timestamp, to: Option<&str>) {
        let new = to.and_then(|word| word.parse::<Severity>().ok()).filter(|severity| *severity != self.severity);
        let Some(new) = new else {
            self.flags.raise(Flag::IgnoredSeverity);
            return;
        };
        self.severity = new;
        self.severity_steps.push((at, new));
        if !self.records.is_running() {
            return;
        }
        if self.policy.reset_on_severity_change {
            let was_paused = self.records.finish(at, Outcome::Reset);
            self.start_record(at);
            if was_paused {
                self.records.pause(at);
            }
        } else {
            self.records.retarget(new);
        }
    }

    fn grant_exception(&mut self, at: Timestamp) {
        if self.shut {
            self.flags.raise(Flag::IgnoredException);
            return;
        }
        self.end_exception(at);
        self.exceptions.push(Exception { granted: at, ended: None });
        self.leave(at, Cause::Accepted);
        self.finish_record(at, Outcome::Exempt);
    }

    fn expire_exception(&mut self, at: Timestamp) {
        if !self.is_excepted() {
            self.flags.raise(Flag::IgnoredExpiry);
        } else if self.ticketed {
            self.start_record(at);
        }
        self.end_exception(at);
    }

    fn close(&mut self, at: Timestamp) {
        if self.shut {
            self.flags.raise(Flag::IgnoredClose);
            return;
        }
        if !self.ticketed {
            self.flags.raise(Flag::ClosedWithoutTicket);
            self.ticketed = true;
            self.start_record(at);
        }
        self.shut_by_closing(at);
    }

    fn shut_by_closing(&mut self, at: Timestamp) {
        self.shut = true;
        self.end_exception(at);
        self.finish_record(at, Outcome::Closed);
        self.closures.push(Closure { at, seen_again: None });
    }

    fn verify(&mut self, at: Timestamp) {
        if self.is_over() {
            return;
        }
        if !self.shut {
            self.flags.raise(Flag::VerifiedWhileOpen);
            self.ticketed = true;
            self.shut_by_closing(at);
        }
        self.end_episode(at, Cause::Fixed, Evidence::Verified);
    }

    fn retire(&mut self, at: Timestamp, cause: Cause, evidence: Evidence) {
        if !self.is_over() {
            self.end_episode(at, cause, evidence);
        }
        self.finish_record(at, Outcome::Cancelled);
        self.shut = true;
        self.end_exception(at);
    }

    fn come_back(&mut self, at: Timestamp) {
        self.undone = false;
        if let Some(last) = self.closures.last_mut() {
            last.seen_again = last.seen_again.or(Some(at));
        }
        self.resume_existence(at);
        if !self.shut {
            self.flags.raise(Flag::SightingWhileOpen);
            return;
        }
        self.shut = false;
        if self.ticketed && (self.policy.reset_on_reopen || self.records.is_empty()) {
            self.start_record(at);
        } else if self.ticketed {
            self.records.go_on(at);
        }
    }

    /// An ended episode continues, or a new one starts once the merge window is over.
    fn resume_existence(&mut self, at: Timestamp) {
        let Some(end) = self.episode.end else { return };
        let continues = end.cause == Cause::FalsePositive || at.since(end.at) <= self.policy.recurrence_merge_seconds;
        if continues {
            self.episode.end = None;
        } else {
            self.earlier_episodes.push(self.episode);
            self.episode = Episode { start: at, end: None };
        }
    }

    pub(super) fn into_facts(mut self, described: Described) -> ItemFacts {
        if self.undone {
            self.flags.raise(Flag::RevertedWithoutReopen);
        }
        let (doing, latest) = (self.doing(), self.records.latest());
        let standing_close = self.closures.last().filter(|_| self.shut && !self.is_over()).map(|closure| closure.at);
        let mut episodes = self.earlier_episodes;
        episodes.push(self.episode);
        let records = self.records.into_vec();
        let life = Life { episodes: &episodes, records: &records, closures: &self.closures, calendar: self.calendar };
        let settled_labels = life.label(&self.pieces);
        let situation = doing.finally(&records, latest);
        let mut flags = described.flags;
        for (flag, count) in self.flags.iter() {
            flags.raise_by(flag, count);
        }
        ItemFacts {
            origin: self.origin,
            origin_imputed: described.origin_imputed,
            events: described.events,
            kind: described.kind,
            team: described.team,
            asset_class: described.asset_class,
            kev_due: described.kev_due,
            ties: described.ties,
            severity_steps: self.severity_steps,
            touched: described.touched,
            agent: described.agent,
            tool_open: !self.shut,
            episodes,
            records,
            closures: self.closures,
            exceptions: self.exceptions,
            checks: described.checks,
            patches: described.patches,
            last_sighting: described.last_sighting,
            detections: described.detections,
            deeds: described.deeds,
            stretches: described.stretches,
            actions: described.actions,
            claims: described.claims,
            first_exit: self.first_exit,
            standing_close,
            settled_labels,
            tail: Tail { since: self.clock, situation },
            flags,
        }
    }
}
